//! What every ballot interface shows of its options.

use crate::i18n::{self, count, fill, format, language};
use crate::state::ballot::{Barrier, Voting};
use crate::ui::reactive::{Value, flag, text};
use cabildo_contract::consultation::{BallotOption, Budget};
use cabildo_contract::id::OptionId;
use cabildo_contract::text::fold;
use leptos::prelude::*;

/// A ballot to be filled in.
#[derive(Clone, Copy)]
pub struct Paper {
    /// The act of voting.
    pub voting: Voting,
    /// The options, in the order of this person.
    pub options: StoredValue<Vec<BallotOption>>,
    /// In what unit costs are.
    pub budget: StoredValue<Option<Budget>>,
    /// The language of the options.
    pub content: StoredValue<String>,
    /// The words in which each option is looked for, folded.
    words: StoredValue<Vec<String>>,
    /// What is looked for among them, folded.
    query: RwSignal<String>,
}

impl Paper {
    /// A ballot of these options.
    pub fn new(voting: Voting, options: Vec<BallotOption>, budget: Option<Budget>, content: String) -> Self {
        Self {
            voting,
            words: StoredValue::new(options.iter().map(searched).collect()),
            options: StoredValue::new(options),
            budget: StoredValue::new(budget),
            content: StoredValue::new(content),
            query: RwSignal::new(String::new()),
        }
    }

    /// A sum of money.
    pub fn money(&self, amount: u64) -> String {
        self.budget.with_value(|budget| format::money(language(), amount, budget.as_ref()))
    }

    /// The sentence that explains the rule.
    pub fn rule_sentence(&self) -> String {
        self.budget.with_value(|budget| super::rule_sentence(self.voting.rule(), budget.as_ref()))
    }

    /// The options, each drawn.
    pub fn each(&self, draw: impl Fn(&BallotOption) -> AnyView) -> Vec<AnyView> {
        self.options.with_value(|options| options.iter().map(draw).collect())
    }

    /// The title of an option; empty if it is not on offer.
    pub fn title(&self, option: &OptionId) -> String {
        self.options.with_value(|options| {
            let found = options.iter().find(|other| other.id == *option);
            found.map(|option| option.title.clone()).unwrap_or_default()
        })
    }

    /// Looks for something among the options.
    pub fn look_for(&self, query: &str) {
        self.query.set(fold(query));
    }

    /// How many options what is looked for finds; none while nothing is looked for.
    pub fn found(&self) -> Option<u64> {
        let count = |query: &String| {
            self.words.with_value(|words| words.iter().filter(|words| words.contains(query)).count() as u64)
        };
        self.query.with(|query| (!query.is_empty()).then(|| count(query)))
    }

    /// Whether what is looked for leaves this option out.
    pub fn is_hidden(&self, option: &BallotOption) -> Value<bool> {
        let (query, words) = (self.query, searched(option));
        flag(move || !query.with(|query| words.contains(query)))
    }

    /// What is read of an option: who it stands among, its title, what it is, what it costs. The title labels the
    /// field with this id; without one it is in a label already.
    pub fn words(&self, option: &BallotOption, field: Option<&str>) -> AnyView {
        self.budget.with_value(|budget| words(option, budget.as_ref(), field))
    }

    /// What keeps an option from being chosen, reckoned once for all who ask.
    pub fn barrier(&self, option: &OptionId) -> Memo<Option<Barrier>> {
        let (voting, option) = (self.voting, option.clone());
        Memo::new(move |_| voting.barrier(&option))
    }

    /// The same in words; empty if nothing does.
    pub fn barrier_words(&self, barrier: Memo<Option<Barrier>>) -> Value<String> {
        let (paper, own) = (*self, i18n::voting());
        text(move || match barrier.get() {
            Some(Barrier::Full(max)) => count(&own.choice_full, max.into()),
            Some(Barrier::TooDear(over)) => fill(own.too_dear, &[&paper.money(over)]),
            Some(Barrier::NoPointsLeft) => own.no_points_left.to_owned(),
            None => String::new(),
        })
    }
}

/// What is read of an option: who it stands among, its title, what it is, what it costs. The title labels the field with
/// this id; without one it is in a label already.
pub fn words(option: &BallotOption, budget: Option<&Budget>, field: Option<&str>) -> AnyView {
    let own = i18n::voting();
    let group = option.group.clone().map(|group| view! { <span class="c-choice__group">{group}</span> });
    let description = (!option.description.is_empty())
        .then(|| view! { <span class="c-choice__description">{option.description.clone()}</span> });
    let cost = option.cost.map(|cost| {
        let cost = fill(own.cost, &[&format::money(language(), cost, budget)]);
        view! { <span class="c-choice__cost" lang=language().tag()>{cost}</span> }
    });
    let title = option.title.clone();
    let title = match field {
        Some(field) => {
            let id = title_id(&option.id);
            view! { <label class="c-choice__title" id=id for=field.to_owned()>{title}</label> }.into_any()
        }
        None => view! { <span class="c-choice__title">{title}</span> }.into_any(),
    };
    view! {
        {group}
        {title}
        {description}
        {cost}
    }
    .into_any()
}

/// The id of the element with an option's title.
pub fn title_id(option: &OptionId) -> String {
    format!("title-{option}")
}

/// The words in which an option is looked for.
fn searched(option: &BallotOption) -> String {
    let group = option.group.as_deref().unwrap_or_default();
    fold(&[&option.title, &option.description, group, &option.reference].join(" "))
}

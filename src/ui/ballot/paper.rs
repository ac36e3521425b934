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
    budget: StoredValue<Option<Budget>>,
    /// The language of the options.
    pub content: StoredValue<String>,
    /// What is looked for among them.
    pub query: RwSignal<String>,
}

impl Paper {
    /// A ballot of these options.
    pub fn new(voting: Voting, options: Vec<BallotOption>, budget: Option<Budget>, content: String) -> Self {
        Self {
            voting,
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

    /// How many options what is looked for finds.
    pub fn found(&self) -> u64 {
        let query = self.query.with(|query| fold(query));
        self.options
            .with_value(|options| options.iter().filter(|option| searched(option).contains(&query)).count())
            as u64
    }

    /// Whether what is looked for leaves this option out. One that is chosen is left out too: it was found before.
    pub fn is_hidden(&self, option: &BallotOption) -> Value<bool> {
        let (query, words) = (self.query, searched(option));
        flag(move || !words.contains(&query.with(|query| fold(query))))
    }

    /// What is read of an option: who it stands among, its title, what it is, what it costs. The title labels the
    /// field with this id; without one it is in a label already.
    pub fn words(&self, option: &BallotOption, field: Option<&str>) -> AnyView {
        let own = i18n::voting();
        let group = option.group.clone().map(|group| view! { <span class="c-choice__group">{group}</span> });
        let description = (!option.description.is_empty())
            .then(|| view! { <span class="c-choice__description">{option.description.clone()}</span> });
        let cost = option.cost.map(|cost| {
            let cost = fill(own.cost, &[&self.money(cost)]);
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

    /// Why an option cannot be chosen at present, in words; empty if it can.
    pub fn barrier(&self, option: &OptionId) -> Value<String> {
        let (paper, option, own) = (*self, option.clone(), i18n::voting());
        text(move || match paper.voting.barrier(&option) {
            Some(Barrier::Full(max)) => count(&own.choice_full, max.into()),
            Some(Barrier::TooDear(over)) => fill(own.too_dear, &[&paper.money(over)]),
            Some(Barrier::NoPointsLeft) => own.no_points_left.to_owned(),
            None => String::new(),
        })
    }
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

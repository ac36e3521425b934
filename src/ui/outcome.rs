//! What follows from the votes by the rule that was published before: seats filled, a budget spent.
//!
//! It never says that something is decided: people decide.

use crate::i18n::{self, count, fill, format, language, messages};
use crate::ui::badge::badge;
use crate::ui::icon::Icon;
use crate::ui::notice::{Notice, Tone};
use cabildo_contract::consultation::Budget;
use cabildo_contract::outcome::{GroupSeats, OptionOutcome, Outcome, OutcomeRule, Reason, Verdict};
use cabildo_contract::tally::{OptionVotes, Results};
use leptos::prelude::*;

/// What would come of a consultation if it ended now, or what comes of it; nothing where no rule was published.
#[must_use]
pub fn outcome(results: &Results, content: &str) -> Option<AnyView> {
    let outcome = results.outcome.as_ref()?;
    let own = i18n::tally();
    let preliminary =
        outcome.preliminary.then(|| view! { <Notice tone=Tone::Info><p>{own.preliminary}</p></Notice> });
    let lists = match &outcome.rule {
        OutcomeRule::Seats { seats } => seats
            .iter()
            .map(|group| seats_of(group, outcome, &results.options, content))
            .collect_view()
            .into_any(),
        OutcomeRule::Greedy { .. } => options(outcome, &results.options, None, content),
    };
    let spent = outcome.spent.zip(results.budget.as_ref()).map(|(spent, budget)| spent_of(spent, budget));
    Some(
        view! {
            <section class="c-outcome" aria-labelledby="outcome">
                <h3 id="outcome">{own.outcome}</h3>
                {preliminary}
                <p>{rule(&outcome.rule)}</p>
                {spent}
                {lists}
                <p class="c-outcome__reason">{own.outcome_caveat}</p>
            </section>
        }
        .into_any(),
    )
}

/// The rule in words.
fn rule(rule: &OutcomeRule) -> String {
    let own = i18n::tally();
    match rule {
        OutcomeRule::Seats { .. } => own.rule_seats.to_owned(),
        OutcomeRule::Greedy { min_score } => {
            let least =
                min_score.map(|min| fill(own.rule_least, &[&format::number(language(), min.unsigned_abs())]));
            [Some(own.rule_greedy.to_owned()), least].into_iter().flatten().collect::<Vec<_>>().join(" ")
        }
    }
}

fn spent_of(spent: u64, budget: &Budget) -> AnyView {
    let own = i18n::tally();
    let money = |amount| format::money(language(), amount, Some(budget));
    let left = budget.amount.saturating_sub(spent);
    view! { <p>{fill(own.spent, &[&money(spent), &money(budget.amount), &money(left)])}</p> }.into_any()
}

fn seats_of(group: &GroupSeats, outcome: &Outcome, votes: &[OptionVotes], content: &str) -> AnyView {
    let own = i18n::tally();
    view! {
        <h4><span lang=content.to_owned()>{group.group.clone()}</span>" · "{count(&own.seats, group.seats.into())}</h4>
        {options(outcome, votes, Some(&group.group), content)}
    }
    .into_any()
}

/// The options of a group, or all: those chosen and those that hang in the balance, and behind a fold the others.
fn options(outcome: &Outcome, votes: &[OptionVotes], group: Option<&str>, content: &str) -> AnyView {
    let own = i18n::tally();
    let among =
        |votes: &OptionVotes| group.is_none_or(|group| votes.group.as_deref().unwrap_or_default() == group);
    let (in_question, others): (Vec<_>, Vec<_>) = outcome
        .options
        .iter()
        .zip(votes)
        .filter(|(_, votes)| among(votes))
        .partition(|(option, _)| option.verdict != Verdict::NotChosen);
    let draw = |options: Vec<(&OptionOutcome, &OptionVotes)>| {
        options.into_iter().map(|(option, votes)| item(option, votes, content)).collect_view()
    };
    let none = in_question.is_empty().then(|| view! { <p class="c-empty">{own.none_chosen}</p> });
    let others = (!others.is_empty()).then(|| {
        view! {
            <details>
                <summary>{count(&own.not_chosen_count, others.len() as u64)}</summary>
                <ol class="c-outcome__options">{draw(others)}</ol>
            </details>
        }
    });
    view! {
        {none}
        <ol class="c-outcome__options">{draw(in_question)}</ol>
        {others}
    }
    .into_any()
}

fn item(option: &OptionOutcome, votes: &OptionVotes, content: &str) -> AnyView {
    let own = i18n::tally();
    let verdict = match option.verdict {
        Verdict::Chosen => badge("good", Icon::CHECK, own.chosen),
        Verdict::Tied => badge("info", Icon::EQUAL, own.tied),
        Verdict::Undecided => badge("info", Icon::CLOCK, own.undecided),
        Verdict::NotChosen => badge("neutral", Icon::CROSS, own.not_chosen),
    };
    let score = format!("{}: {}", messages().votes, format::number(language(), votes.votes));
    view! {
        <li>
            <span class="c-outcome__title" lang=content.to_owned()>{votes.title.clone()}</span>
            <span>{verdict}" "{score}</span>
            <span class="c-outcome__reason">{reason(option.reason)}</span>
        </li>
    }
    .into_any()
}

fn reason(reason: Reason) -> &'static str {
    let own = i18n::tally();
    match reason {
        Reason::WithinSeats => own.within_seats,
        Reason::WithinBudget => own.within_budget,
        Reason::TiedAtBorder => own.tied_at_border,
        Reason::DependsOnTie => own.depends_on_tie,
        Reason::NoSeatLeft => own.no_seat_left,
        Reason::GroupWithoutSeats => own.group_without_seats,
        Reason::BeyondBudget => own.beyond_budget,
        Reason::BelowMinimum => own.below_minimum,
        Reason::NoVotes => own.no_votes,
    }
}

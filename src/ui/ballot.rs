//! Voting: choose, see the choice read back, confirm, receive.

use crate::i18n::{self, count, fill, format, language, messages};
use crate::platform;
use crate::state::ballot::{Step, Voting};
use crate::ui::dialog::Dialog;
use crate::ui::icon::{Icon, icon};
use crate::ui::notice::{Notice, Tone};
use crate::ui::reactive::{Part, click, flag, message, part, text, word_if};
use cabildo_contract::ballot::{Ballot, BallotRule};
use cabildo_contract::consultation::BallotOption;
use cabildo_contract::id::OptionId;
use cabildo_contract::problem::FieldProblemKind;
use leptos::prelude::*;

/// The sentence that explains a rule, made from the rule.
#[must_use]
pub fn rule_sentence(rule: BallotRule) -> String {
    let own = i18n::voting();
    let number = |n: u64| format::number(language(), n);
    let range = |exactly: &'static str, between: &'static str, min: u32, max: u32| {
        if min == max {
            fill(exactly, &[&number(max.into())])
        } else {
            fill(between, &[&number(min.into()), &number(max.into())])
        }
    };
    match rule {
        BallotRule::Support => own.rule_support.to_owned(),
        BallotRule::Approval(rule) => {
            let choices = match (rule.min(), rule.max()) {
                (min, max) if min == max => count(&own.rule_exactly, min.into()),
                (1, max) => count(&own.rule_up_to, max.into()),
                (min, max) => fill(own.rule_between, &[&number(min.into()), &number(max.into())]),
            };
            match rule.max_cost() {
                Some(cost) => [choices, fill(own.rule_cost, &[&number(cost)])].join(" "),
                None => choices,
            }
        }
        BallotRule::Ordinal(rule) => range(own.rule_rank, own.rule_rank_between, rule.min(), rule.max()),
        BallotRule::Cumulative(rule) => {
            let points = range(own.rule_points, own.rule_points_between, rule.min_sum(), rule.max_sum());
            match rule.max_points() {
                Some(cap) => [points, fill(own.rule_points_cap, &[&number(cap.into())])].join(" "),
                None => points,
            }
        }
        BallotRule::Scoring(rule) => {
            fill(own.rule_scores, &[&rule.min_score().to_string(), &rule.max_score().to_string()])
        }
    }
}

/// The act of voting, at whatever step the person is.
#[component]
pub fn BallotFlow(
    /// The act.
    voting: Voting,
    /// What can be chosen.
    options: Vec<BallotOption>,
    /// The language of the options.
    #[prop(into)]
    content: String,
    /// In whose time times are said.
    #[prop(into)]
    time_zone: String,
) -> impl IntoView {
    let own = i18n::voting();
    let options = StoredValue::new(options);
    let content = StoredValue::new(content);
    let time_zone = StoredValue::new(time_zone);
    let step = Memo::new(move |_| voting.step());
    let steps = move || {
        [
            (Step::Choose, own.step_choose),
            (Step::Review, own.step_review),
            (Step::Received, own.step_received),
        ]
        .into_iter()
        .map(|(each, name)| {
            let current = word_if("step", move || step.get() == each);
            view! { <li aria-current=current>{name}</li> }
        })
        .collect_view()
    };
    view! {
        <section class="c-ballot" aria-labelledby="ballot-heading">
            <ol class="c-steps">{steps()}</ol>
            {part(move || match step.get() {
                Step::Choose => choose(voting, options, content).into_any(),
                Step::Review => review(voting, options, content).into_any(),
                Step::Received => received(voting, options, content, time_zone).into_any(),
            })}
        </section>
    }
}

/// What went wrong last, and that nothing is lost.
fn failure(voting: Voting) -> Part {
    let t = messages();
    let own = i18n::voting();
    part(move || {
        voting.error.get().map(|error| {
            view! { <Notice tone=Tone::Bad><p>{error.message(t)}</p><p>{own.nothing_lost}</p></Notice> }
        })
    })
}

fn choose(
    voting: Voting,
    options: StoredValue<Vec<BallotOption>>,
    content: StoredValue<String>,
) -> impl IntoView {
    let own = i18n::voting();
    let offered = options.with_value(Vec::len);
    let max = voting.rule().max().map_or(offered, |max| max as usize);
    let chosen_count = move || voting.chosen.with(Vec::len);
    let items = options.with_value(|options| {
        options.iter().map(|option| choice(voting, option, max, content)).collect_view()
    });
    let fault = text(move || {
        voting.broken_bound().map_or(String::new(), |(kind, limit)| match kind {
            FieldProblemKind::TooFew => count(&own.choose_at_least, limit),
            FieldProblemKind::OverBudget => fill(own.rule_cost, &[&format::number(language(), limit)]),
            _ => count(&own.choose_at_most, limit),
        })
    });
    let keep = part(move || {
        voting.ballot().map(|_| {
            view! {
                <button type="button" class="c-button" data-variant="quiet" on:click=click(move || voting.keep())>
                    {own.keep_ballot}
                </button>
            }
        })
    });
    view! {
        <h2 id="ballot-heading" tabindex="-1">{own.your_ballot}</h2>
        <p id="ballot-rule" class="c-ballot__rule">{rule_sentence(voting.rule())}</p>
        <div id="ballot-summary" tabindex="-1" class="c-summary" hidden=flag(move || voting.faults.with(Vec::is_empty))>
            {icon(Icon::Warning)}
            <p>{fault}</p>
        </div>
        <fieldset class="c-ballot__options" aria-describedby="ballot-rule">
            <legend class="u-visually-hidden">{own.options}</legend>
            {items}
        </fieldset>
        <div class="c-ballot__bar">
            <p role="status">
                {text(move || fill(own.chosen_of, &[
                    &format::number(language(), chosen_count() as u64),
                    &format::number(language(), max as u64),
                ]))}
            </p>
            <div class="l-cluster">
                {keep}
                <button type="button" class="c-button" data-variant="primary" on:click=click(move || voting.review())>
                    {own.review_choice}{icon(Icon::Arrow)}
                </button>
            </div>
        </div>
    }
}

fn choice(voting: Voting, option: &BallotOption, max: usize, content: StoredValue<String>) -> AnyView {
    let own = i18n::voting();
    let id = option.id.clone();
    let is_chosen = {
        let id = id.clone();
        Memo::new(move |_| voting.chosen.with(|chosen| chosen.contains(&id)))
    };
    // Full is not forbidden: the option stays where it is and says why it cannot be chosen now.
    let is_full = Memo::new(move |_| !is_chosen.get() && voting.chosen.with(Vec::len) >= max);
    let hint_id = format!("full-{id}");
    let described = hint_id.clone();
    let on_change = move |event| {
        // The browser has already ticked the box; where it may not be, untick it.
        if is_full.get_untracked() {
            event_target::<web_sys::HtmlInputElement>(&event).set_checked(false);
        } else {
            voting.toggle(&id);
        }
    };
    let full_text =
        text(move || if is_full.get() { count(&own.choice_full, max as u64) } else { String::new() });
    view! {
        <label class="c-choice" data-full=word_if("", move || is_full.get()) lang=content.get_value()>
            <input type="checkbox" name="choice" prop:checked=is_chosen on:change=on_change
                aria-disabled=word_if("true", move || is_full.get()) aria-describedby=described />
            <span class="c-choice__text">
                <span class="c-choice__title">{option.title.clone()}</span>
                <span class="c-choice__description">{option.description.clone()}</span>
                <span class="c-choice__full" id=hint_id lang=language().tag()>{full_text}</span>
            </span>
        </label>
    }
    .into_any()
}

fn readback(
    chosen: &[OptionId],
    options: StoredValue<Vec<BallotOption>>,
    content: StoredValue<String>,
) -> AnyView {
    let items = options.with_value(|options| {
        options
            .iter()
            .filter(|option| chosen.contains(&option.id))
            .map(|option| view! { <li>{option.title.clone()}</li> })
            .collect_view()
    });
    view! { <ol class="c-readback" lang=content.get_value()>{items}</ol> }.into_any()
}

fn review(
    voting: Voting,
    options: StoredValue<Vec<BallotOption>>,
    content: StoredValue<String>,
) -> impl IntoView {
    let t = messages();
    let own = i18n::voting();
    let chosen = voting.chosen.get_untracked();
    let label = message(move || if voting.busy.get() { t.sending } else { own.confirm_ballot });
    view! {
        <h2 id="ballot-heading" tabindex="-1">{own.review_heading}</h2>
        <p>{count(&own.you_chose, chosen.len() as u64)}</p>
        {readback(&chosen, options, content)}
        <p>{own.can_change_until_close}</p>
        {failure(voting)}
        <div class="c-ballot__bar">
            <button type="button" class="c-button" data-variant="secondary" on:click=click(move || voting.choose())>
                {own.change_choice}
            </button>
            <button type="button" class="c-button" data-variant="primary"
                aria-disabled=word_if("true", move || voting.busy.get()) on:click=click(move || voting.confirm())>
                {icon(Icon::Ballot)}{label}
            </button>
        </div>
    }
}

fn received(
    voting: Voting,
    options: StoredValue<Vec<BallotOption>>,
    content: StoredValue<String>,
    time_zone: StoredValue<String>,
) -> impl IntoView {
    let t = messages();
    let own = i18n::voting();
    let receipt = move |ballot: Ballot| {
        let time = time_zone.with_value(|zone| format::date_time(language(), ballot.received_at, zone));
        let revised = (ballot.revision > 1).then(|| {
            view! { <p>{fill(own.revision, &[&format::number(language(), ballot.revision.into())])}</p> }
        });
        view! {
            <div class="c-receipt">
                {icon(Icon::Check)}
                <p>{own.receipt_number}</p>
                <p class="c-receipt__number">{ballot.receipt}</p>
                <p>{fill(own.received_at, &[&time])}</p>
                {revised}
            </div>
            <h3>{own.your_choice}</h3>
            {readback(&ballot.body.choices, options, content)}
        }
    };
    view! {
        <h2 id="ballot-heading" tabindex="-1">{own.ballot_received}</h2>
        {part(move || voting.ballot().map(receipt))}
        <p>{own.can_change_until_close}</p>
        {failure(voting)}
        <div class="l-cluster">
            <button type="button" class="c-button" data-variant="secondary" on:click=click(move || voting.choose())>
                {own.revise_ballot}
            </button>
            <button type="button" class="c-button" data-variant="danger"
                on:click=click(move || platform::open_dialog("withdraw"))>
                {own.withdraw_ballot}
            </button>
        </div>
        <Dialog id="withdraw" title=own.withdraw_heading>
            <p>{own.withdraw_text}</p>
            <div class="l-cluster">
                <button type="button" class="c-button" data-variant="secondary"
                    on:click=click(move || platform::close_dialog("withdraw"))>
                    {t.cancel}
                </button>
                <button type="button" class="c-button" data-variant="danger"
                    on:click=move |_| {
                        platform::close_dialog("withdraw");
                        voting.withdraw(|| {
                            platform::announce(own.ballot_withdrawn);
                            platform::focus("ballot-heading");
                        });
                    }>
                    {own.withdraw_ballot}
                </button>
            </div>
        </Dialog>
    }
}

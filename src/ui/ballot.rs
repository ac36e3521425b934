//! Voting: fill the ballot in, see it read back, confirm, receive.
//!
//! One interface for each kind of rule: `choices` to choose, `ranking` to rank, `points` to give points or scores.

mod choices;
#[cfg(not(target_arch = "wasm32"))]
mod early;
mod paper;
mod points;
mod ranking;
mod rule;

pub use paper::words;
pub use rule::{broken, rule_sentence};

use crate::i18n::{self, count, fill, format, language, messages};
use crate::outbox::{Act, State};
use crate::platform;
use crate::state::ballot::{Step, Voting};
use crate::state::order::Order;
use crate::ui::dialog::Confirm;
use crate::ui::icon::{Icon, icon};
use crate::ui::identify::Identify;
use crate::ui::kept;
use crate::ui::notice::{Notice, Tone};
use crate::ui::reactive::{Part, change, click, flag, message, part, text, word_if};
use crate::ui::refusal;
use cabildo_contract::ballot::{Ballot, BallotBody, BallotRule};
use cabildo_contract::consultation::{BallotOption, Budget};
use cabildo_contract::embed::ACT_PARAMETER;
use cabildo_contract::id::OptionId;
use leptos::prelude::*;
use paper::Paper;

/// From how many options on they can be searched.
const MANY: usize = 12;

/// The act of voting, at whatever step the person is.
#[component]
pub fn BallotFlow(
    /// The act.
    voting: Voting,
    /// What can be chosen, in the order of the source.
    options: Vec<BallotOption>,
    /// In what unit costs are.
    budget: Option<Budget>,
    /// The language of the options.
    #[prop(into)]
    content: String,
    /// In whose time times are said.
    #[prop(into)]
    time_zone: String,
) -> impl IntoView {
    let own = i18n::voting();
    let paper = Paper::new(voting, Order::current().arrange(options), budget, content);
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
            // What waits on the device has been read back, and not been received.
            let here = move || if step.get() == Step::Kept { Step::Review } else { step.get() };
            let current = word_if("step", move || here() == each);
            view! { <li aria-current=current>{name}</li> }
        })
        .collect_view()
    };
    view! {
        <section class="c-ballot" aria-labelledby="ballot-heading">
            <ol class="c-steps">{steps()}</ol>
            {part(move || match step.get() {
                Step::Choose => choose(paper).into_any(),
                Step::Review => review(paper).into_any(),
                Step::Kept => kept(paper, time_zone).into_any(),
                Step::Received => received(paper, time_zone).into_any(),
            })}
        </section>
    }
}

/// What went wrong last, and that nothing is lost.
fn failure(voting: Voting) -> Part {
    let own = i18n::voting();
    part(move || {
        voting.error.get().map(|error| {
            view! { <Notice tone=Tone::Bad><p>{refusal::words(&error)}</p><p>{own.nothing_lost}</p></Notice> }
        })
    })
}

fn choose(paper: Paper) -> impl IntoView {
    let own = i18n::voting();
    let voting = paper.voting;
    let keep = part(move || {
        voting.ballot().map(|_| {
            view! {
                <button type="button" class="c-button" data-variant="quiet" on:click=click(move || voting.keep())>
                    {own.keep_ballot}
                </button>
            }
        })
    });
    let found = part(move || {
        voting.is_found.get().then(|| {
            let start_over = move || {
                voting.clear();
                platform::focus("ballot-heading");
            };
            view! {
                <Notice tone=Tone::Info>
                    <p role="status">{own.draft_found}</p>
                    <button type="button" class="c-button" data-variant="quiet" on:click=click(start_over)>
                        {own.start_over}
                    </button>
                </Notice>
            }
        })
    });
    let interface = match voting.rule() {
        BallotRule::Support | BallotRule::Approval(_) => choices::list(paper).into_any(),
        BallotRule::Ordinal(_) => ranking::list(paper).into_any(),
        BallotRule::Cumulative(_) | BallotRule::Scoring(_) => points::list(paper).into_any(),
    };
    view! {
        <h2 id="ballot-heading" tabindex="-1">{own.your_ballot}</h2>
        <p id="ballot-rule" class="c-ballot__rule">{paper.rule_sentence()}</p>
        {found}
        <div id="ballot-summary" tabindex="-1" class="c-summary" hidden=flag(move || voting.faults.with(Vec::is_empty))>
            {icon(Icon::WARNING)}
            <p>{text(move || rule::fault(paper))}</p>
        </div>
        <p class="c-ballot__order">{own.order_note}</p>
        {search(paper)}
        {interface}
        <div class="c-ballot__bar">
            {purse(paper)}
            <p role="status">{text(move || rule::progress(paper))}</p>
            <div class="l-cluster">
                {keep}
                <button type="button" class="c-button" data-variant="primary" on:click=click(move || voting.review())>
                    {own.review_choice}{icon(Icon::ARROW)}
                </button>
            </div>
        </div>
        {early(paper)}
    }
}

/// For who reviews their choice before the app is here: only the server's rendering is then on the page.
fn early(paper: Paper) -> Option<AnyView> {
    #[cfg(not(target_arch = "wasm32"))]
    return early::template(paper);
    #[cfg(target_arch = "wasm32")]
    {
        let _ = paper;
        None
    }
}

/// Where there are many options, a way to the one that is looked for.
fn search(paper: Paper) -> Option<AnyView> {
    let own = i18n::voting();
    (paper.options.with_value(Vec::len) > MANY).then(|| {
        let found = text(move || paper.found().map(|n| count(&own.options_found, n)).unwrap_or_default());
        view! {
            <div class="c-field" role="search">
                <label class="c-field__label" for="ballot-search">{own.search_options}</label>
                <input id="ballot-search" type="search" autocomplete="off" enterkeyhint="search"
                    on:input=change(move |event| paper.look_for(&event_target_value(&event))) />
                <p class="c-field__hint" role="status">{found}</p>
            </div>
        }
        .into_any()
    })
}

/// How much of the budget is spent, as a picture; the words beside it say it.
fn purse(paper: Paper) -> Option<AnyView> {
    let max = paper.voting.max_cost().filter(|max| *max > 0)?;
    let width = text(move || (paper.voting.cost.get().min(max).saturating_mul(1_000) / max).to_string());
    Some(
        view! {
            <svg class="c-purse" viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true">
                <rect class="c-purse__spent" width=width height="10"></rect>
            </svg>
        }
        .into_any(),
    )
}

fn readback(paper: Paper, ballot: &BallotBody) -> AnyView {
    paper.options.with_value(|options| {
        paper.budget.with_value(|budget| {
            read_back(paper.voting.rule(), options, budget.as_ref(), ballot, paper.content.get_value())
        })
    })
}

/// What is chosen, each with its points where the rule gives any, most first.
fn lines(options: &[BallotOption], ballot: &BallotBody) -> Vec<(String, Option<i32>)> {
    let titled = |(place, choice): (usize, &OptionId)| {
        let option = options.iter().find(|option| option.id == *choice);
        let title = option.map(|option| option.title.clone()).unwrap_or_default();
        (title, ballot.points.get(place).copied())
    };
    let mut lines: Vec<_> = ballot.choices.iter().enumerate().map(titled).collect();
    lines.sort_by_key(|(_, points)| std::cmp::Reverse(*points));
    lines
}

/// The same in words, for where there is no consultation to read the titles from.
fn words_of(paper: Paper) -> Vec<String> {
    let ballot = paper.voting.draft.get_untracked();
    let said = |(title, points): (String, Option<i32>)| match points {
        Some(points) => format!("{title} · {}", rule::points(paper.voting.rule(), points)),
        None => title,
    };
    paper.options.with_value(|options| lines(options, &ballot).into_iter().map(said).collect())
}

/// A ballot as it is read back to whoever filled it in.
#[must_use]
pub fn read_back(
    rule: BallotRule,
    options: &[BallotOption],
    budget: Option<&Budget>,
    ballot: &BallotBody,
    lang: String,
) -> AnyView {
    let named = |choice: &OptionId| options.iter().find(|option| option.id == *choice);
    let items = lines(options, ballot)
        .into_iter()
        .map(|(title, points)| {
            let points = points.map(|points| {
                view! { <span class="c-readback__points" lang=language().tag()>{rule::points(rule, points)}</span> }
            });
            view! { <li>{title}{points}</li> }
        })
        .collect_view();
    let has_most = matches!(rule, BallotRule::Approval(rule) if rule.max_cost().is_some());
    let cost = has_most.then(|| {
        let costs = ballot.choices.iter().filter_map(named).filter_map(|option| option.cost);
        let cost = format::money(language(), costs.fold(0, u64::saturating_add), budget);
        view! { <p>{fill(i18n::voting().cost_chosen, &[&cost])}</p> }
    });
    let list = if rule.ranks() {
        view! { <ol class="c-readback" data-ranked="" lang=lang>{items}</ol> }.into_any()
    } else {
        view! { <ul class="c-readback" lang=lang>{items}</ul> }.into_any()
    };
    view! { {list}{cost} }.into_any()
}

fn review(paper: Paper) -> impl IntoView {
    let t = messages();
    let own = i18n::voting();
    let voting = paper.voting;
    let draft = voting.draft.get_untracked();
    let label = message(move || if voting.busy.get() { t.sending } else { own.confirm_ballot });
    let chosen = if voting.rule().ranks() { &own.you_ranked } else { &own.you_chose };
    view! {
        <h2 id="ballot-heading" tabindex="-1">{own.review_heading}</h2>
        <p>{count(chosen, draft.choices.len() as u64)}</p>
        {readback(paper, &draft)}
        <p>{own.can_change_until_close}</p>
        {identify(voting)}
        {failure(voting)}
        <div class="c-ballot__bar">
            <button type="button" class="c-button" data-variant="secondary" on:click=click(move || voting.choose())>
                {own.change_choice}
            </button>
            <button type="button" class="c-button" data-variant="primary" hidden=flag(move || voting.asks().is_some())
                aria-disabled=word_if("true", move || voting.busy.get()) on:click=click(move || voting.confirm(words_of(paper)))>
                {icon(Icon::BALLOT)}{label}
            </button>
        </div>
    }
}

/// Where the consultation asks for it: identifying oneself, before the ballot can be confirmed.
fn identify(voting: Voting) -> Part {
    part(move || {
        voting.identifying.map(|identifying| {
            let on_done = move || {
                // Perhaps this person has voted before, on another device.
                voting.mine.reload();
                platform::focus("ballot-heading");
            };
            view! { <Identify identifying on_done /> }
        })
    })
}

/// What was confirmed and is still on this device: why, and what can be done about it.
fn kept(paper: Paper, time_zone: StoredValue<String>) -> impl IntoView {
    let own = i18n::outbox();
    let voting = paper.voting;
    let time = move |at| time_zone.with_value(|zone| format::date_time(language(), at, zone));
    let change = move || {
        view! {
            <button type="button" class="c-button" data-variant="secondary" on:click=click(move || voting.choose())>
                {i18n::voting().change_choice}
            </button>
        }
    };
    part(move || {
        voting.kept().map(|item| {
            let body = match &item.act {
                Act::Ballot { body, .. } => body.clone(),
                _ => BallotBody::default(),
            };
            let choice = readback(paper, &body);
            let overtaken = matches!(item.state, State::Overtaken { .. });
            let other = overtaken.then(|| {
                let standing = match voting.ballot() {
                    Some(ballot) => view! {
                        <p>{fill(i18n::voting().received_at, &[&time(ballot.received_at)])}</p>
                        {readback(paper, &ballot.body)}
                    }
                    .into_any(),
                    None => view! { <p>{own.none_stands}</p> }.into_any(),
                };
                view! { <h3>{own.standing}</h3>{standing} }
            });
            view! {
                <h2 id="ballot-heading" tabindex="-1">{kept::heading(&item)}</h2>
                {kept::explained(&item, voting.waiting, time)}
                <h3>{i18n::voting().your_choice}</h3>
                {choice}
                {other}
                <div class="l-cluster">
                    {kept::buttons(&item, voting.waiting, Callback::new(move |()| voting.give_up()))}
                    {change()}
                </div>
            }
        })
    })
}

fn received(paper: Paper, time_zone: StoredValue<String>) -> impl IntoView {
    let own = i18n::voting();
    let voting = paper.voting;
    let receipt = move |ballot: Ballot| {
        let time = time_zone.with_value(|zone| format::date_time(language(), ballot.received_at, zone));
        let revised = (ballot.revision > 1).then(|| {
            view! { <p>{fill(own.revision, &[&format::number(language(), ballot.revision.into())])}</p> }
        });
        view! {
            <div class="c-receipt">
                {icon(Icon::CHECK)}
                <p>{own.receipt_number}</p>
                <p class="c-receipt__number">{ballot.receipt}</p>
                <p>{fill(own.received_at, &[&time])}</p>
                {revised}
            </div>
            <h3>{own.your_choice}</h3>
            {readback(paper, &ballot.body)}
        }
    };
    let on_confirm = move || {
        voting.withdraw(|| {
            platform::announce(own.ballot_withdrawn);
            platform::focus("ballot-heading");
        });
    };
    view! {
        <h2 id="ballot-heading" tabindex="-1">{own.ballot_received}</h2>
        {part(move || voting.ballot().map(receipt))}
        <p>{own.can_change_until_close}</p>
        {platform::parameter(ACT_PARAMETER).map(|_| view! { <p>{own.close_window}</p> })}
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
        <Confirm id="withdraw" title=own.withdraw_heading text=own.withdraw_text act=own.withdraw_ballot on_confirm />
    }
}

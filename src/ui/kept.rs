//! What was confirmed and is still on this device: where it stands, why, and what can be done about it.

use crate::client::ClientError;
use crate::clock;
use crate::i18n::{self, fill, messages};
use crate::outbox::{Act, Item, State, Urgency};
use crate::state::outbox::Waiting;
use crate::ui::icon::{Icon, icon};
use crate::ui::notice::{Notice, Tone};
use crate::ui::reactive::{click, message, word_if};
use crate::ui::refusal;
use cabildo_contract::time::Timestamp;
use leptos::prelude::*;

/// Where it stands, in a few words.
#[must_use]
pub fn heading(item: &Item) -> &'static str {
    let own = i18n::outbox();
    match &item.state {
        State::Waiting {} => own.waiting,
        State::Received { .. } => own.received,
        State::Refused { .. } | State::Orphaned {} => own.refused,
        State::Overtaken { .. } => own.overtaken,
    }
}

/// Why, and what comes next. `time` writes an instant.
pub fn explained(item: &Item, waiting: Waiting, time: impl Fn(Timestamp) -> String) -> AnyView {
    let own = i18n::outbox();
    match &item.state {
        State::Waiting {} => {
            let close = match (item.urgency(clock::now()), &item.act) {
                (Some(Urgency::Soon), Act::Ballot { closes, .. }) => {
                    Some(fill(own.closes_soon, &[&time(*closes)]))
                }
                (Some(Urgency::Over), _) => Some(own.closed.to_owned()),
                _ => None,
            };
            let close = close.map(|words| view! { <Notice tone=Tone::Warn><p>{words}</p></Notice> });
            let lost = (!waiting.is_kept.get())
                .then(|| view! { <Notice tone=Tone::Warn><p>{own.not_kept}</p></Notice> });
            let arrived = item.tried.then(|| view! { <p>{own.may_have_arrived}</p> });
            view! { <p>{icon(Icon::CLOCK)}" "{own.leaves_by_itself}</p>{arrived}{close}{lost} }.into_any()
        }
        State::Received { .. } => {
            let number = item.ballot().map(|ballot| fill(own.received_number, &[&ballot.receipt]));
            view! { <p>{icon(Icon::CHECK)}" "{number}</p> }.into_any()
        }
        State::Refused { problem } => {
            let why = refusal::words(&ClientError::refused(*problem));
            view! { <Notice tone=Tone::Bad><p>{why}</p><p>{own.words_kept}</p></Notice> }.into_any()
        }
        State::Orphaned {} => {
            view! { <Notice tone=Tone::Bad><p>{own.orphaned}</p><p>{own.words_kept}</p></Notice> }.into_any()
        }
        State::Overtaken { .. } => {
            view! { <Notice tone=Tone::Warn><p>{own.overtaken_text}</p></Notice> }.into_any()
        }
    }
}

/// What can be done about it.
pub fn buttons(item: &Item, waiting: Waiting, on_give_up: Callback<()>) -> AnyView {
    let t = messages();
    let own = i18n::outbox();
    let key = StoredValue::new(item.key.clone());
    let send = |words: &'static str| {
        view! {
            <button type="button" class="c-button" data-variant="primary"
                aria-disabled=word_if("true", move || waiting.busy.get())
                on:click=click(move || waiting.insist(&key.get_value()))>
                {message(move || if waiting.busy.get() { t.sending } else { words })}
            </button>
        }
    };
    let send = match &item.state {
        State::Waiting {} => Some(send(own.send_now)),
        State::Overtaken { .. } => Some(send(own.insist)),
        State::Refused { .. } => Some(send(t.try_again)),
        State::Received { .. } | State::Orphaned {} => None,
    };
    let leave = match &item.state {
        State::Received { .. } => own.seen,
        State::Overtaken { .. } => own.leave_it,
        _ => own.give_up,
    };
    view! {
        {send}
        <button type="button" class="c-button" data-variant="secondary" on:click=click(move || on_give_up.run(()))>
            {leave}
        </button>
    }
    .into_any()
}

/// All of it, where it is not in the place that it is about.
pub fn whole(item: &Item, waiting: Waiting, time: impl Fn(Timestamp) -> String) -> AnyView {
    let key = item.key.clone();
    let words = item.words.iter().map(|word| view! { <li>{word.clone()}</li> }).collect_view();
    view! {
        <h3><a href=item.page.clone()>{item.title.clone()}</a></h3>
        <p><strong>{heading(item)}</strong></p>
        {explained(item, waiting, time)}
        <ul class="c-kept__words">{words}</ul>
        <div class="l-cluster">
            {buttons(item, waiting, Callback::new(move |()| waiting.forget(&key)))}
        </div>
    }
    .into_any()
}

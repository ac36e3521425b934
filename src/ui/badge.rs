//! A state in one word, with its icon.

use crate::i18n::messages;
use crate::ui::icon::{Icon, icon};
use cabildo_contract::comment::Stance;
use cabildo_contract::proposal::{Level, Status};
use cabildo_contract::time::State;
use leptos::prelude::*;

/// A word with an icon and a tone; never colour alone.
#[must_use]
pub fn badge(tone: &'static str, picture: Icon, word: &str) -> AnyView {
    view! { <span class="c-badge" data-tone=tone>{icon(picture)}{word.to_owned()}</span> }.into_any()
}

/// What became of a proposal.
#[must_use]
pub fn status(status: Status) -> AnyView {
    match status {
        Status::Selected => badge("good", Icon::CHECK, messages().status_selected),
        Status::NotSelected => badge("neutral", Icon::CROSS, messages().status_not_selected),
    }
}

/// The level of government of a proposal.
#[must_use]
pub fn level(level: Level) -> AnyView {
    badge("neutral", Icon::LANDMARK, level_name(level))
}

/// The level of government in words.
#[must_use]
pub fn level_name(level: Level) -> &'static str {
    match level {
        Level::National => messages().level_national,
        Level::Subnational => messages().level_subnational,
    }
}

/// Where a period stands.
#[must_use]
pub fn state(state: State) -> AnyView {
    let t = messages();
    match state {
        State::Upcoming => badge("info", Icon::CLOCK, t.state_upcoming),
        State::Open => badge("open", Icon::SIGNAL, t.state_open),
        State::Closed => badge("closed", Icon::CROSS, t.state_closed),
    }
}

/// What a comment says about its proposal.
#[must_use]
pub fn stance(stance: Stance) -> AnyView {
    let (picture, word) = stance_parts(stance);
    view! { <span class="c-badge" data-stance=stance.as_str()>{icon(picture)}{word}</span> }.into_any()
}

/// Icon and word of a stance.
#[must_use]
pub fn stance_parts(stance: Stance) -> (Icon, &'static str) {
    let t = messages();
    match stance {
        Stance::For => (Icon::PLUS, t.stance_for),
        Stance::Against => (Icon::MINUS, t.stance_against),
        Stance::Neutral => (Icon::EQUAL, t.stance_neutral),
    }
}

/// Says that a simulated participant did it.
#[must_use]
pub fn simulated() -> AnyView {
    badge("simulated", Icon::FLASK, messages().simulated)
}

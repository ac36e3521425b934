//! A message that stands in the page.

use crate::i18n::messages;
use crate::ui::icon::{Icon, icon};
use leptos::prelude::*;

/// How a notice is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// To know.
    Info,
    /// Something went well.
    Good,
    /// To take care of.
    Warn,
    /// Something went wrong.
    Bad,
}

impl Tone {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Good => "good",
            Self::Warn => "warn",
            Self::Bad => "bad",
        }
    }

    const fn icon(self) -> Icon {
        match self {
            Self::Info => Icon::INFO,
            Self::Good => Icon::CHECK,
            Self::Warn | Self::Bad => Icon::WARNING,
        }
    }
}

/// A message, with its tone as icon and colour.
#[component]
pub fn Notice(
    /// How it is meant.
    tone: Tone,
    /// What it says.
    children: Children,
) -> impl IntoView {
    // What goes wrong interrupts; what goes well waits for its turn.
    let role = match tone {
        Tone::Bad => Some("alert"),
        Tone::Good => Some("status"),
        Tone::Info | Tone::Warn => None,
    };
    view! {
        <div class="c-notice" data-tone=tone.as_str() role=role>
            {icon(tone.icon())}
            <div class="c-notice__body">{children()}</div>
        </div>
    }
}

/// Says that simulated participation is among what is shown.
#[component]
pub fn Simulated() -> impl IntoView {
    let t = messages();
    view! {
        <aside class="c-simulated" aria-label=t.simulated_title>
            {icon(Icon::FLASK)}
            <p><strong>{t.simulated_title}</strong>" "{t.simulated_text}</p>
        </aside>
    }
}

/// Says that a consultation is an exercise.
#[component]
pub fn Exercise() -> impl IntoView {
    let t = messages();
    view! {
        <aside class="c-simulated" aria-label=t.exercise_title>
            {icon(Icon::FLASK)}
            <p><strong>{t.exercise_title}</strong>" "{t.exercise_text}</p>
        </aside>
    }
}

//! The phases of a process.

use crate::i18n::{fill, format, language, messages};
use crate::ui::badge;
use cabildo_contract::process::Phase;
use cabildo_contract::time::{Date, State};
use leptos::prelude::*;

/// The phases in order, each with its dates and where it stands on the day `today` of the process.
#[component]
pub fn Phases(
    /// By first day.
    phases: Vec<Phase>,
    /// Today, where the process takes place.
    today: Date,
) -> impl IntoView {
    let items = phases
        .into_iter()
        .map(|phase| {
            let state = phase.state(today);
            let name = match state {
                State::Upcoming => "upcoming",
                State::Open => "open",
                State::Closed => "closed",
            };
            view! {
                <li data-state=name aria-current=(state == State::Open).then_some("step")>
                    <h3>{phase.title.clone()}</h3>
                    <p class="c-phases__dates">{dates(phase.from, phase.to)}</p>
                    {badge::state(state)}
                </li>
            }
        })
        .collect_view();
    view! { <ol class="c-phases">{items}</ol> }
}

/// From one day to another; one day alone when they are the same.
#[must_use]
pub fn dates(from: Date, to: Date) -> String {
    let date = |date| format::date(language(), date);
    if from == to { date(from) } else { fill(messages().dates_from_to, &[&date(from), &date(to)]) }
}

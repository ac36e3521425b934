//! The public screen: participation on a wall.

use crate::client::live::watch;
use crate::i18n::{format, language, messages};
use crate::platform;
use crate::ui::live::LiveStatus;
use crate::ui::notice::Simulated;
use crate::ui::reactive::{part, text};
use cabildo_contract::id::Slug;
use cabildo_contract::statistics::{Statistics, WatchProcess};
use cabildo_contract::tally::Count;
use leptos::prelude::*;

/// Starts the screen for the process in the address: `/screen/{process}`.
pub fn mount() {
    let Some((stage, swap)) = platform::stage("app") else { return };
    let address = platform::address();
    let path = address.split('?').next().unwrap_or_default();
    let process = path.trim_matches('/').split('/').nth(1).and_then(|slug| Slug::parse(slug).ok());
    mount_to(stage, move || process.map(|process| view! { <Screen process /> })).forget();
    swap();
}

/// People, ballots and comments of a process, as they grow.
#[component]
pub fn Screen(
    /// The process.
    process: Slug,
) -> impl IntoView {
    let t = messages();
    let watched = watch(&WatchProcess { process });
    let number = move |pick: fn(&Statistics) -> Count| {
        text(move || {
            let count = watched.state.with(|state| state.as_ref().map(|state| pick(state).total));
            count.map_or("–".to_owned(), |count| format::number(language(), count))
        })
    };
    let simulated = part(move || {
        let any = watched.state.with(|state| state.as_ref().is_some_and(|state| state.people.simulated > 0));
        any.then(|| view! { <Simulated /> })
    });
    view! {
        <main class="c-wall">
            <h1>{t.participation}</h1>
            <dl>
                <div><dt>{t.people}</dt><dd>{number(|s| s.people)}</dd></div>
                <div><dt>{t.ballots}</dt><dd>{number(|s| s.ballots)}</dd></div>
                <div><dt>{t.comments_title}</dt><dd>{number(|s| s.comments)}</dd></div>
            </dl>
            {simulated}
            <LiveStatus connection=watched.connection as_of=watched.last_word time_zone="America/Bogota" />
        </main>
    }
}

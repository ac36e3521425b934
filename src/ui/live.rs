//! Whether what is shown is live, and as of when.

use crate::client::live::Connection;
use crate::i18n::{fill, format, language, messages};
use crate::ui::icon::{Icon, icon};
use crate::ui::reactive::{message, part, text};
use cabildo_contract::time::Timestamp;
use leptos::prelude::*;

/// A pill: icon, word and the time of the data. Says plainly when it is not live.
#[component]
pub fn LiveStatus(
    /// How the connection stands.
    #[prop(into)]
    connection: Signal<Connection>,
    /// When what is shown was so.
    #[prop(into)]
    as_of: Signal<Option<Timestamp>>,
    /// In whose time.
    #[prop(into)]
    time_zone: String,
) -> impl IntoView {
    let t = messages();
    let state = message(move || match connection.get() {
        Connection::Connecting => "connecting",
        Connection::Spared => "spared",
        Connection::Live => "live",
        Connection::Lost => "lost",
    });
    let words = move || match connection.get() {
        Connection::Connecting => (Icon::CLOCK, t.live_connecting),
        Connection::Spared => (Icon::CLOCK, t.live_spared),
        Connection::Live => (Icon::SIGNAL, t.live_live),
        Connection::Lost => (Icon::WARNING, t.live_lost),
    };
    let time = text(move || {
        as_of
            .get()
            .map_or(String::new(), |time| fill(t.as_of, &[&format::time(language(), time, &time_zone)]))
    });
    view! {
        <p class="c-live" data-state=state>
            {part(move || icon(words().0))}
            <span class="c-live__word" role="status">{message(move || words().1)}</span>
            <span class="c-live__time">{time}</span>
        </p>
    }
}

//! Icons: 24 × 24 outlines in the colour of the text beside them. Always beside a word, so hidden from readers.

use leptos::prelude::*;

/// A picture of one thing: how its outline is drawn. Constants, not cases of one type, so that each part of the app carries
/// those that it shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Icon(&'static str);

impl Icon {
    /// Done, adopted, received.
    pub const CHECK: Self = Self("M4 12.5l5.5 5.5L20 7");
    /// Not adopted, closed.
    pub const CROSS: Self = Self("M6 6l12 12M18 6L6 18");
    /// A time, upcoming.
    pub const CLOCK: Self = Self("M12 7v5l3.5 2M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z");
    /// Something to know.
    pub const INFO: Self = Self("M12 11v6M12 7.5v.5M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z");
    /// Something to take care of.
    pub const WARNING: Self = Self("M12 9v5M12 17v.5M12 3L2.5 20h19L12 3z");
    /// Simulated.
    pub const FLASK: Self =
        Self("M9 3h6M10 3v6L4.5 19a1.5 1.5 0 0 0 1.3 2h12.4a1.5 1.5 0 0 0 1.3-2L14 9V3M7.5 15h9");
    /// A place.
    pub const PIN: Self =
        Self("M12 21s7-6.2 7-11a7 7 0 1 0-14 0c0 4.8 7 11 7 11zM12 7.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5z");
    /// A level of government.
    pub const LANDMARK: Self = Self("M3 21h18M5 18v-7M10 18v-7M14 18v-7M19 18v-7M3 8l9-5 9 5z");
    /// A theme.
    pub const TAG: Self = Self("M3 12V4a1 1 0 0 1 1-1h8l9 9-9 9zM7.5 7.5v.1");
    /// People's words.
    pub const SPEECH: Self = Self("M4 5h16v11H9l-5 4z");
    /// To the next thing.
    pub const ARROW: Self = Self("M5 12h14M13 6l6 6-6 6");
    /// To hand on.
    pub const SHARE: Self = Self("M12 15V4M7 9l5-5 5 5M5 13v7h14v-7");
    /// A file to take along.
    pub const DOWNLOAD: Self = Self("M12 4v11M7 11l5 5 5-5M4 20h16");
    /// Looking for something.
    pub const SEARCH: Self = Self("M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM16 16l5 5");
    /// Dark.
    pub const MOON: Self = Self("M20 14.5A8.5 8.5 0 1 1 9.5 4a7 7 0 0 0 10.5 10.5z");
    /// More contrast.
    pub const CONTRAST: Self =
        Self("M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 3v18M12 8h5.5M12 12h7M12 16h5.5");
    /// To change a text.
    pub const PENCIL: Self = Self("M4 20l1-4L16 5l3 3L8 19zM14 7l3 3");
    /// A ballot.
    pub const BALLOT: Self = Self("M4 10h16v11H4zM8 10V3h8v7M10.5 6l1 1 2-2M8 14h8");
    /// People.
    pub const PEOPLE: Self = Self(
        "M9 4a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7zM2.5 20c0-3.5 3-6 6.5-6s6.5 2.5 6.5 6M16 4.5a3.5 3.5 0 0 1 0 6.5M18 14.5c2.2.8 3.5 2.9 3.5 5.5",
    );
    /// For.
    pub const PLUS: Self = Self("M12 5v14M5 12h14");
    /// Against.
    pub const MINUS: Self = Self("M5 12h14");
    /// Neither.
    pub const EQUAL: Self = Self("M5 9h14M5 15h14");
    /// One place up.
    pub const UP: Self = Self("M12 19V5M6 11l6-6 6 6");
    /// One place down.
    pub const DOWN: Self = Self("M12 5v14M6 13l6 6 6-6");
    /// Where to take hold of a thing.
    pub const HANDLE: Self = Self("M9 6v.1M15 6v.1M9 12v.1M15 12v.1M9 18v.1M15 18v.1");
    /// A signal of what is live.
    pub const SIGNAL: Self = Self(
        "M12 11a1 1 0 1 0 0 2 1 1 0 0 0 0-2zM8 8a5.7 5.7 0 0 0 0 8M16 8a5.7 5.7 0 0 1 0 8M5 5a10 10 0 0 0 0 14M19 5a10 10 0 0 1 0 14",
    );
}

/// Draws an icon.
#[must_use]
pub fn icon(icon: Icon) -> AnyView {
    // What points along the line points the other way where lines run from right to left.
    let directed = (icon == Icon::ARROW).then_some("");
    view! {
        <svg class="c-icon" data-directed=directed viewBox="0 0 24 24" aria-hidden="true">
            <path d=icon.0></path>
        </svg>
    }
    .into_any()
}

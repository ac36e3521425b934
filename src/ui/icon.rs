//! Icons: 24 × 24 outlines in the colour of the text beside them. Always beside a word, so hidden from readers.

use leptos::prelude::*;

/// A picture of one thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Icon {
    /// Done, adopted, received.
    Check,
    /// Not adopted, closed.
    Cross,
    /// A time, upcoming.
    Clock,
    /// Something to know.
    Info,
    /// Something to take care of.
    Warning,
    /// Simulated.
    Flask,
    /// A place.
    Pin,
    /// A level of government.
    Landmark,
    /// A theme.
    Tag,
    /// People's words.
    Speech,
    /// To the next thing.
    Arrow,
    /// A file to take along.
    Download,
    /// Looking for something.
    Search,
    /// Dark.
    Moon,
    /// More contrast.
    Contrast,
    /// To change a text.
    Pencil,
    /// A ballot.
    Ballot,
    /// People.
    People,
    /// For.
    Plus,
    /// Against.
    Minus,
    /// Neither.
    Equal,
    /// One place up.
    Up,
    /// One place down.
    Down,
    /// Where to take hold of a thing.
    Handle,
    /// A signal of what is live.
    Signal,
}

impl Icon {
    /// How it is drawn.
    #[must_use]
    pub const fn path(self) -> &'static str {
        match self {
            Self::Check => "M4 12.5l5.5 5.5L20 7",
            Self::Cross => "M6 6l12 12M18 6L6 18",
            Self::Clock => "M12 7v5l3.5 2M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z",
            Self::Info => "M12 11v6M12 7.5v.5M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z",
            Self::Warning => "M12 9v5M12 17v.5M12 3L2.5 20h19L12 3z",
            Self::Flask => {
                "M9 3h6M10 3v6L4.5 19a1.5 1.5 0 0 0 1.3 2h12.4a1.5 1.5 0 0 0 1.3-2L14 9V3M7.5 15h9"
            }
            Self::Pin => {
                "M12 21s7-6.2 7-11a7 7 0 1 0-14 0c0 4.8 7 11 7 11zM12 7.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5z"
            }
            Self::Landmark => "M3 21h18M5 18v-7M10 18v-7M14 18v-7M19 18v-7M3 8l9-5 9 5z",
            Self::Tag => "M3 12V4a1 1 0 0 1 1-1h8l9 9-9 9zM7.5 7.5v.1",
            Self::Speech => "M4 5h16v11H9l-5 4z",
            Self::Up => "M12 19V5M6 11l6-6 6 6",
            Self::Down => "M12 5v14M6 13l6 6 6-6",
            Self::Handle => "M9 6v.1M15 6v.1M9 12v.1M15 12v.1M9 18v.1M15 18v.1",
            Self::Arrow => "M5 12h14M13 6l6 6-6 6",
            Self::Download => "M12 4v11M7 11l5 5 5-5M4 20h16",
            Self::Search => "M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM16 16l5 5",
            Self::Moon => "M20 14.5A8.5 8.5 0 1 1 9.5 4a7 7 0 0 0 10.5 10.5z",
            Self::Pencil => "M4 20l1-4L16 5l3 3L8 19zM14 7l3 3",
            Self::Contrast => "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 3v18M12 8h5.5M12 12h7M12 16h5.5",
            Self::Ballot => "M4 10h16v11H4zM8 10V3h8v7M10.5 6l1 1 2-2M8 14h8",
            Self::People => {
                "M9 4a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7zM2.5 20c0-3.5 3-6 6.5-6s6.5 2.5 6.5 6M16 4.5a3.5 3.5 0 0 1 0 6.5M18 14.5c2.2.8 3.5 2.9 3.5 5.5"
            }
            Self::Plus => "M12 5v14M5 12h14",
            Self::Minus => "M5 12h14",
            Self::Equal => "M5 9h14M5 15h14",
            Self::Signal => {
                "M12 11a1 1 0 1 0 0 2 1 1 0 0 0 0-2zM8 8a5.7 5.7 0 0 0 0 8M16 8a5.7 5.7 0 0 1 0 8M5 5a10 10 0 0 0 0 14M19 5a10 10 0 0 1 0 14"
            }
        }
    }
}

/// Draws an icon whose outline is known beforehand, as `const { Icon::Check.path() }`: a program that draws all of its
/// icons so does not carry the others.
#[must_use]
pub fn outline(path: &'static str) -> AnyView {
    view! {
        <svg class="c-icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d=path></path></svg>
    }
    .into_any()
}

/// Draws an icon.
#[must_use]
pub fn icon(icon: Icon) -> AnyView {
    // What points along the line points the other way where lines run from right to left.
    let directed = (icon == Icon::Arrow).then_some("");
    view! {
        <svg class="c-icon" data-directed=directed viewBox="0 0 24 24" aria-hidden="true" focusable="false">
            <path d=icon.path()></path>
        </svg>
    }
    .into_any()
}

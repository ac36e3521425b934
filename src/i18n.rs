//! Languages: messages, plurals, numbers and dates.
//!
//! A language is one file of messages under `i18n/` and one entry in [`Language`]. Plurals, numbers and dates
//! come from CLDR: through the browser's `Intl` there, through ICU4X on the server, so that both write the same.

pub mod en;
mod es;
pub mod format;
pub mod messages;

pub use messages::{Catalogue, Messages, Plural};

use leptos::prelude::*;
use std::sync::OnceLock;

/// A language of the interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    /// Spanish as written in Colombia.
    #[default]
    Spanish,
    /// English.
    English,
}

impl Language {
    /// All languages, in the order in which they are offered.
    pub const ALL: [Self; 2] = [Self::Spanish, Self::English];

    /// BCP 47 tag for `lang` and for formats.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Spanish => "es-CO",
            Self::English => "en",
        }
    }

    /// As in addresses: `?lang=en`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Spanish => "es",
            Self::English => "en",
        }
    }

    /// Its name in itself.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Spanish => "Español",
            Self::English => "English",
        }
    }

    /// The language with this code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.code() == code)
    }

    /// What more than one page can say in it.
    #[must_use]
    pub fn messages(self) -> &'static Messages {
        self.section(&es::EVERYWHERE, |catalogue| catalogue.everywhere)
    }

    /// A section of its catalogue. In the browser only the default language is there from the beginning, each section
    /// with the pages that say it: until another language is installed, these stand in for it.
    fn section<T>(self, default: &'static T, of: fn(&'static Catalogue) -> &'static T) -> &'static T {
        if self == Self::default() {
            return default;
        }
        if cfg!(not(target_arch = "wasm32")) {
            return of(self.catalogue());
        }
        INSTALLED.get(self as usize).and_then(OnceLock::get).map_or(default, |catalogue| of(catalogue))
    }

    /// Has [`Language::messages`] and the sections answer with these.
    pub fn install(self, catalogue: &'static Catalogue) {
        if let Some(place) = INSTALLED.get(self as usize) {
            // Installed twice they are the same.
            let _ = place.set(catalogue);
        }
    }

    /// All that is said in it, in a program that holds all languages.
    #[must_use]
    pub const fn catalogue(self) -> &'static Catalogue {
        match self {
            Self::Spanish => &es::CATALOGUE,
            Self::English => &en::CATALOGUE,
        }
    }
}

/// Catalogues by language, as far as they are here.
static INSTALLED: [OnceLock<&'static Catalogue>; Language::ALL.len()] =
    [const { OnceLock::new() }; Language::ALL.len()];

/// The language in which the present view is written.
#[must_use]
pub fn language() -> Language {
    use_context::<Language>().unwrap_or_default()
}

/// The messages of the present view.
#[must_use]
pub fn messages() -> &'static Messages {
    language().messages()
}

/// Gives the present view its words.
macro_rules! sections {
    ($($(#[doc = $doc:literal])* $name:ident: $type:ident = $spanish:ident;)*) => {
        $($(#[doc = $doc])*
        #[must_use]
        pub fn $name() -> &'static messages::$type {
            language().section(&es::$spanish, |catalogue| catalogue.$name)
        })*
    };
}

sections! {
    /// What is said about a figure.
    figure: Figure = FIGURE;
    /// The start page.
    home: Home = HOME;
    /// The page of a process.
    process: Process = PROCESS;
    /// The page of a proposal.
    proposal: Proposal = PROPOSAL;
    /// Writing, reading and reporting comments.
    discussion: Discussion = DISCUSSION;
    /// Answers to comments: reading and giving them.
    answers: Answers = ANSWERS;
    /// Moderation: what is hidden and why, and deciding about it.
    moderation: Moderation = MODERATION;
    /// An option of a consultation.
    option: BallotOption = OPTION;
    /// The page of a consultation.
    consultation: Consultation = CONSULTATION;
    /// Choosing, reviewing and casting a ballot.
    voting: Voting = VOTING;
    /// A call for proposals and the submissions to it.
    calls: Calls = CALLS;
    /// Counted votes.
    tally: Tally = TALLY;
    /// The encounters of a process.
    encounters: Encounters = ENCOUNTERS;
    /// What became of a proposal that was adopted.
    commitment: Commitment = COMMITMENT;
    /// The committee of a process.
    committee: Committee = COMMITTEE;
    /// The timeline of a process.
    timeline: Timeline = TIMELINE;
    /// The live dashboard of a process.
    dashboard: Dashboard = DASHBOARD;
    /// Identifying oneself, and what is kept of a person.
    identity: Identity = IDENTITY;
    /// Widgets.
    embed: Embed = EMBED;
    /// Making what is pasted into a page of another site.
    widgets: Widgets = WIDGETS;
}

/// The public screen. Its program says it in turn in every language, and nothing else in any: it holds this section of all
/// of them, and no catalogue.
#[must_use]
pub fn screen() -> &'static messages::Screen {
    match language() {
        Language::Spanish => &es::SCREEN,
        Language::English => &en::SCREEN,
    }
}

/// Setting up the public screen: a page that only the server draws.
#[must_use]
pub fn screen_setup() -> &'static messages::ScreenSetup {
    match language() {
        Language::Spanish => &es::SCREEN_SETUP,
        Language::English => &en::SCREEN_SETUP,
    }
}

/// Puts `values` in the places `{0}`, `{1}`, … of a message.
#[must_use]
pub fn fill(message: &str, values: &[&str]) -> String {
    let mut out = String::with_capacity(message.len() + 16);
    let mut rest = message;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        match after.split_once('}') {
            Some((index, tail)) => {
                out.push_str(
                    index.parse().ok().and_then(|i: usize| values.get(i)).copied().unwrap_or_default(),
                );
                rest = tail;
            }
            None => rest = after,
        }
    }
    out.push_str(rest);
    out
}

/// A number of things in words: picks the plural form and puts the formatted number in `{0}`.
#[must_use]
pub fn count(plural: &Plural, n: u64) -> String {
    let language = language();
    fill(format::plural(language, plural, n), &[&format::number(language, n)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_go_to_their_places_whatever_the_order() {
        assert_eq!(fill("{1} de {0}, {1}", &["a", "b"]), "b de a, b");
        assert_eq!(fill("sin lugar", &["a"]), "sin lugar");
        assert_eq!(fill("{9}{", &["a"]), "");
    }
}

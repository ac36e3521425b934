//! Languages: messages, plurals, numbers and dates.
//!
//! A language is one file of messages under `i18n/` and one entry in [`Language`]. It may leave messages out: see
//! [`partial`]. Plurals, numbers and dates come from CLDR: through the browser's `Intl` there, through ICU4X on the server,
//! so that both write the same.

pub mod en;
mod es;
pub mod format;
pub mod guc;
pub mod messages;
pub mod partial;
#[cfg(not(target_arch = "wasm32"))]
pub mod pseudo;
pub mod pt;

pub use messages::{Catalogue, Messages, Plural};

use leptos::prelude::*;
#[cfg(target_arch = "wasm32")]
use std::sync::OnceLock;

/// A language of the interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Language {
    /// Spanish as written in Colombia.
    #[default]
    Spanish,
    /// English.
    English,
    /// Portuguese as written in Brazil.
    Portuguese,
    /// Wayuunaiki: a partial catalogue.
    Wayuunaiki,
}

impl Language {
    /// All languages, in the order in which they are offered.
    pub const ALL: [Self; 4] = [Self::Spanish, Self::English, Self::Portuguese, Self::Wayuunaiki];
    /// Those that lack no message.
    pub const COMPLETE: [Self; 3] = [Self::Spanish, Self::English, Self::Portuguese];

    /// BCP 47 tag for the `lang` of a page and for formats. A partial catalogue makes a Spanish page with words of another
    /// language in it; CLDR has no formats for Wayuunaiki either, and `Intl` would not say so but take the browser's own.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Spanish | Self::Wayuunaiki => "es-CO",
            Self::English => "en",
            Self::Portuguese => "pt-BR",
        }
    }

    /// As in addresses: `?lang=en`. Also its own BCP 47 tag.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Spanish => "es",
            Self::English => "en",
            Self::Portuguese => "pt",
            Self::Wayuunaiki => "guc",
        }
    }

    /// Its name in itself.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Spanish => "Español",
            Self::English => "English",
            Self::Portuguese => "Português",
            Self::Wayuunaiki => "Wayuunaiki",
        }
    }

    /// The language with this code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.code() == code)
    }

    /// The language in which everything is said that is no page and cannot be in two: a letter, a picture.
    #[must_use]
    pub const fn whole(self) -> Self {
        match self {
            Self::Wayuunaiki => Self::Spanish,
            complete => complete,
        }
    }

    /// What more than one page can say in it.
    #[must_use]
    pub fn messages(self) -> &'static Messages {
        self.section(&es::EVERYWHERE, |catalogue| catalogue.everywhere)
    }

    /// A section of its catalogue.
    #[cfg(not(target_arch = "wasm32"))]
    fn section<T>(self, _: &'static T, of: fn(&'static Catalogue) -> &'static T) -> &'static T {
        of(pseudo::standing_in().unwrap_or_else(|| self.catalogue()))
    }

    /// A section of the catalogue of the page. Only the default language is there from the beginning, each section with the
    /// pages that say it.
    #[cfg(target_arch = "wasm32")]
    fn section<T>(self, default: &'static T, of: fn(&'static Catalogue) -> &'static T) -> &'static T {
        INSTALLED.get().map_or(default, |(catalogue, _)| of(catalogue))
    }

    /// All that is said in it, in a program that holds all languages.
    #[must_use]
    pub const fn catalogue(self) -> &'static Catalogue {
        match self {
            Self::Spanish => &es::CATALOGUE,
            Self::English => &en::CATALOGUE,
            Self::Portuguese => &pt::CATALOGUE,
            Self::Wayuunaiki => &guc::CATALOGUE,
        }
    }
}

/// The catalogue of the page and the code of its language, where that is not Spanish: a page in another language is another
/// page.
#[cfg(target_arch = "wasm32")]
static INSTALLED: OnceLock<(&'static Catalogue, &'static str)> = OnceLock::new();

/// Has the program say everything in the words of this catalogue, which is that of this language, from now on.
pub fn install(catalogue: &'static Catalogue, language: Language) {
    // On the server each page has its own language.
    #[cfg(target_arch = "wasm32")]
    let _ = INSTALLED.set((catalogue, language.code()));
    #[cfg(not(target_arch = "wasm32"))]
    let _ = (catalogue, language);
}

/// The code of the language of the page, where that is not the default one.
#[must_use]
pub fn foreign() -> Option<&'static str> {
    #[cfg(target_arch = "wasm32")]
    return INSTALLED.get().map(|(_, code)| *code);
    #[cfg(not(target_arch = "wasm32"))]
    Some(language()).filter(|language| *language != Language::default()).map(Language::code)
}

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
    /// Why something cannot be done.
    refusals: Refusals = REFUSALS;
    /// What waits on the device.
    outbox: Outbox = OUTBOX;
    /// Widgets.
    embed: Embed = EMBED;
    /// Making what is pasted into a page of another site.
    widgets: Widgets = WIDGETS;
}

/// The public screen. Its program says it in turn in every language, and nothing else in any: it holds this section of all
/// of them, and no catalogue.
#[must_use]
pub fn screen() -> &'static messages::Screen {
    match language().whole() {
        Language::English => &en::SCREEN,
        Language::Portuguese => &pt::SCREEN,
        _ => &es::SCREEN,
    }
}

/// Setting up the public screen: a page that only the server draws.
#[must_use]
pub fn screen_setup() -> &'static messages::ScreenSetup {
    match language().whole() {
        Language::English => &en::SCREEN_SETUP,
        Language::Portuguese => &pt::SCREEN_SETUP,
        _ => &es::SCREEN_SETUP,
    }
}

/// What the strip at the foot of the window says (`src/surface/app/strip.js`), by name: a script that only the server fills. It
/// speaks the language of the page ([`Language::tag`]).
#[cfg(not(target_arch = "wasm32"))]
#[must_use]
pub fn strip_words(language: Language) -> Vec<(String, &'static str)> {
    let (own, strip) = (language.catalogue().outbox, language.catalogue().strip);
    [
        ("device", strip.device),
        ("look", strip.look),
        ("seen", own.seen),
        ("waiting", own.waiting),
        ("refused", own.refused),
        ("overtaken", own.overtaken),
        ("received", own.received),
        ("received_number", own.received_number),
        ("copy", strip.copy),
        ("copy_online", strip.copy_online),
        ("refresh", strip.refresh),
        ("newer", strip.newer),
        ("update", strip.update),
        ("spared", strip.spared),
        ("go_live", strip.go_live),
    ]
    .map(|(name, words)| (name.to_owned(), words))
    .into()
}

/// The page's shell in the words of a language: it is written in Spanish.
#[cfg(not(target_arch = "wasm32"))]
#[must_use]
pub fn in_shell(language: Language, shell: &str) -> String {
    let (written, own) = (&es::STRIP, language.whole().catalogue().strip);
    [(written.start_failure, own.start_failure), (written.no_script, own.no_script)]
        .into_iter()
        .fold(shell.to_owned(), |shell, (written, own)| shell.replacen(written, own, 1))
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

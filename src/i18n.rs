//! Languages: messages, plurals, numbers and dates.
//!
//! A language is one file of messages under `i18n/` and one entry in [`Language`]. Plurals, numbers and dates
//! come from CLDR: through the browser's `Intl` there, through ICU4X on the server, so that both write the same.

pub mod en;
mod es;
pub mod format;
mod messages;

pub use messages::{Messages, Plural};

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

    /// Its messages. In the browser only those of the default language are there from the beginning: until others
    /// are installed, these stand in for them.
    #[must_use]
    pub fn messages(self) -> &'static Messages {
        if cfg!(not(target_arch = "wasm32")) {
            return self.catalogue();
        }
        INSTALLED.get(self as usize).and_then(OnceLock::get).copied().unwrap_or(&es::MESSAGES)
    }

    /// Has [`Language::messages`] answer with these.
    pub fn install(self, messages: &'static Messages) {
        if let Some(place) = INSTALLED.get(self as usize) {
            // Installed twice they are the same.
            let _ = place.set(messages);
        }
    }

    /// Its messages, in a program that holds those of all languages.
    #[must_use]
    pub const fn catalogue(self) -> &'static Messages {
        match self {
            Self::Spanish => &es::MESSAGES,
            Self::English => &en::MESSAGES,
        }
    }
}

/// Messages by language, as far as they are here.
static INSTALLED: [OnceLock<&'static Messages>; Language::ALL.len()] =
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

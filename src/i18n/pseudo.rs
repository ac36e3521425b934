//! A language that nobody speaks and everybody can read, for tests: `⟦Ïñïçïö ~~⟧`.
//!
//! Text on a page that is not between its brackets was written where it stands and not in a catalogue; a page that has no
//! room for a third more has none for German either. It is no [`Language`](super::Language): nobody can choose it.

use super::Catalogue;
use std::cell::Cell;
use std::sync::OnceLock;

/// Begins every text.
pub const OPEN: char = '⟦';
/// Ends every text.
pub const CLOSE: char = '⟧';

thread_local! {
    static STANDS_IN: Cell<bool> = const { Cell::new(false) };
}

/// Does something, e.g. renders a page, with the pseudo-locale in the place of every language. Only in this thread.
pub fn within<T>(action: impl FnOnce() -> T) -> T {
    STANDS_IN.set(true);
    let done = action();
    STANDS_IN.set(false);
    done
}

/// The catalogue that stands in the place of every language, if one does.
pub(super) fn standing_in() -> Option<&'static Catalogue> {
    static CATALOGUE: OnceLock<Catalogue> = OnceLock::new();
    let made = || super::es::CATALOGUE.changed(&|text| Box::leak(pseudo(text).into_boxed_str()));
    STANDS_IN.get().then(|| CATALOGUE.get_or_init(made))
}

/// A text with accents on its letters, a third longer, between brackets. Its places for values stay.
#[must_use]
pub fn pseudo(text: &str) -> String {
    let mut out = String::from(OPEN);
    let mut in_place = false;
    for c in text.chars() {
        in_place = c == '{' || in_place && c != '}';
        out.push(if in_place { c } else { accented(c) });
    }
    if !text.trim().is_empty() {
        out.push(' ');
        out.extend(std::iter::repeat_n('~', text.chars().count().div_ceil(3)));
    }
    out.push(CLOSE);
    out
}

fn accented(c: char) -> char {
    const PLAIN: &str = "aceinosuyACEINOSUY";
    const ACCENTED: &str = "äçëïñöšüÿÄÇËÏÑÖŠÜŸ";
    let at = PLAIN.chars().position(|plain| plain == c);
    at.and_then(|at| ACCENTED.chars().nth(at)).unwrap_or(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pseudo_text_is_longer_and_keeps_its_places() {
        assert_eq!(pseudo("Inicio"), "⟦Ïñïçïö ~~⟧");
        assert_eq!(pseudo("{0} de {1}"), "⟦{0} dë {1} ~~~~⟧");
        assert_eq!(pseudo(""), "⟦⟧");
    }
}

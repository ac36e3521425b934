//! Wayuunaiki, of the Wayuu of La Guajira: a beginning. Only words that a published source gives in this sense; all else
//! falls back on Spanish. Whoever speaks it is welcome to go on: one line a message.
//!
//! Sources: Wikipedia in Wayuunaiki, article "Wayuunaiki" (*anüiki*: language), and in its incubator the article of the same
//! name (*jieyuu*: women); "Aprende Wayuunaiki", La Guajira Resiste, 2025 (*pia*: you).

use super::messages::{Catalogue, Discussion, Encounters, Messages, Widgets, fallback};
use super::partial::own;

/// All of it.
pub static CATALOGUE: Catalogue = Catalogue {
    everywhere: &EVERYWHERE,
    discussion: &DISCUSSION,
    encounters: &ENCOUNTERS,
    widgets: &WIDGETS,
    ..Catalogue::FALLBACK
};

/// What more than one page can say.
static EVERYWHERE: Messages = Messages { language: own!("Anüiki"), ..fallback::EVERYWHERE };

/// Writing, reading and reporting comments.
static DISCUSSION: Discussion = Discussion { you: own!("(pia)"), ..fallback::DISCUSSION };

/// The encounters of a process.
static ENCOUNTERS: Encounters = Encounters { women: own!("Jieyuu"), ..fallback::ENCOUNTERS };

/// Making what is pasted into a page of another site.
static WIDGETS: Widgets = Widgets { in_language: own!("Anüiki"), ..fallback::WIDGETS };

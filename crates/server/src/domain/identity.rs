//! Who has to identify themselves, and how they are asked.

use crate::catalogue::Entry;
use crate::domain::Refusal;
use crate::post::Letter;
use cabildo_app::i18n::{Language, fill, format};
use cabildo_contract::consultation::{Consultation, Held};
use cabildo_contract::identity::CODE_SECONDS;
use cabildo_contract::process::ProcessName;
use cabildo_contract::session::Assurance;
use cabildo_contract::time::Timestamp;

/// How people are recognised who vote in a consultation; none where it takes no ballots here.
#[must_use]
pub fn assurance(consultation: &Consultation) -> Option<&Assurance> {
    match &consultation.head.held {
        Held::Here { assurance, .. } => Some(assurance),
        _ => None,
    }
}

/// Whether a consultation of the process that is not over asks people to identify themselves in this way.
#[must_use]
pub fn is_asked_for(entry: &Entry, assurance: &Assurance, now: Timestamp) -> bool {
    let asks = |consultation: &Consultation| self::assurance(consultation) == Some(assurance);
    entry.consultations.iter().any(|c| asks(c) && now < c.head.period.closes)
}

/// Checks that consent was given to the present version.
///
/// # Errors
/// [`Refusal::ConsentRequired`].
pub fn check_consent(entry: &Entry, version: &str) -> Result<(), Refusal> {
    let present = entry.consent.as_ref().is_some_and(|consent| consent.version == version);
    present.then_some(()).ok_or(Refusal::ConsentRequired)
}

/// Whether nobody will have to be recognised in the process any more: it is over, and so are its consultations.
#[must_use]
pub fn is_over(entry: &Entry, now: Timestamp) -> bool {
    format::day(now, &entry.process.name.time_zone) > entry.process.to
        && entry.consultations.iter().all(|c| now >= c.head.period.closes)
}

/// The letter that brings a code.
#[must_use]
pub fn letter(code: &str, process: &ProcessName, language: Option<&str>) -> Letter {
    let language = language.and_then(Language::from_code).unwrap_or_default().whole();
    let own = language.catalogue().identity;
    let (first, second) = code.split_at(code.len() / 2);
    let minutes = (CODE_SECONDS / 60).to_string();
    Letter {
        // The code first: it can be read in the notification, without opening the letter.
        subject: fill(own.code_subject, &[&format!("{first} {second}")]),
        text: fill(own.code_text, &[&format!("{first} {second}"), &process.title, &minutes]),
    }
}

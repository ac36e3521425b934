//! When a consultation takes ballots.

use super::Refusal;
use cabildo_contract::ballot::BallotRule;
use cabildo_contract::consultation::{Consultation, Held};
use cabildo_contract::time::{State, Timestamp};

/// The rule by which a consultation takes ballots at `now`.
///
/// # Errors
/// [`Refusal::ConsultationClosed`] from the instant of its close, wherever it was held;
/// [`Refusal::NoBallotsHere`] if it is held elsewhere or asks for comments; [`Refusal::ConsultationUpcoming`] before it opens.
pub fn open_rule(consultation: &Consultation, now: Timestamp) -> Result<BallotRule, Refusal> {
    let state = consultation.head.period.state(now);
    match (&consultation.head.held, state) {
        (_, State::Closed) => Err(Refusal::ConsultationClosed),
        (Held::Elsewhere { .. } | Held::Comments {}, _) => Err(Refusal::NoBallotsHere),
        (Held::Here { .. }, State::Upcoming) => Err(Refusal::ConsultationUpcoming),
        (Held::Here { rule, .. }, State::Open) => Ok(*rule),
    }
}

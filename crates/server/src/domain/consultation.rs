//! When a consultation takes ballots.

use super::Refusal;
use crate::clock::Reading;
use cabildo_contract::ballot::BallotRule;
use cabildo_contract::consultation::{Consultation, Held};
use cabildo_contract::time::State;

/// The rule by which a consultation takes ballots now.
///
/// # Errors
/// [`Refusal::ConsultationClosed`] from the instant of its close, wherever it was held, also if the clock was set back
/// behind it since: what was published at the close stays as it was;
/// [`Refusal::NoBallotsHere`] if it is held elsewhere or asks for comments; [`Refusal::ConsultationUpcoming`] before it opens.
pub fn open_rule(consultation: &Consultation, time: Reading) -> Result<BallotRule, Refusal> {
    match (&consultation.head.held, time.state(&consultation.head.period)) {
        (_, State::Closed) => Err(Refusal::ConsultationClosed),
        (Held::Elsewhere { .. } | Held::Comments {}, _) => Err(Refusal::NoBallotsHere),
        (Held::Here { .. }, State::Upcoming) => Err(Refusal::ConsultationUpcoming),
        (Held::Here { rule, .. }, State::Open) => Ok(*rule),
    }
}

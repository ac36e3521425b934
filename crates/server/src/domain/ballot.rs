//! What casting, revising and withdrawing do to the one ballot of a person.

use super::Refusal;
use cabildo_contract::ballot::{Ballot, BallotBody, Checked};
use cabildo_contract::consultation::Consultation;
use cabildo_contract::tally::Channel;
use cabildo_contract::time::Timestamp;

/// What is on record of a person's ballot in a consultation; outlives its withdrawal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Acknowledgement number, the same for ever.
    pub receipt: String,
    /// Grows by one at each change.
    pub revision: u32,
    /// When the last change was received.
    pub received_at: Timestamp,
    /// The answer; none once withdrawn.
    pub body: Option<BallotBody>,
    /// How the last answer arrived.
    pub channel: Channel,
}

impl Record {
    /// The ballot, if it stands.
    #[must_use]
    pub fn ballot(self) -> Option<Ballot> {
        let Self { receipt, revision, received_at, body, .. } = self;
        body.map(|body| Ballot { receipt, revision, received_at, body })
    }
}

/// Checks an answer against the consultation at `now`.
///
/// # Errors
/// As [`super::consultation::open_rule`]; [`Refusal::Invalid`] with every fault of the answer.
pub fn check(consultation: &Consultation, body: BallotBody, now: Timestamp) -> Result<Checked, Refusal> {
    let rule = super::consultation::open_rule(consultation, now)?;
    rule.check(&consultation.options, body).map_err(Refusal::Invalid)
}

/// The record after casting `body` over `before`; none if the same answer stands already, which a repeated
/// request causes. `receipt` is for a first ballot.
#[must_use]
pub fn cast(
    before: Option<&Record>,
    body: &BallotBody,
    channel: Channel,
    receipt: &str,
    now: Timestamp,
) -> Option<Record> {
    match before {
        Some(record) if record.body.as_ref() == Some(body) => None,
        Some(record) => Some(Record {
            receipt: record.receipt.clone(),
            revision: record.revision.saturating_add(1),
            received_at: now,
            body: Some(body.clone()),
            channel,
        }),
        None => Some(Record {
            receipt: receipt.to_owned(),
            revision: 1,
            received_at: now,
            body: Some(body.clone()),
            channel,
        }),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use cabildo_contract::id::OptionId;

    fn body(options: &[&str]) -> BallotBody {
        BallotBody::of(options.iter().map(|id| OptionId::parse(*id).unwrap()).collect())
    }

    #[test]
    fn the_same_answer_again_changes_nothing() {
        let now = Timestamp::from_millis(1);
        let first = cast(None, &body(&["a"]), Channel::Online, "1", now).unwrap();
        assert_eq!(cast(Some(&first), &body(&["a"]), Channel::Online, "2", now), None);
    }

    #[test]
    fn a_new_answer_after_a_withdrawal_keeps_the_receipt_and_raises_the_revision() {
        let now = Timestamp::from_millis(1);
        let withdrawn =
            Record { body: None, ..cast(None, &body(&["a"]), Channel::Online, "1", now).unwrap() };
        let again = cast(Some(&withdrawn), &body(&["a"]), Channel::Online, "2", now).unwrap();
        assert_eq!((again.receipt.as_str(), again.revision), ("1", 2));
    }
}

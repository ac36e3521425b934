//! What casting, revising and withdrawing do to the one ballot of a person.

use super::Refusal;
use crate::clock::Reading;
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

/// Checks an answer against the consultation as it stands now.
///
/// # Errors
/// As [`super::consultation::open_rule`]; [`Refusal::Invalid`] with every fault of the answer.
pub fn check(consultation: &Consultation, body: BallotBody, time: Reading) -> Result<Checked, Refusal> {
    let rule = super::consultation::open_rule(consultation, time)?;
    rule.check(&consultation.options, body).map_err(Refusal::Invalid)
}

/// How often a ballot was changed so far.
#[must_use]
pub fn version(record: Option<&Record>) -> u32 {
    record.map_or(0, |record| record.revision)
}

/// The record after casting `body` over `before`; none if the same answer stands already, which a repeated
/// request causes. `replaces` is the version that it takes the place of, none of any; `receipt` is for a first ballot.
///
/// Where the answer that stands is given again over its own version, somebody came back to it: it becomes a version of
/// its own, so that whatever they sent in between, over the same version, comes too late.
///
/// # Errors
/// [`Refusal::BallotChanged`] where another version stands.
pub fn cast(
    before: Option<&Record>,
    body: &BallotBody,
    replaces: Option<u32>,
    channel: Channel,
    receipt: &str,
    now: Timestamp,
) -> Result<Option<Record>, Refusal> {
    let standing = version(before);
    if replaces != Some(standing) {
        if before.is_some_and(|record| record.body.as_ref() == Some(body)) {
            return Ok(None);
        }
        if replaces.is_some() {
            return Err(Refusal::BallotChanged);
        }
    }
    Ok(Some(Record {
        receipt: before.map_or(receipt, |record| &record.receipt).to_owned(),
        revision: standing.saturating_add(1),
        received_at: now,
        body: Some(body.clone()),
        channel,
    }))
}

/// The record after withdrawing the version that `replaces` names, or any; none where no ballot stands.
///
/// # Errors
/// [`Refusal::BallotChanged`] where another version stands.
pub fn withdraw(before: &Record, replaces: Option<u32>, now: Timestamp) -> Result<Option<Record>, Refusal> {
    if before.body.is_none() {
        return Ok(None);
    }
    if replaces.is_some_and(|version| version != before.revision) {
        return Err(Refusal::BallotChanged);
    }
    let revision = before.revision.saturating_add(1);
    Ok(Some(Record { body: None, received_at: now, revision, ..before.clone() }))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use cabildo_contract::id::OptionId;

    fn body(options: &[&str]) -> BallotBody {
        BallotBody::of(options.iter().map(|id| OptionId::parse(*id).unwrap()).collect())
    }

    const NOW: Timestamp = Timestamp::from_millis(1);

    fn cast_over(before: Option<&Record>, option: &str, replaces: Option<u32>) -> Option<Record> {
        cast(before, &body(&[option]), replaces, Channel::Online, "1", NOW).unwrap()
    }

    #[test]
    fn the_same_request_again_changes_nothing() {
        let first = cast_over(None, "a", Some(0)).unwrap();
        assert_eq!(cast_over(Some(&first), "a", None), None);
        assert_eq!(cast_over(Some(&first), "a", Some(0)), None);
    }

    #[test]
    fn an_answer_that_was_given_again_is_not_undone_by_the_one_between() {
        let first = cast_over(None, "a", Some(0)).unwrap();
        // "b" over version 1 is still on its way.
        let again = cast_over(Some(&first), "a", Some(1)).unwrap();
        assert_eq!((again.receipt.as_str(), again.revision), ("1", 2));
        let late = cast(Some(&again), &body(&["b"]), Some(1), Channel::Online, "1", NOW);
        assert!(matches!(late, Err(Refusal::BallotChanged)));
        assert_eq!(cast_over(Some(&again), "a", Some(1)), None, "sent again, it changes nothing");
    }

    #[test]
    fn a_new_answer_after_a_withdrawal_keeps_the_receipt_and_raises_the_revision() {
        let withdrawn = withdraw(&cast_over(None, "a", None).unwrap(), None, NOW).unwrap().unwrap();
        assert_eq!((withdrawn.revision, withdrawn.body.is_none()), (2, true));
        for again in [None, Some(1), Some(2)] {
            assert_eq!(
                withdraw(&withdrawn, again, NOW).unwrap(),
                None,
                "withdrawing it again changes nothing"
            );
        }
        let again = cast_over(Some(&withdrawn), "a", None).unwrap();
        assert_eq!((again.receipt.as_str(), again.revision), ("1", 3));
    }

    #[test]
    fn an_old_answer_that_arrives_late_undoes_neither_a_newer_one_nor_its_withdrawal() {
        let first = cast_over(None, "a", Some(0)).unwrap();
        let newer = cast_over(Some(&first), "b", Some(1)).unwrap();
        let withdrawn = withdraw(&newer, Some(2), NOW).unwrap().unwrap();
        for standing in [newer, withdrawn] {
            let late = cast(Some(&standing), &body(&["a"]), Some(0), Channel::Online, "1", NOW);
            assert!(matches!(late, Err(Refusal::BallotChanged)));
        }
    }

    #[test]
    fn a_withdrawal_that_arrives_late_undoes_no_newer_answer() {
        let first = cast_over(None, "a", Some(0)).unwrap();
        let newer = cast_over(Some(&first), "b", Some(1)).unwrap();
        assert!(matches!(withdraw(&newer, Some(1), NOW), Err(Refusal::BallotChanged)));
        // Nor once it was withdrawn, and the ballot cast again: the same request, twice.
        let withdrawn = withdraw(&newer, Some(2), NOW).unwrap().unwrap();
        let again = cast_over(Some(&withdrawn), "b", Some(3)).unwrap();
        assert!(matches!(withdraw(&again, Some(2), NOW), Err(Refusal::BallotChanged)));
    }
}

//! Ballots: what a valid one is, and the operations on one's own.
//!
//! [`BallotRule::check`] runs in the browser before sending and on the server before counting: a ballot that
//! one accepts the other accepts.

use crate::endpoint::{Endpoint, Method, NoBody};
use crate::id::{OptionId, Slug};
use crate::problem::{FieldProblem, FieldProblemKind, ProblemKind};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::HashSet;

/// How many options an approval ballot may choose. Invariant: `1 ≤ min ≤ max`.
///
/// Approval: a ballot names the options that it approves; an option's votes are the ballots that name it.
/// S. J. Brams and P. C. Fishburn, *Approval Voting* (1983).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "ApprovalBounds")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Approval {
    min: u32,
    max: u32,
}

/// The bounds as they arrive, before they are checked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ApprovalBounds {
    min: u32,
    max: u32,
}

/// The bounds contradict each other or allow an empty ballot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidRule;

impl std::fmt::Display for InvalidRule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an approval rule needs 1 ≤ min ≤ max")
    }
}

impl std::error::Error for InvalidRule {}

impl Approval {
    /// A rule of `min` to `max` choices.
    ///
    /// # Errors
    /// [`InvalidRule`] unless `1 ≤ min ≤ max`.
    pub const fn new(min: u32, max: u32) -> Result<Self, InvalidRule> {
        if min >= 1 && min <= max { Ok(Self { min, max }) } else { Err(InvalidRule) }
    }

    /// Fewest choices.
    #[must_use]
    pub const fn min(self) -> u32 {
        self.min
    }

    /// Most choices.
    #[must_use]
    pub const fn max(self) -> u32 {
        self.max
    }
}

impl TryFrom<ApprovalBounds> for Approval {
    type Error = InvalidRule;
    fn try_from(bounds: ApprovalBounds) -> Result<Self, InvalidRule> {
        Self::new(bounds.min, bounds.max)
    }
}

/// What a valid ballot is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum BallotRule {
    /// Choose some options, all alike.
    Approval(Approval),
}

impl BallotRule {
    /// Checks a ballot against the rule and the options on offer.
    ///
    /// # Errors
    /// Everything that is wrong with it, each with its place: too few or too many choices, an option twice,
    /// an option that is not on offer.
    pub fn check<'a>(
        &self,
        options: impl IntoIterator<Item = &'a OptionId>,
        ballot: BallotBody,
    ) -> Result<Checked, Vec<FieldProblem>> {
        let Self::Approval(bounds) = self;
        let offered: HashSet<&OptionId> = options.into_iter().collect();
        let mut problems = Vec::new();
        let count = u32::try_from(ballot.choices.len()).unwrap_or(u32::MAX);
        if count < bounds.min {
            problems.push(FieldProblem::bound("/choices", FieldProblemKind::TooFew, bounds.min));
        }
        if count > bounds.max {
            problems.push(FieldProblem::bound("/choices", FieldProblemKind::TooMany, bounds.max));
        }
        let mut seen = HashSet::new();
        for (index, choice) in ballot.choices.iter().enumerate() {
            let pointer = || format!("/choices/{index}");
            if !offered.contains(choice) {
                problems.push(FieldProblem::new(pointer(), FieldProblemKind::UnknownOption));
            } else if !seen.insert(choice) {
                problems.push(FieldProblem::new(pointer(), FieldProblemKind::Duplicate));
            }
        }
        if problems.is_empty() {
            let mut choices = ballot.choices;
            // Under approval the order says nothing: one order, so that equal ballots are equal.
            choices.sort();
            Ok(Checked(BallotBody { choices }))
        } else {
            Err(problems)
        }
    }
}

/// What a person fills in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BallotBody {
    /// Ids of the options chosen.
    pub choices: Vec<OptionId>,
}

/// A ballot that the rule of its consultation accepts: only [`BallotRule::check`] makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked(BallotBody);

impl Checked {
    /// The ballot, its choices in the order of their ids.
    #[must_use]
    pub fn body(&self) -> &BallotBody {
        &self.0
    }

    /// Gives the ballot up.
    #[must_use]
    pub fn into_body(self) -> BallotBody {
        self.0
    }
}

/// One person's current answer to a consultation, as the server keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Ballot {
    /// Acknowledgement number, nine digits in groups of three; the same through all revisions. Random, so it
    /// says nothing about how many others voted.
    pub receipt: String,
    /// 1 for the first answer, one more at each change.
    pub revision: u32,
    /// When this answer was received.
    pub received_at: Timestamp,
    /// The answer.
    #[serde(flatten)]
    pub body: BallotBody,
}

/// The caller's ballot, or none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MyBallot {
    /// Null before it is cast and after it is withdrawn.
    pub ballot: Option<Ballot>,
}

const PATTERN: &str = "/api/v1/consultations/{consultation}/ballot";

/// Reads the caller's ballot.
#[derive(Debug, Clone)]
pub struct GetBallot {
    /// Slug or id of the consultation.
    pub consultation: Slug,
}

impl Endpoint for GetBallot {
    const METHOD: Method = Method::Get;
    const PATTERN: &'static str = PATTERN;
    const NAME: &'static str = "get_ballot";
    const SUMMARY: &'static str = "The caller's ballot, or null.";
    const PROBLEMS: &'static [ProblemKind] = &[ProblemKind::NotFound];
    type Body = NoBody;
    type Output = MyBallot;

    fn path(&self) -> String {
        format!("/api/v1/consultations/{}/ballot", self.consultation)
    }
}

/// Casts the caller's ballot or revises it. Repeating it changes nothing: there is one ballot a person.
#[derive(Debug, Clone)]
pub struct CastBallot {
    /// Slug or id of the consultation.
    pub consultation: Slug,
    /// The answer.
    pub body: BallotBody,
}

impl Endpoint for CastBallot {
    const METHOD: Method = Method::Put;
    const PATTERN: &'static str = PATTERN;
    const NAME: &'static str = "cast_ballot";
    const SUMMARY: &'static str =
        "Cast the caller's ballot, or revise it. Acknowledged only once it is stored durably.";
    const PROBLEMS: &'static [ProblemKind] = &[
        ProblemKind::NotFound,
        ProblemKind::SessionRequired,
        ProblemKind::ConsultationUpcoming,
        ProblemKind::ConsultationClosed,
        ProblemKind::NoBallotsHere,
    ];
    type Body = BallotBody;
    type Output = Ballot;

    fn path(&self) -> String {
        format!("/api/v1/consultations/{}/ballot", self.consultation)
    }

    fn body(&self) -> Option<&BallotBody> {
        Some(&self.body)
    }
}

/// Withdraws the caller's ballot: afterwards it is as if it had never been cast.
#[derive(Debug, Clone)]
pub struct WithdrawBallot {
    /// Slug or id of the consultation.
    pub consultation: Slug,
}

impl Endpoint for WithdrawBallot {
    const METHOD: Method = Method::Delete;
    const PATTERN: &'static str = PATTERN;
    const NAME: &'static str = "withdraw_ballot";
    const SUMMARY: &'static str = "Withdraw the caller's ballot. Repeating it changes nothing.";
    const PROBLEMS: &'static [ProblemKind] = &[
        ProblemKind::NotFound,
        ProblemKind::SessionRequired,
        ProblemKind::ConsultationUpcoming,
        ProblemKind::ConsultationClosed,
        ProblemKind::NoBallotsHere,
    ];
    type Body = NoBody;
    type Output = MyBallot;

    fn path(&self) -> String {
        format!("/api/v1/consultations/{}/ballot", self.consultation)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn id(n: usize) -> OptionId {
        OptionId::parse(format!("o{n}")).unwrap()
    }

    fn check(min: u32, max: u32, choices: &[usize]) -> Result<Checked, Vec<FieldProblem>> {
        let offered: Vec<_> = (0..5).map(id).collect();
        let ballot = BallotBody { choices: choices.iter().copied().map(id).collect() };
        BallotRule::Approval(Approval::new(min, max).unwrap()).check(&offered, ballot)
    }

    #[test]
    fn a_rule_that_nobody_could_follow_cannot_exist() {
        assert_eq!(Approval::new(0, 3), Err(InvalidRule));
        assert_eq!(Approval::new(4, 3), Err(InvalidRule));
        assert!(serde_json::from_str::<BallotRule>(r#"{"kind":"approval","min":1,"max":5}"#).is_ok());
        assert!(serde_json::from_str::<BallotRule>(r#"{"kind":"approval","min":5,"max":1}"#).is_err());
    }

    #[test]
    fn every_fault_of_a_ballot_is_named_with_its_place() {
        let faults = check(1, 2, &[0, 9, 0]).unwrap_err();
        let expected = [
            FieldProblem::bound("/choices", FieldProblemKind::TooMany, 2),
            FieldProblem::new("/choices/1", FieldProblemKind::UnknownOption),
            FieldProblem::new("/choices/2", FieldProblemKind::Duplicate),
        ];
        assert_eq!(faults, expected);
        assert_eq!(
            check(2, 3, &[1]).unwrap_err(),
            [FieldProblem::bound("/choices", FieldProblemKind::TooFew, 2)]
        );
    }

    proptest! {
        #[test]
        fn a_ballot_is_accepted_exactly_when_it_follows_the_rule(
            min in 1_u32..4, extra in 0_u32..4, choices in prop::collection::vec(0_usize..7, 0..7),
        ) {
            let max = min + extra;
            let distinct: HashSet<_> = choices.iter().collect();
            let follows = choices.len() >= min as usize && choices.len() <= max as usize
                && distinct.len() == choices.len() && choices.iter().all(|c| *c < 5);
            prop_assert_eq!(check(min, max, &choices).is_ok(), follows);
        }

        #[test]
        fn the_order_of_approvals_says_nothing(mut choices in prop::sample::subsequence(vec![0, 1, 2, 3, 4], 1..5)) {
            let forwards = check(1, 5, &choices);
            choices.reverse();
            prop_assert_eq!(forwards, check(1, 5, &choices));
        }
    }
}

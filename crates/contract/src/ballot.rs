//! Ballots: what a valid one is, and the operations on one's own.
//!
//! [`BallotRule::check`] runs in the browser before sending and on the server before counting: a ballot that
//! one accepts the other accepts.

mod rule;

pub use rule::{Approval, BallotRule, Cumulative, FirstPlace, InvalidRule, Ordinal, Scoring};

use crate::endpoint::{Endpoint, Method, NoBody, replacing};
use crate::id::{OptionId, Slug};
use crate::problem::ProblemKind;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// What a person fills in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BallotBody {
    /// Ids of the options chosen; where the rule is a ranking, best first.
    pub choices: Vec<OptionId>,
    /// Where the rule asks for points or scores: one number for each choice, in the same order. Left out elsewhere.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub points: Vec<i32>,
}

impl BallotBody {
    /// A ballot that names options and gives no points.
    #[must_use]
    pub const fn of(choices: Vec<OptionId>) -> Self {
        Self { choices, points: Vec::new() }
    }
}

/// A ballot that the rule of its consultation accepts: only [`BallotRule::check`] makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked(BallotBody);

impl Checked {
    /// The ballot as it is kept: a ranking as it was given, everything else in the order of the options' ids, so that
    /// equal ballots are equal.
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
    /// 1 for the first answer, one more at each change; withdrawing it is one.
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
    /// How often it was cast, revised or withdrawn: 0 before it is cast. [`CastBallot::replaces`] takes it.
    #[serde(default)]
    pub version: u32,
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
    /// The [`MyBallot::version`] that it is to take the place of; if it is another by now, nothing is changed, and it is
    /// refused unless the answer that stands is the same. None takes the place of whatever there is. Whoever may send an
    /// answer long after it was given, or twice, needs this: an old answer that arrives late must not undo a newer one.
    /// For the same reason, the answer that stands, given again over its own version, is a version of its own.
    pub replaces: Option<u32>,
}

impl CastBallot {
    /// An answer that takes the place of whatever there is.
    #[must_use]
    pub const fn new(consultation: Slug, body: BallotBody) -> Self {
        Self { consultation, body, replaces: None }
    }
}

impl Endpoint for CastBallot {
    const METHOD: Method = Method::Put;
    const PATTERN: &'static str = PATTERN;
    const NAME: &'static str = "cast_ballot";
    const SUMMARY: &'static str =
        "Cast the caller's ballot, or revise it. Acknowledged only once it is stored durably.";
    const QUERY: &'static [(&'static str, &'static str)] =
        &[("replaces", "The version of the ballot that this one is to take the place of; otherwise any.")];
    const PROBLEMS: &'static [ProblemKind] = &[
        ProblemKind::BallotChanged,
        ProblemKind::NotFound,
        ProblemKind::SessionRequired,
        ProblemKind::IdentityRequired,
        ProblemKind::ConsultationUpcoming,
        ProblemKind::ConsultationClosed,
        ProblemKind::NoBallotsHere,
    ];
    type Body = BallotBody;
    type Output = Ballot;

    fn path(&self) -> String {
        replacing(format!("/api/v1/consultations/{}/ballot", self.consultation), self.replaces)
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
    /// The [`MyBallot::version`] that is to be withdrawn; if another stands by now, it stays. None withdraws whatever there
    /// is. As with [`CastBallot::replaces`], a withdrawal that arrives late must not undo a newer answer.
    pub replaces: Option<u32>,
}

impl WithdrawBallot {
    /// A withdrawal of whatever there is.
    #[must_use]
    pub const fn new(consultation: Slug) -> Self {
        Self { consultation, replaces: None }
    }
}

impl Endpoint for WithdrawBallot {
    const METHOD: Method = Method::Delete;
    const PATTERN: &'static str = PATTERN;
    const NAME: &'static str = "withdraw_ballot";
    const SUMMARY: &'static str = "Withdraw the caller's ballot. Repeating it changes nothing.";
    const QUERY: &'static [(&'static str, &'static str)] =
        &[("replaces", "The version of the ballot that is to be withdrawn; otherwise any.")];
    const PROBLEMS: &'static [ProblemKind] = &[
        ProblemKind::BallotChanged,
        ProblemKind::NotFound,
        ProblemKind::SessionRequired,
        ProblemKind::IdentityRequired,
        ProblemKind::ConsultationUpcoming,
        ProblemKind::ConsultationClosed,
        ProblemKind::NoBallotsHere,
    ];
    type Body = NoBody;
    type Output = MyBallot;

    fn path(&self) -> String {
        replacing(format!("/api/v1/consultations/{}/ballot", self.consultation), self.replaces)
    }
}

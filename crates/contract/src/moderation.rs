//! Moderation: what becomes of comments that people report, and of the first ones of somebody new.
//!
//! A moderator keeps a comment or hides it, each time with a reason, and may decide otherwise later. A hidden comment
//! keeps its place: everybody reads that it was hidden and why, its author and moderators also what it said. Decisions
//! are counted in public ([`ModerationCounts`]).

use crate::answer::About;
use crate::comment::{Comment, ReportReason};
use crate::endpoint::{Endpoint, Method, NoBody};
use crate::id::{CommentId, Slug};
use crate::page::{Page, query_string};
use crate::problem::{FieldProblem, FieldProblemKind, ProblemKind};
use crate::tally::Count;
use crate::text::{self, DECISION_REASON_MAX};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// What becomes of the first comments of somebody new.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum FirstComments {
    /// Everybody reads them at once, as any others.
    #[default]
    Publish,
    /// They wait until a moderator has kept one; from then on the person's next ones are read at once.
    Approve,
}

/// How a process is moderated.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ModerationPolicy {
    /// What becomes of the first comments of somebody new.
    #[serde(default)]
    pub first_comments: FirstComments,
}

/// What a moderator decides about a comment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Decision {
    /// Everybody reads it: its reports are closed, it no longer waits, it is no longer hidden.
    Keep,
    /// Everybody reads that it was hidden and why, and no longer what it said.
    Hide,
}

impl Decision {
    /// Both, in the order in which they are offered.
    pub const ALL: [Self; 2] = [Self::Keep, Self::Hide];

    /// As in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Keep => "keep",
            Self::Hide => "hide",
        }
    }
}

/// What a moderator sends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewDecision {
    /// What is decided.
    pub decision: Decision,
    /// Why, in 1 to 500 characters. Everybody reads it where a comment is hidden.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 500))]
    pub reason: String,
}

/// Cleans the reason of a decision and checks its length.
///
/// # Errors
/// The one problem with it, at `/reason`.
pub fn check_reason(reason: &str) -> Result<String, FieldProblem> {
    let clean = text::clean(reason);
    if clean.is_empty() {
        Err(FieldProblem::new("/reason", FieldProblemKind::Required))
    } else if clean.chars().count() > DECISION_REASON_MAX {
        Err(FieldProblem::bound("/reason", FieldProblemKind::TooLong, DECISION_REASON_MAX as u32))
    } else {
        Ok(clean)
    }
}

/// A decision that was taken. Each stays on record, also after another one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Decided {
    /// What was decided.
    pub decision: Decision,
    /// Why.
    pub reason: String,
    /// Who decided, by the name in the key.
    pub moderator: String,
    /// When.
    pub decided_at: Timestamp,
}

/// The open reports of a comment for one reason. Nobody is told who reported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReportCount {
    /// The reason.
    pub reason: ReportReason,
    /// How many people reported the comment for it.
    pub reports: u32,
    /// What they wrote beside it, oldest first, empty notes left out.
    pub notes: Vec<String>,
}

/// A comment before a moderator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Case {
    /// The comment with its words, also where not everybody reads them.
    #[serde(flatten)]
    pub comment: Comment,
    /// What it is about.
    pub about: About,
    /// The comment that it answers; null if it is no reply.
    pub parent: Option<CommentId>,
    /// Its open reports.
    pub reports: Vec<ReportCount>,
    /// What was decided about it, oldest first.
    pub decisions: Vec<Decided>,
}

/// Which comments are before a moderator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Queue {
    /// Those that wait for approval or have open reports, the oldest of these first.
    #[default]
    Open,
    /// Those that were decided and have no open report, the latest decision first.
    Decided,
}

impl Queue {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Open, Self::Decided];

    /// As in addresses.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Decided => "decided",
        }
    }

    /// Reads what [`Self::as_str`] writes; empty is the default.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if text.is_empty() {
            return Some(Self::default());
        }
        Self::ALL.into_iter().find(|each| each.as_str() == text)
    }
}

/// Where a comment stands with the moderators.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CaseState {
    /// It has an open report.
    Reported,
    /// It waits for approval.
    Waiting,
    /// It is hidden.
    Hidden,
    /// It was kept, and not reported since.
    Kept,
}

/// Comments and replies of a process by where they stand with the moderators. Each is counted once, deleted ones are not.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ModerationCounts {
    /// With an open report.
    pub reported: Count,
    /// Waiting for approval.
    pub waiting: Count,
    /// Hidden.
    pub hidden: Count,
    /// Kept by a decision, and not reported since.
    pub kept: Count,
}

/// Adds up comments: each as where it stands, and whether it is simulated.
#[must_use]
pub fn count(comments: impl IntoIterator<Item = (CaseState, bool)>) -> ModerationCounts {
    let mut counts = ModerationCounts::default();
    for (standing, simulated) in comments {
        let count = match standing {
            CaseState::Reported => &mut counts.reported,
            CaseState::Waiting => &mut counts.waiting,
            CaseState::Hidden => &mut counts.hidden,
            CaseState::Kept => &mut counts.kept,
        };
        count.add(simulated);
    }
    counts
}

/// Lists the comments that are before a moderator.
#[derive(Debug, Clone)]
pub struct ListCases {
    /// Slug or id of the process.
    pub process: Slug,
    /// Which.
    pub queue: Queue,
    /// Where to continue; empty for the first page.
    pub cursor: String,
}

impl Endpoint for ListCases {
    const METHOD: Method = Method::Get;
    const PATTERN: &'static str = "/api/v1/processes/{process}/moderation";
    const NAME: &'static str = "list_cases";
    const SUMMARY: &'static str = "The comments that were reported or wait for approval, oldest first, or those that were decided, latest first. Needs the key of a moderator: `Authorization: Bearer KEY`.";
    const QUERY: &'static [(&'static str, &'static str)] = &[
        ("queue", "`open` (default) or `decided`."),
        crate::proposal::PAGE_QUERY[0],
        crate::proposal::PAGE_QUERY[1],
    ];
    const PROBLEMS: &'static [ProblemKind] = &[ProblemKind::NotFound, ProblemKind::ModeratorKeyRequired];
    type Body = NoBody;
    type Output = Page<Case>;

    fn path(&self) -> String {
        let queue = if self.queue == Queue::default() { "" } else { self.queue.as_str() };
        let query = query_string(&[("queue", queue), ("cursor", &self.cursor)]);
        format!("/api/v1/processes/{}/moderation{query}", self.process)
    }
}

/// Decides about a comment or reply.
#[derive(Debug, Clone)]
pub struct DecideComment {
    /// The comment or reply.
    pub comment: CommentId,
    /// The decision.
    pub body: NewDecision,
}

impl Endpoint for DecideComment {
    const METHOD: Method = Method::Put;
    const PATTERN: &'static str = "/api/v1/comments/{comment}/moderation";
    const NAME: &'static str = "decide_comment";
    const SUMMARY: &'static str = "Keep a comment or hide it, with a reason; a later decision takes the place of an earlier one. Needs the key of a moderator: `Authorization: Bearer KEY`.";
    const PROBLEMS: &'static [ProblemKind] =
        &[ProblemKind::NotFound, ProblemKind::ModeratorKeyRequired, ProblemKind::CommentDeleted];
    type Body = NewDecision;
    type Output = Decided;

    fn path(&self) -> String {
        format!("/api/v1/comments/{}/moderation", self.comment)
    }

    fn body(&self) -> Option<&NewDecision> {
        Some(&self.body)
    }
}

/// One's own comment that not everybody reads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OwnComment {
    /// The comment with its words, and why not everybody reads them.
    #[serde(flatten)]
    pub comment: Comment,
    /// What it is about.
    pub about: About,
    /// The comment that it answers; null if it is no reply.
    pub parent: Option<CommentId>,
}

/// Lists one's own comments that not everybody reads.
#[derive(Debug, Clone, Copy)]
pub struct ListOwnComments;

impl Endpoint for ListOwnComments {
    const METHOD: Method = Method::Get;
    const PATTERN: &'static str = "/api/v1/session/comments";
    const NAME: &'static str = "list_own_comments";
    const SUMMARY: &'static str = "One's own comments that not everybody reads, newest first, at most 100: those that wait for approval, and those that were hidden, with the reason. Empty without a session.";
    const PROBLEMS: &'static [ProblemKind] = &[];
    type Body = NoBody;
    type Output = Page<OwnComment>;

    fn path(&self) -> String {
        Self::PATTERN.to_owned()
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use crate::comment::Moderation;

    #[test]
    fn a_decision_without_a_reason_is_none() {
        assert_eq!(check_reason(" \n"), Err(FieldProblem::new("/reason", FieldProblemKind::Required)));
        assert_eq!(check_reason(" Datos de terceros "), Ok("Datos de terceros".to_owned()));
        assert!(check_reason(&"ñ".repeat(DECISION_REASON_MAX)).is_ok());
        let long = check_reason(&"ñ".repeat(DECISION_REASON_MAX + 1));
        assert_eq!(long, Err(FieldProblem::bound("/reason", FieldProblemKind::TooLong, 500)));
    }

    #[test]
    fn a_comment_is_counted_where_it_stands_and_once() {
        let counts = count([
            (CaseState::Reported, false),
            (CaseState::Hidden, true),
            (CaseState::Hidden, false),
            (CaseState::Kept, false),
        ]);
        assert_eq!(counts.reported, Count { total: 1, simulated: 0 });
        assert_eq!(counts.hidden, Count { total: 2, simulated: 1 });
        assert_eq!((counts.kept.total, counts.waiting.total), (1, 0));
    }

    #[test]
    fn a_process_that_says_nothing_publishes_first_comments_at_once() {
        let policy: ModerationPolicy = serde_json::from_str("{}").unwrap();
        assert_eq!(policy.first_comments, FirstComments::Publish);
        assert!(serde_json::from_str::<ModerationPolicy>(r#"{"first":"approve"}"#).is_err());
    }

    #[test]
    fn every_queue_is_read_back_and_an_unknown_one_is_refused() {
        for queue in Queue::ALL {
            assert_eq!(Queue::parse(queue.as_str()), Some(queue));
        }
        assert_eq!((Queue::parse(""), Queue::parse("all")), (Some(Queue::Open), None));
    }

    #[test]
    fn only_a_comment_with_words_and_without_reservations_stands() {
        let text = r#"{"id":"c-1","author":"A","simulated":false,"stance":null,"text":"Hola",
            "posted_at":"2026-06-01T12:00:00Z","edited_at":null}"#;
        let mut comment: Comment = serde_json::from_str(text).unwrap();
        assert!(comment.stands(), "an older server says nothing of moderation");
        comment.moderation = Some(Moderation::Waiting);
        assert!(!comment.stands());
        let again: Comment = serde_json::from_str(&serde_json::to_string(&comment).unwrap()).unwrap();
        assert_eq!(again, comment);
        comment = Comment { moderation: None, text: None, ..comment };
        assert!(!comment.stands());
    }
}

//! Answers: what an entity says in writing to a comment.
//!
//! OGP asks for a *reasoned response* to what people contribute
//! (<https://www.opengovpartnership.org/glossary/reasoned-response/>): what became of it, and why. An answer is written
//! at an answering desk, which an entity opens with a key that the operator gives it.

use crate::comment::{Comment, Stance, Subject};
use crate::endpoint::{Endpoint, Method, NoBody};
use crate::id::{CommentId, OptionId, ProposalId, Slug};
use crate::page::{Page, query_string};
use crate::problem::{FieldProblem, FieldProblemKind, ProblemKind};
use crate::tally::Count;
use crate::text::{self, ANSWER_MAX};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// What became of what a comment asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Effect {
    /// It changed the text.
    Adopted,
    /// A part of it changed the text.
    PartlyAdopted,
    /// It changed nothing, for the reason given.
    NotAdopted,
    /// It asked for no change: a question, a remark.
    Noted,
}

impl Effect {
    /// All, in the order in which they are offered.
    pub const ALL: [Self; 4] = [Self::Adopted, Self::PartlyAdopted, Self::NotAdopted, Self::Noted];

    /// As in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Adopted => "adopted",
            Self::PartlyAdopted => "partly_adopted",
            Self::NotAdopted => "not_adopted",
            Self::Noted => "noted",
        }
    }

    /// Whether the text is another because of it: then the difference between its versions is the proof.
    #[must_use]
    pub const fn changed_the_text(self) -> bool {
        matches!(self, Self::Adopted | Self::PartlyAdopted)
    }
}

/// What an entity answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Answer {
    /// Who answers.
    pub entity: String,
    /// What became of what the comment asks for.
    pub effect: Effect,
    /// The answer, in the subset of [`crate::markdown`].
    pub text: String,
    /// When it was first given: the time to answer counts up to here.
    pub answered_at: Timestamp,
    /// When its words were last mended, if ever.
    pub edited_at: Option<Timestamp>,
}

/// What an entity writes as an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewAnswer {
    /// What became of what the comment asks for.
    pub effect: Effect,
    /// 1 to 4000 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 4000))]
    pub text: String,
}

/// Cleans the text of an answer and checks its length.
///
/// # Errors
/// The one problem with it, at `/text`.
pub fn check_answer(text: &str) -> Result<String, FieldProblem> {
    let clean = text::clean(text);
    if clean.is_empty() {
        Err(FieldProblem::new("/text", FieldProblemKind::Required))
    } else if clean.chars().count() > ANSWER_MAX {
        Err(FieldProblem::bound("/text", FieldProblemKind::TooLong, ANSWER_MAX as u32))
    } else {
        Ok(clean)
    }
}

/// How many comments were answered in writing, and how long that took. Replies are not counted: an answer to a comment
/// answers its thread.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Answers {
    /// Comments that stand and have an answer.
    pub answered: Count,
    /// Comments that stand and have none yet.
    pub pending: Count,
    /// Median time from comment to first answer, in seconds: of an even number the lower of the two in the middle. Null
    /// before the first answer.
    pub median_seconds: Option<u64>,
}

/// Adds up comments: each as when it was posted, when it was answered if it was, and whether it is simulated.
#[must_use]
pub fn count(comments: impl IntoIterator<Item = (Timestamp, Option<Timestamp>, bool)>) -> Answers {
    let mut answers = Answers::default();
    let mut waits = Vec::new();
    for (posted, answered, simulated) in comments {
        match answered {
            Some(at) => {
                answers.answered.add(simulated);
                waits.push(u64::try_from((at.millis() - posted.millis()) / 1000).unwrap_or(0));
            }
            None => answers.pending.add(simulated),
        }
    }
    waits.sort_unstable();
    answers.median_seconds = waits.get(waits.len().saturating_sub(1) / 2).copied();
    answers
}

/// What a comment is about, by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum About {
    /// A proposal.
    Proposal {
        /// Its id.
        id: ProposalId,
        /// Its title.
        title: String,
    },
    /// An option of a consultation.
    Option {
        /// Its id.
        id: OptionId,
        /// Its title.
        title: String,
    },
}

impl About {
    /// What it names.
    #[must_use]
    pub fn subject(&self) -> Subject {
        match self {
            Self::Proposal { id, .. } => Subject::Proposal(id.clone()),
            Self::Option { id, .. } => Subject::Option(id.clone()),
        }
    }

    /// Its title.
    #[must_use]
    pub fn title(&self) -> &str {
        match self {
            Self::Proposal { title, .. } | Self::Option { title, .. } => title,
        }
    }
}

/// A comment among all of a process, with what it is about and its answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Contribution {
    /// The comment.
    #[serde(flatten)]
    pub comment: Comment,
    /// What it is about.
    pub about: About,
    /// What an entity answered; null until one has.
    pub answer: Option<Answer>,
}

/// Which comments of a process are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Answered {
    /// Those without an answer, oldest first: who has waited longest.
    #[default]
    Pending,
    /// Those with one, newest comment first.
    Answered,
}

impl Answered {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Pending, Self::Answered];

    /// As in addresses.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Answered => "answered",
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

/// Lists the comments of a process that were answered, or that wait for an answer.
#[derive(Debug, Clone)]
pub struct ListContributions {
    /// Slug or id of the process.
    pub process: Slug,
    /// Which.
    pub answer: Answered,
    /// Where to continue; empty for the first page.
    pub cursor: String,
}

impl Endpoint for ListContributions {
    const METHOD: Method = Method::Get;
    const PATTERN: &'static str = "/api/v1/processes/{process}/comments";
    const NAME: &'static str = "list_contributions";
    const SUMMARY: &'static str = "The comments of a process that wait for an answer, longest first, or those that were answered, newest first; with what each is about. Replies are left out.";
    const CONTENT: bool = true;
    const QUERY: &'static [(&'static str, &'static str)] = &[
        ("answer", "`pending` (default) or `answered`."),
        crate::proposal::PAGE_QUERY[0],
        crate::proposal::PAGE_QUERY[1],
    ];
    const PROBLEMS: &'static [ProblemKind] = &[ProblemKind::NotFound];
    type Body = NoBody;
    type Output = Page<Contribution>;

    fn path(&self) -> String {
        let answer = if self.answer == Answered::default() { "" } else { self.answer.as_str() };
        let query = query_string(&[("answer", answer), ("cursor", &self.cursor)]);
        format!("/api/v1/processes/{}/comments{query}", self.process)
    }
}

/// Who answers at a desk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Desk {
    /// The entity in whose name answers are given.
    pub entity: String,
    /// The first instant at which its key no longer opens it.
    pub closes_at: Timestamp,
}

/// Name of the request header that carries the key of a desk, as `Bearer KEY`
/// ([RFC 6750](https://www.rfc-editor.org/rfc/rfc6750)).
pub const KEY_HEADER: &str = "authorization";

/// Reads whose desk the caller's key opens.
#[derive(Debug, Clone)]
pub struct GetDesk {
    /// Slug or id of the process.
    pub process: Slug,
}

impl Endpoint for GetDesk {
    const METHOD: Method = Method::Get;
    const PATTERN: &'static str = "/api/v1/processes/{process}/desk";
    const NAME: &'static str = "get_desk";
    const SUMMARY: &'static str =
        "Whose answering desk the key in the header `Authorization: Bearer KEY` opens.";
    const PROBLEMS: &'static [ProblemKind] = &[ProblemKind::NotFound, ProblemKind::DeskKeyRequired];
    type Body = NoBody;
    type Output = Desk;

    fn path(&self) -> String {
        format!("/api/v1/processes/{}/desk", self.process)
    }
}

/// Answers a comment in the name of an entity, or mends its answer.
#[derive(Debug, Clone)]
pub struct AnswerComment {
    /// The comment.
    pub comment: CommentId,
    /// The answer.
    pub body: NewAnswer,
}

impl Endpoint for AnswerComment {
    const METHOD: Method = Method::Put;
    const PATTERN: &'static str = "/api/v1/comments/{comment}/answer";
    const NAME: &'static str = "answer_comment";
    const SUMMARY: &'static str = "Answer a comment in the name of an entity, or mend that entity's answer. Needs the key of a desk: `Authorization: Bearer KEY`.";
    const PROBLEMS: &'static [ProblemKind] = &[
        ProblemKind::NotFound,
        ProblemKind::DeskKeyRequired,
        ProblemKind::NotYours,
        ProblemKind::ReplyToReply,
        ProblemKind::CommentDeleted,
        ProblemKind::CommentHidden,
    ];
    type Body = NewAnswer;
    type Output = Answer;

    fn path(&self) -> String {
        format!("/api/v1/comments/{}/answer", self.comment)
    }

    fn body(&self) -> Option<&NewAnswer> {
        Some(&self.body)
    }
}

/// For and against among comments, where both sides are heard.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Stances {
    /// Comments in favour.
    #[serde(rename = "for")]
    pub favour: u64,
    /// Comments against.
    pub against: u64,
    /// Comments that are neither.
    pub neutral: u64,
}

impl Stances {
    /// One more comment of this stance.
    pub fn add(&mut self, stance: Stance) {
        match stance {
            Stance::For => self.favour += 1,
            Stance::Against => self.against += 1,
            Stance::Neutral => self.neutral += 1,
        }
    }

    /// How disputed something is: the comments on its smaller side. Nobody against, no controversy; five for and four
    /// against are as disputed as forty for and four against, and less than six for and five against.
    ///
    /// Of the usual measures it is the one that a sentence explains and a table shows. Reddit's
    /// ([`_sorts.pyx`](https://github.com/reddit-archive/reddit/blob/master/r2/r2/lib/db/_sorts.pyx)) raises the number of
    /// all to the power of the smaller side over the larger.
    #[must_use]
    pub fn controversy(&self) -> u64 {
        self.favour.min(self.against)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_millis(second * 1000)
    }

    #[test]
    fn the_median_is_that_of_the_answered_comments_alone() {
        let answers = count([
            (at(0), Some(at(10)), false),
            (at(0), Some(at(1_000)), false),
            (at(5), Some(at(25)), true),
            (at(0), None, false),
        ]);
        assert_eq!(answers.median_seconds, Some(20));
        assert_eq!(answers.answered, Count { total: 3, simulated: 1 });
        assert_eq!(answers.pending, Count { total: 1, simulated: 0 });
    }

    #[test]
    fn before_the_first_answer_there_is_no_median() {
        assert_eq!(count([]), Answers::default());
        assert_eq!(count([(at(0), None, false)]).median_seconds, None);
        assert_eq!(count([(at(0), Some(at(4)), false), (at(0), Some(at(9)), false)]).median_seconds, Some(4));
    }

    #[test]
    fn an_answer_may_be_longer_than_a_comment_but_not_endless() {
        assert!(check_answer(&"ñ".repeat(ANSWER_MAX)).is_ok());
        let long = check_answer(&"ñ".repeat(ANSWER_MAX + 1));
        assert_eq!(long, Err(FieldProblem::bound("/text", FieldProblemKind::TooLong, 4000)));
        assert_eq!(check_answer(" "), Err(FieldProblem::new("/text", FieldProblemKind::Required)));
    }
}

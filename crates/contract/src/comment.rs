//! Comments: people's words on a proposal or on an option of a consultation, with one level of replies and, where an
//! entity has written one, its answer.

use crate::answer::Answer;
use crate::endpoint::{Endpoint, Live, Method, NoBody};
use crate::id::{CommentId, OptionId, ProposalId};
use crate::live::AsOf;
use crate::page::{Page, query_string};
use crate::problem::{FieldProblem, FieldProblemKind, ProblemKind};
use crate::tally::Count;
use crate::text::{self, COMMENT_MAX, REPORT_NOTE_MAX};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// Seconds after posting in which the author can edit or delete a comment: thirty minutes, long enough to
/// mend a slip, too short to change what others answered to.
pub const EDIT_SECONDS: i64 = 30 * 60;

/// What a comment is about.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// A proposal.
    Proposal(ProposalId),
    /// An option of a consultation, e.g. a candidacy.
    Option(OptionId),
}

/// The id of something that can be commented on, with the addresses of its discussion.
pub trait Commented: Clone + std::fmt::Display + Into<Subject> {
    /// Address of its comments.
    const LIST: &'static str;
    /// Address of its live stream.
    const LIVE: &'static str;
    /// Names of the operations that list, post and watch its comments.
    const NAMES: [&'static str; 3];
    /// The same three, each in a sentence.
    const SUMMARIES: [&'static str; 3];
    /// Its kind in addresses.
    const KIND: &'static str;
}

impl Commented for ProposalId {
    const LIST: &'static str = "/api/v1/proposals/{proposal}/comments";
    const LIVE: &'static str = "/api/v1/proposals/{proposal}/live";
    const NAMES: [&'static str; 3] = ["list_comments", "post_comment", "watch_comments"];
    const SUMMARIES: [&'static str; 3] = [
        "The comments on a proposal, newest first, each with its replies, oldest first.",
        "Post a comment on a proposal.",
        "The number and revision of a proposal's comments, at most once a second while they change.",
    ];
    const KIND: &'static str = "proposals";
}

impl Commented for OptionId {
    const LIST: &'static str = "/api/v1/options/{option}/comments";
    const LIVE: &'static str = "/api/v1/options/{option}/live";
    const NAMES: [&'static str; 3] = ["list_option_comments", "post_option_comment", "watch_option_comments"];
    const SUMMARIES: [&'static str; 3] = [
        "The comments on an option of a consultation, newest first, each with its replies, oldest first.",
        "Post a comment on an option of a consultation, e.g. on a candidacy.",
        "The number and revision of an option's comments, at most once a second while they change.",
    ];
    const KIND: &'static str = "options";
}

impl From<ProposalId> for Subject {
    fn from(id: ProposalId) -> Self {
        Self::Proposal(id)
    }
}

impl From<OptionId> for Subject {
    fn from(id: OptionId) -> Self {
        Self::Option(id)
    }
}

/// What a comment says about its subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Stance {
    /// In favour.
    For,
    /// Against.
    Against,
    /// Neither.
    Neutral,
}

impl Stance {
    /// All three, in the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::For, Self::Against, Self::Neutral];

    /// As in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::For => "for",
            Self::Against => "against",
            Self::Neutral => "neutral",
        }
    }
}

/// Why not everybody reads a comment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Moderation {
    /// It waits for approval: nobody but its author and moderators reads anything of it.
    Waiting,
    /// A moderator hid it: everybody reads why, its author and moderators also what it said.
    Hidden {
        /// Why.
        reason: String,
        /// When that was decided.
        decided_at: Timestamp,
    },
}

/// A comment or a reply.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Comment {
    /// Its id.
    pub id: CommentId,
    /// The code of its author: the same on everything that this person writes, and nothing more. Compare
    /// with [`crate::session::Session::author`] to know one's own. Null once deleted, and to others while
    /// hidden.
    pub author: Option<String>,
    /// Whether a simulated participant wrote it.
    pub simulated: bool,
    /// What it says about its subject; null for a reply.
    pub stance: Option<Stance>,
    /// Its text, in the subset of [`crate::markdown`]. Null once deleted, and to others while hidden.
    pub text: Option<String>,
    /// When it was received.
    pub posted_at: Timestamp,
    /// When it was last edited, if ever.
    pub edited_at: Option<Timestamp>,
    /// Why not everybody reads it; null if everybody does.
    #[serde(default)]
    pub moderation: Option<Moderation>,
}

impl Comment {
    /// Whether it is there for everybody to read. Only then it is counted.
    #[must_use]
    pub fn stands(&self) -> bool {
        self.text.is_some() && self.moderation.is_none()
    }

    /// The first instant at which its author can no longer edit or delete it.
    #[must_use]
    pub fn editable_until(&self) -> Timestamp {
        self.posted_at.plus_seconds(EDIT_SECONDS)
    }
}

/// A comment with the replies to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Thread {
    /// The comment.
    #[serde(flatten)]
    pub comment: Comment,
    /// Its replies, oldest first.
    pub replies: Vec<Comment>,
    /// What an entity answered in writing; null until one has.
    #[serde(default)]
    pub answer: Option<Answer>,
}

/// What a person writes as a comment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewComment {
    /// What it says about its subject.
    pub stance: Stance,
    /// 1 to 2000 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 2000))]
    pub text: String,
}

/// What a person writes as a reply, or instead of an earlier text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewText {
    /// 1 to 2000 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 2000))]
    pub text: String,
}

/// Cleans the text of a comment and checks its length.
///
/// # Errors
/// The one problem with it, at `/text`.
pub fn check_text(text: &str) -> Result<String, FieldProblem> {
    let clean = text::clean(text);
    if clean.is_empty() {
        Err(FieldProblem::new("/text", FieldProblemKind::Required))
    } else if clean.chars().count() > COMMENT_MAX {
        Err(FieldProblem::bound("/text", FieldProblemKind::TooLong, COMMENT_MAX as u32))
    } else {
        Ok(clean)
    }
}

/// Why a comment is reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum ReportReason {
    /// Insults, threats or hate.
    Abuse,
    /// Names, addresses or numbers of private people.
    PersonalData,
    /// Advertising, or the same text over and over.
    Spam,
    /// Nothing to do with the proposal.
    OffTopic,
}

impl ReportReason {
    /// All, in the order in which they are offered.
    pub const ALL: [Self; 4] = [Self::Abuse, Self::PersonalData, Self::Spam, Self::OffTopic];

    /// As in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Abuse => "abuse",
            Self::PersonalData => "personal_data",
            Self::Spam => "spam",
            Self::OffTopic => "off_topic",
        }
    }
}

/// What a person reports.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewReport {
    /// Why.
    pub reason: ReportReason,
    /// More, for the moderator; at most 500 characters, may be empty.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 500))]
    pub note: String,
}

/// Cleans the note of a report and checks its length.
///
/// # Errors
/// The one problem with it, at `/note`.
pub fn check_note(note: &str) -> Result<String, FieldProblem> {
    let clean = text::clean(note);
    if clean.chars().count() > REPORT_NOTE_MAX {
        return Err(FieldProblem::bound("/note", FieldProblemKind::TooLong, REPORT_NOTE_MAX as u32));
    }
    Ok(clean)
}

/// The acknowledgement of a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Report {
    /// The comment.
    pub comment: CommentId,
    /// Why.
    pub reason: ReportReason,
    /// When this person's report was received; a second report by the same person replaces the first.
    pub received_at: Timestamp,
}

const ONE: &str = "/api/v1/comments/{comment}";

/// Lists the comments on a proposal or an option, newest first.
#[derive(Debug, Clone)]
pub struct ListComments<S = ProposalId> {
    /// What they are about.
    pub subject: S,
    /// Where to continue; empty for the first page.
    pub cursor: String,
}

impl<S: Commented> Endpoint for ListComments<S> {
    const METHOD: Method = Method::Get;
    const PATTERN: &'static str = S::LIST;
    const NAME: &'static str = S::NAMES[0];
    const SUMMARY: &'static str = S::SUMMARIES[0];
    const QUERY: &'static [(&'static str, &'static str)] = crate::proposal::PAGE_QUERY;
    const PROBLEMS: &'static [ProblemKind] = &[ProblemKind::NotFound];
    type Body = NoBody;
    type Output = Page<Thread>;

    fn path(&self) -> String {
        format!("/api/v1/{}/{}/comments{}", S::KIND, self.subject, query_string(&[("cursor", &self.cursor)]))
    }
}

/// Posts a comment on a proposal or an option.
#[derive(Debug, Clone)]
pub struct PostComment<S = ProposalId> {
    /// What it is about.
    pub subject: S,
    /// The comment.
    pub body: NewComment,
}

impl<S: Commented> Endpoint for PostComment<S> {
    const METHOD: Method = Method::Post;
    const PATTERN: &'static str = S::LIST;
    const NAME: &'static str = S::NAMES[1];
    const SUMMARY: &'static str = S::SUMMARIES[1];
    const MAY_NEED_WORK: bool = true;
    const PROBLEMS: &'static [ProblemKind] =
        &[ProblemKind::NotFound, ProblemKind::SessionRequired, ProblemKind::IdempotencyMismatch];
    const CREATES: bool = true;
    type Body = NewComment;
    type Output = Comment;

    fn path(&self) -> String {
        format!("/api/v1/{}/{}/comments", S::KIND, self.subject)
    }

    fn body(&self) -> Option<&NewComment> {
        Some(&self.body)
    }
}

/// Replies to a comment.
#[derive(Debug, Clone)]
pub struct PostReply {
    /// The comment.
    pub comment: CommentId,
    /// The reply.
    pub body: NewText,
}

impl Endpoint for PostReply {
    const METHOD: Method = Method::Post;
    const PATTERN: &'static str = "/api/v1/comments/{comment}/replies";
    const NAME: &'static str = "post_reply";
    const SUMMARY: &'static str = "Reply to a comment. Replies are one level deep.";
    const MAY_NEED_WORK: bool = true;
    const PROBLEMS: &'static [ProblemKind] = &[
        ProblemKind::NotFound,
        ProblemKind::SessionRequired,
        ProblemKind::ReplyToReply,
        ProblemKind::CommentDeleted,
        ProblemKind::CommentHidden,
        ProblemKind::IdempotencyMismatch,
    ];
    const CREATES: bool = true;
    type Body = NewText;
    type Output = Comment;

    fn path(&self) -> String {
        format!("/api/v1/comments/{}/replies", self.comment)
    }

    fn body(&self) -> Option<&NewText> {
        Some(&self.body)
    }
}

/// Edits one's own comment or reply.
#[derive(Debug, Clone)]
pub struct EditComment {
    /// The comment or reply.
    pub comment: CommentId,
    /// Its new text.
    pub body: NewText,
}

impl Endpoint for EditComment {
    const METHOD: Method = Method::Put;
    const PATTERN: &'static str = ONE;
    const NAME: &'static str = "edit_comment";
    const SUMMARY: &'static str = "Edit one's own comment or reply, up to 30 minutes after posting it.";
    const PROBLEMS: &'static [ProblemKind] = &[
        ProblemKind::NotFound,
        ProblemKind::SessionRequired,
        ProblemKind::NotYours,
        ProblemKind::EditWindowOver,
        ProblemKind::CommentDeleted,
        ProblemKind::CommentHidden,
        ProblemKind::CommentAnswered,
    ];
    type Body = NewText;
    type Output = Comment;

    fn path(&self) -> String {
        format!("/api/v1/comments/{}", self.comment)
    }

    fn body(&self) -> Option<&NewText> {
        Some(&self.body)
    }
}

/// Deletes one's own comment or reply: author and text are erased, replies stay.
#[derive(Debug, Clone)]
pub struct DeleteComment {
    /// The comment or reply.
    pub comment: CommentId,
}

impl Endpoint for DeleteComment {
    const METHOD: Method = Method::Delete;
    const PATTERN: &'static str = ONE;
    const NAME: &'static str = "delete_comment";
    const SUMMARY: &'static str = "Delete one's own comment or reply, up to 30 minutes after posting it. Its text is erased, replies stay.";
    const PROBLEMS: &'static [ProblemKind] = &[
        ProblemKind::NotFound,
        ProblemKind::SessionRequired,
        ProblemKind::NotYours,
        ProblemKind::EditWindowOver,
    ];
    type Body = NoBody;
    type Output = Comment;

    fn path(&self) -> String {
        format!("/api/v1/comments/{}", self.comment)
    }
}

/// Reports a comment or reply to the moderators.
#[derive(Debug, Clone)]
pub struct ReportComment {
    /// The comment or reply.
    pub comment: CommentId,
    /// The report.
    pub body: NewReport,
}

impl Endpoint for ReportComment {
    const METHOD: Method = Method::Post;
    const PATTERN: &'static str = "/api/v1/comments/{comment}/report";
    const NAME: &'static str = "report_comment";
    const SUMMARY: &'static str =
        "Report a comment to the moderators; a second report by the same person replaces the first.";
    const MAY_NEED_WORK: bool = true;
    const PROBLEMS: &'static [ProblemKind] = &[
        ProblemKind::NotFound,
        ProblemKind::SessionRequired,
        ProblemKind::CommentDeleted,
        ProblemKind::CommentHidden,
        ProblemKind::IdempotencyMismatch,
    ];
    const CREATES: bool = true;
    type Body = NewReport;
    type Output = Report;

    fn path(&self) -> String {
        format!("/api/v1/comments/{}/report", self.comment)
    }

    fn body(&self) -> Option<&NewReport> {
        Some(&self.body)
    }
}

/// How a discussion stands. Says that something changed, not what: readers fetch the list again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Discussion {
    /// What the count includes.
    pub as_of: AsOf,
    /// Comments and replies that stand ([`Comment::stands`]).
    pub comments: Count,
    /// Grows at every post, edit, deletion, answer and decision in it.
    pub revision: u64,
}

/// Watches the discussion of a proposal or an option.
#[derive(Debug, Clone)]
pub struct WatchComments<S = ProposalId> {
    /// What it is about.
    pub subject: S,
}

impl<S: Commented> Live for WatchComments<S> {
    const PATTERN: &'static str = S::LIVE;
    const NAME: &'static str = S::NAMES[2];
    const SUMMARY: &'static str = S::SUMMARIES[2];
    type State = Discussion;

    fn path(&self) -> String {
        format!("/api/v1/{}/{}/live", S::KIND, self.subject)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comments_length_is_counted_in_characters_not_bytes() {
        assert!(check_text(&"ñ".repeat(COMMENT_MAX)).is_ok());
        let long = check_text(&"ñ".repeat(COMMENT_MAX + 1));
        assert_eq!(long, Err(FieldProblem::bound("/text", FieldProblemKind::TooLong, 2000)));
        assert_eq!(check_text(" \n\t "), Err(FieldProblem::new("/text", FieldProblemKind::Required)));
    }
}

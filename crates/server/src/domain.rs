//! What the server decides, free of HTTP and of any database: who may do what, when, and why not.

pub mod ballot;
pub mod call;
pub mod comment;
pub mod consultation;
pub mod identity;

use crate::post::NotSent;
use crate::storage::StorageError;
use cabildo_contract::problem::FieldProblem;
use cabildo_contract::session::{Identified, Session};

/// Whoever is acting, as far as the server knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Internal number; never leaves the server.
    pub id: i64,
    /// The public code under which this person's comments appear.
    pub author: String,
    /// Whether it is a simulated participant.
    pub simulated: bool,
    /// The code of the department in which this person says that they live, if they said.
    pub territory: Option<String>,
}

impl Person {
    /// What this person is told about their own session.
    #[must_use]
    pub fn session(&self, identities: Vec<Identified>) -> Session {
        Session {
            identities,
            author: self.author.clone(),
            simulated: self.simulated,
            territory: self.territory.clone(),
        }
    }
}

/// Why an operation was not carried out. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// There is no such record.
    #[error("no such record")]
    NotFound,
    /// The caller has no session.
    #[error("no session")]
    SessionRequired,
    /// The caller has not identified themselves in this process as the consultation asks.
    #[error("not identified")]
    IdentityRequired,
    /// Nobody has to identify themselves by e-mail there, or no mail can be sent.
    #[error("identification by e-mail is not offered")]
    EmailNotOffered,
    /// The mail server took nothing.
    #[error(transparent)]
    MailUnavailable(#[from] NotSent),
    /// The consent is not to the present version.
    #[error("consent to the present version is missing")]
    ConsentRequired,
    /// The code is wrong; so many tries are left.
    #[error("the code is wrong; {0} tries are left")]
    CodeWrong(u32),
    /// There is no code to confirm.
    #[error("there is no code to confirm")]
    CodeExpired,
    /// The identity left the process.
    #[error("the identity left the process")]
    Left,
    /// Asked again too soon: not before so many seconds.
    #[error("too soon: again in {0} s")]
    TooSoon(u32),
    /// The record belongs to somebody else.
    #[error("belongs to somebody else")]
    NotYours,
    /// The server was not started to accept simulated participants.
    #[error("simulation is disabled")]
    SimulationDisabled,
    /// The consultation has not begun.
    #[error("the consultation has not opened")]
    ConsultationUpcoming,
    /// The consultation has ended.
    #[error("the consultation is closed")]
    ConsultationClosed,
    /// The person's ballot is another than the one to be replaced.
    #[error("the ballot was changed meanwhile")]
    BallotChanged,
    /// The consultation takes no ballots here.
    #[error("the consultation takes no ballots here")]
    NoBallotsHere,
    /// The call has not begun.
    #[error("the call has not opened")]
    CallUpcoming,
    /// The call has ended.
    #[error("the call is closed")]
    CallClosed,
    /// The submission is another than the one to be replaced.
    #[error("the submission was edited meanwhile")]
    SubmissionChanged,
    /// The call takes no submissions here.
    #[error("the call takes no submissions here")]
    NoSubmissionsHere,
    /// The results are published at the close.
    #[error("the results are published at the close")]
    ResultsNotYet,
    /// The author's time to change a comment is over.
    #[error("the time for changing the comment is over")]
    EditWindowOver,
    /// The comment was deleted.
    #[error("the comment was deleted")]
    CommentDeleted,
    /// The caller has no key of a desk of this process.
    #[error("no key of a desk of this process")]
    DeskKeyRequired,
    /// The caller has no key of a moderator of this process.
    #[error("no key of a moderator of this process")]
    ModeratorKeyRequired,
    /// The comment was hidden by moderation.
    #[error("the comment was hidden by moderation")]
    CommentHidden,
    /// The comment was answered.
    #[error("the comment was answered")]
    CommentAnswered,
    /// Replies are one level deep.
    #[error("a reply cannot be replied to")]
    ReplyToReply,
    /// The idempotency key belongs to a different request.
    #[error("the idempotency key belongs to a different request")]
    IdempotencyMismatch,
    /// The content breaks a rule; the fields say where.
    #[error("the content is invalid")]
    Invalid(Vec<FieldProblem>),
    /// A parameter breaks a rule; the field says which.
    #[error("a parameter is invalid")]
    InvalidParameter(FieldProblem),
    /// The storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// The operating system gave no randomness.
    #[error(transparent)]
    NoRandomness(#[from] crate::random::NoRandomness),
}

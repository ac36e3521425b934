//! What the statements of both databases are, and the rules that they keep.

pub mod acts;
pub mod answers;
pub mod ballots;
pub mod board;
pub mod catalogue;
pub mod comments;
pub mod elections;
pub mod identities;
pub mod import;
pub mod moderation;
pub mod posts;
pub mod proposals;
pub mod sessions;
pub mod simulation;
pub mod submissions;
pub mod territories;

use super::{
    CaseRow, CommentRow, Idempotency, ImportRefusal, Imported, NewBallot, NewElection, NewPost,
    NewSubmissionRow, ProposalQuery, StorageError, StoredElection, SubmissionEdit, SubmissionRow,
};
use crate::domain::Refusal;

/// A stored text that is not what was stored.
pub(super) fn corrupt(error: impl std::fmt::Display) -> StorageError {
    StorageError::Corrupt(error.to_string())
}

//! Who may change, answer and report a comment, and until when.

use super::{Person, Refusal};
use cabildo_contract::answer::Answer;
use cabildo_contract::comment::{Comment, Moderation, Subject};
use cabildo_contract::id::{CommentId, ProcessId};
use cabildo_contract::time::Timestamp;

/// A comment as it is kept: what its author sees, and whose it is.
#[derive(Debug, Clone)]
pub struct Kept {
    /// What its author sees; [`Kept::public`] is what everybody does.
    pub comment: Comment,
    /// Internal number of its author, kept after deletion so that deleting twice is no error.
    pub person: i64,
    /// The process in which it was posted.
    pub process: ProcessId,
    /// Whether everybody could ever read it.
    pub published: bool,
    /// What it is about.
    pub subject: Subject,
    /// The comment that it answers.
    pub parent: Option<CommentId>,
}

impl Kept {
    /// What everybody sees: of a comment that does not stand, neither its words nor whose they were.
    #[must_use]
    pub fn public(self) -> Comment {
        if self.comment.stands() {
            return self.comment;
        }
        Comment { author: None, text: None, ..self.comment }
    }

    fn is_deleted(&self) -> bool {
        self.comment.text.is_none()
    }

    /// Whether `person` may edit it at `now`. What was answered stays as the answer found it.
    ///
    /// # Errors
    /// [`Refusal::CommentDeleted`], [`Refusal::NotYours`], [`Refusal::CommentHidden`], [`Refusal::CommentAnswered`] or, from
    /// [`Comment::editable_until`] on, [`Refusal::EditWindowOver`].
    pub fn may_edit(&self, person: &Person, now: Timestamp, answered: bool) -> Result<(), Refusal> {
        if self.is_deleted() {
            return Err(Refusal::CommentDeleted);
        }
        self.may_change(person, now)?;
        if matches!(self.comment.moderation, Some(Moderation::Hidden { .. })) {
            return Err(Refusal::CommentHidden);
        }
        if answered { Err(Refusal::CommentAnswered) } else { Ok(()) }
    }

    /// Whether `person` may delete it at `now`: false if that was done before, which is no error.
    ///
    /// # Errors
    /// [`Refusal::NotYours`] or [`Refusal::EditWindowOver`].
    pub fn may_delete(&self, person: &Person, now: Timestamp) -> Result<bool, Refusal> {
        if self.is_deleted() && self.person == person.id {
            return Ok(false);
        }
        self.may_change(person, now).map(|()| true)
    }

    /// Whether it may be replied to.
    ///
    /// # Errors
    /// [`Refusal::ReplyToReply`], or as [`Self::may_report`].
    pub fn may_reply(&self) -> Result<(), Refusal> {
        if self.parent.is_some() {
            return Err(Refusal::ReplyToReply);
        }
        self.may_report()
    }

    /// Whether `entity` may answer it, or mend the answer that is there.
    ///
    /// # Errors
    /// As [`Self::may_reply`], or [`Refusal::NotYours`] where another entity answered.
    pub fn may_answer(&self, entity: &str, before: Option<&Answer>) -> Result<(), Refusal> {
        self.may_reply()?;
        if before.is_some_and(|answer| answer.entity != entity) { Err(Refusal::NotYours) } else { Ok(()) }
    }

    /// Whether it may be reported.
    ///
    /// # Errors
    /// [`Refusal::CommentDeleted`], [`Refusal::CommentHidden`], or [`Refusal::NotFound`] while it waits for approval: nobody
    /// is told that it is there.
    pub fn may_report(&self) -> Result<(), Refusal> {
        self.may_decide()?;
        match self.comment.moderation {
            None => Ok(()),
            Some(Moderation::Hidden { .. }) => Err(Refusal::CommentHidden),
            Some(Moderation::Waiting) => Err(Refusal::NotFound),
        }
    }

    /// Whether a moderator may decide about it.
    ///
    /// # Errors
    /// [`Refusal::CommentDeleted`].
    pub fn may_decide(&self) -> Result<(), Refusal> {
        if self.is_deleted() { Err(Refusal::CommentDeleted) } else { Ok(()) }
    }

    fn may_change(&self, person: &Person, now: Timestamp) -> Result<(), Refusal> {
        if self.person != person.id {
            return Err(Refusal::NotYours);
        }
        if now >= self.comment.editable_until() {
            return Err(Refusal::EditWindowOver);
        }
        Ok(())
    }
}

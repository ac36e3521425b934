//! Why something cannot be done, to whoever wanted to do it.

use crate::client::ClientError;
use crate::i18n::{self, messages};
use cabildo_contract::problem::ProblemKind;

/// What happened, what it means for the person and what to do next, in one or two sentences.
#[must_use]
pub fn words(error: &ClientError) -> &'static str {
    let own = i18n::refusals();
    match error.kind() {
        Some(ProblemKind::ConsultationClosed) => own.consultation_closed,
        Some(ProblemKind::ConsultationUpcoming) => own.consultation_upcoming,
        Some(ProblemKind::BallotChanged) => own.ballot_changed,
        Some(ProblemKind::NoBallotsHere) => own.no_ballots_here,
        Some(ProblemKind::EditWindowOver) => own.edit_window_over,
        Some(ProblemKind::CommentDeleted) => own.comment_deleted,
        Some(ProblemKind::CommentAnswered) => own.comment_answered,
        Some(ProblemKind::DeskKeyRequired) => own.desk_key_required,
        Some(ProblemKind::ModeratorKeyRequired) => own.moderator_key_required,
        Some(ProblemKind::CommentHidden) => own.comment_hidden,
        Some(ProblemKind::NotYours) => own.not_yours,
        Some(ProblemKind::SessionRequired) => own.session_required,
        Some(ProblemKind::InvalidBody) => own.invalid,
        _ => error.message(messages()),
    }
}

//! Refusals as problem documents.

use crate::domain::Refusal;
use crate::storage::StorageError;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use cabildo_contract::problem::{Problem, ProblemKind};

/// A request that was not carried out, on its way to becoming a response. The outermost layer
/// ([`crate::http::seal`]) writes the document, because it knows the request's id.
#[derive(Debug, Clone)]
pub struct Refused {
    /// What the caller is told.
    pub problem: Box<Problem>,
    /// What only the log is told.
    pub cause: Option<String>,
}

impl From<Problem> for Refused {
    fn from(problem: Problem) -> Self {
        Self { problem: Box::new(problem), cause: None }
    }
}

impl From<ProblemKind> for Refused {
    fn from(kind: ProblemKind) -> Self {
        Problem::new(kind).into()
    }
}

impl From<StorageError> for Refused {
    fn from(error: StorageError) -> Self {
        let kind = match error {
            StorageError::Unavailable(_) => ProblemKind::Unavailable,
            StorageError::Corrupt(_) => ProblemKind::Internal,
        };
        Self { cause: Some(error.to_string()), ..kind.into() }
    }
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        let kind = match refusal {
            Refusal::NotFound => ProblemKind::NotFound,
            Refusal::SessionRequired => ProblemKind::SessionRequired,
            Refusal::IdentityRequired => ProblemKind::IdentityRequired,
            Refusal::EmailNotOffered => ProblemKind::EmailNotOffered,
            Refusal::MailUnavailable(error) => {
                return Self { cause: Some(error.to_string()), ..ProblemKind::MailUnavailable.into() };
            }
            Refusal::ConsentRequired => ProblemKind::ConsentRequired,
            Refusal::CodeWrong(left) => {
                return Problem::new(ProblemKind::CodeWrong).detail(format!("tries left: {left}")).into();
            }
            Refusal::CodeExpired => ProblemKind::CodeExpired,
            Refusal::Left => ProblemKind::Left,
            Refusal::TooSoon(seconds) => {
                let problem = Problem { retry_after: Some(seconds), ..ProblemKind::RateLimited.into() };
                return problem.into();
            }
            Refusal::NotYours => ProblemKind::NotYours,
            Refusal::SimulationDisabled => ProblemKind::SimulationDisabled,
            Refusal::ConsultationUpcoming => ProblemKind::ConsultationUpcoming,
            Refusal::ConsultationClosed => ProblemKind::ConsultationClosed,
            Refusal::BallotChanged => ProblemKind::BallotChanged,
            Refusal::NoBallotsHere => ProblemKind::NoBallotsHere,
            Refusal::CallUpcoming => ProblemKind::CallUpcoming,
            Refusal::CallClosed => ProblemKind::CallClosed,
            Refusal::SubmissionChanged => ProblemKind::SubmissionChanged,
            Refusal::NoSubmissionsHere => ProblemKind::NoSubmissionsHere,
            Refusal::ResultsNotYet => ProblemKind::ResultsNotYet,
            Refusal::EditWindowOver => ProblemKind::EditWindowOver,
            Refusal::CommentDeleted => ProblemKind::CommentDeleted,
            Refusal::DeskKeyRequired => ProblemKind::DeskKeyRequired,
            Refusal::ModeratorKeyRequired => ProblemKind::ModeratorKeyRequired,
            Refusal::CommentHidden => ProblemKind::CommentHidden,
            Refusal::CommentAnswered => ProblemKind::CommentAnswered,
            Refusal::ReplyToReply => ProblemKind::ReplyToReply,
            Refusal::IdempotencyMismatch => ProblemKind::IdempotencyMismatch,
            Refusal::Invalid(fields) => return Problem::invalid_body(fields).into(),
            Refusal::InvalidParameter(field) => return Problem::invalid_parameter(field).into(),
            Refusal::Storage(error) => return error.into(),
            Refusal::NoRandomness(error) => {
                return Self { cause: Some(error.to_string()), ..ProblemKind::Internal.into() };
            }
        };
        kind.into()
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

//! What can go wrong between a page and the server.

use crate::i18n::Messages;
use cabildo_contract::problem::{Problem, ProblemKind};
use std::fmt;

/// Why a request brought no answer.
#[derive(Debug, Clone, PartialEq)]
pub enum ClientError {
    /// No connection.
    Offline,
    /// The server did not answer in time.
    TimedOut,
    /// The server refused, and said why.
    Rejected(Box<Problem>),
    /// The answer was not one that Cabildo gives: something between here and the server spoke instead.
    Unreadable,
}

impl ClientError {
    /// A refusal.
    #[must_use]
    pub fn rejected(problem: Problem) -> Self {
        Self::Rejected(Box::new(problem))
    }

    /// A refusal of which only the kind is known.
    #[must_use]
    pub fn refused(kind: ProblemKind) -> Self {
        Self::rejected(Problem { status: kind.status(), ..untitled(kind) })
    }

    /// The kind of the refusal, if it is one.
    #[must_use]
    pub fn kind(&self) -> Option<ProblemKind> {
        match self {
            Self::Rejected(problem) => Some(problem.kind),
            _ => None,
        }
    }

    /// Whether the same request may succeed later.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Offline | Self::TimedOut | Self::Unreadable => true,
            Self::Rejected(problem) => problem.status >= 500 || problem.kind == ProblemKind::RateLimited,
        }
    }

    /// What happened, what it means for the person and what to do next, in one or two sentences: as far as it can happen to
    /// whoever only reads. Whoever acts is told by [`crate::ui::refusal::words`].
    #[must_use]
    pub fn message(&self, t: &'static Messages) -> &'static str {
        match self {
            Self::Offline => t.error_offline,
            Self::TimedOut => t.error_timed_out,
            Self::Unreadable => t.error_unreadable,
            Self::Rejected(problem) => match problem.kind {
                ProblemKind::NotFound => t.error_not_found,
                ProblemKind::RateLimited => t.error_rate_limited,
                ProblemKind::Unavailable => t.error_unavailable,
                _ => t.error_internal,
            },
        }
    }
}

/// A problem of this kind without the sentences, which are for developers: all of them would be a kilobyte in every page.
pub(super) fn untitled(kind: ProblemKind) -> Problem {
    Problem {
        kind,
        title: String::new(),
        status: 0,
        detail: None,
        fields: Vec::new(),
        request_id: String::new(),
        retry_after: None,
        work: None,
    }
}

impl fmt::Display for ClientError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Offline => f.write_str("no connection"),
            Self::TimedOut => f.write_str("no answer in time"),
            Self::Rejected(problem) => f.write_str(problem.kind.name()),
            Self::Unreadable => f.write_str("an answer that makes no sense"),
        }
    }
}

impl std::error::Error for ClientError {}

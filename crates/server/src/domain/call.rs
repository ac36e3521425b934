//! When a call takes submissions, and who may change one.

use super::{Person, Refusal};
use cabildo_contract::call::{CallSummary, Submission};
use cabildo_contract::id::CallId;
use cabildo_contract::time::{State, Timestamp};

/// A submission as it is kept: what everybody sees, and whose it is.
#[derive(Debug, Clone)]
pub struct Kept {
    /// What everybody sees; its words are empty once it is withdrawn.
    pub submission: Submission,
    /// Internal number of its author.
    pub person: i64,
    /// The call that it answers.
    pub call: CallId,
    /// When it was withdrawn, if it was.
    pub withdrawn_at: Option<Timestamp>,
}

/// Whether a call takes submissions at `now`.
///
/// # Errors
/// [`Refusal::CallClosed`] from the instant of its close, wherever it was held; [`Refusal::NoSubmissionsHere`] if it is
/// held elsewhere; [`Refusal::CallUpcoming`] before it opens.
pub fn takes_submissions(call: &CallSummary, now: Timestamp) -> Result<(), Refusal> {
    match call.state(now) {
        Some(State::Closed) => Err(Refusal::CallClosed),
        _ if !call.is_here() => Err(Refusal::NoSubmissionsHere),
        Some(State::Upcoming) => Err(Refusal::CallUpcoming),
        Some(State::Open) => Ok(()),
        // The import wants the dates of a call that is held here.
        None => Err(Refusal::NoSubmissionsHere),
    }
}

impl Kept {
    /// Whether `person` may change it at `now`.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] once it is withdrawn; [`Refusal::NotYours`]; [`Refusal::CallClosed`] from the instant of the
    /// call's close.
    pub fn may_edit(&self, call: &CallSummary, person: &Person, now: Timestamp) -> Result<(), Refusal> {
        if self.withdrawn_at.is_some() {
            return Err(Refusal::NotFound);
        }
        self.may_change(call, person, now)
    }

    /// When `person` withdraws it at `now`: the time of an earlier withdrawal if it was withdrawn before, which is no
    /// error.
    ///
    /// # Errors
    /// As [`Self::may_edit`]; what is withdrawn is found by its author alone.
    pub fn may_withdraw(
        &self,
        call: &CallSummary,
        person: &Person,
        now: Timestamp,
    ) -> Result<Option<Timestamp>, Refusal> {
        match self.withdrawn_at {
            Some(at) if self.person == person.id => Ok(Some(at)),
            Some(_) => Err(Refusal::NotFound),
            None => self.may_change(call, person, now).map(|()| None),
        }
    }

    fn may_change(&self, call: &CallSummary, person: &Person, now: Timestamp) -> Result<(), Refusal> {
        if self.person != person.id {
            return Err(Refusal::NotYours);
        }
        if call.state(now) == Some(State::Closed) { Err(Refusal::CallClosed) } else { Ok(()) }
    }
}

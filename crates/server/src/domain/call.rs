//! When a call takes submissions, and who may change one.

use super::{Person, Refusal};
use crate::clock::Reading;
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

/// Whether a call takes submissions now.
///
/// # Errors
/// [`Refusal::CallClosed`] from the instant of its close, wherever it was held, also if the clock was set back behind it
/// since; [`Refusal::NoSubmissionsHere`] if it is held elsewhere; [`Refusal::CallUpcoming`] before it opens.
pub fn takes_submissions(call: &CallSummary, time: Reading) -> Result<(), Refusal> {
    match state(call, time) {
        Some(State::Closed) => Err(Refusal::CallClosed),
        _ if !call.is_here() => Err(Refusal::NoSubmissionsHere),
        Some(State::Upcoming) => Err(Refusal::CallUpcoming),
        Some(State::Open) => Ok(()),
        // The import wants the dates of a call that is held here.
        None => Err(Refusal::NoSubmissionsHere),
    }
}

fn state(call: &CallSummary, time: Reading) -> Option<State> {
    call.period.map(|period| time.state(&period))
}

impl Kept {
    /// Whether `person` may change it now.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] once it is withdrawn; [`Refusal::NotYours`]; [`Refusal::CallClosed`] from the instant of the
    /// call's close, also if the clock was set back behind it since.
    pub fn may_edit(&self, call: &CallSummary, person: &Person, time: Reading) -> Result<(), Refusal> {
        if self.withdrawn_at.is_some() {
            return Err(Refusal::NotFound);
        }
        self.may_change(call, person, time)
    }

    /// When `person` withdraws it now: the time of an earlier withdrawal if it was withdrawn before, which is no
    /// error.
    ///
    /// # Errors
    /// As [`Self::may_edit`]; what is withdrawn is found by its author alone.
    pub fn may_withdraw(
        &self,
        call: &CallSummary,
        person: &Person,
        time: Reading,
    ) -> Result<Option<Timestamp>, Refusal> {
        match self.withdrawn_at {
            Some(at) if self.person == person.id => Ok(Some(at)),
            Some(_) => Err(Refusal::NotFound),
            None => self.may_change(call, person, time).map(|()| None),
        }
    }

    fn may_change(&self, call: &CallSummary, person: &Person, time: Reading) -> Result<(), Refusal> {
        if self.person != person.id {
            return Err(Refusal::NotYours);
        }
        if state(call, time) == Some(State::Closed) { Err(Refusal::CallClosed) } else { Ok(()) }
    }
}

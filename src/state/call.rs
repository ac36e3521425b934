//! Submitting to a call: write, send, come back, edit, withdraw.

use super::load;
use super::paged::Paged;
use super::session::{self, Device};
use crate::client::{self, ClientError, json};
use crate::effect::effect;
use crate::platform;
use cabildo_contract::call::{
    EditSubmission, ListSubmissions, NewSubmission, Submission, SubmissionSummary, Submit,
    WithdrawSubmission, check_submission,
};
use cabildo_contract::endpoint::Endpoint;
use cabildo_contract::id::{Slug, SubmissionId};
use cabildo_contract::problem::{FieldProblem, ProblemKind};
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::{Deserialize, Serialize};

/// What was submitted to a call, as far as it is here.
#[derive(Clone, Copy)]
pub struct Submissions {
    call: StoredValue<Slug>,
    /// They, newest first.
    pub list: Paged<SubmissionSummary>,
}

impl Submissions {
    /// Begins to show them.
    #[must_use]
    pub fn new(call: Slug) -> Self {
        let slug = call.clone();
        let first = load(move || ListSubmissions { call: slug.clone(), cursor: String::new() });
        Self { call: StoredValue::new(call), list: Paged::new(first) }
    }

    /// Asks for the next page.
    pub fn load_more(self) {
        self.list.load_more(async move |cursor| {
            client::send(&ListSubmissions { call: self.call.get_value(), cursor }).await
        });
    }
}

/// What is kept of a submission that is being written. With the key, so that a try whose answer was lost is not carried
/// out twice even after the page was loaded anew.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Draft {
    words: NewSubmission,
    key: String,
    /// The revision that its author had before them.
    #[serde(default)]
    revision: Option<u32>,
}

/// A submission that is being written. It is kept on the device, longer than this tab is open, until it was received or
/// its author begins anew.
#[derive(Clone, Copy)]
pub struct Writing {
    /// The key under which the device keeps it.
    place: StoredValue<String>,
    /// The words that the server has; empty before the first time.
    start: StoredValue<NewSubmission>,
    /// The words as far as they are written.
    pub words: RwSignal<NewSubmission>,
    /// Whether the draft was found when the page was loaded.
    pub is_found: RwSignal<bool>,
    key: StoredValue<String>,
    /// The revision that the words are to take the place of.
    revision: StoredValue<Option<u32>>,
    device: Device,
    /// Whether an answer of the server is awaited.
    pub busy: RwSignal<bool>,
    /// What went wrong last.
    pub error: RwSignal<Option<ClientError>>,
    /// What is wrong with the words; filled when the person tries to send them.
    pub faults: RwSignal<Vec<FieldProblem>>,
}

impl Writing {
    /// Something new for a call.
    #[must_use]
    pub fn for_call(call: &Slug) -> Self {
        Self::new(format!("cabildo-submission-{call}"), NewSubmission::default(), None)
    }

    /// Other words for a submission.
    #[must_use]
    pub fn instead_of(submission: &Submission) -> Self {
        let place = format!("cabildo-submission-{}", submission.head.id);
        Self::new(place, words_of(submission), Some(submission.revision))
    }

    fn new(place: String, start: NewSubmission, revision: Option<u32>) -> Self {
        let writing = Self {
            place: StoredValue::new(place),
            words: RwSignal::new(start.clone()),
            start: StoredValue::new(start),
            is_found: RwSignal::new(false),
            key: StoredValue::new(String::new()),
            revision: StoredValue::new(revision),
            device: use_context::<Device>().unwrap_or_else(Device::unknown),
            busy: RwSignal::new(false),
            error: RwSignal::new(None),
            faults: RwSignal::new(Vec::new()),
        };
        effect(move |_| writing.find());
        writing
    }

    fn find(&self) {
        let kept = self.place.with_value(|place| platform::remembered(place));
        let Some(draft) = kept.and_then(|kept| json::read::<Draft>(&kept).ok()) else { return };
        self.key.set_value(draft.key);
        if draft.revision.is_some() {
            self.revision.set_value(draft.revision);
        }
        self.words.set(draft.words);
        self.is_found.set(true);
    }

    fn keep(&self) {
        let words = self.words.get_untracked();
        let is_new = self.start.with_value(|start| words != *start);
        let draft = Draft { words, key: self.key.get_value(), revision: self.revision.get_value() };
        let draft = is_new.then(|| serde_json::to_string(&draft).ok()).flatten();
        self.place.with_value(|place| platform::remember(place, draft.as_deref()));
    }

    /// The person writes. It is another submission from now on, and what was wrong with `field` may be so no more.
    pub fn change(&self, field: &str, change: impl FnOnce(&mut NewSubmission)) {
        self.key.set_value(String::new());
        self.faults.update(|faults| faults.retain(|fault| fault.pointer != field));
        self.words.update(change);
        self.keep();
    }

    /// Takes back all that was written.
    pub fn start_over(&self) {
        self.key.set_value(String::new());
        self.words.set(self.start.get_value());
        self.faults.set(Vec::new());
        self.error.set(None);
        self.is_found.set(false);
        self.keep();
    }

    /// What is wrong with a field.
    #[must_use]
    pub fn fault(&self, field: &str) -> Option<FieldProblem> {
        self.faults.with(|faults| faults.iter().find(|fault| fault.pointer == field).cloned())
    }

    /// The words, if they can be sent. If not, `focus` is given the first field at which something is wrong.
    fn checked(&self, focus: impl FnOnce(&str)) -> Option<NewSubmission> {
        match check_submission(&self.words.get_untracked()) {
            Ok(words) => {
                self.faults.set(Vec::new());
                Some(words)
            }
            Err(faults) => {
                if let Some(first) = faults.first() {
                    focus(&first.pointer);
                }
                self.faults.set(faults);
                None
            }
        }
    }

    /// Sends it to a call. Sending it twice leaves one submission.
    pub fn submit(self, call: Slug, focus: impl FnOnce(&str), on_done: impl FnOnce(Submission) + 'static) {
        if let Some(body) = self.checked(focus) {
            self.send(Submit { call, body }, on_done);
        }
    }

    /// Puts it in the place of what was submitted; if that was edited elsewhere, only when its author wants it once more.
    pub fn edit(
        self,
        submission: SubmissionId,
        focus: impl FnOnce(&str),
        on_done: impl FnOnce(Submission) + 'static,
    ) {
        if let Some(body) = self.checked(focus) {
            self.send(EditSubmission { submission, body, replaces: self.revision.get_value() }, on_done);
        }
    }

    /// Withdraws what was submitted.
    pub fn withdraw(self, submission: SubmissionId, on_done: impl FnOnce() + 'static) {
        self.send(WithdrawSubmission { submission }, move |_| on_done());
    }

    fn send<E: Endpoint + 'static>(self, request: E, on_done: impl FnOnce(E::Output) + 'static) {
        if self.busy.get_untracked() {
            return;
        }
        if self.key.with_value(String::is_empty) {
            self.key.set_value(platform::random_key());
            self.keep();
        }
        self.busy.set(true);
        self.error.set(None);
        let (key, place) = (self.key.get_value(), self.place.get_value());
        spawn_local(async move {
            let key = E::CREATES.then_some(key.as_str());
            let answer = session::act(self.device, &request, key).await;
            // The page may have been left while the answer was on its way: that ended its signals, not the draft.
            if answer.is_ok() {
                platform::remember(&place, None);
            }
            if self.busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(output) => {
                    self.start_over();
                    on_done(output);
                }
                Err(error) => {
                    if error.kind() == Some(ProblemKind::SubmissionChanged) {
                        // They are told, and what they wrote is still there.
                        self.revision.set_value(None);
                        self.keep();
                    }
                    self.error.set(Some(error));
                }
            }
        });
    }
}

/// What a submission says, to be written anew.
fn words_of(submission: &Submission) -> NewSubmission {
    NewSubmission {
        title: submission.head.title.clone(),
        problem: submission.problem.clone(),
        action: submission.action.clone(),
        entity: submission.head.entity.clone(),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    #[test]
    fn a_draft_is_read_as_it_was_kept_and_nothing_else_is_taken_for_one() {
        let words = NewSubmission { title: "Luz \"aquí\"\n".to_owned(), ..NewSubmission::default() };
        let draft = Draft { words, key: "k".to_owned(), revision: Some(2) };
        let kept = serde_json::to_string(&draft).unwrap();
        assert_eq!(json::read::<Draft>(&kept).unwrap(), draft);
        assert!(json::read::<Draft>(r#"{ "words": { "titel": "x" }, "key": "" }"#).is_err());
    }
}

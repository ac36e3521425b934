//! Deciding about comments that were reported or wait for approval, with the key that the operator gave.

use crate::client::{self, ClientError};
use crate::platform;
use cabildo_contract::id::{CommentId, Slug};
use cabildo_contract::moderation::{
    Case, DecideComment, Decision, ListCases, NewDecision, Queue, check_reason,
};
use cabildo_contract::page::Page;
use cabildo_contract::problem::FieldProblem;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The moderation of a process: closed until a key opens it, and again once this tab is closed.
#[derive(Clone, Copy)]
pub struct Moderating {
    process: StoredValue<Slug>,
    queue: Queue,
    key: StoredValue<String>,
    /// The comments that are here; none while it is closed.
    pub cases: RwSignal<Option<Page<Case>>>,
    /// Whether an answer of the server is awaited.
    pub busy: RwSignal<bool>,
    /// Why the last answer did not come: the key did not open it, or comments could not be read.
    pub error: RwSignal<Option<ClientError>>,
}

impl Moderating {
    /// The moderation of a process, closed.
    #[must_use]
    pub fn new(process: Slug, queue: Queue) -> Self {
        Self {
            process: StoredValue::new(process),
            queue,
            key: StoredValue::new(String::new()),
            cases: RwSignal::new(None),
            busy: RwSignal::new(false),
            error: RwSignal::new(None),
        }
    }

    /// Opens it again with the key that this tab has kept, if it has one.
    pub fn recall(self) {
        if let Some(key) = platform::kept_for_visit(&self.place()) {
            self.open(key);
        }
    }

    fn place(&self) -> String {
        format!("cabildo-moderation-{}", self.process.get_value())
    }

    /// Opens it with a key.
    pub fn open(self, key: String) {
        if !key.is_empty() {
            self.ask(key, String::new());
        }
    }

    /// Asks again for those that are before a moderator.
    pub fn reload(self) {
        self.open(self.key.get_value());
    }

    /// Asks for the next page, if there is one.
    pub fn load_more(self) {
        let next = self.cases.with_untracked(|cases| cases.as_ref().and_then(|page| page.next.clone()));
        if let Some(cursor) = next {
            self.ask(self.key.get_value(), cursor);
        }
    }

    /// Closes it.
    pub fn leave(self) {
        platform::keep_for_visit(&self.place(), None);
        self.key.set_value(String::new());
        self.cases.set(None);
    }

    /// Asks for the page at `cursor`: the first takes the place of what is here, another comes behind it.
    fn ask(self, key: String, cursor: String) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.error.set(None);
        spawn_local(async move {
            let process = self.process.get_value();
            let request = ListCases { process, queue: self.queue, cursor };
            let answer = client::send_at_desk(&request, &key).await;
            // The page may have been left meanwhile: that ended its signals.
            if self.busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(mut page) => {
                    platform::keep_for_visit(&self.place(), Some(&key));
                    self.key.set_value(key);
                    self.cases.update(|cases| {
                        if let Some(before) = cases.take().filter(|_| !request.cursor.is_empty()) {
                            page.items.splice(0..0, before.items);
                        }
                        *cases = Some(page);
                    });
                }
                Err(error) => self.error.set(Some(error)),
            }
        });
    }

    /// Begins a decision.
    #[must_use]
    pub fn deciding(self) -> Deciding {
        Deciding {
            moderating: self,
            reason: RwSignal::new(String::new()),
            busy: RwSignal::new(false),
            error: RwSignal::new(None),
            fault: RwSignal::new(None),
        }
    }
}

/// One decision that is being taken. What was typed stays where it was typed until it has been received.
#[derive(Clone, Copy)]
pub struct Deciding {
    moderating: Moderating,
    /// Why, as typed.
    pub reason: RwSignal<String>,
    /// Whether an answer of the server is awaited.
    pub busy: RwSignal<bool>,
    /// What went wrong last.
    pub error: RwSignal<Option<ClientError>>,
    /// What is wrong with the reason.
    pub fault: RwSignal<Option<FieldProblem>>,
}

impl Deciding {
    /// The clean reason; none if it is none, which [`Self::fault`] then says.
    #[must_use]
    pub fn checked(self) -> Option<String> {
        match check_reason(&self.reason.get_untracked()) {
            Ok(reason) => Some(reason),
            Err(fault) => {
                self.fault.set(Some(fault));
                None
            }
        }
    }

    /// Sends it. Sending it twice leaves one decision.
    pub fn send(self, comment: CommentId, decision: Decision, on_done: impl FnOnce() + 'static) {
        let Some(reason) = self.checked() else { return };
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.error.set(None);
        let request = DecideComment { comment, body: NewDecision { decision, reason } };
        let key = self.moderating.key.get_value();
        spawn_local(async move {
            let answer = client::send_at_desk(&request, &key).await;
            self.busy.try_set(false);
            match answer {
                Ok(_) => {
                    on_done();
                    self.moderating.reload();
                }
                Err(error) => drop(self.error.try_set(Some(error))),
            }
        });
    }
}

//! Answering comments in the name of an entity, with the key that the operator gave it.

use crate::client::{self, ClientError};
use crate::platform;
use cabildo_contract::answer::{Answer, AnswerComment, Desk as DeskData, GetDesk, NewAnswer, check_answer};
use cabildo_contract::id::{CommentId, Slug};
use cabildo_contract::problem::FieldProblem;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// An answering desk: closed until a key opens it, and again once this tab is closed.
#[derive(Clone, Copy)]
pub struct Desk {
    process: StoredValue<Slug>,
    key: StoredValue<String>,
    /// Who answers; none while it is closed.
    pub who: RwSignal<Option<DeskData>>,
    /// Whether an answer of the server is awaited.
    pub busy: RwSignal<bool>,
    /// Why the last key did not open it.
    pub error: RwSignal<Option<ClientError>>,
}

impl Desk {
    /// The desk of a process, closed.
    #[must_use]
    pub fn new(process: Slug) -> Self {
        Self {
            process: StoredValue::new(process),
            key: StoredValue::new(String::new()),
            who: RwSignal::new(None),
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
        format!("cabildo-desk-{}", self.process.get_value())
    }

    /// Opens it with a key.
    pub fn open(self, key: String) {
        if self.busy.get_untracked() || key.is_empty() {
            return;
        }
        self.busy.set(true);
        self.error.set(None);
        spawn_local(async move {
            let answer = client::send_at_desk(&GetDesk { process: self.process.get_value() }, &key).await;
            // The page may have been left meanwhile: that ended its signals.
            if self.busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(who) => {
                    platform::keep_for_visit(&self.place(), Some(&key));
                    self.key.set_value(key);
                    self.who.set(Some(who));
                }
                Err(error) => self.error.set(Some(error)),
            }
        });
    }

    /// Closes it.
    pub fn leave(self) {
        platform::keep_for_visit(&self.place(), None);
        self.key.set_value(String::new());
        self.who.set(None);
    }

    /// Begins an answer.
    #[must_use]
    pub fn answering(self) -> Answering {
        Answering {
            desk: self,
            busy: RwSignal::new(false),
            error: RwSignal::new(None),
            fault: RwSignal::new(None),
        }
    }
}

/// One answer that is being given. What was typed stays where it was typed until it has been received.
#[derive(Clone, Copy)]
pub struct Answering {
    desk: Desk,
    /// Whether an answer of the server is awaited.
    pub busy: RwSignal<bool>,
    /// What went wrong last.
    pub error: RwSignal<Option<ClientError>>,
    /// What is wrong with the text.
    pub fault: RwSignal<Option<FieldProblem>>,
}

impl Answering {
    /// Sends it. Sending it twice leaves one answer.
    pub fn send(self, comment: CommentId, answer: NewAnswer, on_done: impl FnOnce(Answer) + 'static) {
        let text = match check_answer(&answer.text) {
            Ok(text) => text,
            Err(fault) => return self.fault.set(Some(fault)),
        };
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.error.set(None);
        let request = AnswerComment { comment, body: NewAnswer { text, ..answer } };
        let key = self.desk.key.get_value();
        spawn_local(async move {
            let answer = client::send_at_desk(&request, &key).await;
            self.busy.try_set(false);
            match answer {
                Ok(answer) => on_done(answer),
                Err(error) => drop(self.error.try_set(Some(error))),
            }
        });
    }
}

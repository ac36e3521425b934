//! The discussion of a proposal or of an option of a consultation.

use super::load;
use super::paged::Paged;
use super::session::{self, Device};
use crate::client::{self, ClientError};
use crate::effect::effect;
use crate::platform;
use cabildo_contract::comment::{
    Comment, Commented, DeleteComment, EditComment, ListComments, NewComment, NewReport, NewText,
    PostComment, PostReply, ReportComment, Subject, Thread, WatchComments, check_text,
};
use cabildo_contract::endpoint::Endpoint;
use cabildo_contract::id::{CommentId, OptionId, ProposalId};
use cabildo_contract::problem::FieldProblem;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The comments on one thing, kept up to date while they are shown.
#[derive(Clone, Copy)]
pub struct Discussion {
    subject: StoredValue<Subject>,
    device: Device,
    /// Its threads; the first page is reloaded whenever somebody writes.
    pub list: Paged<Thread>,
    /// How the live connection stands.
    pub watched: client::live::Watched<cabildo_contract::comment::Discussion>,
}

impl Discussion {
    /// Begins to show the discussion of a proposal.
    #[must_use]
    pub fn of_proposal(proposal: ProposalId) -> Self {
        Self::new(proposal)
    }

    /// Begins to show the discussion of an option.
    #[must_use]
    pub fn of_option(option: OptionId) -> Self {
        Self::new(option)
    }

    fn new<S: Commented + Send + Sync + 'static>(subject: S) -> Self {
        let list = subject.clone();
        let first = load(move || ListComments { subject: list.clone(), cursor: String::new() });
        let watched = client::live::watch(&WatchComments { subject: subject.clone() });
        // Outside world: an event of the server's makes the list be asked for again.
        effect(move |seen: Option<Option<u64>>| {
            let revision = watched.state.with(|state| state.map(|state| state.revision));
            if seen.flatten().is_some_and(|seen| revision.is_some_and(|revision| revision != seen)) {
                first.reload();
            }
            revision
        });
        Self {
            subject: StoredValue::new(subject.into()),
            device: use_context::<Device>().unwrap_or_else(Device::unknown),
            list: Paged::new(first),
            watched,
        }
    }

    /// Whether it is about a proposal, whose text has versions.
    #[must_use]
    pub fn is_about_a_proposal(&self) -> bool {
        self.subject.with_value(|subject| matches!(subject, Subject::Proposal(_)))
    }

    /// Asks for the next page.
    pub fn load_more(self) {
        self.list.load_more(async move |cursor| match self.subject.get_value() {
            Subject::Proposal(subject) => client::send(&ListComments { subject, cursor }).await,
            Subject::Option(subject) => client::send(&ListComments { subject, cursor }).await,
        });
    }

    /// An act on this discussion.
    #[must_use]
    pub fn act(&self) -> Act {
        Act {
            discussion: *self,
            key: StoredValue::new(String::new()),
            busy: RwSignal::new(false),
            error: RwSignal::new(None),
            fault: RwSignal::new(None),
        }
    }

    /// Posts a comment.
    pub fn post(self, act: Act, body: NewComment, on_done: impl FnOnce() + 'static) {
        let Some(text) = act.checked(&body.text) else { return };
        let body = NewComment { text, ..body };
        let on_posted = move |comment: Comment| {
            self.list.add(Thread { comment, replies: Vec::new(), answer: None });
            on_done();
        };
        match self.subject.get_value() {
            Subject::Proposal(subject) => act.send(PostComment { subject, body }, on_posted),
            Subject::Option(subject) => act.send(PostComment { subject, body }, on_posted),
        }
    }

    /// Replies to a comment.
    pub fn reply(self, act: Act, to: CommentId, text: &str, on_done: impl FnOnce() + 'static) {
        let Some(text) = act.checked(text) else { return };
        act.send(PostReply { comment: to.clone(), body: NewText { text } }, move |reply| {
            self.list.each(|thread| {
                if thread.comment.id == to && !thread.replies.iter().any(|other| other.id == reply.id) {
                    thread.replies.push(reply.clone());
                }
            });
            on_done();
        });
    }

    /// Edits one's own comment or reply.
    pub fn edit(self, act: Act, comment: CommentId, text: &str, on_done: impl FnOnce() + 'static) {
        let Some(text) = act.checked(text) else { return };
        act.send(EditComment { comment, body: NewText { text } }, move |comment| {
            self.replace(&comment);
            on_done();
        });
    }

    /// Deletes one's own comment or reply.
    pub fn delete(self, act: Act, comment: CommentId, on_done: impl FnOnce() + 'static) {
        act.send(DeleteComment { comment }, move |comment| {
            self.replace(&comment);
            on_done();
        });
    }

    /// Reports a comment or reply.
    pub fn report(self, act: Act, comment: CommentId, report: NewReport, on_done: impl FnOnce() + 'static) {
        act.send(ReportComment { comment, body: report }, move |_| on_done());
    }

    fn replace(self, comment: &Comment) {
        self.list.each(|thread| {
            for place in std::iter::once(&mut thread.comment).chain(&mut thread.replies) {
                if place.id == comment.id {
                    *place = comment.clone();
                }
            }
        });
    }
}

/// One act: whether it is under way, and what went wrong. What was typed stays where it was typed.
#[derive(Clone, Copy)]
pub struct Act {
    discussion: Discussion,
    /// The same for every try of the same act, so that a try whose answer was lost is not carried out twice.
    key: StoredValue<String>,
    /// Whether an answer is awaited.
    pub busy: RwSignal<bool>,
    /// What went wrong last.
    pub error: RwSignal<Option<ClientError>>,
    /// What is wrong with the text.
    pub fault: RwSignal<Option<FieldProblem>>,
}

impl Act {
    fn checked(&self, text: &str) -> Option<String> {
        match check_text(text) {
            Ok(text) => {
                self.fault.set(None);
                Some(text)
            }
            Err(fault) => {
                self.fault.set(Some(fault));
                None
            }
        }
    }

    /// The text changed: it is another act from now on.
    pub fn changed(&self) {
        self.key.set_value(String::new());
        self.fault.set(None);
    }

    fn send<E: Endpoint + 'static>(self, request: E, on_done: impl FnOnce(E::Output) + 'static) {
        if self.busy.get_untracked() {
            return;
        }
        if self.key.with_value(String::is_empty) {
            self.key.set_value(platform::random_key());
        }
        self.busy.set(true);
        self.error.set(None);
        let key = self.key.get_value();
        spawn_local(async move {
            let key = E::CREATES.then_some(key.as_str());
            let answer = session::act(self.discussion.device, &request, key).await;
            // The form may have been closed while the answer was on its way: closing it ended its signals.
            self.busy.try_set(false);
            match answer {
                Ok(output) => {
                    self.key.try_set_value(String::new());
                    on_done(output);
                }
                Err(error) => drop(self.error.try_set(Some(error))),
            }
        });
    }
}

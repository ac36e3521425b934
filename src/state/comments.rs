//! The discussion of a proposal or of an option of a consultation.

use super::load;
use super::outbox::Waiting;
use super::paged::Paged;
use super::session::{self, Device};
use crate::client::{self, ClientError, json};
use crate::effect::effect;
use crate::outbox::{self, Item, State};
use crate::platform;
use cabildo_contract::comment::{
    Comment, Commented, DeleteComment, EditComment, ListComments, NewComment, NewReport, NewText,
    ReportComment, Subject, Thread, WatchComments, check_text,
};
use cabildo_contract::endpoint::Endpoint;
use cabildo_contract::id::{CommentId, OptionId, ProposalId};
use cabildo_contract::moderation::{ListOwnComments, OwnComment};
use cabildo_contract::problem::{FieldProblem, ProblemKind};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The comments on one thing, kept up to date while they are shown.
#[derive(Clone, Copy)]
pub struct Discussion {
    subject: StoredValue<Subject>,
    device: Device,
    /// What waits on this device.
    pub waiting: Waiting,
    /// Its threads as everybody reads them; the first page is reloaded whenever somebody writes.
    pub list: Paged<Thread>,
    /// This person's own comments that not everybody reads.
    own: RwSignal<Vec<OwnComment>>,
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
        // Outside world: an event of the server's that knows more than the list makes it be asked for again, once: the answer may
        // come from a server that knows less yet.
        effect(move |asked: Option<Option<u64>>| {
            let asked = asked.flatten();
            let known = watched.state.with(|state| state.map(|state| state.revision));
            let here = first.with(|page| page.ready().map(|page| page.revision));
            let late = here.is_some_and(|here| known > here) && known != asked;
            if late {
                first.reload();
            }
            if late { known } else { asked }
        });
        let own = RwSignal::new(Vec::new());
        // Outside world: who has a session may have comments in moderation; while there are, what becomes of them is asked
        // again with every change of the discussion.
        effect(move |before: Option<bool>| {
            watched.state.track();
            let known = session::author().is_some();
            if known && (before != Some(true) || own.with_untracked(|own: &Vec<OwnComment>| !own.is_empty()))
            {
                recall(own);
            }
            known
        });
        let device = use_context::<Device>().unwrap_or_else(Device::unknown);
        let discussion = Self {
            own,
            subject: StoredValue::new(subject.into()),
            device,
            waiting: Waiting::on(device),
            list: Paged::new(first),
            watched,
        };
        effect(move |_| discussion.hear());
        discussion
    }

    /// The threads that are here, as this person reads them: with their own comments that not everybody reads.
    #[must_use]
    pub fn threads(&self) -> Vec<Thread> {
        let mut threads = self.list.all();
        let complete = self.list.next().is_none();
        self.own.with(|own| {
            self.subject.with_value(|subject| {
                for own in own.iter().filter(|own| own.about.subject() == *subject) {
                    place(own, complete, &mut threads);
                }
            });
        });
        threads
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

    /// What is being written in the form of this name; empty at first. It is kept for as long as this tab is open: a page that
    /// is loaded anew, or that the phone closed meanwhile, has it again.
    #[must_use]
    pub fn writing(&self, form: &str) -> RwSignal<String> {
        let place = self.subject.with_value(|subject| match subject {
            Subject::Proposal(proposal) => format!("text:{form}:{proposal}"),
            Subject::Option(option) => format!("text:{form}:{option}"),
        });
        let text = RwSignal::new(String::new());
        effect(move |begun: Option<()>| match platform::kept_for_visit(&place) {
            Some(kept) if begun.is_none() && text.with(String::is_empty) => text.set(kept),
            _ => text.with(|text| {
                platform::keep_for_visit(
                    &place,
                    Some(text).filter(|text| !text.is_empty()).map(String::as_str),
                );
            }),
        });
        text
    }

    /// Posts a comment. None for what came of it: it waits on the device.
    pub fn post(self, act: Act, body: NewComment, on_done: impl FnOnce(Option<&Comment>) + 'static) {
        let Some(text) = act.checked(&body.text) else { return };
        let words = vec![text.clone()];
        let kept = outbox::Act::Comment { on: self.subject.get_value(), body: NewComment { text, ..body } };
        act.confirm(kept, words, move |comment| {
            on_done(comment.as_ref());
            if let Some(comment) = comment {
                self.take(comment);
            }
        });
    }

    /// A comment was received.
    fn take(self, comment: Comment) {
        if comment.stands() {
            self.list.add(Thread { comment, replies: Vec::new(), answer: None });
        } else {
            recall(self.own);
        }
    }

    /// Replies to a comment. None for what came of it: it waits on the device.
    pub fn reply(
        self,
        act: Act,
        to: CommentId,
        text: &str,
        on_done: impl FnOnce(Option<&Comment>) + 'static,
    ) {
        let Some(text) = act.checked(text) else { return };
        let words = vec![text.clone()];
        let kept =
            outbox::Act::Reply { on: self.subject.get_value(), to: to.clone(), body: NewText { text } };
        act.confirm(kept, words, move |reply| {
            on_done(reply.as_ref());
            if let Some(reply) = reply {
                self.take_reply(&to, reply);
            }
        });
    }

    /// A reply was received.
    fn take_reply(self, to: &CommentId, reply: Comment) {
        if !reply.stands() {
            return recall(self.own);
        }
        self.list.each(|thread| {
            if thread.comment.id == *to && !thread.replies.iter().any(|other| other.id == reply.id) {
                thread.replies.push(reply.clone());
            }
        });
    }

    /// What was confirmed here and is still on this device.
    #[must_use]
    pub fn kept(&self) -> Vec<Item> {
        self.subject.with_value(|subject| {
            self.waiting.unattended(|item| item.act.subject().as_ref() == Some(subject) && !is_received(item))
        })
    }

    /// What waited was received: it stands among the others, and waits no more.
    fn hear(self) {
        let received = self.subject.with_value(|subject| {
            self.waiting.unattended(|item| item.act.subject().as_ref() == Some(subject) && is_received(item))
        });
        for item in received {
            let State::Received { answer } = &item.state else { continue };
            match (json::read(answer), &item.act) {
                (Ok(reply), outbox::Act::Reply { to, .. }) => self.take_reply(to, reply),
                (Ok(comment), _) => self.take(comment),
                (Err(_), _) => self.list.first.reload(),
            }
            self.waiting.forget(&item.key);
        }
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
        if self.own.with_untracked(|own| own.iter().any(|own| own.comment.id == comment.id)) {
            recall(self.own);
        }
        self.list.each(|thread| {
            for place in std::iter::once(&mut thread.comment).chain(&mut thread.replies) {
                if place.id == comment.id {
                    *place = comment.clone();
                }
            }
        });
    }
}

fn is_received(item: &Item) -> bool {
    matches!(item.state, State::Received { .. })
}

/// Asks for one's own comments that not everybody reads. Without an answer those that are here stay.
fn recall(own: RwSignal<Vec<OwnComment>>) {
    spawn_local(async move {
        if let Ok(page) = client::send(&ListOwnComments).await {
            // The page may have been left meanwhile: that ended its signals.
            let _ = own.try_set(page.items);
        }
    });
}

/// Puts one's own comment where it belongs: in its place among those that everybody sees, or by its time between them.
/// `complete` says whether there are no threads beyond these.
fn place(own: &OwnComment, complete: bool, threads: &mut Vec<Thread>) {
    let comment = &own.comment;
    let siblings = match &own.parent {
        None => {
            if let Some(thread) = threads.iter_mut().find(|thread| thread.comment.id == comment.id) {
                thread.comment = comment.clone();
                return;
            }
            // Newest first.
            let at = threads.iter().position(|thread| thread.comment.posted_at < comment.posted_at);
            let at = at.or_else(|| complete.then_some(threads.len()));
            if let Some(at) = at {
                threads.insert(at, Thread { comment: comment.clone(), replies: Vec::new(), answer: None });
            }
            return;
        }
        Some(parent) => threads.iter_mut().find(|thread| thread.comment.id == *parent),
    };
    let Some(Thread { replies, .. }) = siblings else { return };
    match replies.iter_mut().find(|reply| reply.id == comment.id) {
        Some(reply) => *reply = comment.clone(),
        None => {
            // Oldest first.
            let at = replies.iter().position(|reply| reply.posted_at > comment.posted_at);
            replies.insert(at.unwrap_or(replies.len()), comment.clone());
        }
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

    /// Confirms a comment: it is sent, or waits on the device until it can be.
    fn confirm(self, kept: outbox::Act, words: Vec<String>, on_done: impl FnOnce(Option<Comment>) + 'static) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.error.set(None);
        let waiting = self.discussion.waiting;
        let item = waiting.item(kept, words);
        let key = item.key.clone();
        spawn_local(async move {
            let state = waiting.confirm(item).await;
            // The form may have been closed while the answer was on its way: closing it ended its signals.
            self.busy.try_set(false);
            let refused = match state {
                Some(State::Refused { problem }) => problem,
                Some(State::Orphaned {}) => ProblemKind::SessionRequired,
                Some(State::Received { answer }) => {
                    waiting.forget(&key);
                    return on_done(json::read(&answer).ok());
                }
                _ => return on_done(None),
            };
            // What was typed is still there.
            waiting.forget(&key);
            self.error.try_set(Some(ClientError::refused(refused)));
        });
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

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use cabildo_contract::answer::About;
    use cabildo_contract::comment::Moderation;
    use cabildo_contract::time::Timestamp;

    fn comment(id: &str, second: i64) -> Comment {
        Comment {
            id: CommentId::parse(id).unwrap(),
            author: Some("A".to_owned()),
            simulated: false,
            stance: None,
            text: Some(id.to_owned()),
            posted_at: Timestamp::from_millis(second * 1000),
            edited_at: None,
            moderation: None,
        }
    }

    fn own(id: &str, second: i64, parent: Option<&str>) -> OwnComment {
        OwnComment {
            comment: Comment { moderation: Some(Moderation::Waiting), ..comment(id, second) },
            about: About::Proposal { id: ProposalId::parse("p-1").unwrap(), title: "P".to_owned() },
            parent: parent.map(|id| CommentId::parse(id).unwrap()),
        }
    }

    fn threads() -> Vec<Thread> {
        let hidden = Comment { text: None, author: None, ..comment("c-3", 3) };
        [hidden, comment("c-1", 1)]
            .map(|comment| Thread { comment, replies: Vec::new(), answer: None })
            .into_iter()
            .collect()
    }

    fn ids(threads: &[Thread]) -> Vec<&str> {
        threads.iter().map(|thread| thread.comment.id.as_str()).collect()
    }

    #[test]
    fn ones_own_comment_stands_by_its_time_and_in_its_place_if_it_has_one() {
        let mut all = threads();
        place(&own("c-2", 2, None), false, &mut all);
        place(&own("c-4", 4, None), false, &mut all);
        assert_eq!(ids(&all), ["c-4", "c-3", "c-2", "c-1"]);
        place(&own("c-3", 3, None), false, &mut all);
        assert_eq!((all.len(), all[1].comment.text.as_deref()), (4, Some("c-3")));
    }

    #[test]
    fn what_belongs_to_a_page_that_is_not_here_waits_for_it() {
        let mut all = threads();
        place(&own("c-0", 0, None), false, &mut all);
        place(&own("r-0", 0, Some("c-0")), false, &mut all);
        assert_eq!(all, threads());
        place(&own("c-0", 0, None), true, &mut all);
        assert_eq!(ids(&all), ["c-3", "c-1", "c-0"]);
    }

    #[test]
    fn ones_own_reply_stands_below_its_comment_by_its_time() {
        let mut all = threads();
        all[1].replies = vec![comment("r-2", 2), comment("r-9", 9)];
        place(&own("r-5", 5, Some("c-1")), true, &mut all);
        place(&own("r-9", 9, Some("c-1")), true, &mut all);
        let replies: Vec<_> = all[1].replies.iter().map(|reply| reply.id.as_str()).collect();
        assert_eq!(replies, ["r-2", "r-5", "r-9"]);
        assert!(all[1].replies[2].moderation.is_some());
    }
}

//! What a person confirmed and the server has not acknowledged: ballots and comments that wait on the device.
//!
//! Pure: nothing here reads a clock, a store or the network. [`crate::state::outbox`] keeps it on the device and sends what
//! waits; `crates/server/tests/suite/outbox.rs` drives it against a real server over a network that drops, repeats and
//! reorders.
//!
//! Three things make sending again harmless. A comment carries a key, under which the server carries it out once
//! (`Idempotency-Key`). A ballot says which version of the person's ballot it takes the place of
//! ([`CastBallot::replaces`]): an old one that arrives late undoes nothing. And what one person confirmed is never sent in
//! the name of another: with its first try it belongs to the session that sent it.

use crate::client::json::{self, Nonsense};
use cabildo_contract::ballot::{Ballot, BallotBody, CastBallot, MyBallot};
use cabildo_contract::comment::{NewComment, NewText, PostComment, PostReply, Subject};
use cabildo_contract::endpoint::{Endpoint, Method};
use cabildo_contract::id::{CommentId, Slug};
use cabildo_contract::problem::ProblemKind;
use cabildo_contract::time::Timestamp;
use serde::{Deserialize, Serialize, Serializer};

/// What was confirmed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// A ballot.
    Ballot {
        /// Slug of the consultation.
        consultation: Slug,
        /// The answer, as its rule's check gives it back.
        body: BallotBody,
        /// When the consultation closes.
        closes: Timestamp,
        /// The version that it takes the place of; none where it was not known when the ballot was confirmed.
        version: Option<u32>,
        /// Whether the server has to be asked first what it has: nothing is known of it, or it is another version by now.
        unsure: bool,
        /// Answers that this one took the place of while nobody knew whether they had arrived.
        earlier: Vec<BallotBody>,
    },
    /// A comment.
    Comment {
        /// What it is about.
        on: Subject,
        /// Its stance and its text.
        body: NewComment,
    },
    /// A reply.
    Reply {
        /// What the comment is about.
        on: Subject,
        /// The comment.
        to: CommentId,
        /// Its text.
        body: NewText,
    },
}

/// Where something stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It is on the device, and leaves when it can.
    Waiting {},
    /// The server has it.
    Received {
        /// What it answered, as JSON: a [`Ballot`], or a comment.
        answer: String,
    },
    /// The server will not have it.
    Refused {
        /// Why.
        problem: ProblemKind,
    },
    /// The person's ballot was changed elsewhere after this one was confirmed: they decide which one counts.
    Overtaken {
        /// The version that stands there.
        version: u32,
    },
    /// It was confirmed in a session that is over: it cannot be sent any more.
    Orphaned {},
}

/// One thing that was confirmed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// Its name, that nothing else has: also what keeps it from being carried out twice.
    pub key: String,
    /// When it was confirmed, by the device's clock.
    pub at: Timestamp,
    /// What it is about: a title.
    pub title: String,
    /// The address of its page.
    pub page: String,
    /// What was chosen or written, to be read again.
    pub words: Vec<String>,
    /// The session that it belongs to, by its author's code; none before it is sent for the first time where there was no
    /// session.
    pub author: Option<String>,
    /// Whether it was sent: then it may have arrived, even if nobody heard so.
    pub tried: bool,
    /// What it is.
    pub act: Act,
    /// Where it stands.
    pub state: State,
    /// How it is sent: for the service worker alone, which knows nothing of all this. Written anew each time.
    #[serde(default, skip_deserializing)]
    pub request: Option<Request>,
}

/// What came of sending something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The server has it, and answered this (JSON).
    Received(String),
    /// The server will not have it.
    Refused(ProblemKind),
    /// No answer, or one that says: later.
    Unanswered,
}

/// A request as it is sent: what the service worker needs, which knows nothing of this.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Request {
    /// The method.
    #[serde(serialize_with = "as_word")]
    pub method: Method,
    /// Path and query.
    pub path: String,
    /// The body, JSON.
    pub body: String,
}

/// What is to be done next for what waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Nothing.
    Rest,
    /// Open a session, then [`Outbox::belong_to`] it.
    OpenSession,
    /// Ask what the server has of the person's ballot, then [`Outbox::compare`] it.
    Ask {
        /// The item.
        key: String,
        /// Slug of the consultation.
        consultation: Slug,
    },
    /// [`Outbox::begin`], send it, [`Outbox::settle`] it.
    Send {
        /// The item.
        key: String,
        /// The request.
        request: Request,
    },
}

/// How much of the time to send something is left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Urgency {
    /// The close is near.
    Soon,
    /// It has passed.
    Over,
}

/// How near the close is too near to wait quietly: a day.
const SOON_MS: i64 = 86_400_000;

impl Act {
    fn consultation(&self) -> Option<&Slug> {
        match self {
            Self::Ballot { consultation, .. } => Some(consultation),
            _ => None,
        }
    }

    /// What it is a comment or a reply about.
    #[must_use]
    pub fn subject(&self) -> Option<Subject> {
        match self {
            Self::Ballot { .. } => None,
            Self::Comment { on, .. } | Self::Reply { on, .. } => Some(on.clone()),
        }
    }

    /// A ballot, over the version that is known to stand.
    #[must_use]
    pub const fn ballot(
        consultation: Slug,
        body: BallotBody,
        closes: Timestamp,
        version: Option<u32>,
    ) -> Self {
        Self::Ballot { consultation, body, closes, version, unsure: version.is_none(), earlier: Vec::new() }
    }

    /// How it is sent; none while the server has to be asked something first.
    #[must_use]
    pub fn request(&self) -> Option<Request> {
        match self {
            Self::Ballot { unsure: true, .. } => None,
            Self::Ballot { consultation, body, version, .. } => request(&CastBallot {
                consultation: consultation.clone(),
                body: body.clone(),
                replaces: *version,
            }),
            Self::Comment { on, body } => match on.clone() {
                Subject::Proposal(subject) => request(&PostComment { subject, body: body.clone() }),
                Subject::Option(subject) => request(&PostComment { subject, body: body.clone() }),
            },
            Self::Reply { to, body, .. } => request(&PostReply { comment: to.clone(), body: body.clone() }),
        }
    }
}

fn request<E: Endpoint>(endpoint: &E) -> Option<Request> {
    let body = serde_json::to_string(endpoint.body()?).ok()?;
    Some(Request { method: E::METHOD, path: endpoint.path(), body })
}

fn as_word<S: Serializer>(method: &Method, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(method.as_str())
}

impl Item {
    /// Whether it waits to be sent.
    #[must_use]
    pub fn waits(&self) -> bool {
        self.state == State::Waiting {}
    }

    /// Whether it is the ballot of this consultation.
    #[must_use]
    pub fn is_ballot_of(&self, consultation: &Slug) -> bool {
        self.act.consultation() == Some(consultation)
    }

    /// The ballot that the server acknowledged.
    #[must_use]
    pub fn ballot(&self) -> Option<Ballot> {
        match &self.state {
            State::Received { answer } if self.act.consultation().is_some() => json::read(answer).ok(),
            _ => None,
        }
    }

    /// Whether the close is near or past while it waits; none for what has no close.
    #[must_use]
    pub fn urgency(&self, now: Timestamp) -> Option<Urgency> {
        let Act::Ballot { closes, .. } = &self.act else { return None };
        match closes.millis() - now.millis() {
            _ if !self.waits() => None,
            ..=0 => Some(Urgency::Over),
            left if left <= SOON_MS => Some(Urgency::Soon),
            _ => None,
        }
    }
}

/// All that waits on a device, oldest first, and what came of it until somebody has seen it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outbox {
    items: Vec<Item>,
}

impl Outbox {
    /// Reads what [`Outbox::written`] wrote.
    ///
    /// # Errors
    /// Another version of this wrote it, which kept other things.
    pub fn read(text: Option<&str>) -> Result<Self, Nonsense> {
        text.map_or_else(|| Ok(Self::default()), |text| Ok(Self { items: json::read(text)? }))
    }

    /// As it is kept on the device; none if nothing is in it.
    #[must_use]
    pub fn written(&self) -> Option<String> {
        if self.items.is_empty() {
            return None;
        }
        let written = self.items.iter().map(|item| Item { request: item.act.request(), ..item.clone() });
        serde_json::to_string(&written.collect::<Vec<_>>()).ok()
    }

    /// What is in it.
    #[must_use]
    pub fn items(&self) -> &[Item] {
        &self.items
    }

    /// The item of this name.
    #[must_use]
    pub fn find(&self, key: &str) -> Option<&Item> {
        self.items.iter().find(|item| item.key == key)
    }

    /// Keeps what was confirmed. A ballot takes the place of the one of the same consultation that was confirmed before.
    pub fn keep(&mut self, mut new: Item) {
        if let Some(at) = self.position_of_ballot(&new) {
            let before = self.items.remove(at);
            let waits = before.waits();
            if let (
                Act::Ballot { version, unsure, earlier, .. },
                Act::Ballot {
                    version: before_version,
                    unsure: before_unsure,
                    earlier: before_earlier,
                    body,
                    ..
                },
            ) = (&mut new.act, before.act)
            {
                *earlier = before_earlier;
                if before.tried {
                    earlier.push(body);
                }
                // What the server has of it is still what it was when the first of them was confirmed, as far as is known.
                if waits {
                    *version = before_version;
                    *unsure = before_unsure;
                }
            }
        }
        self.items.push(new);
    }

    fn position_of_ballot(&self, new: &Item) -> Option<usize> {
        let consultation = new.act.consultation()?;
        self.items.iter().position(|item| item.is_ballot_of(consultation))
    }

    /// The session of this device is this one now: what was confirmed in another is its own no longer.
    pub fn belong_to(&mut self, author: &str) {
        for item in &mut self.items {
            let other = item.author.as_deref().is_some_and(|of| of != author);
            if other && item.waits() {
                item.state = State::Orphaned {};
            }
        }
    }

    /// What is to be done next: for the oldest that waits, the others after it.
    #[must_use]
    pub fn step(&self, has_session: bool) -> Step {
        let Some(item) = self.items.iter().find(|item| item.waits()) else { return Step::Rest };
        if !has_session {
            return Step::OpenSession;
        }
        let key = item.key.clone();
        match (item.act.request(), item.act.consultation()) {
            (Some(request), _) => Step::Send { key, request },
            (None, Some(consultation)) => Step::Ask { key, consultation: consultation.clone() },
            // What cannot be written can never be sent; our own types can be.
            (None, None) => Step::Rest,
        }
    }

    /// It is about to be sent in this session. Kept before it is sent: whatever happens then, it may have arrived.
    pub fn begin(&mut self, key: &str, author: &str) {
        self.change(key, |item| {
            item.author = Some(author.to_owned());
            item.tried = true;
        });
    }

    /// This came of sending it. What is no longer here was replaced or given up meanwhile.
    pub fn settle(&mut self, key: &str, outcome: Outcome) {
        self.change(key, |item| match (outcome, &mut item.act) {
            (Outcome::Unanswered, _) => {}
            (Outcome::Received(answer), _) => item.state = State::Received { answer },
            (Outcome::Refused(ProblemKind::BallotChanged), Act::Ballot { unsure, .. }) => *unsure = true,
            (Outcome::Refused(problem), _) => item.state = State::Refused { problem },
        });
    }

    /// This is what the server has of the person's ballot. Asked where it is not known what the ballot takes the place
    /// of, or where it is another by now.
    pub fn compare(&mut self, key: &str, mine: &MyBallot) {
        self.change(key, |item| {
            let Act::Ballot { body, version, unsure, earlier, .. } = &mut item.act else { return };
            let known = version.is_some();
            *unsure = false;
            item.state = match &mine.ballot {
                Some(ballot) if ballot.body == *body => match serde_json::to_string(ballot) {
                    Ok(answer) => State::Received { answer },
                    Err(_) => return,
                },
                // It arrived, although nobody heard so.
                Some(ballot) if earlier.contains(&ballot.body) => State::Waiting {},
                // There never was one.
                None if mine.version == 0 && !known => State::Waiting {},
                _ => State::Overtaken { version: mine.version },
            };
            if item.state == (State::Waiting {}) {
                *version = Some(mine.version);
            }
        });
    }

    /// The person wants it sent all the same.
    pub fn insist(&mut self, key: &str) {
        self.change(key, |item| {
            if let (State::Overtaken { version: standing }, Act::Ballot { version, .. }) =
                (&item.state, &mut item.act)
            {
                *version = Some(*standing);
            }
            if matches!(item.state, State::Overtaken { .. } | State::Refused { .. }) {
                item.state = State::Waiting {};
            }
        });
    }

    /// The person gives it up, or has seen what came of it.
    pub fn forget(&mut self, key: &str) {
        self.items.retain(|item| item.key != key);
    }

    fn change(&mut self, key: &str, change: impl FnOnce(&mut Item)) {
        if let Some(item) = self.items.iter_mut().find(|item| item.key == key) {
            change(item);
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use cabildo_contract::comment::Stance;
    use cabildo_contract::id::{OptionId, ProposalId};

    fn body(choice: &str) -> BallotBody {
        BallotBody::of(vec![OptionId::parse(choice).unwrap()])
    }

    fn item(key: &str, act: Act) -> Item {
        Item {
            key: key.to_owned(),
            at: Timestamp::from_millis(0),
            title: "Título".to_owned(),
            page: "/consultations/temas".to_owned(),
            words: vec!["agua".to_owned()],
            author: None,
            tried: false,
            act,
            state: State::Waiting {},
            request: None,
        }
    }

    fn ballot(key: &str, choice: &str, version: Option<u32>) -> Item {
        let closes = Timestamp::from_millis(10 * SOON_MS);
        let consultation = Slug::parse("temas").unwrap();
        item(key, Act::ballot(consultation, body(choice), closes, version))
    }

    fn comment(key: &str) -> Item {
        let on = Subject::Proposal(ProposalId::parse("p-1").unwrap());
        item(key, Act::Comment { on, body: NewComment { stance: Stance::For, text: "Sí".to_owned() } })
    }

    fn standing(choice: Option<&str>, version: u32) -> MyBallot {
        let received_at = Timestamp::from_millis(1);
        let ballot = choice.map(|choice| Ballot {
            receipt: "1".to_owned(),
            revision: version,
            received_at,
            body: body(choice),
        });
        MyBallot { ballot, version }
    }

    fn version(outbox: &Outbox, key: &str) -> Option<u32> {
        match outbox.find(key).unwrap().act {
            Act::Ballot { version, .. } => version,
            _ => None,
        }
    }

    #[test]
    fn what_is_kept_is_read_back_whatever_it_is() {
        let mut outbox = Outbox::default();
        assert_eq!(outbox.written(), None);
        outbox.keep(ballot("a", "x", Some(3)));
        outbox.keep(comment("b"));
        outbox.begin("b", "AB12");
        outbox.settle("b", Outcome::Refused(ProblemKind::Left));
        let text = outbox.written().unwrap();
        assert_eq!(Outbox::read(Some(&text)), Ok(outbox));
        assert!(text.contains(r#""path":"/api/v1/consultations/temas/ballot?replaces=3""#), "{text}");
        assert_eq!(Outbox::read(None), Ok(Outbox::default()));
        assert_eq!(Outbox::read(Some("what is this?")), Err(Nonsense));
    }

    #[test]
    fn a_ballot_takes_the_place_of_the_one_before_and_a_comment_of_none() {
        let mut outbox = Outbox::default();
        for item in [comment("a"), ballot("b", "x", Some(0)), comment("c"), ballot("d", "y", Some(7))] {
            outbox.keep(item);
        }
        let keys: Vec<_> = outbox.items().iter().map(|item| item.key.as_str()).collect();
        assert_eq!(keys, ["a", "c", "d"]);
        assert_eq!(version(&outbox, "d"), Some(0), "the server has what it had");
        let Act::Ballot { earlier, .. } = &outbox.find("d").unwrap().act else { panic!() };
        assert!(earlier.is_empty(), "the other was never sent");
    }

    #[test]
    fn an_answer_that_got_lost_is_recognised_and_revised() {
        let mut outbox = Outbox::default();
        outbox.keep(ballot("a", "x", Some(0)));
        outbox.begin("a", "AB12");
        outbox.settle("a", Outcome::Unanswered);
        assert!(matches!(outbox.step(true), Step::Send { .. }), "it is tried again");
        outbox.keep(ballot("b", "y", Some(0)));
        outbox.settle("b", Outcome::Refused(ProblemKind::BallotChanged));
        assert!(matches!(outbox.step(true), Step::Ask { .. }));
        outbox.compare("b", &standing(Some("x"), 1));
        assert!(matches!(outbox.step(true), Step::Send { key, .. } if key == "b"));
        assert_eq!(version(&outbox, "b"), Some(1));
        outbox.compare("b", &standing(Some("y"), 2));
        assert_eq!(outbox.find("b").unwrap().ballot().unwrap().revision, 2);
    }

    #[test]
    fn a_later_decision_elsewhere_is_not_undone_unless_the_person_says_so() {
        for later in [standing(Some("z"), 4), standing(None, 4)] {
            for known in [Some(1), None] {
                let mut outbox = Outbox::default();
                outbox.keep(ballot("a", "x", known));
                outbox.compare("a", &later);
                assert_eq!(outbox.find("a").unwrap().state, State::Overtaken { version: 4 });
                assert_eq!(outbox.step(true), Step::Rest);
                outbox.insist("a");
                assert!(matches!(outbox.step(true), Step::Send { .. }));
                assert_eq!(version(&outbox, "a"), Some(4));
            }
        }
    }

    #[test]
    fn a_first_ballot_of_which_nothing_was_known_goes_once_it_is_known_that_there_is_none() {
        let mut outbox = Outbox::default();
        outbox.keep(ballot("a", "x", None));
        assert_eq!(outbox.step(false), Step::OpenSession);
        assert!(matches!(outbox.step(true), Step::Ask { .. }), "first the server is asked");
        outbox.compare("a", &standing(None, 0));
        assert!(matches!(outbox.step(true), Step::Send { .. }));
    }

    #[test]
    fn nothing_is_sent_in_the_name_of_somebody_else() {
        let mut outbox = Outbox::default();
        outbox.keep(comment("new"));
        outbox.keep(comment("sent"));
        outbox.begin("sent", "AB12");
        outbox.belong_to("AB12");
        assert!(outbox.items().iter().all(Item::waits));
        outbox.belong_to("CD34");
        assert_eq!(outbox.find("sent").unwrap().state, State::Orphaned {});
        assert!(matches!(outbox.step(true), Step::Send { key, .. } if key == "new"));
        outbox.insist("sent");
        assert_eq!(outbox.find("sent").unwrap().state, State::Orphaned {}, "nor if somebody insists");
    }

    #[test]
    fn what_was_given_up_stays_so_whatever_is_heard_of_it() {
        let mut outbox = Outbox::default();
        outbox.keep(comment("a"));
        outbox.begin("a", "AB12");
        outbox.forget("a");
        outbox.settle("a", Outcome::Received("{}".to_owned()));
        assert!(outbox.items().is_empty());
    }

    #[test]
    fn the_close_is_near_a_day_before_and_only_for_what_waits() {
        let mut outbox = Outbox::default();
        outbox.keep(ballot("a", "x", Some(0)));
        let at = |days: i64| outbox.items()[0].urgency(Timestamp::from_millis(days * SOON_MS));
        assert_eq!([at(8), at(9), at(10)], [None, Some(Urgency::Soon), Some(Urgency::Over)]);
        outbox.settle("a", Outcome::Refused(ProblemKind::ConsultationClosed));
        assert_eq!(outbox.items()[0].urgency(Timestamp::from_millis(10 * SOON_MS)), None);
        assert_eq!(comment("b").urgency(Timestamp::from_millis(0)), None);
    }
}

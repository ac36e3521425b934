//! What waits on a phone, against a real server, over a network that drops requests and answers, repeats and reorders;
//! with two tabs, another device of the same person, and crashes.
//!
//! Everybody has options of their own, which nobody else chooses: a ballot that is counted twice, or one that was undone,
//! shows in a tally that is not 0 or 1.

use crate::harness::{Answer, CONSULTATION, Server, slug, start, time};
use cabildo_app::outbox::{Act, Item, Outbox, Outcome, Request, State, Step};
use cabildo_contract::ballot::{BallotBody, CastBallot, GetBallot, MyBallot};
use cabildo_contract::comment::{ListComments, NewComment, Stance, Subject, Thread};
use cabildo_contract::id::OptionId;
use cabildo_contract::page::Page;
use cabildo_contract::problem::Problem;
use cabildo_contract::session::{CurrentSession, GetSession};
use cabildo_contract::tally::{GetResults, Results};
use cabildo_contract::time::Timestamp;
use proptest::prelude::*;

const PEOPLE: usize = 4;
/// Options of each person.
const OWN: usize = 3;

/// What becomes of a request.
#[derive(Debug, Clone, Copy)]
enum Fate {
    Answered,
    RequestLost,
    AnswerLost,
    Twice,
    /// It arrives later, and nobody hears of it.
    Late,
    /// The phone dies while the answer is on its way.
    Crash,
}

/// What happens next.
#[derive(Debug, Clone)]
enum Event {
    /// A person confirms a ballot for one of their options.
    Vote { person: usize, own: usize },
    /// A person confirms a comment.
    Comment { person: usize },
    /// A tab does what is to be done next; meanwhile the person may confirm another ballot in the other tab.
    Flush { person: usize, fate: Fate, meanwhile: Option<usize> },
    /// A request that is still on its way arrives.
    Arrive(usize),
    /// The person votes with another device, on which nothing waits.
    Elsewhere { person: usize, own: usize },
}

fn events() -> impl Strategy<Value = Vec<Event>> {
    let (person, own) = (0..PEOPLE, 0..OWN);
    let fate = prop_oneof![
        4 => Just(Fate::Answered),
        2 => Just(Fate::RequestLost),
        3 => Just(Fate::AnswerLost),
        1 => Just(Fate::Twice),
        2 => Just(Fate::Late),
        1 => Just(Fate::Crash),
    ];
    let event = prop_oneof![
        3 => (person.clone(), own.clone()).prop_map(|(person, own)| Event::Vote { person, own }),
        1 => person.clone().prop_map(|person| Event::Comment { person }),
        6 => (person.clone(), fate, prop::option::weighted(0.2, own.clone()))
            .prop_map(|(person, fate, meanwhile)| Event::Flush { person, fate, meanwhile }),
        2 => (0..8_usize).prop_map(Event::Arrive),
        1 => (person, own).prop_map(|(person, own)| Event::Elsewhere { person, own }),
    ];
    prop::collection::vec(event, 1..60)
}

/// A phone: what is kept on it, and its cookie.
#[derive(Default)]
struct Phone {
    kept: Option<String>,
    cookie: Option<String>,
    author: Option<String>,
    /// Whether the page heard what the server has before the connection was lost.
    known: Option<u32>,
    voted: Option<usize>,
    comments: Vec<String>,
    /// What they chose last on the other device.
    elsewhere: Option<usize>,
}

/// A request on its way.
struct Sent {
    cookie: Option<String>,
    key: String,
    request: Request,
}

struct World {
    server: Server,
    options: Vec<OptionId>,
    phones: Vec<Phone>,
    late: Vec<Sent>,
    names: usize,
    /// Whether ballots say which version they take the place of.
    has_versions: bool,
}

impl World {
    async fn begin(server: Server) -> Self {
        let options = server.consultation().await.options.into_iter().map(|option| option.id).collect();
        let phones = (0..PEOPLE).map(|_| Phone::default()).collect();
        Self { server, options, phones, late: Vec::new(), names: 0, has_versions: true }
    }

    fn outbox(&self, person: usize) -> Outbox {
        Outbox::read(self.phones[person].kept.as_deref()).unwrap()
    }

    /// Reads what is kept, changes it and keeps it again, as a phone does: nothing is known in between.
    fn change(&mut self, person: usize, change: impl FnOnce(&mut Outbox)) {
        let mut outbox = self.outbox(person);
        change(&mut outbox);
        self.phones[person].kept = outbox.written();
    }

    fn ballot(&self, person: usize, own: usize) -> BallotBody {
        BallotBody::of(vec![self.options[person * OWN + own].clone()])
    }

    fn item(&mut self, act: Act) -> Item {
        self.names += 1;
        Item {
            key: format!("item-{}", self.names),
            at: Timestamp::from_millis(0),
            title: String::new(),
            page: String::new(),
            words: Vec::new(),
            author: None,
            tried: false,
            act,
            state: State::Waiting {},
            request: None,
        }
    }

    fn vote(&mut self, person: usize, own: usize) {
        let closes = time("2100-01-01T00:00:00Z");
        let known = self.phones[person].known;
        let act = Act::ballot(slug(CONSULTATION), self.ballot(person, own), closes, known);
        let item = self.item(act);
        self.change(person, |outbox| outbox.keep(item));
        self.phones[person].voted = Some(own);
    }

    fn comment(&mut self, person: usize) {
        let on = Subject::Proposal(self.server.proposal());
        let text = format!("Comentario {} de {person}", self.names);
        self.phones[person].comments.push(text.clone());
        let item = self.item(Act::Comment { on, body: NewComment { stance: Stance::For, text } });
        self.change(person, |outbox| outbox.keep(item));
    }

    async fn deliver(&self, sent: &Sent) -> Answer {
        let mut headers = vec![("idempotency-key", sent.key.as_str())];
        headers.extend(sent.cookie.as_deref().map(|cookie| ("cookie", cookie)));
        let Request { method, path, body } = &sent.request;
        let path = if self.has_versions { path } else { path.split('?').next().unwrap() };
        self.server.send(method.as_str(), path, &headers, Some(body)).await
    }

    /// One step of a tab. Says whether there was anything to do.
    async fn flush(&mut self, person: usize, fate: Fate, meanwhile: Option<usize>) -> bool {
        let is_answered = matches!(fate, Fate::Answered | Fate::Twice);
        let cookie = self.phones[person].cookie.clone();
        match self.outbox(person).step(cookie.is_some()) {
            Step::Rest => return false,
            Step::OpenSession => {
                if !matches!(fate, Fate::RequestLost | Fate::Late) {
                    let opened = self.server.somebody(false).await;
                    if is_answered {
                        let session: CurrentSession =
                            self.server.call(&GetSession, Some(&opened)).await.json();
                        let author = session.session.unwrap().author;
                        self.change(person, |outbox| outbox.belong_to(&author));
                        self.phones[person].cookie = Some(opened);
                        self.phones[person].author = Some(author);
                    }
                }
            }
            Step::Ask { key, consultation } => {
                let mine: MyBallot =
                    self.server.call(&GetBallot { consultation }, cookie.as_deref()).await.json();
                if is_answered {
                    self.change(person, |outbox| outbox.compare(&key, &mine));
                }
            }
            Step::Send { key, request } => {
                let author = self.phones[person].author.clone().unwrap();
                self.change(person, |outbox| outbox.begin(&key, &author));
                let sent = Sent { cookie, key: key.clone(), request };
                if let Some(own) = meanwhile {
                    self.vote(person, own);
                }
                let outcome = match fate {
                    Fate::RequestLost => Outcome::Unanswered,
                    Fate::Late => {
                        self.late.push(sent);
                        Outcome::Unanswered
                    }
                    Fate::AnswerLost => {
                        self.deliver(&sent).await;
                        Outcome::Unanswered
                    }
                    // What was written down before the phone died is all that is known.
                    Fate::Crash => {
                        self.deliver(&sent).await;
                        return true;
                    }
                    Fate::Answered => heard(&self.deliver(&sent).await),
                    Fate::Twice => {
                        let first = heard(&self.deliver(&sent).await);
                        self.deliver(&sent).await;
                        first
                    }
                };
                self.change(person, |outbox| outbox.settle(&key, outcome));
            }
        }
        true
    }

    async fn happens(&mut self, event: &Event) {
        match *event {
            Event::Vote { person, own } => self.vote(person, own),
            Event::Comment { person } => self.comment(person),
            Event::Flush { person, fate, meanwhile } => {
                self.flush(person, fate, meanwhile).await;
            }
            Event::Arrive(at) => {
                if !self.late.is_empty() {
                    let sent = self.late.remove(at % self.late.len());
                    self.deliver(&sent).await;
                }
            }
            Event::Elsewhere { person, own } => {
                if let Some(cookie) = self.phones[person].cookie.clone() {
                    let cast = CastBallot::new(slug(CONSULTATION), self.ballot(person, own));
                    self.server.call(&cast, Some(&cookie)).await;
                    self.phones[person].elsewhere = Some(own);
                }
            }
        }
    }

    /// The network is good again, and everything that was on its way arrives, before and after.
    async fn calm_down(&mut self) {
        let late = std::mem::take(&mut self.late);
        let (before, after) = late.split_at(late.len() / 2);
        for sent in before {
            self.deliver(sent).await;
        }
        for person in 0..PEOPLE {
            let mut steps = 0;
            while self.flush(person, Fate::Answered, None).await {
                steps += 1;
                assert!(steps < 100, "it comes to an end: {:?}", self.outbox(person));
            }
        }
        for sent in after {
            self.deliver(sent).await;
        }
    }

    /// Each option is chosen by whoever it belongs to, or by nobody; what was acknowledged is there, and what is there was
    /// confirmed.
    async fn check(&self) {
        let results: Results =
            self.server.call(&GetResults { consultation: slug(CONSULTATION) }, None).await.json();
        let votes = |id: &OptionId| {
            results.options.iter().find(|option| option.option == *id).map_or(0, |option| option.votes)
        };
        for (person, phone) in self.phones.iter().enumerate() {
            let counted: Vec<u64> = (0..OWN).map(|own| votes(&self.options[person * OWN + own])).collect();
            let outbox = self.outbox(person);
            let ballot = outbox.items().iter().find(|item| item.is_ballot_of(&slug(CONSULTATION)));
            assert!(counted.iter().all(|votes| *votes <= 1), "counted twice: {counted:?}");
            assert!(counted.iter().sum::<u64>() <= 1, "one person, one ballot: {counted:?}");
            match (phone.voted, ballot.map(|item| &item.state)) {
                (Some(own), Some(State::Received { .. })) if phone.elsewhere.is_none() => {
                    assert_eq!(counted[own], 1, "acknowledged and not there: {counted:?}, {own}");
                }
                (Some(_), Some(State::Received { .. })) => {
                    assert_eq!(counted.iter().sum::<u64>(), 1);
                }
                (Some(_), Some(State::Overtaken { .. })) => {
                    let later = phone.elsewhere.unwrap();
                    assert_eq!(counted[later], 1, "what was overtaken undoes nothing: {counted:?}, {later}");
                }
                (None, None) => {}
                other => panic!("something waits, or is gone: {other:?} {outbox:?}"),
            }
            assert!(outbox.items().iter().all(|item| !item.waits()), "{outbox:?}");
        }
    }

    async fn check_comments(&self) {
        let (mut posted, mut cursor) = (Vec::new(), String::new());
        loop {
            let list = ListComments { subject: self.server.proposal(), cursor };
            let page: Page<Thread> = self.server.call(&list, None).await.json();
            posted.extend(page.items.into_iter().filter_map(|thread| thread.comment.text));
            match page.next {
                Some(next) => cursor = next,
                None => break,
            }
        }
        let mut confirmed: Vec<String> =
            self.phones.iter().flat_map(|phone| phone.comments.clone()).collect();
        posted.sort();
        confirmed.sort();
        assert_eq!(posted, confirmed, "each once");
    }
}

/// What a page makes of an answer.
fn heard(answer: &Answer) -> Outcome {
    if answer.status.is_success() {
        return Outcome::Received(answer.text());
    }
    let problem: Problem = serde_json::from_slice(&answer.body).unwrap();
    if problem.status >= 500 { Outcome::Unanswered } else { Outcome::Refused(problem.kind) }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn whatever_the_network_does_everything_confirmed_is_there_once_and_nothing_newer_is_undone(
        events in events(), knew in any::<[bool; PEOPLE]>(),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let (server, _directory) = start().await;
            let mut world = World::begin(server).await;
            for (phone, knew) in world.phones.iter_mut().zip(knew) {
                phone.known = knew.then_some(0);
            }
            for event in &events {
                world.happens(event).await;
            }
            world.calm_down().await;
            world.check().await;
            world.check_comments().await;
        });
    }
}

/// What the test above would not notice if it could not fail: the network that it has makes an old ballot undo a newer one
/// as soon as ballots do not say which version they take the place of.
#[tokio::test]
async fn without_versions_an_old_answer_that_arrives_late_undoes_a_newer_one() {
    for has_versions in [true, false] {
        let (server, _directory) = start().await;
        let mut world = World { has_versions, ..World::begin(server).await };
        let flush = |fate| Event::Flush { person: 0, fate, meanwhile: None };
        for event in [
            Event::Vote { person: 0, own: 0 },
            flush(Fate::Answered),
            flush(Fate::Answered),
            flush(Fate::Late),
            Event::Vote { person: 0, own: 1 },
            flush(Fate::Answered),
            Event::Arrive(0),
        ] {
            world.happens(&event).await;
        }
        let cookie = world.phones[0].cookie.clone();
        let get = GetBallot { consultation: slug(CONSULTATION) };
        let mine: MyBallot = world.server.call(&get, cookie.as_deref()).await.json();
        let standing = if has_versions { 1 } else { 0 };
        assert_eq!(mine.ballot.unwrap().body, world.ballot(0, standing));
    }
}

//! The server's clock jumps over a close and back, while people vote.

use crate::harness::{CONSULTATION, Server, ballots, directory, number, open, slug, start, time, until};
use cabildo_contract::ballot::{Ballot, BallotBody, CastBallot, GetBallot, MyBallot, WithdrawBallot};
use cabildo_contract::id::OptionId;
use cabildo_contract::problem::ProblemKind;
use cabildo_contract::tally::{GetResults, Results};
use cabildo_server::clock::Clock;
use cabildo_server::storage::sqlite::Options;
use cabildo_server::witness::Witness;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Instant;
use tokio::task::JoinSet;

/// While the consultation is open.
const OPEN: &str = "2026-06-01T12:00:00Z";
/// The last instant at which it is.
const LAST: &str = "2031-01-01T04:59:59.999Z";
const CLOSE: &str = "2031-01-01T05:00:00Z";
const LATER: &str = "2031-06-01T12:00:00Z";

/// What somebody was told.
struct Told {
    began: Instant,
    ended: Instant,
    accepted: bool,
}

/// Somebody, and what they know to stand.
struct Voter {
    cookie: String,
    standing: Option<Ballot>,
}

#[derive(Default)]
struct Voting {
    next: AtomicUsize,
    stop: AtomicBool,
    told: Mutex<Vec<Told>>,
    voters: Mutex<Vec<Voter>>,
}

impl Voting {
    fn count(&self, accepted: bool) -> usize {
        self.told.lock().unwrap().iter().filter(|told| told.accepted == accepted).count()
    }

    /// One person after the other, each with choices that nobody else has: of three one stays with the first, one changes
    /// it, and one takes it back.
    async fn vote(&self, server: &Server, choices: &[BallotBody]) {
        while !self.stop.load(Ordering::SeqCst) {
            let number = self.next.fetch_add(1, Ordering::SeqCst);
            let mut voter = Voter { cookie: server.somebody(false).await, standing: None };
            self.cast(server, &mut voter, choices[2 * number].clone()).await;
            match number % 3 {
                1 => self.cast(server, &mut voter, choices[2 * number + 1].clone()).await,
                2 => self.withdraw(server, &mut voter).await,
                _ => {}
            }
            self.voters.lock().unwrap().push(voter);
        }
    }

    async fn cast(&self, server: &Server, voter: &mut Voter, body: BallotBody) {
        let (began, cast) = (Instant::now(), CastBallot::new(slug(CONSULTATION), body));
        let answer = server.call(&cast, Some(&voter.cookie)).await;
        if self.tell(began, &answer) {
            voter.standing = Some(answer.json());
        }
    }

    async fn withdraw(&self, server: &Server, voter: &mut Voter) {
        let (began, withdraw) = (Instant::now(), WithdrawBallot::new(slug(CONSULTATION)));
        if self.tell(began, &server.call(&withdraw, Some(&voter.cookie)).await) {
            voter.standing = None;
        }
    }

    /// Whether it was accepted; if not, because it was closed.
    fn tell(&self, began: Instant, answer: &crate::harness::Answer) -> bool {
        let accepted = answer.status.is_success();
        assert!(accepted || answer.refused() == ProblemKind::ConsultationClosed, "{}", answer.text());
        self.told.lock().unwrap().push(Told { began, ended: Instant::now(), accepted });
        accepted
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn over_a_close_and_back_what_was_accepted_counts_once_and_nothing_is_accepted_after_a_refusal() {
    let directory = directory().await;
    let server = Arc::new(open(directory.path(), Options::default()).await);
    let elsewhere = tempfile::tempdir().unwrap();
    let storage = server.app.storage.as_ref();
    let mut witness = Witness::open(&elsewhere.path().join("witness"), storage).await.unwrap();
    let (voting, choices) = (Arc::new(Voting::default()), Arc::new(ballots(&server).await));
    let mut voters = JoinSet::new();
    for _ in 0..8 {
        let (voting, server, choices) = (Arc::clone(&voting), Arc::clone(&server), Arc::clone(&choices));
        voters.spawn(async move { voting.vote(&server, &choices).await });
    }
    // Forth and back while it is open, to its last instant, over the close, and back again and again.
    for at in [OPEN, LAST, "2026-01-02T00:00:00Z", LAST] {
        server.clock.set(time(at));
        let before = voting.count(true);
        until("people vote", async || voting.count(true) >= before + 40).await;
        witness.look(storage, server.app.live.as_of().sequence).await.unwrap();
    }
    for at in [CLOSE, LAST, LATER, OPEN] {
        server.clock.set(time(at));
        let before = voting.count(false);
        until("people are refused", async || voting.count(false) >= before + 40).await;
        witness.look(storage, server.app.live.as_of().sequence).await.unwrap();
    }
    voting.stop.store(true, Ordering::SeqCst);
    voters.join_all().await;

    let told = std::mem::take(&mut *voting.told.lock().unwrap());
    let refused = told.iter().filter(|told| !told.accepted).map(|told| told.ended).min().unwrap();
    let late = told.iter().filter(|told| told.accepted && told.began > refused).count();
    assert_eq!(late, 0, "accepted though somebody had been told that it was closed");
    // Everybody has what they were told last, once; and these, and no others, are counted.
    let voters = std::mem::take(&mut *voting.voters.lock().unwrap());
    let (mut receipts, mut votes) = (BTreeSet::new(), BTreeMap::<OptionId, u64>::new());
    for Voter { cookie, standing } in &voters {
        let get = GetBallot { consultation: slug(CONSULTATION) };
        let mine: MyBallot = server.call(&get, Some(cookie)).await.json();
        assert_eq!(&mine.ballot, standing);
        if let Some(ballot) = standing {
            assert!(receipts.insert(&ballot.receipt), "a number that somebody else has");
            assert!(ballot.received_at < time(CLOSE));
            ballot.body.choices.iter().for_each(|option| *votes.entry(option.clone()).or_default() += 1);
        }
    }
    let results: Results = server.call(&GetResults { consultation: slug(CONSULTATION) }, None).await.json();
    assert_eq!(results.ballots.total, receipts.len() as u64);
    for option in &results.options {
        assert_eq!(option.votes, votes.remove(&option.option).unwrap_or_default());
    }
    // The record has an act for each that was accepted, none from after the close, and comes to what is shown.
    let accepted = told.iter().filter(|told| told.accepted).count() as u64;
    let acts = |which: &str| number(directory.path(), &format!("SELECT count(*) FROM act WHERE {which}"));
    assert_eq!(acts("kind IN ('cast', 'revise', 'withdraw')"), accepted);
    assert_eq!(acts(&format!("at >= {}", time(CLOSE).millis())), 0);
    assert_eq!(number(directory.path(), "SELECT max(sequence) FROM act"), server.app.live.as_of().sequence);
    let counted = storage.load_board().await.unwrap();
    assert!(server.app.live.read(|board| *board == counted));
    println!(
        "{accepted} accepted, {} refused, {} ballots stand",
        told.len() as u64 - accepted,
        receipts.len()
    );

    // If it was the later time that was wrong, its operator starts the server again.
    drop(witness);
    drop(server);
    let server = open(directory.path(), Options::default()).await;
    assert_eq!(server.clock.now(), time(OPEN));
    let cookie = server.somebody(false).await;
    server.cast(&cookie, &[0]).await;
}

#[tokio::test]
async fn a_ballot_that_is_revised_after_the_clock_was_set_back_takes_the_place_of_the_one_from_later() {
    let (server, _directory) = start().await;
    let cookie = server.somebody(false).await;
    let first = server.cast(&cookie, &[0]).await;
    server.clock.advance(-3_600);
    let second = server.cast(&cookie, &[1]).await;
    assert_eq!((second.revision, &second.receipt), (2, &first.receipt));
    assert_eq!(second.received_at, first.received_at.plus_seconds(-3_600), "what the clock said then");
    let get = GetBallot { consultation: slug(CONSULTATION) };
    let mine: MyBallot = server.call(&get, Some(&cookie)).await.json();
    assert_eq!(mine.ballot.as_ref(), Some(&second));
    let results: Results = server.call(&GetResults { consultation: slug(CONSULTATION) }, None).await.json();
    assert_eq!((results.ballots.total, results.as_of.sequence), (1, 2));
    let counted = server.app.storage.load_board().await.unwrap();
    assert!(server.app.live.read(|board| *board == counted));
}

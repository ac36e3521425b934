//! Ballots against a model: several devices of several people at once, in any order, until the close.

use crate::harness::{CONSULTATION, PROCESS, Server, slug, start, time};
use cabildo_contract::ballot::{BallotBody, CastBallot, GetBallot, MyBallot, WithdrawBallot};
use cabildo_contract::problem::ProblemKind;
use cabildo_contract::tally::{Channel, GetResults, Results, Tally};
use cabildo_server::clock::Clock;
use cabildo_server::figures;
use futures_util::future::join_all;
use proptest::prelude::*;

const PEOPLE: usize = 4;

/// What a device asks for.
#[derive(Debug, Clone)]
enum Ask {
    Cast(Vec<usize>),
    Withdraw,
}

/// A round: what is asked at the same time, by whom.
type Round = Vec<(usize, Ask)>;

fn rounds() -> impl Strategy<Value = Vec<Round>> {
    let ask = prop_oneof![
        3 => prop::sample::subsequence(vec![0, 1, 2, 3], 1..4).prop_map(Ask::Cast),
        1 => Just(Ask::Withdraw),
    ];
    prop::collection::vec(prop::collection::vec((0..PEOPLE, ask), 1..10), 1..5)
}

async fn ask(server: &Server, cookie: &str, bodies: &[BallotBody], ask: &Ask) -> crate::harness::Answer {
    match ask {
        Ask::Cast(options) => {
            let choices = options.iter().map(|at| bodies[*at].choices[0].clone()).collect();
            let cast = CastBallot::new(slug(CONSULTATION), BallotBody::of(choices));
            server.call(&cast, Some(cookie)).await
        }
        Ask::Withdraw => server.call(&WithdrawBallot::new(slug(CONSULTATION)), Some(cookie)).await,
    }
}

async fn standing(server: &Server, people: &[String]) -> Vec<Option<BallotBody>> {
    let mut standing = Vec::new();
    for cookie in people {
        let get = GetBallot { consultation: slug(CONSULTATION) };
        let mine: MyBallot = server.call(&get, Some(cookie)).await.json();
        standing.push(mine.ballot.map(|ballot| ballot.body));
    }
    standing
}

/// What the public sees is what the ballots that people see come to, and what the database comes to.
async fn check_count(server: &Server, standing: &[Option<BallotBody>]) {
    let results: Results = server.call(&GetResults { consultation: slug(CONSULTATION) }, None).await.json();
    let mut tally = Tally::default();
    for body in standing.iter().flatten() {
        tally.add(body, false, Channel::Online);
    }
    assert_eq!(results.ballots, tally.ballots());
    for option in &results.options {
        assert_eq!(option.votes, tally.votes(&option.option).total, "{}", option.reference);
    }
    let rebuilt = server.app.storage.load_board().await.unwrap();
    let entry = server.app.catalogue.process(PROCESS).unwrap();
    let now = server.clock.now();
    let running = server.app.live.read(|board| figures::statistics(entry, board, now));
    assert_eq!(running, figures::statistics(entry, &rebuilt, now));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn whatever_devices_ask_at_once_each_person_has_one_of_their_answers_until_the_close(rounds in rounds()) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        runtime.block_on(async {
            let (server, _directory) = start().await;
            let mut people = Vec::new();
            for _ in 0..PEOPLE {
                people.push(server.somebody(false).await);
            }
            let mut bodies = Vec::new();
            for at in 0..4 {
                bodies.push(server.choices(&[at]).await);
            }
            let mut known = vec![None; PEOPLE];
            for round in &rounds {
                let asked = round.iter().map(|(person, what)| ask(&server, &people[*person], &bodies, what));
                for answer in join_all(asked).await {
                    assert!(answer.status.is_success(), "{}", answer.text());
                }
                let now = standing(&server, &people).await;
                for (person, body) in now.iter().enumerate() {
                    let mut own = round.iter().filter(|(asking, _)| *asking == person).peekable();
                    // Requests at the same time have no order: whichever was last stands, and nothing else can.
                    let explained = if own.peek().is_none() {
                        *body == known[person]
                    } else {
                        own.any(|(_, what)| match what {
                            Ask::Withdraw => body.is_none(),
                            Ask::Cast(options) => {
                                let mut wanted: Vec<_> =
                                    options.iter().map(|at| bodies[*at].choices[0].clone()).collect();
                                wanted.sort();
                                let mut has = body.clone().unwrap_or_default().choices;
                                has.sort();
                                has == wanted
                            }
                        })
                    };
                    assert!(explained, "person {person} has {body:?} after {round:?}, had {:?}", known[person]);
                }
                check_count(&server, &now).await;
                known = now;
            }
            server.clock.set(time("2031-01-01T05:00:00Z"));
            for (person, what) in rounds.iter().flatten() {
                let answer = ask(&server, &people[*person], &bodies, what).await;
                assert_eq!(answer.refused(), ProblemKind::ConsultationClosed);
            }
            assert_eq!(standing(&server, &people).await, known);
            check_count(&server, &known).await;
        });
    }
}

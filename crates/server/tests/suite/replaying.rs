//! Simulated participation, against a real server.

use crate::harness::{CONSULTATION, PROCESS, directory};
use crate::serving::Running;
use cabildo_contract::statistics::Statistics;
use cabildo_contract::tally::{Count, Results};
use cabildo_server::config::Replay;
use cabildo_server::replay::{Books, ReplayError, replay};
use std::sync::Mutex;

fn config(server: &Running, people: usize) -> Replay {
    Replay {
        process: Some(PROCESS.to_owned()),
        from: None,
        server: server.url.clone(),
        speed: Some(10_000.0),
        people,
        seed: 7,
        remove: false,
    }
}

async fn statistics(server: &Running) -> Statistics {
    let url = format!("{}/api/v1/processes/{PROCESS}/statistics", server.url);
    crate::harness::fetch(url).await.json().await.unwrap()
}

#[tokio::test]
async fn a_replay_ends_with_the_tally_equal_to_its_own_books_and_can_be_removed() {
    let directory = directory().await;
    let server = Running::start(directory.path(), true).await;
    let said = Mutex::new(Vec::new());
    let say = |line: &str| said.lock().unwrap().push(line.to_owned());
    let books = replay(&config(&server, 60), say, std::future::pending()).await.unwrap();
    assert!(books.acts >= 60 && books.comments > 5, "{books:?}");

    let url = format!("{}/api/v1/consultations/{CONSULTATION}/results", server.url);
    let results: Results = crate::harness::fetch(url).await.json().await.unwrap();
    let ballots: u64 = books.ballots.values().sum();
    assert_eq!(results.ballots, Count { total: ballots, simulated: ballots });
    for option in &results.options {
        assert_eq!(
            option.votes,
            books.votes.get(&option.option).copied().unwrap_or_default(),
            "{}",
            option.title
        );
    }
    let counted = statistics(&server).await;
    assert_eq!(counted.comments, Count { total: books.comments, simulated: books.comments });
    assert!(counted.people.total > 0 && counted.people.total == counted.people.simulated);

    let remove = Replay { remove: true, ..config(&server, 60) };
    replay(&remove, say, std::future::pending()).await.unwrap();
    let left = statistics(&server).await;
    assert_eq!((left.people, left.ballots, left.comments), Default::default());
    assert!(left.days.iter().all(|day| day.ballots == 0 && day.comments == 0));
    let said = said.into_inner().unwrap();
    assert!(said[0].contains("60 simulated citizens"), "{said:?}");
    assert!(said.last().unwrap().starts_with("removed "), "{said:?}");
    server.stop().await;
}

#[tokio::test]
async fn a_replay_stops_when_it_is_asked_to_and_its_books_are_right() {
    let directory = directory().await;
    let server = Running::start(directory.path(), true).await;
    let slow = Replay { speed: Some(50.0), ..config(&server, 100_000) };
    let enough = async { while statistics(&server).await.as_of.sequence < 10 {} };
    let books = replay(&slow, |_| (), enough).await.unwrap();
    assert_eq!(statistics(&server).await.as_of.sequence, books.acts as u64);
    server.stop().await;
}

#[tokio::test]
async fn a_replay_says_what_keeps_it_from_starting() {
    let directory = directory().await;
    let server = Running::start(directory.path(), false).await;
    let ended: Result<Books, ReplayError> = replay(&config(&server, 5), |_| (), std::future::pending()).await;
    assert!(matches!(ended, Err(ReplayError::Disabled)), "{ended:?}");
    let nowhere = Replay { process: Some("nothing-here".into()), ..config(&server, 5) };
    let ended = replay(&nowhere, |_| (), std::future::pending()).await;
    assert!(matches!(ended, Err(ReplayError::Refused(_))), "{ended:?}");
    let strange = Replay { process: Some("a/b".into()), ..config(&server, 5) };
    assert!(matches!(replay(&strange, |_| (), std::future::pending()).await, Err(ReplayError::NotASlug(_))));
    server.stop().await;
}

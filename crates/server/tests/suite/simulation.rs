//! Removing simulated participation.

use crate::dashboard::lives;
use crate::harness::{CONSULTATION, PROCESS, Server, open, run, slug, start};
use cabildo_contract::comment::{Comment, DeleteComment, ListComments, NewText, PostReply, Thread};
use cabildo_contract::page::Page;
use cabildo_contract::process::{RemoveSimulation, SimulationRemoved};
use cabildo_contract::session::{CurrentSession, GetSession, Session};
use cabildo_contract::statistics::{GetStatistics, Statistics};
use cabildo_contract::tally::{Count, GetResults, Results};
use cabildo_server::board::Board;
use cabildo_server::storage::sqlite::Options;
use std::collections::BTreeSet;

async fn statistics(server: &Server) -> Statistics {
    server.call(&GetStatistics { process: slug(PROCESS) }, None).await.json()
}

async fn reply(server: &Server, cookie: &str, comment: &Comment) -> Comment {
    let body = NewText { text: "Respuesta".to_owned() };
    server.call(&PostReply { comment: comment.id.clone(), body }, Some(cookie)).await.json()
}

#[tokio::test]
async fn removing_the_simulation_leaves_what_people_did_and_nothing_else() {
    let (server, directory) = start().await;
    let (real, robot) = (server.somebody(false).await, server.somebody(true).await);
    server.cast(&real, &[0]).await;
    server.cast(&robot, &[0, 1]).await;
    let mine = server.comment(&real, "De una persona").await;
    let theirs = server.comment(&robot, "Simulado").await;
    reply(&server, &robot, &mine).await;
    reply(&server, &real, &theirs).await;
    let before = statistics(&server).await;
    assert_eq!(before.people, Count { total: 2, simulated: 1 });
    assert_eq!(before.ballots, Count { total: 2, simulated: 1 });
    assert_eq!(before.comments, Count { total: 4, simulated: 2 });

    let removed: SimulationRemoved =
        server.call(&RemoveSimulation { process: slug(PROCESS) }, None).await.json();
    assert_eq!(removed, SimulationRemoved { people: 1, ballots: 1, comments: 3, submissions: 0 });
    let after = statistics(&server).await;
    assert_eq!(after.people, Count { total: 1, simulated: 0 });
    assert_eq!(after.ballots, Count { total: 1, simulated: 0 });
    assert_eq!(after.comments, Count { total: 1, simulated: 0 });
    assert!(after.as_of.sequence > before.as_of.sequence, "the sequence never goes back");
    let page: Page<Thread> =
        server.call(&ListComments { subject: server.proposal(), cursor: String::new() }, None).await.json();
    assert_eq!(page.items.len(), 1);
    assert!(page.items[0].replies.is_empty());
    assert_eq!(server.call(&GetSession, Some(&robot)).await.json::<CurrentSession>().session, None);

    // A second removal finds nothing, and a restart counts the same.
    let again: SimulationRemoved =
        server.call(&RemoveSimulation { process: slug(PROCESS) }, None).await.json();
    assert_eq!(again, SimulationRemoved { people: 0, ballots: 0, comments: 0, submissions: 0 });
    let expected = statistics(&server).await;
    drop(server);
    let server = open(directory.path(), Options::default()).await;
    assert_eq!(statistics(&server).await, expected);
}

#[tokio::test]
async fn a_simulated_person_who_was_given_an_identity_by_an_earlier_version_goes_as_well() {
    let (server, directory) = start().await;
    let robot = server.somebody(true).await;
    server.cast(&robot, &[0]).await;
    // Any bytes are a hash.
    let given = "INSERT INTO identity (process, assurance, hash, person, since)
                 SELECT process.id, 'email', token_hash, person, 0 FROM session, process";
    run(directory.path(), given).unwrap();
    let removed: SimulationRemoved =
        server.call(&RemoveSimulation { process: slug(PROCESS) }, None).await.json();
    assert_eq!(removed, SimulationRemoved { people: 1, ballots: 1, comments: 0, submissions: 0 });
}

#[tokio::test]
async fn whoever_comes_after_a_simulated_person_does_not_live_where_that_one_said() {
    let (server, _directory) = start().await;
    for _ in 0..3 {
        let robot = server.somebody(true).await;
        server.cast(&robot, &[0]).await;
        server.call(&lives(Some("05")), Some(&robot)).await.json::<Session>();
    }
    server.call(&RemoveSimulation { process: slug(PROCESS) }, None).await.json::<SimulationRemoved>();
    for _ in 0..3 {
        let person = server.somebody(false).await;
        server.cast(&person, &[0]).await;
    }
    let members = |board: &Board| {
        let process = server.app.catalogue.process(PROCESS).unwrap().process.id.clone();
        board.members(board.process(&process).unwrap()).iter().map(BTreeSet::len).sum::<usize>()
    };
    assert_eq!(server.app.live.read(members), 0);
}

#[tokio::test]
async fn simulated_acts_are_counted_apart() {
    let (server, _directory) = start().await;
    let (real, robot) = (server.somebody(false).await, server.somebody(true).await);
    server.cast(&real, &[0]).await;
    server.cast(&robot, &[0]).await;
    let comment = server.comment(&robot, "Simulado").await;
    assert!(comment.simulated);
    let results: Results = server.call(&GetResults { consultation: slug(CONSULTATION) }, None).await.json();
    assert_eq!(results.ballots, Count { total: 2, simulated: 1 });
    server.call(&DeleteComment { comment: comment.id }, Some(&robot)).await.json::<Comment>();
    assert_eq!(statistics(&server).await.comments, Count::default());
}

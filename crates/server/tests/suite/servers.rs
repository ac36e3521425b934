//! Several servers on one database, and a database that goes away. Only PostgreSQL is asked for this:
//! `cargo xtask test postgres`.

use crate::cluster::{self, Cluster};
use crate::dashboard::{crowd, lives, people_of};
use crate::harness::{
    CONSULTATION, PROCESS, PROCESS_FILE, Server, directory, open, run, serve, slug, storage, time, until,
};
use crate::live::Stream;
use cabildo_contract::ballot::{CastBallot, WithdrawBallot};
use cabildo_contract::endpoint::Live as _;
use cabildo_contract::identity::Leave;
use cabildo_contract::problem::ProblemKind;
use cabildo_contract::process::RemoveSimulation;
use cabildo_contract::session::{CurrentSession, GetSession};
use cabildo_contract::statistics::{Statistics, WatchProcess};
use cabildo_server::board::Board;
use cabildo_server::clock::{Clock, MockClock};
use cabildo_server::figures;
use cabildo_server::import::import_text;
use cabildo_server::storage::database::Database;
use cabildo_server::storage::postgres::Options as Postgres;
use cabildo_server::storage::sqlite::Options;
use cabildo_server::storage::{Committed, Sink, Storage};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tempfile::TempDir;

/// Two servers on one database.
async fn two() -> (Server, Server, TempDir) {
    let directory = directory().await;
    let first = open(directory.path(), Options::default()).await;
    let second = open(directory.path(), Options::default()).await;
    (first, second, directory)
}

/// Waits until a server has counted up to an act of another.
async fn counted(server: &Server, sequence: u64) {
    let mut stream = Stream::open(server, &WatchProcess { process: slug(PROCESS) }.path()).await;
    stream.until(|statistics: &Statistics| statistics.as_of.sequence >= sequence).await;
}

fn board(server: &Server) -> Board {
    server.app.live.read(Board::clone)
}

/// Both servers count the same, which is what is in the database.
async fn agree(first: &Server, second: &Server) {
    for server in [first, second] {
        // A write comes after everything that others committed.
        server.app.storage.check(server.clock.now()).await.unwrap();
    }
    let rebuilt = shown(first, &first.app.storage.load_board().await.unwrap());
    assert_eq!(shown(first, &board(first)), rebuilt);
    assert_eq!(shown(second, &board(second)), rebuilt);
}

/// All that a count shows of the process.
fn shown(server: &Server, board: &Board) -> serde_json::Value {
    let (entry, now) = (server.app.catalogue.process(PROCESS).unwrap(), server.clock.now());
    let results = entry.consultations.iter().map(|each| figures::results(entry, each, board, now));
    let discussions = entry.subjects().map(|subject| figures::discussion(entry, &subject, board, now));
    serde_json::json!([
        figures::statistics(entry, board, now),
        results.collect::<Vec<_>>(),
        discussions.collect::<Vec<_>>(),
    ])
}

#[tokio::test]
#[ignore = "needs PostgreSQL"]
async fn what_is_done_at_one_server_is_counted_at_the_other() {
    let (first, second, _directory) = two().await;
    let cookie = first.somebody(false).await;
    first.cast(&cookie, &[0, 1]).await;
    counted(&second, 1).await;
    agree(&first, &second).await;
    // The same person at the other server, with the same session.
    let revised = second.cast(&cookie, &[2]).await;
    assert_eq!(revised.revision, 2);
    second.comment(&cookie, "Desde el otro servidor").await;
    counted(&first, 3).await;
    agree(&first, &second).await;
    first.call(&WithdrawBallot::new(slug(CONSULTATION)), Some(&cookie)).await.json::<serde_json::Value>();
    agree(&first, &second).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL"]
async fn what_people_do_at_two_servers_at_once_is_one_ballot_each_and_counted_alike() {
    let (first, second, directory) = two().await;
    let servers = [Arc::new(first), Arc::new(second)];
    let mut people = Vec::new();
    for _ in 0..8 {
        people.push(servers[0].somebody(false).await);
    }
    let mut tasks = tokio::task::JoinSet::new();
    for n in 0..96 {
        let (server, cookie) = (Arc::clone(&servers[n % 2]), people[n / 2 % 8].clone());
        tasks.spawn(async move {
            match n % 5 {
                0 => drop(server.comment(&cookie, "A la vez").await),
                1 => {
                    let withdraw = WithdrawBallot::new(slug(CONSULTATION));
                    assert!(server.call(&withdraw, Some(&cookie)).await.status.is_success());
                }
                _ => drop(server.cast(&cookie, &[n % 15]).await),
            }
        });
    }
    tasks.join_all().await;
    agree(&servers[0], &servers[1]).await;
    assert_eq!(crate::harness::number(directory.path(), "SELECT count(DISTINCT receipt) FROM ballot"), 8);
}

#[tokio::test]
#[ignore = "needs PostgreSQL"]
async fn a_simulation_that_is_removed_at_one_server_is_removed_at_all() {
    let (first, second, _directory) = two().await;
    let (real, simulated) = (first.somebody(false).await, first.somebody(true).await);
    first.cast(&simulated, &[0]).await;
    second.cast(&real, &[1]).await;
    second.comment(&simulated, "No soy nadie").await;
    agree(&first, &second).await;
    first.call(&RemoveSimulation { process: slug(PROCESS) }, None).await.json::<serde_json::Value>();
    agree(&first, &second).await;
    assert_eq!(
        board(&second)
            .process(&first.app.catalogue.process(PROCESS).unwrap().process.id)
            .unwrap()
            .people()
            .total,
        1
    );
}

#[tokio::test]
#[ignore = "needs PostgreSQL"]
async fn where_people_live_is_published_once_for_all_servers() {
    let (first, second, _directory) = two().await;
    crowd(&first, 12, Some("11")).await;
    crowd(&second, 14, Some("15")).await;
    crowd(&second, 15, None).await;
    agree(&first, &second).await;
    // Both want to publish, from what each knows.
    let stale = second.app.live.due();
    first.app.publish_territories().await.unwrap();
    for (process, before, snapshot) in stale {
        let published = second.app.storage.publish_snapshot(&process, before, snapshot).await.unwrap();
        assert!(!published, "published twice");
    }
    second.app.publish_territories().await.unwrap();
    for server in [&first, &second] {
        assert_eq!(people_of(server, "11").await, Some(10));
        assert_eq!(people_of(server, "15").await, Some(10));
    }
    // The same people are known to have been counted, so the other server publishes nothing early either.
    assert_eq!(board(&first), board(&second));
    second.clock.advance(2 * 3600);
    crowd(&second, 2, Some("11")).await;
    second.app.publish_territories().await.unwrap();
    assert_eq!(people_of(&second, "11").await, Some(10));
}

#[tokio::test]
#[ignore = "needs PostgreSQL"]
async fn who_leaves_at_one_server_has_left_all() {
    let (first, second, _directory) = two().await;
    crowd(&first, 1, Some("11")).await;
    let cookie = second.somebody(false).await;
    second.cast(&cookie, &[0]).await;
    second.call(&lives(Some("15")), Some(&cookie)).await.json::<serde_json::Value>();
    agree(&first, &second).await;
    first.call(&Leave, Some(&cookie)).await.json::<serde_json::Value>();
    agree(&first, &second).await;
    let session: CurrentSession = second.call(&GetSession, Some(&cookie)).await.json();
    assert_eq!(session.session, None);
}

/// Keeps what it is told.
#[derive(Default)]
struct Heard(Mutex<(Committed, Option<Board>)>);

impl Sink for Heard {
    fn committed(&self, committed: Committed) {
        self.0.lock().unwrap().0.append(committed);
    }

    fn reloaded(&self, board: Board) {
        self.0.lock().unwrap().1 = Some(board);
    }
}

#[tokio::test]
#[ignore = "needs PostgreSQL"]
async fn a_server_that_missed_what_others_did_counts_anew() {
    let directory = directory().await;
    let late = storage(directory.path());
    late.load_board().await.unwrap();
    let server = open(directory.path(), Options::default()).await;
    let cookie = server.somebody(false).await;
    for option in 0..3 {
        server.cast(&cookie, &[option]).await;
    }
    run(directory.path(), "DELETE FROM feed WHERE id < (SELECT max(id) FROM feed)").unwrap();
    let heard = Arc::new(Heard::default());
    late.follow(Arc::clone(&heard) as Arc<dyn Sink>);
    // Its next write comes after everything that it had not heard of.
    late.check(time("2026-06-01T12:00:00Z")).await.unwrap();
    let (committed, anew) = std::mem::take(&mut *heard.0.lock().unwrap());
    assert!(committed.is_empty());
    assert_eq!(anew, Some(board(&server)));
}

#[test]
#[ignore = "needs PostgreSQL"]
fn servers_that_start_at_once_bring_the_database_up_to_date_once() {
    let directory = TempDir::new().unwrap();
    let url = cluster::url(directory.path()).unwrap();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| drop(Database::connect(&url, &Postgres::default()).unwrap()));
        }
    });
    assert_eq!(crate::harness::number(directory.path(), "SELECT count(*) FROM schema_version"), 1);
}

#[tokio::test]
#[ignore = "needs PostgreSQL"]
async fn a_shared_database_from_a_newer_cabildo_is_left_alone() {
    let directory = directory().await;
    run(directory.path(), "UPDATE schema_version SET version = 99").unwrap();
    let opened = Database::connect(&cluster::url(directory.path()).unwrap(), &Postgres::default());
    let Err(error) = opened else { panic!("opened a database that it cannot know") };
    assert!(error.to_string().contains("version 99"), "{error}");
}

#[test]
#[ignore = "needs PostgreSQL"]
fn the_tables_have_the_columns_and_the_number_that_they_have_in_sqlite() {
    let (here, there) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    drop(storage(here.path()));
    drop(Database::open(there.path(), Options::default()).unwrap());
    let sql = "SELECT table_name || '.' || column_name FROM information_schema.columns
               WHERE table_schema = current_schema() AND table_name NOT IN ('allowance', 'feed', 'schema_version', 'turn')
               AND column_name <> 'rowid'";
    let url = cluster::address(here.path()).unwrap();
    let mut postgres: Vec<String> =
        cluster::with(&url, |client| client.query(sql, &[]).unwrap().iter().map(|row| row.get(0)).collect());
    let database = crate::harness::sqlite(there.path());
    let sql = "SELECT t.name || '.' || c.name FROM sqlite_schema AS t, pragma_table_info(t.name) AS c
               WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%'";
    let mut statement = database.prepare(sql).unwrap();
    let mut sqlite: Vec<String> =
        statement.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap();
    postgres.sort();
    sqlite.sort();
    assert_eq!(postgres, sqlite);
    let version: u64 = database.query_row("PRAGMA user_version", [], |row| row.get(0)).unwrap();
    assert_eq!(crate::harness::number(here.path(), "SELECT version FROM schema_version"), version);
}

async fn try_cast(server: &Server, cookie: &str, option: usize) -> crate::harness::Answer {
    let body = server.choices(&[option]).await;
    server.call(&CastBallot::new(slug(CONSULTATION), body), Some(cookie)).await
}

#[tokio::test]
#[ignore = "needs PostgreSQL"]
async fn who_keeps_others_from_writing_is_told_of_and_nothing_acknowledged_is_lost() {
    let directory = directory().await;
    let options = Options { busy_timeout: Duration::from_millis(20), ..Options::default() };
    let server = open(directory.path(), options).await;
    let cookie = server.somebody(false).await;
    let kept = server.cast(&cookie, &[0]).await;
    let url = cluster::address(directory.path()).unwrap();
    let turn = std::thread::spawn(move || {
        let mut client = postgres::Client::connect(&url, postgres::NoTls).unwrap();
        client.batch_execute("BEGIN; SELECT id FROM turn FOR UPDATE").unwrap();
        client
    });
    let client = turn.join().unwrap();
    assert_eq!(try_cast(&server, &cookie, 1).await.refused(), ProblemKind::Unavailable);
    assert_eq!(server.get("/readyz").await.status, 503);
    assert_eq!(server.get(&format!("/api/v1/processes/{PROCESS}")).await.status, 200, "reading goes on");
    std::thread::spawn(move || drop(client)).join().unwrap();
    assert_eq!(server.cast(&cookie, &[0]).await, kept);
    until("it is ready again", async || server.get("/readyz").await.status == 200).await;
}

/// A server with a cluster of its own.
async fn alone(cluster: &Cluster) -> Server {
    let url = cluster.url(None).parse().unwrap();
    let storage = Database::connect(&url, &Postgres::default()).unwrap();
    let clock = MockClock::at(time("2026-06-01T12:00:00Z"));
    import_text(&storage, PROCESS_FILE, Path::new("p.json"), &clock).await.unwrap();
    serve(Arc::new(storage), true).await
}

#[tokio::test]
#[ignore = "needs PostgreSQL"]
async fn a_database_that_goes_away_and_comes_back_loses_nothing_that_was_acknowledged() {
    let cluster = Cluster::start("");
    let server = alone(&cluster).await;
    let cookie = server.somebody(false).await;
    let ballot = server.cast(&cookie, &[0]).await;
    cluster.control("stop");
    assert_eq!(try_cast(&server, &cookie, 1).await.refused(), ProblemKind::Unavailable);
    assert_eq!(server.get("/readyz").await.status, 503);
    cluster.control("start");
    until("it is ready again", async || server.get("/readyz").await.status == 200).await;
    assert_eq!(server.cast(&cookie, &[0]).await, ballot, "the same answer again changes nothing");
    assert_eq!(server.cast(&cookie, &[1]).await.revision, 2);
}

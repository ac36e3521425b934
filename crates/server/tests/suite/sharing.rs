//! What servers that share a database count together: limits, work, thank-yous. Only PostgreSQL is asked for this.

use crate::cluster::Cluster;
use crate::harness::{Answer, PROCESS_FILE, Server, directory, serve_setup, storage, time};
use cabildo_contract::comment::{NewComment, PostComment, Stance};
use cabildo_contract::embed::{Act, AnnounceAct, GetAct};
use cabildo_contract::endpoint::Endpoint;
use cabildo_contract::session::{Residence, SetTerritory};
use cabildo_contract::time::Timestamp;
use cabildo_contract::work::{WORK_HEADER, WORK_SECONDS, Work};
use cabildo_server::Setup;
use cabildo_server::caller::CallerHeader;
use cabildo_server::clock::MockClock;
use cabildo_server::identity::Identities;
use cabildo_server::import::import_text;
use cabildo_server::limits::Rates;
use cabildo_server::page::SiteOptions;
use cabildo_server::storage::allowances::Quota;
use cabildo_server::storage::database::Database;
use cabildo_server::storage::postgres::Options as Postgres;
use cabildo_server::storage::sqlite::Options;
use cabildo_server::storage::{Storage, postgres::DatabaseUrl};
use cabildo_server::work::Thresholds;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;

const FORWARDED_FOR: &str = "x-forwarded-for";
const PHONES: &str = "203.0.113.9";
const ELSEWHERE: &str = "198.51.100.7";

/// One of the servers of an installation.
async fn one(storage: Database, rates: Rates, work: Thresholds) -> Server {
    let setup = Setup { identities: Identities::new([7; 32]), work, ..Setup::apart(true).unwrap() };
    let caller_header = CallerHeader::new(FORWARDED_FOR.parse().unwrap(), 1);
    serve_setup(Arc::new(storage), setup, SiteOptions { rates, caller_header, ..SiteOptions::default() })
        .await
}

async fn two(rates: Rates, work: Thresholds) -> ([Server; 2], TempDir) {
    let directory = directory().await;
    let first = one(storage(directory.path()), rates, work).await;
    let second = one(storage(directory.path()), rates, work).await;
    ([first, second], directory)
}

async fn send<E: Endpoint>(server: &Server, endpoint: &E, cookie: &str, headers: &[(&str, &str)]) -> Answer {
    let body = endpoint.body().map(|body| serde_json::to_string(body).unwrap());
    let headers = [&[("cookie", cookie)], headers].concat();
    server.send(E::METHOD.as_str(), &endpoint.path(), &headers, body.as_deref()).await
}

fn comment(server: &Server) -> PostComment<cabildo_contract::id::ProposalId> {
    let body = NewComment { stance: Stance::Neutral, text: "Una palabra".into() };
    PostComment { subject: server.proposal(), body }
}

#[tokio::test]
#[ignore = "needs PostgreSQL"]
async fn a_limit_counts_what_somebody_writes_at_all_servers() {
    let (servers, _directory) = two(Rates { person: 5, ..Rates::NONE }, Thresholds::NONE).await;
    let says = SetTerritory { body: Residence { territory: None } };
    let cookie = servers[0].somebody(false).await;
    for number in 0..5 {
        assert_eq!(send(&servers[number % 2], &says, &cookie, &[]).await.status, 200);
    }
    for server in &servers {
        assert_eq!(send(server, &says, &cookie, &[]).await.header("retry-after"), "12");
    }
    for server in &servers {
        server.clock.advance(12);
    }
    assert_eq!(send(&servers[1], &says, &cookie, &[]).await.status, 200);
    assert_eq!(send(&servers[0], &says, &cookie, &[]).await.status, 429);
    // Who wrote nothing is not slowed down.
    let other = servers[1].somebody(false).await;
    assert_eq!(send(&servers[0], &says, &other, &[]).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL"]
async fn of_writes_at_all_servers_in_one_instant_no_more_pass_than_the_limit_says() {
    let (servers, _directory) =
        two(Rates { process: 40, network: 300, ..Rates::NONE }, Thresholds::NONE).await;
    let servers = servers.map(Arc::new);
    let mut people = Vec::new();
    for _ in 0..20 {
        people.push(servers[0].somebody(false).await);
    }
    let mut tasks = tokio::task::JoinSet::new();
    for number in 0..200 {
        let (server, cookie) = (Arc::clone(&servers[number % 2]), people[number % 20].clone());
        tasks.spawn(async move {
            send(&server, &comment(&server), &cookie, &[(FORWARDED_FOR, PHONES)]).await.status == 201
        });
    }
    let passed = tasks.join_all().await.into_iter().filter(|passed| *passed).count();
    assert_eq!(passed, 40);
}

#[tokio::test]
#[ignore = "needs PostgreSQL"]
async fn work_that_one_server_asked_for_is_good_once_at_any() {
    let (servers, _directory) = two(Rates::NONE, Thresholds { network: 2, all: 0 }).await;
    let [first, second] = &servers;
    let cookie = first.somebody(false).await;
    let post = async |server: &Server, from: &str, found: &str| {
        send(server, &comment(server), &cookie, &[(FORWARDED_FOR, from), (WORK_HEADER, found)]).await
    };
    for server in &servers {
        assert_eq!(post(server, PHONES, "").await.status, 201);
    }
    // What happened at both is more than usual at either.
    let asked = post(first, PHONES, "").await;
    assert_eq!(asked.status, 428);
    let work: Work = asked.problem().work.unwrap();
    let found = work.found(work.search(0, work.below).unwrap());
    assert_eq!(post(second, PHONES, &found).await.status, 201);
    for server in &servers {
        assert_eq!(post(server, PHONES, &found).await.status, 428);
    }
    assert_eq!(post(second, ELSEWHERE, "").await.status, 201);
    for server in &servers {
        server.clock.advance(WORK_SECONDS);
        assert!(!server.app.work.accept(&found).await);
    }
}

#[tokio::test]
#[ignore = "needs PostgreSQL"]
async fn a_widget_hears_at_one_server_of_what_was_announced_at_another() {
    let (servers, _directory) = two(Rates::NONE, Thresholds::NONE).await;
    let id = "0123456789abcdef0123456789abcdef".to_owned();
    let cookie = servers[0].somebody(false).await;
    let received = async |server: &Server| {
        send(server, &GetAct { act: id.clone() }, "", &[]).await.json::<Act>().received
    };
    assert!(!received(&servers[1]).await);
    send(&servers[0], &AnnounceAct { act: id.clone() }, &cookie, &[]).await.json::<Act>();
    for server in &servers {
        assert!(received(server).await);
    }
}

#[tokio::test]
#[ignore = "needs PostgreSQL"]
async fn the_database_counts_as_memory_does() {
    let (shared, alone) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let shared = storage(shared.path());
    let alone = Database::open(alone.path(), Options::default()).unwrap();
    let mut chance = fastrand::Rng::with_seed(9);
    let mut millis = 1_780_000_000_000;
    for _ in 0..2_000 {
        let kind = chance.u8(..4);
        let quota = match kind {
            0 => Quota::once_in(7),
            kind => Quota::a_minute(10_u32.pow(kind.into()) * 7).unwrap(),
        };
        millis += if chance.u8(..50) == 0 { chance.i64(-100_000..100_000) } else { chance.i64(0..900) };
        let at = Timestamp::from_millis(millis);
        let key = [kind; 32];
        assert_eq!(shared.take(key, quota, at).await, alone.take(key, quota, at).await);
        assert_eq!(shared.is_taken(key, at).await, alone.is_taken(key, at).await);
    }
}

#[tokio::test]
#[ignore = "needs PostgreSQL"]
async fn while_the_database_does_not_answer_a_server_counts_for_itself() {
    let cluster = Cluster::start("");
    let url: DatabaseUrl = cluster.url(None).parse().unwrap();
    let connect = || Database::connect(&url, &Postgres::default()).unwrap();
    let clock = MockClock::at(time("2026-06-01T12:00:00Z"));
    let (first, second) = (connect(), connect());
    import_text(&first, PROCESS_FILE, Path::new("p.json"), &clock).await.unwrap();
    let (quota, at) = (Quota::a_minute(2).unwrap(), time("2026-06-01T12:00:00Z"));
    first.take([1; 32], quota, at).await.unwrap();
    cluster.control("stop");
    for server in [&first, &second] {
        server.take([2; 32], quota, at).await.unwrap();
    }
    first.take([1; 32], quota, at).await.unwrap();
    assert_eq!(first.take([1; 32], quota, at).await, Err(Duration::from_secs(30)));
    cluster.control("start");
    second.take([1; 32], quota, at).await.unwrap();
}

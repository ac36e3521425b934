//! From SQLite to PostgreSQL, and what `cabildo check` says of it. Needs PostgreSQL: `cargo xtask test postgres`.

use crate::cluster::{self, Cluster};
use crate::elections::{APPROVAL, file, import};
use crate::harness::{CONSULTATION, PROCESS, Server, directory, embedded, open, run, slug, sqlite};
use cabildo_contract::comment::{NewReport, ReportComment, ReportReason};
use cabildo_contract::identity::Leave;
use cabildo_contract::moderation::{DecideComment, Decision, NewDecision};
use cabildo_contract::statistics::{Table, TableFormat};
use cabildo_server::backup::{BackupError, check, check_shared};
use cabildo_server::storage::Risk;
use cabildo_server::storage::postgres::Options as Postgres;
use cabildo_server::storage::sqlite::Options;
use cabildo_server::storage::transfer::{TransferError, copy_to};
use tempfile::TempDir;

/// Everything that everybody can take away of a process, and of an election in it.
async fn exports(server: &Server, process: &str) -> Vec<String> {
    let mut exports = Vec::new();
    for table in Table::ALL {
        exports.push(server.get(&table.path_as(&slug(process), TableFormat::Ndjson)).await.text());
    }
    exports.push(server.get(&format!("/api/v1/consultations/{APPROVAL}.pb")).await.text());
    exports.push(server.get(&format!("/api/v1/consultations/{CONSULTATION}/results")).await.text());
    exports.push(server.get("/api/v1/processes").await.text());
    exports
}

#[tokio::test]
#[ignore = "needs PostgreSQL"]
async fn a_copy_adds_up_to_the_same_and_goes_on_from_there() {
    let directory = embedded().await;
    import(directory.path(), &file(APPROVAL), false).await.unwrap();
    let server = open(directory.path(), Options::default()).await;
    let mut people = Vec::new();
    for option in 0..12 {
        people.push(server.somebody(option % 3 == 0).await);
        server.cast(&people[option], &[option, option + 1]).await;
    }
    let comment = server.comment(&people[0], "Se oculta").await;
    server.comment(&people[1], "Se queda").await;
    let body = NewReport { reason: ReportReason::Spam, note: String::new() };
    let report = ReportComment { comment: comment.id.clone(), body };
    server.call(&report, Some(&people[2])).await.json::<serde_json::Value>();
    let body = NewDecision { decision: Decision::Hide, reason: "Publicidad".to_owned() };
    let decide = DecideComment { comment: comment.id, body };
    let key = server.moderator_key("Ana");
    server.at_desk(&decide, &key).await.json::<serde_json::Value>();
    server.call(&Leave, Some(&people[3])).await.json::<serde_json::Value>();
    let before = [exports(&server, PROCESS).await, exports(&server, APPROVAL).await];
    drop(server);

    let to = TempDir::new().unwrap();
    let url = cluster::url(to.path()).unwrap();
    let copied = copy_to(directory.path(), &url, &Postgres::default()).unwrap();
    let server = open(to.path(), Options::default()).await;
    assert_eq!(server.app.live.as_of().sequence, copied.sequence);
    assert_eq!([exports(&server, PROCESS).await, exports(&server, APPROVAL).await], before);
    // Sessions, ballots and numbers go on.
    assert_eq!(server.cast(&people[1], &[3]).await.revision, 2);
    assert_eq!(server.app.live.as_of().sequence, copied.sequence + 1);
    let somebody = server.somebody(false).await;
    server.cast(&somebody, &[0]).await;
    let embedded = check(directory.path()).unwrap();
    let (shared, _) = check_shared(&url, &Postgres::default()).unwrap();
    assert_eq!((shared.version, shared.ballots), (embedded.version, embedded.ballots + 1));

    // Nothing is overwritten.
    let again = copy_to(directory.path(), &url, &Postgres::default());
    assert!(matches!(again, Err(TransferError::NotEmpty)), "{again:?}");
}

#[tokio::test]
#[ignore = "needs PostgreSQL"]
async fn a_copy_that_cannot_be_whole_is_not_kept() {
    let directory = embedded().await;
    let server = open(directory.path(), Options::default()).await;
    let cookie = server.somebody(false).await;
    server.cast(&cookie, &[0]).await;
    let to = TempDir::new().unwrap();
    let url = cluster::url(to.path()).unwrap();
    let used = copy_to(directory.path(), &url, &Postgres::default());
    assert!(matches!(used, Err(TransferError::Open(_))), "{used:?}");
    drop(server);
    // A reference that SQLite was made to keep.
    let database = sqlite(directory.path());
    database.execute_batch("PRAGMA foreign_keys = OFF; UPDATE session SET person = 99").unwrap();
    let broken = copy_to(directory.path(), &url, &Postgres::default());
    assert!(matches!(broken, Err(TransferError::Storage(_))), "{broken:?}");
    assert_eq!(crate::harness::number(to.path(), "SELECT count(*) FROM process"), 0);
    database.execute_batch("UPDATE session SET person = (SELECT id FROM person)").unwrap();
    copy_to(directory.path(), &url, &Postgres::default()).unwrap();
}

#[tokio::test]
#[ignore = "needs PostgreSQL"]
async fn choices_of_nothing_are_found_in_a_shared_database() {
    let directory = directory().await;
    let server = open(directory.path(), Options::default()).await;
    let cookie = server.somebody(false).await;
    server.cast(&cookie, &[0]).await;
    run(directory.path(), "UPDATE ballot SET choices = '[\"none\"]'").unwrap();
    let found = check_shared(&cluster::url(directory.path()).unwrap(), &Postgres::default());
    let Err(BackupError::Damaged(found)) = found else { panic!("{found:?}") };
    assert!(found.contains("1 choices are none of"), "{found}");
}

#[tokio::test]
#[ignore = "needs PostgreSQL"]
async fn a_database_that_could_lose_ballots_says_so() {
    let directory = directory().await;
    let url = cluster::url(directory.path()).unwrap();
    let server = open(directory.path(), Options::default()).await;
    // That of the tests is set up to be fast.
    assert_eq!(server.app.storage.risks().await.unwrap(), [Risk::NoSync, Risk::TornPages]);
    let ready = server.get("/readyz").await;
    assert!(ready.status == 200 && ready.text().contains("warning: fsync is off"), "{}", ready.text());
    let cluster = Cluster::start("fsync = on\nfull_page_writes = on\nsynchronous_commit = off");
    let careless = cluster.url(None).parse().unwrap();
    drop(cabildo_server::storage::database::Database::connect(&careless, &Postgres::default()).unwrap());
    assert_eq!(check_shared(&careless, &Postgres::default()).unwrap().1, [Risk::LateCommit]);
    assert_eq!(check_shared(&url, &Postgres::default()).unwrap().1, [Risk::NoSync, Risk::TornPages]);
}

//! Copies of a data directory, and what is found wrong with one.

use crate::harness::{CONSULTATION, Server, embedded, open, slug, sqlite};
use cabildo_contract::ballot::{GetBallot, MyBallot};
use cabildo_contract::tally::{GetResults, Results};
use cabildo_server::backup::{BackupError, back_up, check};
use cabildo_server::storage::sqlite::Options;
use std::fs;
use std::path::Path;
use tempfile::TempDir;

/// The names and contents of the secrets in a data directory.
fn secrets(directory: &Path) -> Vec<(String, Vec<u8>)> {
    let files = fs::read_dir(directory).unwrap().map(|file| file.unwrap().path());
    let secrets = files.filter(|path| path.extension().is_some_and(|kind| kind == "secret"));
    let mut secrets: Vec<_> = secrets
        .map(|path| (path.file_name().unwrap().to_str().unwrap().to_owned(), fs::read(&path).unwrap()))
        .collect();
    secrets.sort();
    secrets
}

/// A server with SQLite, of whose directory copies are made.
async fn embedded_server() -> (Server, TempDir) {
    let directory = embedded().await;
    (open(directory.path(), Options::default()).await, directory)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_made_while_people_vote_has_all_that_was_acknowledged_and_a_server_starts_on_it() {
    let (server, directory) = embedded_server().await;
    cabildo_server::desk::Desks::open(directory.path()).unwrap();
    let mut before = Vec::new();
    for option in 0..20 {
        let cookie = server.somebody(false).await;
        before.push((server.cast(&cookie, &[option % 4]).await, cookie));
    }
    let to = directory.path().join("copies/monday");
    fs::create_dir(directory.path().join("copies")).unwrap();
    let (data, place) = (directory.path().to_owned(), to.clone());
    let copying = tokio::task::spawn_blocking(move || back_up(&data, &place));
    let mut meanwhile = 0;
    while !copying.is_finished() {
        let cookie = server.somebody(false).await;
        server.cast(&cookie, &[0]).await;
        meanwhile += 1;
    }
    let copied = copying.await.unwrap().unwrap();
    assert!((20..=20 + meanwhile).contains(&copied.ballots), "{copied}, {meanwhile} meanwhile");
    assert_eq!(secrets(&to), secrets(directory.path()));
    assert!(!secrets(&to).is_empty());
    drop(server);

    let restored = open(&to, Options::default()).await;
    for (ballot, cookie) in before {
        let mine = restored.call(&GetBallot { consultation: slug(CONSULTATION) }, Some(&cookie)).await;
        assert_eq!(mine.json::<MyBallot>().ballot, Some(ballot));
    }
    let results = restored.call(&GetResults { consultation: slug(CONSULTATION) }, None).await;
    assert_eq!(results.json::<Results>().ballots.total, copied.ballots);
    // It goes on from there.
    let cookie = restored.somebody(false).await;
    restored.cast(&cookie, &[1]).await;
    assert_eq!(check(&to).unwrap().ballots, copied.ballots + 1);
}

#[cfg(unix)]
#[tokio::test]
async fn only_its_owner_reads_a_copy() {
    use std::os::unix::fs::PermissionsExt;
    let (_server, directory) = embedded_server().await;
    let to = directory.path().join("copy");
    back_up(directory.path(), &to).unwrap();
    assert_eq!(fs::metadata(&to).unwrap().permissions().mode() & 0o777, 0o700);
}

#[tokio::test]
async fn a_copy_overwrites_nothing_and_leaves_nothing_half_done() {
    let (_server, directory) = embedded_server().await;
    let to = directory.path().join("copy");
    fs::create_dir(&to).unwrap();
    fs::write(to.join("mine"), "kept").unwrap();
    assert!(matches!(back_up(directory.path(), &to), Err(BackupError::Exists(path)) if path == to));
    assert_eq!(fs::read_to_string(to.join("mine")).unwrap(), "kept");
    let nowhere = directory.path().join("no/such/copy");
    assert!(matches!(back_up(directory.path(), &nowhere), Err(BackupError::File { .. })));
    let empty = tempfile::tempdir().unwrap();
    assert!(matches!(back_up(empty.path(), &to.join("a")), Err(BackupError::Missing(_))));
    let left: Vec<_> = fs::read_dir(&to).unwrap().map(|file| file.unwrap().file_name()).collect();
    assert_eq!(left, ["mine"]);
}

#[tokio::test]
async fn what_is_wrong_with_a_database_is_found() {
    let (server, directory) = embedded_server().await;
    let cookie = server.somebody(false).await;
    server.cast(&cookie, &[0]).await;
    drop(server);
    assert_eq!(check(directory.path()).unwrap().ballots, 1);
    let database = sqlite(directory.path());
    database.execute("UPDATE ballot SET choices = '[\"none\"]'", []).unwrap();
    let found = check(directory.path()).unwrap_err();
    assert!(found.to_string().contains("1 choices are none of"), "{found}");
    database.pragma_update(None, "foreign_keys", false).unwrap();
    database.execute("UPDATE session SET person = 99", []).unwrap();
    let found = check(directory.path()).unwrap_err();
    assert!(found.to_string().contains("1 records refer to what is not there"), "{found}");
    database.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
    drop(database);
    let file = directory.path().join("cabildo.db");
    let mut bytes = fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle - 4096..middle + 4096].fill(7);
    fs::write(&file, bytes).unwrap();
    assert!(check(directory.path()).is_err(), "pages of sevens were not noticed");
}

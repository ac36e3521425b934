//! Many rows at once, to measure with.

use super::{OpenError, StorageError, connect, corrupt};
use crate::storage::statements::ballots;
use cabildo_contract::ballot::BallotBody;
use cabildo_contract::id::ConsultationId;
use cabildo_contract::time::Timestamp;
use rusqlite::{OpenFlags, params};
use std::path::Path;
use std::time::{Duration, Instant};

/// How long `groups` transactions of `group` inserts each take in a database of its own at `path`, as durable as ballots
/// are.
///
/// # Errors
/// Those of the database.
pub fn insert(path: &Path, group: u32, groups: u32) -> Result<Duration, OpenError> {
    if let Some(directory) = path.parent() {
        let failed = |source| OpenError::Directory { path: directory.to_owned(), source };
        std::fs::create_dir_all(directory).map_err(failed)?;
    }
    let time = || -> Result<Duration, StorageError> {
        let connection = connect(path, OpenFlags::default(), Duration::from_secs(5))?;
        connection.pragma_update(None, "journal_mode", "wal")?;
        connection.pragma_update(None, "synchronous", "full")?;
        connection.execute_batch(
            "DROP TABLE IF EXISTS ballot;
             CREATE TABLE ballot (person INTEGER PRIMARY KEY, receipt TEXT NOT NULL, choices TEXT NOT NULL) STRICT;",
        )?;
        let start = Instant::now();
        for _ in 0..groups {
            connection.execute_batch("BEGIN IMMEDIATE")?;
            for _ in 0..group {
                let sql = "INSERT INTO ballot (receipt, choices) VALUES (?1, ?2)";
                connection.prepare_cached(sql)?.execute(params!["123 456 789", "[\"0\",\"1\",\"2\"]"])?;
            }
            connection.execute_batch("COMMIT")?;
        }
        Ok(start.elapsed())
    };
    Ok(time()?)
}

/// Brings a consultation of the database in `directory` to so many ballots, each of a simulated person of its own, and
/// says how many it has. No server may have the directory open.
///
/// # Errors
/// Those of the database, and of `body`.
pub fn fill(
    directory: &Path,
    consultation: &ConsultationId,
    count: u64,
    at: Timestamp,
    mut body: impl FnMut() -> Result<BallotBody, StorageError>,
) -> Result<u64, StorageError> {
    let mut connection =
        connect(&directory.join(super::DATABASE), OpenFlags::default(), Duration::from_secs(5))?;
    let transaction = connection.transaction()?;
    let sql = "SELECT count(*) FROM ballot WHERE consultation = ?1";
    let present: u64 = transaction.query_row(sql, [consultation.as_str()], |row| row.get(0))?;
    let sql = "SELECT process FROM consultation WHERE id = ?1";
    let process: String = transaction.query_row(sql, [consultation.as_str()], |row| row.get(0))?;
    for number in present..count {
        let sql = "INSERT INTO person (author, simulated) VALUES (?1, 1)";
        transaction.prepare_cached(sql)?.execute([format!("measured-{number}")])?;
        let person = transaction.last_insert_rowid();
        let (choices, _) = ballots::columns(&body().map_err(corrupt)?)?;
        let sql = "INSERT INTO ballot (consultation, person, receipt, revision, received_at, choices)
                   VALUES (?1, ?2, ?3, 1, ?4, ?5)";
        transaction.prepare_cached(sql)?.execute(params![
            consultation.as_str(),
            person,
            format!("measured-{number}"),
            at.millis(),
            choices
        ])?;
        let sql = "INSERT INTO act (process, consultation, person, kind, at, simulated)
                   VALUES (?1, ?2, ?3, 'cast', ?4, 1)";
        transaction.prepare_cached(sql)?.execute(params![
            process,
            consultation.as_str(),
            person,
            at.millis()
        ])?;
    }
    transaction.commit()?;
    Ok(present.max(count))
}

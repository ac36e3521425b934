//! Everything from SQLite to PostgreSQL, at one moment and in one transaction, and whether it adds up to the same there.

use super::connection::{Connection, Value, values};
use super::postgres::{self, DatabaseUrl};
use super::statements::{board, catalogue, comments, elections, submissions};
use super::{StorageError, sqlite};
use cabildo_contract::id::ProcessId;
use std::fmt;
use std::path::Path;

/// The tables, each after those that it refers to. What only servers tell each other is not copied.
const TABLES: [&str; 27] = [
    "process",
    "proposal",
    "proposal_theme",
    "consultation",
    "ballot_option",
    "election",
    "call",
    "person",
    "session",
    "ballot",
    "imported_ballot",
    "comment",
    "answer",
    "decision",
    "report",
    "submission",
    "earlier_submission",
    "idempotency",
    "act",
    "territory_snapshot",
    "process_salt",
    "identity",
    "identified",
    "code",
    "code_sent",
    "consent",
    "readiness",
];

/// Tables whose rows are numbered by the database, with the column of the numbers.
const NUMBERED: [(&str, &str); 3] = [("person", "id"), ("decision", "id"), ("act", "sequence")];

/// Why nothing was copied.
#[derive(Debug, thiserror::Error)]
pub enum TransferError {
    /// There is something already.
    #[error("the database has processes or people in it already: nothing is overwritten")]
    NotEmpty,
    /// The data directory cannot be used.
    #[error(transparent)]
    Open(#[from] sqlite::OpenError),
    /// The database of PostgreSQL cannot be used.
    #[error(transparent)]
    Connect(#[from] postgres::ConnectError),
    /// A database failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// What was copied is not what was there.
    #[error("the copy differs in {0}, so it was not kept")]
    Differs(String),
}

/// What was copied.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Transferred {
    /// Rows of all tables.
    pub rows: u64,
    /// Number of the last act.
    pub sequence: u64,
}

impl fmt::Display for Transferred {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} records, up to act {}", self.rows, self.sequence)
    }
}

/// Copies the database of a data directory, which nobody may use meanwhile, into one of PostgreSQL that is empty.
///
/// # Errors
/// [`TransferError`]; then nothing of it is kept.
pub fn copy_to(
    data: &Path,
    url: &DatabaseUrl,
    options: &postgres::Options,
) -> Result<Transferred, TransferError> {
    let (from, lock) = sqlite::exclusive(data, sqlite::Options::default().busy_timeout)?;
    let from = Connection::new(from);
    let copied = postgres::with(url, options, true, move |to| transfer(&from, to));
    drop(lock);
    copied
}

/// Copies everything of `from` into `to`, which has the tables and nothing in them.
///
/// # Errors
/// [`TransferError`]; then nothing of it is kept.
fn transfer(from: &Connection, to: &Connection) -> Result<Transferred, TransferError> {
    let mut outcome = Err(TransferError::NotEmpty);
    to.begin()?;
    // A moment of the source's, with everything in it.
    let read = from.at_one_moment(|from| {
        outcome = fill(from, to);
        Ok(())
    });
    let outcome = read.map_err(TransferError::from).and(outcome);
    to.end(if outcome.is_ok() { "COMMIT" } else { "ROLLBACK" })?;
    outcome
}

fn fill(from: &Connection, to: &Connection) -> Result<Transferred, TransferError> {
    let present = "SELECT (SELECT count(*) FROM process) + (SELECT count(*) FROM person)";
    if to.the(present, &[], |row| row.get::<i64>(0))? > 0 {
        return Err(TransferError::NotEmpty);
    }
    let mut rows = 0;
    for table in TABLES {
        rows += copy(from, to, table)?;
    }
    // A comment names the decision that hides it, and a decision its comment.
    let hidden = from.all("SELECT id, hidden_by FROM comment WHERE hidden_by IS NOT NULL", &[], |row| {
        Ok((row.get::<String>(0)?, row.get::<i64>(1)?))
    })?;
    for (comment, decision) in hidden {
        to.execute("UPDATE comment SET hidden_by = ?2 WHERE id = ?1", values![comment, decision])?;
    }
    for (table, column) in NUMBERED {
        let last = last(from, table, column)?;
        to.batch(&format!(
            "ALTER TABLE {table} ALTER COLUMN {column} RESTART WITH {}",
            last.saturating_add(1)
        ))?;
    }
    compare(from, to)?;
    let sequence = from.the("SELECT coalesce(max(sequence), 0) FROM act", &[], |row| row.get(0))?;
    Ok(Transferred { rows, sequence })
}

/// The last number that was given, to rows that are gone as well where SQLite remembers it.
fn last(from: &Connection, table: &str, column: &str) -> Result<u64, StorageError> {
    let given =
        from.find("SELECT seq FROM sqlite_sequence WHERE name = ?1", values![table], |row| row.get(0))?;
    let present =
        from.the(&format!("SELECT coalesce(max({column}), 0) FROM {table}"), &[], |row| row.get(0))?;
    Ok(given.unwrap_or(0).max(present))
}

fn copy(from: &Connection, to: &Connection, table: &str) -> Result<u64, StorageError> {
    let columns: Vec<String> =
        from.all("SELECT name FROM pragma_table_info(?1)", values![table], |row| row.get(0))?;
    let columns: Vec<String> = columns.into_iter().filter(|column| column != "hidden_by").collect();
    let (names, width) = (columns.join(", "), columns.len());
    let places: Vec<String> = (1..=width).map(|place| format!("?{place}")).collect();
    let insert = format!("INSERT INTO {table} ({names}) VALUES ({})", places.join(", "));
    let order = match table {
        // A reply after the comment that it answers.
        "comment" => "ORDER BY parent IS NOT NULL",
        "consultation" => "ORDER BY rowid",
        _ => "",
    };
    let mut rows = 0;
    from.each(&format!("SELECT {names} FROM {table} {order}"), &[], |row| {
        let values = (0..width).map(|at| row.value(at)).collect::<Result<Vec<Value<'_>>, _>>()?;
        to.execute(&insert, &values)?;
        rows += 1;
        Ok(())
    })?;
    Ok(rows)
}

/// Whether both add up to the same: the catalogue, all counts, and what exports are made of.
fn compare(from: &Connection, to: &Connection) -> Result<(), TransferError> {
    let same =
        |same: bool, what: &str| same.then_some(()).ok_or_else(|| TransferError::Differs(what.to_owned()));
    same(board::load(from)? == board::load(to)?, "its counts")?;
    let (there, here) = (catalogue::load(from)?, catalogue::load(to)?);
    same(there.processes().len() == here.processes().len(), "its processes")?;
    for entry in there.processes() {
        let id: &ProcessId = &entry.process.id;
        let copied = here.process(id.as_str()).map(written);
        same(copied == Some(written(entry)), "a process")?;
        let told = |connection: &Connection| -> Result<_, StorageError> {
            Ok((written(&comments::all(connection, id)?), written(&submissions::all(connection, id)?)))
        };
        same(told(from)? == told(to)?, "comments or submissions")?;
        for consultation in &entry.consultations {
            let ballots = |connection: &Connection| -> Result<_, StorageError> {
                let election = elections::load(connection, &consultation.head.id)?;
                let mut ballots: Vec<String> = election.ballots.iter().map(written).collect();
                // Those that were cast here have no order.
                ballots.sort();
                Ok((written(&election.kept), ballots))
            };
            same(ballots(from)? == ballots(to)?, "ballots")?;
        }
    }
    Ok(())
}

/// What a record says, to be compared.
fn written(record: &impl fmt::Debug) -> String {
    format!("{record:?}")
}

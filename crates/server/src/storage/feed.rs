//! What servers that share a database tell each other: each group of writes leaves its changes in a table, in the order
//! of the commits, and a notification. A server that missed any counts everything anew.

use super::connection::{Connection, values};
use super::statements::{board, corrupt};
use super::{Committed, Risk, Sink, StorageError};
use crate::board::Act;
use crate::clock::{Clock, SystemClock};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// Milliseconds for which changes are kept for servers that have not seen them yet. They say who chose what, as the
/// table of ballots does, and what stood before, which it does not: not much longer than that.
const KEPT_MS: i64 = 60_000;

/// The way of a server through the table.
pub struct Feed {
    /// The last row that the sink knows.
    seen: Arc<AtomicU64>,
    /// Whether that row was missing once: the database went back.
    went_back: Arc<AtomicBool>,
    /// The statement that wakes other servers; none where the database has none.
    notify: Option<String>,
    /// When it last was tidied, in milliseconds.
    tidied: i64,
}

/// The last row of the table.
///
/// # Errors
/// Those of the database.
pub fn last(connection: &Connection) -> Result<u64, StorageError> {
    connection.the("SELECT coalesce(max(id), 0) FROM feed", &[], |row| row.get(0))
}

impl Feed {
    /// Begins behind the row `seen`, which whoever loads the board sets; `notify` is the statement that wakes other
    /// servers, if there is one.
    pub fn new(seen: Arc<AtomicU64>, went_back: Arc<AtomicBool>, notify: Option<String>) -> Self {
        Self { seen, went_back, notify, tidied: SystemClock.now().millis() }
    }

    /// Tells `sink` what is behind the last row that it knows.
    ///
    /// # Errors
    /// Those of the database.
    pub fn catch_up(&self, connection: &Connection, sink: &dyn Sink) -> Result<(), StorageError> {
        let seen = self.seen.load(Ordering::Acquire);
        let sql = "SELECT id, after, changes FROM feed WHERE id >= ?1 ORDER BY id";
        let rows: Vec<(u64, u64, Option<String>)> =
            connection.all(sql, values![seen], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        // The last row always stays, so one is there unless the database is not what it was.
        let last = rows.last().map_or(0, |(last, ..)| *last);
        if last == seen {
            return Ok(());
        }
        let new: Vec<_> = rows.into_iter().filter(|(id, ..)| *id > seen).collect();
        let after = new.first().map_or(last, |(_, after, _)| *after);
        if after < seen {
            tracing::error!("{}", Risk::WentBack);
            self.went_back.store(true, Ordering::Relaxed);
        }
        let changes: Option<Vec<String>> = new.into_iter().map(|(.., changes)| changes).collect();
        match changes.filter(|_| after == seen) {
            Some(changes) => {
                let mut all = Committed::default();
                for changes in changes {
                    all.append(serde_json::from_str(&changes).map_err(corrupt)?);
                }
                sink.committed(all);
                self.seen.store(last, Ordering::Release);
            }
            None => {
                // In the writer's transaction nobody else writes meanwhile.
                let load = |connection: &Connection| Ok((self::last(connection)?, board::load(connection)?));
                let (last, board) = match connection.in_transaction() {
                    true => load(connection)?,
                    false => connection.at_one_moment(load)?,
                };
                sink.reloaded(board);
                self.seen.store(last, Ordering::Release);
            }
        }
        Ok(())
    }

    /// Removes what every server has seen by now. The last row stays, without what it said, so that whoever missed it
    /// notices.
    ///
    /// # Errors
    /// Those of the database.
    pub fn tidy(&mut self, connection: &Connection) -> Result<(), StorageError> {
        let now = SystemClock.now().millis();
        if now - self.tidied < KEPT_MS {
            return Ok(());
        }
        self.tidied = now;
        let sql = "DELETE FROM feed WHERE at < ?1 AND id < (SELECT max(id) FROM feed)";
        connection.execute(sql, values![now - KEPT_MS])?;
        let sql = "UPDATE feed SET changes = NULL WHERE at < ?1 AND changes IS NOT NULL";
        connection.execute(sql, values![now - KEPT_MS])?;
        Ok(())
    }

    /// Leaves for other servers what was written and commits.
    ///
    /// # Errors
    /// Those of the database. If the connection breaks in the last moment nobody knows whether it was committed: then the
    /// sink learns it with the next [`Self::catch_up`].
    pub fn commit(&mut self, connection: &Connection, committed: &Committed) -> Result<(), StorageError> {
        if committed.is_empty() {
            return connection.end("COMMIT");
        }
        // What was counted anew is counted anew elsewhere, too.
        let anew = committed.acts.iter().any(|change| matches!(change.act, Act::Rebuilt(_)));
        let document = (!anew).then(|| serde_json::to_string(committed)).transpose().map_err(corrupt)?;
        let at = SystemClock.now().millis();
        let sql = "INSERT INTO feed (after, changes, at)
                   VALUES ((SELECT coalesce(max(id), 0) FROM feed), ?1, ?2) RETURNING id";
        let id: u64 = connection.the(sql, values![document, at], |row| row.get(0))?;
        match &self.notify {
            // One way to the database and back for both.
            Some(notify) => connection.end(&format!("{notify}; COMMIT"))?,
            None => connection.end("COMMIT")?,
        }
        self.seen.store(id, Ordering::Release);
        Ok(())
    }
}

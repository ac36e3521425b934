//! What may be taken only so often: writes against a limit, work that was done, a sign-in that is under way.
//!
//! Counted as in the generic cell rate algorithm (ITU-T I.371): of each key is known when all of it will be there again,
//! and nothing else. In memory where there is one server. Where there are several, in a table that they share as well:
//! whatever waits goes there in one statement, beside the turns in which records are written. The table is not durable;
//! with the database it forgets what a restart of the one server forgets.

use super::StorageError;
use super::connection::{Connection, values};
use crate::identity::Hash;
use cabildo_contract::time::Timestamp;
use data_encoding::HEXLOWER;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};

/// The table, which only servers of one installation read.
pub const TABLE: &str = "CREATE UNLOGGED TABLE IF NOT EXISTS allowance (
    -- A keyed hash.
    key BYTEA PRIMARY KEY,
    -- When all of it is there again, in microseconds.
    until BIGINT NOT NULL,
    most BIGINT NOT NULL,
    step BIGINT NOT NULL,
    -- How much the last who asked got.
    granted BIGINT NOT NULL
)";

/// Claims that may wait for the database; beyond that a server counts for itself.
const QUEUE: usize = 8192;

/// Most claims in one statement.
const GROUP: usize = 512;

/// How long the database may take to count; then the server counts for itself.
const PATIENCE: Duration = Duration::from_secs(2);

/// Claims after which what is there again is forgotten in memory.
const TIDY_EVERY: u32 = 4_096;

/// Microseconds after which it is forgotten in the table.
const TIDY_MICROS: i64 = 60_000_000;

/// How often something may be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quota {
    /// At once at most.
    most: u32,
    /// Microseconds until one of it is there again.
    step: i64,
}

impl Quota {
    /// So often a minute, all of it at once if need be; none if that is 0.
    #[must_use]
    pub fn a_minute(times: u32) -> Option<Self> {
        let step = 60_000_000_i64.checked_div(times.into())?.max(1);
        Some(Self { most: times, step })
    }

    /// Once in so many seconds.
    #[must_use]
    pub const fn once_in(seconds: i64) -> Self {
        Self { most: 1, step: seconds.saturating_mul(1_000_000) }
    }

    /// Microseconds until all of it is there again after all of it was taken.
    fn full(self) -> i64 {
        self.step.saturating_mul(self.most.into())
    }

    /// How many of `wanted` can be had at `now` where all of it is there again at `until`, and when it is then. A clock
    /// that was set back makes nobody wait for more than all of it.
    fn grant(self, until: i64, now: i64, wanted: i64) -> (i64, i64) {
        let last = now.saturating_add(self.full());
        let until = until.clamp(now, last);
        let granted = wanted.min((last - until).checked_div(self.step).unwrap_or(0));
        (granted, until + granted * self.step)
    }

    /// How long until there is one, where all of it is there again at `until`.
    fn wait(self, until: i64, now: i64) -> Duration {
        let micros = until.saturating_add(self.step) - now.saturating_add(self.full());
        Duration::from_micros(micros.try_into().unwrap_or(0).max(1))
    }
}

/// Counts what is taken.
pub struct Allowances {
    memory: Mutex<Memory>,
    others: Option<mpsc::Sender<Claim>>,
}

/// One of something, for whoever waits to be told.
struct Claim {
    key: Hash,
    quota: Quota,
    now: i64,
    answer: oneshot::Sender<Result<(), Duration>>,
}

impl Allowances {
    /// Those of the only server.
    #[must_use]
    pub fn alone() -> Self {
        Self { memory: Mutex::default(), others: None }
    }

    /// Those that this server has in common with others, through a connection of its own.
    ///
    /// # Errors
    /// When there can be no thread.
    pub fn shared(connection: Connection) -> std::io::Result<Self> {
        let (others, waiting) = mpsc::channel(QUEUE);
        std::thread::Builder::new()
            .name("allowances".into())
            .spawn(move || Thread { connection, tidied: 0 }.run(waiting))?;
        Ok(Self { memory: Mutex::default(), others: Some(others) })
    }

    /// Takes one, or says how long until there is one. As long as the database does not answer, only what this server
    /// gave counts.
    ///
    /// # Errors
    /// The time to wait.
    pub async fn take(&self, key: Hash, quota: Quota, at: Timestamp) -> Result<(), Duration> {
        let now = micros(at);
        // What is too much for one server is too much for all, and whoever hammers does not get to the database.
        let here = self.memory.lock().unwrap_or_else(PoisonError::into_inner).take(key, quota, now);
        let (Some(others), true) = (&self.others, here.goes_on()) else { return here.outcome };
        let (answer, outcome) = oneshot::channel();
        if others.try_send(Claim { key, quota, now, answer }).is_err() {
            return here.outcome;
        }
        match tokio::time::timeout(PATIENCE, outcome).await {
            Ok(Ok(outcome)) => here.outcome.and(outcome),
            // The thread has said why.
            _ => here.outcome,
        }
    }

    /// Whether this server gave all of something, and it is not there again.
    #[must_use]
    pub fn is_taken_here(&self, key: &Hash, at: Timestamp) -> bool {
        let memory = self.memory.lock().unwrap_or_else(PoisonError::into_inner);
        memory.until.get(key).is_some_and(|until| micros(at) < *until)
    }
}

/// Whether some server gave all of something, and it is not there again.
///
/// # Errors
/// Those of the database.
pub fn is_taken(connection: &Connection, key: &Hash, at: Timestamp) -> Result<bool, StorageError> {
    let sql = "SELECT count(*) FROM allowance WHERE key = ?1 AND until > ?2";
    connection.the(sql, values![key.as_slice(), micros(at)], |row| row.get(0))
}

fn micros(at: Timestamp) -> i64 {
    at.millis().saturating_mul(1_000)
}

/// What memory says.
struct Here {
    outcome: Result<(), Duration>,
    /// Whether the clock was set back since.
    set_back: bool,
}

impl Here {
    /// Whether the database has to hear of it, too.
    fn goes_on(&self) -> bool {
        self.outcome.is_ok() || self.set_back
    }
}

/// When all of it is there again, by key.
#[derive(Default)]
struct Memory {
    until: HashMap<Hash, i64>,
    taken: u32,
}

impl Memory {
    fn take(&mut self, key: Hash, quota: Quota, now: i64) -> Here {
        self.taken = self.taken.wrapping_add(1);
        if self.taken.is_multiple_of(TIDY_EVERY) {
            self.until.retain(|_, until| now < *until);
        }
        let until = self.until.entry(key).or_insert(now);
        let set_back = *until > now.saturating_add(quota.full());
        let (granted, after) = quota.grant(*until, now, 1);
        *until = after;
        let outcome = if granted == 1 { Ok(()) } else { Err(quota.wait(after, now)) };
        Here { outcome, set_back }
    }
}

/// What asks the database.
struct Thread {
    connection: Connection,
    /// When the table last was tidied, in microseconds.
    tidied: i64,
}

impl Thread {
    fn run(&mut self, mut waiting: mpsc::Receiver<Claim>) {
        let mut silent = false;
        while let Some(claim) = waiting.blocking_recv() {
            let now = claim.now;
            let mut claims = vec![claim];
            while claims.len() < GROUP
                && let Ok(claim) = waiting.try_recv()
            {
                claims.push(claim);
            }
            let counted = count(&self.connection, claims, now).and_then(|()| self.tidy(now));
            match &counted {
                Err(error) if !silent => tracing::warn!(%error, "limits count for this server alone"),
                _ => {}
            }
            silent = counted.is_err();
        }
    }

    /// Forgets what is there again. What another server looks at meanwhile is left for the next time.
    fn tidy(&mut self, now: i64) -> Result<(), StorageError> {
        if now.abs_diff(self.tidied) < TIDY_MICROS.unsigned_abs() {
            return Ok(());
        }
        self.tidied = now;
        let sql = "DELETE FROM allowance WHERE key IN
                   (SELECT key FROM allowance WHERE until < ?1 FOR UPDATE SKIP LOCKED)";
        self.connection.execute(sql, values![now])?;
        Ok(())
    }
}

/// What one statement asks of a key.
struct Asked {
    quota: Quota,
    answers: Vec<oneshot::Sender<Result<(), Duration>>>,
}

/// Answers claims; those that are dropped are not counted.
fn count(connection: &Connection, claims: Vec<Claim>, now: i64) -> Result<(), StorageError> {
    // Rows are locked in the order of their keys, so that servers do not wait for each other in a circle.
    let mut asked: BTreeMap<Hash, Asked> = BTreeMap::new();
    for Claim { key, quota, answer, .. } in claims {
        asked.entry(key).or_insert_with(|| Asked { quota, answers: Vec::new() }).answers.push(answer);
    }
    let rows: Vec<serde_json::Value> = asked
        .iter()
        .map(|(key, Asked { quota, answers })| {
            let wanted = i64::try_from(answers.len()).unwrap_or(i64::MAX).min(quota.most.into());
            let (key, most, step) = (HEXLOWER.encode(key), quota.most, quota.step);
            serde_json::json!({ "key": key, "most": most, "step": step, "wanted": wanted })
        })
        .collect();
    // As `Quota::grant` has it. What was first is not more than there is.
    let sql = "INSERT INTO allowance AS known (key, until, most, step, granted)
               SELECT decode(key, 'hex'), ?1 + wanted * step, most, step, wanted
               FROM json_to_recordset(CAST(CAST(?2 AS TEXT) AS JSON))
               AS asked (key TEXT, most BIGINT, step BIGINT, wanted BIGINT)
               ON CONFLICT (key) DO UPDATE SET
               most = excluded.most, step = excluded.step,
               granted = least(excluded.granted, (?1 + excluded.most * excluded.step
                   - least(greatest(known.until, ?1), ?1 + excluded.most * excluded.step)) / excluded.step),
               until = least(greatest(known.until, ?1), ?1 + excluded.most * excluded.step) + excluded.step
                   * least(excluded.granted, (?1 + excluded.most * excluded.step
                   - least(greatest(known.until, ?1), ?1 + excluded.most * excluded.step)) / excluded.step)
               RETURNING key, until, granted";
    let rows = serde_json::Value::Array(rows).to_string();
    let answered: Vec<(Hash, i64, u64)> =
        connection.all(sql, values![now, rows], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    for (key, until, granted) in answered {
        let Some(Asked { quota, answers }) = asked.remove(&key) else { continue };
        for (at, answer) in (0..).zip(answers) {
            // Whoever asked may have gone.
            let _ = answer.send(if at < granted { Ok(()) } else { Err(quota.wait(until, now)) });
        }
    }
    Ok(())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    fn take(memory: &mut Memory, key: u8, quota: Quota, seconds: i64) -> Result<(), Duration> {
        memory.take([key; 32], quota, seconds * 1_000_000).outcome
    }

    #[test]
    fn a_minutes_may_come_at_once_and_then_they_come_back_evenly() {
        let (mut memory, quota) = (Memory::default(), Quota::a_minute(4).unwrap());
        for _ in 0..4 {
            take(&mut memory, 1, quota, 0).unwrap();
        }
        assert_eq!(take(&mut memory, 1, quota, 0), Err(Duration::from_secs(15)));
        take(&mut memory, 2, quota, 0).unwrap();
        assert_eq!(take(&mut memory, 1, quota, 14), Err(Duration::from_secs(1)));
        take(&mut memory, 1, quota, 15).unwrap();
        assert!(take(&mut memory, 1, quota, 15).is_err());
        assert_eq!(Quota::a_minute(0), None);
    }

    #[test]
    fn who_has_taken_nothing_for_a_while_is_forgotten() {
        let (mut memory, quota) = (Memory::default(), Quota::a_minute(10).unwrap());
        for number in 0..TIDY_EVERY - 1 {
            memory.take(crate::random::sha256(&number.to_be_bytes()), quota, 0).outcome.unwrap();
        }
        assert_eq!(memory.until.len(), TIDY_EVERY as usize - 1);
        take(&mut memory, 0, quota, 120).unwrap();
        assert_eq!(memory.until.len(), 1);
    }
}

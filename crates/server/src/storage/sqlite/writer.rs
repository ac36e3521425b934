//! The one writer: a thread that commits what is queued, many writes at a time.
//!
//! Group commit: the cost of a durable write is waiting for the disk, and one wait serves all writes that are
//! queued. Each write runs in a savepoint of its own, so that one that fails leaves nothing behind and does not
//! disturb the others. Nobody is told of success before `COMMIT` has returned.

use super::StorageError;
use crate::board::Change;
use crate::storage::Sink;
use rusqlite::Connection;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, OnceLock};
use tokio::sync::{mpsc, oneshot};

/// Writes that may wait; beyond that the server says that it is overloaded instead of letting people wait longer.
const QUEUE: usize = 8192;

type Work = Box<dyn FnOnce(&Connection) -> Ran + Send>;

/// A write that ran and is not committed yet.
struct Ran {
    /// Whether to keep what it wrote.
    keep: bool,
    changes: Vec<Change>,
    /// Tells whoever waits how it ended.
    acknowledge: Box<dyn FnOnce(Result<(), StorageError>) + Send>,
}

/// The way to the writer thread.
pub struct Writer {
    queue: Option<mpsc::Sender<Work>>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Writer {
    /// Starts the thread.
    pub fn start(
        connection: Connection,
        group: usize,
        sink: Arc<OnceLock<Arc<dyn Sink>>>,
    ) -> std::io::Result<Self> {
        let (queue, waiting) = mpsc::channel(QUEUE);
        let thread = std::thread::Builder::new()
            .name("writer".into())
            .spawn(move || run(&connection, group, waiting, &sink))?;
        Ok(Self { queue: Some(queue), thread: Some(thread) })
    }

    /// Runs `work` on the writer and waits until what it wrote is durable. The changes that it adds go to the sink.
    pub async fn write<T, E, W>(&self, work: W) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StorageError> + Send + 'static,
        W: FnOnce(&Connection, &mut Vec<Change>) -> Result<T, E> + Send + 'static,
    {
        let (done, outcome) = oneshot::channel();
        let work: Work = Box::new(move |connection| {
            let mut changes = Vec::new();
            let result = work(connection, &mut changes);
            Ran {
                keep: result.is_ok(),
                changes,
                acknowledge: Box::new(move |committed| {
                    // Whoever asked may have gone; what was committed stays committed.
                    let _ = done.send(committed.map_err(E::from).and(result));
                }),
            }
        });
        let overloaded = || StorageError::Unavailable("too many writes are waiting".to_owned());
        self.queue.as_ref().ok_or_else(overloaded)?.try_send(work).map_err(|_| overloaded())?;
        outcome.await.map_err(|_| StorageError::Unavailable("the write was interrupted".to_owned()))?
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        // Closing the queue ends the thread once it has written what waits.
        self.queue = None;
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the writer thread panicked");
        }
    }
}

fn run(
    connection: &Connection,
    group: usize,
    mut waiting: mpsc::Receiver<Work>,
    sink: &OnceLock<Arc<dyn Sink>>,
) {
    while let Some(first) = waiting.blocking_recv() {
        let mut batch = vec![first];
        while batch.len() < group {
            match waiting.try_recv() {
                Ok(work) => batch.push(work),
                Err(_) => break,
            }
        }
        let mut ran = Vec::with_capacity(batch.len());
        let committed = commit(connection, batch, &mut ran);
        if let Err(error) = &committed {
            tracing::error!(%error, writes = ran.len(), "nothing of this group was stored");
        } else if let Some(sink) = sink.get() {
            let changes = ran.iter_mut().flat_map(|ran| std::mem::take(&mut ran.changes)).collect();
            sink.committed(changes);
        }
        for ran in ran {
            (ran.acknowledge)(committed.clone());
        }
    }
}

/// Runs and commits a batch. After an error nothing of it is stored; `ran` has everybody who waits, except those
/// whose work was not begun: these learn it from their dropped channel.
fn commit(connection: &Connection, batch: Vec<Work>, ran: &mut Vec<Ran>) -> Result<(), StorageError> {
    let execute = |sql: &str| -> Result<(), StorageError> {
        connection.prepare_cached(sql)?.execute([])?;
        Ok(())
    };
    let all = || -> Result<(), StorageError> {
        execute("BEGIN IMMEDIATE")?;
        for work in batch {
            execute("SAVEPOINT act")?;
            let Ok(mut one) = catch_unwind(AssertUnwindSafe(|| work(connection))) else {
                tracing::error!("a write panicked");
                execute("ROLLBACK TO act")?;
                execute("RELEASE act")?;
                continue;
            };
            let keep = one.keep;
            if !keep {
                one.changes.clear();
            }
            ran.push(one);
            // A full disk or an I/O error can end the whole transaction, not only the statement.
            if connection.is_autocommit() {
                return Err(StorageError::Unavailable("the transaction was rolled back".to_owned()));
            }
            if !keep {
                execute("ROLLBACK TO act")?;
            }
            execute("RELEASE act")?;
        }
        execute("COMMIT")
    };
    let result = all();
    if result.is_err() && !connection.is_autocommit() && execute("ROLLBACK").is_err() {
        tracing::error!("a failed transaction could not be rolled back");
    }
    result
}

//! The one writer of a server: a thread that commits what is queued, many writes at a time.
//!
//! Group commit: the cost of a durable write is waiting for the disk, and one wait serves all writes that are
//! queued. Each write runs in a savepoint of its own, so that one that fails leaves nothing behind and does not
//! disturb the others. Nobody is told of success before `COMMIT` has returned.
//!
//! Writers of several servers take turns ([`Driver::begin`](super::connection::Driver::begin)), and the [`Feed`] tells
//! each what the others committed.

use super::StorageError;
use super::connection::Connection;
use super::feed::Feed;
use crate::storage::{Committed, Sink};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use tokio::sync::{mpsc, oneshot};

/// Writes that may wait; beyond that the server says that it is overloaded instead of letting people wait longer.
const QUEUE: usize = 8192;

type Work = Box<dyn FnOnce(&Connection) -> Ran + Send>;

/// What the thread is asked for.
pub enum Job {
    /// To write.
    Write(Work),
    /// To tell the sink what other servers committed.
    CatchUp,
}

/// A write that ran and is not committed yet.
pub struct Ran {
    /// Whether to keep what it wrote.
    keep: bool,
    committed: Committed,
    /// Tells whoever waits how it ended.
    acknowledge: Box<dyn FnOnce(Result<(), StorageError>) + Send>,
}

/// The way to the writer thread.
pub struct Writer {
    queue: Option<mpsc::Sender<Job>>,
    thread: Option<std::thread::JoinHandle<()>>,
    sink: Arc<OnceLock<Arc<dyn Sink>>>,
    /// Writes for which there was no room.
    refused: AtomicU64,
}

impl Writer {
    /// Starts the thread. Without a feed nobody else writes.
    pub fn start(connection: Connection, group: usize, feed: Option<Feed>) -> std::io::Result<Self> {
        let (queue, waiting) = mpsc::channel(QUEUE);
        let sink = Arc::new(OnceLock::new());
        let mut thread = Thread { connection, group: group.max(1), feed, sink: Arc::clone(&sink) };
        let thread = std::thread::Builder::new().name("writer".into()).spawn(move || thread.run(waiting))?;
        Ok(Self { queue: Some(queue), thread: Some(thread), sink, refused: AtomicU64::new(0) })
    }

    /// From now on tells `sink` what is committed. Only the first is followed.
    pub fn follow(&self, sink: Arc<dyn Sink>) {
        let _ = self.sink.set(sink);
    }

    /// The way to the thread for whoever does not keep it running.
    pub fn queue(&self) -> Option<mpsc::WeakSender<Job>> {
        self.queue.as_ref().map(mpsc::Sender::downgrade)
    }

    /// How many writes wait.
    pub fn waiting(&self) -> usize {
        self.queue.as_ref().map_or(0, |queue| queue.max_capacity() - queue.capacity())
    }

    /// How many writes were refused since too many waited.
    pub fn refused(&self) -> u64 {
        self.refused.load(Ordering::Relaxed)
    }

    /// Runs `work` on the writer and waits until what it wrote is durable. What it adds goes to the sink.
    pub async fn write<T, E, W>(&self, work: W) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StorageError> + Send + 'static,
        W: FnOnce(&Connection, &mut Committed) -> Result<T, E> + Send + 'static,
    {
        let (done, outcome) = oneshot::channel();
        let work: Work = Box::new(move |connection| {
            let mut committed = Committed::default();
            let result = work(connection, &mut committed);
            Ran {
                keep: result.is_ok(),
                committed,
                acknowledge: Box::new(move |ended| {
                    // Whoever asked may have gone; what was committed stays committed.
                    let _ = done.send(ended.map_err(E::from).and(result));
                }),
            }
        });
        let overloaded = || StorageError::Unavailable("too many writes are waiting".to_owned());
        let queue = self.queue.as_ref().ok_or_else(overloaded)?;
        queue.try_send(Job::Write(work)).map_err(|_| {
            self.refused.fetch_add(1, Ordering::Relaxed);
            overloaded()
        })?;
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

/// What the thread has.
struct Thread {
    connection: Connection,
    /// Most writes that share one commit.
    group: usize,
    feed: Option<Feed>,
    sink: Arc<OnceLock<Arc<dyn Sink>>>,
}

impl Thread {
    fn run(&mut self, mut waiting: mpsc::Receiver<Job>) {
        while let Some(mut job) = waiting.blocking_recv() {
            let mut batch = Vec::new();
            loop {
                if let Job::Write(work) = job {
                    batch.push(work);
                }
                if batch.len() == self.group {
                    break;
                }
                let Ok(next) = waiting.try_recv() else { break };
                job = next;
            }
            if batch.is_empty() {
                let tidied = |thread: &mut Self| match &mut thread.feed {
                    Some(feed) => feed.tidy(&thread.connection),
                    None => Ok(()),
                };
                if let Err(error) = self.catch_up().and_then(|()| tidied(self)) {
                    tracing::warn!(%error, "what other servers committed is not known yet");
                }
                continue;
            }
            let mut ran = Vec::with_capacity(batch.len());
            let ended = self.commit(batch, &mut ran).map(|committed| {
                if let Some(sink) = self.sink.get() {
                    sink.committed(committed);
                }
            });
            if let Err(error) = &ended {
                tracing::error!(%error, writes = ran.len(), "nothing of this group was stored");
                if self.connection.in_transaction() && self.connection.end("ROLLBACK").is_err() {
                    tracing::error!("a failed transaction could not be rolled back");
                }
            }
            for ran in ran {
                (ran.acknowledge)(ended.clone());
            }
        }
    }

    /// Tells the sink what other servers committed.
    fn catch_up(&mut self) -> Result<(), StorageError> {
        match (&mut self.feed, self.sink.get()) {
            (Some(feed), Some(sink)) => feed.catch_up(&self.connection, sink.as_ref()),
            _ => Ok(()),
        }
    }

    /// Runs and commits a batch; gives what the sink has to know. After an error nothing of it is stored; `ran` has
    /// everybody who waits, except those whose work was not begun: these learn it from their dropped channel.
    fn commit(&mut self, batch: Vec<Work>, ran: &mut Vec<Ran>) -> Result<Committed, StorageError> {
        self.connection.begin()?;
        // What others committed comes before what is committed here, for the sink as well.
        self.catch_up()?;
        let connection = &self.connection;
        let mut committed = Committed::default();
        let mut next = "SAVEPOINT act";
        for work in batch {
            connection.batch(next)?;
            // One statement for both: each is a way to the database and back.
            next = "RELEASE SAVEPOINT act; SAVEPOINT act";
            let Ok(mut one) = catch_unwind(AssertUnwindSafe(|| work(connection))) else {
                tracing::error!("a write panicked");
                connection.batch("ROLLBACK TO SAVEPOINT act")?;
                continue;
            };
            let (keep, written) = (one.keep, std::mem::take(&mut one.committed));
            ran.push(one);
            // A full disk or an I/O error can end the whole transaction, not only the statement.
            if !connection.in_transaction() {
                return Err(StorageError::Unavailable("the transaction was rolled back".to_owned()));
            }
            if keep {
                committed.append(written);
            } else {
                connection.batch("ROLLBACK TO SAVEPOINT act")?;
            }
        }
        // Released first: PostgreSQL commits nothing, and does not say so, where a statement has failed.
        connection.batch("RELEASE SAVEPOINT act")?;
        match &mut self.feed {
            Some(feed) => feed.commit(connection, &committed)?,
            None => connection.end("COMMIT")?,
        }
        Ok(committed)
    }
}

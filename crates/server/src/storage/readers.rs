//! A few read-only connections, each used by one reader at a time, off the async threads.

use super::StorageError;
use super::connection::Connection;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::Semaphore;

/// The connections that read.
pub struct Readers {
    idle: Arc<Mutex<Vec<Connection>>>,
    permits: Arc<Semaphore>,
}

impl Readers {
    /// Shares these connections.
    pub fn new(connections: Vec<Connection>) -> Self {
        let permits = Arc::new(Semaphore::new(connections.len()));
        Self { idle: Arc::new(Mutex::new(connections)), permits }
    }

    /// Runs `work` with a connection, once one is idle.
    pub async fn read<T, E, W>(&self, work: W) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StorageError> + Send + 'static,
        W: FnOnce(&Connection) -> Result<T, E> + Send + 'static,
    {
        let gone = || StorageError::Unavailable("no connection to read with".to_owned());
        let permit = Arc::clone(&self.permits).acquire_owned().await.map_err(|_| gone())?;
        let idle = Arc::clone(&self.idle);
        let read = tokio::task::spawn_blocking(move || {
            // Kept until the connection is back, even if whoever asked has gone meanwhile.
            let _permit = permit;
            let take = || idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let connection = Lent { connection: take(), idle: &idle };
            match &connection.connection {
                Some(connection) => work(connection),
                None => Err(gone().into()),
            }
        });
        read.await.map_err(|_| StorageError::Unavailable("a read was interrupted".to_owned()))?
    }
}

/// A connection that returns to the others even if its reader panics.
struct Lent<'a> {
    connection: Option<Connection>,
    idle: &'a Mutex<Vec<Connection>>,
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take() {
            self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
        }
    }
}

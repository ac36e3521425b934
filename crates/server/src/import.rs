//! Importing processes from files.

use crate::clock::Clock;
use crate::process_file::{FileFault, fault_at, parse};
use crate::random::NoRandomness;
use crate::storage::{ImportRefusal, Imported, Storage, StorageError};
use std::path::{Path, PathBuf};

/// Why a file was not imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// It cannot be read.
    #[error("{path}: {source}", path = path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the operating system says.
        source: std::io::Error,
    },
    /// Something in it is wrong; says where.
    #[error("{path}: {fault}", path = path.display())]
    Fault {
        /// The file.
        path: PathBuf,
        /// Where and what.
        fault: FileFault,
    },
    /// The database failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// The operating system gave no randomness.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
}

/// Imports a file: all of it or, with an error, nothing.
///
/// # Errors
/// [`ImportError`] says which file, where in it, and what is wrong.
pub async fn import(storage: &dyn Storage, path: &Path, clock: &dyn Clock) -> Result<Imported, ImportError> {
    let text = tokio::fs::read_to_string(path)
        .await
        .map_err(|source| ImportError::Unreadable { path: path.to_owned(), source })?;
    import_text(storage, &text, path, clock).await
}

/// Imports the text of a file; `path` is named in errors.
///
/// # Errors
/// As [`import`].
pub async fn import_text(
    storage: &dyn Storage,
    text: &str,
    path: &Path,
    clock: &dyn Clock,
) -> Result<Imported, ImportError> {
    let fault = |fault| ImportError::Fault { path: path.to_owned(), fault };
    let process = parse(text).map_err(fault)?;
    storage.put_process(process, clock.now()).await.map_err(|refusal| match refusal {
        ImportRefusal::Conflict { pointer, reason } => fault(fault_at(text, &pointer, reason)),
        ImportRefusal::Storage(error) => error.into(),
        ImportRefusal::NoRandomness(error) => error.into(),
    })
}

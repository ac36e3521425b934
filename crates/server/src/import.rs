//! Importing processes from files.

use crate::clock::Clock;
use crate::pabulib::{self, Election, Note};
use crate::process_file::{FileFault, fault_at, parse};
use crate::random::NoRandomness;
use crate::storage::{ImportRefusal, Imported, NewElection, Storage, StorageError};
use cabildo_contract::id::Slug;
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
    /// Something in the file of an election is wrong; says where.
    #[error("{path}: {fault}", path = path.display())]
    Election {
        /// The file.
        path: PathBuf,
        /// Where and what.
        fault: pabulib::Fault,
    },
    /// The file of an election has a name that cannot be an address.
    #[error("{path}: the file's name becomes an address, so it has only A-Z a-z 0-9 - _ .", path = .0.display())]
    Name(PathBuf),
    /// The election contradicts what is stored.
    #[error("{path}: {reason}", path = path.display())]
    Conflict {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// The database failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// The operating system gave no randomness.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
}

/// What an import of the file of an election did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportedElection {
    /// What became of the process.
    pub imported: Imported,
    /// Ballots brought.
    pub ballots: usize,
    /// What in the file is not as the format wants it, and what was done about it.
    pub notes: Vec<Note>,
}

/// Whether a file holds an election (`.pb`) and not a process.
#[must_use]
pub fn is_election(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("pb"))
}

/// The name of an election: that of its file.
///
/// # Errors
/// [`ImportError::Name`] if it cannot be an address.
pub fn election_name(path: &Path) -> Result<Slug, ImportError> {
    let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    Slug::parse(stem).map_err(|_| ImportError::Name(path.to_owned()))
}

/// Reads the file of an election.
///
/// # Errors
/// [`ImportError`] says which file, which line, and what is wrong.
pub async fn read_election(path: &Path) -> Result<Election, ImportError> {
    let bytes = tokio::fs::read(path).await;
    let bytes = bytes.map_err(|source| ImportError::Unreadable { path: path.to_owned(), source })?;
    pabulib::read(&bytes).map_err(|fault| ImportError::Election { path: path.to_owned(), fault })
}

/// How the file of an election is imported.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct HowElection {
    /// Without its ballots, as an exercise that is open from now on for a year.
    pub without_ballots: bool,
    /// With a rule that all of its ballots follow, instead of the one that the file declares ([`Election::widened`]).
    pub widen_rule: bool,
}

/// Imports an election from its file: all of it or, with an error, nothing.
///
/// # Errors
/// [`ImportError`] says which file, which line, and what is wrong.
pub async fn import_election(
    storage: &dyn Storage,
    path: &Path,
    how: HowElection,
    clock: &dyn Clock,
) -> Result<ImportedElection, ImportError> {
    let HowElection { without_ballots, widen_rule } = how;
    let name = election_name(path)?;
    let election = read_election(path).await?;
    let election = if widen_rule { election.widened() } else { election };
    let now = clock.now();
    let process = pabulib::process_file(&election, &name, without_ballots.then_some(now));
    let ballots = if without_ballots { Vec::new() } else { election.ballots };
    let count = ballots.len();
    let new = NewElection { rule: election.rule, kept: election.kept, ballots };
    let imported = storage.put_election(process, new, now).await.map_err(|refusal| match refusal {
        ImportRefusal::Conflict { reason, .. } => ImportError::Conflict { path: path.to_owned(), reason },
        ImportRefusal::Storage(error) => error.into(),
        ImportRefusal::NoRandomness(error) => error.into(),
    })?;
    Ok(ImportedElection { imported, ballots: count, notes: election.notes })
}

/// Imports a process from its file: all of it or, with an error, nothing.
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

//! How far a database had come, kept in another place: so that an old copy of it is known for one.
//!
//! A witness is a small file with the number of the last act and its time. It is written within a second after an act, and
//! looked at before a server starts: a database that ends before that act, or has another in its place, is not the one that
//! people were answered from.

use crate::storage::{Mark, Storage, StorageError};
use cabildo_contract::time::Timestamp;
use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

/// Why a witness and a database do not go together.
#[derive(Debug, thiserror::Error)]
pub enum WitnessError {
    /// The file cannot be read or written.
    #[error("cannot use the witness {path}: {source}", path = path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the operating system says.
        source: std::io::Error,
    },
    /// The file holds something else.
    #[error("{path} is no witness of Cabildo's: name another file, or remove it to begin one", path = .0.display())]
    Damaged(PathBuf),
    /// The database is an old one, or another one.
    #[error(
        "the database is not the one that people were answered from: {path} saw act {seen} of {at}, {found}. Put the newer \
         database in its place. If that is lost, so is what people did after it: tell them, remove {path}, and start again",
        path = path.display()
    )]
    Old {
        /// The file.
        path: PathBuf,
        /// The last act that was seen.
        seen: u64,
        /// When that was.
        at: Timestamp,
        /// What the database has instead.
        found: String,
    },
    /// The database cannot be read.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// A witness of a database.
pub struct Witness {
    path: PathBuf,
    seen: Mark,
}

impl Witness {
    /// Opens the file, and makes it if it is not there, unless the database is behind what it saw.
    ///
    /// # Errors
    /// [`WitnessError`].
    pub async fn open(path: &Path, storage: &dyn Storage) -> Result<Self, WitnessError> {
        let mut witness = Self { path: path.to_owned(), seen: read(path)?.unwrap_or_default() };
        // Whether it can be written is known now, and not when it is needed.
        witness.see(storage).await?;
        Ok(witness)
    }

    /// Writes down how far the database has come, if it came as far as `sequence` and that is further.
    ///
    /// # Errors
    /// [`WitnessError`].
    pub async fn look(&mut self, storage: &dyn Storage, sequence: u64) -> Result<(), WitnessError> {
        if sequence == self.seen.sequence { Ok(()) } else { self.see(storage).await }
    }

    /// Writes down how far the database has come, unless it is not the one that was seen before.
    async fn see(&mut self, storage: &dyn Storage) -> Result<(), WitnessError> {
        // From the database, not from memory: it is what has to be found there again.
        let last = storage.last_mark().await?;
        let Mark { sequence: seen, at } = self.seen;
        let found = match storage.mark(seen).await? {
            _ if seen > last.sequence => format!("and the database ends with act {}", last.sequence),
            Some(mark) if mark != self.seen => format!("and the database says that it was of {}", mark.at),
            // One that went with a removed simulation says nothing.
            _ => return self.write(last),
        };
        Err(WitnessError::Old { path: self.path.clone(), seen, at, found })
    }

    /// Writes the file anew, whole and on the disk before it has its name.
    fn write(&mut self, mark: Mark) -> Result<(), WitnessError> {
        let failed = |source| WitnessError::File { path: self.path.clone(), source };
        let text = serde_json::to_vec(&mark).map_err(|error| failed(error.into()))?;
        let mut name = self.path.clone().into_os_string();
        name.push(".new");
        let new = PathBuf::from(name);
        let mut file = File::create(&new).map_err(failed)?;
        file.write_all(&text).and_then(|()| file.sync_all()).map_err(failed)?;
        fs::rename(&new, &self.path).map_err(failed)?;
        let directory = self.path.parent().filter(|parent| !parent.as_os_str().is_empty());
        File::open(directory.unwrap_or(Path::new("."))).and_then(|file| file.sync_all()).map_err(failed)?;
        self.seen = mark;
        Ok(())
    }
}

fn read(path: &Path) -> Result<Option<Mark>, WitnessError> {
    match fs::read(path) {
        Ok(text) => {
            let mark = serde_json::from_slice(&text).map_err(|_| WitnessError::Damaged(path.to_owned()))?;
            Ok(Some(mark))
        }
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(source) => Err(WitnessError::File { path: path.to_owned(), source }),
    }
}

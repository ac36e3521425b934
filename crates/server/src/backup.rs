//! Copies of a data directory, made while a server uses it, and what can be checked of one.

use crate::clock::{Clock, SystemClock};
use crate::storage::postgres::{self, ConnectError, DatabaseUrl};
use crate::storage::sqlite::{DATABASE, dangling};
use crate::storage::{self, Risk, StorageError};
use cabildo_contract::time::Timestamp;
use rusqlite::{Connection, OpenFlags};
use std::collections::HashSet;
use std::fmt;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The file in a data directory that says when its last backup was finished.
const LAST: &str = "backup.time";

/// Why a data directory cannot be copied, or is not as it should be.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// There is something where the copy is to be.
    #[error("{path} is there already: nothing is overwritten", path = .0.display())]
    Exists(PathBuf),
    /// It is no data directory.
    #[error("there is no database of Cabildo in {path}", path = .0.display())]
    Missing(PathBuf),
    /// A file cannot be read or written.
    #[error("cannot use {path}: {source}", path = path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the operating system says.
        source: std::io::Error,
    },
    /// The database cannot be read.
    #[error("the database cannot be read: {0}")]
    Database(#[from] rusqlite::Error),
    /// The database of PostgreSQL cannot be used.
    #[error(transparent)]
    Connect(#[from] ConnectError),
    /// It fails.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// The database says what cannot be.
    #[error("the database is damaged: {0}")]
    Damaged(String),
}

/// What a data directory holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Contents {
    /// Version of the database.
    pub version: u32,
    /// People, simulated ones included.
    pub people: u64,
    /// Ballots that count.
    pub ballots: u64,
    /// Comments and replies that are not deleted.
    pub comments: u64,
}

impl fmt::Display for Contents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { version, people, ballots, comments } = self;
        write!(f, "version {version}: {people} people, {ballots} ballots, {comments} comments")
    }
}

/// Copies a data directory as it is at one moment: database and secrets. The copy is a data directory, too, which a server
/// can be started on; it is on the disk and checked before it has its name. A server may be writing meanwhile.
///
/// # Errors
/// [`BackupError`]; then there is no copy of that name.
pub fn back_up(data: &Path, to: &Path) -> Result<Contents, BackupError> {
    let source = open(data)?;
    if to.exists() {
        return Err(BackupError::Exists(to.to_owned()));
    }
    let name = to.file_name().unwrap_or_default().to_string_lossy();
    let unfinished = to.with_file_name(format!("{name}.unfinished"));
    create(&unfinished)?;
    let copied = copy(&source, data, &unfinished).and_then(|()| check(&unfinished));
    let kept = copied.and_then(|contents| {
        fs::rename(&unfinished, to).map_err(at(to))?;
        let parent = to.parent().filter(|parent| !parent.as_os_str().is_empty());
        sync(parent.unwrap_or(Path::new(".")))?;
        // For metrics. Who may only read the directory makes backups all the same.
        let _ = fs::write(data.join(LAST), SystemClock.now().to_string());
        Ok(contents)
    });
    if kept.is_err() {
        // What is left of it says by its name that it is none.
        let _ = fs::remove_dir_all(&unfinished);
    }
    kept
}

/// When the last backup of a data directory was finished, if it was written down.
#[must_use]
pub fn last(data: &Path) -> Option<Timestamp> {
    Timestamp::parse(fs::read_to_string(data.join(LAST)).ok()?.trim()).ok()
}

/// Checks what a program can know of a data directory: that its pages and references are whole, and that every ballot
/// chooses among the options of its consultation. It changes nothing; a server may be writing meanwhile.
///
/// # Errors
/// [`BackupError`] says what is wrong.
pub fn check(data: &Path) -> Result<Contents, BackupError> {
    let database = open(data)?;
    // Everything of one moment.
    let database = database.unchecked_transaction()?;
    let whole: String = database.query_row("PRAGMA integrity_check", [], |row| row.get(0))?;
    if whole != "ok" {
        return Err(BackupError::Damaged(whole));
    }
    let number = |sql: &str| database.query_row(sql, [], |row| row.get::<_, u64>(0));
    let dangling = dangling(&database)?;
    if dangling > 0 {
        return Err(BackupError::Damaged(format!("{dangling} records refer to what is not there")));
    }
    let strays = number(
        "SELECT count(*) FROM ballot, json_each(ballot.choices) AS choice WHERE NOT EXISTS \
         (SELECT 1 FROM ballot_option AS o WHERE o.id = choice.value AND o.consultation = ballot.consultation)",
    )?;
    if strays > 0 {
        return Err(stray(strays));
    }
    Ok(Contents {
        version: database.query_row("PRAGMA user_version", [], |row| row.get(0))?,
        people: number("SELECT count(*) FROM person")?,
        ballots: number("SELECT count(*) FROM ballot WHERE choices IS NOT NULL")?,
        comments: number("SELECT count(*) FROM comment WHERE deleted_at IS NULL")?,
    })
}

/// Checks what a program can know of a database of PostgreSQL: that every ballot chooses among the options of its
/// consultation; references are the database's own part. Says how what it acknowledges could be lost.
///
/// # Errors
/// [`BackupError`] says what is wrong.
pub fn check_shared(
    url: &DatabaseUrl,
    options: &postgres::Options,
) -> Result<(Contents, Vec<Risk>), BackupError> {
    postgres::with(url, options, false, |database| {
        let (contents, strays) = database.at_one_moment(|database| {
            let number = |sql: &str| database.the(sql, &[], |row| row.get::<u64>(0));
            let contents = Contents {
                version: postgres::version(database)?,
                people: number("SELECT count(*) FROM person")?,
                ballots: number("SELECT count(*) FROM ballot WHERE choices IS NOT NULL")?,
                comments: number("SELECT count(*) FROM comment WHERE deleted_at IS NULL")?,
            };
            Ok((contents, strays(database)?))
        })?;
        if strays > 0 {
            return Err(stray(strays));
        }
        Ok((contents, postgres::risks(database)?))
    })
}

/// How many choices are none of their consultation's options.
fn strays(database: &storage::connection::Connection) -> Result<u64, StorageError> {
    let mut options: HashSet<(String, String)> = HashSet::new();
    database.each("SELECT consultation, id FROM ballot_option", &[], |row| {
        options.insert((row.get(0)?, row.get(1)?));
        Ok(())
    })?;
    let mut strays = 0;
    database.each("SELECT consultation, choices FROM ballot WHERE choices IS NOT NULL", &[], |row| {
        let (consultation, choices): (String, String) = (row.get(0)?, row.get(1)?);
        let choices: Vec<String> =
            serde_json::from_str(&choices).map_err(|error| StorageError::Corrupt(error.to_string()))?;
        let stray = |choice: &String| !options.contains(&(consultation.clone(), choice.clone()));
        strays += choices.iter().filter(|choice| stray(choice)).count() as u64;
        Ok(())
    })?;
    Ok(strays)
}

fn stray(strays: u64) -> BackupError {
    BackupError::Damaged(format!("{strays} choices are none of their consultation's options"))
}

fn open(data: &Path) -> Result<Connection, BackupError> {
    let path = data.join(DATABASE);
    if !path.is_file() {
        return Err(BackupError::Missing(data.to_owned()));
    }
    let database = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    database.busy_timeout(Duration::from_secs(5))?;
    Ok(database)
}

/// A directory that only its owner reads: there are secrets in it.
fn create(directory: &Path) -> Result<(), BackupError> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(directory).map_err(at(directory))
}

fn copy(database: &Connection, data: &Path, to: &Path) -> Result<(), BackupError> {
    let copied = to.join(DATABASE);
    database.execute("VACUUM INTO ?", [copied.to_string_lossy()])?;
    sync(&copied)?;
    for entry in fs::read_dir(data).map_err(at(data))? {
        let path = entry.map_err(at(data))?.path();
        if let Some(name) = path.file_name().filter(|_| path.extension().is_some_and(|kind| kind == "secret"))
        {
            let copied = to.join(name);
            fs::copy(&path, &copied).map_err(at(&path))?;
            sync(&copied)?;
        }
    }
    sync(to)
}

/// Waits until the disk has it.
fn sync(path: &Path) -> Result<(), BackupError> {
    File::open(path).and_then(|file| file.sync_all()).map_err(at(path))
}

fn at(path: &Path) -> impl Fn(std::io::Error) -> BackupError {
    let path = path.to_owned();
    move |source| BackupError::File { path: path.clone(), source }
}

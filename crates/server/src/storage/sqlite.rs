//! One SQLite file, one writer, several readers.

pub mod bulk;

use super::StorageError;
use super::connection::{Cells, Connection, Driver, Reader, Value};
use super::database::Database;
use super::statements::corrupt;
use super::writer::Writer;
use rusqlite::config::DbConfig;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{ErrorCode, OpenFlags, ToSql};
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// SQLite before 3.51.3 can corrupt a database in WAL mode (<https://sqlite.org/wal.html#walresetbug>).
const OLDEST_SQLITE: i32 = 3_051_003;

/// The database's file in a data directory.
pub(crate) const DATABASE: &str = "cabildo.db";

/// The migrations by number, lowest first; numbers may be left out. A database's `user_version` is the number of the last
/// one that it has seen, so a lower number must not come later.
const MIGRATIONS: &[(usize, &str)] = &[
    (1, include_str!("../../migrations/sqlite/0001_first.sql")),
    (2, include_str!("../../migrations/sqlite/0002_forget_keys.sql")),
    (3, include_str!("../../migrations/sqlite/0003_discussions.sql")),
    (4, include_str!("../../migrations/sqlite/0004_channels.sql")),
    (5, include_str!("../../migrations/sqlite/0005_person_territory.sql")),
    (6, include_str!("../../migrations/sqlite/0006_submissions.sql")),
    (7, include_str!("../../migrations/sqlite/0007_identities.sql")),
    (8, include_str!("../../migrations/sqlite/0008_moderation.sql")),
    (9, include_str!("../../migrations/sqlite/0009_keys.sql")),
];

/// How the database is used.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// Most writes that share one commit. 1: every write has its own.
    pub group_commit: usize,
    /// Connections that read.
    pub readers: usize,
    /// How long to wait for a lock that somebody else holds.
    pub busy_timeout: Duration,
    /// Most pages (of 4 KiB) that the database may have; beyond that it is full.
    pub max_pages: Option<u32>,
}

impl Default for Options {
    fn default() -> Self {
        Self { group_commit: 256, readers: 4, busy_timeout: Duration::from_secs(5), max_pages: None }
    }
}

/// Why a data directory could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The directory or its lock cannot be made.
    #[error("cannot use the data directory {path}: {source}", path = path.display())]
    Directory {
        /// The directory.
        path: PathBuf,
        /// What the operating system says.
        source: std::io::Error,
    },
    /// Another server has it open.
    #[error(
        "the data directory {path} is in use by a running cabildo: stop that one first",
        path = .0.display()
    )]
    InUse(PathBuf),
    /// This SQLite can damage databases.
    #[error("SQLite {0} can damage a database; 3.51.3 or newer is needed")]
    OldSqlite(&'static str),
    /// The database was written by a newer Cabildo.
    #[error("the database is of version {found}; this cabildo knows versions up to {known}")]
    Newer {
        /// Its version.
        found: usize,
        /// The newest version known here.
        known: usize,
    },
    /// The database cannot be opened.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl Database {
    /// Opens the SQLite database in `directory`, making directory and database if they are not there, and brings the
    /// database to the present version. As long as it is open nobody else can open it: two servers on one file would each
    /// count only their own.
    ///
    /// # Errors
    /// [`OpenError`] says which directory and why.
    pub fn open(directory: &Path, options: Options) -> Result<Self, OpenError> {
        let (connection, lock) = exclusive(directory, options.busy_timeout)?;
        let path = directory.join(DATABASE);
        if let Some(pages) = options.max_pages {
            // This pragma answers with the bound that it set.
            connection
                .query_row(&format!("PRAGMA max_page_count = {pages}"), [], |_| Ok(()))
                .map_err(StorageError::from)?;
        }
        let read = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let readers = (0..options.readers.max(1))
            .map(|_| Ok(Connection::new(connect(&path, read, options.busy_timeout)?)))
            .collect::<Result<Vec<_>, StorageError>>()?;
        let writer = Writer::start(Connection::new(connection), options.group_commit, None);
        let writer = writer.map_err(|source| OpenError::Directory { path: directory.to_owned(), source })?;
        Ok(Self::locked(writer, readers, lock))
    }
}

/// The database of a directory, up to date, and the lock that keeps everybody else from it.
pub(super) fn exclusive(
    directory: &Path,
    busy_timeout: Duration,
) -> Result<(rusqlite::Connection, File), OpenError> {
    if rusqlite::version_number() < OLDEST_SQLITE {
        return Err(OpenError::OldSqlite(rusqlite::version()));
    }
    let failed = |source| OpenError::Directory { path: directory.to_owned(), source };
    std::fs::create_dir_all(directory).map_err(failed)?;
    let lock = File::create(directory.join("cabildo.lock")).map_err(failed)?;
    hold(&lock).map_err(|error| match error {
        TryLockError::WouldBlock => OpenError::InUse(directory.to_owned()),
        TryLockError::Error(source) => failed(source),
    })?;
    let path = directory.join(DATABASE);
    let mut connection = connect(&path, OpenFlags::default(), busy_timeout)?;
    connection.pragma_update(None, "journal_mode", "wal").map_err(StorageError::from)?;
    connection.pragma_update(None, "synchronous", "full").map_err(StorageError::from)?;
    migrate(&mut connection)?;
    Ok((connection, lock))
}

impl ToSql for Value<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Int(number) => ValueRef::Integer(*number),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Bytes(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

impl Cells for rusqlite::Row<'_> {
    fn cell(&self, at: usize) -> Result<Value<'_>, StorageError> {
        Ok(match self.get_ref(at)? {
            ValueRef::Null => Value::Null,
            ValueRef::Integer(number) => Value::Int(number),
            ValueRef::Text(text) => Value::Text(std::str::from_utf8(text).map_err(corrupt)?),
            ValueRef::Blob(bytes) => Value::Bytes(bytes),
            ValueRef::Real(_) => return Err(corrupt("a fraction, where there are none")),
        })
    }
}

impl Driver for rusqlite::Connection {
    fn execute(&mut self, sql: &str, values: &[Value<'_>]) -> Result<usize, StorageError> {
        Ok(self.prepare_cached(sql)?.execute(rusqlite::params_from_iter(values))?)
    }

    fn query(&mut self, sql: &str, values: &[Value<'_>], read: &mut Reader<'_>) -> Result<(), StorageError> {
        let mut statement = self.prepare_cached(sql)?;
        let mut rows = statement.query(rusqlite::params_from_iter(values))?;
        while let Some(row) = rows.next()? {
            read(row)?;
        }
        Ok(())
    }

    fn batch(&mut self, sql: &str) -> Result<(), StorageError> {
        Ok(self.execute_batch(sql)?)
    }

    fn begin(&mut self) -> Result<(), StorageError> {
        self.batch("BEGIN IMMEDIATE")
    }

    fn begin_reading(&mut self) -> Result<(), StorageError> {
        // The first statement that reads fixes the moment (https://sqlite.org/isolation.html).
        self.batch("BEGIN")
    }

    fn end(&mut self, sql: &str) -> Result<(), StorageError> {
        self.batch(sql)
    }

    fn in_transaction(&self) -> bool {
        !self.is_autocommit()
    }
}

/// How often, and how long in between, is looked whether somebody else lets go: a server that is just ending still holds
/// the lock, and so does, for an instant, a program that was started by whoever held it.
const LOCK_TRIES: (u32, Duration) = (20, Duration::from_millis(50));

/// Takes the lock.
fn hold(lock: &File) -> Result<(), TryLockError> {
    let (tries, pause) = LOCK_TRIES;
    for _ in 1..tries {
        match lock.try_lock() {
            Err(TryLockError::WouldBlock) => std::thread::sleep(pause),
            other => return other,
        }
    }
    lock.try_lock()
}

fn connect(
    path: &Path,
    flags: OpenFlags,
    busy_timeout: Duration,
) -> Result<rusqlite::Connection, StorageError> {
    let connection = rusqlite::Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(busy_timeout)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    // Plans must not depend on bound values: a statement that may be planned anew is parsed anew at each use.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(connection)
}

/// How many records refer to what is not there.
pub(crate) fn dangling(connection: &rusqlite::Connection) -> rusqlite::Result<u64> {
    connection.query_row("SELECT count(*) FROM pragma_foreign_key_check", [], |row| row.get(0))
}

fn migrate(connection: &mut rusqlite::Connection) -> Result<(), OpenError> {
    let version: i64 =
        connection.query_row("PRAGMA user_version", [], |row| row.get(0)).map_err(StorageError::from)?;
    let found = usize::try_from(version).unwrap_or(usize::MAX);
    let known = MIGRATIONS.last().map_or(0, |(number, _)| *number);
    if found > known {
        return Err(OpenError::Newer { found, known });
    }
    // Making a table anew drops the old one, which must take nothing with it (https://sqlite.org/lang_altertable.html).
    connection.pragma_update(None, "foreign_keys", false).map_err(StorageError::from)?;
    for (number, migration) in MIGRATIONS.iter().filter(|(number, _)| *number > found) {
        let transaction = connection.transaction().map_err(StorageError::from)?;
        transaction.execute_batch(migration).map_err(StorageError::from)?;
        if dangling(&transaction).map_err(StorageError::from)? > 0 {
            return Err(
                StorageError::Corrupt("records refer to records that are not there".to_owned()).into()
            );
        }
        transaction.pragma_update(None, "user_version", number).map_err(StorageError::from)?;
        transaction.commit().map_err(StorageError::from)?;
    }
    connection.pragma_update(None, "foreign_keys", true).map_err(StorageError::from)?;
    Ok(())
}

impl From<rusqlite::Error> for StorageError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::Error as E;
        match &error {
            E::SqliteFailure(failure, _)
                if matches!(
                    failure.code,
                    ErrorCode::DatabaseBusy
                        | ErrorCode::DatabaseLocked
                        | ErrorCode::DiskFull
                        | ErrorCode::SystemIoFailure
                        | ErrorCode::CannotOpen
                        | ErrorCode::ReadOnly
                        | ErrorCode::PermissionDenied
                        | ErrorCode::OutOfMemory
                        | ErrorCode::OperationInterrupted
                        | ErrorCode::OperationAborted
                        | ErrorCode::FileLockingProtocolFailed
                ) =>
            {
                Self::Unavailable(error.to_string())
            }
            _ => Self::Corrupt(error.to_string()),
        }
    }
}

//! PostgreSQL, for more than one server. One connection writes, several read, one listens.
//!
//! A server speaks to it from threads, as to SQLite: the same statements, one after the other.

use super::allowances::{self, Allowances};
use super::connection::{Cells, Connection, Driver, Reader, Value};
use super::database::Database;
use super::feed::Feed;
use super::statements::corrupt;
use super::writer::{Job, Writer};
use super::{Risk, StorageError};
use crate::random::{self, NoRandomness};
use crate::tls;
use bytes::BytesMut;
use data_encoding::HEXLOWER;
use postgres::error::SqlState;
use postgres::fallible_iterator::FallibleIterator;
use postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};
use postgres::{Client, Config, Statement};
use std::collections::HashMap;
use std::error::Error;
use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64};
use std::time::Duration;
use tokio::sync::mpsc::WeakSender;
use tokio_postgres_rustls::MakeRustlsConnect;

/// The oldest version that this is tried with, as `server_version_num` says it.
const OLDEST_POSTGRES: u32 = 150_000;

/// The migrations by number, lowest first: the numbers of SQLite's that lead to the same tables.
const MIGRATIONS: &[(u32, &str)] = &[
    (8, include_str!("../../migrations/postgres/0008_first.sql")),
    (9, include_str!("../../migrations/postgres/0009_keys.sql")),
];

/// The lock that is held while migrations run: "cabildo" in ASCII.
const MIGRATION_LOCK: i64 = 0x0063_6162_696c_646f;

/// Statements that a connection keeps prepared. How many there are depends on what people search for.
const STATEMENTS: usize = 256;

/// How long a transaction may do nothing. A server that is halted in its turn must not halt the others.
const IDLE: Duration = Duration::from_secs(30);

/// How often is looked whether other servers wrote, should no notification arrive.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// The channel on which servers wake each other.
const CHANNEL: &str = "cabildo";

/// Where the database is: `postgres://[USER[:PASSWORD]@]HOST[:PORT]/NAME[?OPTIONS]`.
#[derive(Clone)]
pub struct DatabaseUrl(Config);

impl FromStr for DatabaseUrl {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if !text.starts_with("postgres://") && !text.starts_with("postgresql://") {
            return Err("expected postgres://…".to_owned());
        }
        let mut config: Config = text.parse().map_err(|error: postgres::Error| error.to_string())?;
        if config.get_application_name().is_none() {
            config.application_name("cabildo");
        }
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(Duration::from_secs(10));
        }
        Ok(Self(config))
    }
}

/// Names the database without the password.
impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the database {}", self.0.get_dbname().or(self.0.get_user()).unwrap_or("of PostgreSQL"))
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// How the database is used.
#[derive(Debug, Clone)]
pub struct Options {
    /// Most writes that share one commit. 1: every write has its own.
    pub group_commit: usize,
    /// Connections that read.
    pub readers: usize,
    /// How long to wait for a lock that somebody else holds.
    pub lock_timeout: Duration,
    /// A file with certificates (PEM) that vouch for the server, instead of the certificate authorities that this program
    /// brings along.
    pub authorities: Option<PathBuf>,
}

impl Default for Options {
    fn default() -> Self {
        Self { group_commit: 256, readers: 4, lock_timeout: Duration::from_secs(5), authorities: None }
    }
}

/// Why a database could not be used.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// It cannot be reached, or does not let anybody in.
    #[error("cannot connect to {0}: {1}")]
    Unreachable(String, StorageError),
    /// It is too old.
    #[error("PostgreSQL {0} is too old; 15 or newer is needed")]
    TooOld(String),
    /// The database was written by a newer Cabildo.
    #[error("the database is of version {found}; this cabildo knows versions up to {known}")]
    Newer {
        /// Its version.
        found: u32,
        /// The newest version known here.
        known: u32,
    },
    /// The certificates cannot be used.
    #[error(transparent)]
    Tls(#[from] tls::TlsError),
    /// There is no chance to be had for the name of this server.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
    /// The thread cannot be started.
    #[error("no thread to write with: {0}")]
    Thread(std::io::Error),
    /// The database cannot be used.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// What listens for other servers, once somebody follows.
pub(super) struct Listener {
    way: Way,
    /// What this server says when it has written.
    own: String,
    /// Whether the database has notifications.
    notifies: bool,
    queue: WeakSender<Job>,
}

impl Database {
    /// Opens a PostgreSQL database and brings it to the present version. Any number of servers may.
    ///
    /// # Errors
    /// [`ConnectError`].
    pub fn connect(url: &DatabaseUrl, options: &Options) -> Result<Self, ConnectError> {
        on_a_thread(|| Self::connect_here(url, options))
    }

    fn connect_here(url: &DatabaseUrl, options: &Options) -> Result<Self, ConnectError> {
        let way = Way::new(url, options)?;
        let first = way.first(url)?;
        migrate(&first)?;
        let own = HEXLOWER.encode(random::secret()?.get(..8).unwrap_or_default());
        let seen = Arc::new(AtomicU64::new(0));
        // Not every database that speaks as PostgreSQL does can wake others.
        let notifies = first.batch(&format!("NOTIFY {CHANNEL}")).is_ok();
        let notify = notifies.then(|| format!("NOTIFY {CHANNEL}, '{own}'"));
        let went_back = Arc::new(AtomicBool::new(false));
        let feed = Feed::new(Arc::clone(&seen), Arc::clone(&went_back), notify);
        let writer = Writer::start(first, options.group_commit, Some(feed)).map_err(ConnectError::Thread)?;
        let allowances = Allowances::shared(Connection::new(Pg::new(&way))).map_err(ConnectError::Thread)?;
        let readers = (0..options.readers.max(1)).map(|_| Connection::new(Pg::new(&way))).collect();
        let listener = writer.queue().map(|queue| Listener { way, own, notifies, queue });
        Ok(Self::shared(writer, readers, allowances, (seen, went_back), listener))
    }
}

fn migrate(connection: &Connection) -> Result<(), ConnectError> {
    let version: String =
        connection.the("SELECT current_setting('server_version_num')", &[], |row| row.get(0))?;
    if version.parse().unwrap_or(0) < OLDEST_POSTGRES {
        return Err(ConnectError::TooOld(version));
    }
    // Whoever starts waits for whoever started before.
    connection.batch("BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL lock_timeout = 0")?;
    let result = migrate_locked(connection);
    connection.end(if result.is_ok() { "COMMIT" } else { "ROLLBACK" })?;
    result
}

/// All migrations are one transaction, and two servers that start at once run them one after the other.
fn migrate_locked(connection: &Connection) -> Result<(), ConnectError> {
    connection.batch(&format!(
        "SELECT pg_advisory_xact_lock({MIGRATION_LOCK});
         CREATE TABLE IF NOT EXISTS schema_version (version BIGINT NOT NULL)"
    ))?;
    let found = version(connection)?;
    let known = MIGRATIONS.last().map_or(0, |(number, _)| *number);
    if found > known {
        return Err(ConnectError::Newer { found, known });
    }
    for (number, migration) in MIGRATIONS.iter().filter(|(number, _)| *number > found) {
        connection.batch(migration)?;
        connection.execute("DELETE FROM schema_version", &[])?;
        connection
            .execute("INSERT INTO schema_version (version) VALUES (?1)", &[Value::Int((*number).into())])?;
    }
    // No migration: there is nothing in it to be kept.
    connection.batch(allowances::TABLE)?;
    Ok(())
}

/// The number of the last migration that a database has seen.
///
/// # Errors
/// Those of the database.
pub fn version(connection: &Connection) -> Result<u32, StorageError> {
    connection.the("SELECT coalesce(max(version), 0) FROM schema_version", &[], |row| row.get(0))
}

/// Does something with a connection of its own, after bringing the database up to date where `migrated`.
///
/// # Errors
/// [`ConnectError`], and those of `act`.
pub fn with<T: Send, E: From<ConnectError> + Send>(
    url: &DatabaseUrl,
    options: &Options,
    migrated: bool,
    act: impl FnOnce(&Connection) -> Result<T, E> + Send,
) -> Result<T, E> {
    on_a_thread(|| {
        let connection = Way::new(url, options)?.first(url)?;
        if migrated {
            migrate(&connection)?;
        }
        act(&connection)
    })
}

/// The client waits for its own runtime, which a thread of another must not.
fn on_a_thread<T: Send, E: From<ConnectError> + Send>(
    act: impl FnOnce() -> Result<T, E> + Send,
) -> Result<T, E> {
    std::thread::scope(|scope| {
        let done = scope.spawn(act).join();
        done.unwrap_or_else(|_| Err(ConnectError::from(corrupt("a thread panicked")).into()))
    })
}

/// How what is acknowledged could be lost, as the database is set up.
///
/// # Errors
/// Those of the database.
pub fn risks(connection: &Connection) -> Result<Vec<Risk>, StorageError> {
    let setting = |name: &str| {
        // One that is not there, in a database that only speaks as PostgreSQL does, is null.
        let sql = "SELECT coalesce(current_setting(?1, true), '')";
        connection.the(sql, &[Value::Text(name)], |row| row.get::<String>(0))
    };
    let commit = setting("synchronous_commit")?;
    // Backups are made by the same means; they do not take over.
    let sql = "SELECT EXISTS (SELECT 1 FROM pg_stat_replication WHERE application_name <> 'pg_basebackup')";
    let standby: bool = connection.the(sql, &[], |row| row.get(0))?;
    let waited_for =
        !setting("synchronous_standby_names")?.is_empty() && commit != "local" && commit != "off";
    let risks = [
        (setting("fsync")? == "off", Risk::NoSync),
        (setting("full_page_writes")? == "off", Risk::TornPages),
        (commit == "off", Risk::LateCommit),
        (standby && !waited_for, Risk::LateStandby),
    ];
    Ok(risks.into_iter().filter(|(there, _)| *there).map(|(_, risk)| risk).collect())
}

/// How far the standby server that is furthest behind is behind, if there is one and it says so.
///
/// # Errors
/// Those of the database.
pub fn standby_lag(connection: &Connection) -> Result<Option<Duration>, StorageError> {
    // What a standby server says itself is from when it last said something: one that has stopped says nothing of it. Who
    // may not see where it is sees no position.
    let sql = "SELECT CAST(1000 * max(greatest(
                   extract(epoch FROM replay_lag),
                   CASE WHEN replay_lsn < pg_current_wal_flush_lsn()
                        THEN extract(epoch FROM clock_timestamp() - reply_time) END,
                   CASE WHEN replay_lsn IS NOT NULL THEN 0 END)) AS BIGINT)
               FROM pg_stat_replication WHERE application_name <> 'pg_basebackup'";
    let millis: Option<u64> = connection.the(sql, &[], |row| row.get(0))?;
    Ok(millis.map(Duration::from_millis))
}

impl Listener {
    /// Wakes the writer whenever another server wrote, and now and then without being told, until nobody writes any more.
    pub(super) fn start(self: Box<Self>) -> std::io::Result<()> {
        std::thread::Builder::new().name("listener".into()).spawn(move || self.run()).map(drop)
    }

    fn run(&self) {
        let mut client = None;
        // A queue that is full is worked on: whoever writes looks, too.
        while self.queue.upgrade().map(|queue| queue.try_send(Job::CatchUp)).is_some() {
            if let Err(error) = self.wait(&mut client) {
                tracing::warn!(%error, "other servers are not heard; looking every second");
                client = None;
                std::thread::sleep(LOOK_EVERY);
            }
        }
    }

    /// Waits until another server has written, or for [`LOOK_EVERY`].
    fn wait(&self, client: &mut Option<Client>) -> Result<(), StorageError> {
        if !self.notifies {
            std::thread::sleep(LOOK_EVERY);
            return Ok(());
        }
        if client.is_none() {
            let mut new = self.way.connect()?;
            new.batch_execute(&format!("LISTEN {CHANNEL}"))?;
            // What was written before is looked for first.
            *client = Some(new);
            return Ok(());
        }
        let Some(client) = client else { return Ok(()) };
        let mut notifications = client.notifications();
        let mut waiting = notifications.timeout_iter(LOOK_EVERY);
        while let Some(notification) = waiting.next()? {
            if notification.payload() != self.own {
                return Ok(());
            }
        }
        Ok(())
    }
}

/// The way to the database.
#[derive(Clone)]
struct Way {
    config: Config,
    tls: MakeRustlsConnect,
    lock_timeout: Duration,
}

impl Way {
    fn new(url: &DatabaseUrl, options: &Options) -> Result<Self, ConnectError> {
        Ok(Self {
            config: url.0.clone(),
            tls: MakeRustlsConnect::new(tls::config(options.authorities.as_deref())?),
            lock_timeout: options.lock_timeout,
        })
    }

    /// A connection that is there already, so that whoever cannot get in learns it at once.
    fn first(&self, url: &DatabaseUrl) -> Result<Connection, ConnectError> {
        let mut first = Pg::new(self);
        first.client().map_err(|error| ConnectError::Unreachable(url.to_string(), error))?;
        Ok(Connection::new(first))
    }

    fn connect(&self) -> Result<Client, StorageError> {
        let mut client = self.config.connect(self.tls.clone())?;
        client.batch_execute(&format!(
            "SET lock_timeout = {}; SET idle_in_transaction_session_timeout = {}; SET client_min_messages = warning",
            self.lock_timeout.as_millis(),
            IDLE.as_millis()
        ))?;
        Ok(client)
    }
}

/// A connection that is made when it is needed, and made anew after it broke.
struct Pg {
    way: Way,
    client: Option<Client>,
    statements: HashMap<String, Statement>,
    /// Whether a transaction was begun on this client and not ended since.
    in_transaction: bool,
}

impl Drop for Pg {
    fn drop(&mut self) {
        // Saying goodbye waits for the client's own runtime, which a thread of another must not.
        if let Some(client) = self.client.take() {
            let _ = std::thread::Builder::new().spawn(move || drop(client));
        }
    }
}

/// How long a connection has to say that it still is one.
const ALIVE: Duration = Duration::from_secs(2);

impl Pg {
    fn new(way: &Way) -> Self {
        Self { way: way.clone(), client: None, statements: HashMap::new(), in_transaction: false }
    }

    /// The client, connected.
    fn client(&mut self) -> Result<&mut Client, StorageError> {
        let client = match self.client.take() {
            Some(client) => client,
            None => self.way.connect()?,
        };
        Ok(self.client.insert(client))
    }

    /// Does something with the client. Where that fails and the connection is no more, it is made anew the next time.
    fn with<T>(&mut self, act: impl FnOnce(&mut Self) -> Result<T, StorageError>) -> Result<T, StorageError> {
        let result = act(self);
        if let Err(StorageError::Unavailable(_)) = result
            && self.client.as_mut().is_some_and(|client| client.is_valid(ALIVE).is_err())
        {
            self.client = None;
            self.statements.clear();
            self.in_transaction = false;
        }
        result
    }

    /// Begins a transaction. One that begins and fails is still to be ended.
    fn start(&mut self, sql: &str) -> Result<(), StorageError> {
        self.with(|pg| {
            let client = pg.client()?;
            let begun = client.batch_execute(sql);
            pg.in_transaction = true;
            Ok(begun?)
        })
    }

    /// A statement, prepared once.
    fn prepare(&mut self, sql: &str) -> Result<Statement, StorageError> {
        if let Some(statement) = self.statements.get(sql) {
            return Ok(statement.clone());
        }
        let statement = self.client()?.prepare(&sql.replace('?', "$"))?;
        if self.statements.len() >= STATEMENTS {
            self.statements.clear();
        }
        self.statements.insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }
}

impl Driver for Pg {
    fn execute(&mut self, sql: &str, values: &[Value<'_>]) -> Result<usize, StorageError> {
        let values: Vec<&(dyn ToSql + Sync)> = values.iter().map(|value| value as _).collect();
        let changed = self.with(|pg| {
            let statement = pg.prepare(sql)?;
            Ok(pg.client()?.execute(&statement, &values)?)
        })?;
        usize::try_from(changed).map_err(corrupt)
    }

    fn query(&mut self, sql: &str, values: &[Value<'_>], read: &mut Reader<'_>) -> Result<(), StorageError> {
        self.with(|pg| {
            let statement = pg.prepare(sql)?;
            let mut rows = pg.client()?.query_raw(&statement, values.iter().copied())?;
            while let Some(row) = rows.next()? {
                read(&row)?;
            }
            Ok(())
        })
    }

    fn batch(&mut self, sql: &str) -> Result<(), StorageError> {
        self.with(|pg| Ok(pg.client()?.batch_execute(sql)?))
    }

    fn begin(&mut self) -> Result<(), StorageError> {
        // Each statement after the lock sees what whoever had it before committed: not so with another isolation.
        self.start("BEGIN ISOLATION LEVEL READ COMMITTED; SELECT id FROM turn WHERE id = 1 FOR UPDATE")
    }

    fn begin_reading(&mut self) -> Result<(), StorageError> {
        self.start("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
    }

    fn end(&mut self, sql: &str) -> Result<(), StorageError> {
        self.batch(sql)?;
        self.in_transaction = false;
        Ok(())
    }

    fn in_transaction(&self) -> bool {
        self.in_transaction
    }
}

impl Cells for postgres::Row {
    fn cell(&self, at: usize) -> Result<Value<'_>, StorageError> {
        Ok(self.try_get(at)?)
    }
}

impl<'a> FromSql<'a> for Value<'a> {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn Error + Sync + Send>> {
        Ok(match *ty {
            Type::INT8 => Self::Int(i64::from_sql(ty, raw)?),
            Type::INT4 => Self::Int(i32::from_sql(ty, raw)?.into()),
            Type::BOOL => Self::Int(bool::from_sql(ty, raw)?.into()),
            Type::BYTEA => Self::Bytes(<&[u8]>::from_sql(ty, raw)?),
            _ => Self::Text(<&str>::from_sql(ty, raw)?),
        })
    }

    fn from_sql_null(_: &Type) -> Result<Self, Box<dyn Error + Sync + Send>> {
        Ok(Self::Null)
    }

    fn accepts(ty: &Type) -> bool {
        matches!(*ty, Type::INT8 | Type::INT4 | Type::BOOL | Type::BYTEA | Type::TEXT)
    }
}

impl ToSql for Value<'_> {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        match (*self, ty) {
            (Self::Null, _) => Ok(IsNull::Yes),
            (Self::Int(number), &Type::INT4) => i32::try_from(number)?.to_sql(ty, out),
            (Self::Int(number), &Type::INT8) => number.to_sql(ty, out),
            // PostgreSQL has no texts with a zero in them; HTML shows the same in its place.
            (Self::Text(text), &Type::TEXT) if text.contains('\0') => {
                text.replace('\0', "\u{fffd}").to_sql(ty, out)
            }
            (Self::Text(text), &Type::TEXT) => text.to_sql(ty, out),
            (Self::Bytes(bytes), &Type::BYTEA) => bytes.to_sql(ty, out),
            _ => Err(format!("{self:?} where {ty} is expected").into()),
        }
    }

    fn accepts(ty: &Type) -> bool {
        matches!(*ty, Type::INT8 | Type::INT4 | Type::BYTEA | Type::TEXT)
    }

    to_sql_checked!();
}

impl From<postgres::Error> for StorageError {
    fn from(error: postgres::Error) -> Self {
        let said = error.as_db_error().map_or_else(|| with_source(&error), ToString::to_string);
        if later(&error) { Self::Unavailable(said) } else { Self::Corrupt(said) }
    }
}

/// What happened and why.
fn with_source(error: &postgres::Error) -> String {
    error.source().map_or_else(|| error.to_string(), |source| format!("{error}: {source}"))
}

/// Whether the same may succeed later: what has to do with the connection, locks, room, or the server's being there. The
/// classes are those of <https://www.postgresql.org/docs/current/errcodes-appendix.html>.
fn later(error: &postgres::Error) -> bool {
    let Some(state) = error.code() else {
        // Without a word of the server's it is the connection's fault, unless it is about a value.
        return error.is_closed() || error.source().is_none_or(|source| source.is::<std::io::Error>());
    };
    let class = state.code().get(..2).unwrap_or_default();
    matches!(class, "08" | "28" | "3D" | "40" | "53" | "55" | "57" | "58")
        || *state == SqlState::READ_ONLY_SQL_TRANSACTION
        || *state == SqlState::IDLE_IN_TRANSACTION_SESSION_TIMEOUT
}

//! One SQLite file, one writer, several readers.

mod acts;
mod answers;
mod ballots;
mod board;
pub mod bulk;
mod catalogue;
mod comments;
mod elections;
mod identities;
mod import;
mod moderation;
mod posts;
mod proposals;
mod readers;
mod sessions;
mod simulation;
mod submissions;
mod territories;
mod writer;

use super::{
    CaseRow, CodeOutcome, CommentRow, Idempotency, ImportRefusal, Imported, NewBallot, NewCodeRow,
    NewElection, NewPost, NewSubmissionRow, ProposalQuery, Recognised, Sink, Storage, StorageError,
    StoredElection, SubmissionRow,
};
use crate::board::Board;
use crate::catalogue::Catalogue;
use crate::domain::{Person, Refusal, ballot, call};
use crate::identity::Hash;
use crate::process_file::ProcessFile;
use async_trait::async_trait;
use cabildo_contract::answer::{Answer, Answered, NewAnswer};
use cabildo_contract::ballot::Ballot;
use cabildo_contract::call::{CallSummary, NewSubmission, Submission, SubmissionSummary, Withdrawal};
use cabildo_contract::comment::{Comment, NewReport, Report, Stance, Subject, Thread};
use cabildo_contract::id::{CallId, CommentId, ConsultationId, ProcessId, ProposalId, Slug, SubmissionId};
use cabildo_contract::identity::PersonRecord;
use cabildo_contract::moderation::{Decided, NewDecision, Queue};
use cabildo_contract::page::Page;
use cabildo_contract::process::SimulationRemoved;
use cabildo_contract::proposal::{Proposal, ProposalSummary};
use cabildo_contract::session::{Assurance, Identified};
use cabildo_contract::suppression::Snapshot;
use cabildo_contract::time::Timestamp;
use readers::Readers;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags};
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use writer::Writer;

/// SQLite before 3.51.3 can corrupt a database in WAL mode (<https://sqlite.org/wal.html#walresetbug>).
const OLDEST_SQLITE: i32 = 3_051_003;

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

/// The database in a data directory.
pub struct Sqlite {
    writer: Writer,
    readers: Readers,
    sink: Arc<OnceLock<Arc<dyn Sink>>>,
    /// Held as long as the database is open: two servers on one file would each count only their own.
    _lock: File,
}

impl Sqlite {
    /// Opens `directory`, making directory and database if they are not there, and brings the database to
    /// the present version.
    ///
    /// # Errors
    /// [`OpenError`] says which directory and why.
    pub fn open(directory: &Path, options: Options) -> Result<Self, OpenError> {
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
        let path = directory.join("cabildo.db");
        let mut connection = connect(&path, OpenFlags::default(), options.busy_timeout)?;
        connection.pragma_update(None, "journal_mode", "wal").map_err(StorageError::from)?;
        connection.pragma_update(None, "synchronous", "full").map_err(StorageError::from)?;
        migrate(&mut connection)?;
        if let Some(pages) = options.max_pages {
            // This pragma answers with the bound that it set.
            connection
                .query_row(&format!("PRAGMA max_page_count = {pages}"), [], |_| Ok(()))
                .map_err(StorageError::from)?;
        }
        let sink = Arc::new(OnceLock::new());
        let read = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let readers = (0..options.readers.max(1))
            .map(|_| connect(&path, read, options.busy_timeout))
            .collect::<Result<Vec<_>, _>>()?;
        let writer =
            Writer::start(connection, options.group_commit.max(1), Arc::clone(&sink)).map_err(failed)?;
        Ok(Self { writer, readers: Readers::new(readers), sink, _lock: lock })
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

fn connect(path: &Path, flags: OpenFlags, busy_timeout: Duration) -> Result<Connection, StorageError> {
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(busy_timeout)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    // Plans must not depend on bound values: a statement that may be planned anew is parsed anew at each use.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(connection)
}

fn migrate(connection: &mut Connection) -> Result<(), OpenError> {
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
        let sql = "SELECT count(*) FROM pragma_foreign_key_check";
        let dangling: u64 = transaction.query_row(sql, [], |row| row.get(0)).map_err(StorageError::from)?;
        if dangling > 0 {
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

impl From<rusqlite::Error> for Refusal {
    fn from(error: rusqlite::Error) -> Self {
        Self::Storage(error.into())
    }
}

impl From<rusqlite::Error> for ImportRefusal {
    fn from(error: rusqlite::Error) -> Self {
        Self::Storage(error.into())
    }
}

/// A stored text that is not what was stored.
fn corrupt(error: impl std::fmt::Display) -> StorageError {
    StorageError::Corrupt(error.to_string())
}

#[async_trait]
impl Storage for Sqlite {
    fn follow(&self, sink: Arc<dyn Sink>) {
        // Only the first is followed, as the trait says.
        let _ = self.sink.set(sink);
    }

    async fn check(&self, now: Timestamp) -> Result<(), StorageError> {
        self.writer
            .write(move |connection, _| -> Result<(), StorageError> {
                let sql = "INSERT OR REPLACE INTO readiness (id, checked_at) VALUES (1, ?1)";
                connection.prepare_cached(sql)?.execute([now.millis()])?;
                Ok(())
            })
            .await?;
        self.readers.read(|connection| Ok(connection.query_row("SELECT 1", [], |_| Ok(()))?)).await
    }

    async fn load_catalogue(&self) -> Result<Catalogue, StorageError> {
        self.readers.read(catalogue::load).await
    }

    async fn load_board(&self) -> Result<Board, StorageError> {
        self.readers.read(board::load).await
    }

    async fn put_process(&self, process: ProcessFile, now: Timestamp) -> Result<Imported, ImportRefusal> {
        self.writer.write(move |connection, _| import::put(connection, &process, now)).await
    }

    async fn put_election(
        &self,
        process: ProcessFile,
        election: NewElection,
        now: Timestamp,
    ) -> Result<Imported, ImportRefusal> {
        self.writer.write(move |connection, _| elections::put(connection, &process, &election, now)).await
    }

    async fn load_election(&self, consultation: &ConsultationId) -> Result<StoredElection, StorageError> {
        let consultation = consultation.clone();
        self.readers.read(move |connection| elections::load(connection, &consultation)).await
    }

    async fn find_person(&self, token_hash: [u8; 32]) -> Result<Option<Person>, StorageError> {
        self.readers.read(move |connection| sessions::find(connection, &token_hash)).await
    }

    async fn open_session(
        &self,
        token_hash: [u8; 32],
        authors: Vec<String>,
        simulated: bool,
        at: Timestamp,
    ) -> Result<Person, StorageError> {
        self.writer
            .write(move |connection, _| sessions::open(connection, &token_hash, &authors, simulated, at))
            .await
    }

    async fn end_session(&self, token_hash: [u8; 32]) -> Result<(), StorageError> {
        self.writer.write(move |connection, _| sessions::end(connection, &token_hash)).await
    }

    async fn process_salt(&self, process: &ProcessId, fresh: Hash) -> Result<Hash, StorageError> {
        let process = process.clone();
        self.writer.write(move |connection, _| identities::salt(connection, &process, &fresh)).await
    }

    async fn forget_salts(&self, processes: Vec<ProcessId>) -> Result<usize, StorageError> {
        self.writer.write(move |connection, _| identities::forget_salts(connection, &processes)).await
    }

    async fn put_code(&self, code: NewCodeRow) -> Result<bool, Refusal> {
        self.writer.write(move |connection, _| identities::put_code(connection, &code)).await
    }

    async fn drop_code(&self, token_hash: Hash, identity: Hash, at: Timestamp) -> Result<(), StorageError> {
        self.writer
            .write(move |connection, _| identities::drop_code(connection, &token_hash, &identity, at))
            .await
    }

    async fn try_code(
        &self,
        token_hash: Hash,
        code: Hash,
        at: Timestamp,
    ) -> Result<CodeOutcome, StorageError> {
        self.writer.write(move |connection, _| identities::try_code(connection, &token_hash, &code, at)).await
    }

    async fn recognise(&self, recognised: Recognised) -> Result<Person, Refusal> {
        self.writer.write(move |connection, _| identities::recognise(connection, &recognised)).await
    }

    async fn find_recognised(
        &self,
        token_hash: Hash,
        process: &ProcessId,
        assurance: &Assurance,
    ) -> Result<Option<Person>, StorageError> {
        let (process, assurance) = (process.clone(), assurance.clone());
        self.readers
            .read(move |connection| identities::find(connection, &token_hash, &process, &assurance))
            .await
    }

    async fn identified(&self, token_hash: Hash) -> Result<Vec<Identified>, StorageError> {
        self.readers.read(move |connection| identities::identified(connection, &token_hash)).await
    }

    async fn person_record(&self, token_hash: Hash) -> Result<PersonRecord, StorageError> {
        self.readers.read(move |connection| identities::record(connection, &token_hash)).await
    }

    async fn end_other_session(&self, token_hash: Hash, session: Slug) -> Result<bool, StorageError> {
        self.writer.write(move |connection, _| identities::end_other(connection, &token_hash, &session)).await
    }

    async fn leave(&self, token_hash: Hash) -> Result<Vec<i64>, StorageError> {
        self.writer.write(move |connection, _| identities::leave(connection, &token_hash)).await
    }

    async fn set_territory(&self, person: &Person, territory: Option<String>) -> Result<(), Refusal> {
        let person = person.clone();
        self.writer
            .write(move |connection, _| territories::set(connection, &person, territory.as_deref()))
            .await
    }

    async fn keep_snapshot(&self, process: &ProcessId, snapshot: Snapshot) -> Result<(), StorageError> {
        let process = process.clone();
        self.writer.write(move |connection, _| territories::keep(connection, &process, &snapshot)).await
    }

    async fn find_ballot(
        &self,
        consultation: &ConsultationId,
        person: &Person,
    ) -> Result<Option<ballot::Record>, StorageError> {
        let (consultation, person) = (consultation.clone(), person.id);
        self.readers.read(move |connection| ballots::find(connection, &consultation, person)).await
    }

    async fn cast_ballot(&self, ballot: NewBallot) -> Result<Ballot, Refusal> {
        self.writer.write(move |connection, changes| ballots::cast(connection, &ballot, changes)).await
    }

    async fn withdraw_ballot(
        &self,
        process: &ProcessId,
        consultation: &ConsultationId,
        person: &Person,
        at: Timestamp,
    ) -> Result<(), StorageError> {
        let (process, consultation, person) = (process.clone(), consultation.clone(), person.clone());
        self.writer
            .write(move |connection, changes| {
                ballots::withdraw(connection, &process, &consultation, &person, at, changes)
            })
            .await
    }

    async fn list_proposals(&self, query: ProposalQuery) -> Result<(Page<ProposalSummary>, u32), Refusal> {
        self.readers.read(move |connection| proposals::list(connection, &query)).await
    }

    async fn find_proposal(&self, proposal: &ProposalId) -> Result<Option<Proposal>, StorageError> {
        let proposal = proposal.clone();
        self.readers.read(move |connection| proposals::find(connection, &proposal)).await
    }

    async fn list_comments(
        &self,
        subject: &Subject,
        cursor: &str,
        limit: u32,
    ) -> Result<Page<Thread>, Refusal> {
        let (subject, cursor) = (subject.clone(), cursor.to_owned());
        self.readers.read(move |connection| comments::list(connection, &subject, &cursor, limit)).await
    }

    async fn list_contributions(
        &self,
        process: &ProcessId,
        answered: Answered,
        cursor: &str,
        limit: u32,
    ) -> Result<Page<(CommentRow, Option<Answer>)>, Refusal> {
        let (process, cursor) = (process.clone(), cursor.to_owned());
        self.readers
            .read(move |connection| answers::list(connection, &process, answered, &cursor, limit))
            .await
    }

    async fn find_comment_process(&self, comment: &CommentId) -> Result<Option<ProcessId>, StorageError> {
        let comment = comment.clone();
        self.readers.read(move |connection| comments::process(connection, &comment)).await
    }

    async fn answer_comment(
        &self,
        comment: &CommentId,
        entity: &str,
        answer: NewAnswer,
        at: Timestamp,
    ) -> Result<Answer, Refusal> {
        let (comment, entity) = (comment.clone(), entity.to_owned());
        self.writer
            .write(move |connection, changes| {
                answers::put(connection, &comment, &entity, &answer, at, changes)
            })
            .await
    }

    async fn all_comments(&self, process: &ProcessId) -> Result<Vec<CommentRow>, StorageError> {
        let process = process.clone();
        self.readers.read(move |connection| comments::all(connection, &process)).await
    }

    async fn post_comment(
        &self,
        subject: &Subject,
        stance: Stance,
        post: NewPost,
    ) -> Result<Comment, Refusal> {
        let subject = subject.clone();
        self.writer
            .write(move |connection, changes| posts::comment(connection, &subject, stance, &post, changes))
            .await
    }

    async fn post_reply(&self, parent: &CommentId, post: NewPost) -> Result<Comment, Refusal> {
        let parent = parent.clone();
        self.writer.write(move |connection, changes| posts::reply(connection, &parent, &post, changes)).await
    }

    async fn edit_comment(
        &self,
        comment: &CommentId,
        person: &Person,
        text: String,
        at: Timestamp,
    ) -> Result<Comment, Refusal> {
        let (comment, person) = (comment.clone(), person.clone());
        self.writer
            .write(move |connection, changes| posts::edit(connection, &comment, &person, &text, at, changes))
            .await
    }

    async fn delete_comment(
        &self,
        comment: &CommentId,
        person: &Person,
        at: Timestamp,
    ) -> Result<Comment, Refusal> {
        let (comment, person) = (comment.clone(), person.clone());
        self.writer
            .write(move |connection, changes| posts::delete(connection, &comment, &person, at, changes))
            .await
    }

    async fn report_comment(
        &self,
        comment: &CommentId,
        person: &Person,
        report: NewReport,
        at: Timestamp,
        idempotency: Option<Idempotency>,
    ) -> Result<Report, Refusal> {
        let (comment, person) = (comment.clone(), person.clone());
        self.writer
            .write(move |connection, changes| {
                posts::report(connection, &comment, &person, &report, at, idempotency.as_ref(), changes)
            })
            .await
    }

    async fn list_own_comments(
        &self,
        person: &Person,
        limit: u32,
    ) -> Result<Vec<(ProcessId, CommentRow)>, StorageError> {
        let person = person.id;
        self.readers.read(move |connection| comments::own(connection, person, limit)).await
    }

    async fn list_cases(
        &self,
        process: &ProcessId,
        queue: Queue,
        cursor: &str,
        limit: u32,
    ) -> Result<Page<CaseRow>, Refusal> {
        let (process, cursor) = (process.clone(), cursor.to_owned());
        self.readers
            .read(move |connection| moderation::list(connection, &process, queue, &cursor, limit))
            .await
    }

    async fn decide_comment(
        &self,
        comment: &CommentId,
        moderator: &str,
        decision: NewDecision,
        at: Timestamp,
    ) -> Result<Decided, Refusal> {
        let (comment, moderator) = (comment.clone(), moderator.to_owned());
        self.writer
            .write(move |connection, changes| {
                moderation::decide(connection, &comment, &moderator, &decision, at, changes)
            })
            .await
    }

    async fn list_submissions(
        &self,
        call: &CallId,
        cursor: &str,
        limit: u32,
    ) -> Result<Page<SubmissionSummary>, Refusal> {
        let (call, cursor) = (call.clone(), cursor.to_owned());
        self.readers.read(move |connection| submissions::list(connection, &call, &cursor, limit)).await
    }

    async fn find_submission(&self, submission: &SubmissionId) -> Result<Option<call::Kept>, StorageError> {
        let submission = submission.clone();
        self.readers.read(move |connection| submissions::find(connection, &submission)).await
    }

    async fn all_submissions(&self, process: &ProcessId) -> Result<Vec<SubmissionRow>, StorageError> {
        let process = process.clone();
        self.readers.read(move |connection| submissions::all(connection, &process)).await
    }

    async fn submit(&self, submission: NewSubmissionRow) -> Result<Submission, Refusal> {
        self.writer
            .write(move |connection, changes| submissions::submit(connection, &submission, changes))
            .await
    }

    async fn edit_submission(
        &self,
        (process, call): (ProcessId, CallSummary),
        submission: &SubmissionId,
        person: &Person,
        words: NewSubmission,
        at: Timestamp,
    ) -> Result<Submission, Refusal> {
        let (submission, person) = (submission.clone(), person.clone());
        self.writer
            .write(move |connection, changes| {
                let place = (&process, &call);
                submissions::edit(connection, place, &submission, &person, &words, at, changes)
            })
            .await
    }

    async fn withdraw_submission(
        &self,
        (process, call): (ProcessId, CallSummary),
        submission: &SubmissionId,
        person: &Person,
        at: Timestamp,
    ) -> Result<Withdrawal, Refusal> {
        let (submission, person) = (submission.clone(), person.clone());
        self.writer
            .write(move |connection, changes| {
                submissions::withdraw(connection, (&process, &call), &submission, &person, at, changes)
            })
            .await
    }

    async fn remove_simulation(
        &self,
        process: &ProcessId,
        at: Timestamp,
    ) -> Result<SimulationRemoved, StorageError> {
        let process = process.clone();
        self.writer
            .write(move |connection, changes| simulation::remove(connection, &process, at, changes))
            .await
    }
}

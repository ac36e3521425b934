//! A database behind the [`Storage`] trait: one writer, several readers, and the statements that both kinds of databases
//! understand.

use super::allowances::{self, Allowances, Quota};
use super::connection::{Connection, values};
use super::feed;
use super::postgres::{self, Listener};
use super::readers::Readers;
use super::sqlite;
use super::statements::{
    acts, answers, ballots, board, catalogue, comments, elections, identities, import, moderation, posts,
    proposals, sessions, simulation, submissions, territories,
};
use super::writer::Writer;
use super::{
    CaseRow, CodeOutcome, CodeTry, CommentRow, Idempotency, ImportRefusal, Imported, Mark, NewBallot,
    NewCodeRow, NewElection, NewPost, NewSubmissionRow, ProposalQuery, Recognised, Risk, Sink, Storage,
    StorageError, StoredElection, SubmissionEdit, SubmissionRow,
};
use crate::board::Board;
use crate::catalogue::Catalogue;
use crate::clock::Reading;
use crate::config::AtDatabase;
use crate::domain::{Person, Refusal, ballot, call};
use crate::identity::Hash;
use crate::process_file::ProcessFile;
use async_trait::async_trait;
use cabildo_contract::answer::{Answer, Answered, NewAnswer};
use cabildo_contract::ballot::Ballot;
use cabildo_contract::call::{CallSummary, Submission, SubmissionSummary, Withdrawal};
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
use std::fs::File;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// An open database: SQLite's ([`Database::open`]) or PostgreSQL's ([`Database::connect`]).
pub struct Database {
    writer: Writer,
    readers: Readers,
    allowances: Allowances,
    others: Others,
}

/// Why a database could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// SQLite's.
    #[error(transparent)]
    Sqlite(#[from] sqlite::OpenError),
    /// PostgreSQL's.
    #[error(transparent)]
    Postgres(#[from] postgres::ConnectError),
}

/// Opens the database of an installation: PostgreSQL's if one is named, otherwise that in the data directory. At most
/// `group_commit` writes share one commit.
///
/// # Errors
/// [`OpenError`].
pub fn open(data: &Path, at: &AtDatabase, group_commit: usize) -> Result<Database, OpenError> {
    match &at.database {
        Some(url) => {
            let authorities = at.authorities.clone();
            let options = postgres::Options { group_commit, authorities, ..postgres::Options::default() };
            Ok(Database::connect(url, &options)?)
        }
        None => {
            let options = sqlite::Options { group_commit, ..sqlite::Options::default() };
            Ok(Database::open(data, options)?)
        }
    }
}

/// What there is to know about other servers.
enum Others {
    /// There are none as long as this lock is held.
    Locked { _lock: File },
    /// They tell what they commit.
    Heard {
        /// The last row of the feed that is counted here.
        seen: Arc<AtomicU64>,
        /// Whether the database went back behind that since.
        went_back: Arc<AtomicBool>,
        /// Not started before somebody wants to know.
        listener: Mutex<Option<Box<Listener>>>,
    },
}

impl Database {
    /// One that nobody else has open.
    pub(super) fn locked(writer: Writer, readers: Vec<Connection>, lock: File) -> Self {
        let others = Others::Locked { _lock: lock };
        Self { writer, readers: Readers::new(readers), allowances: Allowances::alone(), others }
    }

    /// One of many servers.
    pub(super) fn shared(
        writer: Writer,
        readers: Vec<Connection>,
        allowances: Allowances,
        (seen, went_back): (Arc<AtomicU64>, Arc<AtomicBool>),
        listener: Option<Listener>,
    ) -> Self {
        let others = Others::Heard { seen, went_back, listener: Mutex::new(listener.map(Box::new)) };
        Self { writer, readers: Readers::new(readers), allowances, others }
    }
}

#[async_trait]
impl Storage for Database {
    fn follow(&self, sink: Arc<dyn Sink>) {
        self.writer.follow(sink);
        if let Others::Heard { listener, .. } = &self.others
            && let Some(listener) = listener.lock().unwrap_or_else(PoisonError::into_inner).take()
            && let Err(error) = listener.start()
        {
            tracing::error!(%error, "other servers are heard only when this one writes");
        }
    }

    async fn check(&self, now: Timestamp) -> Result<(), StorageError> {
        self.writer
            .write(move |connection, _| -> Result<(), StorageError> {
                let sql = "INSERT INTO readiness (id, checked_at) VALUES (1, ?1)
                           ON CONFLICT (id) DO UPDATE SET checked_at = excluded.checked_at";
                connection.execute(sql, values![now.millis()])?;
                Ok(())
            })
            .await?;
        self.readers.read(|connection| connection.the("SELECT 1", &[], |_| Ok(()))).await
    }

    async fn risks(&self) -> Result<Vec<Risk>, StorageError> {
        match &self.others {
            // As durable as it is opened.
            Others::Locked { .. } => Ok(Vec::new()),
            Others::Heard { went_back, .. } => {
                let mut risks = self.readers.read(postgres::risks).await?;
                risks.extend(went_back.load(Ordering::Relaxed).then_some(Risk::WentBack));
                Ok(risks)
            }
        }
    }

    async fn take(&self, key: Hash, quota: Quota, at: Timestamp) -> Result<(), Duration> {
        self.allowances.take(key, quota, at).await
    }

    async fn is_taken(&self, key: Hash, at: Timestamp) -> bool {
        let elsewhere = move |connection: &Connection| allowances::is_taken(connection, &key, at);
        match &self.others {
            _ if self.allowances.is_taken_here(&key, at) => true,
            Others::Locked { .. } => false,
            Others::Heard { .. } => self.readers.read(elsewhere).await.unwrap_or(false),
        }
    }

    fn waiting_writes(&self) -> usize {
        self.writer.waiting()
    }

    fn refused_writes(&self) -> u64 {
        self.writer.refused()
    }

    async fn standby_lag(&self) -> Result<Option<Duration>, StorageError> {
        match &self.others {
            Others::Locked { .. } => Ok(None),
            Others::Heard { .. } => self.readers.read(postgres::standby_lag).await,
        }
    }

    async fn last_mark(&self) -> Result<Mark, StorageError> {
        self.readers.read(acts::last).await
    }

    async fn mark(&self, sequence: u64) -> Result<Option<Mark>, StorageError> {
        self.readers.read(move |connection| acts::find(connection, sequence)).await
    }

    async fn load_catalogue(&self) -> Result<Catalogue, StorageError> {
        self.readers.read(|connection| connection.at_one_moment(catalogue::load)).await
    }

    async fn load_board(&self) -> Result<Board, StorageError> {
        match &self.others {
            Others::Locked { .. } => {
                self.readers.read(|connection| connection.at_one_moment(board::load)).await
            }
            Others::Heard { seen, listener, .. } => {
                let load = |connection: &Connection| Ok((feed::last(connection)?, board::load(connection)?));
                let (last, board) =
                    self.readers.read(move |connection| connection.at_one_moment(load)).await?;
                // Whoever follows is told from here on; who does already is told in order.
                if listener.lock().unwrap_or_else(PoisonError::into_inner).is_some() {
                    seen.store(last, Ordering::Release);
                }
                Ok(board)
            }
        }
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

    async fn process_salt(&self, process: &ProcessId, fresh: Hash) -> Result<Option<Hash>, StorageError> {
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

    async fn try_code(&self, code: CodeTry) -> Result<CodeOutcome, Refusal> {
        self.writer.write(move |connection, _| identities::try_code(connection, &code)).await
    }

    async fn recognise(&self, recognised: Recognised) -> Result<Person, Refusal> {
        self.writer.write(move |connection, _| identities::recognise(connection, &recognised)).await
    }

    async fn find_recent(&self, token_hash: Hash, since: Timestamp) -> Result<Option<Person>, StorageError> {
        self.readers.read(move |connection| sessions::find_recent(connection, &token_hash, since)).await
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
        self.writer
            .write(move |connection, committed| {
                let people = identities::leave(connection, &token_hash)?;
                committed.said.extend(people.iter().map(|person| (*person, None)));
                Ok::<_, StorageError>(people)
            })
            .await
    }

    async fn set_territory(&self, person: &Person, territory: Option<String>) -> Result<(), Refusal> {
        let person = person.clone();
        self.writer
            .write(move |connection, committed| {
                territories::set(connection, &person, territory.as_deref())?;
                committed.said.push((person.id, territory));
                Ok::<_, Refusal>(())
            })
            .await
    }

    async fn publish_snapshot(
        &self,
        process: &ProcessId,
        before: Snapshot,
        snapshot: Snapshot,
    ) -> Result<bool, StorageError> {
        let process = process.clone();
        self.writer
            .write(move |connection, committed| {
                let kept = territories::keep(connection, &process, &before, &snapshot)?;
                if kept {
                    committed.published.push((process, snapshot));
                }
                Ok::<_, StorageError>(kept)
            })
            .await
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
        self.writer
            .write(move |connection, committed| ballots::cast(connection, &ballot, &mut committed.acts))
            .await
    }

    async fn withdraw_ballot(
        &self,
        process: &ProcessId,
        consultation: &ConsultationId,
        person: &Person,
        replaces: Option<u32>,
        at: Timestamp,
    ) -> Result<u32, Refusal> {
        let (process, consultation, person) = (process.clone(), consultation.clone(), person.clone());
        self.writer
            .write(move |connection, committed| {
                ballots::withdraw(
                    connection,
                    &process,
                    &consultation,
                    &person,
                    replaces,
                    at,
                    &mut committed.acts,
                )
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
            .write(move |connection, committed| {
                answers::put(connection, &comment, &entity, &answer, at, &mut committed.acts)
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
            .write(move |connection, committed| {
                posts::comment(connection, &subject, stance, &post, &mut committed.acts)
            })
            .await
    }

    async fn post_reply(&self, parent: &CommentId, post: NewPost) -> Result<Comment, Refusal> {
        let parent = parent.clone();
        self.writer
            .write(move |connection, committed| posts::reply(connection, &parent, &post, &mut committed.acts))
            .await
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
            .write(move |connection, committed| {
                posts::edit(connection, &comment, &person, &text, at, &mut committed.acts)
            })
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
            .write(move |connection, committed| {
                posts::delete(connection, &comment, &person, at, &mut committed.acts)
            })
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
            .write(move |connection, committed| {
                posts::report(
                    connection,
                    &comment,
                    &person,
                    &report,
                    at,
                    idempotency.as_ref(),
                    &mut committed.acts,
                )
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
            .write(move |connection, committed| {
                moderation::decide(connection, &comment, &moderator, &decision, at, &mut committed.acts)
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
            .write(move |connection, committed| {
                submissions::submit(connection, &submission, &mut committed.acts)
            })
            .await
    }

    async fn edit_submission(
        &self,
        (process, call): (ProcessId, CallSummary),
        submission: &SubmissionId,
        person: &Person,
        edit: SubmissionEdit,
        time: Reading,
    ) -> Result<Submission, Refusal> {
        let (submission, person) = (submission.clone(), person.clone());
        self.writer
            .write(move |connection, committed| {
                let place = (&process, &call);
                submissions::edit(connection, place, &submission, &person, &edit, time, &mut committed.acts)
            })
            .await
    }

    async fn withdraw_submission(
        &self,
        (process, call): (ProcessId, CallSummary),
        submission: &SubmissionId,
        person: &Person,
        time: Reading,
    ) -> Result<Withdrawal, Refusal> {
        let (submission, person) = (submission.clone(), person.clone());
        self.writer
            .write(move |connection, committed| {
                submissions::withdraw(
                    connection,
                    (&process, &call),
                    &submission,
                    &person,
                    time,
                    &mut committed.acts,
                )
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
            .write(move |connection, committed| simulation::remove(connection, &process, at, committed))
            .await
    }
}

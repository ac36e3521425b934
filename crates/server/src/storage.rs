//! What the server needs of a database, as verbs. Lookups answer with an `Option`; a write is acknowledged
//! only once it is durable, or refused with nothing changed.

pub mod allowances;
pub mod connection;
pub mod database;
mod feed;
pub mod postgres;
mod readers;
pub mod sqlite;
mod statements;
pub mod transfer;
mod writer;

use crate::board::{Board, Change};
use crate::catalogue::Catalogue;
use crate::clock::Reading;
use crate::domain::{Person, Refusal, ballot, call, comment};
use crate::identity::Hash;
use crate::pabulib::{Cast, FileBallot, Kept};
use crate::process_file::ProcessFile;
use allowances::Quota;
use async_trait::async_trait;
use cabildo_contract::answer::{Answer, Answered, NewAnswer};
use cabildo_contract::ballot::{Ballot, BallotRule, Checked};
use cabildo_contract::call::{CallSummary, NewSubmission, Submission, SubmissionSummary, Withdrawal};
use cabildo_contract::comment::{Comment, NewReport, Report, Stance, Subject, Thread};
use cabildo_contract::id::{CallId, CommentId, ConsultationId, ProcessId, ProposalId, Slug, SubmissionId};
use cabildo_contract::identity::PersonRecord;
use cabildo_contract::moderation::{Decided, NewDecision, Queue, ReportCount};
use cabildo_contract::page::Page;
use cabildo_contract::process::SimulationRemoved;
use cabildo_contract::proposal::{Filter, Proposal, ProposalSummary};
use cabildo_contract::session::{Assurance, Identified};
use cabildo_contract::suppression::Snapshot;
use cabildo_contract::tally::Channel;
use cabildo_contract::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::time::Duration;

/// The database could not do what it was asked.
#[derive(Debug, Clone, thiserror::Error)]
pub enum StorageError {
    /// Locked, full, gone or overloaded: nothing was changed, the same request may succeed later.
    #[error("the storage is unavailable: {0}")]
    Unavailable(String),
    /// It answered what cannot be: damaged, or written by a version that this one does not know.
    #[error("the storage is corrupt: {0}")]
    Corrupt(String),
}

/// How what was acknowledged could be lost all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Risk {
    /// `fsync` is off.
    #[error("fsync is off: if the machine of the database fails, the database may be lost")]
    NoSync,
    /// `full_page_writes` is off.
    #[error("full_page_writes is off: if the machine of the database fails, the database may be damaged")]
    TornPages,
    /// `synchronous_commit` is off.
    #[error("synchronous_commit is off: if the database fails, ballots acknowledged just before are lost")]
    LateCommit,
    /// There are standby servers, and none of them is waited for.
    #[error(
        "standby servers are not waited for (synchronous_standby_names, synchronous_commit): if one of them takes over, \
         ballots acknowledged just before are lost"
    )]
    LateStandby,
    /// The database went back behind what this server counted.
    #[error(
        "the database went back: acts that were acknowledged are no longer in it (an old copy, or a standby server that was \
         not waited for)"
    )]
    WentBack,
}

impl Risk {
    /// All that there are.
    pub const ALL: [Self; 5] =
        [Self::NoSync, Self::TornPages, Self::LateCommit, Self::LateStandby, Self::WentBack];

    /// A short name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::NoSync => "no-sync",
            Self::TornPages => "torn-pages",
            Self::LateCommit => "late-commit",
            Self::LateStandby => "late-standby",
            Self::WentBack => "went-back",
        }
    }
}

/// An act, as far as a database is known by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// Its number; 0 before the first.
    pub sequence: u64,
    /// Its time.
    pub at: Timestamp,
}

impl Default for Mark {
    /// Before the first.
    fn default() -> Self {
        Self { sequence: 0, at: Timestamp::from_millis(0) }
    }
}

/// What was committed together, as far as the live count has to know it.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Committed {
    /// Acts, in their order.
    pub acts: Vec<Change>,
    /// Who says where they live, or no longer, in the order in which they did.
    pub said: Vec<(i64, Option<String>)>,
    /// What is published now of where people live.
    pub published: Vec<(ProcessId, Snapshot)>,
}

impl Committed {
    /// Whether nothing changed that is counted.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let Self { acts, said, published } = self;
        acts.is_empty() && said.is_empty() && published.is_empty()
    }

    /// Adds what was committed after it.
    pub fn append(&mut self, mut later: Self) {
        self.acts.append(&mut later.acts);
        self.said.append(&mut later.said);
        self.published.append(&mut later.published);
    }
}

/// Receives what was committed, in the order in which it was.
pub trait Sink: Send + Sync {
    /// This is durable now. Called before anybody is told so.
    fn committed(&self, committed: Committed);
    /// So much was committed elsewhere that everything was counted anew.
    fn reloaded(&self, board: Board);
}

/// A request that must not be carried out twice.
#[derive(Debug, Clone)]
pub struct Idempotency {
    /// The caller's key.
    pub key: String,
    /// Method and address.
    pub route: String,
    /// SHA-256 of the body.
    pub fingerprint: [u8; 32],
}

/// A comment or reply to be kept.
#[derive(Debug, Clone)]
pub struct NewPost {
    /// Its id.
    pub id: CommentId,
    /// Who writes it.
    pub person: Person,
    /// Its clean text.
    pub text: String,
    /// When it was received.
    pub at: Timestamp,
    /// Whether it waits for approval if it is this person's first.
    pub first_waits: bool,
    /// Guards against posting it twice.
    pub idempotency: Option<Idempotency>,
}

/// A ballot to be kept.
#[derive(Debug, Clone)]
pub struct NewBallot {
    /// The process of the consultation.
    pub process: ProcessId,
    /// The consultation.
    pub consultation: ConsultationId,
    /// Who casts it.
    pub person: Person,
    /// The answer.
    pub checked: Checked,
    /// The version that it takes the place of; none takes the place of any.
    pub replaces: Option<u32>,
    /// How it arrived.
    pub channel: Channel,
    /// Acknowledgement numbers to try in turn, should it be this person's first.
    pub receipts: Vec<String>,
    /// When it was received.
    pub at: Timestamp,
}

/// A code to be kept.
#[derive(Debug, Clone)]
pub struct NewCodeRow {
    /// The session that it is sent to.
    pub token_hash: Hash,
    /// The process in which the person wants to be recognised.
    pub process: ProcessId,
    /// Whose mailbox it goes to.
    pub identity: Hash,
    /// The hash of the code.
    pub hash: Hash,
    /// The version of the consent that was given.
    pub consent: String,
    /// When.
    pub at: Timestamp,
}

/// A code that somebody entered.
#[derive(Debug, Clone)]
pub struct CodeTry {
    /// The token of their session.
    pub token_hash: Hash,
    /// The session's token from now on, should the code be right.
    pub fresh_token_hash: Hash,
    /// The hash of the code.
    pub hash: Hash,
    /// Author codes to try in turn, should a new person be needed.
    pub authors: Vec<String>,
    /// When.
    pub at: Timestamp,
}

/// What came of trying a code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CodeOutcome {
    /// It is the one that was sent; it is used up, and the session recognised. Whoever opened it.
    Right(Person),
    /// It is not; so many tries are left.
    Wrong(u32),
    /// There is none to try: none was sent, its time is over, it was used, or tried too often.
    Expired,
}

/// A session that is recognised.
#[derive(Debug, Clone)]
pub struct Recognised {
    /// Its token until now.
    pub token_hash: Hash,
    /// Its token from now on.
    pub fresh_token_hash: Hash,
    /// In which process.
    pub process: ProcessId,
    /// How.
    pub assurance: Assurance,
    /// As whom.
    pub identity: Hash,
    /// Author codes to try in turn, should a new person be needed.
    pub authors: Vec<String>,
    /// The version of the consent that was given.
    pub consent: Option<String>,
    /// When.
    pub at: Timestamp,
}

/// Other words for a submission.
#[derive(Debug, Clone)]
pub struct SubmissionEdit {
    /// They.
    pub words: NewSubmission,
    /// The revision that they take the place of; none takes the place of any.
    pub replaces: Option<u32>,
}

/// A page of proposals to be read.
#[derive(Debug, Clone)]
pub struct ProposalQuery {
    /// The process.
    pub process: ProcessId,
    /// What to list, in which order.
    pub filter: Filter,
    /// Where to continue; empty for the first page.
    pub cursor: String,
    /// Most items.
    pub limit: u32,
}

/// One row of the table of comments.
#[derive(Debug, Clone)]
pub struct CommentRow {
    /// The comment.
    pub comment: Comment,
    /// What it is about.
    pub subject: Subject,
    /// What it answers.
    pub parent: Option<CommentId>,
}

impl From<comment::Kept> for CommentRow {
    fn from(kept: comment::Kept) -> Self {
        Self { comment: kept.comment, subject: kept.subject, parent: kept.parent }
    }
}

/// A comment before a moderator.
#[derive(Debug, Clone)]
pub struct CaseRow {
    /// The comment, as its author sees it.
    pub row: CommentRow,
    /// Its open reports.
    pub reports: Vec<ReportCount>,
    /// What was decided about it, oldest first.
    pub decisions: Vec<Decided>,
}

/// A submission to be kept.
#[derive(Debug, Clone)]
pub struct NewSubmissionRow {
    /// Its id.
    pub id: SubmissionId,
    /// The process of the call.
    pub process: ProcessId,
    /// The call that it answers.
    pub call: CallId,
    /// Who submits it.
    pub person: Person,
    /// Its clean words.
    pub words: NewSubmission,
    /// When it was received.
    pub at: Timestamp,
    /// Guards against submitting it twice.
    pub idempotency: Option<Idempotency>,
}

/// One row of the table of submissions.
#[derive(Debug, Clone)]
pub struct SubmissionRow {
    /// The submission.
    pub submission: Submission,
    /// The call that it answers.
    pub call: CallId,
}

/// What an import did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Imported {
    /// Whether the process was there before.
    pub updated: bool,
    /// Proposals in it now.
    pub proposals: usize,
    /// Consultations in it now.
    pub consultations: usize,
    /// Calls in it now.
    pub calls: usize,
}

/// What the file of an election says besides its process.
#[derive(Debug, Clone)]
pub struct NewElection {
    /// What a valid ballot is.
    pub rule: BallotRule,
    /// What goes back into an export.
    pub kept: Kept,
    /// Its ballots.
    pub ballots: Vec<FileBallot>,
}

/// What an export of a consultation is made of.
#[derive(Debug, Clone, Default)]
pub struct StoredElection {
    /// What its file said, if it came from one.
    pub kept: Option<Kept>,
    /// All ballots that stand.
    pub ballots: Vec<Cast>,
}

/// Why an import did nothing.
#[derive(Debug, thiserror::Error)]
pub enum ImportRefusal {
    /// The file contradicts what is stored; says where in the file (a JSON Pointer) and why.
    #[error("{pointer}: {reason}")]
    Conflict {
        /// Where in the file.
        pointer: String,
        /// Why.
        reason: String,
    },
    /// The storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// The operating system gave no randomness.
    #[error(transparent)]
    NoRandomness(#[from] crate::random::NoRandomness),
}

/// The database of an installation.
#[async_trait]
pub trait Storage: Send + Sync {
    /// From now on tells `sink` what is committed, here or by another server, since the board was loaded. Called once,
    /// before the first write.
    fn follow(&self, sink: Arc<dyn Sink>);

    /// Whether it answers and can write.
    async fn check(&self, now: Timestamp) -> Result<(), StorageError>;
    /// How what it acknowledges could be lost all the same; nothing where it is set up as it should be.
    async fn risks(&self) -> Result<Vec<Risk>, StorageError>;

    /// Takes one of what may be taken so often, over all servers, or says how long until there is one. Not durable, and it
    /// does not fail: as long as the database does not answer, each server counts for itself.
    async fn take(&self, key: Hash, quota: Quota, at: Timestamp) -> Result<(), Duration>;
    /// Whether all of something was taken, at some server, and is not there again.
    async fn is_taken(&self, key: Hash, at: Timestamp) -> bool;

    /// How many writes wait for the one writer.
    fn waiting_writes(&self) -> usize;
    /// How many writes were refused since too many waited.
    fn refused_writes(&self) -> u64;
    /// How far the standby server that is furthest behind is behind; none where there is none, or it is not known.
    async fn standby_lag(&self) -> Result<Option<Duration>, StorageError>;
    /// The last act.
    async fn last_mark(&self) -> Result<Mark, StorageError>;
    /// The act of this number, unless there is none or it was removed.
    async fn mark(&self, sequence: u64) -> Result<Option<Mark>, StorageError>;

    /// Everything that imports wrote.
    async fn load_catalogue(&self) -> Result<Catalogue, StorageError>;
    /// What all acts so far add up to.
    async fn load_board(&self) -> Result<Board, StorageError>;
    /// Writes a process or brings it up to date; ids, ballots and comments stay.
    async fn put_process(&self, process: ProcessFile, now: Timestamp) -> Result<Imported, ImportRefusal>;

    /// Writes a process with one consultation and the ballots of its file, which replace those that an earlier import
    /// brought.
    async fn put_election(
        &self,
        process: ProcessFile,
        election: NewElection,
        now: Timestamp,
    ) -> Result<Imported, ImportRefusal>;
    /// All ballots of a consultation.
    async fn load_election(&self, consultation: &ConsultationId) -> Result<StoredElection, StorageError>;

    /// The person behind a session token, by the token's hash.
    async fn find_person(&self, token_hash: [u8; 32]) -> Result<Option<Person>, StorageError>;
    /// Makes a person and their session. Tries the author codes in turn.
    async fn open_session(
        &self,
        token_hash: [u8; 32],
        authors: Vec<String>,
        simulated: bool,
        at: Timestamp,
    ) -> Result<Person, StorageError>;
    /// Forgets a session; forgetting one that is not there changes nothing.
    async fn end_session(&self, token_hash: [u8; 32]) -> Result<(), StorageError>;

    /// The salt of a process's identities: `fresh` if nobody identified themselves there before, none once it was
    /// forgotten.
    async fn process_salt(&self, process: &ProcessId, fresh: Hash) -> Result<Option<Hash>, StorageError>;
    /// Deletes the salts of processes that are over; says of how many.
    async fn forget_salts(&self, processes: Vec<ProcessId>) -> Result<usize, StorageError>;
    /// Keeps a code that is about to be sent to an identity; says whether to send it.
    async fn put_code(&self, code: NewCodeRow) -> Result<bool, Refusal>;
    /// Forgets the code of a session, which could not be sent to an identity at `at`: it counts for nothing.
    async fn drop_code(&self, token_hash: Hash, identity: Hash, at: Timestamp) -> Result<(), StorageError>;
    /// Compares a code with the one that a session was sent, which counts as a try. If it is right, recognises the session
    /// as the person of the mailbox that it was sent to, in the same write: as [`Storage::recognise`].
    async fn try_code(&self, code: CodeTry) -> Result<CodeOutcome, Refusal>;
    /// Recognises a session as the person of an identity, under a new token. Gives whoever opened the session.
    async fn recognise(&self, recognised: Recognised) -> Result<Person, Refusal>;
    /// Whoever opened a session that was given this token after `since`, when it was opened or recognised.
    async fn find_recent(&self, token_hash: Hash, since: Timestamp) -> Result<Option<Person>, StorageError>;
    /// As whom a session is recognised in a process.
    async fn find_recognised(
        &self,
        token_hash: Hash,
        process: &ProcessId,
        assurance: &Assurance,
    ) -> Result<Option<Person>, StorageError>;
    /// Where a session is identified.
    async fn identified(&self, token_hash: Hash) -> Result<Vec<Identified>, StorageError>;
    /// Everything that is kept of whoever uses a session.
    async fn person_record(&self, token_hash: Hash) -> Result<PersonRecord, StorageError>;
    /// Ends another session of whoever uses a session, by the id that [`PersonRecord`] gives it; says whether it was
    /// there.
    async fn end_other_session(&self, token_hash: Hash, session: Slug) -> Result<bool, StorageError>;
    /// Unlinks whoever uses a session from everything that they did, and ends all their sessions. Gives the numbers of
    /// the people that they were.
    async fn leave(&self, token_hash: Hash) -> Result<Vec<i64>, StorageError>;

    /// Keeps where a person says that they live, or erases it.
    async fn set_territory(&self, person: &Person, territory: Option<String>) -> Result<(), Refusal>;
    /// Publishes where people live, in the place of what was published `before`, and keeps it, so that a restart publishes
    /// nothing else. False, and nothing changed, if another server published something meanwhile.
    async fn publish_snapshot(
        &self,
        process: &ProcessId,
        before: Snapshot,
        snapshot: Snapshot,
    ) -> Result<bool, StorageError>;

    /// What is on record of a person's ballot.
    async fn find_ballot(
        &self,
        consultation: &ConsultationId,
        person: &Person,
    ) -> Result<Option<ballot::Record>, StorageError>;
    /// Casts or revises the person's one ballot.
    async fn cast_ballot(&self, ballot: NewBallot) -> Result<Ballot, Refusal>;
    /// Takes the person's ballot back, if it is the version that `replaces` names or that names none; without a ballot,
    /// changes nothing. Answers how often it was changed so far.
    async fn withdraw_ballot(
        &self,
        process: &ProcessId,
        consultation: &ConsultationId,
        person: &Person,
        replaces: Option<u32>,
        at: Timestamp,
    ) -> Result<u32, Refusal>;

    /// A page of a process's proposals and the number of all that match.
    async fn list_proposals(&self, query: ProposalQuery) -> Result<(Page<ProposalSummary>, u32), Refusal>;
    /// A proposal.
    async fn find_proposal(&self, proposal: &ProposalId) -> Result<Option<Proposal>, StorageError>;

    /// A page of the comments on something, newest first, with their replies and answers.
    async fn list_comments(
        &self,
        subject: &Subject,
        cursor: &str,
        limit: u32,
    ) -> Result<Page<Thread>, Refusal>;
    /// A page of a process's comments that were answered, or that wait for it; replies are left out.
    async fn list_contributions(
        &self,
        process: &ProcessId,
        answered: Answered,
        cursor: &str,
        limit: u32,
    ) -> Result<Page<(CommentRow, Option<Answer>)>, Refusal>;
    /// In which process a comment was posted.
    async fn find_comment_process(&self, comment: &CommentId) -> Result<Option<ProcessId>, StorageError>;
    /// Keeps an entity's answer to a comment, or mends it.
    async fn answer_comment(
        &self,
        comment: &CommentId,
        entity: &str,
        answer: NewAnswer,
        at: Timestamp,
    ) -> Result<Answer, Refusal>;
    /// All comments of a process that stand, oldest first.
    async fn all_comments(&self, process: &ProcessId) -> Result<Vec<CommentRow>, StorageError>;
    /// Posts a comment on a proposal or an option.
    async fn post_comment(
        &self,
        subject: &Subject,
        stance: Stance,
        post: NewPost,
    ) -> Result<Comment, Refusal>;
    /// Posts a reply to a comment.
    async fn post_reply(&self, parent: &CommentId, post: NewPost) -> Result<Comment, Refusal>;
    /// Changes the text of the person's own comment.
    async fn edit_comment(
        &self,
        comment: &CommentId,
        person: &Person,
        text: String,
        at: Timestamp,
    ) -> Result<Comment, Refusal>;
    /// Erases the person's own comment.
    async fn delete_comment(
        &self,
        comment: &CommentId,
        person: &Person,
        at: Timestamp,
    ) -> Result<Comment, Refusal>;
    /// Keeps a report; the person's earlier report of the same comment is replaced.
    async fn report_comment(
        &self,
        comment: &CommentId,
        person: &Person,
        report: NewReport,
        at: Timestamp,
        idempotency: Option<Idempotency>,
    ) -> Result<Report, Refusal>;

    /// A person's own comments and replies that not everybody reads, newest first, with the process of each.
    async fn list_own_comments(
        &self,
        person: &Person,
        limit: u32,
    ) -> Result<Vec<(ProcessId, CommentRow)>, StorageError>;
    /// A page of a process's comments and replies that are before a moderator.
    async fn list_cases(
        &self,
        process: &ProcessId,
        queue: Queue,
        cursor: &str,
        limit: u32,
    ) -> Result<Page<CaseRow>, Refusal>;
    /// Keeps what a moderator decided, and acts accordingly. The same decision again changes nothing.
    async fn decide_comment(
        &self,
        comment: &CommentId,
        moderator: &str,
        decision: NewDecision,
        at: Timestamp,
    ) -> Result<Decided, Refusal>;

    /// A page of a call's submissions that stand, newest first.
    async fn list_submissions(
        &self,
        call: &CallId,
        cursor: &str,
        limit: u32,
    ) -> Result<Page<SubmissionSummary>, Refusal>;
    /// A submission, withdrawn ones included.
    async fn find_submission(&self, submission: &SubmissionId) -> Result<Option<call::Kept>, StorageError>;
    /// All submissions of a process that stand, oldest first.
    async fn all_submissions(&self, process: &ProcessId) -> Result<Vec<SubmissionRow>, StorageError>;
    /// Keeps a submission.
    async fn submit(&self, submission: NewSubmissionRow) -> Result<Submission, Refusal>;
    /// Puts other words in the place of the person's own submission; `place` is the process and the call.
    async fn edit_submission(
        &self,
        place: (ProcessId, CallSummary),
        submission: &SubmissionId,
        person: &Person,
        edit: SubmissionEdit,
        time: Reading,
    ) -> Result<Submission, Refusal>;
    /// Erases the person's own submission; `place` is the process and the call.
    async fn withdraw_submission(
        &self,
        place: (ProcessId, CallSummary),
        submission: &SubmissionId,
        person: &Person,
        time: Reading,
    ) -> Result<Withdrawal, Refusal>;

    /// Removes everything that simulated people did in a process.
    async fn remove_simulation(
        &self,
        process: &ProcessId,
        at: Timestamp,
    ) -> Result<SimulationRemoved, StorageError>;
}

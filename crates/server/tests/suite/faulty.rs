//! A database that fails, with the error that is asked for: what disks do too rarely to wait for.

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
use cabildo_server::board::Board;
use cabildo_server::catalogue::Catalogue;
use cabildo_server::clock::Reading;
use cabildo_server::domain::{Person, Refusal, ballot, call};
use cabildo_server::process_file::ProcessFile;
use cabildo_server::storage::allowances::Quota;
use cabildo_server::storage::{
    CaseRow, CodeOutcome, CodeTry, CommentRow, Idempotency, ImportRefusal, Imported, Mark, NewBallot,
    NewCodeRow, NewElection, NewPost, NewSubmissionRow, ProposalQuery, Recognised, Risk, Sink, Storage,
    StorageError, StoredElection, SubmissionEdit, SubmissionRow,
};
use std::sync::Arc;
use std::time::Duration;

/// Knows the sessions (as an operation that comes further than its session must), and fails at everything else.
pub struct Faulty {
    pub real: Arc<dyn Storage>,
    pub error: StorageError,
    /// Whether looking for a session fails as well.
    pub sessions: bool,
}

impl Faulty {
    fn fail<T, E: From<StorageError>>(&self) -> Result<T, E> {
        Err(self.error.clone().into())
    }
}

#[async_trait]
impl Storage for Faulty {
    fn follow(&self, _: Arc<dyn Sink>) {}
    async fn check(&self, _: Timestamp) -> Result<(), StorageError> {
        self.fail()
    }
    async fn risks(&self) -> Result<Vec<Risk>, StorageError> {
        self.fail()
    }
    async fn take(&self, key: [u8; 32], quota: Quota, at: Timestamp) -> Result<(), Duration> {
        self.real.take(key, quota, at).await
    }
    async fn is_taken(&self, key: [u8; 32], at: Timestamp) -> bool {
        self.real.is_taken(key, at).await
    }
    fn waiting_writes(&self) -> usize {
        self.real.waiting_writes()
    }
    fn refused_writes(&self) -> u64 {
        self.real.refused_writes()
    }
    async fn standby_lag(&self) -> Result<Option<Duration>, StorageError> {
        self.fail()
    }
    async fn last_mark(&self) -> Result<Mark, StorageError> {
        self.fail()
    }
    async fn mark(&self, _: u64) -> Result<Option<Mark>, StorageError> {
        self.fail()
    }
    async fn load_catalogue(&self) -> Result<Catalogue, StorageError> {
        self.real.load_catalogue().await
    }
    async fn load_board(&self) -> Result<Board, StorageError> {
        self.real.load_board().await
    }
    async fn put_process(&self, _: ProcessFile, _: Timestamp) -> Result<Imported, ImportRefusal> {
        self.fail()
    }
    async fn put_election(
        &self,
        _: ProcessFile,
        _: NewElection,
        _: Timestamp,
    ) -> Result<Imported, ImportRefusal> {
        self.fail()
    }
    async fn load_election(&self, _: &ConsultationId) -> Result<StoredElection, StorageError> {
        self.fail()
    }
    async fn find_person(&self, token_hash: [u8; 32]) -> Result<Option<Person>, StorageError> {
        if self.sessions { self.fail() } else { self.real.find_person(token_hash).await }
    }
    async fn open_session(
        &self,
        _: [u8; 32],
        _: Vec<String>,
        _: bool,
        _: Timestamp,
    ) -> Result<Person, StorageError> {
        self.fail()
    }
    async fn process_salt(&self, _: &ProcessId, _: [u8; 32]) -> Result<Option<[u8; 32]>, StorageError> {
        self.fail()
    }
    async fn forget_salts(&self, _: Vec<ProcessId>) -> Result<usize, StorageError> {
        self.fail()
    }
    async fn put_code(&self, _: NewCodeRow) -> Result<bool, Refusal> {
        self.fail()
    }
    async fn drop_code(&self, _: [u8; 32], _: [u8; 32], _: Timestamp) -> Result<(), StorageError> {
        self.fail()
    }
    async fn try_code(&self, _: CodeTry) -> Result<CodeOutcome, Refusal> {
        self.fail()
    }
    async fn find_recent(&self, _: [u8; 32], _: Timestamp) -> Result<Option<Person>, StorageError> {
        self.fail()
    }
    async fn recognise(&self, _: Recognised) -> Result<Person, Refusal> {
        self.fail()
    }
    async fn find_recognised(
        &self,
        _: [u8; 32],
        _: &ProcessId,
        _: &Assurance,
    ) -> Result<Option<Person>, StorageError> {
        self.fail()
    }
    async fn identified(&self, _: [u8; 32]) -> Result<Vec<Identified>, StorageError> {
        self.fail()
    }
    async fn person_record(&self, _: [u8; 32]) -> Result<PersonRecord, StorageError> {
        self.fail()
    }
    async fn end_other_session(&self, _: [u8; 32], _: Slug) -> Result<bool, StorageError> {
        self.fail()
    }
    async fn leave(&self, _: [u8; 32]) -> Result<Vec<i64>, StorageError> {
        self.fail()
    }
    async fn end_session(&self, _: [u8; 32]) -> Result<(), StorageError> {
        self.fail()
    }
    async fn set_territory(&self, _: &Person, _: Option<String>) -> Result<(), Refusal> {
        self.fail()
    }
    async fn publish_snapshot(&self, _: &ProcessId, _: Snapshot, _: Snapshot) -> Result<bool, StorageError> {
        self.fail()
    }
    async fn find_ballot(
        &self,
        _: &ConsultationId,
        _: &Person,
    ) -> Result<Option<ballot::Record>, StorageError> {
        self.fail()
    }
    async fn cast_ballot(&self, _: NewBallot) -> Result<Ballot, Refusal> {
        self.fail()
    }
    async fn withdraw_ballot(
        &self,
        _: &ProcessId,
        _: &ConsultationId,
        _: &Person,
        _: Option<u32>,
        _: Timestamp,
    ) -> Result<u32, Refusal> {
        self.fail()
    }
    async fn list_proposals(&self, _: ProposalQuery) -> Result<(Page<ProposalSummary>, u32), Refusal> {
        self.fail()
    }
    async fn find_proposal(&self, _: &ProposalId) -> Result<Option<Proposal>, StorageError> {
        self.fail()
    }
    async fn list_comments(&self, _: &Subject, _: &str, _: u32) -> Result<Page<Thread>, Refusal> {
        self.fail()
    }
    async fn list_contributions(
        &self,
        _: &ProcessId,
        _: Answered,
        _: &str,
        _: u32,
    ) -> Result<Page<(CommentRow, Option<Answer>)>, Refusal> {
        self.fail()
    }
    async fn find_comment_process(&self, _: &CommentId) -> Result<Option<ProcessId>, StorageError> {
        self.fail()
    }
    async fn answer_comment(
        &self,
        _: &CommentId,
        _: &str,
        _: NewAnswer,
        _: Timestamp,
    ) -> Result<Answer, Refusal> {
        self.fail()
    }
    async fn all_comments(&self, _: &ProcessId) -> Result<Vec<CommentRow>, StorageError> {
        self.fail()
    }
    async fn post_comment(&self, _: &Subject, _: Stance, _: NewPost) -> Result<Comment, Refusal> {
        self.fail()
    }
    async fn post_reply(&self, _: &CommentId, _: NewPost) -> Result<Comment, Refusal> {
        self.fail()
    }
    async fn edit_comment(
        &self,
        _: &CommentId,
        _: &Person,
        _: String,
        _: Timestamp,
    ) -> Result<Comment, Refusal> {
        self.fail()
    }
    async fn delete_comment(&self, _: &CommentId, _: &Person, _: Timestamp) -> Result<Comment, Refusal> {
        self.fail()
    }
    async fn report_comment(
        &self,
        _: &CommentId,
        _: &Person,
        _: NewReport,
        _: Timestamp,
        _: Option<Idempotency>,
    ) -> Result<Report, Refusal> {
        self.fail()
    }
    async fn list_own_comments(
        &self,
        _: &Person,
        _: u32,
    ) -> Result<Vec<(ProcessId, CommentRow)>, StorageError> {
        self.fail()
    }
    async fn list_cases(&self, _: &ProcessId, _: Queue, _: &str, _: u32) -> Result<Page<CaseRow>, Refusal> {
        self.fail()
    }
    async fn decide_comment(
        &self,
        _: &CommentId,
        _: &str,
        _: NewDecision,
        _: Timestamp,
    ) -> Result<Decided, Refusal> {
        self.fail()
    }
    async fn list_submissions(
        &self,
        _: &CallId,
        _: &str,
        _: u32,
    ) -> Result<Page<SubmissionSummary>, Refusal> {
        self.fail()
    }
    async fn find_submission(&self, _: &SubmissionId) -> Result<Option<call::Kept>, StorageError> {
        self.fail()
    }
    async fn all_submissions(&self, _: &ProcessId) -> Result<Vec<SubmissionRow>, StorageError> {
        self.fail()
    }
    async fn submit(&self, _: NewSubmissionRow) -> Result<Submission, Refusal> {
        self.fail()
    }
    async fn edit_submission(
        &self,
        _: (ProcessId, CallSummary),
        _: &SubmissionId,
        _: &Person,
        _: SubmissionEdit,
        _: Reading,
    ) -> Result<Submission, Refusal> {
        self.fail()
    }
    async fn withdraw_submission(
        &self,
        _: (ProcessId, CallSummary),
        _: &SubmissionId,
        _: &Person,
        _: Reading,
    ) -> Result<Withdrawal, Refusal> {
        self.fail()
    }
    async fn remove_simulation(
        &self,
        _: &ProcessId,
        _: Timestamp,
    ) -> Result<SimulationRemoved, StorageError> {
        self.fail()
    }
}

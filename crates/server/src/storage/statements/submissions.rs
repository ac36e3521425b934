//! Submissions to calls.

use super::{NewSubmissionRow, StorageError, SubmissionEdit, SubmissionRow, acts, corrupt};
use crate::board::{self, Change};
use crate::clock::Reading;
use crate::cursor;
use crate::domain::call::Kept;
use crate::domain::{Person, Refusal};
use crate::storage::connection::{Connection, Row, values};
use cabildo_contract::call::{CallSummary, NewSubmission, Submission, SubmissionSummary, Withdrawal};
use cabildo_contract::id::{CallId, ProcessId, SubmissionId};
use cabildo_contract::page::Page;
use cabildo_contract::time::Timestamp;

/// What [`Raw::read`] reads, and from where.
const COLUMNS: &str =
    "submission.id, submission.title, problem, action, entity, author, simulated, submitted_at,
     edited_at, revision, submission.person, submission.call, withdrawn_at";
const FROM: &str = "FROM submission JOIN person ON person.id = submission.person";

/// A row of [`COLUMNS`], not yet checked.
struct Raw {
    id: String,
    words: NewSubmission,
    author: String,
    simulated: bool,
    submitted_at: i64,
    edited_at: Option<i64>,
    revision: u32,
    person: i64,
    call: String,
    withdrawn_at: Option<i64>,
}

impl Raw {
    fn read(row: &Row<'_>) -> Result<Self, StorageError> {
        let words = NewSubmission {
            title: row.get(1)?,
            problem: row.get(2)?,
            action: row.get(3)?,
            entity: row.get(4)?,
        };
        Ok(Self {
            id: row.get(0)?,
            words,
            author: row.get(5)?,
            simulated: row.get(6)?,
            submitted_at: row.get(7)?,
            edited_at: row.get(8)?,
            revision: row.get(9)?,
            person: row.get(10)?,
            call: row.get(11)?,
            withdrawn_at: row.get(12)?,
        })
    }

    fn kept(self) -> Result<Kept, StorageError> {
        let head = SubmissionSummary {
            id: SubmissionId::parse(self.id).map_err(corrupt)?,
            title: self.words.title,
            entity: self.words.entity,
            author: self.author,
            simulated: self.simulated,
            submitted_at: Timestamp::from_millis(self.submitted_at),
            edited_at: self.edited_at.map(Timestamp::from_millis),
        };
        let Self { revision, person, .. } = self;
        Ok(Kept {
            submission: Submission { head, problem: self.words.problem, action: self.words.action, revision },
            person,
            call: CallId::parse(self.call).map_err(corrupt)?,
            withdrawn_at: self.withdrawn_at.map(Timestamp::from_millis),
        })
    }
}

/// Reads and checks [`COLUMNS`].
fn kept(row: &Row<'_>) -> Result<Kept, StorageError> {
    Raw::read(row)?.kept()
}

/// A submission, withdrawn ones included.
pub fn find(connection: &Connection, submission: &SubmissionId) -> Result<Option<Kept>, StorageError> {
    let sql = format!("SELECT {COLUMNS} {FROM} WHERE submission.id = ?1");
    let raw = connection.find(&sql, values![submission.as_str()], Raw::read)?;
    raw.map(Raw::kept).transpose()
}

/// A page of a call's submissions that stand, newest first.
pub fn list(
    connection: &Connection,
    call: &CallId,
    cursor: &str,
    limit: u32,
) -> Result<Page<SubmissionSummary>, Refusal> {
    let after: (i64, String) = cursor::read(cursor)?.unwrap_or((i64::MAX, String::new()));
    let sql = format!(
        "SELECT {COLUMNS} {FROM} WHERE submission.call = ?1 AND withdrawn_at IS NULL
         AND (submitted_at, submission.id) < (?2, ?3)
         ORDER BY submitted_at DESC, submission.id DESC LIMIT ?4"
    );
    let mut items = connection.all(&sql, values![call.as_str(), after.0, after.1, limit + 1], |row| {
        Ok(kept(row)?.submission.head)
    })?;
    let more = items.len() > limit as usize;
    items.truncate(limit as usize);
    let place = |last: &SubmissionSummary| cursor::write(&(last.submitted_at.millis(), last.id.as_str()));
    let next = items.last().filter(|_| more).map(place);
    Ok(Page::new(items, next))
}

/// All submissions of a process that stand, oldest first.
pub fn all(connection: &Connection, process: &ProcessId) -> Result<Vec<SubmissionRow>, StorageError> {
    let sql = format!(
        "SELECT {COLUMNS} {FROM} JOIN call ON call.id = submission.call
         WHERE call.process = ?1 AND withdrawn_at IS NULL ORDER BY submitted_at, submission.id"
    );
    connection.all(&sql, values![process.as_str()], |row| {
        let Kept { submission, call, .. } = kept(row)?;
        Ok(SubmissionRow { submission, call })
    })
}

/// Keeps a submission.
pub fn submit(
    connection: &Connection,
    new: &NewSubmissionRow,
    changes: &mut Vec<Change>,
) -> Result<Submission, Refusal> {
    acts::present(connection, &new.person)?;
    acts::once(
        connection,
        &new.person,
        new.idempotency.as_ref(),
        new.at,
        |submission: &Submission| submission.head.id.as_str(),
        |id| Ok(found(connection, &SubmissionId::parse(id).map_err(corrupt)?)?.submission),
        || {
            let words = &new.words;
            let sql = "INSERT INTO submission
                       (id, call, person, title, problem, action, entity, revision, submitted_at)
                       VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 1, ?8)";
            connection.execute(
                sql,
                values![
                    new.id.as_str(),
                    new.call.as_str(),
                    new.person.id,
                    words.title,
                    words.problem,
                    words.action,
                    words.entity,
                    new.at.millis()
                ],
            )?;
            record(connection, &new.process, &new.call, &new.person, new.at, Deed::Submit, changes)?;
            Ok(found(connection, &new.id)?.submission)
        },
    )
}

/// Puts other words in the place of a submission's, of the revision that they name or any. What it said before is kept;
/// the same words again change nothing.
pub fn edit(
    connection: &Connection,
    place: (&ProcessId, &CallSummary),
    submission: &SubmissionId,
    person: &Person,
    SubmissionEdit { words, replaces }: &SubmissionEdit,
    time: Reading,
    changes: &mut Vec<Change>,
) -> Result<Submission, Refusal> {
    let (process, call) = place;
    let kept = found(connection, submission)?;
    kept.may_edit(call, person, time)?;
    let at = time.now;
    let before = &kept.submission;
    if before.head.title == words.title
        && before.problem == words.problem
        && before.action == words.action
        && before.head.entity == words.entity
    {
        return Ok(kept.submission);
    }
    if replaces.is_some_and(|revision| revision != before.revision) {
        return Err(Refusal::SubmissionChanged);
    }
    let sql = "INSERT INTO earlier_submission (submission, revision, title, problem, action, entity)
               SELECT id, revision, title, problem, action, entity FROM submission WHERE id = ?1";
    connection.execute(sql, values![submission.as_str()])?;
    let sql = "UPDATE submission SET title = ?2, problem = ?3, action = ?4, entity = ?5, edited_at = ?6,
               revision = revision + 1 WHERE id = ?1";
    connection.execute(
        sql,
        values![submission.as_str(), words.title, words.problem, words.action, words.entity, at.millis()],
    )?;
    record(connection, process, &kept.call, person, at, Deed::Revise, changes)?;
    Ok(found(connection, submission)?.submission)
}

/// Withdraws a submission: erases its words, wherever they are kept.
pub fn withdraw(
    connection: &Connection,
    place: (&ProcessId, &CallSummary),
    submission: &SubmissionId,
    person: &Person,
    time: Reading,
    changes: &mut Vec<Change>,
) -> Result<Withdrawal, Refusal> {
    let (process, call) = place;
    let kept = found(connection, submission)?;
    if let Some(withdrawn_at) = kept.may_withdraw(call, person, time)? {
        return Ok(Withdrawal { submission: submission.clone(), withdrawn_at });
    }
    let at = time.now;
    let sql = "UPDATE submission SET title = '', problem = '', action = '', entity = NULL, withdrawn_at = ?2
               WHERE id = ?1";
    connection.execute(sql, values![submission.as_str(), at.millis()])?;
    let sql = "DELETE FROM earlier_submission WHERE submission = ?1";
    connection.execute(sql, values![submission.as_str()])?;
    record(connection, process, &kept.call, person, at, Deed::Withdraw, changes)?;
    Ok(Withdrawal { submission: submission.clone(), withdrawn_at: at })
}

fn found(connection: &Connection, submission: &SubmissionId) -> Result<Kept, Refusal> {
    find(connection, submission)?.ok_or(Refusal::NotFound)
}

/// What was done to a submission.
#[derive(Debug, Clone, Copy)]
enum Deed {
    Submit,
    Revise,
    Withdraw,
}

fn record(
    connection: &Connection,
    process: &ProcessId,
    call: &CallId,
    person: &Person,
    at: Timestamp,
    deed: Deed,
    changes: &mut Vec<Change>,
) -> Result<(), StorageError> {
    let (kind, act) = match deed {
        Deed::Submit => ("submit", board::Act::Submitted(call.clone())),
        Deed::Revise => ("revise", board::Act::Resubmitted),
        Deed::Withdraw => ("withdraw", board::Act::Withdrawn(call.clone())),
    };
    let written = acts::Act { process, consultation: None, subject: None, call: Some(call), kind, at };
    let sequence = acts::record(connection, Some(person), &written)?;
    changes.push(Change {
        sequence,
        at,
        process: process.clone(),
        person: person.id,
        simulated: person.simulated,
        act,
    });
    Ok(())
}

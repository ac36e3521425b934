//! The append-only table of acts, and what every write shares.

use super::{Idempotency, StorageError};
use crate::domain::{Person, Refusal};
use crate::storage::Mark;
use crate::storage::connection::{Connection, Row, values};
use cabildo_contract::comment::Subject;
use cabildo_contract::id::{CallId, ConsultationId, ProcessId};
use cabildo_contract::time::Timestamp;

/// What is done to what.
pub struct Act<'a> {
    pub process: &'a ProcessId,
    pub consultation: Option<&'a ConsultationId>,
    pub subject: Option<&'a Subject>,
    pub call: Option<&'a CallId>,
    /// cast, revise, withdraw, submit, post, wait, edit, delete, report, answer, publish, keep, hide, remove or import.
    pub kind: &'static str,
    pub at: Timestamp,
}

/// Writes an act down and gives it its number.
pub fn record(connection: &Connection, person: Option<&Person>, act: &Act<'_>) -> Result<u64, StorageError> {
    record_of(connection, person.map(|person| (person.id, person.simulated)), act)
}

/// As [`record`], of somebody of whom only the number is known, and whether they are simulated.
pub fn record_of(
    connection: &Connection,
    person: Option<(i64, bool)>,
    act: &Act<'_>,
) -> Result<u64, StorageError> {
    let sql = "INSERT INTO act (process, consultation, proposal, option, call, person, kind, at, simulated)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) RETURNING sequence";
    let (proposal, option) = match act.subject {
        Some(Subject::Proposal(id)) => (Some(id.as_str()), None),
        Some(Subject::Option(id)) => (None, Some(id.as_str())),
        None => (None, None),
    };
    connection.the(
        sql,
        values![
            act.process.as_str(),
            act.consultation.map(ConsultationId::as_str),
            proposal,
            option,
            act.call.map(CallId::as_str),
            person.map(|(id, _)| id),
            act.kind,
            act.at.millis(),
            person.is_some_and(|(_, simulated)| simulated),
        ],
        |row| row.get(0),
    )
}

/// The last act; none is number 0.
pub fn last(connection: &Connection) -> Result<Mark, StorageError> {
    let sql = "SELECT sequence, at FROM act ORDER BY sequence DESC LIMIT 1";
    Ok(connection.find(sql, &[], read_mark)?.unwrap_or_default())
}

/// The act of this number, if it is there.
pub fn find(connection: &Connection, sequence: u64) -> Result<Option<Mark>, StorageError> {
    connection.find("SELECT sequence, at FROM act WHERE sequence = ?1", values![sequence], read_mark)
}

fn read_mark(row: &Row<'_>) -> Result<Mark, StorageError> {
    Ok(Mark { sequence: row.get(0)?, at: Timestamp::from_millis(row.get(1)?) })
}

/// Whether the person is still on record: removing a simulation removes simulated people, and their ids may be given to
/// others.
pub fn present(connection: &Connection, person: &Person) -> Result<(), Refusal> {
    let sql = "SELECT 1 FROM person WHERE id = ?1 AND author = ?2";
    let found = connection.find(sql, values![person.id, person.author], |_| Ok(()))?;
    found.ok_or(Refusal::SessionRequired)
}

/// Seconds for which a request is known by its key: as long as a browser keeps the session in which it could be repeated.
const KEY_SECONDS: i64 = 400 * 24 * 60 * 60;

/// Carries `act` out unless the same request was carried out before: then answers with what came of it, as that is now.
///
/// `subject` names the comment or the submission that came of it, and `find` finds it again.
pub fn once<T>(
    connection: &Connection,
    person: &Person,
    idempotency: Option<&Idempotency>,
    at: Timestamp,
    subject: fn(&T) -> &str,
    find: impl FnOnce(String) -> Result<T, Refusal>,
    act: impl FnOnce() -> Result<T, Refusal>,
) -> Result<T, Refusal> {
    let Some(Idempotency { key, route, fingerprint }) = idempotency else { return act() };
    let sql = "SELECT fingerprint, comment FROM idempotency WHERE person = ?1 AND key = ?2 AND route = ?3";
    let before: Option<(Vec<u8>, String)> =
        connection.find(sql, values![person.id, key, route], |row| Ok((row.get(0)?, row.get(1)?)))?;
    if let Some((known, subject)) = before {
        if known != fingerprint {
            return Err(Refusal::IdempotencyMismatch);
        }
        return find(subject);
    }
    let answer = act()?;
    let sql = "INSERT INTO idempotency (person, key, route, fingerprint, comment, at)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    connection.execute(sql, values![person.id, key, route, fingerprint, subject(&answer), at.millis()])?;
    let sql = "DELETE FROM idempotency WHERE at < ?1";
    connection.execute(sql, values![at.plus_seconds(-KEY_SECONDS).millis()])?;
    Ok(answer)
}

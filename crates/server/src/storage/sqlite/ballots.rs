//! Ballots: one row a person and consultation, by constraint.

use super::{NewBallot, StorageError, acts, corrupt};
use crate::board::{Act, Change};
use crate::domain::ballot::{self, Record};
use crate::domain::{Person, Refusal};
use cabildo_contract::ballot::{Ballot, BallotBody};
use cabildo_contract::id::{ConsultationId, ProcessId};
use cabildo_contract::time::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};

/// What is on record of a person's ballot.
pub fn find(
    connection: &Connection,
    consultation: &ConsultationId,
    person: i64,
) -> Result<Option<Record>, StorageError> {
    let sql =
        "SELECT receipt, revision, received_at, choices FROM ballot WHERE consultation = ?1 AND person = ?2";
    let row: Option<(String, u32, i64, Option<String>)> = connection
        .prepare_cached(sql)?
        .query_row(params![consultation.as_str(), person], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
        })
        .optional()?;
    let Some((receipt, revision, received_at, choices)) = row else { return Ok(None) };
    let body = choices.as_deref().map(read_choices).transpose()?;
    Ok(Some(Record { receipt, revision, received_at: Timestamp::from_millis(received_at), body }))
}

/// Reads stored choices.
pub fn read_choices(choices: &str) -> Result<BallotBody, StorageError> {
    Ok(BallotBody { choices: serde_json::from_str(choices).map_err(corrupt)? })
}

fn keep(
    connection: &Connection,
    consultation: &ConsultationId,
    person: i64,
    record: &Record,
) -> Result<(), StorageError> {
    let choices =
        record.body.as_ref().map(|body| serde_json::to_string(&body.choices)).transpose().map_err(corrupt)?;
    let sql = "INSERT INTO ballot (consultation, person, receipt, revision, received_at, choices)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6)
               ON CONFLICT (consultation, person) DO UPDATE SET
               revision = excluded.revision, received_at = excluded.received_at, choices = excluded.choices";
    connection.prepare_cached(sql)?.execute(params![
        consultation.as_str(),
        person,
        record.receipt,
        record.revision,
        record.received_at.millis(),
        choices
    ])?;
    Ok(())
}

/// The first of the acknowledgement numbers that nobody has.
fn free_receipt<'a>(connection: &Connection, ballot: &'a NewBallot) -> Result<&'a str, StorageError> {
    let sql = "SELECT 1 FROM ballot WHERE consultation = ?1 AND receipt = ?2";
    for receipt in &ballot.receipts {
        let taken = connection
            .prepare_cached(sql)?
            .query_row(params![ballot.consultation.as_str(), receipt], |_| Ok(()))
            .optional()?;
        if taken.is_none() {
            return Ok(receipt);
        }
    }
    Err(StorageError::Unavailable("every acknowledgement number that was tried is taken".to_owned()))
}

/// Casts or revises.
pub fn cast(connection: &Connection, new: &NewBallot, changes: &mut Vec<Change>) -> Result<Ballot, Refusal> {
    let NewBallot { process, consultation, person, checked, at, .. } = new;
    acts::present(connection, person)?;
    let before = find(connection, consultation, person.id)?;
    let first = before.is_none();
    let receipt = if first { free_receipt(connection, new)? } else { "" };
    if let Some(record) = ballot::cast(before.as_ref(), checked.body(), receipt, *at) {
        keep(connection, consultation, person.id, &record)?;
        let kind = if first { "cast" } else { "revise" };
        let act = acts::Act { process, consultation: Some(consultation), subject: None, kind, at: *at };
        changes.push(Change {
            sequence: acts::record(connection, Some(person), &act)?,
            at: *at,
            process: process.clone(),
            person: person.id,
            simulated: person.simulated,
            act: Act::Ballot {
                consultation: consultation.clone(),
                before: before.and_then(|record| record.body),
                after: record.body.clone(),
                first,
            },
        });
        return record.ballot().ok_or_else(|| corrupt("a ballot without choices").into());
    }
    before.and_then(Record::ballot).ok_or_else(|| corrupt("a ballot without choices").into())
}

/// Takes back.
pub fn withdraw(
    connection: &Connection,
    process: &ProcessId,
    consultation: &ConsultationId,
    person: &Person,
    at: Timestamp,
    changes: &mut Vec<Change>,
) -> Result<(), StorageError> {
    let Some(before) = find(connection, consultation, person.id)? else { return Ok(()) };
    let Some(body) = before.body.clone() else { return Ok(()) };
    keep(connection, consultation, person.id, &Record { body: None, received_at: at, ..before })?;
    let act = acts::Act { process, consultation: Some(consultation), subject: None, kind: "withdraw", at };
    changes.push(Change {
        sequence: acts::record(connection, Some(person), &act)?,
        at,
        process: process.clone(),
        person: person.id,
        simulated: person.simulated,
        act: Act::Ballot {
            consultation: consultation.clone(),
            before: Some(body),
            after: None,
            first: false,
        },
    });
    Ok(())
}

//! Ballots: one row a person and consultation, by constraint.

use super::{NewBallot, StorageError, acts, corrupt};
use crate::board::{Act, Change, Counted};
use crate::domain::ballot::{self, Record};
use crate::domain::{Person, Refusal};
use crate::storage::connection::{Connection, Row, values};
use cabildo_contract::ballot::{Ballot, BallotBody};
use cabildo_contract::id::{ConsultationId, ProcessId};
use cabildo_contract::tally::Channel;
use cabildo_contract::time::Timestamp;

/// What is on record of a person's ballot.
pub fn find(
    connection: &Connection,
    consultation: &ConsultationId,
    person: i64,
) -> Result<Option<Record>, StorageError> {
    let sql = "SELECT receipt, revision, received_at, choices, points, channel FROM ballot
               WHERE consultation = ?1 AND person = ?2";
    let row = connection.find(sql, values![consultation.as_str(), person], |row| {
        Ok((row.get(0)?, row.get(1)?, row.get(2)?, read(row, 3)?))
    })?;
    let Some((receipt, revision, received_at, stored)) = row else { return Ok(None) };
    let (body, channel) = stored.whole()?;
    Ok(Some(Record { receipt, revision, received_at: Timestamp::from_millis(received_at), body, channel }))
}

/// The columns `choices`, `points` and `channel`.
pub struct Stored {
    choices: Option<String>,
    points: Option<String>,
    channel: String,
}

/// Reads these columns, which begin at `at`.
pub fn read(row: &Row<'_>, at: usize) -> Result<Stored, StorageError> {
    Ok(Stored { choices: row.get(at)?, points: row.get(at + 1)?, channel: row.get(at + 2)? })
}

impl Stored {
    /// The answer, none if it was withdrawn, and how it arrived.
    pub fn whole(self) -> Result<(Option<BallotBody>, Channel), StorageError> {
        let channel = Channel::parse(&self.channel).ok_or_else(|| corrupt("no such channel"))?;
        let Some(choices) = self.choices else { return Ok((None, channel)) };
        let points = self.points.map(|points| serde_json::from_str(&points)).transpose().map_err(corrupt)?;
        let choices = serde_json::from_str(&choices).map_err(corrupt)?;
        Ok((Some(BallotBody { choices, points: points.unwrap_or_default() }), channel))
    }
}

/// How an answer is kept: its choices and, where there are any, its points.
pub fn columns(body: &BallotBody) -> Result<(String, Option<String>), StorageError> {
    let points = (!body.points.is_empty()).then(|| serde_json::to_string(&body.points));
    let choices = serde_json::to_string(&body.choices).map_err(corrupt)?;
    Ok((choices, points.transpose().map_err(corrupt)?))
}

fn keep(
    connection: &Connection,
    consultation: &ConsultationId,
    person: i64,
    record: &Record,
) -> Result<(), StorageError> {
    let (choices, points) = record.body.as_ref().map(columns).transpose()?.unzip();
    let sql =
        "INSERT INTO ballot (consultation, person, receipt, revision, received_at, choices, points, channel)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
               ON CONFLICT (consultation, person) DO UPDATE SET
               revision = excluded.revision, received_at = excluded.received_at, choices = excluded.choices,
               points = excluded.points, channel = excluded.channel";
    connection.execute(
        sql,
        values![
            consultation.as_str(),
            person,
            record.receipt,
            record.revision,
            record.received_at.millis(),
            choices,
            points.flatten(),
            record.channel.as_str()
        ],
    )?;
    Ok(())
}

/// The first of the acknowledgement numbers that nobody has.
fn free_receipt<'a>(connection: &Connection, ballot: &'a NewBallot) -> Result<&'a str, StorageError> {
    let sql = "SELECT 1 FROM ballot WHERE consultation = ?1 AND receipt = ?2";
    for receipt in &ballot.receipts {
        let taken = connection.find(sql, values![ballot.consultation.as_str(), receipt], |_| Ok(()))?;
        if taken.is_none() {
            return Ok(receipt);
        }
    }
    Err(StorageError::Unavailable("every acknowledgement number that was tried is taken".to_owned()))
}

fn counted(record: &Record) -> Option<Counted> {
    record.body.clone().map(|body| Counted { body, channel: record.channel })
}

/// Casts or revises.
pub fn cast(connection: &Connection, new: &NewBallot, changes: &mut Vec<Change>) -> Result<Ballot, Refusal> {
    let NewBallot { process, consultation, person, checked, replaces, channel, at, .. } = new;
    acts::present(connection, person)?;
    let before = find(connection, consultation, person.id)?;
    let first = before.is_none();
    let receipt = if first { free_receipt(connection, new)? } else { "" };
    if let Some(record) = ballot::cast(before.as_ref(), checked.body(), *replaces, *channel, receipt, *at)? {
        keep(connection, consultation, person.id, &record)?;
        let kind = if first { "cast" } else { "revise" };
        let act =
            acts::Act { process, consultation: Some(consultation), subject: None, call: None, kind, at: *at };
        changes.push(Change {
            sequence: acts::record(connection, Some(person), &act)?,
            at: *at,
            process: process.clone(),
            person: person.id,
            simulated: person.simulated,
            act: Act::Ballot {
                consultation: consultation.clone(),
                before: before.as_ref().and_then(counted),
                after: counted(&record),
                first,
            },
        });
        return record.ballot().ok_or_else(|| corrupt("a ballot without choices").into());
    }
    before.and_then(Record::ballot).ok_or_else(|| corrupt("a ballot without choices").into())
}

/// Takes back, and answers with the version then.
pub fn withdraw(
    connection: &Connection,
    process: &ProcessId,
    consultation: &ConsultationId,
    person: &Person,
    replaces: Option<u32>,
    at: Timestamp,
    changes: &mut Vec<Change>,
) -> Result<u32, Refusal> {
    acts::present(connection, person)?;
    let Some(before) = find(connection, consultation, person.id)? else { return Ok(0) };
    let Some(record) = ballot::withdraw(&before, replaces, at)? else { return Ok(before.revision) };
    keep(connection, consultation, person.id, &record)?;
    let act = acts::Act {
        process,
        consultation: Some(consultation),
        subject: None,
        call: None,
        kind: "withdraw",
        at,
    };
    changes.push(Change {
        sequence: acts::record(connection, Some(person), &act)?,
        at,
        process: process.clone(),
        person: person.id,
        simulated: person.simulated,
        act: Act::Ballot {
            consultation: consultation.clone(),
            before: counted(&before),
            after: None,
            first: false,
        },
    });
    Ok(record.revision)
}

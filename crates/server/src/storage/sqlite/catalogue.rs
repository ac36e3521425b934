//! Reading everything that imports wrote.

use super::{StorageError, corrupt, proposals};
use crate::catalogue::{Catalogue, Entry};
use cabildo_contract::call::Call;
use cabildo_contract::consultation::{BallotOption, Consultation};
use cabildo_contract::id::{OptionId, ProposalId};
use cabildo_contract::tally::Count;
use rusqlite::Connection;

/// All processes with their proposals, consultations and calls.
pub fn load(connection: &Connection) -> Result<Catalogue, StorageError> {
    let mut statement = connection.prepare("SELECT id, document FROM process")?;
    let rows = statement.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)))?;
    let entries = rows.map(|row| {
        let (id, document) = row?;
        let Entry { process, unnamed, events, consent, .. } =
            serde_json::from_str(&document).map_err(corrupt)?;
        let entry = Entry::new(
            process,
            unnamed,
            events,
            proposals::all(connection, &id)?,
            consultations(connection, &id)?,
            calls(connection, &id)?,
        );
        Ok(Entry { consent, ..entry })
    });
    Ok(Catalogue::new(entries.collect::<Result<_, StorageError>>()?))
}

fn consultations(connection: &Connection, process: &str) -> Result<Vec<Consultation>, StorageError> {
    let mut statement = connection.prepare("SELECT id, document FROM consultation WHERE process = ?1")?;
    let rows =
        statement.query_map([process], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)))?;
    rows.map(|row| {
        let (id, document) = row?;
        let mut consultation: Consultation = serde_json::from_str(&document).map_err(corrupt)?;
        consultation.options = options(connection, &id)?;
        Ok(consultation)
    })
    .collect()
}

fn calls(connection: &Connection, process: &str) -> Result<Vec<Call>, StorageError> {
    let mut statement = connection.prepare("SELECT document FROM call WHERE process = ?1 ORDER BY id")?;
    let rows = statement.query_map([process], |row| row.get::<_, String>(0))?;
    rows.map(|document| serde_json::from_str(&document?).map_err(corrupt)).collect()
}

fn options(connection: &Connection, consultation: &str) -> Result<Vec<BallotOption>, StorageError> {
    let sql = "SELECT id, reference, title, description, proposal, cost, candidates FROM ballot_option
               WHERE consultation = ?1 ORDER BY position";
    let mut statement = connection.prepare(sql)?;
    let rows = statement.query_map([consultation], |row| {
        Ok((
            row.get::<_, String>(0)?,
            row.get(1)?,
            row.get(2)?,
            row.get(3)?,
            row.get::<_, Option<String>>(4)?,
            row.get(5)?,
            row.get(6)?,
        ))
    })?;
    rows.map(|row| {
        let (id, reference, title, description, proposal, cost, group) = row?;
        Ok(BallotOption {
            id: OptionId::parse(id).map_err(corrupt)?,
            reference,
            title,
            description,
            proposal: proposal.map(ProposalId::parse).transpose().map_err(corrupt)?,
            cost,
            group,
            comments: Count::default(),
        })
    })
    .collect()
}

//! Reading everything that imports wrote.

use super::{StorageError, corrupt, proposals};
use crate::catalogue::{Catalogue, Entry};
use crate::storage::connection::{Connection, Row, values};
use cabildo_contract::call::Call;
use cabildo_contract::consultation::{BallotOption, Consultation};
use cabildo_contract::id::{OptionId, ProposalId};
use cabildo_contract::tally::Count;

/// All processes with their proposals, consultations and calls.
pub fn load(connection: &Connection) -> Result<Catalogue, StorageError> {
    let rows = connection.all("SELECT id, document FROM process", &[], documented)?;
    let entries = rows.into_iter().map(|(id, document)| {
        let Entry { process, unnamed, events, consent, translations, .. } =
            serde_json::from_str(&document).map_err(corrupt)?;
        let entry = Entry::new(
            process,
            unnamed,
            events,
            proposals::all(connection, &id)?,
            consultations(connection, &id)?,
            calls(connection, &id)?,
        );
        Ok(Entry { consent, translations, ..entry })
    });
    Ok(Catalogue::new(entries.collect::<Result<_, StorageError>>()?))
}

/// Reads `id, document`.
fn documented(row: &Row<'_>) -> Result<(String, String), StorageError> {
    Ok((row.get(0)?, row.get(1)?))
}

fn consultations(connection: &Connection, process: &str) -> Result<Vec<Consultation>, StorageError> {
    // In the order of their file: those that open at once have no other.
    let sql = "SELECT id, document FROM consultation WHERE process = ?1 ORDER BY rowid";
    let rows = connection.all(sql, values![process], documented)?;
    let consultations = rows.into_iter().map(|(id, document)| {
        let mut consultation: Consultation = serde_json::from_str(&document).map_err(corrupt)?;
        consultation.options = options(connection, &id)?;
        Ok(consultation)
    });
    consultations.collect()
}

fn calls(connection: &Connection, process: &str) -> Result<Vec<Call>, StorageError> {
    let sql = "SELECT document FROM call WHERE process = ?1 ORDER BY id";
    connection.all(sql, values![process], |row| serde_json::from_str(&row.get::<String>(0)?).map_err(corrupt))
}

fn options(connection: &Connection, consultation: &str) -> Result<Vec<BallotOption>, StorageError> {
    let sql = "SELECT id, reference, title, description, proposal, cost, candidates FROM ballot_option
               WHERE consultation = ?1 ORDER BY position";
    connection.all(sql, values![consultation], |row| {
        Ok(BallotOption {
            id: OptionId::parse(row.get::<String>(0)?).map_err(corrupt)?,
            reference: row.get(1)?,
            title: row.get(2)?,
            description: row.get(3)?,
            proposal: row.get::<Option<String>>(4)?.map(ProposalId::parse).transpose().map_err(corrupt)?,
            cost: row.get(5)?,
            group: row.get(6)?,
            comments: Count::default(),
        })
    })
}

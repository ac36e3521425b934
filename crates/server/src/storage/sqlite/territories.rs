//! Where people say that they live, and what was published of it.

use super::{StorageError, acts};
use crate::board::{Board, ProcessBoard};
use crate::domain::{Person, Refusal};
use crate::territory::departments;
use cabildo_contract::id::ProcessId;
use cabildo_contract::suppression::{Cell, Snapshot};
use cabildo_contract::time::Timestamp;
use rusqlite::{Connection, params};

/// Keeps what a person says, or erases it.
pub fn set(connection: &Connection, person: &Person, territory: Option<&str>) -> Result<(), Refusal> {
    acts::present(connection, person)?;
    let sql = "UPDATE person SET territory = ?2 WHERE id = ?1";
    connection.prepare_cached(sql).map_err(StorageError::from)?.execute(params![person.id, territory])?;
    Ok(())
}

/// Keeps what was published.
pub fn keep(connection: &Connection, process: &ProcessId, snapshot: &Snapshot) -> Result<(), StorageError> {
    let sql = "DELETE FROM territory_snapshot WHERE process = ?1";
    connection.prepare_cached(sql)?.execute([process.as_str()])?;
    for (department, cell) in departments().iter().zip(&snapshot.cells) {
        let Some(at) = cell.at else { continue };
        let sql = "INSERT INTO territory_snapshot (process, territory, people, at) VALUES (?1, ?2, ?3, ?4)";
        let values = params![process.as_str(), department.code, cell.people, at.millis()];
        connection.prepare_cached(sql)?.execute(values)?;
    }
    Ok(())
}

/// Reads who lives where.
pub fn load_people(connection: &Connection, board: &mut Board) -> Result<(), StorageError> {
    let mut statement = connection.prepare("SELECT id, territory FROM person WHERE territory IS NOT NULL")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        board.say(row.get(0)?, Some(row.get(1)?));
    }
    Ok(())
}

/// What was published last. Who was in a cell then is not kept: everybody who is in it now counts as having been, so that
/// a restart publishes nothing early.
pub fn load_snapshot(
    connection: &Connection,
    process: &ProcessId,
    board: &Board,
) -> Result<Snapshot, StorageError> {
    let empty = ProcessBoard::default();
    let members = board.members(board.process(process).unwrap_or(&empty));
    let mut snapshot = Snapshot::default();
    let sql = "SELECT people, at FROM territory_snapshot WHERE process = ?1 AND territory = ?2";
    let mut statement = connection.prepare(sql)?;
    for (department, members) in departments().iter().zip(members) {
        let mut rows = statement.query([process.as_str(), &department.code])?;
        snapshot.cells.push(match rows.next()? {
            Some(row) => Cell { people: row.get(0)?, at: Some(Timestamp::from_millis(row.get(1)?)), members },
            None => Cell::default(),
        });
    }
    Ok(snapshot)
}

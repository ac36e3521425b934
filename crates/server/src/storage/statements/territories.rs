//! Where people say that they live, and what was published of it.

use super::{StorageError, acts};
use crate::board::{Board, ProcessBoard};
use crate::domain::{Person, Refusal};
use crate::storage::connection::{Connection, values};
use crate::territory::departments;
use cabildo_contract::id::ProcessId;
use cabildo_contract::suppression::{Cell, Snapshot};
use cabildo_contract::time::Timestamp;
use std::collections::HashSet;

/// Keeps what a person says, or erases it.
pub fn set(connection: &Connection, person: &Person, territory: Option<&str>) -> Result<(), Refusal> {
    acts::present(connection, person)?;
    let sql = "UPDATE person SET territory = ?2 WHERE id = ?1";
    connection.execute(sql, values![person.id, territory])?;
    Ok(())
}

/// Keeps what is published, in the place of what was `before`; says whether that still was.
pub fn keep(
    connection: &Connection,
    process: &ProcessId,
    before: &Snapshot,
    snapshot: &Snapshot,
) -> Result<bool, StorageError> {
    let sql = "SELECT territory, people, at FROM territory_snapshot WHERE process = ?1";
    let kept = connection.all(sql, values![process.as_str()], |row| {
        Ok((row.get(0)?, row.get(1)?, Timestamp::from_millis(row.get(2)?)))
    })?;
    let kept: HashSet<(String, Option<u64>, Timestamp)> = kept.into_iter().collect();
    let known = departments().iter().zip(&before.cells);
    let known = known.filter_map(|(department, cell)| Some((department.code.clone(), cell.people, cell.at?)));
    if known.collect::<HashSet<_>>() != kept {
        return Ok(false);
    }
    let sql = "DELETE FROM territory_snapshot WHERE process = ?1";
    connection.execute(sql, values![process.as_str()])?;
    for (department, cell) in departments().iter().zip(&snapshot.cells) {
        let Some(at) = cell.at else { continue };
        let sql = "INSERT INTO territory_snapshot (process, territory, people, at) VALUES (?1, ?2, ?3, ?4)";
        connection.execute(sql, values![process.as_str(), department.code, cell.people, at.millis()])?;
    }
    Ok(true)
}

/// Reads who lives where.
pub fn load_people(connection: &Connection, board: &mut Board) -> Result<(), StorageError> {
    let sql = "SELECT id, territory FROM person WHERE territory IS NOT NULL";
    connection.each(sql, &[], |row| {
        board.say(row.get(0)?, Some(row.get(1)?));
        Ok(())
    })
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
    for (department, members) in departments().iter().zip(members) {
        let cell = connection.find(sql, values![process.as_str(), department.code], |row| {
            let at = Some(Timestamp::from_millis(row.get(1)?));
            Ok(Cell { people: row.get(0)?, at, members })
        })?;
        snapshot.cells.push(cell.unwrap_or_default());
    }
    Ok(snapshot)
}

//! Counting everything again, from the database.

use super::{StorageError, ballots, corrupt};
use crate::board::{Arrival, Board, ProcessBoard, Standing};
use cabildo_contract::id::{ConsultationId, ProcessId, ProposalId};
use cabildo_contract::time::Timestamp;
use rusqlite::Connection;

/// What all acts so far add up to.
pub fn load(connection: &Connection) -> Result<Board, StorageError> {
    let mut board = Board::default();
    let sql = "SELECT coalesce(max(sequence), 0) FROM act";
    board.sequence = connection.query_row(sql, [], |row| row.get(0))?;
    let mut statement = connection.prepare("SELECT id FROM process")?;
    let ids = statement.query_map([], |row| row.get::<_, String>(0))?.collect::<Result<Vec<_>, _>>()?;
    for id in ids {
        let id = ProcessId::parse(id).map_err(corrupt)?;
        *board.process_mut(&id) = load_process(connection, &id)?;
    }
    Ok(board)
}

/// What the acts in one process add up to.
pub fn load_process(connection: &Connection, process: &ProcessId) -> Result<ProcessBoard, StorageError> {
    let mut board = ProcessBoard::default();
    count_ballots(connection, process, &mut board)?;
    count_comments(connection, process, &mut board)?;
    read_acts(connection, process, &mut board)?;
    Ok(board)
}

fn count_ballots(
    connection: &Connection,
    process: &ProcessId,
    board: &mut ProcessBoard,
) -> Result<(), StorageError> {
    let sql = "SELECT consultation.id, person.id, simulated, choices, points, channel FROM ballot
               JOIN consultation ON consultation.id = ballot.consultation JOIN person ON person.id = ballot.person
               WHERE consultation.process = ?1 AND choices IS NOT NULL";
    let mut statement = connection.prepare(sql)?;
    let mut rows = statement.query([process.as_str()])?;
    while let Some(row) = rows.next()? {
        let consultation = ConsultationId::parse(row.get::<_, String>(0)?).map_err(corrupt)?;
        let (body, channel) = ballots::read(row, 3)?.whole()?;
        if let Some(body) = body {
            board.add_ballot(&consultation, &Standing { body, channel }, row.get(1)?, row.get(2)?);
        }
    }
    Ok(())
}

fn count_comments(
    connection: &Connection,
    process: &ProcessId,
    board: &mut ProcessBoard,
) -> Result<(), StorageError> {
    let sql = "SELECT proposal.id, person.id, simulated FROM comment
               JOIN proposal ON proposal.id = comment.proposal JOIN person ON person.id = comment.person
               WHERE proposal.process = ?1 AND deleted_at IS NULL";
    let mut statement = connection.prepare(sql)?;
    let mut rows = statement.query([process.as_str()])?;
    while let Some(row) = rows.next()? {
        let proposal = ProposalId::parse(row.get::<_, String>(0)?).map_err(corrupt)?;
        board.add_comment(&proposal, row.get(1)?, row.get(2)?);
    }
    Ok(())
}

fn read_acts(
    connection: &Connection,
    process: &ProcessId,
    board: &mut ProcessBoard,
) -> Result<(), StorageError> {
    let sql = "SELECT sequence, kind, at, proposal FROM act WHERE process = ?1 ORDER BY sequence";
    let mut statement = connection.prepare(sql)?;
    let mut rows = statement.query([process.as_str()])?;
    while let Some(row) = rows.next()? {
        let sequence: u64 = row.get(0)?;
        let kind: String = row.get(1)?;
        let at = Timestamp::from_millis(row.get(2)?);
        match kind.as_str() {
            "cast" => board.arrived(Arrival::Ballot, at),
            "post" => board.arrived(Arrival::Comment, at),
            _ => {}
        }
        if matches!(kind.as_str(), "post" | "edit" | "delete")
            && let Some(proposal) = row.get::<_, Option<String>>(3)?
        {
            board.touch(&ProposalId::parse(proposal).map_err(corrupt)?, sequence);
        }
        if kind == "remove" {
            board.touch_all(sequence);
        }
    }
    Ok(())
}

//! Counting everything again, from the database.

use super::comments::STANDS;
use super::{StorageError, ballots, corrupt, territories};
use crate::board::{Arrival, Board, Counted, ProcessBoard, Standing};
use crate::storage::connection::{Connection, values};
use cabildo_contract::comment::{Stance, Subject};
use cabildo_contract::id::{CallId, CommentId, ConsultationId, OptionId, ProcessId, ProposalId};
use cabildo_contract::moderation::CaseState;
use cabildo_contract::time::Timestamp;

/// What all acts so far add up to.
pub fn load(connection: &Connection) -> Result<Board, StorageError> {
    let mut board = Board::default();
    let sql = "SELECT coalesce(max(sequence), 0) FROM act";
    board.sequence = connection.the(sql, &[], |row| row.get(0))?;
    let ids = connection.all("SELECT id FROM process", &[], |row| row.get::<String>(0))?;
    let mut processes = Vec::new();
    for id in ids {
        let id = ProcessId::parse(id).map_err(corrupt)?;
        *board.process_mut(&id) = load_process(connection, &id)?;
        processes.push(id);
    }
    territories::load_people(connection, &mut board)?;
    for id in processes {
        let snapshot = territories::load_snapshot(connection, &id, &board)?;
        board.publish(&id, snapshot);
    }
    Ok(board)
}

/// What the acts in one process add up to.
pub fn load_process(connection: &Connection, process: &ProcessId) -> Result<ProcessBoard, StorageError> {
    let mut board = ProcessBoard::default();
    count_ballots(connection, process, &mut board)?;
    count_comments(connection, process, &mut board)?;
    count_cases(connection, process, &mut board)?;
    count_submissions(connection, process, &mut board)?;
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
    connection.each(sql, values![process.as_str()], |row| {
        let consultation = ConsultationId::parse(row.get::<String>(0)?).map_err(corrupt)?;
        let (body, channel) = ballots::read(row, 3)?.whole()?;
        if let Some(body) = body {
            board.add_ballot(&consultation, &Counted { body, channel }, row.get(1)?, row.get(2)?);
        }
        Ok(())
    })
}

fn count_comments(
    connection: &Connection,
    process: &ProcessId,
    board: &mut ProcessBoard,
) -> Result<(), StorageError> {
    let sql = format!(
        "SELECT comment.id, comment.proposal, comment.option, person.id, simulated, comment.stance, posted_at, answered_at
         FROM comment JOIN person ON person.id = comment.person LEFT JOIN answer ON answer.comment = comment.id
         WHERE comment.process = ?1 AND {STANDS}"
    );
    connection.each(&sql, values![process.as_str()], |row| {
        let subject = subject(row.get(1)?, row.get(2)?)?.ok_or_else(|| corrupt("a comment on nothing"))?;
        let simulated = row.get(4)?;
        board.add_comment(&subject, row.get(3)?, simulated);
        // A reply has no stance.
        let Some(stance) = row.get::<Option<String>>(5)? else { return Ok(()) };
        let stance = Stance::ALL.into_iter().find(|known| known.as_str() == stance);
        let standing = Standing {
            subject,
            stance: stance.ok_or_else(|| corrupt("an unknown stance"))?,
            simulated,
            posted_at: Timestamp::from_millis(row.get(6)?),
            answered_at: row.get::<Option<i64>>(7)?.map(Timestamp::from_millis),
        };
        board.keep_comment(CommentId::parse(row.get::<String>(0)?).map_err(corrupt)?, standing);
        Ok(())
    })
}

fn count_cases(
    connection: &Connection,
    process: &ProcessId,
    board: &mut ProcessBoard,
) -> Result<(), StorageError> {
    let sql = "SELECT id, simulated, hidden, published, reported, decided FROM (
                   SELECT comment.id, simulated, hidden_by IS NOT NULL AS hidden, published,
                   EXISTS (SELECT 1 FROM report WHERE report.comment = comment.id AND decision IS NULL) AS reported,
                   EXISTS (SELECT 1 FROM decision WHERE decision.comment = comment.id) AS decided
                   FROM comment JOIN person ON person.id = comment.person
                   WHERE comment.process = ?1 AND deleted_at IS NULL
               ) AS seen WHERE hidden OR published = 0 OR reported OR decided";
    connection.each(sql, values![process.as_str()], |row| {
        let state = match (row.get(2)?, row.get(3)?, row.get(4)?) {
            (true, ..) => CaseState::Hidden,
            (false, false, _) => CaseState::Waiting,
            (false, true, true) => CaseState::Reported,
            (false, true, false) => CaseState::Kept,
        };
        let comment = CommentId::parse(row.get::<String>(0)?).map_err(corrupt)?;
        board.keep_case(comment, state, row.get(1)?);
        Ok(())
    })
}

fn count_submissions(
    connection: &Connection,
    process: &ProcessId,
    board: &mut ProcessBoard,
) -> Result<(), StorageError> {
    let sql = "SELECT call.id, simulated FROM submission JOIN call ON call.id = submission.call
               JOIN person ON person.id = submission.person
               WHERE call.process = ?1 AND withdrawn_at IS NULL";
    connection.each(sql, values![process.as_str()], |row| {
        let call = CallId::parse(row.get::<String>(0)?).map_err(corrupt)?;
        board.add_submission(&call, row.get(1)?);
        Ok(())
    })
}

/// What the two columns say of what was commented on, if it was something.
fn subject(proposal: Option<String>, option: Option<String>) -> Result<Option<Subject>, StorageError> {
    Ok(match (proposal, option) {
        (Some(id), _) => Some(Subject::Proposal(ProposalId::parse(id).map_err(corrupt)?)),
        (None, Some(id)) => Some(Subject::Option(OptionId::parse(id).map_err(corrupt)?)),
        (None, None) => None,
    })
}

fn read_acts(
    connection: &Connection,
    process: &ProcessId,
    board: &mut ProcessBoard,
) -> Result<(), StorageError> {
    let sql = "SELECT sequence, kind, at, proposal, option FROM act WHERE process = ?1 ORDER BY sequence";
    connection.each(sql, values![process.as_str()], |row| {
        let sequence: u64 = row.get(0)?;
        let kind: String = row.get(1)?;
        let at = Timestamp::from_millis(row.get(2)?);
        match kind.as_str() {
            "cast" => board.arrived(Arrival::Ballot, at),
            "post" | "publish" => board.arrived(Arrival::Comment, at),
            _ => {}
        }
        if matches!(kind.as_str(), "post" | "edit" | "delete" | "answer" | "publish" | "keep" | "hide")
            && let Some(subject) = subject(row.get(3)?, row.get(4)?)?
        {
            board.touch(&subject, sequence);
        }
        if kind == "remove" {
            board.touch_all(sequence);
        }
        Ok(())
    })
}

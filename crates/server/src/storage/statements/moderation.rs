//! Comments before a moderator, and what is decided about them.

use super::comments::{self, COLUMNS, FROM, WIDTH};
use super::{CaseRow, StorageError, acts, answers, corrupt, posts};
use crate::board::{Act, Change, Standing};
use crate::cursor;
use crate::domain::Refusal;
use crate::domain::comment::Kept;
use crate::storage::connection::{Connection, values};
use cabildo_contract::comment::ReportReason;
use cabildo_contract::id::{CommentId, ProcessId};
use cabildo_contract::moderation::{Decided, Decision, NewDecision, Queue, ReportCount};
use cabildo_contract::page::Page;
use cabildo_contract::time::Timestamp;

/// A page of a queue. Each comment in it has a place: in the open one since when it waits or was reported, in that of
/// what was decided the number of the decision.
pub fn list(
    connection: &Connection,
    process: &ProcessId,
    queue: Queue,
    cursor: &str,
    limit: u32,
) -> Result<Page<CaseRow>, Refusal> {
    let (places, after, order, first) = match queue {
        Queue::Open => (
            "SELECT id, posted_at AS place FROM comment
             WHERE process = ?1 AND published = 0 AND hidden_by IS NULL AND deleted_at IS NULL
             UNION ALL
             SELECT report.comment, min(received_at) FROM report JOIN comment ON comment.id = report.comment
             WHERE report.decision IS NULL AND comment.process = ?1 AND deleted_at IS NULL GROUP BY report.comment",
            ">",
            "",
            (i64::MIN, String::new()),
        ),
        Queue::Decided => (
            "SELECT comment AS id, max(decision.id) AS place FROM decision JOIN comment ON comment.id = decision.comment
             WHERE comment.process = ?1 AND deleted_at IS NULL AND NOT EXISTS (
                 SELECT 1 FROM report WHERE report.comment = comment.id AND report.decision IS NULL)
             GROUP BY comment",
            "<",
            "DESC",
            (i64::MAX, String::new()),
        ),
    };
    let from: (i64, String) = cursor::read(cursor)?.unwrap_or(first);
    let sql = format!(
        "SELECT {COLUMNS}, place {FROM} JOIN ({places}) AS queue ON queue.id = comment.id
         WHERE (place, comment.id) {after} (?2, ?3) ORDER BY place {order}, comment.id {order} LIMIT ?4"
    );
    let mut kept = connection.all(&sql, values![process.as_str(), from.0, from.1, limit + 1], |row| {
        Ok((comments::kept(row)?, row.get::<i64>(WIDTH)?))
    })?;
    let more = kept.len() > limit as usize;
    kept.truncate(limit as usize);
    let place = |(last, place): &(Kept, i64)| cursor::write(&(*place, last.comment.id.as_str()));
    let next = kept.last().filter(|_| more).map(place);
    let items = kept
        .into_iter()
        .map(|(kept, _)| {
            let reports = reports(connection, &kept.comment.id)?;
            let decisions = decisions(connection, &kept.comment.id)?;
            Ok(CaseRow { row: kept.into(), reports, decisions })
        })
        .collect::<Result<_, StorageError>>()?;
    Ok(Page::new(items, next))
}

/// The open reports of a comment, by reason.
fn reports(connection: &Connection, comment: &CommentId) -> Result<Vec<ReportCount>, StorageError> {
    let sql = "SELECT reason, note FROM report WHERE comment = ?1 AND decision IS NULL ORDER BY received_at, person";
    let reports: Vec<(String, String)> =
        connection.all(sql, values![comment.as_str()], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let of = |reason: ReportReason| {
        let notes: Vec<&String> =
            reports.iter().filter(|(name, _)| name == reason.as_str()).map(|(_, note)| note).collect();
        ReportCount {
            reason,
            reports: u32::try_from(notes.len()).unwrap_or(u32::MAX),
            notes: notes.into_iter().filter(|note| !note.is_empty()).cloned().collect(),
        }
    };
    Ok(ReportReason::ALL.into_iter().map(of).filter(|count| count.reports > 0).collect())
}

/// What was decided about a comment, oldest first.
fn decisions(connection: &Connection, comment: &CommentId) -> Result<Vec<Decided>, StorageError> {
    let sql = "SELECT kind, reason, moderator, at FROM decision WHERE comment = ?1 ORDER BY id";
    connection.all(sql, values![comment.as_str()], |row| {
        let kind: String = row.get(0)?;
        let decision = Decision::ALL.into_iter().find(|decision| decision.as_str() == kind);
        Ok(Decided {
            decision: decision.ok_or_else(|| corrupt(kind))?,
            reason: row.get(1)?,
            moderator: row.get(2)?,
            decided_at: Timestamp::from_millis(row.get(3)?),
        })
    })
}

/// Keeps a decision and acts accordingly. The same again, while nothing was reported since, changes nothing.
pub fn decide(
    connection: &Connection,
    comment: &CommentId,
    moderator: &str,
    new: &NewDecision,
    at: Timestamp,
    changes: &mut Vec<Change>,
) -> Result<Decided, Refusal> {
    let kept = comments::find(connection, comment)?.ok_or(Refusal::NotFound)?;
    kept.may_decide()?;
    let before = decisions(connection, comment)?.pop();
    if let Some(before) = before
        && before.decision == new.decision
        && before.reason == new.reason
        && reports(connection, comment)?.is_empty()
    {
        return Ok(before);
    }
    let sql = "INSERT INTO decision (comment, kind, reason, moderator, at) VALUES (?1, ?2, ?3, ?4, ?5) RETURNING id";
    let decision: i64 = connection.the(
        sql,
        values![comment.as_str(), new.decision.as_str(), new.reason, moderator, at.millis()],
        |row| row.get(0),
    )?;
    let sql = "UPDATE report SET decision = ?2 WHERE comment = ?1 AND decision IS NULL";
    connection.execute(sql, values![comment.as_str(), decision])?;
    let stands = new.decision == Decision::Keep;
    let sql = "UPDATE comment SET hidden_by = ?2, published = CASE WHEN published < ?3 THEN ?3 ELSE published END WHERE id = ?1";
    let hidden_by = (!stands).then_some(decision);
    connection.execute(sql, values![comment.as_str(), hidden_by, stands])?;
    let stood = kept.comment.stands();
    if stands != stood {
        posts::count(connection, &kept.subject, kept.comment.simulated, if stands { 1 } else { -1 })?;
    }
    record(connection, &kept, new.decision, at, changes)?;
    let NewDecision { decision, reason } = new.clone();
    Ok(Decided { decision, reason, moderator: moderator.to_owned(), decided_at: at })
}

/// Writes down what was decided about a comment, as an act upon its author's: what is simulated goes with the simulation.
fn record(
    connection: &Connection,
    kept: &Kept,
    decision: Decision,
    at: Timestamp,
    changes: &mut Vec<Change>,
) -> Result<(), StorageError> {
    let (subject, comment) = (kept.subject.clone(), kept.comment.id.clone());
    let (stood, first) = (kept.comment.stands(), !kept.published);
    let (kind, act) = match decision {
        Decision::Hide => ("hide", Act::Hidden { subject, comment, stood }),
        Decision::Keep => {
            let answer = answers::find(connection, &comment)?;
            let standing = kept.comment.stance.map(|stance| Standing {
                subject: subject.clone(),
                stance,
                simulated: kept.comment.simulated,
                posted_at: kept.comment.posted_at,
                answered_at: answer.map(|answer| answer.answered_at),
            });
            let kind = if first { "publish" } else { "keep" };
            (kind, Act::Kept { subject, comment, standing, stood, first })
        }
    };
    let (person, simulated) = (kept.person, kept.comment.simulated);
    let (process, subject) = (&kept.process, Some(&kept.subject));
    let written = acts::Act { process, consultation: None, subject, call: None, kind, at };
    let sequence = acts::record_of(connection, Some((person, simulated)), &written)?;
    changes.push(Change { sequence, at, process: process.clone(), person, simulated, act });
    Ok(())
}

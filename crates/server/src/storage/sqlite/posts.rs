//! Writing comments.

use super::{Idempotency, NewPost, acts, comments, corrupt};
use crate::board::{Act, Change};
use crate::domain::comment::Kept;
use crate::domain::{Person, Refusal};
use cabildo_contract::comment::{Comment, NewReport, Report, Stance};
use cabildo_contract::id::{CommentId, ProcessId, ProposalId};
use cabildo_contract::time::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};

/// Posts a comment.
pub fn comment(
    connection: &Connection,
    proposal: &ProposalId,
    stance: Stance,
    post: &NewPost,
    changes: &mut Vec<Change>,
) -> Result<Comment, Refusal> {
    write(connection, post, changes, |_| Ok((proposal.clone(), None, Some(stance))))
}

/// Posts a reply.
pub fn reply(
    connection: &Connection,
    parent: &CommentId,
    post: &NewPost,
    changes: &mut Vec<Change>,
) -> Result<Comment, Refusal> {
    write(connection, post, changes, |connection| {
        let above = comments::find(connection, parent)?.ok_or(Refusal::NotFound)?;
        above.may_reply()?;
        Ok((above.proposal, Some(parent.clone()), None))
    })
}

/// Where a post belongs: its proposal, the comment that it answers, what it says about the proposal.
type Place = (ProposalId, Option<CommentId>, Option<Stance>);

fn write(
    connection: &Connection,
    post: &NewPost,
    changes: &mut Vec<Change>,
    place: impl FnOnce(&Connection) -> Result<Place, Refusal>,
) -> Result<Comment, Refusal> {
    acts::present(connection, &post.person)?;
    acts::once(
        connection,
        &post.person,
        post.idempotency.as_ref(),
        post.at,
        |comment: &Comment| &comment.id,
        || {
            let (proposal, parent, stance) = place(connection)?;
            let process = process_of(connection, &proposal)?;
            let sql = "INSERT INTO comment (id, proposal, parent, person, stance, text, posted_at)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
            connection.prepare_cached(sql)?.execute(params![
                post.id.as_str(),
                proposal.as_str(),
                parent.as_ref().map(CommentId::as_str),
                post.person.id,
                stance.map(Stance::as_str),
                post.text,
                post.at.millis()
            ])?;
            count(connection, &proposal, &post.person, 1)?;
            record(connection, &process, &proposal, &post.person, post.at, "post", changes)?;
            Ok(Comment {
                id: post.id.clone(),
                author: Some(post.person.author.clone()),
                simulated: post.person.simulated,
                stance,
                text: Some(post.text.clone()),
                posted_at: post.at,
                edited_at: None,
            })
        },
    )
}

fn process_of(connection: &Connection, proposal: &ProposalId) -> Result<ProcessId, Refusal> {
    let sql = "SELECT process FROM proposal WHERE id = ?1";
    let process: Option<String> =
        connection.prepare_cached(sql)?.query_row([proposal.as_str()], |row| row.get(0)).optional()?;
    Ok(ProcessId::parse(process.ok_or(Refusal::NotFound)?).map_err(corrupt)?)
}

/// Keeps the proposal's count in step.
fn count(connection: &Connection, proposal: &ProposalId, person: &Person, by: i64) -> rusqlite::Result<()> {
    let sql = "UPDATE proposal SET comments = comments + ?2, comments_simulated = comments_simulated + ?3 WHERE id = ?1";
    let simulated = if person.simulated { by } else { 0 };
    connection.prepare_cached(sql)?.execute(params![proposal.as_str(), by, simulated])?;
    Ok(())
}

fn record(
    connection: &Connection,
    process: &ProcessId,
    proposal: &ProposalId,
    person: &Person,
    at: Timestamp,
    kind: &'static str,
    changes: &mut Vec<Change>,
) -> rusqlite::Result<()> {
    let act = acts::Act { process, consultation: None, proposal: Some(proposal), kind, at };
    let sequence = acts::record(connection, Some(person), &act)?;
    let act = match kind {
        "post" => Act::Posted(proposal.clone()),
        "edit" => Act::Edited(proposal.clone()),
        "delete" => Act::Deleted(proposal.clone()),
        _ => Act::Reported,
    };
    changes.push(Change {
        sequence,
        at,
        process: process.clone(),
        person: person.id,
        simulated: person.simulated,
        act,
    });
    Ok(())
}

fn find(connection: &Connection, comment: &CommentId) -> Result<(Kept, ProcessId), Refusal> {
    let kept = comments::find(connection, comment)?.ok_or(Refusal::NotFound)?;
    let process = process_of(connection, &kept.proposal)?;
    Ok((kept, process))
}

/// Changes the text.
pub fn edit(
    connection: &Connection,
    comment: &CommentId,
    person: &Person,
    text: &str,
    at: Timestamp,
    changes: &mut Vec<Change>,
) -> Result<Comment, Refusal> {
    let (mut kept, process) = find(connection, comment)?;
    kept.may_edit(person, at)?;
    if kept.comment.text.as_deref() == Some(text) {
        return Ok(kept.comment);
    }
    let sql = "UPDATE comment SET text = ?2, edited_at = ?3 WHERE id = ?1";
    connection.prepare_cached(sql)?.execute(params![comment.as_str(), text, at.millis()])?;
    record(connection, &process, &kept.proposal, person, at, "edit", changes)?;
    kept.comment.text = Some(text.to_owned());
    kept.comment.edited_at = Some(at);
    Ok(kept.comment)
}

/// Erases text and author.
pub fn delete(
    connection: &Connection,
    comment: &CommentId,
    person: &Person,
    at: Timestamp,
    changes: &mut Vec<Change>,
) -> Result<Comment, Refusal> {
    let (mut kept, process) = find(connection, comment)?;
    if !kept.may_delete(person, at)? {
        return Ok(kept.comment);
    }
    let sql = "UPDATE comment SET text = NULL, deleted_at = ?2 WHERE id = ?1";
    connection.prepare_cached(sql)?.execute(params![comment.as_str(), at.millis()])?;
    kept.comment.text = None;
    kept.comment.author = None;
    // The answer kept for a repeated request quotes the words: they go from there, too.
    let body = serde_json::to_string(&kept.comment).map_err(corrupt)?;
    let sql = "UPDATE idempotency SET body = ?2 WHERE comment = ?1 AND route LIKE 'POST %' AND route NOT LIKE '%/report'";
    connection.prepare_cached(sql)?.execute(params![comment.as_str(), body])?;
    count(connection, &kept.proposal, person, -1)?;
    record(connection, &process, &kept.proposal, person, at, "delete", changes)?;
    Ok(kept.comment)
}

/// Keeps a report.
pub fn report(
    connection: &Connection,
    comment: &CommentId,
    person: &Person,
    report: &NewReport,
    at: Timestamp,
    idempotency: Option<&Idempotency>,
    changes: &mut Vec<Change>,
) -> Result<Report, Refusal> {
    acts::present(connection, person)?;
    acts::once(
        connection,
        person,
        idempotency,
        at,
        |report: &Report| &report.comment,
        || {
            let (kept, process) = find(connection, comment)?;
            kept.may_report()?;
            let reason = serde_json::to_string(&report.reason).map_err(corrupt)?;
            let sql =
                "INSERT INTO report (comment, person, reason, note, received_at) VALUES (?1, ?2, ?3, ?4, ?5)
                   ON CONFLICT (comment, person) DO UPDATE SET
                   reason = excluded.reason, note = excluded.note, received_at = excluded.received_at";
            connection.prepare_cached(sql)?.execute(params![
                comment.as_str(),
                person.id,
                reason.trim_matches('"'),
                report.note,
                at.millis()
            ])?;
            record(connection, &process, &kept.proposal, person, at, "report", changes)?;
            Ok(Report { comment: comment.clone(), reason: report.reason, received_at: at })
        },
    )
}

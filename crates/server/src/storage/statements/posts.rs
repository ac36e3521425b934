//! Writing comments.

use super::{Idempotency, NewPost, StorageError, acts, answers, comments, corrupt};
use crate::board::{Act, Change};
use crate::domain::comment::Kept;
use crate::domain::{Person, Refusal};
use crate::storage::connection::{Connection, values};
use cabildo_contract::comment::{Comment, Moderation, NewReport, Report, ReportReason, Stance, Subject};
use cabildo_contract::id::{CommentId, ProcessId};
use cabildo_contract::time::Timestamp;

/// Posts a comment.
pub fn comment(
    connection: &Connection,
    subject: &Subject,
    stance: Stance,
    post: &NewPost,
    changes: &mut Vec<Change>,
) -> Result<Comment, Refusal> {
    write(connection, post, changes, |connection| {
        Ok((process_of(connection, subject)?, subject.clone(), None, Some(stance)))
    })
}

/// Posts a reply.
pub fn reply(
    connection: &Connection,
    parent: &CommentId,
    post: &NewPost,
    changes: &mut Vec<Change>,
) -> Result<Comment, Refusal> {
    write(connection, post, changes, |connection| {
        let above = find(connection, parent)?;
        above.may_reply()?;
        Ok((above.process, above.subject, Some(parent.clone()), None))
    })
}

/// Where a post belongs: its process, what it is about, the comment that it answers, its stance.
type Place = (ProcessId, Subject, Option<CommentId>, Option<Stance>);

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
        |comment: &Comment| comment.id.as_str(),
        |id| Ok(find(connection, &CommentId::parse(id).map_err(corrupt)?)?.comment),
        || {
            let (process, subject, parent, stance) = place(connection)?;
            let (proposal, option) = columns(&subject);
            let published = !post.first_waits || was_approved(connection, &process, &post.person)?;
            let sql =
                "INSERT INTO comment (id, process, proposal, option, parent, person, stance, text, posted_at, published)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
            connection.execute(
                sql,
                values![
                    post.id.as_str(),
                    process.as_str(),
                    proposal,
                    option,
                    parent.as_ref().map(CommentId::as_str),
                    post.person.id,
                    stance.map(Stance::as_str),
                    post.text,
                    post.at.millis(),
                    published
                ],
            )?;
            if published {
                count(connection, &subject, post.person.simulated, 1)?;
            }
            let comment = Comment {
                id: post.id.clone(),
                author: Some(post.person.author.clone()),
                simulated: post.person.simulated,
                stance,
                text: Some(post.text.clone()),
                posted_at: post.at,
                edited_at: None,
                moderation: (!published).then_some(Moderation::Waiting),
            };
            let kept = Kept { comment, person: post.person.id, process, published, subject, parent };
            let deed = if published { Deed::Post } else { Deed::Wait };
            record(connection, &kept, Some(&post.person), post.at, deed, changes)?;
            Ok(kept.comment)
        },
    )
}

/// The two columns that say what a comment is about.
fn columns(subject: &Subject) -> (Option<&str>, Option<&str>) {
    match subject {
        Subject::Proposal(id) => (Some(id.as_str()), None),
        Subject::Option(id) => (None, Some(id.as_str())),
    }
}

/// Whether somebody has a comment in this process that everybody could read and that no moderator hid.
fn was_approved(connection: &Connection, process: &ProcessId, person: &Person) -> Result<bool, StorageError> {
    let sql = "SELECT EXISTS (SELECT 1 FROM comment
               WHERE person = ?1 AND process = ?2 AND published = 1 AND hidden_by IS NULL)";
    connection.the(sql, values![person.id, process.as_str()], |row| row.get(0))
}

fn process_of(connection: &Connection, subject: &Subject) -> Result<ProcessId, Refusal> {
    let (sql, id) = match subject {
        Subject::Proposal(id) => ("SELECT process FROM proposal WHERE id = ?1", id.as_str()),
        Subject::Option(id) => (
            "SELECT process FROM consultation JOIN ballot_option ON consultation.id = ballot_option.consultation
             WHERE ballot_option.id = ?1",
            id.as_str(),
        ),
    };
    let process: Option<String> = connection.find(sql, values![id], |row| row.get(0))?;
    Ok(ProcessId::parse(process.ok_or(Refusal::NotFound)?).map_err(corrupt)?)
}

/// Keeps a proposal's count in step: lists are sorted by it.
pub fn count(
    connection: &Connection,
    subject: &Subject,
    simulated: bool,
    by: i64,
) -> Result<(), StorageError> {
    let Subject::Proposal(proposal) = subject else { return Ok(()) };
    let sql = "UPDATE proposal SET comments = comments + ?2, comments_simulated = comments_simulated + ?3 WHERE id = ?1";
    let simulated = if simulated { by } else { 0 };
    connection.execute(sql, values![proposal.as_str(), by, simulated])?;
    Ok(())
}

/// What was done to a comment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    /// It was posted, and everybody reads it.
    Post,
    /// It was posted, and waits for approval.
    Wait,
    /// Its words were changed.
    Edit,
    /// It was deleted.
    Delete,
    /// It was reported.
    Report,
    /// It was answered, or its answer mended.
    Answer,
}

impl Deed {
    /// As in the table of acts.
    const fn kind(self) -> &'static str {
        match self {
            Self::Post => "post",
            Self::Wait => "wait",
            Self::Edit => "edit",
            Self::Delete => "delete",
            Self::Report => "report",
            Self::Answer => "answer",
        }
    }
}

/// Writes down what was done to a comment. An answer is the act of nobody in particular: an entity is no person.
pub fn record(
    connection: &Connection,
    kept: &Kept,
    person: Option<&Person>,
    at: Timestamp,
    deed: Deed,
    changes: &mut Vec<Change>,
) -> Result<(), StorageError> {
    let (process, subject) = (&kept.process, kept.subject.clone());
    let act =
        acts::Act { process, consultation: None, subject: Some(&subject), call: None, kind: deed.kind(), at };
    let sequence = acts::record(connection, person, &act)?;
    let comment = kept.comment.id.clone();
    let act = match deed {
        Deed::Post => Act::Posted { subject, comment: kept.comment.stance.map(|stance| (comment, stance)) },
        Deed::Edit => Act::Edited(subject),
        Deed::Wait => Act::Waits(comment),
        Deed::Delete => Act::Deleted { subject, comment, stood: kept.comment.stands() },
        Deed::Answer => Act::Answered { subject, comment },
        Deed::Report => Act::Reported { comment, simulated: kept.comment.simulated },
    };
    changes.push(Change {
        sequence,
        at,
        process: process.clone(),
        person: person.map_or(0, |person| person.id),
        simulated: person.is_some_and(|person| person.simulated),
        act,
    });
    Ok(())
}

fn find(connection: &Connection, comment: &CommentId) -> Result<Kept, Refusal> {
    comments::find(connection, comment)?.ok_or(Refusal::NotFound)
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
    let mut kept = find(connection, comment)?;
    kept.may_edit(person, at, answers::find(connection, comment)?.is_some())?;
    if kept.comment.text.as_deref() == Some(text) {
        return Ok(kept.comment);
    }
    let sql = "UPDATE comment SET text = ?2, edited_at = ?3 WHERE id = ?1";
    connection.execute(sql, values![comment.as_str(), text, at.millis()])?;
    record(connection, &kept, Some(person), at, Deed::Edit, changes)?;
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
    let kept = find(connection, comment)?;
    if !kept.may_delete(person, at)? {
        return Ok(kept.comment);
    }
    let sql = "UPDATE comment SET text = NULL, deleted_at = ?2 WHERE id = ?1";
    connection.execute(sql, values![comment.as_str(), at.millis()])?;
    if kept.comment.stands() {
        count(connection, &kept.subject, person.simulated, -1)?;
    }
    record(connection, &kept, Some(person), at, Deed::Delete, changes)?;
    Ok(Comment { text: None, author: None, moderation: None, ..kept.comment })
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
        |report: &Report| report.comment.as_str(),
        |_| {
            let sql = "SELECT reason, received_at FROM report WHERE comment = ?1 AND person = ?2";
            let (reason, at): (String, i64) =
                connection
                    .the(sql, values![comment.as_str(), person.id], |row| Ok((row.get(0)?, row.get(1)?)))?;
            let known = ReportReason::ALL.into_iter().find(|known| known.as_str() == reason);
            let reason = known.ok_or_else(|| corrupt("a report for no reason there is"))?;
            Ok(Report { comment: comment.clone(), reason, received_at: Timestamp::from_millis(at) })
        },
        || {
            let kept = find(connection, comment)?;
            kept.may_report()?;
            let sql =
                "INSERT INTO report (comment, person, reason, note, received_at) VALUES (?1, ?2, ?3, ?4, ?5)
                   ON CONFLICT (comment, person) DO UPDATE SET
                   reason = excluded.reason, note = excluded.note, received_at = excluded.received_at, decision = NULL";
            connection.execute(
                sql,
                values![comment.as_str(), person.id, report.reason.as_str(), report.note, at.millis()],
            )?;
            record(connection, &kept, Some(person), at, Deed::Report, changes)?;
            Ok(Report { comment: comment.clone(), reason: report.reason, received_at: at })
        },
    )
}

//! Reading comments.

use super::answers;
use super::{CommentRow, Refusal, StorageError, corrupt};
use crate::cursor;
use crate::domain::comment::Kept;
use crate::storage::connection::{Connection, Row, values};
use cabildo_contract::comment::{Comment, Moderation, Stance, Subject, Thread};
use cabildo_contract::id::{CommentId, OptionId, ProcessId, ProposalId};
use cabildo_contract::page::Page;
use cabildo_contract::time::Timestamp;

/// What [`Raw::read`] reads, and from where; a reader may add columns behind it.
pub const COLUMNS: &str =
    "comment.id, author, simulated, stance, comment.text, comment.posted_at, comment.edited_at,
     comment.person, comment.proposal, comment.option, comment.parent, comment.process,
     comment.published, hiding.reason, hiding.at";
/// From where [`COLUMNS`] are read.
pub const FROM: &str = "FROM comment JOIN person ON person.id = comment.person
     LEFT JOIN decision AS hiding ON hiding.id = comment.hidden_by";
/// What holds of a comment that stands, as [`Comment::stands`] says.
pub const STANDS: &str =
    "(comment.published = 1 AND comment.hidden_by IS NULL AND comment.deleted_at IS NULL)";
/// How many columns [`COLUMNS`] are.
pub const WIDTH: usize = 15;

/// A row of [`COLUMNS`], not yet checked.
pub struct Raw {
    id: String,
    author: String,
    simulated: bool,
    stance: Option<String>,
    text: Option<String>,
    posted_at: i64,
    edited_at: Option<i64>,
    person: i64,
    proposal: Option<String>,
    option: Option<String>,
    parent: Option<String>,
    process: String,
    published: bool,
    hidden: Option<(String, i64)>,
}

impl Raw {
    /// Reads the first columns of a row.
    pub fn read(row: &Row<'_>) -> Result<Self, StorageError> {
        Ok(Self {
            id: row.get(0)?,
            author: row.get(1)?,
            simulated: row.get(2)?,
            stance: row.get(3)?,
            text: row.get(4)?,
            posted_at: row.get(5)?,
            edited_at: row.get(6)?,
            person: row.get(7)?,
            proposal: row.get(8)?,
            option: row.get(9)?,
            parent: row.get(10)?,
            process: row.get(11)?,
            published: row.get(12)?,
            hidden: row.get::<Option<String>>(13)?.zip(row.get(14)?),
        })
    }

    /// Checks it.
    pub fn kept(self) -> Result<Kept, StorageError> {
        let subject = match (self.proposal, self.option) {
            (Some(proposal), None) => Subject::Proposal(ProposalId::parse(proposal).map_err(corrupt)?),
            (None, Some(option)) => Subject::Option(OptionId::parse(option).map_err(corrupt)?),
            _ => return Err(corrupt("a comment on nothing, or on two things")),
        };
        let stance =
            |name: String| Stance::ALL.into_iter().find(|s| s.as_str() == name).ok_or_else(|| corrupt(name));
        let moderation = match self.hidden {
            // Nothing is left to moderate of what was deleted.
            _ if self.text.is_none() => None,
            Some((reason, at)) => Some(Moderation::Hidden { reason, decided_at: Timestamp::from_millis(at) }),
            None => (!self.published).then_some(Moderation::Waiting),
        };
        Ok(Kept {
            comment: Comment {
                id: CommentId::parse(self.id).map_err(corrupt)?,
                author: self.text.is_some().then_some(self.author),
                simulated: self.simulated,
                stance: self.stance.map(stance).transpose()?,
                text: self.text,
                posted_at: Timestamp::from_millis(self.posted_at),
                edited_at: self.edited_at.map(Timestamp::from_millis),
                moderation,
            },
            person: self.person,
            process: ProcessId::parse(self.process).map_err(corrupt)?,
            published: self.published,
            subject,
            parent: self.parent.map(CommentId::parse).transpose().map_err(corrupt)?,
        })
    }
}

/// Reads and checks the first columns of a row.
pub fn kept(row: &Row<'_>) -> Result<Kept, StorageError> {
    Raw::read(row)?.kept()
}

/// A comment or reply.
pub fn find(connection: &Connection, comment: &CommentId) -> Result<Option<Kept>, StorageError> {
    let sql = format!("SELECT {COLUMNS} {FROM} WHERE comment.id = ?1");
    let raw = connection.find(&sql, values![comment.as_str()], Raw::read)?;
    raw.map(Raw::kept).transpose()
}

/// In which process a comment was posted.
pub fn process(connection: &Connection, comment: &CommentId) -> Result<Option<ProcessId>, StorageError> {
    let sql = "SELECT process FROM comment WHERE id = ?1";
    let process: Option<String> = connection.find(sql, values![comment.as_str()], |row| row.get(0))?;
    process.map(ProcessId::parse).transpose().map_err(corrupt)
}

/// A page of threads, newest first.
pub fn list(
    connection: &Connection,
    subject: &Subject,
    cursor: &str,
    limit: u32,
) -> Result<Page<Thread>, Refusal> {
    let (column, id) = match subject {
        Subject::Proposal(id) => ("proposal", id.as_str()),
        Subject::Option(id) => ("option", id.as_str()),
    };
    let after: (i64, String) = cursor::read(cursor)?.unwrap_or((i64::MAX, String::new()));
    // A deleted comment keeps its place as long as there are replies to it; a hidden one keeps it, and its replies.
    let sql = format!(
        "SELECT {COLUMNS} {FROM} WHERE comment.{column} = ?1 AND comment.parent IS NULL
         AND (posted_at, comment.id) < (?2, ?3)
         AND comment.published = 1 AND (comment.deleted_at IS NULL OR EXISTS (
             SELECT 1 FROM comment AS reply
             WHERE reply.parent = comment.id AND reply.published = 1 AND reply.deleted_at IS NULL))
         ORDER BY posted_at DESC, comment.id DESC LIMIT ?4"
    );
    let mut kept = connection.all(&sql, values![id, after.0, after.1, limit + 1], kept)?;
    let more = kept.len() > limit as usize;
    kept.truncate(limit as usize);
    let place = |last: &Kept| cursor::write(&(last.comment.posted_at.millis(), last.comment.id.as_str()));
    let next = kept.last().filter(|_| more).map(place);
    let items = kept
        .into_iter()
        .map(|kept| {
            let replies = replies(connection, &kept.comment.id)?;
            // What it answers is gone with the words of a comment that does not stand.
            let stands = kept.comment.stands();
            let answer = if stands { answers::find(connection, &kept.comment.id)? } else { None };
            Ok(Thread { comment: kept.public(), replies, answer })
        })
        .collect::<Result<_, StorageError>>()?;
    Ok(Page::new(items, next))
}

fn replies(connection: &Connection, parent: &CommentId) -> Result<Vec<Comment>, StorageError> {
    let sql = format!(
        "SELECT {COLUMNS} {FROM} WHERE comment.parent = ?1 AND comment.published = 1 AND deleted_at IS NULL
         ORDER BY posted_at, comment.id"
    );
    connection.all(&sql, values![parent.as_str()], |row| Ok(kept(row)?.public()))
}

/// All comments and replies of a process that stand, oldest first.
pub fn all(connection: &Connection, process: &ProcessId) -> Result<Vec<CommentRow>, StorageError> {
    let sql = format!(
        "SELECT {COLUMNS} {FROM} WHERE comment.process = ?1 AND {STANDS} ORDER BY posted_at, comment.id"
    );
    connection.all(&sql, values![process.as_str()], |row| Ok(kept(row)?.into()))
}

/// A person's own comments and replies that not everybody reads, newest first, with the process of each.
pub fn own(
    connection: &Connection,
    person: i64,
    limit: u32,
) -> Result<Vec<(ProcessId, CommentRow)>, StorageError> {
    let sql = format!(
        "SELECT {COLUMNS} {FROM} WHERE comment.person = ?1 AND comment.deleted_at IS NULL AND NOT {STANDS}
         ORDER BY posted_at DESC, comment.id DESC LIMIT ?2"
    );
    connection.all(&sql, values![person, limit], |row| {
        let kept = kept(row)?;
        Ok((kept.process.clone(), kept.into()))
    })
}

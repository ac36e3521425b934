//! Reading comments.

use super::{CommentRow, Refusal, StorageError, corrupt};
use crate::cursor;
use crate::domain::comment::Kept;
use cabildo_contract::comment::{Comment, Stance, Thread};
use cabildo_contract::id::{CommentId, ProcessId, ProposalId};
use cabildo_contract::page::Page;
use cabildo_contract::time::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};

const COLUMNS: &str = "comment.id, author, simulated, stance, text, posted_at, edited_at, comment.person,
     comment.proposal, comment.parent FROM comment JOIN person ON person.id = comment.person";

/// A row of [`COLUMNS`], not yet checked.
struct Raw {
    id: String,
    author: String,
    simulated: bool,
    stance: Option<String>,
    text: Option<String>,
    posted_at: i64,
    edited_at: Option<i64>,
    person: i64,
    proposal: String,
    parent: Option<String>,
}

impl Raw {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
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
            parent: row.get(9)?,
        })
    }

    fn kept(self) -> Result<Kept, StorageError> {
        let stance =
            |name: String| Stance::ALL.into_iter().find(|s| s.as_str() == name).ok_or_else(|| corrupt(name));
        Ok(Kept {
            comment: Comment {
                id: CommentId::parse(self.id).map_err(corrupt)?,
                author: self.text.is_some().then_some(self.author),
                simulated: self.simulated,
                stance: self.stance.map(stance).transpose()?,
                text: self.text,
                posted_at: Timestamp::from_millis(self.posted_at),
                edited_at: self.edited_at.map(Timestamp::from_millis),
            },
            person: self.person,
            proposal: ProposalId::parse(self.proposal).map_err(corrupt)?,
            parent: self.parent.map(CommentId::parse).transpose().map_err(corrupt)?,
        })
    }
}

/// A comment or reply.
pub fn find(connection: &Connection, comment: &CommentId) -> Result<Option<Kept>, StorageError> {
    let sql = format!("SELECT {COLUMNS} WHERE comment.id = ?1");
    let raw = connection.prepare_cached(&sql)?.query_row([comment.as_str()], Raw::read).optional()?;
    raw.map(Raw::kept).transpose()
}

/// A page of threads, newest first.
pub fn list(
    connection: &Connection,
    proposal: &ProposalId,
    cursor: &str,
    limit: u32,
) -> Result<Page<Thread>, Refusal> {
    let after: (i64, String) = cursor::read(cursor)?.unwrap_or((i64::MAX, String::new()));
    // A deleted comment keeps its place as long as replies to it stand.
    let sql = format!(
        "SELECT {COLUMNS} WHERE comment.proposal = ?1 AND comment.parent IS NULL
         AND (posted_at, comment.id) < (?2, ?3)
         AND (deleted_at IS NULL OR EXISTS (
             SELECT 1 FROM comment AS reply WHERE reply.parent = comment.id AND reply.deleted_at IS NULL))
         ORDER BY posted_at DESC, comment.id DESC LIMIT ?4"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let rows = statement.query_map(params![proposal.as_str(), after.0, after.1, limit + 1], Raw::read)?;
    let mut kept = rows.map(|raw| raw?.kept()).collect::<Result<Vec<_>, _>>()?;
    let more = kept.len() > limit as usize;
    kept.truncate(limit as usize);
    let place = |last: &Kept| cursor::write(&(last.comment.posted_at.millis(), last.comment.id.as_str()));
    let next = kept.last().filter(|_| more).map(place);
    let items = kept
        .into_iter()
        .map(|kept| Ok(Thread { replies: replies(connection, &kept.comment.id)?, comment: kept.comment }))
        .collect::<Result<_, StorageError>>()?;
    Ok(Page { items, next })
}

fn replies(connection: &Connection, parent: &CommentId) -> Result<Vec<Comment>, StorageError> {
    let sql = format!(
        "SELECT {COLUMNS} WHERE comment.parent = ?1 AND deleted_at IS NULL ORDER BY posted_at, comment.id"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let rows = statement.query_map([parent.as_str()], Raw::read)?;
    rows.map(|raw| Ok(raw?.kept()?.comment)).collect()
}

/// All comments and replies of a process that stand, oldest first.
pub fn all(connection: &Connection, process: &ProcessId) -> Result<Vec<CommentRow>, StorageError> {
    let sql = format!(
        "SELECT {COLUMNS} JOIN proposal ON proposal.id = comment.proposal
         WHERE proposal.process = ?1 AND deleted_at IS NULL ORDER BY posted_at, comment.id"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let rows = statement.query_map([process.as_str()], Raw::read)?;
    rows.map(|raw| {
        let Kept { comment, proposal, parent, .. } = raw?.kept()?;
        Ok(CommentRow { comment, proposal, parent })
    })
    .collect()
}

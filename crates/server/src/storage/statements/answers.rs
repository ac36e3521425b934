//! Answers to comments.

use super::comments::{self, COLUMNS, FROM, Raw, STANDS, WIDTH};
use super::{CommentRow, StorageError, corrupt, posts};
use crate::board::Change;
use crate::cursor;
use crate::domain::Refusal;
use crate::storage::connection::{Connection, Row, values};
use cabildo_contract::answer::{Answer, Answered, Effect, NewAnswer};
use cabildo_contract::id::{CommentId, ProcessId};
use cabildo_contract::page::Page;
use cabildo_contract::time::Timestamp;

/// Columns of an answer, as [`Stored::read`] reads them.
const ANSWER: &str = "answer.entity, answer.effect, answer.text, answer.answered_at, answer.edited_at";

/// An answer, not yet checked.
struct Stored {
    entity: String,
    effect: String,
    text: String,
    answered_at: i64,
    edited_at: Option<i64>,
}

impl Stored {
    /// Reads the columns from `first` on; none where no answer was joined.
    fn read(row: &Row<'_>, first: usize) -> Result<Option<Self>, StorageError> {
        let Some(entity) = row.get(first)? else { return Ok(None) };
        Ok(Some(Self {
            entity,
            effect: row.get(first + 1)?,
            text: row.get(first + 2)?,
            answered_at: row.get(first + 3)?,
            edited_at: row.get(first + 4)?,
        }))
    }

    fn answer(self) -> Result<Answer, StorageError> {
        let effect = Effect::ALL.into_iter().find(|effect| effect.as_str() == self.effect);
        Ok(Answer {
            entity: self.entity,
            effect: effect.ok_or_else(|| corrupt(self.effect))?,
            text: self.text,
            answered_at: Timestamp::from_millis(self.answered_at),
            edited_at: self.edited_at.map(Timestamp::from_millis),
        })
    }
}

/// The answer to a comment.
pub fn find(connection: &Connection, comment: &CommentId) -> Result<Option<Answer>, StorageError> {
    let sql = format!("SELECT {ANSWER} FROM answer WHERE comment = ?1");
    let stored = connection.find(&sql, values![comment.as_str()], |row| Stored::read(row, 0))?;
    stored.flatten().map(Stored::answer).transpose()
}

/// A page of comments with or without an answer.
pub fn list(
    connection: &Connection,
    process: &ProcessId,
    answered: Answered,
    cursor: &str,
    limit: u32,
) -> Result<Page<(CommentRow, Option<Answer>)>, Refusal> {
    let (is, after, order, first) = match answered {
        Answered::Pending => ("IS NULL", ">", "", (i64::MIN, String::new())),
        Answered::Answered => ("IS NOT NULL", "<", "DESC", (i64::MAX, String::new())),
    };
    let from: (i64, String) = cursor::read(cursor)?.unwrap_or(first);
    let sql = format!(
        "SELECT {COLUMNS}, {ANSWER} {FROM}
         LEFT JOIN answer ON answer.comment = comment.id
         WHERE comment.process = ?1 AND comment.parent IS NULL AND {STANDS}
         AND answer.comment {is} AND (comment.posted_at, comment.id) {after} (?2, ?3)
         ORDER BY comment.posted_at {order}, comment.id {order} LIMIT ?4"
    );
    let mut items = connection.all(&sql, values![process.as_str(), from.0, from.1, limit + 1], |row| {
        let answer = Stored::read(row, WIDTH)?.map(Stored::answer).transpose()?;
        Ok((CommentRow::from(Raw::read(row)?.kept()?), answer))
    })?;
    let more = items.len() > limit as usize;
    items.truncate(limit as usize);
    let place = |(row, _): &(CommentRow, _)| {
        cursor::write(&(row.comment.posted_at.millis(), row.comment.id.as_str()))
    };
    let next = items.last().filter(|_| more).map(place);
    Ok(Page::new(items, next))
}

/// Keeps an answer, or mends the one that the same entity gave. The same words again change nothing.
pub fn put(
    connection: &Connection,
    comment: &CommentId,
    entity: &str,
    answer: &NewAnswer,
    at: Timestamp,
    changes: &mut Vec<Change>,
) -> Result<Answer, Refusal> {
    let kept = comments::find(connection, comment)?.ok_or(Refusal::NotFound)?;
    let before = find(connection, comment)?;
    kept.may_answer(entity, before.as_ref())?;
    if let Some(before) = &before
        && before.effect == answer.effect
        && before.text == answer.text
    {
        return Ok(before.clone());
    }
    let sql = "INSERT INTO answer (comment, entity, effect, text, answered_at) VALUES (?1, ?2, ?3, ?4, ?5)
               ON CONFLICT (comment) DO UPDATE SET
               effect = excluded.effect, text = excluded.text, edited_at = excluded.answered_at";
    connection
        .execute(sql, values![comment.as_str(), entity, answer.effect.as_str(), answer.text, at.millis()])?;
    posts::record(connection, &kept, None, at, posts::Deed::Answer, changes)?;
    Ok(find(connection, comment)?.ok_or_else(|| corrupt("an answer that was just written"))?)
}

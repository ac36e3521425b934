//! Searching, filtering and sorting proposals.

use super::{ProposalQuery, Refusal, StorageError, corrupt};
use crate::cursor;
use cabildo_contract::id::ProposalId;
use cabildo_contract::page::Page;
use cabildo_contract::proposal::{Proposal, ProposalSummary, Sort};
use cabildo_contract::tally::Count;
use cabildo_contract::text::fold;
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, Row, params_from_iter};

/// A proposal as stored: document, comments, simulated comments.
type Stored = (String, u64, u64);

fn stored(row: &Row<'_>) -> rusqlite::Result<Stored> {
    Ok((row.get(0)?, row.get(1)?, row.get(2)?))
}

/// Reads a stored proposal.
pub fn read((document, total, simulated): Stored) -> Result<Proposal, StorageError> {
    let mut proposal: Proposal = serde_json::from_str(&document).map_err(corrupt)?;
    proposal.head.comments = Count { total, simulated };
    Ok(proposal)
}

/// All proposals of a process, by number.
pub fn all(connection: &Connection, process: &str) -> Result<Vec<Proposal>, StorageError> {
    let sql =
        "SELECT document, comments, comments_simulated FROM proposal WHERE process = ?1 ORDER BY number";
    let mut statement = connection.prepare_cached(sql)?;
    statement.query_map([process], stored)?.map(|row| read(row?)).collect()
}

/// A proposal.
pub fn find(connection: &Connection, proposal: &ProposalId) -> Result<Option<Proposal>, StorageError> {
    let sql = "SELECT document, comments, comments_simulated FROM proposal WHERE id = ?1";
    let row = connection.prepare_cached(sql)?.query_row([proposal.as_str()], stored).optional()?;
    row.map(read).transpose()
}

/// Conditions that combine by *and*, with their values.
struct Conditions {
    sql: String,
    values: Vec<Value>,
}

impl Conditions {
    /// Adds a condition; its one `?` stands for the value.
    fn and(&mut self, condition: &str, value: impl Into<Value>) {
        self.sql.push_str(" AND ");
        self.sql.push_str(condition);
        self.values.push(value.into());
    }
}

fn narrow(query: &ProposalQuery) -> Conditions {
    let process = query.process.as_str().to_owned();
    let mut conditions = Conditions { sql: "process = ?".to_owned(), values: vec![process.into()] };
    let filter = &query.filter;
    for word in fold(&filter.q).split_whitespace() {
        conditions.and("instr(search, ?) > 0", word.to_owned());
    }
    if let Some(level) = filter.level {
        conditions.and("level = ?", level.as_str().to_owned());
    }
    if let Some(status) = filter.status {
        conditions.and("status = ?", status.as_str().to_owned());
    }
    if let Some(theme) = &filter.theme {
        conditions
            .and("id IN (SELECT proposal FROM proposal_theme WHERE theme = ?)", theme.as_str().to_owned());
    }
    if let Some(territory) = &filter.territory {
        // The code of a department (two digits) begins those of its municipalities (five).
        let condition =
            if territory.as_str().len() == 2 { "substr(territory, 1, 2) = ?" } else { "territory = ?" };
        conditions.and(condition, territory.as_str().to_owned());
    }
    conditions
}

/// A page, and how many match on all pages.
pub fn list(connection: &Connection, query: &ProposalQuery) -> Result<(Page<ProposalSummary>, u32), Refusal> {
    let mut conditions = narrow(query);
    let sql = format!("SELECT count(*) FROM proposal WHERE {}", conditions.sql);
    let total: u32 =
        connection.prepare_cached(&sql)?.query_row(params_from_iter(&conditions.values), |row| row.get(0))?;

    let order = match query.filter.sort {
        Sort::Number => {
            if let Some((number,)) = cursor::read::<(i64,)>(&query.cursor)? {
                conditions.and("number > ?", number);
            }
            "number"
        }
        Sort::Title => {
            if let Some((title, number)) = cursor::read::<(String, i64)>(&query.cursor)? {
                conditions.and("(title_folded, number) > (?,", title);
                conditions.sql.push_str(" ?)");
                conditions.values.push(number.into());
            }
            "title_folded, number"
        }
        Sort::Comments => {
            if let Some((comments, number)) = cursor::read::<(i64, i64)>(&query.cursor)? {
                conditions.and("(-comments, number) > (?,", -comments);
                conditions.sql.push_str(" ?)");
                conditions.values.push(number.into());
            }
            "comments DESC, number"
        }
    };
    conditions.values.push(i64::from(query.limit + 1).into());
    let sql = format!(
        "SELECT document, comments, comments_simulated FROM proposal WHERE {} ORDER BY {order} LIMIT ?",
        conditions.sql
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let rows = statement.query_map(params_from_iter(&conditions.values), stored)?;
    let mut items = rows.map(|row| Ok(read(row?)?.head)).collect::<Result<Vec<_>, StorageError>>()?;
    let more = items.len() > query.limit as usize;
    items.truncate(query.limit as usize);
    let next = items.last().filter(|_| more).map(|last| match query.filter.sort {
        Sort::Number => cursor::write(&(last.number,)),
        Sort::Title => cursor::write(&(fold(&last.title), last.number)),
        Sort::Comments => cursor::write(&(last.comments.total, last.number)),
    });
    Ok((Page { items, next }, total))
}

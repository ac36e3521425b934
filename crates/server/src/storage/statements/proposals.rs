//! Searching, filtering and sorting proposals.

use super::{ProposalQuery, Refusal, StorageError, corrupt};
use crate::cursor;
use crate::storage::connection::{Bind, Connection, Row, Value, containing, values};
use cabildo_contract::id::ProposalId;
use cabildo_contract::page::Page;
use cabildo_contract::proposal::{Proposal, ProposalSummary, Sort};
use cabildo_contract::tally::Count;
use cabildo_contract::text::fold;

/// Reads `document, comments, comments_simulated`.
fn read(row: &Row<'_>) -> Result<Proposal, StorageError> {
    let mut proposal: Proposal = serde_json::from_str(&row.get::<String>(0)?).map_err(corrupt)?;
    proposal.head.comments = Count { total: row.get(1)?, simulated: row.get(2)? };
    Ok(proposal)
}

/// All proposals of a process, by number.
pub fn all(connection: &Connection, process: &str) -> Result<Vec<Proposal>, StorageError> {
    let sql =
        "SELECT document, comments, comments_simulated FROM proposal WHERE process = ?1 ORDER BY number";
    connection.all(sql, values![process], read)
}

/// A proposal.
pub fn find(connection: &Connection, proposal: &ProposalId) -> Result<Option<Proposal>, StorageError> {
    let sql = "SELECT document, comments, comments_simulated FROM proposal WHERE id = ?1";
    connection.find(sql, values![proposal.as_str()], read)
}

/// Conditions that combine by *and*, with their values.
struct Conditions {
    sql: String,
    values: Vec<Box<dyn Bind>>,
}

impl Conditions {
    /// The place in the statement of one more value.
    fn place(&mut self, value: impl Bind + 'static) -> String {
        self.values.push(Box::new(value));
        format!("?{}", self.values.len())
    }

    /// Adds a condition that ends with a value.
    fn and(&mut self, condition: &str, value: impl Bind + 'static) {
        let place = self.place(value);
        self.sql.push_str(&format!(" AND {condition} {place}"));
    }

    /// Adds that two columns come after two values.
    fn after(&mut self, columns: &str, first: impl Bind + 'static, second: i64) {
        let (first, second) = (self.place(first), self.place(second));
        self.sql.push_str(&format!(" AND ({columns}) > ({first}, {second})"));
    }

    fn values(&self) -> Vec<Value<'_>> {
        self.values.iter().map(|value| value.bind()).collect()
    }
}

fn narrow(query: &ProposalQuery) -> Conditions {
    let mut conditions = Conditions { sql: String::new(), values: Vec::new() };
    let process = conditions.place(query.process.as_str().to_owned());
    conditions.sql = format!("process = {process}");
    let filter = &query.filter;
    for word in fold(&filter.q).split_whitespace() {
        // PostgreSQL has no texts with a zero in them, to search for or to find.
        let word = word.replace('\0', "\u{fffd}");
        let place = conditions.place(containing(&word));
        conditions.sql.push_str(&format!(r" AND search LIKE {place} ESCAPE '\'"));
    }
    if let Some(level) = filter.level {
        conditions.and("level =", level.as_str().to_owned());
    }
    if let Some(status) = filter.status {
        conditions.and("status =", status.as_str().to_owned());
    }
    if let Some(theme) = &filter.theme {
        let theme = conditions.place(theme.as_str().to_owned());
        conditions
            .sql
            .push_str(&format!(" AND id IN (SELECT proposal FROM proposal_theme WHERE theme = {theme})"));
    }
    if let Some(territory) = &filter.territory {
        // The code of a department (two digits) begins those of its municipalities (five).
        let condition =
            if territory.as_str().len() == 2 { "substr(territory, 1, 2) =" } else { "territory =" };
        conditions.and(condition, territory.as_str().to_owned());
    }
    conditions
}

/// A page, and how many match on all pages.
pub fn list(connection: &Connection, query: &ProposalQuery) -> Result<(Page<ProposalSummary>, u32), Refusal> {
    let mut conditions = narrow(query);
    let sql = format!("SELECT count(*) FROM proposal WHERE {}", conditions.sql);
    let total: u32 = connection.the(&sql, &conditions.values(), |row| row.get(0))?;

    let order = match query.filter.sort {
        Sort::Number => {
            if let Some((number,)) = cursor::read::<(i64,)>(&query.cursor)? {
                conditions.and("number >", number);
            }
            "number"
        }
        Sort::Title => {
            if let Some((title, number)) = cursor::read::<(String, i64)>(&query.cursor)? {
                conditions.after("title_folded, number", title, number);
            }
            "title_folded, number"
        }
        Sort::Comments => {
            if let Some((comments, number)) = cursor::read::<(i64, i64)>(&query.cursor)? {
                conditions.after("-comments, number", -comments, number);
            }
            "comments DESC, number"
        }
    };
    let limit = conditions.place(i64::from(query.limit + 1));
    let sql = format!(
        "SELECT document, comments, comments_simulated FROM proposal WHERE {} ORDER BY {order} LIMIT {limit}",
        conditions.sql
    );
    let mut items = connection.all(&sql, &conditions.values(), |row| Ok(read(row)?.head))?;
    let more = items.len() > query.limit as usize;
    items.truncate(query.limit as usize);
    let next = items.last().filter(|_| more).map(|last| match query.filter.sort {
        Sort::Number => cursor::write(&(last.number,)),
        Sort::Title => cursor::write(&(fold(&last.title), last.number)),
        Sort::Comments => cursor::write(&(last.comments.total, last.number)),
    });
    Ok((Page::new(items, next), total))
}

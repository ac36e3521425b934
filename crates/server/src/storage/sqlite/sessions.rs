//! People and their sessions.

use super::StorageError;
use crate::domain::Person;
use cabildo_contract::time::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};

/// The person behind a token.
pub fn find(connection: &Connection, token_hash: &[u8; 32]) -> Result<Option<Person>, StorageError> {
    let sql = "SELECT person.id, author, simulated, territory FROM session JOIN person ON person.id = session.person
               WHERE token_hash = ?1";
    let person = connection.prepare_cached(sql)?.query_row([token_hash.as_slice()], read).optional()?;
    Ok(person)
}

/// Reads `id, author, simulated, territory`.
pub fn read(row: &Row<'_>) -> rusqlite::Result<Person> {
    Ok(Person { id: row.get(0)?, author: row.get(1)?, simulated: row.get(2)?, territory: row.get(3)? })
}

/// Makes a person under the first author code that nobody has.
pub fn new_person(
    connection: &Connection,
    authors: &[String],
    simulated: bool,
) -> Result<Person, StorageError> {
    let sql = "INSERT INTO person (author, simulated) VALUES (?1, ?2) ON CONFLICT (author) DO NOTHING";
    for author in authors {
        if connection.prepare_cached(sql)?.execute(params![author, simulated])? == 1 {
            let id = connection.last_insert_rowid();
            return Ok(Person { id, author: author.clone(), simulated, territory: None });
        }
    }
    Err(StorageError::Unavailable("every author code that was tried is taken".to_owned()))
}

/// Makes a person and their session.
pub fn open(
    connection: &Connection,
    token_hash: &[u8; 32],
    authors: &[String],
    simulated: bool,
    at: Timestamp,
) -> Result<Person, StorageError> {
    let person = new_person(connection, authors, simulated)?;
    let sql = "INSERT INTO session (token_hash, person, opened_at) VALUES (?1, ?2, ?3)";
    connection.prepare_cached(sql)?.execute(params![token_hash.as_slice(), person.id, at.millis()])?;
    Ok(person)
}

/// Forgets a session.
pub fn end(connection: &Connection, token_hash: &[u8; 32]) -> Result<(), StorageError> {
    let sql = "DELETE FROM session WHERE token_hash = ?1";
    connection.prepare_cached(sql)?.execute([token_hash.as_slice()])?;
    Ok(())
}

//! People and their sessions.

use super::StorageError;
use crate::domain::Person;
use crate::storage::connection::{Connection, Row, values};
use cabildo_contract::time::Timestamp;

/// The person behind a token.
pub fn find(connection: &Connection, token_hash: &[u8; 32]) -> Result<Option<Person>, StorageError> {
    let sql = "SELECT person.id, author, simulated, territory FROM session JOIN person ON person.id = session.person
               WHERE token_hash = ?1";
    connection.find(sql, values![token_hash.as_slice()], read)
}

/// The person behind a token that a session was given after `since`: when it was opened, or recognised.
pub fn find_recent(
    connection: &Connection,
    token_hash: &[u8; 32],
    since: Timestamp,
) -> Result<Option<Person>, StorageError> {
    let sql = "SELECT person.id, author, simulated, territory FROM session JOIN person ON person.id = session.person
               WHERE token_hash = ?1 AND opened_at > ?2";
    connection.find(sql, values![token_hash.as_slice(), since.millis()], read)
}

/// Reads `id, author, simulated, territory`.
pub fn read(row: &Row<'_>) -> Result<Person, StorageError> {
    Ok(Person { id: row.get(0)?, author: row.get(1)?, simulated: row.get(2)?, territory: row.get(3)? })
}

/// Makes a person under the first author code that nobody has.
pub fn new_person(
    connection: &Connection,
    authors: &[String],
    simulated: bool,
) -> Result<Person, StorageError> {
    let sql =
        "INSERT INTO person (author, simulated) VALUES (?1, ?2) ON CONFLICT (author) DO NOTHING RETURNING id";
    for author in authors {
        if let Some(id) = connection.find(sql, values![author, simulated], |row| row.get(0))? {
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
    connection.execute(sql, values![token_hash.as_slice(), person.id, at.millis()])?;
    Ok(person)
}

/// Forgets a session.
pub fn end(connection: &Connection, token_hash: &[u8; 32]) -> Result<(), StorageError> {
    let sql = "DELETE FROM session WHERE token_hash = ?1";
    connection.execute(sql, values![token_hash.as_slice()])?;
    Ok(())
}

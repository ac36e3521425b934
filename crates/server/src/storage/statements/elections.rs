//! Elections that were imported with their ballots, and the ballots of any consultation for an export.

use super::{
    ImportRefusal, Imported, NewElection, StorageError, StoredElection, acts, ballots, corrupt, import,
};
use crate::pabulib::Cast;
use crate::process_file::ProcessFile;
use crate::random;
use crate::storage::connection::{Connection, values};
use cabildo_contract::ballot::BallotBody;
use cabildo_contract::id::{ConsultationId, OptionId, ProcessId};
use cabildo_contract::time::Timestamp;

/// Writes a process and what its file says of its one consultation. Ballots that an earlier import of it brought are
/// replaced; those that were cast here stay.
pub fn put(
    connection: &Connection,
    file: &ProcessFile,
    election: &NewElection,
    now: Timestamp,
) -> Result<Imported, ImportRefusal> {
    let slug = file.consultations.first().map(|consultation| consultation.slug.as_str()).unwrap_or_default();
    let removed = match find(connection, slug)? {
        Some((consultation, _)) => forget(connection, &consultation)?,
        None => 0,
    };
    let imported = import::put(connection, file, now)?;
    let (consultation, process) =
        find(connection, slug)?.ok_or_else(|| corrupt("the consultation is gone"))?;
    let sql = "INSERT INTO election (consultation, document) VALUES (?1, ?2)
               ON CONFLICT (consultation) DO UPDATE SET document = excluded.document";
    let document = serde_json::to_string(&election.kept).map_err(corrupt)?;
    connection.execute(sql, values![consultation.as_str(), document])?;
    let options = options(connection, &consultation)?;
    let added = election.ballots.len();
    for (position, ballot) in election.ballots.iter().enumerate() {
        let choices = ballot.choices.iter().map(|at| options.get(*at).cloned());
        let choices =
            choices.collect::<Option<Vec<_>>>().ok_or_else(|| corrupt("a ballot without its option"))?;
        let body = election.rule.as_kept(BallotBody { choices, points: ballot.points.clone() });
        let person = person(connection)?;
        let (choices, points) = ballots::columns(&body)?;
        let sql = "INSERT INTO ballot
                   (consultation, person, receipt, revision, received_at, choices, points, channel)
                   VALUES (?1, ?2, ?3, 1, ?4, ?5, ?6, ?7)";
        connection.execute(
            sql,
            values![
                consultation.as_str(),
                person,
                format!("imported-{position}"),
                now.millis(),
                choices,
                points,
                ballot.channel.as_str()
            ],
        )?;
        let sql =
            "INSERT INTO imported_ballot (consultation, position, person, fields) VALUES (?1, ?2, ?3, ?4)";
        let fields = serde_json::to_string(&ballot.fields).map_err(corrupt)?;
        connection.execute(sql, values![consultation.as_str(), position, person, fields])?;
    }
    if added + removed > 0 {
        let act = acts::Act {
            process: &process,
            consultation: Some(&consultation),
            subject: None,
            call: None,
            kind: "import",
            at: now,
        };
        acts::record(connection, None, &act)?;
    }
    Ok(imported)
}

fn find(connection: &Connection, slug: &str) -> Result<Option<(ConsultationId, ProcessId)>, StorageError> {
    let sql = "SELECT id, process FROM consultation WHERE slug = ?1";
    let found: Option<(String, String)> =
        connection.find(sql, values![slug], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let Some((consultation, process)) = found else { return Ok(None) };
    let consultation = ConsultationId::parse(consultation).map_err(corrupt)?;
    Ok(Some((consultation, ProcessId::parse(process).map_err(corrupt)?)))
}

/// Removes the ballots that an import brought, and the people whom it made up for them; says how many.
fn forget(connection: &Connection, consultation: &ConsultationId) -> Result<usize, StorageError> {
    let sql = "SELECT person FROM imported_ballot WHERE consultation = ?1";
    let people: Vec<i64> = connection.all(sql, values![consultation.as_str()], |row| row.get(0))?;
    connection
        .execute("DELETE FROM imported_ballot WHERE consultation = ?1", values![consultation.as_str()])?;
    let removed = people.len();
    for person in people {
        connection.execute("DELETE FROM ballot WHERE person = ?1", values![person])?;
        connection.execute("DELETE FROM person WHERE id = ?1", values![person])?;
    }
    Ok(removed)
}

/// The options of a consultation, in the order of its file.
fn options(connection: &Connection, consultation: &ConsultationId) -> Result<Vec<OptionId>, StorageError> {
    let sql = "SELECT id FROM ballot_option WHERE consultation = ?1 ORDER BY position";
    connection.all(sql, values![consultation.as_str()], |row| {
        OptionId::parse(row.get::<String>(0)?).map_err(corrupt)
    })
}

/// Somebody for a ballot to belong to, without a session.
fn person(connection: &Connection) -> Result<i64, ImportRefusal> {
    let sql =
        "INSERT INTO person (author, simulated) VALUES (?1, 0) ON CONFLICT (author) DO NOTHING RETURNING id";
    for _ in 0..8 {
        if let Some(id) = connection.find(sql, values![random::author()?], |row| row.get(0))? {
            return Ok(id);
        }
    }
    Err(StorageError::Unavailable("every author code that was tried is taken".to_owned()).into())
}

/// All ballots of a consultation that stand: those that were imported in the order of their file, then the others.
pub fn load(connection: &Connection, consultation: &ConsultationId) -> Result<StoredElection, StorageError> {
    let sql = "SELECT document FROM election WHERE consultation = ?1";
    let document: Option<String> = connection.find(sql, values![consultation.as_str()], |row| row.get(0))?;
    let kept = document.map(|document| serde_json::from_str(&document)).transpose().map_err(corrupt)?;
    let sql = "SELECT imported_ballot.fields, choices, points, channel FROM ballot
               LEFT JOIN imported_ballot ON imported_ballot.consultation = ballot.consultation
               AND imported_ballot.person = ballot.person
               WHERE ballot.consultation = ?1 AND choices IS NOT NULL
               ORDER BY imported_ballot.position IS NULL, imported_ballot.position";
    let mut ballots = Vec::new();
    connection.each(sql, values![consultation.as_str()], |row| {
        let fields: Option<String> = row.get(0)?;
        let fields = fields.map(|fields| serde_json::from_str(&fields)).transpose().map_err(corrupt)?;
        let (body, channel) = ballots::read(row, 1)?.whole()?;
        ballots.extend(body.map(|body| Cast { body, channel, fields }));
        Ok(())
    })?;
    Ok(StoredElection { kept, ballots })
}

//! People who identified themselves, the codes that they were sent, and what is kept of a person.

use super::{StorageError, ballots, corrupt, sessions};
use crate::domain::{Person, Refusal};
use crate::identity::Hash;
use crate::storage::connection::{Connection, Row, values};
use crate::storage::{CodeOutcome, CodeTry, NewCodeRow, Recognised};
use cabildo_contract::id::{CommentId, ProcessId, Slug, SubmissionId};
use cabildo_contract::identity::{
    CODE_AGAIN_SECONDS, CODE_SECONDS, CODE_TRIES, Consented, Identity, KeptBallot, KeptComment,
    OpenedSession, PersonRecord,
};
use cabildo_contract::session::{Assurance, Identified};
use cabildo_contract::time::Timestamp;
use data_encoding::HEXLOWER;

/// Codes that an identity is sent within an hour at most. Further ones are not sent, and nobody is told.
const CODES_AN_HOUR: u32 = 5;

/// The salt of a process, `fresh` if nobody identified themselves there before; none once it was forgotten: with another,
/// whoever has voted would be somebody new.
pub fn salt(
    connection: &Connection,
    process: &ProcessId,
    fresh: &Hash,
) -> Result<Option<Hash>, StorageError> {
    let sql = "SELECT 1 FROM identity WHERE process = ?1 LIMIT 1";
    if connection.find(sql, values![process.as_str()], |_| Ok(()))?.is_none() {
        let sql = "INSERT INTO process_salt (process, salt) VALUES (?1, ?2) ON CONFLICT (process) DO NOTHING";
        connection.execute(sql, values![process.as_str(), fresh])?;
    }
    let sql = "SELECT salt FROM process_salt WHERE process = ?1";
    connection.find(sql, values![process.as_str()], |row| row.get(0))
}

/// Makes the hashes of these processes' identities meaningless for ever.
pub fn forget_salts(connection: &Connection, processes: &[ProcessId]) -> Result<usize, StorageError> {
    let mut forgotten = 0;
    for process in processes {
        let sql = "DELETE FROM process_salt WHERE process = ?1";
        forgotten += connection.execute(sql, values![process.as_str()])?;
        connection.execute("DELETE FROM code WHERE process = ?1", values![process.as_str()])?;
    }
    Ok(forgotten)
}

/// Keeps a code that is about to be sent; says whether to send it.
pub fn put_code(connection: &Connection, new: &NewCodeRow) -> Result<bool, Refusal> {
    let sql = "SELECT sent_at FROM code WHERE token_hash = ?1";
    let before: Option<i64> = connection.find(sql, values![&new.token_hash[..]], |row| row.get(0))?;
    // What was sent later than in a moment was sent while the clock was wrong.
    let soon = new.at.plus_seconds(CODE_AGAIN_SECONDS);
    if let Some(before) = before.map(Timestamp::from_millis).filter(|before| *before <= soon) {
        let again = before.plus_seconds(CODE_AGAIN_SECONDS);
        if new.at < again {
            let wait = (again.millis() - new.at.millis()).div_euclid(1000) + 1;
            return Err(Refusal::TooSoon(u32::try_from(wait).unwrap_or(u32::MAX)));
        }
    }
    let hour_ago = new.at.plus_seconds(-3600).millis();
    let sql = "DELETE FROM code_sent WHERE at <= ?1 OR at > ?2";
    connection.execute(sql, values![hour_ago, soon.millis()])?;
    let sql = "SELECT count(*) FROM code_sent WHERE identity = ?1";
    let sent: u32 = connection.the(sql, values![&new.identity[..]], |row| row.get(0))?;
    // The row is the same either way: whoever asks learns nothing of who else asked.
    let sql = "INSERT INTO code (token_hash, process, identity, hash, consent, sent_at, tries)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0)
               ON CONFLICT (token_hash) DO UPDATE SET process = excluded.process, identity = excluded.identity,
               hash = excluded.hash, consent = excluded.consent, sent_at = excluded.sent_at, tries = 0";
    connection.execute(
        sql,
        values![new.token_hash, new.process.as_str(), new.identity, new.hash, new.consent, new.at.millis()],
    )?;
    if sent >= CODES_AN_HOUR {
        return Ok(false);
    }
    let sql = "INSERT INTO code_sent (identity, at) VALUES (?1, ?2)";
    connection.execute(sql, values![new.identity, new.at.millis()])?;
    Ok(true)
}

/// Forgets the code that was put for a session at `at`, and that it was sent to an identity.
pub fn drop_code(
    connection: &Connection,
    token_hash: &Hash,
    identity: &Hash,
    at: Timestamp,
) -> Result<(), StorageError> {
    let sql = "DELETE FROM code WHERE token_hash = ?1 AND sent_at = ?2";
    connection.execute(sql, values![token_hash, at.millis()])?;
    let sql = "DELETE FROM code_sent WHERE identity = ?1 AND at = ?2";
    connection.execute(sql, values![identity, at.millis()])?;
    Ok(())
}

/// Compares a code with the one that a session was sent; the right one recognises the session. What is wrong counts, so
/// this ends well in any case.
pub fn try_code(connection: &Connection, entered: &CodeTry) -> Result<CodeOutcome, Refusal> {
    let CodeTry { token_hash, fresh_token_hash, hash, authors, at } = entered;
    device(connection, token_hash)?;
    let sql = "SELECT process, identity, hash, consent, sent_at, tries FROM code WHERE token_hash = ?1";
    let row: Option<(String, Hash, Option<Hash>, String, i64, u32)> =
        connection.find(sql, values![&token_hash[..]], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?))
        })?;
    let Some((process, identity, Some(expected), consent, sent_at, tries)) = row else {
        return Ok(CodeOutcome::Expired);
    };
    if *at >= Timestamp::from_millis(sent_at).plus_seconds(CODE_SECONDS) {
        return Ok(CodeOutcome::Expired);
    }
    let tries = tries + 1;
    let right = expected == *hash;
    let used_up = right || tries >= CODE_TRIES;
    let sql =
        "UPDATE code SET tries = ?2, hash = CASE WHEN ?3 = 1 THEN NULL ELSE hash END WHERE token_hash = ?1";
    connection.execute(sql, values![token_hash, tries, used_up])?;
    Ok(match (right, CODE_TRIES - tries) {
        (true, _) => CodeOutcome::Right(recognise(
            connection,
            &Recognised {
                token_hash: *token_hash,
                fresh_token_hash: *fresh_token_hash,
                process: ProcessId::parse(process).map_err(corrupt)?,
                assurance: Assurance::Email,
                identity,
                authors: authors.clone(),
                consent: Some(consent),
                at: *at,
            },
        )?),
        (false, 0) => CodeOutcome::Expired,
        (false, left) => CodeOutcome::Wrong(left),
    })
}

/// Whoever opened a session. Nobody simulated is recognised as anybody.
fn device(connection: &Connection, token_hash: &Hash) -> Result<Person, Refusal> {
    let person = sessions::find(connection, token_hash)?;
    person.filter(|person| !person.simulated).ok_or(Refusal::SessionRequired)
}

/// Recognises a session as the person of an identity: the one who had it before or, if nobody had, whoever uses the
/// session, unless that person has an identity that this session is not recognised by, and so is somebody else. The
/// session's token is replaced.
pub fn recognise(connection: &Connection, new: &Recognised) -> Result<Person, Refusal> {
    let Recognised { token_hash, fresh_token_hash, process, assurance, identity, authors, consent, at } = new;
    let assurance = assurance.to_string();
    let device = device(connection, token_hash)?;
    let sql = "SELECT person FROM identity WHERE process = ?1 AND assurance = ?2 AND hash = ?3";
    let known: Option<Option<i64>> =
        connection.find(sql, values![process.as_str(), assurance, identity], |row| row.get(0))?;
    let person = match known {
        Some(Some(person)) => person,
        Some(None) => return Err(Refusal::Left),
        None => {
            let sql = "SELECT 1 FROM identity WHERE person = ?1 AND ((process = ?2 AND assurance = ?3) OR NOT EXISTS (
                           SELECT 1 FROM identified WHERE token_hash = ?4 AND identified.person = identity.person
                           AND identified.process = identity.process AND identified.assurance = identity.assurance))
                       LIMIT 1";
            let taken =
                connection
                    .find(sql, values![device.id, process.as_str(), assurance, token_hash], |_| Ok(()))?;
            let person = match taken {
                Some(()) => sessions::new_person(connection, authors, false)?.id,
                None => device.id,
            };
            let sql =
                "INSERT INTO identity (process, assurance, hash, person, since) VALUES (?1, ?2, ?3, ?4, ?5)";
            connection.execute(sql, values![process.as_str(), assurance, identity, person, at.millis()])?;
            person
        }
    };
    if let Some(version) = consent {
        let sql = "INSERT INTO consent (person, process, version, at) VALUES (?1, ?2, ?3, ?4)
                   ON CONFLICT DO NOTHING";
        connection.execute(sql, values![person, process.as_str(), version, at.millis()])?;
    }
    let sql = "INSERT INTO identified (token_hash, process, assurance, person) VALUES (?1, ?2, ?3, ?4)
               ON CONFLICT (token_hash, process, assurance) DO UPDATE SET person = excluded.person";
    connection.execute(sql, values![token_hash, process.as_str(), assurance, person])?;
    // Whoever knew the token before does not know the one that is worth something.
    let sql = "UPDATE session SET token_hash = ?2, opened_at = ?3 WHERE token_hash = ?1";
    connection.execute(sql, values![token_hash, fresh_token_hash, at.millis()])?;
    Ok(device)
}

/// As whom a session is recognised in a process.
pub fn find(
    connection: &Connection,
    token_hash: &Hash,
    process: &ProcessId,
    assurance: &Assurance,
) -> Result<Option<Person>, StorageError> {
    let sql = "SELECT person.id, author, simulated, territory FROM identified
               JOIN person ON person.id = identified.person
               WHERE token_hash = ?1 AND process = ?2 AND assurance = ?3";
    let assurance = assurance.to_string();
    connection.find(sql, values![token_hash, process.as_str(), assurance], sessions::read)
}

/// Where a session is identified.
pub fn identified(connection: &Connection, token_hash: &Hash) -> Result<Vec<Identified>, StorageError> {
    let sql = "SELECT process.slug, assurance FROM identified JOIN process ON process.id = identified.process
               WHERE token_hash = ?1 ORDER BY process.slug, assurance";
    connection.all(sql, values![token_hash], |row| {
        let assurance = Assurance::parse(&row.get::<String>(1)?).map_err(corrupt)?;
        Ok(Identified { process: slug(row.get(0)?)?, assurance })
    })
}

fn slug(text: String) -> Result<Slug, StorageError> {
    Slug::parse(text).map_err(corrupt)
}

/// Names a session without opening it.
fn session_id(token_hash: &Hash) -> Result<Slug, StorageError> {
    slug(HEXLOWER.encode(token_hash.get(..8).unwrap_or_default()))
}

/// The people whom a session acts as: whom it is recognised as, and whoever opened it, unless they identified themselves:
/// then it is theirs only while it is recognised as them, and not once somebody else took their place.
const PEOPLE: &str = "(SELECT person FROM session WHERE token_hash = ?1
                       AND NOT EXISTS (SELECT 1 FROM identity WHERE identity.person = session.person)
                       UNION SELECT person FROM identified WHERE token_hash = ?1)";
/// Their sessions.
const SESSIONS: &str = "(SELECT token_hash FROM session WHERE person IN (SELECT person FROM people)
                         AND NOT EXISTS (SELECT 1 FROM identity WHERE identity.person = session.person)
                         UNION SELECT token_hash FROM identified WHERE person IN (SELECT person FROM people))";

fn all<T>(
    connection: &Connection,
    sql: &str,
    token_hash: &Hash,
    read: impl Fn(&Row<'_>) -> Result<T, StorageError>,
) -> Result<Vec<T>, StorageError> {
    connection.all(&format!("WITH people (person) AS {PEOPLE} {sql}"), values![token_hash], read)
}

fn time(row: &Row<'_>, at: usize) -> Result<Timestamp, StorageError> {
    Ok(Timestamp::from_millis(row.get(at)?))
}

/// Everything that is kept of whoever uses a session.
pub fn record(connection: &Connection, token_hash: &Hash) -> Result<PersonRecord, StorageError> {
    let many = |sql: &str| all(connection, sql, token_hash, |row| row.get::<String>(0));
    let territories = many(
        "SELECT territory FROM person WHERE id IN (SELECT person FROM people) AND territory IS NOT NULL",
    )?;
    let submissions = many(
        "SELECT id FROM submission WHERE person IN (SELECT person FROM people) AND withdrawn_at IS NULL",
    )?;
    Ok(PersonRecord {
        authors: many("SELECT author FROM person WHERE id IN (SELECT person FROM people) ORDER BY id")?,
        territory: territories.into_iter().next(),
        identities: all(
            connection,
            "SELECT process.slug, assurance, since, consent.version, consent.at FROM identity
             JOIN process ON process.id = identity.process
             LEFT JOIN consent ON consent.person = identity.person AND consent.process = identity.process
             AND consent.at = (SELECT max(at) FROM consent AS last WHERE last.person = identity.person
                               AND last.process = identity.process)
             WHERE identity.person IN (SELECT person FROM people) ORDER BY since",
            token_hash,
            |row| {
                let version: Option<String> = row.get(3)?;
                let consent =
                    version.map(|version| Ok::<_, StorageError>(Consented { version, at: time(row, 4)? }));
                Ok(Identity {
                    process: slug(row.get(0)?)?,
                    assurance: Assurance::parse(&row.get::<String>(1)?).map_err(corrupt)?,
                    since: time(row, 2)?,
                    consent: consent.transpose()?,
                })
            },
        )?,
        sessions: all(
            connection,
            &format!(
                "SELECT token_hash, opened_at FROM session WHERE token_hash IN {SESSIONS}
                 ORDER BY opened_at DESC, token_hash"
            ),
            token_hash,
            |row| {
                let hash: Hash = row.get(0)?;
                Ok(OpenedSession {
                    id: session_id(&hash)?,
                    opened_at: time(row, 1)?,
                    is_current: hash == *token_hash,
                })
            },
        )?,
        ballots: all(
            connection,
            "SELECT consultation.slug, receipt, received_at, choices, points, channel FROM ballot
             JOIN consultation ON consultation.id = ballot.consultation
             WHERE person IN (SELECT person FROM people) ORDER BY received_at, consultation.slug",
            token_hash,
            |row| {
                let (ballot, _) = ballots::read(row, 3)?.whole()?;
                Ok(KeptBallot {
                    consultation: slug(row.get(0)?)?,
                    receipt: row.get(1)?,
                    received_at: time(row, 2)?,
                    ballot,
                })
            },
        )?,
        comments: all(
            connection,
            "SELECT id, posted_at, text FROM comment WHERE person IN (SELECT person FROM people) ORDER BY posted_at, id",
            token_hash,
            |row| {
                let id = CommentId::parse(row.get::<String>(0)?).map_err(corrupt)?;
                Ok(KeptComment { id, posted_at: time(row, 1)?, text: row.get(2)? })
            },
        )?,
        submissions: submissions
            .into_iter()
            .map(|id| SubmissionId::parse(id).map_err(corrupt))
            .collect::<Result<_, _>>()?,
    })
}

/// Ends one of the sessions of whoever uses a session; says whether there was one.
pub fn end_other(connection: &Connection, token_hash: &Hash, id: &Slug) -> Result<bool, StorageError> {
    let sql = format!("SELECT token_hash FROM session WHERE token_hash IN {SESSIONS}");
    let hashes: Vec<Hash> = all(connection, &sql, token_hash, |row| row.get(0))?;
    for hash in hashes {
        if session_id(&hash)? == *id {
            connection.execute("DELETE FROM session WHERE token_hash = ?1", values![&hash[..]])?;
            return Ok(true);
        }
    }
    Ok(false)
}

/// Ends all sessions of whoever uses a session, and unlinks their identities. Gives the people that they were.
pub fn leave(connection: &Connection, token_hash: &Hash) -> Result<Vec<i64>, StorageError> {
    let people: Vec<i64> = all(connection, "SELECT person FROM people", token_hash, |row| row.get(0))?;
    for person in &people {
        for sql in [
            "UPDATE identity SET person = NULL WHERE person = ?1",
            "UPDATE person SET territory = NULL WHERE id = ?1",
            "DELETE FROM idempotency WHERE person = ?1",
            "DELETE FROM session WHERE token_hash IN (SELECT token_hash FROM identified WHERE person = ?1)",
            "DELETE FROM session WHERE person = ?1",
        ] {
            connection.execute(sql, values![person])?;
        }
    }
    Ok(people)
}

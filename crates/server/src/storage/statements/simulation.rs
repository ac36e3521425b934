//! Removing everything that simulated people did in a process.

use super::comments::STANDS;
use super::{StorageError, acts, board};
use crate::board::{Act, Change};
use crate::storage::Committed;
use crate::storage::connection::{Connection, values};
use cabildo_contract::id::ProcessId;
use cabildo_contract::process::SimulationRemoved;
use cabildo_contract::time::Timestamp;

/// Removes and counts anew. The sequence does not go back: the removal is an act itself.
pub fn remove(
    connection: &Connection,
    process: &ProcessId,
    at: Timestamp,
    committed: &mut Committed,
) -> Result<SimulationRemoved, StorageError> {
    let execute = |sql: &str| connection.execute(sql, values![process.as_str()]);

    // What goes: comments of simulated people, and every reply to one.
    connection.batch(
        "CREATE TEMP TABLE IF NOT EXISTS gone (id TEXT PRIMARY KEY); DELETE FROM gone;
         CREATE TEMP TABLE IF NOT EXISTS gone_person (id BIGINT PRIMARY KEY); DELETE FROM gone_person;",
    )?;
    execute(
        "INSERT INTO gone SELECT comment.id FROM comment JOIN person ON person.id = comment.person LEFT JOIN comment AS above ON above.id = comment.parent
         LEFT JOIN person AS author ON author.id = above.person
         WHERE comment.process = ?1 AND (person.simulated = 1 OR author.simulated = 1)",
    )?;
    execute(
        "INSERT INTO gone_person SELECT id FROM person WHERE simulated = 1 AND (
             id IN (SELECT ballot.person FROM ballot JOIN consultation ON consultation.id = ballot.consultation
                    WHERE consultation.process = ?1)
             OR id IN (SELECT comment.person FROM comment WHERE comment.process = ?1)
             OR id IN (SELECT submission.person FROM submission JOIN call ON call.id = submission.call
                    WHERE call.process = ?1)
             OR id IN (SELECT act.person FROM act WHERE act.process = ?1 AND act.simulated = 1))",
    )?;
    let removed = SimulationRemoved {
        people: connection.the("SELECT count(*) FROM gone_person", &[], |row| row.get(0))?,
        ballots: connection.the(
            "SELECT count(*) FROM ballot JOIN consultation ON consultation.id = ballot.consultation
             WHERE consultation.process = ?1 AND choices IS NOT NULL
             AND ballot.person IN (SELECT id FROM gone_person)",
            values![process.as_str()],
            |row| row.get(0),
        )?,
        comments: connection.the(
            "SELECT count(*) FROM comment WHERE id IN (SELECT id FROM gone) AND deleted_at IS NULL",
            &[],
            |row| row.get(0),
        )?,
        submissions: connection.the(
            "SELECT count(*) FROM submission JOIN call ON call.id = submission.call
             WHERE call.process = ?1 AND withdrawn_at IS NULL
             AND submission.person IN (SELECT id FROM gone_person)",
            values![process.as_str()],
            |row| row.get(0),
        )?,
    };

    // Numbers in which simulated people were counted.
    execute("DELETE FROM territory_snapshot WHERE process = ?1")?;
    execute(
        "DELETE FROM ballot WHERE person IN (SELECT id FROM gone_person)
         AND consultation IN (SELECT id FROM consultation WHERE process = ?1)",
    )?;
    // Their submissions, with what these said before and what repeated requests would be told.
    execute(
        "DELETE FROM idempotency WHERE comment IN (
             SELECT submission.id FROM submission JOIN call ON call.id = submission.call
             WHERE call.process = ?1 AND submission.person IN (SELECT id FROM gone_person))",
    )?;
    execute(
        "DELETE FROM submission WHERE person IN (SELECT id FROM gone_person)
         AND call IN (SELECT id FROM call WHERE process = ?1)",
    )?;
    // Reports by simulated people on comments that stay; those on comments that go fall with them.
    execute(
        "DELETE FROM report WHERE person IN (SELECT id FROM gone_person)
         AND comment IN (SELECT comment.id FROM comment WHERE comment.process = ?1)",
    )?;
    connection.batch(
        "DELETE FROM idempotency WHERE comment IN (SELECT id FROM gone);
         DELETE FROM comment WHERE parent IS NOT NULL AND id IN (SELECT id FROM gone);
         DELETE FROM comment WHERE id IN (SELECT id FROM gone);",
    )?;
    execute("DELETE FROM act WHERE process = ?1 AND simulated = 1")?;
    execute(&format!(
        "UPDATE proposal SET comments_simulated = 0, comments = (SELECT count(*) FROM comment
         WHERE comment.proposal = proposal.id AND {STANDS}) WHERE process = ?1"
    ))?;
    // A simulated person stays on record only where they took part in another process as well. Nobody simulated has an
    // identity; earlier versions gave them some.
    connection.batch(
        "DELETE FROM gone_person
         WHERE id IN (SELECT person FROM ballot) OR id IN (SELECT person FROM comment)
         OR id IN (SELECT person FROM report) OR id IN (SELECT person FROM submission);
         DELETE FROM identity WHERE person IN (SELECT id FROM gone_person);
         DELETE FROM person WHERE id IN (SELECT id FROM gone_person);",
    )?;
    // Their ids may be given to others, who do not live where they said.
    let gone: Vec<i64> = connection.all("SELECT id FROM gone_person", &[], |row| row.get(0))?;
    committed.said.extend(gone.into_iter().map(|person| (person, None)));

    let act = acts::Act { process, consultation: None, subject: None, call: None, kind: "remove", at };
    let sequence = acts::record(connection, None, &act)?;
    let rebuilt = board::load_process(connection, process)?;
    committed.acts.push(Change {
        sequence,
        at,
        process: process.clone(),
        person: 0,
        simulated: false,
        act: Act::Rebuilt(Box::new(rebuilt)),
    });
    Ok(removed)
}

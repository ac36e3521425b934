//! What the database promises: durability, one ballot a person, and nothing half-written when it fails.

use crate::calls::words;
use crate::harness::{
    CONSULTATION, PROCESS, Server, directory, embedded, number, open, run, slug, sqlite, start, time,
};
use cabildo_contract::ballot::{Ballot, BallotBody, CastBallot, GetBallot, MyBallot};
use cabildo_contract::call::CallSummary;
use cabildo_contract::comment::{ListComments, NewReport, ReportReason, Stance, Subject, Thread};
use cabildo_contract::consultation::Held;
use cabildo_contract::id::{CommentId, SubmissionId};
use cabildo_contract::moderation::{Decision, NewDecision};
use cabildo_contract::page::Page;
use cabildo_contract::problem::ProblemKind;
use cabildo_contract::tally::{Channel, GetResults, Results};
use cabildo_contract::time::Timestamp;
use cabildo_server::clock::Reading;
use cabildo_server::clock::{Clock, MockClock};
use cabildo_server::domain::Person;
use cabildo_server::figures;
use cabildo_server::random;
use cabildo_server::storage::database::Database;
use cabildo_server::storage::sqlite::{OpenError, Options};
use cabildo_server::storage::{NewBallot, NewPost, NewSubmissionRow, Storage};
use cabildo_server::{App, Setup};
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

fn count(directory: &Path, table: &str) -> u64 {
    number(directory, &format!("SELECT count(*) FROM {table}"))
}

#[tokio::test]
async fn a_restart_keeps_everything() {
    let (server, directory) = start().await;
    let cookie = server.somebody(false).await;
    let ballot = server.cast(&cookie, &[0, 1]).await;
    let comment = server.comment(&cookie, "Se queda").await;
    drop(server);
    let server = open(directory.path(), Options::default()).await;
    let mine = server.get("/api/v1/session").await;
    assert!(mine.text().contains("null"), "without the cookie there is no session");
    assert_eq!(server.cast(&cookie, &[1, 0]).await, ballot);
    let path = format!("/api/v1/proposals/{}/comments", server.proposal());
    assert!(server.get(&path).await.text().contains(comment.id.as_str()));
}

#[tokio::test]
async fn whatever_is_acknowledged_is_in_the_sqlite() {
    let directory = directory().await;
    for group_commit in [1, 256] {
        let server = Arc::new(open(directory.path(), Options { group_commit, ..Options::default() }).await);
        let before = count(directory.path(), "ballot");
        let mut tasks = tokio::task::JoinSet::new();
        for n in 0..60 {
            let server = Arc::clone(&server);
            let path = directory.path().to_owned();
            tasks.spawn(async move {
                let cookie = server.somebody(false).await;
                let ballot = server.cast(&cookie, &[n % 15]).await;
                // Another connection sees only what was committed.
                let sql = format!("SELECT count(*) FROM ballot WHERE receipt = '{}'", ballot.receipt);
                assert_eq!(number(&path, &sql), 1);
            });
        }
        tasks.join_all().await;
        assert_eq!(count(directory.path(), "ballot"), before + 60);
    }
}

#[tokio::test]
async fn a_write_that_is_refused_does_not_disturb_those_of_its_group() {
    let (server, directory) = start().await;
    let server = Arc::new(server);
    let author = server.somebody(false).await;
    let comment = server.comment(&author, "Original").await;
    let mut tasks = tokio::task::JoinSet::new();
    for n in 0..40 {
        let (server, id) = (Arc::clone(&server), comment.id.clone());
        tasks.spawn(async move {
            let cookie = server.somebody(false).await;
            if n % 2 == 0 {
                server.cast(&cookie, &[0]).await;
            } else {
                let path = format!("/api/v1/comments/{id}");
                let answer =
                    server.send("PUT", &path, &[("cookie", &cookie)], Some(r#"{"text":"Robado"}"#)).await;
                assert_eq!(answer.refused(), ProblemKind::NotYours);
            }
        });
    }
    tasks.join_all().await;
    assert_eq!(count(directory.path(), "ballot"), 20);
    assert_eq!(count(directory.path(), "act"), 21);
}

async fn try_cast(server: &Server, cookie: &str, option: usize) -> crate::harness::Answer {
    let body = server.choices(&[option]).await;
    server.call(&CastBallot::new(slug(CONSULTATION), body), Some(cookie)).await
}

#[tokio::test]
async fn a_locked_database_is_told_and_nothing_acknowledged_is_lost() {
    let directory = embedded().await;
    let options = Options { busy_timeout: Duration::from_millis(20), ..Options::default() };
    let server = open(directory.path(), options).await;
    let cookie = server.somebody(false).await;
    let kept = server.cast(&cookie, &[0]).await;

    let intruder = sqlite(directory.path());
    intruder.execute_batch("BEGIN IMMEDIATE").unwrap();
    let answer = try_cast(&server, &cookie, 1).await;
    assert_eq!(answer.refused(), ProblemKind::Unavailable);
    assert_eq!(answer.header("retry-after"), "5");
    assert_eq!(server.get("/readyz").await.status, 503);
    assert_eq!(server.get(&format!("/api/v1/processes/{PROCESS}")).await.status, 200, "reading goes on");
    let path = format!("/api/v1/consultations/{CONSULTATION}/ballot");
    let mine = server.send("GET", &path, &[("cookie", &cookie)], None).await;
    assert!(mine.text().contains(&kept.receipt));
    intruder.execute_batch("ROLLBACK").unwrap();

    let revised: Ballot = try_cast(&server, &cookie, 1).await.json();
    assert_eq!(revised.revision, 2, "the refused one left nothing behind");
    assert_eq!(server.app.live.as_of().sequence, 2);
}

#[tokio::test]
async fn a_full_disk_is_told_and_nothing_acknowledged_is_lost() {
    let directory = embedded().await;
    let pages: u32 = sqlite(directory.path()).query_row("PRAGMA page_count", [], |row| row.get(0)).unwrap();
    let options = Options { max_pages: Some(pages + 6), ..Options::default() };
    let server = open(directory.path(), options).await;
    let cookie = server.somebody(false).await;
    let mut acknowledged = 0;
    let text = "Un comentario que ocupa su espacio. ".repeat(50);
    let path = format!("/api/v1/proposals/{}/comments", server.proposal());
    let body = serde_json::json!({ "stance": "for", "text": text }).to_string();
    let refused = loop {
        let answer = server.send("POST", &path, &[("cookie", &cookie)], Some(&body)).await;
        if !answer.status.is_success() {
            break answer;
        }
        acknowledged += 1;
    };
    assert_eq!(refused.refused(), ProblemKind::Unavailable);
    assert!(acknowledged > 0);
    assert_eq!(count(directory.path(), "comment"), acknowledged);
    assert_eq!(server.app.live.as_of().sequence, acknowledged);
    drop(server);

    // With room again, it goes on where it stopped.
    let server = open(directory.path(), Options::default()).await;
    assert_eq!(server.app.live.as_of().sequence, acknowledged);
    server.comment(&cookie, "Ya hay espacio").await;
    assert_eq!(count(directory.path(), "comment"), acknowledged + 1);
}

#[tokio::test]
async fn a_damaged_database_is_an_internal_problem_and_no_panic() {
    let (server, directory) = start().await;
    let cookie = server.somebody(false).await;
    run(directory.path(), "DROP TABLE ballot").unwrap();
    assert_eq!(try_cast(&server, &cookie, 0).await.refused(), ProblemKind::Internal);
    server.comment(&cookie, "Lo demás funciona").await;
}

#[tokio::test]
async fn a_directory_belongs_to_one_server_at_a_time() {
    let directory = embedded().await;
    let server = open(directory.path(), Options::default()).await;
    let second = Database::open(directory.path(), Options::default());
    let Err(error @ OpenError::InUse(_)) = second else { panic!("two servers on one directory") };
    assert!(error.to_string().contains("in use by a running cabildo"), "{error}");
    drop(server);
    crate::harness::storage(directory.path());
}

#[tokio::test]
async fn a_database_from_a_newer_cabildo_is_left_alone() {
    let directory = embedded().await;
    sqlite(directory.path()).execute_batch("PRAGMA user_version = 99").unwrap();
    let opened = Database::open(directory.path(), Options::default());
    let Err(error) = opened else { panic!("opened a database that it cannot know") };
    assert!(error.to_string().contains("version 99"), "{error}");
}

/// Makes a database as the Cabildo of this version made it, with what that one could keep of another's.
fn as_of(version: usize, migrations: &[PathBuf], from: &Path, directory: &Path) {
    let database = sqlite(directory);
    for migration in &migrations[..version] {
        database.execute_batch(&std::fs::read_to_string(migration).unwrap()).unwrap();
    }
    let from = from.join("cabildo.db");
    database.pragma_update(None, "foreign_keys", false).unwrap();
    database.execute("ATTACH ? AS later", [from.to_str().unwrap()]).unwrap();
    let names = |sql: &str, of: &str| -> Vec<String> {
        let mut statement = database.prepare(sql).unwrap();
        let names = statement.query_map([of], |row| row.get(0)).unwrap();
        names.collect::<Result<_, _>>().unwrap()
    };
    let tables = "SELECT name FROM main.sqlite_schema WHERE type = ? AND name NOT LIKE 'sqlite%'";
    for table in names(tables, "table") {
        let columns = "SELECT name FROM pragma_table_info(?1, 'main') \
                       INTERSECT SELECT name FROM pragma_table_info(?1, 'later')";
        let columns = names(columns, &table).join(", ");
        let copy = format!("INSERT INTO main.{table} ({columns}) SELECT {columns} FROM later.{table}");
        database.execute(&copy, []).unwrap();
    }
    database.pragma_update(None, "user_version", version).unwrap();
}

#[tokio::test]
async fn a_database_of_every_earlier_version_is_brought_up_to_date_and_keeps_what_people_did() {
    let directory = embedded().await;
    let server = open(directory.path(), Options::default()).await;
    let cookie = server.somebody(false).await;
    let ballot = server.cast(&cookie, &[0, 1]).await;
    let comment = server.comment(&cookie, "De antes").await;
    let results = GetResults { consultation: slug(CONSULTATION) };
    let tally = async |server: &Server| server.call(&results, None).await.json::<Results>().options;
    let counted = tally(&server).await;
    drop(server);

    let migrations = concat!(env!("CARGO_MANIFEST_DIR"), "/migrations/sqlite");
    let files = std::fs::read_dir(migrations).unwrap().map(|file| file.unwrap().path());
    let migrations: Vec<PathBuf> = files.collect::<BTreeSet<_>>().into_iter().collect();
    for version in 1..migrations.len() {
        let older = tempfile::tempdir().unwrap();
        as_of(version, &migrations, directory.path(), older.path());
        let server = open(older.path(), Options::default()).await;
        let now: usize = sqlite(older.path()).query_row("PRAGMA user_version", [], |row| row.get(0)).unwrap();
        assert_eq!(now, migrations.len(), "from version {version}");
        let mine = server.call(&GetBallot { consultation: slug(CONSULTATION) }, Some(&cookie)).await;
        assert_eq!(mine.json::<MyBallot>().ballot.as_ref(), Some(&ballot), "from version {version}");
        assert_eq!(tally(&server).await, counted, "from version {version}");
        let said = ListComments { subject: server.proposal(), cursor: String::new() };
        let said = server.call(&said, Some(&cookie)).await.json::<Page<Thread>>().items;
        assert_eq!(said[0].comment.id, comment.id, "from version {version}");
        // It goes on from there.
        server.cast(&cookie, &[2]).await;
        server.comment(&cookie, "De ahora").await;
    }
}

#[tokio::test]
async fn one_ballot_a_person_is_a_constraint_of_the_database_itself() {
    let (server, directory) = start().await;
    let cookie = server.somebody(false).await;
    server.cast(&cookie, &[0]).await;
    let twice = run(
        directory.path(),
        "INSERT INTO ballot SELECT consultation, person, 'other', 1, 0, choices, points, channel FROM ballot",
    );
    assert!(twice.unwrap_err().to_lowercase().contains("unique"));
}

/// Something that somebody does.
#[derive(Debug, Clone)]
enum Deed {
    Cast { person: usize, options: Vec<usize> },
    Withdraw { person: usize },
    Comment { person: usize, proposal: usize, first_waits: bool },
    Delete { person: usize, comment: usize },
    Report { person: usize, comment: usize },
    Decide { comment: usize, decision: Decision },
    Submit { person: usize },
    WithdrawSubmission { person: usize, submission: usize },
    RemoveSimulation,
    Wait { seconds: i64 },
}

fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    let person = 0_usize..4;
    let deed = prop_oneof![
        6 => (person.clone(), prop::sample::subsequence(vec![0, 1, 2, 3], 1..4))
            .prop_map(|(person, options)| Deed::Cast { person, options }),
        2 => person.clone().prop_map(|person| Deed::Withdraw { person }),
        5 => (person.clone(), 0_usize..3, any::<bool>())
            .prop_map(|(person, proposal, first_waits)| Deed::Comment { person, proposal, first_waits }),
        2 => (person.clone(), 0_usize..6).prop_map(|(person, comment)| Deed::Delete { person, comment }),
        2 => (person.clone(), 0_usize..6).prop_map(|(person, comment)| Deed::Report { person, comment }),
        4 => (0_usize..6, prop::sample::select(Decision::ALL.to_vec()))
            .prop_map(|(comment, decision)| Deed::Decide { comment, decision }),
        3 => person.clone().prop_map(|person| Deed::Submit { person }),
        2 => (person, 0_usize..4)
            .prop_map(|(person, submission)| Deed::WithdrawSubmission { person, submission }),
        1 => Just(Deed::RemoveSimulation),
        2 => (1_i64..200_000).prop_map(|seconds| Deed::Wait { seconds }),
    ];
    prop::collection::vec(deed, 1..40)
}

async fn people(storage: &dyn Storage) -> Vec<Person> {
    let mut people = Vec::new();
    for n in 0..4_u8 {
        let authors = vec![random::author().unwrap()];
        // Two of the four are simulated.
        people.push(
            storage.open_session([n; 32], authors, n % 2 == 1, Timestamp::from_millis(0)).await.unwrap(),
        );
    }
    people
}

async fn act(
    app: &App,
    people: &[Person],
    comments: &mut Vec<(CommentId, usize)>,
    submissions: &mut Vec<SubmissionId>,
    deed: Deed,
    clock: &MockClock,
) {
    let entry = &app.catalogue.processes()[0];
    let consultation = entry.consultations.iter().find(|c| matches!(c.head.held, Held::Here { .. })).unwrap();
    let process = entry.process.id.clone();
    let at = clock.now();
    match deed {
        Deed::Cast { person, options } => {
            let Held::Here { rule, .. } = &consultation.head.held else { return };
            let ids: Vec<_> = consultation.options.iter().map(|option| option.id.clone()).collect();
            let choices = options.into_iter().map(|at| ids[at].clone()).collect();
            let checked = rule.check(&consultation.options, BallotBody::of(choices)).unwrap();
            let new = NewBallot {
                process,
                consultation: consultation.head.id.clone(),
                person: people[person].clone(),
                checked,
                replaces: None,
                channel: if person == 0 { Channel::InPerson } else { Channel::Online },
                receipts: vec![random::receipt().unwrap()],
                at,
            };
            // People of a removed simulation are refused; that is not counted either.
            let _ = app.storage.cast_ballot(new).await;
        }
        Deed::Withdraw { person } => {
            // As above.
            let consultation = &consultation.head.id;
            let _ = app.storage.withdraw_ballot(&process, consultation, &people[person], None, at).await;
        }
        Deed::Comment { person, proposal, first_waits } => {
            let id = CommentId::parse(random::id(at).unwrap()).unwrap();
            let post = NewPost {
                id: id.clone(),
                person: people[person].clone(),
                text: "Hola".into(),
                at,
                first_waits,
                idempotency: None,
            };
            let subject = Subject::Proposal(entry.proposals[proposal].head.id.clone());
            if app.storage.post_comment(&subject, Stance::For, post).await.is_ok() {
                comments.push((id, person));
            }
        }
        Deed::Delete { person, comment } => {
            if let Some((id, _)) = comments.get(comment) {
                let _ = app.storage.delete_comment(id, &people[person], at).await;
            }
        }
        Deed::Report { person, comment } => {
            let report = NewReport { reason: ReportReason::Spam, note: String::new() };
            if let Some((id, _)) = comments.get(comment) {
                let _ = app.storage.report_comment(id, &people[person], report, at, None).await;
            }
        }
        Deed::Decide { comment, decision } => {
            let decision = NewDecision { decision, reason: "Por esto".into() };
            if let Some((id, _)) = comments.get(comment) {
                let _ = app.storage.decide_comment(id, "Ana", decision, at).await;
            }
        }
        Deed::Submit { person } => {
            let id = SubmissionId::parse(random::id(at).unwrap()).unwrap();
            let new = NewSubmissionRow {
                id: id.clone(),
                process,
                call: entry.calls[0].head.id.clone(),
                person: people[person].clone(),
                words: words("Idea"),
                at,
                idempotency: None,
            };
            if app.storage.submit(new).await.is_ok() {
                submissions.push(id);
            }
        }
        Deed::WithdrawSubmission { person, submission } => {
            // Without a period it is never closed.
            let call = CallSummary { period: None, ..entry.calls[0].head.clone() };
            let time = Reading { now: at, latest: at };
            if let Some(id) = submissions.get(submission) {
                let _ = app.storage.withdraw_submission((process, call), id, &people[person], time).await;
            }
        }
        Deed::RemoveSimulation => {
            app.storage.remove_simulation(&process, at).await.unwrap();
        }
        Deed::Wait { seconds } => clock.advance(seconds),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20))]

    /// The live count, moved by each commit, and the one made anew from the database are the same in all that
    /// they show.
    #[test]
    fn the_board_after_any_acts_is_the_board_rebuilt_from_the_database(deeds in deeds()) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).build().unwrap();
        runtime.block_on(async {
            let directory = directory().await;
            let storage: Arc<dyn Storage> = Arc::new(crate::harness::storage(directory.path()));
            let clock = Arc::new(MockClock::at(time("2026-06-01T12:00:00Z")));
            let app = App::start(Arc::clone(&storage), Arc::clone(&clock) as Arc<dyn Clock>, Setup::apart(true).unwrap()).await.unwrap();
            let people = people(&*storage).await;
            let (mut comments, mut submissions) = (Vec::new(), Vec::new());
            for deed in deeds {
                act(&app, &people, &mut comments, &mut submissions, deed, &clock).await;
            }
            let rebuilt = storage.load_board().await.unwrap();
            let entry = &app.catalogue.processes()[0];
            let now: Timestamp = clock.now();
            let live = app.live.read(|board| figures::statistics(entry, board, now));
            prop_assert_eq!(live, figures::statistics(entry, &rebuilt, now));
            let live = app.live.read(|board| figures::calls(entry, board));
            prop_assert_eq!(live, figures::calls(entry, &rebuilt));
            for proposal in &entry.proposals {
                let id = &proposal.head.id;
                let subject = Subject::Proposal(id.clone());
                let live = app.live.read(|board| figures::discussion(entry, &subject, board, now));
                prop_assert_eq!(live, figures::discussion(entry, &subject, &rebuilt, now));
                let listed = storage.find_proposal(id).await.unwrap().unwrap().head.comments;
                prop_assert_eq!(listed, live.comments, "the count that a list shows");
            }
            Ok(())
        })?;
    }
}

//! Calls for proposals, and submitting to them.

use crate::harness::{
    PROCESS, PROCESS_FILE, REHEARSAL, REHEARSAL_FILE, Server, number, open, rehearsal, slug, start, time,
};
use crate::importing::import;
use cabildo_contract::call::{
    Call, CallHeld, CallSummary, EditSubmission, GetCall, GetSubmission, ListCalls, ListSubmissions,
    NewSubmission, Submission, SubmissionDetail, SubmissionSummary, Submit, WithdrawSubmission, Withdrawal,
};
use cabildo_contract::id::SubmissionId;
use cabildo_contract::page::Page;
use cabildo_contract::problem::{FieldProblemKind, ProblemKind};
use cabildo_contract::process::{GetProcess, Process, RemoveSimulation, SimulationRemoved};
use cabildo_contract::proposal::Level;
use cabildo_contract::statistics::Table;
use cabildo_contract::tally::Count;
use cabildo_server::process_file::parse;
use cabildo_server::storage::sqlite::Options;
use serde_json::{Value, json};

/// The call of the rehearsal, which is open.
pub const CALL: &str = "ensayo-barrio-ideas";

/// What somebody submits.
pub fn words(title: &str) -> NewSubmission {
    NewSubmission {
        title: title.to_owned(),
        problem: "La cancha se inunda.".to_owned(),
        action: "Abrir **desagües**.".to_owned(),
        entity: None,
    }
}

async fn submit(server: &Server, cookie: &str, title: &str) -> Submission {
    server.call(&Submit { call: slug(CALL), body: words(title) }, Some(cookie)).await.json()
}

async fn list(server: &Server) -> Page<SubmissionSummary> {
    server.call(&ListSubmissions { call: slug(CALL), cursor: String::new() }, None).await.json()
}

async fn get(server: &Server, submission: &SubmissionId) -> SubmissionDetail {
    server.call(&GetSubmission { submission: submission.clone() }, None).await.json()
}

async fn count(server: &Server) -> Count {
    server.call(&GetCall { call: slug(CALL) }, None).await.json::<Call>().head.submissions
}

fn titles(page: &Page<SubmissionSummary>) -> Vec<&str> {
    page.items.iter().map(|submission| submission.title.as_str()).collect()
}

#[tokio::test]
async fn the_calls_of_the_iv_plan_have_the_criteria_that_were_published() {
    let (server, _directory) = start().await;
    let calls: Page<CallSummary> = server.call(&ListCalls { process: slug(PROCESS) }, None).await.json();
    let [territorial, national] = calls.items.as_slice() else { panic!("two calls: {calls:?}") };
    assert_eq!((territorial.level, national.level), (Some(Level::Subnational), Some(Level::National)));
    assert_eq!(territorial.period.unwrap().opens, time("2020-04-24T05:00:00Z"));
    assert_eq!(national.period, None, "its dates were not published");
    assert_eq!(calls.next, None);

    let call = async |summary: &CallSummary| -> Call {
        server.call(&GetCall { call: summary.slug.clone() }, None).await.json()
    };
    let (territorial, national) = (call(territorial).await, call(national).await);
    let weights = |call: &Call| call.criteria.iter().map(|criterion| criterion.weight).collect::<Vec<_>>();
    assert_eq!(weights(&national), [35, 40, 10, 5, 10]);
    assert_eq!((national.total(), national.printed_total), (100, None));
    assert_eq!(weights(&territorial), [20, 20, 20, 22, 20, 20, 18]);
    assert_eq!((territorial.total(), territorial.printed_total), (140, Some(150)));
    assert!(matches!(territorial.head.held, CallHeld::Elsewhere { .. }));

    // The same in the process, and by id.
    let process: Process = server.call(&GetProcess { process: slug(PROCESS) }, None).await.json();
    assert_eq!(process.calls, calls.items);
    let by_id = server.get(&format!("/api/v1/calls/{}", national.head.id)).await.json::<Call>();
    assert_eq!(by_id, national);
}

#[tokio::test]
async fn submissions_are_listed_newest_first_and_counted_but_are_no_proposals() {
    let (server, directory) = rehearsal().await;
    let before: Process = server.call(&GetProcess { process: slug(REHEARSAL) }, None).await.json();
    let (anna, robot) = (server.somebody(false).await, server.somebody(true).await);
    let first = submit(&server, &anna, " Desagües \n para la cancha").await;
    assert_eq!(first.head.title, "Desagües para la cancha");
    assert_eq!((first.revision, first.head.edited_at, first.head.simulated), (1, None, false));
    server.clock.advance(1);
    assert!(submit(&server, &robot, "Simulada").await.head.simulated);
    assert_eq!(titles(&list(&server).await), ["Simulada", "Desagües para la cancha"]);
    assert_eq!(count(&server).await, Count { total: 2, simulated: 1 });
    let detail = get(&server, &first.head.id).await;
    assert_eq!(detail.submission, first);
    assert_eq!((detail.call.slug, detail.process.slug), (slug(CALL), slug(REHEARSAL)));
    assert_eq!(detail.call.submissions.total, 2);

    let after: Process = server.call(&GetProcess { process: slug(REHEARSAL) }, None).await.json();
    assert_eq!(after.funnel, before.funnel);
    assert_eq!(after.calls[0].submissions.total, 2);
    drop(server);
    let server = open(directory.path(), Options::default()).await;
    assert_eq!(count(&server).await, Count { total: 2, simulated: 1 }, "a restart counts the same");
}

#[tokio::test]
async fn pages_of_submissions_continue_after_the_last_one_seen() {
    let (server, _directory) = rehearsal().await;
    let cookie = server.somebody(false).await;
    for n in 0..5 {
        submit(&server, &cookie, &format!("Idea {n}")).await;
        // Two at the same instant: their ids decide.
        server.clock.advance(n % 2);
    }
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let path = format!("/api/v1/calls/{CALL}/submissions?limit=2&cursor={cursor}");
        let page: Page<SubmissionSummary> = server.get(&path).await.json();
        seen.extend(page.items.into_iter().map(|submission| submission.title));
        submit(&server, &cookie, "Llegó mientras tanto").await;
        match page.next {
            Some(next) => cursor = next,
            None => break,
        }
    }
    seen.sort();
    assert_eq!(seen, ["Idea 0", "Idea 1", "Idea 2", "Idea 3", "Idea 4"]);
    assert_eq!(
        server.get(&format!("/api/v1/calls/{CALL}/submissions?cursor=x")).await.refused(),
        ProblemKind::InvalidParameter
    );
}

#[tokio::test]
async fn an_edit_is_seen_and_dated_and_what_was_said_before_is_kept() {
    let (server, directory) = rehearsal().await;
    let cookie = server.somebody(false).await;
    let submission = submit(&server, &cookie, "Desagues").await.head.id;
    server.clock.advance(60 * 60 * 24 * 30);
    let body = NewSubmission { entity: Some("Club de la cancha".to_owned()), ..words("Desagües") };
    let edit = EditSubmission { submission: submission.clone(), body, replaces: None };
    let edited: Submission = server.call(&edit, Some(&cookie)).await.json();
    assert_eq!((edited.head.title.as_str(), edited.revision), ("Desagües", 2));
    assert_eq!(edited.head.entity.as_deref(), Some("Club de la cancha"));
    assert!(edited.head.edited_at > Some(edited.head.submitted_at));
    assert_eq!(get(&server, &submission).await.submission, edited);

    // Words that take the place of another revision come too late.
    let late = EditSubmission { body: words("Desagües de ayer"), replaces: Some(1), ..edit.clone() };
    assert_eq!(server.call(&late, Some(&cookie)).await.refused(), ProblemKind::SubmissionChanged);
    assert_eq!(get(&server, &submission).await.submission, edited);
    let again = EditSubmission { replaces: Some(1), ..edit.clone() };
    assert_eq!(server.call(&again, Some(&cookie)).await.json::<Submission>(), edited, "sent again");

    // The same words again change nothing.
    let sequence = server.app.live.as_of().sequence;
    server.clock.advance(1);
    assert_eq!(server.call(&edit, Some(&cookie)).await.json::<Submission>(), edited);
    assert_eq!(server.app.live.as_of().sequence, sequence);

    let sql = "SELECT count(*) FROM earlier_submission WHERE revision = 1 AND title = 'Desagues'";
    assert_eq!(number(directory.path(), sql), 1);
    assert_eq!(number(directory.path(), "SELECT count(*) FROM earlier_submission"), 1);
}

#[tokio::test]
async fn withdrawing_erases_the_words_everywhere_and_twice_is_no_error() {
    let (server, directory) = rehearsal().await;
    let (cookie, other) = (server.somebody(false).await, server.somebody(false).await);
    let path = format!("/api/v1/calls/{CALL}/submissions");
    let headers = [("cookie", cookie.as_str()), ("idempotency-key", "k1")];
    let body = serde_json::to_string(&words("Palabras de antes")).unwrap();
    let first: Submission = server.send("POST", &path, &headers, Some(&body)).await.json();
    let again: Submission = server.send("POST", &path, &headers, Some(&body)).await.json();
    assert_eq!(again, first, "the same request is carried out once");
    assert_eq!(list(&server).await.items.len(), 1);
    let submission = first.head.id;
    let edit =
        EditSubmission { submission: submission.clone(), body: words("Palabras de ahora"), replaces: None };
    server.call(&edit, Some(&cookie)).await.json::<Submission>();

    let withdraw = WithdrawSubmission { submission: submission.clone() };
    let done: Withdrawal = server.call(&withdraw, Some(&cookie)).await.json();
    server.clock.advance(7);
    assert_eq!(server.call(&withdraw, Some(&cookie)).await.json::<Withdrawal>(), done);
    assert_eq!(server.call(&withdraw, Some(&other)).await.refused(), ProblemKind::NotFound);
    assert_eq!(server.call(&edit, Some(&cookie)).await.refused(), ProblemKind::NotFound);
    assert_eq!(server.call(&GetSubmission { submission }, None).await.refused(), ProblemKind::NotFound);
    assert!(list(&server).await.items.is_empty());
    assert_eq!(count(&server).await, Count::default());
    let again = server.send("POST", &path, &headers, Some(&body)).await;
    assert!(again.status.is_success() && !again.text().contains("Palabras"), "{}", again.text());
    drop(server);

    let sql = "SELECT count(*) FROM (SELECT title AS words FROM submission UNION ALL SELECT title FROM
               earlier_submission) AS kept WHERE words LIKE '%Palabras%'";
    assert_eq!(number(directory.path(), sql), 0);
}

#[tokio::test]
async fn from_the_instant_of_the_close_nothing_changes_any_more() {
    let (server, _directory) = rehearsal().await;
    let cookie = server.somebody(false).await;
    let submission = submit(&server, &cookie, "A tiempo").await;
    server.clock.set(time("2031-01-01T04:59:59.999Z"));
    submit(&server, &cookie, "En el último instante").await;
    server.clock.set(time("2031-01-01T05:00:00Z"));
    let late = Submit { call: slug(CALL), body: words("Tarde") };
    assert_eq!(server.call(&late, Some(&cookie)).await.refused(), ProblemKind::CallClosed);
    let edit = EditSubmission { submission: submission.head.id.clone(), body: words("Otra"), replaces: None };
    assert_eq!(server.call(&edit, Some(&cookie)).await.refused(), ProblemKind::CallClosed);
    let withdraw = WithdrawSubmission { submission: submission.head.id.clone() };
    assert_eq!(server.call(&withdraw, Some(&cookie)).await.refused(), ProblemKind::CallClosed);
    // Nor if the clock is set back.
    server.clock.set(time("2030-12-31T00:00:00Z"));
    assert_eq!(server.call(&late, Some(&cookie)).await.refused(), ProblemKind::CallClosed);
    assert_eq!(server.call(&edit, Some(&cookie)).await.refused(), ProblemKind::CallClosed);
    assert_eq!(server.call(&withdraw, Some(&cookie)).await.refused(), ProblemKind::CallClosed);
    assert_eq!(get(&server, &submission.head.id).await.submission, submission);
    assert_eq!(list(&server).await.items.len(), 2);
}

#[tokio::test]
async fn everything_that_is_wrong_with_a_submission_is_said_at_its_field() {
    let (server, _directory) = rehearsal().await;
    let cookie = server.somebody(false).await;
    let body = NewSubmission { problem: "ñ".repeat(4001), action: " ".to_owned(), ..words("") };
    let problem = server.call(&Submit { call: slug(CALL), body }, Some(&cookie)).await.problem();
    let found: Vec<_> =
        problem.fields.iter().map(|field| (field.pointer.as_str(), field.kind, field.limit)).collect();
    assert_eq!(
        found,
        [
            ("/title", FieldProblemKind::Required, None),
            ("/problem", FieldProblemKind::TooLong, Some(4000)),
            ("/action", FieldProblemKind::Required, None),
        ]
    );
    assert!(list(&server).await.items.is_empty());
}

#[tokio::test]
async fn removing_the_simulation_removes_its_submissions_and_leaves_those_of_people() {
    let (server, directory) = rehearsal().await;
    let (real, robot) = (server.somebody(false).await, server.somebody(true).await);
    submit(&server, &real, "De una persona").await;
    let simulated = submit(&server, &robot, "Simulada").await.head.id;
    let edit = EditSubmission { submission: simulated, body: words("Simulada dos veces"), replaces: None };
    server.call(&edit, Some(&robot)).await.json::<Submission>();
    let removed: SimulationRemoved =
        server.call(&RemoveSimulation { process: slug(REHEARSAL) }, None).await.json();
    assert_eq!((removed.people, removed.submissions), (1, 1));
    assert_eq!(titles(&list(&server).await), ["De una persona"]);
    assert_eq!(count(&server).await, Count { total: 1, simulated: 0 });
    drop(server);
    let server = open(directory.path(), Options::default()).await;
    assert_eq!(count(&server).await, Count { total: 1, simulated: 0 });
}

#[tokio::test]
async fn submissions_are_a_table_in_which_no_cell_is_taken_for_a_formula() {
    let (server, _directory) = rehearsal().await;
    let cookie = server.somebody(false).await;
    submit(&server, &cookie, "=HYPERLINK(1)").await;
    let table = server.get(&Table::Submissions.path(&slug(REHEARSAL))).await;
    assert_eq!(table.header("content-type"), "text/csv; charset=utf-8");
    let text = table.text();
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines[0].ends_with(
        "id,call,exercise,title,problem,action,entity,author,simulated,revision,submitted_at,edited_at"
    ));
    assert!(lines[1].contains(",ensayo-barrio-ideas,true,'=HYPERLINK(1),"), "{text}");
    assert_eq!(lines.len(), 2);
}

#[tokio::test]
async fn importing_again_keeps_submissions_and_refuses_to_lose_their_call() {
    let (server, directory) = rehearsal().await;
    let cookie = server.somebody(false).await;
    let submission = submit(&server, &cookie, "Se queda").await.head.id;
    drop(server);
    let changed = REHEARSAL_FILE.replace("Ideas para el próximo plan del barrio", "Ideas");
    assert_eq!(import(directory.path(), &changed).await.unwrap().calls, 1);
    let server = open(directory.path(), Options::default()).await;
    let detail = get(&server, &submission).await;
    assert_eq!((detail.call.title.as_str(), detail.submission.head.title.as_str()), ("Ideas", "Se queda"));
    drop(server);
    let mut file: Value = serde_json::from_str(REHEARSAL_FILE).unwrap();
    file["translations"] = json!({});
    file["calls"] = json!([]);
    let error = import(directory.path(), &file.to_string()).await.unwrap_err().to_string();
    assert!(error.contains("/calls") && error.contains("people have submitted something"), "{error}");
    // Nobody submitted anything to the calls of the plan: they go with the file.
    let mut file: Value = serde_json::from_str(PROCESS_FILE).unwrap();
    file.as_object_mut().unwrap().remove("calls");
    assert_eq!(import(directory.path(), &file.to_string()).await.unwrap().calls, 0);
    // A call belongs to one process.
    let mut file: Value = serde_json::from_str(REHEARSAL_FILE).unwrap();
    file["slug"] = json!("another");
    file["translations"] = json!({});
    file["consultations"] = json!([]);
    file["events"]["committee"]["renewal"] = Value::Null;
    let error = import(directory.path(), &file.to_string()).await.unwrap_err().to_string();
    assert!(error.contains("/calls/0/slug"), "{error}");
}

#[test]
fn a_fault_in_a_call_names_line_and_field() {
    let faults = [
        ("/calls/0/title", json!(" "), "empty"),
        ("/calls/0/text", json!(""), "empty"),
        ("/calls/0/source", json!(""), "empty"),
        ("/calls/0/period/closes", json!("2026-05-04T05:00:00Z"), "closes before it opens"),
        ("/calls/0/held", json!({ "elsewhere": {} }), "missing field `channel`"),
        ("/calls/0/held/elsewhere", json!({ "channel": "x", "asked": "y" }), "unknown field `asked`"),
        ("/calls/0/level", json!("galactic"), "unknown variant"),
        ("/calls/0/criterion", json!([]), "unknown field `criterion`"),
        ("/calls/0/criteria/0/weight", json!(0), "weighs nothing"),
        ("/calls/0/criteria/0/weight", json!(-1), "invalid value"),
        ("/calls/0/criteria/0/title", json!(""), "empty"),
        ("/calls/0/criteria/1/title", json!("Resuelve un problema que la gente nombró"), "twice"),
        ("/calls/0/criteria/0/description", json!(" "), "empty"),
        ("/calls/0/criteria/0/points", json!(3), "no such field"),
        ("/calls/0/printed_total", json!(100), "it is the sum of the weights"),
    ];
    for (pointer, value, reason) in faults {
        let mut file: Value = serde_json::from_str(REHEARSAL_FILE).unwrap();
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        if parent.ends_with("/held") {
            file["calls"][0]["held"] = json!({});
        }
        file.pointer_mut(parent).unwrap()[name] = value;
        let fault = parse(&serde_json::to_string_pretty(&file).unwrap()).unwrap_err();
        assert!(fault.field.starts_with("/calls/0"), "{fault}");
        assert!(fault.reason.contains(reason), "{pointer}: {fault}");
        assert!(fault.line > 1, "{fault}");
    }
    let mut file: Value = serde_json::from_str(REHEARSAL_FILE).unwrap();
    file["calls"][0].as_object_mut().unwrap().remove("period");
    let fault = parse(&file.to_string()).unwrap_err();
    assert_eq!(
        (fault.field.as_str(), fault.reason.as_str()),
        ("/calls/0", "a call that is held here has a period")
    );
    let twice = json!([file["calls"][0], file["calls"][0]]);
    file["calls"] = twice;
    for call in file["calls"].as_array_mut().unwrap() {
        call["held"] = json!({ "elsewhere": { "channel": "PDF" } });
    }
    assert_eq!(parse(&file.to_string()).unwrap_err().field, "/calls/1/slug");
}

//! A process in which everything is invented, with all that a process file can say.

use crate::harness::{PROCESS, REHEARSAL, REHEARSAL_FILE, Server, embedded, open, rehearsal, slug, sqlite};
use cabildo_contract::commitment::Completion;
use cabildo_contract::process::{GetProcess, ListProcesses, Process, ProcessSummary};
use cabildo_contract::proposal::{GetProposal, Proposal};
use cabildo_contract::record::{GetRecord, Record};
use cabildo_contract::statistics::Table;
use cabildo_server::process_file::parse;
use cabildo_server::storage::sqlite::Options;
use serde_json::{Value, json};

async fn proposal(server: &Server, number: usize) -> Proposal {
    let id = server.app.catalogue.process(REHEARSAL).unwrap().proposals[number - 1].head.id.clone();
    server.call(&GetProposal { proposal: id }, None).await.json()
}

async fn record(server: &Server, process: &str) -> Record {
    server.call(&GetRecord { process: slug(process) }, None).await.json()
}

#[tokio::test]
async fn what_was_adopted_is_followed_to_its_fulfilment() {
    let (server, _directory) = rehearsal().await;
    let found = proposal(&server, 1).await.commitment.unwrap();
    assert_eq!((found.number, found.completion()), (1, Some(Completion::Complete)));
    assert_eq!(found.milestones[1].evidence.len(), 2);
    assert_eq!(proposal(&server, 2).await.commitment.unwrap().completion(), Some(Completion::Substantial));
    let assessed = proposal(&server, 3).await.commitment.unwrap();
    assert_eq!(assessed.assessment.unwrap().status, Completion::Limited);
    assert_eq!(proposal(&server, 4).await.commitment.unwrap().completion(), None, "nothing is on record");
    assert_eq!(proposal(&server, 5).await.commitment, None, "it was not adopted");

    let process: Process = server.call(&GetProcess { process: slug(REHEARSAL) }, None).await.json();
    let funnel = &process.funnel;
    assert_eq!((funnel.received(), funnel.adopted(), funnel.followed()), (8, 4, 3));
    assert_eq!(funnel.fulfilled(), Some(1));
    let follow_up = record(&server, REHEARSAL).await.follow_up;
    let lines: Vec<_> =
        follow_up.iter().map(|each| (each.commitment, each.complete, each.milestones)).collect();
    assert_eq!(lines, [(1, 2, 2), (2, 1, 3), (3, 0, 1)]);
}

#[tokio::test]
async fn where_nothing_is_on_record_nothing_is_counted() {
    let (server, _directory) = rehearsal().await;
    let process: Process = server.call(&GetProcess { process: slug(PROCESS) }, None).await.json();
    assert_eq!((process.funnel.adopted(), process.funnel.followed()), (15, 0));
    assert_eq!(process.funnel.fulfilled(), None);
    assert!(record(&server, PROCESS).await.follow_up.is_empty());
    let table = async |process: &str| {
        let answer = server.get(&Table::Funnel.path(&slug(process))).await;
        answer.text().trim_start_matches('\u{feff}').to_owned()
    };
    assert_eq!(
        table(PROCESS).await,
        "level,received,adopted,followed,fulfilled\r\nnational,8,8,0,\r\nsubnational,18,7,0,\r\n"
    );
    assert!(table(REHEARSAL).await.ends_with("subnational,8,4,3,1\r\n"));
}

#[tokio::test]
async fn a_proposal_and_the_workshop_action_that_it_came_from_name_each_other() {
    let (server, _directory) = rehearsal().await;
    let garden = proposal(&server, 2).await;
    let origins: Vec<_> = garden.origins.iter().map(|o| (o.workshop_title.as_str(), o.votes)).collect();
    assert_eq!(origins, [("Taller de ambiente", 17), ("Taller de ambiente", 8)]);
    let outcomes = record(&server, REHEARSAL).await.outcomes;
    assert_eq!(outcomes.len(), 5);
    let compost = outcomes.iter().find(|outcome| outcome.action.starts_with("Compostar")).unwrap();
    assert_eq!((&compost.proposal.id, compost.proposal.number), (&garden.head.id, 2));
    assert!(record(&server, PROCESS).await.outcomes.is_empty(), "none is documented");
}

#[tokio::test]
async fn versions_have_texts_and_say_why_they_changed() {
    let (server, _directory) = rehearsal().await;
    let Proposal { versions, .. } = proposal(&server, 1).await;
    assert!(versions[0].text.as_ref().unwrap().contains("diez de la noche"));
    assert!(versions[1].because.as_ref().unwrap().text.contains("comentarios"));
}

#[tokio::test]
async fn a_process_that_is_an_exercise_says_so_wherever_it_is_named() {
    let (server, _directory) = rehearsal().await;
    let list: cabildo_contract::page::Page<ProcessSummary> = server.call(&ListProcesses, None).await.json();
    let marks: Vec<_> = list.items.iter().map(|p| (p.name.slug.as_str(), p.name.exercise)).collect();
    assert_eq!(marks, [(REHEARSAL, true), (PROCESS, false)]);
    assert!(proposal(&server, 1).await.process.exercise);
    assert!(record(&server, REHEARSAL).await.process.exercise);
    let plan: Value = server.get(&format!("/api/v1/processes/{PROCESS}")).await.json();
    assert!(plan.get("exercise").is_none(), "a process on record does not speak of it");
}

#[tokio::test]
async fn documents_are_in_the_record() {
    let (server, _directory) = rehearsal().await;
    let documents = record(&server, REHEARSAL).await.events.documents;
    assert_eq!(documents[0].address(), Some("https://example.org/ensayo/plan"));
    let documents = record(&server, PROCESS).await.events.documents;
    assert!(documents.len() >= 3 && documents.iter().all(|document| document.url.is_none()));
}

#[tokio::test]
async fn a_process_that_was_imported_before_all_this_is_still_read() {
    let directory = embedded().await;
    let database = sqlite(directory.path());
    for (table, fields) in [("proposal", "'$.origins', '$.commitment'"), ("process", "'$.events.documents'")]
    {
        let sql = format!("UPDATE {table} SET document = json_remove(document, {fields})");
        assert!(database.execute(&sql, []).unwrap() > 0);
    }
    drop(database);
    let server = open(directory.path(), Options::default()).await;
    let id = server.proposal();
    let found: Proposal = server.call(&GetProposal { proposal: id }, None).await.json();
    assert!(found.commitment.is_none() && found.origins.is_empty());
    assert!(record(&server, PROCESS).await.events.documents.is_empty());
}

#[test]
fn a_fault_in_what_follows_a_proposal_names_line_and_field() {
    let faults = [
        ("/proposals/4/commitment", json!({ "number": 9 }), "only a proposal with the status selected"),
        ("/proposals/1/commitment/number", json!(1), "there are two commitments 1"),
        ("/proposals/0/commitment/responsible", json!(" "), "empty"),
        ("/proposals/0/commitment/milestones/0/status", json!("fulfilled"), "unknown variant"),
        ("/proposals/0/commitment/milestones/0/title", json!(""), "empty"),
        ("/proposals/0/commitment/milestones/0/source", json!(""), "empty"),
        ("/proposals/0/commitment/milestones/0/to", json!("2026-08-01"), "ends before it begins"),
        ("/proposals/0/commitment/milestones/0/evidence/0/title", json!(""), "empty"),
        ("/proposals/0/commitment/milestones/0/evidence/0/url", json!("javascript:alert(1)"), "no address"),
        ("/proposals/0/commitment/milestones/0/evidence/0/url", json!("example.org/acta"), "no address"),
        ("/proposals/0/commitment/milestones/0/done", json!(true), "no such field"),
        ("/proposals/2/commitment/assessment/text", json!(""), "empty"),
        ("/proposals/2/commitment/assessment/source", json!(""), "empty"),
        ("/proposals/0/origins/0/workshop", json!("salud"), "no workshop salud"),
        ("/proposals/0/origins/0/action", json!("Luz"), "no action \"Luz\""),
        ("/proposals/1/origins/1/action", json!("Sembrar en el lote de la esquina"), "twice"),
        ("/proposals/0/origins/0/source", json!(""), "empty"),
        ("/proposals/0/versions/0/text", json!("  "), "empty"),
        ("/proposals/0/versions/0/because", json!({ "text": "t", "source": "s" }), "first version"),
        ("/proposals/0/versions/1/because/text", json!(""), "empty"),
        ("/proposals/0/versions/1/because/source", json!(""), "empty"),
        ("/events/workshops/0/actions/2/title", json!("Luz en los senderos del parque"), "twice"),
        ("/events/documents/0/title", json!(""), "empty"),
        ("/events/documents/0/source", json!(""), "empty"),
        ("/events/documents/0/url", json!("ftp://example.org"), "no address"),
        ("/exercise", json!("yes"), "expected a boolean"),
    ];
    for (pointer, value, reason) in faults {
        let mut file: Value = serde_json::from_str(REHEARSAL_FILE).unwrap();
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        file.pointer_mut(parent).unwrap()[name] = value;
        let text = serde_json::to_string_pretty(&file).unwrap();
        let fault = parse(&text).unwrap_err();
        assert_eq!(fault.field, pointer, "{fault}");
        assert!(fault.reason.contains(reason), "{fault}");
        assert!(fault.line > 1, "{fault}");
    }
}

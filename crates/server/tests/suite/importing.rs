//! Importing processes from files.

use crate::harness::{CONSULTATION, PROCESS, PROCESS_FILE, open, slug, start};
use cabildo_contract::ballot::{GetBallot, MyBallot};
use cabildo_contract::process::{GetProcess, Process};
use cabildo_server::clock::SystemClock;
use cabildo_server::import::{ImportError, import_text};
use cabildo_server::process_file::{FileFault, parse};
use cabildo_server::storage::Imported;
use cabildo_server::storage::sqlite::Options;
use std::path::Path;

pub async fn import(directory: &Path, text: &str) -> Result<Imported, ImportError> {
    let storage = crate::harness::storage(directory);
    import_text(&storage, text, Path::new("process.json"), &SystemClock).await
}

#[tokio::test]
async fn importing_again_updates_texts_and_keeps_ids_ballots_and_comments() {
    let (server, directory) = start().await;
    let cookie = server.somebody(false).await;
    let ballot = server.cast(&cookie, &[0, 4]).await;
    server.comment(&cookie, "Se queda").await;
    let before: Process = server.call(&GetProcess { process: slug(PROCESS) }, None).await.json();
    let (choices, proposal) = (server.choices(&[0, 1, 2, 3, 4]).await, server.proposal());
    drop(server);

    let changed = PROCESS_FILE.replace("Alianza para el Gobierno Abierto (AGA)", "AGA");
    assert!(import(directory.path(), &changed).await.unwrap().updated);
    let server = open(directory.path(), Options::default()).await;
    let after: Process = server.call(&GetProcess { process: slug(PROCESS) }, None).await.json();
    assert_eq!(after.id, before.id);
    assert_ne!(after.convener, before.convener);
    assert_eq!(server.choices(&[0, 1, 2, 3, 4]).await, choices);
    assert_eq!(server.proposal(), proposal);
    let mine: MyBallot =
        server.call(&GetBallot { consultation: slug(CONSULTATION) }, Some(&cookie)).await.json();
    assert_eq!(mine.ballot, Some(ballot));
    let path = format!("/api/v1/proposals/{proposal}/comments");
    assert!(server.get(&path).await.text().contains("Se queda"));
}

#[tokio::test]
async fn what_people_acted_on_is_not_removed_by_an_import() {
    let (server, directory) = start().await;
    let cookie = server.somebody(false).await;
    server.cast(&cookie, &[0]).await;
    drop(server);
    let mut file: serde_json::Value = serde_json::from_str(PROCESS_FILE).unwrap();
    file["consultations"][3]["options"].as_array_mut().unwrap().remove(0);
    let text = serde_json::to_string_pretty(&file).unwrap();
    let error = import(directory.path(), &text).await.unwrap_err().to_string();
    assert!(error.starts_with("process.json: line "), "{error}");
    assert!(
        error.contains("/consultations/3/options") && error.contains("people have voted for it"),
        "{error}"
    );
    // Nothing of it was written.
    let server = open(directory.path(), Options::default()).await;
    assert_eq!(server.consultation().await.options.len(), 15);
}

#[tokio::test]
async fn what_nobody_acted_on_goes_with_the_file() {
    let (server, directory) = start().await;
    drop(server);
    let mut file: serde_json::Value = serde_json::from_str(PROCESS_FILE).unwrap();
    file["consultations"].as_array_mut().unwrap().remove(0);
    let imported = import(directory.path(), &file.to_string()).await.unwrap();
    assert_eq!(imported.consultations, 3);
    let server = open(directory.path(), Options::default()).await;
    assert_eq!(server.get("/api/v1/consultations/temas-2019").await.status, 404);
}

#[tokio::test]
async fn a_consultation_belongs_to_one_process() {
    let (server, directory) = start().await;
    drop(server);
    let other = PROCESS_FILE.replacen(PROCESS, "another-process", 1);
    let error = import(directory.path(), &other).await.unwrap_err().to_string();
    assert!(error.contains("/consultations/0/slug"), "{error}");
}

fn fault(text: &str) -> FileFault {
    parse(text).unwrap_err()
}

#[test]
fn a_fault_of_shape_names_line_column_and_field() {
    let bad = PROCESS_FILE.replacen("\"level\": \"national\"", "\"level\": \"galactic\"", 1);
    let line = bad.lines().position(|line| line.contains("galactic")).unwrap() + 1;
    let found = fault(&bad);
    assert_eq!((found.line, found.field.as_str()), (line, "/proposals/0/level"));
    assert!(found.column > 1 && found.reason.contains("galactic"), "{found}");

    let bad = PROCESS_FILE.replacen("\"convener\"", "\"convenor\"", 1);
    let found = fault(&bad);
    assert!(found.reason.contains("unknown field `convenor`"), "{found}");
    let bad = PROCESS_FILE.replacen("\"76520\"", "\"99999\"", 1);
    assert_eq!(fault(&bad).field, "/proposals/5/territory");
    assert!(fault("{").reason.contains("EOF"), "{}", fault("{"));
    assert!(fault(&format!("{PROCESS_FILE} x")).reason.contains("follows"));
}

#[test]
fn a_fault_of_content_names_line_column_and_field() {
    let bad = PROCESS_FILE.replacen("\"number\": 2,", "\"number\": 1,", 1);
    let line =
        bad.lines().enumerate().filter(|(_, line)| line.contains("\"number\": 1,")).nth(1).unwrap().0 + 1;
    let found = fault(&bad);
    assert_eq!((found.line, found.field.as_str()), (line, "/proposals/1/number"));
    assert_eq!(
        found.to_string(),
        format!("line {line}, column {}, field /proposals/1/number: there are two proposals 1", found.column)
    );

    for (from, to, field) in [
        ("\"proposal\": 15", "\"proposal\": 16", "/consultations/3/options/14/proposal"),
        ("2031-01-01T05:00:00Z", "2025-01-01T05:00:00Z", "/consultations/3/period/closes"),
        ("\"max\": 5", "\"max\": 16", "/consultations/3/held/here/rule/max"),
        ("\"slug\": \"borradores-2020\"", "\"slug\": \"temas-2019\"", "/consultations/1/slug"),
        ("\"convener\": \"", "\"convener\": \"\", \"x\": \"", "/x"),
        ("\"problems\": 61", "\"problem\": 61", "/events/workshops/0/problem"),
        ("\"slug\": \"salud\"", "\"slug\": \"ambiente\"", "/events/workshops/3/slug"),
        ("\"women\": 3", "\"women\": 4", "/events/conversations/0/experts"),
        (
            "\"consultation\": \"renov",
            "\"consultation\": \"no-renov",
            "/events/committee/renewal/consultation",
        ),
        ("\"kind\": \"grant\"", "\"kind\": \"gift\"", "/events/milestones/0/kind"),
    ] {
        let bad = PROCESS_FILE.replacen(from, to, 1);
        assert_ne!(bad, PROCESS_FILE);
        assert_eq!(fault(&bad).field, field, "{from}");
    }
}

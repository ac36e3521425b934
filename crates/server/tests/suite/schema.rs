//! The JSON Schema of process files, held against the copy in `docs/` and against the import.

use crate::harness::{PROCESS_FILE, REHEARSAL_FILE, directory, open, time};
use cabildo_server::clock::MockClock;
use cabildo_server::import::import_text;
use cabildo_server::process_file::parse;
use cabildo_server::schema;
use cabildo_server::storage::sqlite::Options;
use serde_json::Value;
use std::path::Path;

#[test]
fn the_schema_in_docs_is_the_one_that_is_printed() {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/process-file.schema.json");
    if std::env::var_os("CABILDO_BLESS").is_some() {
        std::fs::write(&golden, schema::text() + "\n").unwrap();
    }
    let kept: Value = serde_json::from_str(&std::fs::read_to_string(&golden).unwrap()).unwrap();
    let hint = "the file's format changed: CABILDO_BLESS=1 cargo test -p cabildo-server --test suite schema";
    assert!(kept == schema::process_file(), "{hint}");
}

#[test]
fn the_schema_accepts_the_processes_that_come_with_cabildo_and_refuses_faults_of_shape_as_the_import_does() {
    let validator = jsonschema::validator_for(&schema::process_file()).unwrap();
    for file in [PROCESS_FILE, REHEARSAL_FILE] {
        let file: Value = serde_json::from_str(file).unwrap();
        let faults: Vec<String> =
            validator.iter_errors(&file).map(|fault| format!("{}: {fault}", fault.instance_path())).collect();
        assert!(faults.is_empty(), "{faults:#?}");
    }
    for (from, to) in [
        ("\"status\": \"substantial\"", "\"status\": \"nearly\""),
        ("\"evidence\": [", "\"evidences\": ["),
        ("\"because\": {", "\"because\": {\"who\": \"x\", "),
        ("\"exercise\": true", "\"exercise\": \"true\""),
        ("\"weight\": 40", "\"weight\": -40"),
        ("\"criteria\": [", "\"criterions\": ["),
        ("\"here\": {}", "\"there\": {}"),
    ] {
        let bad = REHEARSAL_FILE.replacen(from, to, 1);
        assert_ne!(bad, REHEARSAL_FILE);
        assert!(parse(&bad).is_err(), "the import accepts {to}");
        assert!(!validator.is_valid(&serde_json::from_str(&bad).unwrap()), "the schema accepts {to}");
    }
    for (from, to) in [
        ("\"problems\": 61", "\"problem\": 61"),
        ("\"problems\": 61", "\"problems\": \"61\""),
        ("\"kind\": \"grant\"", "\"kind\": \"gift\""),
        ("\"level\": \"national\"", "\"level\": \"galactic\""),
        ("\"convener\"", "\"convenor\""),
        ("\"participants\": 48", "\"participants\": -48"),
    ] {
        let bad = PROCESS_FILE.replacen(from, to, 1);
        assert_ne!(bad, PROCESS_FILE);
        assert!(parse(&bad).is_err(), "the import accepts {to}");
        assert!(!validator.is_valid(&serde_json::from_str(&bad).unwrap()), "the schema accepts {to}");
    }
}

/// The example of the documentation.
fn documented() -> &'static str {
    let page = include_str!("../../../../docs/process-file.md");
    page.split_once("```json").unwrap().1.split_once("```").unwrap().0
}

#[tokio::test]
async fn the_smallest_file_of_the_documentation_is_a_process_beside_the_iv_plan() {
    let file: Value = serde_json::from_str(documented()).unwrap();
    assert!(jsonschema::validator_for(&schema::process_file()).unwrap().is_valid(&file));
    let directory = directory().await;
    let storage = crate::harness::storage(directory.path());
    let clock = MockClock::at(time("2026-06-01T12:00:00Z"));
    import_text(&storage, documented(), Path::new("p.json"), &clock).await.unwrap();
    drop(storage);
    let server = open(directory.path(), Options::default()).await;
    let catalogue = &server.app.catalogue;
    let titles: Vec<&str> =
        catalogue.processes().iter().map(|entry| entry.process.name.title.as_str()).collect();
    assert_eq!(titles.len(), 2);
    assert_eq!(titles[0], "¿Qué parques arreglamos primero?", "the newest first");
    let parks = catalogue.process("parques-2027").unwrap();
    assert_eq!(parks.consultations[0].options.len(), 4);
    assert!(parks.proposals.is_empty() && parks.events.workshops.is_empty());
    assert_eq!(parks.record().timeline.len(), 2, "a phase and a consultation");
}

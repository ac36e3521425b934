//! The OpenAPI document, held against the copy in `docs/`.

use cabildo_server::openapi;
use serde_json::Value;
use std::path::Path;

#[test]
fn the_document_in_docs_is_the_one_that_is_served() {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/openapi.json");
    if std::env::var_os("CABILDO_BLESS").is_some() {
        std::fs::create_dir_all(golden.parent().unwrap()).unwrap();
        std::fs::write(&golden, openapi::text() + "\n").unwrap();
    }
    let kept: Value = serde_json::from_str(&std::fs::read_to_string(&golden).unwrap()).unwrap();
    assert!(
        kept == openapi::document(),
        "the API changed: read the difference, then CABILDO_BLESS=1 cargo test -p cabildo-server --test openapi"
    );
}

/// All `$ref`s in a document.
fn references(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            for (name, inner) in fields {
                match inner {
                    Value::String(target) if name == "$ref" => found.push(target.clone()),
                    _ => references(inner, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        _ => {}
    }
}

#[test]
fn every_reference_leads_to_a_schema() {
    let document = openapi::document();
    let mut found = Vec::new();
    references(&document, &mut found);
    assert!(found.len() > 100, "only {} references", found.len());
    for target in found {
        let pointer = target.strip_prefix('#').unwrap();
        assert!(document.pointer(pointer).is_some_and(|schema| schema != &Value::Null), "{target}");
    }
}

#[test]
fn an_operation_says_its_parameters_its_session_and_its_problems() {
    let document = openapi::document();
    let cast = &document["paths"]["/api/v1/consultations/{consultation}/ballot"]["put"];
    assert_eq!(cast["operationId"], "cast_ballot");
    assert_eq!(cast["parameters"][0]["name"], "consultation");
    assert_eq!(cast["security"][0]["session"], Value::Array(Vec::new()));
    let conflict = cast["responses"]["409"]["description"].as_str().unwrap();
    assert!(conflict.contains("urn:cabildo:problem:consultation-closed"), "{conflict}");
    let post = &document["paths"]["/api/v1/proposals/{proposal}/comments"]["post"];
    assert!(post["responses"]["201"].is_object());
    assert_eq!(post["parameters"][1]["name"], "Idempotency-Key");
}

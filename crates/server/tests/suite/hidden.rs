//! A consultation whose results are published at its close: until then nothing that is public depends on what ballots
//! say.

use crate::harness::{CONSULTATION, PROCESS, PROCESS_FILE, Server, open, slug, time};
use axum::body::Body;
use axum::http::Request;
use cabildo_contract::embed::GetAct;
use cabildo_contract::endpoint::Endpoint;
use cabildo_contract::identity::{SIGN_IN_PATTERN, SIGNED_IN_PATH};
use cabildo_contract::statistics::{EXPORT_PATTERN, PICTURE_PATTERN, Picture, Table};
use cabildo_contract::tally::{GetResults, Results};
use cabildo_server::clock::MockClock;
use cabildo_server::import::import_text;
use cabildo_server::storage::sqlite::Options;
use http_body_util::BodyExt;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use tempfile::TempDir;

/// The published list of operations: what is in it is walked, so that a new one cannot be forgotten.
const OPENAPI: &str = include_str!("../../../../docs/openapi.json");

/// The project's process, with an exercise whose results come after its close and that is a budget, so that it has an
/// outcome as well.
async fn secret() -> (Server, TempDir) {
    let mut file: Value = serde_json::from_str(PROCESS_FILE).unwrap();
    let consultations = file["consultations"].as_array_mut().unwrap();
    let exercise = consultations.iter_mut().find(|c| c["slug"] == CONSULTATION).unwrap();
    exercise["results"] = "after_close".into();
    exercise["budget"] = serde_json::json!({ "amount": 10, "currency": "COP" });
    exercise["outcome"] = serde_json::json!({ "kind": "greedy" });
    let directory = TempDir::new().unwrap();
    let storage = crate::harness::storage(directory.path());
    let clock = MockClock::at(time("2026-06-01T12:00:00Z"));
    import_text(&storage, &file.to_string(), Path::new("p.json"), &clock).await.unwrap();
    drop(storage);
    (open(directory.path(), Options::default()).await, directory)
}

/// Every address that can be read without anything, with something of this process in it.
async fn addresses(server: &Server) -> Vec<String> {
    let document: Value = serde_json::from_str(OPENAPI).unwrap();
    let consultation = server.consultation().await;
    let tables: Vec<String> = Table::ALL.iter().map(|table| format!("{}.csv", table.as_str())).collect();
    let pictures = Picture::ALL.into_iter().chain([Picture::Results(consultation.head.slug.clone())]);
    let pictures: Vec<String> = pictures.map(|picture| format!("{}.svg", picture.name())).collect();
    let options: Vec<String> = consultation.options.iter().map(|option| option.id.to_string()).collect();
    let proposals: BTreeSet<String> = consultation
        .options
        .iter()
        .filter_map(|option| option.proposal.as_ref())
        .map(ToString::to_string)
        .collect();
    let proposals =
        if proposals.is_empty() { BTreeSet::from([server.proposal().to_string()]) } else { proposals };
    let calls = &server.app.catalogue.process(PROCESS).unwrap().calls;
    let calls: Vec<String> = calls.iter().map(|call| call.head.slug.to_string()).collect();
    let mut found = Vec::new();
    for (pattern, operations) in document["paths"].as_object().unwrap() {
        if operations.get("get").is_none() {
            continue;
        }
        // Nobody has to identify themselves in this process.
        if pattern.ends_with("/consent") || pattern == SIGN_IN_PATTERN || pattern == SIGNED_IN_PATH {
            continue;
        }
        // What a widget is told has nothing to do with ballots either.
        if pattern == GetAct::PATTERN {
            continue;
        }
        // What is sent to a call has nothing to do with ballots, and there is none here.
        if pattern.contains("{submission}") {
            continue;
        }
        let mut filled = vec![pattern.clone()];
        for (name, values) in [
            ("process", vec![PROCESS.to_owned()]),
            ("consultation", vec![CONSULTATION.to_owned(), consultation.head.id.to_string()]),
            ("proposal", proposals.iter().cloned().collect()),
            ("option", options.clone()),
            ("call", calls.clone()),
            ("file", if pattern == PICTURE_PATTERN { pictures.clone() } else { tables.clone() }),
        ] {
            let name = format!("{{{name}}}");
            let fill = |address: String| -> Vec<String> {
                if !address.contains(&name) {
                    return vec![address];
                }
                values.iter().map(|value| address.replace(&name, value)).collect()
            };
            filled = filled.into_iter().flat_map(fill).collect();
        }
        assert!(filled.iter().all(|address| !address.contains('{')), "{pattern}: nothing to fill in");
        found.extend(filled);
    }
    assert!(found.iter().any(|address| address.contains(EXPORT_PATTERN.split('{').next().unwrap())));
    found
}

/// What somebody reads at every address: all of an answer, or the first state of a stream.
async fn read(server: &Server) -> BTreeMap<String, String> {
    let mut read = BTreeMap::new();
    for address in addresses(server).await {
        let request = Request::get(&address).body(Body::empty()).unwrap();
        let response = tower::ServiceExt::oneshot(server.site.clone(), request).await.unwrap();
        let status = response.status();
        let mut body = response.into_body();
        let text = if address.ends_with("/live") {
            let frame = body.frame().await.unwrap().unwrap().into_data().unwrap();
            String::from_utf8(frame.to_vec()).unwrap()
        } else {
            String::from_utf8_lossy(&body.collect().await.unwrap().to_bytes()).into_owned()
        };
        assert!(!status.is_server_error() && status != 404, "{address} {status} {text}");
        read.insert(address, format!("{status} {}", without_order(&text)));
    }
    read
}

/// A text without what counts acts or requests, and not answers.
fn without_order(text: &str) -> String {
    fn clean(value: &mut Value) {
        match value {
            Value::Object(fields) => {
                for name in ["as_of", "request_id"] {
                    fields.remove(name);
                }
                fields.values_mut().for_each(clean);
            }
            Value::Array(values) => values.iter_mut().for_each(clean),
            _ => {}
        }
    }
    let lines = text.lines().filter(|line| !line.starts_with("id:") && !line.starts_with("retry:"));
    let lines = lines.map(|line| {
        let json = line.strip_prefix("data:").unwrap_or(line);
        match serde_json::from_str::<Value>(json) {
            Ok(mut value) => {
                clean(&mut value);
                value.to_string()
            }
            Err(_) => line.to_owned(),
        }
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn before_the_close_nothing_public_depends_on_what_ballots_say_and_afterwards_it_does() {
    let (server, _directory) = secret().await;
    let mut people = Vec::new();
    for _ in 0..3 {
        let cookie = server.somebody(false).await;
        server.cast(&cookie, &[0]).await;
        people.push(cookie);
    }
    let before = read(&server).await;
    assert!(before.len() > 40, "{} addresses", before.len());
    let results: Results = server.call(&GetResults { consultation: slug(CONSULTATION) }, None).await.json();
    assert_eq!((results.ballots.total, results.options.len(), &results.outcome), (3, 0, &None));
    assert!(results.visible_from.is_some());

    // The same number of ballots, and every one says something else.
    for cookie in &people {
        server.cast(cookie, &[1, 2]).await;
    }
    let after = read(&server).await;
    for (address, text) in &before {
        assert_eq!(text, &after[address], "{address} tells how people voted");
    }

    server.clock.set(results.visible_from.unwrap());
    let released = read(&server).await;
    for part in ["/results", "/live", "/statistics", "/export/results.csv", ".pb"] {
        let changed =
            released.iter().any(|(address, text)| address.ends_with(part) && text != &after[address]);
        assert!(changed, "{part} still says nothing");
    }
    let results: Results = server.call(&GetResults { consultation: slug(CONSULTATION) }, None).await.json();
    assert_eq!(results.options.iter().map(|option| option.votes).sum::<u64>(), 6);
    assert!(!results.outcome.unwrap().preliminary);
}

//! The record of a process: encounters, committee, milestones, and everything by date.

use crate::harness::{PROCESS, Server, slug, start};
use cabildo_contract::record::{EntryKind, GetRecord, Record, calendar_path};
use serde_json::Value;
use std::collections::HashSet;

/// What was published about the process, as it was collected.
const FACTS: &str = include_str!("../facts/iv-plan.json");

async fn record(server: &Server) -> Record {
    server.call(&GetRecord { process: slug(PROCESS) }, None).await.json()
}

#[tokio::test]
async fn attendance_experts_and_seats_are_as_published() {
    let (server, _directory) = start().await;
    let Record { events, process, .. } = record(&server).await;
    assert_eq!(process.slug, slug(PROCESS));
    assert_eq!((events.participants(), events.experts()), (149, 31));
    assert_eq!(events.workshops.iter().map(|workshop| workshop.actions.len()).sum::<usize>(), 19);
    let committee = events.committee.unwrap();
    let [before, after] = committee.terms.as_slice() else { panic!("two terms") };
    let names = |members: Vec<&cabildo_contract::record::Member>| -> Vec<String> {
        members.into_iter().map(|member| member.name.clone()).collect()
    };
    assert_eq!(
        names(after.without(before)),
        ["Consejo de Estado", "CORLIDE", "Instituto Internacional de Estudios Anticorrupción"]
    );
    assert_eq!(names(before.without(after)), ["Ministerio de Ambiente", "Somos Más"]);
    let renewal = committee.renewal.unwrap();
    assert_eq!(
        (renewal.candidacies.len(), renewal.seats.iter().map(|seats| seats.seats).sum::<u32>()),
        (12, 7)
    );
    assert_eq!(renewal.candidacies.iter().filter(|candidacy| candidacy.elected).count(), 7);
}

#[tokio::test]
async fn the_timeline_has_everything_that_has_its_days_in_order() {
    let (server, _directory) = start().await;
    let Record { timeline, .. } = record(&server).await;
    assert!(timeline.is_sorted_by_key(|entry| entry.from));
    let number = |kind| timeline.iter().filter(|entry| entry.kind == kind).count();
    assert_eq!(number(EntryKind::Phase), 10);
    assert_eq!(number(EntryKind::Call), 1, "the dates of the national one were not published");
    assert_eq!(number(EntryKind::Consultation), 3, "the exercise is no part of the process");
    assert_eq!((number(EntryKind::Workshop), number(EntryKind::Conversation)), (4, 4));
    assert_eq!(number(EntryKind::Milestone), 3, "the grant has no date");
    let topics = timeline.iter().find(|entry| entry.slug == Some(slug("temas-2019"))).unwrap();
    assert_eq!((topics.from.to_string(), topics.to.to_string()), ("2019-10-25".into(), "2019-11-13".into()));
}

#[tokio::test]
async fn the_calendar_has_every_entry_of_the_timeline_once() {
    let (server, _directory) = start().await;
    let answer = server.get(&calendar_path(&slug(PROCESS))).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.header("content-type"), "text/calendar; charset=utf-8");
    let text = answer.text();
    assert!(text.starts_with("BEGIN:VCALENDAR\r\n") && text.ends_with("END:VCALENDAR\r\n"), "{text}");
    assert!(
        text.split("\r\n").all(|line| line.len() <= 75 && !line.contains('\n')),
        "lines are folded: {text}"
    );
    // What is folded is one line again without the break and the space after it.
    let text = text.replace("\r\n ", "").replace("\\,", ",");
    let values = |name: &str| -> Vec<String> {
        let lines = text.split("\r\n").filter_map(|line| line.strip_prefix(name));
        lines.map(|value| value.trim_start_matches([':', ';']).to_owned()).collect()
    };
    let timeline = record(&server).await.timeline;
    assert_eq!(values("SUMMARY"), timeline.iter().map(|entry| entry.title.clone()).collect::<Vec<_>>());
    let identities: HashSet<String> = values("UID").into_iter().collect();
    assert_eq!(identities.len(), timeline.len());
    assert_eq!(values("DTSTAMP").len(), timeline.len());
    assert!(
        text.contains("DTSTART;VALUE=DATE:20201210\r\n") && text.contains("DTEND;VALUE=DATE:20201211\r\n")
    );
    // The same timeline is the same calendar: who subscribes is not sent it again.
    let tag = answer.header("etag");
    let again = server.send("GET", &calendar_path(&slug(PROCESS)), &[("if-none-match", tag)], None).await;
    assert_eq!(again.status, 304);
    assert_eq!(server.get("/api/v1/processes/nothing-here/calendar.ics").await.status, 404);
    assert_eq!(server.get(&format!("{}?odd=1", calendar_path(&slug(PROCESS)))).await.status, 400);
}

/// Every title, name, date and number of these parts of the facts, with where it stands.
fn leaves<'a>(at: &str, value: &'a Value, found: &mut Vec<(String, &'a Value)>) {
    match value {
        Value::Object(fields) => {
            fields.iter().for_each(|(name, value)| leaves(&format!("{at}/{name}"), value, found));
        }
        Value::Array(items) => {
            items
                .iter()
                .enumerate()
                .for_each(|(index, value)| leaves(&format!("{at}/{index}"), value, found));
        }
        Value::Null => {}
        leaf => found.push((at.to_owned(), leaf)),
    }
}

/// What the facts say in other words than the process does.
fn is_said_otherwise(at: &str, name: &str) -> bool {
    // Notes to the reader of the facts, and English words of theirs for what the process says in Spanish: who says so,
    // what a consultation asked, what was counted.
    at == "/_about"
        || matches!(name, "source" | "asks" | "options" | "metric" | "note")
        // Their keys: a workshop is known by its slug, a topic by its place.
        || matches!(name, "workshop" | "n")
}

#[tokio::test]
async fn every_fact_can_be_found_in_the_api() {
    let (server, _directory) = start().await;
    let mut texts = HashSet::new();
    let mut numbers = HashSet::new();
    let process = format!("/api/v1/processes/{PROCESS}");
    let list: Value = server.get(&format!("{process}/proposals?limit=100")).await.json();
    let mut answers = vec![list.clone()];
    for proposal in list["items"].as_array().unwrap() {
        let id = proposal["id"].as_str().unwrap();
        answers.push(server.get(&format!("/api/v1/proposals/{id}")).await.json());
        answers.push(server.get(&format!("/api/v1/proposals/{id}/versions")).await.json());
    }
    answers.push(server.get(&process).await.json());
    for consultation in answers.last().unwrap()["consultations"].as_array().unwrap().clone() {
        let slug = consultation["slug"].as_str().unwrap().to_owned();
        answers.push(server.get(&format!("/api/v1/consultations/{slug}")).await.json());
    }
    for call in answers.iter().find_map(|answer| answer["calls"].as_array()).unwrap().clone() {
        let slug = call["slug"].as_str().unwrap();
        answers.push(server.get(&format!("/api/v1/calls/{slug}")).await.json());
    }
    answers.push(server.get(&format!("{process}/record")).await.json());
    for answer in &answers {
        let mut found = Vec::new();
        leaves("", answer, &mut found);
        for (_, leaf) in found {
            match leaf {
                Value::String(text) => drop(texts.insert(text.as_str())),
                Value::Number(number) => drop(numbers.insert(number.clone())),
                _ => {}
            }
        }
    }
    let facts: Value = serde_json::from_str(FACTS).unwrap();
    let mut found = Vec::new();
    leaves("", &facts, &mut found);
    assert!(found.len() > 500, "{} facts", found.len());
    let all = texts.iter().copied().collect::<Vec<_>>().join("\n");
    let missing: Vec<_> = found
        .iter()
        .filter(|(at, leaf)| {
            let name = at.rsplit('/').next().unwrap_or_default();
            !is_said_otherwise(at, name)
                && match leaf {
                    // A description may hold several of them; in parentheses stands why there is no draft.
                    Value::String(text) if name == "draft_title" && text.starts_with('(') => false,
                    Value::String(text) => text.split(" / ").any(|text| !all.contains(text)),
                    Value::Number(number) => !numbers.contains(number),
                    _ => false,
                }
        })
        .collect();
    assert!(
        missing.is_empty(),
        "{} of {} facts are not in the API: {missing:#?}",
        missing.len(),
        found.len()
    );
}

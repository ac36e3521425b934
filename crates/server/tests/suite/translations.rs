//! Content in several languages.

use crate::harness::{PROCESS_FILE, REHEARSAL, REHEARSAL_FILE, Server, rehearsal, slug, start};
use crate::words::strings;
use cabildo_app::i18n::Language;
use cabildo_contract::call::{Call, GetCall};
use cabildo_contract::consultation::{Consultation, GetConsultation};
use cabildo_contract::endpoint::{Endpoint, in_language};
use cabildo_contract::problem::ProblemKind;
use cabildo_contract::process::{GetProcess, Process};
use cabildo_contract::proposal::{Filter, ListProposals, Proposal, ProposalPage, Sort};
use cabildo_contract::record::{GetRecord, Record};
use cabildo_contract::statistics::{GetStatistics, Statistics};
use cabildo_contract::tally::{GetResults, Results};
use cabildo_contract::text::fold;
use cabildo_server::process_file::{FileFault, parse};
use cabildo_server::translation::{NAMES, TEXTS, to_translate};
use serde_json::Value;
use std::collections::BTreeSet;

/// What is asked for, in English.
async fn english<E: Endpoint>(server: &Server, request: &E) -> E::Output {
    let answer = server.get(&in_language(request.path(), "en")).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

fn list(filter: Filter) -> ListProposals {
    ListProposals { process: slug(REHEARSAL), filter, cursor: String::new() }
}

#[tokio::test]
async fn all_of_a_process_is_in_the_language_that_is_asked_for() {
    let (server, _directory) = rehearsal().await;
    let process: Process = english(&server, &GetProcess { process: slug(REHEARSAL) }).await;
    assert_eq!(process.name.title, "Rehearsal: a plan for the neighbourhood");
    assert_eq!(process.name.language, "en");
    let page: ProposalPage = english(&server, &list(Filter::default())).await;
    let lighting = page.items.first().unwrap();
    assert_eq!(lighting.title, "Lighting on the three paths of the park");
    let path = format!("/api/v1/proposals/{}", lighting.id);
    let proposal: Proposal = server.get(&in_language(path, "en")).await.json();
    assert_eq!(
        (proposal.process.language.as_str(), proposal.branch.as_str()),
        ("en", "neighbourhood (fictitious)")
    );
    let consultation = GetConsultation { consultation: slug("ensayo-barrio-prioridades") };
    let asked: Consultation = english(&server, &consultation).await;
    assert_eq!(asked.head.title, "What is done first?");
    let results = GetResults { consultation: consultation.consultation.clone() };
    let results: Results = english(&server, &results).await;
    assert!(results.options.iter().any(|option| option.title.contains("garden")), "{:?}", results.options);
    let record: Record = english(&server, &GetRecord { process: slug(REHEARSAL) }).await;
    assert!(record.timeline.iter().any(|entry| entry.title == "Workshop on safety and trust"));
    let call: Call = english(&server, &GetCall { call: slug("ensayo-barrio-ideas") }).await;
    assert!(call.text.starts_with("Which problem of the neighbourhood"), "{}", call.text);
    let statistics: Statistics = english(&server, &GetStatistics { process: slug(REHEARSAL) }).await;
    assert!(statistics.consultations.iter().any(|tally| tally.title == "What is done first?"));
}

#[tokio::test]
async fn nothing_that_is_not_translated_is_left_in_a_process_in_another_language() {
    let (server, _directory) = rehearsal().await;
    let entry = server.app.catalogue.process(REHEARSAL).unwrap();
    let words = entry.translations.get("en").unwrap();
    let english = entry.in_language("en").unwrap();
    let mut said = BTreeSet::new();
    for part in [
        serde_json::to_value(&english).unwrap(),
        serde_json::to_value(&english.proposals).unwrap(),
        serde_json::to_value(english.consultations.iter().map(|each| &**each).collect::<Vec<_>>()).unwrap(),
        serde_json::to_value(english.calls.iter().map(|each| &**each).collect::<Vec<_>>()).unwrap(),
        serde_json::to_value(&english.timeline).unwrap(),
    ] {
        strings(&part, &mut said);
    }
    let left: Vec<_> = words.iter().filter(|(text, own)| text != own && said.contains(*text)).collect();
    assert!(left.is_empty(), "{left:#?}");
}

#[tokio::test]
async fn what_is_not_translated_is_as_it_was_written_and_says_so() {
    let (server, _directory) = rehearsal().await;
    let path = GetProcess { process: slug(REHEARSAL) }.path();
    let written: Process = server.get(&path).await.json();
    assert_eq!(
        (written.name.language.as_str(), written.name.title.as_str()),
        ("es-CO", "Ensayo: un plan para el barrio")
    );
    for language in ["es", "pt", "guc"] {
        let same: Process = server.get(&in_language(path.clone(), language)).await.json();
        assert_eq!(same, written, "{language}");
    }
    let refused = server.get(&in_language(path, "tlh")).await;
    assert_eq!(refused.refused(), ProblemKind::InvalidParameter);
    let session = server.get("/api/v1/session?lang=en").await;
    assert_eq!(session.refused(), ProblemKind::InvalidParameter, "there is no content in it");
}

#[tokio::test]
async fn a_proposal_is_found_by_its_words_in_every_language_of_its_process() {
    let (server, _directory) = rehearsal().await;
    for (words, found) in [("huerta", 1), ("garden", 1), ("swimming", 1), ("nothing of this kind", 0)] {
        let page: ProposalPage =
            english(&server, &list(Filter { q: words.to_owned(), ..Filter::default() })).await;
        assert_eq!(page.items.len(), found, "{words}");
    }
}

#[tokio::test]
async fn titles_are_sorted_in_the_language_that_is_asked_for_page_by_page() {
    let (server, _directory) = rehearsal().await;
    let by_title = list(Filter { sort: Sort::Title, ..Filter::default() });
    let whole: ProposalPage = english(&server, &by_title).await;
    let titles: Vec<_> = whole.items.iter().map(|head| fold(&head.title)).collect();
    assert!(titles.len() > 3 && titles.is_sorted(), "{titles:?}");
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let path = in_language(ListProposals { cursor, ..by_title.clone() }.path(), "en");
        let page: ProposalPage = server.get(&format!("{path}&limit=3")).await.json();
        assert_eq!(page.total, whole.total);
        seen.extend(page.items.iter().map(|head| fold(&head.title)));
        match page.next {
            Some(next) => cursor = next,
            None => break,
        }
    }
    assert_eq!(seen, titles);
}

#[tokio::test]
async fn a_page_and_a_stream_are_in_the_language_of_the_page() {
    let (mut server, _directory) = rehearsal().await;
    let assets = crate::pages::built();
    crate::pages::with_assets(&mut server, &assets);
    let page = server.get(&format!("/processes/{REHEARSAL}?lang=en")).await.text();
    assert!(page.contains("<title>Rehearsal: a plan for the neighbourhood"), "{page}");
    assert!(
        page.contains("lang=\"en\">Rehearsal: a plan") || !page.contains("lang=\"es-CO\">Rehearsal"),
        "{page}"
    );
    let process = server.app.catalogue.process(REHEARSAL).unwrap().process.id.clone();
    let topic = cabildo_server::live::Topic::Process(process);
    let event = |language| {
        let (frame, _) = server.app.live.watch(&topic, language).unwrap();
        String::from_utf8(frame.event.to_vec()).unwrap()
    };
    assert!(event(Language::English).contains("What is done first?"));
    assert!(event(Language::Portuguese).contains("¿Qué se hace primero?"));
}

fn with_translations(change: impl FnOnce(&mut serde_json::Map<String, Value>)) -> Result<(), FileFault> {
    let mut file: Value = serde_json::from_str(REHEARSAL_FILE).unwrap();
    change(file["translations"].as_object_mut().unwrap());
    parse(&serde_json::to_string_pretty(&file).unwrap()).map(|_| ())
}

#[test]
fn a_translation_that_is_not_whole_is_refused_with_what_is_missing() {
    let fault = with_translations(|all| {
        all["en"].as_object_mut().unwrap().remove("Qué se hace primero").unwrap();
    });
    let fault = fault.unwrap_err();
    assert_eq!(fault.field, "/translations/en");
    assert!(fault.reason.contains("\"Qué se hace primero\" is missing"), "{fault}");
    // A name may stay as it is.
    with_translations(|all| {
        all["en"].as_object_mut().unwrap().remove("Junta del Barrio (ficticia)").unwrap();
    })
    .unwrap();
}

#[test]
fn a_translation_of_nothing_into_nothing_or_into_no_language_is_refused() {
    let fault =
        with_translations(|all| all["en"]["Qué se hará después"] = "What comes then".into()).unwrap_err();
    assert_eq!(fault.field, "/translations/en/Qué se hará después");
    let fault = with_translations(|all| all["en"]["Qué se hace primero"] = " ".into()).unwrap_err();
    assert_eq!(fault.field, "/translations/en/Qué se hace primero");
    for language in ["tlh", "es"] {
        let fault = with_translations(|all| {
            let english = all["en"].clone();
            all.insert(language.to_owned(), english);
        });
        assert_eq!(fault.unwrap_err().field, format!("/translations/{language}"));
    }
}

/// The names of fields that hold text somewhere in a value.
fn fields(value: &Value, name: &str, found: &mut BTreeSet<String>) {
    match value {
        Value::String(_) => {
            found.insert(name.to_owned());
        }
        Value::Array(items) => items.iter().for_each(|item| fields(item, name, found)),
        Value::Object(object) => {
            for (name, value) in object.iter().filter(|(name, _)| *name != "translations") {
                fields(value, name, found);
            }
        }
        _ => {}
    }
}

/// Fields of a process that are read by programs, and dates.
const NO_TEXTS: [&str; 39] = [
    "assurance",
    "at",
    "branch_code",
    "closes",
    "code",
    "completion",
    "consultation",
    "currency",
    "date",
    "due",
    "first_comments",
    "from",
    "held",
    "id",
    "influence",
    "kind",
    "language",
    "level",
    "moderation",
    "opens",
    "outcome",
    "person",
    "policy",
    "position",
    "proposal",
    "reference",
    "result",
    "results",
    "rule",
    "slug",
    "stage",
    "state",
    "status",
    "territory",
    "time_zone",
    "to",
    "unit",
    "url",
    "workshop",
];

#[tokio::test]
async fn every_field_of_a_process_is_a_text_or_a_name_or_neither() {
    let mut found = BTreeSet::new();
    for file in [PROCESS_FILE, REHEARSAL_FILE] {
        fields(&serde_json::from_str(file).unwrap(), "", &mut found);
    }
    let (server, _directory) = start().await;
    for entry in server.app.catalogue.processes() {
        fields(&serde_json::to_value(&entry.proposals).unwrap(), "", &mut found);
        fields(&serde_json::to_value(entry.record()).unwrap(), "", &mut found);
        fields(&serde_json::to_value(&entry.process).unwrap(), "", &mut found);
    }
    let known = |name: &str| TEXTS.contains(&name) || NAMES.contains(&name) || NO_TEXTS.contains(&name);
    found.retain(|name| !known(name));
    assert!(found.is_empty(), "texts, names, or neither? {found:?}");
}

#[test]
fn the_texts_to_be_translated_are_those_that_a_translation_must_have() {
    let Value::Object(texts) = to_translate(REHEARSAL_FILE).unwrap() else { panic!("a list of texts") };
    assert!(texts.len() > 100 && texts.values().all(|text| text == ""), "{texts:?}");
    with_translations(|all| {
        let filled = texts.into_iter().map(|(text, _)| (text.clone(), Value::String(format!("{text} ~"))));
        all.insert("pt".to_owned(), Value::Object(filled.collect()));
    })
    .unwrap();
    assert!(to_translate("{}").is_err());
}

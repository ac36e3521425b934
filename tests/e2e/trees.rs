//! What a screen reader has of each page: its accessibility tree, as Chromium makes it, beside what it was when somebody last
//! read it (`tests/e2e/trees`). A change that nobody meant shows in the difference.
//!
//! `CABILDO_BLESS=1 cargo xtask test e2e` writes them anew; read the difference before it is committed.

use crate::harness::{Browser, button, consultation_page, heading, journey, process_page};
use crate::vote::{OPTIONS, choose};
use cabildo_app::i18n::{Language, format};
use cabildo_contract::time::Date;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::fmt::Write;
use std::path::Path;

const DIRECTORY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/e2e/trees");

/// What is said of an element beside its role, its name and its description, if it is not what is expected unsaid.
const STATES: [&str; 10] = [
    "level", "checked", "pressed", "expanded", "selected", "disabled", "required", "invalid", "live", "modal",
];

/// The tree as text: a line for each element that is told, as deep as it lies. Numbers in words are `#`: times and counts
/// of this moment are none of its business.
async fn tree(browser: &Browser) -> String {
    browser.devtools("Accessibility.enable", json!({})).await;
    let answer = browser.devtools("Accessibility.getFullAXTree", json!({})).await;
    browser.devtools("Accessibility.disable", json!({})).await;
    let nodes = answer["nodes"].as_array().unwrap();
    let by_id: HashMap<&str, &Value> =
        nodes.iter().filter_map(|node| Some((node["nodeId"].as_str()?, node))).collect();
    let mut text = String::new();
    tell(&nodes[0], &by_id, 0, "", &mut text);
    text
}

/// Words with each number as one `#`.
fn numbers_masked(words: &str) -> String {
    let mut masked = String::new();
    for character in words.chars() {
        match character {
            '0'..='9' if masked.ends_with('#') => {}
            '0'..='9' => masked.push('#'),
            other => masked.push(other),
        }
    }
    masked
}

/// Words with each number as one `#`, each half of a day as the other, and each month of a date as one.
fn masked(words: &str) -> String {
    let mut masked = numbers_masked(words);
    for month in 1..=12 {
        let day = Date::parse(&format!("2026-{month:02}-01")).unwrap();
        let day = numbers_masked(&format::date(Language::Spanish, day));
        masked = masked.replace(&day, "# de mes de #");
    }
    masked.replace("p. m.", "a. m.")
}

fn tell(node: &Value, by_id: &HashMap<&str, &Value>, depth: usize, parent: &str, text: &mut String) {
    let role = node["role"]["value"].as_str().unwrap_or_default();
    let name = node["name"]["value"].as_str().unwrap_or_default();
    // What only groups, and text that is the name of what it stands in.
    let is_told = node["ignored"] != true
        && !["none", "generic", "InlineTextBox", "ListMarker", "LabelText"].contains(&role)
        && !(role == "StaticText" && name == parent);
    let (mut inner, mut within) = (depth, parent);
    if is_told {
        (inner, within) = (depth + 1, name);
        write!(text, "{}{role}", "  ".repeat(depth)).unwrap();
        let quote = |text: &mut String, words: &str| write!(text, " «{}»", masked(words)).unwrap();
        if !name.is_empty() {
            quote(text, name);
        }
        // Lists say of each item how deep it lies, as the tree does.
        let states = if role == "listitem" { &[] } else { &STATES[..] };
        for property in node["properties"].as_array().into_iter().flatten() {
            let (key, value) = (property["name"].as_str().unwrap_or_default(), &property["value"]["value"]);
            let unsaid = [json!(false), json!("false"), json!("off")].contains(value);
            // A box that is not ticked says so.
            if states.contains(&key) && (!unsaid || ["checked", "expanded", "pressed"].contains(&key)) {
                write!(text, " {key}={}", value.as_str().map_or_else(|| value.to_string(), str::to_owned))
                    .unwrap();
            }
        }
        if let Some(words) = node["description"]["value"].as_str().filter(|words| !words.is_empty()) {
            write!(text, " described:").unwrap();
            quote(text, words);
        }
        text.push('\n');
    }
    let children = node["childIds"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let mut told: Vec<String> = children
        .filter_map(|id| by_id.get(id))
        .map(|child| {
            let mut text = String::new();
            tell(child, by_id, inner, within, &mut text);
            text
        })
        .collect();
    // The options of a ballot are in an order by chance.
    if role == "group" {
        told.sort_unstable();
    }
    text.extend(told);
}

/// The tree is what it was.
async fn is_as_kept(browser: &Browser, name: &str) {
    let file = Path::new(DIRECTORY).join(format!("{name}.txt"));
    let now = tree(browser).await;
    if std::env::var_os("CABILDO_BLESS").is_some() {
        std::fs::create_dir_all(DIRECTORY).unwrap();
        return std::fs::write(file, now).unwrap();
    }
    let kept = std::fs::read_to_string(&file).unwrap_or_default();
    let line = kept.lines().zip(now.lines()).position(|(kept, now)| kept != now);
    let line = line.unwrap_or_else(|| kept.lines().count().min(now.lines().count()));
    let from = |text: &str| text.lines().skip(line.saturating_sub(3)).take(8).collect::<Vec<_>>().join("\n");
    assert!(
        kept == now,
        "{name}: a screen reader is told something else from line {}. It was\n{}\nand is\n{}\nIf that is meant: CABILDO_BLESS=1",
        line + 1,
        from(&kept),
        from(&now)
    );
}

#[test]
fn a_screen_reader_is_told_of_every_page_what_it_was_told_before() {
    journey(async |site| {
        let phone = site.phone().await;
        // Nothing is kept of somebody who has done nothing (401).
        phone.expect_failed_requests();
        let proposal = site.proposal_page(1).await;
        let pages = [
            ("start", "/".to_owned()),
            ("process", process_page("")),
            ("proposals", process_page("/proposals")),
            ("proposal", proposal),
            ("dashboard", process_page("/dashboard")),
            ("timeline", process_page("/timeline")),
            ("encounters", process_page("/encounters")),
            ("committee", process_page("/committee")),
            ("consultation-of-the-past", "/consultations/renovacion-comite-2021".to_owned()),
            ("call", "/calls/convocatoria-territorial-2020".to_owned()),
            ("account", "/account".to_owned()),
            ("widgets", "/widgets".to_owned()),
            ("not-found", "/nada".to_owned()),
        ];
        for (name, page) in pages {
            phone.visit(&page).await;
            is_as_kept(&phone, name).await;
        }
    });
}

#[test]
fn a_screen_reader_is_told_of_every_step_of_voting_what_it_was_told_before() {
    journey(async |site| {
        let phone = site.phone().await;
        phone.visit(&consultation_page()).await;
        is_as_kept(&phone, "vote").await;
        choose(&phone, &OPTIONS[..1]).await;
        is_as_kept(&phone, "vote-review").await;
        phone.click(&button("Confirmar mi voto")).await;
        phone.focuses(&heading("Su voto fue recibido")).await;
        phone.reads("1 voto emitido").await;
        is_as_kept(&phone, "vote-received").await;
    });
}

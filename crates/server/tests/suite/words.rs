//! What pages say: the words of the interface are those of the catalogue, on every page with its real content.

use crate::harness::{PROCESS, REHEARSAL, Server, both, open};
use cabildo_app::document::{self, Answer};
use cabildo_app::i18n::pseudo::{CLOSE, OPEN, within};
use cabildo_app::state::order::Order;
use cabildo_server::storage::sqlite::Options;
use scraper::node::Element;
use scraper::{Html, Node};
use serde_json::Value;
use std::collections::BTreeSet;

/// Every string in what the API answers.
pub fn strings(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::String(text) => {
            found.insert(text.clone());
        }
        Value::Array(items) => items.iter().for_each(|item| strings(item, found)),
        Value::Object(fields) => fields.values().for_each(|field| strings(field, found)),
        _ => {}
    }
}

/// What no page says in words of a language: names, kinds of files, and the months of a date.
const SAID_ANYWHERE: [&str; 23] = [
    "Cabildo",
    "English",
    "Español",
    "Português",
    "Wayuunaiki",
    "CSV",
    "NDJSON",
    "PNG",
    "SVG",
    "ics",
    "de",
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "octubre",
    "noviembre",
    "diciembre",
];
/// Letters that the pseudo-locale writes and Spanish does not.
const OF_PSEUDO: &str = "äëïöšÿçÄËÏÖŠŸÇ";

/// What is left of a text without what the catalogue says, of which a text may be a part, between two links.
fn outside(text: &str) -> String {
    let mut depth = u32::from(text.find([OPEN, CLOSE]).is_some_and(|at| text[at..].starts_with(CLOSE)));
    let outside: String = text
        .chars()
        .filter(|c| {
            depth += u32::from(*c == OPEN);
            let is_outside = depth == 0;
            depth = depth.saturating_sub(u32::from(*c == CLOSE));
            is_outside
        })
        .collect();
    outside.trim_matches(|c: char| !c.is_alphabetic()).to_owned()
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty())
}

/// Whether a word is of the catalogue, or of no language.
fn is_said_anywhere(word: &str) -> bool {
    let is_code = word.chars().count() <= 3 && word.chars().all(char::is_uppercase);
    is_code || SAID_ANYWHERE.contains(&word) || word.contains(|c| OF_PSEUDO.contains(c))
}

/// The texts of a page, with those that a person is told by their attributes.
fn texts(page: &str) -> Vec<String> {
    let page = Html::parse_document(page);
    let mut texts = Vec::new();
    for node in page.tree.nodes() {
        match node.value() {
            Node::Text(text) => {
                match node.parent().and_then(|parent| parent.value().as_element()).map(Element::name) {
                    Some("script") => {}
                    // As browsers without scripts read it.
                    Some("noscript") => texts.extend(self::texts(text)),
                    _ => texts.push(text.trim().to_owned()),
                }
            }
            Node::Element(element) => {
                let told = ["aria-label", "title", "placeholder", "alt", "aria-description"];
                texts.extend(told.iter().filter_map(|name| element.attr(name)).map(str::to_owned));
            }
            _ => {}
        }
    }
    texts.retain(|text| !text.is_empty());
    texts
}

/// A page in the pseudo-locale, and the content that it was made from.
async fn drawn(server: &Server, address: &str) -> (String, BTreeSet<String>) {
    let mut answers = Vec::new();
    let mut content = BTreeSet::new();
    for path in document::needs(address) {
        let answer = server.get(&path).await;
        strings(&answer.json(), &mut content);
        answers.push(Answer { path, status: answer.status.as_u16(), body: answer.text() });
    }
    let now = server.app.clock.now();
    let page =
        within(|| document::render(address, now, Order::default(), "https://cabildo.example", answers));
    (format!("<html><head>{}</head><body>{}</body></html>", page.head, page.body), content)
}

#[tokio::test]
async fn every_page_takes_its_words_from_the_catalogue_or_from_its_content() {
    let directory = both().await;
    let server = open(directory.path(), Options::default()).await;
    let mut pages = vec!["/".to_owned(), "/account".to_owned(), "/widgets".to_owned(), "/nada".to_owned()];
    for process in [PROCESS, REHEARSAL] {
        let entry = server.app.catalogue.process(process).unwrap();
        let screens = [
            "",
            "/proposals",
            "/dashboard",
            "/encounters",
            "/committee",
            "/timeline",
            "/answers",
            "/moderation",
        ];
        pages.extend(screens.map(|screen| format!("/processes/{process}{screen}")));
        pages.extend(entry.proposals.iter().map(|proposal| format!("/proposals/{}", proposal.head.id)));
        pages.extend(entry.consultations.iter().map(|each| format!("/consultations/{}", each.head.slug)));
        pages.extend(entry.calls.iter().map(|each| format!("/calls/{}", each.head.slug)));
    }
    assert!(pages.len() > 45, "{} pages", pages.len());
    let mut foreign = BTreeSet::new();
    for address in pages {
        let (page, content) = drawn(&server, &address).await;
        assert!(page.contains(OPEN), "{address} says nothing");
        let content: BTreeSet<&str> = content.iter().flat_map(|each| words(each)).collect();
        for text in texts(&page) {
            let rest = outside(&text);
            if words(&rest).any(|word| !is_said_anywhere(word) && !content.contains(word)) {
                foreign.insert(format!("{address}: {text}"));
            }
        }
    }
    assert!(foreign.is_empty(), "{} texts: {foreign:#?}", foreign.len());
}

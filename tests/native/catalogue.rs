//! Catalogues: that a message is missing the compiler says; these say that none is left over, that translations fill the
//! same places, and that a partial catalogue says which words are in which language.

use cabildo_app::document::{self, Answer};
use cabildo_app::i18n::pseudo::{CLOSE, OPEN, within};
use cabildo_app::i18n::{Language, in_shell, partial};
use cabildo_app::state::order::Order;
use cabildo_app::ui::gallery::EXAMPLES;
use cabildo_contract::time::Timestamp;
use leptos::prelude::*;
use scraper::{ElementRef, Html};
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// The sections of `messages.rs`: type, constant and the names of messages.
fn sections() -> Vec<(String, String, Vec<String>)> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/i18n/messages.rs");
    let source = fs::read_to_string(file).unwrap();
    let (_, list) = source.split_once("\nsections! {\n").unwrap();
    let mut sections: Vec<(String, String, Vec<String>)> = Vec::new();
    for line in list.lines().map(str::trim).filter(|line| !line.starts_with("//")) {
        if let Some((section, constant)) = line.strip_suffix(" {").and_then(|head| head.split_once(" = ")) {
            sections.push((section.to_owned(), constant.to_owned(), Vec::new()));
        } else if let (Some(name), Some((_, _, names))) = (line.strip_suffix(','), sections.last_mut()) {
            names.push(name.split(':').next().unwrap_or_default().to_owned());
        }
    }
    sections
}

/// The sources in which messages are used.
fn sources() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    let mut folders = vec![root.join("src"), root.join("crates/server/src")];
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() && !path.ends_with("src/i18n") {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(fs::read_to_string(path).unwrap());
            }
        }
    }
    found
}

/// Whether a source has this word, not as the beginning of another.
fn has(source: &str, word: &str) -> bool {
    let goes_on = |rest: &str| rest.starts_with(|c: char| c.is_alphanumeric() || c == '_');
    source.match_indices(word).any(|(at, _)| !goes_on(&source[at + word.len()..]))
}

#[test]
fn no_message_is_left_over() {
    let sections = sections();
    assert!(sections.len() >= 26 && sections.iter().all(|(_, _, names)| names.len() > 3), "{sections:?}");
    let sources = sources();
    let mut unused = Vec::new();
    for (section, constant, names) in sections {
        // By what a source has the section at hand.
        let accessor = match constant.as_str() {
            "EVERYWHERE" => "messages".to_owned(),
            other => other.to_lowercase(),
        };
        let ways = [
            format!("i18n::{accessor}()"),
            format!(" {accessor}()"),
            format!("({accessor}()"),
            format!(".{accessor}()"),
            format!("catalogue().{accessor}"),
            format!("messages::{section}"),
            format!("&'static {section}"),
            format!("&{section}"),
        ];
        let users: Vec<&String> =
            sources.iter().filter(|source| ways.iter().any(|way| has(source, way))).collect();
        for name in names {
            if !users.iter().any(|source| has(source, &format!(".{name}"))) {
                unused.push(format!("{section}::{name}"));
            }
        }
    }
    assert!(unused.is_empty(), "nobody says {unused:#?}");
}

/// Every text of a catalogue, in its order.
fn texts(language: Language) -> Vec<String> {
    let texts = RefCell::new(Vec::new());
    let _ = language.catalogue().changed(&|text| {
        texts.borrow_mut().push(text.to_owned());
        ""
    });
    texts.into_inner()
}

/// The places for values in a text.
fn places(text: &str) -> BTreeSet<&str> {
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(place, _)| place).collect()
}

#[test]
fn a_translation_has_the_places_of_the_original_and_says_something() {
    let spanish = texts(Language::Spanish);
    assert!(spanish.len() > 850, "{} texts", spanish.len());
    for language in Language::ALL {
        for (original, translation) in spanish.iter().zip(texts(language)) {
            assert_eq!(places(original), places(&translation), "{original} / {translation}");
            assert_eq!(original.is_empty(), translation.is_empty(), "{original} / {translation}");
            let begins = |text: &str| text.starts_with(char::is_whitespace);
            assert_eq!(begins(original), begins(&translation), "{original} / {translation}");
        }
    }
}

#[test]
fn a_complete_catalogue_has_no_words_of_another() {
    // The same word by chance, a name, or no word at all.
    let spanish = texts(Language::Spanish);
    for language in [Language::English, Language::Portuguese] {
        let same = spanish.iter().zip(texts(language)).filter(|(original, translation)| {
            *original == translation && original.split_whitespace().count() > 3 && places(original).is_empty()
        });
        let same: Vec<_> = same.map(|(original, _)| original).collect();
        assert!(same.is_empty(), "{language:?} is still Spanish: {same:#?}");
    }
}

fn page(address: &str) -> document::Rendered {
    let processes = serde_json::json!({ "items": [], "next": null }).to_string();
    let answer = Answer { path: "/api/v1/processes".into(), status: 200, body: processes };
    let now = Timestamp::parse("2026-11-23T20:00:00Z").unwrap();
    document::render(address, now, Order::default(), "https://cabildo.example", vec![answer])
}

/// What an element says, and the language that it is in.
fn said(html: &Html) -> Vec<(String, String)> {
    let texts = html.tree.nodes().filter_map(|node| {
        let text = node.value().as_text()?.trim().to_owned();
        let lang = node.ancestors().filter_map(ElementRef::wrap).find_map(|element| element.attr("lang"));
        Some((text, lang.unwrap_or_default().to_owned()))
    });
    texts.filter(|(text, _)| !text.is_empty()).collect()
}

#[test]
fn the_shell_says_in_the_language_of_the_page_that_the_app_does_not_run() {
    let shell = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("index.html")).unwrap();
    let spanish = in_shell(Language::Spanish, &shell);
    assert_eq!(spanish, shell);
    for language in [Language::English, Language::Portuguese] {
        let strip = language.catalogue().strip;
        let own = in_shell(language, &shell);
        assert!(own.contains(strip.start_failure) && own.contains(strip.no_script), "{language:?}");
        assert!(!own.contains(Language::Spanish.catalogue().strip.no_script), "{language:?}");
    }
}

#[test]
fn a_partial_catalogue_falls_back_message_by_message_and_each_says_its_language() {
    let language = Language::Wayuunaiki;
    let own: Vec<String> = texts(language).into_iter().filter(|text| text.contains(partial::OWN)).collect();
    let fallen_back = texts(language).len() - own.len();
    assert!(own.len() >= 3 && fallen_back > 850, "{} and {fallen_back}", own.len());
    assert!(texts(language).iter().all(|text| text.ends_with(partial::END)), "{language:?}");
    for (original, translation) in texts(Language::Spanish).iter().zip(texts(language)) {
        if !translation.contains(partial::OWN) {
            assert_eq!(*original, partial::plain(&translation));
        }
    }
    let rendered = page("/?lang=guc");
    assert_eq!(rendered.language, language);
    let whole =
        format!("<html lang=\"{}\"><head>{}</head><body>{}", language.tag(), rendered.head, rendered.body);
    assert!(!whole.contains([partial::OWN, partial::END]), "a mark is left");
    let said = said(&Html::parse_document(&whole));
    assert!(said.contains(&("Procesos de participación".into(), "es-CO".into())), "{said:?}");
    assert!(said.contains(&("Wayuunaiki".into(), "guc".into())), "{said:?}");
    let women = Owner::new().with(|| {
        provide_context(language);
        cabildo_app::i18n::encounters().women
    });
    assert_eq!(partial::said(&format!("<th>{women}</th>"), "guc"), "<th lang=\"guc\">Jieyuu</th>");
}

#[test]
fn a_page_offers_every_language_by_its_own_name() {
    for address in ["/", "/?lang=pt", "/?lang=guc"] {
        let rendered = page(address);
        for (code, name) in [("es", "Español"), ("en", "English"), ("pt", "Português"), ("guc", "Wayuunaiki")]
        {
            let way = if code == "es" { "/".to_owned() } else { format!("/?lang={code}") };
            let link = format!("<a href=\"{way}\" target=\"_self\" lang=\"{code}\" hreflang=\"{code}\"");
            let (_, after) =
                rendered.body.split_once(&link).unwrap_or_else(|| panic!("{address}: no {link}"));
            assert!(after.split("</a>").next().unwrap_or_default().ends_with(name), "{address}: {name}");
            assert!(rendered.head.contains(&format!("hreflang=\"{code}\"")), "{address}: {code}");
        }
    }
}

#[test]
fn no_component_takes_words_from_elsewhere_than_the_catalogue_of_the_page() {
    let catalogue: BTreeSet<String> =
        texts(Language::Spanish).into_iter().filter(|text| text.chars().count() > 4).collect();
    // What an example gives to its component is none of the component's words.
    let gallery = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/ui/gallery.rs");
    let gallery = fs::read_to_string(gallery).unwrap();
    for example in EXAMPLES {
        let html = within(|| Owner::new().with(|| (example.view)().map(|view| view.to_html())));
        for (text, _) in said(&Html::parse_fragment(&html.unwrap_or_default())) {
            let count = |bracket| text.chars().filter(|c| *c == bracket).count();
            assert_eq!(count(OPEN), count(CLOSE), "{}: {text}", example.name);
            let is_given = gallery.contains(&format!("\"{text}\""));
            assert!(is_given || !catalogue.contains(&text), "{}: {text}", example.name);
        }
    }
}

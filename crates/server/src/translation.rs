//! Content in several languages: what a process file says of its texts in other languages, and a process in one of them.
//!
//! A translation is whole or there is none: half a ballot in one language and half in another is not the same ballot to
//! everybody. Names may stay as they are.

use crate::process_file::{self, FileFault};
use cabildo_app::i18n::Language;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Texts as they are written, each with what it is in another language.
pub type Words = BTreeMap<String, String>;
/// The same for several languages, by [`Language::code`].
pub type Translations = BTreeMap<String, Words>;

/// The fields of a process that hold texts, or lists of them.
pub const TEXTS: [&str; 26] = [
    "action",
    "asked",
    "branch",
    "channel",
    "definition",
    "description",
    "group",
    "label",
    "note",
    "optional",
    "pillars",
    "priority_areas",
    "purpose",
    "purposes",
    "question",
    "required",
    "rights",
    "sector",
    "summary",
    "table",
    "tables",
    "targets",
    "text",
    "themes",
    "title",
    "workshop_title",
];
/// The fields that hold names of people, entities and sources: they may be translated and need not be.
pub const NAMES: [&str; 11] = [
    "contact",
    "controller",
    "convener",
    "lead_entities",
    "name",
    "other_entities",
    "partners",
    "publisher",
    "responsible",
    "source",
    "sources",
];
/// Where a process says in which language it is.
const LANGUAGE: &str = "language";
/// Where a process file says what its texts are in others.
const TRANSLATIONS: &str = "translations";

/// Shows `act` every text of one of these fields that holds one.
fn each_text(value: &mut Value, fields: &[&str], act: &mut impl FnMut(&mut String)) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| each_text(item, fields, act)),
        Value::Object(object) => {
            for (name, value) in object.iter_mut().filter(|(name, _)| *name != TRANSLATIONS) {
                if fields.contains(&name.as_str()) {
                    texts_of(value, act);
                }
                each_text(value, fields, act);
            }
        }
        _ => {}
    }
}

/// A field that holds a text or a list of them; nothing of what is in it by names of its own.
fn texts_of(value: &mut Value, act: &mut impl FnMut(&mut String)) {
    match value {
        Value::String(text) if !text.is_empty() => act(text),
        Value::Array(items) => {
            items.iter_mut().filter(|item| item.is_string()).for_each(|item| texts_of(item, act))
        }
        _ => {}
    }
}

/// All texts in these fields.
fn texts(file: &mut Value, fields: &[&str]) -> BTreeSet<String> {
    let mut texts = BTreeSet::new();
    each_text(file, fields, &mut |text| {
        texts.insert(text.clone());
    });
    texts
}

/// Checks that the translations in a process file are whole, of languages that there are, and of nothing else than its texts.
///
/// # Errors
/// Which field (JSON Pointer) is wrong, and why.
pub fn check(file: &str, translations: &Translations) -> Result<(), (String, String)> {
    if translations.is_empty() {
        return Ok(());
    }
    let mut file: Value = serde_json::from_str(file).map_err(|error| (String::new(), error.to_string()))?;
    let (wanted, known) = (texts(&mut file, &TEXTS), texts(&mut file, &NAMES));
    let written = file.get(LANGUAGE).and_then(Value::as_str).unwrap_or_default();
    for (language, words) in translations {
        let pointer = format!("/{TRANSLATIONS}/{language}");
        if Language::from_code(language).is_none() || written.split('-').next() == Some(language) {
            let codes: Vec<_> = Language::ALL.into_iter().map(Language::code).collect();
            return Err((pointer, format!("a language other than its own, one of {}", codes.join(", "))));
        }
        if let Some(missing) = wanted.iter().find(|text| !words.contains_key(*text)) {
            return Err((
                pointer,
                format!("a translation is whole or there is none: {missing:?} is missing"),
            ));
        }
        for (text, translation) in words {
            let pointer = || format!("{pointer}/{}", text.replace('~', "~0").replace('/', "~1"));
            if translation.trim().is_empty() {
                return Err((pointer(), "must not be empty".to_owned()));
            }
            if !wanted.contains(text) && !known.contains(text) {
                return Err((pointer(), "nothing in the file says this".to_owned()));
            }
        }
    }
    Ok(())
}

/// What a translation of a process file has to say, each text with nothing yet, by the alphabet; what it may
/// say besides is left out.
///
/// # Errors
/// When the file is none.
pub fn to_translate(file: &str) -> Result<Value, FileFault> {
    process_file::parse(file)?;
    let mut file = serde_json::from_str(file).unwrap_or_default();
    let texts = texts(&mut file, &TEXTS).into_iter().map(|text| (text, Value::String(String::new())));
    Ok(Value::Object(texts.collect()))
}

/// A part of a process in another language. A text without a translation stays: of a whole one that is a name.
///
/// # Errors
/// When it cannot be read again as what it was written from.
pub fn translated<T: Serialize + DeserializeOwned>(
    part: &T,
    language: &str,
    words: &Words,
) -> Result<T, serde_json::Error> {
    let mut value = serde_json::to_value(part)?;
    let mut translate = |text: &mut String| {
        if let Some(translation) = words.get(text.as_str()) {
            text.clone_from(translation);
        }
    };
    each_text(&mut value, &TEXTS, &mut translate);
    each_text(&mut value, &NAMES, &mut translate);
    each_text(&mut value, &[LANGUAGE], &mut |tag| language.clone_into(tag));
    serde_json::from_value(value)
}

//! The process file as a JSON Schema (draft 2020-12), for editors and for who writes one.

use crate::openapi::{SCHEMAS, schemas_of};
use crate::process_file::ProcessFile;
use serde_json::{Value, json};
use std::collections::BTreeSet;

const DEFINITIONS: &str = "#/$defs/";
/// The keyword that forbids fields which no schema names, those of `$ref` and `allOf` included.
const CLOSED: &str = "unevaluatedProperties";

/// The schema. It says what shape a file has; rules between its parts (a number that stands there twice, an end before
/// its beginning) are checked by the import alone.
#[must_use]
pub fn process_file() -> Value {
    let mut definitions = json!(schemas_of::<ProcessFile>());
    let mut parts = BTreeSet::new();
    close(&mut definitions, &mut parts);
    for name in parts {
        open(&mut definitions[name]);
    }
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A process of Cabildo",
        "$ref": "#/$defs/ProcessFile",
        "$defs": definitions,
    })
}

/// As text.
#[must_use]
pub fn text() -> String {
    serde_json::to_string_pretty(&process_file()).unwrap_or_default()
}

/// Has references lead to definitions, and lets no field be misspelt: the import refuses what it does not know. What is
/// put together from several schemas (`allOf`) has the fields of all of them, so it is closed as a whole; `parts` gets the
/// names of those that are definitions.
fn close(value: &mut Value, parts: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            if let Some(Value::String(reference)) = fields.get_mut("$ref") {
                *reference = reference.replace(SCHEMAS, DEFINITIONS);
            }
            let is_object = fields.get("properties").is_some_and(Value::is_object);
            if (is_object && fields.contains_key("type")) || fields.contains_key("allOf") {
                fields.insert(CLOSED.to_owned(), false.into());
            }
            fields.values_mut().for_each(|field| close(field, parts));
            for part in fields.get_mut("allOf").and_then(Value::as_array_mut).into_iter().flatten() {
                open(part);
                let name = part["$ref"].as_str().and_then(|reference| reference.strip_prefix(DEFINITIONS));
                parts.extend(name.map(str::to_owned));
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| close(item, parts)),
        _ => {}
    }
}

fn open(schema: &mut Value) {
    if let Some(fields) = schema.as_object_mut() {
        fields.remove(CLOSED);
        fields.remove("additionalProperties");
    }
}

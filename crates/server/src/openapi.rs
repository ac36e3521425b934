//! The contract as an OpenAPI 3.1 document (<https://spec.openapis.org/oas/v3.1.1>), made from the very
//! constants by which the operations are mounted.

use crate::extract::{COOKIE, IDEMPOTENCY_KEY};
use crate::http::PICTURE_QUERY;
use cabildo_app::i18n::Language;
use cabildo_contract::consultation::ELECTION_PATTERN;
use cabildo_contract::endpoint::{BODY_PROBLEMS, Endpoint, LANGUAGE, Live, Method, NoBody, WRITE_PROBLEMS};
use cabildo_contract::identity::{SIGN_IN_PATTERN, SIGN_IN_QUERY, SIGNED_IN_PATH};
use cabildo_contract::problem::{MEDIA_TYPE, Problem, ProblemKind};
use cabildo_contract::record::CALENDAR_PATTERN;
use cabildo_contract::session::AUTHOR_HEADER;
use cabildo_contract::statistics::{EXPORT_PATTERN, PICTURE_PATTERN, Picture, Table, TableFormat};
use cabildo_contract::work::WORK_HEADER;
use serde_json::{Map, Value, json};
use std::any::{TypeId, type_name};
use std::collections::{BTreeMap, BTreeSet};
use utoipa::ToSchema;
use utoipa::openapi::{RefOr, Schema};

/// The document as indented JSON.
#[must_use]
pub fn text() -> String {
    serde_json::to_string_pretty(&document()).unwrap_or_default()
}

/// The document.
#[must_use]
pub fn document() -> Value {
    let mut document = Document::default();
    macro_rules! operation {
        ($endpoint:ty) => {
            document.operation::<$endpoint>();
        };
    }
    macro_rules! stream {
        ($live:ty) => {
            document.stream::<$live>();
        };
    }
    cabildo_contract::for_each_endpoint!(operation);
    cabildo_contract::for_each_live!(stream);
    // What pages are pages of: a generic type does not name its parameter.
    document.schema::<cabildo_contract::process::ProcessSummary>();
    document.schema::<cabildo_contract::comment::Thread>();
    document.schema::<cabildo_contract::answer::Contribution>();
    document.schema::<cabildo_contract::moderation::Case>();
    document.schema::<cabildo_contract::moderation::OwnComment>();
    document.schema::<cabildo_contract::call::CallSummary>();
    document.schema::<cabildo_contract::call::SubmissionSummary>();
    document.exports();
    document.pictures();
    document.calendar();
    document.election();
    document.sign_in();
    document.schema::<Problem>();
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Cabildo",
            "version": "1",
            "description": "The public API of Cabildo: everything that its own pages do goes through it. Times are RFC 3339 in UTC, ids are opaque strings, lists continue at `next`. Reads need no session and are open to every origin. Every refusal is a problem document (RFC 9457).",
            "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" },
        },
        "servers": [{ "url": "/" }],
        "paths": document.paths,
        "components": {
            "schemas": document.schemas,
            "securitySchemes": {
                "session": { "type": "apiKey", "in": "cookie", "name": COOKIE },
                "key": { "type": "http", "scheme": "bearer" },
            },
        },
    })
}

/// Every problem that an operation documents: its own, and those that all operations of its kind can meet.
#[must_use]
pub fn problems<E: Endpoint<Body: 'static>>() -> BTreeSet<ProblemKind> {
    // A parameter that the operation does not take is refused as well, so every operation can meet this one.
    let general = [ProblemKind::InvalidParameter, ProblemKind::Internal, ProblemKind::Unavailable];
    let body = if takes_body::<E>() { BODY_PROBLEMS } else { &[] };
    let write = if E::METHOD == Method::Get { &[] } else { WRITE_PROBLEMS };
    let work: &[ProblemKind] = if E::MAY_NEED_WORK { &[ProblemKind::WorkRequired] } else { &[] };
    E::PROBLEMS.iter().chain(&general).chain(body).chain(write).chain(work).copied().collect()
}

/// Every problem that a stream documents.
pub const STREAM_PROBLEMS: [ProblemKind; 2] = [ProblemKind::NotFound, ProblemKind::InvalidParameter];

/// Every problem that a file documents: a table, a calendar.
const FILE_PROBLEMS: [ProblemKind; 4] =
    [ProblemKind::NotFound, ProblemKind::InvalidParameter, ProblemKind::Internal, ProblemKind::Unavailable];

fn takes_body<E: Endpoint<Body: 'static>>() -> bool {
    TypeId::of::<E::Body>() != TypeId::of::<NoBody>()
}

#[derive(Default)]
struct Document {
    paths: BTreeMap<&'static str, Map<String, Value>>,
    schemas: BTreeMap<String, Value>,
}

impl Document {
    fn operation<E>(&mut self)
    where
        E: Endpoint<Body: ToSchema + 'static, Output: ToSchema>,
    {
        let keys = [ProblemKind::DeskKeyRequired, ProblemKind::ModeratorKeyRequired];
        let needs_key = E::PROBLEMS.iter().any(|kind| keys.contains(kind));
        let own = E::PATTERN.ends_with("/ballot")
            || E::PATTERN.ends_with("/person")
            || E::PATTERN.contains("/session");
        let public = E::METHOD == Method::Get && !own && !needs_key;
        let mut parameters = path_parameters(E::PATTERN);
        parameters.extend(E::QUERY.iter().map(|(name, description)| {
            let kind = if *name == "limit" {
                json!({ "type": "integer", "minimum": 1, "maximum": 100 })
            } else {
                json!({ "type": "string" })
            };
            json!({ "name": name, "in": "query", "description": description, "schema": kind })
        }));
        parameters.extend(E::CONTENT.then(language));
        if E::CREATES {
            parameters.push(json!({
                "name": IDEMPOTENCY_KEY, "in": "header",
                "description": "1 to 100 visible characters of your choice. The same request with the same key is carried out once and answered alike.",
                "schema": { "type": "string", "minLength": 1, "maxLength": 100 },
            }));
        }
        if E::METHOD != Method::Get && E::PROBLEMS.contains(&ProblemKind::SessionRequired) {
            parameters.push(json!({
                "name": AUTHOR_HEADER, "in": "header",
                "description": "The author's code of the session in which this is meant; in another's it is refused.",
                "schema": { "type": "string" },
            }));
        }
        if E::MAY_NEED_WORK {
            parameters.push(json!({
                "name": WORK_HEADER, "in": "header",
                "description": "What was found of the work that a refusal with 428 asked for: its seed, a colon and the number.",
                "schema": { "type": "string" },
            }));
        }
        let output = self.schema::<E::Output>();
        let mut success =
            json!({ "description": "Done.", "content": { "application/json": { "schema": output } } });
        let mut responses = problem_responses(&problems::<E>());
        if public {
            success["headers"] = json!({ "ETag": { "schema": { "type": "string" } } });
            responses.insert(
                "304".into(),
                json!({ "description": "Not modified: what the caller has (`If-None-Match`) is current." }),
            );
        }
        responses.insert(if E::CREATES { "201" } else { "200" }.into(), success);
        let mut operation = json!({ "operationId": E::NAME, "summary": E::SUMMARY, "responses": responses });
        if !parameters.is_empty() {
            operation["parameters"] = parameters.into();
        }
        if takes_body::<E>() {
            let body = self.schema::<E::Body>();
            operation["requestBody"] =
                json!({ "required": true, "content": { "application/json": { "schema": body } } });
        }
        if E::PROBLEMS.contains(&ProblemKind::SessionRequired) {
            operation["security"] = json!([{ "session": [] }]);
        } else if needs_key {
            operation["security"] = json!([{ "key": [] }]);
        } else if !public {
            operation["security"] = json!([{}, { "session": [] }]);
        }
        self.add(E::PATTERN, E::METHOD, operation);
    }

    fn stream<L: Live<State: ToSchema>>(&mut self) {
        let state = self.schema::<L::State>();
        let as_of = self.schema::<cabildo_contract::live::AsOf>();
        let description = "Server-sent events. `state`: its data is the whole state as JSON (schema in `x-state`), its id the sequence number; the first one comes at once. `beat`: sent while nothing changes, its data says up to where the figures count (schema in `x-beat`).";
        let mut responses = problem_responses(&STREAM_PROBLEMS.into());
        let events = json!({ "text/event-stream": { "schema": { "type": "string" }, "x-state": state, "x-beat": as_of } });
        responses.insert("200".into(), json!({ "description": description, "content": events }));
        let mut parameters = path_parameters(L::PATTERN);
        parameters.extend(L::CONTENT.then(language));
        let operation = json!({
            "operationId": L::NAME, "summary": L::SUMMARY, "parameters": parameters, "responses": responses,
        });
        self.add(L::PATTERN, Method::Get, operation);
    }

    fn calendar(&mut self) {
        let mut responses = problem_responses(&FILE_PROBLEMS.into());
        let content = json!({ "text/calendar": { "schema": { "type": "string" } } });
        responses.insert("200".into(), json!({ "description": "iCalendar, RFC 5545.", "content": content }));
        let operation = json!({
            "operationId": "get_calendar",
            "summary": "The timeline of the process as a calendar to subscribe to.",
            "parameters": path_parameters(CALENDAR_PATTERN),
            "responses": responses,
        });
        self.add(CALENDAR_PATTERN, Method::Get, operation);
    }

    fn election(&mut self) {
        let own = [ProblemKind::NoBallotsHere, ProblemKind::ResultsNotYet];
        let mut responses = problem_responses(&FILE_PROBLEMS.into_iter().chain(own).collect());
        let content = json!({ "text/plain": { "schema": { "type": "string" } } });
        let description = "Pabulib's format, UTF-8 (https://pabulib.org/format).";
        responses.insert("200".into(), json!({ "description": description, "content": content }));
        let operation = json!({
            "operationId": "export_election",
            "summary": "The ballots of a consultation as a file that anybody can count again. Nothing in it says who cast a ballot or when.",
            "parameters": path_parameters(ELECTION_PATTERN),
            "responses": responses,
        });
        self.add(ELECTION_PATTERN, Method::Get, operation);
    }

    fn sign_in(&mut self) {
        let query = |(name, description): &(&str, &str)| json!({ "name": name, "in": "query", "required": true, "description": description, "schema": { "type": "string" } });
        let mut parameters = path_parameters(SIGN_IN_PATTERN);
        parameters.extend(SIGN_IN_QUERY.iter().map(query));
        let mut responses =
            problem_responses(&FILE_PROBLEMS.into_iter().chain([ProblemKind::CrossSite]).collect());
        let description = "To the provider; or to `back` with `?identified=refused`, where the consent is not to the present version or the provider cannot be reached. Sets the cookie __Host-cabildo if there was none.";
        responses.insert("303".into(), json!({ "description": description }));
        let operation = json!({
            "operationId": "sign_in",
            "summary": "Go to an OpenID Connect provider to identify oneself. For the browser itself, not for a script.",
            "parameters": parameters,
            "responses": responses,
            "security": [{}, { "session": [] }],
        });
        self.add(SIGN_IN_PATTERN, Method::Get, operation);

        let parameters = ["state", "code", "error", "iss"].map(|name| {
            json!({ "name": name, "in": "query", "description": "As the provider says it.", "schema": { "type": "string" } })
        });
        let problems = [ProblemKind::InvalidParameter, ProblemKind::Internal, ProblemKind::Unavailable];
        let mut responses = problem_responses(&problems.into());
        let description = "To where the person was; with `?identified=refused` if the person was not identified, else with a new token in the cookie __Host-cabildo.";
        responses.insert("303".into(), json!({ "description": description }));
        let operation = json!({
            "operationId": "signed_in",
            "summary": "Where an OpenID Connect provider sends people back to.",
            "parameters": parameters,
            "responses": responses,
            "security": [{ "session": [] }],
        });
        self.add(SIGNED_IN_PATH, Method::Get, operation);
    }

    fn exports(&mut self) {
        let mut parameters = path_parameters(EXPORT_PATTERN);
        if let Some(file) = parameters.iter_mut().find(|parameter| parameter["name"] == "file") {
            let files = Table::ALL.iter().flat_map(|table| {
                TableFormat::ALL.map(|format| format!("{}.{}", table.as_str(), format.extension()))
            });
            file["schema"]["enum"] = files.collect::<Vec<_>>().into();
            file["description"] = "The table and its format.".into();
        }
        let mut responses = problem_responses(&FILE_PROBLEMS.into());
        let content = json!({
            "text/csv": { "schema": { "type": "string" } },
            "application/x-ndjson": { "schema": { "type": "string" } },
        });
        let description = "CSV: RFC 4180, UTF-8 with a byte order mark. NDJSON: one JSON object a line, its fields named as the columns; what is not there or withheld is null.";
        responses.insert("200".into(), json!({ "description": description, "content": content }));
        let operation = json!({
            "operationId": "export_table", "summary": "A table of the process as CSV or NDJSON.", "parameters": parameters, "responses": responses,
        });
        self.add(EXPORT_PATTERN, Method::Get, operation);
    }

    fn pictures(&mut self) {
        let mut parameters = path_parameters(PICTURE_PATTERN);
        if let Some(file) = parameters.iter_mut().find(|parameter| parameter["name"] == "file") {
            let names: Vec<String> = Picture::ALL.iter().map(Picture::name).collect();
            file["description"] = format!(
                "The view and `.svg` or `.png`. Views: {}; and `results-` with the slug of a consultation held here.",
                names.join(", ")
            )
            .into();
        }
        parameters.extend(PICTURE_QUERY.iter().map(|(name, description)| {
            json!({ "name": name, "in": "query", "description": description, "schema": { "type": "string" } })
        }));
        let mut responses = problem_responses(&FILE_PROBLEMS.into());
        let content = json!({
            "image/svg+xml": { "schema": { "type": "string" } },
            "image/png": { "schema": { "type": "string", "format": "binary" } },
        });
        let description = "1200 × 630, with title, what it counts, date and source.";
        responses.insert("200".into(), json!({ "description": description, "content": content }));
        let operation = json!({
            "operationId": "get_picture",
            "summary": "A view of the dashboard as a picture, for social networks and print.",
            "parameters": parameters,
            "responses": responses,
        });
        self.add(PICTURE_PATTERN, Method::Get, operation);
    }

    fn add(&mut self, pattern: &'static str, method: Method, operation: Value) {
        self.paths.entry(pattern).or_default().insert(method.as_str().to_lowercase(), operation);
    }

    /// Notes a type and all that it is made of; answers with a reference to it.
    fn schema<T: ToSchema>(&mut self) -> Value {
        for (name, schema) in schemas_of::<T>() {
            note(&mut self.schemas, name, schema);
        }
        json!({ "$ref": format!("{SCHEMAS}{}", schema_name::<T>()) })
    }
}

/// What stands before the name of a schema in a reference to it.
pub const SCHEMAS: &str = "#/components/schemas/";

/// The schemas of a type and of all that it is made of, by name.
#[must_use]
pub fn schemas_of<T: ToSchema>() -> BTreeMap<String, Value> {
    let mut parts: Vec<(String, RefOr<Schema>)> = vec![(schema_name::<T>(), T::schema())];
    T::schemas(&mut parts);
    let mut schemas = BTreeMap::new();
    for (name, schema) in parts {
        note(&mut schemas, name, serde_json::to_value(schema).unwrap_or_default());
    }
    schemas
}

/// Notes a schema. Two types of one name would both be described as the first of them; `#[schema(as = …)]` tells them
/// apart.
fn note(schemas: &mut BTreeMap<String, Value>, name: String, schema: Value) {
    let noted = schemas.entry(name.clone()).or_insert_with(|| schema.clone());
    debug_assert_eq!(*noted, schema, "two types are called {name}");
}

/// A page of different things is a different type each.
fn schema_name<T: ToSchema>() -> String {
    match type_name::<T>().split_once('<') {
        Some((_, item)) => {
            let item = item.trim_end_matches('>');
            format!("{}{}", item.rsplit("::").next().unwrap_or(item), T::name())
        }
        None => T::name().into_owned(),
    }
}

/// The parameter of everything that has content.
fn language() -> Value {
    let (name, description) = LANGUAGE;
    let codes = Language::ALL.map(Language::code);
    json!({ "name": name, "in": "query", "description": description, "schema": { "type": "string", "enum": codes } })
}

fn path_parameters(pattern: &str) -> Vec<Value> {
    let names = pattern.split('{').skip(1).filter_map(|rest| rest.split('}').next());
    names
        .map(|name| {
            let description = match name {
                "process" | "consultation" | "call" => "Its slug or id.",
                _ => "Its id.",
            };
            json!({ "name": name, "in": "path", "required": true, "description": description, "schema": { "type": "string" } })
        })
        .collect()
}

/// The problems, one response a status.
fn problem_responses(problems: &BTreeSet<ProblemKind>) -> Map<String, Value> {
    let mut by_status: BTreeMap<u16, Vec<ProblemKind>> = BTreeMap::new();
    for problem in problems {
        by_status.entry(problem.status()).or_default().push(*problem);
    }
    let schema = json!({ "$ref": "#/components/schemas/Problem" });
    let response = |kinds: Vec<ProblemKind>| {
        let lines: Vec<String> = kinds
            .iter()
            .map(|kind| format!("- `urn:cabildo:problem:{}`: {}", kind.name(), kind.title()))
            .collect();
        let mut response =
            json!({ "description": lines.join("\n"), "content": { MEDIA_TYPE: { "schema": schema } } });
        if kinds.iter().any(|kind| matches!(kind, ProblemKind::Unavailable | ProblemKind::RateLimited)) {
            response["headers"] =
                json!({ "Retry-After": { "schema": { "type": "integer" }, "description": "Seconds." } });
        }
        response
    };
    by_status.into_iter().map(|(status, kinds)| (status.to_string(), response(kinds))).collect()
}

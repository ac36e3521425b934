//! Reading a request: everything that can be wrong with it becomes a precise problem.

use crate::App;
use crate::caller::Caller;
use crate::catalogue::Catalogue;
use crate::domain::{Person, Refusal, identity};
use crate::problem::Refused;
use crate::random;
use crate::storage::Idempotency;
use axum::RequestPartsExt;
use axum::body::Body;
use axum::extract::{RawPathParams, Request};
use axum::http::{HeaderMap, HeaderValue, header, request::Parts};
use cabildo_app::i18n::Language;
use cabildo_contract::answer::Desk;
use cabildo_contract::consultation::Consultation;
use cabildo_contract::endpoint::{Endpoint, LANGUAGE, NoBody};
use cabildo_contract::id::Slug;
use cabildo_contract::page::{DEFAULT_LIMIT, MAX_LIMIT, parse_query};
use cabildo_contract::problem::{FieldProblem, FieldProblemKind, Problem, ProblemKind};
use cabildo_contract::session::{AUTHOR_HEADER, Identified};
use cabildo_contract::tally::Channel;
use cabildo_contract::work::WORK_HEADER;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_path_to_error::{Path, Segment};
use std::any::TypeId;
use std::sync::Arc;
use std::time::Duration;

/// Longest body, in bytes.
pub const BODY_MAX: usize = 64 * 1024;
/// Longest time that a body may take to arrive.
const BODY_TIME: Duration = Duration::from_secs(20);
/// Name of the session cookie. The prefix makes browsers insist on `Secure`, `Path=/` and no domain.
pub const COOKIE: &str = "__Host-cabildo";
/// Name of the header that keeps a repeated request from being carried out twice.
pub const IDEMPOTENCY_KEY: &str = "Idempotency-Key";

/// A request for an operation, read and checked.
pub struct Call<E: Endpoint> {
    /// The server.
    pub app: Arc<App>,
    /// The parameter in the address, empty where there is none.
    pub id: String,
    /// The query's pairs; each name is one that the operation takes.
    pub query: Vec<(String, String)>,
    /// The language in which content is wanted.
    pub language: Language,
    /// The session token, if one was sent.
    pub token: Option<String>,
    /// The key of a desk, if one was sent.
    pub desk_key: Option<String>,
    /// How a ballot arrives with it.
    pub channel: Channel,
    /// What keeps it from being carried out twice, if the caller asked for it.
    pub idempotency: Option<Idempotency>,
    /// The body.
    pub body: E::Body,
}

impl<E: Endpoint<Body: 'static>> Call<E> {
    /// Reads a request.
    ///
    /// # Errors
    /// The problem with its address, its headers or its body.
    pub async fn read(app: Arc<App>, request: Request) -> Result<Self, Refused> {
        let (mut parts, body) = request.into_parts();
        let id = path_parameter(&mut parts, E::PATTERN).await;
        let known: Vec<_> = E::QUERY.iter().copied().chain(E::CONTENT.then_some(LANGUAGE)).collect();
        let query = query(&parts, &known)?;
        let language = language(&query)?;
        let key = if E::CREATES { idempotency_key(&parts.headers)? } else { None };
        let bytes = if TypeId::of::<E::Body>() == TypeId::of::<NoBody>() {
            // An operation without a body leaves unread whatever came with it.
            b"{}".to_vec()
        } else {
            body_bytes_of(&parts.headers, body, "application/json").await?
        };
        let route = || format!("{} {}", E::METHOD.as_str(), parts.uri.path());
        let idempotency =
            key.map(|key| Idempotency { key, route: route(), fingerprint: random::sha256(&bytes) });
        let body = parse(&bytes)?;
        let (token, desk_key) = (session_token(&parts.headers), bearer(&parts.headers));
        if E::PROBLEMS.contains(&ProblemKind::SessionRequired)
            && let Some(author) = parts.headers.get(AUTHOR_HEADER)
        {
            check_author(&app, token.as_deref(), author).await?;
        }
        if E::MAY_NEED_WORK {
            ask_for_work(&app, token.as_deref(), &parts).await?;
        }
        // Only the server itself can say otherwise: `vote` asks in the name of whoever votes in a frame.
        let channel = parts.extensions.get().copied().unwrap_or_default();
        Ok(Self { app, id, query, language, token, desk_key, channel, idempotency, body })
    }

    /// The processes, in the language in which content is wanted as far as they are translated.
    #[must_use]
    pub fn catalogue(&self) -> &Catalogue {
        self.app.catalogue.spoken(self.language).unwrap_or(&self.app.catalogue)
    }

    /// The hash of the token that was sent, if it could be one of ours.
    #[must_use]
    pub fn token_hash(&self) -> Option<[u8; 32]> {
        self.token.as_deref().and_then(random::token_hash)
    }

    /// The caller, or none without a session.
    ///
    /// # Errors
    /// Those of the storage.
    pub async fn caller(&self) -> Result<Option<Person>, Refusal> {
        let Some(hash) = self.token_hash() else { return Ok(None) };
        Ok(self.app.storage.find_person(hash).await?)
    }

    /// The hash of the caller's token, if it opens a session.
    ///
    /// # Errors
    /// [`Refusal::SessionRequired`], or those of the storage.
    pub async fn known_token(&self) -> Result<[u8; 32], Refusal> {
        self.person().await?;
        self.token_hash().ok_or(Refusal::SessionRequired)
    }

    /// Where the caller's session is identified.
    ///
    /// # Errors
    /// Those of the storage.
    pub async fn identified(&self) -> Result<Vec<Identified>, Refusal> {
        let Some(hash) = self.token_hash() else { return Ok(Vec::new()) };
        Ok(self.app.storage.identified(hash).await?)
    }

    /// Whoever votes in a consultation, recognised as it asks; none without a session that is.
    ///
    /// # Errors
    /// Those of the storage.
    pub async fn voter(&self, consultation: &Consultation) -> Result<Option<Person>, Refusal> {
        match identity::assurance(consultation).filter(|assurance| assurance.asks()) {
            None => self.caller().await,
            Some(assurance) => {
                let Some(hash) = self.token_hash() else { return Ok(None) };
                let (entry, _) = self
                    .app
                    .catalogue
                    .consultation(consultation.head.id.as_str())
                    .ok_or(Refusal::NotFound)?;
                Ok(self.app.storage.find_recognised(hash, &entry.process.id, assurance).await?)
            }
        }
    }

    /// Whoever casts a ballot in a consultation, recognised as it asks.
    ///
    /// # Errors
    /// [`Refusal::SessionRequired`], [`Refusal::IdentityRequired`], or those of the storage.
    pub async fn recognised_voter(&self, consultation: &Consultation) -> Result<Person, Refusal> {
        match self.voter(consultation).await? {
            Some(person) => Ok(person),
            None => {
                self.person().await?;
                Err(Refusal::IdentityRequired)
            }
        }
    }

    /// The caller.
    ///
    /// # Errors
    /// [`Refusal::SessionRequired`], or those of the storage.
    pub async fn person(&self) -> Result<Person, Refusal> {
        self.caller().await?.ok_or(Refusal::SessionRequired)
    }

    /// The answering desk of `process` that the caller's key opens.
    ///
    /// # Errors
    /// [`Refusal::DeskKeyRequired`].
    pub fn desk(&self, process: &Slug) -> Result<Desk, Refusal> {
        let key = self.desk_key.as_deref().ok_or(Refusal::DeskKeyRequired)?;
        self.app.desks.desk(key, process, self.app.clock.now()).ok_or(Refusal::DeskKeyRequired)
    }

    /// The name of the moderator of `process` who calls.
    ///
    /// # Errors
    /// [`Refusal::ModeratorKeyRequired`].
    pub fn moderator(&self, process: &Slug) -> Result<String, Refusal> {
        let key = self.desk_key.as_deref().ok_or(Refusal::ModeratorKeyRequired)?;
        self.app.desks.moderator(key, process, self.app.clock.now()).ok_or(Refusal::ModeratorKeyRequired)
    }

    /// A query parameter, empty if it is not there.
    #[must_use]
    pub fn parameter(&self, name: &str) -> &str {
        self.query.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    /// A query parameter that is a whole number, none if it is not there.
    ///
    /// # Errors
    /// [`Refusal::InvalidParameter`] if it is anything else.
    pub fn number(&self, name: &str) -> Result<Option<u32>, Refusal> {
        let value = self.parameter(name);
        if value.is_empty() {
            return Ok(None);
        }
        let wrong = || FieldProblem::new(format!("?{name}"), FieldProblemKind::WrongType);
        value.parse().map(Some).map_err(|_| Refusal::InvalidParameter(wrong()))
    }

    /// How many items a page shall have.
    ///
    /// # Errors
    /// [`Refusal::InvalidParameter`] unless it is 1 to [`MAX_LIMIT`].
    pub fn limit(&self) -> Result<u32, Refusal> {
        match self.number("limit")? {
            None => Ok(DEFAULT_LIMIT),
            Some(0) => {
                Err(Refusal::InvalidParameter(FieldProblem::new("?limit", FieldProblemKind::WrongType)))
            }
            Some(limit) if limit > MAX_LIMIT => Err(Refusal::InvalidParameter(FieldProblem::bound(
                "?limit",
                FieldProblemKind::TooLong,
                MAX_LIMIT,
            ))),
            Some(limit) => Ok(limit),
        }
    }
}

/// A session that is not of whom the caller takes it for is none to them.
async fn check_author(app: &App, token: Option<&str>, author: &HeaderValue) -> Result<(), Refused> {
    let Some(hash) = token.and_then(random::token_hash) else { return Ok(()) };
    match app.storage.find_person(hash).await? {
        Some(person) if person.author.as_bytes() != author.as_bytes() => {
            Err(ProblemKind::SessionRequired.into())
        }
        _ => Ok(()),
    }
}

/// While many do what costs others, only people whom somebody vouches for do it without work.
async fn ask_for_work(app: &App, token: Option<&str>, parts: &Parts) -> Result<(), Refused> {
    let found = parts.headers.get(WORK_HEADER).and_then(|value| value.to_str().ok());
    if let Some(found) = found
        && app.work.accept(found).await
    {
        return Ok(());
    }
    let caller = parts.extensions.get().copied().unwrap_or(Caller::Local);
    let Some(below) = app.work.below(caller).await else { return Ok(()) };
    if let Some(hash) = token.and_then(random::token_hash)
        && !app.storage.identified(hash).await?.is_empty()
    {
        return Ok(());
    }
    Err(Problem::work(app.work.ask(below).map_err(Refusal::from)?).into())
}

/// The value of the first parameter that `pattern` has.
pub async fn path_parameter(parts: &mut Parts, pattern: &str) -> String {
    let name =
        pattern.split_once('{').and_then(|(_, rest)| rest.split_once('}')).map_or("", |(name, _)| name);
    named_parameter(parts, name).await
}

/// The value of the parameter of this name; empty if there is none.
pub async fn named_parameter(parts: &mut Parts, name: &str) -> String {
    let Ok(parameters) = parts.extract::<RawPathParams>().await else { return String::new() };
    parameters
        .iter()
        .find(|(known, _)| *known == name)
        .map_or_else(String::new, |(_, value)| value.to_owned())
}

/// The query's pairs.
///
/// # Errors
/// A parameter that the operation does not take, or one that stands there twice.
pub fn query(parts: &Parts, known: &[(&str, &str)]) -> Result<Vec<(String, String)>, Refused> {
    let pairs = parse_query(parts.uri.query().unwrap_or_default());
    for (index, (name, _)) in pairs.iter().enumerate() {
        let kind = if !known.iter().any(|(known, _)| known == name) {
            FieldProblemKind::UnknownField
        } else if pairs.iter().take(index).any(|(before, _)| before == name) {
            FieldProblemKind::Duplicate
        } else {
            continue;
        };
        return Err(Problem::invalid_parameter(FieldProblem::new(format!("?{name}"), kind)).into());
    }
    Ok(pairs)
}

/// The language in which a query asks for content.
///
/// # Errors
/// [`Refusal::InvalidParameter`] where there is none of this name.
pub fn language(query: &[(String, String)]) -> Result<Language, Refusal> {
    match query.iter().find(|(name, _)| name == LANGUAGE.0) {
        None => Ok(Language::default()),
        Some((name, code)) => Language::from_code(code).ok_or_else(|| {
            Refusal::InvalidParameter(FieldProblem::new(format!("?{name}"), FieldProblemKind::WrongType))
        }),
    }
}

/// The session token among the cookies.
#[must_use]
pub fn session_token(headers: &HeaderMap) -> Option<String> {
    cookie_value(headers, COOKIE)
}

/// The value of a cookie.
#[must_use]
pub fn cookie_value(headers: &HeaderMap, name: &str) -> Option<String> {
    let cookies = headers.get_all(header::COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    let mut pairs =
        cookies.flat_map(|cookies| cookies.split(';')).filter_map(|cookie| cookie.trim().split_once('='));
    pairs.find(|(known, _)| *known == name).map(|(_, value)| value.to_owned())
}

/// The key in `Authorization: Bearer KEY`.
pub fn bearer(headers: &HeaderMap) -> Option<String> {
    let (scheme, key) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| key.trim().to_owned())
}

fn idempotency_key(headers: &HeaderMap) -> Result<Option<String>, Refused> {
    let Some(value) = headers.get(IDEMPOTENCY_KEY) else { return Ok(None) };
    match value.to_str() {
        Ok(key) if (1..=100).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_graphic()) => {
            Ok(Some(key.to_owned()))
        }
        _ => {
            let field = FieldProblem::new(IDEMPOTENCY_KEY, FieldProblemKind::WrongType);
            Err(Problem::invalid_parameter(field).detail("1 to 100 visible ASCII characters").into())
        }
    }
}

/// The body of a request, which must be of this media type, and arrive whole and in time.
///
/// # Errors
/// What is wrong with it.
pub async fn body_bytes_of(headers: &HeaderMap, body: Body, wanted: &str) -> Result<Vec<u8>, Refused> {
    let media_type =
        headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    if !essence.eq_ignore_ascii_case(wanted) {
        return Err(ProblemKind::UnsupportedMediaType.into());
    }
    let collected = tokio::time::timeout(BODY_TIME, Limited::new(body, BODY_MAX).collect()).await;
    match collected {
        Ok(Ok(body)) => Ok(body.to_bytes().to_vec()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(ProblemKind::BodyTooLarge.into()),
        _ => Err(Problem::new(ProblemKind::MalformedBody).detail("the body did not arrive whole").into()),
    }
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Refused> {
    // Two steps, so that a body that is no JSON is told apart from JSON that is not what was asked for.
    let value: Value = serde_json::from_slice(bytes)
        .map_err(|error| Problem::new(ProblemKind::MalformedBody).detail(error.to_string()))?;
    serde_path_to_error::deserialize(value).map_err(|error| {
        let mut pointer = pointer(error.path());
        let detail = error.into_inner().to_string();
        let kind = if detail.starts_with("unknown field") {
            FieldProblemKind::UnknownField
        } else if let Some(name) =
            detail.strip_prefix("missing field `").and_then(|rest| rest.split('`').next())
        {
            pointer = format!("{pointer}/{name}");
            FieldProblemKind::Required
        } else {
            FieldProblemKind::WrongType
        };
        Problem::invalid_body(vec![FieldProblem::new(pointer, kind)]).detail(detail).into()
    })
}

/// A path as a JSON Pointer (RFC 6901).
#[must_use]
pub fn pointer(path: &Path) -> String {
    let mut pointer = String::new();
    for segment in path {
        match segment {
            Segment::Seq { index } => pointer.push_str(&format!("/{index}")),
            Segment::Map { key } => {
                pointer.push_str(&format!("/{}", key.replace('~', "~0").replace('/', "~1")))
            }
            Segment::Enum { variant } => pointer.push_str(&format!("/{variant}")),
            Segment::Unknown => {}
        }
    }
    pointer
}

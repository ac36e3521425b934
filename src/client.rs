//! The only door to the network.

mod error;
pub mod json;
pub mod live;

pub use error::ClientError;

use crate::i18n;
use crate::platform;
use cabildo_contract::answer::KEY_HEADER;
use cabildo_contract::endpoint::{Endpoint, Method, in_language};
use cabildo_contract::problem::{FieldProblem, Problem, ProblemKind};
use cabildo_contract::session::{AUTHOR_HEADER, GetSession};
use cabildo_contract::work::{WORK_HEADER, Work};
use gloo_net::http::{Request, RequestBuilder};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::cell::Cell;
use std::rc::Rc;

/// Milliseconds after which an unanswered request is given up.
const TIMEOUT_MS: i32 = 20_000;

/// Sends a request and reads the answer. Dropping the future cancels the request.
///
/// # Errors
/// [`ClientError`]: no connection, no answer in time, a refusal, or an answer that makes no sense.
pub async fn send<E: Endpoint>(request: &E) -> Result<E::Output, ClientError> {
    exchange(request, &[]).await
}

/// What goes with an act.
#[derive(Debug, Clone, Copy, Default)]
pub struct Along<'a> {
    /// Makes repeating it harmless, where it creates something.
    pub key: Option<&'a str>,
    /// In whose session it is meant, by their author's code: in another's it is refused.
    pub author: Option<&'a str>,
    /// What was found of the work that it needed.
    pub work: Option<&'a str>,
}

impl<'a> Along<'a> {
    fn headers(self) -> Vec<Header<'a>> {
        let Self { key, author, work } = self;
        let named = [("Idempotency-Key", key), (AUTHOR_HEADER, author), (WORK_HEADER, work)];
        named.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
    }
}

/// Sends an act.
///
/// # Errors
/// As [`send`].
pub async fn send_act<E: Endpoint>(request: &E, along: Along<'_>) -> Result<E::Output, ClientError> {
    exchange(request, &along.headers()).await
}

/// Sends a request at an answering desk, with the key that opens it.
///
/// # Errors
/// As [`send`].
pub async fn send_at_desk<E: Endpoint>(request: &E, key: &str) -> Result<E::Output, ClientError> {
    exchange(request, &[(KEY_HEADER, &format!("Bearer {key}"))]).await
}

/// Sends an act that was written down before ([`crate::outbox`]), under its key, and gives its answer back as it is.
///
/// # Errors
/// As [`send`].
pub async fn deliver(
    method: Method,
    path: &str,
    body: &str,
    along: Along<'_>,
) -> Result<String, ClientError> {
    let (status, text) = fetch(method, path, &along.headers(), Some(body.to_owned())).await?;
    if (200..300).contains(&status) { Ok(text) } else { Err(refusal(&text)) }
}

/// Whether the server answers at all.
pub async fn is_reachable() -> bool {
    fetch(Method::Get, GetSession::PATTERN, &[], None).await.is_ok()
}

/// The address of a request: its answer has content in the language of the page.
pub fn address<E: Endpoint>(request: &E) -> String {
    spoken(request.path(), E::CONTENT)
}

/// An address with the language of the page, where what is there has content and would otherwise be in another.
#[inline(never)]
pub fn spoken(path: String, content: bool) -> String {
    match i18n::foreign().filter(|_| content) {
        Some(language) => in_language(path, language),
        None => path,
    }
}

/// The name and the value of a header.
type Header<'a> = (&'a str, &'a str);

async fn exchange<E: Endpoint>(request: &E, headers: &[Header<'_>]) -> Result<E::Output, ClientError> {
    let path = address(request);
    let body = request.body().map(serde_json::to_string).transpose().map_err(|_| ClientError::Unreadable)?;
    let (status, text) = fetch(E::METHOD, &path, headers, body).await?;
    decode(status, &text)
}

/// Not generic: one copy of it serves every endpoint.
async fn fetch(
    method: Method,
    path: &str,
    headers: &[Header<'_>],
    body: Option<String>,
) -> Result<(u16, String), ClientError> {
    let abort = platform::Abort::new();
    let timed_out = Rc::new(Cell::new(false));
    let _timer = platform::Timer::once(TIMEOUT_MS, {
        let (abort, timed_out) = (abort.clone(), Rc::clone(&timed_out));
        move || {
            timed_out.set(true);
            abort.abort();
        }
    });
    let lost = |_| if timed_out.get() { ClientError::TimedOut } else { ClientError::Offline };
    // A cache may serve an answer that is a little stale; who was just told that it changed must not get that one.
    // Asked with its `ETag`, the server sends it again only if it did change.
    let mut builder = builder(method, path)
        .cache(web_sys::RequestCache::NoCache)
        .header("Accept", "application/json")
        .abort_signal(abort.signal().as_ref());
    for (name, value) in headers {
        builder = builder.header(name, value);
    }
    let request = match body {
        Some(body) => builder.header("Content-Type", "application/json").body(body),
        None => builder.build(),
    };
    let response = request.map_err(|_| ClientError::Unreadable)?.send().await.map_err(lost)?;
    let status = response.status();
    Ok((status, response.text().await.map_err(lost)?))
}

fn builder(method: Method, path: &str) -> RequestBuilder {
    match method {
        Method::Get => Request::get(path),
        Method::Post => Request::post(path),
        Method::Put => Request::put(path),
        Method::Delete => Request::delete(path),
    }
}

/// Reads an answer: the output of the operation, or the problem that it met.
///
/// # Errors
/// [`ClientError::Rejected`] for a problem, [`ClientError::Unreadable`] for anything that is neither.
pub fn decode<T: DeserializeOwned>(status: u16, text: &str) -> Result<T, ClientError> {
    if (200..300).contains(&status) {
        json::read(text).map_err(|_| ClientError::Unreadable)
    } else {
        Err(refusal(text))
    }
}

/// Of a [`cabildo_contract::problem::Problem`] what a page acts on: the rest is for developers, who read it as it came.
#[derive(Deserialize)]
struct Refusal {
    #[serde(rename = "type")]
    kind: ProblemKind,
    status: u16,
    #[serde(default)]
    fields: Vec<FieldProblem>,
    #[serde(default)]
    work: Option<Work>,
}

fn refusal(text: &str) -> ClientError {
    json::read(text).map_or(ClientError::Unreadable, |Refusal { kind, status, fields, work }| {
        ClientError::rejected(Problem { status, fields, work, ..error::untitled(kind) })
    })
}

//! What every request and every response has in common: an id, a line in the log, problems as documents, no
//! writes from another site's pages.

use crate::problem::Refused;
use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use cabildo_contract::problem::{MEDIA_TYPE, ProblemKind};
use futures_util::FutureExt;
use std::panic::AssertUnwindSafe;
use std::time::Instant;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Gives the request an id, survives a panic of its handler, writes problems as documents and logs one line:
/// never cookies, bodies, addresses of people or what they searched for.
pub async fn seal(request: Request, next: Next) -> Response {
    let started = Instant::now();
    let id = crate::random::request_id();
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let mut response = AssertUnwindSafe(next.run(request)).catch_unwind().await.unwrap_or_else(|_| {
        let mut refused = Refused::from(ProblemKind::Internal);
        refused.cause = Some("the handler panicked".to_owned());
        refused.into_response()
    });
    if let Some(refused) = response.extensions_mut().remove::<Refused>() {
        if let Some(cause) = &refused.cause {
            tracing::error!(%id, cause, "refused");
        }
        write_problem(&mut response, refused, &id);
    }
    let headers = response.headers_mut();
    headers.extend(HeaderValue::try_from(&id).ok().map(|id| (REQUEST_ID, id)));
    if path.starts_with("/api/") && matches!(method, Method::GET | Method::HEAD) && !is_private(headers) {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
        let exposed = HeaderValue::from_static("etag, x-request-id, retry-after");
        headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, exposed);
    }
    let (status, ms) = (response.status().as_u16(), started.elapsed().as_millis());
    tracing::info!(%id, %method, path, status, ms, "request");
    response
}

/// A problem as a document, for a request that is refused before anything looks at it.
pub fn refuse(kind: ProblemKind) -> Response {
    let (mut response, id) = (StatusCode::OK.into_response(), crate::random::request_id());
    let refused = Refused::from(kind);
    *response.status_mut() =
        StatusCode::from_u16(refused.problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    write_problem(&mut response, refused, &id);
    let headers = response.headers_mut();
    headers.extend(HeaderValue::try_from(id).ok().map(|id| (REQUEST_ID, id)));
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    response
}

fn is_private(headers: &HeaderMap) -> bool {
    let cache = headers.get(header::CACHE_CONTROL).and_then(|value| value.to_str().ok());
    cache.is_some_and(|cache| cache.starts_with("private"))
}

fn write_problem(response: &mut Response, refused: Refused, id: &str) {
    let mut problem = refused.problem;
    response.extensions_mut().insert(problem.kind);
    problem.request_id = id.to_owned();
    let body = serde_json::to_vec(&problem).unwrap_or_default();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(body.len()));
    if let Some(seconds) = problem.retry_after {
        headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    *response.body_mut() = Body::from(body);
}

/// Refuses a write that a page of another site sends: `Sec-Fetch-Site` says so in every present browser;
/// where it is missing, an `Origin` that is not ours does.
pub async fn same_site(request: Request, next: Next) -> Response {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if !reads && crosses(request.headers(), request.uri()) {
        return Refused::from(ProblemKind::CrossSite).into_response();
    }
    next.run(request).await
}

/// Whether a page of another site sent a request.
pub fn crosses(headers: &HeaderMap, uri: &Uri) -> bool {
    if let Some(site) = headers.get("sec-fetch-site") {
        return !matches!(site.as_bytes(), b"same-origin" | b"none");
    }
    let Some(origin) = headers.get(header::ORIGIN) else { return false };
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let host = host.or_else(|| uri.authority().map(|authority| authority.as_str()));
    let origin = origin.to_str().ok().and_then(|origin| origin.split_once("://")).map(|(_, host)| host);
    origin.is_none() || origin != host
}

//! Answers: JSON, with what caches need to know about it.

use crate::problem::Refused;
use crate::random;
use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use cabildo_contract::endpoint::{Endpoint, Method};
use cabildo_contract::problem::ProblemKind;
use data_encoding::HEXLOWER;

/// What a cache may do with a public answer: keep it for a second, and serve it a little longer while it asks.
pub const PUBLIC_CACHE: &str = "public, max-age=1, stale-while-revalidate=10";
/// What a cache may do with an answer for one caller: nothing.
pub const PRIVATE_CACHE: &str = "private, no-store";

/// The answer of an operation.
pub struct Reply<E: Endpoint> {
    output: E::Output,
    cookie: Option<String>,
    private: bool,
}

impl<E: Endpoint> Reply<E> {
    /// The same for every caller.
    pub fn public(output: E::Output) -> Self {
        Self { output, cookie: None, private: false }
    }

    /// For this caller only.
    pub fn private(output: E::Output) -> Self {
        Self { output, cookie: None, private: true }
    }

    /// For this caller only, with a cookie to keep.
    pub fn with_cookie(output: E::Output, cookie: String) -> Self {
        Self { output, cookie: Some(cookie), private: true }
    }

    /// The response, given the request's headers.
    pub fn respond(self, request: &HeaderMap) -> Response {
        let Ok(json) = serde_json::to_vec(&self.output) else {
            return Refused::from(ProblemKind::Internal).into_response();
        };
        let kind = (header::CONTENT_TYPE, "application/json");
        if E::METHOD == Method::Get && !self.private {
            return cacheable(request, &[kind], json);
        }
        let status = if E::CREATES { StatusCode::CREATED } else { StatusCode::OK };
        let mut response = (status, [kind, (header::CACHE_CONTROL, PRIVATE_CACHE)], json).into_response();
        if let Some(cookie) = self.cookie.and_then(|cookie| HeaderValue::try_from(cookie).ok()) {
            response.headers_mut().insert(header::SET_COOKIE, cookie);
        }
        response
    }
}

/// A public answer with a strong `ETag`; `304 Not Modified` to a caller who has it.
pub fn cacheable(request: &HeaderMap, headers: &[(HeaderName, &str)], body: Vec<u8>) -> Response {
    let hash = HEXLOWER.encode(random::sha256(&body).get(..16).unwrap_or_default());
    let known = request
        .get_all(header::IF_NONE_MATCH)
        .into_iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|tags| tags.split(','))
        .map(str::trim)
        .find(|tag| *tag == "*" || bare(tag) == hash);
    let tag = format!("\"{hash}\"");
    let mut response = match known {
        Some(known) => {
            let mut response = StatusCode::NOT_MODIFIED.into_response();
            // The tag under which the caller has it, encoding included.
            let tag = HeaderValue::try_from(if known == "*" { &tag } else { known });
            response.headers_mut().extend(tag.ok().map(|tag| (header::ETAG, tag)));
            response
        }
        None => {
            let mut response = Body::from(body).into_response();
            response.headers_mut().extend(HeaderValue::try_from(tag).ok().map(|tag| (header::ETAG, tag)));
            for (name, value) in headers {
                response.headers_mut().extend(HeaderValue::from_str(value).ok().map(|v| (name.clone(), v)));
            }
            response
        }
    };
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(PUBLIC_CACHE));
    response
}

/// A tag without quotes, weakness and encoding.
fn bare(tag: &str) -> &str {
    let tag = tag.strip_prefix("W/").unwrap_or(tag).trim_matches('"');
    tag.strip_suffix("-br").or_else(|| tag.strip_suffix("-gzip")).unwrap_or(tag)
}

/// A compressed body is another sequence of bytes, so its strong tag must be another (RFC 9110 §8.8.3.3).
pub async fn tag_encoding(mut response: Response) -> Response {
    let headers = response.headers();
    let encoding = headers.get(header::CONTENT_ENCODING).and_then(|value| value.to_str().ok());
    let tag = headers.get(header::ETAG).and_then(|value| value.to_str().ok());
    if let (Some(encoding), Some(tag)) = (encoding, tag)
        && response.status() == StatusCode::OK
        && let Ok(tag) = HeaderValue::try_from(format!("\"{}-{encoding}\"", bare(tag)))
    {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response
}

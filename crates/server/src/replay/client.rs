//! A client of the public API that knows the contract.

use super::ReplayError;
use crate::extract::{COOKIE, IDEMPOTENCY_KEY};
use cabildo_contract::endpoint::{Endpoint, Method};
use cabildo_contract::problem::Problem;
use cabildo_contract::work::WORK_HEADER;
use reqwest::header::{COOKIE as COOKIE_HEADER, SET_COOKIE};
use std::time::Duration;

/// How often a request is tried while the server is away or overloaded.
const TRIES: u32 = 6;

/// Why a request brought no answer.
#[derive(Debug)]
pub enum Failure {
    /// The server refused it.
    Problem(Box<Problem>),
    /// No answer, or none of Cabildo's.
    Network(String),
}

/// An answer.
pub struct Answered<T> {
    /// What came out.
    pub output: T,
    /// The session token, if the server gave one.
    pub token: Option<String>,
}

/// A client of one server.
pub struct Client {
    http: reqwest::Client,
    base: String,
}

impl Client {
    /// A client of the server at `base`.
    ///
    /// # Errors
    /// [`ReplayError::Unreachable`] if there can be no client.
    pub fn new(base: &str) -> Result<Self, ReplayError> {
        let http = crate::tls::client().map_err(|error| ReplayError::Unreachable(error.to_string()))?;
        let http = http.timeout(Duration::from_secs(30)).build();
        let http = http.map_err(|error| ReplayError::Unreachable(error.to_string()))?;
        Ok(Self { http, base: base.trim_end_matches('/').to_owned() })
    }

    /// Sends a request, again while the server is away: every request here can be repeated, those that create
    /// because of their key.
    ///
    /// # Errors
    /// The last [`Failure`].
    pub async fn send<E: Endpoint>(
        &self,
        endpoint: &E,
        token: Option<&str>,
        key: Option<&str>,
    ) -> Result<Answered<E::Output>, Failure> {
        let mut tries = 1;
        let mut work = None;
        loop {
            let failure = match self.send_once(endpoint, token, key, work.take()).await {
                Ok(answered) => return Ok(answered),
                Err(failure) => failure,
            };
            if let Failure::Problem(problem) = &failure
                && let Some(asked) = &problem.work
                && let Some(number) = asked.search(0, asked.below)
                && tries < TRIES
            {
                work = Some(asked.found(number));
                tries += 1;
                continue;
            }
            let may_pass = match &failure {
                Failure::Network(_) => true,
                Failure::Problem(problem) => problem.retry_after.is_some(),
            };
            if !may_pass || tries == TRIES {
                return Err(failure);
            }
            tokio::time::sleep(Duration::from_millis(250) * 2_u32.pow(tries)).await;
            tries += 1;
        }
    }

    async fn send_once<E: Endpoint>(
        &self,
        endpoint: &E,
        token: Option<&str>,
        key: Option<&str>,
        work: Option<String>,
    ) -> Result<Answered<E::Output>, Failure> {
        let network = |error: reqwest::Error| Failure::Network(error.to_string());
        let method = match E::METHOD {
            Method::Get => reqwest::Method::GET,
            Method::Post => reqwest::Method::POST,
            Method::Put => reqwest::Method::PUT,
            Method::Delete => reqwest::Method::DELETE,
        };
        let mut request = self.http.request(method, format!("{}{}", self.base, endpoint.path()));
        if let Some(token) = token {
            // By hand: a cookie jar rightly keeps a `Secure` cookie from a server without TLS.
            request = request.header(COOKIE_HEADER, format!("{COOKIE}={token}"));
        }
        if let Some(key) = key {
            request = request.header(IDEMPOTENCY_KEY, key);
        }
        if let Some(work) = work {
            request = request.header(WORK_HEADER, work);
        }
        if let Some(body) = endpoint.body() {
            request = request.json(body);
        }
        let response = request.send().await.map_err(network)?;
        if !response.status().is_success() {
            let problem: Problem = response.json().await.map_err(network)?;
            return Err(Failure::Problem(Box::new(problem)));
        }
        let cookie = response.headers().get(SET_COOKIE).and_then(|value| value.to_str().ok());
        let token = cookie
            .and_then(|cookie| cookie.strip_prefix(COOKIE)?.strip_prefix('=')?.split(';').next())
            .map(str::to_owned);
        Ok(Answered { output: response.json().await.map_err(network)?, token })
    }
}

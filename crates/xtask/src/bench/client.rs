//! A browser as far as a measurement needs one: keeps its connection and its cookie.

use anyhow::{Context, Result, bail};
use cabildo_contract::endpoint::{Endpoint, Method};
use std::net::SocketAddr;

/// One person's connection to a server.
pub struct Client {
    agent: ureq::Agent,
    origin: String,
}

impl Client {
    /// A client of the server at `address`. It connects when it first asks for something.
    pub fn new(address: SocketAddr) -> Self {
        let config = ureq::Agent::config_builder().http_status_as_error(false).build();
        Self { agent: config.into(), origin: format!("http://{address}") }
    }

    /// Sends an operation, with a session's cookie if there is one; answers with what the server says and the
    /// cookie that it sets.
    ///
    /// # Errors
    /// When the server does not answer, or refuses.
    pub fn send<E: Endpoint>(
        &self,
        operation: &E,
        cookie: Option<&str>,
    ) -> Result<(E::Output, Option<String>)> {
        let mut request = ureq::http::Request::builder().method(E::METHOD.as_str()).uri(format!(
            "{}{}",
            self.origin,
            operation.path()
        ));
        if let Some(cookie) = cookie {
            request = request.header("cookie", cookie);
        }
        let body = match operation.body() {
            Some(body) => serde_json::to_vec(body)?,
            None => Vec::new(),
        };
        let mut response = if matches!(E::METHOD, Method::Get) {
            self.agent.run(request.body(())?)?
        } else {
            self.agent.run(request.header("content-type", "application/json").body(body)?)?
        };
        let set = response.headers().get("set-cookie").and_then(|value| value.to_str().ok());
        let set = set.and_then(|cookie| cookie.split(';').next()).map(str::to_owned);
        let status = response.status();
        let body = response.body_mut().read_to_vec()?;
        if !status.is_success() {
            bail!("{} answered {status}: {}", E::NAME, String::from_utf8_lossy(&body));
        }
        Ok((serde_json::from_slice(&body).context(E::NAME)?, set))
    }

    /// Fetches an address as a browser does that accepts brotli: the body, as it came over the wire, and
    /// whether it was brotli.
    ///
    /// # Errors
    /// When the server does not answer with success.
    pub fn fetch(&self, path: &str) -> Result<(Vec<u8>, bool)> {
        let address = format!("{}{path}", self.origin);
        let mut response = self.agent.get(&address).header("accept-encoding", "br").call()?;
        if !response.status().is_success() {
            bail!("{path} answered {}", response.status());
        }
        let encoded = response.headers().get("content-encoding").is_some_and(|encoding| encoding == "br");
        Ok((response.body_mut().read_to_vec()?, encoded))
    }
}

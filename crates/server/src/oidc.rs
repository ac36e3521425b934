//! People whom an OpenID Connect provider vouches for: authorization code with PKCE, state and nonce, all on the server
//! (OpenID Connect Core 1.0, section 3.1; RFC 7636).
//!
//! Nothing is asked of a provider but who somebody is to it (`openid`), and nothing of its answer is kept but a keyed hash
//! of issuer and subject. Nothing is kept of a sign-in that is under way: its state is what there is to know, sealed with
//! a key that only the servers of an installation have (ChaCha20-Poly1305, RFC 8439), so any of them can end it.

use crate::identity::{Hash, hmac};
use crate::random;
use cabildo_contract::id::{ProcessId, Slug};
use cabildo_contract::identity::{SIGN_IN_SECONDS, SIGNED_IN_PATH};
use cabildo_contract::time::Timestamp;
use chrono::{DateTime, Utc};
use data_encoding::BASE64URL_NOPAD;
use openidconnect::core::{
    CoreAuthenticationFlow, CoreClient, CoreClientAuthMethod, CoreErrorResponseType, CoreIdToken,
    CoreJwsSigningAlgorithm, CoreProviderMetadata, CoreTokenResponse,
};
use openidconnect::url::{Host, ParseError, Url};
use openidconnect::{
    AsyncHttpClient, AuthType, AuthorizationCode, ClaimsVerificationError, ClientId, ClientSecret, CsrfToken,
    EndpointMaybeSet, EndpointNotSet, EndpointSet, HttpRequest, HttpResponse, IssuerUrl, Nonce,
    PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, RequestTokenError, StandardErrorResponse,
    TokenResponse, http,
};
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, UnboundKey};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::HashMap;
use std::pin::Pin;
use std::time::Duration;

/// Longest time that a provider may take to answer the server.
const TIMEOUT: Duration = Duration::from_secs(10);
/// Longest answer of a provider, in bytes.
const ANSWER_MAX: usize = 256 * 1024;
/// Seconds for which what a provider says about itself is believed.
const DISCOVERY_SECONDS: i64 = 3600;
/// Seconds after which its keys are asked for again should a signature be made with another.
const KEYS_SECONDS: i64 = 60;
/// Seconds by which the clock of a provider may be ahead.
const AHEAD_SECONDS: i64 = 300;
/// Length of what makes each state another one, in bytes.
const SALT: usize = 16;
/// Name that no provider can have: it is the last part of [`SIGNED_IN_PATH`].
const CALLBACK: &str = "callback";

/// Signatures that are accepted: made with a key that only the provider has.
const ALGORITHMS: [CoreJwsSigningAlgorithm; 9] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::RsaSsaPssSha384,
    CoreJwsSigningAlgorithm::RsaSsaPssSha512,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EcdsaP384Sha384,
    CoreJwsSigningAlgorithm::EdDsa,
];

type Client = CoreClient<
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// Why providers cannot be used as the options say. Says nothing of secrets.
#[derive(Debug, thiserror::Error)]
pub enum OidcError {
    /// The option is not of the shape that it must be.
    #[error("--oidc is NAME=ISSUER,CLIENT_ID[,CLIENT_SECRET]")]
    Shape,
    /// The name cannot be one.
    #[error("--oidc: {0:?} cannot be the name of a provider")]
    Name(String),
    /// Two providers have one name.
    #[error("--oidc: there are two providers named {0}")]
    Twice(Slug),
    /// The issuer cannot be one.
    #[error("--oidc: the issuer of {0} must be an https address (http only on this machine)")]
    Issuer(Slug),
    /// Providers cannot send people back.
    #[error("--oidc needs --public-url, the address that providers send people back to: {0}")]
    PublicUrl(ParseError),
    /// The network cannot be used.
    #[error("providers cannot be asked: {0}")]
    Network(String),
}

/// Why somebody was not identified. Says nothing of them.
#[derive(Debug, thiserror::Error)]
pub enum NotIdentified {
    /// No such provider is configured.
    #[error("there is no such provider")]
    NoProvider,
    /// What the provider says about itself cannot be had or used.
    #[error("what the provider says about itself cannot be used: {0}")]
    Discovery(String),
    /// It did not exchange the code.
    #[error("the provider did not exchange the code: {0}")]
    Exchange(String),
    /// It did not say who it is.
    #[error("the provider sent no identity")]
    NoIdentity,
    /// What it says is not to be believed.
    #[error("the identity is not valid: {0}")]
    Invalid(&'static str),
    /// The operating system gave no randomness.
    #[error(transparent)]
    NoRandomness(#[from] random::NoRandomness),
}

/// A provider as an operator configures it.
pub struct Provider {
    name: Slug,
    issuer: IssuerUrl,
    client_id: ClientId,
    client_secret: Option<ClientSecret>,
}

impl Provider {
    /// Reads `NAME=ISSUER,CLIENT_ID[,CLIENT_SECRET]`.
    ///
    /// # Errors
    /// [`OidcError`], without repeating what could be a secret.
    pub fn parse(text: &str) -> Result<Self, OidcError> {
        let (name, rest) = text.trim().split_once('=').ok_or(OidcError::Shape)?;
        let name = match Slug::parse(name) {
            Ok(slug) if slug.as_str() != CALLBACK => slug,
            _ => return Err(OidcError::Name(name.to_owned())),
        };
        // A secret may have commas in it.
        let mut parts = rest.splitn(3, ',');
        let (issuer, client_id) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        let client_secret = parts.next().filter(|secret| !secret.is_empty());
        if issuer.is_empty() || client_id.is_empty() {
            return Err(OidcError::Shape);
        }
        let issuer = IssuerUrl::new(issuer.to_owned()).map_err(|_| OidcError::Issuer(name.clone()))?;
        if issuer.url().scheme() != "https" && !is_here(issuer.url()) {
            return Err(OidcError::Issuer(name));
        }
        Ok(Self {
            name,
            issuer,
            client_id: ClientId::new(client_id.to_owned()),
            client_secret: client_secret.map(|secret| ClientSecret::new(secret.to_owned())),
        })
    }
}

/// Whether an address without encryption stays on this machine.
fn is_here(url: &Url) -> bool {
    url.scheme() == "http"
        && match url.host() {
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            Some(Host::Domain(name)) => name == "localhost",
            None => false,
        }
}

/// A sign-in under way.
#[derive(Debug, Clone)]
pub struct SignIn {
    /// The provider.
    pub provider: Slug,
    /// The session that began it, and that alone can end it.
    pub token_hash: Hash,
    /// The process in which the person wants to be recognised.
    pub process: ProcessId,
    /// The version of the consent that was given.
    pub consent: String,
    /// Where the person comes back to.
    pub back: Back,
}

/// What a state says to whoever has the key. The session is not in it: it is what opens it.
#[derive(Serialize, Deserialize)]
struct Sealed<'a> {
    since: Timestamp,
    provider: Slug,
    process: ProcessId,
    consent: Cow<'a, str>,
    back: Cow<'a, str>,
}

/// A sign-in whose state came back.
pub struct Returned {
    /// As it was begun.
    pub sign_in: SignIn,
    /// What is used up with it.
    pub key: Hash,
    verifier: PkceCodeVerifier,
    nonce: Nonce,
}

struct Known {
    provider: Provider,
    http: reqwest::Client,
    /// What it says about itself, and since when that is known.
    metadata: tokio::sync::Mutex<Option<(Timestamp, CoreProviderMetadata)>>,
}

/// The providers of an installation.
#[derive(Default)]
pub struct Providers {
    known: HashMap<Slug, Known>,
    redirect: Option<RedirectUrl>,
    secret: Hash,
}

impl Providers {
    /// These, which send people back to the site at `public_url`; with the secret that servers share for this.
    ///
    /// # Errors
    /// [`OidcError`].
    pub fn new(providers: Vec<Provider>, public_url: Option<&str>, secret: Hash) -> Result<Self, OidcError> {
        if providers.is_empty() {
            return Ok(Self::default());
        }
        let public_url = public_url.unwrap_or_default().trim_end_matches('/');
        let redirect =
            RedirectUrl::new(format!("{public_url}{SIGNED_IN_PATH}")).map_err(OidcError::PublicUrl)?;
        let mut known = HashMap::new();
        for provider in providers {
            let name = provider.name.clone();
            let http = http_client(provider.issuer.url().scheme() == "https")?;
            let new = Known { provider, http, metadata: tokio::sync::Mutex::default() };
            if known.insert(name.clone(), new).is_some() {
                return Err(OidcError::Twice(name));
            }
        }
        Ok(Self { known, redirect: Some(redirect), secret })
    }

    /// Whether there is a provider of this name.
    #[must_use]
    pub fn is_there(&self, name: &Slug) -> bool {
        self.known.contains_key(name)
    }

    /// The issuer of a provider.
    #[must_use]
    pub fn issuer(&self, name: &Slug) -> Option<&str> {
        self.known.get(name).map(|known| known.provider.issuer.as_str())
    }

    /// Begins a sign-in: where at the provider the person has to go.
    ///
    /// # Errors
    /// [`NotIdentified`].
    pub async fn begin(&self, sign_in: SignIn, now: Timestamp) -> Result<Url, NotIdentified> {
        let known = self.known.get(&sign_in.provider).ok_or(NotIdentified::NoProvider)?;
        let client = self.client(known, known.metadata(now, DISCOVERY_SECONDS).await?);
        let state = self.seal(&sign_in, now)?;
        let (verifier, nonce) = self.chance(&state);
        let challenge = PkceCodeChallenge::from_code_verifier_sha256(&verifier);
        let (url, ..) = client
            .authorize_url(
                CoreAuthenticationFlow::AuthorizationCode,
                move || CsrfToken::new(state),
                move || nonce,
            )
            .set_pkce_challenge(challenge)
            .url();
        Ok(url)
    }

    /// The sign-in of this session that a state belongs to, for [`SIGN_IN_SECONDS`]. Its [`Returned::key`] is to be used up.
    #[must_use]
    pub fn open(&self, state: &str, token_hash: &Hash, now: Timestamp) -> Option<Returned> {
        if self.known.is_empty() {
            return None;
        }
        let mut bytes = BASE64URL_NOPAD.decode(state.as_bytes()).ok()?;
        let (salt, sealed) = bytes.split_at_mut_checked(SALT)?;
        // Whoever only learned somebody's state cannot open it.
        let opened = self.key(salt)?.open_in_place(once(), Aad::from(token_hash), sealed).ok()?;
        let Sealed { since, provider, process, consent, back } = serde_json::from_slice(opened).ok()?;
        if now >= since.plus_seconds(SIGN_IN_SECONDS) {
            return None;
        }
        let (consent, back) = (consent.into_owned(), Back::parse(&back)?);
        let (verifier, nonce) = self.chance(state);
        Some(Returned {
            sign_in: SignIn { provider, token_hash: *token_hash, process, consent, back },
            key: hmac(&self.secret, &[b"used", state.as_bytes()]),
            verifier,
            nonce,
        })
    }

    /// A state that says all there is to know of a sign-in.
    fn seal(&self, sign_in: &SignIn, since: Timestamp) -> Result<String, NotIdentified> {
        let SignIn { provider, token_hash, process, consent, back } = sign_in;
        let (provider, process) = (provider.clone(), process.clone());
        let (consent, back) = (consent.into(), back.as_str().into());
        let said = Sealed { since, provider, process, consent, back };
        let salt = random::bytes::<SALT>()?;
        let unsealed = || NotIdentified::Invalid("it cannot be sealed");
        let mut sealed = serde_json::to_vec(&said).map_err(|_| unsealed())?;
        let key = self.key(&salt).ok_or_else(unsealed)?;
        key.seal_in_place_append_tag(once(), Aad::from(token_hash), &mut sealed).map_err(|_| unsealed())?;
        Ok(BASE64URL_NOPAD.encode(&[salt.as_slice(), &sealed].concat()))
    }

    /// The key of one state.
    fn key(&self, salt: &[u8]) -> Option<LessSafeKey> {
        let key = hmac(&self.secret, &[b"state", salt]);
        Some(LessSafeKey::new(UnboundKey::new(&CHACHA20_POLY1305, &key).ok()?))
    }

    /// The verifier and the nonce of a state, which only follow from it for whoever has the secret.
    fn chance(&self, state: &str) -> (PkceCodeVerifier, Nonce) {
        let of = |what: &[u8]| BASE64URL_NOPAD.encode(&hmac(&self.secret, &[what, state.as_bytes()]));
        (PkceCodeVerifier::new(of(b"verifier")), Nonce::new(of(b"nonce")))
    }

    /// Ends a sign-in with the code that the provider gave: whom it says the person is, as `issuer|subject`.
    ///
    /// # Errors
    /// [`NotIdentified`].
    pub async fn finish(
        &self,
        returned: Returned,
        code: &str,
        now: Timestamp,
    ) -> Result<String, NotIdentified> {
        let Returned { sign_in, verifier, nonce, .. } = returned;
        let known = self.known.get(&sign_in.provider).ok_or(NotIdentified::NoProvider)?;
        let client = self.client(known, known.metadata(now, DISCOVERY_SECONDS).await?);
        let answer: CoreTokenResponse = client
            .exchange_code(AuthorizationCode::new(code.to_owned()))
            .map_err(|error| NotIdentified::Discovery(error.to_string()))?
            .set_pkce_verifier(verifier)
            .request_async(known)
            .await
            .map_err(|error| NotIdentified::Exchange(unexchanged(&error)))?;
        let token = answer.id_token().ok_or(NotIdentified::NoIdentity)?;
        let subject = match subject(&client, token, &nonce, now) {
            Err(ClaimsVerificationError::SignatureVerification(_)) => {
                // It may sign with a new key.
                let client = self.client(known, known.metadata(now, KEYS_SECONDS).await?);
                subject(&client, token, &nonce, now)
            }
            result => result,
        };
        let subject = subject.map_err(|error| NotIdentified::Invalid(reason(&error)))?;
        Ok(format!("{}|{subject}", known.provider.issuer.as_str()))
    }

    fn client(&self, known: &Known, metadata: CoreProviderMetadata) -> Client {
        let Provider { client_id, client_secret, .. } = &known.provider;
        let methods = metadata.token_endpoint_auth_methods_supported();
        let takes = |method| methods.is_some_and(|methods| methods.contains(&method));
        let posts = takes(CoreClientAuthMethod::ClientSecretPost);
        // Basic is what a provider takes that does not say (OpenID Connect Discovery 1.0, section 3).
        let by_body = posts && !takes(CoreClientAuthMethod::ClientSecretBasic);
        let metadata = {
            let offered = metadata.id_token_signing_alg_values_supported().iter();
            let accepted = offered.filter(|algorithm| ALGORITHMS.contains(algorithm)).cloned().collect();
            metadata.set_id_token_signing_alg_values_supported(accepted)
        };
        let client = CoreClient::from_provider_metadata(metadata, client_id.clone(), client_secret.clone());
        let client = client.set_auth_type(if by_body { AuthType::RequestBody } else { AuthType::BasicAuth });
        match &self.redirect {
            Some(redirect) => client.set_redirect_uri(redirect.clone()),
            None => client,
        }
    }
}

/// The nonce of a key that is used for one message only.
fn once() -> ring::aead::Nonce {
    ring::aead::Nonce::assume_unique_for_key([0; 12])
}

impl Known {
    /// What the provider says about itself, not older than so many seconds.
    async fn metadata(&self, now: Timestamp, seconds: i64) -> Result<CoreProviderMetadata, NotIdentified> {
        let mut kept = self.metadata.lock().await;
        if let Some((since, metadata)) = kept.as_ref()
            && now < since.plus_seconds(seconds)
        {
            return Ok(metadata.clone());
        }
        let found = CoreProviderMetadata::discover_async(self.provider.issuer.clone(), self)
            .await
            .map_err(|error| NotIdentified::Discovery(error.to_string()))?;
        *kept = Some((now, found.clone()));
        Ok(found)
    }

    async fn ask(&self, request: HttpRequest) -> Result<HttpResponse, NotAsked> {
        let mut answer = self.http.execute(request.try_into()?).await?;
        let mut body = Vec::new();
        while let Some(chunk) = answer.chunk().await? {
            if body.len() + chunk.len() > ANSWER_MAX {
                return Err(NotAsked::TooLong);
            }
            body.extend_from_slice(&chunk);
        }
        let mut response = http::Response::new(body);
        *response.status_mut() = answer.status();
        *response.headers_mut() = std::mem::take(answer.headers_mut());
        Ok(response)
    }
}

impl<'c> AsyncHttpClient<'c> for Known {
    type Error = NotAsked;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, NotAsked>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.ask(request))
    }
}

/// A provider did not answer the server.
#[derive(Debug, thiserror::Error)]
enum NotAsked {
    #[error(transparent)]
    Network(#[from] reqwest::Error),
    #[error("the answer is too long")]
    TooLong,
}

/// Why a code was not exchanged. The whole error may hold the provider's whole answer, and so a token.
fn unexchanged(error: &RequestTokenError<NotAsked, StandardErrorResponse<CoreErrorResponseType>>) -> String {
    match error {
        RequestTokenError::ServerResponse(answer) => answer.error().to_string(),
        RequestTokenError::Request(NotAsked::Network(error)) => {
            let cause =
                std::iter::successors(std::error::Error::source(error), |error| error.source()).last();
            cause.map_or_else(|| "it could not be asked".to_owned(), ToString::to_string)
        }
        RequestTokenError::Request(NotAsked::TooLong) => NotAsked::TooLong.to_string(),
        RequestTokenError::Parse(error, _) => format!("its answer cannot be read at {}", error.path()),
        RequestTokenError::Other(_) => "its answer cannot be read".to_owned(),
    }
}

/// Whom a token names, if all of it is as it must be: signature, issuer, audience, expiry and nonce.
fn subject(
    client: &Client,
    token: &CoreIdToken,
    nonce: &Nonce,
    now: Timestamp,
) -> Result<String, ClaimsVerificationError> {
    let time = |at: Timestamp| DateTime::<Utc>::from_timestamp_millis(at.millis()).unwrap_or_default();
    let (present, ahead) = (time(now), time(now.plus_seconds(AHEAD_SECONDS)));
    let verifier = client
        .id_token_verifier()
        .set_time_fn(move || present)
        .set_issue_time_verifier_fn(move |at| if at <= ahead { Ok(()) } else { Err(String::new()) });
    Ok(token.claims(&verifier, nonce)?.subject().as_str().to_owned())
}

/// What is wrong with a token, without anything that it says.
fn reason(error: &ClaimsVerificationError) -> &'static str {
    match error {
        ClaimsVerificationError::Expired(_) => "expired",
        ClaimsVerificationError::InvalidAudience(_) => "meant for somebody else",
        ClaimsVerificationError::InvalidIssuer(_) => "from another issuer",
        ClaimsVerificationError::InvalidNonce(_) => "from another sign-in",
        ClaimsVerificationError::SignatureVerification(_) => "not signed by the provider",
        _ => "not as it must be",
    }
}

fn http_client(https_only: bool) -> Result<reqwest::Client, OidcError> {
    let network = |error: &dyn std::fmt::Display| OidcError::Network(error.to_string());
    crate::tls::client()
        .map_err(|error| network(&error))?
        .https_only(https_only)
        // Where to ask is what the provider says about itself, and nothing that an answer says.
        .redirect(reqwest::redirect::Policy::none())
        .timeout(TIMEOUT)
        .build()
        .map_err(|error| network(&error))
}

/// A page of this site that a person comes back to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Back(String);

impl Back {
    /// Longest one, in bytes.
    const MAX: usize = 2000;

    /// Reads a path of this site, perhaps with a query and a fragment; none if it leads anywhere else, also by a way that
    /// only a browser sees (`//elsewhere`, `/\elsewhere`, `/..//elsewhere`), or to the API.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() > Self::MAX || !text.starts_with('/') || text.contains('\\') {
            return None;
        }
        let site = Url::parse("https://site.invalid").ok()?;
        let url = site.join(text).ok()?;
        let stays = url.origin() == site.origin() && url.username().is_empty() && url.password().is_none();
        let path = url.path();
        (stays && !path.starts_with("//") && path != "/api" && !path.starts_with("/api/"))
            .then(|| Self(relative(&url)))
    }

    /// The path, with its query and fragment.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The same page with `name=value` in its query, and no other value of that name.
    #[must_use]
    pub fn with(&self, name: &str, value: Option<&str>) -> String {
        let Ok(mut url) = Url::parse("https://site.invalid").and_then(|site| site.join(&self.0)) else {
            return self.0.clone();
        };
        let others = url.query_pairs().into_owned().filter(|(known, _)| known != name);
        let others: Vec<(String, String)> = others.collect();
        url.query_pairs_mut().clear().extend_pairs(others).extend_pairs(value.map(|value| (name, value)));
        if url.query() == Some("") {
            url.set_query(None);
        }
        relative(&url)
    }
}

fn relative(url: &Url) -> String {
    let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
    let fragment = url.fragment().map(|fragment| format!("#{fragment}")).unwrap_or_default();
    format!("{}{query}{fragment}", url.path())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    #[test]
    fn a_person_comes_back_to_a_page_of_this_site_or_to_none() {
        for (text, good) in [
            ("/", "/"),
            ("/consultations/x?lang=en#ballot", "/consultations/x?lang=en#ballot"),
            ("/a/../b", "/b"),
        ] {
            assert_eq!(Back::parse(text).unwrap().as_str(), good);
        }
        for bad in [
            "",
            "consultations/x",
            "https://elsewhere.example/",
            "//elsewhere.example",
            "/\\elsewhere.example",
            "\\\\elsewhere.example",
            "/\t/elsewhere.example",
            "/\n//elsewhere.example",
            "/..//elsewhere.example",
            "/.//elsewhere.example",
            "/%2e%2e//elsewhere.example",
            "javascript:alert(1)",
            " /x",
            "/api/v1/session/oidc/x",
            "/x/../api/v1/session",
        ] {
            assert_eq!(Back::parse(bad), None, "{bad}");
        }
        assert_eq!(Back::parse(&format!("/{}", "x".repeat(3000))), None);
    }

    #[test]
    fn what_came_of_it_is_in_the_query_once() {
        let back = Back::parse("/c?lang=en&identified=refused#b").unwrap();
        assert_eq!(back.with("identified", None), "/c?lang=en#b");
        assert_eq!(back.with("identified", Some("refused")), "/c?lang=en&identified=refused#b");
        assert_eq!(Back::parse("/c").unwrap().with("identified", None), "/c");
    }

    #[test]
    fn a_provider_is_configured_in_one_line_and_what_is_wrong_with_it_does_not_repeat_its_secret() {
        let provider = Provider::parse("prueba=https://login.example,cabildo,a,b").unwrap();
        assert_eq!(provider.client_secret.unwrap().secret(), "a,b");
        assert!(Provider::parse("prueba=https://login.example,cabildo").unwrap().client_secret.is_none());
        assert!(Provider::parse("prueba=http://127.0.0.1:4000,cabildo").is_ok());
        for bad in [
            "secreto",
            "prueba=https://login.example",
            "callback=https://login.example,cabildo,secreto",
            "a b=https://login.example,cabildo,secreto",
            "prueba=http://login.example,cabildo,secreto",
            "prueba=login.example,cabildo,secreto",
        ] {
            let error = Provider::parse(bad).err().unwrap();
            assert!(!error.to_string().contains("secreto"), "{error}");
        }
        let two = || Provider::parse("p=https://login.example,cabildo").unwrap();
        assert!(matches!(
            Providers::new(vec![two(), two()], Some("https://here.example"), [0; 32]),
            Err(OidcError::Twice(_))
        ));
        assert!(matches!(Providers::new(vec![two()], None, [0; 32]), Err(OidcError::PublicUrl(_))));
    }
}

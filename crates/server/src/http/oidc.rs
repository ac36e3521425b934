//! Identifying oneself with an OpenID Connect provider: to it, and back to where one was. Both are addresses that the
//! browser itself goes to, so what goes wrong takes the person back as well, wherever that is known.

use super::identity::again;
use super::reply::PRIVATE_CACHE;
use super::seal::crosses;
use super::session::{self, COOKIE_SECONDS, cookie};
use crate::App;
use crate::domain::{Refusal, identity};
use crate::extract::{path_parameter, query, session_token};
use crate::identity::Hash;
use crate::oidc::{Back, NotIdentified, Returned, SignIn};
use crate::problem::Refused;
use crate::random;
use crate::storage::Recognised;
use crate::storage::allowances::Quota;
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use cabildo_contract::id::Slug;
use cabildo_contract::identity::{
    SIGN_IN_PATTERN, SIGN_IN_QUERY, SIGN_IN_REFUSED, SIGN_IN_SECONDS, SIGNED_IN_QUERY,
};
use cabildo_contract::page::parse_query;
use cabildo_contract::problem::{FieldProblem, FieldProblemKind, Problem, ProblemKind};
use cabildo_contract::session::Assurance;
use std::sync::Arc;

/// Sends the person to the provider.
pub async fn begin(State(app): State<Arc<App>>, request: Request) -> Result<Response, Refused> {
    let (mut parts, _) = request.into_parts();
    let pairs = query(&parts, SIGN_IN_QUERY)?;
    // A link elsewhere could say that somebody consented who was not even asked.
    if crosses(&parts.headers, &parts.uri) {
        return Err(ProblemKind::CrossSite.into());
    }
    let parameter = |name| value(&pairs, name).unwrap_or_default();
    let back = Back::parse(parameter("back"));
    let back = back.ok_or_else(|| invalid("?back", FieldProblemKind::WrongType))?;
    let provider = path_parameter(&mut parts, SIGN_IN_PATTERN).await;
    let provider = Slug::parse(provider).ok().filter(|name| app.providers.is_there(name));
    let provider = provider.ok_or(ProblemKind::NotFound)?;
    let unknown = || invalid("?process", FieldProblemKind::UnknownOption);
    let entry = app.catalogue.process(parameter("process")).ok_or_else(unknown)?;
    let now = app.clock.now();
    if !identity::is_asked_for(entry, &Assurance::Oidc(provider.clone()), now) {
        return Err(unknown());
    }
    let consent = parameter("consent").to_owned();
    if identity::check_consent(entry, &consent).is_err() {
        return Ok(refused(&back));
    }

    let (token, is_new) = match known_token(&app, session_token(&parts.headers)).await? {
        Some(token) => (token, false),
        None => (session::new(&app, false).await?.0, true),
    };
    let token_hash = random::token_hash(&token).ok_or(ProblemKind::SessionRequired)?;
    let process = entry.process.id.clone();
    let sign_in = SignIn { provider: provider.clone(), token_hash, process, consent, back: back.clone() };
    let mut response = match app.providers.begin(sign_in, now).await {
        Ok(url) => to(url.as_str()),
        Err(error) => {
            tracing::error!(%provider, %error, "nobody can be identified");
            refused(&back)
        }
    };
    if is_new {
        set_cookie(&mut response, &token);
    }
    Ok(response)
}

/// Takes the person back from the provider.
pub async fn finish(State(app): State<Arc<App>>, request: Request) -> Result<Response, Refused> {
    let (parts, _) = request.into_parts();
    // What else a provider says is not minded (RFC 6749, section 4.1.2).
    let pairs = parse_query(parts.uri.query().unwrap_or_default());
    let stale = || invalid("?state", FieldProblemKind::UnknownOption);
    let token_hash = session_token(&parts.headers).and_then(|token| random::token_hash(&token));
    let token_hash = token_hash.ok_or_else(stale)?;
    let now = app.clock.now();
    let state = value(&pairs, "state").unwrap_or_default();
    let returned = app.providers.open(state, &token_hash, now).ok_or_else(stale)?;
    let (provider, back) = (returned.sign_in.provider.clone(), returned.sign_in.back.clone());
    // The provider's code reached the person's browser alone.
    let proof = format!("{state}|{}", value(&pairs, "code").unwrap_or_default());
    let (token, fresh_token_hash) = app.identities.next_token(&token_hash, &proof);
    let once = Quota::once_in(SIGN_IN_SECONDS);
    let recognised = match app.storage.take(returned.key, once, now).await {
        Ok(_) => recognise(&app, returned, fresh_token_hash, &pairs).await,
        Err(_) => Ok(again(&app, token_hash, fresh_token_hash, now).await.map(drop).map_err(|_| stale())?),
    };
    match recognised {
        Ok(()) => {
            let mut response = to(&back.with(SIGNED_IN_QUERY, None));
            set_cookie(&mut response, &token);
            Ok(response)
        }
        Err(NotRecognised::Not(reason)) => {
            tracing::warn!(%provider, reason, "somebody was not identified");
            Ok(refused(&back))
        }
        Err(NotRecognised::Refused(refused)) => Err(*refused),
    }
}

enum NotRecognised {
    /// The person was not identified; they go back.
    Not(String),
    /// The server cannot go on.
    Refused(Box<Refused>),
}

impl From<NotIdentified> for NotRecognised {
    fn from(error: NotIdentified) -> Self {
        Self::Not(error.to_string())
    }
}

impl From<Refusal> for NotRecognised {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Storage(_) | Refusal::NoRandomness(_) => Self::Refused(Box::new(refusal.into())),
            other => Self::Not(other.to_string()),
        }
    }
}

/// Recognises the session that began a sign-in, under a new token.
async fn recognise(
    app: &App,
    returned: Returned,
    fresh_token_hash: Hash,
    pairs: &[(String, String)],
) -> Result<(), NotRecognised> {
    let not = |reason: &str| NotRecognised::Not(reason.to_owned());
    let SignIn { provider, token_hash, process, consent, .. } = returned.sign_in.clone();
    if value(pairs, "error").is_some() {
        // Whatever it is: the person may have changed their mind.
        return Err(not("the provider says so"));
    }
    // An answer of one provider is not taken for another's (RFC 9207).
    if value(pairs, "iss").is_some_and(|issuer| app.providers.issuer(&provider) != Some(issuer)) {
        return Err(not("from another issuer"));
    }
    let at = app.clock.now();
    let code = value(pairs, "code").ok_or_else(|| not("there is no code"))?;
    let subject = app.providers.finish(returned, code, at).await?;
    let assurance = Assurance::Oidc(provider);
    let salt = app.storage.process_salt(&process, random::secret().map_err(Refusal::from)?).await;
    let salt = salt.map_err(Refusal::from)?.ok_or_else(|| not("the process was over"))?;
    let identity = app.identities.subject(&salt, &assurance, &subject);
    let authors = random::authors().map_err(Refusal::from)?;
    let consent = Some(consent);
    let recognised =
        Recognised { token_hash, fresh_token_hash, process, assurance, identity, authors, consent, at };
    app.storage.recognise(recognised).await?;
    Ok(())
}

/// The token, if it opens the session of somebody who is not simulated.
async fn known_token(app: &App, token: Option<String>) -> Result<Option<String>, Refused> {
    let Some((token, hash)) = token.and_then(|token| random::token_hash(&token).map(|hash| (token, hash)))
    else {
        return Ok(None);
    };
    Ok(app.storage.find_person(hash).await?.filter(|person| !person.simulated).map(|_| token))
}

fn value<'a>(pairs: &'a [(String, String)], name: &str) -> Option<&'a str> {
    pairs.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
}

fn invalid(parameter: &str, kind: FieldProblemKind) -> Refused {
    Problem::invalid_parameter(FieldProblem::new(parameter, kind)).into()
}

/// Back to where the person was, not identified.
fn refused(back: &Back) -> Response {
    to(&back.with(SIGNED_IN_QUERY, Some(SIGN_IN_REFUSED)))
}

fn to(address: &str) -> Response {
    // Addresses here are made by a parser, so they are ASCII; what is not leads nowhere.
    let Ok(location) = HeaderValue::try_from(address) else {
        return Refused::from(ProblemKind::Internal).into_response();
    };
    let headers: [(HeaderName, HeaderValue); 3] = [
        (header::LOCATION, location),
        (header::CACHE_CONTROL, HeaderValue::from_static(PRIVATE_CACHE)),
        // The address of this page has the code in it.
        (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    ];
    (StatusCode::SEE_OTHER, headers).into_response()
}

fn set_cookie(response: &mut Response, token: &str) {
    let cookie = HeaderValue::try_from(cookie(token, COOKIE_SECONDS));
    response.headers_mut().extend(cookie.ok().map(|cookie| (header::SET_COOKIE, cookie)));
}

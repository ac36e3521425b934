//! Voting inside a frame: reads the forms of `cabildo_app::surface::embed::vote`, does what they ask through the public
//! API, and answers with the next (decision 16).
//!
//! A browser keeps what a frame stores apart for each site round it, so the session has a cookie of its own here, which
//! opens nothing but these forms. Who votes is the person whom their mailbox names: one ballot, wherever it is cast.

use crate::assets::Shell;
use crate::embed::{self, Look};
use crate::extract::{COOKIE, body_bytes_of, cookie_value};
use crate::headers::Ancestors;
use crate::http::{PRIVATE_CACHE, crosses};
use crate::page::{Pages, origin};
use crate::problem::Refused;
use crate::random;
use axum::Router;
use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use cabildo_app::state::identity::Fault;
use cabildo_app::state::order::Order;
use cabildo_app::surface::embed::vote::{Asked, Paper, Reason, Stage, Trouble, Vote, field};
use cabildo_contract::ballot::{Ballot, BallotRule, CastBallot, GetBallot, WithdrawBallot};
use cabildo_contract::consultation::{Consultation, Held};
use cabildo_contract::embed::Widget;
use cabildo_contract::endpoint::Endpoint;
use cabildo_contract::id::Slug;
use cabildo_contract::identity::{ConfirmCode, Email, EnteredCode, NewCode, RequestCode, check_code};
use cabildo_contract::page::parse_query;
use cabildo_contract::problem::{Problem, ProblemKind};
use cabildo_contract::session::{Assurance, EndSession, GetSession, NewSession, OpenSession};
use cabildo_contract::tally::Channel;
use http_body_util::BodyExt;
use std::sync::Arc;
use tower::ServiceExt;

/// The cookie of a session in a frame. It ends with the browser's: the screen may be a public one.
const FRAME_COOKIE: &str = "__Host-cabildo-frame";
/// A form.
const FORM: &str = "application/x-www-form-urlencoded";

/// Answers `GET /embed/vote/{consultation}`: where the caller stands.
pub async fn show(State(pages): State<Arc<Pages>>, Path(id): Path<String>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    let Some(mut booth) = Booth::open(&pages, &id, parts).await else { return nothing(&pages, &id).await };
    let Ok([order]) = random::bytes::<1>() else { return StatusCode::INTERNAL_SERVER_ERROR.into_response() };
    let stage = match booth.cast_before().await {
        Ok(Some(ballot)) => Stage::Received(ballot, None),
        Ok(None) => Stage::Choosing(None),
        Err(kind) => return Refused::from(kind).into_response(),
    };
    booth.answer(stage, Paper::default(), Order(order)).await
}

/// Answers `POST /embed/vote/{consultation}`: does what a form asks for.
pub async fn act(State(pages): State<Arc<Pages>>, Path(id): Path<String>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    if crosses(&parts.headers, &parts.uri) {
        return Refused::from(ProblemKind::CrossSite).into_response();
    }
    let form = match body_bytes_of(&parts.headers, body, FORM).await {
        Ok(bytes) => parse_query(&String::from_utf8_lossy(&bytes)),
        Err(refused) => return refused.into_response(),
    };
    let value =
        |name: &str| form.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.as_str());
    let Some(asked) = Asked::parse(value(field::STEP)) else {
        return Refused::from(ProblemKind::InvalidBody).into_response();
    };
    let Some(mut booth) = Booth::open(&pages, &id, parts).await else { return nothing(&pages, &id).await };
    booth.version = value(field::VERSION).parse().ok();
    let paper = Paper::read(&form);
    let order = Order(value(field::ORDER).parse().unwrap_or_default());
    let stage = match asked {
        Asked::Change => Stage::Choosing(None),
        Asked::Review => booth.review(&paper, value(field::EMAIL)).await,
        Asked::Email => booth.send_code(value(field::EMAIL), value(field::CONSENT)).await,
        Asked::Code => booth.confirm_code(value(field::EMAIL), value(field::CODE)).await,
        Asked::Cast => booth.cast(&paper).await,
        Asked::Withdraw => booth.withdraw().await,
        Asked::Leave => booth.leave().await,
    };
    booth.answer(stage, paper, order).await
}

/// There is no such consultation, or nobody votes in it inside a frame.
async fn nothing(pages: &Arc<Pages>, id: &str) -> Response {
    let widget = Slug::parse(id).ok().map(Widget::Vote);
    let frame = embed::render(pages, widget, Default::default(), String::new(), None).await;
    let (Some(frame), Some(assets)) = (frame, &pages.assets) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let Ok(template) = assets.shell(Shell::Vote).await else { return StatusCode::NOT_FOUND.into_response() };
    let headers =
        [(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CACHE_CONTROL, PRIVATE_CACHE)];
    (StatusCode::NOT_FOUND, headers, Look::default().dress(&template, &frame)).into_response()
}

/// One request of somebody who votes in a frame.
struct Booth<'a> {
    pages: &'a Arc<Pages>,
    parts: Parts,
    /// The token of their session.
    token: Option<String>,
    /// Whether the browser does not have it yet.
    is_new: bool,
    consultation: Arc<Consultation>,
    rule: BallotRule,
    /// The version of their ballot that they know of.
    version: Option<u32>,
}

impl<'a> Booth<'a> {
    /// None if nobody votes in this consultation inside a frame.
    async fn open(pages: &'a Arc<Pages>, id: &str, parts: Parts) -> Option<Self> {
        let (_, consultation) = pages.app.catalogue.consultation(id)?;
        let consultation = Arc::clone(consultation);
        let Held::Here { rule, .. } = consultation.head.held else { return None };
        if consultation.voting_sites.is_empty() {
            return None;
        }
        let token = cookie_value(&parts.headers, FRAME_COOKIE);
        Some(Self { pages, parts, token, is_new: false, consultation, rule, version: None })
    }

    /// Asks the public API, as the person who votes.
    async fn send<E: Endpoint>(&mut self, endpoint: &E) -> Result<E::Output, ProblemKind> {
        let mut request = Request::builder().method(E::METHOD.as_str()).uri(endpoint.path());
        if let Some(headers) = request.headers_mut() {
            // Whoever asks comes from where this request comes from; what it carries is not what that one carried.
            *headers = self.parts.headers.clone();
            for name in
                [header::COOKIE, header::CONTENT_LENGTH, header::ACCEPT_ENCODING, header::CONTENT_TYPE]
            {
                headers.remove(name);
            }
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
            let cookie =
                self.token.as_ref().and_then(|token| HeaderValue::try_from(format!("{COOKIE}={token}")).ok());
            headers.extend(cookie.map(|cookie| (header::COOKIE, cookie)));
        }
        if let Some(extensions) = request.extensions_mut() {
            *extensions = self.parts.extensions.clone();
            extensions.insert(Channel::Widget);
        }
        let body = endpoint.body().map(serde_json::to_vec).transpose().map_err(|_| ProblemKind::Internal)?;
        let request =
            request.body(body.map_or_else(Body::empty, Body::from)).map_err(|_| ProblemKind::Internal)?;
        let Ok(response) = self.pages.api.clone().oneshot(request).await;
        let set = response.headers().get(header::SET_COOKIE).and_then(|value| value.to_str().ok());
        if let Some((_, token)) =
            set.and_then(|cookie| cookie.split(';').next()).and_then(|pair| pair.split_once('='))
        {
            self.token = Some(token.to_owned());
            self.is_new = true;
        }
        let succeeded = response.status().is_success();
        let body = response.into_body().collect().await.map_err(|_| ProblemKind::Internal)?.to_bytes();
        if succeeded {
            return serde_json::from_slice(&body).map_err(|_| ProblemKind::Internal);
        }
        let problem: Result<Problem, _> = serde_json::from_slice(&body);
        Err(problem.map_or(ProblemKind::Internal, |problem| problem.kind))
    }

    fn slug(&self) -> Slug {
        self.consultation.head.slug.clone()
    }

    /// Whether the person is recognised as the consultation asks.
    async fn is_recognised(&mut self) -> bool {
        let process = self.consultation.process.slug.clone();
        let session = self.send(&GetSession {}).await.ok().and_then(|current| current.session);
        session.is_some_and(|session| {
            let here = |known: &cabildo_contract::session::Identified| {
                known.process == process && known.assurance == Assurance::Email
            };
            session.identities.iter().any(here)
        })
    }

    /// The ballot that the person cast before, here or anywhere else; from now on they know of its version.
    async fn cast_before(&mut self) -> Result<Option<Ballot>, ProblemKind> {
        if self.token.is_none() {
            return Ok(None);
        }
        let consultation = self.slug();
        let mine = self.send(&GetBallot { consultation }).await?;
        self.version = Some(mine.version);
        Ok(mine.ballot)
    }

    /// The ballot is read back, over the version that they know of or, where they know of none, the one that stands.
    async fn read_back(&mut self) -> Stage {
        if self.version.is_none()
            && let Err(kind) = self.cast_before().await
        {
            return Stage::Reviewing(Some(Trouble::Other(kind)));
        }
        Stage::Reviewing(None)
    }

    async fn review(&mut self, paper: &Paper, email: &str) -> Stage {
        match paper.ballot(self.rule, &self.consultation.options) {
            Err(fault) => Stage::Choosing(Some(fault)),
            Ok(_) if self.is_recognised().await => self.read_back().await,
            Ok(_) => Stage::Address { email: email.to_owned(), fault: None },
        }
    }

    async fn send_code(&mut self, email: &str, consent: &str) -> Stage {
        let address = |fault| Stage::Address { email: email.to_owned(), fault: Some(fault) };
        if Email::parse(email).is_err() {
            return address(Trouble::Identity(Fault::Address));
        }
        if consent.is_empty() {
            return address(Trouble::Identity(Fault::Consent));
        }
        // Opens a session, or keeps the one there is.
        if let Err(kind) = self.send(&OpenSession { body: NewSession { simulated: false } }).await {
            return address(Trouble::of(kind));
        }
        let body = NewCode {
            process: self.consultation.process.slug.clone(),
            email: email.to_owned(),
            consent: consent.to_owned(),
            language: Some(Look::of(&self.parts.uri).language.code().to_owned()),
        };
        match self.send(&RequestCode { body }).await {
            Ok(sent) => {
                Stage::Code { email: email.to_owned(), expires_at: Some(sent.expires_at), fault: None }
            }
            Err(ProblemKind::WorkRequired) => Stage::InWindow(Reason::Crowd),
            Err(kind) => address(Trouble::of(kind)),
        }
    }

    async fn confirm_code(&mut self, email: &str, code: &str) -> Stage {
        let wrong = |fault| Stage::Code { email: email.to_owned(), expires_at: None, fault: Some(fault) };
        let Ok(code) = check_code(code) else { return wrong(Trouble::Identity(Fault::Shape)) };
        match self.send(&ConfirmCode { body: EnteredCode { code } }).await {
            Ok(_) => {
                // Whatever they knew was of whoever used the frame before.
                self.version = None;
                self.read_back().await
            }
            // The browser did not keep what it was given with the step before.
            Err(ProblemKind::SessionRequired) => Stage::InWindow(Reason::NoCookie),
            Err(kind) => wrong(Trouble::of(kind)),
        }
    }

    async fn cast(&mut self, paper: &Paper) -> Stage {
        let body = match paper.ballot(self.rule, &self.consultation.options) {
            Ok(body) => body,
            Err(fault) => return Stage::Choosing(Some(fault)),
        };
        let cast = CastBallot { replaces: self.version, ..CastBallot::new(self.slug(), body) };
        match self.send(&cast).await {
            Ok(ballot) => {
                self.version = Some(ballot.revision);
                Stage::Received(ballot, None)
            }
            Err(ProblemKind::SessionRequired | ProblemKind::IdentityRequired) => {
                Stage::Address { email: String::new(), fault: None }
            }
            Err(kind) => {
                if kind == ProblemKind::BallotChanged {
                    // Told so, they may confirm over what stands now; if it cannot be read, they are told again.
                    let _ = self.cast_before().await;
                }
                Stage::Reviewing(Some(Trouble::Other(kind)))
            }
        }
    }

    async fn withdraw(&mut self) -> Stage {
        let withdraw = WithdrawBallot { replaces: self.version, ..WithdrawBallot::new(self.slug()) };
        match self.send(&withdraw).await {
            Ok(mine) => {
                self.version = Some(mine.version);
                Stage::Withdrawn
            }
            Err(ProblemKind::SessionRequired | ProblemKind::IdentityRequired) => {
                Stage::Address { email: String::new(), fault: None }
            }
            Err(kind) => match self.cast_before().await {
                Ok(Some(ballot)) => Stage::Received(ballot, Some(Trouble::Other(kind))),
                _ => Stage::Reviewing(Some(Trouble::Other(kind))),
            },
        }
    }

    /// Ends the session; the browser forgets it.
    async fn leave(&mut self) -> Stage {
        // What is over already is over.
        let _ = self.send(&EndSession).await;
        self.token = Some(String::new());
        self.is_new = true;
        self.version = None;
        Stage::Choosing(None)
    }

    /// The frame, for the sites that the consultation names and for nobody to keep.
    async fn answer(self, stage: Stage, paper: Paper, order: Order) -> Response {
        let vote = Vote { stage, paper, order, version: self.version };
        let look = Look::of(&self.parts.uri);
        let origin = origin(self.pages, &self.parts.headers);
        let widget = Widget::Vote(self.slug());
        let Some(frame) = embed::render(self.pages, Some(widget), look.language, origin, Some(vote)).await
        else {
            return StatusCode::INTERNAL_SERVER_ERROR.into_response();
        };
        let Some(assets) = &self.pages.assets else { return StatusCode::NOT_FOUND.into_response() };
        let Ok(template) = assets.shell(Shell::Vote).await else {
            return StatusCode::NOT_FOUND.into_response();
        };
        let kind =
            [(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CACHE_CONTROL, PRIVATE_CACHE)];
        let mut response = (kind, look.dress(&template, &frame)).into_response();
        response.extensions_mut().insert(Ancestors(self.consultation.voting_sites.clone()));
        if let Some(token) = self.token.filter(|_| self.is_new) {
            // Without a token: to be forgotten.
            let until = if token.is_empty() { "Max-Age=0; " } else { "" };
            let cookie = format!(
                "{FRAME_COOKIE}={token}; {until}Path=/; Secure; HttpOnly; SameSite=None; Partitioned"
            );
            response
                .headers_mut()
                .extend(HeaderValue::try_from(cookie).ok().map(|cookie| (header::SET_COOKIE, cookie)));
        }
        response
    }
}

/// The routes.
pub fn routes() -> Router<Arc<Pages>> {
    Router::new().route(cabildo_contract::embed::VOTE_PATTERN, axum::routing::get(show).post(act))
}

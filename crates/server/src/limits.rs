//! How often somebody may write. Reading is never limited.
//!
//! By person, so that one cannot drown the others; by process, so that one cannot starve the others of an installation;
//! and coarsely by network, because a whole mobile network can be behind one address. Opening a session is limited by
//! network only: there is no person yet.

use crate::App;
use crate::caller::{Caller, CallerHeader};
use crate::extract::{bearer, session_token};
use crate::identity::{Hash, hmac};
use crate::problem::Refused;
use crate::random;
use crate::storage::allowances::Quota;
use axum::extract::{Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use cabildo_contract::comment::Subject;
use cabildo_contract::endpoint::Endpoint;
use cabildo_contract::id::{OptionId, ProcessId, ProposalId};
use cabildo_contract::problem::{Problem, ProblemKind};
use cabildo_contract::session::OpenSession;
use std::sync::Arc;
use std::time::Duration;

/// Writes a minute that are accepted. All of a minute's may come at once; 0 is no limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::Args)]
pub struct Rates {
    /// Writes a minute of one person (or one answering desk); 0: no limit.
    #[arg(long = "limit-person", env = "CABILDO_LIMIT_PERSON", default_value_t = 60, value_name = "N")]
    pub person: u32,
    /// Writes a minute to what belongs to one process; 0: no limit.
    #[arg(
        long = "limit-process",
        env = "CABILDO_LIMIT_PROCESS",
        default_value_t = 120_000,
        value_name = "N"
    )]
    pub process: u32,
    /// Writes a minute from one network; thousands of phones can share one. 0: no limit.
    #[arg(long = "limit-network", env = "CABILDO_LIMIT_NETWORK", default_value_t = 6_000, value_name = "N")]
    pub network: u32,
    /// Sessions a minute opened from one network; 0: no limit.
    #[arg(
        long = "limit-sessions",
        env = "CABILDO_LIMIT_SESSIONS",
        default_value_t = 1_500,
        value_name = "N"
    )]
    pub sessions: u32,
}

impl Rates {
    /// No limit at all.
    pub const NONE: Self = Self { person: 0, process: 0, network: 0, sessions: 0 };
}

/// Counts writes against the [`Rates`], over all servers of an installation.
pub struct Limits {
    header: CallerHeader,
    /// What is counted is only known by a hash with this key.
    secret: Hash,
    person: Option<Quota>,
    process: Option<Quota>,
    network: Option<Quota>,
    sessions: Option<Quota>,
}

impl Limits {
    /// With the secret that servers of an installation share for this.
    #[must_use]
    pub fn new(rates: Rates, header: CallerHeader, secret: Hash) -> Self {
        Self {
            header,
            secret,
            person: Quota::a_minute(rates.person),
            process: Quota::a_minute(rates.process),
            network: Quota::a_minute(rates.network),
            sessions: Quota::a_minute(rates.sessions),
        }
    }

    /// Counts a write, or says how long to wait. What one limit refuses does not count for the next.
    async fn count(&self, app: &App, request: &Counted, caller: Caller) -> Result<(), Duration> {
        // A replay, a benchmark, a proxy that does not say for whom it asks: one network for all of them would be wrong.
        let network = caller.bytes();
        if request.opens_session {
            return self.check(app, self.sessions, b"sessions", network.as_deref()).await;
        }
        self.check(app, self.person, b"person", request.person.as_ref().map(<[u8; 32]>::as_slice)).await?;
        let process = request.process.as_ref().filter(|_| network.is_some());
        self.check(app, self.process, b"process", process.map(|id| id.as_str().as_bytes())).await?;
        self.check(app, self.network, b"network", network.as_deref()).await
    }

    /// Counts one of a kind for somebody, if there is a limit and somebody to count it for.
    async fn check(
        &self,
        app: &App,
        quota: Option<Quota>,
        kind: &[u8],
        whose: Option<&[u8]>,
    ) -> Result<(), Duration> {
        let (Some(quota), Some(whose)) = (quota, whose) else { return Ok(()) };
        app.storage.take(hmac(&self.secret, &[kind, b"|", whose]), quota, app.clock.now()).await
    }
}

/// What is counted of a request.
struct Counted {
    opens_session: bool,
    person: Option<Hash>,
    process: Option<ProcessId>,
}

impl Counted {
    fn of(app: &App, request: &Request) -> Self {
        let (method, path) = (request.method(), request.uri().path());
        let token = session_token(request.headers()).and_then(|token| random::token_hash(&token));
        Self {
            opens_session: *method == OpenSession::METHOD.as_str() && path == OpenSession::PATTERN,
            person: token.or_else(|| bearer(request.headers()).map(|key| random::sha256(key.as_bytes()))),
            process: process(app, path),
        }
    }
}

/// The process that the thing at an address of the API belongs to, if the address names one. Comments and submissions
/// have no process in theirs: who may change them is limited already.
fn process(app: &App, path: &str) -> Option<ProcessId> {
    let (kind, rest) = path.strip_prefix("/api/v1/")?.split_once('/')?;
    let id = rest.split('/').next()?;
    let subject = |subject: Subject| app.catalogue.process_of(&subject);
    let entry = match kind {
        "processes" => app.catalogue.process(id),
        "consultations" => app.catalogue.consultation(id).map(|(entry, _)| entry),
        "calls" => app.catalogue.call(id).map(|(entry, _)| entry),
        "proposals" => subject(ProposalId::parse(id).ok()?.into()),
        "options" => subject(OptionId::parse(id).ok()?.into()),
        _ => None,
    };
    entry.map(|entry| entry.process.id.clone())
}

/// Refuses a write that is one too many, before anything of it is carried out. What goes on knows its [`Caller`].
pub async fn limit(
    State((app, limits)): State<(Arc<App>, Arc<Limits>)>,
    mut request: Request,
    next: Next,
) -> Response {
    if matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS) {
        return next.run(request).await;
    }
    let caller = limits.header.caller(request.headers(), request.extensions());
    let counted = Counted::of(&app, &request);
    match limits.count(&app, &counted, caller).await {
        Ok(()) => {
            request.extensions_mut().insert(caller);
            next.run(request).await
        }
        Err(wait) => {
            let seconds = u32::try_from(wait.as_millis().div_ceil(1_000)).unwrap_or(u32::MAX).max(1);
            let problem = Problem { retry_after: Some(seconds), ..ProblemKind::RateLimited.into() };
            Refused::from(problem).into_response()
        }
    }
}

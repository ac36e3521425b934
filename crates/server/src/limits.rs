//! How often somebody may write. Reading is never limited.
//!
//! By person, so that one cannot drown the others; by process, so that one cannot starve the others of an installation;
//! and coarsely by network, because a whole mobile network can be behind one address. Opening a session is limited by
//! network only: there is no person yet.

use crate::App;
use crate::caller::{Caller, CallerHeader};
use crate::clock::Clock;
use crate::extract::{bearer, session_token};
use crate::problem::Refused;
use crate::random;
use axum::extract::{Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use cabildo_contract::comment::Subject;
use cabildo_contract::endpoint::Endpoint;
use cabildo_contract::id::{OptionId, ProcessId, ProposalId};
use cabildo_contract::problem::{Problem, ProblemKind};
use cabildo_contract::session::OpenSession;
use cabildo_contract::time::Timestamp;
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};
use std::hash::Hash;
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
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

/// Counts writes against the [`Rates`].
pub struct Limits {
    header: CallerHeader,
    person: Option<Bucket<[u8; 32]>>,
    process: Option<Bucket<ProcessId>>,
    network: Option<Bucket<Caller>>,
    sessions: Option<Bucket<Caller>>,
}

impl Limits {
    /// Nothing was written yet.
    #[must_use]
    pub fn new(rates: Rates, header: CallerHeader, clock: Arc<dyn Clock>) -> Self {
        let passed = Passed::since_now(clock);
        Self {
            header,
            person: Bucket::new(rates.person, &passed),
            process: Bucket::new(rates.process, &passed),
            network: Bucket::new(rates.network, &passed),
            sessions: Bucket::new(rates.sessions, &passed),
        }
    }

    /// Counts a write, or says how long to wait.
    fn count(&self, app: &App, request: &Request, caller: Caller) -> Result<(), Duration> {
        // A replay, a benchmark, a proxy that does not say for whom it asks: one network for all of them would be wrong.
        let elsewhere = Some(caller).filter(|caller| *caller != Caller::Local);
        let (method, path) = (request.method(), request.uri().path());
        if *method == OpenSession::METHOD.as_str() && path == OpenSession::PATTERN {
            return check(&self.sessions, elsewhere);
        }
        let token = session_token(request.headers()).and_then(|token| random::token_hash(&token));
        let person = token.or_else(|| bearer(request.headers()).map(|key| random::sha256(key.as_bytes())));
        check(&self.person, person)?;
        check(&self.process, elsewhere.and_then(|_| process(app, path)))?;
        check(&self.network, elsewhere)
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
    match limits.count(&app, &request, caller) {
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

/// Writes between two times that what nobody uses any more is forgotten.
const TIDY_EVERY: u32 = 4_096;

/// One limit, for each of many.
pub struct Bucket<K: Hash + Eq + Clone> {
    limiter: RateLimiter<K, DashMapStateStore<K>, Passed, NoOpMiddleware<Duration>>,
    checks: AtomicU32,
}

impl<K: Hash + Eq + Clone> Bucket<K> {
    /// So many a minute; none if that is 0, which is no limit.
    pub fn new(a_minute: u32, passed: &Passed) -> Option<Self> {
        let quota = Quota::per_minute(NonZeroU32::new(a_minute)?);
        let limiter = RateLimiter::dashmap_with_clock(quota, passed.clone());
        Some(Self { limiter, checks: AtomicU32::new(0) })
    }
}

/// Counts one for a key, or says how long until there can be one.
///
/// # Errors
/// The time to wait.
pub fn check<K: Hash + Eq + Clone>(bucket: &Option<Bucket<K>>, key: Option<K>) -> Result<(), Duration> {
    let (Some(bucket), Some(key)) = (bucket, key) else { return Ok(()) };
    if bucket.checks.fetch_add(1, Ordering::Relaxed) % TIDY_EVERY == TIDY_EVERY - 1 {
        bucket.limiter.retain_recent();
    }
    let now = governor::clock::Clock::now(bucket.limiter.clock());
    bucket.limiter.check_key(&key).map_err(|until| until.wait_time_from(now))
}

/// The time that passed on the server's clock. A clock that is set back must not make anybody wait for it to catch up,
/// so steps back count as no time.
#[derive(Clone)]
pub struct Passed {
    clock: Arc<dyn Clock>,
    /// What the clock showed last, and how much passed until then.
    last: Arc<Mutex<(Timestamp, Duration)>>,
}

impl Passed {
    /// None yet.
    pub fn since_now(clock: Arc<dyn Clock>) -> Self {
        let last = Arc::new(Mutex::new((clock.now(), Duration::ZERO)));
        Self { clock, last }
    }
}

impl governor::clock::Clock for Passed {
    type Instant = Duration;

    fn now(&self) -> Duration {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let now = self.clock.now();
        let step = u64::try_from(now.millis().saturating_sub(last.0.millis())).unwrap_or(0);
        *last = (now, last.1 + Duration::from_millis(step));
        last.1
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use crate::clock::MockClock;

    #[test]
    fn who_has_not_written_for_a_while_is_forgotten() {
        let clock = Arc::new(MockClock::at(Timestamp::from_millis(0)));
        let passed = Passed::since_now(Arc::clone(&clock) as _);
        let bucket = Bucket::<u32>::new(10, &passed);
        let known = || bucket.as_ref().unwrap().limiter.len();
        for key in 0..TIDY_EVERY - 1 {
            check(&bucket, Some(key)).unwrap();
        }
        assert_eq!(known(), TIDY_EVERY as usize - 1);
        clock.advance(120);
        check(&bucket, Some(0)).unwrap();
        assert_eq!(known(), 1);
    }
}

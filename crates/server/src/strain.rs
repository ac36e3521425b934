//! Who waits when more is asked for than can be answered. First live figures come less often, then those who read wait
//! for each other, then they are asked to come again (`503`, `Retry-After`). What people write is never held up here: its
//! queue is the writer's.
//!
//! The measure is how much is under way, not how long it takes: a busy machine alone refuses nobody.

use crate::http::refuse;
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use cabildo_contract::identity::{SIGN_IN_PATTERN, SIGNED_IN_PATH};
use cabildo_contract::problem::ProblemKind;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;
use tokio::sync::{Semaphore, SemaphorePermit};

/// Reads that are worked on at once, for each core. Most is work, little is waiting: more would only share it.
const AT_ONCE: usize = 8;
/// Reads that wait behind them.
const WAITING: usize = 1_000;
/// Longest wait.
const PATIENCE: Duration = Duration::from_secs(2);
/// Writes under way from which on streams give way. A group commit takes as many.
const WRITES: usize = 256;
/// Seconds after which somebody who was refused may come again.
const AGAIN: &str = "5";

/// What is said to somebody who wanted a page.
const BUSY: &str = "Hay mucha gente leyendo a la vez. Intente de nuevo en unos segundos.\n\
                    Many people are reading at once. Try again in a few seconds.\n";

/// Whether somebody waits, and what gave way to whom since the server started.
#[derive(Default)]
pub struct Pressure {
    /// Set while somebody waits.
    strained: AtomicBool,
    slowed: AtomicU64,
    refused: AtomicU64,
}

impl Pressure {
    /// Somebody waits.
    pub fn press(&self) {
        self.strained.store(true, Ordering::Relaxed);
    }

    /// Whether somebody waited since this was asked last: then the next live figures come a second later, which is
    /// counted.
    pub fn slows(&self) -> bool {
        let strained = self.strained.swap(false, Ordering::Relaxed);
        self.slowed.fetch_add(u64::from(strained), Ordering::Relaxed);
        strained
    }

    /// How many seconds later live figures came, in sum.
    #[must_use]
    pub fn slowed(&self) -> u64 {
        self.slowed.load(Ordering::Relaxed)
    }

    /// How many who read were asked to come again.
    #[must_use]
    pub fn refused(&self) -> u64 {
        self.refused.load(Ordering::Relaxed)
    }
}

/// What is under way.
pub struct Strain {
    reads: Semaphore,
    waiting: AtomicUsize,
    most_waiting: usize,
    writes: AtomicUsize,
    pressure: Arc<Pressure>,
}

impl Strain {
    /// Nothing yet. What gives way is told to `pressure`.
    #[must_use]
    pub fn new(pressure: Arc<Pressure>) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self::of(AT_ONCE * cores.max(2), WAITING, pressure)
    }

    fn of(at_once: usize, most_waiting: usize, pressure: Arc<Pressure>) -> Self {
        let (waiting, writes) = (AtomicUsize::new(0), AtomicUsize::new(0));
        Self { reads: Semaphore::new(at_once), waiting, most_waiting, writes, pressure }
    }

    /// Waits for one's turn to read; none if there are too many, or it takes too long.
    async fn turn(&self) -> Option<SemaphorePermit<'_>> {
        if let Ok(permit) = self.reads.try_acquire() {
            return Some(permit);
        }
        self.pressure.press();
        let waits = Counted::one(&self.waiting);
        if waits.before >= self.most_waiting {
            return None;
        }
        tokio::time::timeout(PATIENCE, self.reads.acquire()).await.ok()?.ok()
    }
}

/// One of those that are counted, until it is dropped.
struct Counted<'a> {
    counter: &'a AtomicUsize,
    /// How many there were before.
    before: usize,
}

impl<'a> Counted<'a> {
    fn one(counter: &'a AtomicUsize) -> Self {
        Self { counter, before: counter.fetch_add(1, Ordering::Relaxed) }
    }
}

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        self.counter.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Whether a request waits for others: one that reads, and is answered by this server alone and at once.
fn waits(path: &str) -> bool {
    let elsewhere = path == SIGNED_IN_PATH
        || SIGN_IN_PATTERN.split_once('{').is_some_and(|(own, _)| path.starts_with(own));
    !elsewhere && !path.ends_with("/live") && !matches!(path, "/healthz" | "/readyz")
}

/// Lets a request through, in its turn if it reads.
pub async fn give_way(State(strain): State<Arc<Strain>>, request: Request, next: Next) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS) {
        let under_way = Counted::one(&strain.writes);
        if under_way.before >= WRITES {
            strain.pressure.press();
        }
        return next.run(request).await;
    }
    let path = request.uri().path();
    if !waits(path) {
        return next.run(request).await;
    }
    let turn = strain.turn().await;
    strain.pressure.refused.fetch_add(u64::from(turn.is_none()), Ordering::Relaxed);
    match turn {
        Some(_turn) => next.run(request).await,
        None if path.starts_with("/api/") => refuse(ProblemKind::Unavailable),
        None => {
            let headers = [(header::RETRY_AFTER, AGAIN), (header::CACHE_CONTROL, "no-store")];
            (StatusCode::SERVICE_UNAVAILABLE, headers, BUSY).into_response()
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use axum::Router;
    use axum::body::Body;
    use futures_util::FutureExt;
    use tokio::sync::Notify;
    use tower::ServiceExt;

    /// A site that answers when it is told to, with room for one who reads and one who waits.
    struct Slow {
        site: Router,
        go: Arc<Notify>,
        pressure: Arc<Pressure>,
    }

    impl Slow {
        fn new() -> Self {
            let (go, pressure) = (Arc::new(Notify::new()), Arc::default());
            let strain = Arc::new(Strain::of(1, 1, Arc::clone(&pressure)));
            let answer = Arc::clone(&go);
            let site = Router::new()
                .fallback(move || async move { answer.notified().await })
                .layer(axum::middleware::from_fn_with_state(strain, give_way));
            Self { site, go, pressure }
        }

        /// Somebody asks; the answer comes later.
        async fn ask(&self, method: &str, path: &str) -> tokio::task::JoinHandle<Response> {
            let request = Request::builder().method(method).uri(path).body(Body::empty()).unwrap();
            let asked = tokio::spawn(self.site.clone().oneshot(request).map(Result::unwrap));
            tokio::task::yield_now().await;
            asked
        }
    }

    #[tokio::test(start_paused = true)]
    async fn who_reads_waits_then_is_asked_to_come_again_and_who_writes_or_watches_is_not_held_up() {
        let slow = Slow::new();
        let first = slow.ask("GET", "/").await;
        assert!(!slow.pressure.slows());
        let second = slow.ask("GET", "/").await;
        assert!(slow.pressure.slows(), "streams give way to who waits");
        assert!(!slow.pressure.slows(), "once");
        for (path, kind) in
            [("/", "text/plain; charset=utf-8"), ("/api/v1/processes", "application/problem+json")]
        {
            let refused = slow.ask("GET", path).await.await.unwrap();
            assert_eq!(refused.status(), 503);
            assert_eq!(
                (&refused.headers()["retry-after"], &refused.headers()["content-type"]),
                (&"5".parse().unwrap(), &kind.parse().unwrap())
            );
            assert_eq!(refused.headers()["cache-control"], "no-store");
        }
        assert_eq!((slow.pressure.refused(), slow.pressure.slowed()), (2, 1));
        let mut others = Vec::new();
        for (method, path) in
            [("PUT", "/api/v1/x"), ("POST", "/"), ("GET", "/api/v1/x/live"), ("GET", "/readyz")]
        {
            others.push(slow.ask(method, path).await);
        }
        // Those that are worked on, and the one that waits when its turn comes.
        slow.go.notify_waiters();
        for answer in others.into_iter().chain([first]) {
            assert_eq!(answer.await.unwrap().status(), 200);
        }
        slow.go.notify_one();
        assert_eq!(second.await.unwrap().status(), 200);
        assert_eq!(slow.pressure.refused(), 2, "those who waited their turn were answered");
    }

    #[tokio::test(start_paused = true)]
    async fn nobody_waits_for_long() {
        let slow = Slow::new();
        let first = slow.ask("GET", "/").await;
        let second = slow.ask("GET", "/").await;
        assert_eq!(second.await.unwrap().status(), 503);
        assert_eq!(slow.pressure.refused(), 1);
        slow.go.notify_waiters();
        assert_eq!(first.await.unwrap().status(), 200);
        let third = slow.ask("GET", "/").await;
        slow.go.notify_one();
        assert_eq!(third.await.unwrap().status(), 200);
    }
}

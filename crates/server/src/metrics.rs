//! What a server counts of itself, in the text format of Prometheus (version 0.0.4), at an address of its own. Nothing in
//! it is about a person: routes are patterns, and nobody's address, words or choices are labels.

use crate::App;
use crate::backup;
use crate::storage::Risk;
use axum::Router;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use cabildo_contract::ballot::CastBallot;
use cabildo_contract::endpoint::Endpoint;
use cabildo_contract::problem::ProblemKind;
use std::collections::BTreeMap;
use std::fmt::{self, Display, Write};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Upper ends of the histogram's buckets, in seconds.
const BUCKETS: [f64; 11] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0];

/// The route of what has no pattern: pages of the app, and what is nowhere.
const PAGES: &str = "pages";

/// What was counted since the server started.
#[derive(Default)]
pub struct Metrics(Mutex<Counts>);

#[derive(Default)]
struct Counts {
    /// By route and method.
    requests: BTreeMap<(String, String), Requests>,
    problems: BTreeMap<&'static str, u64>,
    ballots: u64,
}

#[derive(Default)]
struct Requests {
    statuses: BTreeMap<u16, u64>,
    buckets: [u64; BUCKETS.len()],
    seconds: f64,
}

/// A request that the server makes of itself, to render a page: it is not counted.
#[derive(Debug, Clone, Copy)]
pub struct Internal;

impl Metrics {
    /// Counts an answer to a request with this pattern.
    fn count(&self, route: &str, method: &Method, response: &Response, took: Duration) {
        let status = response.status();
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(kind) = response.extensions().get::<ProblemKind>() {
            *counts.problems.entry(kind.name()).or_default() += 1;
        }
        if route == CastBallot::PATTERN && method == CastBallot::METHOD.as_str() && status.is_success() {
            counts.ballots += 1;
        }
        // Whatever method somebody made up is one.
        let method = match method.as_str() {
            known @ ("GET" | "HEAD" | "POST" | "PUT" | "DELETE" | "OPTIONS") => known,
            _ => "other",
        };
        let requests = counts.requests.entry((route.to_owned(), method.to_owned())).or_default();
        *requests.statuses.entry(status.as_u16()).or_default() += 1;
        requests.seconds += took.as_secs_f64();
        for (bucket, end) in requests.buckets.iter_mut().zip(BUCKETS) {
            *bucket += u64::from(took.as_secs_f64() <= end);
        }
    }
}

/// Counts a request and how long it took until its answer began.
pub async fn measure(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    if request.extensions().get::<Internal>().is_some() {
        return next.run(request).await;
    }
    let route = request.extensions().get::<MatchedPath>().cloned();
    let (method, begun) = (request.method().clone(), Instant::now());
    let response = next.run(request).await;
    app.metrics.count(
        route.as_ref().map_or(PAGES, |route| pattern(route.as_str())),
        &method,
        &response,
        begun.elapsed(),
    );
    response
}

/// The pattern of the innermost router: those outside of it say `{*rest}` for what is left to it.
fn pattern(route: &str) -> &str {
    route.rsplit_once("{*rest}").map(|(_, inner)| inner).filter(|inner| !inner.is_empty()).unwrap_or(route)
}

/// The one page of the address for metrics: `/metrics`. `data` is where backups leave when they were made.
pub fn router(app: Arc<App>, data: PathBuf) -> Router {
    let show = move || {
        let (app, data) = (Arc::clone(&app), data.clone());
        async move {
            let kind = [(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")];
            (kind, text(&app, &data).await).into_response()
        }
    };
    Router::new().route("/metrics", get(show))
}

/// All metrics.
async fn text(app: &App, data: &std::path::Path) -> String {
    let mut page = Page(String::new());
    // Written here, so that nothing that waits for the database holds up the counting.
    app.metrics.0.lock().unwrap_or_else(PoisonError::into_inner).write(&mut page);
    let (live, as_of) = (app.live.watchers(), app.live.as_of());
    page.one("cabildo_live_subscribers", "gauge", "Streams of live figures that are open.", live);
    page.one("cabildo_acts", "gauge", "Number of the last act that is counted.", as_of.sequence);
    let waiting = app.storage.waiting_writes();
    page.one("cabildo_writes_waiting", "gauge", "Writes that wait for the one writer.", waiting);
    let (name, pressure) = ("cabildo_gave_way_total", app.live.pressure());
    page.head(
        name,
        "counter",
        "Seconds that live figures were put off, reads and writes refused, since too much was asked for.",
    );
    let gave_way = [
        ("live", pressure.slowed()),
        ("reading", pressure.refused()),
        ("writing", app.storage.refused_writes()),
    ];
    for (what, count) in gave_way {
        page.line(name, &[("what", what)], count);
    }
    let (name, time) = ("cabildo_clock_behind_seconds", app.clock.read());
    let behind = Duration::from_millis(time.behind());
    page.one(
        name,
        "gauge",
        "How far the clock is behind the latest time that it told.",
        behind.as_secs_f64(),
    );
    let risks = app.storage.risks().await;
    let up = u8::from(risks.is_ok());
    page.one("cabildo_database_up", "gauge", "Whether the database answers.", up);
    page.head("cabildo_database_risk", "gauge", "Whether what is acknowledged could be lost, by reason.");
    for risk in Risk::ALL {
        let there = risks.as_ref().is_ok_and(|risks| risks.contains(&risk));
        page.line("cabildo_database_risk", &[("risk", risk.name())], u8::from(there));
    }
    if let Ok(Some(lag)) = app.storage.standby_lag().await {
        let help = "How far the standby server that is furthest behind is behind, in seconds.";
        page.one("cabildo_database_lag_seconds", "gauge", help, lag.as_secs_f64());
    }
    if let Some(at) = backup::last(data) {
        let help = "When the last backup of the data directory was finished.";
        page.one("cabildo_backup_timestamp_seconds", "gauge", help, at.millis() / 1_000);
    }
    if let Some(bytes) = resident() {
        page.one("process_resident_memory_bytes", "gauge", "Memory in use.", bytes);
    }
    page.0
}

impl Counts {
    fn write(&self, page: &mut Page) {
        let name = "cabildo_http_requests_total";
        page.head(name, "counter", "Requests answered, by pattern of the address, method and status.");
        for ((route, method), requests) in &self.requests {
            for (status, count) in &requests.statuses {
                let status = status.to_string();
                page.line(name, &[("route", route), ("method", method), ("status", &status)], count);
            }
        }
        let name = "cabildo_http_request_seconds";
        page.head(name, "histogram", "Time until an answer begins, in seconds.");
        for ((route, method), requests) in &self.requests {
            let labels = [("route", route.as_str()), ("method", method.as_str())];
            let all: u64 = requests.statuses.values().sum();
            let ends = BUCKETS.iter().map(ToString::to_string).chain(["+Inf".to_owned()]);
            for (end, count) in ends.zip(requests.buckets.into_iter().chain([all])) {
                let labels = [labels[0], labels[1], ("le", end.as_str())];
                page.line("cabildo_http_request_seconds_bucket", &labels, count);
            }
            page.line("cabildo_http_request_seconds_sum", &labels, requests.seconds);
            page.line("cabildo_http_request_seconds_count", &labels, all);
        }
        let name = "cabildo_problems_total";
        page.head(
            name,
            "counter",
            "Requests refused, by kind of problem; unavailable and internal are ours.",
        );
        for kind in ProblemKind::ALL {
            let count = self.problems.get(kind.name()).copied().unwrap_or_default();
            page.line(name, &[("problem", kind.name())], count);
        }
        page.one("cabildo_ballots_total", "counter", "Ballots acknowledged.", self.ballots);
    }
}

/// The page as far as it is written.
struct Page(String);

impl Page {
    fn head(&mut self, name: &str, kind: &str, help: &str) {
        self.write(format_args!("# HELP {name} {help}\n# TYPE {name} {kind}\n"));
    }

    fn line(&mut self, name: &str, labels: &[(&str, &str)], value: impl Display) {
        let labels: Vec<String> = labels.iter().map(|(name, value)| format!("{name}=\"{value}\"")).collect();
        self.write(format_args!("{name}{{{}}} {value}\n", labels.join(",")));
    }

    fn one(&mut self, name: &str, kind: &str, help: &str, value: impl Display) {
        self.head(name, kind, help);
        self.write(format_args!("{name} {value}\n"));
    }

    fn write(&mut self, text: fmt::Arguments<'_>) {
        // A string takes everything.
        let _ = self.0.write_fmt(text);
    }
}

/// Bytes of memory that this program uses, where the system says so.
fn resident() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    Some(line.split_whitespace().next()?.parse::<u64>().ok()? * 1_024)
}

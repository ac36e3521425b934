//! What the operator's Prometheus reads, and the rules that it is given.

use crate::harness::{CONSULTATION, PROCESS, Server, directory, open, slug, sqlite, start, until};
use crate::live::Stream;
use axum::body::Body;
use axum::http::Request;
use cabildo_contract::ballot::CastBallot;
use cabildo_contract::endpoint::{Endpoint, Live as _};
use cabildo_contract::problem::ProblemKind;
use cabildo_contract::statistics::WatchProcess;
use cabildo_server::backup::back_up;
use cabildo_server::clock::Clock;
use cabildo_server::metrics;
use cabildo_server::storage::sqlite::Options;
use futures_util::FutureExt;
use futures_util::future::join_all;
use http_body_util::BodyExt;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tower::ServiceExt;

/// What there is to read at the address for metrics.
pub async fn read(server: &Server, data: &Path) -> String {
    let router = metrics::router(Arc::clone(&server.app), data.to_owned());
    let response = router.oneshot(Request::get("/metrics").body(Body::empty()).unwrap()).await.unwrap();
    assert_eq!(response.headers()["content-type"], "text/plain; version=0.0.4; charset=utf-8");
    String::from_utf8(response.into_body().collect().await.unwrap().to_bytes().to_vec()).unwrap()
}

/// The value of a line.
#[track_caller]
pub fn value(text: &str, series: &str) -> f64 {
    let line = text.lines().find_map(|line| line.strip_prefix(series)?.strip_prefix(' '));
    line.unwrap_or_else(|| panic!("no {series} in {text}")).parse().unwrap()
}

#[tokio::test]
async fn what_happens_is_counted_by_pattern_and_says_nothing_of_anybody() {
    let directory = directory().await;
    let server = open(directory.path(), Options::default()).await;
    let cookie = server.somebody(false).await;
    let receipt = server.cast(&cookie, &[0]).await.receipt;
    server.cast(&cookie, &[1]).await;
    let body = server.choices(&[0]).await;
    assert_eq!(server.call(&CastBallot::new(slug(CONSULTATION), body), None).await.status, 401);
    server.get("/healthz").await;
    server.get("/somewhere?q=secret").await;
    server.send("BREW", "/api/v1/session", &[], None).await;
    let stream = Stream::open(&server, &WatchProcess { process: slug(PROCESS) }.path()).await;

    let text = read(&server, directory.path()).await;
    let cast = format!("route=\"{}\",method=\"PUT\"", CastBallot::PATTERN);
    assert_eq!(value(&text, &format!("cabildo_http_requests_total{{{cast},status=\"200\"}}")), 2.0);
    assert_eq!(value(&text, &format!("cabildo_http_requests_total{{{cast},status=\"401\"}}")), 1.0);
    assert_eq!(value(&text, &format!("cabildo_http_request_seconds_count{{{cast}}}")), 3.0);
    assert_eq!(value(&text, &format!("cabildo_http_request_seconds_bucket{{{cast},le=\"+Inf\"}}")), 3.0);
    assert_eq!(value(&text, "cabildo_problems_total{problem=\"session-required\"}"), 1.0);
    assert_eq!(value(&text, "cabildo_problems_total{problem=\"unavailable\"}"), 0.0);
    assert_eq!(
        value(&text, "cabildo_http_requests_total{route=\"/healthz\",method=\"GET\",status=\"200\"}"),
        1.0
    );
    assert_eq!(
        value(&text, "cabildo_http_requests_total{route=\"pages\",method=\"GET\",status=\"404\"}"),
        1.0
    );
    for (series, expected) in [
        ("cabildo_ballots_total", 2.0),
        ("cabildo_acts", 2.0),
        ("cabildo_live_subscribers", 1.0),
        ("cabildo_writes_waiting", 0.0),
        ("cabildo_database_up", 1.0),
        ("cabildo_database_risk{risk=\"went-back\"}", 0.0),
        ("cabildo_clock_behind_seconds", 0.0),
    ] {
        assert_eq!(value(&text, series), expected, "{series}");
    }
    let token = cookie.split_once('=').unwrap().1;
    for said in [token, receipt.as_str(), "secret", "somewhere", "BREW", CONSULTATION] {
        assert!(!text.contains(said), "{said}");
    }
    drop(stream);
    assert_eq!(value(&read(&server, directory.path()).await, "cabildo_live_subscribers"), 0.0);
    assert_eq!(server.get("/metrics").await.status, 404, "it is at an address of its own");
}

#[tokio::test]
async fn what_gave_way_is_counted_by_what_it_was() {
    let directory = crate::harness::embedded().await;
    let options = Options { busy_timeout: Duration::from_secs(60), ..Options::default() };
    let server = open(directory.path(), options).await;
    let (cookie, body) = (server.somebody(false).await, server.choices(&[0]).await);
    let counts = async || {
        let text = read(&server, directory.path()).await;
        ["live", "reading", "writing"]
            .map(|what| value(&text, &format!("cabildo_gave_way_total{{what=\"{what}\"}}")))
    };
    assert_eq!(counts().await, [0.0; 3]);
    // Somebody has to wait, and something changes that others watch.
    server.app.live.pressure().press();
    server.cast(&cookie, &[1]).await;
    until("live figures give way", async || counts().await == [1.0, 0.0, 0.0]).await;
    // The disk takes nothing for a while, and as many write as may wait.
    let disk = sqlite(directory.path());
    disk.execute_batch("BEGIN IMMEDIATE").unwrap();
    let begin = || {
        let mut write = server.app.storage.check(server.clock.now());
        (&mut write).now_or_never().is_none().then_some(write)
    };
    let mut writes = vec![begin().unwrap()];
    until("it is being written", async || server.app.storage.waiting_writes() == 0).await;
    while let Some(write) = begin() {
        writes.push(write);
    }
    let refused = server.call(&CastBallot::new(slug(CONSULTATION), body), Some(&cookie)).await;
    assert_eq!((refused.header("retry-after"), refused.refused()), ("5", ProblemKind::Unavailable));
    assert_eq!(counts().await, [1.0, 0.0, 2.0]);
    disk.execute_batch("ROLLBACK").unwrap();
    for written in join_all(writes).await {
        written.unwrap();
    }
    server.cast(&cookie, &[0]).await;
    assert_eq!(counts().await, [1.0, 0.0, 2.0]);
}

#[tokio::test]
async fn a_clock_that_was_set_back_is_seen() {
    let (server, directory) = start().await;
    server.somebody(false).await;
    server.clock.advance(-90);
    assert_eq!(value(&read(&server, directory.path()).await, "cabildo_clock_behind_seconds"), 90.0);
    server.clock.advance(90);
    assert_eq!(value(&read(&server, directory.path()).await, "cabildo_clock_behind_seconds"), 0.0);
}

#[tokio::test]
async fn a_backup_is_known_by_its_time() {
    let directory = crate::harness::embedded().await;
    let server = open(directory.path(), Options::default()).await;
    let before = cabildo_server::clock::SystemClock.now();
    assert!(!read(&server, directory.path()).await.contains("cabildo_backup"));
    back_up(directory.path(), &directory.path().join("copy")).unwrap();
    let at = value(&read(&server, directory.path()).await, "cabildo_backup_timestamp_seconds");
    assert!(at >= (before.millis() / 1_000) as f64);
}

#[tokio::test]
async fn every_metric_that_a_rule_names_is_there_and_every_rule_is_explained() {
    let rules = include_str!("../../../../docs/alerts.yml");
    let directory = crate::harness::embedded().await;
    let server = open(directory.path(), Options::default()).await;
    back_up(directory.path(), &directory.path().join("copy")).unwrap();
    let text = read(&server, directory.path()).await;
    let mut typed: BTreeSet<&str> =
        text.lines().filter_map(|line| line.strip_prefix("# TYPE ")?.split(' ').next()).collect();
    // Prometheus' own, and one that only PostgreSQL with a standby server has.
    typed.extend(["up", "cabildo_database_lag_seconds"]);
    let word = |c: char| !c.is_ascii_alphanumeric() && c != '_';
    let names = rules.split(word).filter(|name| name.starts_with("cabildo_") || name.starts_with("process_"));
    let names: BTreeSet<&str> = names.map(|name| name.strip_suffix("_bucket").unwrap_or(name)).collect();
    assert!(names.len() > 8, "{names:?}");
    assert!(names.is_subset(&typed), "{:?}", names.difference(&typed));
    for problem in ["unavailable", "internal", "rate-limited", "work-required"] {
        assert!(rules.contains(problem) && text.contains(&format!("{{problem=\"{problem}\"}}")), "{problem}");
    }
    assert!(rules.contains(CastBallot::PATTERN));
    let explained = include_str!("../../../../docs/operating.md");
    let alerts: Vec<&str> = rules.lines().filter_map(|line| line.trim().strip_prefix("- alert: ")).collect();
    assert!(alerts.len() > 8);
    for alert in alerts {
        assert!(explained.contains(&format!("`{alert}`")), "{alert}");
    }
}

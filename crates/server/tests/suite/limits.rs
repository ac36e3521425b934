//! How often somebody may write, and where the server believes that a request comes from.

use crate::harness::{Answer, CONSULTATION, PROCESS, REHEARSAL, Server, both, serve_with, slug};
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{HeaderName, Request};
use cabildo_contract::ballot::CastBallot;
use cabildo_contract::endpoint::Endpoint;
use cabildo_contract::problem::ProblemKind;
use cabildo_contract::process::GetProcess;
use cabildo_contract::session::{EndSession, NewSession, OpenSession, Residence, SetTerritory};
use cabildo_contract::tally::{GetResults, Results};
use cabildo_server::caller::CallerHeader;
use cabildo_server::config::{Cli, Command};
use cabildo_server::limits::Rates;
use cabildo_server::page::SiteOptions;
use clap::Parser;
use std::net::SocketAddr;
use std::sync::Arc;
use tempfile::TempDir;

const FORWARDED_FOR: &str = "x-forwarded-for";
const PHONES: &str = "203.0.113.9";
const ELSEWHERE: &str = "198.51.100.7";
const PROXY: &str = "127.0.0.1";

/// What `serve` limits to unless it is told otherwise.
fn usual() -> Rates {
    let Command::Serve(serve) = Cli::try_parse_from(["cabildo", "serve"]).unwrap().command else { panic!() };
    serve.rates
}

/// A server behind so many proxies that write `X-Forwarded-For`; behind none, the header is not believed.
async fn limited(rates: Rates, proxies: usize) -> (Server, TempDir) {
    let directory = both().await;
    let storage = Arc::new(crate::harness::storage(directory.path()));
    let header = CallerHeader::new(HeaderName::from_static(FORWARDED_FOR), proxies);
    let caller_header = if proxies == 0 { CallerHeader::default() } else { header };
    let options = SiteOptions { rates, caller_header, ..SiteOptions::default() };
    (serve_with(storage, true, options).await, directory)
}

/// Sends an operation over a connection from `peer`, with what its proxies wrote.
async fn send<E: Endpoint>(
    server: &Server,
    (peer, forwarded_for): (&str, &str),
    endpoint: &E,
    cookie: &str,
) -> Answer {
    let body = endpoint.body().map_or(String::new(), |body| serde_json::to_string(body).unwrap());
    let mut request = Request::builder().method(E::METHOD.as_str()).uri(endpoint.path());
    request = request.header("content-type", "application/json").header("cookie", cookie);
    if !forwarded_for.is_empty() {
        request = request.header(FORWARDED_FOR, forwarded_for);
    }
    let mut request = request.body(Body::from(body)).unwrap();
    request.extensions_mut().insert(ConnectInfo(SocketAddr::new(peer.parse().unwrap(), 50_000)));
    server.request(request).await
}

fn open() -> OpenSession {
    OpenSession { body: NewSession::default() }
}

/// Somebody who opens a session from there: their cookie.
async fn arrive(server: &Server, from: (&str, &str)) -> String {
    let answer = send(server, from, &open(), "").await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.header("set-cookie").split(';').next().unwrap().to_owned()
}

#[tokio::test]
async fn five_hundred_people_behind_one_address_vote_in_the_same_moment_and_one_who_hammers_is_stopped() {
    let (server, _directory) = limited(usual(), 1).await;
    let phones = (PROXY, PHONES);
    let vote = CastBallot::new(slug(CONSULTATION), server.choices(&[0, 1]).await);
    // The clock stands still: all of it happens in one instant.
    let hammering = arrive(&server, phones).await;
    let mut refused = 0;
    for _ in 0..1_000 {
        let answer = send(&server, phones, &vote, &hammering).await;
        if !answer.status.is_success() {
            assert_eq!(answer.refused(), ProblemKind::RateLimited);
            assert_eq!(answer.header("retry-after"), "1");
            refused += 1;
        }
    }
    assert_eq!(refused, 1_000 - usual().person);
    for _ in 0..500 {
        let cookie = arrive(&server, phones).await;
        let answer = send(&server, phones, &vote, &cookie).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        assert_eq!(send(&server, phones, &vote, &cookie).await.status, 200, "and change their mind");
    }
    let results: Results = server.call(&GetResults { consultation: slug(CONSULTATION) }, None).await.json();
    assert_eq!(results.ballots.total, 501);
    server.clock.advance(1);
    assert_eq!(
        send(&server, phones, &vote, &hammering).await.status,
        200,
        "after waiting as long as it said"
    );
    assert_eq!(send(&server, phones, &vote, &hammering).await.status, 429);
}

#[tokio::test]
async fn a_clock_that_is_set_back_makes_nobody_wait() {
    let (server, _directory) = limited(Rates { person: 2, ..Rates::NONE }, 0).await;
    let says = SetTerritory { body: Residence { territory: None } };
    let cookie = server.somebody(false).await;
    for status in [200, 200, 429] {
        assert_eq!(server.call(&says, Some(&cookie)).await.status, status);
    }
    server.clock.advance(-3_600);
    assert_eq!(server.call(&says, Some(&cookie)).await.header("retry-after"), "30");
    server.clock.advance(30);
    assert_eq!(server.call(&says, Some(&cookie)).await.status, 200);
}

#[tokio::test]
async fn opening_sessions_is_limited_by_network_and_reading_never() {
    let (server, _directory) = limited(Rates { person: 1, process: 1, network: 1, sessions: 3 }, 1).await;
    let (phones, elsewhere) = ((PROXY, PHONES), (PROXY, ELSEWHERE));
    for _ in 0..3 {
        arrive(&server, phones).await;
    }
    let refused = send(&server, phones, &open(), "").await;
    assert_eq!((refused.refused(), refused.header("retry-after")), (ProblemKind::RateLimited, "20"));
    arrive(&server, elsewhere).await;
    for _ in 0..100 {
        assert_eq!(send(&server, phones, &GetProcess { process: slug(PROCESS) }, "").await.status, 200);
    }
    server.clock.advance(20);
    arrive(&server, phones).await;
}

#[tokio::test]
async fn a_process_that_is_flooded_leaves_the_others_alone() {
    let (server, _directory) = limited(Rates { process: 5, ..Rates::NONE }, 1).await;
    let elsewhere = server.app.catalogue.process(REHEARSAL).unwrap().proposals[0].head.id.clone();
    let post = |proposal| {
        let stance = cabildo_contract::comment::Stance::For;
        let body = cabildo_contract::comment::NewComment { stance, text: "A favor.".to_owned() };
        cabildo_contract::comment::PostComment { subject: proposal, body }
    };
    for number in 0..10 {
        let from = (PROXY, format!("203.0.113.{number}"));
        let from = (from.0, from.1.as_str());
        let cookie = arrive(&server, from).await;
        let status = send(&server, from, &post(server.proposal()), &cookie).await.status;
        assert_eq!(status, if number < 5 { 201 } else { 429 });
        if number < 5 {
            assert_eq!(send(&server, from, &post(elsewhere.clone()), &cookie).await.status, 201);
        }
    }
}

#[tokio::test]
async fn a_forged_header_changes_nothing_unless_that_header_is_configured() {
    let rates = Rates { network: 3, sessions: 3, ..Rates::NONE };
    let (server, _directory) = limited(rates, 0).await;
    // Another address in every request: the connection's counts.
    for number in 0..3 {
        arrive(&server, (PHONES, &format!("192.0.2.{number}"))).await;
    }
    assert_eq!(send(&server, (PHONES, "192.0.2.77"), &open(), "").await.status, 429);
    assert_eq!(send(&server, (PHONES, "127.0.0.1"), &open(), "").await.status, 429);
    arrive(&server, (ELSEWHERE, PHONES)).await;
}

#[tokio::test]
async fn behind_proxies_the_entry_that_the_outermost_of_ours_wrote_counts() {
    let rates = Rates { network: 3, sessions: 3, ..Rates::NONE };
    for (proxies, appended) in [(1, PHONES.to_owned()), (2, format!("{PHONES}, 10.0.0.2"))] {
        let (server, _directory) = limited(rates, proxies).await;
        for number in 0..3 {
            arrive(&server, (PROXY, &format!("192.0.2.{number}, {appended}"))).await;
        }
        for forged in ["192.0.2.77", "127.0.0.1", "nonsense", "::1"] {
            let from = format!("{forged}, {appended}");
            assert_eq!(send(&server, (PROXY, &from), &open(), "").await.status, 429, "{from}");
        }
        arrive(&server, (PROXY, &appended.replace(PHONES, ELSEWHERE))).await;
    }
}

#[tokio::test]
async fn this_machine_is_limited_by_person_only() {
    let (server, _directory) = limited(Rates { person: 2, process: 1, network: 1, sessions: 1 }, 1).await;
    let vote = CastBallot::new(slug(CONSULTATION), server.choices(&[0]).await);
    for _ in 0..20 {
        let cookie = arrive(&server, (PROXY, "")).await;
        for status in [200, 200, 429] {
            assert_eq!(send(&server, (PROXY, ""), &vote, &cookie).await.status, status);
        }
    }
}

#[tokio::test]
async fn somebody_without_a_session_and_a_desk_are_limited_too() {
    let (server, _directory) = limited(Rates { person: 2, network: 5, ..Rates::NONE }, 1).await;
    for status in [200, 200, 200, 200, 200, 429] {
        assert_eq!(send(&server, (PROXY, PHONES), &EndSession, "").await.status, status);
    }
    let (server, _directory) = limited(Rates { person: 2, ..Rates::NONE }, 1).await;
    let key = server.desk_key("Alcaldía de Palmira");
    for status in [200, 200, 429] {
        assert_eq!(server.at_desk(&EndSession, &key).await.status, status);
    }
}

//! Work that is asked for while much happens that costs others.

use crate::harness::{Answer, CONSULTATION, Server, directory, serve_setup, slug};
use crate::identity;
use cabildo_contract::ballot::CastBallot;
use cabildo_contract::comment::{NewComment, PostComment, Stance};
use cabildo_contract::endpoint::Endpoint;
use cabildo_contract::identity::{CodeSent, ConfirmCode};
use cabildo_contract::problem::ProblemKind;
use cabildo_contract::work::{WORK_HEADER, WORK_SECONDS, Work};
use cabildo_server::Setup;
use cabildo_server::caller::{Caller, CallerHeader};
use cabildo_server::import::import_text;
use cabildo_server::page::SiteOptions;
use cabildo_server::storage::Storage;
use cabildo_server::work::Thresholds;
use std::path::Path;
use std::sync::Arc;
use tempfile::TempDir;

const FORWARDED_FOR: &str = "x-forwarded-for";
const PHONES: &str = "203.0.113.9";
const ELSEWHERE: &str = "198.51.100.7";

async fn asking(storage: Arc<dyn Storage>, thresholds: Thresholds) -> Server {
    let setup = Setup { work: thresholds, ..Setup::apart(true).unwrap() };
    let caller_header = CallerHeader::new(FORWARDED_FOR.parse().unwrap(), 1);
    serve_setup(storage, setup, SiteOptions { caller_header, ..SiteOptions::default() }).await
}

async fn start(thresholds: Thresholds) -> (Server, TempDir) {
    let directory = directory().await;
    let storage = crate::harness::storage(directory.path());
    let clock = cabildo_server::clock::SystemClock;
    import_text(&storage, identity::FILE, Path::new("v.json"), &clock).await.unwrap();
    (asking(Arc::new(storage), thresholds).await, directory)
}

/// A server over the same data that asks everybody for work.
pub async fn always(storage: &Arc<dyn Storage>) -> Server {
    let server = asking(Arc::clone(storage), Thresholds { network: 0, all: 1 }).await;
    assert_eq!(server.app.work.below(Caller::Local).await, None);
    server
}

/// Sends an operation from a network, with what was found of some work.
async fn send<E: Endpoint>(server: &Server, endpoint: &E, cookie: &str, from: &str, found: &str) -> Answer {
    let body = endpoint.body().map(|body| serde_json::to_string(body).unwrap());
    let headers = [("cookie", cookie), (FORWARDED_FOR, from), (WORK_HEADER, found)];
    server.send(E::METHOD.as_str(), &endpoint.path(), &headers, body.as_deref()).await
}

fn comment(server: &Server) -> PostComment {
    let body = NewComment { stance: Stance::Neutral, text: "Una palabra".into() };
    PostComment { subject: server.proposal(), body }
}

fn asked(answer: &Answer) -> Work {
    assert_eq!(answer.status, 428, "{}", answer.text());
    assert_eq!(answer.refused(), ProblemKind::WorkRequired);
    answer.problem().work.unwrap()
}

fn found(work: &Work) -> String {
    work.found(work.search(0, work.below).unwrap())
}

#[tokio::test]
async fn while_it_is_calm_nobody_works_and_then_each_piece_of_work_is_good_once() {
    let (server, _directory) = start(Thresholds { network: 2, all: 0 }).await;
    let cookie = server.somebody(false).await;
    for _ in 0..2 {
        assert_eq!(send(&server, &comment(&server), &cookie, PHONES, "").await.status, 201);
    }
    let work = asked(&send(&server, &comment(&server), &cookie, PHONES, "").await);
    let found = found(&work);
    assert_eq!(send(&server, &comment(&server), &cookie, PHONES, &found).await.status, 201);
    asked(&send(&server, &comment(&server), &cookie, PHONES, &found).await);
    // Elsewhere it is calm, and after a while here.
    assert_eq!(send(&server, &comment(&server), &cookie, ELSEWHERE, "").await.status, 201);
    server.clock.advance(120);
    assert_eq!(send(&server, &comment(&server), &cookie, PHONES, "").await.status, 201);
}

#[tokio::test]
async fn work_that_was_not_asked_for_here_or_not_done_or_done_too_late_is_none() {
    let thresholds = Thresholds { network: 0, all: 1 };
    let (server, _directory) = start(thresholds).await;
    let cookie = server.somebody(false).await;
    assert_eq!(send(&server, &comment(&server), &cookie, PHONES, "").await.status, 201);
    let ask = async || asked(&send(&server, &comment(&server), &cookie, PHONES, "").await);

    let work = ask().await;
    let number = work.search(0, work.below).unwrap();
    let wrong = work.found((number + 1) % work.below);
    let parts: Vec<&str> = work.seed.split('.').collect();
    let later = parts[0].parse::<i64>().unwrap() + 1;
    let postponed = format!("{later}.{}.{}.{}:{number}", parts[1], parts[2], parts[3]);
    let lighter = format!("{}.1.{}.{}:0", parts[0], parts[2], parts[3]);
    let other = always(&server.app.storage).await.app.work.ask(16).unwrap();
    for found in [wrong, postponed, lighter, found(&other), ":".into(), "1.0.x.y:0".into(), "ñ".into()] {
        asked(&send(&server, &comment(&server), &cookie, PHONES, &found).await);
    }
    // What was wrong used nothing up.
    assert_eq!(send(&server, &comment(&server), &cookie, PHONES, &found(&work)).await.status, 201);

    let work = found(&ask().await);
    server.clock.advance(WORK_SECONDS);
    assert!(!server.app.work.accept(&work).await);
}

#[tokio::test]
async fn the_more_happens_the_more_is_asked_for_up_to_a_bound() {
    let (server, _directory) = start(Thresholds { network: 0, all: 3 }).await;
    let mut sizes = Vec::new();
    for _ in 0..40 {
        sizes.push(server.app.work.below(Caller::Local).await);
    }
    assert_eq!(sizes[..3], [None, None, None]);
    assert!(sizes.is_sorted());
    let known: std::collections::BTreeSet<u32> = sizes.iter().flatten().copied().collect();
    assert_eq!(known.len(), 3, "{known:?}");
    assert_eq!(sizes.last().unwrap().unwrap(), 4 * known.first().unwrap());
}

#[tokio::test]
async fn whom_somebody_vouches_for_works_no_more_and_voting_never_needs_work() {
    let (server, _directory) = start(Thresholds { network: 0, all: 1 }).await;
    let cookie = server.somebody(false).await;
    let request = identity::request("ana@example.org");
    send(&server, &request, &cookie, PHONES, "").await.json::<CodeSent>();
    let confirm: ConfirmCode = identity::confirm(&identity::newest_code(&server));
    let confirmed = send(&server, &confirm, &cookie, PHONES, "").await;
    assert_eq!(confirmed.status, 200);
    let ana = confirmed.header("set-cookie").split(';').next().unwrap().to_owned();
    assert_eq!(send(&server, &comment(&server), &ana, PHONES, "").await.status, 201);

    let somebody = server.somebody(false).await;
    asked(&send(&server, &comment(&server), &somebody, PHONES, "").await);
    asked(&send(&server, &identity::request("eva@example.org"), &somebody, PHONES, "").await);
    let body = server.choices(&[0]).await;
    let cast = CastBallot::new(slug(CONSULTATION), body);
    assert_eq!(send(&server, &cast, &somebody, PHONES, "").await.status, 200);
}

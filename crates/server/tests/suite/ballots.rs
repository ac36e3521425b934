//! Voting.

use crate::harness::{CONSULTATION, PROCESS, slug, start, time};
use cabildo_contract::ballot::{Ballot, CastBallot, GetBallot, MyBallot, WithdrawBallot};
use cabildo_contract::problem::{FieldProblemKind, ProblemKind};
use cabildo_contract::session::{CurrentSession, GetSession};
use cabildo_contract::statistics::{GetStatistics, Statistics};
use cabildo_contract::tally::{GetResults, Results};

#[tokio::test]
async fn a_ballot_is_cast_read_back_revised_and_withdrawn() {
    let (server, _directory) = start().await;
    let cookie = server.somebody(false).await;
    let cast = server.cast(&cookie, &[2, 0]).await;
    assert_eq!(cast.revision, 1);
    assert_eq!(cast.receipt.len(), 11);

    let get = GetBallot { consultation: slug(CONSULTATION) };
    let read: MyBallot = server.call(&get, Some(&cookie)).await.json();
    assert_eq!(read.ballot.as_ref(), Some(&cast));

    server.clock.advance(60);
    let revised = server.cast(&cookie, &[1]).await;
    assert_eq!((revised.revision, &revised.receipt), (2, &cast.receipt));
    assert!(revised.received_at > cast.received_at);

    let withdraw = WithdrawBallot::new(slug(CONSULTATION));
    let gone: MyBallot = server.call(&withdraw, Some(&cookie)).await.json();
    assert_eq!((gone.ballot, gone.version), (None, 3));
    assert_eq!(server.call(&get, Some(&cookie)).await.json::<MyBallot>().ballot, None);

    let again = server.cast(&cookie, &[3]).await;
    assert_eq!((again.revision, &again.receipt), (4, &cast.receipt));
    let results: Results = server.call(&GetResults { consultation: slug(CONSULTATION) }, None).await.json();
    assert_eq!(results.ballots.total, 1);
}

#[tokio::test]
async fn the_same_answer_again_changes_nothing() {
    let (server, _directory) = start().await;
    let cookie = server.somebody(false).await;
    let first = server.cast(&cookie, &[0, 1]).await;
    server.clock.advance(5);
    assert_eq!(server.cast(&cookie, &[1, 0]).await, first);
    assert_eq!(server.app.live.as_of().sequence, 1);
}

#[tokio::test]
async fn a_ballot_takes_the_place_of_the_version_that_it_names_and_of_no_other() {
    let (server, _directory) = start().await;
    let cookie = server.somebody(false).await;
    let over = async |option: usize, version: u32| {
        let body = server.choices(&[option]).await;
        let cast = CastBallot { replaces: Some(version), ..CastBallot::new(slug(CONSULTATION), body) };
        server.call(&cast, Some(&cookie)).await
    };
    assert_eq!(over(0, 1).await.refused(), ProblemKind::BallotChanged, "there is none");
    assert_eq!(over(0, 0).await.json::<Ballot>().revision, 1);
    assert_eq!(over(1, 0).await.refused(), ProblemKind::BallotChanged, "it was cast meanwhile");
    assert_eq!(over(0, 0).await.json::<Ballot>().revision, 1, "the same answer changes nothing");
    assert_eq!(over(1, 1).await.json::<Ballot>().revision, 2);
    let withdraw = WithdrawBallot::new(slug(CONSULTATION));
    server.call(&withdraw, Some(&cookie)).await.json::<MyBallot>();
    assert_eq!(over(0, 2).await.refused(), ProblemKind::BallotChanged, "it was withdrawn meanwhile");
    let get = GetBallot { consultation: slug(CONSULTATION) };
    let mine: MyBallot = server.call(&get, Some(&cookie)).await.json();
    assert_eq!((mine.ballot, mine.version), (None, 3));
    let path = "/api/v1/consultations/prioridades-ejercicio/ballot?replaces=x";
    let wrong = server.send("PUT", path, &[("cookie", &cookie)], Some(r#"{"choices":[]}"#)).await.problem();
    assert_eq!((wrong.kind, wrong.fields[0].pointer.as_str()), (ProblemKind::InvalidParameter, "?replaces"));
}

#[tokio::test]
async fn a_withdrawal_takes_back_the_version_that_it_names_and_no_other() {
    let (server, _directory) = start().await;
    let cookie = server.somebody(false).await;
    let over = async |version: u32| {
        let withdraw = WithdrawBallot { replaces: Some(version), ..WithdrawBallot::new(slug(CONSULTATION)) };
        server.call(&withdraw, Some(&cookie)).await
    };
    let version = async |version: u32| over(version).await.json::<MyBallot>().version;
    assert_eq!(version(7).await, 0, "there is nothing to take back");
    server.cast(&cookie, &[0]).await;
    assert_eq!(over(0).await.refused(), ProblemKind::BallotChanged);
    assert_eq!(version(1).await, 2);
    assert_eq!(version(1).await, 2, "sent again, it changes nothing");
    assert_eq!(server.cast(&cookie, &[1]).await.revision, 3);
    assert_eq!(over(1).await.refused(), ProblemKind::BallotChanged, "sent again late, it undoes nothing");
    let get = GetBallot { consultation: slug(CONSULTATION) };
    let mine: MyBallot = server.call(&get, Some(&cookie)).await.json();
    assert_eq!(mine.ballot.map(|ballot| ballot.revision), Some(3));
}

#[tokio::test]
async fn what_is_meant_in_one_session_is_not_done_in_anothers() {
    let (server, _directory) = start().await;
    let (mine, theirs) = (server.somebody(false).await, server.somebody(false).await);
    let current: CurrentSession = server.call(&GetSession, Some(&mine)).await.json();
    let author = current.session.unwrap().author;
    let path = format!("/api/v1/consultations/{CONSULTATION}/ballot");
    let body = serde_json::to_string(&server.choices(&[0]).await).unwrap();
    let send = async |method: &str, cookie: &str| {
        let headers = [("cookie", cookie), ("cabildo-author", author.as_str())];
        server.send(method, &path, &headers, (method == "PUT").then_some(body.as_str())).await
    };
    for method in ["PUT", "DELETE"] {
        assert_eq!(send(method, &theirs).await.refused(), ProblemKind::SessionRequired);
        assert_eq!(send(method, &mine).await.status, 200);
        // Without a session there is nobody to be taken for.
        assert_eq!(send(method, "").await.refused(), ProblemKind::SessionRequired);
    }
}

#[tokio::test]
async fn withdrawing_twice_changes_nothing() {
    let (server, _directory) = start().await;
    let cookie = server.somebody(false).await;
    server.cast(&cookie, &[0]).await;
    let withdraw = WithdrawBallot::new(slug(CONSULTATION));
    server.call(&withdraw, Some(&cookie)).await.json::<MyBallot>();
    let sequence = server.app.live.as_of().sequence;
    let second: MyBallot = server.call(&withdraw, Some(&cookie)).await.json();
    assert_eq!(second.ballot, None);
    assert_eq!(server.app.live.as_of().sequence, sequence);
}

#[tokio::test]
async fn nobody_has_a_ballot_without_a_session() {
    let (server, _directory) = start().await;
    let get = GetBallot { consultation: slug(CONSULTATION) };
    let answer = server.call(&get, None).await;
    assert_eq!(answer.json::<MyBallot>().ballot, None);
    assert_eq!(answer.header("cache-control"), "private, no-store");
    assert_eq!(answer.header("access-control-allow-origin"), "");
}

#[tokio::test]
async fn every_fault_of_a_ballot_is_named_with_its_place() {
    let (server, _directory) = start().await;
    let cookie = server.somebody(false).await;
    let option = server.choices(&[0]).await.choices[0].clone();
    let path = format!("/api/v1/consultations/{CONSULTATION}/ballot");
    let headers = [("cookie", cookie.as_str())];
    let body = format!(r#"{{"choices":["{option}","{option}","unknown"]}}"#);
    let problem = server.send("PUT", &path, &headers, Some(&body)).await.problem();
    let found: Vec<_> = problem.fields.iter().map(|field| (field.pointer.as_str(), field.kind)).collect();
    assert_eq!(
        found,
        [("/choices/1", FieldProblemKind::Duplicate), ("/choices/2", FieldProblemKind::UnknownOption)]
    );

    for (body, pointer, kind) in [
        (r#"{"choices":[]}"#, "/choices", FieldProblemKind::TooFew),
        (r#"{}"#, "/choices", FieldProblemKind::Required),
        (r#"{"choices":"a"}"#, "/choices", FieldProblemKind::WrongType),
        (r#"{"choices":["a b"]}"#, "/choices/0", FieldProblemKind::WrongType),
        (r#"{"choices":[],"extra":1}"#, "/extra", FieldProblemKind::UnknownField),
    ] {
        let problem = server.send("PUT", &path, &headers, Some(body)).await.problem();
        assert_eq!(problem.status, 422);
        assert_eq!((problem.fields[0].pointer.as_str(), problem.fields[0].kind), (pointer, kind), "{body}");
    }
    let all = server.choices(&[0, 1, 2, 3, 4, 5]).await;
    let cast = CastBallot::new(slug(CONSULTATION), all);
    let problem = server.call(&cast, Some(&cookie)).await.problem();
    assert_eq!((problem.fields[0].kind, problem.fields[0].limit), (FieldProblemKind::TooMany, Some(5)));
}

#[tokio::test]
async fn a_ballot_counts_until_the_very_instant_of_the_close() {
    let (server, _directory) = start().await;
    let cookie = server.somebody(false).await;
    server.clock.set(time("2031-01-01T04:59:59.999Z"));
    server.cast(&cookie, &[0]).await;
    server.clock.set(time("2031-01-01T05:00:00Z"));
    let cast = CastBallot::new(slug(CONSULTATION), server.choices(&[1]).await);
    assert_eq!(server.call(&cast, Some(&cookie)).await.status, 409);
    let get = GetBallot { consultation: slug(CONSULTATION) };
    let kept: MyBallot = server.call(&get, Some(&cookie)).await.json();
    assert_eq!(kept.ballot.unwrap().body, server.choices(&[0]).await);
}

#[tokio::test]
async fn fifty_requests_at_once_make_one_ballot() {
    let (server, _directory) = start().await;
    let server = std::sync::Arc::new(server);
    let cookie = server.somebody(false).await;
    let mut tasks = tokio::task::JoinSet::new();
    for n in 0..50 {
        let (server, cookie) = (std::sync::Arc::clone(&server), cookie.clone());
        tasks.spawn(async move { server.cast(&cookie, &[n % 15]).await });
    }
    let ballots: Vec<Ballot> = tasks.join_all().await;
    assert!(ballots.iter().all(|ballot| ballot.receipt == ballots[0].receipt));
    let results: Results = server.call(&GetResults { consultation: slug(CONSULTATION) }, None).await.json();
    assert_eq!(results.ballots.total, 1);
    assert_eq!(results.options.iter().map(|option| option.votes).sum::<u64>(), 1);
    let statistics: Statistics = server.call(&GetStatistics { process: slug(PROCESS) }, None).await.json();
    assert_eq!(statistics.people.total, 1);
    assert_eq!(statistics.days.iter().map(|day| day.ballots).sum::<u32>(), 1);
}

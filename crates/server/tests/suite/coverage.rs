//! Every operation of the contract succeeds once and meets every problem that it documents.
//!
//! What all operations of a kind have in common is driven for each of them alike; what is particular to one is
//! driven by name. The list of operations is the contract's, so a new one fails here until it is driven.

use crate::calls::{CALL, words};
use crate::faulty::Faulty;
use crate::harness::{CONSULTATION, PROCESS, Server, both, serve, serve_at, serve_with, slug, time};
use crate::{identity, work};
use axum::body::Body;
use axum::http::{HeaderName, Request};
use cabildo_contract::answer::{AnswerComment, Answered, Effect, GetDesk, ListContributions, NewAnswer};
use cabildo_contract::ballot::{BallotBody, CastBallot, GetBallot, WithdrawBallot};
use cabildo_contract::call::{
    EditSubmission, GetCall, GetSubmission, ListCalls, ListSubmissions, Submission, Submit,
    WithdrawSubmission,
};
use cabildo_contract::comment::{
    Comment, DeleteComment, EditComment, ListComments, NewComment, NewReport, NewText, PostComment,
    PostReply, ReportComment, ReportReason, Stance, WatchComments,
};
use cabildo_contract::consultation::{GetConsultation, GetOption};
use cabildo_contract::embed::{ACT_DIGITS, AnnounceAct, GetAct};
use cabildo_contract::endpoint::{BODY_PROBLEMS, Endpoint, Live, Method};
use cabildo_contract::id::CommentId;
use cabildo_contract::identity::{ConfirmCode, EndOtherSession, GetConsent, GetPerson, Leave, PersonRecord};
use cabildo_contract::moderation::{DecideComment, Decision, ListCases, ListOwnComments, NewDecision, Queue};
use cabildo_contract::problem::ProblemKind;
use cabildo_contract::process::{GetProcess, ListProcesses, RemoveSimulation};
use cabildo_contract::proposal::{Filter, GetProposal, GetVersions, ListProposals};
use cabildo_contract::record::GetRecord;
use cabildo_contract::session::{EndSession, GetSession, NewSession, OpenSession, Residence, SetTerritory};
use cabildo_contract::statistics::{GetStatistics, WatchProcess};
use cabildo_contract::tally::{GetResults, WatchResults};
use cabildo_server::Setup;
use cabildo_server::caller::CallerHeader;
use cabildo_server::clock::Clock;
use cabildo_server::import::import_text;
use cabildo_server::limits::Rates;
use cabildo_server::openapi::{STREAM_PROBLEMS, problems};
use cabildo_server::page::SiteOptions;
use cabildo_server::storage::{Storage, StorageError};
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

/// Operations that answer from memory: no database stands behind them that could fail.
const FROM_MEMORY: &[&str] = &[
    "get_act",
    "list_processes",
    "get_process",
    "get_consultation",
    "get_option",
    "get_record",
    "get_results",
    "get_statistics",
    "get_desk",
    "list_calls",
    "get_call",
    "get_consent",
];

/// What was met: an operation's name, and a problem or, for success, none.
#[derive(Default)]
struct Met(BTreeSet<(&'static str, Option<ProblemKind>)>);

/// A server as it should be, and some that are not.
struct Stage {
    sound: Server,
    /// One that was started while the first consultations were open.
    past: Server,
    unavailable: Server,
    corrupt: Server,
    /// As the two before, but not even sessions are found.
    all_unavailable: Server,
    all_corrupt: Server,
    without_simulation: Server,
    without_mail: Server,
    /// Where nothing that may need work goes without.
    working: Server,
    /// Where nothing more may be written from [`BUSY`].
    limited: Server,
}

/// A network from which nothing more is accepted, as a proxy names it.
const BUSY: (&str, &str) = ("x-forwarded-for", "203.0.113.9");

/// A server that accepts one write a minute from a network, and had it from [`BUSY`].
async fn limited(storage: &Arc<dyn Storage>) -> Server {
    let options = SiteOptions {
        rates: Rates { network: 1, sessions: 1, ..Rates::NONE },
        caller_header: CallerHeader::new(HeaderName::from_static(BUSY.0), 1),
        ..SiteOptions::default()
    };
    let server = serve_with(Arc::clone(storage), true, options).await;
    assert_eq!(server.send("POST", OpenSession::PATTERN, &[BUSY], Some("{}")).await.status, 200);
    assert_eq!(server.send("DELETE", EndSession::PATTERN, &[BUSY], None).await.status, 200);
    server
}

async fn past(storage: &Arc<dyn Storage>) -> Server {
    let setup = Setup::apart(false).unwrap();
    serve_at("2019-11-01T00:00:00Z", Arc::clone(storage), setup, SiteOptions::default()).await
}

impl Met {
    fn note(&mut self, name: &'static str, answer: &crate::harness::Answer) {
        let problem = (!answer.status.is_success()).then(|| answer.refused());
        if let Some(ProblemKind::Unavailable | ProblemKind::RateLimited) = problem {
            assert!(!answer.header("retry-after").is_empty(), "{name}: when to try again?");
        }
        self.0.insert((name, problem));
    }

    /// Sends an operation as somebody who may, and expects success.
    async fn succeeds<E: Endpoint>(
        &mut self,
        stage: &Stage,
        endpoint: &E,
        cookie: &str,
    ) -> serde_json::Value {
        let answer = stage.sound.call(endpoint, Some(cookie)).await;
        let expected = if E::CREATES { 201 } else { 200 };
        assert_eq!(answer.status, expected, "{}: {}", E::NAME, answer.text());
        self.note(E::NAME, &answer);
        answer.json()
    }

    async fn meets<E: Endpoint>(
        &mut self,
        server: &Server,
        endpoint: &E,
        cookie: &str,
        problem: ProblemKind,
    ) {
        let answer = server.call(endpoint, Some(cookie)).await;
        assert_eq!(answer.refused(), problem, "{}", E::NAME);
        self.note(E::NAME, &answer);
    }

    /// Drives what every operation of this kind can meet.
    async fn general<E: Endpoint<Body: 'static>>(&mut self, stage: &Stage, endpoint: &E, cookie: &str) {
        let (method, path) = (E::METHOD.as_str(), endpoint.path());
        let body = endpoint.body().map(|body| serde_json::to_string(body).unwrap());
        let cookies: &[(&str, &str)] = &[("cookie", cookie)];
        let documented = problems::<E>();
        let mut expect = |answer: crate::harness::Answer, problem| {
            assert_eq!(answer.refused(), problem, "{}", E::NAME);
            self.note(E::NAME, &answer);
        };

        let odd = if path.contains('?') { format!("{path}&odd=1") } else { format!("{path}?odd=1") };
        let answer = stage.sound.send(method, &odd, cookies, body.as_deref()).await;
        assert_eq!(answer.problem().fields[0].pointer, "?odd");
        expect(answer, ProblemKind::InvalidParameter);

        if documented.contains(&ProblemKind::NotFound) {
            let name = E::PATTERN.split('{').next().unwrap();
            let rest = E::PATTERN.split('}').nth(1).unwrap();
            let nowhere = format!("{name}nothing-here{rest}");
            expect(stage.sound.send(method, &nowhere, cookies, body.as_deref()).await, ProblemKind::NotFound);
        }
        if documented.contains(&ProblemKind::SessionRequired) {
            expect(stage.sound.send(method, &path, &[], body.as_deref()).await, ProblemKind::SessionRequired);
        }
        if E::METHOD != Method::Get {
            let headers = [("cookie", cookie), ("sec-fetch-site", "cross-site")];
            expect(stage.sound.send(method, &path, &headers, body.as_deref()).await, ProblemKind::CrossSite);
            let headers =
                [("cookie", cookie), ("origin", "https://elsewhere.example"), ("host", "here.example")];
            expect(stage.sound.send(method, &path, &headers, body.as_deref()).await, ProblemKind::CrossSite);
            let headers = [("cookie", cookie), BUSY];
            let answer = stage.limited.send(method, &path, &headers, body.as_deref()).await;
            expect(answer, ProblemKind::RateLimited);
        }
        if E::MAY_NEED_WORK {
            let answer = stage.working.send(method, &path, cookies, body.as_deref()).await;
            assert!(answer.problem().work.is_some());
            expect(answer, ProblemKind::WorkRequired);
        }
        if documented.contains(&BODY_PROBLEMS[0]) {
            expect(
                stage.sound.send(method, &path, cookies, Some("{\"x\":")).await,
                ProblemKind::MalformedBody,
            );
            expect(
                stage.sound.send(method, &path, cookies, Some("{\"odd\":1}")).await,
                ProblemKind::InvalidBody,
            );
            let long = format!("{{\"text\":\"{}\"}}", "x".repeat(70_000));
            expect(stage.sound.send(method, &path, cookies, Some(&long)).await, ProblemKind::BodyTooLarge);
            let headers = [("cookie", cookie), ("content-type", "text/plain")];
            let answer = stage.sound.send(method, &path, &headers, body.as_deref()).await;
            expect(answer, ProblemKind::UnsupportedMediaType);
        }
        if documented.contains(&ProblemKind::IdempotencyMismatch) {
            let headers = [("cookie", cookie), ("idempotency-key", E::NAME)];
            let first = stage.sound.send(method, &path, &headers, body.as_deref()).await;
            assert_eq!(first.status, 201, "{}", first.text());
            let again = stage.sound.send(method, &path, &headers, body.as_deref()).await;
            assert_eq!((again.status, again.body), (first.status, first.body), "{}", E::NAME);
            let other = body.as_deref().unwrap().replacen('{', "{ ", 1);
            let answer = stage.sound.send(method, &path, &headers, Some(&other)).await;
            expect(answer, ProblemKind::IdempotencyMismatch);
            let headers = [("cookie", cookie), ("idempotency-key", "not visible")];
            let answer = stage.sound.send(method, &path, &headers, body.as_deref()).await;
            expect(answer, ProblemKind::InvalidParameter);
        }
        // What needs a key before it asks the database is driven by name.
        if !FROM_MEMORY.contains(&E::NAME) && E::NAME != ListCases::NAME {
            let only_the_session = [GetSession::NAME, AnnounceAct::NAME];
            let (unavailable, corrupt) = if only_the_session.contains(&E::NAME) {
                (&stage.all_unavailable, &stage.all_corrupt)
            } else {
                (&stage.unavailable, &stage.corrupt)
            };
            for (server, problem) in
                [(unavailable, ProblemKind::Unavailable), (corrupt, ProblemKind::Internal)]
            {
                expect(server.send(method, &path, cookies, body.as_deref()).await, problem);
            }
        }
    }

    async fn stream<L: Live>(&mut self, stage: &Stage, live: &L) {
        let site = stage.sound.site.clone();
        let request = Request::get(live.path()).body(Body::empty()).unwrap();
        let response = tower::ServiceExt::oneshot(site, request).await.unwrap();
        assert_eq!(response.status(), 200, "{}", L::NAME);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        assert_eq!(response.headers()["x-accel-buffering"], "no");
        self.0.insert((L::NAME, None));
        self.note(L::NAME, &stage.sound.get(&format!("{}?odd=1", live.path())).await);
        let name = L::PATTERN.split('{').next().unwrap();
        self.note(L::NAME, &stage.sound.get(&format!("{name}nothing-here/live")).await);
    }
}

async fn faulty(real: &Arc<dyn Storage>, error: &StorageError, sessions: bool) -> Server {
    serve(Arc::new(Faulty { real: Arc::clone(real), error: error.clone(), sessions }), true).await
}

#[tokio::test]
async fn every_operation_and_every_problem_that_it_documents_is_driven() {
    let directory = both().await;
    let storage: Arc<dyn Storage> = Arc::new(crate::harness::storage(directory.path()));
    let clock = cabildo_server::clock::MockClock::at(time("2026-06-01T12:00:00Z"));
    import_text(&*storage, identity::FILE, Path::new("v.json"), &clock).await.unwrap();
    let unavailable = StorageError::Unavailable("locked".into());
    let corrupt = StorageError::Corrupt("no such table".into());
    let stage = Stage {
        sound: serve(Arc::clone(&storage), true).await,
        past: past(&storage).await,
        unavailable: faulty(&storage, &unavailable, false).await,
        corrupt: faulty(&storage, &corrupt, false).await,
        all_unavailable: faulty(&storage, &unavailable, true).await,
        all_corrupt: faulty(&storage, &corrupt, true).await,
        without_simulation: serve(Arc::clone(&storage), false).await,
        without_mail: identity::without_mail(&storage).await,
        working: work::always(&storage).await,
        limited: limited(&storage).await,
    };
    let mut met = Met::default();
    drive_acts(&mut met, &stage).await;
    drive_identity(&mut met, &stage).await;
    drive_reading(&mut met, &stage).await;
    drive_sessions(&mut met, &stage).await;
    let late = drive_calls(&mut met, &stage).await;
    drive_ballots(&mut met, &stage).await;
    late.meet_the_close(&mut met, &stage).await;
    drive_comments(&mut met, &stage).await;
    drive_answers(&mut met, &stage).await;
    drive_moderation(&mut met, &stage).await;
    drive_simulation(&mut met, &stage).await;
    met.stream(&stage, &WatchProcess { process: slug(PROCESS) }).await;
    met.stream(&stage, &WatchResults { consultation: slug(CONSULTATION) }).await;
    met.stream(&stage, &WatchComments { subject: stage.sound.proposal() }).await;
    let option = stage.sound.consultation().await.options[0].id.clone();
    met.stream(&stage, &WatchComments { subject: option }).await;

    let mut missing = Vec::new();
    macro_rules! check {
        ($endpoint:ty) => {
            let name = <$endpoint>::NAME;
            let memory = |kind: &ProblemKind| {
                FROM_MEMORY.contains(&name)
                    && matches!(kind, ProblemKind::Unavailable | ProblemKind::Internal)
            };
            let documented = problems::<$endpoint>().into_iter().filter(|kind| !memory(kind)).map(Some);
            missing.extend(
                documented.chain([None]).map(|kind| (name, kind)).filter(|pair| !met.0.contains(pair)),
            );
        };
    }
    macro_rules! check_live {
        ($live:ty) => {
            let name = <$live as Live>::NAME;
            let documented = STREAM_PROBLEMS.into_iter().map(Some);
            missing.extend(
                documented.chain([None]).map(|kind| (name, kind)).filter(|pair| !met.0.contains(pair)),
            );
        };
    }
    cabildo_contract::for_each_endpoint!(check);
    cabildo_contract::for_each_live!(check_live);
    assert!(missing.is_empty(), "never driven: {missing:#?}");
}

async fn drive_reading(met: &mut Met, stage: &Stage) {
    macro_rules! drive {
        ($endpoint:expr) => {
            met.succeeds(stage, &$endpoint, "").await;
            met.general(stage, &$endpoint, "").await;
        };
    }
    let (process, proposal) = (slug(PROCESS), stage.sound.proposal());
    drive!(ListProcesses);
    drive!(GetProcess { process: process.clone() });
    drive!(GetRecord { process: process.clone() });
    drive!(GetStatistics { process: process.clone() });
    drive!(ListProposals { process: process.clone(), filter: Filter::default(), cursor: String::new() });
    drive!(GetProposal { proposal: proposal.clone() });
    drive!(GetVersions { proposal: proposal.clone() });
    drive!(ListComments { subject: proposal.clone(), cursor: String::new() });
    drive!(GetConsultation { consultation: slug(CONSULTATION) });
    drive!(GetResults { consultation: slug(CONSULTATION) });
    let option = stage.sound.consultation().await.options[0].id.clone();
    drive!(GetOption { option: option.clone() });
    drive!(ListComments { subject: option.clone(), cursor: String::new() });
    drive!(ListContributions { process: process.clone(), answer: Answered::Answered, cursor: String::new() });
}

async fn drive_sessions(met: &mut Met, stage: &Stage) {
    let cookie = stage.sound.somebody(false).await;
    let open = OpenSession { body: NewSession { simulated: false } };
    met.succeeds(stage, &open, "").await;
    met.general(stage, &open, "").await;
    let simulated = OpenSession { body: NewSession { simulated: true } };
    met.meets(&stage.without_simulation, &simulated, "", ProblemKind::SimulationDisabled).await;
    met.succeeds(stage, &GetSession, &cookie).await;
    met.general(stage, &GetSession, &cookie).await;
    let says = SetTerritory { body: Residence { territory: Some("15".to_owned()) } };
    met.succeeds(stage, &says, &cookie).await;
    met.general(stage, &says, &cookie).await;
    met.general(stage, &EndSession, &cookie).await;
    met.succeeds(stage, &EndSession, &cookie).await;
}

async fn drive_acts(met: &mut Met, stage: &Stage) {
    let device = stage.sound.somebody(false).await;
    let act = "0".repeat(ACT_DIGITS);
    let (get, announce) = (GetAct { act: act.clone() }, AnnounceAct { act });
    met.succeeds(stage, &get, "").await;
    met.general(stage, &get, "").await;
    met.succeeds(stage, &announce, &device).await;
    met.general(stage, &announce, &device).await;
}

async fn drive_identity(met: &mut Met, stage: &Stage) {
    let consent = GetConsent { process: slug(identity::PROCESS) };
    met.succeeds(stage, &consent, "").await;
    met.general(stage, &consent, "").await;

    let device = stage.sound.somebody(false).await;
    let request = identity::request("ana@example.org");
    met.general(stage, &request, &device).await;
    let mut unread = identity::request("ana@example.org");
    unread.body.consent = "2001-01".to_owned();
    met.meets(&stage.sound, &unread, &device, ProblemKind::ConsentRequired).await;
    let mut elsewhere = identity::request("ana@example.org");
    elsewhere.body.process = slug(PROCESS);
    met.meets(&stage.sound, &elsewhere, &device, ProblemKind::EmailNotOffered).await;
    met.meets(&stage.without_mail, &request, &device, ProblemKind::MailUnavailable).await;
    met.succeeds(stage, &request, &device).await;
    met.meets(&stage.sound, &request, &device, ProblemKind::RateLimited).await;

    let cast = identity::choice(&stage.sound, 0).await;
    let withdraw = WithdrawBallot::new(slug(identity::CONSULTATION));
    met.meets(&stage.sound, &cast, &device, ProblemKind::IdentityRequired).await;
    met.meets(&stage.sound, &withdraw, &device, ProblemKind::IdentityRequired).await;

    let code = identity::newest_code(&stage.sound);
    let wrong = identity::confirm(if code.starts_with('0') { "11111111" } else { "00000000" });
    let confirm = identity::confirm(&code);
    met.general(stage, &confirm, &stage.sound.somebody(false).await).await;
    met.meets(&stage.sound, &wrong, &device, ProblemKind::CodeWrong).await;
    let answer = stage.sound.call(&confirm, Some(&device)).await;
    met.note(ConfirmCode::NAME, &answer);
    let person = answer.header("set-cookie").split(';').next().unwrap().to_owned();
    met.meets(&stage.sound, &confirm, &person, ProblemKind::CodeExpired).await;

    met.succeeds(stage, &GetPerson, &person).await;
    met.general(stage, &GetPerson, &person).await;
    let other = stage.sound.somebody(false).await;
    stage.sound.call(&request, Some(&other)).await;
    let confirm = identity::confirm(&identity::newest_code(&stage.sound));
    let answer = stage.sound.call(&confirm, Some(&other)).await;
    let other = answer.header("set-cookie").split(';').next().unwrap().to_owned();
    let record: PersonRecord = stage.sound.call(&GetPerson, Some(&person)).await.json();
    let session = record.sessions.into_iter().find(|session| !session.is_current).unwrap().id;
    let end = EndOtherSession { session };
    met.general(stage, &end, &person).await;
    met.succeeds(stage, &end, &person).await;
    met.meets(&stage.sound, &GetPerson, &other, ProblemKind::SessionRequired).await;

    met.general(stage, &Leave, &person).await;
    met.succeeds(stage, &Leave, &person).await;
    let again = stage.sound.somebody(false).await;
    stage.sound.call(&request, Some(&again)).await;
    let confirm = identity::confirm(&identity::newest_code(&stage.sound));
    met.meets(&stage.sound, &confirm, &again, ProblemKind::Left).await;
}

async fn drive_ballots(met: &mut Met, stage: &Stage) {
    let cookie = stage.sound.somebody(false).await;
    let consultation = slug(CONSULTATION);
    let cast = CastBallot::new(consultation.clone(), stage.sound.choices(&[0, 1]).await);
    met.succeeds(stage, &cast, &cookie).await;
    met.general(stage, &cast, &cookie).await;
    let late = CastBallot::new(consultation.clone(), stage.sound.choices(&[2]).await);
    let late = CastBallot { replaces: Some(0), ..late };
    met.meets(&stage.sound, &late, &cookie, ProblemKind::BallotChanged).await;
    let get = GetBallot { consultation: consultation.clone() };
    met.succeeds(stage, &get, &cookie).await;
    met.general(stage, &get, &cookie).await;
    let withdraw = WithdrawBallot::new(consultation);
    let late = WithdrawBallot { replaces: Some(0), ..withdraw.clone() };
    met.meets(&stage.sound, &late, &cookie, ProblemKind::BallotChanged).await;
    met.general(stage, &withdraw, &cookie).await;
    met.succeeds(stage, &withdraw, &cookie).await;

    let elsewhere = slug("temas-2019");
    let cast_elsewhere = CastBallot::new(elsewhere.clone(), BallotBody::default());
    let withdraw_elsewhere = WithdrawBallot::new(elsewhere);
    met.meets(&stage.past, &cast_elsewhere, &cookie, ProblemKind::NoBallotsHere).await;
    met.meets(&stage.past, &withdraw_elsewhere, &cookie, ProblemKind::NoBallotsHere).await;
    for (now, problem) in [
        ("2025-01-01T00:00:00Z", ProblemKind::ConsultationUpcoming),
        ("2031-01-01T05:00:00Z", ProblemKind::ConsultationClosed),
    ] {
        stage.sound.clock.set(time(now));
        met.meets(&stage.sound, &cast, &cookie, problem).await;
        met.meets(&stage.sound, &withdraw, &cookie, problem).await;
        met.meets(&stage.sound, &cast_elsewhere, &cookie, ProblemKind::ConsultationClosed).await;
        met.meets(&stage.sound, &withdraw_elsewhere, &cookie, ProblemKind::ConsultationClosed).await;
    }
    stage.sound.clock.set(time("2026-06-01T12:00:00Z"));
}

async fn drive_comments(met: &mut Met, stage: &Stage) {
    let (author, other) = (stage.sound.somebody(false).await, stage.sound.somebody(false).await);
    let text = || NewText { text: "Con metas claras.".to_owned() };
    let body = NewComment { stance: Stance::For, text: "De acuerdo.".to_owned() };
    let post = PostComment { subject: stage.sound.proposal(), body };
    let posted: Comment = serde_json::from_value(met.succeeds(stage, &post, &author).await).unwrap();
    met.general(stage, &post, &author).await;
    let id = |value: serde_json::Value| CommentId::parse(value["id"].as_str().unwrap()).unwrap();
    let comment = posted.id;

    let reply = PostReply { comment: comment.clone(), body: text() };
    let replied = id(met.succeeds(stage, &reply, &other).await);
    met.general(stage, &reply, &other).await;
    let deeper = PostReply { comment: replied.clone(), body: text() };
    met.meets(&stage.sound, &deeper, &author, ProblemKind::ReplyToReply).await;

    let report = ReportComment {
        comment: comment.clone(),
        body: NewReport { reason: ReportReason::OffTopic, note: String::new() },
    };
    met.succeeds(stage, &report, &other).await;
    met.general(stage, &report, &other).await;

    let edit = EditComment { comment: comment.clone(), body: text() };
    met.succeeds(stage, &edit, &author).await;
    met.general(stage, &edit, &author).await;
    met.meets(&stage.sound, &edit, &other, ProblemKind::NotYours).await;
    let delete = DeleteComment { comment: comment.clone() };
    met.meets(&stage.sound, &delete, &other, ProblemKind::NotYours).await;
    stage.sound.clock.advance(1800);
    met.meets(&stage.sound, &edit, &author, ProblemKind::EditWindowOver).await;
    met.meets(&stage.sound, &delete, &author, ProblemKind::EditWindowOver).await;
    stage.sound.clock.advance(-1800);
    met.general(stage, &delete, &author).await;
    met.succeeds(stage, &delete, &author).await;
    met.meets(&stage.sound, &edit, &author, ProblemKind::CommentDeleted).await;
    met.meets(&stage.sound, &reply, &other, ProblemKind::CommentDeleted).await;
    met.meets(&stage.sound, &report, &other, ProblemKind::CommentDeleted).await;
}

/// What the key of a desk opens: the same operations as [`Met::succeeds`] and [`Met::meets`] drive, with a key instead
/// of a session.
async fn drive_answers(met: &mut Met, stage: &Stage) {
    let author = stage.sound.somebody(false).await;
    let option = stage.sound.consultation().await.options[0].id.clone();
    let body = NewComment { stance: Stance::Against, text: "Faltan plazos.".to_owned() };
    let post = PostComment { subject: option, body };
    let posted: Comment = serde_json::from_value(met.succeeds(stage, &post, &author).await).unwrap();
    met.general(stage, &post, &author).await;
    let reply = PostReply { comment: posted.id.clone(), body: NewText { text: "Sí.".to_owned() } };
    let reply = CommentId::parse(met.succeeds(stage, &reply, &author).await["id"].as_str().unwrap()).unwrap();

    let desk = GetDesk { process: slug(PROCESS) };
    let body = NewAnswer { effect: Effect::PartlyAdopted, text: "Se añadió un plazo.".to_owned() };
    let answer = AnswerComment { comment: posted.id.clone(), body: body.clone() };
    let to_reply = AnswerComment { comment: reply, body };
    let key = stage.sound.desk_key("Alcaldía de Palmira");
    let others = stage.sound.desk_key("Otra entidad");
    for (endpoint, key, problem) in [
        (Ok(&desk), key.as_str(), None),
        (Ok(&desk), "", Some(ProblemKind::DeskKeyRequired)),
        (Err(&answer), "", Some(ProblemKind::DeskKeyRequired)),
        (Err(&answer), "forged.key", Some(ProblemKind::DeskKeyRequired)),
        (Err(&answer), key.as_str(), None),
        (Err(&answer), others.as_str(), Some(ProblemKind::NotYours)),
        (Err(&to_reply), key.as_str(), Some(ProblemKind::ReplyToReply)),
    ] {
        let (name, answer) = match endpoint {
            Ok(desk) => (GetDesk::NAME, stage.sound.at_desk(desk, key).await),
            Err(put) => (AnswerComment::NAME, stage.sound.at_desk(put, key).await),
        };
        assert_eq!((!answer.status.is_success()).then(|| answer.refused()), problem, "{name}");
        met.note(name, &answer);
    }
    met.general(stage, &desk, &author).await;
    met.general(stage, &answer, &author).await;
    let edit = EditComment { comment: posted.id.clone(), body: NewText { text: "Otra cosa.".to_owned() } };
    met.meets(&stage.sound, &edit, &author, ProblemKind::CommentAnswered).await;
    met.succeeds(stage, &DeleteComment { comment: posted.id }, &author).await;
    let gone = stage.sound.at_desk(&answer, &key).await;
    assert_eq!(gone.refused(), ProblemKind::CommentDeleted);
    met.note(AnswerComment::NAME, &gone);
}

/// What the key of a moderator opens, and what no longer goes with a comment that was hidden.
async fn drive_moderation(met: &mut Met, stage: &Stage) {
    let server = &stage.sound;
    let (author, other) = (server.somebody(false).await, server.somebody(false).await);
    let comment = server.comment(&author, "Insultos.").await.id;
    let key = server.moderator_key("Ana");
    let list = ListCases { process: slug(PROCESS), queue: Queue::Open, cursor: String::new() };
    for (server, key, problem) in [
        (server, key.clone(), None),
        (server, server.desk_key("Alcaldía"), Some(ProblemKind::ModeratorKeyRequired)),
        (&stage.unavailable, stage.unavailable.moderator_key("Ana"), Some(ProblemKind::Unavailable)),
        (&stage.corrupt, stage.corrupt.moderator_key("Ana"), Some(ProblemKind::Internal)),
    ] {
        let answer = server.at_desk(&list, &key).await;
        assert_eq!((!answer.status.is_success()).then(|| answer.refused()), problem);
        met.note(ListCases::NAME, &answer);
    }
    met.general(stage, &list, "").await;

    let body = NewDecision { decision: Decision::Hide, reason: "Ofende a una persona.".to_owned() };
    let decide = DecideComment { comment: comment.clone(), body };
    let answer = server.at_desk(&decide, "").await;
    assert_eq!(answer.refused(), ProblemKind::ModeratorKeyRequired);
    met.note(DecideComment::NAME, &answer);
    let answer = server.at_desk(&decide, &key).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    met.note(DecideComment::NAME, &answer);
    met.general(stage, &decide, "").await;
    met.succeeds(stage, &ListOwnComments, &author).await;
    met.general(stage, &ListOwnComments, &author).await;

    let text = || NewText { text: "Otra cosa.".to_owned() };
    let report = NewReport { reason: ReportReason::Abuse, note: String::new() };
    let reply = PostReply { comment: comment.clone(), body: text() };
    met.meets(server, &reply, &other, ProblemKind::CommentHidden).await;
    let report = ReportComment { comment: comment.clone(), body: report };
    met.meets(server, &report, &other, ProblemKind::CommentHidden).await;
    let edit = EditComment { comment: comment.clone(), body: text() };
    met.meets(server, &edit, &author, ProblemKind::CommentHidden).await;
    let body = NewAnswer { effect: Effect::Noted, text: "Gracias.".to_owned() };
    let answer = AnswerComment { comment: comment.clone(), body };
    let answer = server.at_desk(&answer, &server.desk_key("Alcaldía")).await;
    assert_eq!(answer.refused(), ProblemKind::CommentHidden);
    met.note(AnswerComment::NAME, &answer);

    met.succeeds(stage, &DeleteComment { comment }, &author).await;
    let answer = server.at_desk(&decide, &key).await;
    assert_eq!(answer.refused(), ProblemKind::CommentDeleted);
    met.note(DecideComment::NAME, &answer);
}

/// What comes too late for a call. Apart, since what closed stays closed: also the consultation, wherever the clock is set.
struct Late {
    author: String,
    submit: Submit,
    edit: EditSubmission,
    withdraw: WithdrawSubmission,
}

impl Late {
    async fn meet_the_close(&self, met: &mut Met, stage: &Stage) {
        let before = stage.sound.clock.now();
        stage.sound.clock.set(time("2031-01-01T05:00:00Z"));
        met.meets(&stage.sound, &self.submit, &self.author, ProblemKind::CallClosed).await;
        met.meets(&stage.sound, &self.edit, &self.author, ProblemKind::CallClosed).await;
        met.meets(&stage.sound, &self.withdraw, &self.author, ProblemKind::CallClosed).await;
        stage.sound.clock.set(before);
    }
}

async fn drive_calls(met: &mut Met, stage: &Stage) -> Late {
    let (author, other) = (stage.sound.somebody(false).await, stage.sound.somebody(false).await);
    let list = ListCalls { process: slug(PROCESS) };
    met.succeeds(stage, &list, "").await;
    met.general(stage, &list, "").await;
    let get = GetCall { call: slug(CALL) };
    met.succeeds(stage, &get, "").await;
    met.general(stage, &get, "").await;
    let submit = Submit { call: slug(CALL), body: words("Idea") };
    let submitted: Submission = serde_json::from_value(met.succeeds(stage, &submit, &author).await).unwrap();
    met.general(stage, &submit, &author).await;
    let submissions = ListSubmissions { call: slug(CALL), cursor: String::new() };
    met.succeeds(stage, &submissions, "").await;
    met.general(stage, &submissions, "").await;

    let submission = submitted.head.id;
    let get = GetSubmission { submission: submission.clone() };
    met.succeeds(stage, &get, "").await;
    met.general(stage, &get, "").await;
    let edit = EditSubmission { submission: submission.clone(), body: words("Otra idea"), replaces: None };
    met.succeeds(stage, &edit, &author).await;
    met.general(stage, &edit, &author).await;
    met.meets(&stage.sound, &edit, &other, ProblemKind::NotYours).await;
    let late = EditSubmission { body: words("Otra más"), replaces: Some(1), ..edit.clone() };
    met.meets(&stage.sound, &late, &author, ProblemKind::SubmissionChanged).await;
    let withdraw = WithdrawSubmission { submission };
    met.meets(&stage.sound, &withdraw, &other, ProblemKind::NotYours).await;
    met.general(stage, &withdraw, &author).await;
    let second: Submission = serde_json::from_value(met.succeeds(stage, &submit, &author).await).unwrap();
    met.succeeds(stage, &WithdrawSubmission { submission: second.head.id }, &author).await;

    let elsewhere = Submit { call: slug("priorizacion-nacional-2020"), body: words("Idea") };
    met.meets(&stage.sound, &elsewhere, &author, ProblemKind::NoSubmissionsHere).await;
    let before = stage.sound.clock.now();
    stage.sound.clock.set(time("2026-01-01T00:00:00Z"));
    met.meets(&stage.sound, &submit, &author, ProblemKind::CallUpcoming).await;
    stage.sound.clock.set(before);
    Late { author, submit, edit, withdraw }
}

async fn drive_simulation(met: &mut Met, stage: &Stage) {
    let remove = RemoveSimulation { process: slug(PROCESS) };
    met.succeeds(stage, &remove, "").await;
    met.general(stage, &remove, "").await;
    met.meets(&stage.without_simulation, &remove, "", ProblemKind::SimulationDisabled).await;
}

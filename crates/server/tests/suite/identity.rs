//! One person, one ballot: identifying oneself by a code, and what is kept of it.

use crate::harness::{Answer, Server, serve_setup, slug, time};
use cabildo_contract::ballot::{Ballot, BallotBody, CastBallot, GetBallot, MyBallot, WithdrawBallot};
use cabildo_contract::consultation::{Consultation, GetConsultation};
use cabildo_contract::identity::{
    CODE_AGAIN_SECONDS, CODE_SECONDS, CODE_TRIES, CodeSent, ConfirmCode, EndOtherSession, EnteredCode,
    GetConsent, GetPerson, Leave, NewCode, PersonRecord, RequestCode,
};
use cabildo_contract::problem::{FieldProblemKind, ProblemKind};
use cabildo_contract::session::{Assurance, CurrentSession, EndSession, GetSession, Session};
use cabildo_contract::tally::{GetResults, Results};
use cabildo_server::Setup;
use cabildo_server::clock::Clock;
use cabildo_server::import::import_text;
use cabildo_server::page::SiteOptions;
use cabildo_server::post::Post;
use cabildo_server::storage::Storage;
use cabildo_server::storage::sqlite::Options;
use std::path::Path;
use std::sync::Arc;
use tempfile::TempDir;

pub const FILE: &str = include_str!("../../data/processes/ensayo-votaciones.json");
pub const PROCESS: &str = "ensayo-votaciones";
pub const CONSULTATION: &str = "ensayo-correo";
const VERSION: &str = "2026-11";

async fn start() -> (Server, TempDir) {
    let directory = TempDir::new().unwrap();
    let storage = crate::harness::storage(directory.path());
    let clock = cabildo_server::clock::MockClock::at(time("2026-06-01T12:00:00Z"));
    import_text(&storage, FILE, Path::new("v.json"), &clock).await.unwrap();
    drop(storage);
    (crate::harness::open(directory.path(), Options::default()).await, directory)
}

pub fn request(email: &str) -> RequestCode {
    let (process, email, consent) = (slug(PROCESS), email.to_owned(), VERSION.to_owned());
    RequestCode { body: NewCode { process, email, consent, language: None } }
}

pub fn confirm(code: &str) -> ConfirmCode {
    ConfirmCode { body: EnteredCode { code: code.to_owned() } }
}

/// The code in the newest letter.
pub fn newest_code(server: &Server) -> String {
    let letters = server.app.post.received().unwrap();
    letters[0].letter.text.lines().next().unwrap().to_owned()
}

fn cookie(answer: &Answer) -> String {
    answer.header("set-cookie").split(';').next().unwrap().to_owned()
}

/// Identifies a session; gives its new cookie.
async fn identify(server: &Server, session: &str, email: &str) -> String {
    let sent = server.call(&request(email), Some(session)).await;
    assert_eq!(sent.status, 200, "{}", sent.text());
    let confirmed = server.call(&confirm(&newest_code(server)), Some(session)).await;
    assert_eq!(confirmed.status, 200, "{}", confirmed.text());
    cookie(&confirmed)
}

pub async fn choice(server: &Server, at: usize) -> CastBallot {
    let get = GetConsultation { consultation: slug(CONSULTATION) };
    let consultation: Consultation = server.call(&get, None).await.json();
    let body = BallotBody::of(vec![consultation.options[at].id.clone()]);
    CastBallot::new(slug(CONSULTATION), body)
}

async fn results(server: &Server) -> Results {
    server.call(&GetResults { consultation: slug(CONSULTATION) }, None).await.json()
}

fn mine() -> GetBallot {
    GetBallot { consultation: slug(CONSULTATION) }
}

#[tokio::test]
async fn a_ballot_needs_the_identity_that_the_consultation_asks_for() {
    let (server, _directory) = start().await;
    let cast = choice(&server, 0).await;
    assert_eq!(server.call(&cast, None).await.refused(), ProblemKind::SessionRequired);
    let device = server.somebody(false).await;
    assert_eq!(server.call(&cast, Some(&device)).await.refused(), ProblemKind::IdentityRequired);
    let withdraw = WithdrawBallot::new(slug(CONSULTATION));
    assert_eq!(server.call(&withdraw, Some(&device)).await.refused(), ProblemKind::IdentityRequired);
    assert_eq!(server.call(&mine(), Some(&device)).await.json::<MyBallot>().ballot, None);

    let person = identify(&server, &device, "ana@example.org").await;
    let ballot: Ballot = server.call(&cast, Some(&person)).await.json();
    assert_eq!(ballot.revision, 1);
    let results = results(&server).await;
    assert_eq!((results.ballots.total, results.assurance), (1, Some(Assurance::Email)));
    // The device's own consultations are as open as before.
    let session: CurrentSession = server.call(&GetSession, Some(&person)).await.json();
    let identities = session.session.unwrap().identities;
    assert_eq!(identities.len(), 1);
    assert_eq!((identities[0].process.as_str(), &identities[0].assurance), (PROCESS, &Assurance::Email));
}

#[tokio::test]
async fn the_same_mailbox_is_the_same_person_on_every_device() {
    let (server, _directory) = start().await;
    let first = server.somebody(false).await;
    let first = identify(&server, &first, "ana@example.org").await;
    let _: Ballot = server.call(&choice(&server, 0).await, Some(&first)).await.json();
    let second = server.somebody(false).await;
    let second = identify(&server, &second, " Ana+otra@Example.ORG ").await;
    let found: MyBallot = server.call(&mine(), Some(&second)).await.json();
    assert_eq!(found.ballot.unwrap().revision, 1, "the ballot of the other device");
    let revised: Ballot = server.call(&choice(&server, 1).await, Some(&second)).await.json();
    assert_eq!(revised.revision, 2);
    assert_eq!(results(&server).await.ballots.total, 1);

    // Somebody else who uses the first device is somebody else, and the first person stays who they were.
    server.clock.advance(CODE_AGAIN_SECONDS);
    let shared = identify(&server, &first, "luis@example.org").await;
    assert_eq!(server.call(&mine(), Some(&shared)).await.json::<MyBallot>().ballot, None);
    let _: Ballot = server.call(&choice(&server, 2).await, Some(&shared)).await.json();
    server.clock.advance(CODE_AGAIN_SECONDS);
    let back = identify(&server, &shared, "ana@example.org").await;
    assert_eq!(server.call(&mine(), Some(&back)).await.json::<MyBallot>().ballot.unwrap().revision, 2);
    assert_eq!(results(&server).await.ballots.total, 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_devices_of_one_person_that_vote_at_once_leave_one_ballot() {
    let (server, _directory) = start().await;
    let server = std::sync::Arc::new(server);
    let mut devices = Vec::new();
    for n in 0..20 {
        // Five codes an hour are sent to one mailbox.
        if n % 5 == 0 {
            server.clock.set(time("2026-06-01T12:00:00Z").plus_seconds(n * 3600));
        }
        let session = server.somebody(false).await;
        devices.push(identify(&server, &session, "ana@example.org").await);
    }
    let mut casts = tokio::task::JoinSet::new();
    for (n, device) in devices.into_iter().enumerate() {
        let server = std::sync::Arc::clone(&server);
        casts.spawn(async move {
            let cast = choice(&server, n % 3).await;
            server.call(&cast, Some(&device)).await.json::<Ballot>()
        });
    }
    let ballots = casts.join_all().await;
    assert_eq!(results(&server).await.ballots.total, 1);
    let receipt = &ballots[0].receipt;
    assert!(ballots.iter().all(|ballot| ballot.receipt == *receipt), "one ballot, one number");
}

#[tokio::test]
async fn the_answer_says_nothing_of_an_address_and_the_database_does_not_hold_it() {
    let (server, directory) = start().await;
    let known = server.somebody(false).await;
    identify(&server, &known, "ana@example.org").await;
    let mut answers = Vec::new();
    for email in ["ana@example.org", "nadie@example.org"] {
        let session = server.somebody(false).await;
        answers.push(server.call(&request(email), Some(&session)).await.json::<CodeSent>());
    }
    assert_eq!(answers[0], answers[1]);
    // Nor when no more codes are sent to a mailbox.
    for _ in 0..8 {
        let session = server.somebody(false).await;
        let sent = server.call(&request("ana@example.org"), Some(&session)).await.json::<CodeSent>();
        assert_eq!(sent, answers[0]);
    }
    let letters = server.app.post.received().unwrap();
    assert_eq!(letters.iter().filter(|letter| letter.to.starts_with("ana@")).count(), 5);
    drop(server);
    for file in std::fs::read_dir(directory.path()).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        let holds = |text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
        assert!(!holds("ana@") && !holds("nadie@"), "an address is on the disk");
        for letter in &letters {
            let code: String = letter.letter.text.lines().next().unwrap().split(' ').collect();
            assert!(!holds(&code), "a code is on the disk");
        }
    }
}

#[tokio::test]
async fn a_code_is_good_once_for_ten_minutes_and_five_tries_for_its_own_session() {
    let (server, _directory) = start().await;
    let begin = time("2026-06-01T12:00:00Z");
    let session = server.somebody(false).await;
    assert_eq!(server.call(&confirm("12345678"), Some(&session)).await.refused(), ProblemKind::CodeExpired);
    server.call(&request("ana@example.org"), Some(&session)).await.json::<CodeSent>();
    let code = newest_code(&server);
    let wrong = if code.starts_with('0') { "1111 1111" } else { "0000 0000" };

    // Somebody else's session cannot use it.
    let other = server.somebody(false).await;
    assert_eq!(server.call(&confirm(&code), Some(&other)).await.refused(), ProblemKind::CodeExpired);
    // Wrong ones are counted, and after the last the right one is worth nothing.
    for left in (1..CODE_TRIES).rev() {
        let refused = server.call(&confirm(wrong), Some(&session)).await.problem();
        assert_eq!(refused.kind, ProblemKind::CodeWrong);
        assert_eq!(refused.detail.unwrap(), format!("tries left: {left}"));
    }
    assert_eq!(server.call(&confirm(wrong), Some(&session)).await.refused(), ProblemKind::CodeExpired);
    assert_eq!(server.call(&confirm(&code), Some(&session)).await.refused(), ProblemKind::CodeExpired);

    // Another one can be asked for after a minute, and is good for ten.
    let soon = server.call(&request("ana@example.org"), Some(&session)).await;
    assert_eq!(soon.problem().kind, ProblemKind::RateLimited);
    assert!(soon.header("retry-after").parse::<i64>().unwrap() <= CODE_AGAIN_SECONDS + 1);
    server.clock.set(begin.plus_seconds(CODE_AGAIN_SECONDS));
    server.call(&request("ana@example.org"), Some(&session)).await.json::<CodeSent>();
    let code = newest_code(&server);
    server.clock.set(begin.plus_seconds(CODE_AGAIN_SECONDS + CODE_SECONDS));
    assert_eq!(server.call(&confirm(&code), Some(&session)).await.refused(), ProblemKind::CodeExpired);
    server.call(&request("ana@example.org"), Some(&session)).await.json::<CodeSent>();
    let code = newest_code(&server);
    server.clock.set(begin.plus_seconds(CODE_AGAIN_SECONDS + 2 * CODE_SECONDS - 1));
    let confirmed = server.call(&confirm(&code), Some(&session)).await;
    assert!(confirmed.json::<Session>().identities.len() == 1);
    assert_eq!(
        server.call(&confirm(&code), Some(&cookie(&confirmed))).await.refused(),
        ProblemKind::CodeExpired,
        "a code is good once"
    );
}

#[tokio::test]
async fn identifying_oneself_gives_the_session_a_new_token() {
    let (server, _directory) = start().await;
    let before = server.somebody(false).await;
    let after = identify(&server, &before, "ana@example.org").await;
    assert_ne!(before, after);
    let old: CurrentSession = server.call(&GetSession, Some(&before)).await.json();
    assert_eq!(old.session, None, "whoever knew the token before knows nothing now");
    let cast = choice(&server, 0).await;
    assert_eq!(server.call(&cast, Some(&before)).await.refused(), ProblemKind::SessionRequired);
}

#[tokio::test]
async fn a_right_code_whose_answer_was_lost_is_answered_again_for_a_while() {
    let (server, _directory) = start().await;
    let before = server.somebody(false).await;
    server.call(&request("ana@example.org"), Some(&before)).await.json::<CodeSent>();
    let code = newest_code(&server);
    let lost = server.call(&confirm(&code), Some(&before)).await;
    let again = server.call(&confirm(&code), Some(&before)).await;
    assert_eq!((cookie(&again), again.json::<Session>()), (cookie(&lost), lost.json()));
    assert_eq!(server.call(&choice(&server, 0).await, Some(&cookie(&again))).await.status, 200);
    // To who knows the token before, and not the code, the session is gone; so it is to who guesses.
    let wrong = if code.starts_with('0') { "1111 1111" } else { "0000 0000" };
    assert_eq!(server.call(&confirm(wrong), Some(&before)).await.refused(), ProblemKind::SessionRequired);
    server.clock.advance(CODE_SECONDS - 1);
    assert_eq!(cookie(&server.call(&confirm(&code), Some(&before)).await), cookie(&lost));
    for _ in 0..CODE_TRIES {
        server.call(&confirm(wrong), Some(&before)).await.refused();
    }
    assert_eq!(server.call(&confirm(&code), Some(&before)).await.refused(), ProblemKind::SessionRequired);
    server.clock.advance(1);
    let late = server.call(&confirm(&code), Some(&before)).await.refused();
    assert_eq!(late, ProblemKind::SessionRequired);
}

#[tokio::test]
async fn two_people_who_use_one_phone_in_two_processes_stay_two() {
    let directory = TempDir::new().unwrap();
    let storage = crate::harness::storage(directory.path());
    let clock = cabildo_server::clock::MockClock::at(time("2026-06-01T12:00:00Z"));
    let second = FILE.replace("ensayo-", "segundo-");
    for text in [FILE, &second] {
        import_text(&storage, text, Path::new("v.json"), &clock).await.unwrap();
    }
    drop(storage);
    let server = crate::harness::open(directory.path(), Options::default()).await;
    let elsewhere = |email: &str| {
        let mut request = request(email);
        request.body.process = slug(&PROCESS.replace("ensayo-", "segundo-"));
        request
    };
    let enter = async |session: &str, request: RequestCode| {
        server.clock.advance(CODE_AGAIN_SECONDS);
        server.call(&request, Some(session)).await.json::<CodeSent>();
        cookie(&server.call(&confirm(&newest_code(&server)), Some(session)).await)
    };
    let kept = async |session: &str| {
        let record: PersonRecord = server.call(&GetPerson, Some(session)).await.json();
        (record.ballots.len(), record.identities.len(), record.sessions.len())
    };
    let ana = enter(&server.somebody(false).await, request("ana@example.org")).await;
    server.call(&choice(&server, 0).await, Some(&ana)).await.json::<Ballot>();
    // One person in two processes is one.
    let ana = enter(&ana, elsewhere("ana@example.org")).await;
    assert_eq!(kept(&ana).await, (1, 2, 1));

    // Luis borrows the phone, in the one process and then in the other.
    let luis = enter(&ana, request("luis@example.org")).await;
    let luis = enter(&luis, elsewhere("luis@example.org")).await;
    assert_eq!(kept(&luis).await.0, 0, "he sees nothing of hers");
    server.call(&choice(&server, 1).await, Some(&luis)).await.json::<Ballot>();
    let tablet = enter(&server.somebody(false).await, elsewhere("ana@example.org")).await;
    assert_eq!(kept(&tablet).await, (1, 2, 1), "nor she of his, and her session is hers alone");
    // Who leaves takes nobody else along.
    server.call(&Leave, Some(&luis)).await.json::<CurrentSession>();
    assert_eq!(kept(&tablet).await, (1, 2, 1));
}

#[tokio::test]
async fn a_clock_that_was_ahead_keeps_nobody_from_a_code() {
    let (server, _directory) = start().await;
    let session = server.somebody(false).await;
    let now = server.clock.now();
    server.clock.set(now.plus_seconds(30 * 24 * 3600));
    for _ in 0..5 {
        let other = server.somebody(false).await;
        server.call(&request("ana@example.org"), Some(&other)).await.json::<CodeSent>();
    }
    server.call(&request("luis@example.org"), Some(&session)).await.json::<CodeSent>();
    server.clock.set(now);
    let before = server.app.post.received().unwrap().len();
    server.call(&request("ana@example.org"), Some(&session)).await.json::<CodeSent>();
    assert_eq!(server.app.post.received().unwrap().len(), before + 1, "it is sent");
    let confirmed = server.call(&confirm(&newest_code(&server)), Some(&session)).await;
    assert_eq!(confirmed.status, 200, "{}", confirmed.text());
}

#[tokio::test]
async fn nobody_simulated_is_recognised_as_anybody() {
    let (server, _directory) = start().await;
    let robot = server.somebody(true).await;
    assert_eq!(
        server.call(&request("ana@example.org"), Some(&robot)).await.refused(),
        ProblemKind::SessionRequired
    );
    assert!(server.app.post.received().unwrap().is_empty());
    assert_eq!(server.call(&confirm("12345678"), Some(&robot)).await.refused(), ProblemKind::SessionRequired);
}

#[tokio::test]
async fn consent_is_asked_for_in_its_present_version_and_kept() {
    let (server, _directory) = start().await;
    let session = server.somebody(false).await;
    let notice = server.call(&GetConsent { process: slug(PROCESS) }, None).await;
    assert!(notice.text().contains(VERSION));
    let mut old = request("ana@example.org");
    old.body.consent = "2020-01".to_owned();
    assert_eq!(server.call(&old, Some(&session)).await.refused(), ProblemKind::ConsentRequired);
    old.body.consent = String::new();
    assert_eq!(server.call(&old, Some(&session)).await.refused(), ProblemKind::ConsentRequired);
    assert!(server.app.post.received().unwrap().is_empty());
    let person = identify(&server, &session, "ana@example.org").await;
    let record: PersonRecord = server.call(&GetPerson, Some(&person)).await.json();
    let consent = record.identities[0].consent.as_ref().unwrap();
    assert_eq!((consent.version.as_str(), consent.at), (VERSION, time("2026-06-01T12:00:00Z")));
}

#[tokio::test]
async fn what_is_no_address_or_no_code_is_refused_where_it_stands() {
    let (server, _directory) = start().await;
    let session = server.somebody(false).await;
    let refused = server.call(&request("ana@"), Some(&session)).await.problem();
    assert_eq!(
        (refused.fields[0].pointer.as_str(), refused.fields[0].kind),
        ("/email", FieldProblemKind::WrongType)
    );
    let refused =
        server.call(&request("ana@example.org\r\nBcc: todos@example.org"), Some(&session)).await.problem();
    assert_eq!(refused.kind, ProblemKind::InvalidBody);
    let refused = server.call(&confirm("1234"), Some(&session)).await.problem();
    assert_eq!(refused.fields[0].pointer, "/code");
    assert_eq!(server.call(&request("a@b.org"), None).await.refused(), ProblemKind::SessionRequired);
    assert!(server.app.post.received().unwrap().is_empty());
    let mut elsewhere = request("ana@example.org");
    elsewhere.body.process = slug("nothing-here");
    assert_eq!(server.call(&elsewhere, Some(&session)).await.problem().fields[0].pointer, "/process");
    // After the close nobody has to be recognised any more.
    server.clock.set(time("2031-02-01T00:00:00Z"));
    assert_eq!(
        server.call(&request("ana@example.org"), Some(&session)).await.refused(),
        ProblemKind::EmailNotOffered
    );
}

/// A server over the same data whose mail server cannot be reached.
pub async fn without_mail(storage: &Arc<dyn Storage>) -> Server {
    let post = Post::smtp("smtp://127.0.0.1:9", "participa@example.org").unwrap();
    let setup = Setup { post, ..Setup::apart(true).unwrap() };
    serve_setup(Arc::clone(storage), setup, SiteOptions::default()).await
}

#[tokio::test]
async fn a_code_that_could_not_be_sent_counts_for_nothing() {
    let (server, _directory) = start().await;
    let cut_off = without_mail(&server.app.storage).await;
    let phone = server.somebody(false).await;
    // More often than an hour allows, and without a minute's wait.
    for _ in 0..6 {
        let refused = cut_off.call(&request("ana@example.org"), Some(&phone)).await.refused();
        assert_eq!(refused, ProblemKind::MailUnavailable);
    }
    let nothing = server.call(&confirm("12345678"), Some(&phone)).await.refused();
    assert_eq!(nothing, ProblemKind::CodeExpired);
    server.call(&request("ana@example.org"), Some(&phone)).await.json::<CodeSent>();
    assert_eq!(server.app.post.received().unwrap().len(), 1);
}

#[tokio::test]
async fn a_person_sees_what_is_kept_ends_other_sessions_and_leaves() {
    let (server, _directory) = start().await;
    assert_eq!(server.call(&GetPerson, None).await.refused(), ProblemKind::SessionRequired);
    let phone = server.somebody(false).await;
    let phone = identify(&server, &phone, "ana@example.org").await;
    let ballot: Ballot = server.call(&choice(&server, 0).await, Some(&phone)).await.json();
    let desk = server.somebody(false).await;
    let desk = identify(&server, &desk, "ana@example.org").await;

    let record: PersonRecord = server.call(&GetPerson, Some(&desk)).await.json();
    assert_eq!(record.ballots.len(), 1);
    assert_eq!(record.ballots[0].receipt, ballot.receipt);
    assert_eq!(record.sessions.len(), 2);
    let other = record.sessions.iter().find(|session| !session.is_current).unwrap();
    let end = EndOtherSession { session: other.id.clone() };
    let after: PersonRecord = server.call(&end, Some(&desk)).await.json();
    assert_eq!(after.sessions.len(), 1);
    assert_eq!(server.call(&end, Some(&desk)).await.refused(), ProblemKind::NotFound);
    assert_eq!(server.call(&GetPerson, Some(&phone)).await.refused(), ProblemKind::SessionRequired);
    // Nobody ends the session of somebody else.
    let stranger = server.somebody(false).await;
    let end = EndOtherSession { session: after.sessions[0].id.clone() };
    assert_eq!(server.call(&end, Some(&stranger)).await.refused(), ProblemKind::NotFound);

    let left = server.call(&Leave, Some(&desk)).await;
    assert_eq!(left.json::<CurrentSession>().session, None);
    assert!(left.header("set-cookie").contains("Max-Age=0"));
    assert_eq!(server.call(&GetPerson, Some(&desk)).await.refused(), ProblemKind::SessionRequired);
    assert_eq!(results(&server).await.ballots.total, 1, "the ballot stays counted");
    // And cannot be cast a second time.
    let again = server.somebody(false).await;
    server.call(&request("ana@example.org"), Some(&again)).await.json::<CodeSent>();
    let confirmed = server.call(&confirm(&newest_code(&server)), Some(&again)).await;
    assert_eq!(confirmed.refused(), ProblemKind::Left);
    assert_eq!(results(&server).await.ballots.total, 1);
}

#[tokio::test]
async fn ending_a_session_ends_what_it_was_recognised_as() {
    let (server, _directory) = start().await;
    let session = server.somebody(false).await;
    let person = identify(&server, &session, "ana@example.org").await;
    server.call(&EndSession, Some(&person)).await;
    let cast = choice(&server, 0).await;
    assert_eq!(server.call(&cast, Some(&person)).await.refused(), ProblemKind::SessionRequired);
}

#[tokio::test]
async fn identities_of_a_process_that_is_over_are_forgotten_and_no_clock_lets_a_mailbox_vote_again() {
    let (server, _directory) = start().await;
    let session = server.somebody(false).await;
    let ana = identify(&server, &session, "ana@example.org").await;
    server.call(&choice(&server, 0).await, Some(&ana)).await.json::<Ballot>();
    let process = server.app.catalogue.process(PROCESS).unwrap().process.id.clone();
    let salt = server.app.storage.process_salt(&process, [1; 32]).await.unwrap();
    assert!(salt.is_some_and(|salt| salt != [1; 32]));
    assert_eq!(server.app.forget_identities().await.unwrap(), 0, "it goes on");
    let now = server.clock.now();
    server.clock.set(time("2031-02-01T00:00:00Z"));
    assert_eq!(server.app.forget_identities().await.unwrap(), 1);
    assert_eq!(server.app.storage.process_salt(&process, [1; 32]).await.unwrap(), None);

    // The clock was wrong. With a new salt the mailbox would be one that nobody has seen.
    server.clock.set(now);
    let again = server.somebody(false).await;
    let refused = server.call(&request("ana@example.org"), Some(&again)).await.refused();
    assert_eq!(refused, ProblemKind::EmailNotOffered);
    assert_eq!(results(&server).await.ballots.total, 1);
}

#[tokio::test]
async fn a_process_that_asks_for_identities_says_what_people_consent_to() {
    let text = FILE.replace("\"consent\"", "\"unknown\"");
    let parse = |text: &str| cabildo_server::process_file::parse(text).map(|_| ());
    assert!(parse(&text).unwrap_err().to_string().contains("unknown"));
    let start = FILE.find("  \"consent\"").unwrap();
    let end = FILE[start..].find("\n  },").unwrap() + start + "\n  },".len();
    let without = format!("{}{}", &FILE[..start], &FILE[end..]);
    let fault = parse(&without).unwrap_err().to_string();
    assert!(fault.contains("must know what they consent to"), "{fault}");
    let vague = FILE.replace("Contar un solo voto por persona en las consultas de este ensayo.", " ");
    assert!(parse(&vague).is_err());
    let provider = FILE.replace("\"assurance\": \"email\"", "\"assurance\": \"oidc:ciudadano\"");
    parse(&provider).unwrap();
    let kind = FILE.replace("\"assurance\": \"email\"", "\"assurance\": \"passport\"");
    assert!(parse(&kind).unwrap_err().to_string().contains("`device`, `email` or `oidc:NAME`"));
}

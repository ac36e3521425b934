//! Identifying oneself with a provider: the whole way there and back, and every way in which it must not work.

use crate::harness::{Answer, Server, serve_setup, slug, time};
use crate::identity::{CONSULTATION, FILE, PROCESS, choice};
use axum::extract::{Form, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use cabildo_contract::ballot::{Ballot, GetBallot, MyBallot};
use cabildo_contract::identity::{GetPerson, PersonRecord, SIGN_IN_SECONDS, SIGNED_IN_PATH, sign_in_path};
use cabildo_contract::page::parse_query;
use cabildo_contract::problem::ProblemKind;
use cabildo_contract::session::{Assurance, CurrentSession, GetSession};
use cabildo_contract::tally::{GetResults, Results};
use cabildo_server::Setup;
use cabildo_server::identity::Identities;
use cabildo_server::import::import_text;
use cabildo_server::oidc::{Provider, Providers};
use cabildo_server::page::SiteOptions;
use cabildo_server::storage::Storage;
use chrono::{DateTime, Duration, Utc};
use openidconnect::core::{
    CoreEdDsaPrivateSigningKey, CoreIdToken, CoreIdTokenClaims, CoreJsonWebKeySet, CoreJwsSigningAlgorithm,
};
use openidconnect::{
    Audience, EmptyAdditionalClaims, IssuerUrl, JsonWebKeyId, Nonce, PkceCodeChallenge, PkceCodeVerifier,
    PrivateSigningKey, StandardClaims, SubjectIdentifier,
};
use serde_json::json;
use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex};
use tempfile::TempDir;
use tokio::task::JoinHandle;

const VERSION: &str = "2026-11";
const BACK: &str = "/consultations/ensayo-correo?lang=en";
const REFUSED: &str = "/consultations/ensayo-correo?lang=en&identified=refused";
const SITE: &str = "https://here.example";
const CLIENT: &str = "cabildo";
/// Keys that sign nothing but these tests.
const KEY: &str = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIBzIlpNstchI1wldytm7j17rasmtH3pzHAqRhkEs3eW6\n-----END PRIVATE KEY-----\n";
const OTHER_KEY: &str = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIFEYy5Eu+x+mlzqISIulEviSu1wtXB28/XL3cDTnckm8\n-----END PRIVATE KEY-----\n";

/// How the next token differs from what it should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Twist {
    None,
    Audience,
    AlsoForAnother,
    Issuer,
    Nonce,
    NoNonce,
    Expired,
    FromTheFuture,
    Key,
    NoToken,
    Unsigned,
    ByClientSecret,
    Nonsense,
    Down,
}

#[derive(Debug)]
struct Asked {
    nonce: String,
    challenge: String,
}

struct Issuer {
    url: String,
    now: Mutex<DateTime<Utc>>,
    twist: Mutex<Twist>,
    subject: Mutex<String>,
    /// By code.
    asked: Mutex<HashMap<String, Asked>>,
    /// The key that signs, and that is published.
    key: Mutex<&'static str>,
}

fn signing_key(pem: &str) -> CoreEdDsaPrivateSigningKey {
    // Both go by one name, as if somebody else signed in the provider's.
    CoreEdDsaPrivateSigningKey::from_ed25519_pem(pem, Some(JsonWebKeyId::new("key".to_owned()))).unwrap()
}

async fn discovery(State(issuer): State<Arc<Issuer>>) -> Response {
    let url = &issuer.url;
    if *issuer.twist.lock().unwrap() == Twist::Down {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    Json(json!({
        "issuer": url,
        "authorization_endpoint": format!("{url}/authorize"),
        "token_endpoint": format!("{url}/token"),
        "jwks_uri": format!("{url}/jwks"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["EdDSA", "HS256", "none"],
    }))
    .into_response()
}

async fn jwks(State(issuer): State<Arc<Issuer>>) -> Response {
    let key = signing_key(*issuer.key.lock().unwrap()).as_verification_key();
    Json(CoreJsonWebKeySet::new(vec![key])).into_response()
}

async fn token(State(issuer): State<Arc<Issuer>>, Form(form): Form<HashMap<String, String>>) -> Response {
    let refuse = || (StatusCode::BAD_REQUEST, Json(json!({ "error": "invalid_grant" }))).into_response();
    let Some(asked) = issuer.asked.lock().unwrap().remove(&form["code"]) else { return refuse() };
    let verifier = PkceCodeVerifier::new(form["code_verifier"].clone());
    if PkceCodeChallenge::from_code_verifier_sha256(&verifier).as_str() != asked.challenge
        || form["redirect_uri"] != format!("{SITE}{SIGNED_IN_PATH}")
    {
        return refuse();
    }
    let twist = *issuer.twist.lock().unwrap();
    let now = *issuer.now.lock().unwrap();
    let audience = |name: &str| Audience::new(name.to_owned());
    let audiences = match twist {
        Twist::Audience => vec![audience("somebody-else")],
        Twist::AlsoForAnother => vec![audience(CLIENT), audience("somebody-else")],
        _ => vec![audience(CLIENT)],
    };
    let url = if twist == Twist::Issuer { "https://elsewhere.example" } else { issuer.url.as_str() };
    let (since, until) = match twist {
        Twist::Expired => (now - Duration::seconds(600), now - Duration::seconds(1)),
        Twist::FromTheFuture => (now + Duration::seconds(3600), now + Duration::seconds(7200)),
        _ => (now, now + Duration::seconds(60)),
    };
    let subject = SubjectIdentifier::new(issuer.subject.lock().unwrap().clone());
    let nonce = match twist {
        Twist::Nonce => Some(Nonce::new("another".to_owned())),
        Twist::NoNonce => None,
        _ => Some(Nonce::new(asked.nonce)),
    };
    let claims = CoreIdTokenClaims::new(
        IssuerUrl::new(url.to_owned()).unwrap(),
        audiences,
        until,
        since,
        StandardClaims::new(subject),
        EmptyAdditionalClaims {},
    )
    .set_nonce(nonce);
    let key = signing_key(if twist == Twist::Key { OTHER_KEY } else { *issuer.key.lock().unwrap() });
    let token =
        CoreIdToken::new(claims, &key, CoreJwsSigningAlgorithm::EdDsa, None, None).unwrap().to_string();
    let payload = token.split('.').nth(1).unwrap();
    // {"alg":"none"} and {"alg":"HS256"}
    let token = match twist {
        Twist::Unsigned => format!("eyJhbGciOiJub25lIn0.{payload}."),
        Twist::ByClientSecret => format!("eyJhbGciOiJIUzI1NiJ9.{payload}.AAAA"),
        Twist::Nonsense => "secret-nonsense".to_owned(),
        _ => token,
    };
    let mut answer = json!({ "access_token": "opaque", "token_type": "Bearer" });
    if twist != Twist::NoToken {
        answer["id_token"] = token.into();
    }
    Json(answer).into_response()
}

/// A server, and the provider that vouches for people in it.
struct Stage {
    server: Server,
    issuer: Arc<Issuer>,
    serving: JoinHandle<()>,
    directory: TempDir,
}

impl Drop for Stage {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn start() -> Stage {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let issuer = Arc::new(Issuer {
        url: format!("http://{}", listener.local_addr().unwrap()),
        now: Mutex::new("2026-06-01T12:00:00Z".parse().unwrap()),
        twist: Mutex::new(Twist::None),
        subject: Mutex::new("persona-1".to_owned()),
        asked: Mutex::default(),
        key: Mutex::new(KEY),
    });
    let routes = Router::new()
        .route("/.well-known/openid-configuration", get(discovery))
        .route("/jwks", get(jwks))
        .route("/token", post(token))
        .with_state(Arc::clone(&issuer));
    let serving = tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() });

    let directory = TempDir::new().unwrap();
    let storage = crate::harness::storage(directory.path());
    let clock = cabildo_server::clock::MockClock::at(time("2026-06-01T12:00:00Z"));
    let file = FILE.replacen("\"assurance\": \"email\"", "\"assurance\": \"oidc:prueba\"", 1);
    assert_ne!(file, FILE);
    import_text(&storage, &file, Path::new("v.json"), &clock).await.unwrap();
    let server = beside(Arc::new(storage), &issuer).await;
    Stage { server, issuer, serving, directory }
}

/// One of the servers of an installation that sends people to this provider.
async fn beside(storage: Arc<dyn Storage>, issuer: &Issuer) -> Server {
    let providers = vec![
        Provider::parse(&format!("prueba={},{CLIENT}", issuer.url)).unwrap(),
        Provider::parse("otra=https://elsewhere.example,cabildo").unwrap(),
    ];
    let identities = Identities::new([7; 32]);
    let providers = Providers::new(providers, Some(SITE), identities.secret_for("sign-in")).unwrap();
    let setup = Setup { providers, identities, ..Setup::apart(true).unwrap() };
    serve_setup(storage, setup, SiteOptions::default()).await
}

fn start_path(back: &str) -> String {
    sign_in_path(&slug("prueba"), &slug(PROCESS), VERSION, back)
}

fn cookie(answer: &Answer) -> String {
    answer.header("set-cookie").split(';').next().unwrap().to_owned()
}

/// Where a browser is sent.
#[track_caller]
fn location(answer: &Answer) -> &str {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    assert!(answer.header("cache-control").contains("no-store"));
    answer.header("location")
}

impl Stage {
    async fn visit(&self, path: &str, cookie: &str) -> Answer {
        self.server.send("GET", path, &[("cookie", cookie)], None).await
    }

    fn twist(&self, twist: Twist) {
        *self.issuer.twist.lock().unwrap() = twist;
    }

    fn advance(&self, seconds: i64) {
        self.server.clock.advance(seconds);
        *self.issuer.now.lock().unwrap() += Duration::seconds(seconds);
    }

    /// Goes to the provider; gives the state and the code with which it sends the person back.
    async fn go(&self, cookie: &str) -> (String, String) {
        let answer = self.visit(&start_path(BACK), cookie).await;
        let (address, query) = location(&answer).split_once('?').unwrap();
        assert_eq!(address, format!("{}/authorize", self.issuer.url));
        let pairs: HashMap<String, String> = parse_query(query).into_iter().collect();
        assert_eq!(pairs["response_type"], "code");
        assert_eq!(pairs["scope"], "openid");
        assert_eq!(pairs["client_id"], CLIENT);
        assert_eq!(pairs["redirect_uri"], format!("{SITE}{SIGNED_IN_PATH}"));
        assert_eq!(pairs["code_challenge_method"], "S256");
        let asked = Asked { nonce: pairs["nonce"].clone(), challenge: pairs["code_challenge"].clone() };
        let code = format!("code-{}", pairs["nonce"]);
        self.issuer.asked.lock().unwrap().insert(code.clone(), asked);
        (pairs["state"].clone(), code)
    }

    async fn come_back(&self, state: &str, code: &str, cookie: &str) -> Answer {
        self.visit(&format!("{SIGNED_IN_PATH}?code={code}&state={state}&session_state=x"), cookie).await
    }

    async fn identify(&self, session: &str) -> String {
        let (state, code) = self.go(session).await;
        let answer = self.come_back(&state, &code, session).await;
        assert_eq!(location(&answer), BACK);
        cookie(&answer)
    }

    async fn identities(&self, cookie: &str) -> Vec<Assurance> {
        let session: CurrentSession = self.server.call(&GetSession, Some(cookie)).await.json();
        let identities = session.session.map(|session| session.identities).unwrap_or_default();
        identities.into_iter().map(|identified| identified.assurance).collect()
    }
}

#[tokio::test]
async fn a_person_goes_to_the_provider_comes_back_to_where_they_were_and_votes_once_from_two_devices() {
    let stage = start().await;
    let server = &stage.server;
    // Without a session before: the way there opens one.
    let answer = server.get(&start_path(BACK)).await;
    let phone = cookie(&answer);
    assert!(answer.header("set-cookie").contains("SameSite=Lax"));
    assert_eq!(
        server.call(&choice(server, 0).await, Some(&phone)).await.refused(),
        ProblemKind::IdentityRequired
    );
    let before = phone.clone();
    let phone = stage.identify(&phone).await;
    assert_eq!(stage.identities(&phone).await, [Assurance::Oidc(slug("prueba"))]);
    assert_eq!(stage.identities(&before).await, [], "whoever knew the token before knows nothing now");
    let first: Ballot = server.call(&choice(server, 0).await, Some(&phone)).await.json();

    let desk = server.somebody(false).await;
    let desk = stage.identify(&desk).await;
    let second: Ballot = server.call(&choice(server, 1).await, Some(&desk)).await.json();
    assert_eq!((second.revision, second.receipt), (2, first.receipt));
    *stage.issuer.subject.lock().unwrap() = "persona-2".to_owned();
    let other = server.somebody(false).await;
    let other = stage.identify(&other).await;
    let mine = GetBallot { consultation: slug(CONSULTATION) };
    assert_eq!(server.call(&mine, Some(&other)).await.json::<MyBallot>().ballot, None);
    let results: Results = server.call(&GetResults { consultation: slug(CONSULTATION) }, None).await.json();
    assert_eq!((results.ballots.total, results.assurance), (1, Some(Assurance::Oidc(slug("prueba")))));
    let record: PersonRecord = server.call(&GetPerson, Some(&phone)).await.json();
    assert_eq!(record.identities[0].consent.as_ref().unwrap().version, VERSION);

    // Nothing of what the provider said is on the disk.
    for file in std::fs::read_dir(stage.directory.path()).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        let holds = |text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
        assert!(!holds("persona-1") && !holds("opaque") && !holds(&stage.issuer.url));
    }
}

#[tokio::test]
async fn a_token_that_is_not_as_it_must_be_identifies_nobody() {
    let stage = start().await;
    for twist in [
        Twist::Audience,
        Twist::AlsoForAnother,
        Twist::Issuer,
        Twist::Nonce,
        Twist::NoNonce,
        Twist::Expired,
        Twist::FromTheFuture,
        Twist::Key,
        Twist::NoToken,
        Twist::Unsigned,
        Twist::ByClientSecret,
        Twist::Nonsense,
    ] {
        let session = stage.server.somebody(false).await;
        let (state, code) = stage.go(&session).await;
        stage.twist(twist);
        let answer = stage.come_back(&state, &code, &session).await;
        assert_eq!(location(&answer), REFUSED, "{twist:?}");
        assert!(answer.header("set-cookie").is_empty());
        assert_eq!(stage.identities(&session).await, [], "{twist:?}");
        stage.twist(Twist::None);
    }
}

#[tokio::test]
async fn a_state_is_good_once_for_ten_minutes_for_its_own_session() {
    let stage = start().await;
    let stale = |answer: Answer| {
        let problem = answer.problem();
        assert_eq!(problem.kind, ProblemKind::InvalidParameter);
        assert_eq!(problem.fields[0].pointer, "?state");
    };
    let session = stage.server.somebody(false).await;
    let (state, code) = stage.go(&session).await;
    // Somebody who is led to another's way back is not identified as them, and does not use it up.
    let victim = stage.server.somebody(false).await;
    stale(stage.come_back(&state, &code, &victim).await);
    stale(stage.server.get(&format!("{SIGNED_IN_PATH}?code={code}&state={state}")).await);
    assert_eq!(stage.identities(&victim).await, []);
    let answer = stage.come_back(&state, &code, &session).await;
    assert_eq!(location(&answer), BACK);
    let person = cookie(&answer);
    stale(stage.come_back(&state, &code, &person).await);

    // The answer may have been lost: the same way back, in the same browser, leads to the same session, for a while.
    let again = stage.come_back(&state, &code, &session).await;
    assert_eq!((location(&again), cookie(&again)), (BACK, person.clone()));
    stale(stage.come_back(&state, "another", &session).await);
    stage.advance(SIGN_IN_SECONDS - 1);
    assert_eq!(cookie(&stage.come_back(&state, &code, &session).await), person);
    stage.advance(1);
    stale(stage.come_back(&state, &code, &session).await);

    // Used up also when the first time failed.
    let (state, code) = stage.go(&person).await;
    assert_eq!(location(&stage.come_back(&state, "another", &person).await), REFUSED);
    stale(stage.come_back(&state, &code, &person).await);

    let (state, code) = stage.go(&person).await;
    stage.advance(SIGN_IN_SECONDS);
    stale(stage.come_back(&state, &code, &person).await);
    let (state, code) = stage.go(&person).await;
    stage.advance(SIGN_IN_SECONDS - 1);
    assert_eq!(location(&stage.come_back(&state, &code, &person).await), BACK);
    for state in ["", "x", &"A".repeat(43)] {
        stale(stage.come_back(state, "code", &person).await);
    }
    // A code of one sign-in does not end another: each has its own verifier.
    let person = stage.server.somebody(false).await;
    let (_, other) = stage.go(&person).await;
    let (state, _) = stage.go(&person).await;
    assert_eq!(location(&stage.come_back(&state, &other, &person).await), REFUSED);
}

#[tokio::test]
async fn a_state_says_nothing_to_the_provider_and_a_changed_one_is_none() {
    let stage = start().await;
    let session = stage.server.somebody(false).await;
    let (state, code) = stage.go(&session).await;
    let bytes = data_encoding::BASE64URL_NOPAD.decode(state.as_bytes()).unwrap();
    let process = stage.server.app.catalogue.process(PROCESS).unwrap().process.id.clone();
    for said in ["prueba", "consultations", VERSION, process.as_str()] {
        assert!(!bytes.windows(said.len()).any(|window| window == said.as_bytes()), "{said}");
    }
    for place in [0, 20, bytes.len() - 1] {
        let mut changed = bytes.clone();
        changed[place] ^= 1;
        let changed = data_encoding::BASE64URL_NOPAD.encode(&changed);
        assert_eq!(stage.come_back(&changed, &code, &session).await.status, 400);
    }
    assert_eq!(location(&stage.come_back(&state, &code, &session).await), BACK);
}

#[tokio::test]
#[ignore = "needs PostgreSQL"]
async fn a_sign_in_that_is_begun_at_one_server_ends_at_another_and_then_at_none() {
    let mut stage = start().await;
    let second = Arc::new(crate::harness::storage(stage.directory.path()));
    let second = beside(second, &stage.issuer).await;
    let session = stage.server.somebody(false).await;
    let (state, code) = stage.go(&session).await;
    let first = std::mem::replace(&mut stage.server, second);
    let answer = stage.come_back(&state, &code, &session).await;
    assert_eq!(location(&answer), BACK);
    let person = cookie(&answer);
    assert_eq!(stage.identities(&person).await, [Assurance::Oidc(slug("prueba"))]);

    // Used up at one, though nobody was identified, it is used up at the other.
    let (state, code) = stage.go(&person).await;
    assert_eq!(location(&stage.come_back(&state, "another", &person).await), REFUSED);
    stage.server = first;
    assert_eq!(stage.come_back(&state, &code, &person).await.refused(), ProblemKind::InvalidParameter);
}

#[tokio::test]
async fn what_the_provider_refuses_and_what_another_issuer_answers_takes_the_person_back() {
    let stage = start().await;
    let session = stage.server.somebody(false).await;
    for rest in [
        "error=access_denied&error_description=x",
        "code=x&error=server_error",
        "",
        "code=CODE&iss=https://elsewhere.example",
    ] {
        let (state, code) = stage.go(&session).await;
        let rest = rest.replace("CODE", &code);
        let answer = stage.visit(&format!("{SIGNED_IN_PATH}?state={state}&{rest}"), &session).await;
        assert_eq!(location(&answer), REFUSED, "{rest}");
    }
    let (state, code) = stage.go(&session).await;
    let path = format!("{SIGNED_IN_PATH}?code={code}&state={state}&iss={}", stage.issuer.url);
    assert_eq!(location(&stage.visit(&path, &session).await), BACK);
    assert_eq!(stage.identities(&session).await, []);
}

#[tokio::test]
async fn a_provider_that_cannot_be_reached_takes_the_person_back_and_is_asked_again() {
    let stage = start().await;
    stage.twist(Twist::Down);
    let session = stage.server.somebody(false).await;
    assert_eq!(location(&stage.visit(&start_path(BACK), &session).await), REFUSED);
    stage.twist(Twist::None);
    stage.identify(&session).await;
}

#[tokio::test]
async fn a_provider_that_signs_with_a_new_key_is_believed_once_its_keys_are_read_again() {
    let stage = start().await;
    let session = stage.server.somebody(false).await;
    let session = stage.identify(&session).await;
    *stage.issuer.key.lock().unwrap() = OTHER_KEY;
    stage.advance(61);
    stage.identify(&session).await;
}

#[tokio::test]
async fn the_way_there_is_for_pages_of_this_site_and_consent_given_there() {
    let stage = start().await;
    let session = stage.server.somebody(false).await;
    for back in [
        "",
        "//elsewhere.example",
        "https://elsewhere.example/",
        "/\\elsewhere.example",
        "/..//elsewhere.example",
        "/api/v1/session",
    ] {
        let problem = stage.visit(&start_path(back), &session).await.problem();
        assert_eq!(problem.kind, ProblemKind::InvalidParameter, "{back}");
        assert_eq!(problem.fields[0].pointer, "?back", "{back}");
    }
    let headers = [("cookie", session.as_str()), ("sec-fetch-site", "cross-site")];
    let answer = stage.server.send("GET", &start_path(BACK), &headers, None).await;
    assert_eq!(answer.refused(), ProblemKind::CrossSite);

    let path = |provider: &str, process: &str, consent: &str| {
        sign_in_path(&slug(provider), &slug(process), consent, BACK)
    };
    for (path, expected) in [
        (path("nadie", PROCESS, VERSION), ProblemKind::NotFound),
        (path("otra", PROCESS, VERSION), ProblemKind::InvalidParameter),
        (path("prueba", "nothing-here", VERSION), ProblemKind::InvalidParameter),
        (start_path(BACK) + "&odd=1", ProblemKind::InvalidParameter),
    ] {
        assert_eq!(stage.visit(&path, &session).await.refused(), expected, "{path}");
    }
    for consent in ["2020-01", ""] {
        let answer = stage.visit(&path("prueba", PROCESS, consent), &session).await;
        assert_eq!(location(&answer), REFUSED);
    }
    // After the close nobody has to be recognised any more.
    stage.server.clock.set(time("2031-02-01T00:00:00Z"));
    assert_eq!(stage.visit(&start_path(BACK), &session).await.refused(), ProblemKind::InvalidParameter);
}

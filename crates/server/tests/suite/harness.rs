//! A server of one's own for each test: a directory, a clock, a router.

use crate::cluster;
use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use cabildo_contract::ballot::{Ballot, BallotBody, CastBallot};
use cabildo_contract::comment::{Comment, NewComment, PostComment, Stance};
use cabildo_contract::consultation::{Consultation, GetConsultation};
use cabildo_contract::endpoint::Endpoint;
use cabildo_contract::id::{ProposalId, Slug};
use cabildo_contract::problem::{MEDIA_TYPE, Problem, ProblemKind};
use cabildo_contract::session::{NewSession, OpenSession};
use cabildo_contract::time::Timestamp;
use cabildo_server::clock::{Clock, MockClock};
use cabildo_server::desk::Role;
use cabildo_server::import::import_text;
use cabildo_server::page::{SiteOptions, site};
use cabildo_server::storage::database::Database;
use cabildo_server::storage::sqlite::Options;
use cabildo_server::storage::{Storage, postgres};
use cabildo_server::{App, Setup};
use http_body_util::BodyExt;
use serde::de::DeserializeOwned;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tokio::task::JoinHandle;
use tower::ServiceExt;

/// The project's own process file.
pub const PROCESS_FILE: &str = include_str!("../../data/processes/iv-plan-estado-abierto.json");
pub const PROCESS: &str = "iv-plan-estado-abierto";
/// The process in which everything is invented.
pub const REHEARSAL_FILE: &str = include_str!("../../data/processes/ensayo-barrio.json");
pub const REHEARSAL: &str = "ensayo-barrio";
pub const CONSULTATION: &str = "prioridades-ejercicio";

pub fn slug(text: &str) -> Slug {
    Slug::parse(text).unwrap()
}

pub fn time(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

pub struct Server {
    pub app: Arc<App>,
    pub clock: Arc<MockClock>,
    pub site: Router,
    publisher: JoinHandle<()>,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.publisher.abort();
    }
}

/// The database of a directory: SQLite's in it or, where `CABILDO_POSTGRES` names the programs of PostgreSQL and there is
/// none of SQLite's in it yet, one of PostgreSQL's that goes with it.
pub fn storage(directory: &Path) -> Database {
    storage_with(directory, Options::default())
}

fn storage_with(directory: &Path, options: Options) -> Database {
    let Some(url) = cluster::url(directory) else { return Database::open(directory, options).unwrap() };
    let Options { group_commit, readers, busy_timeout, .. } = options;
    let options = postgres::Options {
        group_commit,
        readers,
        lock_timeout: busy_timeout,
        ..postgres::Options::default()
    };
    Database::connect(&url, &options).unwrap()
}

/// A number that the database of a directory answers, to another connection than its server's.
pub fn number(directory: &Path, sql: &str) -> u64 {
    match cluster::url(directory) {
        None => sqlite(directory).query_row(sql, [], |row| row.get(0)).unwrap(),
        Some(_) => cluster::number(directory, sql),
    }
}

/// Runs statements in the database of a directory, behind the back of its server.
pub fn run(directory: &Path, sql: &str) -> Result<(), String> {
    match cluster::url(directory) {
        None => sqlite(directory).execute_batch(sql).map_err(|error| error.to_string()),
        Some(_) => cluster::run(directory, sql),
    }
}

/// SQLite's database in a directory.
pub fn sqlite(directory: &Path) -> rusqlite::Connection {
    rusqlite::Connection::open(directory.join("cabildo.db")).unwrap()
}

/// A directory with the project's process in it.
pub async fn directory() -> TempDir {
    let directory = TempDir::new().unwrap();
    fill(&storage(directory.path())).await;
    directory
}

/// As [`directory`], with SQLite in any case: for what is promised of its file.
pub async fn embedded() -> TempDir {
    let directory = TempDir::new().unwrap();
    fill(&Database::open(directory.path(), Options::default()).unwrap()).await;
    directory
}

async fn fill(storage: &Database) {
    let clock = MockClock::at(time("2026-06-01T12:00:00Z"));
    import_text(storage, PROCESS_FILE, Path::new("p.json"), &clock).await.unwrap();
}

/// A server over a directory, with simulation allowed.
pub async fn open(directory: &Path, options: Options) -> Server {
    serve(Arc::new(storage_with(directory, options)), true).await
}

pub async fn serve(storage: Arc<dyn Storage>, simulation: bool) -> Server {
    serve_with(storage, simulation, SiteOptions::default()).await
}

/// A server that shows itself to the outside in a particular way.
pub async fn serve_with(storage: Arc<dyn Storage>, simulation: bool, options: SiteOptions) -> Server {
    serve_setup(storage, Setup::apart(simulation).unwrap(), options).await
}

/// A server that was set up in a particular way.
pub async fn serve_setup(storage: Arc<dyn Storage>, setup: Setup, options: SiteOptions) -> Server {
    serve_at("2026-06-01T12:00:00Z", storage, setup, options).await
}

/// A server that was started at another time.
pub async fn serve_at(now: &str, storage: Arc<dyn Storage>, setup: Setup, options: SiteOptions) -> Server {
    let clock = Arc::new(MockClock::at(time(now)));
    let app = App::start(storage, Arc::clone(&clock) as Arc<dyn Clock>, setup).await.unwrap();
    let live = Arc::clone(&app.live);
    let publisher = tokio::spawn(async move { live.publish().await });
    let site = site(Arc::clone(&app), options);
    Server { app, clock, site, publisher }
}

/// A server with the project's process; the directory lives as long as the second value.
pub async fn start() -> (Server, TempDir) {
    let directory = directory().await;
    (open(directory.path(), Options::default()).await, directory)
}

/// A server with the process in which everything is invented beside the project's.
pub async fn rehearsal() -> (Server, TempDir) {
    let directory = both().await;
    (open(directory.path(), Options::default()).await, directory)
}

/// A directory with both processes in it.
pub async fn both() -> TempDir {
    let directory = directory().await;
    let storage = storage(directory.path());
    let clock = MockClock::at(time("2026-06-01T12:00:00Z"));
    import_text(&storage, REHEARSAL_FILE, Path::new("r.json"), &clock).await.unwrap();
    directory
}

/// An answer, read whole.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Answer {
    pub fn json<T: DeserializeOwned>(&self) -> T {
        assert!(self.status.is_success(), "{} {}", self.status, self.text());
        serde_json::from_slice(&self.body).unwrap()
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The problem, which is whole: its status is the response's, its request id is in the header.
    pub fn problem(&self) -> Problem {
        assert_eq!(self.header("content-type"), MEDIA_TYPE, "{} {}", self.status, self.text());
        let problem: Problem = serde_json::from_slice(&self.body).unwrap();
        assert_eq!(problem.status, self.status.as_u16());
        assert_eq!(problem.request_id, self.header("x-request-id"));
        assert!(!problem.request_id.is_empty());
        problem
    }

    pub fn refused(&self) -> ProblemKind {
        self.problem().kind
    }
}

impl Server {
    pub async fn request(&self, request: Request<Body>) -> Answer {
        let response = self.site.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        Answer {
            status: parts.status,
            headers: parts.headers,
            body: body.collect().await.unwrap().to_bytes(),
        }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.request(Request::get(path).body(Body::empty()).unwrap()).await
    }

    /// A request with these headers, and with a body if there is one.
    pub async fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&str>,
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if body.is_some() && !headers.iter().any(|(name, _)| *name == "content-type") {
            request = request.header("content-type", "application/json");
        }
        self.request(request.body(Body::from(body.unwrap_or_default().to_owned())).unwrap()).await
    }

    /// Sends an operation of the contract, as somebody or as nobody.
    pub async fn call<E: Endpoint>(&self, endpoint: &E, cookie: Option<&str>) -> Answer {
        let body = endpoint.body().map(|body| serde_json::to_string(body).unwrap());
        let headers: Vec<_> = cookie.map(|cookie| ("cookie", cookie)).into_iter().collect();
        self.send(E::METHOD.as_str(), &endpoint.path(), &headers, body.as_deref()).await
    }

    /// The key of an entity's answering desk in the project's process, good for a day.
    pub fn desk_key(&self, entity: &str) -> String {
        let closes_at = self.clock.now().plus_seconds(24 * 60 * 60);
        self.app.desks.key(Role::Entity, &slug(PROCESS), entity, closes_at).unwrap()
    }

    /// The key of a moderator of the project's process, good for a day.
    pub fn moderator_key(&self, name: &str) -> String {
        let closes_at = self.clock.now().plus_seconds(24 * 60 * 60);
        self.app.desks.key(Role::Moderator, &slug(PROCESS), name, closes_at).unwrap()
    }

    /// Sends an operation of the contract with the key of a desk.
    pub async fn at_desk<E: Endpoint>(&self, endpoint: &E, key: &str) -> Answer {
        let body = endpoint.body().map(|body| serde_json::to_string(body).unwrap());
        let key = format!("Bearer {key}");
        self.send(E::METHOD.as_str(), &endpoint.path(), &[("authorization", &key)], body.as_deref()).await
    }

    /// Somebody new: the cookie to send.
    pub async fn somebody(&self, simulated: bool) -> String {
        let answer = self.call(&OpenSession { body: NewSession { simulated } }, None).await;
        assert!(answer.status.is_success(), "{}", answer.text());
        answer.header("set-cookie").split(';').next().unwrap().to_owned()
    }

    pub async fn consultation(&self) -> Consultation {
        self.call(&GetConsultation { consultation: slug(CONSULTATION) }, None).await.json()
    }

    /// The options of the exercise, by their place.
    pub async fn choices(&self, options: &[usize]) -> BallotBody {
        let consultation = self.consultation().await;
        BallotBody::of(options.iter().map(|at| consultation.options[*at].id.clone()).collect())
    }

    pub async fn cast(&self, cookie: &str, options: &[usize]) -> Ballot {
        let body = self.choices(options).await;
        self.call(&CastBallot::new(slug(CONSULTATION), body), Some(cookie)).await.json()
    }

    /// Proposal number 1.
    pub fn proposal(&self) -> ProposalId {
        self.app.catalogue.process(PROCESS).unwrap().proposals[0].head.id.clone()
    }

    pub async fn comment(&self, cookie: &str, text: &str) -> Comment {
        let body = NewComment { stance: Stance::For, text: text.to_owned() };
        self.call(&PostComment { subject: self.proposal(), body }, Some(cookie)).await.json()
    }
}

/// Waits until a condition holds, which it must in a minute.
pub async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let begun = Instant::now();
    while !holds().await {
        assert!(begun.elapsed() < Duration::from_secs(60), "{what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// All answers of up to five of the fifteen options: enough for everybody to give one that nobody else gives.
pub async fn ballots(server: &Server) -> Vec<BallotBody> {
    let options = server.consultation().await.options;
    let sets = (1_u32..1 << options.len()).filter(|set| set.count_ones() <= 5);
    let chosen = |set: u32| (0..).zip(&options).filter(move |(at, _)| set >> at & 1 == 1);
    sets.map(|set| BallotBody::of(chosen(set).map(|(_, option)| option.id.clone()).collect())).collect()
}

/// Reads an address over the network.
pub async fn fetch(url: impl reqwest::IntoUrl) -> reqwest::Response {
    cabildo_server::tls::client().unwrap().build().unwrap().get(url).send().await.unwrap()
}

//! A database with a standby server: what is kept when it takes over, what is said when it would not be, and who it has to
//! be. Needs PostgreSQL: `cargo xtask test postgres`.

use crate::cluster::{self, Cluster, give};
use crate::harness::{CONSULTATION, PROCESS_FILE, Server, ballots, serve, slug, time, until};
use crate::metrics::{read, value};
use cabildo_contract::ballot::{Ballot, BallotBody, CastBallot};
use cabildo_contract::endpoint::Endpoint;
use cabildo_contract::session::{NewSession, OpenSession};
use cabildo_server::backup::check_shared;
use cabildo_server::clock::MockClock;
use cabildo_server::import::import_text;
use cabildo_server::storage::database::{Database, OpenError};
use cabildo_server::storage::postgres::{self, DatabaseUrl, Options as Postgres};
use cabildo_server::storage::{Risk, Storage};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// Durable as far as the settings say; that the disk is not waited for is not what is looked at.
const DURABLE: &str = "fsync = on\nfull_page_writes = on";

/// A cluster that answers only once its standby server has it, too.
fn pair() -> (Cluster, Cluster) {
    let primary = Cluster::start("");
    let standby = primary.standby("synchronous_standby_names = ''");
    cluster::set(&primary, "synchronous_standby_names", "standby");
    (primary, standby)
}

async fn connect(url: &str) -> Server {
    let url: DatabaseUrl = url.parse().unwrap();
    let storage = Database::connect(&url, &Postgres::default()).unwrap();
    let clock = MockClock::at(time("2026-06-01T12:00:00Z"));
    import_text(&storage, PROCESS_FILE, Path::new("p.json"), &clock).await.unwrap();
    serve(Arc::new(storage), true).await
}

/// Sends an operation until it is done, as browsers do: `503` says that nothing is known to be written.
async fn insist<E: Endpoint>(server: &Server, endpoint: &E, cookie: Option<&str>) -> crate::harness::Answer {
    loop {
        let answer = server.call(endpoint, cookie).await;
        if answer.status != 503 {
            assert!(answer.status.is_success(), "{} {}", answer.status, answer.text());
            return answer;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// What was acknowledged while people voted.
#[derive(Default)]
struct Voting {
    next: AtomicU64,
    stop: AtomicBool,
    acknowledged: Mutex<Vec<(Ballot, Instant)>>,
}

impl Voting {
    fn count(&self) -> usize {
        self.acknowledged.lock().unwrap().len()
    }

    /// One person after the other, each with a choice that nobody else has.
    async fn vote(&self, server: &Server, choices: &[BallotBody]) {
        while !self.stop.load(Ordering::SeqCst) {
            let number = usize::try_from(self.next.fetch_add(1, Ordering::SeqCst)).unwrap();
            let session = OpenSession { body: NewSession { simulated: false } };
            let answer = insist(server, &session, None).await;
            let cookie = answer.header("set-cookie").split(';').next().unwrap().to_owned();
            let cast = CastBallot::new(slug(CONSULTATION), choices[number].clone());
            let ballot = insist(server, &cast, Some(&cookie)).await.json();
            self.acknowledged.lock().unwrap().push((ballot, Instant::now()));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL"]
async fn when_the_database_dies_and_its_standby_takes_over_no_acknowledged_ballot_is_lost_or_doubled() {
    let (primary, standby) = pair();
    let both = format!("{},{}", primary.host(), standby.host());
    let server = Arc::new(
        connect(&format!("postgres://cabildo@{both}/postgres?target_session_attrs=read-write")).await,
    );
    assert_eq!(server.app.storage.risks().await.unwrap(), [Risk::NoSync, Risk::TornPages]);
    let (voting, choices) = (Arc::new(Voting::default()), Arc::new(ballots(&server).await));
    let mut voters = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let (voting, server, choices) = (Arc::clone(&voting), Arc::clone(&server), Arc::clone(&choices));
        voters.spawn(async move { voting.vote(&server, &choices).await });
    }
    until("people vote", async || voting.count() >= 200).await;
    tokio::task::block_in_place(|| primary.kill());
    let (before, died) = (voting.count(), Instant::now());
    tokio::task::block_in_place(|| standby.control("promote"));
    let promoted = died.elapsed();
    until("people vote again", async || voting.count() >= before + 100).await;
    voting.stop.store(true, Ordering::SeqCst);
    voters.join_all().await;

    let acknowledged = std::mem::take(&mut *voting.acknowledged.lock().unwrap());
    let again =
        acknowledged[before..].iter().map(|(_, at)| at.duration_since(died)).find(|after| *after > promoted);
    let again = again.unwrap();
    println!("standby took over after {promoted:?}, ballots were taken again after {again:?}");
    assert!(again < Duration::from_secs(30), "{again:?}");
    // Everybody insisted, so every ballot that was begun is there once, with its number and its choice.
    let sql = "SELECT receipt, choices FROM ballot WHERE choices IS NOT NULL";
    let kept: Vec<(String, String)> = cluster::with(&standby.url(None), |client| {
        client.query(sql, &[]).unwrap().iter().map(|row| (row.get(0), row.get(1))).collect()
    });
    let different: BTreeSet<&String> = kept.iter().map(|(_, choices)| choices).collect();
    assert_eq!((kept.len(), different.len()), (acknowledged.len(), acknowledged.len()));
    let kept: HashMap<String, String> = kept.into_iter().collect();
    for (ballot, _) in &acknowledged {
        let choices = serde_json::to_value(&ballot.body.choices).unwrap();
        assert_eq!(serde_json::from_str::<serde_json::Value>(&kept[&ballot.receipt]).unwrap(), choices);
    }
    // And the live count, which went on in memory, is that of the database.
    server.app.storage.check(time("2026-06-01T12:00:00Z")).await.unwrap();
    let counted = server.app.storage.load_board().await.unwrap();
    assert!(server.app.live.read(|board| *board == counted));
}

/// What the program says to whoever runs it, until it says `last`.
pub fn said(arguments: &[&str], last: &str) -> String {
    let mut program = Command::new(env!("CARGO_BIN_EXE_cabildo"));
    let mut program = program.args(arguments).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let mut text = String::new();
    for line in BufReader::new(program.stderr.take().unwrap()).lines().map(Result::unwrap) {
        text += &line;
        if line.contains(last) {
            break;
        }
    }
    program.kill().unwrap();
    program.wait().unwrap();
    text
}

#[tokio::test]
#[ignore = "needs PostgreSQL"]
async fn a_standby_that_is_not_waited_for_is_warned_of_in_the_log_when_it_is_asked_and_in_a_check() {
    let primary = Cluster::start(DURABLE);
    let _standby = primary.standby("");
    let server = connect(&primary.url(None)).await;
    assert_eq!(server.app.storage.risks().await.unwrap(), [Risk::LateStandby]);
    let ready = server.get("/readyz").await;
    assert!(ready.status == 200 && ready.text().contains("warning: standby servers are not waited for"));
    let url = primary.url(None);
    let (_, risks) = check_shared(&url.parse().unwrap(), &Postgres::default()).unwrap();
    assert_eq!(risks, [Risk::LateStandby]);
    let data = tempfile::tempdir().unwrap();
    let data = data.path().to_str().unwrap();
    let warning = "standby servers are not waited for";
    assert!(said(&["check", "--data", data, "--database", &url], warning).contains(warning));
    let serve = ["serve", "--listen", "127.0.0.1:0", "--data", data, "--database", &url];
    assert!(said(&serve, warning).contains(warning));
    // Waited for, there is nothing to be said.
    cluster::set(&primary, "synchronous_standby_names", "standby");
    assert_eq!(server.app.storage.risks().await.unwrap(), []);
    until("nothing is to be said", async || server.get("/readyz").await.text() == "ready\n").await;
}

/// Sends a signal to one process.
fn signal(name: &str, process: i32) {
    assert!(Command::new("kill").args([name, &process.to_string()]).status().unwrap().success());
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL"]
async fn a_standby_that_falls_behind_is_seen_in_the_metrics_until_it_has_caught_up() {
    let primary = Cluster::start("");
    let standby = primary.standby("");
    let server = connect(&primary.url(None)).await;
    let data = tempfile::tempdir().unwrap();
    let cookie = server.somebody(false).await;
    let voted = AtomicUsize::new(0);
    // Somebody votes, and somebody looks.
    let lag = async || {
        server.cast(&cookie, &[voted.fetch_add(1, Ordering::SeqCst) % 15]).await;
        value(&read(&server, data.path()).await, "cabildo_database_lag_seconds")
    };
    let asked = |sql: &str| cluster::with(&standby.url(None), |client| client.query_one(sql, &[]).unwrap());
    let receiver: i32 = asked("SELECT pid FROM pg_stat_wal_receiver").get(0);
    // It gets everything and does nothing with it; then it gets nothing, and says nothing.
    let replays: (&dyn Fn(), &dyn Fn()) = (&|| drop(asked("SELECT pg_wal_replay_pause()::text")), &|| {
        drop(asked("SELECT pg_wal_replay_resume()::text"))
    });
    let receives: (&dyn Fn(), &dyn Fn()) = (&|| signal("-STOP", receiver), &|| signal("-CONT", receiver));
    for (what, (halt, go_on)) in [("replaying", replays), ("receiving", receives)] {
        until("it keeps up", async || lag().await < 0.2).await;
        halt();
        let (begun, before) = (Instant::now(), voted.load(Ordering::SeqCst));
        until(what, async || lag().await > 1.0).await;
        let ballots = voted.load(Ordering::SeqCst) - before;
        println!(
            "{what} halted: more than a second behind after {:?} and {ballots} ballots",
            begun.elapsed()
        );
        go_on();
    }
    until("it keeps up again", async || lag().await < 0.2).await;

    // Who may not see it is told nothing, and not that all is well.
    cluster::with(&primary.url(None), |client| client.batch_execute("CREATE ROLE somebody LOGIN").unwrap());
    let url: DatabaseUrl = primary.url(None).replace("cabildo@", "somebody@").parse().unwrap();
    let seen = postgres::with(&url, &Postgres::default(), false, |connection| {
        Ok::<_, OpenError>(postgres::standby_lag(connection).map_err(postgres::ConnectError::from)?)
    });
    assert_eq!(seen.unwrap(), None);
}

/// An authority, and a certificate that it gave to whoever is called `name`.
struct Authority {
    directory: tempfile::TempDir,
}

impl Authority {
    fn new(name: &str) -> Self {
        let mut params = CertificateParams::new(Vec::<String>::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let authority = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        let key = KeyPair::generate().unwrap();
        let server = CertificateParams::new([name.to_owned()]).unwrap().signed_by(&key, &authority).unwrap();
        let directory = tempfile::tempdir().unwrap();
        give(directory.path());
        for (file, text) in
            [("ca.pem", authority.pem()), ("server.pem", server.pem()), ("server.key", key.serialize_pem())]
        {
            let path = directory.path().join(file);
            fs::write(&path, text).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
            give(&path);
        }
        Self { directory }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    fn vouches(&self) -> Postgres {
        Postgres { authorities: Some(self.file("ca.pem")), ..Postgres::default() }
    }
}

#[tokio::test]
#[ignore = "needs PostgreSQL"]
async fn over_tls_the_database_has_to_be_who_an_authority_says_it_is() {
    let (ours, others) = (Authority::new("127.0.0.1"), Authority::new("127.0.0.1"));
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let (certificate, key) = (ours.file("server.pem"), ours.file("server.key"));
    let cluster = Cluster::start(&format!(
        "listen_addresses = 'localhost'\nport = {port}\nssl = on\nssl_cert_file = '{}'\nssl_key_file = '{}'",
        certificate.display(),
        key.display()
    ));
    let at = |host: &str| -> DatabaseUrl {
        format!("postgres://cabildo@{host}:{port}/postgres?sslmode=require").parse().unwrap()
    };
    let database = Database::connect(&at("127.0.0.1"), &ours.vouches()).unwrap();
    database.check(time("2026-06-01T12:00:00Z")).await.unwrap();
    let sql = "SELECT count(*) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)
               WHERE application_name = 'cabildo' AND NOT ssl";
    let socket = format!("postgres://cabildo@{}:{port}/postgres", cluster.host());
    let plain: i64 = cluster::with(&socket, |client| client.query_one(sql, &[]).unwrap().get(0));
    assert_eq!(plain, 0, "connections that anybody on the way could read");
    let encrypted = sql.replace("NOT ssl", "ssl");
    let encrypted: i64 = cluster::with(&socket, |client| client.query_one(&encrypted, &[]).unwrap().get(0));
    assert!(encrypted >= 2, "{encrypted}");

    for (host, options, why) in [
        ("127.0.0.1", others.vouches(), "another authority vouches for it"),
        ("127.0.0.1", Postgres::default(), "nobody that browsers know vouches for it"),
        ("localhost", ours.vouches(), "the certificate is for another name"),
    ] {
        let refused = Database::connect(&at(host), &options);
        let Err(error) = refused else { panic!("connected though {why}") };
        assert!(error.to_string().contains("certificate"), "{why}: {error}");
    }
}

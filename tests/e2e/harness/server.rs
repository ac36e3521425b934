//! The release server, with a data directory of its own.

use super::database;
use super::mail::{Arrived, Mail};
use super::port;
use super::provider::Provider;
use serde_json::Value;
use std::cell::RefCell;
use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use tempfile::TempDir;

/// The example process, from which each server's own is made.
const EXAMPLE: &str =
    concat!(env!("CARGO_MANIFEST_DIR"), "/crates/server/data/processes/iv-plan-estado-abierto.json");

/// The process in which everything is invented.
const REHEARSAL: &str =
    concat!(env!("CARGO_MANIFEST_DIR"), "/crates/server/data/processes/ensayo-barrio.json");

/// The process with a consultation of every rule.
const BALLOTS: &str =
    concat!(env!("CARGO_MANIFEST_DIR"), "/crates/server/data/processes/ensayo-votaciones.json");

/// Whom letters are from.
const FROM: &str = "participa@cabildo.example";

/// A server; ended when it is dropped.
pub struct Server {
    directory: TempDir,
    port: u16,
    process: RefCell<Option<Child>>,
    provider: Option<Provider>,
    mail: RefCell<Option<Mail>>,
    /// What else `serve` is told.
    options: RefCell<Vec<&'static str>>,
    /// What strace is told that looks at it, if any does.
    strace: Vec<String>,
    /// Where its records are, if not in its data directory.
    database: Option<String>,
}

/// What of `serve` keeps anybody from writing as often as they want, switched off.
const NO_LIMITS: [&str; 10] = [
    "--limit-person",
    "0",
    "--limit-network",
    "0",
    "--limit-sessions",
    "0",
    "--work-network",
    "0",
    "--work-all",
    "0",
];

impl Server {
    /// Starts a server that holds the example process.
    pub fn start() -> Self {
        Self::with(|_| {})
    }

    /// Starts a server that holds the example process after `change`.
    pub fn with(change: impl FnOnce(&mut Value)) -> Self {
        let mut server = Self::idle();
        server.import(change);
        server.port = server.run();
        server
    }

    /// Starts a server that holds the example process and, beside it, the one in which everything is invented.
    pub fn with_rehearsal() -> Self {
        let mut server = Self::idle();
        server.import(|_| {});
        server.import_file(Path::new(REHEARSAL));
        server.port = server.run();
        server
    }

    /// Starts a server that holds the example process and beside it the consultations of every rule.
    pub fn with_ballots() -> Self {
        let mut server = Self::idle();
        server.import(|_| {});
        server.import_file(Path::new(BALLOTS));
        server.port = server.run();
        server
    }

    /// Starts a server that holds the consultations of every rule, one of which asks people to identify themselves with a
    /// provider, and that provider.
    pub fn with_provider() -> Self {
        let mut server = Self::idle();
        server.import(|_| {});
        let process = fs::read_to_string(BALLOTS).unwrap();
        let process = process.replace("\"assurance\": \"email\"", "\"assurance\": \"oidc:prueba\"");
        let file = server.directory.path().join("ballots.json");
        fs::write(&file, process).unwrap();
        server.import_file(&file);
        // The two have to know of each other before either runs.
        server.port = port::free();
        server.provider = Some(Provider::start(&server.origin()));
        server.run();
        server
    }

    /// Starts a server that holds the consultations of every rule and sends letters to a mail server.
    pub fn with_mail() -> Self {
        let mut server = Self::idle();
        server.import(|_| {});
        server.import_file(Path::new(BALLOTS));
        server.mail.replace(Some(Mail::start()));
        server.port = server.run();
        server
    }

    /// Starts a server that holds the example process and asks for work from the second comment a minute on.
    pub fn with_work() -> Self {
        let mut server = Self::idle();
        server.import(|_| {});
        server.options = RefCell::new(vec!["--work-all", "1"]);
        server.port = server.run();
        server
    }

    /// Starts a server that holds every process there is and lets everybody write as often as they want.
    pub fn without_limits() -> Self {
        let mut server = Self::idle();
        server.import(|_| {});
        server.import_file(Path::new(REHEARSAL));
        server.import_file(Path::new(BALLOTS));
        server.options = RefCell::new(NO_LIMITS.to_vec());
        server.port = server.run();
        server
    }

    /// Starts a server that holds the example process and is reached by way of a proxy, with TLS, at `url`.
    pub fn behind(url: &'static str) -> Self {
        let mut server = Self::idle();
        server.import(|_| {});
        server.import_ballots(&["https://gov.test"]);
        server.options = RefCell::new(vec!["--public-url", url]);
        server.port = server.run();
        server
    }

    /// Starts a server that holds nothing.
    pub fn empty() -> Self {
        let mut server = Self::idle();
        server.port = server.run();
        server
    }

    fn idle() -> Self {
        Self {
            directory: tempfile::tempdir().unwrap(),
            port: 0,
            process: RefCell::default(),
            provider: None,
            mail: RefCell::default(),
            options: RefCell::default(),
            strace: Vec::new(),
            database: database::empty(),
        }
    }

    /// Starts a server that holds the example process, without limits, while strace looks at it with these options.
    /// `before` sees its data directory before that, with everything in it that a first start makes.
    pub fn traced(options: &[&str], before: impl FnOnce(&Path)) -> Self {
        let mut server = Self::idle();
        server.import(|_| {});
        server.run();
        server.stop();
        before(&server.data());
        server.options = RefCell::new(NO_LIMITS.to_vec());
        // As a grandchild: what this process starts and ends is the server.
        let trace = server.trace_file().display().to_string();
        let own = ["-D", "-f", "-o", &trace];
        server.strace = own.iter().chain(options).map(|&option| option.to_owned()).collect();
        server.port = server.run();
        server
    }

    /// Starts a server on a data directory that is there already.
    pub fn on(data: &Path) -> Self {
        let mut server = Self::idle();
        fs::rename(data, server.data()).unwrap();
        server.port = server.run();
        server
    }

    /// From its next start on nobody looks at it.
    pub fn is_traced_no_more(&mut self) {
        self.strace.clear();
    }

    /// What strace has written until now; of a server that was ended, all.
    pub fn trace(&self) -> String {
        loop {
            let trace = fs::read_to_string(self.trace_file()).unwrap();
            if self.process.borrow().is_some() || trace.contains("+++ killed by SIGKILL +++") {
                return trace;
            }
            std::thread::yield_now();
        }
    }

    fn trace_file(&self) -> PathBuf {
        self.directory.path().join("trace")
    }

    fn data(&self) -> PathBuf {
        self.directory.path().join("data")
    }

    /// Starts a server that holds, beside the example process, a consultation of every rule; in the one by e-mail people
    /// may vote inside a frame on these sites.
    pub fn with_voting_sites(sites: &[&str]) -> Self {
        let mut server = Self::idle();
        server.import(|_| {});
        server.import_ballots(sites);
        server.port = server.run();
        server
    }

    fn import_ballots(&self, voting_sites: &[&str]) {
        let mut process: Value = serde_json::from_str(&fs::read_to_string(BALLOTS).unwrap()).unwrap();
        let consultations = process["consultations"].as_array_mut().unwrap();
        let by_email = consultations.iter_mut().find(|one| one["slug"] == "ensayo-correo").unwrap();
        by_email["voting_sites"] = voting_sites.iter().copied().collect();
        let file = self.directory.path().join("ballots.json");
        fs::write(&file, process.to_string()).unwrap();
        self.import_file(&file);
    }

    /// Imports the example process after `change`, as an operator does while the server is stopped.
    pub fn import(&self, change: impl FnOnce(&mut Value)) {
        let mut process: Value = serde_json::from_str(&fs::read_to_string(EXAMPLE).unwrap()).unwrap();
        change(&mut process);
        let file = self.directory.path().join("process.json");
        fs::write(&file, process.to_string()).unwrap();
        self.import_file(&file);
    }

    /// Imports the process in which everything is invented after `change`, as an operator does while the server is stopped.
    pub fn import_rehearsal(&self, change: impl FnOnce(&mut Value)) {
        let mut process: Value = serde_json::from_str(&fs::read_to_string(REHEARSAL).unwrap()).unwrap();
        change(&mut process);
        let file = self.directory.path().join("rehearsal.json");
        fs::write(&file, process.to_string()).unwrap();
        self.import_file(&file);
    }

    fn import_file(&self, file: &Path) {
        let imported = self.command().arg("import").arg(file).output().unwrap();
        assert!(imported.status.success(), "import: {}", String::from_utf8_lossy(&imported.stderr));
    }

    /// The port that it listens on.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Where it is reached on this machine. `localhost`, since browsers trust that name like TLS and keep `__Host-` cookies.
    pub fn origin(&self) -> String {
        format!("http://localhost:{}", self.port)
    }

    /// Ends it as a power cut does: without a warning.
    pub fn stop(&self) {
        if let Some(mut process) = self.process.borrow_mut().take() {
            process.kill().unwrap();
            process.wait().unwrap();
        }
    }

    /// From its next start on `serve` is told this besides.
    pub fn tell(&self, option: &'static str) {
        self.options.borrow_mut().push(option);
    }

    /// Starts it again, on the same port with the same data.
    pub fn start_again(&self) {
        assert!(self.process.borrow().is_none(), "the server is running");
        self.run();
    }

    /// A key for the answering desk of an entity, as an operator makes it while the server runs.
    pub fn desk_key(&self, entity: &str) -> String {
        let made = self.command().args(["key", super::PROCESS, "--entity", entity]).output().unwrap();
        assert!(made.status.success(), "key: {}", String::from_utf8_lossy(&made.stderr));
        String::from_utf8(made.stdout).unwrap().trim().to_owned()
    }

    /// The key of a moderator, as an operator makes it while the server runs.
    pub fn moderator_key(&self, name: &str) -> String {
        let made = self.command().args(["staff", "add", super::PROCESS, "--name", name]).output().unwrap();
        assert!(made.status.success(), "staff add: {}", String::from_utf8_lossy(&made.stderr));
        String::from_utf8(made.stdout).unwrap().trim().to_owned()
    }

    /// The letters that have arrived at the mail server.
    pub fn letters(&self) -> Vec<Arrived> {
        self.mail.borrow().as_ref().map(Mail::letters).unwrap_or_default()
    }

    /// Ends the mail server.
    pub fn stop_mail(&self) {
        self.mail.replace(None);
    }

    /// What it logged.
    pub fn log(&self) -> String {
        fs::read_to_string(self.log_file()).unwrap_or_default()
    }

    fn log_file(&self) -> PathBuf {
        self.directory.path().join("server.log")
    }

    fn assets(&self) -> PathBuf {
        let own = self.directory.path().join("dist");
        if own.exists() { own } else { setting("CABILDO_ASSETS") }
    }

    /// From its next start on it serves another version of the front-end: the service worker is another one.
    pub fn publish_another_version(&self) {
        let (from, to) = (setting("CABILDO_ASSETS"), self.directory.path().join("dist"));
        let copied = Command::new("cp").arg("-r").arg(from).arg(&to).status().unwrap();
        assert!(copied.success());
        let worker = to.join("worker.js");
        let script = fs::read_to_string(&worker).unwrap();
        let other = script.replacen("cabildo-app-shell-", "cabildo-app-shell-other-", 1);
        assert_ne!(script, other);
        fs::write(worker, other).unwrap();
    }

    fn command(&self) -> Command {
        let mut command = Command::new(setting("CABILDO_BIN"));
        if !self.strace.is_empty() {
            command = Command::new(setting("CABILDO_STRACE"));
            command.args(&self.strace).arg(setting("CABILDO_BIN"));
        }
        command.env("CABILDO_DATA", self.data()).env("CABILDO_LOG", "warn");
        command.envs(self.database.iter().map(|database| ("CABILDO_DATABASE", database)));
        command
    }

    fn run(&self) -> u16 {
        let log = File::options().create(true).append(true).open(self.log_file()).unwrap();
        let mut process = self
            .command()
            .args(["serve", "--simulation", "--listen", &format!("127.0.0.1:{}", self.port), "--assets"])
            .arg(self.assets())
            .args(self.options.borrow().iter())
            .args(match self.mail.borrow().as_ref() {
                Some(mail) => {
                    vec!["--smtp".to_owned(), mail.url(), "--mail-from".to_owned(), FROM.to_owned()]
                }
                None => vec!["--dev-mailbox".to_owned()],
            })
            .args(self.provider.iter().flat_map(|provider| {
                ["--public-url".to_owned(), self.origin(), "--oidc".to_owned(), provider.option()]
            }))
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .unwrap();
        let said = BufReader::new(process.stdout.take().unwrap());
        self.process.replace(Some(process));
        // "Cabildo is ready at http://127.0.0.1:43567"
        let port = said.lines().map_while(Result::ok).find_map(|line| line.rsplit_once(':')?.1.parse().ok());
        port.unwrap_or_else(|| panic!("the server did not start: {}", self.log()))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop();
    }
}

/// A path that `cargo xtask test e2e` passes in the environment.
pub fn setting(name: &str) -> PathBuf {
    let path = std::env::var_os(name).map(PathBuf::from);
    let path = path.unwrap_or_else(|| panic!("{name} is not set: run `cargo xtask test e2e`"));
    assert!(Path::exists(&path), "{name} names {}, which is not there", path.display());
    path
}

//! One small server under many: ten thousand who watch, ballots beside them, some who never read, more readers than it
//! can answer, all ballots at once; and what it is like afterwards.
//!
//! Whoever loads the server shares the machine with it: a server alone does better.

use super::ballots::{open_consultation, parallel, percentile};
use super::client::Client;
use super::wire::{Heard, Wire};
use super::{data_directory, free_address};
use crate::server::{self, PROCESS, Server};
use anyhow::{Context, Result, anyhow, bail};
use cabildo_contract::ballot::{BallotBody, BallotRule, CastBallot};
use cabildo_contract::consultation::{Consultation, Held};
use cabildo_contract::endpoint::{Endpoint, Live};
use cabildo_contract::id::Slug;
use cabildo_contract::session::{NewSession, OpenSession};
use cabildo_contract::tally::{GetResults, WatchResults};
use rustix::process::{Resource, getrlimit, setrlimit};
use std::io::Write;
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// Those who watch the results of one consultation.
const SUBSCRIBERS: usize = 10_000;
/// People who vote, and change their vote again and again.
const PEOPLE: usize = 4_000;
/// Ballots a second beside everything else.
const RATE: usize = 500;
/// Connections that cast them.
const VOTERS: usize = 64;
/// How long is listened before a load is measured: nobody read what came while connections were opened, and a stream that
/// was slowed down takes a moment to go on at its old pace.
const SETTLE: Duration = Duration::from_secs(3);
/// How long each load lasts.
const TIME: Duration = Duration::from_secs(20);
/// Those who ask for the stream and never read it.
const SILENT: usize = 1_000;
/// Those who read pages as fast as they get them.
const READERS: usize = 3_000;
/// How long a reader looks at a page, at the least.
const LOOK: Duration = Duration::from_millis(100);
/// Ballots sent in one instant, each on a connection of its own.
const BURST: usize = 9_500;
/// Files that each side needs: connections and some more.
const FILES: u64 = 18_000;

/// Most memory of the server for each who watches, in bytes.
const LIMIT_SUBSCRIBER: f64 = 30_000.0;
/// Most memory for each who does not read what is sent, in bytes.
const LIMIT_SILENT: f64 = 100_000.0;
/// Fewest updates a second for each who watches; there cannot be more than one.
const LIMIT_UPDATES: f64 = 0.9;
/// Longest time of 99 in 100 updates from when the figures are taken until they are there.
const LIMIT_LAG: Duration = Duration::from_secs(1);
/// Longest wait of 99 in 100 ballots.
const LIMIT_BALLOT: Duration = Duration::from_millis(250);
/// The same while more read than the server can answer.
const LIMIT_BALLOT_OVERLOAD: Duration = Duration::from_secs(1);
/// How long a server may take to be as before.
const LIMIT_RECOVERY: Duration = Duration::from_secs(5);

/// Measures and prints the table; says whether the limits are kept.
///
/// # Errors
/// When a ballot is refused or not counted, or the system gives too few files.
pub fn measure() -> Result<bool> {
    allow_files()?;
    let data = data_directory("serve")?;
    server::import(&data)?;
    let address = free_address()?;
    let server = Server::start(address, &data, &[])?;
    let place = Place::find(address)?;
    let mut table = Table::default();

    let (empty, mut wire) = (server.memory()?, Wire::new()?);
    wire.open(SUBSCRIBERS, address, |_| get(&place.live))?;
    wire.ask();
    wire.listen(Duration::from_secs(60), |heard| heard.states >= SUBSCRIBERS)?;
    let first = wire.take();
    if first.states < SUBSCRIBERS {
        bail!("{} of {SUBSCRIBERS} streams began", first.states);
    }

    table.part(&format!("{SUBSCRIBERS} watch, {RATE} ballots a second"));
    let load = place.load(&mut wire, TIME, |_| {})?;
    let watched = server.memory()?;
    let each = watched.saturating_sub(empty) as f64 / SUBSCRIBERS as f64;
    table.row("memory of the server before", &mb(empty), "", None);
    table.row(
        "for each who watches",
        &kb(each),
        &format!("≤ {}", kb(LIMIT_SUBSCRIBER)),
        Some(each <= LIMIT_SUBSCRIBER),
    );
    table.row("bytes of an update", &load.bytes_of_an_update(), "", None);
    table.live(&load, Some(LIMIT_LAG));
    table.ballots(&load, LIMIT_BALLOT);

    table.part(&format!("… and {SILENT} never read"));
    let kernel = kernel_memory();
    let silent = place.silent()?;
    let load = place.load(&mut wire, TIME, |_| {})?;
    let each = server.memory()?.saturating_sub(watched) as f64 / SILENT as f64;
    table.row(
        "for each who never reads",
        &kb(each),
        &format!("≤ {}", kb(LIMIT_SILENT)),
        Some(each <= LIMIT_SILENT),
    );
    let of_the_system = kernel_memory().saturating_sub(kernel) as f64 / SILENT as f64;
    table.row("of the system, both ends", &kb(of_the_system), "", None);
    table.live(&load, Some(LIMIT_LAG));
    table.ballots(&load, LIMIT_BALLOT);
    drop(silent);

    table.part(&format!("… and {READERS} read pages as fast as they get them"));
    wire.open(READERS, address, |_| get(&place.page))?;
    let load = place.load(&mut wire, TIME, Wire::ask)?;
    let (read, refused) = (load.heard.answered(200), load.heard.answered(503));
    table.row("pages a second", &format!("{:.0}", read.len() as f64 / load.seconds), "", None);
    table.row("wait for a page, p50, p99", &waits(&read), "", None);
    let all_say_when = load.heard.without_retry == 0 && !refused.is_empty();
    table.row(
        "refused a second (503)",
        &format!("{:.0}", refused.len() as f64 / load.seconds),
        "all say when to come again",
        Some(all_say_when),
    );
    table.live(&load, None);
    table.ballots(&load, LIMIT_BALLOT_OVERLOAD);

    table.part("afterwards");
    let gone = Instant::now();
    while wire.waiting() > SUBSCRIBERS && gone.elapsed() < 4 * LIMIT_RECOVERY {
        wire.listen(LOOK, |_| false)?;
    }
    place.until_read()?;
    let recovered = gone.elapsed();
    table.row(
        "until pages come as before",
        &format!("{:.1} s", recovered.as_secs_f64()),
        &format!("≤ {} s", LIMIT_RECOVERY.as_secs()),
        Some(recovered <= LIMIT_RECOVERY),
    );
    let load = place.load(&mut wire, TIME, |_| {})?;
    table.live(&load, Some(LIMIT_LAG));
    table.ballots(&load, LIMIT_BALLOT);
    drop(wire);

    table.part(&format!("{BURST} ballots in one instant"));
    let mut burst = Wire::new()?;
    burst.open(BURST, address, |number| place.put(number))?;
    let begun = Instant::now();
    burst.ask();
    burst.listen(Duration::from_secs(60), |heard| {
        heard.answers.values().map(Vec::len).sum::<usize>() >= BURST
    })?;
    let (spent, heard) = (begun.elapsed().as_secs_f64(), burst.take());
    let (kept, refused) = (heard.answered(200), heard.answered(503));
    table.row("acknowledged", &format!("{} in {spent:.1} s", kept.len()), "", None);
    table.row("wait, p50, p99", &waits(&kept), "", None);
    let good = kept.len() + refused.len() == BURST && heard.without_retry == 0;
    table.row("refused (503)", &refused.len().to_string(), "all others, and say when", Some(good));
    drop(burst);
    let load = place.load(&mut Wire::new()?, TIME / 4, |_| {})?;
    table.ballots(&load, LIMIT_BALLOT);

    place.check_tally()?;
    table.row("memory of the server at last", &mb(server.memory()?), "", None);
    Ok(table.print())
}

/// Lets this program, and the server that it starts, have as many files open as the system permits.
fn allow_files() -> Result<()> {
    let mut limit = getrlimit(Resource::Nofile);
    if limit.current.is_some_and(|current| current < FILES) {
        limit.current = limit.maximum;
        setrlimit(Resource::Nofile, limit).context("more open files")?;
    }
    if getrlimit(Resource::Nofile).current.is_some_and(|current| current < FILES) {
        bail!("{FILES} open files are needed, and the system permits fewer: raise `ulimit -Hn`");
    }
    Ok(())
}

/// Memory that the system has for connections, in bytes; 0 where it does not say.
fn kernel_memory() -> u64 {
    let said = std::fs::read_to_string("/proc/net/sockstat").unwrap_or_default();
    let tcp = said.lines().find(|line| line.starts_with("TCP:")).unwrap_or_default();
    let pages = tcp.split_once(" mem ").and_then(|(_, pages)| pages.trim().parse::<u64>().ok());
    pages.unwrap_or(0) * 4_096
}

fn get(path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: cabildo\r\n\r\n")
}

/// What is watched, read and voted on.
struct Place {
    address: SocketAddr,
    consultation: Slug,
    live: String,
    page: String,
    ballots: Vec<BallotBody>,
    /// Cookies.
    people: Vec<String>,
    /// Ballots cast so far: whose turn it is.
    cast: AtomicUsize,
}

/// What happened under a load.
struct Load {
    seconds: f64,
    heard: Heard,
    /// From when each ballot was due until it was acknowledged.
    ballots: Vec<Duration>,
}

impl Load {
    fn bytes_of_an_update(&self) -> String {
        format!("{:.0}", self.heard.bytes as f64 / self.heard.states.max(1) as f64)
    }
}

impl Place {
    fn find(address: SocketAddr) -> Result<Self> {
        let consultation = open_consultation(&Client::new(address))?;
        println!("   opening {PEOPLE} sessions");
        let people = parallel(
            PEOPLE,
            |_, client| {
                let opened = OpenSession { body: NewSession::default() };
                client.send(&opened, None)?.1.context("a session without a cookie")
            },
            address,
        )?;
        Ok(Self {
            address,
            live: WatchResults { consultation: consultation.head.slug.clone() }.path(),
            page: format!("/processes/{PROCESS}/proposals"),
            ballots: ballots(&consultation)?,
            consultation: consultation.head.slug,
            people,
            cast: AtomicUsize::new(0),
        })
    }

    /// The next ballot: each person in turn, each time another one.
    fn next(&self) -> (CastBallot, &str) {
        let number = self.cast.fetch_add(1, Ordering::Relaxed);
        let body = self.ballots[(number + number / PEOPLE) % self.ballots.len()].clone();
        (CastBallot::new(self.consultation.clone(), body), &self.people[number % PEOPLE])
    }

    /// A ballot as it goes over the wire.
    fn put(&self, number: usize) -> String {
        let (ballot, cookie) = (self.next().0, &self.people[number % PEOPLE]);
        let body = ballot.body().and_then(|body| serde_json::to_string(body).ok()).unwrap_or_default();
        format!(
            "PUT {} HTTP/1.1\r\nHost: cabildo\r\nCookie: {cookie}\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\n\r\n{body}",
            ballot.path(),
            body.len()
        )
    }

    /// Ballots at [`RATE`] for so long, while `wire` listens and, time and again, `then` is done.
    fn load(&self, wire: &mut Wire, time: Duration, mut then: impl FnMut(&mut Wire)) -> Result<Load> {
        then(wire);
        wire.listen(SETTLE, |_| false)?;
        wire.take();
        let (start, count) = (Instant::now(), RATE * time.as_secs() as usize);
        let due = AtomicUsize::new(0);
        std::thread::scope(|scope| {
            let voters: Vec<_> = (0..VOTERS)
                .map(|_| {
                    scope.spawn(|| {
                        let (client, mut waits) = (Client::new(self.address), Vec::new());
                        loop {
                            let number = due.fetch_add(1, Ordering::Relaxed);
                            if number >= count {
                                return anyhow::Ok(waits);
                            }
                            // From when it is due: whoever is kept waiting by the one before waits too.
                            let at = start + Duration::from_secs(1) * number as u32 / RATE as u32;
                            std::thread::sleep(at.saturating_duration_since(Instant::now()));
                            let (ballot, cookie) = self.next();
                            client.send(&ballot, Some(cookie))?;
                            waits.push(at.elapsed());
                        }
                    })
                })
                .collect();
            while voters.iter().any(|voter| !voter.is_finished()) {
                then(wire);
                wire.listen(LOOK, |_| false)?;
            }
            let seconds = start.elapsed().as_secs_f64();
            let mut ballots = Vec::with_capacity(count);
            for voter in voters {
                ballots.extend(voter.join().map_err(|_| anyhow!("a voter panicked"))??);
            }
            ballots.sort();
            Ok(Load { seconds, heard: wire.take(), ballots })
        })
    }

    /// Connections that ask for the stream and never read.
    fn silent(&self) -> Result<Vec<TcpStream>> {
        (0..SILENT)
            .map(|_| {
                let mut stream = TcpStream::connect(self.address)?;
                stream.write_all(get(&self.live).as_bytes())?;
                Ok(stream)
            })
            .collect()
    }

    /// Waits until pages come within the limit of a ballot, ten in a row.
    fn until_read(&self) -> Result<()> {
        let (client, mut good) = (Client::new(self.address), 0);
        let end = Instant::now() + 4 * LIMIT_RECOVERY;
        while good < 10 && Instant::now() < end {
            let asked = Instant::now();
            let came = client.fetch(&self.page).is_ok() && asked.elapsed() < LIMIT_BALLOT;
            good = if came { good + 1 } else { 0 };
        }
        Ok(())
    }

    /// Whoever has voted counts once, however often they did.
    fn check_tally(&self) -> Result<()> {
        let client = Client::new(self.address);
        let deadline = Instant::now() + Duration::from_secs(5);
        loop {
            let counted =
                client.send(&GetResults { consultation: self.consultation.clone() }, None)?.0.ballots.total;
            if counted == PEOPLE as u64 {
                println!(
                    "   {} ballots of {PEOPLE} people: {counted} counted",
                    self.cast.load(Ordering::Relaxed)
                );
                return Ok(());
            }
            if Instant::now() > deadline {
                bail!("{PEOPLE} people voted, {counted} ballots are counted");
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

/// Ballots that the rule accepts, as small as it lets them be, each with other options first.
fn ballots(consultation: &Consultation) -> Result<Vec<BallotBody>> {
    let Held::Here { rule: BallotRule::Approval(bounds), .. } = &consultation.head.held else {
        bail!("{} takes no approvals here", consultation.head.slug);
    };
    let options: Vec<_> = consultation.options.iter().map(|option| option.id.clone()).collect();
    let size = (bounds.min() as usize).max(1);
    let ballots: Vec<_> = options.windows(size).map(|choices| BallotBody::of(choices.to_vec())).collect();
    if ballots.len() < 2 {
        bail!("{} leaves nothing to choose", consultation.head.slug);
    }
    Ok(ballots)
}

/// What was measured, against its limits.
#[derive(Default)]
struct Table {
    lines: Vec<String>,
    missed: usize,
}

impl Table {
    fn part(&mut self, title: &str) {
        println!("   {title}");
        self.lines.push(format!("\n{title}"));
    }

    fn row(&mut self, name: &str, value: &str, limit: &str, kept: Option<bool>) {
        let said = match kept {
            Some(true) => "kept",
            Some(false) => "MISSED",
            None => "",
        };
        self.missed += usize::from(kept == Some(false));
        self.lines.push(format!("  {name:<30}{value:>22}   {limit:<28}{said}").trim_end().to_owned());
    }

    /// What those who watch got. Without a limit it may be slow: that is what gives way first.
    fn live(&mut self, load: &Load, limit: Option<Duration>) {
        let updates = load.heard.states as f64 / SUBSCRIBERS as f64 / load.seconds;
        let mut lags = load.heard.lags.clone();
        lags.sort();
        let wanted = limit.map(|_| format!("≥ {LIMIT_UPDATES}")).unwrap_or_default();
        self.row(
            "updates a second for each",
            &format!("{updates:.2}"),
            &wanted,
            limit.map(|_| updates >= LIMIT_UPDATES),
        );
        let wanted = limit.map(|limit| format!("p99 ≤ {} ms", limit.as_millis())).unwrap_or_default();
        self.row(
            "delivery lag, p50, p99",
            &waits(&lags),
            &wanted,
            limit.map(|limit| percentile(&lags, 99) <= limit),
        );
        if load.heard.ended > 0 {
            self.row("connections that broke", &load.heard.ended.to_string(), "0", Some(false));
        }
    }

    fn ballots(&mut self, load: &Load, limit: Duration) {
        let rate = load.ballots.len() as f64 / load.seconds;
        let least = RATE as f64 * 0.95;
        self.row("ballots a second", &format!("{rate:.0}"), &format!("≥ {least:.0}"), Some(rate >= least));
        self.row(
            "wait for a ballot, p50, p99",
            &waits(&load.ballots),
            &format!("p99 < {} ms", limit.as_millis()),
            Some(percentile(&load.ballots, 99) < limit),
        );
    }

    /// Prints it; says whether every limit is kept.
    fn print(&self) -> bool {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        println!("\nOne server, {cores} cores shared with who loads it");
        for line in &self.lines {
            println!("{line}");
        }
        println!();
        self.missed == 0
    }
}

/// The median and the longest of 99 in 100; `waits` are sorted.
fn waits(waits: &[Duration]) -> String {
    let ms = |percent| percentile(waits, percent).as_secs_f64() * 1e3;
    format!("{:.0}, {:.0} ms", ms(50), ms(99))
}

fn kb(bytes: f64) -> String {
    format!("{:.1} KB", bytes / 1e3)
}

fn mb(bytes: u64) -> String {
    format!("{:.0} MB", bytes as f64 / 1e6)
}

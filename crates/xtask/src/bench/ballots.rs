//! Ballots a second through the public API, each acknowledged only once it is stored durably: with group commit,
//! and with one commit a ballot; beside what SQLite alone does on the same disk in the same minutes.
//!
//! Both servers run in the same minutes and take turns, because a disk's speed changes with the hour. Clients
//! and server share the machine: a server alone is faster.

use super::client::Client;
use super::{data_directory, free_address, storage};
use crate::server::{self, PROCESS, Server};
use anyhow::{Context, Result, anyhow, bail};
use cabildo_contract::ballot::{BallotBody, BallotRule, CastBallot};
use cabildo_contract::consultation::{Consultation, GetConsultation, Held};
use cabildo_contract::id::Slug;
use cabildo_contract::process::GetProcess;
use cabildo_contract::session::{NewSession, OpenSession};
use cabildo_contract::tally::GetResults;
use std::net::SocketAddr;
use std::sync::Barrier;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// Connections that cast ballots at the same time.
const CLIENTS: usize = 64;
/// Turns of each server.
const ROUNDS: usize = 5;
/// Ballots a turn, each of another person.
const BALLOTS: usize = 2_000;
/// Fewest ballots a second (the design's budget, on 2 cores).
const LIMIT: f64 = 2_000.0;
/// Longest wait of 99 in 100 ballots.
const LIMIT_P99: Duration = Duration::from_millis(250);

/// Measures and prints the table; says whether the limits are kept.
///
/// # Errors
/// When a ballot is refused, or the tally is not the ballots acknowledged.
pub fn measure() -> Result<bool> {
    let mut grouped = Subject::start("groups", &[])?;
    let mut single = Subject::start("one commit a ballot", &["--group-commit", "1"])?;
    for round in 0..ROUNDS {
        for subject in [&mut grouped, &mut single] {
            subject.round(round)?;
        }
    }
    for subject in [&grouped, &single] {
        subject.check_tally()?;
    }
    let inserts = storage::inserts()?;
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    println!(
        "\nBallots through the HTTP API: {CLIENTS} clients, {ROUNDS} turns of {BALLOTS} ballots each, \
         {cores} cores shared by clients and server\n"
    );
    println!("{:<22}{:>10}{:>18}{:>10}{:>10}", "", "ballots/s", "slowest–fastest", "p50 ms", "p99 ms");
    for subject in [&mut grouped, &mut single] {
        let (median, slowest, fastest) = spread(&subject.rates);
        subject.waits.sort();
        println!(
            "{:<22}{median:>10.0}{:>18}{:>10.1}{:>10.1}",
            subject.name,
            format!("{slowest:.0}–{fastest:.0}"),
            percentile(&subject.waits, 50).as_secs_f64() * 1e3,
            percentile(&subject.waits, 99).as_secs_f64() * 1e3,
        );
    }
    for (name, rate) in [("SQLite, 256 a commit", inserts.grouped), ("SQLite, one a commit", inserts.single)]
    {
        println!("{name:<22}{rate:>10.0}");
    }
    let rate = spread(&grouped.rates).0;
    let kept = rate >= LIMIT && percentile(&grouped.waits, 99) < LIMIT_P99;
    println!("{:<22}{:>9.1}×", "ratio", rate / spread(&single.rates).0);
    let limit_p99 = format!("< {}", LIMIT_P99.as_millis());
    println!(
        "{:<22}{:>10}{:>38}  {}\n",
        "limit (groups)",
        format!("≥ {LIMIT:.0}"),
        limit_p99,
        if kept { "kept" } else { "MISSED" }
    );
    Ok(storage::measure()? && kept)
}

/// A server under measurement and what was measured.
struct Subject {
    name: &'static str,
    _server: Server,
    address: SocketAddr,
    consultation: Slug,
    ballot: BallotBody,
    /// Cookies of people who have not voted yet, a slice a turn.
    people: Vec<String>,
    /// Ballots a second, one a turn.
    rates: Vec<f64>,
    /// Time from sending a ballot to its acknowledgement.
    waits: Vec<Duration>,
}

impl Subject {
    fn start(name: &'static str, options: &[&str]) -> Result<Self> {
        let data = data_directory(&name.replace(' ', "-"))?;
        server::import(&data)?;
        let address = free_address()?;
        let server = Server::start(address, &data, options)?;
        let consultation = open_consultation(&Client::new(address))?;
        println!("   opening {} sessions", ROUNDS * BALLOTS);
        let people = parallel(
            ROUNDS * BALLOTS,
            |_, client| {
                let opened = OpenSession { body: NewSession::default() };
                client.send(&opened, None)?.1.context("a session without a cookie")
            },
            address,
        )?;
        Ok(Self {
            name,
            _server: server,
            address,
            ballot: smallest_ballot(&consultation)?,
            consultation: consultation.head.slug,
            people,
            rates: Vec::new(),
            waits: Vec::new(),
        })
    }

    fn round(&mut self, round: usize) -> Result<()> {
        let people = &self.people[round * BALLOTS..(round + 1) * BALLOTS];
        let cast = CastBallot::new(self.consultation.clone(), self.ballot.clone());
        let start = Instant::now();
        let waits = parallel(
            BALLOTS,
            |person, client| {
                let sent = Instant::now();
                client.send(&cast, Some(&people[person]))?;
                Ok(sent.elapsed())
            },
            self.address,
        )?;
        self.rates.push(BALLOTS as f64 / start.elapsed().as_secs_f64());
        self.waits.extend(waits);
        Ok(())
    }

    /// Every ballot was acknowledged (a refusal is an error), so the tally must be their number. Results may be
    /// a second old.
    fn check_tally(&self) -> Result<()> {
        let client = Client::new(self.address);
        let deadline = Instant::now() + Duration::from_secs(5);
        loop {
            let results = client.send(&GetResults { consultation: self.consultation.clone() }, None)?.0;
            let (counted, acknowledged) = (results.ballots.total, self.waits.len() as u64);
            if counted == acknowledged {
                println!("   {}: {acknowledged} ballots acknowledged, {counted} counted", self.name);
                return Ok(());
            }
            if Instant::now() > deadline {
                bail!("{}: {acknowledged} ballots acknowledged, {counted} counted", self.name);
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

/// Does `work` for each number below `count` on [`CLIENTS`] connections at once. Results are in no order.
pub(super) fn parallel<T: Send>(
    count: usize,
    work: impl Fn(usize, &Client) -> Result<T> + Sync,
    address: SocketAddr,
) -> Result<Vec<T>> {
    let next = AtomicUsize::new(0);
    let ready = Barrier::new(CLIENTS);
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..CLIENTS)
            .map(|_| {
                scope.spawn(|| {
                    let client = Client::new(address);
                    let mut done = Vec::new();
                    ready.wait();
                    loop {
                        let number = next.fetch_add(1, Ordering::Relaxed);
                        if number >= count {
                            return anyhow::Ok(done);
                        }
                        done.push(work(number, &client)?);
                    }
                })
            })
            .collect();
        let mut all = Vec::with_capacity(count);
        for worker in workers {
            all.extend(worker.join().map_err(|_| anyhow!("a client panicked"))??);
        }
        Ok(all)
    })
}

/// The first consultation of the example process that takes ballots now.
pub(super) fn open_consultation(client: &Client) -> Result<Consultation> {
    let process = Slug::parse(PROCESS).map_err(|_| anyhow!("{PROCESS} is no slug"))?;
    for summary in client.send(&GetProcess { process }, None)?.0.consultations {
        if matches!(summary.held, Held::Here { .. }) {
            let consultation = client.send(&GetConsultation { consultation: summary.slug }, None)?.0;
            return Ok(consultation);
        }
    }
    bail!("no consultation of {PROCESS} takes ballots here")
}

/// The ballot with the fewest choices that the rule accepts.
fn smallest_ballot(consultation: &Consultation) -> Result<BallotBody> {
    let Held::Here { rule: BallotRule::Approval(bounds), .. } = &consultation.head.held else {
        bail!("{} takes no approvals here", consultation.head.slug);
    };
    let choices = consultation.options.iter().take(bounds.min() as usize).map(|option| option.id.clone());
    Ok(BallotBody::of(choices.collect()))
}

/// Median, smallest and largest.
fn spread(values: &[f64]) -> (f64, f64, f64) {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let at = |index: usize| sorted.get(index).copied().unwrap_or(f64::NAN);
    (at(sorted.len() / 2), at(0), at(sorted.len().saturating_sub(1)))
}

/// The wait that `percent` of 100 do not exceed (nearest rank). `waits` are sorted.
pub(super) fn percentile(waits: &[Duration], percent: usize) -> Duration {
    let rank = (waits.len() * percent).div_ceil(100).max(1);
    waits.get(rank - 1).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_waits_that_happened() {
        let waits: Vec<_> = (1..=200).map(Duration::from_millis).collect();
        assert_eq!(percentile(&waits, 50), Duration::from_millis(100));
        assert_eq!(percentile(&waits, 99), Duration::from_millis(198));
        assert_eq!(percentile(&waits[..1], 99), Duration::from_millis(1));
    }

    #[test]
    fn the_spread_of_turns_is_median_slowest_and_fastest() {
        assert_eq!(spread(&[3.0, 1.0, 2.0]), (2.0, 1.0, 3.0));
    }
}

//! What this machine and its disk do with ballots: a measurement for `cargo xtask bench ballots`, and for whoever wants
//! to know before a vote what a server will bear. It writes into a directory of its own.

use crate::clock::{Clock, SystemClock};
use crate::config::{Measure, Measurement};
use crate::domain::{Person, Refusal};
use crate::figures;
use crate::pabulib;
use crate::random::{self, NoRandomness};
use crate::storage::database::Database;
use crate::storage::sqlite::{OpenError, Options, bulk};
use crate::storage::{ImportRefusal, NewBallot, NewElection, Storage, StorageError};
use crate::{App, Setup};
use cabildo_contract::ballot::{BallotBody, Checked};
use cabildo_contract::consultation::{Consultation, Held};
use cabildo_contract::id::{ProcessId, Slug};
use cabildo_contract::tally::Channel;
use fastrand::Rng;
use futures_util::future::join_all;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Options of the election that is measured with.
const OPTIONS: usize = 250;
/// Most options that a ballot chooses.
const MOST: usize = 10;
/// Ballots under way at the same time.
const UNDER_WAY: usize = 64;
/// The name of the election.
const NAME: &str = "measured";

/// Why nothing was measured.
#[derive(Debug, thiserror::Error)]
pub enum MeasureError {
    /// The directory cannot be used.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The database failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// The election could not be made.
    #[error(transparent)]
    Election(#[from] pabulib::Fault),
    /// The election could not be kept.
    #[error(transparent)]
    Import(#[from] ImportRefusal),
    /// A ballot was refused.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The operating system gave no randomness.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
    /// There is nothing to measure with.
    #[error("the directory has no election to measure with: begin with `fill`")]
    Empty,
    /// What was counted is not what was cast.
    #[error("{counted} ballots are counted, {cast} were cast")]
    Miscounted {
        /// Counted.
        counted: u64,
        /// Cast.
        cast: u64,
    },
}

/// A figure: its name and its value.
pub type Figure = (&'static str, f64);

/// Measures what is asked for.
///
/// # Errors
/// [`MeasureError`] says why nothing was measured.
pub async fn measure(config: &Measure) -> Result<Vec<Figure>, MeasureError> {
    match config.what {
        Measurement::Inserts => inserts(&config.data),
        Measurement::Fill => fill(&config.data, config.ballots).await,
        Measurement::Tally => tally(&config.data).await,
        Measurement::Cast => cast(&config.data, config.ballots).await,
    }
}

/// Inserts that SQLite alone makes durable in a second: one at a time, and 256 at a time.
fn inserts(data: &Path) -> Result<Vec<Figure>, MeasureError> {
    let rate = |name, group: u32, groups: u32| -> Result<Figure, MeasureError> {
        let spent = bulk::insert(&data.join("inserts.db"), group, groups)?;
        Ok((name, f64::from(group * groups) / spent.as_secs_f64()))
    };
    Ok(vec![rate("single_per_second", 1, 2_000)?, rate("grouped_per_second", 256, 100)?])
}

/// Brings the election to so many ballots, without the durability of each.
async fn fill(data: &Path, ballots: u64) -> Result<Vec<Figure>, MeasureError> {
    let storage = Database::open(data, Options::default())?;
    let mut file = format!(
        "META\nkey;value\ninstance;2024\nnum_projects;{OPTIONS}\nbudget;1000000\nrule;greedy\nvote_type;approval\n\
         max_length;{MOST}\nPROJECTS\nproject_id;cost;name\n"
    );
    for number in 0..OPTIONS {
        // Writing to a string cannot fail.
        let _ = writeln!(file, "{number};{};Project {number}", 1_000 + number * 37);
    }
    file.push_str("VOTES\nvoter_id;vote\n");
    let election = pabulib::read(file.as_bytes())?;
    let name = Slug::parse(NAME).map_err(|_| MeasureError::Empty)?;
    let now = SystemClock.now();
    if storage.load_catalogue().await?.consultation(NAME).is_none() {
        let process = pabulib::process_file(&election, &name, Some(now));
        let new = NewElection { rule: election.rule, kept: election.kept, ballots: Vec::new() };
        storage.put_election(process, new, now).await?;
    }
    let catalogue = storage.load_catalogue().await?;
    let (_, consultation) = catalogue.consultation(NAME).ok_or(MeasureError::Empty)?;
    drop(storage);
    let mut rng = Rng::with_seed(ballots);
    let start = Instant::now();
    let filled = bulk::fill(data, &consultation.head.id, ballots, now, || {
        Ok(body(consultation, &mut rng)?.into_body())
    })?;
    Ok(vec![("ballots", filled as f64), ("seconds", start.elapsed().as_secs_f64())])
}

/// A ballot that the rule accepts: of one to ten options.
fn body(consultation: &Consultation, rng: &mut Rng) -> Result<Checked, StorageError> {
    let Held::Here { rule, .. } = consultation.head.held else {
        return Err(StorageError::Corrupt("the election takes no ballots".to_owned()));
    };
    let count = rng.usize(1..=MOST);
    let choices = rng.choose_multiple(consultation.options.iter().map(|option| option.id.clone()), count);
    let checked = rule.check(&consultation.options, BallotBody::of(choices));
    checked.map_err(|_| StorageError::Corrupt("a ballot breaks the rule".to_owned()))
}

/// From nothing in memory to results and outcome, as a server does it when it starts, and the memory that it takes.
async fn tally(data: &Path) -> Result<Vec<Figure>, MeasureError> {
    let start = Instant::now();
    let storage = Database::open(data, Options::default())?;
    let catalogue = storage.load_catalogue().await?;
    let board = storage.load_board().await?;
    let (entry, consultation) = catalogue.consultation(NAME).ok_or(MeasureError::Empty)?;
    let results = figures::results(entry, consultation, &board, SystemClock.now());
    let spent = start.elapsed();
    Ok(vec![
        ("ballots", results.ballots.total as f64),
        ("milliseconds", spent.as_secs_f64() * 1e3),
        ("peak_mb", peak_mb()),
    ])
}

/// Most memory that this process had at a time, in millions of bytes; 0 where the system does not say.
fn peak_mb() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|line| line.split_whitespace().next()).and_then(|kib| kib.parse::<f64>().ok());
    kib.unwrap_or(0.0) * 1.024e-3
}

/// Casts so many ballots more through the storage and the running count, each durable when it is acknowledged.
async fn cast(data: &Path, ballots: u64) -> Result<Vec<Figure>, MeasureError> {
    let storage: Arc<dyn Storage> = Arc::new(Database::open(data, Options::default())?);
    let app = App::start(storage, Arc::new(SystemClock), Setup::apart(true)?).await?;
    let (entry, consultation) = app.catalogue.consultation(NAME).ok_or(MeasureError::Empty)?;
    let counted =
        || app.live.read(|board| figures::results(entry, consultation, board, app.clock.now()).ballots.total);
    let before = counted();
    let mut rng = Rng::with_seed(before);
    let mut new = Vec::new();
    while (new.len() as u64) < ballots {
        let count = (ballots - new.len() as u64).min(UNDER_WAY as u64);
        for person in join_all((0..count).map(|_| somebody(&app))).await {
            new.push(new_ballot(&app, &entry.process.id, consultation, person?, &mut rng)?);
        }
    }
    let mut waits: Vec<Duration> = Vec::new();
    let start = Instant::now();
    let mut new = new.into_iter();
    loop {
        let group: Vec<NewBallot> = new.by_ref().take(UNDER_WAY).collect();
        if group.is_empty() {
            break;
        }
        let sent = Instant::now();
        for kept in join_all(group.into_iter().map(|ballot| app.storage.cast_ballot(ballot))).await {
            kept?;
            waits.push(sent.elapsed());
        }
    }
    let spent = start.elapsed();
    waits.sort();
    if counted() != before + ballots {
        return Err(MeasureError::Miscounted { counted: counted(), cast: before + ballots });
    }
    let median = waits.get(waits.len() / 2).copied().unwrap_or_default();
    Ok(vec![
        ("before", before as f64),
        ("microseconds_a_ballot", spent.as_secs_f64() * 1e6 / ballots.max(1) as f64),
        ("median_milliseconds", median.as_secs_f64() * 1e3),
        ("peak_mb", peak_mb()),
    ])
}

async fn somebody(app: &App) -> Result<Person, MeasureError> {
    let authors = random::authors()?;
    Ok(app.storage.open_session(random::secret()?, authors, true, SystemClock.now()).await?)
}

fn new_ballot(
    app: &App,
    process: &ProcessId,
    consultation: &Consultation,
    person: Person,
    rng: &mut Rng,
) -> Result<NewBallot, MeasureError> {
    Ok(NewBallot {
        process: process.clone(),
        consultation: consultation.head.id.clone(),
        person,
        checked: body(consultation, rng)?,
        replaces: None,
        channel: Channel::Online,
        receipts: (0..4).map(|_| random::receipt()).collect::<Result<_, _>>()?,
        at: app.clock.now(),
    })
}

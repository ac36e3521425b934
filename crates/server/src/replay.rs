//! Simulated participation, through the public API only: to see a dashboard move.
//!
//! Everything that these citizens do is marked as simulated by the server, wherever it shows, and can be removed
//! with one option.

mod citizen;
mod client;
mod election;
mod words;

use crate::config::Replay;
use crate::import::ImportError;
use cabildo_contract::consultation::{Consultation, GetConsultation, Held};
use cabildo_contract::id::{OptionId, Slug};
use cabildo_contract::problem::{Problem, ProblemKind};
use cabildo_contract::process::{GetProcess, RemoveSimulation};
use cabildo_contract::proposal::{Filter, ListProposals, ProposalSummary};
use citizen::{Citizen, Done, Outcome, Step};
use client::{Client, Failure};
pub use election::{ElectionBooks, replay_election};
use fastrand::Rng;
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};

/// Citizens that are about their business at the same time.
const AROUND: usize = 40;
/// Requests under way at the same time; a slow server slows the replay down instead of being buried.
const UNDER_WAY: usize = 32;
/// Acts a second unless it is said.
const SPEED: f64 = 5.0;
/// Time between two lines of progress.
const PROGRESS: Duration = Duration::from_secs(5);

/// Why a replay ended early.
#[derive(Debug, thiserror::Error)]
pub enum ReplayError {
    /// The process is no slug and no id.
    #[error("{0:?} is no process: give its slug, e.g. iv-plan-estado-abierto")]
    NotASlug(String),
    /// The speed is not a number of acts a second.
    #[error("the speed must be more than 0 acts a second")]
    NoSpeed,
    /// The server does not accept simulation.
    #[error("the server does not accept simulated participants: start it with --simulation")]
    Disabled,
    /// The server refused.
    #[error("the server refused: {} ({})", .0.title, .0.kind.name())]
    Refused(Box<Problem>),
    /// The file cannot be read.
    #[error(transparent)]
    File(#[from] ImportError),
    /// There are ballots already.
    #[error("{0} has {1} ballots already: import the file with --without-ballots into another directory")]
    NotEmpty(Slug, u64),
    /// The options of the consultation are not those of the file.
    #[error("project {0} of the file is no option of the consultation")]
    OtherOptions(String),
    /// The count is not the file's.
    #[error("the count is not the file's: {}", .0.join("; "))]
    Differs(Vec<String>),
    /// The server cannot be reached.
    #[error("the server cannot be reached: {0}")]
    Unreachable(String),
}

impl From<Failure> for ReplayError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Problem(problem) if problem.kind == ProblemKind::SimulationDisabled => Self::Disabled,
            Failure::Problem(problem) => Self::Refused(problem),
            Failure::Network(error) => Self::Unreachable(error),
        }
    }
}

/// What the citizens did, by their own account: what the server acknowledged.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Books {
    /// People who have done something.
    pub people: usize,
    /// Acts that the server acknowledged.
    pub acts: usize,
    /// Acts that it refused.
    pub refused: usize,
    /// Comments and replies posted.
    pub comments: u64,
    /// Ballots that stand, a consultation.
    pub ballots: BTreeMap<Slug, u64>,
    /// Votes of the ballots that stand, an option.
    pub votes: BTreeMap<OptionId, u64>,
}

impl Books {
    fn enter(&mut self, outcome: &Outcome) {
        match &outcome.done {
            Some(Done::Voted { consultation, before, after }) => {
                if !after.is_empty() {
                    *self.ballots.entry(consultation.clone()).or_default() += 1;
                }
                if !before.is_empty() {
                    *self.ballots.entry(consultation.clone()).or_default() -= 1;
                }
                for option in after {
                    *self.votes.entry(option.clone()).or_default() += 1;
                }
                for option in before {
                    *self.votes.entry(option.clone()).or_default() -= 1;
                }
            }
            Some(Done::Commented(_)) => self.comments += 1,
            None => self.refused += 1,
        }
        if outcome.done.is_some() {
            self.acts += 1;
            self.people += usize::from(outcome.citizen.acted == 1);
        }
    }

    fn line(&self) -> String {
        let ballots: u64 = self.ballots.values().sum();
        let Self { people, acts, refused, comments, .. } = self;
        format!(
            "{acts} acts by {people} simulated people: {ballots} ballots stand, {comments} comments, {refused} refused"
        )
    }
}

/// What citizens can act on.
struct Stage {
    client: Client,
    consultations: Vec<Consultation>,
    proposals: Vec<ProposalSummary>,
}

/// Lets simulated citizens take part until all have, or until `stop` completes. `say` is told what happens.
///
/// # Errors
/// [`ReplayError`] if the server cannot be reached at the beginning or does not accept simulation.
pub async fn replay(
    config: &Replay,
    say: impl Fn(&str),
    stop: impl Future<Output = ()>,
) -> Result<Books, ReplayError> {
    let named = config.process.clone().unwrap_or_default();
    let process = Slug::parse(named.as_str()).map_err(|_| ReplayError::NotASlug(named))?;
    let speed = speed(config)?.unwrap_or(SPEED);
    let client = Client::new(&config.server)?;
    if config.remove {
        let removed = client.send(&RemoveSimulation { process }, None, None).await?.output;
        let (people, ballots, comments) = (removed.people, removed.ballots, removed.comments);
        say(&format!("removed {people} simulated people, {ballots} ballots and {comments} comments"));
        return Ok(Books::default());
    }
    let stage = Arc::new(set_stage(client, process).await?);
    say(&format!(
        "{} simulated citizens take part in {} consultation(s) and discuss {} proposals, {} acts a second; Ctrl-C stops",
        config.people,
        stage.consultations.len(),
        stage.proposals.len(),
        speed
    ));
    let books = run(config, speed, &stage, &say, stop).await?;
    say(&books.line());
    Ok(books)
}

async fn set_stage(client: Client, process: Slug) -> Result<Stage, ReplayError> {
    let found = client.send(&GetProcess { process: process.clone() }, None, None).await?.output;
    let mut consultations = Vec::new();
    for summary in found.consultations.iter().filter(|summary| matches!(summary.held, Held::Here { .. })) {
        let get = GetConsultation { consultation: summary.slug.clone() };
        consultations.push(client.send(&get, None, None).await?.output);
    }
    let mut proposals = Vec::new();
    let mut cursor = String::new();
    loop {
        let list = ListProposals { process: process.clone(), filter: Filter::default(), cursor };
        let page = client.send(&list, None, None).await?.output;
        proposals.extend(page.items);
        match page.next {
            Some(next) => cursor = next,
            None => return Ok(Stage { client, consultations, proposals }),
        }
    }
}

/// The speed that was asked for, if any.
fn speed(config: &Replay) -> Result<Option<f64>, ReplayError> {
    match config.speed {
        Some(speed) if speed.is_nan() || speed <= 0.0 => Err(ReplayError::NoSpeed),
        speed => Ok(speed),
    }
}

async fn run(
    config: &Replay,
    speed: f64,
    stage: &Arc<Stage>,
    say: &impl Fn(&str),
    stop: impl Future<Output = ()>,
) -> Result<Books, ReplayError> {
    let mut rng = Rng::with_seed(config.seed);
    let taste = citizen::Taste::new(stage, &mut rng);
    let mut coming: VecDeque<Citizen> =
        (0..config.people).map(|number| Citizen::new(number, stage, &taste, &mut rng)).collect();
    let mut around: Vec<Citizen> = Vec::new();
    let mut under_way: JoinSet<Result<Outcome, Failure>> = JoinSet::new();
    let mut books = Books::default();
    // Comments of this replay, to reply to.
    let mut talk = citizen::Talk::default();
    let mut stop = std::pin::pin!(stop);
    let mut stopping = false;
    let mut due = Instant::now();
    let mut told = Instant::now();
    loop {
        while !stopping && around.len() < AROUND {
            let Some(citizen) = coming.pop_front() else { break };
            around.push(citizen);
        }
        let idle = stopping || around.is_empty();
        if idle && under_way.is_empty() {
            return Ok(books);
        }
        tokio::select! {
            () = &mut stop, if !stopping => stopping = true,
            Some(finished) = under_way.join_next() => {
                let Ok(outcome) = finished else { continue };
                let outcome = outcome?;
                books.enter(&outcome);
                if let Some(Done::Commented(comment)) = &outcome.done {
                    talk.heard(comment.clone());
                }
                if outcome.citizen.has_more() {
                    around.push(outcome.citizen);
                }
                if told.elapsed() >= PROGRESS {
                    told = Instant::now();
                    say(&books.line());
                }
            }
            () = sleep_until(due), if !idle && under_way.len() < UNDER_WAY => {
                // Arrivals as they are in life: independent of each other, so the gaps are exponential.
                let gap = -(1.0 - rng.f64()).ln() / speed;
                due = Instant::now().max(due + Duration::from_secs_f64(gap.min(60.0)));
                let citizen = around.swap_remove(rng.usize(..around.len()));
                let step = citizen.next_step(&talk, &mut rng);
                under_way.spawn(act(Arc::clone(stage), citizen, step));
            }
        }
    }
}

async fn act(stage: Arc<Stage>, citizen: Citizen, step: Step) -> Result<Outcome, Failure> {
    citizen.act(&stage, step).await
}

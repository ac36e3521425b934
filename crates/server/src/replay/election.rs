//! An election of the past, held again through the public API: each ballot of its file cast by a simulated person of
//! its own, in no order, with the mishaps of real voting in between.

use super::client::{Client, Failure};
use super::{PROGRESS, ReplayError, UNDER_WAY, speed};
use crate::config::Replay;
use crate::import::{election_name, read_election};
use crate::pabulib::{Election, FileBallot};
use cabildo_contract::ballot::{BallotBody, CastBallot, WithdrawBallot};
use cabildo_contract::consultation::{Consultation, GetConsultation};
use cabildo_contract::id::{OptionId, Slug};
use cabildo_contract::problem::{Problem, ProblemKind};
use cabildo_contract::session::{NewSession, OpenSession};
use cabildo_contract::tally::{Channel, GetResults, Tally};
use fastrand::Rng;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};

/// What happened while an election was held again.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ElectionBooks {
    /// People whose last word the server acknowledged.
    pub people: usize,
    /// Answers that were cast and then changed.
    pub revised: usize,
    /// Answers that were cast, withdrawn, and cast again.
    pub withdrawn: usize,
    /// Answers that were sent twice at the same time.
    pub repeated: usize,
    /// Answers whose acknowledgement was thrown away, so that they were sent again.
    pub lost: usize,
    /// Lines of ballots that the server refused, and why.
    pub refused: Vec<(usize, String)>,
}

/// What happens to a person on the way to the ballot of the file.
#[derive(Debug, Clone)]
enum Mishap {
    None,
    /// Another answer first.
    Revises(BallotBody),
    Withdraws,
    /// Two requests at once: a double tap, two tabs.
    Repeats,
    /// The acknowledgement does not arrive.
    Loses,
}

impl Mishap {
    fn any(bodies: &[BallotBody], rng: &mut Rng) -> Self {
        match rng.u8(..100) {
            0..=11 => rng.choice(bodies).cloned().map_or(Self::None, Self::Revises),
            12..=18 => Self::Withdraws,
            19..=27 => Self::Repeats,
            28..=36 => Self::Loses,
            _ => Self::None,
        }
    }
}

struct Voter {
    line: usize,
    /// Where in the file's ballots it stands.
    index: usize,
    body: BallotBody,
    mishap: Mishap,
}

/// Holds the election of `config.from` again, until all of its people have voted or `stop` completes, and compares the
/// count with the file's. `say` is told what happens.
///
/// # Errors
/// [`ReplayError`] if the file cannot be read, the server cannot be reached or does not accept simulation, the
/// consultation is not there, not open or not empty, or the count is not the file's.
pub async fn replay_election(
    config: &Replay,
    say: impl Fn(&str),
    stop: impl Future<Output = ()>,
) -> Result<ElectionBooks, ReplayError> {
    let path = config.from.clone().unwrap_or_default();
    let pace = speed(config)?;
    let name = election_name(&path)?;
    let election = read_election(&path).await?;
    let client = Arc::new(Client::new(&config.server)?);
    let consultation = client.send(&GetConsultation { consultation: name.clone() }, None, None).await?.output;
    let before = client.send(&GetResults { consultation: name.clone() }, None, None).await?.output;
    if before.ballots.total > 0 {
        return Err(ReplayError::NotEmpty(name, before.ballots.total));
    }
    let ids = options(&election, &consultation)?;
    let blank = election.ballots.iter().filter(|ballot| ballot.choices.is_empty()).count();
    if blank > 0 {
        say(&format!(
            "{blank} ballots of the file name no project: nobody can cast those, they are left out"
        ));
    }
    let mut rng = Rng::with_seed(config.seed);
    let mut coming = voters(&election, &ids, &mut rng);
    say(&format!("{} simulated people vote in {name} as its file says; Ctrl-C stops", coming.len()));

    let mut books = ElectionBooks::default();
    let mut cast = Tally::default();
    let mut under_way: JoinSet<(Voter, Result<(), Failure>)> = JoinSet::new();
    let mut stop = std::pin::pin!(stop);
    let mut stopping = false;
    let mut due = Instant::now();
    let mut told = Instant::now();
    while !(under_way.is_empty() && (stopping || coming.is_empty())) {
        let may_come = !stopping && !coming.is_empty() && under_way.len() < UNDER_WAY;
        tokio::select! {
            () = &mut stop, if !stopping => stopping = true,
            Some(finished) = under_way.join_next() => {
                let Ok((voter, outcome)) = finished else { continue };
                if let Some(ballot) = books.enter(voter, outcome, &election)? {
                    cast.add(&election.body(ballot), true, Channel::Online);
                }
                if told.elapsed() >= PROGRESS {
                    told = Instant::now();
                    say(&format!("{} people have voted", books.people));
                }
            }
            () = sleep_until(due), if may_come => {
                if let Some(pace) = pace {
                    due = Instant::now().max(due + Duration::from_secs_f64((1.0 / pace).min(60.0)));
                }
                if let Some(voter) = coming.pop() {
                    let (client, name) = (Arc::clone(&client), name.clone());
                    under_way.spawn(async move {
                        let outcome = vote(&client, &name, &voter).await;
                        (voter, outcome)
                    });
                }
            }
        }
    }
    let ElectionBooks { people, revised, withdrawn, repeated, lost, .. } = &books;
    say(&format!(
        "{people} people voted: {revised} changed their mind, {withdrawn} withdrew and came back, {repeated} sent twice, {lost} lost an answer"
    ));
    for (line, reason) in &books.refused {
        say(&format!("line {line}: the server refused the ballot: {reason}"));
    }
    compare(&client, &name, &election, &cast).await?;
    // What was cast is counted; it is the file's only if all of it was cast.
    let missing = election.ballots.len() - blank - books.people;
    if missing > 0 {
        let refused = books.refused.len();
        let interrupted = missing.saturating_sub(refused);
        return Err(ReplayError::Differs(vec![format!(
            "{missing} ballots of the file are missing: {refused} were refused, {interrupted} were not cast"
        )]));
    }
    say("the count is the file's: every project has the votes and the points of its ballots");
    Ok(books)
}

/// The options of the consultation, in the order of the file.
fn options(election: &Election, consultation: &Consultation) -> Result<Vec<OptionId>, ReplayError> {
    let known: HashMap<&str, &OptionId> =
        consultation.options.iter().map(|option| (option.reference.as_str(), &option.id)).collect();
    let find = |reference: &str| known.get(reference).map(|id| (*id).clone());
    let ids = election.projects.iter().map(|project| {
        find(&project.reference).ok_or_else(|| ReplayError::OtherOptions(project.reference.clone()))
    });
    ids.collect()
}

fn voters(election: &Election, ids: &[OptionId], rng: &mut Rng) -> Vec<Voter> {
    let body = |ballot: &FileBallot| BallotBody {
        choices: ballot.choices.iter().filter_map(|at| ids.get(*at)).cloned().collect(),
        points: ballot.points.clone(),
    };
    let bodies: Vec<BallotBody> = election.ballots.iter().map(body).collect();
    let mut voters: Vec<Voter> = (0..)
        .zip(&election.ballots)
        .zip(&bodies)
        .filter(|((_, ballot), _)| !ballot.choices.is_empty())
        .map(|((index, ballot), body)| Voter {
            line: ballot.line,
            index,
            body: body.clone(),
            mishap: Mishap::any(&bodies, rng),
        })
        .collect();
    rng.shuffle(&mut voters);
    voters
}

impl ElectionBooks {
    /// Enters how it went; the ballot of the file if it stands now.
    fn enter<'a>(
        &mut self,
        voter: Voter,
        outcome: Result<(), Failure>,
        election: &'a Election,
    ) -> Result<Option<&'a FileBallot>, ReplayError> {
        match outcome {
            Ok(()) => {}
            Err(Failure::Problem(problem)) if problem.kind == ProblemKind::InvalidBody => {
                self.refused.push((voter.line, reason(&problem)));
                return Ok(None);
            }
            Err(failure) => return Err(failure.into()),
        }
        self.people += 1;
        let counter = match voter.mishap {
            Mishap::None => None,
            Mishap::Revises(_) => Some(&mut self.revised),
            Mishap::Withdraws => Some(&mut self.withdrawn),
            Mishap::Repeats => Some(&mut self.repeated),
            Mishap::Loses => Some(&mut self.lost),
        };
        if let Some(counter) = counter {
            *counter += 1;
        }
        Ok(election.ballots.get(voter.index))
    }
}

fn reason(problem: &Problem) -> String {
    let fields: Vec<String> =
        problem.fields.iter().map(|field| format!("{} {:?}", field.pointer, field.kind)).collect();
    fields.join(", ")
}

async fn vote(client: &Client, name: &Slug, voter: &Voter) -> Result<(), Failure> {
    let open = OpenSession { body: NewSession { simulated: true } };
    let token = client.send(&open, None, None).await?.token.unwrap_or_default();
    let token = Some(token.as_str());
    let cast = |body: &BallotBody| CastBallot::new(name.clone(), body.clone());
    let last = cast(&voter.body);
    match &voter.mishap {
        Mishap::None => {}
        Mishap::Revises(other) => match client.send(&cast(other), token, None).await {
            // A ballot of somebody else in the file may break the rule; this person is none the worse for it.
            Ok(_) | Err(Failure::Problem(_)) => {}
            Err(failure) => return Err(failure),
        },
        Mishap::Withdraws => {
            client.send(&last, token, None).await?;
            client.send(&WithdrawBallot::new(name.clone()), token, None).await?;
        }
        Mishap::Repeats => {
            let (one, other) = tokio::join!(client.send(&last, token, None), client.send(&last, token, None));
            one?;
            other?;
        }
        // Whatever the server says, nobody hears it.
        Mishap::Loses => drop(client.send(&last, token, None).await),
    }
    let answer = client.send(&last, token, None).await;
    if let (Err(Failure::Problem(_)), Mishap::Revises(_)) = (&answer, &voter.mishap) {
        // Their own answer was refused: somebody else's must not stand in its place.
        client.send(&WithdrawBallot::new(name.clone()), token, None).await?;
    }
    answer.map(drop)
}

/// Holds the server's count against that of the ballots cast.
async fn compare(client: &Client, name: &Slug, election: &Election, cast: &Tally) -> Result<(), ReplayError> {
    let results = client.send(&GetResults { consultation: name.clone() }, None, None).await?.output;
    let mut differences = Vec::new();
    if results.ballots != cast.ballots() {
        let (counted, cast) = (results.ballots.total, cast.ballots().total);
        differences.push(format!("{counted} ballots are counted, {cast} were cast"));
    }
    for option in election.options() {
        let reference = &option.reference;
        let counted = results.options.iter().find(|counted| counted.reference == *reference);
        let counted = counted.map(|counted| (counted.votes, counted.score)).unwrap_or_default();
        let expected = (cast.votes(&option.id).total, cast.score(&election.rule, &option.id));
        if counted != expected && results.visible_from.is_none() {
            differences.push(format!(
                "project {reference} has {counted:?} votes and points, cast were {expected:?}"
            ));
        }
    }
    if differences.is_empty() { Ok(()) } else { Err(ReplayError::Differs(differences)) }
}

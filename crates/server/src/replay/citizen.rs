//! One simulated citizen: what they mean to do, and doing it.

use super::client::Failure;
use super::{Stage, words};
use cabildo_contract::ballot::{BallotBody, BallotRule, CastBallot, WithdrawBallot};
use cabildo_contract::comment::{NewComment, NewText, PostComment, PostReply, Stance};
use cabildo_contract::consultation::{BallotOption, Held};
use cabildo_contract::id::{CommentId, OptionId, ProposalId, Slug};
use cabildo_contract::session::{NewSession, OpenSession, Residence, SetTerritory};
use fastrand::Rng;
use std::collections::{HashMap, VecDeque};

/// How much people like what: without it every option would get the same.
pub struct Taste {
    options: HashMap<OptionId, f64>,
    proposals: Vec<f64>,
}

impl Taste {
    /// Some options are several times as popular as others.
    pub fn new(stage: &Stage, rng: &mut Rng) -> Self {
        let mut weight = || 0.15 + rng.f64().powi(3);
        let options = stage.consultations.iter().flat_map(|consultation| &consultation.options);
        Self {
            options: options.map(|option| (option.id.clone(), weight())).collect(),
            proposals: stage.proposals.iter().map(|_| weight()).collect(),
        }
    }
}

/// The comments of this replay that can be replied to.
#[derive(Default)]
pub struct Talk(Vec<CommentId>);

impl Talk {
    /// A comment was posted. Replies are not told: they cannot be replied to.
    pub fn heard(&mut self, comment: Option<CommentId>) {
        self.0.extend(comment);
    }
}

/// Something that a citizen means to do.
#[derive(Debug, Clone)]
enum Plan {
    Vote { consultation: Slug, body: BallotBody },
    Withdraw { consultation: Slug },
    Comment { proposal: ProposalId, comment: NewComment },
    Reply { text: String },
}

/// What a citizen does next.
pub struct Step {
    /// Where a reply goes.
    reply_to: Option<CommentId>,
}

/// What the server acknowledged.
pub enum Done {
    /// The ballot in a consultation was `before` and is `after`; empty: none.
    Voted { consultation: Slug, before: Vec<OptionId>, after: Vec<OptionId> },
    /// A comment was posted; its id if it can be replied to.
    Commented(Option<CommentId>),
}

/// How a step ended; nothing done if the server refused it.
pub struct Outcome {
    pub citizen: Citizen,
    pub done: Option<Done>,
}

/// A simulated citizen.
pub struct Citizen {
    number: usize,
    nonce: u64,
    token: Option<String>,
    /// Where they will say that they live: most say something.
    residence: Option<Residence>,
    plans: VecDeque<Plan>,
    ballots: HashMap<Slug, Vec<OptionId>>,
    /// Acts that were acknowledged.
    pub acted: usize,
}

/// The departments, about in the order of how many people live there: simulated citizens live where real ones do.
const HOMES: [&str; 33] = [
    "11", "05", "76", "25", "08", "68", "13", "23", "52", "54", "19", "47", "73", "20", "15", "41", "50",
    "17", "66", "70", "44", "63", "27", "85", "18", "86", "81", "99", "95", "91", "88", "94", "97",
];

/// Any department, some much more often than others, as in life.
fn home(rng: &mut Rng) -> Option<String> {
    let at = rng.f64().powi(3) * HOMES.len() as f64;
    HOMES.get(at as usize).map(|code| (*code).to_owned())
}

impl Citizen {
    /// Most people vote and leave; some change their mind, some say something, few take their ballot back.
    pub fn new(number: usize, stage: &Stage, taste: &Taste, rng: &mut Rng) -> Self {
        let mut plans = VecDeque::new();
        for consultation in &stage.consultations {
            let slug = &consultation.head.slug;
            let mut vote = |rng: &mut Rng| {
                let body = choose(consultation, taste, rng);
                plans.push_back(Plan::Vote { consultation: slug.clone(), body });
            };
            if rng.f64() < 0.9 {
                vote(rng);
                if rng.f64() < 0.12 {
                    vote(rng);
                }
                if rng.f64() < 0.04 {
                    plans.push_back(Plan::Withdraw { consultation: slug.clone() });
                }
            }
        }
        if rng.f64() < 0.3 || plans.is_empty() {
            plans.extend(comment(stage, taste, rng));
        }
        if rng.f64() < 0.12 {
            plans.push_back(Plan::Reply { text: words::reply(rng) });
        }
        let residence = (rng.f64() < 0.8).then(|| Residence { territory: home(rng) });
        Self { number, nonce: rng.u64(..), token: None, residence, plans, ballots: HashMap::new(), acted: 0 }
    }

    /// Whether there is anything left to do.
    pub fn has_more(&self) -> bool {
        !self.plans.is_empty()
    }

    /// Decides what depends on what others did meanwhile.
    pub fn next_step(&self, talk: &Talk, rng: &mut Rng) -> Step {
        let reply_to = match self.plans.front() {
            // People answer what is new.
            Some(Plan::Reply { .. }) => rng.choice(talk.0.iter().rev().take(12)).cloned(),
            _ => None,
        };
        Step { reply_to }
    }

    /// Does the next thing.
    ///
    /// # Errors
    /// A [`Failure`] that no citizen can do anything about: the server is gone, or accepts no simulation.
    pub async fn act(mut self, stage: &Stage, step: Step) -> Result<Outcome, Failure> {
        let token = match &self.token {
            Some(token) => token.clone(),
            None => {
                let open = OpenSession { body: NewSession { simulated: true } };
                let token = stage.client.send(&open, None, None).await?.token.unwrap_or_default();
                self.token = Some(token.clone());
                if let Some(body) = self.residence.take() {
                    stage.client.send(&SetTerritory { body }, Some(&token), None).await?;
                }
                token
            }
        };
        let key = format!("replay-{:x}-{}-{}", self.nonce, self.number, self.plans.len());
        let done = match self.plans.pop_front() {
            Some(plan) => self.carry_out(stage, plan, step, &token, &key).await,
            None => Ok(None),
        };
        match done {
            Ok(done) => {
                self.acted += usize::from(done.is_some());
                Ok(Outcome { citizen: self, done })
            }
            // Refused: a closed consultation, or the simulation was removed meanwhile. Others go on.
            Err(Failure::Problem(_)) => Ok(Outcome { citizen: self, done: None }),
            Err(failure) => Err(failure),
        }
    }

    async fn carry_out(
        &mut self,
        stage: &Stage,
        plan: Plan,
        step: Step,
        token: &str,
        key: &str,
    ) -> Result<Option<Done>, Failure> {
        let (client, token, key) = (&stage.client, Some(token), Some(key));
        Ok(match plan {
            Plan::Vote { consultation, body } => {
                let ballot = client.send(&CastBallot::new(consultation.clone(), body), token, None).await?;
                let after = ballot.output.body.choices;
                let before = self.ballots.insert(consultation.clone(), after.clone()).unwrap_or_default();
                Some(Done::Voted { consultation, before, after })
            }
            Plan::Withdraw { consultation } => {
                client.send(&WithdrawBallot::new(consultation.clone()), token, None).await?;
                let before = self.ballots.remove(&consultation).unwrap_or_default();
                Some(Done::Voted { consultation, before, after: Vec::new() })
            }
            Plan::Comment { proposal, comment } => {
                let posted =
                    client.send(&PostComment { subject: proposal, body: comment }, token, key).await?;
                Some(Done::Commented(Some(posted.output.id)))
            }
            Plan::Reply { text } => {
                let Some(comment) = step.reply_to else { return Ok(None) };
                client.send(&PostReply { comment, body: NewText { text } }, token, key).await?;
                Some(Done::Commented(None))
            }
        })
    }
}

fn choose(
    consultation: &cabildo_contract::consultation::Consultation,
    taste: &Taste,
    rng: &mut Rng,
) -> BallotBody {
    let Held::Here { rule, .. } = &consultation.head.held else { return BallotBody::default() };
    let mut options: Vec<&BallotOption> = consultation.options.iter().collect();
    let most = rule.max().map_or(options.len(), |max| max as usize).min(options.len()).max(1);
    let mut count = rng.usize((rule.min() as usize).min(most)..=most);
    let mut budget = u64::MAX;
    match rule {
        BallotRule::Approval(rule) => budget = rule.max_cost().unwrap_or(u64::MAX),
        BallotRule::Cumulative(rule) => {
            // Enough options to take the points, and a point for each.
            let least = rule.min_sum().div_ceil(rule.max_points().unwrap_or(rule.max_sum())) as usize;
            count = count.max(least).min(rule.max_sum() as usize);
        }
        _ => {}
    }
    let mut choices = Vec::new();
    while choices.len() < count && !options.is_empty() {
        let weights = options.iter().map(|option| taste.options.get(&option.id).copied().unwrap_or(1.0));
        let at = weighted(weights.collect(), rng);
        let option = options.swap_remove(at);
        if option.cost.unwrap_or(0) <= budget {
            budget -= option.cost.unwrap_or(0);
            choices.push(option.id.clone());
        }
    }
    let points = points(rule, choices.len(), rng);
    BallotBody { choices, points }
}

/// Points for so many choices; none where the rule asks for none.
fn points(rule: &BallotRule, count: usize, rng: &mut Rng) -> Vec<i32> {
    match rule {
        BallotRule::Cumulative(rule) => {
            let cap = i32::try_from(rule.max_points().unwrap_or(rule.max_sum())).unwrap_or(i32::MAX);
            let mut points = vec![1; count];
            let sum = rng.u32(rule.min_sum()..=rule.max_sum()) as usize;
            for _ in count..sum {
                let open: Vec<usize> =
                    (0..count).filter(|at| points.get(*at).is_some_and(|p| *p < cap)).collect();
                let Some(points) = rng.choice(open).and_then(|at| points.get_mut(at)) else { break };
                *points += 1;
            }
            points
        }
        BallotRule::Scoring(rule) => {
            (0..count).map(|_| rng.i32(rule.min_score()..=rule.max_score())).collect()
        }
        BallotRule::Support | BallotRule::Approval(_) | BallotRule::Ordinal(_) => Vec::new(),
    }
}

fn comment(stage: &Stage, taste: &Taste, rng: &mut Rng) -> Option<Plan> {
    let proposal = stage.proposals.get(weighted(taste.proposals.clone(), rng))?;
    let stance = match rng.u8(..10) {
        0..=5 => Stance::For,
        6..=7 => Stance::Neutral,
        _ => Stance::Against,
    };
    let text = words::comment(stance, proposal, rng);
    Some(Plan::Comment { proposal: proposal.id.clone(), comment: NewComment { stance, text } })
}

/// An index, by weight.
fn weighted(weights: Vec<f64>, rng: &mut Rng) -> usize {
    let mut left = rng.f64() * weights.iter().sum::<f64>();
    for (index, weight) in weights.iter().enumerate() {
        left -= weight;
        if left <= 0.0 {
            return index;
        }
    }
    weights.len().saturating_sub(1)
}

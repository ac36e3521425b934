//! Elections as files: the `.pb` format of Pabulib, the library of participatory budgeting data
//! (<https://pabulib.org/format>; P. Faliszewski et al., *Participatory Budgeting: Data, Tools, and Analysis*,
//! IJCAI 2023).
//!
//! What a file says of the past is counted as it says it, even where its ballots break its own rule; whatever is not
//! as the format wants it is listed with its line ([`Note`]) or refused with its line ([`Fault`]), never guessed.

mod amount;
// What a process file is made of would bring half the server into the fuzzer.
#[cfg(not(fuzzing))]
mod process;
mod read;
mod rows;
mod write;

#[cfg(not(fuzzing))]
pub use process::process_file;
pub use read::read;
pub use write::{Cast, write};

use cabildo_contract::ballot::{Approval, BallotBody, BallotRule, Cumulative, FirstPlace, Ordinal, Scoring};
use cabildo_contract::consultation::{BallotOption, Budget};
use cabildo_contract::id::OptionId;
use cabildo_contract::outcome::OutcomeRule;
use cabildo_contract::tally::{Channel, Count, Tally};
use cabildo_contract::time::Date;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Why a file cannot be read, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {reason}")]
pub struct Fault {
    /// Line, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub reason: String,
}

impl Fault {
    fn new(line: usize, reason: impl Into<String>) -> Self {
        Self { line, reason: reason.into() }
    }
}

/// Something that is not as the format wants it, and what was done about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// Line, from 1.
    pub line: usize,
    /// What it is about; notes of one kind belong together.
    pub kind: NoteKind,
    /// What was found and done.
    pub text: String,
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.text)
    }
}

/// What a note is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NoteKind {
    /// The description of the election.
    Meta,
    /// A project.
    Project,
    /// A number that the file gives and its ballots do not add up to.
    Count,
    /// A ballot without a choice.
    Blank,
    /// A part of a ballot that was left out.
    Skipped,
    /// A ballot that breaks the file's own rule.
    Rule,
    /// A voter who stands there twice.
    Voter,
    /// A row that is shorter than its header.
    Short,
}

/// A project of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Project {
    /// `project_id`.
    pub reference: String,
    /// `name`, or the id where there is none.
    pub title: String,
    /// What it costs, in the unit of the budget.
    pub cost: u64,
}

/// A ballot of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileBallot {
    /// Its line.
    pub line: usize,
    /// The projects that it names, by their place in the file.
    pub choices: Vec<usize>,
    /// Their points, where the rule asks for points.
    pub points: Vec<i32>,
    /// How it arrived, by `voting_method`.
    pub channel: Channel,
    /// The fields of its row.
    pub fields: Vec<String>,
}

/// What goes back into an export besides what Cabildo knows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// Keys and values of META.
    pub meta: Vec<(String, String)>,
    /// Columns of PROJECTS.
    pub project_columns: Vec<String>,
    /// The rows of PROJECTS.
    pub projects: Vec<Vec<String>>,
    /// Columns of VOTES.
    pub vote_columns: Vec<String>,
}

/// An election, read from its file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Election {
    /// First day.
    pub from: Date,
    /// Last day, included.
    pub to: Date,
    /// What a valid ballot is.
    pub rule: BallotRule,
    /// What there was to be spent.
    pub budget: Option<Budget>,
    /// How the outcome follows, where Cabildo knows the rule.
    pub outcome: Option<OutcomeRule>,
    /// Its projects.
    pub projects: Vec<Project>,
    /// Its ballots.
    pub ballots: Vec<FileBallot>,
    /// The rest.
    pub kept: Kept,
    /// What is not as the format wants it.
    pub notes: Vec<Note>,
}

impl Election {
    /// The projects as options, named by their places.
    #[must_use]
    pub fn options(&self) -> Vec<BallotOption> {
        let options = self.projects.iter().enumerate().filter_map(|(at, project)| {
            Some(BallotOption {
                id: place(at)?,
                reference: project.reference.clone(),
                title: project.title.clone(),
                description: String::new(),
                proposal: None,
                cost: Some(project.cost),
                group: None,
                comments: Count::default(),
            })
        });
        options.collect()
    }

    /// A ballot that names options by their places ([`Election::options`]).
    #[must_use]
    pub fn body(&self, ballot: &FileBallot) -> BallotBody {
        BallotBody {
            choices: ballot.choices.iter().filter_map(|at| place(*at)).collect(),
            points: ballot.points.clone(),
        }
    }

    /// What its ballots add up to.
    #[must_use]
    pub fn tally(&self) -> Tally {
        let mut tally = Tally::default();
        for ballot in &self.ballots {
            tally.add(&self.body(ballot), false, ballot.channel);
        }
        tally
    }

    /// The same with a rule under which every ballot that names a project is valid: the file's own, widened as far as
    /// its ballots go. What a vote is worth stays as it is, so a ranking whose first place is worth as many points as
    /// a ballot may have is not made longer; and where points are shared out, no rule lets a choice go without any.
    #[must_use]
    pub fn widened(mut self) -> Self {
        let ballots: Vec<&FileBallot> =
            self.ballots.iter().filter(|ballot| !ballot.choices.is_empty()).collect();
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let lengths = || ballots.iter().map(|ballot| count(ballot.choices.len()));
        let (Some(shortest), Some(longest)) = (lengths().min(), lengths().max()) else { return self };
        let points = || ballots.iter().flat_map(|ballot| ballot.points.iter().copied());
        let sums = || ballots.iter().map(|ballot| ballot.points.iter().map(|p| i64::from(*p)).sum::<i64>());
        let sum = |sum: Option<i64>| sum.and_then(|sum| u32::try_from(sum).ok());
        let cost = |ballot: &&FileBallot| {
            let costs =
                ballot.choices.iter().filter_map(|at| self.projects.get(*at)).map(|project| project.cost);
            costs.fold(0_u64, u64::saturating_add)
        };
        let widened = match self.rule {
            BallotRule::Support => Ok(BallotRule::Support),
            BallotRule::Approval(rule) => {
                let new = Approval::new(rule.min().min(shortest), rule.max().max(longest));
                let dearest = ballots.iter().map(cost).max().unwrap_or(0);
                let new = new.map(|new| rule.max_cost().map_or(new, |most| new.within(most.max(dearest))));
                new.map(BallotRule::Approval)
            }
            BallotRule::Ordinal(rule) => {
                let max = match rule.first_place() {
                    FirstPlace::Max => rule.max(),
                    FirstPlace::Length => rule.max().max(longest),
                };
                let new = Ordinal::new(rule.min().min(shortest), max, rule.first_place());
                new.map(BallotRule::Ordinal)
            }
            BallotRule::Cumulative(rule) => {
                let low = sum(sums().min()).map_or(1, |low| rule.min_sum().min(low).max(1));
                let high = sum(sums().max()).map_or(rule.max_sum(), |high| rule.max_sum().max(high));
                let most = points().max().and_then(|most| u32::try_from(most).ok()).unwrap_or(0);
                let cap = rule.max_points().map(|cap| cap.max(most));
                let max = rule.max().map(|max| max.max(longest));
                let new =
                    Cumulative::new(low, high).and_then(|new| new.limit(cap, rule.min().min(shortest), max));
                new.map(BallotRule::Cumulative)
            }
            BallotRule::Scoring(rule) => {
                let low = points().min().map_or(rule.min_score(), |low| low.min(rule.min_score()));
                let high = points().max().map_or(rule.max_score(), |high| high.max(rule.max_score()));
                let max = rule.max().map(|max| max.max(longest));
                let new = Scoring::new(low, high).and_then(|new| new.limit(rule.min().min(shortest), max));
                new.map(BallotRule::Scoring)
            }
        };
        // A rule that is wider than a possible one is possible; if it were not, the file's own would stay.
        self.rule = widened.unwrap_or(self.rule);
        self
    }

    /// The value of a key of META; none if it is not there or empty.
    #[must_use]
    pub fn meta(&self, key: &str) -> Option<&str> {
        let found = self.kept.meta.iter().find(|(known, _)| known == key);
        found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }
}

/// The id by which an option is named in a file.
fn place(at: usize) -> Option<OptionId> {
    OptionId::parse(format!("p{at}")).ok()
}

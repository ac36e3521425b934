//! What a wall reads of the public API: of each answer the part that it shows, so that neither the code that reads the
//! rest nor the rest itself travels.

use crate::i18n::Language;
use cabildo_contract::answer::Answers;
use cabildo_contract::endpoint::{Endpoint, Live, Method, NoBody, in_language};
use cabildo_contract::id::Slug;
use cabildo_contract::live::AsOf;
use cabildo_contract::problem::ProblemKind;
use cabildo_contract::process::GetProcess;
use cabildo_contract::record::GetRecord;
use cabildo_contract::statistics::{GetStatistics, WatchProcess};
use cabildo_contract::tally::Count;
use cabildo_contract::time::{Date, Period, State, Timestamp};
use serde::{Deserialize, Serialize};

/// Of [`cabildo_contract::process::Process`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// Its title.
    pub title: String,
    /// In whose time times are said.
    pub time_zone: String,
    /// The language of what is quoted.
    pub language: String,
    /// Whether all of it is an exercise.
    #[serde(default)]
    pub exercise: bool,
    /// Its consultations.
    pub consultations: Vec<Asked>,
}

impl About {
    /// When a consultation takes ballots.
    #[must_use]
    pub fn period(&self, consultation: &Slug) -> Option<Period> {
        self.consultations.iter().find(|asked| asked.slug == *consultation).map(|asked| asked.period)
    }
}

/// Of [`cabildo_contract::consultation::ConsultationSummary`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// Its name in addresses.
    pub slug: Slug,
    /// When it takes ballots.
    pub period: Period,
}

/// Of [`cabildo_contract::statistics::Statistics`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figures {
    /// What they include.
    pub as_of: AsOf,
    /// People.
    pub people: Count,
    /// Ballots.
    pub ballots: Count,
    /// Comments.
    pub comments: Count,
    /// Comments that were answered.
    #[serde(default)]
    pub answers: Answers,
    /// The last sixty minutes.
    pub last_hour: Vec<Bucket>,
    /// Proposals by their territory.
    pub by_territory: Vec<Part>,
    /// From received to fulfilled.
    pub funnel: Funnel,
    /// Tallies.
    pub consultations: Vec<Tally>,
    /// The proposals that move people most.
    #[serde(default)]
    pub top: Top,
    /// People by where they live, as far as that may be known.
    #[serde(default)]
    pub people_by_territory: Vec<Home>,
}

/// Of [`cabildo_contract::statistics::Bucket`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bucket {
    /// Ballots.
    pub ballots: u32,
    /// Comments.
    pub comments: u32,
}

/// Of [`cabildo_contract::statistics::TerritoryPeople`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Home {
    /// The name of the territory.
    pub name: String,
    /// People; none where that is withheld.
    pub people: Option<u64>,
}

/// Of [`cabildo_contract::process::Funnel`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Funnel {
    /// One entry a level.
    pub levels: Vec<Level>,
}

/// Of [`cabildo_contract::process::FunnelLevel`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Level {
    /// Received.
    pub received: u32,
    /// Adopted.
    pub adopted: u32,
    /// Followed.
    #[serde(default)]
    pub followed: u32,
    /// Fulfilled; none where nothing is on record.
    #[serde(default)]
    pub fulfilled: Option<u32>,
}

impl Funnel {
    /// Received, adopted, followed and fulfilled, over all levels.
    #[must_use]
    pub fn total(&self) -> Level {
        let mut total = Level { received: 0, adopted: 0, followed: 0, fulfilled: None };
        for level in &self.levels {
            total.received += level.received;
            total.adopted += level.adopted;
            total.followed += level.followed;
            if let Some(fulfilled) = level.fulfilled {
                *total.fulfilled.get_or_insert(0) += fulfilled;
            }
        }
        total
    }
}

/// Of [`cabildo_contract::statistics::Part`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// Its name; empty for the whole nation.
    pub title: String,
    /// Proposals.
    pub proposals: u32,
}

/// Of [`cabildo_contract::statistics::Top`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Top {
    /// By votes.
    pub support: Vec<Moving>,
    /// By comments.
    pub discussion: Vec<Moving>,
}

/// Of [`cabildo_contract::statistics::TopProposal`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moving {
    /// Its title.
    pub title: String,
    /// Votes.
    pub votes: u64,
    /// Comments.
    pub comments: u64,
}

/// Of [`cabildo_contract::tally::Results`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// The consultation.
    pub consultation: Slug,
    /// Its title.
    pub title: String,
    /// What a ballot is; none where it takes none here.
    pub rule: Option<Rule>,
    /// Whether it is an exercise.
    pub exercise: bool,
    /// Ballots.
    pub ballots: Count,
    /// From when more may be known.
    pub visible_from: Option<Timestamp>,
    /// The options, highest score first.
    pub options: Vec<Choice>,
}

/// Of [`cabildo_contract::ballot::BallotRule`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// Which.
    pub kind: String,
}

impl Rule {
    /// Whether an option gets votes, and not points.
    #[must_use]
    pub fn counts_votes(&self) -> bool {
        matches!(self.kind.as_str(), "support" | "approval")
    }
}

/// Of [`cabildo_contract::tally::OptionVotes`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// Its title.
    pub title: String,
    /// What its votes come to.
    pub score: i64,
}

/// Of [`cabildo_contract::record::Record`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Steps {
    /// What has its days, by date.
    pub timeline: Vec<Entry>,
}

/// Of [`cabildo_contract::record::Entry`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Its title.
    pub title: String,
    /// First day.
    pub from: Date,
    /// Last day, included.
    pub to: Date,
}

impl Entry {
    /// Where it stands on a day.
    #[must_use]
    pub fn state(&self, today: Date) -> State {
        State::of_days(self.from, self.to, today)
    }
}

impl Figures {
    /// The tally that a wall shows: the one that is named, else of those that take ballots the first that is open, else
    /// the last of those that have any.
    #[must_use]
    pub fn tally(&self, named: Option<&Slug>, about: &About, now: Timestamp) -> Option<&Tally> {
        let mut counted = self.consultations.iter().filter(|tally| tally.rule.is_some());
        if let Some(named) = named {
            return counted.find(|tally| tally.consultation == *named);
        }
        let state = |tally: &&Tally| about.period(&tally.consultation).map(|period| period.state(now));
        let open = counted.clone().find(|tally| state(tally) == Some(State::Open));
        open.or_else(|| counted.rfind(|tally| tally.ballots.total > 0))
    }

    /// Whether any of the participation is simulated.
    #[must_use]
    pub fn is_simulated(&self) -> bool {
        [self.people, self.ballots, self.comments, self.answers.answered]
            .iter()
            .any(|count| count.simulated > 0)
    }
}

/// A request of which less is read, in a language of the wall: not in that of the page, as elsewhere.
macro_rules! less {
    ($(#[doc = $doc:literal])* $name:ident = $whole:ident => $output:ty) => {
        $(#[doc = $doc])*
        #[derive(Debug, Clone)]
        pub struct $name(
            /// The process.
            pub Slug,
            /// The language in which content is wanted.
            pub Language,
        );

        impl Endpoint for $name {
            const METHOD: Method = $whole::METHOD;
            const PATTERN: &'static str = $whole::PATTERN;
            const NAME: &'static str = $whole::NAME;
            const SUMMARY: &'static str = $whole::SUMMARY;
            const PROBLEMS: &'static [ProblemKind] = $whole::PROBLEMS;
            type Body = NoBody;
            type Output = $output;

            fn path(&self) -> String {
                within($whole { process: self.0.clone() }.path(), self.1)
            }
        }
    };
}

fn within(path: String, language: Language) -> String {
    if language == Language::default() { path } else { in_language(path, language.code()) }
}

less! {
    /// [`GetProcess`].
    GetAbout = GetProcess => About
}
less! {
    /// [`GetStatistics`].
    GetFigures = GetStatistics => Figures
}
less! {
    /// [`GetRecord`].
    GetSteps = GetRecord => Steps
}

impl Live for GetFigures {
    const PATTERN: &'static str = WatchProcess::PATTERN;
    const NAME: &'static str = WatchProcess::NAME;
    const SUMMARY: &'static str = WatchProcess::SUMMARY;
    type State = Figures;

    fn path(&self) -> String {
        within(WatchProcess { process: self.0.clone() }.path(), self.1)
    }
}

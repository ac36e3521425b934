//! Participation in a process, as numbers.

use crate::answer::Answers;
use crate::endpoint::{Endpoint, Live, Method, NoBody};
use crate::id::Slug;
use crate::live::AsOf;
use crate::problem::ProblemKind;
use crate::process::Funnel;
use crate::tally::{Count, Results};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// Acts within one step of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Bucket {
    /// Where the step begins.
    pub start: Timestamp,
    /// Ballots received in it for the first time (a revision is no new ballot), whether withdrawn later or not.
    pub ballots: u32,
    /// Comments and replies posted in it, whether deleted later or not.
    pub comments: u32,
}

/// What a part of the proposals received.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Part {
    /// Level, theme slug or territory code; empty for proposals of the whole nation.
    pub key: String,
    /// Its title or name; empty for a level.
    pub title: String,
    /// Proposals in this part, those without a published title included where their part is known.
    pub proposals: u32,
    /// Times that ballots chose one of them, in consultations whose results are visible.
    pub votes: u64,
    /// Comments and replies on them.
    pub comments: u64,
}

/// Everything that a dashboard of a process shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Statistics {
    /// The process.
    pub process: Slug,
    /// What the figures include.
    pub as_of: AsOf,
    /// People with at least one ballot or comment that stands.
    pub people: Count,
    /// Ballots that stand, over all consultations held here.
    pub ballots: Count,
    /// Comments and replies that stand.
    pub comments: Count,
    /// Comments that were answered in writing, and those that wait.
    #[serde(default)]
    pub answers: Answers,
    /// The last sixty minutes, one step a minute, oldest first, empty minutes included.
    pub last_hour: Vec<Bucket>,
    /// One step a day (UTC), from the first day with an act, oldest first, empty days included; at most 400.
    pub days: Vec<Bucket>,
    /// By level of government.
    pub by_level: Vec<Part>,
    /// By theme; a proposal with two themes counts in both.
    pub by_theme: Vec<Part>,
    /// By territory.
    pub by_territory: Vec<Part>,
    /// From received to adopted.
    pub funnel: Funnel,
    /// The results of each consultation held here, those that ask for comments included.
    pub consultations: Vec<Results>,
}

/// Reads the statistics of a process.
#[derive(Debug, Clone)]
pub struct GetStatistics {
    /// Slug or id of the process.
    pub process: Slug,
}

impl Endpoint for GetStatistics {
    const METHOD: Method = Method::Get;
    const PATTERN: &'static str = "/api/v1/processes/{process}/statistics";
    const NAME: &'static str = "get_statistics";
    const SUMMARY: &'static str = "Participation in a process: people, ballots, comments, over time and by level, theme and territory; funnel; tallies.";
    const PROBLEMS: &'static [ProblemKind] = &[ProblemKind::NotFound];
    type Body = NoBody;
    type Output = Statistics;

    fn path(&self) -> String {
        format!("/api/v1/processes/{}/statistics", self.process)
    }
}

/// Watches the statistics of a process.
#[derive(Debug, Clone)]
pub struct WatchProcess {
    /// Slug or id of the process.
    pub process: Slug,
}

impl Live for WatchProcess {
    const PATTERN: &'static str = "/api/v1/processes/{process}/live";
    const NAME: &'static str = "watch_process";
    const SUMMARY: &'static str = "The statistics of a process, at most once a second while they change.";
    type State = Statistics;

    fn path(&self) -> String {
        format!("/api/v1/processes/{}/live", self.process)
    }
}

/// The tables that can be downloaded as CSV ([RFC 4180](https://www.rfc-editor.org/rfc/rfc4180), UTF-8 with a
/// byte order mark so that spreadsheets read the accents).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Table {
    /// One row a proposal.
    Proposals,
    /// One row a comment that stands.
    Comments,
    /// One row a submission to a call that stands.
    Submissions,
    /// One row a consultation and option.
    Results,
    /// One row a day.
    Participation,
    /// One row a level, theme or territory.
    Breakdown,
    /// One row a level: received, adopted.
    Funnel,
    /// One row a published figure and source.
    Figures,
}

impl Table {
    /// All tables.
    pub const ALL: [Self; 8] = [
        Self::Proposals,
        Self::Comments,
        Self::Submissions,
        Self::Results,
        Self::Participation,
        Self::Breakdown,
        Self::Funnel,
        Self::Figures,
    ];

    /// Its name in the address.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Proposals => "proposals",
            Self::Comments => "comments",
            Self::Submissions => "submissions",
            Self::Results => "results",
            Self::Participation => "participation",
            Self::Breakdown => "breakdown",
            Self::Funnel => "funnel",
            Self::Figures => "figures",
        }
    }

    /// Where it is downloaded, for a process.
    #[must_use]
    pub fn path(self, process: &Slug) -> String {
        format!("/api/v1/processes/{process}/export/{}.csv", self.as_str())
    }
}

/// Address of the tables as the server mounts it; `{file}` is [`Table::as_str`] and `.csv`.
pub const EXPORT_PATTERN: &str = "/api/v1/processes/{process}/export/{file}";

//! Participation in a process, as numbers.

use crate::answer::{Answers, Stances};
use crate::endpoint::{Endpoint, Live, Method, NoBody};
use crate::id::{ProposalId, Slug};
use crate::live::AsOf;
use crate::moderation::ModerationCounts;
use crate::problem::ProblemKind;
use crate::process::{Figure, Funnel, Territory};
use crate::tally::{Channel, ChannelCount, Count, Results};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Acts within one step of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Bucket {
    /// Where the step begins.
    pub start: Timestamp,
    /// Ballots received in it for the first time (a revision is no new ballot), whether withdrawn later or not.
    pub ballots: u32,
    /// Comments and replies that everybody could read from then on, whether deleted or hidden later or not.
    pub comments: u32,
}

/// What a part of the proposals received.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Part {
    /// Level, theme slug, branch or territory code; empty for proposals of the whole nation.
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

/// A proposal among those that moved people most.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TopProposal {
    /// Its id.
    pub id: ProposalId,
    /// Its number.
    pub number: u32,
    /// Its title.
    pub title: String,
    /// Times that ballots chose it.
    pub votes: u64,
    /// Comments and replies on it.
    pub comments: u64,
    /// The comments on it by stance; replies have none.
    pub stances: Stances,
}

/// Most proposals of each list of [`Top`].
pub const TOP: usize = 10;

/// The proposals that moved people most, at most [`TOP`] a list, most first, then by number. Nothing with nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Top {
    /// By votes.
    pub support: Vec<TopProposal>,
    /// By comments and replies.
    pub discussion: Vec<TopProposal>,
    /// By controversy, see [`Stances::controversy`].
    pub controversy: Vec<TopProposal>,
}

/// What people did in a room, as sums of the record.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct InPerson {
    /// Workshops on record.
    pub workshops: u32,
    /// People who attended them; who attended two counts twice.
    pub attendance: u64,
    /// Prioritised actions on record with the votes given in the room.
    pub actions: u32,
    /// Votes given in the room: not ballots of this system.
    pub votes: u64,
    /// Conversations with experts on record.
    pub conversations: u32,
    /// Experts who took part in them.
    pub experts: u64,
}

/// A consultation that was held elsewhere, as what was published about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HeldElsewhere {
    /// The consultation.
    pub consultation: Slug,
    /// Its title.
    pub title: String,
    /// Through what it was held.
    pub channel: String,
    /// What was published, every source of it.
    pub figures: Vec<Figure>,
}

/// How many people say that they live in a territory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TerritoryPeople {
    /// The territory.
    #[serde(flatten)]
    pub territory: Territory,
    /// People of it who take part, rounded down to a multiple of five, as last published; null where that is withheld
    /// ([`crate::suppression`]).
    pub people: Option<u64>,
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
    /// Comments and replies by where they stand with the moderators.
    #[serde(default)]
    pub moderation: ModerationCounts,
    /// The last sixty minutes, one step a minute, oldest first, empty minutes included.
    pub last_hour: Vec<Bucket>,
    /// One step a day (UTC), from the first day with an act, oldest first, empty days included; at most 400.
    pub days: Vec<Bucket>,
    /// By level of government.
    pub by_level: Vec<Part>,
    /// By theme; a proposal with two themes counts in both.
    pub by_theme: Vec<Part>,
    /// By branch of the State, as the proposals name it: the sector of the public sector that leads them.
    #[serde(default)]
    pub by_branch: Vec<Part>,
    /// By territory.
    pub by_territory: Vec<Part>,
    /// From received to adopted.
    pub funnel: Funnel,
    /// The results of each consultation held here, those that ask for comments included.
    pub consultations: Vec<Results>,
    /// The proposals that moved people most.
    #[serde(default)]
    pub top: Top,
    /// What people did in workshops and conversations. Never added to what is counted here.
    #[serde(default)]
    pub in_person: InPerson,
    /// The consultations that were held elsewhere, quoted. Never added to what is counted here.
    #[serde(default)]
    pub elsewhere: Vec<HeldElsewhere>,
    /// People by the department that they said they live in, all departments by name. Who said none is in no entry and in
    /// [`Self::people`].
    #[serde(default)]
    pub people_by_territory: Vec<TerritoryPeople>,
}

impl Statistics {
    /// Ballots that stand, by how they arrived, over all consultations held here: online always, other ways by which at
    /// least one did.
    #[must_use]
    pub fn ballot_channels(&self) -> Vec<ChannelCount> {
        let mut counts = BTreeMap::from([(Channel::Online, 0)]);
        for count in self.consultations.iter().flat_map(|results| &results.channels) {
            *counts.entry(count.channel).or_default() += count.ballots;
        }
        counts.into_iter().map(|(channel, ballots)| ChannelCount { channel, ballots }).collect()
    }
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
    const SUMMARY: &'static str = "Participation in a process: people, ballots, comments, over time and by level, theme, branch and territory; funnel; tallies; answers; the proposals that moved people most.";
    const CONTENT: bool = true;
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
    const CONTENT: bool = true;
    type State = Statistics;

    fn path(&self) -> String {
        format!("/api/v1/processes/{}/live", self.process)
    }
}

/// How a table is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TableFormat {
    /// [RFC 4180](https://www.rfc-editor.org/rfc/rfc4180), UTF-8 with a byte order mark so that spreadsheets read the
    /// accents.
    Csv,
    /// [One JSON object a line](https://github.com/ndjson/ndjson-spec), its fields named as the columns: numbers are
    /// numbers, and what is not there is null.
    Ndjson,
}

impl TableFormat {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Csv, Self::Ndjson];

    /// The end of a file's name.
    #[must_use]
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Ndjson => "ndjson",
        }
    }

    /// Its media type.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Ndjson => "application/x-ndjson",
        }
    }
}

/// The tables that can be downloaded.
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
    /// One row a level, theme, branch or territory.
    Breakdown,
    /// One row a level: received, adopted.
    Funnel,
    /// One row a published figure and source.
    Figures,
    /// One row a channel and measure.
    Channels,
    /// One row a consultation and measure: counted here, or published and by whom.
    Turnout,
    /// One row a list and proposal: support, discussion, controversy.
    Top,
    /// Answered and pending comments.
    Answers,
    /// One row a state: reported, waiting, hidden, kept.
    Moderation,
    /// One row a department: people who say that they live there.
    Territories,
}

impl Table {
    /// All tables.
    pub const ALL: [Self; 14] = [
        Self::Proposals,
        Self::Comments,
        Self::Submissions,
        Self::Results,
        Self::Participation,
        Self::Breakdown,
        Self::Funnel,
        Self::Figures,
        Self::Channels,
        Self::Turnout,
        Self::Top,
        Self::Answers,
        Self::Moderation,
        Self::Territories,
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
            Self::Channels => "channels",
            Self::Turnout => "turnout",
            Self::Top => "top",
            Self::Answers => "answers",
            Self::Moderation => "moderation",
            Self::Territories => "territories",
        }
    }

    /// Where it is downloaded as CSV, for a process.
    #[must_use]
    pub fn path(self, process: &Slug) -> String {
        self.path_as(process, TableFormat::Csv)
    }

    /// Where it is downloaded, for a process.
    #[must_use]
    pub fn path_as(self, process: &Slug, format: TableFormat) -> String {
        format!("/api/v1/processes/{process}/export/{}.{}", self.as_str(), format.extension())
    }
}

/// Address of the tables as the server mounts it; `{file}` is [`Table::as_str`], a point and
/// [`TableFormat::extension`].
pub const EXPORT_PATTERN: &str = "/api/v1/processes/{process}/export/{file}";

/// A picture of a chart, for social networks: 1200 × 630, with title, date and source.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Picture {
    /// Participation in the last hour.
    LastHour,
    /// Participation by day.
    Days,
    /// By level of government.
    Level,
    /// By theme.
    Theme,
    /// By branch of the State.
    Branch,
    /// By territory of the proposals.
    Territory,
    /// From received to adopted.
    Funnel,
    /// The proposals with most votes.
    Support,
    /// The proposals with most comments.
    Discussion,
    /// The most disputed proposals.
    Controversy,
    /// Answered and pending comments.
    Answers,
    /// Participation by channel.
    Channels,
    /// Ballots and comments a consultation.
    Turnout,
    /// People by the department that they said.
    People,
    /// The tally of a consultation held here.
    Results(Slug),
}

/// What stands before the slug of a consultation in [`Picture::name`].
const RESULTS: &str = "results-";

impl Picture {
    /// All that every process has.
    pub const ALL: [Self; 14] = [
        Self::LastHour,
        Self::Days,
        Self::Level,
        Self::Theme,
        Self::Branch,
        Self::Territory,
        Self::Funnel,
        Self::Support,
        Self::Discussion,
        Self::Controversy,
        Self::Answers,
        Self::Channels,
        Self::Turnout,
        Self::People,
    ];

    /// Its name in the address.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::LastHour => "last-hour",
            Self::Days => "days",
            Self::Level => "level",
            Self::Theme => "theme",
            Self::Branch => "branch",
            Self::Territory => "territory",
            Self::Funnel => "funnel",
            Self::Support => "support",
            Self::Discussion => "discussion",
            Self::Controversy => "controversy",
            Self::Answers => "answers",
            Self::Channels => "channels",
            Self::Turnout => "turnout",
            Self::People => "people",
            Self::Results(consultation) => return format!("{RESULTS}{consultation}"),
        }
        .to_owned()
    }

    /// Reads what [`Self::name`] writes.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        match name.strip_prefix(RESULTS) {
            Some(consultation) => Slug::parse(consultation).ok().map(Self::Results),
            None => Self::ALL.into_iter().find(|picture| picture.name() == name),
        }
    }

    /// Where it is, for a process; without `.svg` or `.png`.
    #[must_use]
    pub fn path(&self, process: &Slug) -> String {
        format!("/api/v1/processes/{process}/pictures/{}", self.name())
    }
}

/// Address of the pictures as the server mounts it; `{file}` is [`Picture::name`] and `.svg` or `.png`.
pub const PICTURE_PATTERN: &str = "/api/v1/processes/{process}/pictures/{file}";

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    #[test]
    fn every_pictures_name_is_read_back() {
        let results = Picture::Results(Slug::parse("prioridades").unwrap());
        for picture in Picture::ALL.into_iter().chain([results]) {
            assert_eq!(Picture::parse(&picture.name()), Some(picture));
        }
        assert_eq!(Picture::parse("nothing"), None);
    }
}

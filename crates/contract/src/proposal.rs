//! Proposals: what entities and people proposed, what it became, and why.

use crate::commitment::Commitment;
use crate::endpoint::{Endpoint, Method, NoBody};
use crate::id::{ProposalId, Slug};
use crate::page::query_string;
use crate::problem::ProblemKind;
use crate::process::{ProcessName, Territory, Theme};
use crate::tally::Count;
use crate::time::Date;
use serde::{Deserialize, Serialize};

/// The level of government that would carry a proposal out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Level {
    /// The nation: executive, judicial or control bodies.
    National,
    /// A department or a municipality.
    Subnational,
}

impl Level {
    /// Both.
    pub const ALL: [Self; 2] = [Self::National, Self::Subnational];

    /// As in addresses and JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::National => "national",
            Self::Subnational => "subnational",
        }
    }
}

/// What became of a proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Status {
    /// Adopted as a commitment.
    Selected,
    /// Not adopted.
    NotSelected,
}

impl Status {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Selected, Self::NotSelected];

    /// As in addresses and JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Selected => "selected",
            Self::NotSelected => "not_selected",
        }
    }
}

/// Why a proposal has its status: OGP's *reasoned response*
/// (<https://www.opengovpartnership.org/glossary/reasoned-response/>).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Reason {
    /// The reason, as far as it was published.
    pub text: String,
    /// Who says so, and where.
    pub source: String,
}

/// Which text a version is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum VersionKind {
    /// As put up for comments.
    Draft,
    /// As adopted.
    Final,
}

/// A proposal's title and text at one time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Version {
    /// Which text it is.
    pub kind: VersionKind,
    /// The day it was published.
    pub date: Date,
    /// The title then; null where the proposal was not in that list.
    pub title: Option<String>,
    /// The whole text then, paragraphs apart by an empty line; null where it was not published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// What made it change from the version before; null where that was not published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub because: Option<Reason>,
    /// Who says so, and where.
    pub source: String,
}

/// An action of a workshop that a proposal came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Origin {
    /// The workshop.
    pub workshop: Slug,
    /// Its title.
    pub workshop_title: String,
    /// The day on which it was held.
    pub date: Date,
    /// The action.
    pub action: String,
    /// At which table it was proposed.
    pub table: String,
    /// Votes given to it in the room: not ballots of this system.
    pub votes: u32,
    /// What the proposal took from it; null where nobody said.
    pub note: Option<String>,
    /// Who says so, and where.
    pub source: String,
}

/// Names a proposal where something leads to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProposalName {
    /// Its id.
    pub id: ProposalId,
    /// Its number within the process.
    pub number: u32,
    /// Its latest title.
    pub title: String,
}

/// A proposal in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProposalSummary {
    /// Its id, the same through all versions.
    pub id: ProposalId,
    /// Its number within the process.
    pub number: u32,
    /// Its latest title.
    pub title: String,
    /// One or two sentences.
    pub summary: String,
    /// Level of government.
    pub level: Level,
    /// Its themes.
    pub themes: Vec<Theme>,
    /// Its territory; null for the whole nation.
    pub territory: Option<Territory>,
    /// What became of it.
    pub status: Status,
    /// The entities that lead it.
    pub lead_entities: Vec<String>,
    /// Comments and replies on it, deleted ones left out.
    pub comments: Count,
}

/// A proposal, whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Proposal {
    /// What a list shows of it.
    #[serde(flatten)]
    pub head: ProposalSummary,
    /// The process that it belongs to.
    pub process: ProcessName,
    /// Branch of the State, e.g. `ejecutiva`.
    pub branch: String,
    /// The entities that take part beside the leading ones.
    pub other_entities: Vec<String>,
    /// What it promises in numbers, as stated.
    pub targets: Vec<String>,
    /// Why it has its status.
    pub reason: Reason,
    /// Its titles and texts over time, oldest first.
    pub versions: Vec<Version>,
    /// The workshop actions that it came from.
    #[serde(default)]
    pub origins: Vec<Origin>,
    /// What it became; null where it was not adopted, or its commitment is not on record.
    #[serde(default)]
    pub commitment: Option<Commitment>,
}

/// Proposals that are known to exist and whose titles were never published: counted, never named.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UnnamedProposals {
    /// How many.
    pub count: u32,
    /// Their level.
    pub level: Level,
    /// What became of them.
    pub status: Status,
    /// What is known about them.
    pub note: String,
    /// Who says so, and where.
    pub source: String,
}

/// The order of a list of proposals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sort {
    /// By number.
    #[default]
    Number,
    /// By title, A to Z.
    Title,
    /// Most commented first.
    Comments,
}

impl Sort {
    /// All orders.
    pub const ALL: [Self; 3] = [Self::Number, Self::Title, Self::Comments];

    /// As in addresses.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Title => "title",
            Self::Comments => "comments",
        }
    }
}

/// What a list of proposals is narrowed to. Conditions combine by *and*. The same names stand in the
/// address of the page and in that of the API.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    /// Words that title, summary or entities contain, all of them, accents and case aside.
    pub q: String,
    /// The level.
    pub level: Option<Level>,
    /// The theme's slug.
    pub theme: Option<Slug>,
    /// The territory's code; that of a department includes its municipalities.
    pub territory: Option<Slug>,
    /// The status.
    pub status: Option<Status>,
    /// The order.
    pub sort: Sort,
}

impl Filter {
    /// Reads the pairs of a query that are part of a filter; others are left to the caller.
    ///
    /// # Errors
    /// The name of the first parameter whose value is not valid.
    pub fn from_pairs(pairs: &[(String, String)]) -> Result<Self, &'static str> {
        let mut filter = Self::default();
        for (name, value) in pairs.iter().filter(|(_, value)| !value.is_empty()) {
            match name.as_str() {
                "q" if value.chars().count() > crate::text::QUERY_MAX => return Err("q"),
                "q" => filter.q = value.trim().to_owned(),
                "level" => filter.level = Some(named(&Level::ALL, Level::as_str, value).ok_or("level")?),
                "status" => filter.status = Some(named(&Status::ALL, Status::as_str, value).ok_or("status")?),
                "sort" => filter.sort = named(&Sort::ALL, Sort::as_str, value).ok_or("sort")?,
                "theme" => filter.theme = Some(Slug::parse(value.as_str()).map_err(|_| "theme")?),
                "territory" => filter.territory = Some(Slug::parse(value.as_str()).map_err(|_| "territory")?),
                _ => {}
            }
        }
        Ok(filter)
    }

    /// The filter as query pairs; parts at their default have an empty value.
    #[must_use]
    pub fn pairs(&self) -> [(&'static str, &str); 6] {
        [
            ("q", &self.q),
            ("level", self.level.map_or("", Level::as_str)),
            ("theme", self.theme.as_ref().map_or("", Slug::as_str)),
            ("territory", self.territory.as_ref().map_or("", Slug::as_str)),
            ("status", self.status.map_or("", Status::as_str)),
            ("sort", if self.sort == Sort::default() { "" } else { self.sort.as_str() }),
        ]
    }

    /// Whether anything is narrowed; the order alone is not.
    #[must_use]
    pub fn is_narrowed(&self) -> bool {
        let Self { q, level, theme, territory, status, sort: _ } = self;
        !q.is_empty() || level.is_some() || theme.is_some() || territory.is_some() || status.is_some()
    }

    /// Whether proposals of which only level and status are known could be among those looked for.
    #[must_use]
    pub fn admits_unnamed(&self, group: &UnnamedProposals) -> bool {
        self.q.is_empty()
            && self.theme.is_none()
            && self.territory.is_none()
            && self.level.is_none_or(|level| level == group.level)
            && self.status.is_none_or(|status| status == group.status)
    }
}

fn named<T: Copy>(all: &[T], name: fn(T) -> &'static str, value: &str) -> Option<T> {
    all.iter().copied().find(|item| name(*item) == value)
}

/// A page of proposals, with what could not be listed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProposalPage {
    /// The proposals on this page.
    pub items: Vec<ProposalSummary>,
    /// The `cursor` of the next page; null on the last.
    pub next: Option<String>,
    /// All proposals that match, on every page, those without a published title included.
    pub total: u32,
    /// Those of the total whose titles were never published.
    pub unnamed: Vec<UnnamedProposals>,
}

/// Query parameters of every list.
pub const PAGE_QUERY: &[(&str, &str)] = &[
    ("cursor", "Where to continue: `next` of the page before."),
    ("limit", "Items of a page, 1 to 100; 20 unless given."),
];

/// Lists the proposals of a process.
#[derive(Debug, Clone)]
pub struct ListProposals {
    /// Slug or id of the process.
    pub process: Slug,
    /// What to list.
    pub filter: Filter,
    /// Where to continue; empty for the first page.
    pub cursor: String,
}

impl Endpoint for ListProposals {
    const METHOD: Method = Method::Get;
    const PATTERN: &'static str = "/api/v1/processes/{process}/proposals";
    const NAME: &'static str = "list_proposals";
    const SUMMARY: &'static str = "The proposals of a process, searched, filtered and sorted.";
    const CONTENT: bool = true;
    const QUERY: &'static [(&'static str, &'static str)] = &[
        (
            "q",
            "Words that title, summary or entities contain, accents and case aside; at most 100 characters.",
        ),
        ("level", "`national` or `subnational`."),
        ("theme", "Slug of a theme of the process."),
        ("territory", "Code of a territory; that of a department includes its municipalities."),
        ("status", "`selected` or `not_selected`."),
        ("sort", "`number` (default), `title` or `comments` (most first)."),
        PAGE_QUERY[0],
        PAGE_QUERY[1],
    ];
    const PROBLEMS: &'static [ProblemKind] = &[ProblemKind::NotFound];
    type Body = NoBody;
    type Output = ProposalPage;

    fn path(&self) -> String {
        let [q, level, theme, territory, status, sort] = self.filter.pairs();
        let query = query_string(&[q, level, theme, territory, status, sort, ("cursor", &self.cursor)]);
        format!("/api/v1/processes/{}/proposals{query}", self.process)
    }
}

/// Reads a proposal.
#[derive(Debug, Clone)]
pub struct GetProposal {
    /// Its id.
    pub proposal: ProposalId,
}

impl Endpoint for GetProposal {
    const METHOD: Method = Method::Get;
    const PATTERN: &'static str = "/api/v1/proposals/{proposal}";
    const NAME: &'static str = "get_proposal";
    const SUMMARY: &'static str = "A proposal: entities, territory, targets, origins, versions, status and its reason, and the commitment that it became.";
    const CONTENT: bool = true;
    const PROBLEMS: &'static [ProblemKind] = &[ProblemKind::NotFound];
    type Body = NoBody;
    type Output = Proposal;

    fn path(&self) -> String {
        format!("/api/v1/proposals/{}", self.proposal)
    }
}

/// A proposal's titles and texts over time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Versions {
    /// Oldest first.
    pub items: Vec<Version>,
    /// Always null: all versions are on one page.
    pub next: Option<String>,
}

/// Reads a proposal's versions.
#[derive(Debug, Clone)]
pub struct GetVersions {
    /// The proposal's id.
    pub proposal: ProposalId,
}

impl Endpoint for GetVersions {
    const METHOD: Method = Method::Get;
    const PATTERN: &'static str = "/api/v1/proposals/{proposal}/versions";
    const NAME: &'static str = "get_versions";
    const SUMMARY: &'static str = "A proposal's titles and texts over time, oldest first.";
    const CONTENT: bool = true;
    const PROBLEMS: &'static [ProblemKind] = &[ProblemKind::NotFound];
    type Body = NoBody;
    type Output = Versions;

    fn path(&self) -> String {
        format!("/api/v1/proposals/{}/versions", self.proposal)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use crate::page::parse_query;
    use proptest::prelude::*;

    fn filters() -> impl Strategy<Value = Filter> {
        let slug = || prop::option::of("[a-z0-9-]{1,10}".prop_map(|text| Slug::parse(text).unwrap()));
        (
            "[a-zñ &=%+]{0,20}",
            prop::option::of(prop::sample::select(&Level::ALL[..])),
            slug(),
            slug(),
            prop::option::of(prop::sample::select(&Status::ALL[..])),
            prop::sample::select(&Sort::ALL[..]),
        )
            .prop_map(|(q, level, theme, territory, status, sort)| Filter {
                q: q.trim().to_owned(),
                level,
                theme,
                territory,
                status,
                sort,
            })
    }

    proptest! {
        #[test]
        fn a_filter_survives_the_address(filter in filters()) {
            let written = query_string(&filter.pairs());
            let read = Filter::from_pairs(&parse_query(written.trim_start_matches('?'))).unwrap();
            prop_assert_eq!(read, filter);
        }
    }

    #[test]
    fn a_filter_names_the_parameter_that_is_wrong() {
        let parse = |query: &str| Filter::from_pairs(&parse_query(query));
        assert_eq!(parse("level=galactic"), Err("level"));
        assert_eq!(parse("status=maybe"), Err("status"));
        assert_eq!(parse("sort=random"), Err("sort"));
        assert_eq!(parse("theme=a/b"), Err("theme"));
        assert_eq!(parse(&format!("q={}", "x".repeat(101))), Err("q"));
        assert_eq!(parse("lang=en&cursor=x"), Ok(Filter::default()));
    }
}

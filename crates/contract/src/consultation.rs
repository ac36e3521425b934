//! Consultations: a question put to people for a period.

use crate::ballot::BallotRule;
use crate::embed::HostSite;
use crate::endpoint::{Endpoint, Method, NoBody};
use crate::id::{ConsultationId, OptionId, ProposalId, Slug};
use crate::outcome::OutcomeRule;
use crate::problem::ProblemKind;
use crate::process::{Figure, Influence, ProcessName};
use crate::session::Assurance;
use crate::tally::Count;
use crate::time::{Period, State, Timestamp};
use serde::{Deserialize, Serialize};

/// Where a consultation is or was held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "at")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Held {
    /// In this system: it takes ballots by this rule, and its results are computed from them.
    Here {
        /// What a valid ballot is.
        rule: BallotRule,
        /// How people are recognised.
        assurance: Assurance,
    },
    /// In this system, as comments on what its options stand for; it takes no ballots. Each comment gets an answer in
    /// writing.
    Comments {},
    /// Somewhere else: only what was published about it is known, and quoted.
    Elsewhere {
        /// Through what it was held.
        channel: String,
        /// What it asked people to do.
        asked: String,
    },
}

/// When people may know how a consultation stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Visibility {
    /// At any time.
    #[default]
    Live,
    /// From the instant of its close. Before it nobody learns more than how many ballots there are.
    AfterClose,
}

/// What there is to be spent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Budget {
    /// The sum, in the same unit as the options' costs.
    pub amount: u64,
    /// Code of the currency (ISO 4217), e.g. `COP`; empty where the source does not say.
    pub currency: String,
    /// Of how many decimals of the currency the sum and the costs are whole numbers: 0 for whole pesos, 2 for cents.
    #[serde(default)]
    pub decimals: u8,
}

/// A consultation in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ConsultationSummary {
    /// Its id.
    pub id: ConsultationId,
    /// Its name in addresses, unique in the whole installation.
    pub slug: Slug,
    /// Its title.
    pub title: String,
    /// When it takes ballots; its state derives from the clock.
    pub period: Period,
    /// Where it is held.
    pub held: Held,
    /// When people may know how it stands.
    #[serde(default)]
    pub results: Visibility,
    /// An exercise to try the system with; not a part of the process on record. Labelled wherever it shows.
    pub exercise: bool,
    /// What was published about it.
    pub figures: Vec<Figure>,
}

impl ConsultationSummary {
    /// From when its results are visible, if they are not at `now`.
    #[must_use]
    pub fn hidden_until(&self, now: Timestamp) -> Option<Timestamp> {
        let hidden = self.results == Visibility::AfterClose && self.period.state(now) != State::Closed;
        hidden.then_some(self.period.closes)
    }
}

/// What a ballot can choose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BallotOption {
    /// Its id.
    pub id: OptionId,
    /// Its name in the source, e.g. a topic's number.
    pub reference: String,
    /// Its title.
    pub title: String,
    /// More about it, in a sentence; may be empty.
    pub description: String,
    /// The proposal that it stands for.
    pub proposal: Option<ProposalId>,
    /// What it costs, in the unit of the consultation's [`Budget`].
    #[serde(default)]
    pub cost: Option<u64>,
    /// Among whom it stands: the sector of a candidacy.
    #[serde(default)]
    pub group: Option<String>,
    /// Comments and replies on the option itself, deleted ones left out; those on its proposal are not among them.
    #[serde(default)]
    pub comments: Count,
}

/// A consultation, whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Consultation {
    /// What a list shows of it.
    #[serde(flatten)]
    pub head: ConsultationSummary,
    /// The process that it belongs to.
    pub process: ProcessName,
    /// The question.
    pub question: String,
    /// What will be done with the answer.
    pub purpose: String,
    /// What people are promised.
    pub influence: Influence,
    /// What there is to be spent.
    #[serde(default)]
    pub budget: Option<Budget>,
    /// How the outcome follows from the votes, where a rule was published beforehand.
    #[serde(default)]
    pub outcome: Option<OutcomeRule>,
    /// Sites in whose pages people may vote inside the widget; elsewhere it opens a window. Only where people identify
    /// themselves: otherwise each site would be another device, with a ballot of its own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub voting_sites: Vec<HostSite>,
    /// What can be chosen, in the order of the source.
    pub options: Vec<BallotOption>,
}

/// Address of a consultation's ballots as a file of [Pabulib](https://pabulib.org/format).
pub const ELECTION_PATTERN: &str = "/api/v1/consultations/{consultation}.pb";

/// Reads a consultation.
#[derive(Debug, Clone)]
pub struct GetConsultation {
    /// Its slug or id.
    pub consultation: Slug,
}

impl Endpoint for GetConsultation {
    const METHOD: Method = Method::Get;
    const PATTERN: &'static str = "/api/v1/consultations/{consultation}";
    const NAME: &'static str = "get_consultation";
    const SUMMARY: &'static str = "A consultation: question, purpose, rule, options and dates.";
    const CONTENT: bool = true;
    const PROBLEMS: &'static [ProblemKind] = &[ProblemKind::NotFound];
    type Body = NoBody;
    type Output = Consultation;

    fn path(&self) -> String {
        format!("/api/v1/consultations/{}", self.consultation)
    }
}

/// An option, whole, with the consultation that it belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OptionDetail {
    /// The option.
    pub option: BallotOption,
    /// Its consultation.
    pub consultation: ConsultationSummary,
    /// The process that it belongs to.
    pub process: ProcessName,
}

/// Reads an option.
#[derive(Debug, Clone)]
pub struct GetOption {
    /// Its id.
    pub option: OptionId,
}

impl Endpoint for GetOption {
    const METHOD: Method = Method::Get;
    const PATTERN: &'static str = "/api/v1/options/{option}";
    const NAME: &'static str = "get_option";
    const SUMMARY: &'static str = "An option of a consultation, e.g. a candidacy, with its consultation.";
    const CONTENT: bool = true;
    const PROBLEMS: &'static [ProblemKind] = &[ProblemKind::NotFound];
    type Body = NoBody;
    type Output = OptionDetail;

    fn path(&self) -> String {
        format!("/api/v1/options/{}", self.option)
    }
}

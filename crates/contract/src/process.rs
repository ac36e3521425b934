//! Participation processes.

use crate::call::CallSummary;
use crate::consultation::ConsultationSummary;
use crate::endpoint::{Endpoint, Method, NoBody};
use crate::id::{ProcessId, Slug};
use crate::moderation::ModerationPolicy;
use crate::page::Page;
use crate::problem::ProblemKind;
use crate::proposal::Level;
use crate::time::Date;
use serde::{Deserialize, Serialize};

/// What a convener promises people about their influence, after the
/// [IAP2 spectrum](https://www.iap2.org/page/pillars).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Influence {
    /// "We will keep you informed."
    Inform,
    /// "We will tell you how your input influenced the decision."
    Consult,
    /// "Your concerns are reflected in the alternatives."
    Involve,
    /// "We look to you for advice and build it into the decision."
    Collaborate,
    /// "We will implement what you decide."
    Empower,
}

/// What happens in a [`Phase`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum PhaseKind {
    /// People are asked.
    Consultation,
    /// People meet around tables.
    Workshops,
    /// Experts are heard.
    ExpertConversations,
    /// Proposals are received.
    CallForProposals,
    /// Proposals are evaluated and selected.
    Decision,
    /// Contributions are answered in writing.
    ReasonedResponse,
    /// The result is published.
    Launch,
    /// What was promised is tracked.
    FollowUp,
}

/// A dated stage of a process. Its state derives from the clock and is never stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Phase {
    /// Its name in addresses.
    pub slug: Slug,
    /// Its title.
    pub title: String,
    /// What happens in it.
    pub kind: PhaseKind,
    /// First day.
    pub from: Date,
    /// Last day, included.
    pub to: Date,
}

impl Phase {
    /// The state on the day `today` of the process's own time zone.
    #[must_use]
    pub fn state(&self, today: Date) -> crate::time::State {
        crate::time::State::of_days(self.from, self.to, today)
    }
}

/// A value that another source gives for the same figure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OtherValue {
    /// The value.
    pub value: u64,
    /// Who says so, and where.
    pub source: String,
}

/// A published number, quoted from its source; never shown without definition and source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Figure {
    /// Its name.
    pub label: String,
    /// Its value.
    pub value: u64,
    /// What the value counts, when it is not a number of things: a currency code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// What exactly it counts.
    pub definition: String,
    /// Who says so, and where.
    pub source: String,
    /// What other sources say.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also_published: Vec<OtherValue>,
}

/// A theme of a process's proposals.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Theme {
    /// Its name in addresses.
    pub slug: Slug,
    /// Its title.
    pub title: String,
}

/// A territory, by its code in the country's official list (in Colombia DIVIPOLA: two digits for a
/// department, five for a municipality).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Territory {
    /// The code, leading zeros kept.
    pub code: String,
    /// Its name; a municipality is followed by its department.
    pub name: String,
}

/// How many proposals of one level were received, how many adopted, and how many of these fulfilled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FunnelLevel {
    /// The level.
    pub level: Level,
    /// Proposals received.
    pub received: u32,
    /// Of these, adopted as commitments.
    pub adopted: u32,
    /// Of these, commitments whose progress is on record: with milestones, or with an assessment.
    #[serde(default)]
    pub followed: u32,
    /// Of these, complete; null where nothing is on record, which is not the same as none.
    #[serde(default)]
    pub fulfilled: Option<u32>,
}

/// The way of the proposals from received to adopted to fulfilled. Computed: it counts the proposals on record, those
/// whose titles were never published included.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Funnel {
    /// One entry a level.
    pub levels: Vec<FunnelLevel>,
}

impl Funnel {
    /// Proposals received, over all levels.
    #[must_use]
    pub fn received(&self) -> u32 {
        self.levels.iter().map(|level| level.received).sum()
    }

    /// Proposals adopted, over all levels.
    #[must_use]
    pub fn adopted(&self) -> u32 {
        self.levels.iter().map(|level| level.adopted).sum()
    }

    /// Commitments whose progress is on record, over all levels.
    #[must_use]
    pub fn followed(&self) -> u32 {
        self.levels.iter().map(|level| level.followed).sum()
    }

    /// Commitments that are complete, over all levels; `None` where nothing is on record.
    #[must_use]
    pub fn fulfilled(&self) -> Option<u32> {
        self.levels.iter().filter_map(|level| level.fulfilled).reduce(|a, b| a + b)
    }
}

/// Names a process where something belongs to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProcessName {
    /// Its name in addresses.
    pub slug: Slug,
    /// Its title.
    pub title: String,
    /// IANA time zone in which its days begin and its closing times are said, e.g. `America/Bogota`.
    pub time_zone: String,
    /// BCP 47 tag of the language in which its content is written, e.g. `es-CO`.
    pub language: String,
    /// Whether all of it is an exercise: there to try the system with, not a process on record.
    #[serde(default, skip_serializing_if = "is_false")]
    pub exercise: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
fn is_false(value: &bool) -> bool {
    !value
}

/// A process in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProcessSummary {
    /// Its id.
    pub id: ProcessId,
    /// Its names.
    #[serde(flatten)]
    pub name: ProcessName,
    /// Who convenes it.
    pub convener: String,
    /// What it is, in a few sentences.
    pub summary: String,
    /// First day.
    pub from: Date,
    /// Last day, included.
    pub to: Date,
    /// What people are promised.
    pub influence: Influence,
    /// Proposals received.
    pub proposals: u32,
    /// Consultations.
    pub consultations: u32,
}

/// A process, whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Process {
    /// Its id.
    pub id: ProcessId,
    /// Its names.
    #[serde(flatten)]
    pub name: ProcessName,
    /// Who convenes it.
    pub convener: String,
    /// What it is, in a few sentences.
    pub summary: String,
    /// First day.
    pub from: Date,
    /// Last day, included.
    pub to: Date,
    /// What people are promised.
    pub influence: Influence,
    /// How it is moderated.
    #[serde(default)]
    pub moderation: ModerationPolicy,
    /// Its stages, by first day.
    pub phases: Vec<Phase>,
    /// Its consultations, by opening.
    pub consultations: Vec<ConsultationSummary>,
    /// Its calls for proposals, by opening; those whose dates are not known last.
    #[serde(default)]
    pub calls: Vec<CallSummary>,
    /// The themes that its proposals use, by title.
    pub themes: Vec<Theme>,
    /// The territories that its proposals name, by name.
    pub territories: Vec<Territory>,
    /// From received to adopted to fulfilled.
    pub funnel: Funnel,
    /// Its published figures.
    pub figures: Vec<Figure>,
    /// Where the facts about it were taken from, and their licence.
    pub sources: String,
}

/// As much of a [`Process`] as stands around the list of its proposals.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outline {
    /// See [`ProcessName::slug`].
    pub slug: Slug,
    /// See [`ProcessName::title`].
    pub title: String,
    /// See [`ProcessName::language`].
    pub language: String,
    /// See [`ProcessName::exercise`].
    #[serde(default)]
    pub exercise: bool,
    /// See [`Process::themes`].
    pub themes: Vec<Theme>,
    /// See [`Process::territories`].
    pub territories: Vec<Territory>,
    /// See [`Process::funnel`].
    pub funnel: Funnel,
}

/// Lists the processes, newest first.
#[derive(Debug, Clone)]
pub struct ListProcesses;

impl Endpoint for ListProcesses {
    const METHOD: Method = Method::Get;
    const PATTERN: &'static str = "/api/v1/processes";
    const NAME: &'static str = "list_processes";
    const SUMMARY: &'static str = "The processes, newest first.";
    const CONTENT: bool = true;
    const QUERY: &'static [(&'static str, &'static str)] = crate::proposal::PAGE_QUERY;
    const PROBLEMS: &'static [ProblemKind] = &[];
    type Body = NoBody;
    type Output = Page<ProcessSummary>;

    fn path(&self) -> String {
        Self::PATTERN.to_owned()
    }
}

/// Reads a process.
#[derive(Debug, Clone)]
pub struct GetProcess {
    /// Its slug or id.
    pub process: Slug,
}

impl Endpoint for GetProcess {
    const METHOD: Method = Method::Get;
    const PATTERN: &'static str = "/api/v1/processes/{process}";
    const NAME: &'static str = "get_process";
    const SUMMARY: &'static str =
        "A process: what it is, its phases, consultations, calls, funnel and published figures.";
    const CONTENT: bool = true;
    const PROBLEMS: &'static [ProblemKind] = &[ProblemKind::NotFound];
    type Body = NoBody;
    type Output = Process;

    fn path(&self) -> String {
        format!("/api/v1/processes/{}", self.process)
    }
}

/// [`GetProcess`] for whoever needs only its [`Outline`]: the same request, of whose answer less is read. A phone that
/// shows the list of proposals then need not fetch the code that reads consultations, phases and figures.
#[derive(Debug, Clone)]
pub struct GetOutline {
    /// Its slug or id.
    pub process: Slug,
}

impl Endpoint for GetOutline {
    const METHOD: Method = GetProcess::METHOD;
    const PATTERN: &'static str = GetProcess::PATTERN;
    const NAME: &'static str = GetProcess::NAME;
    const SUMMARY: &'static str = GetProcess::SUMMARY;
    const CONTENT: bool = true;
    const PROBLEMS: &'static [ProblemKind] = GetProcess::PROBLEMS;
    type Body = NoBody;
    type Output = Outline;

    fn path(&self) -> String {
        GetProcess { process: self.process.clone() }.path()
    }
}

/// What a removal removed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SimulationRemoved {
    /// Simulated people removed, with everything they did in this process.
    pub people: u64,
    /// Their ballots.
    pub ballots: u64,
    /// Their comments and replies, and what real people replied to these.
    pub comments: u64,
    /// Their submissions to calls.
    #[serde(default)]
    pub submissions: u64,
}

/// Removes all simulated participation from a process.
#[derive(Debug, Clone)]
pub struct RemoveSimulation {
    /// Its slug or id.
    pub process: Slug,
}

impl Endpoint for RemoveSimulation {
    const METHOD: Method = Method::Delete;
    const PATTERN: &'static str = "/api/v1/processes/{process}/simulation";
    const NAME: &'static str = "remove_simulation";
    const SUMMARY: &'static str = "Remove every simulated ballot, comment and submission of a process. Only where the server allows simulation.";
    const PROBLEMS: &'static [ProblemKind] = &[ProblemKind::NotFound, ProblemKind::SimulationDisabled];
    type Body = NoBody;
    type Output = SimulationRemoved;

    fn path(&self) -> String {
        format!("/api/v1/processes/{}/simulation", self.process)
    }
}

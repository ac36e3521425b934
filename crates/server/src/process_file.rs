//! The file from which a process is imported: JSON, its shape and its rules.
//!
//! Every fault is named with line, column and field. Unknown fields are faults: a misspelt name must not
//! silently leave something out.

use crate::territory::TerritoryCode;
use crate::translation::{self, Translations};
use cabildo_contract::ballot::BallotRule;
use cabildo_contract::call::{CallHeld, Criterion};
use cabildo_contract::commitment::Commitment;
use cabildo_contract::consultation::{Budget, Held, Visibility};
use cabildo_contract::embed::HostSite;
use cabildo_contract::id::Slug;
use cabildo_contract::identity::Consent;
use cabildo_contract::moderation::ModerationPolicy;
use cabildo_contract::outcome::OutcomeRule;
use cabildo_contract::process::{Figure, Influence, PhaseKind};
use cabildo_contract::proposal::{Level, Reason, Status, UnnamedProposals, Version};
use cabildo_contract::record::{Action, Events, Workshop};
use cabildo_contract::session::Assurance;
use cabildo_contract::text::{fold, is_web_address};
use cabildo_contract::time::{Date, Timestamp};
use serde::Deserialize;
use serde_json::value::RawValue;
use std::collections::{BTreeMap, HashSet};
use utoipa::ToSchema;

/// A process as its file says it.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProcessFile {
    /// Its name in addresses; an import updates the process of this name.
    pub slug: Slug,
    /// Its title.
    pub title: String,
    /// IANA time zone.
    pub time_zone: String,
    /// BCP 47 tag.
    pub language: String,
    /// Who convenes it.
    pub convener: String,
    /// What it is.
    pub summary: String,
    /// All of it is an exercise, there to try the system with; it says so wherever it shows.
    #[serde(default)]
    pub exercise: bool,
    /// First day.
    pub from: Date,
    /// Last day, included.
    pub to: Date,
    /// What people are promised.
    pub influence: Influence,
    /// How it is moderated.
    #[serde(default)]
    pub moderation: ModerationPolicy,
    /// Its stages.
    pub phases: Vec<PhaseEntry>,
    /// Its proposals.
    pub proposals: Vec<ProposalEntry>,
    /// Proposals whose titles were never published.
    #[serde(default)]
    pub unnamed: Vec<UnnamedProposals>,
    /// Its consultations.
    pub consultations: Vec<ConsultationEntry>,
    /// Its calls for proposals.
    #[serde(default)]
    pub calls: Vec<CallEntry>,
    /// Published figures.
    #[serde(default)]
    pub figures: Vec<Figure>,
    /// What happened besides: encounters, committee, milestones, documents, partners.
    #[serde(default)]
    pub events: Events,
    /// What people consent to who identify themselves; needed where a consultation asks for it.
    #[serde(default)]
    pub consent: Option<Consent>,
    /// Where the facts come from.
    pub sources: String,
    /// Its texts in other languages: by the code of a language of the interface, each text as it stands in this file with
    /// what it is there.
    #[serde(default)]
    pub translations: Translations,
}

/// A stage.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PhaseEntry {
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

/// A proposal.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProposalEntry {
    /// Its number within the process; an import updates the proposal of this number.
    pub number: u32,
    /// Its latest title.
    pub title: String,
    /// One or two sentences.
    pub summary: String,
    /// Level of government.
    pub level: Level,
    /// Branch of the State.
    pub branch: String,
    /// Who leads it.
    pub lead_entities: Vec<String>,
    /// Who else takes part.
    #[serde(default)]
    pub other_entities: Vec<String>,
    /// Titles of its themes.
    pub themes: Vec<String>,
    /// Code of its territory; null for the whole nation.
    #[schema(value_type = Option<String>)]
    pub territory: Option<TerritoryCode>,
    /// What it promises in numbers.
    #[serde(default)]
    pub targets: Vec<String>,
    /// What became of it.
    pub status: Status,
    /// Why.
    pub reason: Reason,
    /// Its titles and texts over time, oldest first.
    pub versions: Vec<Version>,
    /// The workshop actions that it came from.
    #[serde(default)]
    pub origins: Vec<OriginEntry>,
    /// What it became when it was adopted.
    #[serde(default)]
    pub commitment: Option<Commitment>,
}

/// A workshop action that a proposal came from.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OriginEntry {
    /// Slug of the workshop.
    pub workshop: Slug,
    /// Title of the action.
    pub action: String,
    /// What the proposal took from it.
    #[serde(default)]
    pub note: Option<String>,
    /// Who says so, and where.
    pub source: String,
}

impl OriginEntry {
    /// The workshop and the action, if they are on record.
    #[must_use]
    pub fn find<'a>(&self, events: &'a Events) -> Option<(&'a Workshop, &'a Action)> {
        let workshop = events.workshops.iter().find(|workshop| workshop.slug == self.workshop)?;
        Some((workshop, workshop.actions.iter().find(|action| action.title == self.action)?))
    }
}

/// From when until when ballots are taken.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PeriodEntry {
    /// The first instant.
    pub opens: Timestamp,
    /// The first instant after the end.
    pub closes: Timestamp,
}

/// Where a consultation is held.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
pub enum HeldEntry {
    /// In this system.
    Here {
        /// What a valid ballot is.
        rule: BallotRule,
        /// How people are recognised.
        assurance: Assurance,
    },
    /// In this system, as comments on the proposals that its options stand for.
    Comments {},
    /// Somewhere else.
    Elsewhere {
        /// Through what.
        channel: String,
        /// What it asked people to do.
        asked: String,
    },
}

impl From<HeldEntry> for Held {
    fn from(entry: HeldEntry) -> Self {
        match entry {
            HeldEntry::Here { rule, assurance } => Self::Here { rule, assurance },
            HeldEntry::Comments {} => Self::Comments {},
            HeldEntry::Elsewhere { channel, asked } => Self::Elsewhere { channel, asked },
        }
    }
}

/// A consultation.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConsultationEntry {
    /// Its name in addresses, unique in the installation; an import updates the consultation of this name.
    pub slug: Slug,
    /// Its title.
    pub title: String,
    /// The question.
    pub question: String,
    /// What will be done with the answer.
    pub purpose: String,
    /// What people are promised.
    pub influence: Influence,
    /// When it takes ballots.
    pub period: PeriodEntry,
    /// Where it is held.
    pub held: HeldEntry,
    /// When people may know how it stands.
    #[serde(default)]
    pub results: Visibility,
    /// What there is to be spent.
    #[serde(default)]
    pub budget: Option<Budget>,
    /// How the outcome follows from the votes.
    #[serde(default)]
    pub outcome: Option<OutcomeRule>,
    /// Sites in whose pages people may vote inside the widget, where they identify themselves by e-mail.
    #[serde(default)]
    pub voting_sites: Vec<HostSite>,
    /// An exercise, not a part of the process on record.
    #[serde(default)]
    pub exercise: bool,
    /// What was published about it.
    #[serde(default)]
    pub figures: Vec<Figure>,
    /// What can be chosen.
    pub options: Vec<OptionEntry>,
}

/// An option.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OptionEntry {
    /// Its name in the source, unique in the consultation; an import updates the option of this name.
    pub reference: String,
    /// Its title.
    pub title: String,
    /// More about it.
    #[serde(default)]
    pub description: String,
    /// Number of the proposal that it stands for.
    #[serde(default)]
    pub proposal: Option<u32>,
    /// What it costs, in the unit of the budget.
    #[serde(default)]
    pub cost: Option<u64>,
    /// Among whom it stands: the sector of a candidacy.
    #[serde(default)]
    pub group: Option<String>,
}

/// Where a call is held.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
pub enum CallHeldEntry {
    /// In this system.
    Here {},
    /// Somewhere else.
    Elsewhere {
        /// Through what.
        channel: String,
    },
}

impl From<CallHeldEntry> for CallHeld {
    fn from(entry: CallHeldEntry) -> Self {
        match entry {
            CallHeldEntry::Here {} => Self::Here {},
            CallHeldEntry::Elsewhere { channel } => Self::Elsewhere { channel },
        }
    }
}

/// A call for proposals.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CallEntry {
    /// Its name in addresses, unique in the installation; an import updates the call of this name.
    pub slug: Slug,
    /// Its title.
    pub title: String,
    /// For which level of government proposals are looked for; left out for any.
    #[serde(default)]
    pub level: Option<Level>,
    /// What it asks for, with an empty line between paragraphs.
    pub text: String,
    /// When it takes submissions; may be left out where a call was held elsewhere and its dates were not published.
    #[serde(default)]
    pub period: Option<PeriodEntry>,
    /// Where it is held.
    pub held: CallHeldEntry,
    /// An exercise, not a part of the process on record.
    #[serde(default)]
    pub exercise: bool,
    /// By what submissions are weighed.
    pub criteria: Vec<Criterion>,
    /// The total that the published document prints, where it is not the sum of the weights.
    #[serde(default)]
    pub printed_total: Option<u32>,
    /// Who says so, and where.
    pub source: String,
}

/// What is wrong with a file, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}, field {field}: {reason}")]
pub struct FileFault {
    /// Line, from 1.
    pub line: usize,
    /// Column, from 1, in bytes.
    pub column: usize,
    /// The field as a JSON Pointer; `/` for the whole file.
    pub field: String,
    /// What is wrong with it.
    pub reason: String,
}

/// Reads a process file and checks it against its rules.
///
/// # Errors
/// The first [`FileFault`].
pub fn parse(text: &str) -> Result<ProcessFile, FileFault> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let mut track = serde_path_to_error::Track::new();
    let mut unknown = None;
    let tracked = serde_path_to_error::Deserializer::new(&mut deserializer, &mut track);
    let ignored = |path: serde_ignored::Path<'_>| {
        // What may be left out is marked by a step of its own, `?`, which is no field.
        let steps = path.to_string();
        let steps: Vec<&str> = steps.split('.').filter(|step| *step != "?").collect();
        unknown.get_or_insert_with(|| format!("/{}", steps.join("/")));
    };
    let file: Result<ProcessFile, _> = serde_ignored::deserialize(tracked, ignored);
    let file = file.map_err(|fault| {
        let field = crate::extract::pointer(&track.path());
        let reason = fault.to_string();
        // The position is told apart from the reason.
        let reason = reason.rsplit_once(" at line ").map_or(reason.as_str(), |(reason, _)| reason).to_owned();
        FileFault { line: fault.line(), column: fault.column(), field: shown(field), reason }
    })?;
    deserializer.end().map_err(|fault| FileFault {
        line: fault.line(),
        column: fault.column(),
        field: shown(String::new()),
        reason: "something follows the end of the file's object".to_owned(),
    })?;
    // The types of the contract let fields of the future pass; a file's fields are ours.
    if let Some(pointer) = unknown {
        return Err(fault_at(text, &pointer, "there is no such field".to_owned()));
    }
    check(&file)
        .and_then(|()| translation::check(text, &file.translations))
        .map_err(|(pointer, reason)| fault_at(text, &pointer, reason))?;
    Ok(file)
}

fn shown(pointer: String) -> String {
    if pointer.is_empty() { "/".to_owned() } else { pointer }
}

/// A fault at the field that `pointer` (JSON Pointer) names, with its place in the text.
#[must_use]
pub fn fault_at(text: &str, pointer: &str, reason: String) -> FileFault {
    let offset = locate(text, pointer);
    let before = text.get(..offset).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.len() - before.rfind('\n').map_or(0, |newline| newline + 1) + 1;
    FileFault { line, column, field: shown(pointer.to_owned()), reason }
}

/// Where in the text the value begins that `pointer` names, or the nearest one around it.
fn locate(text: &str, pointer: &str) -> usize {
    let offset = |part: &str| part.as_ptr() as usize - text.as_ptr() as usize;
    let mut here = text;
    for token in pointer.split('/').skip(1) {
        let inner = match token.parse::<usize>() {
            Ok(index) => {
                serde_json::from_str::<Vec<&RawValue>>(here).ok().and_then(|items| items.get(index).copied())
            }
            Err(_) => serde_json::from_str::<BTreeMap<String, &RawValue>>(here)
                .ok()
                .and_then(|fields| fields.get(token).copied()),
        };
        match inner {
            Some(value) => here = value.get(),
            None => break,
        }
    }
    offset(here)
}

type Fault = (String, String);

fn check(file: &ProcessFile) -> Result<(), Fault> {
    for (name, value) in [
        ("title", &file.title),
        ("time_zone", &file.time_zone),
        ("language", &file.language),
        ("convener", &file.convener),
        ("sources", &file.sources),
    ] {
        filled(&format!("/{name}"), value)?;
    }
    ordered("", file.from, file.to)?;
    let mut slugs = HashSet::new();
    for (index, phase) in file.phases.iter().enumerate() {
        let at = format!("/phases/{index}");
        once(&mut slugs, &format!("{at}/slug"), phase.slug.as_str())?;
        filled(&format!("{at}/title"), &phase.title)?;
        ordered(&at, phase.from, phase.to)?;
    }
    let (mut numbers, mut commitments) = (HashSet::new(), HashSet::new());
    for (index, proposal) in file.proposals.iter().enumerate() {
        let at = format!("/proposals/{index}");
        check_proposal(&at, proposal, &mut numbers)?;
        check_versions(&at, proposal)?;
        check_origins(&at, proposal, &file.events)?;
        if let Some(commitment) = &proposal.commitment {
            check_commitment(&at, proposal, commitment, &mut commitments)?;
        }
    }
    let mut slugs = HashSet::new();
    for (index, consultation) in file.consultations.iter().enumerate() {
        let at = format!("/consultations/{index}");
        once(&mut slugs, &format!("{at}/slug"), consultation.slug.as_str())?;
        check_consultation(&at, consultation, &numbers)?;
    }
    let mut calls = HashSet::new();
    for (index, call) in file.calls.iter().enumerate() {
        let at = format!("/calls/{index}");
        once(&mut calls, &format!("{at}/slug"), call.slug.as_str())?;
        check_call(&at, call)?;
    }
    check_consent(file)?;
    check_events(&file.events, &slugs)
}

fn check_consent(file: &ProcessFile) -> Result<(), Fault> {
    let asks = |consultation: &ConsultationEntry| match &consultation.held {
        HeldEntry::Here { assurance, .. } => assurance.asks(),
        _ => false,
    };
    let Some(consent) = &file.consent else {
        return match file.consultations.iter().position(asks) {
            Some(index) => {
                let reason = "people who identify themselves must know what they consent to: add `consent`";
                Err((format!("/consultations/{index}/held/here/assurance"), reason.to_owned()))
            }
            None => Ok(()),
        };
    };
    for (name, value) in
        [("version", &consent.version), ("controller", &consent.controller), ("contact", &consent.contact)]
    {
        filled(&format!("/consent/{name}"), value)?;
    }
    for (name, list) in
        [("purposes", &consent.purposes), ("required", &consent.required), ("rights", &consent.rights)]
    {
        if list.is_empty() {
            return Err((format!("/consent/{name}"), "at least one sentence is needed".to_owned()));
        }
        for (index, value) in list.iter().enumerate() {
            filled(&format!("/consent/{name}/{index}"), value)?;
        }
    }
    consent.policy.as_ref().map_or(Ok(()), |policy| web_address("/consent/policy", policy))
}

fn check_events(events: &Events, consultations: &HashSet<&str>) -> Result<(), Fault> {
    let mut slugs = HashSet::new();
    for (index, workshop) in events.workshops.iter().enumerate() {
        let at = format!("/events/workshops/{index}");
        once(&mut slugs, &format!("{at}/slug"), workshop.slug.as_str())?;
        filled(&format!("{at}/title"), &workshop.title)?;
        let mut titles = HashSet::new();
        for (index, action) in workshop.actions.iter().enumerate() {
            let at = format!("{at}/actions/{index}/title");
            filled(&at, &action.title)?;
            // A proposal names the action that it came from by its title.
            once(&mut titles, &at, &action.title)?;
        }
    }
    let mut slugs = HashSet::new();
    for (index, conversation) in events.conversations.iter().enumerate() {
        let at = format!("/events/conversations/{index}");
        once(&mut slugs, &format!("{at}/slug"), conversation.slug.as_str())?;
        filled(&format!("{at}/title"), &conversation.title)?;
        if conversation.women.saturating_add(conversation.men) > conversation.experts {
            return Err((format!("{at}/experts"), "there are more women and men than experts".to_owned()));
        }
    }
    for (index, milestone) in events.milestones.iter().enumerate() {
        let at = format!("/events/milestones/{index}");
        filled(&format!("{at}/title"), &milestone.title)?;
        filled(&format!("{at}/source"), &milestone.source)?;
    }
    for (index, document) in events.documents.iter().enumerate() {
        let at = format!("/events/documents/{index}");
        filled(&format!("{at}/title"), &document.title)?;
        filled(&format!("{at}/source"), &document.source)?;
        if let Some(url) = &document.url {
            web_address(&format!("{at}/url"), url)?;
        }
    }
    let Some(committee) = &events.committee else { return Ok(()) };
    let mut terms = HashSet::new();
    for (index, term) in committee.terms.iter().enumerate() {
        let at = format!("/events/committee/terms/{index}");
        once(&mut terms, &format!("{at}/title"), &term.title)?;
        let mut names = HashSet::new();
        for (index, member) in term.members.iter().enumerate() {
            let at = format!("{at}/members/{index}");
            once(&mut names, &format!("{at}/name"), &member.name)?;
            filled(&format!("{at}/sector"), &member.sector)?;
        }
    }
    let Some(renewal) = &committee.renewal else { return Ok(()) };
    if !consultations.contains(renewal.consultation.as_str()) {
        let at = "/events/committee/renewal/consultation".to_owned();
        return Err((at, format!("there is no consultation {}", renewal.consultation)));
    }
    let mut names = HashSet::new();
    for (index, candidacy) in renewal.candidacies.iter().enumerate() {
        let at = format!("/events/committee/renewal/candidacies/{index}");
        once(&mut names, &format!("{at}/name"), &candidacy.name)?;
        filled(&format!("{at}/sector"), &candidacy.sector)?;
    }
    Ok(())
}

fn check_proposal(at: &str, proposal: &ProposalEntry, numbers: &mut HashSet<u32>) -> Result<(), Fault> {
    if !numbers.insert(proposal.number) {
        return Err((format!("{at}/number"), format!("there are two proposals {}", proposal.number)));
    }
    filled(&format!("{at}/title"), &proposal.title)?;
    if proposal.lead_entities.is_empty() {
        return Err((format!("{at}/lead_entities"), "a proposal is led by somebody".to_owned()));
    }
    let mut themes = HashSet::new();
    for (index, theme) in proposal.themes.iter().enumerate() {
        let at = format!("{at}/themes/{index}");
        filled(&at, theme)?;
        if theme_slug(theme).is_none() {
            return Err((at, "a theme's title has a letter or a digit".to_owned()));
        }
        once(&mut themes, &at, theme)?;
    }
    Ok(())
}

fn check_versions(at: &str, proposal: &ProposalEntry) -> Result<(), Fault> {
    for (index, version) in proposal.versions.iter().enumerate() {
        let at = format!("{at}/versions/{index}");
        if let Some(text) = &version.text {
            filled(&format!("{at}/text"), text)?;
        }
        if let Some(because) = &version.because {
            if index == 0 {
                let reason = "the first version did not change from another".to_owned();
                return Err((format!("{at}/because"), reason));
            }
            filled(&format!("{at}/because/text"), &because.text)?;
            filled(&format!("{at}/because/source"), &because.source)?;
        }
    }
    Ok(())
}

fn check_origins(at: &str, proposal: &ProposalEntry, events: &Events) -> Result<(), Fault> {
    let mut seen = HashSet::new();
    for (index, origin) in proposal.origins.iter().enumerate() {
        let at = format!("{at}/origins/{index}");
        if events.workshops.iter().all(|workshop| workshop.slug != origin.workshop) {
            let reason = format!("there is no workshop {} in /events/workshops", origin.workshop);
            return Err((format!("{at}/workshop"), reason));
        }
        if origin.find(events).is_none() {
            let reason = format!("the workshop {} has no action {:?}", origin.workshop, origin.action);
            return Err((format!("{at}/action"), reason));
        }
        if !seen.insert((&origin.workshop, &origin.action)) {
            return Err((format!("{at}/action"), format!("{:?} stands here twice", origin.action)));
        }
        filled(&format!("{at}/source"), &origin.source)?;
    }
    Ok(())
}

fn check_commitment(
    at: &str,
    proposal: &ProposalEntry,
    commitment: &Commitment,
    numbers: &mut HashSet<u32>,
) -> Result<(), Fault> {
    let at = format!("{at}/commitment");
    if proposal.status != Status::Selected {
        return Err((at, "only a proposal with the status selected became a commitment".to_owned()));
    }
    if !numbers.insert(commitment.number) {
        return Err((format!("{at}/number"), format!("there are two commitments {}", commitment.number)));
    }
    if let Some(responsible) = &commitment.responsible {
        filled(&format!("{at}/responsible"), responsible)?;
    }
    for (index, milestone) in commitment.milestones.iter().enumerate() {
        let at = format!("{at}/milestones/{index}");
        filled(&format!("{at}/title"), &milestone.title)?;
        filled(&format!("{at}/source"), &milestone.source)?;
        if let (Some(from), Some(to)) = (milestone.from, milestone.to) {
            ordered(&at, from, to)?;
        }
        for (index, evidence) in milestone.evidence.iter().enumerate() {
            let at = format!("{at}/evidence/{index}");
            filled(&format!("{at}/title"), &evidence.title)?;
            web_address(&format!("{at}/url"), &evidence.url)?;
        }
    }
    if let Some(assessment) = &commitment.assessment {
        filled(&format!("{at}/assessment/text"), &assessment.text)?;
        filled(&format!("{at}/assessment/source"), &assessment.source)?;
    }
    Ok(())
}

fn check_consultation(
    at: &str,
    consultation: &ConsultationEntry,
    numbers: &HashSet<u32>,
) -> Result<(), Fault> {
    for (name, value) in [("title", &consultation.title), ("question", &consultation.question)] {
        filled(&format!("{at}/{name}"), value)?;
    }
    if consultation.period.closes <= consultation.period.opens {
        return Err((format!("{at}/period/closes"), "it closes before it opens".to_owned()));
    }
    let mut references = HashSet::new();
    for (index, option) in consultation.options.iter().enumerate() {
        let at = format!("{at}/options/{index}");
        once(&mut references, &format!("{at}/reference"), &option.reference)?;
        filled(&format!("{at}/title"), &option.title)?;
        if option.proposal.is_none() && matches!(consultation.held, HeldEntry::Comments {}) {
            let reason = "people comment on proposals: name the one that this option stands for".to_owned();
            return Err((format!("{at}/proposal"), reason));
        }
        if let Some(number) = option.proposal.filter(|number| !numbers.contains(number)) {
            return Err((format!("{at}/proposal"), format!("there is no proposal {number}")));
        }
    }
    if let HeldEntry::Here { rule, .. } = &consultation.held {
        check_rule(&format!("{at}/held/here/rule"), rule, &consultation.options)?;
    }
    let by_email = matches!(consultation.held, HeldEntry::Here { assurance: Assurance::Email, .. });
    if !by_email && !consultation.voting_sites.is_empty() {
        let reason = "people vote inside a page of another site only where they identify themselves by e-mail: a \
                      browser keeps such a frame apart, so it would be one more device, and no provider opens in it";
        return Err((format!("{at}/voting_sites"), reason.to_owned()));
    }
    check_outcome(&format!("{at}/outcome"), consultation)
}

fn check_call(at: &str, call: &CallEntry) -> Result<(), Fault> {
    for (name, value) in [("title", &call.title), ("text", &call.text), ("source", &call.source)] {
        filled(&format!("{at}/{name}"), value)?;
    }
    match (&call.held, call.period) {
        (CallHeldEntry::Here {}, None) => {
            return Err((at.to_owned(), "a call that is held here has a period".to_owned()));
        }
        (_, Some(period)) if period.closes <= period.opens => {
            return Err((format!("{at}/period/closes"), "it closes before it opens".to_owned()));
        }
        _ => {}
    }
    if let CallHeldEntry::Elsewhere { channel } = &call.held {
        filled(&format!("{at}/held/elsewhere/channel"), channel)?;
    }
    let mut titles = HashSet::new();
    for (index, criterion) in call.criteria.iter().enumerate() {
        let at = format!("{at}/criteria/{index}");
        filled(&format!("{at}/title"), &criterion.title)?;
        once(&mut titles, &format!("{at}/title"), &criterion.title)?;
        if criterion.weight == 0 {
            return Err((
                format!("{at}/weight"),
                "a criterion that weighs nothing decides nothing".to_owned(),
            ));
        }
        if let Some(description) = &criterion.description {
            filled(&format!("{at}/description"), description)?;
        }
    }
    let sum = call.criteria.iter().fold(0, |sum: u32, criterion| sum.saturating_add(criterion.weight));
    if call.printed_total == Some(sum) {
        let reason = format!("it is the sum of the weights, {sum}: leave it out");
        return Err((format!("{at}/printed_total"), reason));
    }
    Ok(())
}

fn check_rule(at: &str, rule: &BallotRule, options: &[OptionEntry]) -> Result<(), Fault> {
    let more = |bound: u32| usize::try_from(bound).is_ok_and(|bound| bound > options.len());
    for (name, bound) in [("max", rule.max()), ("min", Some(rule.min()))] {
        if bound.is_some_and(more) {
            return Err((format!("{at}/{name}"), "more choices than there are options".to_owned()));
        }
    }
    match rule {
        BallotRule::Approval(rule) => {
            let Some(max_cost) = rule.max_cost() else { return Ok(()) };
            let mut costs: Vec<u64> = options.iter().map(|option| option.cost.unwrap_or(0)).collect();
            costs.sort_unstable();
            let least =
                costs.iter().take(rule.min() as usize).fold(0, |sum: u64, cost| sum.saturating_add(*cost));
            if least > max_cost {
                return Err((format!("{at}/max_cost"), "no ballot is cheap enough".to_owned()));
            }
        }
        BallotRule::Cumulative(rule) => {
            let most = u64::from(rule.max_points().unwrap_or(rule.max_sum())) * options.len() as u64;
            if most < rule.min_sum().into() {
                return Err((format!("{at}/min_sum"), "more points than the options may get".to_owned()));
            }
        }
        BallotRule::Support | BallotRule::Ordinal(_) | BallotRule::Scoring(_) => {}
    }
    Ok(())
}

fn check_outcome(at: &str, consultation: &ConsultationEntry) -> Result<(), Fault> {
    match &consultation.outcome {
        None => Ok(()),
        Some(OutcomeRule::Greedy { .. }) if consultation.budget.is_none() => {
            Err((at.to_owned(), "a greedy outcome needs a budget".to_owned()))
        }
        Some(OutcomeRule::Greedy { .. }) => Ok(()),
        Some(OutcomeRule::Seats { seats }) => {
            let mut groups = HashSet::new();
            for (index, seats) in seats.iter().enumerate() {
                let at = format!("{at}/seats/{index}/group");
                once(&mut groups, &at, &seats.group)?;
                let known = |option: &OptionEntry| option.group.as_ref() == Some(&seats.group);
                if !consultation.options.iter().any(known) {
                    return Err((at, format!("no option stands among {:?}", seats.group)));
                }
            }
            Ok(())
        }
    }
}

fn filled(pointer: &str, value: &str) -> Result<(), Fault> {
    if value.trim().is_empty() { Err((pointer.to_owned(), "it is empty".to_owned())) } else { Ok(()) }
}

fn web_address(pointer: &str, value: &str) -> Result<(), Fault> {
    if is_web_address(value) {
        Ok(())
    } else {
        Err((pointer.to_owned(), format!("{value:?} is no address that begins with https:// or http://")))
    }
}

fn ordered(pointer: &str, from: Date, to: Date) -> Result<(), Fault> {
    if to < from { Err((format!("{pointer}/to"), "it ends before it begins".to_owned())) } else { Ok(()) }
}

fn once<'a>(seen: &mut HashSet<&'a str>, pointer: &str, value: &'a str) -> Result<(), Fault> {
    if seen.insert(value) {
        Ok(())
    } else {
        Err((pointer.to_owned(), format!("{value:?} stands here twice")))
    }
}

/// The name of a theme in addresses: letters and digits of its title, without accents.
#[must_use]
pub fn theme_slug(title: &str) -> Option<Slug> {
    let words: Vec<String> = fold(title)
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect();
    Slug::parse(words.join("-")).ok()
}

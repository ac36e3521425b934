//! What happened in a process besides its consultations and proposals: encounters, the committee, milestones, documents,
//! partners.

use crate::commitment::Completion;
use crate::endpoint::{Endpoint, Method, NoBody};
use crate::id::Slug;
use crate::problem::ProblemKind;
use crate::process::{Process, ProcessName};
use crate::proposal::ProposalName;
use crate::text::is_web_address;
use crate::time::{Date, State, Timestamp};
use serde::{Deserialize, Serialize};

/// An action that the people at a table of a workshop proposed, with the votes given in the room.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Action {
    /// What is to be done.
    pub title: String,
    /// At which table it was proposed.
    pub table: String,
    /// Votes given in the room: not ballots of this system.
    pub votes: u32,
}

/// A workshop: an encounter around thematic tables.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Workshop {
    /// Its name in addresses, unique among the process's workshops.
    pub slug: Slug,
    /// Its title.
    pub title: String,
    /// The day on which it was held.
    pub date: Date,
    /// People who attended.
    pub participants: u32,
    /// Its thematic tables.
    pub tables: Vec<String>,
    /// Problems that were named; null where that was not published.
    #[serde(default)]
    pub problems: Option<u32>,
    /// Actions that were found to exist already; null where that was not published.
    #[serde(default)]
    pub existing_actions: Option<u32>,
    /// Actions that were proposed; null where that was not published.
    #[serde(default)]
    pub proposed_actions: Option<u32>,
    /// The prioritised ones, most votes first.
    #[serde(default)]
    pub actions: Vec<Action>,
}

/// A conversation with experts: an encounter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Conversation {
    /// Its name in addresses, unique among the process's conversations.
    pub slug: Slug,
    /// Its title.
    pub title: String,
    /// The day on which it was held.
    pub date: Date,
    /// Experts who took part.
    pub experts: u32,
    /// Of these, women.
    pub women: u32,
    /// Of these, men.
    pub men: u32,
}

/// A member of the committee.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Member {
    /// Its name.
    pub name: String,
    /// The sector that it sits for.
    pub sector: String,
}

/// A term of the committee.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Term {
    /// Its years, e.g. `2021-2023`.
    pub title: String,
    /// Who sat on it.
    pub members: Vec<Member>,
}

impl Term {
    /// Members of this term who did not sit in `other`, by name.
    #[must_use]
    pub fn without(&self, other: &Self) -> Vec<&Member> {
        let sat = |member: &Member| other.members.iter().any(|known| known.name == member.name);
        self.members.iter().filter(|member| !sat(member)).collect()
    }

    /// The sectors, in the order in which they come.
    #[must_use]
    pub fn sectors(&self) -> Vec<&str> {
        let mut sectors: Vec<&str> = Vec::new();
        for member in &self.members {
            if !sectors.contains(&member.sector.as_str()) {
                sectors.push(&member.sector);
            }
        }
        sectors
    }
}

/// Seats that a renewal fills.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Seats {
    /// For which sector.
    pub sector: String,
    /// How many.
    pub seats: u32,
}

/// An organisation that wants to sit on the committee.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Candidacy {
    /// Its name.
    pub name: String,
    /// The sector that it stands for.
    pub sector: String,
    /// Whether it was elected.
    pub elected: bool,
}

/// How the committee was renewed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Renewal {
    /// The consultation on the candidacies.
    pub consultation: Slug,
    /// The seats to be filled.
    pub seats: Vec<Seats>,
    /// Who stood.
    pub candidacies: Vec<Candidacy>,
}

impl Renewal {
    /// The seats to be filled, over all sectors.
    #[must_use]
    pub fn all_seats(&self) -> u32 {
        self.seats.iter().map(|seats| seats.seats).sum()
    }

    /// The candidacies that were elected.
    #[must_use]
    pub fn elected(&self) -> Vec<&Candidacy> {
        self.candidacies.iter().filter(|candidacy| candidacy.elected).collect()
    }
}

/// The committee that convenes the process.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Committee {
    /// Its terms, oldest first.
    pub terms: Vec<Term>,
    /// How it was renewed; null where it was not.
    #[serde(default)]
    pub renewal: Option<Renewal>,
}

/// What a [`Milestone`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum MilestoneKind {
    /// Money was granted.
    Grant,
    /// The result was published.
    Launch,
    /// What was promised is tracked.
    FollowUp,
    /// The committee was renewed.
    Renewal,
}

/// An amount of money.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Amount {
    /// How much, in whole units.
    pub value: u64,
    /// ISO 4217 code, e.g. `USD`.
    pub currency: String,
}

/// Something that happened and changed the process.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Milestone {
    /// What happened.
    pub title: String,
    /// What it is.
    pub kind: MilestoneKind,
    /// When; null where that was not published.
    #[serde(default)]
    pub date: Option<Date>,
    /// The money granted, if any.
    #[serde(default)]
    pub amount: Option<Amount>,
    /// Who says so, and where.
    pub source: String,
}

/// A document of the process.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Document {
    /// Its title.
    pub title: String,
    /// What it is, in a few words; null where that goes without saying.
    #[serde(default)]
    pub kind: Option<String>,
    /// The day it was published; null where that is not known.
    #[serde(default)]
    pub date: Option<Date>,
    /// Who published it; null where that is not known.
    #[serde(default)]
    pub publisher: Option<String>,
    /// Where it is: an `http` or `https` address; null where that is not known.
    #[serde(default)]
    pub url: Option<String>,
    /// Who names it, and where.
    pub source: String,
}

impl Document {
    /// Its address, if a page may link there.
    #[must_use]
    pub fn address(&self) -> Option<&str> {
        self.url.as_deref().filter(|url| is_web_address(url))
    }
}

/// The record of a process, as its file has it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Events {
    /// What the process stands on.
    #[serde(default)]
    pub pillars: Vec<String>,
    /// What its workshops were about.
    #[serde(default)]
    pub priority_areas: Vec<String>,
    /// Its workshops, by date.
    #[serde(default)]
    pub workshops: Vec<Workshop>,
    /// Its conversations with experts, by date.
    #[serde(default)]
    pub conversations: Vec<Conversation>,
    /// The committee; null where there is none.
    #[serde(default)]
    pub committee: Option<Committee>,
    /// Its milestones, by date; those without one last.
    #[serde(default)]
    pub milestones: Vec<Milestone>,
    /// Partners and allies.
    #[serde(default)]
    pub partners: Vec<String>,
    /// Its documents.
    #[serde(default)]
    pub documents: Vec<Document>,
}

impl Events {
    /// People who attended workshops, in all.
    #[must_use]
    pub fn participants(&self) -> u32 {
        self.workshops.iter().map(|workshop| workshop.participants).sum()
    }

    /// Experts in conversations, in all.
    #[must_use]
    pub fn experts(&self) -> u32 {
        self.conversations.iter().map(|conversation| conversation.experts).sum()
    }
}

/// That an action of a workshop led to a proposal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ActionOutcome {
    /// The workshop.
    pub workshop: Slug,
    /// The title of the action.
    pub action: String,
    /// The proposal.
    pub proposal: ProposalName,
}

/// A commitment whose progress is on record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FollowUp {
    /// The number of the commitment.
    pub commitment: u32,
    /// The proposal that became it.
    pub proposal: ProposalName,
    /// How far it has come.
    pub completion: Completion,
    /// Its milestones that are complete.
    pub complete: u32,
    /// All of its milestones.
    pub milestones: u32,
}

/// What happened in a process besides its consultations and proposals.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Record {
    /// The process.
    pub process: ProcessName,
    /// What happened.
    pub events: Events,
    /// All of it, phases, consultations and calls included, by date.
    pub timeline: Vec<Entry>,
    /// Which actions of its workshops led to which proposals.
    #[serde(default)]
    pub outcomes: Vec<ActionOutcome>,
    /// The commitments whose progress is on record, by number.
    #[serde(default)]
    pub follow_up: Vec<FollowUp>,
}

/// What an [`Entry`] of a timeline is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum EntryKind {
    /// A phase.
    Phase,
    /// A consultation.
    Consultation,
    /// A call for proposals.
    Call,
    /// A workshop.
    Workshop,
    /// A conversation with experts.
    Conversation,
    /// A milestone.
    Milestone,
}

/// Something that has its days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Entry {
    /// What it is.
    pub kind: EntryKind,
    /// Its name in addresses, where it has a place of its own.
    pub slug: Option<Slug>,
    /// Its title.
    pub title: String,
    /// First day.
    pub from: Date,
    /// Last day, included.
    pub to: Date,
}

impl Entry {
    /// Where it stands on the day `today` of the process's own time zone.
    #[must_use]
    pub fn state(&self, today: Date) -> State {
        State::of_days(self.from, self.to, today)
    }
}

/// Puts everything that has its days in order: by first day, what lasts longer first. `day` says on which day of the
/// process's own time zone an instant falls. Exercises are no part of the process, and what has no date has no place
/// in time.
#[must_use]
pub fn timeline(process: &Process, events: &Events, day: impl Fn(Timestamp) -> Date) -> Vec<Entry> {
    let entry = |kind, slug: Option<&Slug>, title: &str, from, to| Entry {
        kind,
        slug: slug.cloned(),
        title: title.to_owned(),
        from,
        to,
    };
    let phases = process.phases.iter();
    let phases = phases.map(|p| entry(EntryKind::Phase, Some(&p.slug), &p.title, p.from, p.to));
    let consultations = process.consultations.iter().filter(|c| !c.exercise).map(|c| {
        let (from, to) = (day(c.period.opens), day(c.period.closes.plus_seconds(-1)));
        entry(EntryKind::Consultation, Some(&c.slug), &c.title, from, to)
    });
    let calls = process.calls.iter().filter(|call| !call.exercise).filter_map(|call| {
        let period = call.period?;
        let (from, to) = (day(period.opens), day(period.closes.plus_seconds(-1)));
        Some(entry(EntryKind::Call, Some(&call.slug), &call.title, from, to))
    });
    let workshops = events.workshops.iter();
    let workshops = workshops.map(|w| entry(EntryKind::Workshop, Some(&w.slug), &w.title, w.date, w.date));
    let conversations = events.conversations.iter();
    let conversations =
        conversations.map(|c| entry(EntryKind::Conversation, Some(&c.slug), &c.title, c.date, c.date));
    let milestones = events.milestones.iter();
    let milestones =
        milestones.filter_map(|m| m.date.map(|date| entry(EntryKind::Milestone, None, &m.title, date, date)));
    let mut entries: Vec<Entry> = phases
        .chain(consultations)
        .chain(calls)
        .chain(workshops)
        .chain(conversations)
        .chain(milestones)
        .collect();
    entries.sort_by_key(|entry| (entry.from, std::cmp::Reverse(entry.to)));
    entries
}

/// Reads the record of a process.
#[derive(Debug, Clone)]
pub struct GetRecord {
    /// Its slug or id.
    pub process: Slug,
}

impl Endpoint for GetRecord {
    const METHOD: Method = Method::Get;
    const PATTERN: &'static str = "/api/v1/processes/{process}/record";
    const NAME: &'static str = "get_record";
    const SUMMARY: &'static str = "Encounters, committee, milestones, documents and partners of a process, what became of its commitments, and everything in it by date.";
    const CONTENT: bool = true;
    const PROBLEMS: &'static [ProblemKind] = &[ProblemKind::NotFound];
    type Body = NoBody;
    type Output = Record;

    fn path(&self) -> String {
        format!("/api/v1/processes/{}/record", self.process)
    }
}

/// Where the timeline is as a calendar that other programs can subscribe to (iCalendar, RFC 5545).
pub const CALENDAR_PATTERN: &str = "/api/v1/processes/{process}/calendar.ics";

/// The address of the calendar of a process.
#[must_use]
pub fn calendar_path(process: &Slug) -> String {
    CALENDAR_PATTERN.replace("{process}", process.as_str())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    fn member(name: &str, sector: &str) -> Member {
        Member { name: name.to_owned(), sector: sector.to_owned() }
    }

    #[test]
    fn a_renewal_is_who_came_and_who_left() {
        let before = Term { title: "2018-2021".into(), members: vec![member("A", "s"), member("B", "t")] };
        let after = Term { title: "2021-2023".into(), members: vec![member("B", "t"), member("C", "s")] };
        assert_eq!(after.without(&before), [&member("C", "s")]);
        assert_eq!(before.without(&after), [&member("A", "s")]);
        assert_eq!(before.sectors(), ["s", "t"]);
    }

    #[test]
    fn seats_and_elected_candidacies_are_counted() {
        let seats = |sector: &str, seats| Seats { sector: sector.into(), seats };
        let candidacy = |name: &str, elected| Candidacy { name: name.into(), sector: "s".into(), elected };
        let renewal = Renewal {
            consultation: Slug::parse("c").unwrap(),
            seats: vec![seats("s", 2), seats("t", 1)],
            candidacies: vec![candidacy("A", true), candidacy("B", false)],
        };
        assert_eq!((renewal.all_seats(), renewal.elected().len()), (3, 1));
    }

    #[test]
    fn attendance_adds_up() {
        assert_eq!((Events::default().participants(), Events::default().experts()), (0, 0));
    }
}

//! The processes that an installation holds: what an import wrote and nothing changes while the server runs.

use crate::translation::{Translations, translated};
use cabildo_app::i18n::{Language, format};
use cabildo_contract::answer::About;
use cabildo_contract::call::Call;
use cabildo_contract::comment::Subject;
use cabildo_contract::commitment::{Commitment, Completion};
use cabildo_contract::consultation::{BallotOption, Consultation, ConsultationSummary, Held};
use cabildo_contract::id::{ConsultationId, OptionId, ProcessId, ProposalId};
use cabildo_contract::identity::Consent;
use cabildo_contract::process::{Funnel, FunnelLevel, Process, ProcessSummary, Territory, Theme};
use cabildo_contract::proposal::{Level, Proposal, ProposalName, Status, UnnamedProposals};
use cabildo_contract::record::{self, ActionOutcome, Events, FollowUp, Record};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::sync::Arc;

/// A process and everything that belongs to it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Entry {
    /// The process. [`Entry::new`] derives its lists and its funnel from the rest.
    pub process: Process,
    /// Proposals whose titles were never published.
    pub unnamed: Vec<UnnamedProposals>,
    /// What happened besides. Imports from before it was kept have none.
    #[serde(default)]
    pub events: Events,
    /// What people consent to who identify themselves in it.
    #[serde(default)]
    pub consent: Option<Consent>,
    /// Its texts in other languages.
    #[serde(default, skip_serializing_if = "Translations::is_empty")]
    pub translations: Translations,
    /// Everything in it by date.
    #[serde(skip)]
    pub timeline: Vec<record::Entry>,
    /// Its proposals by number; their comment counts are as of loading, the live ones are on the board.
    #[serde(skip)]
    pub proposals: Vec<Proposal>,
    /// Its consultations by opening, with their options.
    #[serde(skip)]
    pub consultations: Vec<Arc<Consultation>>,
    /// Its calls for proposals by opening, those without dates last; the submissions to each are counted on the board.
    #[serde(skip)]
    pub calls: Vec<Arc<Call>>,
}

impl Entry {
    /// Completes a process with what follows from its proposals and consultations.
    #[must_use]
    pub fn new(
        mut process: Process,
        unnamed: Vec<UnnamedProposals>,
        mut events: Events,
        mut proposals: Vec<Proposal>,
        mut consultations: Vec<Consultation>,
        mut calls: Vec<Call>,
    ) -> Self {
        proposals.sort_by_key(|proposal| proposal.head.number);
        consultations.sort_by_key(|consultation| consultation.head.period.opens);
        calls.sort_by_key(|call| call.head.period.map_or((true, None), |period| (false, Some(period.opens))));
        events.workshops.sort_by_key(|workshop| workshop.date);
        for workshop in &mut events.workshops {
            workshop.actions.sort_by_key(|action| std::cmp::Reverse(action.votes));
        }
        events.conversations.sort_by_key(|conversation| conversation.date);
        events
            .milestones
            .sort_by_key(|milestone| milestone.date.map_or((true, None), |date| (false, Some(date))));
        process.consultations =
            consultations.iter().map(|c| c.head.clone()).collect::<Vec<ConsultationSummary>>();
        process.calls = calls.iter().map(|call| call.head.clone()).collect();
        process.themes = themes(&proposals);
        process.territories = territories(&proposals);
        process.funnel = funnel(&proposals, &unnamed);
        let consultations = consultations.into_iter().map(Arc::new).collect();
        let calls = calls.into_iter().map(Arc::new).collect();
        let timeline = record::timeline(&process, &events, |at| format::day(at, &process.name.time_zone));
        let translations = Translations::new();
        Self {
            process,
            unnamed,
            events,
            consent: None,
            translations,
            timeline,
            proposals,
            consultations,
            calls,
        }
    }

    /// All of it in another language; none where it is not translated.
    #[must_use]
    pub fn in_language(&self, language: &str) -> Option<Self> {
        let words = self.translations.get(language)?;
        let whole = || -> Result<Self, serde_json::Error> {
            let consultations = self.consultations.iter().map(|each| translated(&**each, language, words));
            let calls = self.calls.iter().map(|each| translated(&**each, language, words));
            let entry = Self::new(
                translated(&self.process, language, words)?,
                translated(&self.unnamed, language, words)?,
                translated(&self.events, language, words)?,
                translated(&self.proposals, language, words)?,
                consultations.collect::<Result<_, _>>()?,
                calls.collect::<Result<_, _>>()?,
            );
            Ok(Self { consent: translated(&self.consent, language, words)?, ..entry })
        };
        whole().ok()
    }

    /// Everything in it that can be commented on.
    pub fn subjects(&self) -> impl Iterator<Item = Subject> {
        let proposals = self.proposals.iter().map(|proposal| Subject::Proposal(proposal.head.id.clone()));
        let options = self.consultations.iter().flat_map(|consultation| &consultation.options);
        proposals.chain(options.map(|option| Subject::Option(option.id.clone())))
    }

    /// The consultations whose results move with comments on `subject`: those that ask for comments on it.
    pub fn consultations_on<'a>(
        &'a self,
        subject: &'a Subject,
    ) -> impl Iterator<Item = &'a Arc<Consultation>> {
        self.consultations
            .iter()
            .filter(|consultation| asked_about(consultation).any(|asked| asked == *subject))
    }

    /// What a comment is about, by name.
    #[must_use]
    pub fn about(&self, subject: &Subject) -> Option<About> {
        match subject {
            Subject::Proposal(id) => {
                let proposal = self.proposals.iter().find(|proposal| proposal.head.id == *id)?;
                Some(About::Proposal { id: id.clone(), title: proposal.head.title.clone() })
            }
            Subject::Option(id) => {
                let mut options = self.consultations.iter().flat_map(|consultation| &consultation.options);
                let option = options.find(|option| option.id == *id)?;
                Some(About::Option { id: id.clone(), title: option.title.clone() })
            }
        }
    }

    /// What happened in it besides consultations and proposals, and everything by date.
    #[must_use]
    pub fn record(&self) -> Record {
        Record {
            process: self.process.name.clone(),
            events: self.events.clone(),
            timeline: self.timeline.clone(),
            outcomes: outcomes(&self.proposals),
            follow_up: follow_up(&self.proposals),
        }
    }

    /// What a list shows of it.
    #[must_use]
    pub fn summary(&self) -> ProcessSummary {
        let process = &self.process;
        ProcessSummary {
            id: process.id.clone(),
            name: process.name.clone(),
            convener: process.convener.clone(),
            summary: process.summary.clone(),
            from: process.from,
            to: process.to,
            influence: process.influence,
            proposals: process.funnel.received(),
            consultations: u32::try_from(process.consultations.len()).unwrap_or(u32::MAX),
        }
    }
}

/// What a consultation asks for comments on: its options and, where comments are what it asks for, the proposals that
/// they stand for.
pub fn asked_about(consultation: &Consultation) -> impl Iterator<Item = Subject> {
    let comments = matches!(consultation.head.held, Held::Comments {});
    consultation.options.iter().flat_map(move |option| {
        let proposal = option.proposal.clone().filter(|_| comments).map(Subject::Proposal);
        std::iter::once(Subject::Option(option.id.clone())).chain(proposal)
    })
}

fn themes(proposals: &[Proposal]) -> Vec<Theme> {
    let mut themes: Vec<Theme> = proposals.iter().flat_map(|p| p.head.themes.iter().cloned()).collect();
    themes.sort_by(|a, b| a.title.cmp(&b.title));
    themes.dedup();
    themes
}

fn territories(proposals: &[Proposal]) -> Vec<Territory> {
    let mut territories: Vec<Territory> = proposals.iter().filter_map(|p| p.head.territory.clone()).collect();
    territories.sort_by(|a, b| a.name.cmp(&b.name).then_with(|| a.code.cmp(&b.code)));
    territories.dedup();
    territories
}

fn name(proposal: &Proposal) -> ProposalName {
    let head = &proposal.head;
    ProposalName { id: head.id.clone(), number: head.number, title: head.title.clone() }
}

fn outcomes(proposals: &[Proposal]) -> Vec<ActionOutcome> {
    let of = |proposal: &Proposal| {
        let proposal_name = name(proposal);
        proposal.origins.clone().into_iter().map(move |origin| ActionOutcome {
            workshop: origin.workshop,
            action: origin.action,
            proposal: proposal_name.clone(),
        })
    };
    proposals.iter().flat_map(of).collect()
}

fn follow_up(proposals: &[Proposal]) -> Vec<FollowUp> {
    let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let mut found: Vec<FollowUp> = proposals
        .iter()
        .filter_map(|proposal| {
            let commitment = proposal.commitment.as_ref()?;
            Some(FollowUp {
                commitment: commitment.number,
                proposal: name(proposal),
                completion: commitment.completion()?,
                complete: number(commitment.complete()),
                milestones: number(commitment.milestones.len()),
            })
        })
        .collect();
    found.sort_by_key(|follow_up| follow_up.commitment);
    found
}

fn funnel(proposals: &[Proposal], unnamed: &[UnnamedProposals]) -> Funnel {
    let count = |level: Level, adopted: bool| -> u32 {
        let counts = |l: Level, status: Status| l == level && (!adopted || status == Status::Selected);
        let named = proposals.iter().filter(|p| counts(p.head.level, p.head.status)).count();
        let unnamed = unnamed.iter().filter(|group| counts(group.level, group.status));
        u32::try_from(named).unwrap_or(u32::MAX) + unnamed.map(|group| group.count).sum::<u32>()
    };
    let levels = Level::ALL.map(|level| {
        let adopted = proposals.iter().filter(|p| p.head.level == level && p.head.status == Status::Selected);
        let found: Vec<Completion> =
            adopted.filter_map(|p| p.commitment.as_ref().and_then(Commitment::completion)).collect();
        let fulfilled = found.iter().filter(|completion| **completion == Completion::Complete).count();
        let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        FunnelLevel {
            level,
            received: count(level, false),
            adopted: count(level, true),
            followed: number(found.len()),
            fulfilled: (!found.is_empty()).then_some(number(fulfilled)),
        }
    });
    Funnel { levels: levels.into_iter().filter(|level| level.received > 0).collect() }
}

/// All processes, found by slug or id.
#[derive(Debug, Default)]
pub struct Catalogue {
    entries: Vec<Arc<Entry>>,
    processes: HashMap<String, usize>,
    consultations: HashMap<String, (usize, usize)>,
    calls: HashMap<String, (usize, usize)>,
    proposals: HashMap<ProposalId, (usize, usize)>,
    options: HashMap<OptionId, (usize, usize)>,
    /// The same in other languages, by their codes, where anything is translated.
    spoken: HashMap<&'static str, Self>,
}

impl Catalogue {
    /// Orders the processes, newest first, and indexes them.
    #[must_use]
    pub fn new(entries: Vec<Entry>) -> Self {
        let entries: Vec<Arc<Entry>> = entries.into_iter().map(Arc::new).collect();
        let mut spoken = HashMap::new();
        for code in Language::ALL.map(Language::code) {
            if entries.iter().any(|entry| entry.translations.contains_key(code)) {
                let heard =
                    |entry: &Arc<Entry>| entry.in_language(code).map_or_else(|| Arc::clone(entry), Arc::new);
                spoken.insert(code, Self::indexed(entries.iter().map(heard).collect()));
            }
        }
        Self { spoken, ..Self::indexed(entries) }
    }

    /// The same in another language as far as it is translated; none where nothing is.
    #[must_use]
    pub fn spoken(&self, language: Language) -> Option<&Self> {
        self.spoken.get(language.code())
    }

    fn indexed(mut entries: Vec<Arc<Entry>>) -> Self {
        entries.sort_by(|a, b| {
            b.process.from.cmp(&a.process.from).then_with(|| a.process.name.slug.cmp(&b.process.name.slug))
        });
        let mut catalogue = Self::default();
        for (at, entry) in entries.into_iter().enumerate() {
            // A slug is indexed last, so that it wins where somebody named a process like another's id.
            catalogue.processes.insert(entry.process.id.as_str().to_owned(), at);
            catalogue.processes.insert(entry.process.name.slug.as_str().to_owned(), at);
            for (index, consultation) in entry.consultations.iter().enumerate() {
                catalogue.consultations.insert(consultation.head.id.as_str().to_owned(), (at, index));
                catalogue.consultations.insert(consultation.head.slug.as_str().to_owned(), (at, index));
                let options = consultation.options.iter().map(|option| (option.id.clone(), (at, index)));
                catalogue.options.extend(options);
            }
            for (index, call) in entry.calls.iter().enumerate() {
                catalogue.calls.insert(call.head.id.as_str().to_owned(), (at, index));
                catalogue.calls.insert(call.head.slug.as_str().to_owned(), (at, index));
            }
            for (index, proposal) in entry.proposals.iter().enumerate() {
                catalogue.proposals.insert(proposal.head.id.clone(), (at, index));
            }
            catalogue.entries.push(entry);
        }
        catalogue
    }

    /// All processes, newest first.
    #[must_use]
    pub fn processes(&self) -> &[Arc<Entry>] {
        &self.entries
    }

    /// A process by slug or id.
    #[must_use]
    pub fn process(&self, slug_or_id: &str) -> Option<&Arc<Entry>> {
        self.entries.get(*self.processes.get(slug_or_id)?)
    }

    /// A consultation by slug or id, with its process.
    #[must_use]
    pub fn consultation(&self, slug_or_id: &str) -> Option<(&Arc<Entry>, &Arc<Consultation>)> {
        let (at, index) = self.consultations.get(slug_or_id)?;
        let entry = self.entries.get(*at)?;
        Some((entry, entry.consultations.get(*index)?))
    }

    /// A call by slug or id, with its process.
    #[must_use]
    pub fn call(&self, slug_or_id: &str) -> Option<(&Arc<Entry>, &Arc<Call>)> {
        let (at, index) = self.calls.get(slug_or_id)?;
        let entry = self.entries.get(*at)?;
        Some((entry, entry.calls.get(*index)?))
    }

    /// The process of something that can be commented on.
    #[must_use]
    pub fn process_of(&self, subject: &Subject) -> Option<&Arc<Entry>> {
        let at = match subject {
            Subject::Proposal(proposal) => &self.proposals.get(proposal)?.0,
            Subject::Option(option) => &self.options.get(option)?.0,
        };
        self.entries.get(*at)
    }

    /// A proposal.
    #[must_use]
    pub fn proposal(&self, proposal: &ProposalId) -> Option<&Proposal> {
        let (at, index) = self.proposals.get(proposal)?;
        self.entries.get(*at)?.proposals.get(*index)
    }

    /// An option with its consultation and process.
    #[must_use]
    pub fn option(&self, option: &OptionId) -> Option<(&Arc<Entry>, &Arc<Consultation>, &BallotOption)> {
        let (at, index) = self.options.get(option)?;
        let entry = self.entries.get(*at)?;
        let consultation = entry.consultations.get(*index)?;
        Some((entry, consultation, consultation.options.iter().find(|known| known.id == *option)?))
    }

    /// The id of the process of a consultation.
    #[must_use]
    pub fn process_of_consultation(&self, consultation: &ConsultationId) -> Option<&ProcessId> {
        self.consultation(consultation.as_str()).map(|(entry, _)| &entry.process.id)
    }
}

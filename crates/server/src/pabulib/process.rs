//! An election as a process with one consultation.

use super::Election;
use super::amount::written;
use crate::process_file::{ConsultationEntry, HeldEntry, OptionEntry, PeriodEntry, ProcessFile};
use crate::translation::Translations;
use cabildo_contract::consultation::Visibility;
use cabildo_contract::id::Slug;
use cabildo_contract::moderation::ModerationPolicy;
use cabildo_contract::process::Influence;
use cabildo_contract::record::Events;
use cabildo_contract::session::Assurance;
use cabildo_contract::time::Timestamp;

/// Seconds for which an election that is to be held again is open: a year.
const OPEN_SECONDS: i64 = 365 * 24 * 60 * 60;

/// The process of an election. With `again_from` it is an exercise that takes ballots from then on for a year, instead
/// of an election of the past.
#[must_use]
pub fn process_file(election: &Election, name: &Slug, again_from: Option<Timestamp>) -> ProcessFile {
    let meta = |key: &str| election.meta(key).unwrap_or_default().to_owned();
    let title = election.meta("description").unwrap_or(name.as_str()).to_owned();
    let options = election.projects.iter().map(|project| OptionEntry {
        reference: project.reference.clone(),
        title: project.title.clone(),
        description: String::new(),
        proposal: None,
        cost: Some(project.cost),
        group: None,
    });
    let period = match again_from {
        None => PeriodEntry { opens: election.from.midnight(), closes: election.to.next().midnight() },
        Some(opens) => PeriodEntry { opens, closes: opens.plus_seconds(OPEN_SECONDS) },
    };
    let rule = election.meta("rule").map(|rule| format!("rule: {rule}"));
    let budget = election.budget.as_ref().map(|budget| {
        let amount = written(budget.amount, budget.decimals);
        format!("budget: {amount} {}", budget.currency).trim_end().to_owned()
    });
    let purpose: Vec<String> = rule.into_iter().chain(budget).collect();
    let consultation = ConsultationEntry {
        slug: name.clone(),
        title: title.clone(),
        question: title.clone(),
        purpose: purpose.join("; "),
        influence: Influence::Empower,
        period,
        held: HeldEntry::Here { rule: election.rule, assurance: Assurance::Device },
        results: Visibility::Live,
        budget: election.budget.clone(),
        outcome: election.outcome.clone(),
        voting_sites: Vec::new(),
        exercise: again_from.is_some(),
        figures: Vec::new(),
        options: options.collect(),
    };
    ProcessFile {
        slug: name.clone(),
        exercise: again_from.is_some(),
        title,
        time_zone: "UTC".to_owned(),
        language: language(&meta("language")),
        convener: election.meta("unit").unwrap_or(name.as_str()).to_owned(),
        summary: meta("comment"),
        from: election.from,
        to: election.to,
        influence: Influence::Empower,
        moderation: ModerationPolicy::default(),
        phases: Vec::new(),
        proposals: Vec::new(),
        unnamed: Vec::new(),
        consultations: vec![consultation],
        calls: Vec::new(),
        figures: Vec::new(),
        events: Events::default(),
        consent: None,
        translations: Translations::new(),
        sources: format!("{name}.pb, Pabulib, https://pabulib.org"),
    }
}

/// The tag of a language that a file names in English or by its code; `und` (undetermined) for any other.
fn language(name: &str) -> String {
    let name = name.to_ascii_lowercase();
    let known = [
        ("polish", "pl"),
        ("english", "en"),
        ("french", "fr"),
        ("german", "de"),
        ("dutch", "nl"),
        ("norwegian", "no"),
        ("spanish", "es"),
        ("portuguese", "pt"),
        ("italian", "it"),
        ("czech", "cs"),
        ("estonian", "et"),
        ("hungarian", "hu"),
    ];
    let code = known.iter().find(|(known, code)| [*known, *code].contains(&name.as_str()));
    let code = code.map(|(_, code)| (*code).to_owned());
    code.unwrap_or_else(|| if name.len() == 2 && name.is_ascii() { name } else { "und".to_owned() })
}

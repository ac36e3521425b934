//! Writing a process from its file. Importing it again updates texts and keeps ids, ballots and comments.

use super::{ImportRefusal, Imported, StorageError, corrupt};
use crate::catalogue::Entry;
use crate::process_file::{CallEntry, ConsultationEntry, ProcessFile, ProposalEntry, theme_slug};
use crate::random;
use crate::storage::connection::{Connection, containing, values};
use cabildo_contract::call::{Call, CallHeld, CallSummary};
use cabildo_contract::consultation::{Consultation, ConsultationSummary, Held};
use cabildo_contract::id::{CallId, ConsultationId, ProcessId, ProposalId};
use cabildo_contract::process::{Funnel, Phase, Process, ProcessName, Theme};
use cabildo_contract::proposal::{Origin, Proposal, ProposalSummary};
use cabildo_contract::record::Events;
use cabildo_contract::tally::Count;
use cabildo_contract::text::fold;
use cabildo_contract::time::{Period, Timestamp};
use std::collections::{HashMap, HashSet};

/// Writes or updates a process.
pub fn put(connection: &Connection, file: &ProcessFile, now: Timestamp) -> Result<Imported, ImportRefusal> {
    let known: Option<String> =
        connection
            .find("SELECT id FROM process WHERE slug = ?1", values![file.slug.as_str()], |row| row.get(0))?;
    let updated = known.is_some();
    let id = match known {
        Some(id) => id,
        None => random::id(now)?,
    };
    let process = process(file, ProcessId::parse(id).map_err(corrupt)?);
    let name = process.name.clone();
    let entry = Entry {
        process,
        unnamed: file.unnamed.clone(),
        events: file.events.clone(),
        consent: file.consent.clone(),
        translations: file.translations.clone(),
        timeline: Vec::new(),
        proposals: Vec::new(),
        consultations: Vec::new(),
        calls: Vec::new(),
    };
    let process = &entry.process.id;
    let sql = "INSERT INTO process (id, slug, from_day, document) VALUES (?1, ?2, ?3, ?4)
               ON CONFLICT (id) DO UPDATE SET from_day = excluded.from_day, document = excluded.document";
    let document = serde_json::to_string(&entry).map_err(corrupt)?;
    connection
        .execute(sql, values![process.as_str(), file.slug.as_str(), file.from.to_string(), document])?;

    let mut proposals = HashMap::new();
    for entry in &file.proposals {
        proposals.insert(entry.number, put_proposal(connection, process, &name, entry, file, now)?);
    }
    let mut consultations = HashSet::new();
    for (index, entry) in file.consultations.iter().enumerate() {
        let pointer = format!("/consultations/{index}");
        let id = put_consultation(connection, process, &name, entry, &proposals, &pointer, now)?;
        consultations.insert(id);
    }
    let mut calls = HashSet::new();
    for (index, entry) in file.calls.iter().enumerate() {
        calls.insert(put_call(connection, process, &name, entry, &format!("/calls/{index}"), now)?);
    }
    forget(connection, process, &proposals, &consultations)?;
    forget_calls(connection, process, &calls)?;
    Ok(Imported {
        updated,
        proposals: proposals.len(),
        consultations: consultations.len(),
        calls: calls.len(),
    })
}

fn process(file: &ProcessFile, id: ProcessId) -> Process {
    let mut phases: Vec<Phase> = file
        .phases
        .iter()
        .map(|phase| Phase {
            slug: phase.slug.clone(),
            title: phase.title.clone(),
            kind: phase.kind,
            from: phase.from,
            to: phase.to,
        })
        .collect();
    phases.sort_by_key(|phase| phase.from);
    Process {
        id,
        name: ProcessName {
            slug: file.slug.clone(),
            title: file.title.clone(),
            time_zone: file.time_zone.clone(),
            language: file.language.clone(),
            exercise: file.exercise,
        },
        convener: file.convener.clone(),
        summary: file.summary.clone(),
        from: file.from,
        to: file.to,
        influence: file.influence,
        moderation: file.moderation,
        phases,
        // The rest follows from the other records and is completed when they are read.
        consultations: Vec::new(),
        calls: Vec::new(),
        themes: Vec::new(),
        territories: Vec::new(),
        funnel: Funnel { levels: Vec::new() },
        figures: file.figures.clone(),
        sources: file.sources.clone(),
    }
}

fn put_proposal(
    connection: &Connection,
    process: &ProcessId,
    name: &ProcessName,
    entry: &ProposalEntry,
    file: &ProcessFile,
    now: Timestamp,
) -> Result<ProposalId, ImportRefusal> {
    let sql = "SELECT id FROM proposal WHERE process = ?1 AND number = ?2";
    let known: Option<String> =
        connection.find(sql, values![process.as_str(), entry.number], |row| row.get(0))?;
    let id = match known {
        Some(id) => id,
        None => random::id(now)?,
    };
    let id = ProposalId::parse(id).map_err(corrupt)?;
    let themes: Vec<Theme> = entry
        .themes
        .iter()
        .filter_map(|title| Some(Theme { slug: theme_slug(title)?, title: title.clone() }))
        .collect();
    let territory = entry.territory.clone().map(|code| code.into_territory());
    let proposal = Proposal {
        head: ProposalSummary {
            id: id.clone(),
            number: entry.number,
            title: entry.title.clone(),
            summary: entry.summary.clone(),
            level: entry.level,
            themes: themes.clone(),
            territory: territory.clone(),
            status: entry.status,
            lead_entities: entry.lead_entities.clone(),
            comments: Count::default(),
        },
        process: name.clone(),
        branch: entry.branch.clone(),
        other_entities: entry.other_entities.clone(),
        targets: entry.targets.clone(),
        reason: entry.reason.clone(),
        versions: entry.versions.clone(),
        origins: origins(entry, &file.events),
        commitment: entry.commitment.clone(),
    };
    let entities = entry.lead_entities.iter().chain(&entry.other_entities);
    let mut words: Vec<&str> =
        [&entry.title, &entry.summary].into_iter().chain(entities).map(String::as_str).collect();
    // Whoever reads it in another language looks for it in that one.
    let translations = file.translations.values();
    let translated: Vec<&str> = translations
        .flat_map(|translation| words.iter().filter_map(|text| translation.get(*text)))
        .map(String::as_str)
        .collect();
    words.extend(translated);
    let sql =
        "INSERT INTO proposal (id, process, number, level, status, territory, title_folded, search, document)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
               ON CONFLICT (id) DO UPDATE SET level = excluded.level, status = excluded.status,
               territory = excluded.territory, title_folded = excluded.title_folded, search = excluded.search,
               document = excluded.document";
    connection.execute(
        sql,
        values![
            id.as_str(),
            process.as_str(),
            entry.number,
            entry.level.as_str(),
            entry.status.as_str(),
            territory.map(|territory| territory.code),
            fold(&entry.title),
            // Joined by a line end, so that no word is found across two fields.
            fold(&words.join("\n")),
            serde_json::to_string(&proposal).map_err(corrupt)?
        ],
    )?;
    connection.execute("DELETE FROM proposal_theme WHERE proposal = ?1", values![id.as_str()])?;
    for theme in themes {
        let sql = "INSERT INTO proposal_theme (proposal, theme) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
        connection.execute(sql, values![id.as_str(), theme.slug.as_str()])?;
    }
    Ok(id)
}

/// Where a proposal came from, with what its workshops say about it; the file's check has found all of them.
fn origins(entry: &ProposalEntry, events: &Events) -> Vec<Origin> {
    let origins = entry.origins.iter().filter_map(|origin| {
        let (workshop, action) = origin.find(events)?;
        Some(Origin {
            workshop: workshop.slug.clone(),
            workshop_title: workshop.title.clone(),
            date: workshop.date,
            action: action.title.clone(),
            table: action.table.clone(),
            votes: action.votes,
            note: origin.note.clone(),
            source: origin.source.clone(),
        })
    });
    origins.collect()
}

fn put_consultation(
    connection: &Connection,
    process: &ProcessId,
    name: &ProcessName,
    entry: &ConsultationEntry,
    proposals: &HashMap<u32, ProposalId>,
    pointer: &str,
    now: Timestamp,
) -> Result<ConsultationId, ImportRefusal> {
    let sql = "SELECT id, process FROM consultation WHERE slug = ?1";
    let known: Option<(String, String)> =
        connection.find(sql, values![entry.slug.as_str()], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let id = match known {
        Some((_, owner)) if owner != process.as_str() => {
            let reason = format!("another process has a consultation {}", entry.slug);
            return Err(ImportRefusal::Conflict { pointer: format!("{pointer}/slug"), reason });
        }
        Some((id, _)) => id,
        None => random::id(now)?,
    };
    let id = ConsultationId::parse(id).map_err(corrupt)?;
    let consultation = Consultation {
        head: ConsultationSummary {
            id: id.clone(),
            slug: entry.slug.clone(),
            title: entry.title.clone(),
            period: Period { opens: entry.period.opens, closes: entry.period.closes },
            held: Held::from(entry.held.clone()),
            results: entry.results,
            exercise: entry.exercise,
            figures: entry.figures.clone(),
        },
        process: name.clone(),
        question: entry.question.clone(),
        purpose: entry.purpose.clone(),
        influence: entry.influence,
        budget: entry.budget.clone(),
        outcome: entry.outcome.clone(),
        voting_sites: entry.voting_sites.clone(),
        options: Vec::new(),
    };
    let sql = "INSERT INTO consultation (id, process, slug, document) VALUES (?1, ?2, ?3, ?4)
               ON CONFLICT (id) DO UPDATE SET document = excluded.document";
    let document = serde_json::to_string(&consultation).map_err(corrupt)?;
    connection
        .execute(sql, values![id.as_str(), process.as_str(), entry.slug.as_str(), document.as_str()])?;
    put_options(connection, &id, entry, proposals, pointer, now)?;
    Ok(id)
}

fn put_options(
    connection: &Connection,
    consultation: &ConsultationId,
    entry: &ConsultationEntry,
    proposals: &HashMap<u32, ProposalId>,
    pointer: &str,
    now: Timestamp,
) -> Result<(), ImportRefusal> {
    let sql = "SELECT reference, id FROM ballot_option WHERE consultation = ?1";
    let known = connection.all(sql, values![consultation.as_str()], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let mut known: HashMap<String, String> = known.into_iter().collect();
    for (position, option) in entry.options.iter().enumerate() {
        let id = match known.remove(&option.reference) {
            Some(id) => id,
            None => random::id(now)?,
        };
        let sql = "INSERT INTO ballot_option
                   (id, consultation, position, reference, title, description, proposal, cost, candidates)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
                   ON CONFLICT (id) DO UPDATE SET position = excluded.position, title = excluded.title,
                   description = excluded.description, proposal = excluded.proposal, cost = excluded.cost,
                   candidates = excluded.candidates";
        connection.execute(
            sql,
            values![
                id,
                consultation.as_str(),
                position,
                option.reference,
                option.title,
                option.description,
                option.proposal.and_then(|number| proposals.get(&number)).map(ProposalId::as_str),
                option.cost,
                option.group
            ],
        )?;
    }
    // Options that the file no longer has.
    for (reference, id) in known {
        let sql =
            r"SELECT EXISTS (SELECT 1 FROM ballot WHERE consultation = ?1 AND choices LIKE ?2 ESCAPE '\')";
        // As a text in the array: an id has no quotation mark in it.
        let choice = containing(&format!("\"{id}\""));
        let chosen: bool = connection.the(sql, values![consultation.as_str(), choice], |row| row.get(0))?;
        let sql = "SELECT EXISTS (SELECT 1 FROM act WHERE option = ?1)";
        let commented: bool = connection.the(sql, values![id.as_str()], |row| row.get(0))?;
        if chosen || commented {
            let reason =
                format!("option {reference:?} is missing, and people have voted for it or commented on it");
            return Err(ImportRefusal::Conflict { pointer: format!("{pointer}/options"), reason });
        }
        connection.execute("DELETE FROM ballot_option WHERE id = ?1", values![id])?;
    }
    Ok(())
}

fn put_call(
    connection: &Connection,
    process: &ProcessId,
    name: &ProcessName,
    entry: &CallEntry,
    pointer: &str,
    now: Timestamp,
) -> Result<CallId, ImportRefusal> {
    let sql = "SELECT id, process FROM call WHERE slug = ?1";
    let known: Option<(String, String)> =
        connection.find(sql, values![entry.slug.as_str()], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let id = match known {
        Some((_, owner)) if owner != process.as_str() => {
            let reason = format!("another process has a call {}", entry.slug);
            return Err(ImportRefusal::Conflict { pointer: format!("{pointer}/slug"), reason });
        }
        Some((id, _)) => id,
        None => random::id(now)?,
    };
    let id = CallId::parse(id).map_err(corrupt)?;
    let call = Call {
        head: CallSummary {
            id: id.clone(),
            slug: entry.slug.clone(),
            title: entry.title.clone(),
            level: entry.level,
            period: entry.period.map(|period| Period { opens: period.opens, closes: period.closes }),
            held: CallHeld::from(entry.held.clone()),
            exercise: entry.exercise,
            submissions: Count::default(),
        },
        process: name.clone(),
        text: entry.text.clone(),
        criteria: entry.criteria.clone(),
        printed_total: entry.printed_total,
        source: entry.source.clone(),
    };
    let sql = "INSERT INTO call (id, process, slug, document) VALUES (?1, ?2, ?3, ?4)
               ON CONFLICT (id) DO UPDATE SET document = excluded.document";
    let document = serde_json::to_string(&call).map_err(corrupt)?;
    connection
        .execute(sql, values![id.as_str(), process.as_str(), entry.slug.as_str(), document.as_str()])?;
    Ok(id)
}

/// Removes the calls that the file no longer has, unless people have submitted something.
fn forget_calls(
    connection: &Connection,
    process: &ProcessId,
    calls: &HashSet<CallId>,
) -> Result<(), ImportRefusal> {
    let sql = "SELECT id, slug FROM call WHERE process = ?1";
    let known: Vec<(String, String)> =
        connection.all(sql, values![process.as_str()], |row| Ok((row.get(0)?, row.get(1)?)))?;
    for (id, slug) in known {
        if calls.iter().any(|kept| kept.as_str() == id) {
            continue;
        }
        let sql = "SELECT EXISTS (SELECT 1 FROM act WHERE call = ?1)";
        if connection.the(sql, values![id.as_str()], |row| row.get(0))? {
            let reason = format!("call {slug} is missing, and people have submitted something");
            return Err(ImportRefusal::Conflict { pointer: "/calls".to_owned(), reason });
        }
        connection.execute("DELETE FROM call WHERE id = ?1", values![id])?;
    }
    Ok(())
}

/// Removes what the file no longer has, unless people have acted on it.
fn forget(
    connection: &Connection,
    process: &ProcessId,
    proposals: &HashMap<u32, ProposalId>,
    consultations: &HashSet<ConsultationId>,
) -> Result<(), ImportRefusal> {
    let ids = |sql: &str| -> Result<Vec<(String, String)>, StorageError> {
        connection.all(sql, values![process.as_str()], |row| Ok((row.get(0)?, row.get(1)?)))
    };
    let acted = |column: &str, id: &str| -> Result<bool, StorageError> {
        let sql = format!("SELECT EXISTS (SELECT 1 FROM act WHERE {column} = ?1)");
        connection.the(&sql, values![id], |row| row.get(0))
    };
    let conflict =
        |pointer: &str, reason: String| ImportRefusal::Conflict { pointer: pointer.to_owned(), reason };
    for (id, slug) in ids("SELECT id, slug FROM consultation WHERE process = ?1")? {
        if consultations.iter().all(|kept| kept.as_str() != id) {
            let sql = "SELECT EXISTS (SELECT 1 FROM act JOIN ballot_option ON ballot_option.id = act.option
                       WHERE ballot_option.consultation = ?1)";
            let commented: bool = connection.the(sql, values![id.as_str()], |row| row.get(0))?;
            if commented || acted("consultation", &id)? {
                let reason = format!("consultation {slug} is missing, and people have taken part in it");
                return Err(conflict("/consultations", reason));
            }
            connection.execute("DELETE FROM consultation WHERE id = ?1", values![id])?;
        }
    }
    for (id, number) in ids("SELECT id, CAST(number AS TEXT) FROM proposal WHERE process = ?1")? {
        if proposals.values().all(|kept| kept.as_str() != id) {
            if acted("proposal", &id)? {
                let reason = format!("proposal {number} is missing, and people have commented on it");
                return Err(conflict("/proposals", reason));
            }
            connection.execute("DELETE FROM proposal WHERE id = ?1", values![id])?;
        }
    }
    Ok(())
}

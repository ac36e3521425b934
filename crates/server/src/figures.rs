//! The published figures, read off the board: results, statistics, discussions. Pure.

use crate::board::{Board, DAY_MS, MINUTE_MS, ProcessBoard, Received, Standing, Talk};
use crate::catalogue::{Entry, asked_about};
use crate::territory::departments;
use cabildo_contract::answer::{self, Answers, Stances};
use cabildo_contract::call::CallSummary;
use cabildo_contract::comment::{Discussion, Subject};
use cabildo_contract::consultation::{Consultation, Held};
use cabildo_contract::id::{OptionId, ProposalId};
use cabildo_contract::live::AsOf;
use cabildo_contract::moderation;
use cabildo_contract::outcome::outcome;
use cabildo_contract::proposal::{Level, Proposal};
use cabildo_contract::statistics::{
    Bucket, HeldElsewhere, InPerson, Part, Statistics, TOP, TerritoryPeople, Top, TopProposal,
};
use cabildo_contract::tally::{Count, Results};
use cabildo_contract::time::{State, Timestamp};
use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

/// Most days of a series.
const MAX_DAYS: i64 = 400;

/// Up to where the board counts. To the second: within it, equal figures are equal bytes, which a cache notices.
#[must_use]
pub fn as_of(board: &Board, now: Timestamp) -> AsOf {
    let time = Timestamp::from_millis(now.millis().div_euclid(1000) * 1000);
    AsOf { sequence: board.sequence, time }
}

/// The results of a consultation.
#[must_use]
pub fn results(entry: &Entry, consultation: &Consultation, board: &Board, now: Timestamp) -> Results {
    let empty = ProcessBoard::default();
    let process = board.process(&entry.process.id).unwrap_or(&empty);
    let head = &consultation.head;
    let tally = process.tally(&head.id);
    let visible_from = head.hidden_until(now);
    let (rule, assurance) = match &head.held {
        Held::Elsewhere { .. } | Held::Comments {} => (None, None),
        Held::Here { rule, assurance } => (Some(*rule), Some(assurance.clone())),
    };
    let shown = rule.filter(|_| visible_from.is_none());
    let options = shown.map(|rule| tally.results(&rule, &consultation.options)).unwrap_or_default();
    let preliminary = head.period.state(now) != State::Closed;
    let rule_of_outcome = consultation.outcome.as_ref().filter(|_| shown.is_some());
    let outcome =
        rule_of_outcome.map(|rule| outcome(rule, consultation.budget.as_ref(), &options, preliminary));
    Results {
        consultation: head.slug.clone(),
        title: head.title.clone(),
        as_of: as_of(board, now),
        rule,
        assurance,
        exercise: head.exercise,
        ballots: tally.ballots(),
        channels: tally.channels(),
        visible_from,
        budget: consultation.budget.clone(),
        options,
        outcome,
        comments: comments(consultation, process),
    }
}

/// The comments that a consultation asked for and got within its period, and their answers. None where it was held
/// elsewhere.
fn comments(consultation: &Consultation, process: &ProcessBoard) -> Option<Answers> {
    if matches!(consultation.head.held, Held::Elsewhere { .. }) {
        return None;
    }
    let period = consultation.head.period;
    // Looked up, not searched: thousands of comments may stand beside hundreds of options.
    let about: HashSet<Subject> = asked_about(consultation).collect();
    Some(answers(process.comments().filter(|comment| {
        period.opens <= comment.posted_at
            && comment.posted_at < period.closes
            && about.contains(&comment.subject)
    })))
}

/// How many of these comments were answered, and how fast.
fn answers<'a>(comments: impl Iterator<Item = &'a Standing>) -> Answers {
    answer::count(comments.map(|comment| (comment.posted_at, comment.answered_at, comment.simulated)))
}

/// A call with the submissions to it that stand.
#[must_use]
pub fn call(entry: &Entry, call: &CallSummary, board: &Board) -> CallSummary {
    let process = board.process(&entry.process.id);
    let submissions = process.map(|process| process.submissions(&call.id)).unwrap_or_default();
    CallSummary { submissions, ..call.clone() }
}

/// The calls of a process with the submissions to each that stand.
#[must_use]
pub fn calls(entry: &Entry, board: &Board) -> Vec<CallSummary> {
    entry.calls.iter().map(|each| call(entry, &each.head, board)).collect()
}

/// Comments and replies on an option itself.
#[must_use]
pub fn comments_on_option(entry: &Entry, option: &OptionId, board: &Board) -> Count {
    talk(entry, &Subject::Option(option.clone()), board).comments
}

/// The discussion of a proposal or option; empty before its first comment.
#[must_use]
pub fn talk(entry: &Entry, subject: &Subject, board: &Board) -> Talk {
    board.process(&entry.process.id).map(|process| process.talk(subject)).unwrap_or_default()
}

/// How a discussion stands.
#[must_use]
pub fn discussion(entry: &Entry, subject: &Subject, board: &Board, now: Timestamp) -> Discussion {
    let talk = talk(entry, subject, board);
    Discussion { as_of: as_of(board, now), comments: talk.comments, revision: talk.revision }
}

/// Everything that a dashboard of a process shows.
#[must_use]
pub fn statistics(entry: &Entry, board: &Board, now: Timestamp) -> Statistics {
    let empty = ProcessBoard::default();
    let process = board.process(&entry.process.id).unwrap_or(&empty);
    let consultations: Vec<Results> = entry
        .consultations
        .iter()
        .filter(|consultation| !matches!(consultation.head.held, Held::Elsewhere { .. }))
        .map(|consultation| results(entry, consultation, board, now))
        .collect();
    let counted = count_proposals(entry, process, now);
    Statistics {
        process: entry.process.name.slug.clone(),
        as_of: as_of(board, now),
        people: process.people(),
        ballots: sum(consultations.iter().map(|results| results.ballots)),
        comments: sum(entry.subjects().map(|subject| process.talk(&subject).comments)),
        answers: answers(process.comments()),
        moderation: moderation::count(process.cases()),
        last_hour: last_hour(process, now),
        days: days(process, now),
        by_level: by_level(entry, &counted),
        by_theme: by_theme(entry, &counted),
        by_branch: by_branch(&counted),
        by_territory: by_territory(entry, &counted),
        funnel: entry.process.funnel.clone(),
        consultations,
        top: top(&counted),
        in_person: in_person(entry),
        elsewhere: entry.consultations.iter().filter_map(|consultation| elsewhere(consultation)).collect(),
        people_by_territory: people_by_territory(entry, board),
    }
}

fn sum(counts: impl Iterator<Item = Count>) -> Count {
    counts.fold(Count::default(), |sum, count| Count {
        total: sum.total + count.total,
        simulated: sum.simulated + count.simulated,
    })
}

/// What one proposal received.
#[derive(Clone, Copy)]
struct Counted {
    votes: u64,
    comments: Count,
    stances: Stances,
}

fn count_proposals<'a>(
    entry: &'a Entry,
    process: &ProcessBoard,
    now: Timestamp,
) -> Vec<(&'a Proposal, Counted)> {
    let mut votes: HashMap<&ProposalId, u64> = HashMap::new();
    let visible = |consultation: &&Arc<Consultation>| consultation.head.hidden_until(now).is_none();
    for consultation in entry.consultations.iter().filter(visible) {
        let tally = process.tally(&consultation.head.id);
        for option in &consultation.options {
            if let Some(proposal) = &option.proposal {
                *votes.entry(proposal).or_default() += tally.votes(&option.id).total;
            }
        }
    }
    let mut stances: HashMap<&Subject, Stances> = HashMap::new();
    for comment in process.comments() {
        stances.entry(&comment.subject).or_default().add(comment.stance);
    }
    let counted = |proposal: &Proposal| Counted {
        stances: stances.get(&Subject::Proposal(proposal.head.id.clone())).copied().unwrap_or_default(),
        votes: votes.get(&proposal.head.id).copied().unwrap_or_default(),
        comments: process.talk(&Subject::Proposal(proposal.head.id.clone())).comments,
    };
    entry.proposals.iter().map(|proposal| (proposal, counted(proposal))).collect()
}

fn top(counted: &[(&Proposal, Counted)]) -> Top {
    let by = |measure: fn(&Counted) -> u64| {
        let mut ranked: Vec<_> = counted.iter().filter(|(_, counted)| measure(counted) > 0).collect();
        // Proposals come by number, and sorting keeps the order of equals.
        ranked.sort_by_key(|(_, counted)| Reverse(measure(counted)));
        let top = ranked.into_iter().take(TOP).map(|(proposal, counted)| TopProposal {
            id: proposal.head.id.clone(),
            number: proposal.head.number,
            title: proposal.head.title.clone(),
            votes: counted.votes,
            comments: counted.comments.total,
            stances: counted.stances,
        });
        top.collect()
    };
    Top {
        support: by(|counted| counted.votes),
        discussion: by(|counted| counted.comments.total),
        controversy: by(|counted| counted.stances.controversy()),
    }
}

fn in_person(entry: &Entry) -> InPerson {
    let events = &entry.events;
    let length = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
    let actions = || events.workshops.iter().flat_map(|workshop| &workshop.actions);
    InPerson {
        workshops: length(events.workshops.len()),
        attendance: events.participants().into(),
        actions: length(actions().count()),
        votes: actions().map(|action| u64::from(action.votes)).sum(),
        conversations: length(events.conversations.len()),
        experts: events.experts().into(),
    }
}

fn elsewhere(consultation: &Consultation) -> Option<HeldElsewhere> {
    let head = &consultation.head;
    let Held::Elsewhere { channel, .. } = &head.held else { return None };
    Some(HeldElsewhere {
        consultation: head.slug.clone(),
        title: head.title.clone(),
        channel: channel.clone(),
        figures: head.figures.clone(),
    })
}

fn people_by_territory(entry: &Entry, board: &Board) -> Vec<TerritoryPeople> {
    let cells =
        board.snapshot(&entry.process.id).map(|snapshot| snapshot.cells.as_slice()).unwrap_or_default();
    let people = |index: usize| cells.get(index).and_then(|cell| cell.people);
    let departments = departments().iter().enumerate();
    departments
        .map(|(index, territory)| TerritoryPeople { territory: territory.clone(), people: people(index) })
        .collect()
}

fn part(
    key: &str,
    title: &str,
    counted: &[(&Proposal, Counted)],
    belongs: impl Fn(&Proposal) -> bool,
) -> Part {
    let mut part = Part { key: key.to_owned(), title: title.to_owned(), proposals: 0, votes: 0, comments: 0 };
    for (_, counted) in counted.iter().filter(|(proposal, _)| belongs(proposal)) {
        part.proposals += 1;
        part.votes += counted.votes;
        part.comments += counted.comments.total;
    }
    part
}

fn by_level(entry: &Entry, counted: &[(&Proposal, Counted)]) -> Vec<Part> {
    let parts = Level::ALL.map(|level| {
        let mut part = part(level.as_str(), "", counted, |proposal| proposal.head.level == level);
        part.proposals += entry.unnamed.iter().filter(|g| g.level == level).map(|g| g.count).sum::<u32>();
        part
    });
    parts.into_iter().filter(|part| part.proposals > 0).collect()
}

fn by_theme(entry: &Entry, counted: &[(&Proposal, Counted)]) -> Vec<Part> {
    let themes = entry.process.themes.iter();
    themes
        .map(|theme| part(theme.slug.as_str(), &theme.title, counted, |p| p.head.themes.contains(theme)))
        .collect()
}

fn by_branch(counted: &[(&Proposal, Counted)]) -> Vec<Part> {
    let branches: BTreeSet<&str> = counted.iter().map(|(proposal, _)| proposal.branch.as_str()).collect();
    let part = |branch: &str| {
        // It stands at the head of a row.
        let mut letters = branch.chars();
        let title =
            letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect());
        part(branch, &title, counted, |proposal| proposal.branch == branch)
    };
    branches.into_iter().map(part).collect()
}

fn by_territory(entry: &Entry, counted: &[(&Proposal, Counted)]) -> Vec<Part> {
    let nation = part("", "", counted, |proposal| proposal.head.territory.is_none());
    let territories = entry.process.territories.iter().map(|territory| {
        part(&territory.code, &territory.name, counted, |p| p.head.territory.as_ref() == Some(territory))
    });
    std::iter::once(nation).filter(|part| part.proposals > 0).chain(territories).collect()
}

fn bucket(start: i64, received: Received) -> Bucket {
    Bucket { start: Timestamp::from_millis(start), ballots: received.ballots, comments: received.comments }
}

fn last_hour(process: &ProcessBoard, now: Timestamp) -> Vec<Bucket> {
    let this = now.millis().div_euclid(MINUTE_MS) * MINUTE_MS;
    (0..60)
        .rev()
        .map(|ago| this - ago * MINUTE_MS)
        .map(|start| bucket(start, process.minute(start)))
        .collect()
}

fn days(process: &ProcessBoard, now: Timestamp) -> Vec<Bucket> {
    let today = now.millis().div_euclid(DAY_MS) * DAY_MS;
    let Some(first) = process.first_day() else { return Vec::new() };
    let from = first.max(today - (MAX_DAYS - 1) * DAY_MS);
    let count = (today - from).div_euclid(DAY_MS) + 1;
    (0..count).map(|day| from + day * DAY_MS).map(|start| bucket(start, process.day(start))).collect()
}

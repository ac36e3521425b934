//! What holds of every input, however damaged. Property tests try some; `cargo xtask fuzz` looks for one that breaks it.

use cabildo_contract::ballot::{BallotBody, BallotRule, FirstPlace};
use cabildo_contract::tally::{Channel, Tally};
use cabildo_server::pabulib::{self, FileBallot};
use serde::Deserialize;

/// A file is read or refused; whatever is said of it is said of one of its lines; and once its rule is widened to its
/// ballots, each of them is valid and counted, but for those that no rule of their kind can take.
pub fn of_a_file(bytes: &[u8]) {
    let ends = bytes.iter().zip(bytes.iter().skip(1).chain([&0]));
    let ends = ends.filter(|(byte, next)| **byte == b'\n' || **byte == b'\r' && **next != b'\n');
    let lines = 1..=ends.count() + 1;
    let election = match pabulib::read(bytes) {
        Ok(election) => election,
        Err(fault) => return assert!(lines.contains(&fault.line), "{fault}"),
    };
    assert!(election.notes.iter().all(|note| lines.contains(&note.line)), "{:?}", election.notes);
    let election = election.widened();
    let (options, tally) = (election.options(), election.tally());
    assert_eq!(tally.ballots().total, election.ballots.len() as u64);
    let can_be_taken = |ballot: &&FileBallot| match election.rule {
        BallotRule::Ordinal(rule) if rule.first_place() == FirstPlace::Max => false,
        BallotRule::Cumulative(_) if ballot.points.iter().any(|points| *points < 1) => false,
        _ => !ballot.choices.is_empty(),
    };
    for ballot in election.ballots.iter().filter(can_be_taken) {
        let checked = election.rule.check(&options, election.body(ballot));
        assert!(checked.is_ok(), "{:?}: {ballot:?}: {checked:?}", election.rule);
    }
}

/// A rule and a ballot as they arrive.
#[derive(Deserialize)]
struct Arrived {
    rule: BallotRule,
    ballot: BallotBody,
}

/// What arrives is a rule that can be followed and a ballot, or is refused; a ballot that passes the check passes it
/// again after the wire, and can be counted.
pub fn of_a_ballot(bytes: &[u8]) {
    let Ok(Arrived { rule, ballot }) = serde_json::from_slice(bytes) else { return };
    let election = "META\nkey;value\nrule;unknown\nvote_type;approval\nbudget;100\nPROJECTS\nproject_id;cost\n1;10\n2;20\n3;30\n4;40\nVOTES\nvoter_id;vote\n";
    let options = pabulib::read(election.as_bytes()).map(|election| election.options()).unwrap_or_default();
    assert_eq!(options.len(), 4);
    if rule.check(&options, ballot.clone()).is_err() {
        return;
    }
    let wire = serde_json::to_vec(&ballot).unwrap();
    let again: BallotBody = serde_json::from_slice(&wire).unwrap();
    assert!(rule.check(&options, again).is_ok());
    let mut tally = Tally::default();
    tally.add(&ballot, false, Channel::Online);
    assert_eq!(tally.ballots().total, 1);
    for option in &options {
        let _ = tally.score(&rule, &option.id);
    }
}

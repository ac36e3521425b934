//! The live count: what all acts so far add up to, kept in memory and moved by each committed act.
//!
//! Rebuilding it from the database and applying the acts one by one use the same few steps, and a property
//! test holds one against the other.

use crate::territory::departments;
use cabildo_contract::ballot::BallotBody;
use cabildo_contract::comment::{Stance, Subject};
use cabildo_contract::id::{CallId, CommentId, ConsultationId, ProcessId};
use cabildo_contract::moderation::CaseState;
use cabildo_contract::suppression::Snapshot;
use cabildo_contract::tally::{Channel, Count, Tally};
use cabildo_contract::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Milliseconds of a minute.
pub const MINUTE_MS: i64 = 60_000;
/// Milliseconds of a day.
pub const DAY_MS: i64 = 86_400_000;

/// One committed act.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Change {
    /// Its number.
    pub sequence: u64,
    /// When it was received.
    pub at: Timestamp,
    /// The process in which it happened.
    pub process: ProcessId,
    /// Internal number of the person who acts, or whose comment was decided about.
    pub person: i64,
    /// Whether that person is simulated.
    pub simulated: bool,
    /// What was done.
    pub act: Act,
}

/// What was done.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Act {
    /// A ballot was cast, revised or withdrawn.
    Ballot {
        /// The consultation.
        consultation: ConsultationId,
        /// The answer that stood before.
        before: Option<Counted>,
        /// The answer that stands now.
        after: Option<Counted>,
        /// Whether it is this person's first in this consultation.
        first: bool,
    },
    /// A comment or reply was posted.
    Posted {
        /// What it is about.
        subject: Subject,
        /// The comment and its stance; none for a reply.
        comment: Option<(CommentId, Stance)>,
    },
    /// A comment or reply was posted, and waits for approval.
    Waits(CommentId),
    /// A comment or reply was edited.
    Edited(Subject),
    /// A comment or reply was deleted.
    Deleted {
        /// What it was about.
        subject: Subject,
        /// The comment or reply.
        comment: CommentId,
        /// Whether it stood until then.
        stood: bool,
    },
    /// A comment was answered in writing, or its answer mended.
    Answered {
        /// What the comment is about.
        subject: Subject,
        /// The comment.
        comment: CommentId,
    },
    /// A comment or reply was reported.
    Reported {
        /// The comment or reply.
        comment: CommentId,
        /// Whether a simulated person wrote it.
        simulated: bool,
    },
    /// A moderator kept a comment or reply.
    Kept {
        /// What it is about.
        subject: Subject,
        /// The comment or reply.
        comment: CommentId,
        /// What is known of it if it is no reply.
        standing: Option<Standing>,
        /// Whether it stood before.
        stood: bool,
        /// Whether nobody could read it before.
        first: bool,
    },
    /// A moderator hid a comment or reply.
    Hidden {
        /// What it is about.
        subject: Subject,
        /// The comment or reply.
        comment: CommentId,
        /// Whether it stood until then.
        stood: bool,
    },
    /// Something was submitted to a call.
    Submitted(CallId),
    /// A submission was edited.
    Resubmitted,
    /// A submission was withdrawn.
    Withdrawn(CallId),
    /// So much changed that the whole count was made anew. Nobody is told this in writing.
    #[serde(skip)]
    Rebuilt(Box<ProcessBoard>),
}

/// A ballot that stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counted {
    /// The answer.
    pub body: BallotBody,
    /// How it arrived.
    pub channel: Channel,
}

/// Ballots and comments in one step of time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Received {
    /// First ballots.
    pub ballots: u32,
    /// Comments and replies.
    pub comments: u32,
}

/// The discussion of one proposal or option.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Talk {
    /// Comments and replies that stand.
    pub comments: Count,
    /// The number of the last post, edit, deletion, answer or decision.
    pub revision: u64,
}

/// A comment that stands; replies are not among these.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// What it is about.
    pub subject: Subject,
    /// What it says about it.
    pub stance: Stance,
    /// Whether a simulated person wrote it.
    pub simulated: bool,
    /// When it was received.
    pub posted_at: Timestamp,
    /// When it was first answered in writing, if it was.
    pub answered_at: Option<Timestamp>,
}

/// What happened in a series of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arrival {
    /// A first ballot.
    Ballot,
    /// A comment or reply.
    Comment,
}

/// The count of one process.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProcessBoard {
    /// Standing ballots and comments a person, and whether the person is simulated.
    people: HashMap<i64, (u64, bool)>,
    people_count: Count,
    tallies: HashMap<ConsultationId, Tally>,
    talks: HashMap<Subject, Talk>,
    comments: HashMap<CommentId, Standing>,
    /// Comments and replies that are or were before a moderator: where they stand, and whether they are simulated.
    cases: HashMap<CommentId, (CaseState, bool)>,
    /// Submissions that stand, by call; a call without one is not here.
    submissions: HashMap<CallId, Count>,
    /// The number of the last act that changed all discussions at once.
    all_revision: u64,
    minutes: BTreeMap<i64, Received>,
    days: BTreeMap<i64, Received>,
}

impl ProcessBoard {
    /// A ballot stands now.
    pub fn add_ballot(
        &mut self,
        consultation: &ConsultationId,
        ballot: &Counted,
        person: i64,
        simulated: bool,
    ) {
        let tally = self.tallies.entry(consultation.clone()).or_default();
        tally.add(&ballot.body, simulated, ballot.channel);
        self.add_standing(person, simulated);
    }

    /// A ballot no longer stands.
    pub fn remove_ballot(
        &mut self,
        consultation: &ConsultationId,
        ballot: &Counted,
        person: i64,
        simulated: bool,
    ) {
        let tally = self.tallies.entry(consultation.clone()).or_default();
        tally.remove(&ballot.body, simulated, ballot.channel);
        self.remove_standing(person, simulated);
    }

    /// A comment or reply stands now.
    pub fn add_comment(&mut self, subject: &Subject, person: i64, simulated: bool) {
        self.talks.entry(subject.clone()).or_default().comments.add(simulated);
        self.add_standing(person, simulated);
    }

    /// What is known of a comment that stands and is no reply.
    pub fn keep_comment(&mut self, comment: CommentId, standing: Standing) {
        self.comments.insert(comment, standing);
    }

    /// A comment or reply no longer stands.
    pub fn remove_comment(&mut self, subject: &Subject, person: i64, simulated: bool) {
        self.talks.entry(subject.clone()).or_default().comments.remove(simulated);
        self.remove_standing(person, simulated);
    }

    /// A comment or reply stands so with the moderators now.
    pub fn keep_case(&mut self, comment: CommentId, state: CaseState, simulated: bool) {
        self.cases.insert(comment, (state, simulated));
    }

    /// A submission stands now.
    pub fn add_submission(&mut self, call: &CallId, simulated: bool) {
        self.submissions.entry(call.clone()).or_default().add(simulated);
    }

    /// A submission no longer stands.
    fn remove_submission(&mut self, call: &CallId, simulated: bool) {
        if let Some(count) = self.submissions.get_mut(call) {
            count.remove(simulated);
            if count.total == 0 {
                self.submissions.remove(call);
            }
        }
    }

    /// A discussion changed with this act.
    pub fn touch(&mut self, subject: &Subject, sequence: u64) {
        let talk = self.talks.entry(subject.clone()).or_default();
        talk.revision = talk.revision.max(sequence);
    }

    /// Every discussion changed with this act, those without a comment included.
    pub fn touch_all(&mut self, sequence: u64) {
        self.all_revision = self.all_revision.max(sequence);
    }

    /// Something arrived at an instant.
    pub fn arrived(&mut self, arrival: Arrival, at: Timestamp) {
        let minute = at.millis().div_euclid(MINUTE_MS) * MINUTE_MS;
        let day = at.millis().div_euclid(DAY_MS) * DAY_MS;
        for step in [self.minutes.entry(minute).or_default(), self.days.entry(day).or_default()] {
            match arrival {
                Arrival::Ballot => step.ballots = step.ballots.saturating_add(1),
                Arrival::Comment => step.comments = step.comments.saturating_add(1),
            }
        }
        // Minutes are shown for an hour; twice that leaves room for a clock that was set back.
        while self.minutes.first_key_value().is_some_and(|(first, _)| *first < minute - 120 * MINUTE_MS) {
            self.minutes.pop_first();
        }
    }

    fn add_standing(&mut self, person: i64, simulated: bool) {
        let (standing, _) = self.people.entry(person).or_insert((0, simulated));
        *standing += 1;
        if *standing == 1 {
            self.people_count.add(simulated);
        }
    }

    fn remove_standing(&mut self, person: i64, simulated: bool) {
        if let Some((standing, _)) = self.people.get_mut(&person) {
            *standing = standing.saturating_sub(1);
            if *standing == 0 {
                self.people.remove(&person);
                self.people_count.remove(simulated);
            }
        }
    }

    fn apply(&mut self, change: Change) {
        let Change { sequence, at, person, simulated, act, .. } = change;
        match act {
            Act::Ballot { consultation, before, after, first } => {
                if let Some(ballot) = &after {
                    self.add_ballot(&consultation, ballot, person, simulated);
                }
                if let Some(ballot) = &before {
                    self.remove_ballot(&consultation, ballot, person, simulated);
                }
                if first {
                    self.arrived(Arrival::Ballot, at);
                }
            }
            Act::Posted { subject, comment } => {
                self.add_comment(&subject, person, simulated);
                self.touch(&subject, sequence);
                self.arrived(Arrival::Comment, at);
                if let Some((comment, stance)) = comment {
                    let standing = Standing { subject, stance, simulated, posted_at: at, answered_at: None };
                    self.keep_comment(comment, standing);
                }
            }
            Act::Edited(subject) => self.touch(&subject, sequence),
            Act::Waits(comment) => self.keep_case(comment, CaseState::Waiting, simulated),
            Act::Deleted { subject, comment, stood } => {
                if stood {
                    self.remove_comment(&subject, person, simulated);
                }
                self.touch(&subject, sequence);
                self.comments.remove(&comment);
                self.cases.remove(&comment);
            }
            Act::Reported { comment, simulated } => self.keep_case(comment, CaseState::Reported, simulated),
            Act::Kept { subject, comment, standing, stood, first } => {
                if !stood {
                    self.add_comment(&subject, person, simulated);
                }
                if first {
                    self.arrived(Arrival::Comment, at);
                }
                if let Some(standing) = standing {
                    self.keep_comment(comment.clone(), standing);
                }
                self.touch(&subject, sequence);
                self.keep_case(comment, CaseState::Kept, simulated);
            }
            Act::Hidden { subject, comment, stood } => {
                if stood {
                    self.remove_comment(&subject, person, simulated);
                }
                self.touch(&subject, sequence);
                self.comments.remove(&comment);
                self.keep_case(comment, CaseState::Hidden, simulated);
            }
            Act::Answered { subject, comment } => {
                self.touch(&subject, sequence);
                if let Some(standing) = self.comments.get_mut(&comment) {
                    standing.answered_at.get_or_insert(at);
                }
            }
            Act::Resubmitted => {}
            Act::Submitted(call) => self.add_submission(&call, simulated),
            Act::Withdrawn(call) => self.remove_submission(&call, simulated),
            Act::Rebuilt(board) => *self = *board,
        }
    }

    /// People with something that stands.
    #[must_use]
    pub fn people(&self) -> Count {
        self.people_count
    }

    /// The tally of a consultation; empty before its first ballot.
    #[must_use]
    pub fn tally(&self, consultation: &ConsultationId) -> Tally {
        self.tallies.get(consultation).cloned().unwrap_or_default()
    }

    /// The discussion of a proposal or option.
    #[must_use]
    pub fn talk(&self, subject: &Subject) -> Talk {
        let talk = self.talks.get(subject).copied().unwrap_or_default();
        Talk { revision: talk.revision.max(self.all_revision), ..talk }
    }

    /// The comments that stand, replies left out, in no order.
    pub fn comments(&self) -> impl Iterator<Item = &Standing> {
        self.comments.values()
    }

    /// Comments and replies that are or were before a moderator, in no order: where they stand, and whether they are
    /// simulated.
    pub fn cases(&self) -> impl Iterator<Item = (CaseState, bool)> {
        self.cases.values().copied()
    }

    /// Submissions to a call that stand.
    #[must_use]
    pub fn submissions(&self, call: &CallId) -> Count {
        self.submissions.get(call).copied().unwrap_or_default()
    }

    /// What arrived in the minute that starts at `millis`.
    #[must_use]
    pub fn minute(&self, millis: i64) -> Received {
        self.minutes.get(&millis).copied().unwrap_or_default()
    }

    /// What arrived on the day (UTC) that starts at `millis`.
    #[must_use]
    pub fn day(&self, millis: i64) -> Received {
        self.days.get(&millis).copied().unwrap_or_default()
    }

    /// Start of the first day on which something arrived.
    #[must_use]
    pub fn first_day(&self) -> Option<i64> {
        self.days.first_key_value().map(|(day, _)| *day)
    }
}

/// The count of all processes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Board {
    /// The number of the last act; zero before the first.
    pub sequence: u64,
    processes: HashMap<ProcessId, ProcessBoard>,
    /// The code of the department in which a person says that they live.
    said: HashMap<i64, String>,
    /// What is published of where people live, one cell a department in the order of [`departments`].
    snapshots: HashMap<ProcessId, Snapshot>,
}

impl Board {
    /// The count of a process, to be moved.
    pub fn process_mut(&mut self, process: &ProcessId) -> &mut ProcessBoard {
        self.processes.entry(process.clone()).or_default()
    }

    /// The count of a process; none before its first act.
    #[must_use]
    pub fn process(&self, process: &ProcessId) -> Option<&ProcessBoard> {
        self.processes.get(process)
    }

    /// A person says in which department they live, or no longer.
    pub fn say(&mut self, person: i64, territory: Option<String>) {
        match territory {
            Some(territory) => drop(self.said.insert(person, territory)),
            None => drop(self.said.remove(&person)),
        }
    }

    /// Who of a process says to live in which department, in the order of [`departments`].
    #[must_use]
    pub fn members(&self, process: &ProcessBoard) -> Vec<BTreeSet<i64>> {
        let mut members: HashMap<&str, BTreeSet<i64>> = HashMap::new();
        for person in process.people.keys() {
            if let Some(territory) = self.said.get(person) {
                members.entry(territory.as_str()).or_default().insert(*person);
            }
        }
        let of = |code: &str| members.remove(code).unwrap_or_default();
        departments().iter().map(|department| department.code.as_str()).map(of).collect()
    }

    /// What is published of where people live; none before anything is.
    #[must_use]
    pub fn snapshot(&self, process: &ProcessId) -> Option<&Snapshot> {
        self.snapshots.get(process)
    }

    /// Publishes where people live.
    pub fn publish(&mut self, process: &ProcessId, snapshot: Snapshot) {
        self.snapshots.insert(process.clone(), snapshot);
    }

    /// Moves the count by one act.
    pub fn apply(&mut self, change: Change) {
        self.sequence = self.sequence.max(change.sequence);
        if let Act::Rebuilt(_) = change.act {
            // People who never were are counted in it.
            self.snapshots.remove(&change.process);
        }
        self.process_mut(&change.process.clone()).apply(change);
    }
}

//! Live figures: the board moved by every commit, and streams of state to whoever watches.

use crate::board::{Act, Board, Change};
use crate::catalogue::{Catalogue, Entry};
use crate::clock::Clock;
use crate::figures;
use crate::storage::{Committed, Sink};
use crate::strain::Pressure;
use axum::body::Bytes;
use cabildo_app::i18n::Language;
use cabildo_contract::comment::Subject;
use cabildo_contract::consultation::Consultation;
use cabildo_contract::id::{ConsultationId, ProcessId};
use cabildo_contract::live::{AsOf, STATE_EVENT};
use cabildo_contract::suppression::Snapshot;
use cabildo_contract::time::Timestamp;
use serde::Serialize;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Duration;
use tokio::sync::{Notify, watch};

/// Shortest time between two updates of one stream.
const UPDATE_EVERY: Duration = Duration::from_secs(1);
/// The longest that this may become while others have to wait for what they asked for.
const GIVE_WAY: Duration = Duration::from_secs(5);

/// What can be watched.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Topic {
    /// The statistics of a process.
    Process(ProcessId),
    /// The results of a consultation.
    Consultation(ConsultationId),
    /// The discussion of a proposal or of an option.
    Discussion(Subject),
}

/// One state of a topic, written once and sent to every watcher.
#[derive(Debug, Clone)]
pub struct Frame {
    /// The event, as it goes over the wire: all watchers share these bytes, also those who do not read them.
    pub event: Bytes,
}

/// Who watches a topic, by the language in which they do.
type Spoken = HashMap<Language, watch::Sender<Option<Frame>>>;

/// The board and those who watch it.
pub struct Live {
    catalogue: Arc<Catalogue>,
    clock: Arc<dyn Clock>,
    board: RwLock<Board>,
    dirty: Mutex<HashSet<Topic>>,
    wake: Notify,
    streams: Mutex<HashMap<Topic, Spoken>>,
    closing: watch::Sender<bool>,
    pressure: Arc<Pressure>,
}

/// A lock that a panic left behind: what it guards is always whole, each change being one step.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Live {
    /// Starts from what the database adds up to.
    #[must_use]
    pub fn new(catalogue: Arc<Catalogue>, board: Board, clock: Arc<dyn Clock>) -> Self {
        Self {
            catalogue,
            clock,
            board: RwLock::new(board),
            dirty: Mutex::default(),
            wake: Notify::new(),
            streams: Mutex::default(),
            closing: watch::Sender::new(false),
            pressure: Arc::default(),
        }
    }

    /// Told by whoever sees others wait: streams are then slower until it is not told any more.
    #[must_use]
    pub fn pressure(&self) -> Arc<Pressure> {
        Arc::clone(&self.pressure)
    }

    /// Reads the board.
    pub fn read<T>(&self, read: impl FnOnce(&Board) -> T) -> T {
        read(&self.board.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Up to where the figures count at this moment.
    #[must_use]
    pub fn as_of(&self) -> AsOf {
        self.read(|board| figures::as_of(board, self.clock.now()))
    }

    /// Watches a topic, with its content in this language as far as it is translated: its present state and the ones to
    /// come. None if there is no such topic.
    #[must_use]
    pub fn watch(
        &self,
        topic: &Topic,
        language: Language,
    ) -> Option<(Frame, watch::Receiver<Option<Frame>>)> {
        // Where nothing is translated all watch the same.
        let language = self.catalogue.spoken(language).map_or(Language::default(), |_| language);
        // Subscribed before the present state is taken, so that no change falls in between.
        let receiver = {
            let mut streams = lock(&self.streams);
            let spoken = streams.entry(topic.clone()).or_default();
            spoken.entry(language).or_insert_with(|| watch::Sender::new(None)).subscribe()
        };
        Some((self.frame(topic, language)?, receiver))
    }

    /// Becomes true when the server shuts down and streams have to end.
    #[must_use]
    pub fn closing(&self) -> watch::Receiver<bool> {
        self.closing.subscribe()
    }

    /// Ends all streams.
    pub fn close(&self) {
        self.closing.send_replace(true);
    }

    /// Sends every change to its watchers: the first at once, those of the following second together.
    /// Runs until dropped.
    pub async fn publish(&self) {
        let mut before = self.clock.now();
        loop {
            // Nobody acts at a close, and yet what is shown changes with it.
            let _ = tokio::time::timeout(UPDATE_EVERY, self.wake.notified()).await;
            let now = self.clock.now();
            self.mark_closed(before, now);
            before = now;
            if !lock(&self.dirty).is_empty() {
                self.send_changed();
                self.rest().await;
            }
        }
    }

    /// Waits until there may be another update: longer while others wait, and no longer than they do.
    async fn rest(&self) {
        let end = tokio::time::Instant::now() + GIVE_WAY;
        tokio::time::sleep(UPDATE_EVERY).await;
        while self.pressure.slows() && tokio::time::Instant::now() < end {
            tokio::time::sleep(UPDATE_EVERY).await;
        }
    }

    /// What closed after `before` and is closed at `now` looks different.
    fn mark_closed(&self, before: Timestamp, now: Timestamp) {
        for entry in self.catalogue.processes() {
            for consultation in &entry.consultations {
                let closes = consultation.head.period.closes;
                if before < closes && closes <= now {
                    let mut dirty = lock(&self.dirty);
                    dirty.insert(Topic::Consultation(consultation.head.id.clone()));
                    dirty.insert(Topic::Process(entry.process.id.clone()));
                }
            }
        }
    }

    /// What is to be published next of where people live, a process where that is something else: what is published now,
    /// and what comes in its place.
    #[must_use]
    pub fn due(&self) -> Vec<(ProcessId, Snapshot, Snapshot)> {
        let now = self.clock.now();
        self.read(|board| {
            let due = |entry: &Arc<Entry>| {
                let id = &entry.process.id;
                let process = board.process(id)?;
                let before = board.snapshot(id).cloned().unwrap_or_default();
                let mut snapshot = before.clone();
                let changed = snapshot.refresh(&board.members(process), process.people().total, now);
                changed.then(|| (id.clone(), before, snapshot))
            };
            self.catalogue.processes().iter().filter_map(due).collect()
        })
    }

    /// How many watch.
    #[must_use]
    pub fn watchers(&self) -> usize {
        lock(&self.streams).values().flat_map(HashMap::values).map(watch::Sender::receiver_count).sum()
    }

    fn send_changed(&self) {
        let changed = std::mem::take(&mut *lock(&self.dirty));
        for topic in changed {
            for language in self.watched(&topic) {
                if let Some(frame) = self.frame(&topic, language)
                    && let Some(sender) =
                        lock(&self.streams).get(&topic).and_then(|spoken| spoken.get(&language))
                {
                    sender.send_replace(Some(frame));
                }
            }
        }
    }

    /// In which languages somebody watches a topic. What nobody watches any more is let go of.
    fn watched(&self, topic: &Topic) -> Vec<Language> {
        let mut streams = lock(&self.streams);
        let Some(spoken) = streams.get_mut(topic) else { return Vec::new() };
        spoken.retain(|_, sender| sender.receiver_count() > 0);
        let languages: Vec<Language> = spoken.keys().copied().collect();
        if languages.is_empty() {
            streams.remove(topic);
        }
        languages
    }

    fn frame(&self, topic: &Topic, language: Language) -> Option<Frame> {
        let now = self.clock.now();
        let catalogue = self.catalogue.spoken(language).unwrap_or(&self.catalogue);
        match topic {
            Topic::Process(process) => {
                let entry = catalogue.process(process.as_str())?;
                let statistics = self.read(|board| figures::statistics(entry, board, now));
                write(statistics.as_of, &statistics)
            }
            Topic::Consultation(consultation) => {
                let (entry, consultation): (&Arc<Entry>, &Arc<Consultation>) =
                    catalogue.consultation(consultation.as_str())?;
                let results = self.read(|board| figures::results(entry, consultation, board, now));
                write(results.as_of, &results)
            }
            Topic::Discussion(subject) => {
                let entry = catalogue.process_of(subject)?;
                let discussion = self.read(|board| figures::discussion(entry, subject, board, now));
                write(discussion.as_of, &discussion)
            }
        }
    }
}

fn write(as_of: AsOf, state: &impl Serialize) -> Option<Frame> {
    let json = serde_json::to_string(state).ok()?;
    let event = format!("event: {STATE_EVENT}\nid: {}\ndata: {json}\n\n", as_of.sequence);
    Some(Frame { event: event.into() })
}

impl Sink for Live {
    fn committed(&self, committed: Committed) {
        if committed.is_empty() {
            return;
        }
        let Committed { acts, said, published } = committed;
        let mut changed = HashSet::new();
        {
            let mut board = self.board.write().unwrap_or_else(PoisonError::into_inner);
            for change in acts {
                topics(&self.catalogue, &change, &mut changed);
                board.apply(change);
            }
            // Not shown before it is published.
            for (person, territory) in said {
                board.say(person, territory);
            }
            for (process, snapshot) in published {
                board.publish(&process, snapshot);
                changed.insert(Topic::Process(process));
            }
        }
        lock(&self.dirty).extend(changed);
        self.wake.notify_one();
    }

    fn reloaded(&self, board: Board) {
        *self.board.write().unwrap_or_else(PoisonError::into_inner) = board;
        let mut dirty = lock(&self.dirty);
        for entry in self.catalogue.processes() {
            everything(entry, &mut dirty);
        }
        drop(dirty);
        self.wake.notify_one();
    }
}

/// All that can be watched of a process.
fn everything(entry: &Entry, changed: &mut HashSet<Topic>) {
    changed.extend(entry.subjects().map(Topic::Discussion));
    changed.extend(entry.consultations.iter().map(|c| Topic::Consultation(c.head.id.clone())));
    changed.insert(Topic::Process(entry.process.id.clone()));
}

/// What a change makes look different.
fn topics(catalogue: &Catalogue, change: &Change, changed: &mut HashSet<Topic>) {
    match &change.act {
        Act::Ballot { consultation, .. } => {
            changed.insert(Topic::Consultation(consultation.clone()));
        }
        Act::Posted { subject, .. }
        | Act::Edited(subject)
        | Act::Deleted { subject, .. }
        | Act::Kept { subject, .. }
        | Act::Hidden { subject, .. }
        | Act::Answered { subject, .. } => {
            changed.insert(Topic::Discussion(subject.clone()));
            let entry = catalogue.process(change.process.as_str());
            let asking = entry.into_iter().flat_map(|entry| entry.consultations_on(subject));
            changed.extend(asking.map(|consultation| Topic::Consultation(consultation.head.id.clone())));
        }
        // Counted in the statistics alone.
        Act::Waits(_) | Act::Reported { .. } => {}
        // No stream shows submissions.
        Act::Submitted(_) | Act::Resubmitted | Act::Withdrawn(_) => return,
        Act::Rebuilt(_) => {
            if let Some(entry) = catalogue.process(change.process.as_str()) {
                everything(entry, changed);
            }
        }
    }
    changed.insert(Topic::Process(change.process.clone()));
}

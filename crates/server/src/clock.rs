//! The time. Nothing else in the server asks the operating system for it, so a test can be at any instant.

use cabildo_contract::time::{Period, State, Timestamp};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

/// Tells the time.
pub trait Clock: Send + Sync {
    /// The instant now.
    fn now(&self) -> Timestamp;
}

/// The operating system's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        // A clock set before 1970 reads as 1970.
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp::from_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }
}

/// A clock that knows the latest instant that it ever told: one that is set back opens nothing that was closed.
pub struct Remembering {
    clock: Arc<dyn Clock>,
    latest: AtomicI64,
    /// Whether it was said that the clock is behind.
    said: AtomicBool,
}

/// What a [`Remembering`] clock tells.
#[derive(Debug, Clone, Copy)]
pub struct Reading {
    /// The instant now.
    pub now: Timestamp,
    /// The latest instant that was told, this one included: later than now if the clock was set back since.
    pub latest: Timestamp,
}

impl Reading {
    /// Where a period stands. What closed stays closed, if the clock was set back behind its close since.
    #[must_use]
    pub fn state(&self, period: &Period) -> State {
        match period.state(self.latest) {
            State::Closed => State::Closed,
            State::Upcoming | State::Open => period.state(self.now),
        }
    }

    /// How far it is behind what was told, in milliseconds.
    #[must_use]
    pub fn behind(&self) -> u64 {
        self.latest.millis().abs_diff(self.now.millis())
    }
}

/// How far a clock may be behind before it is said, in milliseconds: what keeps clocks alike moves them by less.
const UNSAID: u64 = 1_000;

impl Remembering {
    /// Remembers what this clock tells from now on.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, latest: AtomicI64::new(i64::MIN), said: AtomicBool::new(false) }
    }

    /// The instant now.
    pub fn now(&self) -> Timestamp {
        self.read().now
    }

    /// The instant now, and the latest that was told.
    pub fn read(&self) -> Reading {
        let now = self.clock.now();
        let before = Timestamp::from_millis(self.latest.fetch_max(now.millis(), Ordering::SeqCst));
        let reading = Reading { now, latest: before.max(now) };
        let behind = reading.behind();
        if behind > UNSAID && !self.said.swap(true, Ordering::Relaxed) {
            let seconds = behind / 1_000;
            tracing::error!(
                seconds,
                "the clock was set back; what closed stays closed until the server is started again"
            );
        } else if behind == 0 {
            self.said.store(false, Ordering::Relaxed);
        }
        reading
    }
}

impl Clock for Remembering {
    fn now(&self) -> Timestamp {
        self.read().now
    }
}

/// A clock that stands still until it is moved.
#[derive(Debug)]
pub struct MockClock(AtomicI64);

impl MockClock {
    /// A clock that shows `at`.
    #[must_use]
    pub const fn at(at: Timestamp) -> Self {
        Self(AtomicI64::new(at.millis()))
    }

    /// Moves the clock to `at`.
    pub fn set(&self, at: Timestamp) {
        self.0.store(at.millis(), Ordering::SeqCst);
    }

    /// Moves the clock by `seconds`, which may be negative.
    pub fn advance(&self, seconds: i64) {
        self.0.fetch_add(seconds * 1000, Ordering::SeqCst);
    }
}

impl Clock for MockClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0.load(Ordering::SeqCst))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_is_set_back_opens_nothing_that_closed_and_may_go_back_before_an_opening() {
        let at = Timestamp::from_millis;
        let period = Period { opens: at(10), closes: at(20) };
        let state = |now, latest| Reading { now: at(now), latest: at(latest) }.state(&period);
        assert_eq!(
            [state(9, 9), state(10, 10), state(20, 20)],
            [State::Upcoming, State::Open, State::Closed]
        );
        assert_eq!([state(15, 20), state(5, 25)], [State::Closed; 2]);
        assert_eq!([state(5, 15), state(12, 19)], [State::Upcoming, State::Open]);
    }
}

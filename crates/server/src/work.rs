//! Asking for work before a code is sent or something is posted, while many are.
//!
//! Nothing is kept of work that was asked for: its seed says how long it is good and carries a mark of the secret that
//! this server made when it started, and the number follows from both. What is kept is which seeds were used, until they
//! are good no more.

use crate::caller::Caller;
use crate::clock::Clock;
use crate::identity::hmac;
use crate::limits::{Bucket, Passed, check};
use crate::random::{self, NoRandomness};
use cabildo_contract::time::Timestamp;
use cabildo_contract::work::{WORK_SECONDS, Work, parse_found};
use data_encoding::BASE64URL_NOPAD;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// How much is asked for: numbers to try at most, when a threshold is passed, when twice as much happens, and when four
/// times. The last takes the slowest phones a second (`cargo xtask bench work`).
const BELOW: [u32; 3] = [1 << 13, 1 << 14, 1 << 15];

/// Codes and posts a minute, of people whom nobody vouches for, from which on work is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::Args)]
pub struct Thresholds {
    /// Codes and comments a minute from one network without work; 0: work is never asked for because of a network.
    #[arg(
        id = "work-network",
        long = "work-network",
        env = "CABILDO_WORK_NETWORK",
        default_value_t = 30,
        value_name = "N"
    )]
    pub network: u32,
    /// Codes and comments a minute from everywhere without work; 0: work is never asked for because of all of them.
    #[arg(
        id = "work-all",
        long = "work-all",
        env = "CABILDO_WORK_ALL",
        default_value_t = 300,
        value_name = "N"
    )]
    pub all: u32,
}

impl Thresholds {
    /// No work is ever asked for.
    pub const NONE: Self = Self { network: 0, all: 0 };
}

/// When work is asked for, and what marks it as asked for here.
pub struct Terms {
    secret: [u8; 32],
    thresholds: Thresholds,
}

impl Terms {
    /// With a secret of their own.
    ///
    /// # Errors
    /// [`NoRandomness`].
    pub fn new(thresholds: Thresholds) -> Result<Self, NoRandomness> {
        Ok(Self { secret: random::secret()?, thresholds })
    }
}

/// Asks for work, and checks what was found.
pub struct Asking {
    secret: [u8; 32],
    network: [Option<Bucket<Caller>>; 3],
    all: [Option<Bucket<()>>; 3],
    clock: Arc<dyn Clock>,
    /// Seeds that were used, and until when they are good.
    used: Mutex<HashMap<String, Timestamp>>,
}

impl Asking {
    /// Nothing happened yet.
    #[must_use]
    pub fn new(terms: Terms, clock: Arc<dyn Clock>) -> Self {
        let passed = Passed::since_now(Arc::clone(&clock));
        let Thresholds { network, all } = terms.thresholds;
        Self {
            secret: terms.secret,
            network: [1, 2, 4].map(|times| Bucket::new(network.saturating_mul(times), &passed)),
            all: [1, 2, 4].map(|times| Bucket::new(all.saturating_mul(times), &passed)),
            clock,
            used: Mutex::default(),
        }
    }

    /// How many numbers `caller` has to try at most for what they are about to do, which counts; none while it is calm.
    #[must_use]
    pub fn below(&self, caller: Caller) -> Option<u32> {
        // Whom a proxy that does not say so asks for is nobody in particular.
        let elsewhere = Some(caller).filter(|caller| *caller != Caller::Local);
        let network = self.network.iter().filter(|bucket| check(bucket, elsewhere).is_err()).count();
        let all = self.all.iter().filter(|bucket| check(bucket, Some(())).is_err()).count();
        BELOW.get(network.max(all).checked_sub(1)?).copied()
    }

    /// Some work of this size.
    ///
    /// # Errors
    /// [`NoRandomness`].
    pub fn ask(&self, below: u32) -> Result<Work, NoRandomness> {
        let until = self.clock.now().plus_seconds(WORK_SECONDS).millis();
        let chance = BASE64URL_NOPAD.encode(&random::bytes::<12>()?);
        let terms = format!("{until}.{below}.{chance}");
        let seed = format!("{terms}.{}", self.mark(&terms));
        let number = self.number(&seed, below);
        Ok(Work::of(seed, number, below))
    }

    /// Whether `found` is work that this server asked for, and not used before.
    #[must_use]
    pub fn accept(&self, found: &str) -> bool {
        self.accepted(found).unwrap_or(false)
    }

    fn accepted(&self, found: &str) -> Option<bool> {
        let (seed, number) = parse_found(found)?;
        let (terms, mark) = seed.rsplit_once('.')?;
        let mut parts = terms.split('.');
        let (until, below) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
        // Whoever can tell the mark by how long this takes knows no more than to work for another.
        if mark != self.mark(terms) || number != self.number(seed, below) {
            return None;
        }
        let (until, now) = (Timestamp::from_millis(until), self.clock.now());
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        used.retain(|_, until| now < *until);
        Some(now < until && used.insert(seed.to_owned(), until).is_none())
    }

    fn mark(&self, terms: &str) -> String {
        BASE64URL_NOPAD.encode(hmac(&self.secret, &[b"mark", terms.as_bytes()]).get(..16).unwrap_or_default())
    }

    fn number(&self, seed: &str, below: u32) -> u32 {
        let bytes = hmac(&self.secret, &[b"number", seed.as_bytes()]);
        let chance = bytes.first_chunk().map_or(0, |chunk| u32::from_be_bytes(*chunk));
        // Powers of two: every number is as likely.
        chance.checked_rem(below).unwrap_or(0)
    }
}

//! Asking for work before a code is sent or something is posted, while many are.
//!
//! Nothing is kept of work that was asked for: its seed says how long it is good and carries a mark of a secret that only
//! the servers of an installation have, and the number follows from both. What is kept is which seeds were used, until
//! they are good no more.

use crate::caller::Caller;
use crate::clock::Clock;
use crate::identity::{Hash, hmac};
use crate::random::{self, NoRandomness};
use crate::storage::Storage;
use crate::storage::allowances::Quota;
use cabildo_contract::time::Timestamp;
use cabildo_contract::work::{WORK_SECONDS, Work, parse_found};
use data_encoding::BASE64URL_NOPAD;
use futures_util::future::join_all;
use std::sync::Arc;

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

/// Asks for work, and checks what was found.
pub struct Asking {
    secret: Hash,
    thresholds: Thresholds,
    storage: Arc<dyn Storage>,
    clock: Arc<dyn Clock>,
}

impl Asking {
    /// With the secret that servers of an installation share for this; they count in `storage`.
    #[must_use]
    pub fn new(
        thresholds: Thresholds,
        secret: Hash,
        storage: Arc<dyn Storage>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self { secret, thresholds, storage, clock }
    }

    /// How many numbers `caller` has to try at most for what they are about to do, which counts; none while it is calm.
    pub async fn below(&self, caller: Caller) -> Option<u32> {
        let (network, all) = tokio::join!(
            // Whom a proxy that does not say so asks for is nobody in particular.
            self.passed(self.thresholds.network, caller.bytes()),
            self.passed(self.thresholds.all, Some(Vec::new())),
        );
        BELOW.get(network.max(all).checked_sub(1)?).copied()
    }

    /// How many of a threshold, twice and four times as much are passed by one more.
    async fn passed(&self, threshold: u32, network: Option<Vec<u8>>) -> usize {
        let Some(network) = network else { return 0 };
        let taken = [1, 2, 4].map(|times| {
            let quota = Quota::a_minute(threshold.saturating_mul(times));
            let key = hmac(&self.secret, &[b"threshold", &times.to_be_bytes(), &network]);
            async move {
                match quota {
                    Some(quota) => self.storage.take(key, quota, self.clock.now()).await.is_err(),
                    None => false,
                }
            }
        });
        join_all(taken).await.into_iter().filter(|passed| *passed).count()
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

    /// Whether `found` is work that was asked for, here or by another server, and used at none.
    pub async fn accept(&self, found: &str) -> bool {
        let Some(seed) = self.asked_for(found) else { return false };
        let once = Quota::once_in(WORK_SECONDS);
        self.storage
            .take(hmac(&self.secret, &[b"used", seed.as_bytes()]), once, self.clock.now())
            .await
            .is_ok()
    }

    /// The seed, if it is one of ours, still good, and the number is the one that belongs to it.
    fn asked_for<'a>(&self, found: &'a str) -> Option<&'a str> {
        let (seed, number) = parse_found(found)?;
        let (terms, mark) = seed.rsplit_once('.')?;
        let mut parts = terms.split('.');
        let (until, below) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
        // Whoever can tell the mark by how long this takes knows no more than to work for another.
        let ours = mark == self.mark(terms) && number == self.number(seed, below);
        (ours && self.clock.now() < Timestamp::from_millis(until)).then_some(seed)
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

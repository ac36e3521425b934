//! Which widgets can be told that somebody acted in the window that they opened. In memory: what is lost with a restart
//! is a thank-you, not a ballot.

use cabildo_contract::embed::ACT_SECONDS;
use cabildo_contract::time::Timestamp;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// Acts that are remembered at most; then the oldest is forgotten.
const MOST: usize = 10_000;

/// Acts that were announced, and until when they are remembered.
#[derive(Debug, Default)]
pub struct Acts(Mutex<HashMap<String, Timestamp>>);

impl Acts {
    /// Remembers an act.
    pub fn announce(&self, act: String, now: Timestamp) {
        let mut acts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        acts.retain(|_, until| now < *until);
        if acts.len() >= MOST
            && let Some(oldest) = acts.iter().min_by_key(|(_, until)| **until).map(|(act, _)| act.clone())
        {
            acts.remove(&oldest);
        }
        acts.insert(act, now.plus_seconds(ACT_SECONDS));
    }

    /// Whether an act was announced.
    #[must_use]
    pub fn is_announced(&self, act: &str, now: Timestamp) -> bool {
        let acts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        acts.get(act).is_some_and(|until| now < *until)
    }
}

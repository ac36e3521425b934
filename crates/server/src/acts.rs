//! Which widgets can be told that somebody acted in the window that they opened. It is not durable: what is lost is a
//! thank-you, not a ballot.

use crate::App;
use crate::random;
use crate::storage::allowances::Quota;
use cabildo_contract::embed::ACT_SECONDS;

impl App {
    /// Remembers an act for a while, at every server.
    pub async fn announce_act(&self, act: &str) {
        // That it was announced before changes nothing.
        let _ = self.storage.take(key(act), Quota::once_in(ACT_SECONDS), self.clock.now()).await;
    }

    /// Whether an act was announced, at some server.
    pub async fn is_act_announced(&self, act: &str) -> bool {
        self.storage.is_taken(key(act), self.clock.now()).await
    }
}

fn key(act: &str) -> [u8; 32] {
    random::sha256(format!("act|{act}").as_bytes())
}

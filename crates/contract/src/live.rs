//! What every live event has in common.

use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// Name of the event that carries state; its data is the JSON of [`crate::endpoint::Live::State`] and its id
/// the sequence number.
pub const STATE_EVENT: &str = "state";
/// Name of the event that only says that the connection lives; its data is the JSON of [`AsOf`]. An
/// `EventSource` hides comment lines from a page, so the heartbeat has to be an event.
pub const BEAT_EVENT: &str = "beat";
/// Seconds between heartbeats while nothing changes.
pub const BEAT_SECONDS: u32 = 10;
/// Seconds of silence after which a reader must no longer call its figures live.
pub const SILENCE_SECONDS: u32 = 25;

/// Up to where figures count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AsOf {
    /// The number of the last act that they include; grows by one at each act and survives restarts.
    pub sequence: u64,
    /// When they were taken.
    pub time: Timestamp,
}

//! The public screen: frames while events come fast, and what it holds after ten minutes of them (or as many seconds as
//! `CABILDO_SOAK_SECONDS` says). In a browser, with the page as it is served.

use crate::test::journeys;
use anyhow::Result;

/// Measures and prints; says whether the limits are kept.
///
/// # Errors
/// When it cannot be measured.
pub fn measure() -> Result<bool> {
    let mut command = journeys()?;
    // One after the other: each wants the machine for itself.
    command.args(["--", "--ignored", "--exact", "--nocapture", "--test-threads=1"]);
    command.arg("screen::fifty_events_a_second_cost_no_frame_of_a_slow_wall");
    command.arg("screen::a_wall_holds_no_more_after_ten_minutes_of_a_hundred_events_a_second");
    Ok(command.status()?.success())
}

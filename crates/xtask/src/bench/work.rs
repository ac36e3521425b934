//! How long a slow phone works before it may post, at most: in a browser, with the page as it is served.

use crate::test::measurement;
use anyhow::Result;

/// Measures and prints; says whether the limit is kept.
///
/// # Errors
/// When it cannot be measured.
pub fn measure() -> Result<bool> {
    let mut command = measurement("work::the_most_work_takes_a_slow_phone_less_than_a_second")?;
    Ok(command.status()?.success())
}

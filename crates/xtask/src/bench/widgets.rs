//! What ten widgets do to the page that they are in: a slowed browser, the page without and with them.

use crate::test::measurement;
use anyhow::Result;

/// Measures and prints; says whether the limits are kept.
///
/// # Errors
/// When it cannot be measured.
pub fn measure() -> Result<bool> {
    let mut command = measurement("weight::ten_widgets_cost_their_page_nothing")?;
    Ok(command.status()?.success())
}

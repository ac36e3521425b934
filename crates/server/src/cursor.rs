//! Where a page continues: opaque to the caller, the last item's place in the order to us.

use crate::domain::Refusal;
use cabildo_contract::problem::{FieldProblem, FieldProblemKind};
use data_encoding::BASE64URL_NOPAD;
use serde::{Serialize, de::DeserializeOwned};

/// Writes a place.
#[must_use]
pub fn write(place: &impl Serialize) -> String {
    BASE64URL_NOPAD.encode(&serde_json::to_vec(place).unwrap_or_default())
}

/// Reads a place; none if the cursor is empty.
///
/// # Errors
/// [`Refusal::InvalidParameter`] if it is no cursor of this order.
pub fn read<T: DeserializeOwned>(cursor: &str) -> Result<Option<T>, Refusal> {
    if cursor.is_empty() {
        return Ok(None);
    }
    let invalid = || Refusal::InvalidParameter(FieldProblem::new("?cursor", FieldProblemKind::WrongType));
    let bytes = BASE64URL_NOPAD.decode(cursor.as_bytes()).map_err(|_| invalid())?;
    // PostgreSQL has no texts with a zero in them: none of ours says one.
    if bytes.windows(6).any(|escaped| escaped == br"\u0000") {
        return Err(invalid());
    }
    serde_json::from_slice(&bytes).map(Some).map_err(|_| invalid())
}

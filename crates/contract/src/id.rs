//! Identifiers: opaque strings, one type a noun, so that none can be taken for another.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Longest identifier or slug, in bytes.
pub const MAX_LENGTH: usize = 120;

/// The text is no identifier: empty, longer than [`MAX_LENGTH`], or with characters outside `A–Z a–z 0–9 - _ .`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidId;

impl fmt::Display for InvalidId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an identifier has 1 to 120 of the characters A-Z a-z 0-9 - _ .")
    }
}

impl std::error::Error for InvalidId {}

fn is_valid(text: &str) -> bool {
    (1..=MAX_LENGTH).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(value_type = String))]
        pub struct $name(String);

        impl $name {
            /// Parses an identifier.
            ///
            /// # Errors
            /// [`InvalidId`] unless it has 1 to [`MAX_LENGTH`] unreserved ASCII characters.
            pub fn parse(text: impl Into<String>) -> Result<Self, InvalidId> {
                let text = text.into();
                if is_valid(&text) { Ok(Self(text)) } else { Err(InvalidId) }
            }

            /// The identifier as text; safe in a URL path without escaping.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidId;
            fn try_from(text: String) -> Result<Self, InvalidId> {
                Self::parse(text)
            }
        }

        impl std::str::FromStr for $name {
            type Err = InvalidId;
            fn from_str(text: &str) -> Result<Self, InvalidId> {
                Self::parse(text)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

id!(
    /// A readable name in an address, unique among its kind, e.g. `iv-plan-estado-abierto`.
    /// Wherever a path takes a process, a consultation or a call, its slug and its id both work.
    Slug
);
id!(
    /// A process (UUIDv7).
    ProcessId
);
id!(
    /// A proposal (UUIDv7); stays the same through all its versions.
    ProposalId
);
id!(
    /// A consultation (UUIDv7).
    ConsultationId
);
id!(
    /// An option of a consultation (UUIDv7).
    OptionId
);
id!(
    /// A comment or a reply (UUIDv7).
    CommentId
);
id!(
    /// A call for proposals (UUIDv7).
    CallId
);
id!(
    /// A submission to a call (UUIDv7).
    SubmissionId
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identifier_needs_no_escaping_in_a_path() {
        assert!(Slug::parse("iv-plan-estado-abierto").is_ok());
        assert!(Slug::parse("poland_warszawa_2019.v2").is_ok());
        for bad in ["", "a/b", "a b", "á", "a?b", "..%2f", &"x".repeat(121)] {
            assert_eq!(Slug::parse(bad), Err(InvalidId), "{bad:?}");
        }
    }
}

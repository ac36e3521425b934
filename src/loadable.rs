//! A value that comes from elsewhere.

use crate::client::ClientError;

/// Milliseconds after which waiting is worth a word.
pub const SLOW_MS: i32 = 500;

/// Where a value that was asked for stands.
#[derive(Debug, Clone, PartialEq)]
pub enum Loadable<T> {
    /// Asked for less than half a second ago: show nothing yet, a flash of "loading" only disturbs.
    Pending,
    /// Still not here: say so.
    Slow,
    /// Here.
    Ready(T),
    /// Not to be had; say why and how to go on.
    Failed(ClientError),
}

impl<T> Loadable<T> {
    /// The value, once it is here.
    #[must_use]
    pub fn ready(&self) -> Option<&T> {
        match self {
            Self::Ready(value) => Some(value),
            _ => None,
        }
    }
}

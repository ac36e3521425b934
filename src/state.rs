//! Resources and actions: what pages know and do, without markup.

pub mod account;
pub mod ballot;
pub mod call;
pub mod comments;
pub mod desk;
mod head;
pub mod identity;
pub mod moderation;
mod navigation;
pub mod order;
pub mod outbox;
pub mod paged;
mod resource;
pub mod session;

pub use head::{Head, HeadSlot, use_head};
pub use navigation::{Navigator, navigate, use_location};
pub use resource::{Resource, Retry, load, load_own};

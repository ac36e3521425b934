//! Cabildo's public contract.
//!
//! Everything that crosses the wire, and every rule that both sides of it must agree on, lives here once
//! and runs in the browser and on the server. No I/O, no framework, no clock.
//!
//! # Layout
//! In reading order:
//! - [`id`], [`time`], [`text`]: the small types that everything else is made of.
//! - [`process`], [`proposal`], [`consultation`], [`call`], [`comment`], [`answer`], [`moderation`], [`record`], [`session`], [`statistics`]:
//!   one module a noun, each with its types and its operations.
//! - [`ballot`]: what a valid ballot is; [`tally`]: how ballots are counted; [`outcome`]: what follows from the count.
//! - [`difference`]: what changed between two texts.
//! - [`markdown`]: the subset of Markdown that people's words may use.
//! - [`endpoint`]: the list of all operations; [`problem`]: every way in which one can be refused.
//! - [`page`], [`live`]: the envelopes of lists and of live events.
//!
//! # Laws
//! - **Parse at the edge.** A value of these types is valid: constructors and `Deserialize` refuse the rest.
//! - **Server refuses unknown fields, client ignores them.** Types that a client sends deny unknown fields;
//!   types that a server sends tolerate fields from the future.
//! - **Derive from the clock, never store.** A [`time::Period`] knows its state once it is told the time.

pub mod answer;
pub mod ballot;
pub mod call;
pub mod comment;
pub mod commitment;
pub mod consultation;
pub mod difference;
pub mod embed;
pub mod endpoint;
pub mod id;
pub mod identity;
pub mod live;
pub mod markdown;
pub mod moderation;
pub mod outcome;
pub mod page;
pub mod problem;
pub mod process;
pub mod proposal;
pub mod record;
pub mod session;
pub mod statistics;
pub mod suppression;
pub mod tally;
pub mod text;
pub mod time;
pub mod work;

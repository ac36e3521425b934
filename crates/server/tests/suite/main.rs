//! The server as a whole: one binary, so that everything is linked once.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod answers;
mod attacks;
mod backup;
mod ballots;
mod booth;
mod calls;
mod cluster;
mod comments;
mod copying;
mod coverage;
mod dashboard;
mod elections;
mod embed;
mod faulty;
mod harness;
mod headers;
mod hidden;
mod identity;
mod importing;
mod injection;
mod invariants;
mod limits;
mod live;
mod model;
mod moderation;
mod oidc;
mod openapi;
mod outbox;
mod pages;
mod privacy;
mod reading;
mod record;
mod rehearsal;
mod replaying;
mod schema;
mod servers;
mod serving;
mod sessions;
mod simulation;
mod storage;
mod translations;
mod words;
mod work;

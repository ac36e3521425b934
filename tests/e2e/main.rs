//! Journeys of people through the release server and the real build, in headless Chromium.
//!
//! `cargo xtask build && cargo xtask test e2e` runs them; docs/testing.md says what they need.
#![cfg(not(target_arch = "wasm32"))]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod accessibility;
mod answer;
mod call;
mod comment;
mod dashboard;
mod embed;
mod first_response;
mod harness;
mod identify;
mod keyboard;
mod language;
mod looks;
mod mail;
mod moderate;
mod no_script;
mod oidc;
mod read;
mod record;
mod rules;
mod screen;
mod sizes;
mod trouble;
mod vote;
mod work;

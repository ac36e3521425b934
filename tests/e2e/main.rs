//! Journeys of people through the release server and the real build, in headless Chromium; those that are named
//! `…::firefox` and `…::webkit` in those engines.
//!
//! `cargo xtask build && cargo xtask test e2e` runs them; docs/testing.md says what they need.
#![cfg(not(target_arch = "wasm32"))]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod accessibility;
mod answer;
mod api;
mod audit;
mod booth;
mod cache;
mod call;
mod cms;
mod comment;
mod dashboard;
mod early;
mod engines;
mod faults;
mod first_response;
mod guest;
mod harness;
mod identify;
mod keyboard;
mod language;
mod load;
mod looks;
mod mail;
mod markup;
mod moderate;
mod no_script;
mod offline;
mod oidc;
mod power;
mod read;
mod reading;
mod record;
mod rules;
mod screen;
mod share;
mod sizes;
mod trees;
mod trouble;
mod vote;
mod weight;
mod widgets;
mod work;

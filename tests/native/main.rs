//! What can be checked without a browser and without a server.
#![cfg(not(target_arch = "wasm32"))]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod catalogue;
mod plain;
mod render;
mod safety;
mod style;

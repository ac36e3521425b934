//! Any bytes as a file of an election.
#![no_main]

#[path = "../../tests/suite/invariants.rs"]
#[allow(dead_code, reason = "the other target has its own")]
mod invariants;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| invariants::of_a_file(bytes));

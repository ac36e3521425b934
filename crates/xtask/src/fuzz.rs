//! `cargo xtask fuzz`: looks for inputs that break what must hold of every input (crates/server/fuzz).

use crate::step::{must, step};
use crate::tools;
use anyhow::{Context, Result};
use std::fs;
#[cfg(test)]
use std::path::Path;

const DIRECTORY: &str = "crates/server/fuzz";
/// Where inputs are kept that led somewhere new, so that the next run begins there.
const FOUND: &str = "target/fuzz/found";
/// Seconds for each target, if it is not said.
pub const SECONDS: u32 = 60;

/// What is looked at, with where its first inputs are. A ballot is described by its words instead.
const TARGETS: [(&str, Option<&str>, Option<&str>); 2] = [
    ("pabulib_reader", Some("crates/server/tests/elections"), Some("pabulib.dict")),
    ("ballot_decoder", Some("crates/server/fuzz/ballots"), None),
];

/// Looks for so many seconds at each target; fails at the first input that breaks something, which cargo-fuzz names.
///
/// # Errors
/// When the tool cannot be had, or something is found.
pub fn run(seconds: u32) -> Result<()> {
    let tool = tools::cargo_fuzz()?;
    let root = std::env::current_dir()?;
    for (target, seeds, words) in TARGETS {
        let found = root.join(FOUND).join(target);
        fs::create_dir_all(&found).with_context(|| found.display().to_string())?;
        step(&format!("fuzz: {target}, {seconds} s"), || {
            let mut command = std::process::Command::new(&tool);
            // The crates are safe Rust: what sanitizers look for is not there, and without them no nightly is needed.
            command.args(["run", "--sanitizer", "none", "--fuzz-dir", DIRECTORY]);
            command.arg("--target-dir").arg(root.join("target/fuzz")).arg(target).arg(&found);
            command.args(seeds.map(|seeds| root.join(seeds)));
            command.args(["--", &format!("-max_total_time={seconds}"), "-timeout=10", "-max_len=65536"]);
            if let Some(words) = words {
                command.arg(format!("-dict={}", root.join(DIRECTORY).join(words).display()));
            }
            must(&mut command)
        })?;
    }
    Ok(())
}

/// The targets that there are, for the test that each is run.
#[cfg(test)]
fn listed() -> Vec<String> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(DIRECTORY).join("fuzz_targets");
    let files = fs::read_dir(directory).into_iter().flatten().flatten();
    files.filter_map(|file| Some(file.path().file_stem()?.to_str()?.to_owned())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_target_is_looked_at() {
        let mut listed = listed();
        listed.sort();
        let mut known: Vec<&str> = TARGETS.iter().map(|(target, ..)| *target).collect();
        known.sort_unstable();
        assert_eq!(listed, known);
    }
}

//! `cargo xtask fuzz`: looks for inputs that break what must hold of every input (crates/server/fuzz).

use crate::results::Totals;
use crate::step::{must, typed};
use crate::tools;
use anyhow::{Context, Result};
use std::fs;
#[cfg(test)]
use std::path::Path;
use std::process::Command;

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

/// Looks for so many seconds at all targets at once; counts those in which nothing was found. Says what was found, and
/// where the input is that did it.
///
/// # Errors
/// When the tool cannot be had, or what is looked at does not compile.
pub fn run(seconds: u32) -> Result<Totals> {
    let tool = tools::cargo_fuzz()?;
    let root = std::env::current_dir()?;
    // The crates are safe Rust: what sanitizers look for is not there, and without them no nightly is needed.
    let command = |what: &str| {
        let mut command = Command::new(&tool);
        command.args([what, "--sanitizer", "none", "--fuzz-dir", DIRECTORY, "--target-dir"]);
        command.arg(root.join("target/fuzz"));
        command
    };
    must(&mut command("build"))?;
    let mut running = Vec::new();
    for (target, seeds, words) in TARGETS {
        let found = root.join(FOUND).join(target);
        fs::create_dir_all(&found).with_context(|| found.display().to_string())?;
        let log = root.join("target/fuzz").join(format!("{target}.log"));
        let mut command = command("run");
        command.arg(target).arg(&found).args(seeds.map(|seeds| root.join(seeds)));
        command.args(["--", &format!("-max_total_time={seconds}"), "-timeout=10", "-max_len=65536"]);
        if let Some(words) = words {
            command.arg(format!("-dict={}", root.join(DIRECTORY).join(words).display()));
        }
        println!("   $ {}", typed(&command));
        let said = fs::File::create(&log).with_context(|| log.display().to_string())?;
        running.push((target, log, command.stdout(said.try_clone()?).stderr(said).spawn()?));
    }
    let mut totals = Totals::default();
    for (target, log, mut child) in running {
        let good = child.wait()?.success();
        let said = String::from_utf8_lossy(&fs::read(&log)?).into_owned();
        match said.lines().rfind(|line| line.starts_with("Done ")) {
            Some(done) if good => {
                println!("   {target}: {done}");
                totals.passed += 1;
            }
            _ => {
                println!("{said}\n   {target}: FAILED");
                totals.failed += 1;
            }
        }
    }
    Ok(totals)
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

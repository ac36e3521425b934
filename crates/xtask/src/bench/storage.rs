//! Ballots without HTTP: what SQLite alone does, the tally from cold, and the cost of a ballot as an election grows.
//! The server measures itself (`cabildo measure`), each figure in a process of its own.

use super::data_directory;
use crate::build::SERVER;
use anyhow::{Context, Result, bail};
use std::collections::HashMap;
use std::path::Path;
use std::process::{Command, Stdio};

/// Ballots that are tallied from cold, over 250 options.
const TALLIED: u64 = 130_000;
/// Longest that it may take, in milliseconds.
const LIMIT_TALLY: f64 = 2_000.0;
/// Most memory of the process that does it, in millions of bytes.
const LIMIT_MEMORY: f64 = 256.0;
/// Ballots of the elections in which the cost of one more is measured.
const SIZES: [u64; 4] = [1_000, 10_000, 100_000, 1_000_000];
/// Ballots cast at each size.
const CAST: u64 = 5_000;
/// How much more a ballot may cost in the largest election than in the smallest.
const LIMIT_GROWTH: f64 = 2.0;

/// Inserts that SQLite alone makes durable in a second.
pub struct Inserts {
    /// One at a time.
    pub single: f64,
    /// 256 at a time.
    pub grouped: f64,
}

/// Measures inserts.
///
/// # Errors
/// When the server cannot measure.
pub fn inserts() -> Result<Inserts> {
    let figures = figures("inserts", &data_directory("inserts")?, 0)?;
    Ok(Inserts { single: figures.get("single_per_second")?, grouped: figures.get("grouped_per_second")? })
}

/// Measures and prints the tally from cold and the cost of a ballot; says whether the limits are kept.
///
/// # Errors
/// When something cannot be measured, or is counted wrongly.
pub fn measure() -> Result<bool> {
    let data = data_directory("tally")?;
    figures("fill", &data, TALLIED)?;
    let tally = figures("tally", &data, 0)?;
    if tally.get("ballots")? != TALLIED as f64 {
        bail!("{} ballots were tallied, {TALLIED} are stored", tally.get("ballots")?);
    }
    let (spent, memory) = (tally.get("milliseconds")?, tally.get("peak_mb")?);
    let tally_kept = spent <= LIMIT_TALLY && memory <= LIMIT_MEMORY;
    println!("\nTally from cold: {TALLIED} ballots over 250 options, in a new process\n");
    println!("{:<22}{:>10}{:>18}", "", "ms", "peak memory MB");
    println!("{:<22}{spent:>10.0}{memory:>18.0}", "database to outcome");
    let limits = (format!("≤ {LIMIT_TALLY:.0}"), format!("≤ {LIMIT_MEMORY:.0}"));
    println!("{:<22}{:>10}{:>18}  {}\n", "limit", limits.0, limits.1, said(tally_kept));

    println!("Cost of a durable ballot as the election grows: {CAST} more, 64 at a time, without HTTP\n");
    println!("{:<22}{:>10}{:>18}{:>16}", "ballots before", "µs each", "median wait ms", "peak memory MB");
    let data = data_directory("growth")?;
    let mut costs = Vec::new();
    for size in SIZES {
        figures("fill", &data, size)?;
        let cast = figures("cast", &data, CAST)?;
        let (cost, wait) = (cast.get("microseconds_a_ballot")?, cast.get("median_milliseconds")?);
        println!("{:<22.0}{cost:>10.0}{wait:>18.1}{:>16.0}", cast.get("before")?, cast.get("peak_mb")?);
        costs.push(cost);
    }
    let (first, last) = (costs.first().copied().unwrap_or(0.0), costs.last().copied().unwrap_or(0.0));
    let growth_kept = last <= first * LIMIT_GROWTH;
    println!("{:<22}{:>9.1}×", "last against first", last / first);
    println!("{:<22}{:>10}{:>36}\n", "limit", format!("≤ {LIMIT_GROWTH:.1}×"), said(growth_kept));
    // A million ballots need not stay on the disk.
    std::fs::remove_dir_all(&data)?;
    Ok(tally_kept && growth_kept)
}

fn said(kept: bool) -> &'static str {
    if kept { "kept" } else { "MISSED" }
}

/// What the server measured, by name.
struct Figures(HashMap<String, f64>);

impl Figures {
    fn get(&self, name: &str) -> Result<f64> {
        self.0.get(name).copied().with_context(|| format!("the server measured no {name}"))
    }
}

fn figures(what: &str, data: &Path, ballots: u64) -> Result<Figures> {
    let mut command = Command::new(SERVER);
    command.args(["measure", what, "--ballots", &ballots.to_string(), "--data"]).arg(data);
    let output =
        command.stderr(Stdio::inherit()).output().with_context(|| format!("cannot start {SERVER}"))?;
    if !output.status.success() {
        bail!("`cabildo measure {what}` ended with {}", output.status);
    }
    parse(&String::from_utf8(output.stdout)?)
}

/// Lines of a name and a number.
fn parse(text: &str) -> Result<Figures> {
    let pairs = text.lines().map(|line| {
        let (name, value) = line.split_once(' ').with_context(|| format!("{line:?} is no figure"))?;
        Ok((name.to_owned(), value.parse().with_context(|| format!("{line:?} is no figure"))?))
    });
    Ok(Figures(pairs.collect::<Result<_>>()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_read_by_name_and_a_missing_one_is_an_error() -> Result<()> {
        let figures = parse("ballots 130000.000\nmilliseconds 12.500\n")?;
        assert_eq!((figures.get("ballots")?, figures.get("milliseconds")?), (130_000.0, 12.5));
        assert!(figures.get("peak_mb").is_err());
        assert!(parse("nonsense").is_err());
        Ok(())
    }
}

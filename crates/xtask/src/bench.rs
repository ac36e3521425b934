//! `cargo xtask bench`: measures what was built, on this machine, against the limits of the design.

mod ballots;
mod bytes;
mod client;
mod load;
mod screen;
mod serve;
mod storage;
mod widgets;
mod wire;
mod work;

use crate::step::step;
use anyhow::{Result, bail};
use std::path::Path;

/// Measures and prints; says whether every limit is kept.
type Measure = fn() -> Result<bool>;

/// Runs the named measurements, or all. Says whether what was asked for is good: always, unless `check` is set
/// and a limit is missed (a limit on speed means something only on a quiet machine).
///
/// # Errors
/// When something cannot be measured, or is measured and wrong (a ballot acknowledged and not counted).
pub fn run(what: &[&str], check: bool) -> Result<bool> {
    let all: [(&str, Measure); 7] = [
        ("ballots", ballots::measure),
        ("serve", serve::measure),
        ("bytes", bytes::measure),
        ("load", load::measure),
        ("widgets", widgets::measure),
        ("work", work::measure),
        ("screen", screen::measure),
    ];
    if let Some(unknown) = what.iter().find(|what| all.iter().all(|(name, _)| name != *what)) {
        bail!("no such measurement: {unknown}; there are {}", all.map(|(name, _)| name).join(", "));
    }
    if !Path::new(crate::build::SERVER).is_file() {
        bail!("run `cargo xtask build` first");
    }
    let mut kept = true;
    for (name, measure) in all {
        if what.is_empty() || what.contains(&name) {
            kept &= step(name, measure)?;
        }
    }
    Ok(kept || !check)
}

/// An empty directory for a server's data, on the same disk as everything else that is built: a directory for
/// temporary files is often in memory, where a durable commit costs nothing.
fn data_directory(name: &str) -> Result<std::path::PathBuf> {
    let directory = Path::new("target/xtask/bench").join(name);
    if directory.exists() {
        std::fs::remove_dir_all(&directory)?;
    }
    std::fs::create_dir_all(&directory)?;
    Ok(directory)
}

/// A port that is free now.
fn free_address() -> Result<std::net::SocketAddr> {
    Ok(std::net::TcpListener::bind((std::net::Ipv4Addr::LOCALHOST, 0))?.local_addr()?)
}

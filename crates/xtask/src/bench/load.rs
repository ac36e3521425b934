//! When a page can be read and used, beside the same page in other frameworks: a slowed browser and a slow network.

use crate::step::{must, step};
use crate::test::measurement;
use crate::tools;
use anyhow::{Context, Result};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Where they are written.
const SOURCES: &str = "tests/yardsticks";

/// Measures and prints; says whether the limits are kept.
///
/// # Errors
/// When it cannot be measured.
pub fn measure() -> Result<bool> {
    let yardsticks = yardsticks()?;
    let mut command =
        measurement("load::a_page_is_readable_before_a_bare_one_and_usable_no_later_than_reacts")?;
    command.env("CABILDO_YARDSTICKS", yardsticks);
    Ok(command.status()?.success())
}

/// Builds the yardsticks as their makers tell one to; gives the directory that has one directory for each.
fn yardsticks() -> Result<PathBuf> {
    let node = tools::node()?;
    let packages = tools::yardsticks()?;
    let packages = packages.parent().context("packages lie in a directory")?;
    // Modules are looked for beside what asks for them.
    let sources = packages.join("sources");
    if sources.exists() {
        std::fs::remove_dir_all(&sources)?;
    }
    must(Command::new("cp").arg("-R").arg(SOURCES).arg(&sources))?;
    let built = packages.join("built");
    for name in ["react", "svelte"] {
        step(&format!("yardstick: {name}"), || {
            must(
                Command::new(&node)
                    .arg(packages.join("node_modules/vite/bin/vite.js"))
                    .args(["build", "--logLevel", "warn", "--config"])
                    .arg(sources.join("vite.config.mjs"))
                    .env("YARDSTICK", name)
                    .env("OUT", Path::new(&built).join(name)),
            )
        })?;
    }
    Ok(built)
}

//! The project's commands. `cargo xtask` lists them.
//!
//! # Layout
//! [`build`] makes `dist/` and the server; [`surface`] names what is built, [`shell`], [`stylesheet`],
//! [`program`] and [`assets`] are its steps. [`run`] starts what was built, [`mod@test`] checks it (with [`results`] and
//! [`tools`]), [`budget`] weighs it, [`mod@bench`] drives it, [`fuzz`] tries to break it,
//! [`supply`] looks at what comes from others, [`sbom`] lists it, [`reproduce`] builds twice. [`step`] says what is going on.

mod assets;
mod bench;
mod budget;
mod build;
#[cfg(test)]
mod container;
mod fuzz;
mod program;
mod reproduce;
mod results;
mod run;
mod sbom;
mod server;
mod shell;
mod step;
mod stylesheet;
mod supply;
mod surface;
mod test;
mod tools;

use anyhow::{Context, Result, bail};
use lexopt::prelude::*;
use std::path::Path;
use std::process::ExitCode;

const HELP: &str = "\
cargo xtask <command>

  build                       release server (target/release/cabildo) and assets (dist/)
  run [--port N] [--fresh]    build, import the example process, serve it on http://localhost:8080;
                              --fresh forgets what was voted and written before
  test [PART…]                check everything, or only: fmt clippy doc supply unit fuzz
                              postgres build budget browser e2e audit
  fuzz [SECONDS]              look for inputs that break what must hold of every input; 60 seconds for each target
  supply [advisories]         hold what comes from others to deny.toml; advisories: with cargo-deny, and what is
                              known to be broken (needs github.com)
  sbom                        write what was built and what it is made of to target/cabildo.cdx.json
  reproduce                   build twice, in two directories, and compare every byte
  budget                      weigh what was built against the size budgets
  bench [ballots|serve|bytes|load|widgets|work|screen] [--check]
                              measure what was built; --check fails when a limit is missed
";

fn main() -> ExitCode {
    match command() {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Reads the command line and does what it says, from the root of the repository.
fn command() -> Result<ExitCode> {
    // Cargo says at run time where the sources are: a checkout that was moved still finds them.
    let sources = std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    let root = Path::new(&sources).join("../..");
    std::env::set_current_dir(&root).with_context(|| root.display().to_string())?;
    let mut arguments = lexopt::Parser::from_env();
    let mut words: Vec<String> = Vec::new();
    let (mut port, mut fresh, mut check) = (8080_u16, false, false);
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("port") => port = arguments.value()?.parse()?,
            Long("fresh") => fresh = true,
            Long("check") => check = true,
            Short('h') | Long("help") => words = vec!["help".to_owned()],
            Value(word) => words.push(word.string()?),
            _ => return Err(argument.unexpected().into()),
        }
    }
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["build"] => build::all().map(|()| ExitCode::SUCCESS),
        ["run"] => run::run(port, fresh),
        ["test", parts @ ..] => test::run(parts),
        ["supply"] => supply::check().map(|_| ExitCode::SUCCESS),
        ["supply", "advisories"] => supply::advisories().map(|()| ExitCode::SUCCESS),
        ["sbom"] => sbom::write().map(|()| ExitCode::SUCCESS),
        ["reproduce"] => reproduce::run().map(|()| ExitCode::SUCCESS),
        ["fuzz"] => fuzz::run(fuzz::SECONDS).map(|totals| success(totals.good())),
        ["fuzz", seconds] => fuzz::run(seconds.parse()?).map(|totals| success(totals.good())),
        ["budget"] => budget::report().map(success),
        ["bench", what @ ..] => bench::run(what, check).map(success),
        [] | ["help"] => {
            print!("{HELP}");
            Ok(ExitCode::SUCCESS)
        }
        other => bail!("no such command: {}\n\n{HELP}", other.join(" ")),
    }
}

fn success(kept: bool) -> ExitCode {
    if kept { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

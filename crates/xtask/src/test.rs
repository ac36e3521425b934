//! `cargo xtask test`: every check there is, in the order in which they are cheap. A failed step does not stop
//! the others: one run tells everything.

use crate::budget;
use crate::build;
use crate::fuzz;
use crate::results::Totals;
use crate::step::{cargo, must, step, typed};
use crate::supply;
use crate::tools::{self, WASM};
use anyhow::{Context, Result, bail};
use std::io::{BufRead, BufReader};
use std::process::{Command, ExitCode, Stdio};

const FRONT_END: &str = "cabildo-app";

/// The parts, in order.
const PARTS: [(&str, Part); 12] = [
    ("fmt", format),
    ("clippy", clippy),
    ("doc", documentation),
    ("supply", supply::check),
    ("unit", unit),
    ("fuzz", fuzz),
    ("postgres", postgres),
    ("build", build_all),
    ("budget", budgets),
    ("browser", browser),
    ("e2e", end_to_end),
    ("audit", audit),
];

/// Those that test something.
const TESTING: [&str; 6] = ["unit", "fuzz", "postgres", "browser", "e2e", "audit"];

type Part = fn() -> Result<Totals>;

/// Runs the named parts, or all, and ends with a line `N passed, M failed`.
///
/// # Errors
/// When a part is named that there is not. That a check fails is not an error but the exit code.
pub fn run(parts: &[&str]) -> Result<ExitCode> {
    if let Some(unknown) = parts.iter().find(|part| PARTS.iter().all(|(name, _)| name != *part)) {
        let names: Vec<&str> = PARTS.iter().map(|(name, _)| *name).collect();
        bail!("no such part: {unknown}; there are {}", names.join(", "));
    }
    let mut totals = Totals::default();
    let mut failed = Vec::new();
    for (name, part) in PARTS.iter().filter(|(name, _)| parts.is_empty() || parts.contains(name)) {
        match step(name, part) {
            Ok(part) => {
                if part.failed > 0 {
                    failed.push(*name);
                }
                totals.add(part);
            }
            Err(error) => {
                eprintln!("error: {error:#}");
                failed.push(name);
                totals.failed += 1;
            }
        }
    }
    for line in &totals.said {
        println!("{line}");
    }
    if !failed.is_empty() {
        println!("failed: {}", failed.join(", "));
    }
    println!("{totals}");
    // Parts that test nothing (fmt, clippy, …) succeed alone; a run of tests that finds no test does not.
    let tested = parts.is_empty() || parts.iter().any(|part| TESTING.contains(part));
    let good = if tested { totals.good() } else { totals.failed == 0 };
    Ok(if good { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn format() -> Result<Totals> {
    tools::component("fmt", "rustfmt")?;
    must(&mut cargo(&["fmt", "--all", "--check"]))?;
    Ok(Totals::default())
}

fn clippy() -> Result<Totals> {
    tools::component("clippy", "clippy")?;
    tools::wasm_target()?;
    // `--all-targets` leaves out what plain `cargo test` leaves out: name it.
    let native = ["--workspace", "--all-targets", "--test", "e2e"];
    let browser = ["--package", FRONT_END, "--target", WASM, "--lib", "--bins", "--test", "browser"];
    let deny = ["--", "-D", "warnings"];
    must(cargo(&["clippy"]).args(native).args(deny))?;
    must(cargo(&["clippy"]).args(browser).args(deny))?;
    // As it is served: in parts.
    let split = ["--package", FRONT_END, "--target", WASM, "--bin", "app"];
    must(cargo(&["clippy"]).args(split).args(deny).args(["--cfg", "split"]))?;
    Ok(Totals::default())
}

fn documentation() -> Result<Totals> {
    must(cargo(&["doc", "--workspace", "--no-deps"]).env("RUSTDOCFLAGS", "-D warnings"))?;
    Ok(Totals::default())
}

/// Everything that needs neither a browser nor a build.
fn unit() -> Result<Totals> {
    count(&mut cargo(&["test", "--workspace", "--no-fail-fast"]))
}

/// Inputs that nobody thought of, a minute for each target, all at once.
fn fuzz() -> Result<Totals> {
    fuzz::run(fuzz::SECONDS)
}

/// The server's tests once more, with PostgreSQL, and those that only it can pass.
fn postgres() -> Result<Totals> {
    let suite = ["test", "--workspace", "--test", "suite", "--no-fail-fast"];
    count(cargo(&suite).args(["--", "--include-ignored"]).env("CABILDO_POSTGRES", tools::postgres()?))
}

fn build_all() -> Result<Totals> {
    build::all()?;
    Ok(Totals::default())
}

fn budgets() -> Result<Totals> {
    if !budget::report()? {
        bail!("a size budget is exceeded");
    }
    Ok(Totals::default())
}

/// The tests that only mean something in a browser, compiled to WebAssembly and run in headless Chromium.
fn browser() -> Result<Totals> {
    let browser = tools::browser()?;
    tools::wasm_target()?;
    count(
        cargo(&["test", "--package", FRONT_END, "--target", WASM, "--test", "browser"])
            .env("CHROMEDRIVER", browser.driver)
            .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", tools::wasm_test_runner()?)
            // Without debug information the browser has 60 MB less to load: 2 s instead of 10.
            .env("CARGO_PROFILE_DEV_DEBUG", "0"),
    )
}

/// What does not go a second time: what is about the files that SQLite keeps, the same stories in other engines, and what
/// writes nothing: how pages look and arrive, whatever they show, and walls, whose figures come from the server's memory.
const ONCE: [&str; 16] = [
    "power::",
    "::firefox",
    "::webkit",
    "accessibility::",
    "cms::",
    "first_response::",
    "language::",
    "looks::",
    "markup::",
    "no_script::",
    "reading::",
    "screen::",
    "share::",
    "sizes::",
    "trees::",
    "widgets::",
];

/// Journeys through the release server and build, in headless Chromium, and some in Firefox and WebKitGTK; then with
/// PostgreSQL.
fn end_to_end() -> Result<Totals> {
    let mut totals = count(journeys()?.arg("--no-fail-fast"))?;
    let mut again = journeys()?;
    again.env("CABILDO_POSTGRES", tools::postgres()?).args(["--no-fail-fast", "--"]);
    again.args(ONCE.iter().flat_map(|name| ["--skip", name]));
    totals.add(count(&mut again)?);
    Ok(totals)
}

/// What Lighthouse says, which must be alone on the machine.
fn audit() -> Result<Totals> {
    count(journeys()?.args(["--", "--ignored", "--nocapture", "audit::"]))
}

/// The command that runs journeys, with what they need in its environment.
///
/// # Errors
/// When it cannot be had.
pub fn journeys() -> Result<Command> {
    let (browser, engines) = (tools::browser()?, tools::engines()?);
    let here = std::env::current_dir()?;
    let (server, assets) = (here.join(build::SERVER), here.join(build::DIST));
    if !server.is_file() || !assets.is_dir() {
        bail!("run `cargo xtask build` first");
    }
    let mut command = cargo(&["test", "--package", FRONT_END, "--test", "e2e"]);
    command
        .env("CABILDO_BIN", server)
        .env("CABILDO_ASSETS", assets)
        .env("CABILDO_AXE", tools::axe()?)
        .env("CABILDO_JAVA", tools::java()?)
        .env("CABILDO_NGINX", tools::nginx()?)
        .env("CABILDO_NODE", tools::node()?)
        .env("CABILDO_NODE_MODULES", tools::node_modules()?)
        .env("CABILDO_SCHEMATHESIS", tools::schemathesis()?)
        .env("CABILDO_STRACE", tools::strace()?)
        .env("CABILDO_WAGTAIL", tools::wagtail()?)
        .env("CHROME", browser.chrome)
        .env("CHROMEDRIVER", browser.driver)
        .env("FIREFOX", engines.firefox)
        .env("GECKODRIVER", engines.geckodriver)
        .env("MINIBROWSER", engines.minibrowser)
        .env("WEBKITDRIVER", engines.webkit_driver)
        .env("XVFB", engines.xvfb);
    Ok(command)
}

/// The command that runs one journey that is a measurement, and shows what it says.
///
/// # Errors
/// As [`journeys`].
pub fn measurement(name: &str) -> Result<Command> {
    let mut command = journeys()?;
    command.args(["--", "--ignored", "--exact", "--nocapture", name]);
    Ok(command)
}

/// Runs a test command, shows its output as it comes and counts its tests. That it fails without a failed test
/// (it does not compile, it crashes) is an error.
fn count(command: &mut Command) -> Result<Totals> {
    println!("   $ {}", typed(command));
    // A test says itself what is wrong; a backtrace through the runtime buries that.
    command.env("RUST_BACKTRACE", "0");
    let mut child = command.stdout(Stdio::piped()).spawn().context("cannot start cargo")?;
    let mut totals = Totals::default();
    if let Some(output) = child.stdout.take() {
        // Output is bytes: a test may print what is not UTF-8.
        for line in BufReader::new(output).split(b'\n') {
            let line = String::from_utf8_lossy(&line?).into_owned();
            println!("{line}");
            totals.read(&line);
        }
    }
    let status = child.wait()?;
    if !status.success() && totals.failed == 0 {
        bail!("{totals}, and yet the command ended with {status}");
    }
    Ok(totals)
}

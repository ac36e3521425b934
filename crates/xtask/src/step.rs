//! Steps: each says what it is going to do, and afterwards how long it took.

use anyhow::{Context, Result, bail};
use std::process::{Command, ExitStatus};
use std::time::Instant;

/// Announces `name`, does `work`, says how long it took.
///
/// # Errors
/// Those of `work`, with the step's name.
pub fn step<T>(name: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    println!("── {name}");
    let start = Instant::now();
    let done = work().with_context(|| name.to_owned());
    println!(
        "   {} {:.1} s",
        if done.is_ok() { "done in" } else { "FAILED after" },
        start.elapsed().as_secs_f64()
    );
    done
}

/// The command as a person would type it.
pub fn typed(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy().into_owned()).collect::<Vec<_>>().join(" ")
}

/// Runs a command whose output goes to the terminal.
///
/// # Errors
/// When it cannot be started or does not succeed.
pub fn must(command: &mut Command) -> Result<()> {
    println!("   $ {}", typed(command));
    let status = status(command)?;
    if !status.success() {
        bail!("`{}` ended with {status}", typed(command));
    }
    Ok(())
}

/// Runs a command whose output goes to the terminal, and says how it ended.
///
/// # Errors
/// When it cannot be started.
pub fn status(command: &mut Command) -> Result<ExitStatus> {
    command.status().with_context(|| format!("cannot start `{}`", command.get_program().to_string_lossy()))
}

/// `cargo` with these arguments; the same cargo that runs this program.
pub fn cargo(arguments: &[&str]) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(arguments);
    command
}

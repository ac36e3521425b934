//! The `cabildo` command.

use cabildo_contract::id::Slug;
use cabildo_server::clock::{Clock, SystemClock};
use cabildo_server::config::{AddStaff, Backup, Check, Cli, Command, Copying, Import, Key, Staff};
use cabildo_server::desk::{Desks, NAME_MAX, Role};
use cabildo_server::pabulib::Note;
use cabildo_server::storage::Imported;
use cabildo_server::storage::{database, postgres, transfer};
use cabildo_server::{backup, import, measure, openapi, replay, schema, serve, translation};
use clap::Parser;
use std::error::Error;
use std::io::IsTerminal;
use std::path::Path;
use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    let filter = tracing_subscriber::EnvFilter::try_from_env("CABILDO_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr)
        .init();
    match run(Cli::parse().command).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("cabildo: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(command: Command) -> Result<(), Box<dyn Error>> {
    match command {
        Command::Serve(config) => {
            let ready = |address| println!("Cabildo is ready at http://{address}");
            serve::serve(*config, ready, asked_to_stop()).await?;
        }
        Command::Import(Import { data, database, files, without_ballots, widen_rule }) => {
            let storage = database::open(&data, &database, 1)?;
            let how = import::HowElection { without_ballots, widen_rule };
            for file in files {
                if import::is_election(&file) {
                    let done = import::import_election(&storage, &file, how, &SystemClock).await?;
                    let verb = if done.imported.updated { "updated" } else { "imported" };
                    let (ballots, notes) = (done.ballots, done.notes.len());
                    println!("{verb} {}: {ballots} ballots, {notes} notes", file.display());
                    for line in listed(&done.notes) {
                        eprintln!("{}: {line}", file.display());
                    }
                    continue;
                }
                let imported = import::import(&storage, &file, &SystemClock).await?;
                let verb = if imported.updated { "updated" } else { "imported" };
                let Imported { proposals, consultations, calls, .. } = imported;
                let what = format!("{proposals} proposals, {consultations} consultations, {calls} calls");
                println!("{verb} {}: {what}", file.display());
            }
        }
        Command::Key(Key { process, entity, days, data }) => {
            print_key(Role::Entity, &process, &entity, days, &data)?;
        }
        Command::Staff(Staff::Add(AddStaff { process, name, role, days, data })) => {
            print_key(role, &process, &name, days, &data)?;
        }
        Command::Replay(config) if config.from.is_some() => {
            replay::replay_election(&config, |line| println!("{line}"), asked_to_stop()).await?;
        }
        Command::Replay(config) => {
            replay::replay(&config, |line| println!("{line}"), asked_to_stop()).await?;
        }
        Command::Backup(Backup { data, to }) => {
            println!("copied to {}, {}", to.display(), backup::back_up(&data, &to)?);
        }
        Command::Check(Check { data, database }) => match &database.database {
            None => println!("{} is whole, {}", data.display(), backup::check(&data)?),
            Some(url) => {
                let options = postgres::Options { authorities: database.authorities, ..Default::default() };
                let (contents, risks) = backup::check_shared(url, &options)?;
                println!("{url} is whole, {contents}");
                for risk in risks {
                    eprintln!("warning: {risk}");
                }
            }
        },
        Command::Copy(Copying { data, database, authorities }) => {
            let options = postgres::Options { authorities, ..Default::default() };
            let copied = transfer::copy_to(&data, &database, &options)?;
            println!("copied {} to {database}: {copied}, and both add up to the same", data.display());
        }
        Command::Measure(config) => {
            for (name, value) in measure::measure(&config).await? {
                println!("{name} {value:.3}");
            }
        }
        Command::Openapi => println!("{}", openapi::text()),
        Command::Schema => println!("{}", schema::text()),
        Command::Texts { file } => {
            let text = std::fs::read_to_string(&file)?;
            let texts =
                translation::to_translate(&text).map_err(|fault| format!("{}: {fault}", file.display()))?;
            println!("{}", serde_json::to_string_pretty(&texts)?);
        }
    }
    Ok(())
}

/// Makes a key and prints it, and to whoever watches also what it opens.
fn print_key(role: Role, process: &Slug, name: &str, days: u16, data: &Path) -> Result<(), Box<dyn Error>> {
    let closes_at = SystemClock.now().plus_seconds(i64::from(days) * 24 * 60 * 60);
    let key = Desks::open(data)?.key(role, process, name, closes_at);
    let key = key.ok_or(format!("a name has 1 to {NAME_MAX} characters"))?;
    let desk = match role {
        Role::Entity => "the desk",
        Role::Moderator => "the moderation",
    };
    eprintln!("opens {desk} of {process} to {} until {closes_at}; keep it like a password:", name.trim());
    println!("{key}");
    Ok(())
}

/// Notes of a kind that are told; the rest are numbered.
const TOLD: usize = 20;

/// Notes as lines: the first of each kind, and how many more there are.
fn listed(notes: &[Note]) -> Vec<String> {
    let mut lines = Vec::new();
    for alike in notes.chunk_by(|a, b| a.kind == b.kind) {
        lines.extend(alike.iter().take(TOLD).map(ToString::to_string));
        if let Some(rest) = alike.get(TOLD..).filter(|rest| !rest.is_empty()) {
            let at: Vec<String> = rest.iter().map(|note| note.line.to_string()).collect();
            lines.push(format!("and {} more like these, on lines {}", rest.len(), at.join(", ")));
        }
    }
    lines
}

/// Completes when the operator (Ctrl-C) or the system (SIGTERM) asks for the end.
async fn asked_to_stop() {
    let interrupted = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                () = interrupted => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    interrupted.await;
}

//! The release server as a child process.

use crate::build::{DIST, SERVER};
use crate::step::{must, typed};
use anyhow::{Context, Result, bail};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command};
use std::time::Duration;

/// The process that comes with Cabildo.
pub const PROCESS_FILE: &str = "crates/server/data/processes/iv-plan-estado-abierto.json";
/// Its slug.
pub const PROCESS: &str = "iv-plan-estado-abierto";

/// Processes to rehearse with, in which everything is invented.
const REHEARSAL_FILES: [&str; 2] = [
    "crates/server/data/processes/ensayo-barrio.json",
    "crates/server/data/processes/ensayo-votaciones.json",
];

/// Imports the process that comes with Cabildo. Repeating it changes nothing.
///
/// # Errors
/// When the server refuses it.
pub fn import(data: &Path) -> Result<()> {
    must(Command::new(SERVER).args(["import", "--data"]).arg(data).arg(PROCESS_FILE))
}

/// Imports the rehearsals beside it.
///
/// # Errors
/// When the server refuses one.
pub fn import_rehearsals(data: &Path) -> Result<()> {
    must(Command::new(SERVER).args(["import", "--data"]).arg(data).args(REHEARSAL_FILES))
}

/// A running server; it ends when this is dropped.
pub struct Server(Child);

impl Server {
    /// Starts it on `listen` with the data in `data`, and waits until it answers.
    ///
    /// # Errors
    /// When it cannot be started or ends before it answers.
    pub fn start(listen: SocketAddr, data: &Path, extra: &[&str]) -> Result<Self> {
        let mut command = Command::new(SERVER);
        command.args(["serve", "--listen", &listen.to_string(), "--assets", DIST, "--data"]).arg(data);
        command.arg("--simulation").args(extra);
        // A line a request would bury what this program says; CABILDO_LOG=info brings them back.
        if std::env::var_os("CABILDO_LOG").is_none() {
            command.env("CABILDO_LOG", "warn");
        }
        println!("   $ {}", typed(&command));
        let mut server = Self(command.spawn().with_context(|| format!("cannot start {SERVER}"))?);
        while TcpStream::connect(listen).is_err() {
            if let Some(status) = server.0.try_wait()? {
                bail!("the server ended with {status} before it answered");
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(server)
    }

    /// Memory that it has now, in bytes (Linux's `VmRSS`).
    ///
    /// # Errors
    /// Where the system does not say.
    pub fn memory(&self) -> Result<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.0.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS")?;
        let kib: u64 = line.trim().trim_end_matches("kB").trim_end().parse()?;
        Ok(kib << 10)
    }

    /// Waits until it ends by itself.
    ///
    /// # Errors
    /// When it did not end well.
    pub fn wait(mut self) -> Result<()> {
        let status = self.0.wait()?;
        if !status.success() {
            bail!("the server ended with {status}");
        }
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already; both then do nothing.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

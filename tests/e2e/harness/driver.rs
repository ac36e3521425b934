//! Programs that drive browsers.

use super::display::Display;
use super::port;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use tempfile::TempDir;

/// A running driver; ended when the last test that uses it ends.
pub struct Driver {
    process: Child,
    port: u16,
    /// For what browsers leave behind.
    _scratch: TempDir,
    /// Where its browsers show themselves.
    _display: Option<Arc<Display>>,
}

/// Times that one is started. ChromeDriver chooses a port by itself, wants it for both versions of IP, and ends where
/// somebody else has it for one of them.
const STARTS: usize = 5;

static RUNNING: Mutex<Weak<Driver>> = Mutex::new(Weak::new());

impl Driver {
    /// The one that runs and drives many browsers, or a new one.
    pub fn shared(start: impl FnOnce() -> Self) -> Arc<Self> {
        // A test that panicked while it held the lock left it as it was.
        let mut running = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(driver) = running.upgrade() {
            return driver;
        }
        let driver = Arc::new(start());
        *running = Arc::downgrade(&driver);
        driver
    }

    /// Starts one that says in a line on which port it is.
    pub fn start_and_hear(mut command: Command, heard: impl Fn(&str) -> Option<u16>) -> Self {
        command.stdout(Stdio::piped());
        for _ in 0..STARTS {
            let (mut process, scratch) = spawn(&mut command);
            let mut said = BufReader::new(process.stdout.take().unwrap());
            let mut line = String::new();
            while said.read_line(&mut line).unwrap() > 0 {
                if let Some(port) = heard(line.trim()) {
                    // Some go on talking, and end where nobody listens.
                    std::thread::spawn(move || std::io::copy(&mut said, &mut std::io::sink()));
                    return Self { process, port, _scratch: scratch, _display: None };
                }
                line.clear();
            }
            process.wait().unwrap();
        }
        panic!("{} did not say on which port it is", command.get_program().display());
    }

    /// Starts one that was told its port.
    pub fn start_at(mut command: Command, port: u16, display: Option<Arc<Display>>) -> Self {
        let (mut process, scratch) = spawn(command.stdout(Stdio::null()));
        port::answers(port, &mut process);
        Self { process, port, _scratch: scratch, _display: display }
    }

    /// Where it takes commands.
    pub fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

fn spawn(command: &mut Command) -> (Child, TempDir) {
    let scratch = tempfile::tempdir().unwrap();
    let process = command.env("TMPDIR", scratch.path()).stderr(Stdio::null()).spawn();
    let process =
        process.unwrap_or_else(|error| panic!("cannot start {}: {error}", command.get_program().display()));
    (process, scratch)
}

impl Drop for Driver {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

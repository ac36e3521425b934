//! A screen that nobody looks at, for the engine that cannot do without one.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError, Weak};

/// A running X server; ended when the last browser that uses it ends.
pub struct Display {
    process: Child,
    name: String,
}

static RUNNING: Mutex<Weak<Display>> = Mutex::new(Weak::new());

impl Display {
    /// The one that runs, or a new one.
    pub fn shared() -> Arc<Self> {
        // A test that panicked while it held the lock left it as it was.
        let mut running = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(display) = running.upgrade() {
            return display;
        }
        let display = Arc::new(Self::start());
        *running = Arc::downgrade(&display);
        display
    }

    fn start() -> Self {
        let mut process = Command::new(super::server::setting("XVFB"))
            // It takes the first number that is free, and says which.
            .args(["-displayfd", "1", "-screen", "0", "1600x1400x24", "-nolisten", "tcp"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut number = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut number).unwrap();
        assert!(!number.trim().is_empty(), "the X server did not start");
        Self { process, name: format!(":{}", number.trim()) }
    }

    /// What `DISPLAY` is to say.
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

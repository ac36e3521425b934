//! A program of ours that node runs: the real thing to talk to, from npm, and a few lines round it.

use super::server::setting;
use std::io::{BufRead, BufReader, Lines};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

const SCRIPTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/e2e/harness");

/// What it says.
pub type Said = Lines<BufReader<ChildStdout>>;

/// A running program; ended when it is dropped.
pub struct Node(Child);

impl Node {
    /// Starts a script of this directory; gives the first line that it says, and those to come.
    pub fn start(script: &str, arguments: &[&str]) -> (Self, String, Said) {
        let mut process = Command::new(setting("CABILDO_NODE"))
            .arg(Path::new(SCRIPTS).join(script))
            .args(arguments)
            .env("CABILDO_NODE_MODULES", setting("CABILDO_NODE_MODULES"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .unwrap();
        let mut said = BufReader::new(process.stdout.take().unwrap()).lines();
        let first = said.next().unwrap_or_else(|| panic!("{script} did not start")).unwrap();
        (Self(process), first, said)
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

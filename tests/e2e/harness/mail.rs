//! A mail server: one that really speaks SMTP. It knows no `nadie@…`, and has no time for `luego@…`.

use super::node::Node;
use serde::Deserialize;
use std::sync::{Arc, Mutex};
use std::thread;

/// Who may hand letters over, and how.
const LOGIN: &str = "cabildo:not%20secret";

/// A letter as it arrived.
#[derive(Debug, Clone, Deserialize)]
pub struct Arrived {
    /// Whom the envelope is from.
    pub from: String,
    /// Whom the envelope is to.
    pub to: Vec<String>,
    /// Its headers and text, as they were sent (RFC 5322).
    pub message: String,
}

/// A mail server; ended when it is dropped.
pub struct Mail {
    port: String,
    letters: Arc<Mutex<Vec<Arrived>>>,
    _process: Node,
}

impl Mail {
    /// Starts one.
    pub fn start() -> Self {
        let (process, port, said) = Node::start("smtp.mjs", &[]);
        let letters: Arc<Mutex<Vec<Arrived>>> = Arc::default();
        let kept = Arc::clone(&letters);
        thread::spawn(move || {
            for line in said.map_while(Result::ok) {
                kept.lock().unwrap().push(serde_json::from_str(&line).unwrap());
            }
        });
        Self { port, letters, _process: process }
    }

    /// How an operator names it to the server.
    pub fn url(&self) -> String {
        format!("smtp://{LOGIN}@127.0.0.1:{}", self.port)
    }

    /// The letters that have arrived.
    pub fn letters(&self) -> Vec<Arrived> {
        self.letters.lock().unwrap().clone()
    }
}

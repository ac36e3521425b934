//! The answers that came with the first response.
//!
//! The server puts every API answer that it rendered a page from into the page, as inert JSON. The first view in
//! the browser is made from the same answers, so it is the same view, at once and without a request.

use crate::client::ClientError;
use crate::document::Answer;
use cabildo_contract::endpoint::Endpoint;
use std::sync::{Arc, Mutex};

/// CSS class of the elements that carry the answers.
pub const CLASS: &str = "cabildo-seed";

/// The answers at hand while the first view is made.
#[derive(Debug, Clone, Default)]
pub struct Seed {
    answers: Arc<Mutex<Vec<Answer>>>,
    missed: Arc<Mutex<Vec<String>>>,
}

impl Seed {
    /// A seed of these answers.
    #[must_use]
    pub fn new(answers: Vec<Answer>) -> Self {
        Self { answers: Arc::new(Mutex::new(answers)), missed: Arc::default() }
    }

    /// Reads the seed from the page that the server sent.
    #[must_use]
    pub fn from_page() -> Self {
        Self::new(crate::platform::seeds(CLASS))
    }

    /// The answer to a request, if it is at hand.
    #[must_use]
    pub fn get<E: Endpoint>(&self, request: &E) -> Option<Result<E::Output, ClientError>> {
        let path = request.path();
        let answers = self.answers.lock().ok()?;
        match answers.iter().find(|answer| answer.path == path) {
            Some(answer) => Some(crate::client::decode(answer.status, &answer.body)),
            None => {
                if let Ok(mut missed) = self.missed.lock() {
                    missed.push(path);
                }
                None
            }
        }
    }

    /// Lets go of the answers: the first view is made, and whoever comes back to it wants newer ones.
    pub fn forget(&self) {
        if let Ok(mut answers) = self.answers.lock() {
            answers.clear();
        }
    }

    /// The paths that were asked for and not at hand, each once: what a page needs.
    #[must_use]
    pub fn missed(&self) -> Vec<String> {
        let mut paths = self.missed.lock().map(|missed| missed.clone()).unwrap_or_default();
        paths.sort();
        paths.dedup();
        paths
    }
}

//! The answers that came with the first response.
//!
//! The server puts every API answer that it rendered a page from into the page, as inert JSON. The first view in
//! the browser is made from the same answers, so it is the same view, at once and without a request.

use crate::client::{ClientError, address};
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
    read: Arc<Mutex<Vec<Answer>>>,
}

impl Seed {
    /// A seed of these answers.
    #[must_use]
    pub fn new(answers: Vec<Answer>) -> Self {
        Self { answers: Arc::new(Mutex::new(answers)), ..Self::default() }
    }

    /// Reads the seed from the page that the server sent.
    #[must_use]
    pub fn from_page() -> Self {
        Self::new(crate::platform::seeds(CLASS))
    }

    /// The answer to a request, if it is at hand.
    #[must_use]
    pub fn get<E: Endpoint>(&self, request: &E) -> Option<Result<E::Output, ClientError>> {
        let path = address(request);
        let answers = self.answers.lock().ok()?;
        match answers.iter().find(|answer| answer.path == path) {
            Some(answer) => {
                let output = crate::client::decode(answer.status, &answer.body);
                // Only the server sends on what was read.
                if cfg!(not(target_arch = "wasm32")) {
                    self.note::<E>(answer, output.as_ref().ok());
                }
                Some(output)
            }
            None => {
                if let Ok(mut missed) = self.missed.lock() {
                    missed.push(path);
                }
                None
            }
        }
    }

    /// [`Self::get`] for whoever can do without: of a refusal nothing is read, and the code that reads one is not needed.
    #[must_use]
    pub fn ready<E: Endpoint>(&self, request: &E) -> Option<E::Output> {
        if cfg!(not(target_arch = "wasm32")) {
            return self.get(request)?.ok();
        }
        let (path, answers) = (address(request), self.answers.lock().ok()?);
        let answer = answers.iter().find(|answer| answer.path == path && answer.status == 200)?;
        crate::client::json::read(&answer.body).ok()
    }

    /// Lets go of the answers: the first view is made, and whoever comes back to it wants newer ones.
    pub fn forget(&self) {
        if let Ok(mut answers) = self.answers.lock() {
            answers.clear();
        }
    }

    /// Keeps of an answer what was read of it: the rest need not travel.
    fn note<E: Endpoint>(&self, answer: &Answer, output: Option<&E::Output>) {
        let Ok(mut read) = self.read.lock() else { return };
        let body = output.and_then(|output| serde_json::to_string(output).ok());
        let part = Answer { body: body.unwrap_or_else(|| answer.body.clone()), ..answer.clone() };
        match read.iter_mut().find(|other| other.path == part.path) {
            // Read in two ways: then all of it travels.
            Some(other) if *other != part => *other = answer.clone(),
            Some(_) => {}
            None => read.push(part),
        }
    }

    /// The answers that were asked for, as far as they were read: what the first view in the browser needs.
    #[must_use]
    pub fn read(&self) -> Vec<Answer> {
        self.read.lock().map(|read| read.clone()).unwrap_or_default()
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

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use cabildo_contract::id::Slug;
    use cabildo_contract::process::{Funnel, GetOutline, GetProcess, Outline};

    fn outline() -> Outline {
        Outline {
            slug: Slug::parse("plan").unwrap(),
            title: "Plan".to_owned(),
            language: "es-CO".to_owned(),
            exercise: false,
            themes: Vec::new(),
            territories: Vec::new(),
            funnel: Funnel { levels: Vec::new() },
        }
    }

    fn answer(status: u16, body: &serde_json::Value) -> Answer {
        Answer { path: "/api/v1/processes/plan".to_owned(), status, body: body.to_string() }
    }

    #[test]
    fn what_nobody_reads_of_an_answer_does_not_travel() {
        let mut body = serde_json::to_value(outline()).unwrap();
        body["summary"] = "long".into();
        let seed = Seed::new(vec![answer(200, &body)]);
        assert_eq!(seed.read(), [], "nothing was asked for");
        let request = GetOutline { process: outline().slug };
        assert_eq!(seed.get(&request).unwrap().unwrap(), outline());
        assert_eq!(
            seed.read(),
            [Answer { body: serde_json::to_string(&outline()).unwrap(), ..answer(200, &body) }]
        );
        // Read as something else too.
        assert!(
            seed.get(&GetProcess { process: outline().slug }).unwrap().is_err(),
            "it lacks most of a process"
        );
        assert_eq!(seed.read(), [answer(200, &body)]);
    }

    #[test]
    fn a_refusal_travels_as_it_is() {
        let seed = Seed::new(vec![answer(404, &serde_json::json!({ "detail": "gone" }))]);
        assert!(seed.get(&GetOutline { process: outline().slug }).unwrap().is_err());
        assert_eq!(seed.read(), [answer(404, &serde_json::json!({ "detail": "gone" }))]);
    }
}

//! What a journey needs: a server of its own with the example process, browsers, other citizens.

pub mod axe;
pub mod browser;
mod citizen;
mod driver;
mod host;
mod mail;
mod node;
mod provider;
mod server;
mod target;

pub use browser::{Browser, Setup, plain};
pub use citizen::Citizen;
pub use host::Host;
pub use server::Server;
pub use target::{Target, button, checkbox, containing, css, field, heading, link, radio, tag, text};

use driver::Driver;
use fantoccini::Client;
use futures_util::FutureExt;
use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, resume_unwind};
use std::rc::Rc;
use std::sync::Arc;

/// Slug of the process that every server of these tests holds.
pub const PROCESS: &str = "iv-plan-estado-abierto";
/// Slug of its consultation that takes ballots: choose one to five of fifteen.
pub const CONSULTATION: &str = "prioridades-ejercicio";

/// Slug of the process in which everything is invented; see [`Server::with_rehearsal`].
pub const REHEARSAL: &str = "ensayo-barrio";

/// A process page below `/processes/…`.
pub fn process_page(rest: &str) -> String {
    format!("/processes/{PROCESS}{rest}")
}

/// The page of the consultation that takes ballots.
pub fn consultation_page() -> String {
    format!("/consultations/{CONSULTATION}")
}

/// A site of its own for one test.
pub struct Site {
    /// The running server.
    pub server: Server,
    driver: Arc<Driver>,
    browsers: RefCell<Vec<Rc<Browser>>>,
}

impl Site {
    /// Opens a browser of its own: its cookies and storage are shared with no other.
    pub async fn browser(&self, setup: Setup) -> Rc<Browser> {
        let browser = Rc::new(Browser::open(&self.driver, self.server.origin(), setup).await);
        self.browsers.borrow_mut().push(Rc::clone(&browser));
        browser
    }

    /// A browser with the window of a phone.
    pub async fn phone(&self) -> Rc<Browser> {
        self.browser(Setup::phone()).await
    }

    /// A browser with the window of a computer.
    pub async fn desktop(&self) -> Rc<Browser> {
        self.browser(Setup::desktop()).await
    }

    /// Somebody else, who takes part through the public API.
    pub async fn citizen(&self) -> Citizen {
        Citizen::arrive(&self.server.origin(), false).await
    }

    /// A simulated citizen.
    pub async fn simulated_citizen(&self) -> Citizen {
        Citizen::arrive(&self.server.origin(), true).await
    }

    /// The ids of the proposals by number, first to last.
    pub async fn proposals(&self) -> Vec<String> {
        Citizen::visit(&self.server.origin()).proposals().await
    }

    /// The ids of the proposals of a process by number, first to last.
    pub async fn proposals_of(&self, process: &str) -> Vec<String> {
        Citizen::visit(&self.server.origin()).proposals_of(process).await
    }

    /// The page of a proposal, by its number.
    pub async fn proposal_page(&self, number: usize) -> String {
        format!("/proposals/{}", self.proposals().await[number - 1])
    }
}

/// Runs a test: a fresh server, then the story, then no browser may have logged an error. Whatever happens, the
/// browsers and the server are ended.
pub fn journey(story: impl AsyncFnOnce(&Site)) {
    journey_in(Server::start(), story);
}

/// [`journey`] on a server of one's own making.
pub fn journey_in(server: Server, story: impl AsyncFnOnce(&Site)) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let site = Site { server, driver: Driver::shared(), browsers: RefCell::default() };
        let told = AssertUnwindSafe(story(&site)).catch_unwind().await;
        let browsers = site.browsers.take();
        let mut complaints = Vec::new();
        for browser in &browsers {
            complaints.extend(browser.complaints().await);
            close(browser.client.clone()).await;
        }
        if let Err(failure) = told {
            eprintln!("The browsers logged: {complaints:#?}\nThe server logged: {}", site.server.log());
            resume_unwind(failure);
        }
        assert!(complaints.is_empty(), "the browsers logged: {complaints:#?}");
    });
}

async fn close(client: Client) {
    if let Err(error) = client.close().await {
        eprintln!("a browser did not close: {error}");
    }
}

//! What a journey needs: a server of its own with the example process, browsers, other citizens.

pub mod axe;
pub mod browser;
mod citizen;
mod database;
mod display;
mod driver;
mod engine;
mod host;
mod mail;
mod nginx;
mod node;
mod port;
mod provider;
mod server;
mod target;
mod wagtail;
mod wire;

pub use browser::{Browser, Setup, plain};
pub use citizen::Citizen;
pub use engine::Engine;
pub(crate) use engine::in_every_engine;
pub use host::Host;
pub use nginx::Nginx;
pub use node::Node;
pub use server::{Server, setting};
pub use target::{Target, button, checkbox, containing, css, field, heading, link, radio, tag, text};
pub use wagtail::Wagtail;
pub use wire::{Lost, Seen, Wire};

use fantoccini::Client;
use futures_util::FutureExt;
use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, resume_unwind};
use std::rc::Rc;

/// Slug of the process that every server of these tests holds.
pub const PROCESS: &str = "iv-plan-estado-abierto";
/// Slug of its consultation that takes ballots: choose one to five of fifteen.
pub const CONSULTATION: &str = "prioridades-ejercicio";

/// Slug of the process in which everything is invented; see [`Server::with_rehearsal`].
pub const REHEARSAL: &str = "ensayo-barrio";

/// Where Cabildo is over TLS.
const PUBLIC_NAME: &str = "part.test";
/// The same, as it is told.
const PUBLIC_URL: &str = "https://part.test";
/// The names of sites over TLS, each a site of its own: Cabildo's, and others for the test to use.
pub const NAMES: [&str; 5] = [PUBLIC_NAME, "gov.test", "press.test", "jar.test", "cms.test"];

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
    /// The engine of its browsers.
    pub engine: Engine,
    wire: Option<Wire>,
    browsers: RefCell<Vec<Rc<Browser>>>,
}

impl Site {
    /// Where browsers reach it.
    pub fn origin(&self) -> String {
        self.wire.as_ref().map_or_else(|| self.server.origin(), |_| PUBLIC_URL.to_owned())
    }

    /// The network of names and TLS that its browsers are in; see [`journey_over_tls`].
    pub fn wire(&self) -> &Wire {
        self.wire.as_ref().unwrap()
    }

    /// A page of somebody else with this body, at `https://{name}/`, for one of [`NAMES`].
    pub fn page(&self, name: &str, body: &str) -> String {
        let page = host::page(body);
        self.wire().makes(name, Box::new(move |_| html(page.clone())));
        format!("https://{name}/")
    }

    /// Opens a browser of its own: its cookies and storage are shared with no other.
    pub async fn browser(&self, setup: Setup) -> Rc<Browser> {
        let wire = self.wire.as_ref().map(Wire::address);
        let browser = Rc::new(Browser::open(self.engine, wire, self.origin(), setup).await);
        self.browsers.borrow_mut().push(Rc::clone(&browser));
        browser
    }

    /// A browser that reaches the server without the network of names and TLS.
    pub async fn elsewhere(&self, setup: Setup) -> Rc<Browser> {
        let browser = Rc::new(Browser::open(self.engine, None, self.server.origin(), setup).await);
        self.browsers.borrow_mut().push(Rc::clone(&browser));
        browser
    }

    /// Ends a browser before the story does.
    pub async fn closes(&self, browser: Rc<Browser>) {
        self.browsers.borrow_mut().retain(|open| !Rc::ptr_eq(open, &browser));
        close(browser.client.clone()).await;
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

/// A page as a site of the test's own says it.
pub fn html(page: String) -> http::Response<String> {
    http::Response::builder().header("content-type", "text/html; charset=utf-8").body(page).unwrap()
}

/// Runs a test: a fresh server, then the story, then no browser may have logged an error. Whatever happens, the
/// browsers and the server are ended.
pub fn journey(story: impl AsyncFnOnce(&Site)) {
    journey_in(Server::start(), story);
}

/// [`journey`] on a server of one's own making.
pub fn journey_in(server: Server, story: impl AsyncFnOnce(&Site)) {
    run(server, Engine::Chromium, None, story);
}

/// [`journey`] in this engine, with Cabildo at `https://part.test` and whatever the test puts at the other [`NAMES`].
pub fn journey_over_tls(engine: Engine, story: impl AsyncFnOnce(&Site)) {
    let (server, wire) = (Server::behind(PUBLIC_URL), Wire::lay());
    wire.forwards_observed(PUBLIC_NAME, server.port());
    run(server, engine, Some(wire), story);
}

fn run(server: Server, engine: Engine, wire: Option<Wire>, story: impl AsyncFnOnce(&Site)) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let site = Site { server, engine, wire, browsers: RefCell::default() };
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

//! A browser, and what a person does with it.

use super::driver::Driver;
use super::engine::Engine;
use super::target::Target;
use fantoccini::elements::Element;
use fantoccini::error::CmdError;
use fantoccini::wd::WebDriverCompatibleCommand;
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use std::cell::RefCell;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How long a condition may take to come true. Only a failing test waits that long.
const PATIENCE: Duration = Duration::from_secs(15);
/// Pause between two looks at a condition.
const GLANCE: Duration = Duration::from_millis(30);

/// What runs in every page before its own scripts: it notices when the app takes the place of the server's
/// rendering, and keeps what was there before.
const OBSERVER: &str = include_str!("observer.js");

/// How a browser begins.
#[derive(Debug, Clone, Copy)]
pub struct Setup {
    /// Width of the window in CSS pixels.
    pub width: u32,
    /// Height of the window in CSS pixels.
    pub height: u32,
    /// Whether pages may run scripts.
    pub script: bool,
    /// Whether pages of other sites in a frame may use cookies, as far as the engine lets them.
    pub third_party_cookies: bool,
    /// Whether going somewhere ends when all of the page is there, or at once.
    pub patient: bool,
}

impl Setup {
    /// A phone.
    pub const fn phone() -> Self {
        Self { width: 360, height: 740, script: true, third_party_cookies: true, patient: true }
    }

    /// A computer.
    pub const fn desktop() -> Self {
        Self { width: 1280, height: 900, script: true, third_party_cookies: true, patient: true }
    }
}

/// A browser with one or more tabs.
pub struct Browser {
    /// Drives it.
    pub client: Client,
    /// What it is.
    pub engine: Engine,
    origin: String,
    setup: Setup,
    /// Where it has its names from, if not from the system.
    wire: Option<SocketAddr>,
    _driver: Arc<Driver>,
    expected: RefCell<Vec<&'static str>>,
}

/// A command that WebDriver's standard does not have.
#[derive(Debug)]
struct Command {
    path: &'static str,
    body: Value,
}

impl WebDriverCompatibleCommand for Command {
    fn endpoint(&self, base: &url::Url, session: Option<&str>) -> Result<url::Url, url::ParseError> {
        base.join(&format!("session/{}/{}", session.unwrap_or_default(), self.path))
    }

    fn method_and_body(&self, _: &url::Url) -> (http::Method, Option<String>) {
        (http::Method::POST, Some(self.body.to_string()))
    }
}

impl Browser {
    /// Opens one.
    pub async fn open(engine: Engine, wire: Option<SocketAddr>, origin: String, setup: Setup) -> Self {
        let driver = engine.driver(wire);
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(engine.capabilities(setup, wire))
            .connect(&driver.address())
            .await
            .unwrap();
        let expected = RefCell::default();
        let browser = Self { client, engine, origin, setup, wire, _driver: driver, expected };
        // The one policy that is only reported: the framework makes its static elements from strings of its own.
        browser.expect_complaint("This document requires 'TrustedHTML' assignment");
        if !setup.script {
            browser.expect_complaint("was preloaded using link preload but not used");
        }
        browser.prepare_tab().await;
        browser
    }

    async fn prepare_tab(&self) {
        self.resize(self.setup.width, self.setup.height).await;
        // Else it comes with the page.
        if self.wire.is_none() {
            self.devtools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": OBSERVER })).await;
        }
    }

    /// Gives the page another size. Chromium emulates it, since windows of a headless one are never narrower than 500
    /// pixels; the others come as near as their windows can.
    pub async fn resize(&self, width: u32, height: u32) {
        if self.engine != Engine::Chromium {
            return self.client.set_window_size(width, height).await.unwrap();
        }
        let metrics =
            json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600 });
        self.devtools("Emulation.setDeviceMetricsOverride", metrics).await;
    }

    /// Says which of the system's preferences hold, e.g. `("prefers-color-scheme", "dark")`.
    pub async fn prefer(&self, preferences: &[(&str, &str)]) {
        let features: Vec<Value> =
            preferences.iter().map(|(name, value)| json!({ "name": name, "value": value })).collect();
        self.devtools("Emulation.setEmulatedMedia", json!({ "features": features })).await;
    }

    /// A command of the DevTools protocol, which only Chromium speaks.
    pub async fn devtools(&self, name: &str, parameters: Value) -> Value {
        assert_eq!(self.engine, Engine::Chromium, "{name}");
        let body = json!({ "cmd": name, "params": parameters });
        self.client.issue_cmd(Command { path: "goog/cdp/execute", body }).await.unwrap()
    }

    /// From now on requests may fail: the test ends the server, or asks for what is not there.
    pub fn expect_failed_requests(&self) {
        self.expect_complaint("Failed to load resource");
        self.expect_complaint("TypeError: Failed to fetch");
        // The script of the service worker.
        self.expect_complaint("An unknown error occurred when fetching the script");
        self.expect_complaint("Error while trying to use the following icon from the Manifest");
    }

    /// From now on pages may log what contains these words.
    pub fn expect_complaint(&self, words: &'static str) {
        self.expected.borrow_mut().push(words);
    }

    /// Errors and warnings that pages logged: exceptions, violations of the content security policy, failed
    /// requests unless they are expected. Only Chromium tells.
    pub async fn complaints(&self) -> Vec<String> {
        if self.engine != Engine::Chromium {
            return Vec::new();
        }
        let log = self.client.issue_cmd(Command { path: "se/log", body: json!({ "type": "browser" }) }).await;
        let entries = match &log {
            Ok(Value::Array(entries)) => entries.as_slice(),
            other => return vec![format!("the log of the browser cannot be read: {other:?}")],
        };
        let grave = |entry: &&Value| {
            let message = entry["message"].as_str().unwrap_or_default();
            let expected = self.expected.borrow().iter().any(|words| message.contains(words));
            matches!(entry["level"].as_str(), Some("SEVERE" | "WARNING")) && !expected
        };
        entries
            .iter()
            .filter(grave)
            .map(|entry| format!("{}: {}", entry["level"], entry["message"]))
            .collect()
    }

    // Going places.

    /// Opens an address of the site and waits for the app to take over.
    pub async fn visit(&self, path: &str) {
        self.client.goto(&format!("{}{path}", self.origin)).await.unwrap();
        self.taken_over().await;
    }

    /// Reloads the page and waits for the app to take over.
    pub async fn reload(&self) {
        self.client.refresh().await.unwrap();
        self.taken_over().await;
    }

    /// Uses the page, and waits for the app to take the place of what the server rendered.
    pub async fn taken_over(&self) {
        const LOOK: &str = "window.dispatchEvent(new Event('keydown')); return window.journey?.taken";
        if self.setup.script {
            self.until("the app takes over", async || self.script(LOOK, &[]).await == true).await;
        }
    }

    /// Opens another tab of the same browser and goes on there; returns the tab before.
    pub async fn new_tab(&self) -> fantoccini::wd::WindowHandle {
        let before = self.client.window().await.unwrap();
        let tab = self.client.new_window(true).await.unwrap();
        self.switch_to(tab.handle).await;
        self.prepare_tab().await;
        before
    }

    /// Goes on in another tab.
    pub async fn switch_to(&self, tab: fantoccini::wd::WindowHandle) {
        self.client.switch_to_window(tab).await.unwrap();
    }

    /// Path and query of the present address.
    pub async fn address(&self) -> String {
        let url = self.client.current_url().await.unwrap();
        url.query().map_or(url.path().to_owned(), |query| format!("{}?{query}", url.path()))
    }

    /// Waits until the present address is this.
    pub async fn arrives_at(&self, address: &str) {
        self.until(&format!("the address is {address}"), async || self.address().await == address).await;
    }

    // Looking.

    /// Runs the body of a function in the page.
    pub async fn script(&self, body: &str, arguments: &[Value]) -> Value {
        self.execute(body, arguments).await.unwrap()
    }

    /// The same, for who knows what to do where it fails. Firefox has nothing to run it in for a moment while it goes from one
    /// page to the next, and blames the memory: then nothing was run, and it is run in the next page.
    async fn execute(&self, body: &str, arguments: &[Value]) -> Result<Value, CmdError> {
        let begun = Instant::now();
        loop {
            let ran = self.client.execute(body, arguments.to_vec()).await;
            let between_pages = ran.as_ref().is_err_and(|error| error.to_string().contains("evalInSandbox"));
            if !between_pages || begun.elapsed() > PATIENCE {
                return ran;
            }
            tokio::time::sleep(GLANCE).await;
        }
    }

    /// Runs the body of a function whose first argument is an element; what is being drawn anew is found again.
    async fn script_on(&self, target: &Target, body: &str, more: &[Value]) -> Value {
        loop {
            let mut arguments = vec![json!(self.find(target).await)];
            arguments.extend_from_slice(more);
            match self.execute(body, &arguments).await {
                Ok(value) => return value,
                Err(error) if error.is_stale_element_reference() => {}
                Err(error) => panic!("{target}: {error}"),
            }
        }
    }

    /// What the page says, visible words only, spaces made plain.
    pub async fn words(&self) -> String {
        let words = self.script("return document.body?.innerText ?? ''", &[]).await;
        plain(words.as_str().unwrap_or_default())
    }

    /// Waits until `condition` holds; fails with what the page says.
    pub async fn until(&self, what: &str, mut condition: impl AsyncFnMut() -> bool) {
        self.until_some(what, async || condition().await.then_some(())).await;
    }

    /// Waits until there is something to return.
    pub async fn until_some<T>(&self, what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
        let begun = Instant::now();
        loop {
            if let Some(found) = look().await {
                return found;
            }
            if begun.elapsed() > PATIENCE {
                let (address, words) = (self.address().await, self.words().await);
                panic!("waited in vain: {what}\nat {address}, the page says:\n{words}\n");
            }
            tokio::time::sleep(GLANCE).await;
        }
    }

    /// All elements that match and can be seen.
    pub async fn all(&self, target: &Target) -> Vec<Element> {
        const VISIBLE: &str = "const found = document.evaluate(arguments[0], document, null, 7, null); \
            return Array.from({ length: found.snapshotLength }, (_, index) => found.snapshotItem(index)) \
            .filter(element => element.checkVisibility({ visibilityProperty: true }))";
        let found = loop {
            match self.execute(VISIBLE, &[target.path().into()]).await {
                Ok(found) => break found,
                // WebKit, where the page was being drawn anew meanwhile.
                Err(error) if error.is_stale_element_reference() => {}
                Err(error) => panic!("{target}: {error}"),
            }
        };
        let reference = |element: &Value| element.as_object()?.values().next()?.as_str().map(str::to_owned);
        found
            .as_array()
            .unwrap()
            .iter()
            .filter_map(reference)
            .map(|id| Element::from_element_id(self.client.clone(), id.into()))
            .collect()
    }

    /// Waits for an element and returns the first that matches.
    pub async fn find(&self, target: &Target) -> Element {
        let what = format!("there is a {target}");
        self.until_some(&what, async || self.all(target).await.into_iter().next()).await
    }

    /// Waits until an element can be seen.
    pub async fn sees(&self, target: &Target) {
        self.find(target).await;
    }

    /// Waits until the page says this; upper and lower case are one.
    pub async fn reads(&self, words: &str) {
        let wanted = words.to_lowercase();
        self.until(&format!("the page says «{words}»"), async || {
            self.words().await.to_lowercase().contains(&wanted)
        })
        .await;
    }

    /// Waits until no such element can be seen.
    pub async fn misses(&self, target: &Target) {
        self.until(&format!("there is no {target}"), async || self.all(target).await.is_empty()).await;
    }

    /// Waits until so many such elements can be seen.
    pub async fn counts(&self, target: &Target, number: usize) {
        self.until(&format!("there are {number} {target}"), async || self.all(target).await.len() == number)
            .await;
    }

    /// What an element says.
    pub async fn words_of(&self, target: &Target) -> String {
        let words = self.script_on(target, "return arguments[0].innerText", &[]).await;
        plain(words.as_str().unwrap_or_default())
    }

    /// A property of an element, e.g. `value` or `checked`.
    pub async fn property(&self, target: &Target, name: &str) -> Value {
        self.script_on(target, "return arguments[0][arguments[1]]", &[name.into()]).await
    }

    /// Waits until a property of an element is this.
    pub async fn has(&self, target: &Target, name: &str, value: impl Into<Value>) {
        let value = value.into();
        let what = format!("{name} of {target} is {value}");
        self.until(&what, async || self.property(target, name).await == value).await;
    }

    /// Waits until an element has the focus.
    pub async fn focuses(&self, target: &Target) {
        self.until(&format!("the focus is on {target}"), async || {
            self.script_on(target, "return document.activeElement === arguments[0]", &[]).await == true
        })
        .await;
    }

    /// What has the focus: its tag, id and words.
    pub async fn focus(&self) -> String {
        const FOCUS: &str = "const e = document.activeElement; \
            return `${e.tagName.toLowerCase()}#${e.id} ${e.closest('label')?.innerText ?? e.innerText}`";
        plain(self.script(FOCUS, &[]).await.as_str().unwrap_or_default())
    }

    // Doing.

    /// Clicks.
    pub async fn click(&self, target: &Target) {
        self.acts_on(target, async |element| element.click().await).await;
    }

    /// Clicks what is gone where it happened by itself meanwhile.
    pub async fn click_unless_gone(&self, target: &Target) {
        if let Some(element) = self.all(target).await.pop() {
            element.click().await.ok();
        }
    }

    /// Types into a field, behind what is in it.
    pub async fn types(&self, target: &Target, words: &str) {
        self.acts_on(target, async |element| element.send_keys(words).await).await;
    }

    /// Empties a field, then types.
    pub async fn retypes(&self, target: &Target, words: &str) {
        self.script("arguments[0].select()", &[json!(self.find(target).await)]).await;
        self.types(target, words).await;
    }

    /// Chooses from a list.
    pub async fn selects(&self, target: &Target, label: &str) {
        self.acts_on(target, async |element| element.select_by_label(label).await).await;
    }

    /// Presses keys, whatever has the focus.
    pub async fn presses(&self, keys: &str) {
        self.client.active_element().await.unwrap().send_keys(keys).await.unwrap();
    }

    /// Does something to an element as soon as it can be done: what is being drawn anew is found again.
    async fn acts_on(&self, target: &Target, act: impl AsyncFn(Element) -> Result<(), CmdError>) {
        let what = format!("something can be done with {target}");
        self.until(&what, async || {
            let element = self.find(target).await;
            // As a person scrolls: into the middle, not under a bar at the edge.
            const CENTRE: &str = "arguments[0].scrollIntoView({ block: 'center', behavior: 'instant' })";
            let done = async {
                self.client.execute(CENTRE, vec![json!(element)]).await?;
                act(element).await
            };
            match done.await {
                Ok(()) => true,
                Err(error) if error.is_stale_element_reference() => false,
                Err(error) => panic!("{target}: {error}"),
            }
        })
        .await;
    }
}

/// Spaces of all kinds made plain, so that texts can be compared.
pub fn plain(text: &str) -> String {
    text.replace(['\u{a0}', '\u{202f}'], " ")
}

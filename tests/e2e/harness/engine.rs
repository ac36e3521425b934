//! The engines that journeys are driven in. What one is started with and told is written here and nowhere else.

use super::browser::Setup;
use super::display::Display;
use super::driver::Driver;
use super::port;
use super::server::setting;
use serde_json::{Map, Value, json};
use std::net::SocketAddr;
use std::process::Command;
use std::sync::Arc;

/// A real engine, in a real browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// Chromium. Also the one that says what pages log, and that emulates ([`super::Browser::devtools`]).
    Chromium,
    /// Firefox (Gecko).
    Firefox,
    /// WebKitGTK, in its MiniBrowser.
    Webkit,
}

/// A size of windows that no engine refuses: smaller ones are emulated, or not had.
const LEAST_WIDTH: u32 = 500;
/// About what a window has above the page.
const BARS: u32 = 150;

impl Engine {
    /// A driver for one more browser, which reaches names by way of `wire`.
    pub(super) fn driver(self, wire: Option<SocketAddr>) -> Arc<Driver> {
        match self {
            Self::Chromium => Driver::shared(|| {
                let mut command = Command::new(setting("CHROMEDRIVER"));
                command.args(["--port=0", "--log-level=SEVERE"]);
                // "ChromeDriver was started successfully on port 43567."
                Driver::start_and_hear(command, |line| {
                    line.split_once("successfully on port ")?.1.trim_end_matches('.').parse().ok()
                })
            }),
            // The other two drive one browser each.
            Self::Firefox => {
                let mut command = Command::new(setting("GECKODRIVER"));
                command.args(["--port=0", "--websocket-port=0"]);
                // "1790000000000 geckodriver INFO Listening on 127.0.0.1:43567"
                let heard = |line: &str| line.split_once("Listening on ")?.1.rsplit_once(':')?.1.parse().ok();
                Arc::new(Driver::start_and_hear(command, heard))
            }
            Self::Webkit => {
                // It does not say on which port it is.
                let port = port::free();
                let display = Display::shared();
                let mut command = Command::new(setting("WEBKITDRIVER"));
                command.arg(format!("--port={port}")).env("DISPLAY", display.name());
                // What it accepts: the entrance asks for it.
                command.env("LANG", "es_CO.UTF-8");
                // Said by WebDriver it would speak TLS with the proxy itself.
                if let Some(wire) = wire {
                    command.env("https_proxy", format!("http://{wire}"));
                }
                Arc::new(Driver::start_at(command, port, Some(display)))
            }
        }
    }

    /// What a browser is told when it starts.
    pub(super) fn capabilities(self, setup: Setup, wire: Option<SocketAddr>) -> Map<String, Value> {
        assert!(setup.script || self == Self::Chromium, "only Chromium can be told to run no scripts");
        let Setup { width, height, third_party_cookies, .. } = setup;
        let mut capabilities = match self {
            Self::Chromium => {
                let mut preferences = Map::new();
                if !setup.script {
                    preferences
                        .insert("profile.managed_default_content_settings.javascript".into(), 2.into());
                }
                if !third_party_cookies {
                    preferences.insert("profile.block_third_party_cookies".into(), true.into());
                    preferences.insert("profile.cookie_controls_mode".into(), 1.into());
                }
                json!({
                    "browserName": "chrome",
                    "goog:chromeOptions": {
                        "binary": setting("CHROME"),
                        "args": [
                            "--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu",
                            "--no-first-run", "--disable-background-networking",
                            "--disable-component-update", "--disable-sync", "--accept-lang=es-CO,es",
                            format!("--window-size={},{}", width.max(LEAST_WIDTH), height + BARS),
                        ],
                        "prefs": preferences,
                    },
                    "goog:loggingPrefs": { "browser": "ALL" },
                })
            }
            Self::Firefox => {
                let mut preferences = json!({ "intl.accept_languages": "es-CO,es" });
                if !third_party_cookies {
                    preferences["network.cookie.cookieBehavior"] = 1.into();
                }
                json!({
                    "browserName": "firefox",
                    "moz:firefoxOptions": {
                        "binary": setting("FIREFOX"),
                        "args": [
                            "-headless",
                            format!("--width={}", width.max(LEAST_WIDTH)),
                            format!("--height={}", height + BARS),
                        ],
                        "prefs": preferences,
                    },
                })
            }
            Self::Webkit => {
                let policy = if third_party_cookies { "always" } else { "no-third-party" };
                let arguments = ["--automation".to_owned(), format!("--cookies-policy={policy}")];
                json!({
                    "browserName": "MiniBrowser",
                    "webkitgtk:browserOptions": { "binary": setting("MINIBROWSER"), "args": arguments },
                })
            }
        };
        if !setup.patient {
            capabilities["pageLoadStrategy"] = "none".into();
        }
        if let Some(wire) = wire {
            // Its certificate was made for this test alone.
            capabilities["acceptInsecureCerts"] = true.into();
            if self != Self::Webkit {
                let wire = wire.to_string();
                capabilities["proxy"] = json!({ "proxyType": "manual", "httpProxy": wire, "sslProxy": wire });
            }
        }
        match capabilities {
            Value::Object(capabilities) => capabilities,
            _ => Map::new(),
        }
    }
}

/// Makes of each story, an `async fn(&Site)`, a test in each engine over TLS: `story::chromium`, `story::firefox`,
/// `story::webkit`.
macro_rules! in_every_engine {
    ($($story:ident),* $(,)?) => {$(
        mod $story {
            use crate::harness::{Engine, journey_over_tls};

            #[test]
            fn chromium() {
                journey_over_tls(Engine::Chromium, super::$story);
            }

            #[test]
            fn firefox() {
                journey_over_tls(Engine::Firefox, super::$story);
            }

            #[test]
            fn webkit() {
                journey_over_tls(Engine::Webkit, super::$story);
            }
        }
    )*};
}
pub(crate) use in_every_engine;

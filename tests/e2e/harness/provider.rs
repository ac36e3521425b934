//! An OpenID Connect provider: a certified implementation, run by node.

use super::server::setting;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/e2e/harness/oidc.mjs");

/// A provider; ended when it is dropped.
pub struct Provider {
    /// Its issuer.
    pub issuer: String,
    process: Child,
}

impl Provider {
    /// Starts a provider that sends people back to the site at `origin`.
    pub fn start(origin: &str) -> Self {
        let mut process = Command::new("node")
            .arg(SCRIPT)
            .arg(format!("{origin}{}", cabildo_contract::identity::SIGNED_IN_PATH))
            .env("CABILDO_NODE_MODULES", setting("CABILDO_NODE_MODULES"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let said = BufReader::new(process.stdout.take().unwrap());
        let issuer = said.lines().next().expect("the provider did not start").unwrap();
        Self { issuer, process }
    }

    /// How an operator names it to the server.
    pub fn option(&self) -> String {
        format!("prueba={},cabildo,not,secret", self.issuer)
    }
}

impl Drop for Provider {
    fn drop(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

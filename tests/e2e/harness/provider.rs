//! An OpenID Connect provider: a certified implementation.

use super::node::{Node, Said};

/// A provider; ended when it is dropped.
pub struct Provider {
    issuer: String,
    /// It says more while it runs, and ends where nobody hears it.
    _said: Said,
    _process: Node,
}

impl Provider {
    /// Starts a provider that sends people back to the site at `origin`.
    pub fn start(origin: &str) -> Self {
        let back = format!("{origin}{}", cabildo_contract::identity::SIGNED_IN_PATH);
        let (process, issuer, said) = Node::start("oidc.mjs", &[&back]);
        Self { issuer, _said: said, _process: process }
    }

    /// How an operator names it to the server.
    pub fn option(&self) -> String {
        format!("prueba={},cabildo,not,secret", self.issuer)
    }
}

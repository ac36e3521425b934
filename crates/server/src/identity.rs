//! Whom a code or a provider names, as no more than a keyed hash.
//!
//! In each process an identity is `HMAC-SHA-256(K, assurance | subject)` (RFC 2104), where `K` is made of a secret in the
//! data directory and a salt in the database. A copy of the database alone says nothing; two processes have nothing in
//! common; and once the salt of a process is deleted nobody can ask again whose a hash was.

use crate::random;
use crate::secret::{self, SecretError};
use cabildo_contract::identity::Email;
use cabildo_contract::session::Assurance;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::path::Path;

/// Name of the file with the secret, in the data directory.
const FILE: &str = "identity.secret";

/// A keyed hash.
pub type Hash = [u8; 32];

/// Makes hashes of identities and of codes.
pub struct Identities {
    secret: Hash,
}

impl Identities {
    /// With this secret.
    #[must_use]
    pub fn new(secret: Hash) -> Self {
        Self { secret }
    }

    /// With the secret in a data directory; made, readable by its owner only, if it is not there.
    ///
    /// # Errors
    /// [`SecretError`].
    pub fn open(directory: &Path) -> Result<Self, SecretError> {
        Ok(Self::new(secret::open(directory, FILE)?))
    }

    /// A secret for one purpose, the same for all servers of an installation.
    #[must_use]
    pub fn secret_for(&self, purpose: &'static str) -> Hash {
        hmac(&self.secret, &[b"secret for ", purpose.as_bytes()])
    }

    /// The owner of a mailbox in the process of this salt.
    #[must_use]
    pub fn mailbox(&self, salt: &Hash, email: &Email) -> Hash {
        self.subject(salt, &Assurance::Email, &email.mailbox())
    }

    /// Whom somebody who vouches for people calls `subject`, in the process of this salt.
    #[must_use]
    pub fn subject(&self, salt: &Hash, assurance: &Assurance, subject: &str) -> Hash {
        let key = hmac(&self.secret, &[salt]);
        hmac(&key, &[assurance.to_string().as_bytes(), b"|", subject.as_bytes()])
    }

    /// A code that was sent to a session. Eight digits are guessed in no time from a plain hash; not from this one
    /// without the secret.
    #[must_use]
    pub fn code(&self, token_hash: &Hash, code: &str) -> Hash {
        hmac(&self.secret, &[b"code", token_hash, code.as_bytes()])
    }

    /// The token that a session has once its person was recognised by `proof`, what they alone were told; and what is
    /// stored of it. Whoever asks again with the token before and the same proof, since the answer was lost, is given the
    /// same one.
    #[must_use]
    pub fn next_token(&self, token_hash: &Hash, proof: &str) -> (String, Hash) {
        random::token_of(&hmac(&self.secret, &[b"next token", token_hash, proof.as_bytes()]))
    }

    /// Under what is counted how often somebody asks so.
    #[must_use]
    pub fn asking_again(&self, token_hash: &Hash) -> Hash {
        hmac(&self.secret, &[b"again", token_hash])
    }
}

/// HMAC-SHA-256 of these parts, one after the other.
pub fn hmac(key: &Hash, parts: &[&[u8]]) -> Hash {
    // HMAC takes keys of any length: there is no error to meet.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return [0; 32] };
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    #[test]
    fn a_mailbox_is_one_identity_in_a_process_and_another_in_the_next() {
        let identities = Identities::new([7; 32]);
        let email = |text: &str| Email::parse(text).unwrap();
        let first = identities.mailbox(&[1; 32], &email("Ana+x@example.org"));
        assert_eq!(first, identities.mailbox(&[1; 32], &email("ana@example.org")));
        assert_ne!(first, identities.mailbox(&[2; 32], &email("ana@example.org")));
        assert_ne!(first, Identities::new([8; 32]).mailbox(&[1; 32], &email("ana@example.org")));
        let provider = Assurance::parse("oidc:a").unwrap();
        assert_ne!(first, identities.subject(&[1; 32], &provider, "ana@example.org"));
    }

    #[test]
    fn a_code_belongs_to_the_session_that_it_was_sent_to() {
        let identities = Identities::new([7; 32]);
        assert_ne!(identities.code(&[1; 32], "12345678"), identities.code(&[2; 32], "12345678"));
    }

    #[test]
    fn the_next_token_is_known_to_nobody_who_lacks_the_one_before_or_the_proof() {
        let identities = Identities::new([7; 32]);
        let next = identities.next_token(&[1; 32], "12345678");
        assert_eq!(next, identities.next_token(&[1; 32], "12345678"));
        assert_ne!(next, identities.next_token(&[2; 32], "12345678"));
        assert_ne!(next, identities.next_token(&[1; 32], "12345679"));
        assert_ne!(next, Identities::new([8; 32]).next_token(&[1; 32], "12345678"));
    }
}

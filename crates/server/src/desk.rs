//! Keys of answering desks.
//!
//! An entity answers comments with a key that the operator makes for it (`cabildo key`). The key says which process, in
//! whose name and until when, and carries an HMAC-SHA-256 (RFC 2104) of that under a secret in the data directory. So no
//! table of keys is needed, and one can be made while the server runs; a new secret ends all keys at once.

use crate::random::{self, NoRandomness};
use crate::secret::{self, SecretError};
use cabildo_contract::answer::Desk;
use cabildo_contract::id::Slug;
use cabildo_contract::time::Timestamp;
use data_encoding::BASE64URL_NOPAD;
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use std::path::Path;

/// Name of the file with the secret, in the data directory.
const FILE: &str = "desk.secret";

/// Longest name of an entity, in characters.
pub const ENTITY_MAX: usize = 120;

/// What a key says.
#[derive(Serialize, Deserialize)]
struct Claim {
    process: Slug,
    entity: String,
    closes_at: Timestamp,
}

/// Makes keys of desks, and opens desks with them.
pub struct Desks {
    secret: [u8; 32],
}

impl Desks {
    /// With a new secret, known to nobody else.
    ///
    /// # Errors
    /// [`NoRandomness`].
    pub fn new() -> Result<Self, NoRandomness> {
        Ok(Self { secret: random::secret()? })
    }

    /// With the secret in a data directory; made, readable by its owner only, if it is not there.
    ///
    /// # Errors
    /// [`SecretError`].
    pub fn open(directory: &Path) -> Result<Self, SecretError> {
        Ok(Self { secret: secret::open(directory, FILE)? })
    }

    /// A key that opens the desk of `entity` in `process` until `closes_at`. None if the name is empty or longer than
    /// [`ENTITY_MAX`].
    #[must_use]
    pub fn key(&self, process: &Slug, entity: &str, closes_at: Timestamp) -> Option<String> {
        let entity = entity.trim();
        if entity.is_empty() || entity.chars().count() > ENTITY_MAX {
            return None;
        }
        let claim = Claim { process: process.clone(), entity: entity.to_owned(), closes_at };
        let claim = BASE64URL_NOPAD.encode(&serde_json::to_vec(&claim).ok()?);
        let seal = BASE64URL_NOPAD.encode(&self.mac(&claim)?.finalize().into_bytes());
        Some(format!("{claim}.{seal}"))
    }

    /// The desk that a key opens in `process` at `now`; none if it is no key, of another process, or expired.
    #[must_use]
    pub fn desk(&self, key: &str, process: &Slug, now: Timestamp) -> Option<Desk> {
        let (claim, seal) = key.split_once('.')?;
        let seal = BASE64URL_NOPAD.decode(seal.as_bytes()).ok()?;
        // Compares in constant time.
        self.mac(claim)?.verify_slice(&seal).ok()?;
        let claim: Claim = serde_json::from_slice(&BASE64URL_NOPAD.decode(claim.as_bytes()).ok()?).ok()?;
        let opens = claim.process == *process && now < claim.closes_at;
        opens.then_some(Desk { entity: claim.entity, closes_at: claim.closes_at })
    }

    fn mac(&self, claim: &str) -> Option<Hmac<Sha256>> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.secret).ok()?;
        mac.update(claim.as_bytes());
        Some(mac)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    fn slug(text: &str) -> Slug {
        Slug::parse(text).unwrap()
    }

    #[test]
    fn a_key_opens_the_desk_of_its_entity_in_its_process_until_it_expires() {
        let desks = Desks::new().unwrap();
        let end = Timestamp::from_millis(1_000);
        let key = desks.key(&slug("plan"), " Alcaldía ", end).unwrap();
        let desk = desks.desk(&key, &slug("plan"), Timestamp::from_millis(999)).unwrap();
        assert_eq!(desk, Desk { entity: "Alcaldía".into(), closes_at: end });
        assert_eq!(desks.desk(&key, &slug("plan"), end), None);
        assert_eq!(desks.desk(&key, &slug("other"), Timestamp::from_millis(1)), None);
    }

    #[test]
    fn what_was_altered_or_made_elsewhere_opens_nothing() {
        let (desks, others) = (Desks::new().unwrap(), Desks::new().unwrap());
        let (end, now) = (Timestamp::from_millis(1_000), Timestamp::from_millis(1));
        let key = desks.key(&slug("plan"), "A", end).unwrap();
        assert_eq!(others.desk(&key, &slug("plan"), now), None);
        let (_, seal) = key.split_once('.').unwrap();
        let (claim, _) = desks
            .key(&slug("plan"), "B", end)
            .unwrap()
            .split_once('.')
            .map(|(a, b)| (a.to_owned(), b.to_owned()))
            .unwrap();
        for bad in [format!("{claim}.{seal}"), String::new(), ".".into(), "x".into(), format!("{key}A")] {
            assert_eq!(desks.desk(&bad, &slug("plan"), now), None, "{bad}");
        }
        assert_eq!(desks.key(&slug("plan"), " ", end), None);
        assert_eq!(desks.key(&slug("plan"), &"x".repeat(ENTITY_MAX + 1), end), None);
    }

    #[test]
    fn the_secret_is_made_once_and_found_again() {
        let directory = tempfile::TempDir::new().unwrap();
        let key =
            Desks::open(directory.path()).unwrap().key(&slug("p"), "A", Timestamp::from_millis(9)).unwrap();
        let again = Desks::open(directory.path()).unwrap();
        assert!(again.desk(&key, &slug("p"), Timestamp::from_millis(1)).is_some());
        std::fs::write(directory.path().join(FILE), "short").unwrap();
        assert!(matches!(Desks::open(directory.path()), Err(SecretError::Damaged(_))));
    }
}

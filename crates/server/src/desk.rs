//! Keys of desks: of those where entities answer comments, and of those where comments are moderated.
//!
//! An entity answers comments with a key that the operator makes for it (`cabildo key`), a moderator decides with one of
//! their own (`cabildo staff add`). A key says which process, what for, in whose name and until when, and carries an HMAC-SHA-256 (RFC 2104) of that under a secret in the data directory. So no
//! table of keys is needed, and one can be made while the server runs; a new secret ends all keys at once.

use crate::random::{self, NoRandomness};
use crate::secret::{self, SecretError};
use cabildo_contract::answer::Desk;
use cabildo_contract::id::Slug;
use cabildo_contract::time::Timestamp;
use clap::ValueEnum;
use data_encoding::BASE64URL_NOPAD;
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use std::path::Path;

/// Name of the file with the secret, in the data directory.
const FILE: &str = "desk.secret";

/// Longest name in a key, in characters.
pub const NAME_MAX: usize = 120;

/// What a desk is there for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// An entity answers comments. Keys from before there were others say no role.
    #[default]
    #[value(skip)]
    Entity,
    /// Decides about comments that were reported or wait for approval.
    Moderator,
}

/// What a key says.
#[derive(Serialize, Deserialize)]
struct Claim {
    process: Slug,
    #[serde(default)]
    role: Role,
    /// The name of who holds it, whatever the role.
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

    /// A key that opens a desk in `process` to `name` until `closes_at`. None if the name is empty or longer than
    /// [`NAME_MAX`].
    #[must_use]
    pub fn key(&self, role: Role, process: &Slug, name: &str, closes_at: Timestamp) -> Option<String> {
        let name = name.trim();
        if name.is_empty() || name.chars().count() > NAME_MAX {
            return None;
        }
        let claim = Claim { process: process.clone(), role, entity: name.to_owned(), closes_at };
        let claim = BASE64URL_NOPAD.encode(&serde_json::to_vec(&claim).ok()?);
        let seal = BASE64URL_NOPAD.encode(&self.mac(&claim)?.finalize().into_bytes());
        Some(format!("{claim}.{seal}"))
    }

    /// The answering desk that a key opens in `process` at `now`; none if it is no key, one for something else, of another
    /// process, or expired.
    #[must_use]
    pub fn desk(&self, key: &str, process: &Slug, now: Timestamp) -> Option<Desk> {
        let claim = self.claim(Role::Entity, key, process, now)?;
        Some(Desk { entity: claim.entity, closes_at: claim.closes_at })
    }

    /// The name of the moderator of `process` who holds a key at `now`; none as for [`Self::desk`].
    #[must_use]
    pub fn moderator(&self, key: &str, process: &Slug, now: Timestamp) -> Option<String> {
        Some(self.claim(Role::Moderator, key, process, now)?.entity)
    }

    fn claim(&self, role: Role, key: &str, process: &Slug, now: Timestamp) -> Option<Claim> {
        let (claim, seal) = key.split_once('.')?;
        let seal = BASE64URL_NOPAD.decode(seal.as_bytes()).ok()?;
        // Compares in constant time.
        self.mac(claim)?.verify_slice(&seal).ok()?;
        let claim: Claim = serde_json::from_slice(&BASE64URL_NOPAD.decode(claim.as_bytes()).ok()?).ok()?;
        let opens = claim.role == role && claim.process == *process && now < claim.closes_at;
        opens.then_some(claim)
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
        let key = desks.key(Role::Entity, &slug("plan"), " Alcaldía ", end).unwrap();
        let desk = desks.desk(&key, &slug("plan"), Timestamp::from_millis(999)).unwrap();
        assert_eq!(desk, Desk { entity: "Alcaldía".into(), closes_at: end });
        assert_eq!(desks.desk(&key, &slug("plan"), end), None);
        assert_eq!(desks.desk(&key, &slug("other"), Timestamp::from_millis(1)), None);
    }

    #[test]
    fn what_was_altered_or_made_elsewhere_opens_nothing() {
        let (desks, others) = (Desks::new().unwrap(), Desks::new().unwrap());
        let (end, now) = (Timestamp::from_millis(1_000), Timestamp::from_millis(1));
        let key = desks.key(Role::Entity, &slug("plan"), "A", end).unwrap();
        assert_eq!(others.desk(&key, &slug("plan"), now), None);
        let (_, seal) = key.split_once('.').unwrap();
        let (claim, _) = desks
            .key(Role::Entity, &slug("plan"), "B", end)
            .unwrap()
            .split_once('.')
            .map(|(a, b)| (a.to_owned(), b.to_owned()))
            .unwrap();
        for bad in [format!("{claim}.{seal}"), String::new(), ".".into(), "x".into(), format!("{key}A")] {
            assert_eq!(desks.desk(&bad, &slug("plan"), now), None, "{bad}");
        }
        assert_eq!(desks.key(Role::Entity, &slug("plan"), " ", end), None);
        assert_eq!(desks.key(Role::Entity, &slug("plan"), &"x".repeat(NAME_MAX + 1), end), None);
    }

    #[test]
    fn a_key_opens_only_what_it_was_made_for() {
        let desks = Desks::new().unwrap();
        let (end, now) = (Timestamp::from_millis(1_000), Timestamp::from_millis(1));
        let moderates = desks.key(Role::Moderator, &slug("plan"), "Ana", end).unwrap();
        assert_eq!(desks.moderator(&moderates, &slug("plan"), now).as_deref(), Some("Ana"));
        assert_eq!(desks.moderator(&moderates, &slug("other"), now), None);
        assert_eq!(desks.moderator(&moderates, &slug("plan"), end), None);
        assert_eq!(desks.desk(&moderates, &slug("plan"), now), None);
        let answers = desks.key(Role::Entity, &slug("plan"), "Ana", end).unwrap();
        assert_eq!(desks.moderator(&answers, &slug("plan"), now), None);
        // A key from before there were moderators.
        let old: Claim =
            serde_json::from_str(r#"{"process":"plan","entity":"A","closes_at":"2026-01-01T00:00:00Z"}"#)
                .unwrap();
        assert_eq!(old.role, Role::Entity);
    }

    #[test]
    fn the_secret_is_made_once_and_found_again() {
        let directory = tempfile::TempDir::new().unwrap();
        let end = Timestamp::from_millis(9);
        let key = Desks::open(directory.path()).unwrap().key(Role::Entity, &slug("p"), "A", end).unwrap();
        let again = Desks::open(directory.path()).unwrap();
        assert!(again.desk(&key, &slug("p"), Timestamp::from_millis(1)).is_some());
        std::fs::write(directory.path().join(FILE), "short").unwrap();
        assert!(matches!(Desks::open(directory.path()), Err(SecretError::Damaged(_))));
    }
}

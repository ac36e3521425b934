//! Randomness from the operating system: tokens, codes, numbers and ids.

use cabildo_contract::time::Timestamp;
use data_encoding::{BASE64URL_NOPAD, Encoding, Specification};
use sha2::{Digest, Sha256};
use std::sync::LazyLock;

/// The operating system gave no randomness.
#[derive(Debug, thiserror::Error)]
#[error("the operating system gave no randomness: {0}")]
pub struct NoRandomness(getrandom::Error);

/// So many random bytes.
///
/// # Errors
/// [`NoRandomness`]; nothing can be done without it.
pub fn bytes<const N: usize>() -> Result<[u8; N], NoRandomness> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(NoRandomness)?;
    Ok(bytes)
}

/// SHA-256 of some bytes.
#[must_use]
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// A secret of 256 random bits.
///
/// # Errors
/// [`NoRandomness`]; nothing can be done without it.
pub fn secret() -> Result<[u8; 32], NoRandomness> {
    bytes()
}

/// A session token: 256 random bits as base64url.
///
/// # Errors
/// [`NoRandomness`]; nothing can be done without it.
pub fn token() -> Result<String, NoRandomness> {
    Ok(token_of(&bytes()?).0)
}

/// The token with these bits, and what is stored of it.
#[must_use]
pub fn token_of(bits: &[u8; 32]) -> (String, [u8; 32]) {
    (BASE64URL_NOPAD.encode(bits), sha256(bits))
}

/// What is stored of a session token: its SHA-256. None if it was never a token of ours.
#[must_use]
pub fn token_hash(token: &str) -> Option<[u8; 32]> {
    // Nothing but what `token` makes may reach the database.
    let raw = BASE64URL_NOPAD.decode(token.as_bytes()).ok()?;
    (raw.len() == 32).then(|| sha256(&raw))
}

/// The public code of an author: eight characters of Crockford's base 32 (<https://www.crockford.com/base32.html>),
/// which leaves out letters that are taken for digits.
///
/// # Errors
/// [`NoRandomness`].
pub fn author() -> Result<String, NoRandomness> {
    static CROCKFORD: LazyLock<Option<Encoding>> = LazyLock::new(|| {
        let mut specification = Specification::new();
        specification.symbols.push_str("0123456789ABCDEFGHJKMNPQRSTVWXYZ");
        specification.encoding().ok()
    });
    let bytes = bytes::<5>()?;
    // The alphabet above has 32 distinct ASCII symbols, so there always is an encoding.
    Ok(CROCKFORD.as_ref().map(|crockford| crockford.encode(&bytes)).unwrap_or_default())
}

/// Author codes to try in turn, should the first be taken.
///
/// # Errors
/// [`NoRandomness`].
pub fn authors() -> Result<Vec<String>, NoRandomness> {
    (0..4).map(|_| author()).collect()
}

/// An acknowledgement number: nine random digits in groups of three, `123-456-789`.
///
/// # Errors
/// [`NoRandomness`].
pub fn receipt() -> Result<String, NoRandomness> {
    // 2^64 is so much larger than 10^9 that the remainder is uniform for every purpose here.
    let number = u64::from_le_bytes(bytes()?) % 1_000_000_000;
    Ok(format!("{:03}-{:03}-{:03}", number / 1_000_000, number / 1_000 % 1_000, number % 1_000))
}

/// A code to be sent: eight random digits.
///
/// # Errors
/// [`NoRandomness`].
pub fn code() -> Result<String, NoRandomness> {
    // As for acknowledgement numbers.
    Ok(format!("{:08}", u64::from_le_bytes(bytes()?) % 100_000_000))
}

/// A UUIDv7 (RFC 9562): sorts by the time at which it was made.
///
/// # Errors
/// [`NoRandomness`].
pub fn id(now: Timestamp) -> Result<String, NoRandomness> {
    let millis = u64::try_from(now.millis()).unwrap_or(0);
    Ok(uuid::Builder::from_unix_timestamp_millis(millis, &bytes()?).into_uuid().to_string())
}

/// The id of a request, for the log and for whoever asks about it: 16 hexadecimal digits.
#[must_use]
pub fn request_id() -> String {
    // Not a secret, so a generator of its own is enough and cannot fail.
    format!("{:016x}", fastrand::u64(..))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    #[test]
    fn codes_and_numbers_have_the_promised_shape() {
        let author = author().unwrap();
        assert!(author.len() == 8 && !author.contains(['I', 'L', 'O', 'U']), "{author}");
        let receipt = receipt().unwrap();
        assert_eq!(receipt.split('-').map(str::len).collect::<Vec<_>>(), [3, 3, 3], "{receipt}");
    }

    #[test]
    fn only_what_could_be_a_token_is_looked_up() {
        assert!(token_hash(&token().unwrap()).is_some());
        let (token, hash) = token_of(&[7; 32]);
        assert_eq!(token_hash(&token), Some(hash));
        for bad in ["", "x", "../../etc", &"A".repeat(42), &"A".repeat(86)] {
            assert!(token_hash(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn ids_sort_by_time() {
        let early = id(Timestamp::from_millis(1_000)).unwrap();
        assert!(early < id(Timestamp::from_millis(2_000)).unwrap());
    }
}

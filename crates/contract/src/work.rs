//! Work that a device does before it may have done what costs others: a code sent, a comment put before everybody.
//!
//! It is asked for only while much of that happens, and keeps a flood from costing nothing; it tells nobody apart from a
//! machine. The server thinks of a number and says what SHA-256 makes of it; whoever tries all numbers finds it. There is
//! a last number, so that the slowest phone knows the worst. Decision 14 says why so.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Name of the header that brings what was found: see [`Work::found`].
pub const WORK_HEADER: &str = "Cabildo-Work";
/// Seconds for which found work is good.
pub const WORK_SECONDS: i64 = 300;

/// A number to find.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Work {
    /// What the number is hashed with. Good once, for five minutes.
    pub seed: String,
    /// SHA-256 of the seed, a colon and the number in decimal, as 64 lower-case hexadecimal digits.
    pub target: String,
    /// The number is less than this.
    pub below: u32,
}

impl Work {
    /// The work of finding `number` again.
    #[must_use]
    pub fn of(seed: String, number: u32, below: u32) -> Self {
        let mut target = String::with_capacity(64);
        for byte in hash(&seed, number) {
            for half in [byte >> 4, byte & 15] {
                target.extend(char::from_digit(u32::from(half), 16));
            }
        }
        Self { seed, target, below }
    }

    /// The number, if it is one of the `count` from `from` on.
    #[must_use]
    pub fn search(&self, from: u32, count: u32) -> Option<u32> {
        let target = self.bytes()?;
        (from..from.saturating_add(count).min(self.below)).find(|number| hash(&self.seed, *number) == target)
    }

    /// What to send back in [`WORK_HEADER`] with the same request.
    #[must_use]
    pub fn found(&self, number: u32) -> String {
        format!("{}:{number}", self.seed)
    }

    fn bytes(&self) -> Option<[u8; 32]> {
        let digits = self.target.as_bytes();
        if digits.len() != 64 {
            return None;
        }
        let mut bytes = [0; 32];
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
            for digit in pair {
                let half = char::from(*digit).to_digit(16)?;
                *byte = *byte << 4 | u8::try_from(half).ok()?;
            }
        }
        Some(bytes)
    }
}

/// Reads what [`Work::found`] wrote: the seed and the number.
#[must_use]
pub fn parse_found(text: &str) -> Option<(&str, u32)> {
    let (seed, number) = text.rsplit_once(':')?;
    Some((seed, number.parse().ok()?))
}

fn hash(seed: &str, number: u32) -> [u8; 32] {
    let mut digits = [0; 10];
    let mut hasher = Sha256::new();
    hasher.update(seed.as_bytes());
    hasher.update(b":");
    hasher.update(decimal(number, &mut digits));
    hasher.finalize().into()
}

/// A number in decimal, without the machinery of `format!`: this runs tens of thousands of times on a phone.
fn decimal(mut number: u32, digits: &mut [u8; 10]) -> &[u8] {
    let mut start = digits.len();
    for (index, digit) in digits.iter_mut().enumerate().rev() {
        *digit = b'0' + u8::try_from(number % 10).unwrap_or(0);
        number /= 10;
        start = index;
        if number == 0 {
            break;
        }
    }
    digits.get(start..).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_tries_all_numbers_finds_the_one() {
        for number in [0, 9, 10, 999, 1_000, 4_095] {
            let work = Work::of("seed".into(), number, 4_096);
            assert_eq!(work.search(0, 4_096), Some(number));
            assert_eq!(parse_found(&work.found(number)), Some(("seed", number)));
        }
    }

    #[test]
    fn it_is_looked_for_bit_by_bit_and_never_beyond_the_last() {
        let work = Work::of("seed".into(), 700, 1_000);
        assert_eq!(work.search(0, 700), None);
        assert_eq!(work.search(700, 1), Some(700));
        let beyond = Work { below: 700, ..work.clone() };
        assert_eq!(beyond.search(0, u32::MAX), None);
        let broken = Work { target: "no hash".into(), ..work };
        assert_eq!(broken.search(0, 1_000), None);
    }

    #[test]
    fn the_target_is_what_the_documentation_says() {
        // printf 's:7' | sha256sum
        let target = "24c18bd875778134c173172b00fa02e6b084f42bf064f01fe793182d602a8e72";
        assert_eq!(Work::of("s".into(), 7, 10).target, target);
    }
}

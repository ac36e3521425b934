//! Sums of money, which some files give with decimals.

/// A sum that is not negative, exactly as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Amount {
    whole: u64,
    /// Decimals without the zeros at their end.
    decimals: String,
}

impl Amount {
    /// Reads a sum: digits, in groups of thousands or not, and after a point or a comma up to six decimals. What could
    /// be either (`1,000`) is not read; what can be only one (`1,000,000`, `1 000,50`) is.
    pub fn parse(text: &str) -> Option<Self> {
        let (whole, decimals) = parts(text)?;
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let decimals_trimmed = decimals.trim_end_matches('0');
        if whole.is_empty() || !digits(&whole) || !digits(decimals) || decimals_trimmed.len() > 6 {
            return None;
        }
        Some(Self { whole: whole.parse().ok()?, decimals: decimals_trimmed.to_owned() })
    }

    /// How many decimals it needs.
    pub fn decimals(&self) -> u8 {
        self.decimals.len() as u8
    }

    /// As a whole number of units of so many decimals, if it is one that can be counted.
    pub fn scaled(&self, decimals: u8) -> Option<u64> {
        let scale = 10_u64.checked_pow(decimals.into())?;
        let fraction: u64 = format!("{:0<1$}", self.decimals, usize::from(decimals)).parse().unwrap_or(0);
        // Beyond it no database keeps a whole number.
        self.whole.checked_mul(scale)?.checked_add(fraction).filter(|sum| *sum <= i64::MAX as u64)
    }
}

/// The digits before and after the mark between them.
fn parts(text: &str) -> Option<(String, &str)> {
    let marks: Vec<(usize, char)> = text.char_indices().filter(|(_, c)| ['.', ','].contains(c)).collect();
    match marks.as_slice() {
        [] => Some((joined(text, &SPACES)?, "")),
        [(at, mark)] => {
            let (whole, decimals) = (text.get(..*at)?, text.get(at + 1..)?);
            let thousands = *mark == ',' && decimals.len() == 3 && !whole.contains(SPACES);
            (!thousands).then_some(())?;
            Some((joined(whole, &SPACES)?, decimals))
        }
        // The same mark twice separates thousands, and nothing else.
        [(_, first), .., (_, last)] if first == last => Some((joined(text, &[*first])?, "")),
        [(_, first), .., (at, _)] => {
            let (whole, decimals) = (text.get(..*at)?, text.get(at + 1..)?);
            Some((joined(whole, &[*first])?, decimals))
        }
    }
}

/// What separates thousands besides points and commas.
const SPACES: [char; 4] = [' ', '\u{a0}', '\u{202f}', '\u{2009}'];

/// Digits without what separates their thousands; none if it separates something else.
fn joined(text: &str, separators: &[char]) -> Option<String> {
    let groups: Vec<&str> = text.split(separators).collect();
    let (first, rest) = groups.split_first()?;
    let grouped =
        rest.is_empty() || (1..=3).contains(&first.len()) && rest.iter().all(|group| group.len() == 3);
    grouped.then(|| groups.concat())
}

/// A whole number of units of so many decimals, as it is written.
pub fn written(amount: u64, decimals: u8) -> String {
    let Some(scale) = 10_u64.checked_pow(decimals.into()).filter(|scale| *scale > 1) else {
        return amount.to_string();
    };
    format!("{}.{:0>2$}", amount / scale, amount % scale, usize::from(decimals))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sum_is_read_exactly_or_not_at_all() {
        for (text, decimals, scaled) in [
            ("651000", 0, Some(651_000)),
            ("500000.00", 0, Some(500_000)),
            ("12.5", 2, Some(1_250)),
            ("12,05", 2, Some(1_205)),
            ("0", 0, Some(0)),
            ("1 000", 0, Some(1_000)),
            ("2\u{a0}100 000,50", 2, Some(210_000_050)),
            ("1 000,500", 1, Some(10_005)),
            ("1,000,000", 0, Some(1_000_000)),
            ("1.000.000", 0, Some(1_000_000)),
            ("1,000.25", 2, Some(100_025)),
            ("1.000,25", 2, Some(100_025)),
        ] {
            assert_eq!(Amount::parse(text).and_then(|amount| amount.scaled(decimals)), scaled, "{text}");
        }
        for bad in [
            "",
            "-1",
            "1,000",
            "10 00",
            "1 0000",
            "abc",
            "1.2.3",
            "1,00,000",
            "1,000.000,5",
            "1e6",
            ".5",
            "99999999999999999999",
        ] {
            assert_eq!(Amount::parse(bad), None, "{bad}");
        }
        assert_eq!(
            (written(1_205, 2), written(5, 2), written(7, 0)),
            ("12.05".into(), "0.05".into(), "7".into())
        );
    }
}

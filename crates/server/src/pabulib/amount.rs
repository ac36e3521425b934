//! Sums of money, which some files give with decimals.

/// A sum that is not negative, exactly as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Amount {
    whole: u64,
    /// Decimals without the zeros at their end.
    decimals: String,
}

impl Amount {
    /// Reads a sum: digits, and after a point or a comma up to six decimals. A comma before three digits could separate
    /// thousands, so it is not read.
    pub fn parse(text: &str) -> Option<Self> {
        let (whole, decimals) = match text.split_once(['.', ',']) {
            Some((_, decimals)) if text.contains(',') && decimals.len() == 3 => return None,
            Some((whole, decimals)) => (whole, decimals),
            None => (text, ""),
        };
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let decimals_trimmed = decimals.trim_end_matches('0');
        if whole.is_empty() || !digits(whole) || !digits(decimals) || decimals_trimmed.len() > 6 {
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
        ] {
            assert_eq!(Amount::parse(text).and_then(|amount| amount.scaled(decimals)), scaled, "{text}");
        }
        for bad in ["", "-1", "1,000", "1 000", "abc", "1.2.3", "1e6", ".5", "99999999999999999999"] {
            assert_eq!(Amount::parse(bad), None, "{bad}");
        }
        assert_eq!(
            (written(1_205, 2), written(5, 2), written(7, 0)),
            ("12.05".into(), "0.05".into(), "7".into())
        );
    }
}

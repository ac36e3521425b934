//! Instants, dates and periods.
//!
//! Small on purpose: the calendar crates cost a phone 16 to 53 KB, and the only things needed here are to
//! read and write [RFC 3339](https://www.rfc-editor.org/rfc/rfc3339) in UTC and to compare. The calendar
//! arithmetic is Howard Hinnant's `days_from_civil` / `civil_from_days`
//! (<https://howardhinnant.github.io/date_algorithms.html>); a property test holds it against the crate `jiff`.

use serde::{Deserialize, Serialize};
use std::fmt;

const DAY_MS: i64 = 86_400_000;

/// The text is no date or instant as RFC 3339 writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidTime;

impl fmt::Display for InvalidTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("expected RFC 3339: 2020-12-10 for a date, 2020-12-10T15:00:00Z for an instant in UTC")
    }
}

impl std::error::Error for InvalidTime {}

/// A calendar date without a time, written `2020-12-10`. Years 0000 to 9999.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(value_type = String, format = Date))]
pub struct Date(
    /// Days since 1970-01-01.
    i64,
);

impl Date {
    /// Parses `YYYY-MM-DD`.
    ///
    /// # Errors
    /// [`InvalidTime`] for another shape or a day that the calendar does not have.
    pub fn parse(text: &str) -> Result<Self, InvalidTime> {
        let bytes = text.as_bytes();
        if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
            return Err(InvalidTime);
        }
        let parts = (digits(&bytes[..4])?, digits(&bytes[5..7])?, digits(&bytes[8..])?);
        let date = Self::from_parts(parts);
        // Round trip through the day count: 30 February comes back as another day.
        let (year, month, day) = date.parts();
        if (i64::from(year), i64::from(month), i64::from(day)) == parts { Ok(date) } else { Err(InvalidTime) }
    }

    /// Midnight UTC at the start of this date.
    #[must_use]
    pub const fn midnight(self) -> Timestamp {
        Timestamp(self.0 * DAY_MS)
    }

    /// The day after.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0 + 1)
    }

    fn from_parts((year, month, day): (i64, i64, i64)) -> Self {
        let year = year - i64::from(month <= 2);
        let era = year.div_euclid(400);
        let year_of_era = year.rem_euclid(400);
        let day_of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        Self(era * 146_097 + day_of_era - 719_468)
    }

    /// Year, month (1–12) and day (1–31).
    #[must_use]
    pub fn parts(self) -> (i32, u8, u8) {
        let shifted_days = self.0 + 719_468;
        let era = shifted_days.div_euclid(146_097);
        let day_of_era = shifted_days.rem_euclid(146_097);
        let year_of_era =
            (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted_month = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
        let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
        ((year_of_era + era * 400 + i64::from(month <= 2)) as i32, month as u8, day as u8)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.parts();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

impl TryFrom<String> for Date {
    type Error = InvalidTime;
    fn try_from(text: String) -> Result<Self, InvalidTime> {
        Self::parse(&text)
    }
}

impl From<Date> for String {
    fn from(date: Date) -> Self {
        date.to_string()
    }
}

/// An instant, to the millisecond, written in UTC: `2020-12-10T15:00:00Z`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(value_type = String, format = DateTime))]
pub struct Timestamp(i64);

impl Timestamp {
    /// From milliseconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Milliseconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// This instant moved by `seconds`, which may be negative.
    #[must_use]
    pub const fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0 + seconds * 1000)
    }

    /// The date in UTC.
    #[must_use]
    pub fn date(self) -> Date {
        Date(self.0.div_euclid(DAY_MS))
    }

    /// Parses RFC 3339 in UTC (`Z`), seconds required, up to nine decimals of a second, kept to the millisecond.
    ///
    /// # Errors
    /// [`InvalidTime`] for anything else, offsets other than `Z` and leap seconds included.
    pub fn parse(text: &str) -> Result<Self, InvalidTime> {
        let bytes = text.as_bytes();
        if !text.is_ascii() || bytes.len() < 20 || bytes[10] != b'T' || bytes[bytes.len() - 1] != b'Z' {
            return Err(InvalidTime);
        }
        let date = Date::parse(text.get(..10).ok_or(InvalidTime)?)?;
        let (hour, minute, second) =
            (digits(&bytes[11..13])?, digits(&bytes[14..16])?, digits(&bytes[17..19])?);
        if bytes[13] != b':' || bytes[16] != b':' || hour > 23 || minute > 59 || second > 59 {
            return Err(InvalidTime);
        }
        let millis = match &bytes[19..bytes.len() - 1] {
            [] => 0,
            [b'.', decimals @ ..] if (1..=9).contains(&decimals.len()) => {
                digits(decimals)?;
                decimals.iter().chain(b"00").take(3).fold(0, |sum, b| sum * 10 + i64::from(b - b'0'))
            }
            _ => return Err(InvalidTime),
        };
        Ok(Self(date.midnight().0 + ((hour * 60 + minute) * 60 + second) * 1000 + millis))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let in_day = self.0.rem_euclid(DAY_MS);
        let (seconds, millis) = (in_day / 1000, in_day % 1000);
        let (h, m, s) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        write!(f, "{}T{h:02}:{m:02}:{s:02}", self.date())?;
        if millis > 0 {
            write!(f, ".{millis:03}")?;
        }
        f.write_str("Z")
    }
}

impl TryFrom<String> for Timestamp {
    type Error = InvalidTime;
    fn try_from(text: String) -> Result<Self, InvalidTime> {
        Self::parse(&text)
    }
}

impl From<Timestamp> for String {
    fn from(time: Timestamp) -> Self {
        time.to_string()
    }
}

fn digits(bytes: &[u8]) -> Result<i64, InvalidTime> {
    bytes.iter().try_fold(0, |sum: i64, b| {
        if b.is_ascii_digit() { Ok(sum * 10 + i64::from(b - b'0')) } else { Err(InvalidTime) }
    })
}

/// Where a [`Period`], or a span of days, stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It has not begun.
    Upcoming,
    /// It has begun and not ended.
    Open,
    /// It has ended.
    Closed,
}

impl State {
    /// Where the days from `from` to `to`, both included, stand on the day `today`.
    #[must_use]
    pub fn of_days(from: Date, to: Date, today: Date) -> Self {
        if today < from {
            Self::Upcoming
        } else if today <= to {
            Self::Open
        } else {
            Self::Closed
        }
    }
}

/// From `opens` until just before `closes`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Period {
    /// The first instant inside.
    pub opens: Timestamp,
    /// The first instant after the end.
    pub closes: Timestamp,
}

impl Period {
    /// The state at `now`: closed from the very instant `closes`.
    #[must_use]
    pub fn state(&self, now: Timestamp) -> State {
        if now < self.opens {
            State::Upcoming
        } else if now < self.closes {
            State::Open
        } else {
            State::Closed
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_day_that_the_calendar_does_not_have_is_refused() {
        for bad in
            ["2021-02-29", "2020-00-10", "2020-13-01", "2020-04-31", "2020-4-01", "20201210", "2020-12-00"]
        {
            assert_eq!(Date::parse(bad), Err(InvalidTime), "{bad}");
        }
        assert!(Date::parse("2020-02-29").is_ok());
    }

    #[test]
    fn an_instant_is_in_utc_and_complete() {
        for bad in [
            "2020-12-10T15:00:00+00:00",
            "2020-12-10T15:00Z",
            "2020-12-10 15:00:00Z",
            "2020-12-10T24:00:00Z",
            "2020-12-10T15:00:00.Z",
            "2020-12-10T15:00:60Z",
            "ñ020-12-10T15:00:00Z",
        ] {
            assert_eq!(Timestamp::parse(bad), Err(InvalidTime), "{bad}");
        }
        let kept = Timestamp::parse("2020-12-10T15:00:00.1239Z").unwrap();
        assert_eq!(kept.to_string(), "2020-12-10T15:00:00.123Z");
    }

    #[test]
    fn a_period_is_closed_from_the_very_instant_of_its_close() {
        let at = Timestamp::from_millis;
        let period = Period { opens: at(10), closes: at(20) };
        assert_eq!(period.state(at(9)), State::Upcoming);
        assert_eq!(period.state(at(10)), State::Open);
        assert_eq!(period.state(at(19)), State::Open);
        assert_eq!(period.state(at(20)), State::Closed);
    }

    proptest! {
        #[test]
        fn instants_agree_with_an_independent_calendar(millis in -62_135_596_800_000_i64..253_402_300_799_999) {
            let ours = Timestamp::from_millis(millis);
            let theirs = jiff::Timestamp::from_millisecond(millis).unwrap();
            prop_assert_eq!(theirs.to_string().parse::<jiff::Timestamp>().unwrap(), ours.to_string().parse().unwrap());
            prop_assert_eq!(Timestamp::parse(&ours.to_string()), Ok(ours));
            prop_assert_eq!(ours.date().to_string(), theirs.to_zoned(jiff::tz::TimeZone::UTC).date().to_string());
        }

        #[test]
        fn no_text_makes_the_parser_panic(text in ".{0,40}") {
            let _ = Timestamp::parse(&text);
            let _ = Date::parse(&text);
        }
    }
}

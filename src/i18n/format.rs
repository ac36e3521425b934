//! Plurals, numbers and dates, after CLDR.

use super::{Language, Plural};
use cabildo_contract::consultation::Budget;
use cabildo_contract::time::{Date, Timestamp};

#[cfg(target_arch = "wasm32")]
use browser as cldr;
#[cfg(not(target_arch = "wasm32"))]
use server as cldr;

/// The form of a message for `n` things.
#[must_use]
pub fn plural(language: Language, plural: &Plural, n: u64) -> &'static str {
    match cldr::category(language, n).as_str() {
        "one" => plural.one,
        "many" => plural.many,
        _ => plural.other,
    }
}

/// A whole number: `26.000` in es-CO, `26,000` in en.
#[must_use]
pub fn number(language: Language, n: u64) -> String {
    cldr::number(language, n)
}

/// A whole number that may be below zero, with the minus sign of typography: `−3`.
#[must_use]
pub fn signed(language: Language, n: i64) -> String {
    let written = number(language, n.unsigned_abs());
    if n < 0 { format!("−{written}") } else { written }
}

/// What stands before decimals.
#[must_use]
pub const fn decimal_point(language: Language) -> &'static str {
    match language {
        Language::English => ".",
        _ => ",",
    }
}

/// A sum of money, in the unit of a budget: `1.200.000 COP`. Without one a bare number.
#[must_use]
pub fn money(language: Language, amount: u64, budget: Option<&Budget>) -> String {
    let (currency, decimals) = budget.map_or(("", 0), |budget| (budget.currency.as_str(), budget.decimals));
    let unit = 10_u64.checked_pow(decimals.into()).unwrap_or(1);
    let mut written = number(language, amount / unit);
    if !amount.is_multiple_of(unit) {
        let width = usize::from(decimals);
        written += &format!("{}{:0width$}", decimal_point(language), amount % unit);
    }
    // No line ends between a sum and its unit.
    if currency.is_empty() { written } else { format!("{written}\u{a0}{currency}") }
}

/// A date in full: `10 de diciembre de 2020`.
#[must_use]
pub fn date(language: Language, date: Date) -> String {
    cldr::date(language, date)
}

/// An instant in full, in a time zone: `10 de diciembre de 2020, 3:00 p. m.`
#[must_use]
pub fn date_time(language: Language, time: Timestamp, time_zone: &str) -> String {
    with_one_space(&cldr::date_time(language, time, time_zone))
}

/// The time of day, to the second, in a time zone: `3:00:12 p. m.`
#[must_use]
pub fn time(language: Language, time: Timestamp, time_zone: &str) -> String {
    with_one_space(&cldr::time(language, time, time_zone))
}

/// The time of day, to the minute, in a time zone: `3:00 p. m.`
#[must_use]
pub fn hour(language: Language, time: Timestamp, time_zone: &str) -> String {
    with_one_space(&cldr::hour(language, time, time_zone))
}

/// Reads a time of a time zone as a form sends it: `2026-11-26T18:00`.
#[cfg(not(target_arch = "wasm32"))]
#[must_use]
pub fn from_local(text: &str, time_zone: &str) -> Option<Timestamp> {
    let local: jiff::civil::DateTime = text.parse().ok()?;
    let there = local.in_tz(time_zone).ok()?;
    Some(Timestamp::from_millis(there.timestamp().as_millisecond()))
}

/// Writes what [`from_local`] reads, to the minute.
#[cfg(not(target_arch = "wasm32"))]
#[must_use]
pub fn to_local(time: Timestamp, time_zone: &str) -> Option<String> {
    let there = jiff::Timestamp::from_millisecond(time.millis()).ok()?.in_tz(time_zone).ok()?;
    Some(there.strftime("%Y-%m-%dT%H:%M").to_string())
}

/// CLDR's versions disagree on the space in `p. m.`, which does not break: narrow in some browsers, wide in others and
/// on the server. Where a line wraps must not depend on it.
fn with_one_space(time: &str) -> String {
    time.replace('\u{202f}', "\u{a0}")
}

/// The date on which an instant falls in a time zone.
#[must_use]
pub fn day(time: Timestamp, time_zone: &str) -> Date {
    cldr::day(time, time_zone).unwrap_or_else(|| time.date())
}

#[cfg(target_arch = "wasm32")]
mod browser {
    use super::*;
    use js_sys::{Array, Function, Object, Reflect};
    use wasm_bindgen::{JsCast, JsValue};

    fn options(pairs: &[(&str, &str)]) -> Object {
        let object = Object::new();
        for (name, value) in pairs {
            // Setting a property of a plain object of our own cannot fail.
            let _ = Reflect::set(&object, &JsValue::from_str(name), &JsValue::from_str(value));
        }
        object
    }

    pub fn category(language: Language, n: u64) -> String {
        let locales = Array::of1(&JsValue::from_str(language.tag()));
        js_sys::Intl::PluralRules::new(&locales, &Object::new()).select(n as f64).into()
    }

    pub fn number(language: Language, n: u64) -> String {
        js_sys::Number::from(n as f64).to_locale_string(language.tag()).into()
    }

    /// What a method of JavaScript's `Date` writes; none where the browser does not know the time zone, for then the
    /// method throws.
    fn written(time: Timestamp, method: &str, locale: &str, options: &Object) -> Option<String> {
        let date = js_sys::Date::new(&JsValue::from_f64(time.millis() as f64));
        let method = Reflect::get(&date, &JsValue::from_str(method)).ok()?.dyn_into::<Function>().ok()?;
        method.call2(&date, &JsValue::from_str(locale), options).ok()?.as_string()
    }

    pub fn date(language: Language, date: Date) -> String {
        let options = options(&[("dateStyle", "long"), ("timeZone", "UTC")]);
        written(date.midnight(), "toLocaleDateString", language.tag(), &options)
            .unwrap_or_else(|| date.to_string())
    }

    pub fn date_time(language: Language, time: Timestamp, time_zone: &str) -> String {
        let date = options(&[("dateStyle", "long"), ("timeZone", time_zone)]);
        let clock = options(&[("timeStyle", "short"), ("timeZone", time_zone)]);
        let date = written(time, "toLocaleDateString", language.tag(), &date);
        let clock = written(time, "toLocaleTimeString", language.tag(), &clock);
        date.zip(clock).map_or_else(|| time.to_string(), |(date, clock)| format!("{date}, {clock}"))
    }

    pub fn time(language: Language, time: Timestamp, time_zone: &str) -> String {
        let options = options(&[("timeStyle", "medium"), ("timeZone", time_zone)]);
        written(time, "toLocaleTimeString", language.tag(), &options).unwrap_or_else(|| time.to_string())
    }

    pub fn hour(language: Language, time: Timestamp, time_zone: &str) -> String {
        let options = options(&[("timeStyle", "short"), ("timeZone", time_zone)]);
        written(time, "toLocaleTimeString", language.tag(), &options).unwrap_or_else(|| time.to_string())
    }

    pub fn day(time: Timestamp, time_zone: &str) -> Option<Date> {
        // Sweden writes dates as ISO 8601 does.
        let options = options(&[("dateStyle", "short"), ("timeZone", time_zone)]);
        Date::parse(&written(time, "toLocaleDateString", "sv-SE", &options)?).ok()
    }
}

#[cfg(not(target_arch = "wasm32"))]
mod server {
    //! ICU4X with its compiled CLDR data. Where it cannot format, the ISO form stands in: a page with a plain
    //! date is better than no page.
    use super::*;
    use icu::calendar::Date as IcuDate;
    use icu::datetime::fieldsets::{T, YMD};
    use icu::datetime::input::Time;
    use icu::datetime::{DateTimeFormatter, NoCalendarFormatter};
    use icu::decimal::{DecimalFormatter, input::Decimal};
    use icu::locale::Locale;
    use icu::plurals::{PluralCategory, PluralRules};

    fn locale(language: Language) -> Locale {
        language.tag().parse().unwrap_or(Locale::UNKNOWN)
    }

    pub fn category(language: Language, n: u64) -> String {
        let category = PluralRules::try_new_cardinal(locale(language).into())
            .map_or(PluralCategory::Other, |rules| rules.category_for(n));
        match category {
            PluralCategory::One => "one",
            PluralCategory::Many => "many",
            _ => "other",
        }
        .to_owned()
    }

    pub fn number(language: Language, n: u64) -> String {
        DecimalFormatter::try_new(locale(language).into(), Default::default())
            .map_or_else(|_| n.to_string(), |formatter| formatter.format_to_string(&Decimal::from(n)))
    }

    pub fn date(language: Language, date: Date) -> String {
        let (year, month, day) = date.parts();
        long_date(language, year, month, day).unwrap_or_else(|| date.to_string())
    }

    fn long_date(language: Language, year: i32, month: u8, day: u8) -> Option<String> {
        let formatter = DateTimeFormatter::try_new(locale(language).into(), YMD::long()).ok()?;
        Some(formatter.format(&IcuDate::try_new_iso(year, month, day).ok()?).to_string())
    }

    fn civil(time: Timestamp, time_zone: &str) -> Option<jiff::Zoned> {
        jiff::Timestamp::from_millisecond(time.millis()).ok()?.in_tz(time_zone).ok()
    }

    fn clock(language: Language, at: &jiff::Zoned, fields: T) -> Option<String> {
        let formatter = NoCalendarFormatter::try_new(locale(language).into(), fields).ok()?;
        let part = |value: i8| u8::try_from(value).ok();
        let time = Time::try_new(part(at.hour())?, part(at.minute())?, part(at.second())?, 0).ok()?;
        Some(formatter.format(&time).to_string())
    }

    pub fn date_time(language: Language, time: Timestamp, time_zone: &str) -> String {
        civil(time, time_zone)
            .and_then(|at| {
                let month = u8::try_from(at.month()).ok()?;
                let day = u8::try_from(at.day()).ok()?;
                let date = long_date(language, at.year().into(), month, day)?;
                Some(format!("{date}, {}", clock(language, &at, T::hm())?))
            })
            .unwrap_or_else(|| time.to_string())
    }

    pub fn time(language: Language, time: Timestamp, time_zone: &str) -> String {
        civil(time, time_zone)
            .and_then(|at| clock(language, &at, T::hms()))
            .unwrap_or_else(|| time.to_string())
    }

    pub fn hour(language: Language, time: Timestamp, time_zone: &str) -> String {
        civil(time, time_zone)
            .and_then(|at| clock(language, &at, T::hm()))
            .unwrap_or_else(|| time.to_string())
    }

    pub fn day(time: Timestamp, time_zone: &str) -> Option<Date> {
        Date::parse(&civil(time, time_zone)?.date().to_string()).ok()
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_dates_are_written_as_in_colombia() {
        let es = Language::Spanish;
        assert_eq!(number(es, 1_234_567), "1.234.567");
        assert_eq!(date(es, Date::parse("2020-12-10").unwrap()), "10 de diciembre de 2020");
        let time = Timestamp::parse("2020-12-10T20:00:12Z").unwrap();
        let written = date_time(es, time, "America/Bogota");
        assert_eq!(written, "10 de diciembre de 2020, 3:00\u{a0}p.\u{a0}m.");
        assert_eq!(hour(es, time, "America/Bogota"), "3:00\u{a0}p.\u{a0}m.");
    }

    #[test]
    fn a_time_of_a_form_is_one_of_the_processs_own_time_zone() {
        let evening = Timestamp::parse("2026-11-26T23:00:00Z").unwrap();
        assert_eq!(from_local("2026-11-26T18:00", "America/Bogota"), Some(evening));
        assert_eq!(to_local(evening, "America/Bogota").as_deref(), Some("2026-11-26T18:00"));
        assert_eq!(from_local("2026-11-26T23:00:00Z", "America/Bogota"), None, "that is an instant");
        assert_eq!(from_local("18:00", "America/Bogota"), None);
    }

    #[test]
    fn money_is_written_in_the_unit_of_its_budget() {
        let budget = |currency: &str, decimals| Budget { amount: 0, currency: currency.into(), decimals };
        let es = Language::Spanish;
        assert_eq!(money(es, 1_200_000, Some(&budget("COP", 0))), "1.200.000\u{a0}COP");
        assert_eq!(money(es, 120_005, Some(&budget("PLN", 2))), "1.200,05\u{a0}PLN");
        assert_eq!(money(Language::English, 120_000, Some(&budget("EUR", 2))), "1,200\u{a0}EUR");
        assert_eq!(money(es, 1_500, None), "1.500");
    }

    #[test]
    fn a_million_takes_its_own_plural_in_spanish() {
        let plural_of = Plural { one: "una", other: "otras", many: "de" };
        let form = |n| plural(Language::Spanish, &plural_of, n);
        assert_eq!((form(0), form(1), form(2), form(1_000_000)), ("otras", "una", "otras", "de"));
        assert_eq!(plural(Language::English, &plural_of, 1_000_000), "otras");
    }

    #[test]
    fn nothing_is_one_in_portuguese_and_a_million_is_of() {
        let forms = Plural { one: "voto", other: "votos", many: "de votos" };
        let form = |n| plural(Language::Portuguese, &forms, n);
        assert_eq!((form(0), form(1), form(2), form(1_000_000)), ("voto", "voto", "votos", "de votos"));
    }

    #[test]
    fn numbers_and_dates_are_written_as_in_brazil() {
        let pt = Language::Portuguese;
        assert_eq!(number(pt, 1_234_567), "1.234.567");
        assert_eq!(date(pt, Date::parse("2020-12-10").unwrap()), "10 de dezembro de 2020");
        let time = Timestamp::parse("2020-12-10T20:00:12Z").unwrap();
        assert_eq!(date_time(pt, time, "America/Bogota"), "10 de dezembro de 2020, 15:00");
        let budget = Budget { amount: 0, currency: "BRL".into(), decimals: 2 };
        assert_eq!(money(pt, 120_005, Some(&budget)), "1.200,05\u{a0}BRL");
    }

    #[test]
    fn a_language_without_formats_of_its_own_keeps_the_colombian_ones() {
        let time = Timestamp::parse("2020-12-10T20:00:12Z").unwrap();
        let of = |language| {
            let plural_of = Plural { one: "una", other: "otras", many: "de" };
            let forms = [0, 1, 2, 1_000_000].map(|n| plural(language, &plural_of, n));
            let written = date_time(language, time, "America/Bogota");
            (number(language, 1_234_567), written, decimal_point(language), forms)
        };
        assert_eq!(of(Language::Wayuunaiki), of(Language::Spanish));
    }
}

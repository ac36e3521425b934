//! The browser's `Intl` writes what the server's ICU4X writes: these are the expectations of the native tests in
//! `src/i18n/format.rs`.

use cabildo_app::i18n::format::{date, date_time, day, hour, number, plural, time};
use cabildo_app::i18n::{Language, Plural};
use cabildo_contract::time::{Date, Timestamp};
use wasm_bindgen_test::wasm_bindgen_test;

const ES: Language = Language::Spanish;
const EN: Language = Language::English;
const PT: Language = Language::Portuguese;
const GUC: Language = Language::Wayuunaiki;
const BOGOTA: &str = "America/Bogota";

fn plain(text: &str) -> String {
    text.replace(['\u{a0}', '\u{202f}'], " ")
}

#[wasm_bindgen_test]
fn numbers_and_dates_are_written_as_in_colombia() {
    assert_eq!(number(ES, 1_234_567), "1.234.567");
    assert_eq!(number(ES, 2_000), "2.000");
    assert_eq!(date(ES, Date::parse("2020-12-10").unwrap()), "10 de diciembre de 2020");
    let instant = Timestamp::parse("2020-12-10T20:00:12Z").unwrap();
    assert_eq!(plain(&date_time(ES, instant, BOGOTA)), "10 de diciembre de 2020, 3:00 p. m.");
    assert_eq!(plain(&time(ES, instant, BOGOTA)), "3:00:12 p. m.");
}

#[wasm_bindgen_test]
fn numbers_and_dates_are_written_in_english_too() {
    assert_eq!(number(EN, 1_234_567), "1,234,567");
    assert_eq!(date(EN, Date::parse("2020-12-10").unwrap()), "December 10, 2020");
    let instant = Timestamp::parse("2020-12-10T20:00:12Z").unwrap();
    assert_eq!(plain(&date_time(EN, instant, BOGOTA)), "December 10, 2020, 3:00 PM");
    assert_eq!(plain(&hour(EN, instant, BOGOTA)), "3:00 PM");
}

#[wasm_bindgen_test]
fn numbers_and_dates_are_written_as_in_brazil() {
    assert_eq!(number(PT, 1_234_567), "1.234.567");
    assert_eq!(date(PT, Date::parse("2020-12-10").unwrap()), "10 de dezembro de 2020");
    let instant = Timestamp::parse("2020-12-10T20:00:12Z").unwrap();
    assert_eq!(plain(&date_time(PT, instant, BOGOTA)), "10 de dezembro de 2020, 15:00");
    let forms = Plural { one: "voto", other: "votos", many: "de votos" };
    let form = |n| plural(PT, &forms, n);
    assert_eq!((form(0), form(1), form(2), form(1_000_000)), ("voto", "voto", "votos", "de votos"));
}

/// `Intl` does not refuse a language that it does not know: it takes the browser's.
#[wasm_bindgen_test]
fn a_language_without_formats_of_its_own_keeps_the_colombian_ones() {
    let instant = Timestamp::parse("2020-12-10T20:00:12Z").unwrap();
    assert_eq!(number(GUC, 1_234_567), number(ES, 1_234_567));
    assert_eq!(date_time(GUC, instant, BOGOTA), date_time(ES, instant, BOGOTA));
    let forms = Plural { one: "una", other: "otras", many: "de" };
    assert_eq!(plural(GUC, &forms, 1_000_000), "de");
}

#[wasm_bindgen_test]
fn a_day_ends_at_midnight_where_the_process_is() {
    let instant = Timestamp::parse("2020-12-11T04:59:59Z").unwrap();
    assert_eq!(day(instant, BOGOTA).to_string(), "2020-12-10");
    assert_eq!(day(instant.plus_seconds(1), BOGOTA).to_string(), "2020-12-11");
}

#[wasm_bindgen_test]
fn where_the_browser_does_not_know_the_time_zone_the_time_is_in_utc() {
    let instant = Timestamp::parse("2020-12-11T04:59:59Z").unwrap();
    assert_eq!(day(instant, "No/Where").to_string(), "2020-12-11");
    assert_eq!(date_time(ES, instant, "No/Where"), "2020-12-11T04:59:59Z");
    assert_eq!(time(ES, instant, "No/Where"), "2020-12-11T04:59:59Z");
}

#[wasm_bindgen_test]
fn a_million_takes_its_own_plural_in_spanish() {
    let forms = Plural { one: "una", other: "otras", many: "de" };
    let form = |n| plural(ES, &forms, n);
    assert_eq!((form(0), form(1), form(2), form(1_000_000)), ("otras", "una", "otras", "de"));
    assert_eq!(plural(EN, &forms, 1_000_000), "otras");
}

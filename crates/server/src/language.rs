//! The language in which somebody arrives. Every address says its language; the entrance alone, which people type, asks
//! the browser.

use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use cabildo_app::i18n::Language;
use cabildo_contract::page::parse_query;

/// The address that says nothing about a language.
pub const ENTRANCE: &str = "/";
/// What the answer at the [`ENTRANCE`] depends on.
pub const VARY: &str = "accept-language, sec-fetch-site, referer";

/// The language that a browser prefers, where it comes to the entrance from outside and that is not the default one. Who
/// follows a link of this site has chosen.
pub fn of_arrival(request: &Parts, origin: &str) -> Option<Language> {
    let query = parse_query(request.uri.query().unwrap_or_default());
    let header = |name: &str| request.headers.get(name).and_then(|value| value.to_str().ok());
    // Browsers that do not say the one say the other.
    let is_within = header("sec-fetch-site") == Some("same-origin")
        || header("referer")
            .and_then(|from| from.strip_prefix(origin))
            .is_some_and(|path| path.starts_with('/'));
    if request.uri.path() != ENTRANCE || is_within || query.iter().any(|(name, _)| name == "lang") {
        return None;
    }
    preferred(&request.headers).filter(|language| *language != Language::default())
}

/// The entrance in this language. Whatever else its address said stays.
pub fn redirect(entrance: &Uri, language: Language) -> Response {
    let joint = entrance.query().map_or(String::new(), |query| format!("{query}&"));
    let address = format!("{ENTRANCE}?{joint}lang={}", language.code());
    let headers =
        [(header::LOCATION, address.as_str()), (header::VARY, VARY), (header::CACHE_CONTROL, "no-store")];
    (StatusCode::FOUND, headers).into_response()
}

/// The first language of `Accept-Language` (RFC 9110, section 12.5.4) that there is, by its weight and then by its place.
fn preferred(headers: &HeaderMap) -> Option<Language> {
    let ranges = headers.get_all(header::ACCEPT_LANGUAGE).iter().filter_map(|value| value.to_str().ok());
    let mut best: Option<(f32, Language)> = None;
    for range in ranges.flat_map(|ranges| ranges.split(',')) {
        let (tag, parameters) = range.split_once(';').unwrap_or((range, ""));
        let weight =
            parameters.trim().strip_prefix("q=").map_or(Some(1.0), |weight| weight.trim().parse().ok());
        let primary = tag.trim().split('-').next().unwrap_or_default().to_ascii_lowercase();
        let (Some(weight), Some(language)) = (weight, Language::from_code(&primary)) else { continue };
        if weight > best.map_or(0.0, |(heaviest, _)| heaviest) {
            best = Some((weight, language));
        }
    }
    best.map(|(_, language)| language)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use axum::http::Request;

    fn arrival(path: &str, headers: &[(&str, &str)]) -> Option<&'static str> {
        let mut request = Request::get(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let (parts, ()) = request.body(()).unwrap().into_parts();
        of_arrival(&parts, "https://cabildo.example").map(Language::code)
    }

    #[test]
    fn the_entrance_speaks_the_first_language_of_the_browser_that_there_is() {
        for (accepted, language) in [
            ("pt-BR,pt;q=0.9,en;q=0.8", Some("pt")),
            ("de, fr;q=0.9, en-GB;q=0.7, es;q=0.3", Some("en")),
            ("en;q=0.2, PT;q=0.5", Some("pt")),
            ("guc", Some("guc")),
            ("es-CO,es;q=0.9,en;q=0.8", None),
            ("es, en", None),
            ("de", None),
            ("en;q=0", None),
            ("*;q=, ;;, en;q=viel", None),
            ("", None),
        ] {
            assert_eq!(arrival("/", &[("accept-language", accepted)]), language, "{accepted}");
        }
        assert_eq!(arrival("/", &[]), None);
    }

    #[test]
    fn what_was_chosen_or_shared_stays() {
        let english = ("accept-language", "en");
        assert_eq!(arrival("/?from=letter", &[english]), Some("en"));
        assert_eq!(arrival("/?lang=pt", &[english]), None);
        assert_eq!(arrival("/?lang=es", &[english]), None);
        assert_eq!(arrival("/processes/x", &[english]), None);
        assert_eq!(arrival("/", &[english, ("sec-fetch-site", "same-origin")]), None);
        assert_eq!(arrival("/", &[english, ("sec-fetch-site", "cross-site")]), Some("en"));
        assert_eq!(arrival("/", &[english, ("referer", "https://cabildo.example/account")]), None);
        assert_eq!(arrival("/", &[english, ("referer", "https://cabildo.example.org/")]), Some("en"));
    }

    #[test]
    fn the_way_to_a_language_keeps_the_rest_of_the_address() {
        let response = redirect(&Uri::from_static("/?from=letter"), Language::Portuguese);
        assert_eq!(response.status(), StatusCode::FOUND);
        assert_eq!(response.headers()[header::LOCATION], "/?from=letter&lang=pt");
        assert_eq!(
            redirect(&Uri::from_static("/"), Language::English).headers()[header::LOCATION],
            "/?lang=en"
        );
    }
}

//! What the server renders is what the app shows: it takes over without a visible jump.

use crate::harness::{Setup, Site, button, consultation_page, field, journey, process_page};
use serde_json::{Value, json};

pub async fn pages(site: &Site) -> Vec<String> {
    vec![
        "/".to_owned(),
        process_page(""),
        process_page("/proposals"),
        process_page("/proposals?q=datos&level=national"),
        process_page("/dashboard"),
        process_page("/encounters"),
        process_page("/committee"),
        process_page("/timeline"),
        site.proposal_page(1).await,
        consultation_page(),
        "/consultations/temas-2019".to_owned(),
        "/calls/convocatoria-territorial-2020".to_owned(),
    ]
}

/// Something of everything: ballots, comments, a reply.
pub async fn life(site: &Site) {
    let citizen = site.citizen().await;
    let proposal = site.proposals().await.remove(0);
    citizen.votes_for(&["1", "4"]).await;
    citizen.comments(&proposal, "Con **énfasis** y [enlace](https://example.org).").await;
    site.simulated_citizen().await.votes_for(&["4"]).await;
}

#[test]
fn the_app_says_what_the_server_said() {
    journey(async |site| {
        life(site).await;
        let phone = site.phone().await;
        for page in pages(site).await {
            for language in ["es", "en"] {
                let joint = if page.contains('?') { '&' } else { '?' };
                let address = if language == "es" { page.clone() } else { format!("{page}{joint}lang=en") };
                phone.visit(&address).await;
                let both = phone.script("return [window.journey.before, window.journey.after]", &[]).await;
                let (before, after) = (both[0].as_str().unwrap(), both[1].as_str().unwrap());
                assert!(before.len() > 200, "{address}: the server says nearly nothing: {before}");
                let same = before.chars().zip(after.chars()).take_while(|(a, b)| a == b).count();
                let from =
                    |text: &str| text.chars().skip(same.saturating_sub(40)).take(160).collect::<String>();
                assert_eq!(from(before), from(after), "{address}");
            }
        }
    });
}

#[test]
fn a_page_fetches_the_code_that_it_needs_beside_the_app_and_no_other() {
    journey(async |site| {
        let phone = site.phone().await;
        let mut all = Vec::new();
        for page in pages(site).await.into_iter().chain(["/?lang=en".to_owned()]) {
            phone.visit(&page).await;
            let named = phone.script(
                "return [...document.querySelectorAll('link[as=fetch]')].map((link) => link.href).sort()",
                &[],
            );
            let fetched = phone.script(
                "return [...new Set(performance.getEntriesByType('resource').map((entry) => entry.name))] \
                    .filter((name) => name.endsWith('.wasm')).sort()",
                &[],
            );
            let (named, fetched) = (named.await, fetched.await);
            assert_eq!(named, fetched, "{page}");
            all.push(named.as_array().unwrap().len());
        }
        let list = all[2];
        assert_eq!(list, 1, "the list of proposals needs only what every page needs");
        assert!(all.iter().all(|files| *files >= list) && all[0] > list, "{all:?}");
        assert!(all.last() > all.first(), "English is fetched by who reads it: {all:?}");
    });
}

/// Where every heading begins, from the top left of the page.
const PLACES: &str = "return [...document.querySelectorAll('h1, h2, h3, main, footer')].map((element) => { \
    const place = element.getBoundingClientRect(); \
    return [`${element.tagName} ${element.tagName.startsWith('H') ? element.textContent : ''}`, \
        Math.round(place.left), Math.round(place.top + scrollY)]; })";

#[test]
fn nothing_moves_when_the_app_takes_over() {
    journey(async |site| {
        life(site).await;
        for setup in [Setup::phone(), Setup::desktop()] {
            let before = site.browser(Setup { script: false, ..setup }).await;
            let after = site.browser(setup).await;
            for page in pages(site).await {
                before.visit(&page).await;
                after.visit(&page).await;
                // What only says that JavaScript is missing is there only without it.
                let hide = "document.querySelectorAll('noscript').forEach((element) => element.remove());";
                let (first, then): (Value, Value) =
                    (before.script(&format!("{hide}{PLACES}"), &[]).await, after.script(PLACES, &[]).await);
                let (first, then) = (first.as_array().unwrap(), then.as_array().unwrap());
                let moved: Vec<_> = first.iter().zip(then).filter(|(first, then)| first != then).collect();
                assert!(moved.is_empty(), "{page} at {} pixels: {moved:?}", setup.width);
                assert_eq!(first.len(), then.len(), "{page} at {} pixels: {first:?}", setup.width);
            }
        }
    });
}

#[test]
fn where_the_app_cannot_start_the_page_says_so_and_the_search_still_works() {
    journey(async |site| {
        let phone = site.phone().await;
        phone.devtools("Network.enable", json!({})).await;
        phone.devtools("Network.setBlockedURLs", json!({ "urls": ["*.wasm"] })).await;
        phone.expect_failed_requests();
        phone.client.goto(&format!("{}{}", site.server.origin(), process_page("/proposals"))).await.unwrap();
        let search = field("Buscar en títulos, resúmenes y entidades");
        phone
            .reads("La página se puede leer, pero la parte que permite votar y comentar no pudo cargarse.")
            .await;
        // The form is a plain one: it works as it is.
        phone.types(&search, "datos").await;
        phone.click(&button("Buscar")).await;
        phone.until("the list is narrowed", async || phone.address().await.contains("q=datos")).await;
        phone.has(&search, "value", "datos").await;
    });
}

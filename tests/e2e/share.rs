//! Handing a page on to somebody else.

use crate::harness::{Browser, Setup, button, consultation_page, field, journey, process_page};
use serde_json::json;

/// What the phone's own sheet is given.
const SHEET: &str = "navigator.share = async (page) => { window.handed = page }";

#[test]
fn a_phone_offers_its_own_sheet() {
    journey(async |site| {
        let phone = site.phone().await;
        phone.visit(&consultation_page()).await;
        phone.script(SHEET, &[]).await;
        phone.click(&button("Compartir")).await;
        let handed = phone.script("return window.handed", &[]).await;
        assert_eq!(handed["url"], format!("{}{}", site.server.origin(), consultation_page()));
        assert!(handed["title"].as_str().unwrap().contains("¿Qué compromisos le importan más?"), "{handed}");
    });
}

/// What somebody finds who pastes.
async fn pastes(desk: &Browser) -> String {
    let search = field("Buscar en títulos, resúmenes y entidades");
    desk.click(&search).await;
    desk.devtools(
        "Input.dispatchKeyEvent",
        json!({ "type": "keyDown", "key": "v", "modifiers": 2, "commands": ["paste"] }),
    )
    .await;
    desk.property(&search, "value").await.as_str().unwrap().to_owned()
}

#[test]
fn a_browser_without_a_sheet_copies_the_address() {
    journey(async |site| {
        let desk = site.browser(Setup::desktop()).await;
        let list = process_page("/proposals");
        desk.visit(&format!("{list}?level=national")).await;
        desk.click(&button("Compartir")).await;
        desk.sees(&button("Enlace copiado")).await;
        assert_eq!(pastes(&desk).await, format!("{}{list}?level=national", site.server.origin()));
    });
}

//! Without a mouse.

use crate::harness::{
    Browser, Target, button, checkbox, consultation_page, heading, journey, link, process_page, tag,
};
use crate::vote::{OPTIONS, receipt, tally};
use serde_json::json;

const TAB: &str = "\u{e004}";
const ENTER: &str = "\u{e007}";
const SPACE: &str = " ";
const ESCAPE: &str = "\u{e00c}";

/// Presses Tab until the focus is on the target.
async fn tab_to(browser: &Browser, target: &Target) {
    let element = browser.find(target).await;
    let mut passed = Vec::new();
    loop {
        browser.presses(TAB).await;
        let here = "return document.activeElement === arguments[0]";
        if browser.script(here, &[json!(element)]).await == true {
            return;
        }
        passed.push(browser.focus().await);
        assert!(passed.len() < 150, "{target} cannot be reached with Tab, only {passed:#?}");
    }
}

#[test]
fn the_first_tab_offers_to_skip_to_the_content() {
    journey(async |site| {
        let desktop = site.desktop().await;
        desktop.visit("/").await;
        desktop.presses(TAB).await;
        desktop.focuses(&link("Saltar al contenido principal")).await;
        desktop.presses(ENTER).await;
        desktop.focuses(&tag("main")).await;
        desktop.presses(TAB).await;
        let first = desktop.focus().await;
        assert!(first.contains("IV Plan"), "after the skip comes the first link of the content, not {first}");
    });
}

#[test]
fn a_whole_vote_is_cast_revised_and_withdrawn_with_the_keyboard_alone() {
    journey(async |site| {
        let desktop = site.desktop().await;
        desktop.visit(&consultation_page()).await;
        for option in [OPTIONS[0], OPTIONS[2]] {
            tab_to(&desktop, &checkbox(option)).await;
            desktop.presses(SPACE).await;
            desktop.has(&checkbox(option), "checked", true).await;
        }
        tab_to(&desktop, &button("Revisar")).await;
        desktop.presses(ENTER).await;
        desktop.focuses(&heading("Revise su elección")).await;
        tab_to(&desktop, &button("Confirmar mi voto")).await;
        desktop.presses(ENTER).await;
        receipt(&desktop).await;
        desktop.focuses(&heading("Su voto fue recibido")).await;
        tally(site, 1, &[(OPTIONS[0], 1), (OPTIONS[2], 1)]).await;

        tab_to(&desktop, &button("Retirar mi voto")).await;
        desktop.presses(ENTER).await;
        let question = tag("dialog");
        desktop.sees(&question).await;
        desktop.presses(ESCAPE).await;
        desktop.misses(&question).await;
        desktop.focuses(&button("Retirar mi voto")).await;
        desktop.presses(ENTER).await;
        tab_to(&desktop, &button("Retirar mi voto").inside(&question)).await;
        desktop.presses(SPACE).await;
        desktop.focuses(&heading("Su voto")).await;
        tally(site, 0, &[]).await;
    });
}

#[test]
fn the_focus_moves_to_the_content_of_the_next_page() {
    journey(async |site| {
        let desktop = site.desktop().await;
        desktop.visit("/").await;
        let process = link("IV Plan de Acción Nacional de Estado Abierto de Colombia");
        tab_to(&desktop, &process).await;
        desktop.presses(ENTER).await;
        desktop.arrives_at(&process_page("")).await;
        desktop.focuses(&tag("main")).await;
        desktop.presses(TAB).await;
        assert!(desktop.focus().await.starts_with("a#"), "the next Tab stays in the new page");
    });
}

#[test]
fn the_list_is_searched_and_sorted_with_the_keyboard_and_keeps_the_focus() {
    journey(async |site| {
        let desktop = site.desktop().await;
        desktop.visit(&process_page("/proposals")).await;
        let search = crate::harness::field("Buscar en títulos, resúmenes y entidades");
        tab_to(&desktop, &search).await;
        desktop.presses("palmira").await;
        desktop.presses(ENTER).await;
        desktop.sees(&heading("1 propuesta")).await;
        desktop.focuses(&search).await;
    });
}

//! Another language.

use crate::harness::{button, consultation_page, heading, journey, link, process_page, tag, text};
use crate::vote::OPTIONS;

#[test]
fn another_language_keeps_the_page_and_changes_words_formats_and_lang() {
    journey(async |site| {
        let desktop = site.desktop().await;
        let root = tag("html");
        desktop.visit(&process_page("/proposals?level=national")).await;
        desktop.has(&root, "lang", "es-CO").await;
        desktop.click(&link("English")).await;
        desktop.arrives_at(&process_page("/proposals?level=national&lang=en")).await;
        desktop.has(&root, "lang", "en").await;
        desktop.sees(&heading("8 proposals")).await;
        desktop.click(&link(OPTIONS[0])).await;
        desktop.arrives_at(&format!("{}?lang=en", site.proposal_page(1).await)).await;
        desktop.sees(&heading("Versions")).await;
        desktop.reads("September 18, 2020").await;
        // The words of the process stay in its language, and say so.
        desktop.sees(&tag("*[@lang='es-CO']//h1").saying(OPTIONS[0])).await;
        desktop.reload().await;
        desktop.has(&root, "lang", "en").await;
        desktop.click(&link("Español")).await;
        desktop.arrives_at(&site.proposal_page(1).await).await;
        desktop.has(&root, "lang", "es-CO").await;
        desktop.reads("18 de septiembre de 2020").await;
    });
}

#[test]
fn numbers_are_written_as_the_language_writes_them() {
    journey(async |site| {
        let desktop = site.desktop().await;
        desktop.visit(&site.proposal_page(1).await).await;
        desktop.reads("Hasta 2.000 caracteres.").await;
        desktop.click(&link("English")).await;
        desktop.reads("2,000 characters").await;
    });
}

#[test]
fn a_person_votes_in_english() {
    journey(async |site| {
        let phone = site.phone().await;
        phone.visit(&format!("{}?lang=en", consultation_page())).await;
        phone.click(&crate::harness::checkbox(OPTIONS[0])).await;
        phone.click(&button("Review")).await;
        phone.click(&button("Confirm my ballot")).await;
        phone.sees(&heading("Your ballot was received")).await;
        phone.sees(&text("Acknowledgement number")).await;
    });
}

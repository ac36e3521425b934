//! Another language.

use crate::harness::{
    REHEARSAL, Server, button, checkbox, consultation_page, field, heading, journey, journey_in, link,
    process_page, tag, text,
};
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
fn every_language_is_offered_and_loaded_alone() {
    journey(async |site| {
        let desktop = site.desktop().await;
        desktop.visit(&process_page("")).await;
        desktop.has(&link("Português"), "hreflang", "pt").await;
        desktop.click(&link("Português")).await;
        desktop.arrives_at(&process_page("?lang=pt")).await;
        desktop.has(&tag("html"), "lang", "pt-BR").await;
        desktop.sees(&heading("Fases")).await;
        desktop.reads("Da proposta ao compromisso").await;
        // The next page is in the same words.
        desktop.click(&link("Linha do tempo")).await;
        desktop.sees(&heading("Linha do tempo")).await;
        let parts = "return performance.getEntriesByType('resource').filter((each) => each.name.endsWith('.wasm')).length";
        let portuguese = desktop.script(parts, &[]).await.as_u64().unwrap();
        desktop.visit(&process_page("?lang=en")).await;
        desktop.sees(&heading("Phases")).await;
        desktop.visit(&process_page("?lang=pt")).await;
        desktop.sees(&heading("Fases")).await;
        assert!(desktop.script(parts, &[]).await.as_u64().unwrap() <= portuguese, "one language a page");
    });
}

#[test]
fn a_partial_language_says_which_words_are_in_which() {
    journey(async |site| {
        let desktop = site.desktop().await;
        desktop.visit(&process_page("/encounters?lang=guc")).await;
        // Most of it is Spanish, and so are its formats.
        desktop.has(&tag("html"), "lang", "es-CO").await;
        desktop.sees(&heading("Encuentros")).await;
        let women = tag("*[@lang='guc']").saying("Jieyuu");
        desktop.sees(&women).await;
        // The app wrote it anew, and nothing is left of the marks.
        let marked = "return /[\\u{E0001}\\u{E007F}]/u.test(document.documentElement.outerHTML)";
        assert!(!desktop.script(marked, &[]).await.as_bool().unwrap(), "a mark is left");
        let process = "IV Plan de Acción Nacional de Estado Abierto de Colombia";
        desktop.click(&link(process)).await;
        desktop.sees(&tag("h1").saying(process)).await;
        assert!(!desktop.script(marked, &[]).await.as_bool().unwrap(), "a mark is left on the next page");
        let label = "return document.querySelector('.c-switch').getAttribute('aria-label')";
        assert_eq!(desktop.script(label, &[]).await.as_str(), Some("Anüiki"));
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

#[test]
fn a_process_that_is_translated_is_read_searched_and_voted_on_in_the_language_of_the_page() {
    journey_in(Server::with_rehearsal(), async |site| {
        let phone = site.phone().await;
        phone.visit(&format!("/processes/{REHEARSAL}?lang=en")).await;
        phone.sees(&tag("h1").saying("Rehearsal: a plan for the neighbourhood")).await;
        // What the app asks for itself is in it as well.
        phone.click(&link("See the 8 proposals")).await;
        phone.sees(&heading("8 proposals")).await;
        phone.types(&field("Search titles, summaries and entities"), "garden").await;
        phone.click(&button("Search")).await;
        phone.sees(&heading("1 proposal")).await;
        phone.click(&link("A community garden on the corner lot")).await;
        let title = tag("h1").saying("A community garden on the corner lot");
        phone.sees(&title).await;
        phone.reads("It came second in the workshop, and the lot is free.").await;
        phone.visit("/consultations/ensayo-barrio-prioridades?lang=en").await;
        phone.click(&checkbox("A community garden on the corner lot")).await;
        phone.click(&button("Review")).await;
        phone.click(&button("Confirm my ballot")).await;
        phone.focuses(&heading("Your ballot was received")).await;
        // The figures that come by themselves too.
        phone.reads("1 ballot").await;
        phone.visit("/consultations/ensayo-barrio-prioridades").await;
        phone.reads("Huerta comunitaria en el lote de la esquina").await;
    });
}

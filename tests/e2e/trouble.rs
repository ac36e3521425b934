//! Trouble: the server goes away while somebody acts. Nothing typed, chosen or acknowledged is lost.

use crate::harness::{
    button, consultation_page, css, field, heading, journey, link, process_page, radio, tag, text,
};
use crate::vote::{OPTIONS, choose, receipt, tally, vote};
use serde_json::json;

#[test]
fn a_vote_survives_the_servers_absence_and_is_received_afterwards() {
    journey(async |site| {
        let phone = site.phone().await;
        phone.expect_failed_requests();
        phone.visit(&consultation_page()).await;
        choose(&phone, &OPTIONS[..2]).await;
        site.server.stop();
        phone.click(&button("Confirmar mi voto")).await;
        phone.focuses(&heading("Guardado en este dispositivo, aún no enviado")).await;
        let read_back = phone.words_of(&css("c-readback")).await;
        assert!(OPTIONS[..2].iter().all(|option| read_back.contains(option)), "{read_back}");
        site.server.start_again();
        phone.click_unless_gone(&button("Enviar ahora")).await;
        receipt(&phone).await;
        tally(site, 1, &[(OPTIONS[0], 1), (OPTIONS[1], 1)]).await;
    });
}

#[test]
fn an_acknowledged_vote_survives_a_power_cut() {
    journey(async |site| {
        let phone = site.phone().await;
        phone.expect_failed_requests();
        let number = vote(&phone, &OPTIONS[..1]).await;
        site.server.stop();
        site.server.start_again();
        phone.reload().await;
        assert_eq!(receipt(&phone).await, number);
        tally(site, 1, &[(OPTIONS[0], 1)]).await;
    });
}

#[test]
fn a_comment_survives_the_servers_absence_and_is_posted_once() {
    journey(async |site| {
        let phone = site.phone().await;
        phone.expect_failed_requests();
        let proposal = site.proposals().await.remove(0);
        phone.visit(&format!("/proposals/{proposal}")).await;
        phone.click(&radio("En contra")).await;
        phone.types(&field("Su comentario"), "Falta el plazo.").await;
        site.server.stop();
        phone.click(&button("Publicar comentario")).await;
        phone.sees(&css("c-kept").saying("Falta el plazo.")).await;
        phone.has(&field("Su comentario"), "value", "").await;
        site.server.start_again();
        phone.click_unless_gone(&button("Enviar ahora")).await;
        phone.sees(&tag("article").saying("Falta el plazo.")).await;
        phone.has(&field("Su comentario"), "value", "").await;
        let threads = site.citizen().await.threads(&proposal).await;
        assert_eq!(threads.len(), 1);
        assert_eq!(threads[0].comment.text.as_deref(), Some("Falta el plazo."));
    });
}

#[test]
fn a_page_that_cannot_be_loaded_says_why_and_can_be_tried_again() {
    journey(async |site| {
        let phone = site.phone().await;
        phone.expect_failed_requests();
        phone.visit(&process_page("")).await;
        site.server.stop();
        phone.click(&link("Ver las 26 propuestas")).await;
        phone.reads("No hay conexión.").await;
        site.server.start_again();
        phone.click(&button("Intentar de nuevo")).await;
        phone.sees(&heading("26 propuestas")).await;
        phone.misses(&text("No hay conexión. Revise su señal o sus datos e intente de nuevo.")).await;
    });
}

#[test]
fn a_page_whose_code_cannot_be_fetched_says_why_and_can_be_tried_again() {
    journey(async |site| {
        let phone = site.phone().await;
        phone.expect_failed_requests();
        phone.visit(&process_page("/proposals")).await;
        site.server.stop();
        phone.click(&link("Datos abiertos contra la corrupción")).await;
        phone.reads("No hay conexión.").await;
        site.server.start_again();
        phone.click(&button("Intentar de nuevo")).await;
        phone.sees(&heading("Estado y motivo")).await;
        // What else it needed was not there either: one tap brings all of it.
        phone.misses(&text("No hay conexión. Revise su señal o sus datos e intente de nuevo.")).await;
    });
}

#[test]
fn where_a_new_version_has_taken_the_place_of_a_pages_code_the_new_one_is_shown() {
    journey(async |site| {
        let phone = site.phone().await;
        phone.expect_failed_requests();
        phone.visit(&process_page("/proposals")).await;
        phone.devtools("Network.enable", json!({})).await;
        // What the service worker fetches, the browser does not block.
        phone.devtools("Network.setBypassServiceWorker", json!({ "bypass": true })).await;
        phone.devtools("Network.setBlockedURLs", json!({ "urls": ["*/split_proposal.wasm"] })).await;
        phone.script("window.old = true", &[]).await;
        phone.click(&link("Datos abiertos contra la corrupción")).await;
        phone
            .until("the page is loaded anew", async || phone.script("return !window.old", &[]).await == true)
            .await;
        // The new one is blocked here as well: what the server rendered stays.
        phone.sees(&heading("Estado y motivo")).await;
        phone
            .reads("La página se puede leer, pero la parte que permite votar y comentar no pudo cargarse.")
            .await;
    });
}

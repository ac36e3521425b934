//! Every page and every state of it, in both languages, all colour schemes and on two widths.

use crate::harness::axe::check;
use crate::harness::{
    Browser, REHEARSAL, Server, Site, button, checkbox, consultation_page, css, field, heading, journey,
    journey_in, link, process_page, radio, tag, text,
};
use crate::vote::OPTIONS;
use cabildo_contract::comment::Stance;

/// Opens a page in each language and checks it.
async fn check_page(site: &Site, path: &str) {
    let browser = site.desktop().await;
    browser.expect_failed_requests();
    for language in ["es", "en"] {
        let joint = if path.contains('?') { '&' } else { '?' };
        let address = if language == "es" { path.to_owned() } else { format!("{path}{joint}lang=en") };
        browser.visit(&address).await;
        check(&browser, &address).await;
    }
}

/// Something of everything to see.
async fn life(site: &Site) {
    let proposal = site.proposals().await.remove(0);
    let (anna, luis) = (site.citizen().await, site.simulated_citizen().await);
    anna.votes_for(&["1", "4"]).await;
    anna.lives_in("88").await;
    luis.says(&proposal, Stance::Against, "No así.").await;
    luis.votes_for(&["4"]).await;
    anna.comments(
        &proposal,
        "Con **énfasis**, una lista:\n\n- uno\n- dos\n\ny un [enlace](https://example.org).",
    )
    .await;
    luis.comments(&proposal, "Otra opinión.").await;
}

#[test]
fn the_start_page_keeps_nobody_out() {
    journey(async |site| check_page(site, "/").await);
}

#[test]
fn the_page_of_a_process_keeps_nobody_out() {
    journey(async |site| check_page(site, &process_page("")).await);
}

#[test]
fn the_record_of_a_process_keeps_nobody_out() {
    journey(async |site| {
        for page in ["/timeline", "/encounters", "/committee"] {
            check_page(site, &process_page(page)).await;
        }
    });
}

#[test]
fn a_process_with_everything_keeps_nobody_out() {
    journey_in(Server::with_rehearsal(), async |site| {
        let page = |rest: &str| format!("/processes/{REHEARSAL}{rest}");
        for rest in ["", "/proposals", "/encounters", "/committee", "/timeline"] {
            check_page(site, &page(rest)).await;
        }
        check_page(site, "/").await;
        let list = site.proposals_of(REHEARSAL).await;
        // Complete with evidence, assessed, without anything on record, not adopted.
        for number in [1, 3, 4, 6] {
            check_page(site, &format!("/proposals/{}", list[number - 1])).await;
        }
    });
}

#[test]
fn a_proposal_whose_title_changed_keeps_nobody_out() {
    journey(async |site| check_page(site, &site.proposal_page(2).await).await);
}

#[test]
fn the_list_of_proposals_keeps_nobody_out() {
    journey(async |site| {
        life(site).await;
        check_page(site, &process_page("/proposals")).await;
    });
}

#[test]
fn an_empty_list_keeps_nobody_out() {
    journey(async |site| check_page(site, &process_page("/proposals?q=unicornios")).await);
}

#[test]
fn a_page_that_is_not_there_keeps_nobody_out() {
    journey(async |site| {
        check_page(site, "/nada").await;
        check_page(site, "/proposals/no-such-proposal").await;
    });
}

#[test]
fn a_proposal_that_is_discussed_keeps_nobody_out() {
    journey(async |site| {
        life(site).await;
        check_page(site, &site.proposal_page(1).await).await;
    });
}

#[test]
fn a_consultation_of_the_past_keeps_nobody_out() {
    journey(async |site| check_page(site, "/consultations/renovacion-comite-2021").await);
}

#[test]
fn the_dashboard_keeps_nobody_out_empty_and_full() {
    journey(async |site| {
        let browser = site.desktop().await;
        browser.visit(&process_page("/dashboard")).await;
        check(&browser, "empty dashboard").await;
        life(site).await;
        browser.sees(&text("Participación simulada.")).await;
        for table in browser.all(&text("Ver como tabla")).await {
            browser.script("arguments[0].closest('details').open = true", &[serde_json::json!(table)]).await;
        }
        check(&browser, "full dashboard with its tables").await;
        browser.visit(&format!("{}?lang=en", process_page("/dashboard"))).await;
        check(&browser, "full dashboard in English").await;
    });
}

/// The words of the ballot's buttons and headings in a language.
struct Words {
    lang: &'static str,
    review: &'static str,
    review_heading: &'static str,
    confirm: &'static str,
    received: &'static str,
    withdraw: &'static str,
    waiting: &'static str,
    send: &'static str,
}

const SPANISH: Words = Words {
    lang: "",
    review: "Revisar",
    review_heading: "Revise su elección",
    confirm: "Confirmar mi voto",
    received: "Su voto fue recibido",
    withdraw: "Retirar mi voto",
    waiting: "Guardado en este dispositivo, aún no enviado",
    send: "Enviar ahora",
};

const ENGLISH: Words = Words {
    lang: "?lang=en",
    review: "Review",
    review_heading: "Review your choice",
    confirm: "Confirm my ballot",
    received: "Your ballot was received",
    withdraw: "Withdraw my ballot",
    waiting: "Saved on this device, not sent yet",
    send: "Send now",
};

async fn check_voting(site: &Site, words: &Words) {
    let browser = site.desktop().await;
    browser.expect_failed_requests();
    browser.visit(&format!("{}{}", consultation_page(), words.lang)).await;
    check(&browser, "choosing").await;
    browser.click(&button(words.review)).await;
    browser.focuses(&css("c-summary")).await;
    check(&browser, "too few choices").await;
    for option in &OPTIONS[..5] {
        browser.click(&checkbox(option)).await;
    }
    check(&browser, "as many choices as can be").await;
    browser.click(&button(words.review)).await;
    browser.sees(&heading(words.review_heading)).await;
    check(&browser, "reading back").await;
    site.server.stop();
    browser.click(&button(words.confirm)).await;
    browser.sees(&heading(words.waiting)).await;
    check(&browser, "waiting on the device").await;
    site.server.start_again();
    browser.click_unless_gone(&button(words.send)).await;
    browser.sees(&heading(words.received)).await;
    check(&browser, "received").await;
    browser.click(&button(words.withdraw)).await;
    browser.sees(&tag("dialog")).await;
    check(&browser, "asking whether to withdraw").await;
}

#[test]
fn every_step_of_voting_keeps_nobody_out() {
    journey(async |site| check_voting(site, &SPANISH).await);
}

#[test]
fn every_step_of_voting_in_english_keeps_nobody_out() {
    journey(async |site| check_voting(site, &ENGLISH).await);
}

async fn discussion(site: &Site) -> std::rc::Rc<Browser> {
    life(site).await;
    let browser = site.desktop().await;
    browser.visit(&site.proposal_page(1).await).await;
    browser
}

#[test]
fn writing_a_comment_keeps_nobody_out() {
    journey(async |site| {
        let browser = discussion(site).await;
        browser.expect_failed_requests();
        browser.click(&button("Publicar comentario")).await;
        browser.sees(&text("Elija una postura.")).await;
        check(&browser, "no stance").await;
        browser.click(&radio("A favor")).await;
        browser.click(&button("Publicar comentario")).await;
        browser.sees(&text("Escriba su texto.")).await;
        check(&browser, "no text").await;
        browser.types(&field("Su comentario"), "Mío.").await;
        site.server.stop();
        browser.click(&button("Publicar comentario")).await;
        browser.sees(&css("c-kept").saying("Mío.")).await;
        check(&browser, "waiting on the device").await;
        site.server.start_again();
        browser.click_unless_gone(&button("Enviar ahora")).await;
        browser.sees(&tag("article").saying("Mío.")).await;
        check(&browser, "received").await;
    });
}

#[test]
fn what_can_be_done_with_a_comment_keeps_nobody_out() {
    journey(async |site| {
        let browser = discussion(site).await;
        let other = tag("article").saying("Otra opinión.");
        browser.click(&button("Denunciar").inside(&other)).await;
        browser.click(&button("Enviar denuncia")).await;
        browser.sees(&text("Elija un motivo.")).await;
        check(&browser, "reporting").await;
        browser.click(&button("Cancelar")).await;
        browser.click(&button("Responder").inside(&other)).await;
        browser.sees(&field("Su respuesta")).await;
        check(&browser, "replying").await;
        browser.types(&field("Su respuesta"), "Mía.").await;
        browser.click(&button("Publicar respuesta")).await;
        let mine = tag("article").saying("Mía.");
        browser.click(&button("Editar").inside(&mine)).await;
        browser.sees(&field("Nuevo texto")).await;
        check(&browser, "editing").await;
        browser.click(&button("Cancelar")).await;
        browser.click(&button("Eliminar").inside(&mine)).await;
        check(&browser, "asking whether to delete").await;
        browser.click(&button("Eliminar").inside(&css("c-comment__question"))).await;
        browser.sees(&text("Comentario eliminado por quien lo escribió.")).await;
        check(&browser, "deleted").await;
    });
}

#[test]
fn what_could_not_be_loaded_keeps_nobody_out() {
    journey(async |site| {
        let browser = site.desktop().await;
        browser.expect_failed_requests();
        browser.visit("/").await;
        site.server.stop();
        browser.click(&link("IV Plan de Acción Nacional de Estado Abierto de Colombia")).await;
        browser.sees(&button("Intentar de nuevo")).await;
        check(&browser, "not loaded").await;
        site.server.start_again();
    });
}

#[test]
fn every_widget_keeps_nobody_out() {
    journey(async |site| {
        let phone = site.phone().await;
        for (path, _) in crate::guest::widgets(site).await {
            phone.client.goto(&format!("{}{path}", site.server.origin())).await.unwrap();
            phone.sees(&tag("h1")).await;
            check(&phone, &path).await;
            let fits = phone.script("return document.documentElement.scrollWidth <= innerWidth", &[]).await;
            assert_eq!(fits, true, "{path} scrolls sideways");
        }
    });
}

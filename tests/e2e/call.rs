//! Calls for proposals: reading what one asks for, submitting, coming back, editing, withdrawing.

use crate::harness::axe::check;
use crate::harness::{
    Browser, REHEARSAL, Server, Target, button, containing, css, field, heading, journey, journey_in, link,
    process_page, tag, text,
};
use serde_json::json;

/// The page of the call that is open.
const PAGE: &str = "/calls/ensayo-barrio-ideas";
const TITLE: &str = "Desagües para la cancha";

fn title() -> Target {
    field("Título")
}

fn problem() -> Target {
    field("Qué problema resuelve")
}

fn action() -> Target {
    field("Qué se haría")
}

/// Writes a submission, without sending it.
async fn write(browser: &Browser) {
    browser.types(&title(), TITLE).await;
    browser.types(&problem(), "La cancha se inunda cuando llueve.").await;
    browser.types(&action(), "Abrir **desagües** entre vecinos.").await;
}

async fn send(browser: &Browser) {
    browser.click(&button("Enviar postulación")).await;
    browser.sees(&text("Su postulación fue recibida y ya es pública.")).await;
}

#[test]
fn an_idea_is_written_kept_over_a_reload_sent_edited_and_withdrawn() {
    journey_in(Server::with_rehearsal(), async |site| {
        let phone = site.phone().await;
        phone.visit(&format!("/processes/{REHEARSAL}")).await;
        phone.click(&link("Ideas para el próximo plan del barrio")).await;
        phone.arrives_at(PAGE).await;
        phone.reads("Suma: 100 puntos.").await;
        phone.reads("Todavía no hay postulaciones.").await;
        write(&phone).await;
        phone.reload().await;
        phone.sees(&text("Encontramos lo que había escrito en este dispositivo.")).await;
        phone.has(&title(), "value", TITLE).await;
        phone.has(&action(), "value", "Abrir **desagües** entre vecinos.").await;
        phone.types(&field("Entidad o grupo (opcional)"), "Club de la cancha").await;
        send(&phone).await;
        phone.misses(&text("Todavía no hay postulaciones.")).await;
        phone.reads("1 postulación").await;

        // What was received is not kept on the device any longer.
        phone.reload().await;
        phone.has(&title(), "value", "").await;
        phone.click(&link(TITLE)).await;
        phone.sees(&heading(TITLE)).await;
        phone.reads("Club de la cancha").await;
        phone.sees(&tag("strong[.='desagües']")).await;
        let page = phone.address().await;

        // Somebody else reads it and cannot change it.
        let other = site.desktop().await;
        other.visit(&page).await;
        other.reads("La cancha se inunda cuando llueve.").await;
        other.misses(&button("Retirar mi postulación")).await;

        phone.click(&button("Editar")).await;
        phone.has(&problem(), "value", "La cancha se inunda cuando llueve.").await;
        phone.retypes(&problem(), "La cancha se inunda y no se puede jugar.").await;
        phone.click(&button("Guardar")).await;
        phone.reads("(versión 2)").await;
        phone.misses(&button("Guardar")).await;
        other.visit(&page).await;
        other.reads("La cancha se inunda y no se puede jugar.").await;

        phone.click(&button("Retirar mi postulación")).await;
        let question = tag("dialog");
        phone.click(&button("Cancelar").inside(&question)).await;
        phone.misses(&question).await;
        phone.click(&button("Retirar mi postulación")).await;
        phone.click(&button("Retirar mi postulación").inside(&question)).await;
        phone.focuses(&heading("Su postulación fue retirada")).await;
        phone.click(&link("Ver la convocatoria")).await;
        phone.reads("Todavía no hay postulaciones.").await;
        other.expect_failed_requests();
        other.visit(&page).await;
        other.reads("Esto no existe o ya no está aquí.").await;
    });
}

#[test]
fn an_edit_over_words_that_were_changed_in_another_tab_is_told_first() {
    journey_in(Server::with_rehearsal(), async |site| {
        let phone = site.phone().await;
        phone.expect_failed_requests();
        phone.visit(PAGE).await;
        write(&phone).await;
        send(&phone).await;
        phone.click(&link(TITLE)).await;
        phone.click(&button("Editar")).await;
        phone.has(&problem(), "value", "La cancha se inunda cuando llueve.").await;
        let page = phone.address().await;
        let first = phone.new_tab().await;
        phone.visit(&page).await;
        phone.click(&button("Editar")).await;
        phone.retypes(&problem(), "Se inunda la cancha y también la calle.").await;
        phone.click(&button("Guardar")).await;
        phone.reads("(versión 2)").await;

        phone.switch_to(first).await;
        phone.retypes(&problem(), "Se inunda todo el barrio.").await;
        phone.click(&button("Guardar")).await;
        phone.reads("Su postulación cambió en otra parte mientras usted escribía").await;
        phone.has(&problem(), "value", "Se inunda todo el barrio.").await;
        phone.click(&button("Guardar")).await;
        phone.reads("(versión 3)").await;
        phone.reads("Se inunda todo el barrio.").await;
    });
}

#[test]
fn what_is_missing_is_said_beside_it_and_nothing_is_sent() {
    journey_in(Server::with_rehearsal(), async |site| {
        let phone = site.phone().await;
        phone.visit(PAGE).await;
        phone.types(&problem(), "Sin título ni acción.").await;
        phone.click(&button("Enviar postulación")).await;
        phone.sees(&text("Escriba un título.")).await;
        phone.sees(&text("Cuente qué se haría.")).await;
        phone.focuses(&title()).await;
        phone.has(&title(), "ariaInvalid", "true").await;
        phone.types(&title(), TITLE).await;
        phone.misses(&text("Escriba un título.")).await;
        phone.has(&problem(), "value", "Sin título ni acción.").await;
        phone.reads("Todavía no hay postulaciones.").await;
        // What one no longer wants is not there after a reload either.
        phone.reload().await;
        phone.click(&button("Empezar de nuevo")).await;
        phone.has(&problem(), "value", "").await;
        phone.reload().await;
        phone.has(&problem(), "value", "").await;
        phone.misses(&button("Empezar de nuevo")).await;
    });
}

#[test]
fn a_submission_survives_the_servers_absence_and_is_sent_once() {
    journey_in(Server::with_rehearsal(), async |site| {
        let phone = site.phone().await;
        phone.expect_failed_requests();
        phone.visit(PAGE).await;
        write(&phone).await;
        site.server.stop();
        phone.click(&button("Enviar postulación")).await;
        phone.reads("No hay conexión.").await;
        phone.reads("Su texto sigue aquí: nada se ha perdido.").await;
        phone.has(&title(), "value", TITLE).await;
        site.server.start_again();
        send(&phone).await;
        phone.reads("1 postulación").await;
        phone.reload().await;
        phone.counts(&link(TITLE), 1).await;
    });
}

#[test]
fn a_call_that_closes_meanwhile_keeps_the_words_and_says_why() {
    journey_in(Server::with_rehearsal(), async |site| {
        let phone = site.phone().await;
        phone.expect_failed_requests();
        phone.visit(PAGE).await;
        write(&phone).await;
        site.server.stop();
        site.server.import_rehearsal(|process| {
            process["calls"][0]["period"]["closes"] = json!("2026-06-01T05:00:00Z");
        });
        site.server.start_again();
        phone.click(&button("Enviar postulación")).await;
        phone.reads("Esta convocatoria ya cerró").await;
        phone.has(&title(), "value", TITLE).await;
        phone.reload().await;
        phone.misses(&button("Enviar postulación")).await;
        phone.reads("Finalizado").await;
        check(&phone, "a call that is closed").await;
    });
}

#[test]
fn a_call_that_was_held_elsewhere_shows_its_criteria_and_both_totals() {
    journey(async |site| {
        let phone = site.phone().await;
        phone.visit(&process_page("/timeline")).await;
        phone.click(&link("Convocatoria a las entidades territoriales")).await;
        phone.reads("Suma: 140 puntos. El documento publicado imprime 150.").await;
        phone.sees(&containing("Esta convocatoria se realizó fuera de Cabildo")).await;
        phone.misses(&button("Enviar postulación")).await;
        check(&phone, "a call that was held elsewhere").await;
        phone.visit("/calls/priorizacion-nacional-2020?lang=en").await;
        phone.reads("Sum: 100 points.").await;
        phone.reads("Dates not published").await;
        check(&phone, "a call without dates").await;
    });
}

#[test]
fn every_step_of_submitting_keeps_nobody_out() {
    journey_in(Server::with_rehearsal(), async |site| {
        let browser = site.desktop().await;
        browser.visit(PAGE).await;
        check(&browser, "an open call").await;
        browser.click(&button("Enviar postulación")).await;
        browser.sees(&text("Escriba un título.")).await;
        check(&browser, "nothing was written").await;
        write(&browser).await;
        browser.reload().await;
        browser.sees(&button("Empezar de nuevo")).await;
        check(&browser, "a draft that was found").await;
        send(&browser).await;
        check(&browser, "received").await;
        browser.click(&link("Ver, editar o retirar su postulación")).await;
        browser.sees(&heading(TITLE)).await;
        check(&browser, "one's own submission").await;
        browser.click(&button("Editar")).await;
        browser.sees(&button("Guardar")).await;
        check(&browser, "editing").await;
        browser.click(&button("Cancelar")).await;
        browser.click(&button("Retirar mi postulación")).await;
        browser.sees(&tag("dialog")).await;
        check(&browser, "asking whether to withdraw").await;
        browser.click(&button("Retirar mi postulación").inside(&tag("dialog"))).await;
        browser.sees(&heading("Su postulación fue retirada")).await;
        check(&browser, "withdrawn").await;
        browser.visit(&format!("{PAGE}?lang=en")).await;
        check(&browser, "an open call in English").await;
    });
}

#[test]
fn an_idea_is_submitted_with_the_keyboard_alone() {
    const TAB: &str = "\u{e004}";
    const ENTER: &str = "\u{e007}";
    journey_in(Server::with_rehearsal(), async |site| {
        let desktop = site.desktop().await;
        desktop.visit(PAGE).await;
        let reach = async |target: &Target| {
            let element = desktop.find(target).await;
            let here = "return document.activeElement === arguments[0]";
            for _ in 0..80 {
                desktop.presses(TAB).await;
                if desktop.script(here, &[json!(element)]).await == true {
                    return;
                }
            }
            panic!("{target} cannot be reached with Tab");
        };
        for (target, words) in [(title(), TITLE), (problem(), "Se inunda."), (action(), "Desagües.")] {
            reach(&target).await;
            desktop.presses(words).await;
        }
        reach(&button("Enviar postulación")).await;
        desktop.presses(ENTER).await;
        desktop.focuses(&heading("Cómo participar")).await;
        desktop.sees(&css("c-notice").saying("Su postulación fue recibida")).await;
        reach(&link("Ver, editar o retirar su postulación")).await;
        desktop.presses(ENTER).await;
        desktop.sees(&heading(TITLE)).await;
    });
}

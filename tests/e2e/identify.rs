//! Identifying oneself by a code that comes by e-mail; seeing what is kept; leaving.

use crate::harness::{Browser, Server, Site, axe, button, checkbox, field, heading, journey_in, link, tag};
use crate::vote::receipt;

const PAGE: &str = "/consultations/ensayo-correo";
pub const EMAIL: &str = "Su correo electrónico";
pub const CODE: &str = "Código de 8 cifras";
pub const CONSENT: &str = "Acepto el tratamiento de estos datos para estos fines.";

pub async fn ballots(site: &Site) -> u64 {
    site.citizen().await.results_of("ensayo-correo").await.ballots.total
}

/// Opens the page, chooses, and goes on to the read-back, where one has to identify oneself.
pub async fn choose(browser: &Browser, option: &str) {
    browser.visit(PAGE).await;
    browser.click(&checkbox(option)).await;
    browser.click(&button("Revisar")).await;
    browser.sees(&heading("Identifíquese para votar")).await;
}

/// Identifies oneself with this address.
pub async fn identify(site: &Site, browser: &Browser, email: &str) {
    browser.types(&field(EMAIL), email).await;
    browser.click(&checkbox(CONSENT)).await;
    browser.click(&button("Enviar el código")).await;
    browser.focuses(&field(CODE)).await;
    let code = site.citizen().await.code().await;
    browser.types(&field(CODE), &code).await;
    browser.click(&button("Confirmar")).await;
}

#[test]
fn a_person_identifies_themselves_votes_once_from_two_devices_sees_what_is_kept_and_leaves() {
    journey_in(Server::with_ballots(), async |site| {
        let (phone, desk) = (site.phone().await, site.desktop().await);
        // Nothing is kept where no session is (401), and who has left stays out (409).
        for browser in [&phone, &desk] {
            browser.expect_complaint("status of 401");
            browser.expect_complaint("status of 409");
        }
        choose(&phone, "Plaza del Agua").await;
        phone.misses(&button("Confirmar mi voto")).await;
        axe::check(&phone, "asked to identify oneself").await;
        identify(site, &phone, "ana@example.org").await;
        phone.reads("Identificado por correo").await;
        phone.sees(&heading("Revise su elección")).await;
        phone.click(&button("Confirmar mi voto")).await;
        let number = receipt(&phone).await;
        phone.reads("por correo electrónico (un voto por dirección)").await;
        assert_eq!(ballots(site).await, 1);

        choose(&desk, "Plaza de la Palabra").await;
        identify(site, &desk, "Ana@Example.org").await;
        // The vote of the phone is here, and what was chosen here revises it.
        desk.click(&button("Confirmar mi voto")).await;
        assert_eq!(receipt(&desk).await, number);
        desk.reads("Versión 2 de su voto").await;
        assert_eq!(ballots(site).await, 1);

        desk.click(&link("Mi participación")).await;
        desk.sees(&heading("Dónde está identificado")).await;
        desk.reads("aceptó la versión 2026-11").await;
        desk.reads(&number).await;
        axe::check(&desk, "what is kept of a person").await;
        desk.click(&button("Cerrar")).await;
        desk.until("one session", async || desk.all(&button("Cerrar")).await.is_empty()).await;
        phone.visit("/account").await;
        phone.reads("Cabildo no guarda nada de usted en este dispositivo.").await;

        desk.click(&button("Retirarme")).await;
        let question = tag("dialog");
        desk.reads("No se puede deshacer.").await;
        desk.click(&button("Retirarme").inside(&question)).await;
        desk.reads("Ya nada aquí lo vincula con lo que hizo.").await;
        assert_eq!(ballots(site).await, 1, "the ballot stays counted");

        choose(&phone, "Plaza de los Almendros").await;
        identify(site, &phone, "ana@example.org").await;
        phone.reads("Usted se retiró de este proceso").await;
        assert_eq!(ballots(site).await, 1);
    });
}

#[test]
fn what_is_wrong_is_said_where_it_stands_and_nothing_that_was_filled_in_is_lost() {
    journey_in(Server::with_ballots(), async |site| {
        let phone = site.phone().await;
        // A wrong code (403), another one too soon (429).
        phone.expect_complaint("status of 403");
        phone.expect_complaint("status of 429");
        choose(&phone, "Plaza del Agua").await;
        phone.types(&field(EMAIL), "ana").await;
        phone.click(&button("Enviar el código")).await;
        phone.reads("Escriba una dirección de correo completa").await;
        phone.focuses(&field(EMAIL)).await;
        phone.retypes(&field(EMAIL), "ana@example.org").await;
        phone.click(&button("Enviar el código")).await;
        phone.reads("Para identificarlo necesitamos que acepte.").await;
        phone.click(&checkbox(CONSENT)).await;
        phone.click(&button("Enviar el código")).await;
        phone.focuses(&field(CODE)).await;
        axe::check(&phone, "a code is asked for").await;
        phone.types(&field(CODE), "123").await;
        phone.click(&button("Confirmar")).await;
        phone.reads("El código tiene 8 cifras.").await;
        let code = site.citizen().await.code().await;
        let wrong = if code.starts_with('0') { "11111111" } else { "00000000" };
        phone.retypes(&field(CODE), wrong).await;
        phone.click(&button("Confirmar")).await;
        phone.reads("Ese no es el código.").await;
        axe::check(&phone, "a wrong code").await;
        phone.click(&button("Enviar otro código")).await;
        phone.reads("Espere un momento antes de pedir otro código.").await;
        phone.click(&button("Usar otra dirección")).await;
        phone.has(&field(EMAIL), "value", "ana@example.org").await;
        phone.reload().await;
        phone.sees(&heading("Revise su elección")).await;
        phone.click(&button("Cambiar")).await;
        phone.reads("Aquí está lo que llevaba.").await;
        phone.has(&checkbox("Plaza del Agua"), "checked", true).await;
        assert_eq!(ballots(site).await, 0);
    });
}

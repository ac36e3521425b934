//! Voting: choose, see the choice read back, confirm, receive; come back, revise, withdraw.

use crate::harness::{
    Browser, CONSULTATION, Server, Site, button, checkbox, consultation_page, containing, css, heading,
    journey, journey_in, process_page, tag, text,
};
use fantoccini::actions::{InputSource, MOUSE_BUTTON_LEFT, MouseActions, PointerAction};

/// Some of the fifteen options.
pub const OPTIONS: [&str; 6] = [
    "Datos abiertos contra la corrupción",
    "Colaboración abierta para trámites fáciles y libres de corrupción",
    "Sistema de Información Ambiental (SIAC)",
    "Transparencia en finanzas públicas",
    "Control social a proyectos de inversión Regalías COVID-19",
    "Plataforma de Datos abiertos - Banco de Licitaciones Abiertas de la Alcaldía de Palmira",
];

/// Chooses and goes on to the read-back.
pub async fn choose(browser: &Browser, options: &[&str]) {
    for option in options {
        browser.click(&checkbox(option)).await;
    }
    browser.click(&button("Revisar")).await;
    browser.focuses(&heading("Revise su elección")).await;
}

/// Votes, from the opening of the page to the receipt; returns its number.
pub async fn vote(browser: &Browser, options: &[&str]) -> String {
    browser.visit(&consultation_page()).await;
    choose(browser, options).await;
    browser.click(&button("Confirmar mi voto")).await;
    receipt(browser).await
}

/// Waits for the receipt and returns its number.
pub async fn receipt(browser: &Browser) -> String {
    browser.sees(&heading("Su voto fue recibido")).await;
    let number = browser.words_of(&css("c-receipt__number")).await;
    assert!(number.chars().filter(char::is_ascii_digit).count() == 9, "no receipt number: {number}");
    number
}

/// Waits until the tally that anybody can read has so many ballots and this many votes for each option.
pub async fn tally(site: &Site, ballots: u64, votes: &[(&str, u64)]) {
    let results = site.citizen().await.results().await;
    assert_eq!(results.ballots.total, ballots, "ballots");
    let total: u64 = results.options.iter().map(|option| option.votes).sum();
    assert_eq!(total, votes.iter().map(|(_, votes)| votes).sum::<u64>(), "votes in all");
    for (title, votes) in votes {
        let option = results.options.iter().find(|option| option.title == *title).unwrap();
        assert_eq!(option.votes, *votes, "{title}");
    }
}

#[test]
fn a_vote_is_chosen_read_back_confirmed_kept_revised_and_withdrawn() {
    journey(async |site| {
        let phone = site.phone().await;
        phone.visit(&consultation_page()).await;
        phone.reads("Elija entre 1 y 5 opciones.").await;
        phone.reads("0 de 5 elegidas").await;
        choose(&phone, &OPTIONS[..2]).await;
        phone.reads("Eligió 2 opciones:").await;
        let read_back = phone.words_of(&css("c-readback")).await;
        assert!(OPTIONS[..2].iter().all(|option| read_back.contains(option)), "{read_back}");
        tally(site, 0, &[]).await;
        phone.click(&button("Confirmar mi voto")).await;
        let number = receipt(&phone).await;
        phone.focuses(&heading("Su voto fue recibido")).await;
        tally(site, 1, &[(OPTIONS[0], 1), (OPTIONS[1], 1)]).await;

        phone.reload().await;
        assert_eq!(receipt(&phone).await, number);
        phone.reads("1 voto emitido").await;

        phone.click(&button("Cambiar mi voto")).await;
        phone.has(&checkbox(OPTIONS[0]), "checked", true).await;
        phone.has(&checkbox(OPTIONS[2]), "checked", false).await;
        phone.click(&checkbox(OPTIONS[0])).await;
        choose(&phone, &OPTIONS[2..3]).await;
        phone.click(&button("Confirmar mi voto")).await;
        phone.reads("Versión 2 de su voto: solo cuenta esta.").await;
        assert_eq!(receipt(&phone).await, number);
        tally(site, 1, &[(OPTIONS[1], 1), (OPTIONS[2], 1)]).await;

        phone.click(&button("Retirar mi voto")).await;
        let question = tag("dialog");
        phone.reads("Será como si no hubiera votado.").await;
        phone.click(&button("Cancelar").inside(&question)).await;
        phone.misses(&question).await;
        tally(site, 1, &[(OPTIONS[1], 1), (OPTIONS[2], 1)]).await;
        phone.click(&button("Retirar mi voto")).await;
        phone.click(&button("Retirar mi voto").inside(&question)).await;
        phone.focuses(&heading("Su voto")).await;
        phone.reads("0 de 5 elegidas").await;
        tally(site, 0, &[]).await;
        phone.reload().await;
        phone.sees(&button("Revisar")).await;
        phone.reads("Todavía no hay votos.").await;
    });
}

#[test]
fn back_goes_from_the_read_back_to_the_choice_and_forward_to_the_read_back() {
    journey(async |site| {
        let phone = site.phone().await;
        phone.visit(&process_page("")).await;
        phone.visit(&consultation_page()).await;
        choose(&phone, &OPTIONS[..2]).await;
        phone.client.back().await.unwrap();
        phone.focuses(&heading("Su voto")).await;
        phone.has(&checkbox(OPTIONS[0]), "checked", true).await;
        phone.client.forward().await.unwrap();
        phone.focuses(&heading("Revise su elección")).await;
        // A tab that the phone closed meanwhile opens where it was.
        phone.reload().await;
        phone.sees(&heading("Revise su elección")).await;
        phone.click(&button("Cambiar")).await;
        phone.focuses(&heading("Su voto")).await;
        phone.click(&button("Revisar")).await;
        phone.focuses(&heading("Revise su elección")).await;
        phone.click(&button("Confirmar mi voto")).await;
        receipt(&phone).await;
        // What was read back is past: back is the page before.
        phone
            .until("the mark is gone", async || {
                !phone.client.current_url().await.unwrap().as_str().contains('#')
            })
            .await;
        phone.client.back().await.unwrap();
        phone.arrives_at(&process_page("")).await;
        tally(site, 1, &[(OPTIONS[0], 1), (OPTIONS[1], 1)]).await;
    });
}

#[test]
fn a_choice_can_be_changed_before_it_is_confirmed_and_a_revision_given_up() {
    journey(async |site| {
        let phone = site.phone().await;
        phone.visit(&consultation_page()).await;
        choose(&phone, &OPTIONS[..1]).await;
        phone.click(&button("Cambiar")).await;
        phone.has(&checkbox(OPTIONS[0]), "checked", true).await;
        choose(&phone, &OPTIONS[1..2]).await;
        phone.click(&button("Confirmar mi voto")).await;
        let number = receipt(&phone).await;
        phone.click(&button("Cambiar mi voto")).await;
        phone.click(&checkbox(OPTIONS[3])).await;
        phone.click(&button("Dejar mi voto como está")).await;
        assert_eq!(receipt(&phone).await, number);
        tally(site, 1, &[(OPTIONS[0], 1), (OPTIONS[1], 1)]).await;
    });
}

#[test]
fn too_few_choices_are_named_in_a_summary_that_takes_the_focus() {
    journey(async |site| {
        let phone = site.phone().await;
        phone.visit(&consultation_page()).await;
        phone.click(&button("Revisar")).await;
        phone.focuses(&css("c-summary").saying("Elija al menos 1 opción para seguir.")).await;
        phone.click(&checkbox(OPTIONS[0])).await;
        phone.misses(&css("c-summary")).await;
        phone.click(&button("Revisar")).await;
        phone.sees(&heading("Revise su elección")).await;
    });
}

#[test]
fn a_sixth_choice_is_refused_with_its_reason() {
    journey(async |site| {
        let phone = site.phone().await;
        phone.visit(&consultation_page()).await;
        for option in &OPTIONS[..5] {
            phone.click(&checkbox(option)).await;
        }
        phone.reads("5 de 5 elegidas").await;
        let sixth = checkbox(OPTIONS[5]);
        phone.click(&sixth).await;
        phone.has(&sixth, "checked", false).await;
        phone.has(&sixth, "ariaDisabled", "true").await;
        phone.sees(&containing("Ya eligió 5. Quite una para elegir esta.")).await;
        phone.reads("5 de 5 elegidas").await;
        phone.click(&checkbox(OPTIONS[0])).await;
        phone.click(&sixth).await;
        phone.has(&sixth, "checked", true).await;
    });
}

#[test]
fn a_double_click_leaves_one_ballot() {
    journey(async |site| {
        let phone = site.phone().await;
        phone.visit(&consultation_page()).await;
        choose(&phone, &OPTIONS[..1]).await;
        let confirm = phone.find(&button("Confirmar mi voto")).await;
        let press = || PointerAction::Down { button: MOUSE_BUTTON_LEFT };
        let release = || PointerAction::Up { button: MOUSE_BUTTON_LEFT };
        let mouse = MouseActions::new("mouse".into())
            .then(PointerAction::MoveToElement { element: confirm, duration: None, x: 0.0, y: 0.0 })
            .then(press())
            .then(release())
            .then(press())
            .then(release());
        phone.client.perform_actions(mouse).await.unwrap();
        receipt(&phone).await;
        tally(site, 1, &[(OPTIONS[0], 1)]).await;
    });
}

#[test]
fn two_tabs_of_one_browser_leave_one_ballot() {
    journey(async |site| {
        let desktop = site.desktop().await;
        // The second tab may not have heard of the first one's vote yet: it is told, and goes on from there.
        desktop.expect_complaint("status of 409");
        desktop.visit(&consultation_page()).await;
        choose(&desktop, &OPTIONS[..1]).await;
        let first = desktop.new_tab().await;
        desktop.visit(&consultation_page()).await;
        choose(&desktop, &OPTIONS[1..3]).await;
        let second = desktop.client.window().await.unwrap();
        desktop.switch_to(first).await;
        desktop.click(&button("Confirmar mi voto")).await;
        desktop.switch_to(second).await;
        desktop.click(&button("Confirmar mi voto")).await;
        let number = receipt(&desktop).await;
        desktop.reads("Versión 2 de su voto").await;
        tally(site, 1, &[(OPTIONS[1], 1), (OPTIONS[2], 1)]).await;
        desktop.visit(&consultation_page()).await;
        assert_eq!(receipt(&desktop).await, number);
    });
}

#[test]
fn a_tab_that_heard_nothing_of_another_one_votes_after_it_and_counts() {
    const DEAF: &str = "window.BroadcastChannel = class extends EventTarget { postMessage() {} }";
    journey(async |site| {
        let desktop = site.desktop().await;
        desktop.visit(&consultation_page()).await;
        choose(&desktop, &OPTIONS[..1]).await;
        let first = desktop.new_tab().await;
        desktop
            .devtools("Page.addScriptToEvaluateOnNewDocument", serde_json::json!({ "source": DEAF }))
            .await;
        desktop.visit(&consultation_page()).await;
        choose(&desktop, &OPTIONS[1..3]).await;
        let second = desktop.client.window().await.unwrap();
        desktop.switch_to(first).await;
        desktop.click(&button("Confirmar mi voto")).await;
        let number = receipt(&desktop).await;
        desktop.switch_to(second).await;
        desktop.click(&button("Confirmar mi voto")).await;
        assert_eq!(receipt(&desktop).await, number);
        desktop.reads("Versión 2 de su voto").await;
        tally(site, 1, &[(OPTIONS[1], 1), (OPTIONS[2], 1)]).await;
    });
}

/// Ends the consultation that takes ballots.
fn close(process: &mut serde_json::Value) {
    let consultations = process["consultations"].as_array_mut().unwrap();
    let here = consultations.iter_mut().find(|consultation| consultation["slug"] == CONSULTATION).unwrap();
    here["period"]["closes"] = "2026-02-01T05:00:00Z".into();
}

#[test]
fn a_closed_consultation_says_so_and_takes_no_ballot() {
    journey_in(Server::with(close), async |site| {
        let phone = site.phone().await;
        phone.visit(&consultation_page()).await;
        phone.reads("Esta consulta ya cerró: no se reciben más votos. Puede ver los resultados.").await;
        phone.sees(&text("Finalizado")).await;
        phone.misses(&css("c-ballot")).await;
        phone.misses(&button("Revisar")).await;
        phone.sees(&heading("Resultados")).await;
    });
}

#[test]
fn a_consultation_that_closes_while_one_chooses_refuses_the_ballot_and_keeps_the_choice() {
    journey(async |site| {
        let phone = site.phone().await;
        phone.visit(&consultation_page()).await;
        choose(&phone, &OPTIONS[..1]).await;
        site.server.stop();
        site.server.import(close);
        site.server.start_again();
        phone.expect_failed_requests();
        phone.click(&button("Confirmar mi voto")).await;
        phone.reads("Esta consulta ya cerró: no se reciben más votos.").await;
        let read_back = phone.words_of(&css("c-readback")).await;
        assert!(read_back.contains(OPTIONS[0]), "{read_back}");
        tally(site, 0, &[]).await;
    });
}

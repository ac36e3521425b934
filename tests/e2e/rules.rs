//! A ballot of every rule: with the thumb, with the keyboard, across a reload; and what comes of it.

use crate::harness::{
    Browser, Server, Site, axe, button, checkbox, containing, css, field, heading, journey_in, plain, tag,
    text,
};
use crate::vote::receipt;
use cabildo_contract::tally::{OptionVotes, Results};

fn page(name: &str) -> String {
    format!("/consultations/{name}")
}

async fn results(site: &Site, name: &str) -> Results {
    site.citizen().await.results_of(name).await
}

fn of<'a>(results: &'a Results, title: &str) -> &'a OptionVotes {
    results.options.iter().find(|option| option.title == title).unwrap()
}

/// Goes on to the read-back, looks at it, confirms and gets the receipt.
async fn send(browser: &Browser) {
    axe::check(browser, "a ballot filled in").await;
    browser.click(&button("Revisar")).await;
    browser.focuses(&heading("Revise su elección")).await;
    axe::check(browser, "a ballot read back").await;
    browser.click(&button("Confirmar mi voto")).await;
    receipt(browser).await;
    axe::check(browser, "a ballot received").await;
}

/// The titles as they are shown, in their order.
async fn titles(browser: &Browser) -> Vec<String> {
    browser.sees(&css("c-choice__title")).await;
    let mut titles = Vec::new();
    for title in browser.all(&css("c-choice__title")).await {
        titles.push(plain(&title.text().await.unwrap()));
    }
    titles
}

const TOPICS: [&str; 4] = ["Salud", "Justicia", "Educación", "Medio ambiente"];

#[test]
fn a_ranking_is_made_by_tapping_moved_by_buttons_and_keys_kept_over_a_reload_and_counted_by_places() {
    journey_in(Server::with_ballots(), async |site| {
        let phone = site.phone().await;
        phone.visit(&page("ensayo-orden")).await;
        phone.reads("Ordene entre 3 y 5 opciones, primero la que más prefiere.").await;
        phone.reads("Todavía no hay ninguna. Toque primero la que más prefiere.").await;
        for topic in &TOPICS[..3] {
            phone.click(&checkbox(topic)).await;
        }
        phone.reads("3 de 5 en su orden").await;
        phone.sees(&css("c-choice__place").saying("Puesto 3")).await;
        let up = button("Subir: Educación");
        phone.click(&up).await;
        phone.focuses(&up).await;
        phone.sees(&tag("div").saying("Educación: puesto 2 de 3")).await;
        phone.presses("\u{e013}").await;
        phone.sees(&tag("div").saying("Educación: puesto 1 de 3")).await;
        phone.presses("\u{e015}").await;
        phone.sees(&tag("div").saying("Educación: puesto 2 de 3")).await;

        phone.reload().await;
        phone.reads("Aquí está lo que llevaba. Todavía no se ha enviado.").await;
        let ranking = phone.words_of(&css("c-ranking")).await;
        let place = |topic: &str| ranking.find(topic).unwrap();
        assert!(place("Salud") < place("Educación") && place("Educación") < place("Justicia"), "{ranking}");
        send(&phone).await;
        let read_back = phone.words_of(&css("c-readback")).await;
        assert_eq!(read_back.split_whitespace().collect::<Vec<_>>(), ["Salud", "Educación", "Justicia"]);
        let results = results(site, "ensayo-orden").await;
        let scores =
            ["Salud", "Educación", "Justicia", "Medio ambiente"].map(|topic| of(&results, topic).score);
        assert_eq!(scores, [5, 4, 3, 0]);

        phone.click(&button("Cambiar mi voto")).await;
        phone.click(&button("Quitar: Justicia")).await;
        phone.click(&button("Revisar")).await;
        phone.focuses(&css("c-summary").saying("Elija al menos 3 opciones para seguir.")).await;
        phone.click(&button("Dejar mi voto como está")).await;
        receipt(&phone).await;
    });
}

#[test]
fn points_are_given_by_steppers_or_typed_and_never_more_than_there_are() {
    journey_in(Server::with_ballots(), async |site| {
        let phone = site.phone().await;
        phone.visit(&page("ensayo-puntos")).await;
        phone.reads("Reparta entre 1 y 10 puntos entre las opciones. A cada opción, 6 como máximo.").await;
        phone.reads("Quedan 10 de 10 puntos").await;
        for _ in 0..6 {
            phone.click(&button("Uno más: Sábados")).await;
        }
        phone.reads("Quedan 4 de 10 puntos").await;
        phone.has(&button("Uno más: Sábados"), "ariaDisabled", "true").await;
        phone.retypes(&field("Domingos"), "9\t").await;
        phone.has(&field("Domingos"), "value", "4").await;
        phone.reads("Quedan 0 de 10 puntos").await;
        phone.sees(&containing("Ya repartió todos los puntos.")).await;
        phone.click(&button("Uno menos: Domingos")).await;
        phone.reads("Queda 1 de 10 puntos").await;
        send(&phone).await;
        let read_back = phone.words_of(&css("c-readback")).await;
        assert!(read_back.contains("6 puntos") && read_back.contains("3 puntos"), "{read_back}");
        let results = results(site, "ensayo-puntos").await;
        assert_eq!((of(&results, "Sábados").score, of(&results, "Domingos").score), (6, 3));
        assert_eq!(of(&results, "Sábados").votes, 1);
    });
}

#[test]
fn scores_are_given_by_steppers_and_their_mean_is_shown() {
    journey_in(Server::with_ballots(), async |site| {
        let desktop = site.desktop().await;
        desktop.visit(&page("ensayo-notas")).await;
        desktop.reads("Dé a las opciones que quiera una nota de 0 a 5.").await;
        desktop.retypes(&field("Parques"), "4\t").await;
        desktop.click(&button("Uno más: Transporte")).await;
        desktop.click(&button("Uno menos: Transporte")).await;
        desktop.has(&field("Transporte"), "value", "0").await;
        desktop.reads("2 opciones con nota").await;
        desktop.click(&button("Uno menos: Transporte")).await;
        desktop.has(&field("Transporte"), "value", "").await;
        desktop.reads("1 opción con nota").await;
        send(&desktop).await;
        desktop.reads("4 (⌀ 4,00)").await;
        let results = results(site, "ensayo-notas").await;
        assert_eq!(of(&results, "Parques").mean_hundredths, Some(400));
        assert_eq!(of(&results, "Transporte").votes, 0);
    });
}

#[test]
fn a_budget_says_what_is_left_refuses_what_does_not_fit_and_shows_what_would_come_of_it() {
    journey_in(Server::with_ballots(), async |site| {
        let phone = site.phone().await;
        phone.visit(&page("ensayo-presupuesto")).await;
        phone.reads("Lo que elija puede costar en total 100.000.000 COP como máximo.").await;
        phone.types(&field("Buscar entre las opciones"), "CUBIERTA").await;
        phone.reads("1 opción encontrada").await;
        phone.misses(&checkbox("Murales en la calle 12")).await;
        phone.click(&checkbox("Cubierta para la cancha")).await;
        phone.retypes(&field("Buscar entre las opciones"), "\u{e003}").await;
        phone.reads("Quedan 40.000.000 COP de 100.000.000 COP.").await;
        phone.click(&checkbox("Andén continuo hasta el colegio")).await;
        phone.reads("Quedan 5.000.000 COP de 100.000.000 COP.").await;
        let lights = checkbox("Alumbrado de los senderos");
        phone.click(&lights).await;
        phone.has(&lights, "checked", false).await;
        phone.reads("No alcanza: cuesta 35.000.000 COP más de lo que queda.").await;
        send(&phone).await;
        phone.reads("Lo elegido cuesta 95.000.000 COP en total.").await;
        phone.sees(&heading("Qué resulta de la regla publicada")).await;
        phone.reads("Preliminar: la consulta sigue abierta").await;
        phone.reads("Suman 95.000.000 COP de 100.000.000 COP; quedan 5.000.000 COP.").await;
    });
}

#[test]
fn a_committee_is_chosen_and_nobody_learns_how_it_stands_before_the_close() {
    journey_in(Server::with_ballots(), async |site| {
        let phone = site.phone().await;
        phone.visit(&page("ensayo-comite")).await;
        phone.reads("Los resultados se conocerán el").await;
        phone.click(&checkbox("Radio La Plaza (ficticia)")).await;
        phone.click(&checkbox("Agencia de los Ríos (ficticia)")).await;
        send(&phone).await;
        phone.reads("1 voto emitido").await;
        phone.misses(&css("c-bars")).await;
        phone.misses(&heading("Qué resulta de la regla publicada")).await;
        let results = results(site, "ensayo-comite").await;
        assert_eq!((results.ballots.total, results.options.len(), results.outcome), (1, 0, None));
    });
}

#[test]
fn support_names_as_many_as_one_likes() {
    journey_in(Server::with_ballots(), async |site| {
        let phone = site.phone().await;
        phone.visit(&page("ensayo-apoyo")).await;
        phone.reads("Apoye las opciones que quiera: una o varias.").await;
        for option in ["Más sombra", "Bancas con espaldar"] {
            phone.click(&checkbox(option)).await;
        }
        phone.reads("2 elegidas").await;
        phone.reload().await;
        phone.click(&button("Empezar de nuevo")).await;
        phone.reads("0 elegidas").await;
        phone.has(&checkbox("Más sombra"), "checked", false).await;
        phone.click(&checkbox("Más sombra")).await;
        send(&phone).await;
        assert_eq!(of(&results(site, "ensayo-apoyo").await, "Más sombra").votes, 1);
        phone.reload().await;
        receipt(&phone).await;
        phone.misses(&text("Aquí está lo que llevaba. Todavía no se ha enviado.")).await;
    });
}

#[test]
fn each_person_sees_the_options_in_an_order_of_their_own_and_keeps_it() {
    journey_in(Server::with_ballots(), async |site| {
        let mut orders = Vec::new();
        for _ in 0..5 {
            let phone = site.phone().await;
            phone.client.delete_all_cookies().await.unwrap();
            phone.visit(&page("ensayo-comite")).await;
            let order = titles(&phone).await;
            assert_eq!(order.len(), 12);
            phone.reload().await;
            assert_eq!(titles(&phone).await, order, "who comes back finds everything where it was");
            orders.push(order);
        }
        let mut distinct = orders.clone();
        distinct.sort();
        distinct.dedup();
        assert!(distinct.len() > 1, "everybody was shown {:?}", orders[0]);
    });
}

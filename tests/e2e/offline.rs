//! Without a network: pages that were seen, what is confirmed meanwhile, and what becomes of it.

use crate::harness::{
    Browser, CONSULTATION, Engine, Lost, Server, Setup, Site, button, checkbox, consultation_page,
    containing, css, field, heading, in_every_engine, journey, journey_in, journey_over_tls, link,
    process_page, radio, tag,
};
use crate::identify;
use crate::vote::{OPTIONS, choose, receipt, tally, vote};
use fantoccini::wd::WindowHandle;
use serde_json::json;
use std::rc::Rc;
use std::time::{Duration, SystemTime};

const KEPT: &str = "Guardado en este dispositivo, aún no enviado";
const PROPOSAL: &str = "Datos abiertos contra la corrupción";

/// A phone whose requests may fail.
async fn phone(site: &Site) -> Rc<Browser> {
    let phone = site.phone().await;
    phone.expect_failed_requests();
    phone.expect_complaint("net::ERR");
    phone
}

/// What the strip at the foot of the window says.
async fn strip_says(phone: &Browser, words: &str) {
    phone.sees(&containing(words).inside(&css("c-strip__line"))).await;
}

/// Chooses and confirms while nothing gets through.
async fn votes_into_the_void(phone: &Browser, options: &[&str]) {
    choose(phone, options).await;
    phone.click(&button("Confirmar mi voto")).await;
    phone.focuses(&heading(KEPT)).await;
}

async fn a_vote_that_cannot_be_sent_waits_in_sight_and_leaves_by_itself(site: &Site) {
    let phone = phone(site).await;
    phone.visit(&consultation_page()).await;
    is_looked_after(&phone).await;
    site.wire().cut(true);
    votes_into_the_void(&phone, &OPTIONS[..2]).await;
    phone.reads("Se envía solo cuando haya conexión.").await;
    let choice = phone.words_of(&css("c-readback")).await;
    assert!(OPTIONS[..2].iter().all(|option| choice.contains(option)), "{choice}");
    tally(site, 0, &[]).await;
    site.wire().cut(false);
    receipt(&phone).await;
    tally(site, 1, &[(OPTIONS[0], 1), (OPTIONS[1], 1)]).await;
    phone.misses(&css("c-strip__line")).await;
}

async fn a_vote_whose_answer_gets_lost_is_counted_once(site: &Site) {
    let phone = phone(site).await;
    phone.visit(&consultation_page()).await;
    choose(&phone, &OPTIONS[..1]).await;
    site.wire().loses("PUT", Lost::Answer);
    phone.click(&button("Confirmar mi voto")).await;
    receipt(&phone).await;
    tally(site, 1, &[(OPTIONS[0], 1)]).await;
    assert!(!phone.words().await.contains("Versión 2"), "it is the same vote");
}

async fn a_vote_whose_request_gets_lost_is_sent_again(site: &Site) {
    let phone = phone(site).await;
    phone.visit(&consultation_page()).await;
    choose(&phone, &OPTIONS[..1]).await;
    site.wire().loses("PUT", Lost::Request);
    phone.click(&button("Confirmar mi voto")).await;
    receipt(&phone).await;
    tally(site, 1, &[(OPTIONS[0], 1)]).await;
}

async fn of_two_answers_confirmed_without_network_the_last_counts(site: &Site) {
    let phone = phone(site).await;
    phone.visit(&consultation_page()).await;
    is_looked_after(&phone).await;
    site.wire().cut(true);
    votes_into_the_void(&phone, &OPTIONS[..1]).await;
    phone.click(&button("Cambiar")).await;
    phone.has(&checkbox(OPTIONS[0]), "checked", true).await;
    phone.click(&checkbox(OPTIONS[0])).await;
    votes_into_the_void(&phone, &OPTIONS[1..2]).await;
    site.wire().cut(false);
    receipt(&phone).await;
    tally(site, 1, &[(OPTIONS[1], 1)]).await;
}

async fn what_is_given_up_is_not_sent(site: &Site) {
    let phone = phone(site).await;
    phone.visit(&consultation_page()).await;
    site.wire().cut(true);
    votes_into_the_void(&phone, &OPTIONS[..1]).await;
    phone.click(&button("No enviarlo")).await;
    phone.sees(&button("Revisar")).await;
    phone.misses(&css("c-strip__line")).await;
    site.wire().cut(false);
    phone.reload().await;
    phone.reads("Todavía no hay votos.").await;
    tally(site, 0, &[]).await;
}

async fn a_comment_that_cannot_be_sent_waits_with_its_words(site: &Site) {
    let phone = phone(site).await;
    phone.visit(&site.proposal_page(1).await).await;
    phone.click(&radio("A favor")).await;
    phone.has(&radio("A favor"), "checked", true).await;
    phone.types(&field("Su comentario"), "Desde la vereda, sin señal").await;
    site.wire().cut(true);
    phone.click(&button("Publicar comentario")).await;
    let waiting = css("c-kept");
    phone.sees(&waiting).await;
    let words = phone.words_of(&waiting).await;
    assert!(words.contains("Desde la vereda, sin señal") && words.contains(KEPT), "{words}");
    site.wire().cut(false);
    phone.sees(&tag("article").saying("Desde la vereda, sin señal")).await;
    phone.misses(&waiting).await;
    phone.reload().await;
    phone.counts(&tag("article").saying("Desde la vereda, sin señal"), 1).await;
}

async fn two_tabs_send_what_waits_once(site: &Site) {
    let phone = phone(site).await;
    phone.visit(&consultation_page()).await;
    let first = phone.new_tab().await;
    phone.visit(&consultation_page()).await;
    site.wire().cut(true);
    votes_into_the_void(&phone, &OPTIONS[..1]).await;
    site.wire().forget();
    site.wire().cut(false);
    phone.script("dispatchEvent(new Event('online'))", &[]).await;
    phone.switch_to(first).await;
    phone.script("dispatchEvent(new Event('online'))", &[]).await;
    receipt(&phone).await;
    let sent = site.wire().seen("part.test").into_iter().filter(|seen| seen.method == "PUT").count();
    assert_eq!(sent, 1);
    tally(site, 1, &[(OPTIONS[0], 1)]).await;
}

in_every_engine!(
    a_vote_that_cannot_be_sent_waits_in_sight_and_leaves_by_itself,
    a_vote_whose_answer_gets_lost_is_counted_once,
    a_vote_whose_request_gets_lost_is_sent_again,
    of_two_answers_confirmed_without_network_the_last_counts,
    what_is_given_up_is_not_sent,
    a_comment_that_cannot_be_sent_waits_with_its_words,
    two_tabs_send_what_waits_once,
);

#[test]
fn what_waits_keeps_the_focus_while_it_is_tried_again() {
    journey_over_tls(Engine::Chromium, async |site| {
        let phone = phone(site).await;
        phone.visit(&consultation_page()).await;
        site.wire().cut(true);
        votes_into_the_void(&phone, &OPTIONS[..1]).await;
        const COUNT: &str = "const ask = fetch; window.tries = 0; \
            window.fetch = (...what) => ask(...what).finally(() => window.tries++)";
        phone.script(COUNT, &[]).await;
        let again = async || phone.script("return window.tries > 1", &[]).await == true;
        phone.until("it was tried twice more", again).await;
        phone.focuses(&heading(KEPT)).await;
    });
}

/// Goes on in a tab in which nobody has a session any more; gives the one that was left open.
async fn ends_the_session_in_another_tab(phone: &Browser) -> WindowHandle {
    let left_open = phone.new_tab().await;
    phone.visit("/account").await;
    phone.click(&button("Cerrar sesión en este dispositivo")).await;
    phone.reads("Listo. Ya nada aquí lo vincula con lo que hizo.").await;
    left_open
}

/// Somebody ends their session in one tab, and somebody else votes there: what the first left open in the other tab does
/// nothing in the name of the second.
#[test]
fn a_tab_that_was_left_open_does_nothing_in_the_name_of_who_came_after() {
    journey(async |site| {
        let phone = phone(site).await;
        vote(&phone, &OPTIONS[..1]).await;
        let left_open = ends_the_session_in_another_tab(&phone).await;
        let number = vote(&phone, &OPTIONS[1..2]).await;
        let both = [(OPTIONS[0], 1), (OPTIONS[1], 1)];
        tally(site, 2, &both).await;

        phone.switch_to(left_open).await;
        phone.click(&button("Retirar mi voto")).await;
        phone.click(&button("Retirar mi voto").inside(&tag("dialog"))).await;
        phone.reads("La sesión en la que empezó esto ya no está abierta").await;
        tally(site, 2, &both).await;
        let shown = async || phone.words_of(&css("c-receipt__number")).await == number;
        phone.until("it shows whose device it is now", shown).await;
    });
}

#[test]
fn a_vote_that_was_read_back_before_somebody_else_came_is_not_cast_as_theirs() {
    journey(async |site| {
        let phone = phone(site).await;
        vote(&phone, &OPTIONS[..1]).await;
        phone.click(&button("Cambiar mi voto")).await;
        choose(&phone, &OPTIONS[2..3]).await;
        let left_open = ends_the_session_in_another_tab(&phone).await;
        vote(&phone, &OPTIONS[1..2]).await;

        phone.switch_to(left_open).await;
        phone.click(&button("Confirmar mi voto")).await;
        phone.reads("La sesión en la que empezó esto ya no está abierta").await;
        tally(site, 2, &[(OPTIONS[0], 1), (OPTIONS[1], 1)]).await;
    });
}

/// Waits until the service worker looks after the page.
async fn is_looked_after(phone: &Browser) {
    phone
        .until("the service worker looks after the page", async || {
            phone.script("return !!navigator.serviceWorker?.controller", &[]).await == true
        })
        .await;
}

/// Waits until there is a copy of this page.
async fn is_kept(phone: &Browser, page: &str) {
    phone
        .until(&format!("there is a copy of {page}"), async || {
            let kept = "return !!(await (await caches.open('cabildo-app-kept-1')).match(arguments[0]))";
            phone.script(kept, &[page.into()]).await == true
        })
        .await;
}

#[test]
fn what_was_seen_stays_readable_with_the_time_at_which_it_was_taken() {
    journey(async |site| {
        let phone = phone(site).await;
        phone.visit("/").await;
        is_looked_after(&phone).await;
        let (list, proposal) = (process_page("/proposals"), site.proposal_page(1).await);
        for page in [&list, &proposal] {
            phone.visit(page).await;
            is_kept(&phone, page).await;
        }
        site.server.stop();
        phone.visit(&list).await;
        phone.sees(&heading("26 propuestas")).await;
        phone.reads("Sin conexión. Lo que ve es de:").await;
        // From page to page as well.
        phone.click(&link(PROPOSAL)).await;
        phone.sees(&tag("h1").saying(PROPOSAL)).await;
        // What was never seen says so, and offers to try again.
        let unseen = format!("{}{}", site.origin(), process_page("/timeline"));
        phone.client.goto(&unseen).await.unwrap();
        phone.reads("Esta página no está guardada en este dispositivo.").await;
        site.server.start_again();
        phone.click(&link("Intentar de nuevo")).await;
        phone.taken_over().await;
        phone.sees(&heading("Cronología")).await;
    });
}

#[test]
fn a_vote_that_waits_is_there_after_a_reload_without_network_and_on_every_page() {
    journey(async |site| {
        let phone = phone(site).await;
        phone.visit(&consultation_page()).await;
        is_looked_after(&phone).await;
        phone.reload().await;
        is_kept(&phone, &consultation_page()).await;
        phone.visit(&process_page("/proposals")).await;
        is_kept(&phone, &process_page("/proposals")).await;
        phone.visit(&consultation_page()).await;
        site.server.stop();
        votes_into_the_void(&phone, &OPTIONS[..2]).await;
        phone.reload().await;
        phone.sees(&heading(KEPT)).await;
        phone.reads("Sin conexión. Lo que ve es de:").await;
        // On every other page it is a line with the way there.
        phone.visit(&process_page("/proposals")).await;
        strip_says(&phone, KEPT).await;
        site.server.start_again();
        phone.script("dispatchEvent(new Event('online'))", &[]).await;
        strip_says(&phone, "Recibido n.º").await;
        tally(site, 1, &[(OPTIONS[0], 1), (OPTIONS[1], 1)]).await;
        phone.visit(&consultation_page()).await;
        receipt(&phone).await;
        phone.misses(&css("c-strip__line")).await;
    });
}

#[test]
fn what_arrives_after_the_close_is_refused_and_stays_to_be_read() {
    let closes = SystemTime::now() + Duration::from_secs(15);
    let written = time(closes);
    let server = Server::with(|process| {
        let consultations = process["consultations"].as_array_mut().unwrap();
        let open = consultations.iter_mut().find(|one| one["slug"] == CONSULTATION).unwrap();
        open["period"]["closes"] = json!(written);
    });
    journey_in(server, async |site| {
        let phone = phone(site).await;
        phone.visit(&consultation_page()).await;
        site.server.stop();
        votes_into_the_void(&phone, &OPTIONS[..1]).await;
        phone.reads("La votación cierra el").await;
        phone.until("the consultation closes", async || SystemTime::now() >= closes).await;
        site.server.start_again();
        phone.script("dispatchEvent(new Event('online'))", &[]).await;
        phone.sees(&heading("No se recibió")).await;
        phone.reads("Lo que usted escribió o eligió sigue aquí.").await;
        phone.sees(&css("c-readback").saying(OPTIONS[0])).await;
        tally(site, 0, &[]).await;
        // Elsewhere the strip says it; who leaves takes it with them.
        phone.visit("/account").await;
        strip_says(&phone, "No se recibió").await;
        phone.click(&button("Cerrar sesión en este dispositivo")).await;
        phone.reads("Ya nada aquí lo vincula con lo que hizo.").await;
        phone.misses(&css("c-strip__line")).await;
    });
}

/// An instant as process files have it.
fn time(at: SystemTime) -> String {
    let millis = at.duration_since(SystemTime::UNIX_EPOCH).unwrap().as_millis();
    cabildo_contract::time::Timestamp::from_millis(i64::try_from(millis).unwrap()).to_string()
}

#[test]
fn a_vote_on_another_device_is_not_undone_by_one_that_waited() {
    journey_over_tls(Engine::Chromium, async |site| {
        let phone = phone(site).await;
        identify::choose(&phone, "Plaza del Agua").await;
        identify::identify(site, &phone, "ana@example.org").await;
        phone.sees(&button("Confirmar mi voto")).await;
        site.wire().cut(true);
        phone.click(&button("Confirmar mi voto")).await;
        phone.focuses(&heading(KEPT)).await;
        // The other device is elsewhere: it reaches the server by another network.
        let desk = site.elsewhere(Setup::desktop()).await;
        identify::choose(&desk, "Plaza de la Palabra").await;
        identify::identify(site, &desk, "ana@example.org").await;
        desk.click(&button("Confirmar mi voto")).await;
        receipt(&desk).await;
        site.wire().cut(false);
        phone.sees(&heading("Su voto cambió en otra parte")).await;
        phone.reads("Plaza de la Palabra").await;
        assert_eq!(votes(site).await, ["Plaza de la Palabra"]);
        phone.click(&button("Enviar este voto")).await;
        receipt(&phone).await;
        assert_eq!(votes(site).await, ["Plaza del Agua"]);
    });
}

/// What has votes in the consultation by e-mail.
async fn votes(site: &Site) -> Vec<String> {
    let results = site.citizen().await.results_of("ensayo-correo").await;
    let chosen = results.options.into_iter().filter(|option| option.votes > 0);
    chosen.map(|option| option.title).collect()
}

#[test]
fn a_newer_version_is_used_when_somebody_taps() {
    journey(async |site| {
        let phone = phone(site).await;
        phone.visit("/").await;
        is_looked_after(&phone).await;
        site.server.stop();
        site.server.publish_another_version();
        site.server.start_again();
        phone
            .script("window.old = true; navigator.serviceWorker.ready.then((ready) => ready.update())", &[])
            .await;
        phone.reads("Hay una versión nueva de esta página.").await;
        assert_eq!(phone.script("return window.old", &[]).await, true, "not by itself");
        phone.click(&button("Usar la nueva")).await;
        phone
            .until("it is another page", async || phone.script("return !window.old", &[]).await == true)
            .await;
        phone.taken_over().await;
        let names =
            "return (await caches.keys()).filter((name) => name.startsWith('cabildo-app-shell-')).join()";
        phone
            .until("the old one is gone", async || {
                let names = phone.script(names, &[]).await;
                names.as_str().unwrap().starts_with("cabildo-app-shell-other-")
                    && !names.as_str().unwrap().contains(',')
            })
            .await;
    });
}

#[test]
fn a_server_without_worker_takes_it_away_from_every_browser() {
    journey(async |site| {
        let phone = phone(site).await;
        phone.visit("/").await;
        is_looked_after(&phone).await;
        phone.reload().await;
        is_kept(&phone, "/").await;
        site.server.stop();
        site.server.tell("--without-worker");
        site.server.start_again();
        // What was on its way when it went may still be kept: then the next visit takes it away.
        for _ in 0..2 {
            phone.reload().await;
            // Browsers look for another one by themselves, once the one that they have has nothing to do.
            let look = "await (await navigator.serviceWorker.getRegistration())?.update().catch(() => {})";
            phone.script(look, &[]).await;
            phone
                .until("the worker is gone", async || {
                    let left = "return (await navigator.serviceWorker.getRegistrations()).length";
                    phone.script(left, &[]).await == 0
                })
                .await;
        }
        let left = "return (await caches.keys()).length + !!navigator.serviceWorker.controller";
        phone.until("the copies are gone", async || phone.script(left, &[]).await == 0).await;
        phone.sees(&tag("h1")).await;
    });
}

#[test]
fn who_spares_data_gets_nothing_live_until_they_ask_and_sees_what_a_visit_costs() {
    journey(async |site| {
        let phone = phone(site).await;
        let spares = "Object.defineProperty(navigator, 'connection', { value: { saveData: true } })";
        phone.devtools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": spares })).await;
        phone.visit(&consultation_page()).await;
        phone.reads("En pausa, para gastar menos datos").await;
        phone.reads("Esta visita ha gastado").await;
        site.citizen().await.votes_for(&["1"]).await;
        let streams = "return performance.getEntriesByType('resource').filter((one) => one.name.endsWith('/live')).length";
        assert_eq!(phone.script(streams, &[]).await, 0);
        phone.click(&button("Ver en vivo")).await;
        phone.reads("1 voto emitido").await;
        phone.misses(&css("c-strip__line")).await;
    });
}

/// A browser does so when there is a network again; only Chromium can, and lets itself be told to.
#[test]
fn what_waits_leaves_by_the_browser_itself_while_no_page_is_open() {
    journey_over_tls(Engine::Chromium, async |site| {
        let phone = phone(site).await;
        phone.visit(&consultation_page()).await;
        is_looked_after(&phone).await;
        site.wire().cut(true);
        votes_into_the_void(&phone, &OPTIONS[..1]).await;
        let page = phone.new_tab().await;
        let nothing = phone.client.window().await.unwrap();
        phone.switch_to(page).await;
        phone.client.close_window().await.unwrap();
        phone.switch_to(nothing).await;
        site.wire().cut(false);
        phone.devtools("ServiceWorker.enable", json!({})).await;
        // The first and only worker of this browser.
        let sync =
            json!({ "origin": site.origin(), "registrationId": "0", "tag": "outbox", "lastChance": false });
        phone.devtools("ServiceWorker.dispatchSyncEvent", sync).await;
        let ballots = async || site.citizen().await.results().await.ballots.total;
        phone.until("it is received", async || ballots().await == 1).await;
        phone.visit(&consultation_page()).await;
        receipt(&phone).await;
        tally(site, 1, &[(OPTIONS[0], 1)]).await;
    });
}

//! What somebody does before the app is here is done in it.

use crate::harness::{
    Browser, Engine, Setup, Site, button, checkbox, consultation_page, css, field, heading, in_every_engine,
    journey, journey_over_tls, process_page, radio, tag,
};
use crate::vote::{OPTIONS, receipt, tally};
use fantoccini::actions::{InputSource, MOUSE_BUTTON_LEFT, MouseActions, PointerAction};
use serde_json::json;

/// The code that the app needs on every page, which a slow network brings last. Others come by connections of their own, of
/// which browsers open six.
const CODE: Option<&str> = Some("/app_bg.wasm");

/// Opens a page of the site whose app does not come yet.
async fn open(site: &Site, path: &str) -> std::rc::Rc<Browser> {
    site.wire().holds(CODE);
    let desk = site.browser(Setup { patient: false, ..Setup::desktop() }).await;
    // Chromium says after some seconds what has not been used yet.
    desk.expect_complaint("preloaded using link preload");
    desk.client.goto(&format!("{}{path}", site.origin())).await.unwrap();
    // Its keeper is there: deferred scripts run before this event.
    let ready = "return performance.getEntriesByType('navigation')[0]?.domContentLoadedEventEnd > 0 && location.protocol !== 'about:'";
    desk.until("the page can be used", async || desk.script(ready, &[]).await == true).await;
    desk
}

/// The app comes.
async fn comes(site: &Site, desk: &Browser) {
    assert_ne!(desk.script("return window.journey?.taken", &[]).await, true, "it was here before");
    site.wire().holds(None);
    desk.taken_over().await;
}

async fn what_was_ticked_stays_and_what_was_pressed_is_done(site: &Site) {
    let desk = open(site, &consultation_page()).await;
    for option in &OPTIONS[..3] {
        desk.click(&checkbox(option)).await;
    }
    // Somebody who changes their mind.
    desk.click(&checkbox(OPTIONS[2])).await;
    desk.click(&button("Revisar")).await;
    desk.focuses(&heading("Revise su elección")).await;
    comes(site, &desk).await;
    desk.sees(&heading("Revise su elección")).await;
    desk.reads("Eligió 2 opciones:").await;
    desk.click(&button("Cambiar")).await;
    for (option, chosen) in OPTIONS.iter().zip([true, true, false, false]) {
        desk.has(&checkbox(option), "checked", chosen).await;
    }
}

async fn a_choice_is_read_back_changed_and_confirmed_at_once_and_counted_when_the_app_is_here(site: &Site) {
    let desk = open(site, &consultation_page()).await;
    for option in &OPTIONS[..2] {
        desk.click(&checkbox(option)).await;
    }
    desk.click(&button("Revisar")).await;
    desk.focuses(&heading("Revise su elección")).await;
    desk.reads("Eligió 2 opciones:").await;
    let choice = desk.words_of(&css("c-readback")).await;
    assert!(OPTIONS[..2].iter().all(|option| choice.contains(option)), "{choice}");
    desk.click(&button("Cambiar")).await;
    desk.focuses(&heading("Su voto")).await;
    desk.click(&checkbox(OPTIONS[0])).await;
    desk.click(&button("Revisar")).await;
    desk.reads("Eligió 1 opción:").await;
    desk.click(&button("Confirmar mi voto")).await;
    desk.has(&button("Confirmar mi voto"), "ariaBusy", "true").await;
    tally(site, 0, &[]).await;
    comes(site, &desk).await;
    receipt(&desk).await;
    tally(site, 1, &[(OPTIONS[1], 1)]).await;
}

/// Whoever is not admitted at first and mends it confirms nothing by that.
async fn what_is_mended_before_the_app_is_here_is_reviewed_and_not_confirmed(site: &Site) {
    let desk = open(site, &consultation_page()).await;
    desk.click(&button("Revisar")).await;
    desk.has(&button("Revisar"), "ariaBusy", "true").await;
    desk.click(&checkbox(OPTIONS[0])).await;
    desk.click(&button("Revisar")).await;
    desk.reads("Eligió 1 opción:").await;
    comes(site, &desk).await;
    desk.sees(&heading("Revise su elección")).await;
    desk.sees(&button("Confirmar mi voto")).await;
    tally(site, 0, &[]).await;
}

async fn what_the_rule_does_not_admit_waits_for_the_app_which_says_so(site: &Site) {
    let desk = open(site, &consultation_page()).await;
    desk.click(&button("Revisar")).await;
    desk.has(&button("Revisar"), "ariaBusy", "true").await;
    comes(site, &desk).await;
    desk.focuses(&css("c-summary")).await;
}

async fn a_comment_is_published_when_the_app_is_here(site: &Site) {
    let desk = open(site, &site.proposal_page(1).await).await;
    desk.click(&radio("A favor")).await;
    desk.types(&field("Su comentario"), "Con el bus en marcha").await;
    desk.click(&button("Publicar comentario")).await;
    comes(site, &desk).await;
    desk.sees(&tag("article").saying("Con el bus en marcha")).await;
    desk.has(&field("Su comentario"), "value", "").await;
}

/// The app takes over before a frame is drawn, which in a tab that nobody looks at can be long: others write meanwhile.
async fn what_others_write_meanwhile_takes_nothing_away(site: &Site) {
    let desk = open(site, &site.proposal_page(1).await).await;
    desk.click(&radio("A favor")).await;
    desk.types(&field("Su comentario"), "Con el bus en marcha").await;
    desk.script("window.frames_ = []; window.requestAnimationFrame = (frame) => frames_.push(frame)", &[])
        .await;
    comes(site, &desk).await;
    site.citizen().await.comments(&site.proposals().await[0], "Recién llegado.").await;
    desk.sees(&tag("article").saying("Recién llegado.")).await;
    desk.has(&field("Su comentario"), "value", "").await;
    desk.script("for (const frame of frames_.splice(0)) frame()", &[]).await;
    desk.has(&field("Su comentario"), "value", "Con el bus en marcha").await;
    desk.has(&radio("A favor"), "checked", true).await;
}

async fn what_was_typed_stays_where_it_was_typed(site: &Site) {
    let desk = open(site, &process_page("/proposals")).await;
    let search = field("Buscar en títulos, resúmenes y entidades");
    desk.types(&search, "datos").await;
    comes(site, &desk).await;
    desk.has(&search, "value", "datos").await;
    desk.focuses(&search).await;
}

/// What is pressed in one page and let go in the other would be neither.
async fn what_is_being_pressed_is_pressed(site: &Site) {
    let desk = open(site, &consultation_page()).await;
    const PLACE: &str = "const [box] = arguments; box.scrollIntoView({ block: 'center', behavior: 'instant' }); \
        const { x, y, width, height } = box.getBoundingClientRect(); \
        return [x + width / 2, y + height / 2].map(Math.round)";
    let option = desk.find(&checkbox(OPTIONS[0])).await;
    let place = desk.script(PLACE, &[json!(option)]).await;
    let [x, y] = [0, 1].map(|index| place[index].as_f64().unwrap());
    let mouse = || MouseActions::new("mouse".into());
    let to = PointerAction::MoveTo { duration: None, x, y };
    let down = mouse().then(to).then(PointerAction::Down { button: MOUSE_BUTTON_LEFT });
    desk.client.perform_actions(down).await.unwrap();
    site.wire().holds(None);
    let here = "return performance.getEntriesByType('resource').some(({ name, responseEnd }) => name.endsWith(arguments[0]) && responseEnd)";
    desk.until("the app's code is here", async || desk.script(here, &[CODE.into()]).await == true).await;
    desk.script("window.dispatchEvent(new Event('keydown'))", &[]).await;
    desk.client.perform_actions(mouse().then(PointerAction::Up { button: MOUSE_BUTTON_LEFT })).await.unwrap();
    desk.taken_over().await;
    desk.has(&checkbox(OPTIONS[0]), "checked", true).await;
}

/// Whether the app has taken over without being used, and how many milliseconds after the page was complete.
const BY_ITSELF: &str =
    "return journey.at && journey.at - performance.getEntriesByType('navigation')[0].loadEventStart";

#[test]
fn the_app_starts_by_itself_when_the_page_has_been_read_in_for_a_while() {
    journey(async |site| {
        let phone = site.phone().await;
        phone.client.goto(&format!("{}{}", site.server.origin(), consultation_page())).await.unwrap();
        let after =
            phone.until_some("it has started", async || phone.script(BY_ITSELF, &[]).await.as_f64()).await;
        assert!(after >= 4000.0, "{after} ms after the page was complete");
    });
}

/// What starts the app by itself never comes, and links lead nowhere.
const NEVER: &str = "const { setTimeout } = window; \
    window.setTimeout = (act, wait, ...more) => wait === 4000 ? 0 : setTimeout(act, wait, ...more); \
    window.addEventListener('click', (event) => event.target.closest('a') && event.preventDefault())";

/// Waits for the app without using the page.
async fn starts(phone: &Browser) {
    let taken = "return window.journey?.taken";
    phone.until("the app takes over", async || phone.script(taken, &[]).await == true).await;
}

#[test]
fn the_app_starts_when_the_page_is_used_and_not_when_it_is_left() {
    journey(async |site| {
        let phone = site.phone().await;
        phone.devtools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": NEVER })).await;
        phone.client.goto(&format!("{}{}", site.server.origin(), consultation_page())).await.unwrap();
        phone.script("document.querySelector('main a').click()", &[]).await;
        let wanted = phone.client.execute_async(
            "const [done] = arguments; Promise.race([wanted.then(() => true), new Promise(requestAnimationFrame)]).then((is) => done(is === true))",
            Vec::new(),
        );
        assert_eq!(wanted.await.unwrap(), false, "for who leaves");
        phone.script("document.querySelector('main input').click()", &[]).await;
        starts(&phone).await;
    });
}

#[test]
fn the_app_starts_at_once_for_who_began_something_or_was_here_before_and_where_a_page_is_theirs_alone() {
    journey(async |site| {
        let phone = site.phone().await;
        phone.devtools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": NEVER })).await;
        // Nobody is known yet.
        phone.expect_complaint("status of 401");
        phone.client.goto(&format!("{}/account", site.server.origin())).await.unwrap();
        starts(&phone).await;
        phone.visit(&site.proposal_page(1).await).await;
        phone.types(&field("Su comentario"), "Con el bus en marcha").await;
        phone.client.refresh().await.unwrap();
        starts(&phone).await;
        phone.has(&field("Su comentario"), "value", "Con el bus en marcha").await;
        phone.click(&radio("A favor")).await;
        phone.click(&button("Publicar comentario")).await;
        phone.sees(&tag("article").saying("Con el bus en marcha")).await;
        phone.script("sessionStorage.clear()", &[]).await;
        phone.client.refresh().await.unwrap();
        starts(&phone).await;
        phone.sees(&tag("article").saying("(usted)")).await;
    });
}

/// In Chromium: the others answer nobody while they go from one page to the next.
#[test]
fn a_list_is_narrowed_before_the_app_is_here() {
    journey_over_tls(Engine::Chromium, async |site| {
        let desk = open(site, &process_page("/proposals")).await;
        desk.selects(&field("Nivel"), "Territorial").await;
        desk.until("the list is narrowed", async || desk.address().await.contains("level=subnational")).await;
        desk.reads("Palmira").await;
        comes(site, &desk).await;
        desk.has(&field("Nivel"), "value", "subnational").await;
    });
}

in_every_engine!(
    a_choice_is_read_back_changed_and_confirmed_at_once_and_counted_when_the_app_is_here,
    a_comment_is_published_when_the_app_is_here,
    what_is_mended_before_the_app_is_here_is_reviewed_and_not_confirmed,
    what_is_being_pressed_is_pressed,
    what_others_write_meanwhile_takes_nothing_away,
    what_the_rule_does_not_admit_waits_for_the_app_which_says_so,
    what_was_ticked_stays_and_what_was_pressed_is_done,
    what_was_typed_stays_where_it_was_typed,
);

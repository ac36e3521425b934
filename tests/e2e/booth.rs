//! Voting inside a frame, in a page of a site that the consultation names: `https://gov.test`, where Cabildo is
//! `https://part.test`.

use crate::harness::{
    Browser, Engine, Setup, Site, Target, axe, button, checkbox, containing, css, field, heading,
    in_every_engine, journey_over_tls, radio, tag,
};
use crate::identify::{CODE, CONSENT, EMAIL, ballots};
use crate::vote::receipt;
use cabildo_contract::tally::Channel;
use serde_json::json;
use std::rc::Rc;

const CONSULTATION: &str = "ensayo-correo";
const CONFIRM: &str = "Confirmar mi voto";
const FRAME: &str = "<iframe src=\"https://part.test/embed/vote/ensayo-correo\" title=\"Cabildo\" width=\"100%\" \
                     height=\"1200\" style=\"border:0\"></iframe>";

/// Opens a page with one frame and goes into it.
async fn open(browser: &Browser, page: &str) {
    browser.client.goto(page).await.unwrap();
    browser.sees(&tag("iframe")).await;
    browser.client.enter_frame(0).await.unwrap();
}

async fn leave(browser: &Browser) {
    browser.client.clone().enter_parent_frame().await.unwrap();
}

/// Chooses, gives an address and asks for a code.
async fn ask_for_a_code(browser: &Browser, option: &str, email: &str) {
    // A frame of another site takes the focus only from whoever touched it.
    browser.click(&radio(option)).await;
    browser.click(&button("Revisar")).await;
    browser.focuses(&heading("Identifíquese para votar")).await;
    browser.types(&field(EMAIL), email).await;
    press(browser, &checkbox(CONSENT)).await;
    press(browser, &button("Enviar el código")).await;
    browser.sees(&field(CODE)).await;
}

/// Presses something that may be out of the window: WebKit's driver does not find it inside a frame then.
async fn press(browser: &Browser, target: &Target) {
    let element = json!(browser.find(target).await);
    browser.script("arguments[0].click()", &[element]).await;
}

/// Everything up to the last button.
async fn prepare(site: &Site, browser: &Browser, option: &str, email: &str) {
    ask_for_a_code(browser, option, email).await;
    let code = site.citizen().await.code().await;
    browser.types(&field(CODE), &code).await;
    press(browser, &button("Confirmar")).await;
    browser.sees(&heading("Revise su elección")).await;
}

/// Brings a guarded button into view, as whoever wants to press it does, and waits until it is open. The page round the
/// frame is scrolled: WebKit does not let a frame do that.
async fn opens(browser: &Browser, target: &Target) {
    let element = json!(browser.find(target).await);
    let top =
        "arguments[0].scrollIntoView({ block: 'center' }); return arguments[0].getBoundingClientRect().top";
    let top = browser.script(top, &[element]).await;
    leave(browser).await;
    let scroll = "const frame = document.querySelector('iframe').getBoundingClientRect().top + scrollY;\
                  scrollTo(0, frame + arguments[0] - 200)";
    browser.script(scroll, &[top]).await;
    browser.client.enter_frame(0).await.unwrap();
    browser.has(target, "disabled", false).await;
}

/// Presses the last button once it is open; gives the number of the receipt.
async fn confirm(browser: &Browser) -> String {
    opens(browser, &button(CONFIRM)).await;
    press(browser, &button(CONFIRM)).await;
    receipt(browser).await
}

async fn somebody_votes_inside_the_page_of_a_named_site_and_finds_the_ballot_again(site: &Site) {
    let page = site.page("gov.test", FRAME);
    let desk = site.desktop().await;
    open(&desk, &page).await;
    prepare(site, &desk, "Plaza del Agua", "ana@example.org").await;
    let number = confirm(&desk).await;
    let results = site.citizen().await.results_of(CONSULTATION).await;
    assert_eq!(results.ballots.total, 1);
    assert_eq!(results.channels[0].channel, Channel::Widget);
    assert_eq!(desk.script("return [document.cookie, localStorage.length]", &[]).await, json!(["", 0]));

    leave(&desk).await;
    open(&desk, &page).await;
    assert_eq!(receipt(&desk).await, number);
    press(&desk, &button("Cambiar mi voto")).await;
    desk.has(&radio("Plaza del Agua"), "checked", true).await;
    press(&desk, &radio("Plaza de la Palabra")).await;
    press(&desk, &button("Revisar")).await;
    assert_eq!(confirm(&desk).await, number);
    desk.reads("Versión 2 de su voto").await;

    press(&desk, &tag("summary")).await;
    opens(&desk, &button("Retirar mi voto")).await;
    press(&desk, &button("Retirar mi voto")).await;
    desk.sees(&heading("Su voto fue retirado.")).await;
    assert_eq!(ballots(site).await, 0);
}

async fn a_site_that_is_not_named_shows_nothing_to_vote_in(site: &Site) {
    let other = site.page("press.test", FRAME);
    // Nor does a named one inside another that is not.
    site.page("gov.test", FRAME);
    let round = "<iframe src=\"https://gov.test/\" width=\"100%\" height=\"900\"></iframe>";
    let round = site.page("jar.test", round);
    let desk = site.desktop().await;
    desk.expect_complaint("frame-ancestors");
    open(&desk, &other).await;
    desk.misses(&css("c-widget")).await;
    open(&desk, &round).await;
    desk.sees(&tag("iframe")).await;
    desk.client.enter_frame(0).await.unwrap();
    desk.misses(&css("c-widget")).await;
    // The browser asked for the frames, and for nothing that a frame which it shows would need.
    let seen = site.wire().seen("part.test");
    assert_eq!(seen.iter().filter(|seen| seen.path.starts_with("/embed/vote/")).count(), 2);
    assert!(seen.iter().all(|seen| !seen.path.starts_with("/assets/")), "{seen:?}");
}

async fn a_server_that_is_gone_for_a_while_loses_nothing(site: &Site) {
    let page = site.page("gov.test", FRAME);
    let desk = site.desktop().await;
    desk.expect_failed_requests();
    open(&desk, &page).await;
    press(&desk, &radio("Plaza del Agua")).await;
    site.server.stop();
    press(&desk, &button("Revisar")).await;
    desk.sees(&containing("nada se ha perdido")).await;
    site.server.start_again();
    desk.has(&radio("Plaza del Agua"), "checked", true).await;
    press(&desk, &button("Revisar")).await;
    desk.sees(&heading("Identifíquese para votar")).await;
}

in_every_engine!(
    somebody_votes_inside_the_page_of_a_named_site_and_finds_the_ballot_again,
    a_site_that_is_not_named_shows_nothing_to_vote_in,
    a_server_that_is_gone_for_a_while_loses_nothing,
);

#[test]
fn one_mailbox_is_one_person_in_the_page_of_a_site_and_on_the_site_itself() {
    journey_over_tls(Engine::Chromium, async |site| {
        let page = site.page("gov.test", FRAME);
        let desk = site.desktop().await;
        open(&desk, &page).await;
        prepare(site, &desk, "Plaza del Agua", "ana@example.org").await;
        let number = confirm(&desk).await;
        axe::check(&desk, "a ballot inside a frame, received").await;

        let phone = site.phone().await;
        phone.client.goto("https://part.test/embed/vote/ensayo-correo").await.unwrap();
        phone.sees(&heading("Su voto")).await;
        axe::check(&phone, "a ballot inside a frame").await;
        let fits = phone.script("return document.documentElement.scrollWidth <= innerWidth", &[]).await;
        assert_eq!(fits, true, "the frame scrolls sideways");
        crate::identify::choose(&phone, "Plaza de la Palabra").await;
        crate::identify::identify(site, &phone, "ana@example.org").await;
        phone.click(&button(CONFIRM)).await;
        assert_eq!(receipt(&phone).await, number);
        assert_eq!(ballots(site).await, 1);
    });
}

/// Third-party cookies are blocked: a partitioned one is none in Chromium, and one like any other elsewhere.
fn without_third_party_cookies(engine: Engine, story: impl AsyncFnOnce(&Site, Rc<Browser>)) {
    journey_over_tls(engine, async |site| {
        let page = site.page("gov.test", FRAME);
        let desk = site.browser(Setup { third_party_cookies: false, ..Setup::desktop() }).await;
        open(&desk, &page).await;
        story(site, desk).await;
    });
}

#[test]
fn chromium_without_third_party_cookies_still_votes() {
    without_third_party_cookies(Engine::Chromium, async |site, desk| {
        prepare(site, &desk, "Plaza del Agua", "ana@example.org").await;
        confirm(&desk).await;
    });
}

async fn is_shown_the_window(site: &Site, desk: Rc<Browser>) {
    ask_for_a_code(&desk, "Plaza del Agua", "ana@example.org").await;
    let code = site.citizen().await.code().await;
    desk.types(&field(CODE), &code).await;
    press(&desk, &button("Confirmar")).await;
    desk.reads("Su navegador no deja que esta página recuerde quién es usted.").await;
    assert_eq!(ballots(site).await, 0);
}

#[test]
fn firefox_without_third_party_cookies_is_shown_the_window() {
    without_third_party_cookies(Engine::Firefox, is_shown_the_window);
}

#[test]
fn webkit_without_third_party_cookies_is_shown_the_window() {
    without_third_party_cookies(Engine::Webkit, is_shown_the_window);
}

/// What a page does to the frame in it just before the last button is pressed; only Chromium can tell.
fn attacked(attack: &str, story: impl AsyncFnOnce(&Site, &Browser)) {
    journey_over_tls(Engine::Chromium, async |site| {
        let page =
            site.page("gov.test", &format!("<div id=\"place\" style=\"position:relative\">{FRAME}</div>"));
        let desk = site.desktop().await;
        open(&desk, &page).await;
        prepare(site, &desk, "Plaza del Agua", "ana@example.org").await;
        leave(&desk).await;
        desk.script(&format!("const place = document.getElementById('place'); {attack}"), &[]).await;
        desk.client.enter_frame(0).await.unwrap();
        desk.reads("Algo tapa el botón.").await;
        desk.has(&button(CONFIRM), "disabled", true).await;
        // Nor does a message of the page round it do what the button does.
        leave(&desk).await;
        desk.script(
            "for (const message of [{ step: 'cast' }, { cabildo: 'cast', v: 1 }]) frames[0].postMessage(message, '*')",
            &[],
        )
        .await;
        desk.client.enter_frame(0).await.unwrap();
        desk.has(&button(CONFIRM), "disabled", true).await;
        assert_eq!(ballots(site).await, 0);
        story(site, &desk).await;
    });
}

#[test]
fn what_lies_over_a_frame_gets_no_vote_until_it_is_taken_away() {
    let over = "const over = document.createElement('div'); place.append(over);\
                over.style.cssText = 'position:absolute;inset:0;pointer-events:none;background:#fff'";
    attacked(over, async |_, desk| {
        leave(desk).await;
        desk.script("document.getElementById('place').lastChild.remove()", &[]).await;
        desk.client.enter_frame(0).await.unwrap();
        confirm(desk).await;
    });
}

#[test]
fn a_frame_that_is_seen_through_gets_no_vote() {
    attacked("place.style.opacity = 0.01", async |_, _| {});
}

#[test]
fn a_frame_that_is_made_smaller_than_it_is_gets_no_vote() {
    attacked("place.style.transform = 'scale(0.4)'", async |_, _| {});
}

//! Voting inside a frame, in a page of a site that the consultation names.

use crate::embed::{enter, frame, leave, open};
use crate::harness::{
    Browser, Host, Server, Site, axe, button, checkbox, containing, css, field, heading, journey_in, radio,
    tag,
};
use crate::identify::{CODE, CONSENT, EMAIL, ballots};
use crate::vote::receipt;
use cabildo_contract::tally::Channel;
use std::rc::Rc;

const CONSULTATION: &str = "ensayo-correo";
const CONFIRM: &str = "Confirmar mi voto";

/// A server on which people may vote at a host, and the host with the frame in its page.
fn at_a_host(body: impl FnOnce(&str) -> String, story: impl AsyncFnOnce(&Site, &Host)) {
    let host = Host::open();
    journey_in(Server::with_voting_sites(&[host.origin()]), async |site| {
        let frame = frame(site, &format!("/embed/vote/{CONSULTATION}"), "style=\"height:1400px;border:0\"");
        host.shows(&body(&frame));
        story(site, &host).await;
    });
}

/// Fills the ballot in and identifies oneself, up to the last button.
async fn prepare(site: &Site, browser: &Browser, option: &str, email: &str) {
    browser.click(&radio(option)).await;
    browser.click(&button("Revisar")).await;
    browser.focuses(&heading("Identifíquese para votar")).await;
    browser.types(&field(EMAIL), email).await;
    browser.click(&checkbox(CONSENT)).await;
    browser.click(&button("Enviar el código")).await;
    browser.sees(&field(CODE)).await;
    let code = site.citizen().await.code().await;
    browser.types(&field(CODE), &code).await;
    browser.click(&button("Confirmar")).await;
    browser.sees(&heading("Revise su elección")).await;
}

/// Waits until the last button can be pressed.
async fn may_confirm(browser: &Browser) {
    browser.has(&button(CONFIRM), "disabled", false).await;
}

#[test]
fn somebody_votes_inside_the_page_of_a_named_site_and_has_one_ballot_there_and_here() {
    at_a_host(str::to_owned, async |site, host| {
        let desk = site.desktop().await;
        open(&desk, host).await;
        enter(&desk, 0).await;
        axe::check(&desk, "a ballot inside a frame").await;
        prepare(site, &desk, "Plaza del Agua", "ana@example.org").await;
        axe::check(&desk, "a ballot inside a frame, read back").await;
        may_confirm(&desk).await;
        desk.click(&button(CONFIRM)).await;
        let number = receipt(&desk).await;
        let results = site.citizen().await.results_of(CONSULTATION).await;
        assert_eq!(results.ballots.total, 1);
        assert_eq!(results.channels[0].channel, Channel::Widget);
        assert_eq!(
            desk.script("return [document.cookie, localStorage.length]", &[]).await,
            serde_json::json!(["", 0])
        );

        // Who comes back to the page finds the ballot.
        leave(&desk).await;
        open(&desk, host).await;
        enter(&desk, 0).await;
        assert_eq!(receipt(&desk).await, number);

        // The same mailbox on the site itself is the same person.
        let phone = site.phone().await;
        crate::identify::choose(&phone, "Plaza de la Palabra").await;
        phone.types(&field(EMAIL), "ana@example.org").await;
        phone.click(&checkbox(CONSENT)).await;
        phone.click(&button("Enviar el código")).await;
        phone.focuses(&field(CODE)).await;
        let code = site.citizen().await.code().await;
        phone.types(&field(CODE), &code).await;
        phone.click(&button("Confirmar")).await;
        phone.click(&button(CONFIRM)).await;
        assert_eq!(receipt(&phone).await, number);
        assert_eq!(ballots(site).await, 1);

        // And withdraws it in the frame.
        desk.click(&tag("summary")).await;
        desk.has(&button("Retirar mi voto"), "disabled", false).await;
        desk.click(&button("Retirar mi voto")).await;
        desk.sees(&heading("Su voto fue retirado.")).await;
        assert_eq!(ballots(site).await, 0);
    });
}

#[test]
fn a_site_that_is_not_named_shows_nothing_to_vote_in() {
    at_a_host(str::to_owned, async |site, host| {
        let other = Host::serve(&frame(site, &format!("/embed/vote/{CONSULTATION}"), ""));
        // Nor does a named site inside one that is not.
        let round =
            Host::serve(&format!("<iframe src=\"{}\" width=\"100%\" height=\"900\"></iframe>", host.url));
        let desk = site.desktop().await;
        desk.expect_complaint("frame-ancestors");
        for (host, depth) in [(&other, 1), (&round, 2)] {
            open(&desk, host).await;
            for _ in 0..depth {
                desk.sees(&tag("iframe")).await;
                enter(&desk, 0).await;
            }
            desk.until("the browser's own page is in place of the widget", async || {
                desk.script("return location.protocol", &[]).await == "chrome-error:"
            })
            .await;
            desk.misses(&css("c-widget")).await;
        }
    });
}

/// A page that lays something over the whole frame, or makes it see-through.
fn attacked(style: &str) -> impl FnOnce(&str) -> String {
    move |frame| {
        format!(
            "<div style=\"position:relative\">{frame}<div id=\"attack\" style=\"{style}\"></div></div>\
             <script>onload = () => {{ const attack = document.getElementById('attack');\
             if (attack.style.opacity) attack.previousSibling.style.opacity = attack.style.opacity; }}</script>"
        )
    }
}

async fn yields_no_vote(site: &Site, host: &Host) -> Rc<Browser> {
    let desk = site.desktop().await;
    open(&desk, host).await;
    enter(&desk, 0).await;
    prepare(site, &desk, "Plaza del Agua", "ana@example.org").await;
    desk.reads("Algo tapa el botón.").await;
    desk.has(&button(CONFIRM), "disabled", true).await;
    // Nor does a script of the page round it reach what the button does.
    leave(&desk).await;
    desk.script(
        "for (const message of [{ step: 'cast' }, { cabildo: 'cast', v: 1 }]) frames[0].postMessage(message, '*')",
        &[],
    )
    .await;
    enter(&desk, 0).await;
    assert_eq!(ballots(site).await, 0);
    desk
}

#[test]
fn nothing_that_lies_over_the_frame_gets_a_vote() {
    let over = "position:absolute;inset:0;pointer-events:none;background:#fff";
    at_a_host(attacked(over), async |site, host| {
        let desk = yields_no_vote(site, host).await;
        // What is taken away gives the way free.
        leave(&desk).await;
        desk.script("document.getElementById('attack').remove()", &[]).await;
        enter(&desk, 0).await;
        may_confirm(&desk).await;
        desk.click(&button(CONFIRM)).await;
        receipt(&desk).await;
    });
}

#[test]
fn nothing_that_is_seen_through_gets_a_vote() {
    at_a_host(attacked("opacity:0.01"), async |site, host| {
        yields_no_vote(site, host).await;
    });
}

#[test]
fn a_cut_connection_in_a_frame_loses_nothing() {
    at_a_host(str::to_owned, async |site, host| {
        let desk = site.desktop().await;
        desk.expect_complaint("ERR_CONNECTION_REFUSED");
        open(&desk, host).await;
        enter(&desk, 0).await;
        desk.click(&radio("Plaza del Agua")).await;
        site.server.stop();
        desk.click(&button("Revisar")).await;
        desk.sees(&containing("nada se ha perdido")).await;
        site.server.start_again();
        desk.has(&radio("Plaza del Agua"), "checked", true).await;
        desk.click(&button("Revisar")).await;
        desk.sees(&heading("Identifíquese para votar")).await;
    });
}

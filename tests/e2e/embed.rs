//! Widgets in pages of somebody else, on another site.

use crate::harness::{Browser, CONSULTATION, Host, PROCESS, Site, axe, containing, journey, link, tag};
use crate::vote::{OPTIONS, choose, receipt};
use serde_json::{Value, json};

const VOTE: &str = "Votar";

/// A frame as an officer pastes it.
fn frame(site: &Site, path: &str, more: &str) -> String {
    format!(
        "<iframe src=\"{}{path}\" title=\"Cabildo\" width=\"100%\" height=\"300\" {more}></iframe>",
        site.server.origin()
    )
}

async fn open(browser: &Browser, host: &Host) {
    browser.client.goto(&host.url).await.unwrap();
}

async fn enter(browser: &Browser, number: u16) {
    browser.client.enter_frame(number).await.unwrap();
}

async fn leave(browser: &Browser) {
    browser.client.clone().enter_parent_frame().await.unwrap();
}

/// Heights of the frames of a page, as it gives them.
async fn heights(browser: &Browser) -> Vec<u64> {
    let script = "return [...document.querySelectorAll('iframe')].map((frame) => frame.getBoundingClientRect().height)";
    let found = browser.script(script, &[]).await;
    found.as_array().unwrap().iter().map(|height| height.as_f64().unwrap().round() as u64).collect()
}

#[test]
fn every_widget_shows_itself_in_a_page_of_another_site_and_keeps_nobody_out() {
    journey(async |site| {
        let proposal = site.proposals().await.remove(0);
        let citizen = site.citizen().await;
        citizen.comments(&proposal, "Hace falta en mi vereda").await;
        let widgets = [
            (format!("/embed/consultation/{CONSULTATION}"), "Votar"),
            (format!("/embed/proposal/{proposal}"), "Hace falta en mi vereda"),
            (format!("/embed/results/{CONSULTATION}"), "Resultados"),
            (format!("/embed/counter/{CONSULTATION}"), "votos"),
            (format!("/embed/dashboard/{PROCESS}"), "personas"),
            (format!("/embed/chart/{PROCESS}/days"), "Datos de"),
        ];
        let body: String = widgets.iter().map(|(path, _)| frame(site, path, "loading=\"eager\"")).collect();
        let host = Host::serve(&body);
        let desk = site.desktop().await;
        open(&desk, &host).await;
        for (number, (path, words)) in (0..).zip(&widgets) {
            enter(&desk, number).await;
            desk.until(path, async || desk.words().await.to_lowercase().contains(&words.to_lowercase()))
                .await;
            let storage = desk.script("return [document.cookie, localStorage.length]", &[]).await;
            assert_eq!(storage, json!(["", 0]), "{path}");
            leave(&desk).await;
        }
        // One at a time, as a page of its own, for the checker.
        let phone = site.phone().await;
        for (path, _) in &widgets {
            phone.client.goto(&format!("{}{path}", site.server.origin())).await.unwrap();
            phone.sees(&tag("h1")).await;
            axe::check(&phone, path).await;
            let fits = phone.script("return document.documentElement.scrollWidth <= innerWidth", &[]).await;
            assert_eq!(fits, true, "{path} scrolls sideways");
        }
    });
}

#[test]
fn somebody_votes_in_a_window_that_the_widget_opens_and_the_widget_says_thanks() {
    journey(async |site| {
        let host = Host::serve(&frame(site, &format!("/embed/consultation/{CONSULTATION}"), ""));
        let desk = site.desktop().await;
        open(&desk, &host).await;
        let page = desk.client.window().await.unwrap();
        enter(&desk, 0).await;
        desk.click(&link(VOTE)).await;
        let windows = async || desk.client.windows().await.unwrap();
        desk.until("a window", async || windows().await.len() == 2).await;
        let window = windows().await.into_iter().find(|window| *window != page).unwrap();
        desk.switch_to(window).await;
        choose(&desk, &OPTIONS[..1]).await;
        desk.click(&crate::harness::button("Confirmar mi voto")).await;
        receipt(&desk).await;
        desk.client.close_window().await.unwrap();
        desk.switch_to(page).await;
        enter(&desk, 0).await;
        desk.reads("Gracias: lo que hizo quedó registrado.").await;
        desk.reads("1 voto emitido").await;
        assert_eq!(site.citizen().await.results().await.ballots.total, 1);
    });
}

#[test]
fn the_script_gives_frames_the_height_of_their_content_and_takes_it_back() {
    journey(async |site| {
        let origin = site.server.origin();
        let widget = format!(
            "<cabildo-widget src=\"/embed/counter/{CONSULTATION}\" theme=\"dark\"><a href=\"{origin}/\">Consulta</a></cabildo-widget>"
        );
        let script = format!("<script src=\"{origin}/embed-1.js\" crossorigin=\"anonymous\"></script>");
        let one = frame(site, &format!("/embed/consultation/{CONSULTATION}"), "");
        let host = Host::serve(&format!("{one}{widget}{script}{script}"));
        let desk = site.desktop().await;
        open(&desk, &host).await;
        desk.counts(&tag("iframe"), 2).await;
        // With its border.
        let before_it_fits = 304;
        desk.until("the frames fit", async || {
            let heights = heights(&desk).await;
            heights[0] != before_it_fits && heights[1] != 560 && heights[1] < heights[0]
        })
        .await;
        for number in [0, 1] {
            enter(&desk, number).await;
            let fits =
                desk.script("return document.documentElement.scrollHeight <= innerHeight + 1", &[]).await;
            assert_eq!(fits, true, "frame {number} scrolls");
            leave(&desk).await;
        }
        let dark = desk.script(
            "return new URL(document.querySelectorAll('iframe')[1].src).searchParams.get('theme')",
            &[],
        );
        assert_eq!(dark.await, "dark");

        // Who is not the frame is not heard, nor is nonsense from it.
        let before = heights(&desk).await;
        desk.script(
            "for (let n = 0; n < 500; n++) postMessage({ cabildo: 'height', v: 1, height: 3000 }, '*')",
            &[],
        )
        .await;
        let heard = "const done = arguments[0]; setTimeout(() => done(), 300)";
        desk.client.execute_async(heard, Vec::<Value>::new()).await.unwrap();
        assert_eq!(heights(&desk).await, before);

        let destroy = format!("window.cabildo['{origin}'].destroy()");
        desk.script(&destroy, &[]).await;
        assert_eq!(heights(&desk).await[0], before_it_fits);
        desk.script("document.querySelector('cabildo-widget').remove()", &[]).await;
        desk.counts(&tag("iframe"), 1).await;
    });
}

#[test]
fn a_frame_in_a_sandbox_without_an_origin_still_informs_and_follows() {
    journey(async |site| {
        let path = format!("/embed/counter/{CONSULTATION}");
        let host = Host::serve(&frame(site, &path, "sandbox=\"allow-scripts\" security=\"restricted\""));
        let desk = site.desktop().await;
        open(&desk, &host).await;
        enter(&desk, 0).await;
        desk.reads("Datos de").await;
        // Where it is whole can be read, since no link opens here.
        let address = site.server.origin().replace("http://", "");
        desk.sees(&containing(&address)).await;
        desk.sees(&tag("p[@class='c-widget__number'][.='0']")).await;
        let citizen = site.citizen().await;
        citizen.votes_for(&["1"]).await;
        desk.sees(&tag("p[@class='c-widget__number'][.='1']")).await;
    });
}

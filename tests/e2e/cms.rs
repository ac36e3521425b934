//! Widgets in a content management system.

use crate::harness::{CONSULTATION, Engine, Wagtail, consultation_page, journey_over_tls, link, tag};

#[test]
fn wagtail_makes_a_widget_of_a_pasted_address_and_shows_a_pasted_line() {
    journey_over_tls(Engine::Chromium, async |site| {
        let pasted = format!("https://part.test{}", consultation_page());
        let line = format!(
            "<iframe src=\"https://part.test/embed/counter/{CONSULTATION}\" title=\"Votos\" width=\"100%\" \
             height=\"180\" loading=\"lazy\"></iframe>\
             <script src=\"https://part.test/embed.js\" async></script>"
        );
        let wagtail = Wagtail::start(site.wire(), &pasted, &line);
        site.wire().forwards("cms.test", wagtail.port());
        site.citizen().await.votes_for(&["1"]).await;
        let desk = site.desktop().await;
        // The template for projects has none.
        desk.expect_complaint("favicon.ico");
        desk.client.goto("https://cms.test/").await.unwrap();
        desk.sees(&tag("h1").saying("Alcaldía")).await;
        desk.counts(&tag("iframe"), 2).await;
        desk.client.enter_frame(0).await.unwrap();
        desk.sees(&link("Votar")).await;
        desk.reads("1 voto emitido").await;
        desk.client.clone().enter_parent_frame().await.unwrap();
        desk.client.enter_frame(1).await.unwrap();
        desk.sees(&tag("p[@class='c-widget__number'][.='1']")).await;
        desk.client.clone().enter_parent_frame().await.unwrap();
        let height = "return document.querySelectorAll('iframe')[1].offsetHeight";
        desk.until("the script gives the frame its height", async || {
            desk.script(height, &[]).await.as_u64().is_some_and(|height| height != 180)
        })
        .await;
    });
}

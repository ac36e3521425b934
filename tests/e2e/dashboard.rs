//! Watching: the dashboard moves with what others do, and says when it does not.

use crate::harness::{
    Browser, Site, Target, button, consultation_page, containing, css, field, heading, journey, link,
    process_page, tag, text,
};
use crate::vote::{OPTIONS, choose, vote};
use cabildo_contract::comment::Stance;
use serde_json::json;

/// The number above a label.
fn figure(label: &str) -> Target {
    css("c-stat__value").inside(&css("c-stat").saying(label))
}

async fn shows(browser: &Browser, label: &str, number: &str) {
    let what = format!("«{label}» is {number}");
    browser.until(&what, async || browser.words_of(&figure(label)).await == number).await;
}

#[test]
fn before_anybody_takes_part_the_dashboard_says_so() {
    journey(async |site| {
        let phone = site.phone().await;
        phone.visit(&process_page("/dashboard")).await;
        phone.reads("Todavía nadie ha participado.").await;
        shows(&phone, "Personas", "0").await;
        phone.reads("Todavía no hay votos.").await;
        phone.misses(&text("Participación simulada.")).await;
        phone.sees(&heading("De la propuesta al compromiso")).await;
    });
}

#[test]
fn the_dashboard_moves_with_a_vote_in_another_browser() {
    journey(async |site| {
        let screen = site.desktop().await;
        screen.visit(&process_page("/dashboard")).await;
        screen.sees(&text("En vivo")).await;
        shows(&screen, "Personas", "0").await;
        let phone = site.phone().await;
        vote(&phone, &OPTIONS[..2]).await;
        shows(&screen, "Personas", "1").await;
        shows(&screen, "Votos emitidos", "1").await;
        screen.reads("1 voto emitido").await;
        screen.misses(&containing("Todavía nadie ha participado.")).await;
        phone.visit(&consultation_page()).await;
        phone.click(&crate::harness::button("Cambiar mi voto")).await;
        choose(&phone, &OPTIONS[3..4]).await;
        phone.click(&crate::harness::button("Confirmar mi voto")).await;
        // A vote that is changed is still one vote, of one person.
        screen
            .until("the tally has the new choice", async || {
                screen
                    .words_of(&css("c-bars").saying(OPTIONS[3]).saying(OPTIONS[5]))
                    .await
                    .contains(&format!("{}\n1", OPTIONS[3]))
            })
            .await;
        shows(&screen, "Votos emitidos", "1").await;
        let counted = site.citizen().await.statistics().await;
        assert_eq!((counted.people.total, counted.ballots.total, counted.ballots.simulated), (1, 1, 0));
    });
}

#[test]
fn the_dashboard_says_when_it_is_not_live_and_becomes_live_again_with_the_same_numbers() {
    journey(async |site| {
        let proposals = site.proposals().await;
        let citizen = site.citizen().await;
        citizen.votes_for(&["1", "2"]).await;
        citizen.comments(&proposals[0], "Bien.").await;
        site.citizen().await.votes_for(&["2"]).await;
        let phone = site.phone().await;
        phone.expect_failed_requests();
        phone.visit(&process_page("/dashboard")).await;
        phone.sees(&text("En vivo")).await;
        let numbers = async || {
            shows(&phone, "Personas", "2").await;
            shows(&phone, "Votos emitidos", "2").await;
            shows(&phone, "Comentarios", "1").await;
        };
        numbers().await;
        site.server.stop();
        phone.sees(&containing("Sin conexión en vivo")).await;
        phone.reads("Datos de las").await;
        numbers().await;
        site.server.start_again();
        phone.sees(&text("En vivo")).await;
        numbers().await;
        site.citizen().await.votes_for(&["2"]).await;
        shows(&phone, "Personas", "3").await;
    });
}

#[test]
fn simulated_participation_is_labelled_wherever_it_shows() {
    journey(async |site| {
        let proposal = site.proposals().await.remove(0);
        let simulated = site.simulated_citizen().await;
        let phone = site.phone().await;
        phone.visit(&process_page("/dashboard")).await;
        phone.misses(&text("Participación simulada.")).await;
        simulated.votes_for(&["3"]).await;
        phone.sees(&text("Participación simulada.")).await;
        simulated.comments(&proposal, "Ensayo.").await;
        for page in [consultation_page(), format!("/proposals/{proposal}")] {
            phone.visit(&page).await;
            phone.sees(&text("Participación simulada.")).await;
        }
        phone.visit(&process_page("/proposals")).await;
        phone.sees(&text("Simulado")).await;
    });
}

#[test]
fn every_chart_is_also_a_table_and_a_file() {
    journey(async |site| {
        site.citizen().await.votes_for(&["1"]).await;
        let desktop = site.desktop().await;
        desktop.visit(&process_page("/dashboard")).await;
        let charts = desktop.all(&css("c-chart")).await.len();
        assert!(charts >= 7, "{charts} charts");
        desktop.counts(&text("Ver como tabla"), charts).await;
        let files = desktop.script(
            "return Promise.all([...document.querySelectorAll('.c-chart a[href$=\".csv\"]')].map(async (link) => { \
             const answer = await fetch(link.href); return answer.ok && (await answer.text()).includes(','); }))",
            &[],
        );
        let files = files.await;
        assert_eq!(files.as_array().unwrap().len(), charts);
        assert!(files.as_array().unwrap().iter().all(|file| file == true), "{files}");
        // Whatever can be seen in the picture can be read in the table.
        desktop.click(&text("Ver como tabla").inside(&css("c-chart").saying("Por tema"))).await;
        desktop.sees(&crate::harness::tag("table").saying("Lucha contra la corrupción")).await;
    });
}

/// The longest name of a department: 56 characters.
const LONGEST: &str = "Archipiélago de San Andrés, Providencia y Santa Catalina";

/// People who vote and say where they live: enough in one department, too few in another, some who say nothing.
async fn crowd(site: &Site) {
    for (people, code) in [(12, Some("88")), (9, Some("27")), (3, None)] {
        for _ in 0..people {
            let citizen = site.citizen().await;
            citizen.votes_for(&["1"]).await;
            if let Some(code) = code {
                citizen.lives_in(code).await;
            }
        }
    }
}

#[test]
fn where_people_take_part_from_is_a_map_and_a_table_and_what_is_withheld_says_so() {
    journey(async |site| {
        crowd(site).await;
        let phone = site.phone().await;
        phone.resize(320, 640).await;
        phone.visit(&process_page("/dashboard#people")).await;
        let island = css("c-tiles__value").inside(&tag("li").saying("SAP"));
        phone.until("the islands are published", async || phone.words_of(&island).await == "10").await;
        assert_eq!(
            phone.words_of(&css("c-tiles__value").inside(&tag("li").saying("CHO"))).await,
            "reservado"
        );
        phone.counts(&tag("li").inside(&css("c-tiles")), 33).await;
        let chart = css("c-chart").saying("SAP");
        phone.click(&text("Ver como tabla").inside(&chart)).await;
        phone.sees(&tag("tr").saying(LONGEST).saying("10")).await;
        phone.sees(&tag("tr").saying("Chocó").saying("reservado")).await;
        phone.counts(&tag("tr").inside(&chart), 34).await;
        assert!(!phone.words_of(&tag("table").inside(&chart)).await.contains("\t0"), "withheld is not zero");
        let widths = phone.script("return [document.documentElement.scrollWidth, innerWidth]", &[]).await;
        assert_eq!(widths[0], widths[1], "the page scrolls sideways");
    });
}

#[test]
fn somebody_says_where_they_live_and_takes_it_back() {
    journey(async |site| {
        let phone = site.phone().await;
        phone.visit(&process_page("/dashboard")).await;
        let question = field("¿En qué departamento vive?");
        phone.selects(&question, LONGEST).await;
        phone.click(&button("Guardar")).await;
        phone.reads("Guardado.").await;
        phone.reload().await;
        phone.has(&question, "value", "88").await;
        phone.selects(&question, "Prefiero no decirlo").await;
        phone.click(&button("Guardar")).await;
        phone.reads("Borrado.").await;
        phone.reload().await;
        phone.has(&question, "value", "").await;
    });
}

#[test]
fn what_is_disputed_shows_both_sides_and_leads_to_the_proposal() {
    journey(async |site| {
        let proposals = site.proposals().await;
        let desktop = site.desktop().await;
        desktop.visit(&process_page("/dashboard")).await;
        desktop.reads("Todavía no hay propuestas con comentarios a favor y en contra a la vez.").await;
        for (stance, words) in [
            (Stance::For, "Bien."),
            (Stance::For, "Muy bien."),
            (Stance::Against, "Mal."),
            (Stance::Neutral, "Ni lo uno ni lo otro."),
        ] {
            site.citizen().await.says(&proposals[0], stance, words).await;
        }
        let sides = css("c-sides").saying("En contra").saying("A favor");
        desktop.sees(&sides).await;
        let said = desktop.words_of(&sides).await;
        assert!(said.contains("Datos abiertos contra la corrupción\n1\n2"), "{said}");
        let chart = css("c-chart").saying("Propuestas más discutidas");
        desktop.click(&text("Ver como tabla").inside(&chart)).await;
        desktop.click(&link("Datos abiertos contra la corrupción").inside(&chart)).await;
        desktop.arrives_at(&format!("/proposals/{}", proposals[0])).await;
    });
}

#[test]
fn every_view_has_its_place_in_the_address_and_its_pictures() {
    journey(async |site| {
        site.citizen().await.votes_for(&["1"]).await;
        let desktop = site.desktop().await;
        desktop.visit(&format!("{}#controversy", process_page("/dashboard"))).await;
        let top = "const top = document.getElementById('controversy').getBoundingClientRect().top; \
                   return top > -40 && top < innerHeight / 2";
        desktop
            .until("the view stands before the reader", async || desktop.script(top, &[]).await == true)
            .await;
        let charts = desktop.all(&css("c-chart")).await.len();
        let answers = desktop.script(
            "return Promise.all([...document.querySelectorAll('.c-chart__files a')].map(async (link) => { \
             const answer = await fetch(link.href); \
             return [new URL(link.href).pathname.split('.').pop(), answer.ok && answer.headers.get('content-type')]; }))",
            &[],
        );
        let answers = answers.await;
        let of = |kind: &str, media: &str| {
            let answers = answers.as_array().unwrap().iter();
            answers.filter(|answer| **answer == json!([kind, media])).count()
        };
        for (kind, media) in [
            ("csv", "text/csv; charset=utf-8"),
            ("ndjson", "application/x-ndjson"),
            ("svg", "image/svg+xml"),
            ("png", "image/png"),
        ] {
            assert_eq!(of(kind, media), charts, "{kind}: {answers}");
        }
        // Title and address of a view are one.
        desktop.click(&link("Por tema")).await;
        let hash = "return location.hash";
        desktop.until("the address has the view", async || desktop.script(hash, &[]).await == "#theme").await;
        let shown = desktop.script(
            "return (async () => { const image = new Image(); image.src = document.querySelector('#people a[href*=\".svg\"]').href; \
             await image.decode(); return [image.naturalWidth, image.naturalHeight]; })()",
            &[],
        );
        assert_eq!(shown.await, json!([1200, 630]), "a browser draws it");
        desktop.visit("/").await;
        let dashboard = [json!(process_page("/dashboard"))];
        let preview = desktop.script(
            "return (async () => { const page = await (await fetch(arguments[0])).text(); \
             const head = new DOMParser().parseFromString(page, 'text/html'); \
             const image = head.querySelector('meta[property=\"og:image\"]').content; \
             return (await fetch(image)).headers.get('content-type'); })()",
            &dashboard,
        );
        assert_eq!(preview.await, "image/png", "a message that links here shows a picture");
    });
}

#[test]
fn on_paper_the_tables_are_open_and_nothing_is_there_to_click() {
    journey(async |site| {
        site.citizen().await.votes_for(&["1"]).await;
        let desktop = site.desktop().await;
        desktop.visit(&process_page("/dashboard")).await;
        desktop.sees(&css("c-chart__files")).await;
        desktop.devtools("Emulation.setEmulatedMedia", json!({ "media": "print" })).await;
        // Until the next frame the browser may still say what was seen on the screen.
        let seen = "const seen = (selector) => [...document.querySelectorAll(selector)] \
                        .filter((element) => element.checkVisibility({ contentVisibilityAuto: true })).length; \
                    return [seen('#theme table'), seen('.c-chart__files'), seen('.c-contents'), seen('.c-residence')]";
        let on_paper = json!([1, 0, 0, 0]);
        desktop
            .until("the table is open and the rest is gone", async || {
                desktop.script(seen, &[]).await == on_paper
            })
            .await;
    });
}

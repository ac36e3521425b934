//! Watching: the dashboard moves with what others do, and says when it does not.

use crate::harness::{
    Browser, Target, consultation_page, containing, css, heading, journey, process_page, text,
};
use crate::vote::{OPTIONS, choose, vote};

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
            "return Promise.all([...document.querySelectorAll('a[href$=\".csv\"]')].map(async (link) => { \
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

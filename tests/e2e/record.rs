//! The record of a process: everything that was published about the IV Plan has its place in the interface.

use crate::harness::{
    PROCESS, REHEARSAL, Server, Site, containing, css, heading, journey, journey_in, link, process_page, tag,
    text,
};
use serde_json::Value;

/// What was published about the process, as it was collected.
const FACTS: &str = include_str!("../../crates/server/tests/facts/iv-plan.json");

#[test]
fn a_person_follows_a_process_through_time_its_encounters_and_its_committee() {
    journey(async |site| {
        let phone = site.phone().await;
        phone.visit(&process_page("")).await;
        phone.sees(&heading("Hitos")).await;
        phone.click(&link("Cronología")).await;
        phone.arrives_at(&process_page("/timeline")).await;
        phone.reads("El proceso terminó el 31 de agosto de 2022.").await;
        phone.click(&link("Taller de Ambiente")).await;
        phone.arrives_at(&process_page("/encounters")).await;
        phone.reads("149 asistentes en 4 talleres: 48 + 30 + 50 + 21.").await;
        phone.reads("31 personas expertas en 4 conversaciones: 11 + 8 + 8 + 4.").await;
        phone.counts(&tag("table"), 5).await;
        phone.click(&link("IV Plan de Acción Nacional de Estado Abierto de Colombia")).await;
        phone.click(&link("Comité")).await;
        phone.arrives_at(&process_page("/committee")).await;
        phone.reads("12 postulaciones para 7 puestos; 7 elegidas.").await;
        phone.counts(&tag("tr").saying("No elegida"), 5).await;
        phone.click(&link("Ver la consulta")).await;
        phone.arrives_at("/consultations/renovacion-comite-2021").await;
    });
}

#[test]
fn a_person_follows_a_proposal_from_the_workshop_to_its_fulfilment() {
    journey_in(Server::with_rehearsal(), async |site| {
        for browser in [site.phone().await, site.desktop().await] {
            browser.visit(&format!("/processes/{REHEARSAL}/encounters")).await;
            browser.sees(&text("Esto es un ejercicio.")).await;
            browser.click(&link("1. Alumbrado en los tres senderos del parque")).await;
            browser.sees(&heading("De dónde viene")).await;
            browser.reads("21 votos en la sala").await;
            browser.sees(&heading("Compromiso 1")).await;
            browser.reads("2 de 2 hitos cumplidos.").await;
            let evidence = tag("a").saying("Acta de compra");
            assert_eq!(
                browser.property(&evidence, "href").await,
                "https://example.org/ensayo/acta-de-compra",
                "evidence leads out"
            );
            browser.sees(&heading("Qué cambió en el texto")).await;
            browser.sees(&css("c-difference").saying("mañana")).await;
            browser.reads("Por qué cambió").await;
            browser.click(&link("Taller de seguridad y confianza")).await;
            browser.sees(&heading("Encuentros")).await;
        }
    });
}

#[test]
fn a_computed_figure_opens_the_records_that_it_counts() {
    journey_in(Server::with_rehearsal(), async |site| {
        let phone = site.phone().await;
        phone.visit(&format!("/processes/{REHEARSAL}")).await;
        phone.reads("cumplidas: 1 de 3 con seguimiento registrado").await;
        phone.sees(&heading("Seguimiento de los compromisos")).await;
        phone.sees(&heading("Documentos")).await;
        phone.click(&link("4 adoptadas")).await;
        phone.arrives_at(&format!("/processes/{REHEARSAL}/proposals?status=selected")).await;
        phone.sees(&heading("4 propuestas")).await;
        phone.visit(&process_page("")).await;
        phone.reads("cumplimiento sin registro").await;
        phone.click(&link("18 recibidas")).await;
        phone.arrives_at(&process_page("/proposals?level=subnational")).await;
        phone.sees(&heading("18 propuestas")).await;
        phone.visit(&process_page("/encounters")).await;
        phone.click(&link("50: Taller de entidades de control, Congreso y rama judicial")).await;
        let hash = async || phone.script("return location.hash", &[]).await;
        phone.until("the workshop is shown", async || hash().await == "#workshop-estado-abierto").await;
        phone.visit(&site.proposal_page(8).await).await;
        phone.reads("Aquí no consta ningún seguimiento de este compromiso").await;
        phone.reads("50.000 personas en procesos de formación").await;
    });
}

#[test]
fn the_start_page_tells_an_exercise_from_a_process() {
    journey_in(Server::with_rehearsal(), async |site| {
        let phone = site.phone().await;
        phone.visit("/").await;
        phone.sees(&css("c-card").saying("Ensayo: un plan para el barrio").saying("Ejercicio")).await;
        phone.click(&link("Ensayo: un plan para el barrio")).await;
        phone.sees(&text("Esto es un ejercicio.")).await;
        phone.visit(&format!("/processes/{PROCESS}")).await;
        phone.sees(&heading("Documentos")).await;
        phone.counts(&text("Esto es un ejercicio."), 0).await;
    });
}

#[test]
fn the_calendar_of_a_process_can_be_subscribed_to() {
    journey(async |site| {
        let phone = site.phone().await;
        phone.visit(&process_page("/timeline")).await;
        let address = phone.property(&containing("Suscribirse al calendario"), "href").await;
        let fetch = "return fetch(arguments[0]).then(async (answer) => \
            [answer.headers.get('content-type'), await answer.text()])";
        let fetched = phone.script(fetch, &[address]).await;
        assert_eq!(fetched[0], "text/calendar; charset=utf-8");
        assert!(fetched[1].as_str().unwrap().contains("SUMMARY:Taller de Ambiente"), "{fetched}");
    });
}

/// Everything that the pages of the process say, also what a person has to unfold.
async fn said(site: &Site) -> String {
    let phone = site.phone().await;
    let mut pages = vec![process_page(""), process_page("/proposals"), process_page("/dashboard")];
    pages.extend(["/encounters", "/committee", "/timeline"].map(process_page));
    for number in 1..=15 {
        pages.push(site.proposal_page(number).await);
    }
    pages.extend(
        ["temas-2019", "borradores-2020", "renovacion-comite-2021"]
            .map(|slug| format!("/consultations/{slug}")),
    );
    let mut said = String::new();
    for page in pages {
        phone.visit(&page).await;
        let words = phone.script("return document.querySelector('main').textContent", &[]).await;
        said.push_str(words.as_str().unwrap());
        said.push('\n');
    }
    said
}

/// What the facts say for programs, or in English for what the process says in Spanish, or as a date for what the
/// interface writes in words.
const FOR_PROGRAMS: [&str; 21] = [
    "_about",
    "slug",
    "kind",
    "level",
    "status",
    "iap2_level",
    "from",
    "to",
    "date",
    "period",
    "asks",
    "options",
    "metric",
    "source",
    "note",
    "workshop",
    "n",
    "phase",
    "territory_divipola",
    "currency",
    "elected",
];

fn facts(name: &str, value: &Value, found: &mut Vec<String>) {
    if FOR_PROGRAMS.contains(&name) {
        return;
    }
    match value {
        Value::Object(fields) => fields.iter().for_each(|(name, value)| facts(name, value, found)),
        Value::Array(items) => items.iter().for_each(|item| facts(name, item, found)),
        // In parentheses stands why there is no draft.
        Value::String(text) if name == "draft_title" && text.starts_with('(') => {}
        Value::String(text) => found.extend(text.split(" / ").map(str::to_owned)),
        Value::Number(number) => {
            let digits = number.to_string();
            let (thousands, rest) = digits.split_at(digits.len().saturating_sub(3));
            found.push(if thousands.is_empty() { digits } else { format!("{thousands}.{rest}") });
        }
        Value::Bool(_) | Value::Null => {}
    }
}

#[test]
fn every_fact_can_be_found_by_a_person() {
    journey(async |site| {
        let said = said(site).await;
        let mut found = Vec::new();
        facts("", &serde_json::from_str(FACTS).unwrap(), &mut found);
        assert!(found.len() > 350, "{} facts", found.len());
        let missing: Vec<_> = found.iter().filter(|fact| !said.contains(fact.as_str())).collect();
        assert!(
            missing.is_empty(),
            "{} of {} facts are on no page: {missing:#?}",
            missing.len(),
            found.len()
        );
    });
}

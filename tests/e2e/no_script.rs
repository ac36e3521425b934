//! Without JavaScript everything can be read.

use crate::harness::{
    Setup, button, consultation_page, containing, field, heading, journey, link, process_page, tag, text,
};

const WITHOUT_SCRIPT: Setup = Setup { script: false, ..Setup::phone() };

#[test]
fn everything_can_be_read_without_javascript() {
    journey(async |site| {
        let phone = site.browser(WITHOUT_SCRIPT).await;
        let title = async || phone.client.title().await.unwrap();
        phone.visit("/").await;
        assert_eq!(title().await, "Cabildo");
        phone.click(&link("IV Plan de Acción Nacional de Estado Abierto de Colombia")).await;
        phone.arrives_at(&process_page("")).await;
        assert_eq!(title().await, "IV Plan de Acción Nacional de Estado Abierto de Colombia · Cabildo");
        phone.reads("Definición de áreas temáticas").await;
        phone.click(&link("Ver las 26 propuestas")).await;
        phone.arrives_at(&process_page("/proposals")).await;
        phone.sees(&heading("26 propuestas")).await;
        phone.counts(&tag("article"), 16).await;
        phone.click(&link("Datos abiertos contra la corrupción")).await;
        phone.arrives_at(&site.proposal_page(1).await).await;
        assert_eq!(title().await, "Datos abiertos contra la corrupción · Cabildo");
        phone.sees(&heading("Versiones")).await;
        phone.sees(&containing("Para comentar, active JavaScript")).await;
    });
}

#[test]
fn the_list_is_filtered_without_javascript() {
    journey(async |site| {
        let phone = site.browser(WITHOUT_SCRIPT).await;
        phone.visit(&process_page("/proposals?level=national&theme=ambiente")).await;
        phone.sees(&heading("2 propuestas")).await;
        phone.counts(&tag("article"), 2).await;
        phone.has(&field("Nivel"), "value", "national").await;
        phone.selects(&field("Nivel"), "Territorial").await;
        phone.types(&field("Buscar en títulos, resúmenes y entidades"), "cali").await;
        phone.click(&button("Buscar")).await;
        phone.sees(&heading("1 propuesta")).await;
        phone.sees(&link("Estrategia de Gobierno Abierto de la Alcaldía de Cali")).await;
        let address = phone.address().await;
        assert!(address.contains("q=cali") && address.contains("level=subnational"), "{address}");
    });
}

#[test]
fn comments_and_results_can_be_read_without_javascript_and_voting_says_what_it_needs() {
    journey(async |site| {
        let citizen = site.citizen().await;
        let proposal = site.proposals().await.remove(0);
        citizen.comments(&proposal, "Muy **bien**.").await;
        citizen.votes_for(&["1"]).await;
        let phone = site.browser(WITHOUT_SCRIPT).await;
        phone.visit(&format!("/proposals/{proposal}")).await;
        phone.sees(&text("bien")).await;
        phone.visit(&consultation_page()).await;
        phone.reads("1 voto emitido").await;
        phone.sees(&text("Para votar, active JavaScript en su navegador.")).await;
        phone.visit(&process_page("/dashboard")).await;
        phone.reads("1 voto emitido").await;
    });
}

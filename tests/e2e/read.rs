//! Reading: from the start page to a proposal, searching and sharing what was found.

use crate::harness::{
    Server, button, containing, css, field, heading, journey, journey_in, link, process_page, tag, text,
};

const TITLE: &str = "IV Plan de Acción Nacional de Estado Abierto de Colombia";
const PROPOSAL: &str = "Datos abiertos contra la corrupción";

#[test]
fn a_person_reads_from_the_start_page_to_a_proposal() {
    journey(async |site| {
        let phone = site.phone().await;
        phone.visit("/").await;
        phone.reads("26 propuestas").await;
        phone.click(&link(TITLE)).await;
        phone.arrives_at(&process_page("")).await;
        phone.sees(&heading(TITLE)).await;
        for title in ["Fases", "Consultas", "Cifras publicadas", "De la propuesta al compromiso"] {
            phone.sees(&heading(title)).await;
        }
        phone.click(&link("Ver las 26 propuestas")).await;
        phone.arrives_at(&process_page("/proposals")).await;
        phone.click(&link(PROPOSAL)).await;
        phone.arrives_at(&site.proposal_page(1).await).await;
        phone.sees(&tag("h1").saying(PROPOSAL)).await;
        phone
            .until("the tab is named after the proposal", async || {
                phone.client.title().await.unwrap() == format!("{PROPOSAL} · Cabildo")
            })
            .await;
    });
}

#[test]
fn the_list_counts_all_26_proposals_and_invents_no_title_for_the_11_unpublished() {
    journey(async |site| {
        let phone = site.phone().await;
        phone.visit(&process_page("/proposals")).await;
        phone.sees(&heading("26 propuestas")).await;
        phone.counts(&tag("article"), 16).await;
        phone.sees(&heading("11 propuestas sin título publicado")).await;
        phone.counts(&tag("article").saying("No adoptada"), 1).await;
        phone.counts(&link("11 propuestas sin título publicado"), 0).await;
    });
}

#[test]
fn a_search_is_in_the_address_and_survives_reload_and_back() {
    journey(async |site| {
        let desktop = site.desktop().await;
        desktop.visit(&process_page("/proposals")).await;
        desktop.types(&field("Buscar en títulos, resúmenes y entidades"), "datos").await;
        desktop.click(&button("Buscar")).await;
        desktop.arrives_at(&process_page("/proposals?q=datos")).await;
        desktop.misses(&heading("26 propuestas")).await;
        desktop.misses(&containing("sin título publicado")).await;
        desktop.selects(&field("Nivel"), "Nacional").await;
        desktop.arrives_at(&process_page("/proposals?q=datos&level=national")).await;
        desktop.selects(&field("Tema"), "Lucha contra la corrupción").await;
        desktop.selects(&field("Ordenar por"), "Título").await;
        let address =
            process_page("/proposals?q=datos&level=national&theme=lucha-contra-la-corrupcion&sort=title");
        desktop.arrives_at(&address).await;
        desktop.sees(&heading("1 propuesta")).await;
        desktop.counts(&tag("article"), 1).await;

        let kept = async || {
            desktop.arrives_at(&address).await;
            desktop.sees(&heading("1 propuesta")).await;
            desktop.counts(&tag("article"), 1).await;
            desktop.has(&field("Buscar en títulos, resúmenes y entidades"), "value", "datos").await;
            desktop.has(&field("Nivel"), "value", "national").await;
            desktop.has(&field("Ordenar por"), "value", "title").await;
        };
        desktop.reload().await;
        kept().await;
        desktop.click(&link(PROPOSAL)).await;
        desktop.sees(&tag("h1").saying(PROPOSAL)).await;
        desktop.client.back().await.unwrap();
        kept().await;

        // Whoever gets the address sees the same.
        let other = site.phone().await;
        other.visit(&address).await;
        other.sees(&heading("1 propuesta")).await;
        other.has(&field("Nivel"), "value", "national").await;

        desktop.click(&link("Quitar los filtros")).await;
        desktop.arrives_at(&process_page("/proposals")).await;
        desktop.sees(&heading("26 propuestas")).await;
        desktop.has(&field("Nivel"), "value", "").await;
        desktop.has(&field("Buscar en títulos, resúmenes y entidades"), "value", "").await;
    });
}

#[test]
fn proposals_sort_by_title_and_by_what_is_discussed_most() {
    journey(async |site| {
        let proposals = site.proposals().await;
        site.citizen().await.comments(&proposals[6], "De acuerdo.").await;
        let desktop = site.desktop().await;
        let first = css("c-card__title");
        desktop.visit(&process_page("/proposals?sort=title")).await;
        desktop.sees(&first).await;
        assert_eq!(
            desktop.words_of(&first).await,
            "Colaboración abierta para trámites fáciles y libres de corrupción"
        );
        desktop.selects(&field("Ordenar por"), "Más comentadas").await;
        desktop
            .until("the proposal with a comment is first", async || {
                desktop.words_of(&first).await == "Estrategia de Transparencia activa de la Alcaldía de Yumbo"
            })
            .await;
        desktop.sees(&text("1 comentario")).await;
    });
}

#[test]
fn a_search_that_finds_nothing_says_so_and_offers_the_way_back() {
    journey(async |site| {
        let phone = site.phone().await;
        phone.visit(&process_page("/proposals?q=unicornios")).await;
        phone.reads("Ninguna propuesta coincide con lo que busca.").await;
        phone.click(&link("Quitar los filtros")).await;
        phone.sees(&heading("26 propuestas")).await;
    });
}

#[test]
fn a_proposal_says_what_became_of_it_and_why() {
    journey(async |site| {
        let phone = site.phone().await;
        phone.visit(&site.proposal_page(2).await).await;
        phone.sees(&heading("Colaboración abierta para trámites fáciles y libres de corrupción")).await;
        phone.sees(&heading("Estado y motivo")).await;
        phone.reads("Es una de las 8 propuestas recibidas del nivel nacional").await;
        phone.reads("Departamento Administrativo de la Función Pública").await;
        phone.reads("Corporaciones Autónomas Regionales").await;
        phone.reads("El título cambió entre el borrador y la versión final.").await;
        phone.sees(&text("Racionalización de trámites")).await;
        phone.visit(&site.proposal_page(11).await).await;
        phone.reads("No figura en la lista preliminar.").await;
        phone.misses(&containing("El título cambió")).await;
        phone.reads("200 líderes ciudadanos").await;
    });
}

#[test]
fn what_changed_in_a_title_can_be_read_word_by_word() {
    journey(async |site| {
        let phone = site.phone().await;
        phone.visit(&site.proposal_page(5).await).await;
        phone.sees(&heading("Qué cambió en el título")).await;
        assert_eq!(phone.words_of(&tag("del")).await, "COVID19");
        assert_eq!(phone.words_of(&tag("ins")).await, "COVID-19");
        phone.visit(&site.proposal_page(1).await).await;
        phone.misses(&heading("Qué cambió en el título")).await;
    });
}

#[test]
fn a_site_without_a_process_says_so() {
    journey_in(Server::empty(), async |site| {
        let phone = site.phone().await;
        phone.visit("/").await;
        phone.reads("Todavía no hay procesos publicados.").await;
    });
}

#[test]
fn an_address_that_does_not_exist_says_so_and_leads_home() {
    journey(async |site| {
        let phone = site.phone().await;
        phone.expect_failed_requests();
        for address in ["/nada", "/proposals/no-such-proposal", "/processes/no-such-process"] {
            phone.visit(address).await;
            phone.reads("no existe").await;
            phone
                .until("the tab says so", async || {
                    phone.client.title().await.unwrap() == "Página no encontrada · Cabildo"
                })
                .await;
        }
        phone.visit("/nada").await;
        phone.click(&link("Procesos de participación").inside(&tag("main"))).await;
        phone.sees(&link(TITLE)).await;
    });
}

//! The page that makes what is pasted into pages of other sites.

use crate::harness::{
    CONSULTATION, Host, PROCESS, Server, axe, button, consultation_page, containing, field, heading, journey,
    journey_in, link, process_page,
};

#[test]
fn an_officer_follows_the_foot_of_a_page_chooses_sees_and_pastes_what_works() {
    journey(async |site| {
        let desk = site.desktop().await;
        desk.visit(&consultation_page()).await;
        desk.click(&link("Poner en otro sitio")).await;
        desk.sees(&heading("Así se ve")).await;
        axe::check(&desk, "what is pasted into another site").await;
        desk.selects(&field("Qué mostrar"), "Un contador de votos").await;
        desk.selects(&field("Fondo"), "Oscuro").await;
        desk.types(&field("Color principal"), "#ffee00").await;
        desk.click(&button("Ver")).await;
        desk.until("the line says what was chosen", async || {
            let line = desk.property(&field("La línea: sirve en cualquier página"), "value").await;
            let line = line.as_str().unwrap().to_owned();
            line.contains(&format!("/embed/counter/{CONSULTATION}?theme=dark&amp;color=ffee00"))
        })
        .await;
        desk.reads("Este color se lee bien.").await;
        // It is in the address: a colleague sees the same.
        desk.reload().await;
        desk.has(&field("Fondo"), "value", "dark").await;
        // A colour that could not be read on the other ground is made so, and it is said.
        desk.selects(&field("Fondo"), "Claro").await;
        desk.reads("#ffee00 no se leería").await;
        desk.client.enter_frame(0).await.unwrap();
        desk.reads("votos").await;
        desk.client.clone().enter_parent_frame().await.unwrap();
        let line = desk.property(&field("La línea: sirve en cualquier página"), "value").await;
        let host = Host::serve(line.as_str().unwrap());
        desk.client.goto(&host.url).await.unwrap();
        desk.client.enter_frame(0).await.unwrap();
        desk.reads("votos").await;
        // At a phone's width nothing is cut off.
        let phone = site.phone().await;
        phone.visit(&format!("/widgets?show=dashboard/{PROCESS}")).await;
        phone.sees(&heading("Así se ve")).await;
        axe::check(&phone, "what is pasted into another site, on a phone").await;
        let fits = phone.script("return document.documentElement.scrollWidth <= innerWidth", &[]).await;
        assert_eq!(fits, true, "the page scrolls sideways");
    });
}

#[test]
fn a_pasted_address_says_what_can_be_shown_and_one_that_is_none_says_so() {
    journey(async |site| {
        let desk = site.desktop().await;
        desk.visit("/widgets").await;
        desk.reads("Pegue arriba una dirección para empezar.").await;
        let page = field("Dirección de la página que quiere mostrar");
        desk.types(&page, "https://example.org/consultations/x").await;
        desk.click(&button("Usar esta página")).await;
        desk.reads("Esa no es una consulta").await;
        desk.focuses(&page).await;
        desk.retypes(&page, &format!("{}{}", site.server.origin(), process_page("/dashboard"))).await;
        desk.click(&button("Usar esta página")).await;
        let what = field("Qué mostrar");
        desk.has(&what, "value", format!("dashboard/{PROCESS}")).await;
        desk.selects(&what, "Gráfico: Por día").await;
        desk.has(&what, "value", format!("chart/{PROCESS}/days")).await;
        let proposal = site.proposal_page(1).await;
        desk.retypes(&page, &proposal).await;
        desk.click(&button("Usar esta página")).await;
        desk.has(&what, "value", proposal.replacen("/proposals", "proposal", 1)).await;
    });
}

#[test]
fn where_people_may_vote_inside_a_page_the_officer_is_told_on_which_sites() {
    let sites = ["https://www.alcaldia.example"];
    journey_in(Server::with_voting_sites(&sites), async |site| {
        let desk = site.desktop().await;
        desk.visit("/widgets?show=vote/ensayo-correo").await;
        desk.sees(&containing("Solo se ve en https://www.alcaldia.example")).await;
        // Here it can be looked at.
        desk.client.enter_frame(0).await.unwrap();
        desk.sees(&heading("Su voto")).await;
    });
}

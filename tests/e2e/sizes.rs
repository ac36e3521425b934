//! Small and large: one proposal, ten thousand, and the longest name of a department.

use crate::harness::{
    Browser, Server, button, containing, field, heading, journey_in, link, process_page, tag,
};
use serde_json::{Value, json};

/// Leaves the process with these proposals and nothing that refers to others.
fn only(process: &mut Value, proposals: Vec<Value>) {
    process["proposals"] = proposals.into();
    process["unnamed"] = json!([]);
    process["consultations"] = json!([]);
    process["events"]["committee"]["renewal"] = Value::Null;
}

async fn fits(browser: &Browser, page: &str) {
    browser.visit(page).await;
    let widths = browser.script("return [document.documentElement.scrollWidth, innerWidth]", &[]).await;
    assert_eq!(widths[0], widths[1], "{page} scrolls sideways");
}

#[test]
fn a_process_with_a_single_proposal_speaks_of_one() {
    let one = |process: &mut Value| {
        let mut proposal = process["proposals"][0].clone();
        // Archipiélago de San Andrés, Providencia y Santa Catalina.
        proposal["territory"] = json!("88");
        proposal["level"] = json!("subnational");
        only(process, vec![proposal]);
    };
    journey_in(Server::with(one), async |site| {
        let phone = site.phone().await;
        phone.resize(320, 640).await;
        for page in ["", "/proposals", "/dashboard", "/timeline", "/encounters", "/committee"] {
            fits(&phone, &process_page(page)).await;
        }
        phone.visit(&process_page("/proposals")).await;
        phone.sees(&heading("1 propuesta")).await;
        phone.counts(&tag("article"), 1).await;
        phone.reads("Archipiélago de San Andrés, Providencia y Santa Catalina").await;
        phone.reads("Se recibió 1 propuesta y se adoptó 1 como compromiso.").await;
        fits(&phone, &site.proposal_page(1).await).await;
    });
}

#[test]
fn ten_thousand_proposals_are_counted_searched_and_turned_page_by_page() {
    let many = |process: &mut Value| {
        let proposal = process["proposals"][0].clone();
        let numbered = |number: u32| {
            let mut proposal = proposal.clone();
            proposal["number"] = number.into();
            proposal["commitment"]["number"] = number.into();
            proposal["title"] = format!("Propuesta de la vereda {number}").into();
            proposal
        };
        only(process, (1..=10_000).map(numbered).collect());
    };
    journey_in(Server::with(many), async |site| {
        let phone = site.phone().await;
        phone.visit("/").await;
        phone.reads("10.000 propuestas").await;
        phone.visit(&process_page("/proposals")).await;
        phone.sees(&heading("10.000 propuestas")).await;
        phone.click(&containing("Página siguiente")).await;
        phone.sees(&link("Propuesta de la vereda 21")).await;
        phone.types(&field("Buscar en títulos, resúmenes y entidades"), "vereda 9999").await;
        phone.click(&button("Buscar")).await;
        phone.sees(&heading("1 propuesta")).await;
        phone.sees(&link("Propuesta de la vereda 9999")).await;
        phone.visit(&process_page("/dashboard")).await;
        phone.reads("Se recibieron 10.000 propuestas").await;
        fits(&phone, &process_page("")).await;
    });
}

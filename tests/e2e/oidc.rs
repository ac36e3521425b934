//! Identifying oneself with a provider: there, and back to the ballot as it was.

use crate::harness::{Browser, Server, axe, button, checkbox, containing, field, heading, journey_in, link};
use crate::identify::{CONSENT, ballots, choose};
use crate::vote::receipt;

const WITH: &str = "Identificarme con prueba";

/// Goes to the provider.
async fn go(browser: &Browser) {
    browser.click(&checkbox(CONSENT)).await;
    browser.click(&link(WITH)).await;
    browser.sees(&heading("Proveedor de prueba")).await;
}

#[test]
fn a_person_goes_to_the_provider_and_comes_back_to_their_ballot_as_it_was() {
    journey_in(Server::with_provider(), async |site| {
        let phone = site.phone().await;
        choose(&phone, "Plaza del Agua").await;
        axe::check(&phone, "asked to go to a provider").await;
        // Nobody goes anywhere without consent.
        phone.click(&link(WITH)).await;
        phone.reads("Para identificarlo necesitamos que acepte.").await;
        // Whoever changes their mind there finds everything as it was.
        go(&phone).await;
        phone.click(&button("Cancelar")).await;
        phone.reads("No quedó identificado.").await;
        phone.sees(&heading("Revise su elección")).await;
        phone.sees(&containing("Plaza del Agua")).await;
        phone.misses(&button("Confirmar mi voto")).await;

        go(&phone).await;
        phone.types(&field("Usuario"), "ana").await;
        phone.click(&button("Entrar")).await;
        phone.reads("Identificado con prueba").await;
        phone.sees(&heading("Revise su elección")).await;
        phone.click(&button("Confirmar mi voto")).await;
        let number = receipt(&phone).await;
        assert_eq!(ballots(site).await, 1);

        // The same account elsewhere is the same person.
        let desk = site.desktop().await;
        choose(&desk, "Plaza de la Palabra").await;
        go(&desk).await;
        desk.types(&field("Usuario"), "ana").await;
        desk.click(&button("Entrar")).await;
        desk.click(&button("Confirmar mi voto")).await;
        assert_eq!(receipt(&desk).await, number);
        desk.reads("Versión 2 de su voto").await;
        assert_eq!(ballots(site).await, 1);
    });
}

//! What most people do, in every engine, over TLS.

use crate::comment::comment;
use crate::harness::{
    Site, button, checkbox, consultation_page, containing, heading, in_every_engine, link, process_page, tag,
};
use crate::vote::{OPTIONS, choose, receipt, tally, vote};

const TITLE: &str = "IV Plan de Acción Nacional de Estado Abierto de Colombia";
const PROPOSAL: &str = "Datos abiertos contra la corrupción";

async fn somebody_opens_a_process_and_reads_a_proposal(site: &Site) {
    let phone = site.phone().await;
    phone.visit(&process_page("")).await;
    // Somebody who comes from elsewhere has the language of their browser there, which WebKitGTK cannot be told.
    phone.click(&link("Cabildo")).await;
    phone.arrives_at("/").await;
    phone.click(&link(TITLE)).await;
    phone.arrives_at(&process_page("")).await;
    phone.sees(&heading(TITLE)).await;
    phone.click(&link("Ver las 26 propuestas")).await;
    phone.arrives_at(&process_page("/proposals")).await;
    phone.sees(&heading("26 propuestas")).await;
    phone.click(&link(PROPOSAL)).await;
    phone.arrives_at(&site.proposal_page(1).await).await;
    phone.sees(&tag("h1").saying(PROPOSAL)).await;
    phone.client.back().await.unwrap();
    phone.sees(&heading("26 propuestas")).await;
}

async fn a_vote_is_received_kept_and_changed(site: &Site) {
    let phone = site.phone().await;
    let number = vote(&phone, &OPTIONS[..2]).await;
    tally(site, 1, &[(OPTIONS[0], 1), (OPTIONS[1], 1)]).await;
    phone.reload().await;
    assert_eq!(receipt(&phone).await, number);
    phone.click(&button("Cambiar mi voto")).await;
    phone.click(&checkbox(OPTIONS[0])).await;
    choose(&phone, &OPTIONS[2..3]).await;
    phone.click(&button("Confirmar mi voto")).await;
    phone.reads("Versión 2 de su voto: solo cuenta esta.").await;
    tally(site, 1, &[(OPTIONS[1], 1), (OPTIONS[2], 1)]).await;
}

async fn a_vote_elsewhere_moves_the_count_without_a_reload(site: &Site) {
    let phone = site.phone().await;
    phone.visit(&consultation_page()).await;
    phone.reads("Todavía no hay votos.").await;
    site.citizen().await.votes_for(&["1"]).await;
    phone.reads("1 voto emitido").await;
}

async fn a_comment_is_public_and_still_mine_after_a_reload(site: &Site) {
    let phone = site.phone().await;
    phone.visit(&site.proposal_page(1).await).await;
    comment(&phone, "A favor", "Muy **necesario** en mi vereda").await;
    let mine = tag("article").saying("Muy necesario en mi vereda");
    phone.sees(&mine).await;
    phone.reload().await;
    phone.sees(&mine).await;
    phone.sees(&containing("(usted)").inside(&mine)).await;
}

in_every_engine!(
    somebody_opens_a_process_and_reads_a_proposal,
    a_vote_is_received_kept_and_changed,
    a_vote_elsewhere_moves_the_count_without_a_reload,
    a_comment_is_public_and_still_mine_after_a_reload,
);

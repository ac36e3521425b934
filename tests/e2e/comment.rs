//! Commenting: saying what one thinks, answering, correcting, deleting, reporting.

use crate::harness::{Browser, Site, Target, button, containing, css, field, journey, radio, tag, text};

/// Writes a comment and waits for it to be received.
pub async fn comment(browser: &Browser, stance: &str, words: &str) {
    browser.click(&radio(stance)).await;
    browser.types(&field("Su comentario"), words).await;
    browser.click(&button("Publicar comentario")).await;
    browser.reads("Su comentario fue recibido y ya es público.").await;
}

/// The comment that says this.
fn article(words: &str) -> Target {
    tag("article").saying(words)
}

async fn first_proposal(site: &Site) -> (String, String) {
    let proposal = site.proposals().await.remove(0);
    (format!("/proposals/{proposal}"), proposal)
}

#[test]
fn a_comment_has_a_stance_and_its_markdown_becomes_elements() {
    journey(async |site| {
        let phone = site.phone().await;
        let (page, proposal) = first_proposal(site).await;
        phone.visit(&page).await;
        phone.reads("Nadie ha comentado todavía.").await;
        let words =
            "Muy **necesario**, vea [la ley](https://example.org/ley). <script>alert(1)</script><b>no</b>";
        comment(&phone, "A favor", words).await;
        let mine = article("Muy necesario, vea la ley.");
        phone.sees(&mine).await;
        phone.sees(&text("A favor").inside(&mine)).await;
        phone.sees(&containing("(usted)").inside(&mine)).await;
        assert_eq!(phone.words_of(&tag("strong[.='necesario']").inside(&mine)).await, "necesario");
        let link = tag("a[.='la ley']").inside(&mine);
        phone.has(&link, "href", "https://example.org/ley").await;
        phone.has(&link, "rel", "nofollow ugc noopener noreferrer").await;
        // What looks like markup stays words.
        phone.sees(&containing("<script>alert(1)</script><b>no</b>").inside(&mine)).await;
        phone.counts(&tag("b").inside(&mine), 0).await;
        let scripts = phone.script("return document.querySelectorAll('article script').length", &[]).await;
        assert_eq!(scripts, 0);
        phone.has(&field("Su comentario"), "value", "").await;
        phone.has(&radio("A favor"), "checked", false).await;
        assert_eq!(site.citizen().await.threads(&proposal).await[0].comment.text.as_deref(), Some(words));
        phone.reload().await;
        phone.sees(&mine).await;
    });
}

#[test]
fn what_is_missing_in_a_comment_is_said_beside_it_and_nothing_is_sent() {
    journey(async |site| {
        let phone = site.phone().await;
        let (page, proposal) = first_proposal(site).await;
        phone.visit(&page).await;
        phone.types(&field("Su comentario"), "Sin postura").await;
        phone.click(&button("Publicar comentario")).await;
        phone.reads("Elija una postura.").await;
        phone.has(&field("Su comentario"), "value", "Sin postura").await;
        phone.click(&radio("Neutral")).await;
        phone.misses(&text("Elija una postura.")).await;
        phone.retypes(&field("Su comentario"), "   ").await;
        phone.click(&button("Publicar comentario")).await;
        phone.reads("Escriba su texto.").await;
        phone.has(&field("Su comentario"), "ariaInvalid", "true").await;
        assert!(site.citizen().await.threads(&proposal).await.is_empty());
    });
}

#[test]
fn what_is_being_written_is_there_again_when_the_page_is_loaded_anew() {
    journey(async |site| {
        let (phone, page) = (site.phone().await, site.proposal_page(1).await);
        phone.visit(&page).await;
        phone.types(&field("Su comentario"), "Empecé en el bus").await;
        phone.reload().await;
        phone.has(&field("Su comentario"), "value", "Empecé en el bus").await;
        // On the page of another proposal it would be another comment.
        phone.visit(&site.proposal_page(2).await).await;
        phone.has(&field("Su comentario"), "value", "").await;
        phone.visit(&page).await;
        phone.click(&radio("A favor")).await;
        phone.click(&button("Publicar comentario")).await;
        phone.sees(&article("Empecé en el bus")).await;
        phone.reload().await;
        phone.sees(&article("Empecé en el bus")).await;
        phone.has(&field("Su comentario"), "value", "").await;
    });
}

#[test]
fn a_comment_is_answered_corrected_and_deleted() {
    journey(async |site| {
        let (page, proposal) = first_proposal(site).await;
        let author = site.desktop().await;
        author.visit(&page).await;
        comment(&author, "Neutral", "¿Y la periodisidad?").await;

        let other = site.phone().await;
        other.visit(&page).await;
        let question = article("periodisidad");
        other.click(&button("Responder").inside(&question)).await;
        other.focuses(&field("Su respuesta")).await;
        other.types(&field("Su respuesta"), "Es **trimestral**.").await;
        other.click(&button("Publicar respuesta")).await;
        other.sees(&article("Es trimestral.")).await;
        other.misses(&field("Su respuesta")).await;
        // Only one's own can be changed.
        other.misses(&button("Editar").inside(&question)).await;

        author.sees(&article("Es trimestral.")).await;
        author.click(&button("Editar").inside(&question)).await;
        author.has(&field("Nuevo texto"), "value", "¿Y la periodisidad?").await;
        author.retypes(&field("Nuevo texto"), "¿Y la periodicidad?").await;
        author.click(&button("Guardar")).await;
        let corrected = article("¿Y la periodicidad?");
        author.sees(&text("editado").inside(&corrected)).await;
        other.sees(&corrected).await;

        author.click(&button("Eliminar").inside(&corrected)).await;
        author.reads("¿Eliminar este comentario? Su texto se borra; las respuestas quedan.").await;
        author.click(&button("Cancelar")).await;
        author.sees(&corrected).await;
        author.click(&button("Eliminar").inside(&corrected)).await;
        author.click(&button("Eliminar").inside(&css("c-comment__question"))).await;
        author.sees(&text("Comentario eliminado por quien lo escribió.")).await;
        author.misses(&corrected).await;
        other.sees(&text("Comentario eliminado por quien lo escribió.")).await;
        other.sees(&article("Es trimestral.")).await;
        let thread = site.citizen().await.threads(&proposal).await.remove(0);
        assert_eq!((thread.comment.text, thread.replies.len()), (None, 1));
    });
}

#[test]
fn a_new_comment_appears_for_others_without_a_reload() {
    journey(async |site| {
        let (page, proposal) = first_proposal(site).await;
        let phone = site.phone().await;
        phone.visit(&page).await;
        phone.sees(&text("En vivo")).await;
        // What one is writing meanwhile stays.
        phone.types(&field("Su comentario"), "Estoy escribi").await;
        site.citizen().await.comments(&proposal, "Recién llegado.").await;
        phone.sees(&article("Recién llegado.")).await;
        phone.has(&field("Su comentario"), "value", "Estoy escribi").await;
        phone.sees(&text("1 comentario")).await;
    });
}

#[test]
fn a_comment_is_reported_with_a_reason() {
    journey(async |site| {
        let (page, proposal) = first_proposal(site).await;
        site.citizen().await.comments(&proposal, "Compre ya.").await;
        let phone = site.phone().await;
        phone.visit(&page).await;
        let advertisement = article("Compre ya.");
        phone.click(&button("Denunciar").inside(&advertisement)).await;
        phone.click(&button("Enviar denuncia")).await;
        phone.reads("Elija un motivo.").await;
        phone.click(&radio("Publicidad o texto repetido")).await;
        phone.click(&button("Enviar denuncia")).await;
        phone.reads("Gracias. El equipo de moderación lo revisará.").await;
        phone.sees(&advertisement).await;
    });
}

//! Moderation: what is reported is decided with a reason that everybody reads, and first comments may wait.

use crate::harness::axe::check;
use crate::harness::{
    Server, Target, button, containing, css, field, heading, journey, journey_in, process_page, radio, tag,
    text,
};

/// The comment that says this.
fn article(words: &str) -> Target {
    tag("article").saying(words)
}

#[test]
fn a_reported_comment_is_hidden_with_a_reason_and_only_its_author_still_reads_it() {
    journey(async |site| {
        let page = site.proposal_page(1).await;
        let author = site.desktop().await;
        author.visit(&page).await;
        author.click(&radio("A favor")).await;
        author.types(&field("Su comentario"), "Llame a mi vecina al 555.").await;
        author.click(&button("Publicar comentario")).await;
        author.reads("Su comentario fue recibido y ya es público.").await;

        let phone = site.phone().await;
        phone.visit(&page).await;
        let reported = article("Llame a mi vecina al 555.");
        phone.click(&button("Denunciar").inside(&reported)).await;
        phone.click(&radio("Datos personales de alguien")).await;
        phone.click(&button("Enviar denuncia")).await;
        phone.reads("Gracias. El equipo de moderación lo revisará.").await;

        let moderator = site.phone().await;
        moderator.visit(&process_page("/moderation")).await;
        moderator.sees(&heading("Moderación")).await;
        moderator.misses(&button("Retirar")).await;
        check(&moderator, "moderation without a key").await;
        moderator.expect_failed_requests();
        moderator.types(&field("Clave de moderación"), &site.server.desk_key("Alcaldía")).await;
        moderator.click(&button("Entrar a moderar")).await;
        moderator.reads("Esta clave no permite moderar este proceso o ya venció.").await;
        let key = site.server.moderator_key("Ana");
        moderator.retypes(&field("Clave de moderación"), &key).await;
        moderator.click(&button("Entrar a moderar")).await;
        moderator.reads("Datos personales de alguien: 1").await;
        moderator.click(&button("Retirar").inside(&reported)).await;
        moderator.reads("Escriba el motivo.").await;
        moderator.types(&field("Motivo de la decisión"), "Publica el teléfono de otra persona.").await;
        moderator.click(&button("Retirar").inside(&reported)).await;
        moderator.reads("¿Retirar este comentario?").await;
        check(&moderator, "hiding a comment").await;
        moderator.click(&button("Retirar").inside(&css("c-comment__question"))).await;
        moderator.reads("Nada espera una decisión.").await;

        // Everybody reads why, in the place of the comment, and without a reload.
        phone.reads("Retirado por moderación").await;
        phone.reads("Motivo: Publica el teléfono de otra persona.").await;
        phone.misses(&containing("555")).await;
        phone.reload().await;
        phone.reads("Motivo: Publica el teléfono de otra persona.").await;
        phone.misses(&containing("555")).await;
        check(&phone, "a hidden comment").await;

        author.reload().await;
        author.sees(&reported).await;
        author.sees(&text("Retirado por moderación").inside(&reported)).await;
        author.sees(&containing("Publica el teléfono de otra persona.").inside(&reported)).await;
        author.misses(&button("Editar")).await;

        // On second thoughts.
        moderator.visit(&process_page("/moderation?queue=decided")).await;
        moderator.reads("Ana lo retiró el").await;
        moderator.types(&field("Motivo de la decisión"), "Es el teléfono de una entidad.").await;
        moderator.click(&button("Mantener a la vista")).await;
        moderator.reads("Es el teléfono de una entidad.").await;
        phone.reload().await;
        phone.sees(&reported).await;
    });
}

#[test]
fn a_first_comment_waits_until_it_is_approved_and_its_author_is_told_so() {
    let server = Server::with(|process| {
        process["moderation"] = serde_json::json!({ "first_comments": "approve" });
    });
    journey_in(server, async |site| {
        let page = site.proposal_page(1).await;
        let author = site.phone().await;
        author.visit(&page).await;
        author.click(&radio("Neutral")).await;
        author.types(&field("Su comentario"), "Mi primera vez aquí.").await;
        author.click(&button("Publicar comentario")).await;
        author.reads("Será público cuando el equipo de moderación lo apruebe.").await;
        let mine = article("Mi primera vez aquí.");
        author.sees(&text("En espera de aprobación").inside(&mine)).await;
        author.reload().await;
        author.sees(&text("En espera de aprobación").inside(&mine)).await;
        check(&author, "a comment that waits").await;

        let other = site.desktop().await;
        other.visit(&page).await;
        other.reads("Nadie ha comentado todavía.").await;

        let moderator = site.desktop().await;
        moderator.visit(&process_page("/moderation")).await;
        moderator.types(&field("Clave de moderación"), &site.server.moderator_key("Ana")).await;
        moderator.click(&button("Entrar a moderar")).await;
        moderator.sees(&mine).await;
        moderator.types(&field("Motivo de la decisión"), "Bienvenida.").await;
        moderator.click(&button("Mantener a la vista")).await;
        moderator.reads("Nada espera una decisión.").await;

        other.sees(&mine).await;
        author.misses(&text("En espera de aprobación")).await;
        author.sees(&mine).await;
    });
}

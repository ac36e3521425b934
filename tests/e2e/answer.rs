//! Answers: an entity answers in writing, everybody reads it, and what waits stays in sight.

use crate::harness::axe::check;
use crate::harness::{
    Server, button, containing, css, field, heading, journey_in, link, process_page, radio, text,
};

/// A consultation that asks for comments on two drafts, and one whose options are candidacies.
fn asks(process: &mut serde_json::Value) {
    let period = serde_json::json!({ "opens": "2026-01-01T05:00:00Z", "closes": "2031-01-01T05:00:00Z" });
    let consultations = process["consultations"].as_array_mut().unwrap();
    consultations.push(serde_json::json!({
        "slug": "borradores-aqui", "title": "Comente los borradores", "question": "¿Qué mejoraría?",
        "purpose": "Cada comentario recibe respuesta.", "influence": "consult", "period": period,
        "held": { "comments": {} }, "exercise": true,
        "options": [
            { "reference": "1", "title": "Datos abiertos contra la corrupción", "proposal": 1 },
            { "reference": "2", "title": "Colaboración abierta", "proposal": 2 }
        ]
    }));
    consultations.push(serde_json::json!({
        "slug": "postulaciones-aqui", "title": "Postulaciones al Comité", "question": "¿Quién debe integrarlo?",
        "purpose": "Orientar la elección.", "influence": "consult", "period": period,
        "held": { "here": { "rule": { "kind": "approval", "min": 1, "max": 2 }, "assurance": "device" } },
        "exercise": true,
        "options": [
            { "reference": "a", "title": "Organización A", "description": "Sociedad civil" },
            { "reference": "b", "title": "Organización B", "description": "Sociedad civil" }
        ]
    }));
}

#[test]
fn an_entity_answers_a_comment_and_everybody_reads_it() {
    journey_in(Server::with(asks), async |site| {
        let proposals = site.proposals().await;
        let citizen = site.citizen().await;
        citizen.comments(&proposals[0], "Faltan **plazos**.").await;
        let phone = site.phone().await;
        phone.visit("/consultations/borradores-aqui").await;
        phone.reads("Aquí se comenta, no se vota").await;
        phone.reads("Comentarios recibidos y respondidos: 1 · 0").await;
        phone.click(&link("Ver los comentarios y las respuestas")).await;
        phone.sees(&heading("Comentarios y respuestas")).await;
        phone.sees(&text("Espera respuesta")).await;
        phone.reads("Sin respuestas todavía").await;

        let officer = site.desktop().await;
        officer.visit(&process_page("/answers")).await;
        officer.misses(&button("Responder")).await;
        officer.click(&text("Responder en nombre de una entidad")).await;
        officer.expect_failed_requests();
        officer.types(&field("Clave de la entidad"), "no.es").await;
        officer.click(&button("Entrar a responder")).await;
        officer.reads("Esta clave no abre este proceso o ya venció.").await;
        let key = site.server.desk_key("Secretaría de Transparencia");
        officer.retypes(&field("Clave de la entidad"), &key).await;
        officer.click(&button("Entrar a responder")).await;
        officer.reads("Responde en nombre de Secretaría de Transparencia").await;
        officer.click(&button("Responder")).await;
        officer.click(&button("Publicar respuesta")).await;
        officer.reads("Elija qué pasó con lo que pide.").await;
        officer.click(&radio("Se incorporó en parte")).await;
        check(&officer, "answering").await;
        officer.click(&button("Publicar respuesta")).await;
        officer.reads("Escriba la respuesta.").await;
        officer.types(&field("Respuesta"), "Se añadió un plazo de seis meses.").await;
        officer.click(&button("Publicar respuesta")).await;
        officer.reads("Ningún comentario espera respuesta.").await;

        phone.visit(&format!("/proposals/{}", proposals[0])).await;
        phone.sees(&containing("Respuesta de Secretaría de Transparencia")).await;
        phone.reads("Se añadió un plazo de seis meses.").await;
        phone.sees(&link("Ver qué cambió")).await;
        phone.visit(&process_page("/answers?show=answered")).await;
        phone.reads("menos de un día").await;
        phone.sees(&css("c-answer").saying("Se incorporó en parte")).await;
        check(&phone, "answered comments").await;
        phone.visit("/consultations/borradores-aqui").await;
        phone.reads("Comentarios recibidos y respondidos: 1 · 1").await;
    });
}

#[test]
fn a_candidacy_has_its_page_and_its_discussion() {
    journey_in(Server::with(asks), async |site| {
        let phone = site.phone().await;
        phone.visit("/consultations/postulaciones-aqui").await;
        phone.sees(&heading("Conozca y comente cada opción")).await;
        phone.click(&link("Organización B")).await;
        phone.sees(&heading("Organización B")).await;
        phone.reads("Nadie ha comentado todavía.").await;
        check(&phone, "a candidacy").await;
        phone.click(&radio("A favor")).await;
        phone.types(&field("Su comentario"), "Conozco su trabajo.").await;
        phone.click(&button("Publicar comentario")).await;
        phone.reads("Conozco su trabajo.").await;
        phone.click(&link("Ver la consulta")).await;
        phone.sees(&heading("Postulaciones al Comité")).await;
        phone.reads("1 comentario").await;
    });
}

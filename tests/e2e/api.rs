//! The public API before schemathesis: it reads the API's own description, makes requests of it, right and wrong, one
//! after another, and compares what comes back with what the description promises.

use crate::harness::{CONSULTATION, PROCESS, Server, Site, journey_in, setting};
use cabildo_contract::call::{ListCalls, NewSubmission, Submit};
use cabildo_contract::consultation::GetConsultation;
use cabildo_contract::id::Slug;
use std::fs;
use std::process::Command;

/// What has no description that a machine could follow, or would end the session that the rest needs.
const LEFT_OUT: &str = r#"
# Whether a code, an address or a cursor is a good one no schema can say.
[checks.positive_data_acceptance]
enabled = false

# Texts are tidied before they are measured: one that is too long with its control characters may be none without.
[[operations]]
include-path-regex = "/(comments|replies|report|submissions|answer|moderation)|^/api/v1/(comments|submissions)/[^/]+$"
checks.negative_data_rejection.enabled = false

[[operations]]
include-name = "DELETE /api/v1/person"
enabled = false

[[operations]]
include-name = "DELETE /api/v1/session"
enabled = false
"#;

/// Things that are there, for the places of addresses.
async fn places(site: &Site) -> String {
    let citizen = site.citizen().await;
    let proposal = site.proposals().await.remove(0);
    let comment = citizen.comments(&proposal, "Hace falta en mi vereda").await.id;
    let slug = |text: &str| Slug::parse(text).unwrap();
    let consultation = citizen.send(&GetConsultation { consultation: slug(CONSULTATION) }).await;
    let option = &consultation.options[0].id;
    let calls = citizen.send(&ListCalls { process: slug(crate::harness::REHEARSAL) }).await.items;
    let call = &calls[0].slug;
    let body = NewSubmission {
        title: "Luz en el parque".to_owned(),
        problem: "No se ve de noche".to_owned(),
        action: "Diez postes".to_owned(),
        entity: None,
    };
    let submission = citizen.send(&Submit { call: call.clone(), body }).await.head.id;
    format!(
        "[parameters]\n\
         \"path.process\" = \"{PROCESS}\"\n\
         \"path.consultation\" = \"{CONSULTATION}\"\n\
         \"path.proposal\" = \"{proposal}\"\n\
         \"path.option\" = \"{option}\"\n\
         \"path.comment\" = \"{comment}\"\n\
         \"path.call\" = \"{call}\"\n\
         \"path.submission\" = \"{submission}\"\n"
    )
}

/// Lets schemathesis loose, as somebody with this key at a desk and a session of their own.
async fn holds(site: &Site, key: &str) {
    let (places, session) = (places(site).await, site.citizen().await.session().to_owned());
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("schemathesis.toml");
    let who =
        format!("[auth.openapi.session]\napi_key = \"{session}\"\n[auth.openapi.key]\nbearer = \"{key}\"\n");
    fs::write(&file, format!("{places}{LEFT_OUT}{who}")).unwrap();
    let tried = Command::new(setting("CABILDO_SCHEMATHESIS"))
        .arg("--config-file")
        .arg(&file)
        .args(["run", &format!("{}/api/v1/openapi.json", site.server.origin())])
        // Streams never end.
        .args(["--exclude-path-regex", "/live$"])
        .args(["--max-examples", "20", "--continue-on-failure", "--generation-deterministic"])
        .args(["--no-color", "--warnings", "off"])
        .current_dir(directory.path())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&tried.stdout);
    assert!(tried.status.success(), "{said}{}", String::from_utf8_lossy(&tried.stderr));
    assert!(said.contains("Coverage") && said.contains("generated"), "nothing was tried: {said}");
}

#[test]
fn every_answer_is_one_that_the_description_of_the_api_promises() {
    journey_in(Server::without_limits(), async |site| {
        holds(site, &site.server.desk_key("Secretaría de Transparencia")).await;
        holds(site, &site.server.moderator_key("Eva")).await;
    });
}

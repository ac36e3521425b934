//! An old copy of a database in the place of the newer one is recognised.

use crate::failover::said;
use crate::harness::{PROCESS, Server, directory, embedded, open, run, storage};
use cabildo_contract::process::RemoveSimulation;
use cabildo_server::backup::back_up;
use cabildo_server::storage::sqlite::Options;
use cabildo_server::storage::{Risk, Storage};
use cabildo_server::witness::{Witness, WitnessError};
use std::fs;
use std::path::Path;
use tempfile::TempDir;

async fn somebody_casts(server: &Server, option: usize) {
    let cookie = server.somebody(false).await;
    server.cast(&cookie, &[option]).await;
}

async fn look(witness: &mut Witness, server: &Server) -> Result<(), WitnessError> {
    witness.look(server.app.storage.as_ref(), server.app.live.as_of().sequence).await
}

/// Whether a server would start.
async fn starts(file: &Path, storage: &dyn Storage) -> Result<(), WitnessError> {
    Witness::open(file, storage).await.map(drop)
}

#[tokio::test]
async fn an_old_copy_is_recognised_and_so_is_one_that_went_on_by_itself() {
    let elsewhere = TempDir::new().unwrap();
    let file = elsewhere.path().join("cabildo.witness");
    let directory = embedded().await;
    let server = open(directory.path(), Options::default()).await;
    let mut witness = Witness::open(&file, server.app.storage.as_ref()).await.unwrap();
    somebody_casts(&server, 0).await;
    look(&mut witness, &server).await.unwrap();
    let copy = directory.path().join("copy");
    back_up(directory.path(), &copy).unwrap();
    // What the copy has is all there is: it may take the place of the original.
    starts(&file, &storage(&copy)).await.unwrap();
    server.clock.advance(60);
    somebody_casts(&server, 1).await;
    look(&mut witness, &server).await.unwrap();
    starts(&file, server.app.storage.as_ref()).await.unwrap();

    let old = open(&copy, Options::default()).await;
    let refused = starts(&file, old.app.storage.as_ref()).await.unwrap_err().to_string();
    assert!(
        refused.contains("saw act 2 of 2026-06-01T12:01:00Z") && refused.contains("ends with act 1"),
        "{refused}"
    );
    assert!(refused.contains("remove"), "the way out: {refused}");
    // It goes on without a witness, further than what is missing.
    for option in 2..5 {
        somebody_casts(&old, option).await;
    }
    let refused = starts(&file, old.app.storage.as_ref()).await.unwrap_err().to_string();
    assert!(refused.contains("says that it was of 2026-06-01T12:00:00Z"), "{refused}");
    let still = look(&mut witness, &old).await;
    assert!(matches!(still, Err(WitnessError::Old { seen: 2, .. })), "what was seen is not forgotten");
    // The operator knows what was lost, and begins anew.
    fs::remove_file(&file).unwrap();
    starts(&file, old.app.storage.as_ref()).await.unwrap();
    starts(&file, old.app.storage.as_ref()).await.unwrap();
}

#[tokio::test]
async fn removing_a_simulation_does_not_look_like_an_old_copy() {
    let elsewhere = TempDir::new().unwrap();
    let file = elsewhere.path().join("cabildo.witness");
    let directory = directory().await;
    let server = open(directory.path(), Options::default()).await;
    let simulated = server.somebody(true).await;
    server.cast(&simulated, &[0]).await;
    let mut witness = Witness::open(&file, server.app.storage.as_ref()).await.unwrap();
    server
        .call(&RemoveSimulation { process: crate::harness::slug(PROCESS) }, None)
        .await
        .json::<serde_json::Value>();
    starts(&file, server.app.storage.as_ref()).await.unwrap();
    look(&mut witness, &server).await.unwrap();
}

#[tokio::test]
async fn a_file_that_is_no_witness_is_left_alone_and_one_that_cannot_be_written_is_said_at_once() {
    let directory = directory().await;
    let storage = storage(directory.path());
    let file = directory.path().join("mine");
    fs::write(&file, "my notes").unwrap();
    assert!(matches!(starts(&file, &storage).await, Err(WitnessError::Damaged(_))));
    assert_eq!(fs::read_to_string(&file).unwrap(), "my notes");
    let nowhere = directory.path().join("no/such/place");
    assert!(matches!(starts(&nowhere, &storage).await, Err(WitnessError::File { .. })));
}

#[tokio::test]
async fn the_program_does_not_start_on_an_old_copy_and_says_the_way_out() {
    let directory = embedded().await;
    let file = directory.path().join("witness");
    fs::write(&file, r#"{"sequence":7,"at":"2026-06-01T12:00:00Z"}"#).unwrap();
    let (data, file) = (directory.path().to_str().unwrap(), file.to_str().unwrap());
    let text = said(&["serve", "--listen", "127.0.0.1:0", "--data", data, "--witness", file], "start again");
    assert!(text.contains("ends with act 0") && text.contains("start again"), "{text}");
}

#[tokio::test]
#[ignore = "needs PostgreSQL"]
async fn a_database_that_goes_back_while_servers_run_is_said_and_counted_anew() {
    let directory = directory().await;
    let server = open(directory.path(), Options::default()).await;
    for option in 0..3 {
        somebody_casts(&server, option).await;
    }
    let sql = "DELETE FROM ballot WHERE receipt IN (SELECT receipt FROM ballot ORDER BY person DESC LIMIT 1);
               DELETE FROM act WHERE sequence = 3; DELETE FROM feed WHERE id = (SELECT max(id) FROM feed)";
    run(directory.path(), sql).unwrap();
    server.app.storage.check(cabildo_server::clock::Clock::now(server.clock.as_ref())).await.unwrap();
    let counted = server.app.storage.load_board().await.unwrap();
    assert!(server.app.live.read(|board| *board == counted));
    assert!(server.app.storage.risks().await.unwrap().contains(&Risk::WentBack));
    assert!(server.get("/readyz").await.text().contains("warning: the database went back"));
    somebody_casts(&server, 4).await;
    assert_eq!(server.app.live.as_of().sequence, server.app.storage.load_board().await.unwrap().sequence);
}

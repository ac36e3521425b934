//! `cargo xtask run`: from a fresh clone to a page to look at.

use crate::build;
use crate::server::{self, PROCESS, Server};
use crate::step::step;
use anyhow::{Context, Result};
use std::fs;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::Path;
use std::process::ExitCode;

/// Where what people do is kept; in no commit.
const DATA: &str = "data";

/// Builds, imports the process that comes with Cabildo and the rehearsal, and serves until it is interrupted. `fresh` forgets
/// what was voted and written in earlier runs.
///
/// # Errors
/// When a step fails, or the port is taken (said before anything is built).
pub fn run(port: u16, fresh: bool) -> Result<ExitCode> {
    let listen = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    drop(
        TcpListener::bind(listen)
            .with_context(|| format!("port {port} is taken; choose another with --port"))?,
    );
    build::all()?;
    let data = Path::new(DATA);
    if fresh && data.exists() {
        println!("── --fresh: forgetting {DATA}/");
        fs::remove_dir_all(data)?;
    }
    step(&format!("process {PROCESS} into {DATA}/"), || server::import(data))?;
    step(&format!("a rehearsal beside it into {DATA}/"), || server::import_rehearsals(data))?;
    println!("── serve");
    let server = Server::start(listen, data, &["--dev-mailbox"])?;
    let address = format!("http://localhost:{port}");
    println!(
        "
   Cabildo is on  {address}
   Dashboard      {address}/processes/{PROCESS}/dashboard
   Codes by mail  {address}/dev/mailbox (asked for in {address}/consultations/ensayo-correo)
   To see it move, in a second terminal:
                  {} replay {PROCESS} --speed 20 --server {address}
   Stop with Ctrl+C. What is voted and written stays in {DATA}/ (--fresh forgets it).
",
        build::SERVER
    );
    server.wait()?;
    Ok(ExitCode::SUCCESS)
}

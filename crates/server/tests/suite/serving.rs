//! The server on a real socket.

use crate::cluster;
use crate::harness::directory;
use cabildo_server::config::{AtDatabase, Serve};
use cabildo_server::limits::Rates;
use cabildo_server::serve::{ServeError, serve};
use std::net::SocketAddr;
use std::path::Path;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

pub struct Running {
    pub url: String,
    stop: oneshot::Sender<()>,
    ended: JoinHandle<Result<(), ServeError>>,
}

fn config(data: &Path, simulation: bool) -> Serve {
    Serve {
        listen: SocketAddr::from(([127, 0, 0, 1], 0)),
        data: data.to_owned(),
        database: AtDatabase { database: cluster::url(data), authorities: None },
        assets: None,
        public_url: None,
        without_worker: false,
        client_address_header: None,
        proxies: 1,
        rates: Rates::NONE,
        work: cabildo_server::work::Thresholds::NONE,
        simulation,
        smtp: None,
        mail_from: None,
        dev_mailbox: false,
        oidc: Vec::new(),
        metrics: None,
        witness: None,
        group_commit: 256,
    }
}

impl Running {
    pub async fn start(data: &Path, simulation: bool) -> Self {
        let (stop, stopped) = oneshot::channel();
        let (ready, address) = oneshot::channel();
        let config = config(data, simulation);
        let tell = |at| ready.send(at).unwrap();
        let ended = tokio::spawn(serve(config, tell, async { stopped.await.unwrap() }));
        Self { url: format!("http://{}", address.await.unwrap()), stop, ended }
    }

    pub async fn stop(self) {
        self.stop.send(()).unwrap();
        self.ended.await.unwrap().unwrap();
    }
}

#[tokio::test]
async fn a_server_stops_at_once_although_somebody_watches() {
    let directory = directory().await;
    let server = Running::start(directory.path(), false).await;
    let url = format!("{}/api/v1/processes/{}/live", server.url, crate::harness::PROCESS);
    let mut watching = crate::harness::fetch(&url).await;
    assert!(watching.chunk().await.unwrap().is_some());
    server.stop().await;
    while let Some(_rest) = watching.chunk().await.unwrap() {}
    // The directory is free again.
    Running::start(directory.path(), false).await.stop().await;
}

#[tokio::test]
async fn a_server_without_a_front_end_where_one_was_promised_does_not_start() {
    let directory = directory().await;
    let empty = tempfile::TempDir::new().unwrap();
    let config = Serve { assets: Some(empty.path().to_owned()), ..config(directory.path(), false) };
    let error = serve(config, |_| (), async {}).await.unwrap_err().to_string();
    assert!(error.contains("index.html"), "{error}");
}

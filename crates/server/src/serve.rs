//! Running a server until it is asked to stop.

use crate::assets::Assets;
use crate::caller::CallerHeader;
use crate::clock::{Clock, SystemClock};
use crate::config::{PublicUrl, Serve};
use crate::desk::Desks;
use crate::identity::Identities;
use crate::oidc::{OidcError, Provider, Providers};
use crate::page::{SiteOptions, site};
use crate::post::{Post, PostError};
use crate::random::NoRandomness;
use crate::secret::SecretError;
use crate::storage::StorageError;
use crate::storage::database::{self, OpenError};
use crate::witness::{Witness, WitnessError};
use crate::{App, Setup, metrics};
use axum::extract::ConnectInfo;
use axum::serve::Listener;
use axum::{Extension, Router};
use futures_util::FutureExt;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio_io_timeout::TimeoutStream;

/// Why a server did not start or stopped.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The database cannot be used.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The database is an old one, or the witness cannot be used.
    #[error(transparent)]
    Witness(#[from] WitnessError),
    /// A secret cannot be used.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// There is no secret to be had for what is asked of people.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
    /// Mail cannot be sent.
    #[error(transparent)]
    Post(#[from] PostError),
    /// A provider cannot be used.
    #[error(transparent)]
    Oidc(#[from] OidcError),
    /// The database cannot be read.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// The assets directory has no front-end.
    #[error("{0} has no index.html: build the front-end first (cargo xtask build)")]
    NoAssets(PathBuf),
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// What the operating system says.
        source: std::io::Error,
    },
}

/// How often is looked whether a process is over.
const ENDS_EVERY: Duration = Duration::from_secs(60 * 60);

/// How often is looked whether more may be published of where people live.
const TERRITORIES_EVERY: Duration = Duration::from_secs(10);

/// How often is written down how far the database came.
const WITNESS_EVERY: Duration = Duration::from_secs(1);

/// Longest time from one answer, or from connecting, until the next request's headers are there. Longer than proxies
/// keep an unused connection (nginx: a minute), so that it is they who end it, and never while they send on it.
const HEAD_TIME: Duration = Duration::from_secs(75);

/// Longest time in which somebody takes nothing of what is sent to them. Until then at most what fits into the buffers of
/// both sides is held for them.
const PATIENCE: Duration = Duration::from_secs(60);

/// Serves until `stop` completes, then ends live streams, lets requests in flight finish and closes the database.
/// `ready` is told the address once requests are answered.
///
/// # Errors
/// [`ServeError`] says what could not be used.
pub async fn serve(
    config: Serve,
    ready: impl FnOnce(SocketAddr),
    stop: impl Future<Output = ()> + Send + 'static,
) -> Result<(), ServeError> {
    if let Some(assets) = config.assets.as_ref().filter(|assets| !assets.join("index.html").is_file()) {
        return Err(ServeError::NoAssets(assets.clone()));
    }
    let identities = Identities::open(&config.data)?;
    let setup = Setup {
        desks: Desks::open(&config.data)?,
        post: post(&config)?,
        providers: providers(&config, &identities)?,
        identities,
        work: config.work,
        simulation: config.simulation,
    };
    let (app, witness) = say_if_slow("opening the database and counting what it holds", async {
        let (data, at, group) = (config.data.clone(), config.database.clone(), config.group_commit);
        let opened = tokio::task::spawn_blocking(move || database::open(&data, &at, group)).await;
        let storage = opened.map_err(|error| StorageError::Unavailable(error.to_string()))??;
        let witness = match &config.witness {
            Some(path) => Some(Witness::open(path, &storage).await?),
            None => None,
        };
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        Ok::<_, ServeError>((App::start(Arc::new(storage), clock, setup).await?, witness))
    })
    .await?;
    for risk in app.storage.risks().await? {
        tracing::warn!("{risk}");
    }
    if app.catalogue.processes().is_empty() {
        tracing::warn!("there is no process yet: cabildo import --data {} FILE", config.data.display());
    }

    let (listener, address) = listen(config.listen).await?;
    let metrics = match config.metrics {
        Some(at) => Some(listen(at).await?),
        None => None,
    };
    let header = config.client_address_header.map(|name| CallerHeader::new(name, config.proxies.into()));
    if header.is_none() && config.public_url.as_ref().is_some_and(PublicUrl::is_secure) {
        tracing::warn!("everybody seems to be the proxy: --client-address-header says who is not");
    }
    let options = SiteOptions {
        assets: config.assets.as_deref().map(Assets::new),
        public_url: config.public_url,
        without_worker: config.without_worker,
        rates: config.rates,
        caller_header: header.unwrap_or_default(),
    };
    let site = site(Arc::clone(&app), options);

    let live = Arc::clone(&app.live);
    let publisher = tokio::spawn(async move { live.publish().await });
    let publishing = Arc::clone(&app);
    let territories = tokio::spawn(async move {
        loop {
            tokio::time::sleep(TERRITORIES_EVERY).await;
            if let Err(error) = publishing.publish_territories().await {
                tracing::error!(%error, "where people live was not published");
            }
        }
    });
    let ending = Arc::clone(&app);
    let ends = tokio::spawn(async move {
        loop {
            match ending.forget_identities().await {
                Ok(0) => {}
                Ok(processes) => tracing::info!(processes, "over: their identities are forgotten"),
                Err(error) => {
                    tracing::error!(%error, "identities of processes that are over were not forgotten")
                }
            }
            tokio::time::sleep(ENDS_EVERY).await;
        }
    });
    let metrics = metrics.map(|(listener, address)| {
        tracing::info!(%address, "metrics");
        let router = metrics::router(Arc::clone(&app), config.data.clone());
        tokio::spawn(answer(listener, router, std::future::pending()))
    });
    let (looking, end) = tokio::sync::watch::channel(());
    let looking_on = witness.map(|witness| tokio::spawn(look(witness, Arc::clone(&app), end)));
    ready(address);
    let live = Arc::clone(&app.live);
    let stopping = async move {
        stop.await;
        // A stream never ends by itself, and would hold the server up.
        live.close();
    };
    answer(listener, site, stopping).await;
    drop(looking);
    if let Some(looking_on) = looking_on {
        let _ = looking_on.await;
    }
    if let Some(metrics) = metrics {
        metrics.abort();
    }
    publisher.abort();
    territories.abort();
    ends.abort();
    Ok(())
}

/// A listener, and where it listens.
async fn listen(address: SocketAddr) -> Result<(TcpListener, SocketAddr), ServeError> {
    let failed = |source| ServeError::Listen { address, source };
    let listener = TcpListener::bind(address).await.map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    Ok((listener, address))
}

/// Answers whoever connects until `stop` completes, then lets requests in flight finish.
///
/// Like `axum::serve`, with a limit on how long a caller may take to say what it wants, or to take what it asked for:
/// without one, anybody could hold as many connections as the system has.
pub async fn answer(mut listener: TcpListener, site: Router, stop: impl Future<Output = ()>) {
    let mut stop = std::pin::pin!(stop);
    let connections = GracefulShutdown::new();
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEAD_TIME);
    loop {
        // The listener of axum waits and goes on when the system is out of connections for a while.
        let (stream, peer) = tokio::select! {
            accepted = Listener::accept(&mut listener) => accepted,
            () = &mut stop => break,
        };
        let site = site.clone().layer(Extension(ConnectInfo::<SocketAddr>(peer)));
        let mut stream = TimeoutStream::new(stream);
        stream.set_write_timeout(Some(PATIENCE));
        let connection =
            http.serve_connection(TokioIo::new(Box::pin(stream)), TowerToHyperService::new(site));
        // A connection that broke off concerns nobody else.
        tokio::spawn(connections.watch(connection).map(drop));
    }
    drop(listener);
    connections.shutdown().await;
}

fn post(config: &Serve) -> Result<Post, PostError> {
    Ok(match (&config.smtp, config.dev_mailbox) {
        (Some(url), _) => Post::smtp(url, config.mail_from.as_deref().unwrap_or_default())?,
        (None, true) => Post::mailbox(),
        (None, false) => Post::None,
    })
}

fn providers(config: &Serve, identities: &Identities) -> Result<Providers, OidcError> {
    let providers = config.oidc.iter().map(|text| Provider::parse(text)).collect::<Result<_, _>>()?;
    let public_url = config.public_url.as_ref().map(PublicUrl::as_str);
    Providers::new(providers, public_url, identities.secret_for("sign-in"))
}

/// Keeps a witness up to date until the server ends, and once more then.
async fn look(mut witness: Witness, app: Arc<App>, mut end: tokio::sync::watch::Receiver<()>) {
    let mut said = false;
    loop {
        let ended = tokio::time::timeout(WITNESS_EVERY, end.changed()).await.is_ok();
        let looked = witness.look(app.storage.as_ref(), app.live.as_of().sequence).await;
        if let Err(error) = &looked
            && !said
        {
            tracing::error!(%error, "the witness does not see what is done");
        }
        said = looked.is_err();
        if ended {
            return;
        }
    }
}

/// Says what is taking long, every few seconds.
async fn say_if_slow<T>(what: &str, work: impl Future<Output = T>) -> T {
    let mut work = std::pin::pin!(work);
    let mut seconds = 0;
    loop {
        tokio::select! {
            done = &mut work => return done,
            () = tokio::time::sleep(Duration::from_secs(2)) => {
                seconds += 2;
                tracing::info!(seconds, "still {what}");
            }
        }
    }
}

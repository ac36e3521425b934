//! The Cabildo server.
//!
//! # Layout
//! One way: [`http`] reads a request and asks [`domain`] for the rules and [`storage`] for the records;
//! the storage tells [`live`] what was committed, which moves the [`board`] and wakes whoever watches.
//! - [`extract`], [`problem`]: requests in, refusals out.
//! - [`catalogue`]: processes, proposals and consultations; [`board`] and [`figures`]: the live count.
//! - [`import`], [`process_file`], [`schema`], [`territory`]: from a file to the database.
//! - [`pabulib`]: elections as files of Pabulib, in and out.
//! - [`openapi`]: the contract as a document; [`export`]: tables; [`picture`]: charts as pictures; [`calendar`]: the
//!   timeline as iCalendar.
//! - [`page`], [`embed`], [`vote`], [`screen`], [`assets`]: the front-end, rendered and served; [`acts`]: what widgets
//!   can be told.
//! - [`caller`], [`limits`], [`work`], [`headers`]: who may write how often and at what price, and what browsers are told.
//! - [`strain`]: who waits when more is asked for than can be answered.
//! - [`desk`]: keys with which entities answer comments; [`identity`], [`post`], [`oidc`]: people who identify themselves,
//!   the codes that they are sent, and who vouches for them; [`secret`]: what nobody else knows.
//! - [`witness`], [`backup`]: old copies of a database, recognised; copies, made.
//! - [`metrics`]: what an operator watches.
//! - [`measure`]: how many ballots a machine and its disk bear.
//! - [`replay`]: simulated participation through the public API.
//! - [`tls`]: asking other servers.
//! - [`clock`], [`random`]: the time and chance; nothing else asks the operating system for them.

pub mod acts;
pub mod assets;
pub mod backup;
pub mod board;
pub mod calendar;
pub mod caller;
pub mod catalogue;
pub mod clock;
pub mod config;
pub mod cursor;
pub mod desk;
pub mod domain;
pub mod embed;
pub mod export;
pub mod extract;
pub mod figures;
pub mod headers;
pub mod http;
pub mod identity;
pub mod import;
pub mod language;
pub mod limits;
pub mod live;
pub mod measure;
pub mod metrics;
pub mod oidc;
pub mod openapi;
pub mod pabulib;
pub mod page;
pub mod picture;
pub mod post;
pub mod problem;
pub mod process_file;
pub mod random;
pub mod replay;
pub mod schema;
pub mod screen;
pub mod secret;
pub mod serve;
pub mod storage;
pub mod strain;
pub mod territory;
pub mod tls;
pub mod translation;
pub mod vote;
pub mod witness;
pub mod work;

use catalogue::Catalogue;
use clock::{Clock, Remembering};
use desk::Desks;
use identity::Identities;
use live::Live;
use metrics::Metrics;
use oidc::Providers;
use post::Post;
use random::NoRandomness;
use std::sync::Arc;
use storage::{Storage, StorageError};
use work::{Asking, Thresholds};

/// What an operator decides about an installation.
pub struct Setup {
    /// Opens answering desks.
    pub desks: Desks,
    /// Makes hashes of identities.
    pub identities: Identities,
    /// Sends mail.
    pub post: Post,
    /// Who vouches for people.
    pub providers: Providers,
    /// When work is asked for.
    pub work: Thresholds,
    /// Whether simulated participants are accepted.
    pub simulation: bool,
}

impl Setup {
    /// With secrets that nobody else knows, and a mailbox in memory: for tests and measurements.
    ///
    /// # Errors
    /// [`NoRandomness`].
    pub fn apart(simulation: bool) -> Result<Self, NoRandomness> {
        Ok(Self {
            desks: Desks::new()?,
            identities: Identities::new(random::secret()?),
            post: Post::mailbox(),
            providers: Providers::default(),
            work: Thresholds::NONE,
            simulation,
        })
    }
}

/// A running installation: what every request needs.
pub struct App {
    /// The database.
    pub storage: Arc<dyn Storage>,
    /// The processes.
    pub catalogue: Arc<Catalogue>,
    /// The live figures.
    pub live: Arc<Live>,
    /// The time.
    pub clock: Arc<Remembering>,
    /// Opens answering desks.
    pub desks: Desks,
    /// Makes hashes of identities.
    pub identities: Identities,
    /// Sends mail.
    pub post: Post,
    /// Who vouches for people.
    pub providers: Providers,
    /// What is counted for the operator.
    pub metrics: Metrics,
    /// Asks for work.
    pub work: Asking,
    /// Whether simulated participants are accepted.
    pub simulation: bool,
}

impl App {
    /// Reads processes and counts from the database.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn start(
        storage: Arc<dyn Storage>,
        clock: Arc<dyn Clock>,
        setup: Setup,
    ) -> Result<Arc<Self>, StorageError> {
        let Setup { desks, identities, post, providers, work, simulation } = setup;
        // Whoever tells the time tells it through this one, so that it knows what anybody was told.
        let clock = Arc::new(Remembering::new(clock));
        let told = || Arc::clone(&clock) as Arc<dyn Clock>;
        let work = Asking::new(work, identities.secret_for("work"), Arc::clone(&storage), told());
        let catalogue = Arc::new(storage.load_catalogue().await?);
        let board = storage.load_board().await?;
        let live = Arc::new(Live::new(Arc::clone(&catalogue), board, told()));
        storage.follow(Arc::clone(&live) as Arc<dyn storage::Sink>);
        Ok(Arc::new(Self {
            storage,
            catalogue,
            live,
            clock,
            desks,
            identities,
            post,
            providers,
            metrics: Metrics::default(),
            work,
            simulation,
        }))
    }

    /// Makes the identities of processes that are over meaningless for ever; says of how many.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn forget_identities(&self) -> Result<usize, StorageError> {
        let now = self.clock.now();
        let over = self.catalogue.processes().iter().filter(|entry| domain::identity::is_over(entry, now));
        self.storage.forget_salts(over.map(|entry| entry.process.id.clone()).collect()).await
    }

    /// Publishes what may be published by now of where people live. Kept before it is shown.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn publish_territories(&self) -> Result<(), StorageError> {
        for (process, before, snapshot) in self.live.due() {
            // Where another server was faster, this one goes on from what that one published.
            self.storage.publish_snapshot(&process, before, snapshot).await?;
        }
        Ok(())
    }
}

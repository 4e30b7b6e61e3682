//! The assembled node: the store, the service on top of it, and the API.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::response::Response;
use hyper::Request;
use tokio::net::TcpListener;
use zstack_server::{Api, ListenAddresses};

use crate::clock::{Clock, DATES, SystemClock};
use crate::control::Control;
use crate::cors::Cors;
use crate::frontend::NodeFrontend;
use crate::hosts::{HostCheck, Hosts};
use crate::inventory::{self, Limits, SAMPLE};
use crate::openapi::OpenApi;
use crate::probes::Probes;
use crate::serve::{self, Frontend as _};
use crate::spec::Spec;
use crate::store::Store as _;
use crate::store::sqlite::{self, SqliteStore};
use crate::worlds::{Common, World, Worlds};

pub use crate::settings::{Settings, StartError};

/// The maximum time for closing the store when the node stops. Its changes are
/// durable even if it is not closed.
const CLOSE_LIMIT: Duration = Duration::from_millis(900);

/// The interval at which expired sessions are deleted.
const SESSION_CLEANUP_INTERVAL: Duration = Duration::from_secs(3600);

/// A node, ready to serve.
///
/// ```
/// use tokio::net::TcpListener;
/// use zstack_node::app::{App, Settings};
///
/// # tokio::runtime::Runtime::new()?.block_on(async {
/// let mut settings = Settings::default();
/// settings.sample = true;
/// let app = App::open(settings).await?;
/// let listener = TcpListener::bind("127.0.0.1:0").await?;
/// println!("listening on http://{}", listener.local_addr()?);
/// // Serves until the future is ready: here, not at all.
/// app.serve(listener, std::future::ready(())).await;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct App {
    frontend: NodeFrontend,
}

impl App {
    /// Opens the store, loads the sample if requested, builds the API, and
    /// resumes the jobs of the last run.
    ///
    /// # Errors
    ///
    /// When one of these steps fails.
    pub async fn open(settings: Settings) -> Result<Self, StartError> {
        Self::open_at(settings, Arc::new(SystemClock)).await
    }

    /// Opens a node as [`open`](Self::open) does, with another clock.
    ///
    /// # Errors
    ///
    /// As [`open`](Self::open).
    pub async fn open_at(settings: Settings, clock: Arc<dyn Clock>) -> Result<Self, StartError> {
        check_clock(clock.as_ref())?;
        let store = match &settings.database {
            Some(path) => {
                let options = sqlite::Options::default().accept_missing_log(settings.accept_missing_log);
                SqliteStore::open_with(path, &options)?
            }
            None => {
                tracing::info!("all data is discarded on exit; use --database FILE to keep it");
                SqliteStore::temporary()?
            }
        };
        Self::over(store, settings, clock).await
    }

    /// Opens a node as [`open`](Self::open) does, on a store that is already
    /// open.
    ///
    /// # Errors
    ///
    /// As [`open`](Self::open).
    pub async fn over(
        store: SqliteStore,
        settings: Settings,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, StartError> {
        check_clock(clock.as_ref())?;
        let spec = settings.spec.map_or_else(Spec::load_built_in, Ok)?;
        if settings.sample {
            if store.is_empty().await? {
                let (limits, clock) = (Limits::NONE, clock.as_ref());
                let loaded =
                    inventory::load_kinds(spec.kinds(), limits, "sample.yaml", SAMPLE, &store, clock).await;
                let count = loaded?;
                tracing::info!(count, "loaded the sample inventory");
            } else {
                tracing::info!("the database is not empty, so the sample inventory was not loaded");
            }
        }
        let listen = ListenAddresses::default();
        settings.listen.iter().for_each(|address| listen.add(*address));
        let hosts = Arc::new(Hosts::new(settings.allowed_hosts.clone()));
        let cors = Cors::new(settings.allowed_origins.clone());
        let pages = settings.pages.then(|| spec.pages());
        let common = Common { settings, spec, clock, listen };
        let default = World::open(store, &common, "", None).await?;
        let openapi = OpenApi { version: default.api.version(), documents: spec.documents() };
        let worlds = Arc::new(Worlds::new(default, common));
        let control = Arc::new(Control::new(Arc::clone(&hosts), Arc::clone(&worlds)));
        let frontend = NodeFrontend {
            hosts,
            host_check: HostCheck::Off,
            cors,
            probes: Arc::new(Probes::of(Arc::clone(&worlds.default.store))),
            worlds,
            control,
            openapi,
            pages,
        };
        Ok(Self { frontend })
    }

    /// The API, for requests that do not arrive through a socket.
    #[must_use]
    pub fn api(&self) -> &Api {
        &self.default().api
    }

    /// The handlers of all paths, for requests of this process.
    pub(crate) fn frontend(&self) -> &NodeFrontend {
        &self.frontend
    }

    /// Responds to one request, to the API or to any other path of the node.
    pub async fn answer(&self, request: Request<Body>) -> Response {
        self.frontend.answer(request).await
    }

    /// The store.
    #[must_use]
    pub fn store(&self) -> &Arc<SqliteStore> {
        &self.default().store
    }

    /// Runs the long jobs that wait and the scheduler jobs that are due, and waits for their ends.
    /// [`serve`](Self::serve) does this all the time.
    ///
    /// # Errors
    ///
    /// When the store fails.
    pub async fn run_due_work(&self) -> Result<(), StartError> {
        Ok(self.default().run_due_work().await?)
    }

    fn default(&self) -> &World {
        &self.frontend.worlds.default
    }

    /// Serves until `stop` is ready, then finishes open requests and closes the
    /// store, within ten seconds.
    pub async fn serve(mut self, listener: TcpListener, stop: impl Future<Output = ()>) {
        match listener.local_addr() {
            Ok(address) => {
                self.frontend.worlds.common.listen.add(address);
                self.frontend.host_check = self.frontend.hosts.check_for(address.ip());
            }
            Err(error) => {
                tracing::warn!(%error, "the address of the listener is unknown, so the host of every request is checked");
                self.frontend.host_check = HostCheck::Known;
            }
        }
        let node = Arc::clone(&self.default().node);
        let cleaner = tokio::spawn(async move {
            let mut interval = tokio::time::interval(SESSION_CLEANUP_INTERVAL);
            loop {
                interval.tick().await;
                if let Err(error) = node.clean_up_sessions().await {
                    tracing::warn!(%error, "cannot delete expired sessions");
                }
            }
        });
        self.default().run_background();
        let connections = self.frontend.worlds.common.settings.connections.clone();
        let probes = Arc::clone(&self.frontend.probes);
        let stop = async {
            stop.await;
            probes.set_stopping();
        };
        serve::serve(listener, &self.frontend, &connections, stop).await;
        cleaner.abort();
        self.default().stop();
        let close = async { tokio::join!(self.default().store.close(), self.frontend.worlds.close()) };
        match tokio::time::timeout(CLOSE_LIMIT, close).await {
            Ok(((), ())) => tracing::info!("stopped"),
            Err(_) => tracing::warn!("stopped before the database was closed; the next start recovers it"),
        }
    }
}

fn check_clock(clock: &dyn Clock) -> Result<(), StartError> {
    let now = clock.now();
    if DATES.contains(&now) { Ok(()) } else { Err(StartError::Clock(now)) }
}

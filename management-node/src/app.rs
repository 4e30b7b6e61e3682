//! The assembled node: the store, the service on top of it, and the API.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::response::Response;
use hyper::Request;
use jiff::tz::TimeZone;
use tokio::net::TcpListener;
use zstack_server::{Api, BuildError, JobStore, JobStoreError, ListenAddresses, Options};

use crate::clock::{Clock, DATES, SystemClock, VirtualClock};
use crate::control::{Control, ControlAccess, Faults};
use crate::cors::{AllowedOrigin, Cors};
use crate::dashboard::Dashboard;
use crate::frontend::NodeFrontend;
use crate::hosts::{AllowedHost, HostCheck, Hosts};
use crate::inventory::{self, Limits, LoadError, SAMPLE};
use crate::model::Moment;
use crate::openapi::OpenApi;
use crate::pace::Pace;
use crate::probes::Probes;
use crate::serve::{self, ConnectionLimits, Frontend as _};
use crate::service::{self, LoginLimits, Node};
use crate::spec::{Spec, SpecError};
use crate::store::sqlite::{self, OpenError, SqliteStore};
use crate::store::{Store as _, StoreError};

/// The maximum time for closing the store when the node stops. Its changes are
/// durable even if it is not closed.
const CLOSE_LIMIT: Duration = Duration::from_millis(900);

/// The interval at which expired sessions are deleted.
const SESSION_CLEANUP_INTERVAL: Duration = Duration::from_secs(3600);

/// Settings of a node.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Settings {
    /// The database file; `None` for a temporary one.
    pub database: Option<PathBuf>,
    /// Opens a database that the last run did not close although its log is
    /// missing; the last changes of that run may be lost.
    pub accept_missing_log: bool,
    /// Loads the built-in sample into an empty store.
    pub sample: bool,
    /// The time zone of timestamps in responses.
    pub zone: TimeZone,
    /// The options of the API. Jobs are always kept in the store of the node.
    pub options: Options,
    /// The limits on connections and on the time that peers may take.
    pub connections: ConnectionLimits,
    /// The delay of logins after wrong passwords.
    pub login: LoginLimits,
    /// The callers that may use [`control`](crate::control).
    pub control: ControlAccess,
    /// Hosts that requests may name in addition to `localhost` and IP addresses.
    /// A node that listens on loopback, or that has an allowed host, refuses all
    /// others. Default: none.
    pub allowed_hosts: Vec<AllowedHost>,
    /// The origins whose pages may call the node from a browser, except for
    /// [`control`](crate::control). Default: none.
    pub allowed_origins: Vec<AllowedOrigin>,
    /// The addresses on which the node is going to listen, to which it sends no
    /// webhooks. [`App::serve`] adds that of its listener, but pending webhooks
    /// of the last run may be sent earlier. Default: none.
    pub listen: Vec<SocketAddr>,
    /// Serves the dashboard at `/` and the reference at `/docs/`.
    pub pages: bool,
    /// The spec; `None` for the built-in one.
    pub spec: Option<&'static Spec>,
    /// The time that operations take. Default: none.
    pub pace: Pace,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            database: None,
            accept_missing_log: false,
            sample: false,
            zone: TimeZone::UTC,
            options: Options::default(),
            connections: ConnectionLimits::default(),
            login: LoginLimits::default(),
            control: ControlAccess::default(),
            allowed_hosts: Vec::new(),
            allowed_origins: Vec::new(),
            listen: Vec::new(),
            pages: true,
            spec: None,
            pace: Pace::NONE,
        }
    }
}

/// An error that keeps a node from starting.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// The store cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The store cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The sample cannot be loaded.
    #[error(transparent)]
    Sample(#[from] LoadError),
    /// The clock of the machine shows a time that HTTP cannot express.
    #[error(
        "the clock of this machine shows {0}; the node needs a time between 1970 and 9999; set the clock and start \
         again"
    )]
    Clock(Moment),
    /// The jobs of the last run cannot be resumed.
    #[error("the jobs of the last run cannot be resumed: {0}")]
    Jobs(JobStoreError),
    /// The built-in spec is invalid.
    #[error(transparent)]
    Spec(#[from] SpecError),
    /// The options of the API are invalid.
    #[error("{0}")]
    Build(BuildError),
}

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
    store: Arc<SqliteStore>,
    node: Arc<Node<SqliteStore>>,
    spec: &'static Spec,
    listen: ListenAddresses,
    frontend: NodeFrontend,
    connections: ConnectionLimits,
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
        let store = Arc::new(store);
        let clock = Arc::new(VirtualClock::over(clock));
        let faults = Arc::new(Faults::default());
        let node = Node::new(Arc::clone(&store), Arc::clone(&clock) as _, settings.zone);
        let node = node.with_login_limits(settings.login).with_pace(settings.pace, Arc::clone(&clock));
        let node = Arc::new(node);
        let body_timeout = settings.options.body_timeout;
        let listen = ListenAddresses::default();
        settings.listen.iter().for_each(|address| listen.add(*address));
        let hosts = Arc::new(Hosts::new(settings.allowed_hosts));
        let mut options = settings.options.job_store(Arc::clone(&store) as Arc<dyn JobStore>);
        options.webhook_allow = options.webhook_allow.except(&listen);
        let job_clock = Arc::clone(&clock);
        options = options.clock(move || job_clock.now().instant().into());
        let operations = spec.operations();
        node.create_built_in_documents(&operations.plans).await?;
        node.settle_interrupted(&operations.plans).await?;
        let api = Api::builder()
            .mount_all(service::routes(&node, operations))
            .options(options)
            .access_keys(Arc::clone(&node) as _)
            .sessions(Arc::clone(&node) as _)
            .intercept(Arc::clone(&faults) as _);
        let api = api.build().map_err(StartError::Build)?;
        node.set_api(api.downgrade());
        node.end_interrupted_jobs(&operations.plans).await?;
        let openapi = OpenApi { version: api.version(), documents: spec.documents() };
        let interrupted = api.resume().await.map_err(StartError::Jobs)?;
        if interrupted > 0 {
            tracing::warn!(interrupted, "jobs that the last run did not finish are marked as failed");
        }
        let control = Arc::new(Control {
            access: settings.control,
            body_timeout,
            hosts: Arc::clone(&hosts),
            store: Arc::clone(&store),
            node: Arc::clone(&node),
            clock,
            faults,
            spec,
            operations: operations.names(),
            loading: tokio::sync::Mutex::default(),
        });
        let dashboard =
            settings.pages.then(|| Arc::new(Dashboard { node: Arc::clone(&node), api: api.clone() }));
        let pages = spec.pages();
        let frontend = NodeFrontend {
            hosts,
            host_check: HostCheck::Off,
            cors: Cors::new(settings.allowed_origins),
            probes: Arc::new(Probes::of(Arc::clone(&store))),
            api,
            control,
            openapi,
            pages,
            dashboard,
        };
        Ok(Self { store, node, spec, listen, frontend, connections: settings.connections })
    }

    /// The API, for requests that do not arrive through a socket.
    #[must_use]
    pub fn api(&self) -> &Api {
        &self.frontend.api
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
        &self.store
    }

    /// Runs the long jobs that wait and the scheduler jobs that are due, and waits for their ends.
    /// [`serve`](Self::serve) does this all the time.
    ///
    /// # Errors
    ///
    /// When the store fails.
    pub async fn run_due_work(&self) -> Result<(), StartError> {
        Ok(self.node.run_due_work(&self.spec.operations().plans).await?)
    }

    /// Serves until `stop` is ready, then finishes open requests and closes the
    /// store, within ten seconds.
    pub async fn serve(mut self, listener: TcpListener, stop: impl Future<Output = ()>) {
        match listener.local_addr() {
            Ok(address) => {
                self.listen.add(address);
                self.frontend.host_check = self.frontend.hosts.check_for(address.ip());
            }
            Err(error) => {
                tracing::warn!(%error, "the address of the listener is unknown, so the host of every request is checked");
                self.frontend.host_check = HostCheck::Known;
            }
        }
        let node = Arc::clone(&self.node);
        let cleaner = tokio::spawn(async move {
            let mut interval = tokio::time::interval(SESSION_CLEANUP_INTERVAL);
            loop {
                interval.tick().await;
                if let Err(error) = node.clean_up_sessions().await {
                    tracing::warn!(%error, "cannot delete expired sessions");
                }
            }
        });
        let background = tokio::spawn(Arc::clone(&self.node).run_background(&self.spec.operations().plans));
        let probes = Arc::clone(&self.frontend.probes);
        let stop = async {
            stop.await;
            probes.set_stopping();
        };
        serve::serve(listener, &self.frontend, &self.connections, stop).await;
        cleaner.abort();
        background.abort();
        match tokio::time::timeout(CLOSE_LIMIT, self.store.close()).await {
            Ok(()) => tracing::info!("stopped"),
            Err(_) => tracing::warn!("stopped before the database was closed; the next start recovers it"),
        }
    }
}

fn check_clock(clock: &dyn Clock) -> Result<(), StartError> {
    let now = clock.now();
    if DATES.contains(&now) { Ok(()) } else { Err(StartError::Clock(now)) }
}

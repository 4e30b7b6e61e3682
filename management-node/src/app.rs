//! The whole node: a store, the service on it, and the API in front.

use std::net::SocketAddr;
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::response::{IntoResponse as _, Response};
use hyper::{Request, StatusCode};
use jiff::tz::TimeZone;
use tokio::net::TcpListener;
use zstack_server::{Api, BuildError, JobStore, JobStoreError, ListenAddresses, Options, RemoteAddress};

use crate::clock::{Clock, SystemClock};
use crate::control::{Control, ControlAccess, Faults};
use crate::dashboard::Dashboard;
use crate::hosts::{AllowedHost, HostCheck, Hosts};
use crate::inventory::{self, LoadError, SAMPLE};
use crate::model::Moment;
use crate::openapi::OpenApi;
use crate::pages;
use crate::serve::{self, ConnectionLimits, Front};
use crate::service::{LoginLimits, Node};
use crate::store::sqlite::{self, OpenError, SqliteStore};
use crate::store::{Store as _, StoreError};

/// How long the store may take to close when the node stops; its changes are
/// durable without.
const CLOSE_LIMIT: Duration = Duration::from_millis(900);

/// The moments that the `Date` header of HTTP can express: up to the end of
/// the year 9999. The library that writes it panics at others.
const DATES: RangeInclusive<i64> = 0..=253_402_300_799_999;

/// How often sessions that have ended are forgotten.
const CLEAN_UP: Duration = Duration::from_secs(3600);

/// How to run a node.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Settings {
    /// The file of the store; without one, a temporary file.
    pub database: Option<PathBuf>,
    /// Whether to open a file that the last run did not close although its
    /// log is missing; the last changes of that run may be lost.
    pub accept_missing_log: bool,
    /// Whether to fill an empty store with the built-in sample.
    pub sample: bool,
    /// The zone that times are written in.
    pub zone: TimeZone,
    /// How the API serves. Jobs are kept in the store, whatever this says.
    pub options: Options,
    /// How many connections are served at a time, and how long peers may take.
    pub connections: ConnectionLimits,
    /// When logins have to wait after wrong passwords.
    pub login: LoginLimits,
    /// The callers that may use [`control`](crate::control).
    pub control: ControlAccess,
    /// Host names and addresses by which the node is called, in addition to
    /// `localhost` and addresses. Requests for another host are refused, by a
    /// node that listens on loopback or that has some here. Default: none.
    pub allowed_hosts: Vec<AllowedHost>,
    /// The addresses on which the node is going to listen, to which it posts no
    /// webhooks. [`App::serve`] adds that of its listener; only webhooks that
    /// the last run left may be posted before. Default: none.
    pub listen: Vec<SocketAddr>,
    /// Whether to show browsers the dashboard at `/` and the reference at
    /// `/docs/`.
    pub pages: bool,
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
            listen: Vec::new(),
            pages: true,
        }
    }
}

/// Why a node did not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// The store cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The store cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The sample does not fit into the store.
    #[error(transparent)]
    Sample(#[from] LoadError),
    /// The clock cannot be right, and HTTP cannot express what it shows.
    #[error(
        "the clock of this machine shows {0}, and the node needs one between 1970 and 9999; set the clock and start again"
    )]
    Clock(Moment),
    /// The jobs of the last run cannot be taken up.
    #[error("the jobs of the last run cannot be taken up: {0}")]
    Jobs(JobStoreError),
    /// The API cannot be served like this.
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
/// // Until it is told to stop: here, at once.
/// app.serve(listener, std::future::ready(())).await;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct App {
    store: Arc<SqliteStore>,
    node: Arc<Node<SqliteStore>>,
    listen: ListenAddresses,
    front: Behind,
    connections: ConnectionLimits,
}

/// The API, and next to it `/_node`, `/openapi.json` and the pages for browsers.
#[derive(Clone)]
struct Behind {
    hosts: Arc<Hosts>,
    host_check: HostCheck,
    api: Api,
    control: Arc<Control<SqliteStore>>,
    openapi: OpenApi,
    /// None where browsers are shown nothing.
    dashboard: Option<Arc<Dashboard<SqliteStore>>>,
}

impl Front for Behind {
    fn api(&self) -> &Api {
        &self.api
    }

    async fn answer(&self, request: Request<Body>) -> Response {
        if let Err((status, text)) = self.hosts.check(&request, self.host_check) {
            tracing::info!(status = status.as_u16(), text, "a request was refused for its host");
            return (status, text).into_response();
        }
        // Nearly every request is for the API.
        if request.uri().path().starts_with("/zstack/") {
            return self.api.handle(request).await;
        }
        Box::pin(self.answer_other(request)).await
    }
}

impl Behind {
    async fn answer_other(&self, request: Request<Body>) -> Response {
        let path = request.uri().path();
        if Control::<SqliteStore>::is_for(path) {
            let peer = request.extensions().get::<RemoteAddress>().map(|extension| extension.0);
            return self.control.answer(request, peer).await;
        }
        if OpenApi::is_for(path) {
            let (openapi, request) = (self.openapi.clone(), request.into_parts().0);
            return blocking(move || openapi.answer(&request)).await;
        }
        match &self.dashboard {
            Some(dashboard) if Dashboard::<SqliteStore>::is_for(path) => {
                dashboard.answer(&request.into_parts().0).await
            }
            Some(_) if pages::is_for(path) => {
                let request = request.into_parts().0;
                blocking(move || pages::answer(&request)).await
            }
            // What is written in another way than usual, and what is nowhere.
            _ => self.api.handle(request).await,
        }
    }
}

/// Answers on a thread that may block.
async fn blocking(answer: impl FnOnce() -> Response + Send + 'static) -> Response {
    tokio::task::spawn_blocking(answer).await.unwrap_or_else(|error| {
        tracing::error!(%error, "a page or document could not be made");
        (StatusCode::INTERNAL_SERVER_ERROR, "this could not be made; the log says why\n").into_response()
    })
}

impl App {
    /// Opens the store, fills it if asked to, puts the API in front, and takes
    /// up the jobs that the last run left.
    ///
    /// # Errors
    ///
    /// When one of that fails.
    pub async fn open(settings: Settings) -> Result<Self, StartError> {
        Self::open_at(settings, Arc::new(SystemClock)).await
    }

    /// The same, with another clock.
    ///
    /// # Errors
    ///
    /// When one of that fails.
    pub async fn open_at(settings: Settings, clock: Arc<dyn Clock>) -> Result<Self, StartError> {
        check_clock(clock.as_ref())?;
        let store = match &settings.database {
            Some(path) => {
                let options = sqlite::Options::default().accept_missing_log(settings.accept_missing_log);
                SqliteStore::open_with(path, &options)?
            }
            None => {
                tracing::info!("the store is temporary: it is gone when the node stops; see --database");
                SqliteStore::temporary()?
            }
        };
        Self::over(store, settings, clock).await
    }

    /// The same, on a store that is open already.
    ///
    /// # Errors
    ///
    /// When the store cannot be filled, or the API cannot be served so.
    pub async fn over(
        store: SqliteStore,
        settings: Settings,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, StartError> {
        check_clock(clock.as_ref())?;
        if settings.sample {
            if store.is_empty().await? {
                let count = inventory::load("sample.yaml", SAMPLE, &store, clock.as_ref()).await?;
                tracing::info!(count, "the sample was loaded");
            } else {
                tracing::info!("the store is not empty: it keeps what it has, and the sample was not loaded");
            }
        }
        let store = Arc::new(store);
        let faults = Arc::new(Faults::default());
        let node = Node::new(Arc::clone(&store), Arc::clone(&clock), settings.zone);
        let node = Arc::new(node.with_login_limits(settings.login));
        let openapi = OpenApi { version: settings.options.version };
        let body_timeout = settings.options.body_timeout;
        let listen = ListenAddresses::default();
        settings.listen.iter().for_each(|address| listen.add(*address));
        let hosts = Arc::new(Hosts::new(settings.allowed_hosts));
        let mut options = settings.options.job_store(Arc::clone(&store) as Arc<dyn JobStore>);
        options.webhook_allow = options.webhook_allow.except(&listen);
        let api = Api::builder()
            .mount_all(zstack_server::routes(&node))
            .options(options)
            .access_keys(Arc::clone(&node) as _)
            .sessions(Arc::clone(&node) as _)
            .intercept(Arc::clone(&faults) as _);
        let api = api.build().map_err(StartError::Build)?;
        let cut = api.resume().await.map_err(StartError::Jobs)?;
        if cut > 0 {
            tracing::warn!(cut, "jobs that the last run left under way have failed");
        }
        let control = Arc::new(Control {
            access: settings.control,
            body_timeout,
            hosts: Arc::clone(&hosts),
            store: Arc::clone(&store),
            node: Arc::clone(&node),
            clock,
            faults,
            operations: zstack_types::OPERATIONS
                .iter()
                .flat_map(|operation| operation.iter())
                .map(|operation| operation.name)
                .collect(),
            loading: tokio::sync::Mutex::default(),
        });
        let dashboard =
            settings.pages.then(|| Arc::new(Dashboard { node: Arc::clone(&node), api: api.clone() }));
        let front = Behind { hosts, host_check: HostCheck::Off, api, control, openapi, dashboard };
        Ok(Self { store, node, listen, front, connections: settings.connections })
    }

    /// The API, for requests that come from elsewhere than a socket.
    #[must_use]
    pub fn api(&self) -> &Api {
        &self.front.api
    }

    /// Answers one request: to the API, or to what is beside it.
    pub async fn answer(&self, request: Request<Body>) -> Response {
        self.front.answer(request).await
    }

    /// The store.
    #[must_use]
    pub fn store(&self) -> &Arc<SqliteStore> {
        &self.store
    }

    /// Serves until `stop` is ready, then closes the store. Ends ten seconds
    /// later at the latest, whatever is under way.
    pub async fn serve(mut self, listener: TcpListener, stop: impl Future<Output = ()>) {
        match listener.local_addr() {
            Ok(address) => {
                self.listen.add(address);
                self.front.host_check = self.front.hosts.check_for(address.ip());
            }
            Err(error) => {
                tracing::warn!(%error, "the address of the listener is unknown: all hosts are checked");
                self.front.host_check = HostCheck::Known;
            }
        }
        let node = Arc::clone(&self.node);
        let cleaner = tokio::spawn(async move {
            let mut every = tokio::time::interval(CLEAN_UP);
            loop {
                every.tick().await;
                if let Err(error) = node.clean_up_sessions().await {
                    tracing::warn!(%error, "sessions that have ended could not be forgotten");
                }
            }
        });
        serve::serve(listener, &self.front, &self.connections, stop).await;
        cleaner.abort();
        match tokio::time::timeout(CLOSE_LIMIT, self.store.close()).await {
            Ok(()) => tracing::info!("stopped"),
            Err(_) => tracing::warn!("stopped before the store was closed; the next start recovers it"),
        }
    }
}

fn check_clock(clock: &dyn Clock) -> Result<(), StartError> {
    let now = clock.now();
    if DATES.contains(&now.millis()) { Ok(()) } else { Err(StartError::Clock(now)) }
}

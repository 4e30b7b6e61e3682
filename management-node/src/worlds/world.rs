//! One cloud of a node: a store with everything that works on it.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use axum::body::Body;
use axum::response::Response;
use hyper::Request;
use tokio::task::AbortHandle;
use zstack_runtime::server::RequestContext;
use zstack_server::{Api, HttpWebhooks, JobStore, ListenAddresses, WebhookTransport};

use crate::clock::{Clock, VirtualClock};
use crate::dashboard::Dashboard;
use crate::exchange::{Cut, Exchange};
use crate::faults::{Faults, FaultyWebhooks, Hooks};
use crate::journal::Journal;
use crate::serve::{CutConnection, cut_body};
use crate::service::{self, Node, Outage};
use crate::settings::{Settings, StartError};
use crate::spec::Spec;
use crate::store::StoreError;
use crate::store::sqlite::SqliteStore;

/// The data that all worlds of a node share.
pub(crate) struct Common {
    pub(crate) settings: Settings,
    pub(crate) spec: &'static Spec,
    /// The clock of the machine, by which all virtual clocks run.
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) listen: ListenAddresses,
}

/// A cloud.
pub(crate) struct World {
    pub(crate) store: Arc<SqliteStore>,
    pub(crate) node: Arc<Node<SqliteStore>>,
    pub(crate) api: Api,
    pub(crate) clock: Arc<VirtualClock>,
    pub(crate) faults: Arc<Faults>,
    pub(crate) journal: Arc<Journal>,
    pub(crate) dashboard: Arc<Dashboard<SqliteStore>>,
    /// Locked while an inventory is received and loaded, so one at a time.
    pub(crate) loading: tokio::sync::Mutex<()>,
    spec: &'static Spec,
    background: Mutex<Option<AbortHandle>>,
}

impl World {
    /// Assembles a world on a store, and resumes the jobs that the store has. `prefix` is the path below
    /// which clients reach it; `other` is another world of the same node.
    pub(crate) async fn open(
        store: SqliteStore,
        common: &Common,
        prefix: &str,
        other: Option<&Self>,
    ) -> Result<Self, StartError> {
        let Common { settings, spec, clock, listen } = common;
        let store = Arc::new(store);
        let clock = Arc::new(VirtualClock::over(Arc::clone(clock)));
        let faults = Arc::new(Faults::default());
        let node = Node::new(Arc::clone(&store), Arc::clone(&clock) as _, settings.zone.clone());
        let node = node.with_login_limits(settings.login).with_pace(settings.pace, Arc::clone(&clock));
        let node = Arc::new(node);
        let mut options = settings.options.clone().job_store(Arc::clone(&store) as Arc<dyn JobStore>);
        options.webhook_allow = options.webhook_allow.except(listen);
        let transport: Arc<dyn WebhookTransport> = match options.webhook_transport.take() {
            Some(transport) => transport,
            None => Arc::new(HttpWebhooks::new(options.webhook_allow.clone())),
        };
        options = options.webhook_transport(FaultyWebhooks { transport, faults: Arc::clone(&faults) });
        options.location_prefix = prefix.to_owned();
        options.unlisted_messages = true;
        let job_clock = Arc::clone(&clock);
        options = options.clock(move || job_clock.now().instant().into());
        let operations = spec.operations();
        node.create_built_in_documents(&operations.plans).await?;
        let hooks = Hooks { faults: Arc::clone(&faults), node: Arc::clone(&node), store: Arc::clone(&store) };
        let mut api = Api::builder()
            .mount_all(service::routes(&node, operations))
            .options(options)
            .access_keys(Arc::clone(&node) as _)
            .sessions(Arc::clone(&node) as _)
            .intercept(Arc::new(hooks));
        if let Some(other) = other {
            api = api.share_table(&other.api);
        }
        let api = api.build().map_err(StartError::Build)?;
        node.set_api(api.downgrade());
        let dashboard = Arc::new(Dashboard { node: Arc::clone(&node), api: api.clone() });
        let journal = Arc::new(Journal::new(settings.journal));
        let loading = tokio::sync::Mutex::default();
        let background = Mutex::default();
        let world = Self { store, node, api, clock, faults, journal, dashboard, loading, spec, background };
        world.resume().await?;
        Ok(world)
    }

    /// Ends what the store shows as running, but no longer runs.
    pub(crate) async fn resume(&self) -> Result<(), StartError> {
        let plans = &self.spec.operations().plans;
        self.node.settle_interrupted(plans).await?;
        self.node.end_interrupted_jobs(plans).await?;
        let interrupted = self.api.resume().await.map_err(StartError::Jobs)?;
        if interrupted > 0 {
            tracing::warn!(interrupted, "jobs that the last run did not finish are marked as failed");
        }
        Ok(())
    }

    /// Does all work that is due now.
    pub(crate) async fn run_due_work(&self) -> Result<(), StoreError> {
        self.node.run_due_work(&self.spec.operations().plans).await
    }

    /// Connects a resource again that a fault disconnected.
    pub(crate) async fn reconnect(&self, outage: &Outage) {
        self.node.reconnect(&self.spec.operations().plans, outage).await;
    }

    /// Does work in the background until the world is dropped or [`stop`](Self::stop) is called.
    pub(crate) fn run_background(&self) {
        let work = Arc::clone(&self.node).run_background(&self.spec.operations().plans);
        let task = tokio::spawn(work).abort_handle();
        let mut background = self.background.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(earlier) = background.replace(task) {
            earlier.abort();
        }
    }

    /// Ends the work in the background.
    pub(crate) fn stop(&self) {
        if let Some(task) = self.background.lock().unwrap_or_else(PoisonError::into_inner).take() {
            task.abort();
        }
    }

    /// Responds to a request to the API, and records it.
    pub(crate) async fn answer(&self, request: Request<Body>) -> Response {
        let (mut parts, body) = request.into_parts();
        let exchange = Arc::new(Exchange::default());
        let context: RequestContext = exchange.context();
        parts.extensions.insert(context);
        let (begun, start) = (self.clock.now(), Instant::now());
        let response = self.api.respond(&parts, body).await;
        let cut = exchange.effects().and_then(|effects| effects.cut);
        let response = self.journal.record((begun, start.elapsed()), &parts, exchange, response);
        match cut {
            None => response,
            Some(Cut::BeforeAnswer) => {
                let mut response = response;
                response.extensions_mut().insert(CutConnection);
                response
            }
            Some(Cut::MidAnswer) => response.map(cut_body),
        }
    }
}

impl Drop for World {
    fn drop(&mut self) {
        self.stop();
    }
}

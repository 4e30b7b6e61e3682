use std::sync::Arc;

use super::answer::Answer;
use super::authenticate::{AccessKeys, Credentials, Sessions};
use super::build_error::BuildError;
use super::call::UnimplementedCalls;
use super::emulated::emulated_release;
use super::in_flight::InFlight;
use super::intercept::{Admission, Arrival, Intercept};
use super::jobs::{Jobs, MemoryJobs};
use super::options::Options;
use super::outcome::Outcome;
use super::rejection::Rejection;
use super::respond::Reply;
use super::route::Table;
use super::routes::Routes;
use super::webhook::Webhooks;
use crate::ErrorCode;

/// The state that all clones of an [`Api`](super::Api) share.
pub(crate) struct Shared {
    pub(crate) options: Options,
    pub(crate) jobs: Arc<Jobs>,
    pub(crate) in_flight: InFlight,
    pub(crate) webhooks: Arc<Webhooks>,
    pub(crate) table: Arc<Table>,
    pub(crate) services: Vec<Routes>,
    pub(crate) unimplemented: Arc<UnimplementedCalls>,
    pub(crate) extensions: Extensions,
}

/// The hooks of a server.
#[derive(Default)]
pub(crate) struct Extensions {
    pub(crate) access_keys: Option<Arc<dyn AccessKeys>>,
    pub(crate) intercept: Option<Arc<dyn Intercept>>,
    pub(crate) sessions: Option<Arc<dyn Sessions>>,
}

impl Shared {
    pub(crate) fn new(
        services: Vec<Routes>,
        mut options: Options,
        extensions: Extensions,
        table: Option<Arc<Table>>,
    ) -> Result<Self, BuildError> {
        options.version = emulated_release(&services, options.version);
        let job_path = &options.job_path;
        if job_path.len() < 2 || !job_path.starts_with('/') || !job_path.ends_with('/') {
            let problem =
                format!("`{job_path}` must begin and end with a slash and have a segment between them");
            return Err(BuildError::Option { name: "job_path", problem });
        }
        let table = match table {
            Some(table) => table,
            None => Arc::new(Table::new(&services, options.version)?),
        };
        let store = options.job_store.clone().unwrap_or_else(|| Arc::new(MemoryJobs::new()));
        let jobs = Arc::new(Jobs::new(store, options.job_expiry, options.max_jobs, options.clock.clone()));
        let (allow, transport) = (options.webhook_allow.clone(), options.webhook_transport.clone());
        Ok(Self {
            webhooks: Arc::new(Webhooks::new(Arc::clone(&jobs), allow, transport, options.in_flight)),
            jobs,
            in_flight: InFlight::default(),
            unimplemented: Arc::default(),
            extensions,
            table,
            services,
            options,
        })
    }

    /// Lets the hook admit a call.
    pub(crate) async fn admit(&self, arrival: Arrival<'_>) -> Result<Admission, Rejection> {
        match self.extensions.intercept.as_ref().and_then(|hook| hook.arrive(arrival)) {
            Some(decision) => decision.await.map_err(Rejection::of_hook),
            None => Ok(Admission::default()),
        }
    }

    /// Creates the reply for an error.
    pub(crate) fn fail(&self, error: &ErrorCode) -> Reply {
        Reply::answer(Answer::error(error, self.options.version), false)
    }

    /// Returns whether the caller has a valid session or needs none. A caller with an access key
    /// has been authenticated already.
    pub(crate) async fn has_valid_session(&self, credentials: &Credentials) -> Outcome<bool> {
        match (&self.extensions.sessions, credentials) {
            (Some(sessions), Credentials::Session(uuid)) => sessions.is_valid(uuid).await,
            _ => Ok(true),
        }
    }
}

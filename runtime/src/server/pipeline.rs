//! The stages of a request, in the platform's order: it decides which of
//! several mistakes a caller hears of.

use std::sync::{Arc, OnceLock};

use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use http::request::Parts;
use http::{Method, StatusCode};
use percent_encoding::percent_decode_str;
use tracing::Span;

use super::answer::{self, Answer};
use super::authenticate::access_key::Signed;
use super::builder::Extensions;
use super::call::{Call, Credentials};
use super::headers::{self, Claim, JobHeaders};
use super::in_flight::InFlight;
use super::jobs::{Job, JobStoreError, Jobs, RunningJob};
use super::options::Options;
use super::origin;
use super::parameters::Input;
use super::receive;
use super::rejection::Rejection;
use super::route::{self, Endpoint, Route, Table};
use super::routes::{Incoming, Outcome, Routes};
use super::run::{self, Accepted};
use super::unimplemented::Unimplemented;
use super::webhook::WebhookTransport;
use crate::{Auth, Execution, Tags};

/// Where the older channel is.
const CHANNEL: &str = "/zstack/api";

/// What the clones of an [`Api`](super::Api) share.
pub(crate) struct Inner {
    pub(crate) options: Options,
    pub(crate) jobs: Arc<Jobs>,
    pub(crate) in_flight: InFlight,
    pub(crate) deliveries: InFlight,
    pub(crate) webhooks: Arc<dyn WebhookTransport>,
    pub(crate) table: Table,
    pub(crate) services: Vec<Routes>,
    pub(crate) unimplemented: Arc<Unimplemented>,
    pub(crate) extensions: Extensions,
}

impl Inner {
    /// Waits for what has to be waited for; everything else is in functions
    /// that do not wait. What such a function holds is no part of the future,
    /// which is allocated anew for each request.
    pub(crate) async fn answer(
        self: &Arc<Self>,
        request: &Parts,
        body: &mut Body,
        request_id: &str,
    ) -> Result<Response, Rejection> {
        if matches!(request.method, Method::POST | Method::PUT) {
            origin::check_form(request)?;
        }
        let path = route::normal(request.uri.path());
        if let Some(uuid) = path.strip_prefix(self.options.job_path.as_str()) {
            record("path", || self.options.job_path.as_str());
            return Box::pin(self.poll(request, uuid)).await;
        }
        if let Some(rest) = self.table.has_messages().then(|| path.strip_prefix(CHANNEL)).flatten() {
            record("path", || CHANNEL);
            return Box::pin(self.message(request, rest, body, request_id)).await;
        }
        let (endpoint, values) = self.table.find(&path)?;
        record("path", || endpoint.template());
        let body = if matches!(request.method, Method::POST | Method::PUT) {
            // On the heap, since most requests have none.
            let receive =
                Box::pin(receive::receive(body, self.options.body_limit, self.options.body_timeout));
            Some(receive.await?)
        } else {
            // Others have no parameters in a body.
            None
        };
        let (route, mut input) = choose(request, endpoint, body)?;
        let credentials = match self.identify(route.operation.auth, request).await? {
            Ok(credentials) => credentials,
            Err(error) => return Ok(Answer::error(&error, self.options.version).respond(false)),
        };
        input.variables = self.table.variables(route, &values)?;
        let job = JobHeaders::read(&request.headers);
        let accepted = self.accept(request, route, input, credentials, request_id, job)?;
        run::execute(self, accepted).await
    }

    /// Reads the credentials of a caller, and checks the signature of an access
    /// key. The inner error is one of the server's own.
    pub(crate) async fn identify(
        &self,
        auth: Auth,
        request: &Parts,
    ) -> Result<Outcome<Credentials>, Rejection> {
        match headers::claim(auth, &request.headers)? {
            Claim::Credentials(credentials) => Ok(Ok(credentials)),
            // On the heap, since most callers have a session.
            Claim::Signed(signed) => Box::pin(self.verify(signed, request)).await,
        }
    }

    /// Whether the caller has a session that is valid now, or needs none. One
    /// that signs its requests has been identified already.
    pub(crate) async fn is_known(&self, credentials: &Credentials) -> Outcome<bool> {
        match (&self.extensions.sessions, credentials) {
            (Some(sessions), Credentials::Session(uuid)) => sessions.is_valid(uuid).await,
            _ => Ok(true),
        }
    }

    /// Whether whoever says to have an access key has it. The inner error is
    /// one of the server's own.
    async fn verify(&self, signed: Signed, request: &Parts) -> Result<Outcome<Credentials>, Rejection> {
        let Some(keys) = &self.extensions.access_keys else {
            return Err(Rejection::bad_request(
                "access keys are not supported here: send `Authorization: OAuth <session uuid>`",
            ));
        };
        signed.check_date(&keys.now(), keys.zone_option())?;
        let secret = match keys.secret(&signed.id).await {
            Ok(secret) => secret,
            Err(error) => return Ok(Err(error)),
        };
        signed.check(secret.as_deref(), &request.method, request.uri.path())?;
        Ok(Ok(Credentials::AccessKey(signed.id)))
    }

    /// Which parameters, which job.
    pub(crate) fn accept<'a>(
        &self,
        request: &'a Parts,
        route: &Route,
        input: Input,
        credentials: Credentials,
        request_id: &str,
        job_headers: Result<JobHeaders, Rejection>,
    ) -> Result<Accepted<'a>, Rejection> {
        let operation = route.operation;
        let mut call = Call {
            operation,
            credentials,
            job_uuid: OnceLock::new(),
            request_id: request_id.to_owned(),
            remote_address: headers::remote_address(request, self.options.trust_forwarded),
            tags: Tags::default(),
            version: self.options.version,
            unimplemented: Some(Arc::clone(&self.unimplemented)),
            running: None,
        };
        if let Some(given) = job_headers.as_ref().ok().and_then(|it| it.uuid.clone()) {
            call.job_uuid = given.into();
        }
        // The platform has it in the answer of every query.
        let with_schema = operation.is_query() || headers::wants_schema(&request.headers);
        if let (Execution::Async, Ok(headers)) = (operation.execution, &job_headers) {
            call.running = Some(self.running(&call, headers, with_schema));
        }
        let running = call.running.clone();
        // Whoever polls a job says then whether it wants the schema.
        let keep_schema = with_schema || operation.execution == Execution::Async;
        let serve = &self.services[route.service as usize].serve;
        let intercept = self.extensions.intercept.clone();
        let newer = self.options.newer_parameters;
        let incoming = Incoming { call, input, with_schema: keep_schema, newer, intercept };
        let work = serve(route.index as usize, incoming)?;
        // Parameters that cannot be read are told before headers that cannot.
        let headers = job_headers?;
        Ok(Accepted { operation, work, running, headers, with_schema, request })
    }

    fn running(&self, call: &Call, headers: &JobHeaders, with_schema: bool) -> Arc<RunningJob> {
        let job = Job {
            uuid: call.job_uuid().to_owned(),
            operation: call.operation.name.into(),
            submitted: self.jobs.now(),
            timeout: headers.timeout.unwrap_or(self.options.api_timeout),
            webhook: headers.webhook.clone(),
            with_schema,
            credentials: call.credentials().clone(),
        };
        Arc::new(RunningJob::new(Arc::clone(&self.jobs), job))
    }

    /// A job. No session is needed: its UUID is the secret.
    async fn poll(&self, request: &Parts, uuid: &str) -> Result<Response, Rejection> {
        if request.method != Method::GET {
            return Err(Rejection::method_not_allowed(&request.method, "GET"));
        }
        let uuid = percent_decode_str(uuid).decode_utf8_lossy();
        let found = self.jobs.find(&uuid).await.map_err(|error| unreadable(&uuid, error))?;
        let job = found.ok_or_else(|| Rejection::no_such_job(&uuid))?;
        Ok(match job.result {
            None => answer::json(StatusCode::ACCEPTED, "{}"),
            Some(result) => result.answer.respond(headers::wants_schema(&request.headers)),
        })
    }
}

/// Which operation, and what the request holds for it.
fn choose<'t>(
    request: &Parts,
    endpoint: Endpoint<'t>,
    body: Option<Bytes>,
) -> Result<(&'t Route, Input), Rejection> {
    let verb = endpoint.verb(&request.method);
    let (route, mut input) = match body {
        Some(body) => receive::select(&body, verb)?,
        None => (verb?.select(std::iter::empty())?, Input::default()),
    };
    record("operation", || route.operation.name);
    input.uri = request.uri.clone();
    Ok((route, input))
}

/// Adds to the span of the request what is read for it only: without a
/// subscriber it is no part of what a call costs.
pub(crate) fn record<'v>(field: &'static str, value: impl FnOnce() -> &'v str) {
    let span = Span::current();
    if !span.is_disabled() {
        span.record(field, value());
    }
}

/// The answer to whoever asks for a job while the store fails.
pub(crate) fn unreadable(job: &str, error: JobStoreError) -> Rejection {
    tracing::error!(job, error, "a job could not be looked up");
    Rejection::jobs_unreadable()
}

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

use super::call::Call;
use super::execution::{self, Accepted};
use super::headers::{self, JobHeaders};
use super::in_flight::InFlight;
use super::jobs::{Jobs, Poll};
use super::options::Options;
use super::parameters::Input;
use super::rejection::Rejection;
use super::routes::{Incoming, Routes};
use super::routing::{self, Endpoint, Route, Table};
use super::unimplemented::Unimplemented;
use super::webhook::WebhookTransport;
use super::{body, envelope};
use crate::{Execution, Tags};

/// What the clones of an [`Api`](super::Api) share.
pub(crate) struct Inner {
    pub(crate) options: Options,
    pub(crate) jobs: Jobs,
    pub(crate) in_flight: InFlight,
    pub(crate) deliveries: InFlight,
    pub(crate) webhooks: Arc<dyn WebhookTransport>,
    pub(crate) table: Table,
    pub(crate) services: Vec<Routes>,
    pub(crate) unimplemented: Arc<Unimplemented>,
}

impl Inner {
    /// Waits for what has to be waited for; everything else is in functions
    /// that do not wait. What such a function holds is no part of the future,
    /// which is allocated anew for each request.
    pub(crate) async fn answer(
        self: &Arc<Self>,
        request: &Parts,
        body: Body,
        request_id: &str,
    ) -> Result<Response, Rejection> {
        let path = routing::normal(request.uri.path());
        if let Some(uuid) = path.strip_prefix(self.options.job_path.as_str()) {
            Span::current().record("path", self.options.job_path.as_str());
            return self.poll(request, uuid);
        }
        let (endpoint, values) = self.table.find(&path).ok_or_else(|| Rejection::not_found(&path))?;
        Span::current().record("path", endpoint.template);
        let body = if matches!(request.method, Method::POST | Method::PUT) {
            // On the heap, since most requests have none.
            let receive = Box::pin(body::receive(body, self.options.body_limit, self.options.body_timeout));
            Some(receive.await?)
        } else {
            // What others have for a body is not looked at.
            None
        };
        let accepted = self.accept(request, endpoint, &values, body, request_id)?;
        execution::execute(self, accepted).await
    }

    /// Which operation, and who calls it.
    fn accept<'a>(
        &self,
        request: &'a Parts,
        endpoint: &Endpoint,
        values: &[&str],
        body: Option<Bytes>,
        request_id: &str,
    ) -> Result<Accepted<'a>, Rejection> {
        let verb = self.table.verb(endpoint, &request.method);
        let (route, mut input) = match body {
            Some(body) => body::select(&body, verb)?,
            None => (verb?.select(std::iter::empty())?, Input::default()),
        };
        Span::current().record("operation", route.operation.name);
        let credentials = headers::credentials(route.operation.auth, &request.headers)?;
        input.variables = self.table.variables(route, values)?;
        input.uri = request.uri.clone();
        let call = Call {
            operation: route.operation,
            credentials,
            job_uuid: OnceLock::new(),
            request_id: request_id.to_owned(),
            remote_address: headers::remote_address(request, self.options.trust_forwarded),
            tags: Tags::default(),
            version: self.options.version,
            unimplemented: Some(Arc::clone(&self.unimplemented)),
        };
        self.read(request, route, call, input)
    }

    /// Which parameters, which job.
    fn read<'a>(
        &self,
        request: &'a Parts,
        route: &Route,
        mut call: Call,
        input: Input,
    ) -> Result<Accepted<'a>, Rejection> {
        let operation = route.operation;
        let job_headers = JobHeaders::read(&request.headers);
        if let Some(given) = job_headers.as_ref().ok().and_then(|it| it.uuid.clone()) {
            call.job_uuid = given.into();
        }
        let job_uuid = match operation.execution {
            Execution::Async => call.job_uuid().to_owned(),
            Execution::Sync => String::new(),
        };
        let with_schema = headers::wants_schema(&request.headers);
        // Whoever polls a job says then whether it wants the schema.
        let keep_schema = with_schema || operation.execution == Execution::Async;
        let serve = &self.services[route.service as usize].serve;
        let work = serve(route.index as usize, Incoming { call, input, with_schema: keep_schema })?;
        // Parameters that cannot be read are told before headers that cannot.
        let headers = job_headers?;
        Ok(Accepted { operation, work, job_uuid, headers, with_schema, request })
    }

    /// A job. No session is needed: its UUID is the secret.
    fn poll(&self, request: &Parts, uuid: &str) -> Result<Response, Rejection> {
        if request.method != Method::GET {
            return Err(Rejection::method_not_allowed(&request.method, "GET"));
        }
        let uuid = percent_decode_str(uuid).decode_utf8_lossy();
        match self.jobs.poll(&uuid) {
            Poll::Unknown => Err(Rejection::no_such_job(&uuid)),
            Poll::Running => Ok(envelope::json(StatusCode::ACCEPTED, "{}")),
            Poll::Finished(answer) => Ok(answer.respond(headers::wants_schema(&request.headers))),
        }
    }
}

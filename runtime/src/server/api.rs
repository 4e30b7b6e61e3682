use std::collections::BTreeMap;
use std::convert::Infallible;
use std::fmt;
use std::sync::{Arc, Weak};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use axum::body::Body;
use http::header::EXPECT;
use http::request::Parts;
use http::{HeaderValue, Request, Version};
use http_body::Body as _;
use serde_json::{Map, Value};
use tower_service::Service;
use tracing::{Instrument as _, field};

use super::answer::Answer;
use super::authenticate::{Credentials, authenticate};
use super::headers;
use super::internal;
use super::jobs::JobStoreError;
use super::outcome::BoxFuture;
use super::rejection::Rejection;
use super::respond::respond;
use super::route::Table;
use super::shared::Shared;
use super::{errors, pipeline, unread};
use crate::Auth;

pub use axum::response::Response;

/// A server of operations. Cheap to clone; clones share their jobs.
#[derive(Clone)]
pub struct Api(Arc<Shared>);

impl Api {
    pub(crate) fn new(shared: Shared) -> Self {
        Self(Arc::new(shared))
    }

    /// Converts the server to a router with one handler for all paths, to add layers or to merge it
    /// with other routes.
    pub fn into_router(self) -> axum::Router {
        axum::Router::new().fallback_service(self)
    }

    /// Answers one request.
    ///
    /// Set the extension [`RemoteAddress`](super::RemoteAddress) to the address of the client. An
    /// operation that has to wait runs in a separate task, which continues if this future is
    /// dropped.
    pub async fn handle(&self, request: Request<Body>) -> Response {
        let (parts, body) = request.into_parts();
        self.respond(&parts, body).await
    }

    pub(crate) fn table(&self) -> Arc<Table> {
        Arc::clone(&self.0.table)
    }

    /// Answers one request as [`handle`](Self::handle) does, and leaves its head to the caller.
    pub async fn respond(&self, request: &Parts, mut body: Body) -> Response {
        let begun = Instant::now();
        let request_id = headers::request_id(&request.headers);
        // Not the path itself, which may contain the UUID of a session.
        let span = tracing::info_span!(
            "request",
            method = %request.method,
            path = field::Empty,
            operation = field::Empty,
            request_id,
            status = field::Empty,
        );
        let answered =
            pipeline::answer(&self.0, request, &mut body, &request_id).instrument(span.clone()).await;
        let mut response = answered.unwrap_or_else(Rejection::into_response);
        span.record("status", response.status().as_u16());
        tracing::info!(parent: &span, duration_us = begun.elapsed().as_micros(), "answered");
        if let Ok(id) = HeaderValue::from_str(&request_id) {
            response.headers_mut().insert(headers::REQUEST_ID, id);
        }
        // HTTP/2 ends a request without its connection.
        if !body.is_end_stream() && request.version < Version::HTTP_2 {
            let expects_continue = request.headers.contains_key(EXPECT);
            // Boxed, since nearly all bodies have been read.
            Box::pin(unread::discard_body(&mut body, expects_continue, &mut response)).await;
        }
        response
    }

    /// Reads the credentials of a request as for an operation that needs a session, for paths that
    /// are served next to the API. It checks the signature of an access key, but not whether a
    /// session is valid.
    ///
    /// # Errors
    ///
    /// The response that an operation would give to such a request: 400 or 403 with a text, or 503
    /// if access keys cannot be looked up.
    pub async fn identify(&self, request: &Parts) -> Result<Credentials, Response> {
        let keys = self.0.extensions.access_keys.as_deref();
        match authenticate(keys, Auth::Session, request).await {
            Ok(Ok(credentials)) => Ok(credentials),
            Ok(Err(error)) => Err(respond(self.0.fail(&error))),
            Err(rejection) => Err(rejection.into_response()),
        }
    }

    /// Runs an operation without an HTTP request, for operations that start others, such as those of
    /// a schedule. `parameters` is an object with all parameters, whatever their places. Like a
    /// request, it is intercepted, validated and counted; unlike one, it never becomes a job.
    ///
    /// Returns `None` if the server has no operation with this name.
    pub async fn perform(
        &self,
        operation: &str,
        parameters: &Map<String, Value>,
        credentials: Credentials,
    ) -> Option<Answer> {
        internal::perform(&self.0, operation, parameters, credentials).await
    }

    /// Creates a reference that does not keep the server, for a service that calls the server in
    /// which it is mounted.
    #[must_use]
    pub fn downgrade(&self) -> WeakApi {
        WeakApi(Arc::downgrade(&self.0))
    }

    /// Completes the jobs that an earlier process left in the store: running jobs fail, and pending
    /// webhooks are posted. Returns the number of jobs that were running.
    ///
    /// Call it once, before the first request, if the
    /// [`job_store`](field@super::Options::job_store) outlives the process.
    ///
    /// # Errors
    ///
    /// When the store fails.
    pub async fn resume(&self) -> Result<usize, JobStoreError> {
        let mut cut = 0;
        for stored in self.0.jobs.unfinished_jobs().await? {
            let job = stored.job;
            if stored.result.is_none() {
                cut += 1;
                let answer = Answer::error(&errors::restart(&job.operation), self.0.options.version);
                self.0.jobs.try_finish(&job, answer).await?;
            }
            self.0.webhooks.deliver(&job, None);
        }
        Ok(cut)
    }

    /// Waits until no operation is running and no webhook is pending, at most for `at_most`.
    /// Returns the number of both that are left.
    ///
    /// Call it for an orderly shutdown, after the last connection was closed.
    pub async fn drain(&self, at_most: Duration) -> usize {
        let both = async {
            self.0.in_flight.idle().await;
            self.0.webhooks.deliveries().idle().await;
        };
        // The counts are returned in either case.
        let _ = tokio::time::timeout(at_most, both).await;
        self.in_flight() + self.0.webhooks.deliveries().count()
    }

    /// Returns the release that the server emulates: [`Version::NEWEST`](crate::Version::NEWEST)
    /// without an option, unless an element was removed; the newest release in the tables then.
    #[must_use]
    pub fn version(&self) -> crate::Version {
        self.0.options.version
    }

    /// Returns the number of running operations, including jobs.
    #[must_use]
    pub fn in_flight(&self) -> usize {
        self.0.in_flight.count()
    }

    /// Returns the number of calls of each unimplemented operation, by name.
    #[must_use]
    pub fn unimplemented_calls(&self) -> BTreeMap<&str, u64> {
        self.0.unimplemented.by_operation()
    }
}

/// A reference to an [`Api`] that does not keep it.
#[derive(Clone)]
pub struct WeakApi(Weak<Shared>);

impl WeakApi {
    /// Returns the server, unless it was dropped.
    #[must_use]
    pub fn upgrade(&self) -> Option<Api> {
        self.0.upgrade().map(Api)
    }
}

impl fmt::Debug for WeakApi {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WeakApi")
    }
}

impl fmt::Debug for Api {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Api").field("options", &self.0.options).finish_non_exhaustive()
    }
}

impl Service<Request<Body>> for Api {
    type Response = Response;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let api = self.clone();
        let (parts, body) = request.into_parts();
        // This future is allocated for each request; references keep it from holding the request
        // twice.
        Box::pin(async move { Ok(api.respond(&parts, body).await) })
    }
}

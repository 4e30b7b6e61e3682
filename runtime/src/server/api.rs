use std::collections::BTreeMap;
use std::convert::Infallible;
use std::fmt;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use axum::body::Body;
use http::header::EXPECT;
use http::request::Parts;
use http::{HeaderValue, Request, Version};
use http_body::Body as _;
use tower_service::Service;
use tracing::{Instrument as _, field};

use super::answer::Answer;
use super::builder::{ApiBuilder, BuildError, Extensions};
use super::call::Credentials;
use super::errors;
use super::headers;
use super::in_flight::InFlight;
use super::jobs::{JobStoreError, Jobs, MemoryJobs};
use super::options::Options;
use super::pipeline::Inner;
use super::rejection::Rejection;
use super::route::Table;
use super::routes::{BoxFuture, Routes};
use super::unread;
use super::webhook::{self, HttpWebhooks};
use crate::Auth;

pub use axum::response::Response;

/// Operations, served. Cheap to clone; clones share their jobs.
#[derive(Clone)]
pub struct Api(Arc<Inner>);

impl Api {
    /// Begins a server.
    pub fn builder() -> ApiBuilder {
        ApiBuilder::default()
    }

    pub(crate) fn new(
        services: Vec<Routes>,
        options: Options,
        extensions: Extensions,
    ) -> Result<Self, BuildError> {
        let job_path = &options.job_path;
        if job_path.len() < 2 || !job_path.starts_with('/') || !job_path.ends_with('/') {
            let problem = format!("`{job_path}` needs a slash at both ends, and something between them");
            return Err(BuildError::Option { name: "job_path", problem });
        }
        let table = Table::new(&services, options.version)?;
        let store = options.job_store.clone();
        let store = store.unwrap_or_else(|| Arc::new(MemoryJobs::new()));
        let webhooks = options.webhook_transport.clone();
        let webhooks = webhooks.unwrap_or_else(|| Arc::new(HttpWebhooks::new(options.webhook_allow.clone())));
        Ok(Self(Arc::new(Inner {
            jobs: Arc::new(Jobs::new(store, options.job_expiry, options.max_jobs)),
            in_flight: InFlight::default(),
            deliveries: InFlight::default(),
            webhooks,
            unimplemented: Arc::default(),
            extensions,
            table,
            services,
            options,
        })))
    }

    /// The server as a router: one handler for every path, to put layers
    /// around or to merge with other routes.
    pub fn into_router(self) -> axum::Router {
        axum::Router::new().fallback_service(self)
    }

    /// Answers one request.
    ///
    /// Where it came from is told by the extension
    /// [`RemoteAddress`](super::RemoteAddress). An operation that has to wait
    /// does so in a task of its own, which goes on when this future is dropped.
    pub async fn handle(&self, request: Request<Body>) -> Response {
        let (parts, body) = request.into_parts();
        self.respond(&parts, body).await
    }

    async fn respond(&self, request: &Parts, mut body: Body) -> Response {
        let begun = Instant::now();
        let request_id = headers::request_id(&request.headers);
        // Not the path itself: a session's UUID may stand in it.
        let span = tracing::info_span!(
            "request",
            method = %request.method,
            path = field::Empty,
            operation = field::Empty,
            request_id,
            status = field::Empty,
        );
        let answered = self.0.answer(request, &mut body, &request_id).instrument(span.clone()).await;
        let mut response = answered.unwrap_or_else(Rejection::into_response);
        span.record("status", response.status().as_u16());
        tracing::info!(parent: &span, duration_us = begun.elapsed().as_micros(), "answered");
        if let Ok(id) = HeaderValue::from_str(&request_id) {
            response.headers_mut().insert(headers::REQUEST_ID, id);
        }
        // HTTP/2 ends a request without its connection.
        if !body.is_end_stream() && request.version < Version::HTTP_2 {
            let expects_continue = request.headers.contains_key(EXPECT);
            // On the heap, since nearly all bodies have been read.
            Box::pin(unread::discard_body(&mut body, expects_continue, &mut response)).await;
        }
        response
    }

    /// Reads the credentials of a request as for an operation that needs a
    /// session: for paths that are served next to the API. The signature of an
    /// access key is checked; whether a session is valid is not.
    ///
    /// # Errors
    ///
    /// With the response that an operation gives to such a request: 400 or 403
    /// with a text, or 503 when access keys cannot be looked up.
    pub async fn identify(&self, request: &Parts) -> Result<Credentials, Response> {
        match self.0.identify(Auth::Session, request).await {
            Ok(Ok(credentials)) => Ok(credentials),
            Ok(Err(error)) => Err(Answer::error(&error, self.0.options.version).respond(false)),
            Err(rejection) => Err(rejection.into_response()),
        }
    }

    /// Takes up what an earlier process left in the store of jobs: those that
    /// were under way are ended as failed, and webhooks that were not posted
    /// are. How many jobs were under way.
    ///
    /// To be called once, before the first request, by servers with a
    /// [`job_store`](field@super::Options::job_store) that outlasts them.
    ///
    /// # Errors
    ///
    /// When the store fails.
    pub async fn resume(&self) -> Result<usize, JobStoreError> {
        let mut cut = 0;
        for stored in self.0.jobs.left_over().await? {
            let job = stored.job;
            if stored.result.is_none() {
                cut += 1;
                let answer = Answer::error(&errors::restarted(&job.operation), self.0.options.version);
                self.0.jobs.try_finish(&job, answer).await?;
            }
            webhook::deliver(&self.0, &job, None);
        }
        Ok(cut)
    }

    /// Waits until no operation is under way and no webhook is left to post,
    /// but not longer than `at_most`. Says how many there still are.
    ///
    /// For an orderly end, after the last connection was closed.
    pub async fn drain(&self, at_most: Duration) -> usize {
        let both = async {
            self.0.in_flight.idle().await;
            self.0.deliveries.idle().await;
        };
        // In time or not, the counts say how it went.
        let _in_time = tokio::time::timeout(at_most, both).await.is_ok();
        self.in_flight() + self.0.deliveries.count()
    }

    /// How many operations are under way.
    #[must_use]
    pub fn in_flight(&self) -> usize {
        self.0.in_flight.count()
    }

    /// How often each operation was called that nobody implements.
    #[must_use]
    pub fn unimplemented(&self) -> BTreeMap<&str, u64> {
        self.0.unimplemented.read()
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
        // Allocated for each request: what is in it by reference is in it once.
        Box::pin(async move { Ok(api.respond(&parts, body).await) })
    }
}

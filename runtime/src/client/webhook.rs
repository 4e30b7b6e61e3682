//! Receives the results of jobs that the server posts.

use std::collections::HashMap;
use std::convert::Infallible;
use std::fmt;
use std::net::TcpListener;
use std::sync::{Arc, Mutex, Weak};
use std::time::Duration;

use bytes::Bytes;
use http::header::HeaderName;
use http::{HeaderValue, Method, Request, Response, StatusCode, Uri};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::sync::{Semaphore, watch};
use tokio::task::{AbortHandle, JoinSet};
use tokio::time::{sleep, timeout};

use super::error::Error;
use super::timer::in_runtime;
use super::transport::{BoxError, LARGEST_BODY};
use crate::lock::lock;

pub(super) const JOB_UUID: HeaderName = HeaderName::from_static("x-job-uuid");
const JOB_SUCCESS: HeaderName = HeaderName::from_static("x-job-success");

/// The time limit of a connection, which transmits one result.
const CONNECTION: Duration = Duration::from_secs(60);

/// The maximum number of concurrent connections.
const CONNECTIONS: usize = 64;

/// The URL to which the server posts the results of jobs (`X-Web-Hook`).
///
/// A client with a webhook waits for the post, and polls a job only occasionally, in case the post
/// is lost. The post may arrive before the server's first response, or twice.
///
/// The server must be able to reach the URL. Either the webhook listens itself:
///
/// ```no_run
/// use std::net::TcpListener;
/// use zstack_runtime::client::{Client, Webhook};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let webhook = Webhook::new("http://10.0.0.5:8081/").listening(TcpListener::bind("0.0.0.0:8081")?);
/// let client = Client::builder("http://10.0.0.1:8080").webhook(webhook).build()?;
/// # let _ = client;
/// # Ok(())
/// # }
/// ```
///
/// or your own server passes each request for this URL to [`receive`](Self::receive).
///
/// Only results of jobs that a call waits for are used. The sender must know the UUID of the job,
/// which is random; like any other response, a result is only as trustworthy as the network.
#[derive(Clone)]
pub struct Webhook(Arc<Inner>);

struct Inner {
    url: String,
    /// Present until the first call, whose runtime serves it.
    listener: Mutex<Option<TcpListener>>,
    server: Mutex<Option<AbortHandle>>,
    /// The jobs that calls wait for.
    expected: Mutex<HashMap<String, watch::Sender<Option<Response<Bytes>>>>>,
}

impl Webhook {
    /// Creates a webhook at this URL, as seen by the server.
    pub fn new(url: impl Into<String>) -> Self {
        Self(Arc::new(Inner {
            url: url.into(),
            listener: Mutex::default(),
            server: Mutex::default(),
            expected: Mutex::default(),
        }))
    }

    /// Listens on this socket from the first call of a job on, in that call's runtime, until the
    /// last clone of the webhook and of its clients is dropped.
    #[must_use]
    pub fn listening(self, listener: TcpListener) -> Self {
        *lock(&self.0.listener) = Some(listener);
        self
    }

    /// Returns its URL.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.0.url
    }

    /// Processes a request to the URL, and returns the status of the response. Results that no call
    /// waits for are accepted, too; otherwise the server would send them again.
    pub async fn receive<B>(&self, request: Request<B>) -> StatusCode
    where
        B: http_body::Body,
        B::Error: Into<BoxError>,
    {
        self.0.receive(request).await
    }

    /// Returns the header with the URL.
    pub(super) fn header(&self) -> Result<HeaderValue, Error> {
        let http =
            self.url().parse::<Uri>().is_ok_and(|url| url.scheme().is_some() && url.authority().is_some());
        let header = HeaderValue::from_str(self.url()).ok().filter(|_| http);
        header.ok_or_else(|| {
            let url = self.url().escape_debug();
            Error::invalid(format!(
                "`{url}` is not the URL of a webhook; write it as in http://10.0.0.5:8081/"
            ))
        })
    }

    /// Registers a job until the returned value is dropped. Call it before the job can end.
    pub(super) fn expect(&self, job: &str) -> Result<Expected, Error> {
        in_runtime()?;
        self.listen();
        let (sender, posted) = watch::channel(None);
        lock(&self.0.expected).insert(job.to_owned(), sender);
        Ok(Expected { webhook: self.clone(), job: job.to_owned(), posted })
    }

    fn listen(&self) {
        let Some(listener) = lock(&self.0.listener).take() else { return };
        let listening =
            listener.set_nonblocking(true).and_then(|()| tokio::net::TcpListener::from_std(listener));
        match listening {
            Ok(listener) => {
                let server = tokio::spawn(serve(listener, Arc::downgrade(&self.0)));
                *lock(&self.0.server) = Some(server.abort_handle());
            }
            // Jobs are polled nevertheless.
            Err(error) => tracing::warn!(%error, "the webhook cannot listen; jobs are polled"),
        }
    }
}

impl fmt::Debug for Webhook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Webhook").field("url", &self.url()).finish_non_exhaustive()
    }
}

impl Inner {
    async fn receive<B>(&self, request: Request<B>) -> StatusCode
    where
        B: http_body::Body,
        B::Error: Into<BoxError>,
    {
        if request.method() != Method::POST {
            return StatusCode::METHOD_NOT_ALLOWED;
        }
        let header =
            |name| request.headers().get(name).and_then(|header| header.to_str().ok()).map(str::trim);
        let (Some(job), Some(success)) = (header(JOB_UUID), header(JOB_SUCCESS)) else {
            return StatusCode::BAD_REQUEST;
        };
        let (job, success) = (job.to_owned(), success.eq_ignore_ascii_case("true"));
        if !lock(&self.expected).contains_key(&job) {
            return StatusCode::OK;
        }
        let Ok(body) = Limited::new(request.into_body(), LARGEST_BODY).collect().await else {
            return StatusCode::BAD_REQUEST;
        };
        let body = body.to_bytes();
        // A result is an object. If it is incomplete or something else, the client polls.
        let is_whole = serde_json::from_slice::<serde::de::IgnoredAny>(&body).is_ok();
        if !is_whole || !body.trim_ascii_start().starts_with(b"{") {
            return StatusCode::BAD_REQUEST;
        }
        let mut response = Response::new(body);
        *response.status_mut() = if success { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
        if let Some(sender) = lock(&self.expected).get(&job) {
            // The first result counts.
            sender.send_if_modified(|posted| {
                let first = posted.is_none();
                posted.get_or_insert(response);
                first
            });
        }
        StatusCode::OK
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        if let Some(server) = lock(&self.server).take() {
            server.abort();
        }
    }
}

/// A job whose result may be posted.
pub(super) struct Expected {
    webhook: Webhook,
    job: String,
    posted: watch::Receiver<Option<Response<Bytes>>>,
}

impl Expected {
    /// Waits for the post, and returns it as if it were the response to a poll.
    pub(super) async fn wait_for_post(&self) -> Response<Bytes> {
        let mut posted = self.posted.clone();
        let waited = posted.wait_for(Option::is_some).await.ok().and_then(|posted| posted.clone());
        match waited {
            Some(response) => response,
            None => std::future::pending().await,
        }
    }
}

impl Drop for Expected {
    fn drop(&mut self) {
        lock(&self.webhook.0.expected).remove(&self.job);
    }
}

/// Serves connections until it is aborted.
async fn serve(listener: tokio::net::TcpListener, inner: Weak<Inner>) {
    let free = Arc::new(Semaphore::new(CONNECTIONS));
    let mut connections = JoinSet::new();
    while let Ok(permit) = Arc::clone(&free).acquire_owned().await {
        while connections.try_join_next().is_some() {}
        match listener.accept().await {
            Ok((stream, _)) => {
                let inner = Weak::clone(&inner);
                connections.spawn(async move {
                    let service = service_fn(move |request| answer(Weak::clone(&inner), request));
                    // Some responses do not need the body of the request, so a connection is used
                    // for one post; the response says so.
                    let mut http = http1::Builder::new();
                    let connection = http.keep_alive(false).serve_connection(TokioIo::new(stream), service);
                    // The sender notices a failure.
                    let _ = timeout(CONNECTION, connection).await;
                    drop(permit);
                });
            }
            Err(error) => {
                tracing::debug!(%error, "the webhook cannot accept a connection");
                sleep(Duration::from_millis(100)).await;
            }
        }
    }
}

async fn answer(
    inner: Weak<Inner>,
    request: Request<hyper::body::Incoming>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let status = match inner.upgrade() {
        Some(inner) => inner.receive(request).await,
        None => StatusCode::OK,
    };
    let mut response = Response::new(Full::default());
    *response.status_mut() = status;
    Ok(response)
}

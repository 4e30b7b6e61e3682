//! Results of jobs that the server posts, so that they need not be polled for.

use std::collections::HashMap;
use std::convert::Infallible;
use std::fmt;
use std::net::TcpListener;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
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

pub(super) const JOB_UUID: HeaderName = HeaderName::from_static("x-job-uuid");
const JOB_SUCCESS: HeaderName = HeaderName::from_static("x-job-success");

/// How long a connection may last: one result, and no more.
const CONNECTION: Duration = Duration::from_secs(60);

/// How many connections are served at a time.
const CONNECTIONS: usize = 64;

/// Where the server posts the results of jobs (`X-Web-Hook`).
///
/// A client with a webhook waits for the post, and polls a job only now and then,
/// in case the post gets lost. It does not matter whether the post
/// comes before the server's first answer, or twice.
///
/// The server has to reach `url`. Either the webhook listens itself:
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
/// or a server of yours hands each request for this URL to
/// [`receive`](Self::receive).
///
/// Only results that a call waits for are taken. Who posts one must know the
/// job's uuid, which is random; as much as any other answer, it is only as
/// safe as the network.
#[derive(Clone)]
pub struct Webhook(Arc<Inner>);

struct Inner {
    url: String,
    /// Until the first call, in whose runtime it is served.
    listener: Mutex<Option<TcpListener>>,
    server: Mutex<Option<AbortHandle>>,
    /// The jobs that are waited for.
    expected: Mutex<HashMap<String, watch::Sender<Option<Response<Bytes>>>>>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Nothing panics while it holds one.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Webhook {
    /// A webhook at this URL, as the server knows it.
    pub fn new(url: impl Into<String>) -> Self {
        Self(Arc::new(Inner {
            url: url.into(),
            listener: Mutex::default(),
            server: Mutex::default(),
            expected: Mutex::default(),
        }))
    }

    /// Listens here, from the first call of a job on, in that call's runtime;
    /// until the last clone of the webhook and of its clients is gone.
    #[must_use]
    pub fn listening(self, listener: TcpListener) -> Self {
        *lock(&self.0.listener) = Some(listener);
        self
    }

    /// Its URL.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.0.url
    }

    /// Takes a request to the URL; answer it with the status. A result that no call
    /// waits for is taken, too, or the server would send it again.
    pub async fn receive<B>(&self, request: Request<B>) -> StatusCode
    where
        B: http_body::Body,
        B::Error: Into<BoxError>,
    {
        self.0.receive(request).await
    }

    /// The header with the URL.
    pub(super) fn header(&self) -> Result<HeaderValue, Error> {
        let http =
            self.url().parse::<Uri>().is_ok_and(|url| url.scheme().is_some() && url.authority().is_some());
        let header = HeaderValue::from_str(self.url()).ok().filter(|_| http);
        header.ok_or_else(|| {
            let url = self.url().escape_debug();
            Error::invalid(format!("`{url}` is no URL of a webhook; write it as in http://10.0.0.5:8081/"))
        })
    }

    /// Expects the result of this job until the value is dropped. To be called
    /// before the job can end.
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
            // Jobs are polled all the same.
            Err(error) => tracing::warn!(%error, "the webhook does not listen"),
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
        // A result is an object. The client polls for what is cut off or
        // something else.
        let is_whole = serde_json::from_slice::<serde::de::IgnoredAny>(&body).is_ok();
        if !is_whole || !body.trim_ascii_start().starts_with(b"{") {
            return StatusCode::BAD_REQUEST;
        }
        let mut response = Response::new(body);
        *response.status_mut() = if success { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
        if let Some(sender) = lock(&self.expected).get(&job) {
            // The first one counts.
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
    /// What was posted, as the answer to a question about the job would be.
    pub(super) async fn posted(&self) -> Response<Bytes> {
        let mut posted = self.posted.clone();
        let waited = posted.wait_for(Option::is_some).await.ok().and_then(|it| it.clone());
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
                    // Some answers do not need the body: one post for each connection, and
                    // each answer says so.
                    let mut http = http1::Builder::new();
                    let connection = http.keep_alive(false).serve_connection(TokioIo::new(stream), service);
                    // The server notices a failure.
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

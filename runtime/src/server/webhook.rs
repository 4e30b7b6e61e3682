//! Posting the results of jobs to those who asked for it.

use std::error::Error;
use std::fmt;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HOST};
use http::{HeaderValue, Request, StatusCode};
use http_body_util::Full;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use super::envelope::Answer;
use super::headers::{JOB_SUCCESS, JOB_UUID};
use super::routes::BoxFuture;

/// Why a webhook could not be posted.
#[derive(Debug)]
#[non_exhaustive]
pub enum WebhookError {
    /// It never will be: no use in trying again.
    Unsupported(&'static str),
    /// It was not, this time.
    Failed(Box<dyn Error + Send + Sync>),
}

impl WebhookError {
    /// A failure that may be over the next time.
    pub fn failed(error: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Failed(error.into())
    }
}

impl fmt::Display for WebhookError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unsupported(why) => f.write_str(why),
            Self::Failed(error) => error.fmt(f),
        }
    }
}

impl Error for WebhookError {}

/// Posts webhooks.
///
/// [`HttpWebhooks`] is what a server has; another one can know TLS, go through
/// a proxy, or refuse some addresses.
pub trait WebhookTransport: Send + Sync + 'static {
    /// Sends the request, whose target is the URL that the caller gave, once.
    /// The future resolves to the status of the answer.
    fn post(&self, request: Request<Bytes>) -> BoxFuture<'static, Result<StatusCode, WebhookError>>;
}

/// Posts webhooks over plain HTTP, each over a connection of its own; `https`
/// is refused.
#[derive(Clone, Copy, Debug, Default)]
pub struct HttpWebhooks;

/// How long one attempt may take.
const ATTEMPT: Duration = Duration::from_secs(15);

impl WebhookTransport for HttpWebhooks {
    fn post(&self, request: Request<Bytes>) -> BoxFuture<'static, Result<StatusCode, WebhookError>> {
        Box::pin(async move {
            if request.uri().scheme_str() != Some("http") {
                return Err(WebhookError::Unsupported("webhooks are posted to http:// only"));
            }
            match tokio::time::timeout(ATTEMPT, post(request)).await {
                Ok(answer) => answer.map_err(WebhookError::Failed),
                Err(elapsed) => Err(WebhookError::failed(elapsed)),
            }
        })
    }
}

async fn post(mut request: Request<Bytes>) -> Result<StatusCode, Box<dyn Error + Send + Sync>> {
    let url = std::mem::take(request.uri_mut());
    let authority = url.authority().ok_or("the URL has no host")?;
    // A literal IPv6 address stands in brackets that the resolver does not know.
    let host = authority.host().trim_start_matches('[').trim_end_matches(']');
    let stream = TcpStream::connect((host, authority.port_u16().unwrap_or(80))).await?;
    let named = authority.as_str().rsplit('@').next().unwrap_or_default();
    request.headers_mut().insert(HOST, HeaderValue::from_str(named)?);
    *request.uri_mut() = match url.path_and_query() {
        Some(target) => target.clone().into(),
        None => http::Uri::from_static("/"),
    };
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
    let mut answer = pin!(sender.send_request(request.map(Full::new)));
    // Both in this task: an attempt that is given up leaves no connection.
    tokio::select! {
        answer = &mut answer => Ok(answer?.status()),
        // The peer may close it together with its answer.
        _ = connection => Ok(answer.await?.status()),
    }
}

/// How often a webhook is tried again, and after how long each time.
const RETRIES: u32 = 15;
const PAUSE: Duration = Duration::from_secs(2);

/// Posts the answer of a job until it is taken, or there is no hope.
pub(crate) async fn deliver(transport: Arc<dyn WebhookTransport>, url: String, job: String, notice: Notice) {
    let request = match notice.request(&url, &job) {
        Ok(request) => request,
        Err(error) => {
            tracing::warn!(job, %error, "no webhook can be posted");
            return;
        }
    };
    for attempt in 0..=RETRIES {
        if attempt > 0 {
            tokio::time::sleep(PAUSE).await;
        }
        match transport.post(request.clone()).await {
            Ok(status) if status.is_success() => return,
            Ok(status) => tracing::debug!(job, attempt, %status, "a webhook was refused"),
            Err(WebhookError::Unsupported(why)) => {
                tracing::warn!(job, why, "no webhook can be posted");
                return;
            }
            Err(WebhookError::Failed(error)) => {
                tracing::debug!(job, attempt, error, "a webhook could not be posted")
            }
        }
    }
    tracing::warn!(job, "a webhook was given up");
}

/// What a webhook says.
pub(crate) struct Notice {
    pub(crate) answer: Answer,
    pub(crate) with_schema: bool,
}

impl Notice {
    fn request(&self, url: &str, job: &str) -> Result<Request<Bytes>, http::Error> {
        Request::post(url)
            .header(CONTENT_TYPE, "application/json;charset=UTF-8")
            .header(JOB_UUID, job)
            .header(JOB_SUCCESS, if self.answer.is_success() { "true" } else { "false" })
            .body(self.answer.clone().into_body(self.with_schema))
    }
}

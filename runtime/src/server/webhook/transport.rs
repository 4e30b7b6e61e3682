use std::error::Error;
use std::fmt;
use std::pin::pin;
use std::time::Duration;

use bytes::Bytes;
use http::header::HOST;
use http::{HeaderValue, Request, StatusCode, Uri};
use http_body_util::Full;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpStream, lookup_host};

use super::allow::{self, WebhookAllow};
use crate::error_chain::ErrorChain;
use crate::server::outcome::BoxFuture;

/// An error in posting a webhook.
#[derive(Debug)]
#[non_exhaustive]
pub enum WebhookError {
    /// No attempt will succeed, for this reason.
    Refused(String),
    /// This attempt failed; another may succeed.
    Failed(Box<dyn Error + Send + Sync>),
}

impl WebhookError {
    /// Creates the error of one attempt.
    pub fn from_error(error: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Failed(error.into())
    }
}

/// Writes the text of the error and of its sources.
impl fmt::Display for WebhookError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(why) => f.write_str(why),
            Self::Failed(error) => ErrorChain(&**error).fmt(f),
        }
    }
}

/// Has no source: the text includes all of them.
impl Error for WebhookError {}

/// Posts webhooks.
///
/// Default: [`HttpWebhooks`]. Implement this for webhooks over TLS or through a proxy. An
/// implementation must itself check that [`WebhookAllow::allows`] the address to which it connects.
pub trait WebhookTransport: Send + Sync + 'static {
    /// Sends the request once, to the URL in its target, and follows no redirect. The future
    /// resolves to the status of the response.
    fn post(&self, request: Request<Bytes>) -> BoxFuture<'static, Result<StatusCode, WebhookError>>;

    /// Checks a URL before the operation begins. Default: no check.
    ///
    /// # Errors
    ///
    /// When nothing can ever be posted there; the text for the caller says why.
    fn check(&self, url: &Uri) -> Result<(), String> {
        let _ = url;
        Ok(())
    }
}

/// Posts webhooks over plain HTTP, each over its own connection, to allowed addresses; `https` is
/// refused.
#[derive(Clone, Debug, Default)]
pub struct HttpWebhooks {
    allow: WebhookAllow,
}

impl HttpWebhooks {
    /// Creates a transport that posts to these addresses.
    #[must_use]
    pub fn new(allow: WebhookAllow) -> Self {
        Self { allow }
    }
}

/// The time limit of one attempt.
const ATTEMPT: Duration = Duration::from_secs(15);

impl WebhookTransport for HttpWebhooks {
    fn post(&self, request: Request<Bytes>) -> BoxFuture<'static, Result<StatusCode, WebhookError>> {
        let this = self.clone();
        Box::pin(async move {
            this.check(request.uri()).map_err(WebhookError::Refused)?;
            tokio::time::timeout(ATTEMPT, post(request, &this.allow))
                .await
                .unwrap_or_else(|elapsed| Err(WebhookError::from_error(elapsed)))
        })
    }

    fn check(&self, url: &Uri) -> Result<(), String> {
        if url.scheme_str() != Some("http") {
            return Err("the URL must begin with http://; this server posts webhooks without TLS".to_owned());
        }
        self.allow.check(url)
    }
}

async fn post(mut request: Request<Bytes>, allow: &WebhookAllow) -> Result<StatusCode, WebhookError> {
    let url = std::mem::take(request.uri_mut());
    let stream = connect(&url, allow).await?;
    let authority = url.authority().map_or("", |authority| authority.as_str());
    let named = authority.rsplit('@').next().unwrap_or_default();
    request.headers_mut().insert(HOST, HeaderValue::from_str(named).map_err(WebhookError::from_error)?);
    *request.uri_mut() = match url.path_and_query() {
        Some(target) => target.clone().into(),
        None => Uri::from_static("/"),
    };
    send(stream, request).await.map_err(WebhookError::from_error)
}

/// Connects to an allowed address. The address that is checked is the one that is connected to; no
/// name is looked up in between.
async fn connect(url: &Uri, allow: &WebhookAllow) -> Result<TcpStream, WebhookError> {
    let host = allow::host(url).ok_or_else(|| WebhookError::Refused("the URL has no host".to_owned()))?;
    let port = allow::port(url);
    let (mut allowed, mut refused) = (Vec::new(), None);
    for address in lookup_host((host, port)).await.map_err(WebhookError::from_error)? {
        match allow.check_address(host, address) {
            Ok(()) => allowed.push(address),
            Err(why) => refused = Some(why),
        }
    }
    match refused {
        Some(why) if allowed.is_empty() => Err(WebhookError::Refused(why)),
        _ => TcpStream::connect(&*allowed).await.map_err(WebhookError::from_error),
    }
}

async fn send(stream: TcpStream, request: Request<Bytes>) -> Result<StatusCode, hyper::Error> {
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
    let mut answer = pin!(sender.send_request(request.map(Full::new)));
    // Both run in this task: an attempt that is given up leaves no connection.
    tokio::select! {
        answer = &mut answer => Ok(answer?.status()),
        // The peer may close the connection together with its answer.
        _ = connection => Ok(answer.await?.status()),
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    #[test]
    fn failures_show_their_sources() {
        #[derive(Debug)]
        struct SendError(io::Error);

        impl fmt::Display for SendError {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the request was not sent")
            }
        }

        impl Error for SendError {
            fn source(&self) -> Option<&(dyn Error + 'static)> {
                Some(&self.0)
            }
        }

        let error = WebhookError::from_error(SendError(io::Error::other("connection refused")));
        assert_eq!(error.to_string(), "the request was not sent: connection refused");
    }
}

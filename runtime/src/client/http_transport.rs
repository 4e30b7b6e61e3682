//! The default transport: HTTP over TCP, by `reqwest`.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use reqwest::redirect;

use super::transport::{BoxFuture, LARGEST_BODY, Transport, TransportError};

/// How long a connection may take to come about.
const CONNECT: Duration = Duration::from_secs(10);

/// How long an unused connection is kept: shorter than the 20 s after which
/// servlet containers drop it, or a request would now and then run into a
/// connection that is being closed.
const IDLE: Duration = Duration::from_secs(15);

/// Carries requests over TCP: what a [`Client`](super::Client) has unless it
/// is given something else. Of use where that something else wraps it.
///
/// Connections are kept for the next request; redirects are not followed.
#[derive(Debug)]
pub struct HttpTransport(reqwest::Client);

impl HttpTransport {
    /// Goes through the proxy that the environment names (`HTTP_PROXY`,
    /// `NO_PROXY`).
    ///
    /// # Errors
    ///
    /// When TLS or the environment's settings cannot be used.
    pub fn new() -> Result<Self, TransportError> {
        Self::build(Self::options())
    }

    /// Goes through no proxy, whatever the environment says: for a server on
    /// this machine.
    ///
    /// # Errors
    ///
    /// When TLS cannot be used.
    pub fn direct() -> Result<Self, TransportError> {
        Self::build(Self::options().no_proxy())
    }

    fn options() -> reqwest::ClientBuilder {
        reqwest::Client::builder()
            .user_agent(concat!("zstack-client/", env!("CARGO_PKG_VERSION")))
            // The API has no redirects; following one would send the session elsewhere.
            .redirect(redirect::Policy::none())
            .referer(false)
            .connect_timeout(CONNECT)
            .pool_idle_timeout(IDLE)
    }

    fn build(options: reqwest::ClientBuilder) -> Result<Self, TransportError> {
        options.build().map(Self).map_err(TransportError::new)
    }

    async fn exchange(&self, request: http::Request<Bytes>) -> Result<http::Response<Bytes>, TransportError> {
        let lost = |error| TransportError::new(hide_url(error));
        let request = reqwest::Request::try_from(request).map_err(lost)?;
        let mut response = self.0.execute(request).await.map_err(lost)?;
        let body = read(&mut response).await?;
        let mut answer = http::Response::new(body);
        *answer.status_mut() = response.status();
        *answer.version_mut() = response.version();
        std::mem::swap(answer.headers_mut(), response.headers_mut());
        Ok(answer)
    }
}

/// Paths may hold a session.
fn hide_url(error: reqwest::Error) -> reqwest::Error {
    error.without_url()
}

async fn read(response: &mut reqwest::Response) -> Result<Bytes, TransportError> {
    let broken_off = |error| TransportError::broken_off(hide_url(error));
    let first = response.chunk().await.map_err(broken_off)?.unwrap_or_default();
    // Most bodies are one chunk, which need not be copied.
    let Some(second) = response.chunk().await.map_err(broken_off)? else {
        return Ok(first);
    };
    let mut body = BytesMut::from(first);
    let mut chunk = Some(second);
    while let Some(more) = chunk {
        if body.len() + more.len() > LARGEST_BODY {
            return Err(TransportError::broken_off(format!(
                "the body exceeds the limit of {LARGEST_BODY} bytes"
            )));
        }
        body.extend_from_slice(&more);
        chunk = response.chunk().await.map_err(broken_off)?;
    }
    Ok(body.freeze())
}

impl Transport for HttpTransport {
    fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> BoxFuture<'_, Result<http::Response<Bytes>, TransportError>> {
        Box::pin(self.exchange(request))
    }
}

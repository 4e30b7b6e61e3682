//! A server in the same process as the transport.

use std::fmt;
use std::future::poll_fn;
use std::marker::PhantomData;

use bytes::Bytes;
use http::header::HOST;
use http::{HeaderValue, Uri};
use http_body_util::{BodyExt, Full, Limited};
use tower_service::Service;

use super::transport::{BoxError, BoxFuture, LARGEST_BODY, Transport, TransportError};

/// Calls a service in the same process, without sockets: a generated server, or any other `Service`
/// of HTTP requests. The service is cloned for each request.
///
/// ```
/// use axum::{Router, routing::get};
/// use zstack_runtime::client::{Client, InProcess};
///
/// # fn main() -> Result<(), zstack_runtime::client::Error> {
/// let router = Router::new().route("/zstack/v1/management-nodes/ready", get(|| async { "{}" }));
/// let client = Client::builder("http://in-process").transport(InProcess::new(router)).build()?;
/// # let _ = client;
/// # Ok(())
/// # }
/// ```
pub struct InProcess<S, B = Full<Bytes>> {
    service: S,
    body: PhantomData<fn() -> B>,
}

impl<S> InProcess<S> {
    /// Creates a transport that calls `service`, with bodies of type [`Full`].
    pub fn new(service: S) -> Self {
        Self::with_body(service)
    }
}

impl<S, B> InProcess<S, B> {
    /// Creates a transport that calls `service`, with bodies of type `B`.
    pub fn with_body(service: S) -> Self {
        Self { service, body: PhantomData }
    }
}

impl<S, B> fmt::Debug for InProcess<S, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("InProcess")
    }
}

impl<S, B, O> Transport for InProcess<S, B>
where
    S: Service<http::Request<B>, Response = http::Response<O>> + Clone + Send + Sync + 'static,
    S::Future: Send,
    S::Error: Into<BoxError>,
    B: From<Bytes> + Send + 'static,
    O: http_body::Body + Send + 'static,
    O::Data: Send,
    O::Error: Into<BoxError>,
{
    fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> BoxFuture<'_, Result<http::Response<Bytes>, TransportError>> {
        let mut service = self.service.clone();
        Box::pin(async move {
            poll_fn(|context| service.poll_ready(context)).await.map_err(TransportError::new)?;
            let response =
                service.call(to_server_form(request).map(B::from)).await.map_err(TransportError::new)?;
            let (parts, body) = response.into_parts();
            let body = Limited::new(body, LARGEST_BODY).collect().await;
            let body = body.map_err(TransportError::incomplete)?;
            Ok(http::Response::from_parts(parts, body.to_bytes()))
        })
    }
}

/// Converts a request to the form that servers receive: only the path in the request line, and the
/// host in its header.
fn to_server_form(mut request: http::Request<Bytes>) -> http::Request<Bytes> {
    if let Some(authority) = request.uri().authority()
        && let Ok(host) = HeaderValue::from_str(authority.as_str())
    {
        request.headers_mut().entry(HOST).or_insert(host);
    }
    if let Some(path) = request.uri().path_and_query().cloned() {
        *request.uri_mut() = Uri::from(path);
    }
    request
}

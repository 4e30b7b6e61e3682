//! A transport that records exchanges in order to print them.

use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use serde_json::Value;
use zstack_client::{BoxFuture, HttpTransport, Transport, TransportError};

/// A request and its response, as sent over HTTP.
#[derive(Clone, Debug)]
pub(crate) struct Exchange {
    pub(crate) method: http::Method,
    pub(crate) path: String,
    pub(crate) sent: Option<Value>,
    pub(crate) status: http::StatusCode,
    pub(crate) response: Value,
}

/// A transport that remembers the last exchange.
#[derive(Clone)]
pub(crate) struct Recording {
    inner: Arc<HttpTransport>,
    last: Arc<Mutex<Option<Exchange>>>,
}

impl Recording {
    pub(crate) fn new() -> Result<Self, TransportError> {
        Ok(Self { inner: Arc::new(HttpTransport::direct()?), last: Arc::default() })
    }

    /// Removes and returns the last exchange.
    pub(crate) fn take(&self) -> Option<Exchange> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl Transport for Recording {
    fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> BoxFuture<'_, Result<http::Response<Bytes>, TransportError>> {
        Box::pin(async move {
            let method = request.method().clone();
            let path = request.uri().path_and_query().map(ToString::to_string).unwrap_or_default();
            let sent = serde_json::from_slice(request.body()).ok();
            let answer = self.inner.send(request).await?;
            let response = serde_json::from_slice(answer.body())
                .unwrap_or_else(|_| String::from_utf8_lossy(answer.body()).into());
            let exchange = Exchange { method, path, sent, status: answer.status(), response };
            *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some(exchange);
            Ok(answer)
        })
    }
}

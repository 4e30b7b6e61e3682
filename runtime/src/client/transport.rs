//! Transports, which send requests and return responses.

use std::error::Error as StdError;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use bytes::Bytes;

use crate::error_chain::ErrorChain;

/// A boxed future.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A boxed error.
pub type BoxError = Box<dyn StdError + Send + Sync>;

/// The maximum length of a body in bytes, so that a peer cannot fill the memory.
pub(super) const LARGEST_BODY: usize = 256 * 1024 * 1024;

/// Sends requests to a server.
///
/// The default is HTTP over TCP; [`InProcess`](super::InProcess) calls a service in the same
/// process. Wrap a transport to record, delay or fail requests:
///
/// ```
/// use std::sync::{Arc, Mutex};
///
/// use bytes::Bytes;
/// use zstack_runtime::client::{BoxFuture, Client, Transport, TransportError};
///
/// /// Records the request line of all requests.
/// struct Recording<T> {
///     inner: T,
///     lines: Mutex<Vec<String>>,
/// }
///
/// impl<T: Transport> Transport for Recording<T> {
///     fn send(
///         &self,
///         request: http::Request<Bytes>,
///     ) -> BoxFuture<'_, Result<http::Response<Bytes>, TransportError>> {
///         let line = format!("{} {}", request.method(), request.uri().path());
///         self.lines.lock().unwrap().push(line);
///         self.inner.send(request)
///     }
/// }
///
/// # struct Unplugged;
/// # impl Transport for Unplugged {
/// #     fn send(&self, _: http::Request<Bytes>) -> BoxFuture<'_, Result<http::Response<Bytes>, TransportError>> {
/// #         Box::pin(async { Err(TransportError::new("unplugged")) })
/// #     }
/// # }
/// # fn main() -> Result<(), zstack_runtime::client::Error> {
/// # let inner = Unplugged;
/// let recording = Arc::new(Recording { inner, lines: Mutex::default() });
/// let client = Client::builder("http://127.0.0.1:8080").transport(Arc::clone(&recording)).build()?;
/// # let _ = client;
/// # Ok(())
/// # }
/// ```
///
/// The client limits the time of each exchange; a transport need not.
pub trait Transport: Send + Sync + 'static {
    /// Sends a request, and reads the response to its end.
    ///
    /// The URI of the request is absolute. Redirects are returned like any other response.
    fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> BoxFuture<'_, Result<http::Response<Bytes>, TransportError>>;
}

impl<T: Transport + ?Sized> Transport for Arc<T> {
    fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> BoxFuture<'_, Result<http::Response<Bytes>, TransportError>> {
        (**self).send(request)
    }
}

/// The error of an exchange without a complete response.
///
/// Its text includes the underlying errors, so [`source`](StdError::source) returns `None`;
/// [`into_inner`](Self::into_inner) returns the error that it was created from.
#[derive(Debug)]
pub struct TransportError {
    why: BoxError,
    began: bool,
}

impl TransportError {
    /// Creates the error from another error or a text, for an exchange without any response.
    pub fn new(why: impl Into<BoxError>) -> Self {
        Self { why: why.into(), began: false }
    }

    /// Creates the error for an incomplete response. The server has received the request, so the
    /// client does not send it again.
    pub fn incomplete(why: impl Into<BoxError>) -> Self {
        Self { why: why.into(), began: true }
    }

    /// Returns the error that it was created from.
    #[must_use]
    pub fn into_inner(self) -> BoxError {
        self.why
    }

    /// Returns whether a response began.
    pub(super) fn began(&self) -> bool {
        self.began
    }
}

/// Writes the error and the underlying ones: `error sending request: connection refused`.
impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        ErrorChain(&*self.why).fmt(f)
    }
}

/// Has no source: its text includes all of them.
impl StdError for TransportError {}

//! How a request becomes a response.

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

/// The most that a body may hold, in bytes: a peer must not fill the memory.
pub(super) const LARGEST_BODY: usize = 256 * 1024 * 1024;

/// What carries requests to a server.
///
/// The default speaks HTTP over TCP; [`InProcess`](super::InProcess) calls a
/// service in this process. Wrap one to record, delay or break things:
///
/// ```
/// use std::sync::{Arc, Mutex};
///
/// use bytes::Bytes;
/// use zstack_runtime::client::{BoxFuture, Client, Transport, TransportError};
///
/// /// Keeps the request line of all that passes.
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
    /// Sends a request, and reads the whole of the response.
    ///
    /// The URI is absolute. Redirects are responses like any other.
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

/// There is no response.
///
/// Its text has the errors that led to it, too, so that
/// [`source`](StdError::source) returns nothing; [`into_inner`](Self::into_inner)
/// returns the error that it was made of.
#[derive(Debug)]
pub struct TransportError {
    why: BoxError,
    began: bool,
}

impl TransportError {
    /// Why there is none: an error, or a text.
    pub fn new(why: impl Into<BoxError>) -> Self {
        Self { why: why.into(), began: false }
    }

    /// Why there is not the whole of one. The request arrived, and is not
    /// sent again.
    pub fn broken_off(why: impl Into<BoxError>) -> Self {
        Self { why: why.into(), began: true }
    }

    /// The error that it was made of.
    #[must_use]
    pub fn into_inner(self) -> BoxError {
        self.why
    }

    /// Whether a response began.
    pub(super) fn began(&self) -> bool {
        self.began
    }
}

/// The error and all that led to it: `error sending request: connection refused`.
impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        ErrorChain(&*self.why).fmt(f)
    }
}

/// Without a source: its text has all of them.
impl StdError for TransportError {}

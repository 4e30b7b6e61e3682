use super::client::Client;
use super::error::Error;
use crate::operation::Request;

/// A type that calls operations: a [`Client`], or its replacement in a test.
///
/// The generated client has a trait per category with a method for each operation, implemented for
/// every `Caller`.
///
/// ```
/// use zstack_runtime::Request;
/// use zstack_runtime::client::{Caller, Error};
///
/// /// A test double that answers every call with an empty response.
/// struct EmptyResponses;
///
/// impl Caller for EmptyResponses {
///     async fn execute<R: Request>(&self, _: R) -> Result<R::Response, Error> {
///         Ok(R::Response::default())
///     }
/// }
/// ```
pub trait Caller: Send + Sync {
    /// Calls an operation, and waits for its result.
    ///
    /// # Errors
    ///
    /// See [`ErrorKind`](super::ErrorKind).
    fn execute<R: Request>(&self, request: R) -> impl Future<Output = Result<R::Response, Error>> + Send;
}

impl Caller for Client {
    fn execute<R: Request>(&self, request: R) -> impl Future<Output = Result<R::Response, Error>> + Send {
        self.call(request)
    }
}

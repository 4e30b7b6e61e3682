use super::client::Client;
use super::error::Error;
use crate::operation::Request;

/// A type that calls operations: a [`Client`], or its replacement in a test.
///
/// The generated client has a trait per category with a method for each operation, implemented for
/// every `Caller`.
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

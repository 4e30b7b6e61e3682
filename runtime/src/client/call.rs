use super::client::Client;
use super::error::Error;
use super::job::Job;
use crate::operation::Request;
use crate::operation::Tagged;

/// The calls of a request, for every request: what [`Client`] has, from the
/// other end.
pub trait Call: Request {
    /// Calls the operation, and waits for its result; see [`Client::call`].
    ///
    /// # Errors
    ///
    /// See [`ErrorKind`](super::ErrorKind).
    fn call(self, client: &Client) -> impl Future<Output = Result<Self::Response, Error>> + Send {
        client.call(self)
    }

    /// Calls the operation, and leaves the waiting to the [`Job`]; see
    /// [`Client::start`].
    ///
    /// # Errors
    ///
    /// See [`ErrorKind`](super::ErrorKind).
    fn start(self, client: &Client) -> impl Future<Output = Result<Job<Self>, Error>> + Send {
        client.start(self)
    }

    /// Asks the server to check everything and to do nothing; see
    /// [`Client::dry_run`].
    ///
    /// # Errors
    ///
    /// See [`ErrorKind`](super::ErrorKind).
    fn dry_run(self, client: &Client) -> impl Future<Output = Result<(), Error>> + Send
    where
        Self: Tagged,
    {
        client.dry_run(self)
    }
}

impl<R: Request> Call for R {}

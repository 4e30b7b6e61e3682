use super::client::Client;
use super::error::Error;
use super::job::Job;
use crate::operation::Request;
use crate::operation::Tagged;

/// The calls of every request: the methods of [`Client`], called on the request.
pub trait Call: Request {
    /// Calls the operation, and waits for its result; see [`Client::call`].
    ///
    /// # Errors
    ///
    /// See [`ErrorKind`](super::ErrorKind).
    fn call(self, client: &Client) -> impl Future<Output = Result<Self::Response, Error>> + Send {
        client.call(self)
    }

    /// Starts the operation, and returns the [`Job`]; see [`Client::start`].
    ///
    /// # Errors
    ///
    /// See [`ErrorKind`](super::ErrorKind).
    fn start(self, client: &Client) -> impl Future<Output = Result<Job<Self>, Error>> + Send {
        client.start(self)
    }

    /// Asks the server to check the request and to change nothing; see [`Client::dry_run`].
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

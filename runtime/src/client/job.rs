use std::fmt;
use std::marker::PhantomData;

use tracing::Instrument as _;

use super::answer::{Accepted, Poll, Reply};
use super::attempt::Submitted;
use super::connection::Connection;
use super::error::Error;
use super::polling::Watch;
use super::timer::after;
use super::trace::Trace;
use crate::operation::Request;

/// A long operation that runs on the server.
///
/// ```no_run
/// use zstack_runtime::client::{Call, Client, Error, ErrorKind};
/// # use zstack_runtime::Request;
///
/// async fn patient<R: Request>(request: R, client: &Client) -> Result<R::Response, Error> {
///     let job = request.start(client).await?;
///     // With the uuid, another process can go on from here:
///     // `client.job::<R>(uuid).wait()`.
///     println!("started {}", job.uuid());
///     loop {
///         match job.wait().await {
///             Err(error) if error.kind() == ErrorKind::Deadline => println!("still waiting"),
///             result => return result,
///         }
///     }
/// }
/// # fn main() {}
/// ```
///
/// Dropping the job or one of its futures stops polling; the operation continues.
pub struct Job<R> {
    connection: Connection,
    submitted: Submitted,
    request: PhantomData<fn() -> R>,
}

/// The progress of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress<T> {
    /// The job is running.
    Running,
    /// The job has succeeded, with this result.
    Done(T),
}

impl<R: Request> Job<R> {
    pub(super) fn new(connection: Connection, submitted: Submitted) -> Self {
        Self { connection, submitted, request: PhantomData }
    }

    pub(super) fn from_uuid(connection: Connection, uuid: String) -> Self {
        let accepted = Accepted { uuid, api_timeout: None };
        let subject = connection.credentials.subject(R::OPERATION);
        Self::new(connection, Submitted { accepted, reply: None, expected: None, subject })
    }

    /// Returns its UUID, with which any process can resume it.
    #[must_use]
    pub fn uuid(&self) -> &str {
        &self.submitted.accepted.uuid
    }

    /// Waits for its end. The server keeps results for some hours, so this can be called again.
    ///
    /// The deadline is that of [`CallOptions`](super::CallOptions) or of the client; without one,
    /// one minute more than the limit that the server sets for the job, or half an hour if it sets
    /// none.
    ///
    /// # Errors
    ///
    /// See [`ErrorKind`](super::ErrorKind).
    pub async fn wait(&self) -> Result<R::Response, Error> {
        let trace = Trace::new(R::OPERATION, Some(self.uuid()));
        let ended = self.end().instrument(trace.span()).await;
        let ended = trace.log_end(ended, |reply| reply.status);
        self.with_subject(ended.and_then(|reply| self.connection.read(|| reply.read::<R>())))
    }

    /// Polls it once.
    ///
    /// # Errors
    ///
    /// See [`ErrorKind`](super::ErrorKind). After a transport error, the state of the job is
    /// unknown.
    pub async fn poll(&self) -> Result<Progress<R::Response>, Error> {
        let read = self.look().await.and_then(|reply| match reply {
            None => Ok(Progress::Running),
            Some(reply) => self.connection.read(|| reply.read::<R>()).map(Progress::Done),
        });
        self.with_subject(read)
    }

    async fn end(&self) -> Result<Reply, Error> {
        match &self.submitted.reply {
            Some(reply) => Ok(reply.clone()),
            None => {
                let until = after(self.connection.patience(self.submitted.accepted.api_timeout));
                self.watch()?.wait(until, self.submitted.expected.as_deref()).await
            }
        }
    }

    async fn look(&self) -> Result<Option<Reply>, Error> {
        if let Some(reply) = &self.submitted.reply {
            return Ok(Some(reply.clone()));
        }
        match self.watch()?.poll(None).await? {
            Poll::Running { .. } => Ok(None),
            Poll::Done(reply) => Ok(Some(reply)),
            Poll::Transient { error, .. } => Err(error),
        }
    }

    fn watch(&self) -> Result<Watch<'_>, Error> {
        Watch::new(&self.connection, R::OPERATION, self.uuid())
    }

    /// Adds the job and the subject to an error.
    fn with_subject<T>(&self, result: Result<T, Error>) -> Result<T, Error> {
        result.map_err(|error| {
            self.connection.note_refusal(&error, &self.submitted.subject);
            error.with_job(Some(self.uuid())).about(&self.submitted.subject)
        })
    }
}

impl<R> Clone for Job<R> {
    fn clone(&self) -> Self {
        let (connection, submitted) = (self.connection.clone(), self.submitted.clone());
        Self { connection, submitted, request: PhantomData }
    }
}

impl<R: Request> fmt::Debug for Job<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Job")
            .field("operation", &R::OPERATION.name)
            .field("uuid", &self.uuid())
            .finish_non_exhaustive()
    }
}

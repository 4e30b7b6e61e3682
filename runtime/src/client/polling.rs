//! Polls a job until it has ended.

use std::time::Duration;

use bytes::Bytes;
use tokio::time::Instant;

use super::answer::{self, Poll, Reply};
use super::connection::Connection;
use super::error::{Error, ErrorKind};
use super::options::PollPolicy;
use super::timer::{in_runtime, sleep_within};
use super::url::job_path;
use super::webhook::Expected;
use crate::operation::{Auth, Operation};

/// The time limit of one poll, shorter than that of a call: a server answers polls immediately.
const POLL_TIMEOUT: Duration = Duration::from_secs(30);

/// A job that is polled.
pub(super) struct Watch<'a> {
    connection: &'a Connection,
    operation: &'static Operation,
    uuid: &'a str,
    request: http::Request<Bytes>,
}

impl<'a> Watch<'a> {
    pub(super) fn new(
        connection: &'a Connection,
        operation: &'static Operation,
        uuid: &'a str,
    ) -> Result<Self, Error> {
        let path = job_path(uuid)
            .map_err(|problem| Error::invalid(format!("not sent: the UUID of the job {problem}")))?;
        let mut request = http::Request::new(Bytes::new());
        *request.uri_mut() = connection.shared.base.join(&path).map_err(Error::invalid)?;
        Ok(Self { connection, operation, uuid, request })
    }

    /// Polls once.
    pub(super) async fn poll(&self, until: Option<Instant>) -> Result<Poll, Error> {
        let limit = self.connection.request_timeout().min(POLL_TIMEOUT);
        let mut request = self.request.clone();
        // Servers do not need it, but official clients send it.
        if self.operation.auth == Auth::Session {
            let session = self.connection.credentials.session();
            self.connection.authorize(session.as_deref(), &mut request)?;
        }
        let polled = match self.connection.send(request, limit, until).await {
            Ok(response) => answer::poll(response),
            // The job continues even if a poll fails.
            Err(error) if error.kind() == ErrorKind::Transport => {
                Ok(Poll::Transient { retry_after: None, error })
            }
            Err(error) => Err(error),
        };
        polled.map_err(|error| error.with_job(Some(self.uuid)))
    }

    /// Polls until the job has ended or the deadline has passed. After failures that may be
    /// temporary, such as a lost connection or a proxy without its server, it polls again. It also
    /// ends when the result is posted.
    pub(super) async fn wait(
        &self,
        until: Option<Instant>,
        expected: Option<&Expected>,
    ) -> Result<Reply, Error> {
        in_runtime()?;
        let Some(expected) = expected else { return self.ask(self.connection.shared.poll, until).await };
        tokio::select! {
            biased;
            response = expected.wait_for_post() => match answer::poll(response) {
                Ok(Poll::Done(reply)) => Ok(reply),
                Ok(_) => self.ask(self.connection.shared.poll, until).await,
                Err(error) => Err(error.with_job(Some(self.uuid))),
            },
            answered = self.ask(PollPolicy::WITH_WEBHOOK, until) => answered,
        }
    }

    async fn ask(&self, policy: PollPolicy, until: Option<Instant>) -> Result<Reply, Error> {
        let mut last = None;
        let mut not_before = Duration::ZERO;
        for delay in policy.delays() {
            if !sleep_within(delay.max(not_before), until).await {
                break;
            }
            match self.poll(until).await {
                Ok(Poll::Done(reply)) => return Ok(reply),
                Ok(Poll::Running { retry_after }) => {
                    last = None;
                    not_before = retry_after.unwrap_or_default();
                }
                Ok(Poll::Transient { retry_after, error }) => {
                    last = Some(error);
                    not_before = retry_after.unwrap_or_default();
                }
                Err(error) if error.kind() == ErrorKind::Deadline => break,
                Err(error) => return Err(error),
            }
        }
        let error = Error::new(
            ErrorKind::Deadline,
            "the job was not completed within the deadline; it continues on the server",
        );
        let error = error.with_job(Some(self.uuid));
        Err(match last {
            Some(last) => error.with_cause(last),
            None => error,
        })
    }
}

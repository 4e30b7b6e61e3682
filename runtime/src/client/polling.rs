//! Asking about a job until it is done.

use std::time::Duration;

use bytes::Bytes;
use tokio::time::{Instant, sleep};

use super::answer::{self, Poll, Reply};
use super::client::Client;
use super::error::{Error, ErrorKind};
use super::exchange::in_runtime;
use super::request::{headers, segment};
use super::url::job_path;
use crate::operation::Operation;

/// How long one poll may take. Its answer is known at once or not at all, so
/// there is no point in waiting as long as for a call.
const POLL_TIMEOUT: Duration = Duration::from_secs(30);

/// A job that is asked about.
pub(super) struct Watch<'a> {
    client: &'a Client,
    uuid: &'a str,
    request: http::Request<Bytes>,
}

impl<'a> Watch<'a> {
    pub(super) fn new(
        client: &'a Client,
        operation: &'static Operation,
        uuid: &'a str,
    ) -> Result<Self, Error> {
        let mut path = job_path("");
        segment(uuid, &mut path)
            .map_err(|problem| Error::invalid(format!("not sent: the job's uuid {problem}")))?;
        let mut request = http::Request::new(Bytes::new());
        *request.uri_mut() = client.shared.base.join(&path)?;
        *request.headers_mut() = headers(false);
        client.authorize(operation, &mut request)?;
        Ok(Self { client, uuid, request })
    }

    /// Asks once.
    pub(super) async fn poll(&self, until: Option<Instant>) -> Result<Poll, Error> {
        let limit = self.client.request_timeout().min(POLL_TIMEOUT);
        let polled = match self.client.send(self.request.clone(), limit, until).await {
            Ok(response) => answer::poll(response),
            // The job goes on whatever happens to the question.
            Err(error) if error.kind() == ErrorKind::Transport => {
                Ok(Poll::Transient { retry_after: None, error })
            }
            Err(error) => Err(error),
        };
        polled.map_err(|error| error.of_job(Some(self.uuid)))
    }

    /// Asks until the job is done, or the deadline has come. What may be
    /// over soon - a lost connection, a proxy without its server - is asked
    /// about again.
    pub(super) async fn wait(&self, until: Option<Instant>) -> Result<Reply, Error> {
        in_runtime()?;
        let mut last = None;
        let mut not_before = Duration::ZERO;
        for delay in self.client.shared.poll.delays() {
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
        let error = Error::new(ErrorKind::Deadline, "the job is not done within the deadline, and goes on");
        let error = error.of_job(Some(self.uuid));
        Err(match last {
            Some(last) => error.caused_by(last),
            None => error,
        })
    }
}

/// Sleeps; `false` when the deadline comes first.
async fn sleep_within(delay: Duration, until: Option<Instant>) -> bool {
    let remaining = until.map(|until| until.saturating_duration_since(Instant::now()));
    match remaining {
        Some(remaining) if remaining <= delay => {
            sleep(remaining).await;
            false
        }
        _ => {
            sleep(delay).await;
            true
        }
    }
}

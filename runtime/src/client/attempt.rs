//! Sending a request until there is an answer to it: with a session, within
//! its time, and again where the connection was lost and that does no harm.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::StatusCode;
use tokio::time::{Instant, sleep, timeout};

use super::answer::{self, Accepted, Answer, Poll};
use super::client::Client;
use super::credentials::Credentials;
use super::error::{Error, ErrorKind};
use super::exchange::Outgoing;
use super::options::PollPolicy;
use super::polling::Watch;
use super::request::add_headers;
use crate::operation::{Auth, Execution, Method};

impl Client {
    /// Sends a request until there is an answer to it.
    pub(super) async fn answer(
        &self,
        outgoing: &mut Outgoing,
        until: Option<Instant>,
    ) -> Result<Answer, Error> {
        if outgoing.operation.auth == Auth::Session
            && let Credentials::Account(account) = &self.credentials
        {
            let session = account.ready(self, until).await?;
            outgoing.subject.uses(&session);
        }
        if outgoing.operation.execution == Execution::Async
            && let (Some(webhook), Some(job)) = (&self.shared.webhook, &outgoing.job)
        {
            // Before it is sent: the post may overtake the answer.
            outgoing.expected = Some(Arc::new(webhook.expect(job)?));
        }
        let answered = self.answer_to(outgoing, until).await;
        answered.map_err(|error| {
            self.note_refusal(&error, &outgoing.subject);
            error.of_job(outgoing.job.as_deref())
        })
    }

    async fn answer_to(&self, outgoing: &Outgoing, until: Option<Instant>) -> Result<Answer, Error> {
        match self.send_signed(outgoing, until)?.await {
            Ok(response) => answer::first(response, outgoing.job.as_deref()),
            // What is rare has a future of its own: all of that of a call is
            // moved about with every call.
            Err(error) if error.is_connection_lost() && outgoing.is_repeatable() => {
                Box::pin(self.answer_again(outgoing, error, until)).await
            }
            Err(error) => Err(error),
        }
    }

    /// Sends a request again, after the connection was lost.
    async fn answer_again(
        &self,
        outgoing: &Outgoing,
        mut lost: Error,
        until: Option<Instant>,
    ) -> Result<Answer, Error> {
        let job = outgoing.job.as_deref();
        for delay in PollPolicy::RECONNECT.delays().take(self.shared.retries) {
            if !sleep_within(delay, until).await {
                break;
            }
            let error = outgoing.subject.hide(lost.to_string());
            tracing::debug!(error, "sent again");
            match self.send_signed(outgoing, until)?.await {
                Ok(response) if response.status() == StatusCode::BAD_REQUEST && job.is_some() => {
                    return self.accepted_before(outgoing, response, until).await;
                }
                Ok(response) => return answer::first(response, job),
                Err(error) if error.is_connection_lost() => lost = error,
                Err(error) => return Err(error),
            }
        }
        Err(lost)
    }

    /// One exchange, with what says who calls.
    fn send_signed(
        &self,
        outgoing: &Outgoing,
        until: Option<Instant>,
    ) -> Result<impl Future<Output = Result<http::Response<Bytes>, Error>> + Send, Error> {
        Ok(self.send(self.signed(outgoing)?, self.request_timeout(), until))
    }

    /// A repeated request was refused: for the name of its job, if the first
    /// one arrived after all. The server knows the job then.
    async fn accepted_before(
        &self,
        outgoing: &Outgoing,
        response: http::Response<Bytes>,
        until: Option<Instant>,
    ) -> Result<Answer, Error> {
        let uuid = outgoing.job.as_deref().unwrap_or_default();
        let refused = answer::first(response, Some(uuid));
        match Watch::new(self, outgoing.operation, uuid)?.poll(until).await {
            Err(error) if error.kind() == ErrorKind::JobLost => refused,
            Ok(Poll::Done(reply)) => Ok(Answer::Result(reply)),
            Ok(_) => Ok(Answer::Job(Accepted { uuid: uuid.to_owned(), api_timeout: None })),
            Err(error) => Err(error),
        }
    }

    /// One exchange, of at most `limit`, and not beyond `until`.
    pub(super) fn send(
        &self,
        mut request: http::Request<Bytes>,
        limit: Duration,
        until: Option<Instant>,
    ) -> impl Future<Output = Result<http::Response<Bytes>, Error>> + Send {
        add_headers(&mut request);
        // Outside the future, which need not hold the request then.
        let sent = in_runtime().map(|()| self.shared.transport.send(request));
        async move {
            let remaining = until.map_or(limit, |until| until.saturating_duration_since(Instant::now()));
            match timeout(limit.min(remaining), sent?).await {
                Ok(Ok(response)) => Ok(response),
                Ok(Err(error)) => Err(Error::unanswered(error)),
                Err(_) if remaining < limit => {
                    Err(Error::new(ErrorKind::Deadline, "not done within the deadline"))
                }
                Err(_) => Err(Error::new(ErrorKind::Transport, format!("no answer within {}", told(limit)))
                    .after_timeout()),
            }
        }
    }
}

impl Outgoing {
    /// Whether it does no harm to send it twice.
    fn is_repeatable(&self) -> bool {
        let named_job = self.operation.execution == Execution::Async && self.job.is_some();
        self.operation.method == Method::Get || named_job
    }
}

/// Sleeps; `false` when the deadline comes first.
pub(super) async fn sleep_within(delay: Duration, until: Option<Instant>) -> bool {
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

/// Timers panic outside a runtime; an error says more.
pub(super) fn in_runtime() -> Result<(), Error> {
    match tokio::runtime::Handle::try_current() {
        Ok(_) => Ok(()),
        Err(error) => {
            Err(Error::invalid("not sent: calls run in a Tokio runtime; elsewhere, use `blocking::Client`")
                .caused_by(error))
        }
    }
}

/// A duration as people say it: `90 s`, `200 ms`.
pub(super) fn told(duration: Duration) -> String {
    if duration.subsec_millis() == 0 && duration.as_secs() > 0 {
        format!("{} s", duration.as_secs())
    } else {
        format!("{} ms", duration.as_millis())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_told_shortly() {
        assert_eq!(told(Duration::from_secs(90)), "90 s");
        assert_eq!(told(Duration::from_millis(1500)), "1500 ms");
    }
}

//! The attempts of a call until there is a response. Nearly all of this is not generic, so that it
//! is compiled once.

use std::sync::Arc;

use http::StatusCode;
use tokio::time::Instant;
use tracing::Instrument as _;

use super::answer::{self, Accepted, Answer, Poll, Reply};
use super::connection::Connection;
use super::credentials::Credentials;
use super::error::{Error, ErrorKind};
use super::options::PollPolicy;
use super::outgoing::{Naming, Outgoing};
use super::polling::Watch;
use super::subject::Subject;
use super::timer::{after, sleep_within};
use super::trace::Trace;
use super::webhook::Expected;
use crate::decode::in_release;
use crate::operation::{Auth, Execution, Request};

/// A call that was sent, and became a job unless there is a reply.
#[derive(Clone)]
pub(super) struct Submitted {
    pub(super) accepted: Accepted,
    /// The result, if the server answered at once.
    pub(super) reply: Option<Reply>,
    /// The result that the server may post.
    pub(super) expected: Option<Arc<Expected>>,
    /// The subject of errors, with the session that started the job.
    pub(super) subject: Subject,
}

/// The condition under which a call is complete.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Goal {
    /// With any response, which may be a job.
    Answer,
    /// With a result, for which a job is waited for.
    Result,
}

impl Connection {
    /// Calls an operation, waits for its result and decodes it.
    pub(super) fn call<R: Request, T>(
        &self,
        request: R,
        read: impl FnOnce(&Reply) -> Result<T, Error> + Send,
    ) -> impl Future<Output = Result<T, Error>> + Send {
        let outgoing = self.outgoing(R::OPERATION, &request, Naming::IfAsked);
        async move {
            let (reply, subject) = self.run(outgoing?).await?;
            self.read(|| read(&reply)).map_err(|error| error.about(&subject))
        }
    }

    /// Decodes a reply, which need not have the fields that the server's release does not require.
    pub(super) fn read<T>(&self, decode: impl FnOnce() -> T) -> T {
        in_release(self.version(), decode)
    }

    /// Sends a request, and waits for its job if it becomes one. Returns the reply, and the subject
    /// for an error in it.
    async fn run(&self, mut outgoing: Box<Outgoing>) -> Result<(Reply, Subject), Error> {
        match self.perform(&mut outgoing, Goal::Result).await.and_then(Answer::into_reply) {
            Ok(reply) => Ok((reply, outgoing.subject)),
            Err(error) => Err(error.about(&outgoing.subject)),
        }
    }

    /// Sends a request, and does not wait for its job.
    pub(super) async fn submit(&self, mut outgoing: Box<Outgoing>) -> Result<Submitted, Error> {
        let (accepted, reply) = match self.perform(&mut outgoing, Goal::Answer).await {
            Ok(Answer::Job(accepted)) => (accepted, None),
            Ok(Answer::Result(reply)) => {
                let uuid = outgoing.job.unwrap_or_default();
                (Accepted { uuid, api_timeout: None }, Some(reply))
            }
            Err(error) => return Err(error.about(&outgoing.subject)),
        };
        Ok(Submitted { accepted, reply, expected: outgoing.expected, subject: outgoing.subject })
    }

    async fn perform(&self, outgoing: &mut Outgoing, goal: Goal) -> Result<Answer, Error> {
        let trace = Trace::new(outgoing.operation, outgoing.job.as_deref());
        let answered = self.retry(outgoing, goal, &trace).instrument(trace.span()).await;
        trace.log_end(answered, Answer::status)
    }

    /// Makes attempts until one succeeds, or another would be useless or harmful.
    ///
    /// After a lost connection, the same request is sent again if that does no harm. After a
    /// refusal of its session, which means that nothing was done, an account logs in again, once.
    async fn retry(&self, outgoing: &mut Outgoing, goal: Goal, trace: &Trace) -> Result<Answer, Error> {
        let until = self.deadline().and_then(after);
        let (mut repeats, mut is_renewed) = (0, false);
        loop {
            if repeats == 0 {
                self.prepare(outgoing, until).await?;
            }
            let error = match self.attempt(outgoing, goal, repeats > 0, until, trace).await {
                Ok(answer) => return Ok(answer),
                Err(error) => error,
            };
            self.note_refusal(&error, &outgoing.subject);
            if error.is_connection_lost() && outgoing.is_repeatable() && repeats < self.shared.retries {
                // Boxed, since it is rare, and the future of a call is moved.
                if !Box::pin(reconnect_pause(repeats, until)).await {
                    return Err(error);
                }
                let error = outgoing.subject.hide(error.to_string());
                tracing::debug!(error, "sending the request again");
                repeats += 1;
            } else if error.is_session_refused() && !is_renewed && self.can_renew_session(outgoing) {
                outgoing.rename_job()?;
                (repeats, is_renewed) = (0, true);
            } else {
                return Err(error);
            }
        }
    }

    /// Returns whether a call may be repeated with another session. A job UUID that the caller
    /// chose can be used only once.
    fn can_renew_session(&self, outgoing: &Outgoing) -> bool {
        let is_named = outgoing.job.is_some() && self.options.job_uuid.is_some();
        matches!(self.credentials, Credentials::Account(_)) && !is_named
    }

    /// Ensures that there is a session, and registers the job with the webhook: its result may
    /// arrive before the response.
    async fn prepare(&self, outgoing: &mut Outgoing, until: Option<Instant>) -> Result<(), Error> {
        if outgoing.operation.auth == Auth::Session
            && let Credentials::Account(account) = &self.credentials
        {
            let session = account.get_session(until, |request| self.exchange(request, until)).await?;
            outgoing.subject.uses(&session);
        }
        if outgoing.operation.execution == Execution::Async
            && let (Some(webhook), Some(job)) = (&self.shared.webhook, &outgoing.job)
        {
            outgoing.expected = Some(Arc::new(webhook.expect(job)?));
        }
        Ok(())
    }

    /// Sends a request once, and waits for its job if the goal is a result.
    async fn attempt(
        &self,
        outgoing: &Outgoing,
        goal: Goal,
        is_repeated: bool,
        until: Option<Instant>,
        trace: &Trace,
    ) -> Result<Answer, Error> {
        let job = outgoing.job.as_deref();
        let request = self.sign_request(outgoing).map_err(|error| error.with_job(job))?;
        let answered = match self.send(request, self.request_timeout(), until).await {
            Ok(response) if is_repeated && job.is_some() && response.status() == StatusCode::BAD_REQUEST => {
                Box::pin(self.accepted_before(outgoing, response, until)).await
            }
            Ok(response) => answer::first(response, job),
            Err(error) => Err(error),
        };
        match answered.map_err(|error| error.with_job(job))? {
            Answer::Job(accepted) if goal == Goal::Result => {
                trace.job(&accepted.uuid);
                // Boxed, since most calls do not become a job.
                Box::pin(self.wait(&accepted, outgoing, until)).await.map(Answer::Result)
            }
            answer => Ok(answer),
        }
    }

    /// Interprets the refusal of a repeated request: if the first one arrived, the UUID of its job
    /// is in use, and the server knows the job.
    async fn accepted_before(
        &self,
        outgoing: &Outgoing,
        response: http::Response<bytes::Bytes>,
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

    /// Waits for the job that a call has become.
    async fn wait(
        &self,
        accepted: &Accepted,
        outgoing: &Outgoing,
        until: Option<Instant>,
    ) -> Result<Reply, Error> {
        let until = until.or_else(|| after(self.patience(accepted.api_timeout)));
        let watch = Watch::new(self, outgoing.operation, &accepted.uuid)?;
        watch.wait(until, outgoing.expected.as_deref()).await
    }
}

/// Waits before the next attempt; returns `false` when the deadline comes first.
async fn reconnect_pause(repeats: usize, until: Option<Instant>) -> bool {
    let delay = PollPolicy::RECONNECT.delays().nth(repeats).unwrap_or_default();
    sleep_within(delay, until).await
}

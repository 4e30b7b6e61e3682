//! One call on the wire, whatever the operation: nothing here is generic, so
//! that it is compiled once.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::HeaderValue;
use http::header::HeaderName;
use tokio::time::Instant;
use tracing::Instrument as _;

use super::answer::{Accepted, Answer, Reply};
use super::client::Client;
use super::credentials::Credentials;
use super::error::{Error, ErrorKind};
use super::gate::too_new;
use super::options::Prefer;
use super::polling::Watch;
use super::request;
use super::subject::Subject;
use super::trace::Trace;
use super::webhook::Expected;
use crate::operation::{Auth, Execution, Operation};
use crate::record::AnyRecord;

pub(super) const JOB_UUID: HeaderName = HeaderName::from_static("x-job-uuid");
const API_TIMEOUT: HeaderName = HeaderName::from_static("x-api-timeout");
const WEB_HOOK: HeaderName = HeaderName::from_static("x-web-hook");
const PREFER: HeaderName = HeaderName::from_static("prefer");

/// How long a job may take where neither the caller nor the server says.
const PATIENCE: Duration = Duration::from_secs(30 * 60);

/// How much longer than the server to wait: it answers its own time-out, and
/// that answer says more than ours.
const GRACE: Duration = Duration::from_secs(60);

/// A request, ready to be sent but for what says who calls.
pub(super) struct Outgoing {
    pub(super) request: http::Request<Bytes>,
    /// The name given to the job.
    pub(super) job: Option<String>,
    pub(super) operation: &'static Operation,
    pub(super) subject: Subject,
    pub(super) expected: Option<Arc<Expected>>,
}

/// A call that was sent, and became a job unless there is a reply.
pub(super) struct Submitted {
    pub(super) accepted: Accepted,
    pub(super) reply: Option<Reply>,
    pub(super) expected: Option<Arc<Expected>>,
    pub(super) subject: Subject,
}

/// Whether a call names its job even if the caller does not.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Naming {
    IfAsked,
    Always,
}

impl Client {
    /// The request of a call; all that is wrong with it is found here. It is
    /// behind a pointer since futures move, and keep, what they are given.
    pub(super) fn outgoing(
        &self,
        operation: &'static Operation,
        parameters: &dyn AnyRecord,
        naming: Naming,
    ) -> Result<Box<Outgoing>, Error> {
        let subject = self.subject(operation).with_parameters(parameters);
        let is_posted = operation.execution == Execution::Async && self.shared.webhook.is_some();
        let job = match &self.options.job_uuid {
            Some(uuid) => Some(uuid.clone()),
            None if naming == Naming::Always || is_posted => Some(new_uuid()),
            None => None,
        };
        match self.encoded(operation, parameters, job.as_deref()) {
            Ok(request) => Ok(Box::new(Outgoing { request, job, operation, subject, expected: None })),
            Err(error) => Err(error.about(&subject)),
        }
    }

    fn encoded(
        &self,
        operation: &'static Operation,
        parameters: &dyn AnyRecord,
        job: Option<&str>,
    ) -> Result<http::Request<Bytes>, Error> {
        let at = self.api_version();
        let newer = too_new(operation, parameters, at);
        if !newer.is_empty() {
            let problem = format!("not sent, since the server is of release {at}: {}", newer.join("; "));
            return Err(Error::new(ErrorKind::TooNew, problem));
        }
        if operation.auth == Auth::Session && !self.credentials.are_given() {
            return Err(Error::invalid(
                "not sent: the operation needs a session; make the client with \
                 `Client::builder(url).login(account, password)`, or use `client.with_session(uuid)`",
            ));
        }
        let mut request = request::encode(&self.shared.base, operation, parameters, at)?;
        let headers = request.headers_mut();
        if let Some(uuid) = job {
            headers.insert(JOB_UUID, job_header(uuid)?);
        }
        if let Some(seconds) = self.options.api_timeout {
            headers.insert(API_TIMEOUT, seconds.into());
        }
        if operation.execution == Execution::Async {
            if let Some(webhook) = &self.shared.webhook {
                headers.insert(WEB_HOOK, webhook.header()?);
            }
            let prefer = self.options.prefer.map(|prefer| match prefer {
                Prefer::Wait(seconds) => HeaderValue::try_from(format!("wait={seconds}")),
                Prefer::RespondAsync => Ok(HeaderValue::from_static("respond-async")),
            });
            headers.extend(prefer.and_then(Result::ok).map(|prefer| (PREFER, prefer)));
        }
        Ok(request)
    }

    /// A copy of the request that says who calls, where the operation asks.
    pub(super) fn signed(&self, outgoing: &Outgoing) -> Result<http::Request<Bytes>, Error> {
        let mut request = outgoing.request.clone();
        if outgoing.operation.auth == Auth::Session {
            let session = outgoing.subject.session();
            self.credentials.authorize(&self.shared.base, session, &mut request)?;
        }
        Ok(request)
    }

    pub(super) fn subject(&self, operation: &'static Operation) -> Subject {
        Subject::new(operation, &self.credentials)
    }

    /// Sends a request, and waits for its job if it becomes one. Besides the
    /// reply, tells what an error in it is about.
    pub(super) async fn run(&self, mut outgoing: Box<Outgoing>) -> Result<(Reply, Subject), Error> {
        let trace = Trace::new(outgoing.operation, outgoing.job.as_deref());
        let span = trace.span();
        let answered = async {
            let until = self.deadline().and_then(after);
            match self.complete(&mut outgoing, until, &trace).await {
                Err(error) if self.may_begin_again(&outgoing, &error) => {
                    outgoing.rename()?;
                    self.complete(&mut outgoing, until, &trace).await
                }
                answered => answered,
            }
        };
        match trace.ended(answered.instrument(span).await) {
            Ok(reply) => Ok((reply, outgoing.subject)),
            Err(error) => Err(error.about(&outgoing.subject)),
        }
    }

    async fn complete(
        &self,
        outgoing: &mut Outgoing,
        until: Option<Instant>,
        trace: &Trace,
    ) -> Result<Reply, Error> {
        let answered = match self.answer(outgoing, until).await? {
            Answer::Result(reply) => Ok(reply),
            Answer::Job(accepted) => {
                trace.job(&accepted.uuid);
                // Most calls become no job.
                Box::pin(self.done(&accepted, outgoing, until)).await
            }
        };
        if let Err(error) = &answered {
            self.note_refusal(error, &outgoing.subject);
        }
        answered
    }

    /// Waits for the job that a call has become.
    async fn done(
        &self,
        accepted: &Accepted,
        outgoing: &Outgoing,
        until: Option<Instant>,
    ) -> Result<Reply, Error> {
        let until = until.or_else(|| after(self.patience(accepted.api_timeout)));
        let watch = Watch::new(self, outgoing.operation, &accepted.uuid)?;
        watch.wait(until, outgoing.expected.as_deref()).await
    }

    /// Sends a request, and does not wait for its job.
    pub(super) async fn submit(&self, mut outgoing: Box<Outgoing>) -> Result<Submitted, Error> {
        let trace = Trace::new(outgoing.operation, outgoing.job.as_deref());
        let span = trace.span();
        let answered = async {
            let until = self.deadline().and_then(after);
            match self.answer(&mut outgoing, until).await {
                Err(error) if self.may_begin_again(&outgoing, &error) => {
                    outgoing.rename()?;
                    self.answer(&mut outgoing, until).await
                }
                answered => answered,
            }
        };
        let (accepted, reply) = match trace.ended(answered.instrument(span).await) {
            Ok(Answer::Job(accepted)) => (accepted, None),
            Ok(Answer::Result(reply)) => {
                let uuid = outgoing.job.unwrap_or_default();
                (Accepted { uuid, api_timeout: None }, Some(reply))
            }
            Err(error) => return Err(error.about(&outgoing.subject)),
        };
        Ok(Submitted { accepted, reply, expected: outgoing.expected, subject: outgoing.subject })
    }

    /// Whether a call that has failed may be made again, with another session.
    /// A job that the caller named has had its name.
    fn may_begin_again(&self, outgoing: &Outgoing, error: &Error) -> bool {
        let named = outgoing.job.is_some() && self.options.job_uuid.is_some();
        matches!(self.credentials, Credentials::Account(_)) && error.is_session_refused() && !named
    }

    /// After a refusal for it, the session is not used any more.
    pub(super) fn note_refusal(&self, error: &Error, subject: &Subject) {
        if let Credentials::Account(account) = &self.credentials
            && error.is_session_refused()
            && let Some(session) = subject.session()
        {
            account.forget(session);
        }
    }

    /// How long to wait for a job where the caller does not say.
    pub(super) fn patience(&self, api_timeout: Option<Duration>) -> Duration {
        self.deadline().unwrap_or_else(|| api_timeout.map_or(PATIENCE, |it| it.saturating_add(GRACE)))
    }
}

impl Outgoing {
    /// Gives the job another name, where it has one.
    fn rename(&mut self) -> Result<(), Error> {
        if let Some(job) = &mut self.job {
            *job = new_uuid();
            self.request.headers_mut().insert(JOB_UUID, job_header(job)?);
        }
        Ok(())
    }
}

/// The instant so much later; `None` for what no clock will see.
pub(super) fn after(duration: Duration) -> Option<Instant> {
    Instant::now().checked_add(duration)
}

/// The platform takes names of 32 characters.
fn job_header(uuid: &str) -> Result<HeaderValue, Error> {
    let plain = uuid.len() == 32 && uuid.bytes().all(|it| it.is_ascii_alphanumeric());
    let header = HeaderValue::from_str(uuid).ok().filter(|_| plain);
    header.ok_or_else(|| Error::invalid("not sent: the uuid of a job has 32 characters, letters and digits"))
}

/// A new uuid, of version 4, as the platform writes them.
fn new_uuid() -> String {
    let random: u128 = rand::random();
    let version = 0xf << 76;
    let variant = 0b11 << 62;
    format!("{:032x}", (random & !(version | variant)) | 0x4 << 76 | 0b10 << 62)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::constraints::is_uuid;

    #[test]
    fn new_uuids_are_uuids_of_version_4() {
        for _ in 0..1000 {
            let uuid = new_uuid();
            assert!(is_uuid(&uuid), "{uuid}");
            assert_eq!(uuid.as_bytes()[12], b'4', "{uuid}");
        }
    }
}

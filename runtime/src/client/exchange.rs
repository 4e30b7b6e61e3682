//! One call on the wire, whatever the operation: nothing here is generic, so
//! that it is compiled once.

use std::time::Duration;

use bytes::Bytes;
use http::HeaderValue;
use http::header::{AUTHORIZATION, HeaderName};
use tokio::time::{Instant, timeout};

use super::answer::{self, Accepted, Answer, Reply};
use super::client::Client;
use super::error::{Error, ErrorKind};
use super::gate::too_new;
use super::polling::Watch;
use super::request;
use super::subject::Subject;
use crate::operation::{Auth, Operation};
use crate::record::AnyRecord;

const JOB_UUID: HeaderName = HeaderName::from_static("x-job-uuid");
const API_TIMEOUT: HeaderName = HeaderName::from_static("x-api-timeout");

/// How long a job may take where neither the caller nor the server says.
const PATIENCE: Duration = Duration::from_secs(30 * 60);

/// How much longer than the server to wait: it answers its own time-out, and
/// that answer says more than ours.
const GRACE: Duration = Duration::from_secs(60);

/// A request, ready to be sent.
pub(super) struct Outgoing {
    pub(super) request: http::Request<Bytes>,
    /// The name given to the job.
    pub(super) job: Option<String>,
    pub(super) operation: &'static Operation,
    pub(super) subject: Subject,
}

/// Whether a call names its job even if the caller does not.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Naming {
    IfAsked,
    Always,
}

impl Client {
    /// The request of a call; all that is wrong with it is found here.
    pub(super) fn outgoing(
        &self,
        operation: &'static Operation,
        parameters: &dyn AnyRecord,
        naming: Naming,
    ) -> Result<Outgoing, Error> {
        let subject = self.subject(operation).with_parameters(parameters);
        let job = match (&self.options.job_uuid, naming) {
            (Some(uuid), _) => Some(uuid.clone()),
            (None, Naming::Always) => Some(new_uuid()),
            (None, Naming::IfAsked) => None,
        };
        match self.encoded(operation, parameters, job.as_deref()) {
            Ok(request) => Ok(Outgoing { request, job, operation, subject }),
            Err(error) => Err(error.about(&subject)),
        }
    }

    fn encoded(
        &self,
        operation: &'static Operation,
        parameters: &dyn AnyRecord,
        job: Option<&str>,
    ) -> Result<http::Request<Bytes>, Error> {
        let at = self.version();
        let newer = too_new(operation, parameters, at);
        if !newer.is_empty() {
            return Err(Error::invalid(format!(
                "not sent, since the server is of release {at}: {}",
                newer.join("; ")
            )));
        }
        if operation.auth == Auth::Session && self.session().is_none() {
            return Err(Error::invalid(
                "not sent: the operation needs a session; log in, then use `client.with_session(uuid)`",
            ));
        }
        let mut request = request::encode(&self.shared.base, operation, parameters)?;
        self.authorize(operation, &mut request)?;
        if let Some(uuid) = job {
            request.headers_mut().insert(JOB_UUID, job_header(uuid)?);
        }
        if let Some(seconds) = self.options.api_timeout {
            request.headers_mut().insert(API_TIMEOUT, seconds.into());
        }
        Ok(request)
    }

    /// Adds the session to the request of an operation that takes one.
    pub(super) fn authorize(
        &self,
        operation: &Operation,
        request: &mut http::Request<Bytes>,
    ) -> Result<(), Error> {
        if operation.auth == Auth::Session
            && let Some(session) = self.session()
        {
            let mut value = HeaderValue::try_from(format!("OAuth {session}")).map_err(|_| {
                Error::invalid("not sent: a header cannot carry the session, which is no uuid")
            })?;
            value.set_sensitive(true);
            request.headers_mut().insert(AUTHORIZATION, value);
        }
        Ok(())
    }

    pub(super) fn subject(&self, operation: &'static Operation) -> Subject {
        Subject::new(operation, self.session.as_ref())
    }

    /// Sends a request, and waits for its job if it becomes one. Besides the
    /// reply, tells what an error in it is about.
    pub(super) async fn run(&self, outgoing: Outgoing) -> Result<(Reply, Subject), Error> {
        let Outgoing { request, job, operation, subject } = outgoing;
        let until = self.deadline().and_then(after);
        let answered = match self.answer(request, job.as_deref(), until).await {
            Ok(Answer::Result(reply)) => Ok(reply),
            Ok(Answer::Job(accepted)) => {
                let until = until.or_else(|| after(self.patience(accepted.api_timeout)));
                match Watch::new(self, operation, &accepted.uuid) {
                    Ok(watch) => watch.wait(until).await,
                    Err(error) => Err(error),
                }
            }
            Err(error) => Err(error.of_job(job.as_deref())),
        };
        match answered {
            Ok(reply) => Ok((reply, subject)),
            Err(error) => Err(error.about(&subject)),
        }
    }

    /// Sends a request, and does not wait for its job.
    pub(super) async fn submit(&self, outgoing: Outgoing) -> Result<(Accepted, Option<Reply>), Error> {
        let Outgoing { request, job, subject, .. } = outgoing;
        let until = self.deadline().and_then(after);
        match self.answer(request, job.as_deref(), until).await {
            Ok(Answer::Job(accepted)) => Ok((accepted, None)),
            Ok(Answer::Result(reply)) => {
                let accepted = Accepted { uuid: job.unwrap_or_default(), api_timeout: None };
                Ok((accepted, Some(reply)))
            }
            Err(error) => Err(error.of_job(job.as_deref()).about(&subject)),
        }
    }

    async fn answer(
        &self,
        request: http::Request<Bytes>,
        job: Option<&str>,
        until: Option<Instant>,
    ) -> Result<Answer, Error> {
        let response = self.send(request, self.request_timeout(), until).await?;
        answer::first(response, job)
    }

    /// One exchange, of at most `limit`, and not beyond `until`.
    pub(super) async fn send(
        &self,
        request: http::Request<Bytes>,
        limit: Duration,
        until: Option<Instant>,
    ) -> Result<http::Response<Bytes>, Error> {
        in_runtime()?;
        let remaining = until.map_or(limit, |until| until.saturating_duration_since(Instant::now()));
        match timeout(limit.min(remaining), self.shared.transport.send(request)).await {
            Ok(Ok(response)) => Ok(response),
            Ok(Err(error)) => Err(Error::new(ErrorKind::Transport, "no answer").caused_by(error)),
            Err(_) if remaining < limit => {
                Err(Error::new(ErrorKind::Deadline, "not done within the deadline"))
            }
            Err(_) => {
                Err(Error::new(ErrorKind::Transport, format!("no answer within {}", told(limit)))
                    .after_timeout())
            }
        }
    }

    /// How long to wait for a job where the caller does not say.
    pub(super) fn patience(&self, api_timeout: Option<Duration>) -> Duration {
        self.deadline().unwrap_or_else(|| api_timeout.map_or(PATIENCE, |it| it.saturating_add(GRACE)))
    }
}

/// The instant so much later; `None` for what no clock will see.
pub(super) fn after(duration: Duration) -> Option<Instant> {
    Instant::now().checked_add(duration)
}

/// A duration as people say it: `90 s`, `200 ms`.
pub(super) fn told(duration: Duration) -> String {
    if duration.subsec_millis() == 0 && duration.as_secs() > 0 {
        format!("{} s", duration.as_secs())
    } else {
        format!("{} ms", duration.as_millis())
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

    #[test]
    fn durations_are_told_shortly() {
        assert_eq!(told(Duration::from_secs(90)), "90 s");
        assert_eq!(told(Duration::from_millis(1500)), "1500 ms");
    }
}

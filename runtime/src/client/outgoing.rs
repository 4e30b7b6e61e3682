//! The request of a call, before a session or a signature is added.

use std::sync::Arc;

use bytes::Bytes;
use http::HeaderValue;
use http::header::HeaderName;

use super::connection::Connection;
use super::error::{Error, ErrorKind};
use super::gate::find_mismatches;
use super::options::Prefer;
use super::request;
use super::subject::Subject;
use super::webhook::{Expected, JOB_UUID};
use crate::operation::{Auth, Execution, Method, Operation};
use crate::record::AnyRecord;
use crate::{Version, new_uuid};

const API_TIMEOUT: HeaderName = HeaderName::from_static("x-api-timeout");
const WEB_HOOK: HeaderName = HeaderName::from_static("x-web-hook");
const PREFER: HeaderName = HeaderName::from_static("prefer");

/// A request that is complete except for its session or signature.
pub(super) struct Outgoing {
    request: http::Request<Bytes>,
    /// The UUID of the job, if the client chose one.
    pub(super) job: Option<String>,
    pub(super) operation: &'static Operation,
    pub(super) subject: Subject,
    pub(super) expected: Option<Arc<Expected>>,
}

/// When a call chooses the UUID of its job.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Naming {
    IfAsked,
    Always,
}

impl Connection {
    /// Creates the request of a call, and reports all mistakes in it. It is boxed because futures
    /// move and keep their arguments.
    pub(super) fn outgoing(
        &self,
        operation: &'static Operation,
        parameters: &dyn AnyRecord,
        naming: Naming,
    ) -> Result<Box<Outgoing>, Error> {
        let at = self.version();
        let newest = operation;
        let operation = newest.at(at);
        let subject = self.credentials.subject(operation).with_parameters(parameters);
        let is_posted = operation.execution == Execution::Async && self.shared.webhook.is_some();
        let job = match &self.options.job_uuid {
            Some(uuid) => Some(uuid.clone()),
            None if naming == Naming::Always || is_posted => Some(new_uuid()),
            None => None,
        };
        match self.encode(newest, parameters, job.as_deref(), at) {
            Ok(request) => Ok(Box::new(Outgoing { request, job, operation, subject, expected: None })),
            Err(error) => Err(error.about(&subject)),
        }
    }

    fn encode(
        &self,
        newest: &'static Operation,
        parameters: &dyn AnyRecord,
        job: Option<&str>,
        at: Version,
    ) -> Result<http::Request<Bytes>, Error> {
        let operation = newest.at(at);
        let mismatches = find_mismatches(newest, parameters, at);
        let has_kind = |kind: &ErrorKind| mismatches.iter().any(|mismatch| mismatch.kind == *kind);
        let kinds = [ErrorKind::TooNew, ErrorKind::Removed, ErrorKind::Invalid];
        if let Some(kind) = kinds.into_iter().find(has_kind) {
            let problems: Vec<_> = mismatches.into_iter().map(|mismatch| mismatch.problem).collect();
            let problem = format!("not sent: the server has release {at}, but {}", problems.join("; "));
            return Err(Error::new(kind, problem));
        }
        if operation.auth == Auth::Session && !self.credentials.are_present() {
            return Err(Error::invalid(
                "not sent: the operation needs a session; build the client with \
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

    /// Copies the request and adds a session or a signature, if the operation needs one.
    pub(super) fn sign_request(&self, outgoing: &Outgoing) -> Result<http::Request<Bytes>, Error> {
        let mut request = outgoing.request.clone();
        if outgoing.operation.auth == Auth::Session {
            self.authorize(outgoing.subject.session(), &mut request)?;
        }
        Ok(request)
    }
}

impl Outgoing {
    /// Returns whether sending it twice does no harm.
    pub(super) fn is_repeatable(&self) -> bool {
        let is_named_job = self.operation.execution == Execution::Async && self.job.is_some();
        self.operation.method == Method::Get || is_named_job
    }

    /// Changes the UUID of the job, if it has one.
    pub(super) fn rename_job(&mut self) -> Result<(), Error> {
        if let Some(job) = &mut self.job {
            *job = new_uuid();
            self.request.headers_mut().insert(JOB_UUID, job_header(job)?);
        }
        Ok(())
    }
}

/// Checks the UUID of a job; the platform accepts any 32 characters.
fn job_header(uuid: &str) -> Result<HeaderValue, Error> {
    let plain = uuid.len() == 32 && uuid.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let header = HeaderValue::from_str(uuid).ok().filter(|_| plain);
    header.ok_or_else(|| Error::invalid("not sent: the UUID of a job must have 32 letters and digits"))
}

//! Reads HTTP responses: a result, a job, or an error.

use std::time::Duration;

use bytes::Bytes;
use http::StatusCode;
use http::header::RETRY_AFTER;
use serde_json::{Map, Value};

use super::envelope::Outcome;
use super::error::{Error, ErrorKind};
use super::url::job_at;
use crate::operation::{Operation, Request};
use crate::record::{AnyRecord, Field, Kind, View};
use crate::{ErrorCode, decode};

/// An answer that reports no failure, neither by its status nor in its body. Its
/// result is not decoded yet.
#[derive(Clone)]
pub(super) struct Reply {
    pub(super) status: StatusCode,
    pub(super) body: Bytes,
}

impl Reply {
    /// Takes an answer of status 2xx, unless its body reports that the
    /// operation failed.
    fn new(status: StatusCode, body: Bytes) -> Result<Self, Error> {
        match Outcome::of(&body) {
            Outcome::NoFailure => Ok(Self { status, body }),
            Outcome::Error => Err(failure(status, body)),
            Outcome::NoSuccess => {
                let problem = "refused without an error code: the answer has `\"success\": false`";
                Err(Error::new(ErrorKind::Refused, problem).answered(status, body))
            }
        }
    }

    /// Decodes the result.
    pub(super) fn read<R: Request>(&self) -> Result<R::Response, Error> {
        let json = self.json(R::OPERATION)?;
        let response =
            decode::from_slice(json).map_err(|error| self.unreadable(CANNOT_BE_READ).caused_by(error))?;
        // All fields are optional, so an answer from elsewhere would pass for
        // "nothing found".
        if R::OPERATION.is_query() {
            self.require_one_of(R::OPERATION, &response, |_| true)?;
        }
        Ok(response)
    }

    /// Decodes the records that a query lists. An answer that only counts them
    /// would pass for an empty page.
    pub(super) fn read_records<R: Request>(&self) -> Result<R::Response, Error> {
        let response = self.read::<R>()?;
        let is_list = |field: &Field| matches!(field.kind, Kind::List(Kind::Record(_)));
        self.require_one_of(R::OPERATION, &response, is_list)?;
        Ok(response)
    }

    /// Checks that the answer to a dry run has none of the operation's results.
    pub(super) fn check_dry_run(&self, operation: &Operation) -> Result<(), Error> {
        let json: Map<String, Value> = serde_json::from_slice(self.json(operation)?)
            .map_err(|error| self.unreadable(CANNOT_BE_READ).caused_by(error))?;
        let has_result =
            |(name, value): &(&String, &Value)| !value.is_null() && is_result(operation, name.as_str());
        match json.iter().find(has_result) {
            None => Ok(()),
            Some((name, _)) => {
                let problem = format!("the answer to a dry run has `{name}`: the operation was carried out");
                Err(self.unreadable(problem))
            }
        }
    }

    /// The JSON text. An answer may lack a body only where it has no fields.
    fn json(&self, operation: &Operation) -> Result<&[u8], Error> {
        if !self.body.trim_ascii().is_empty() {
            return Ok(&self.body);
        }
        match operation.response.fields.first() {
            None => Ok(b"{}"),
            Some(field) => {
                let problem = format!("the answer has no body; expected a JSON object with `{}`", field.name);
                Err(self.unreadable(problem))
            }
        }
    }

    /// Checks that the answer has one of the fields that are wanted, if there are
    /// any.
    fn require_one_of(
        &self,
        operation: &Operation,
        response: &dyn AnyRecord,
        is_wanted: impl Fn(&Field) -> bool,
    ) -> Result<(), Error> {
        let mut names = Vec::new();
        for (index, field) in operation.response.fields.iter().enumerate().filter(|(_, it)| is_wanted(it)) {
            if !matches!(response.get(index), View::Absent) {
                return Ok(());
            }
            names.push(format!("`{}`", field.name));
        }
        Err(self.unreadable(match &names[..] {
            [] => return Ok(()),
            [name] => format!("the answer lists no records: it has no {name}"),
            _ => format!("the answer has neither {}", names.join(" nor ")),
        }))
    }

    fn unreadable(&self, problem: impl Into<String>) -> Error {
        Error::new(ErrorKind::Unreadable, problem).answered(self.status, self.body.clone())
    }
}

const CANNOT_BE_READ: &str = "the answer cannot be read";

/// Whether a field of an answer is a result of the operation. `success` only
/// repeats that it did not fail.
fn is_result(operation: &Operation, name: &str) -> bool {
    name != "success" && operation.response.index_of(name).is_some()
}

/// A job that the server has accepted.
#[derive(Clone, Debug)]
pub(super) struct Accepted {
    pub(super) uuid: String,
    /// How long the server gives it.
    pub(super) api_timeout: Option<Duration>,
}

/// The first answer to a call.
pub(super) enum Answer {
    Result(Reply),
    Job(Accepted),
}

impl Answer {
    pub(super) fn status(&self) -> StatusCode {
        match self {
            Self::Result(reply) => reply.status,
            Self::Job(_) => StatusCode::ACCEPTED,
        }
    }

    /// The reply of an operation that is answered at once.
    pub(super) fn into_reply(self) -> Result<Reply, Error> {
        match self {
            Self::Result(reply) => Ok(reply),
            Self::Job(_) => Err(Error::new(ErrorKind::Unreadable, "the answer is a job, and not a result")),
        }
    }
}

/// Reads the first answer to a call; `named` is the name of the job, if the client
/// gave it one.
pub(super) fn first(response: http::Response<Bytes>, named: Option<&str>) -> Result<Answer, Error> {
    let status = response.status();
    let body = response.into_body();
    if !status.is_success() {
        return Err(failure(status, body));
    }
    let reply = Reply::new(status, body)?;
    match status {
        StatusCode::ACCEPTED => accepted(reply.body, named).map(Answer::Job),
        _ => Ok(Answer::Result(reply)),
    }
}

fn accepted(body: Bytes, named: Option<&str>) -> Result<Accepted, Error> {
    let json: Value = serde_json::from_slice(&body).unwrap_or_default();
    let location = json.get("location").and_then(Value::as_str).and_then(job_at);
    // A job that the client named is found without a location.
    let Some(uuid) = location.or(named) else {
        let problem = "the answer names no job: it has no `location` with /zstack/v1/api-jobs/<uuid>";
        return Err(Error::new(ErrorKind::Unreadable, problem).answered(StatusCode::ACCEPTED, body));
    };
    let api_timeout = json.get("apiTimeout").and_then(Value::as_u64).map(Duration::from_millis);
    Ok(Accepted { uuid: uuid.to_owned(), api_timeout })
}

/// The answer to a poll.
pub(super) enum Poll {
    Running {
        retry_after: Option<Duration>,
    },
    Done(Reply),
    /// A failure on the way, which may be over soon.
    Transient {
        retry_after: Option<Duration>,
        error: Error,
    },
}

/// Reads the answer to a poll.
pub(super) fn poll(response: http::Response<Bytes>) -> Result<Poll, Error> {
    let retry_after = retry_after(&response);
    let status = response.status();
    let body = response.into_body();
    match status {
        StatusCode::ACCEPTED => Reply::new(status, body).map(|_| Poll::Running { retry_after }),
        StatusCode::NOT_FOUND => {
            Err(Error::new(ErrorKind::JobLost, "the server does not know the job").answered(status, body))
        }
        StatusCode::BAD_GATEWAY | StatusCode::GATEWAY_TIMEOUT | StatusCode::TOO_MANY_REQUESTS => {
            Ok(Poll::Transient { retry_after, error: failure(status, body) })
        }
        // The platform's own 503 is JSON; anything else comes from a proxy.
        StatusCode::SERVICE_UNAVAILABLE if !is_json(&body) => {
            Ok(Poll::Transient { retry_after, error: failure(status, body) })
        }
        _ if status.is_success() => Reply::new(status, body).map(Poll::Done),
        _ => Err(failure(status, body)),
    }
}

/// The header in seconds; its other form, a date, is for caches.
fn retry_after(response: &http::Response<Bytes>) -> Option<Duration> {
    let seconds: u32 = response.headers().get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
    Some(Duration::from_secs(seconds.into()))
}

fn is_json(body: &[u8]) -> bool {
    body.trim_ascii_start().first() == Some(&b'{')
}

/// The error of an answer without success.
fn failure(status: StatusCode, body: Bytes) -> Error {
    let error = if !is_json(&body) {
        Error::new(ErrorKind::Rejected, "rejected")
    } else {
        match error_code(&body) {
            Ok(code) => Error::new(ErrorKind::Refused, "refused").coded(Some(code)),
            Err(problem) => Error::new(ErrorKind::Unreadable, "the `error` of the answer cannot be read")
                .coded(scan(&body))
                .caused_by(problem),
        }
    };
    error.answered(status, body)
}

/// Reads the error of `{"error":{…}}`. If a field of it does not fit, the rest is
/// read, above all the code.
fn error_code(body: &[u8]) -> Result<ErrorCode, serde_json::Error> {
    let mut json: Value = serde_json::from_slice(body)?;
    let error = json.get_mut("error").map(Value::take).unwrap_or_default();
    let readable = lenient(&error);
    serde_json::from_value(error).or_else(|problem| readable.ok_or(problem))
}

/// The readable part of an error that does not fit; `None` without a code.
fn lenient(error: &Value) -> Option<ErrorCode> {
    let text = |name: &str| error.get(name).and_then(Value::as_str).map(str::to_owned);
    Some(ErrorCode {
        code: text("code")?,
        description: text("description"),
        details: text("details"),
        cause: error.get("cause").and_then(lenient).map(Box::new),
        ..ErrorCode::default()
    })
}

/// The code in an answer that is not JSON, for example since it is cut off.
fn scan(body: &[u8]) -> Option<ErrorCode> {
    let text = String::from_utf8_lossy(body);
    let (_, rest) = text.split_once("\"code\"")?;
    let rest = rest.trim_start().strip_prefix(':')?.trim_start().strip_prefix('"')?;
    let (code, _) = rest.split_once('"')?;
    let plain = code.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-'));
    (plain && !code.is_empty()).then(|| ErrorCode { code: code.to_owned(), ..ErrorCode::default() })
}

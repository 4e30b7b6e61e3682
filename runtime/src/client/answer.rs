//! Interprets HTTP responses: a result, a job, or an error.

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

/// A response that reports no failure, neither in its status nor in its body. The result is not
/// decoded yet.
#[derive(Clone)]
pub(super) struct Reply {
    pub(super) status: StatusCode,
    pub(super) body: Bytes,
}

impl Reply {
    /// Accepts a response with status 2xx, unless its body reports a failure.
    fn new(status: StatusCode, body: Bytes) -> Result<Self, Error> {
        match Outcome::of(&body) {
            Outcome::NoFailure => Ok(Self { status, body }),
            Outcome::Error => Err(failure(status, body)),
            Outcome::NoSuccess => {
                let problem = "refused without an error code: the response has `\"success\": false`";
                Err(Error::new(ErrorKind::Refused, problem).with_response(status, body))
            }
        }
    }

    /// Decodes the result.
    pub(super) fn read<R: Request>(&self) -> Result<R::Response, Error> {
        let json = self.json(R::OPERATION)?;
        let response =
            decode::from_slice(json).map_err(|error| self.unreadable(CANNOT_BE_DECODED).with_cause(error))?;
        // All fields are optional, so a response of another kind would look like "nothing found".
        if R::OPERATION.is_query() {
            self.require_one_of(R::OPERATION, &response, |_| true)?;
        }
        Ok(response)
    }

    /// Decodes the records that a query lists. A response that only counts them would look like an
    /// empty page.
    pub(super) fn read_records<R: Request>(&self) -> Result<R::Response, Error> {
        let response = self.read::<R>()?;
        let is_list = |field: &Field| matches!(field.kind, Kind::List(Kind::Record(_)));
        self.require_one_of(R::OPERATION, &response, is_list)?;
        Ok(response)
    }

    /// Checks that the response to a dry run has no result.
    pub(super) fn check_dry_run(&self, operation: &Operation) -> Result<(), Error> {
        let json: Map<String, Value> = serde_json::from_slice(self.json(operation)?)
            .map_err(|error| self.unreadable(CANNOT_BE_DECODED).with_cause(error))?;
        let has_result =
            |(name, value): &(&String, &Value)| !value.is_null() && is_result(operation, name.as_str());
        match json.iter().find(has_result) {
            None => Ok(()),
            Some((name, _)) => {
                let problem = format!("the response to a dry run has `{name}`: the operation was performed");
                Err(self.unreadable(problem))
            }
        }
    }

    /// Returns the JSON text. A body may be missing only if the response has no fields.
    fn json(&self, operation: &Operation) -> Result<&[u8], Error> {
        if !self.body.trim_ascii().is_empty() {
            return Ok(&self.body);
        }
        match operation.response.fields.first() {
            None => Ok(b"{}"),
            Some(field) => {
                let problem =
                    format!("the response has no body; expected a JSON object with `{}`", field.name);
                Err(self.unreadable(problem))
            }
        }
    }

    /// Checks that the response has one of the wanted fields, if there are any.
    fn require_one_of(
        &self,
        operation: &Operation,
        response: &dyn AnyRecord,
        is_wanted: impl Fn(&Field) -> bool,
    ) -> Result<(), Error> {
        let mut names = Vec::new();
        for (index, field) in
            operation.response.fields.iter().enumerate().filter(|(_, field)| is_wanted(field))
        {
            if !matches!(response.get(index), View::Absent) {
                return Ok(());
            }
            names.push(format!("`{}`", field.name));
        }
        Err(self.unreadable(match &names[..] {
            [] => return Ok(()),
            [name] => format!("the response lists no records: it has no {name}"),
            _ => format!("the response has neither {}", names.join(" nor ")),
        }))
    }

    fn unreadable(&self, problem: impl Into<String>) -> Error {
        Error::new(ErrorKind::Unreadable, problem).with_response(self.status, self.body.clone())
    }
}

const CANNOT_BE_DECODED: &str = "the response cannot be decoded";

/// Returns whether a field of a response is a result of the operation; `success` is not.
fn is_result(operation: &Operation, name: &str) -> bool {
    name != "success" && operation.response.index_of(name).is_some()
}

/// A job that the server has accepted.
#[derive(Clone, Debug)]
pub(super) struct Accepted {
    pub(super) uuid: String,
    /// The time limit that the server set.
    pub(super) api_timeout: Option<Duration>,
}

/// The first response to a call.
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

    /// Returns the reply of an operation that is answered at once.
    pub(super) fn into_reply(self) -> Result<Reply, Error> {
        match self {
            Self::Result(reply) => Ok(reply),
            Self::Job(_) => {
                Err(Error::new(ErrorKind::Unreadable, "the response is a job instead of a result"))
            }
        }
    }
}

/// Interprets the first response to a call; `named` is the UUID of the job, if the client chose it.
pub(super) fn first(response: http::Response<Bytes>, named: Option<&str>) -> Result<Answer, Error> {
    let status = response.status();
    let body = response.into_body();
    if !status.is_success() {
        return Err(failure(status, body));
    }
    let reply = Reply::new(status, body)?;
    match status {
        StatusCode::ACCEPTED => read_accepted(reply.body, named).map(Answer::Job),
        _ => Ok(Answer::Result(reply)),
    }
}

fn read_accepted(body: Bytes, named: Option<&str>) -> Result<Accepted, Error> {
    let json: Value = serde_json::from_slice(&body).unwrap_or_default();
    let location = json.get("location").and_then(Value::as_str).and_then(job_at);
    // The client knows the UUID that it chose.
    let Some(uuid) = location.or(named) else {
        let problem = "the response has no job: its `location` must contain /zstack/v1/api-jobs/<uuid>";
        return Err(Error::new(ErrorKind::Unreadable, problem).with_response(StatusCode::ACCEPTED, body));
    };
    let api_timeout = json.get("apiTimeout").and_then(Value::as_u64).map(Duration::from_millis);
    Ok(Accepted { uuid: uuid.to_owned(), api_timeout })
}

/// The result of a poll.
pub(super) enum Poll {
    Running {
        retry_after: Option<Duration>,
    },
    Done(Reply),
    /// A failure on the way to the server, which may be temporary.
    Transient {
        retry_after: Option<Duration>,
        error: Error,
    },
}

/// Interprets the response to a poll.
pub(super) fn poll(response: http::Response<Bytes>) -> Result<Poll, Error> {
    let retry_after = retry_after(&response);
    let status = response.status();
    let body = response.into_body();
    match status {
        StatusCode::ACCEPTED => Reply::new(status, body).map(|_| Poll::Running { retry_after }),
        StatusCode::NOT_FOUND => {
            Err(Error::new(ErrorKind::JobLost, "the server does not know the job")
                .with_response(status, body))
        }
        StatusCode::BAD_GATEWAY | StatusCode::GATEWAY_TIMEOUT | StatusCode::TOO_MANY_REQUESTS => {
            Ok(Poll::Transient { retry_after, error: failure(status, body) })
        }
        // The platform's own 503 is JSON; other bodies come from a proxy.
        StatusCode::SERVICE_UNAVAILABLE if !is_json(&body) => {
            Ok(Poll::Transient { retry_after, error: failure(status, body) })
        }
        _ if status.is_success() => Reply::new(status, body).map(Poll::Done),
        _ => Err(failure(status, body)),
    }
}

/// Reads `Retry-After` in seconds; the form with a date is ignored.
fn retry_after(response: &http::Response<Bytes>) -> Option<Duration> {
    let seconds: u32 = response.headers().get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
    Some(Duration::from_secs(seconds.into()))
}

fn is_json(body: &[u8]) -> bool {
    body.trim_ascii_start().first() == Some(&b'{')
}

/// Creates the error of an unsuccessful response.
fn failure(status: StatusCode, body: Bytes) -> Error {
    let error = if !is_json(&body) {
        Error::new(ErrorKind::Rejected, "rejected")
    } else {
        match error_code(&body) {
            Ok(code) => Error::new(ErrorKind::Refused, "refused").with_code(Some(code)),
            Err(problem) => {
                Error::new(ErrorKind::Unreadable, "the `error` of the response cannot be decoded")
                    .with_code(scan(&body))
                    .with_cause(problem)
            }
        }
    };
    error.with_response(status, body)
}

/// Decodes the error in `{"error":{…}}`. If a field has the wrong type, the others are still
/// decoded, above all the code.
fn error_code(body: &[u8]) -> Result<ErrorCode, serde_json::Error> {
    let mut json: Value = serde_json::from_slice(body)?;
    let error = json.get_mut("error").map(Value::take).unwrap_or_default();
    let readable = lenient(&error);
    serde_json::from_value(error).or_else(|problem| readable.ok_or(problem))
}

/// Decodes the main fields of an error that has others of the wrong type; `None` without a code.
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

/// Searches for the code in a body that is not JSON, for example because it is cut off.
fn scan(body: &[u8]) -> Option<ErrorCode> {
    let text = String::from_utf8_lossy(body);
    let (_, rest) = text.split_once("\"code\"")?;
    let rest = rest.trim_start().strip_prefix(':')?.trim_start().strip_prefix('"')?;
    let (code, _) = rest.split_once('"')?;
    let plain = code.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-'));
    (plain && !code.is_empty()).then(|| ErrorCode { code: code.to_owned(), ..ErrorCode::default() })
}

use axum::response::Response;
use bytes::Bytes;
use http::request::Parts;
use serde_json::Value;

use super::authenticate::Credentials;
use super::call::Call;
use super::context::RequestContext;
use super::outcome::{BoxFuture, Outcome};
use super::parameters::{Input, pairs};
use crate::Operation;

/// A call whose operation and caller are known, before its parameters are read.
pub struct Arrival<'a> {
    pub(crate) operation: &'static Operation,
    pub(crate) credentials: &'a Credentials,
    /// `None` for a call of the server itself.
    pub(crate) request: Option<&'a Parts>,
    pub(crate) input: &'a Input,
}

impl<'a> Arrival<'a> {
    /// Returns the operation.
    #[must_use]
    pub fn operation(&self) -> &'static Operation {
        self.operation
    }

    /// Returns the credentials of the caller. Nothing has checked whether a session is valid.
    #[must_use]
    pub fn credentials(&self) -> &'a Credentials {
        self.credentials
    }

    /// Returns the request; `None` for a call of the server itself.
    #[must_use]
    pub fn request(&self) -> Option<&'a Parts> {
        self.request
    }

    /// Returns the texts among the parameters, wherever they are: in the path, the query string or the
    /// body, also in lists and objects. A condition such as `uuid=x` in the query string yields `x`.
    #[must_use]
    pub fn texts(&self) -> Vec<String> {
        texts(self.input)
    }
}

fn texts(input: &Input) -> Vec<String> {
    let mut texts: Vec<_> = input.variables.iter().map(|(_, value)| value.clone()).collect();
    let query = input.uri.query().and_then(|query| pairs(query).ok()).unwrap_or_default();
    texts.extend(query.into_iter().map(|(_, value)| match value.rsplit_once('=') {
        Some((_, operand)) => operand.to_owned(),
        None => value.into_owned(),
    }));
    let parameters = input.parameters.as_deref().and_then(|json| serde_json::from_slice(json).ok());
    if let Some(parameters) = parameters {
        collect_texts(parameters, &mut texts);
    }
    texts
}

fn collect_texts(value: Value, texts: &mut Vec<String>) {
    match value {
        Value::String(text) => texts.push(text),
        Value::Array(values) => values.into_iter().for_each(|value| collect_texts(value, texts)),
        Value::Object(fields) => fields.into_iter().for_each(|(_, value)| collect_texts(value, texts)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// The admission of a call.
#[derive(Default)]
pub struct Admission {
    /// Replaces the context of the call.
    pub context: Option<RequestContext>,
    /// Gives the caller of a long operation a job at once.
    pub as_job: bool,
}

/// Hooks that observe requests, and that count, delay or refuse calls.
///
/// ```
/// use std::time::Duration;
/// use zstack_runtime::server::{BoxFuture, Call, Intercept, Outcome};
///
/// /// Delays every call.
/// struct Delay(Duration);
///
/// impl Intercept for Delay {
///     fn before<'a>(&'a self, _: &'a Call) -> BoxFuture<'a, Outcome<()>> {
///         Box::pin(async {
///             tokio::time::sleep(self.0).await;
///             Ok(())
///         })
///     }
/// }
/// ```
pub trait Intercept: Send + Sync + 'static {
    /// Called when the body of a request was received.
    fn observe_body(&self, request: &Parts, body: &Bytes) {
        let _ = (request, body);
    }

    /// Called when the operation of a request is known.
    fn observe_operation(&self, request: &Parts, operation: &'static Operation) {
        let _ = (request, operation);
    }

    /// Called for each call before it begins, and before its caller gets a job. `None` admits the call
    /// as it is.
    ///
    /// The future resolves to the admission of the call, or to a response that replaces it.
    fn arrive<'a>(&'a self, arrival: Arrival<'a>) -> Option<BoxFuture<'a, Result<Admission, Response>>> {
        let _ = arrival;
        None
    }

    /// Resolves when the operation may begin. If it fails, the operation does not run, and this
    /// error is its result.
    ///
    /// It is part of the operation: a job waits for it, and fails with its error.
    fn before<'a>(&'a self, call: &'a Call) -> BoxFuture<'a, Outcome<()>>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_texts_in_all_parameters() {
        let input = Input {
            variables: vec![(0, "vm-1".to_owned())],
            uri: "/x?q=uuid=a%20b&deleteMode=Permissive&limit=1".parse().unwrap(),
            parameters: Some(r#"{"name": "x", "uuids": ["y", {"uuid": "z"}], "cpu": 1}"#.into()),
            ..Input::default()
        };
        assert_eq!(texts(&input), ["vm-1", "a b", "Permissive", "1", "x", "y", "z"]);
    }
}

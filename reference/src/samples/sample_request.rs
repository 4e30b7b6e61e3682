//! The request of a sample, in the forms that the languages need.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;
use serde_json::Value;

use super::json::Json;
use crate::http_example;
use zstack_model::{Auth, Example, Execution, Field, Method, Model, Operation, query_parameters};

/// The request of a sample, as parameters and as HTTP.
pub(super) struct SampleRequest<'a> {
    pub(super) model: &'a Model,
    pub(super) operation: &'a Operation,
    pub(super) example: &'a Example,
    /// Percent-encoded.
    pub(super) path: String,
    /// The pairs of the query string, not encoded.
    pub(super) query: Vec<(String, String)>,
    pub(super) body: Option<Json>,
}

impl<'a> SampleRequest<'a> {
    pub(super) fn new(model: &'a Model, operation: &'a Operation, example: &'a Example) -> Self {
        let http_example::Request { target, body, .. } = http_example::request(model, operation, example);
        let (path, query) = target.split_once('?').unwrap_or((&target, ""));
        let decode = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
        let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        let query = pairs.map(|(key, value)| (decode(key), decode(value))).collect();
        // `http_example::request` has written it as JSON, so it can be parsed.
        let body = body.and_then(|json| serde_json::from_str(&json).ok());
        Self { model, operation, example, path: path.to_owned(), query, body }
    }

    pub(super) fn method(&self) -> &'static str {
        self.operation.method.as_str()
    }

    pub(super) fn is_get(&self) -> bool {
        self.operation.method == Method::Get
    }

    /// Returns the path, with a question mark if a query string follows.
    pub(super) fn path_before_query(&self) -> String {
        if self.query.is_empty() { self.path.clone() } else { format!("{}?", self.path) }
    }

    /// Returns the query string as literals of a language.
    pub(super) fn query_literals(&self, literal: fn(&str) -> String) -> Vec<(String, String)> {
        self.query.iter().map(|(key, value)| (literal(key), literal(value))).collect()
    }

    pub(super) fn needs_session(&self) -> bool {
        self.operation.auth == Auth::Session
    }

    /// Returns whether the server may respond with a job.
    pub(super) fn is_job(&self) -> bool {
        self.operation.execution == Execution::Async
    }

    /// Returns the parameters with values in the example, in the order of the spec; the
    /// standard query parameters come last.
    pub(super) fn arguments(&self) -> Vec<(Cow<'a, Field>, &'a Value)> {
        let operation = self.operation;
        let standard = if operation.query { query_parameters() } else { Vec::new() };
        let own = operation.parameters.iter().map(|parameter| Cow::Borrowed(&parameter.field));
        let fields = own.chain(standard.into_iter().map(Cow::Owned));
        let argument = |field: Cow<'a, Field>| {
            let value = self.example.request.get(&field.name).filter(|value| !value.is_null())?;
            Some((field, value))
        };
        fields.filter_map(argument).collect()
    }

    /// Returns the sort field and direction of a query.
    pub(super) fn sort_order(value: &Value) -> Option<(&str, &str)> {
        let text = value.as_str()?;
        let direction = if text.starts_with('-') { "desc" } else { "asc" };
        Some((text.trim_start_matches(['+', '-', ' ']), direction))
    }
}

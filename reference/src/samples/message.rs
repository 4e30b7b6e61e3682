//! An example as all languages need it.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;
use serde_json::Value;

use super::json::Json;
use crate::explain::wire;
use zstack_model::{Auth, Example, Execution, Field, Method, Model, Operation, query_parameters};

/// What a sample sends, as parameters and as HTTP.
pub(super) struct Message<'a> {
    pub(super) model: &'a Model,
    pub(super) operation: &'a Operation,
    pub(super) example: &'a Example,
    /// Percent-encoded.
    pub(super) path: String,
    /// The query string in pairs, not encoded.
    pub(super) query: Vec<(String, String)>,
    pub(super) body: Option<Json>,
}

impl<'a> Message<'a> {
    pub(super) fn new(model: &'a Model, operation: &'a Operation, example: &'a Example) -> Self {
        let wire::Request { target, body, .. } = wire::request(model, operation, example);
        let (path, query) = target.split_once('?').unwrap_or((&target, ""));
        let decoded = |it: &str| percent_decode_str(it).decode_utf8_lossy().into_owned();
        let pairs = query.split('&').filter_map(|it| it.split_once('='));
        let query = pairs.map(|(key, value)| (decoded(key), decoded(value))).collect();
        // What was written as JSON is JSON.
        let body = body.and_then(|it| serde_json::from_str(&it).ok());
        Self { model, operation, example, path: path.to_owned(), query, body }
    }

    pub(super) fn method(&self) -> &'static str {
        self.operation.method.as_str()
    }

    pub(super) fn is_get(&self) -> bool {
        self.operation.method == Method::Get
    }

    /// The path, and a question mark if a query string follows.
    pub(super) fn path_before_query(&self) -> String {
        if self.query.is_empty() { self.path.clone() } else { format!("{}?", self.path) }
    }

    pub(super) fn needs_session(&self) -> bool {
        self.operation.auth == Auth::Session
    }

    /// Whether the answer may be a job.
    pub(super) fn is_job(&self) -> bool {
        self.operation.execution == Execution::Async
    }

    /// The parameters that are given and their values, in the order of the
    /// spec; those of every query last.
    pub(super) fn given(&self) -> Vec<(Cow<'a, Field>, &'a Value)> {
        let operation = self.operation;
        let standard = if operation.query { query_parameters() } else { Vec::new() };
        let own = operation.parameters.iter().map(|it| Cow::Borrowed(&it.field));
        let fields = own.chain(standard.into_iter().map(Cow::Owned));
        let value = |field: &Field| self.example.request.get(&field.name).filter(|it| !it.is_null());
        fields
            .filter_map(|field| Some((value(&field)?, field)))
            .map(|(value, field)| (field, value))
            .collect()
    }

    /// What a query is sorted by, and whether downwards.
    pub(super) fn order(value: &Value) -> Option<(&str, bool)> {
        let text = value.as_str()?;
        Some((text.trim_start_matches(['+', '-', ' ']), text.starts_with('-')))
    }
}

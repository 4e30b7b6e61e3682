//! Error codes, with their meanings and the operations that return them.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;
use zstack_model::Model;

use super::operation::errors;
use crate::site::text::{Anchors, Name, Prose};

/// An error code.
#[derive(Debug, Serialize)]
pub(crate) struct CodeView<'a> {
    #[serde(skip)]
    pub(crate) anchor: String,
    pub(crate) code: &'a str,
    /// The description of the error in an example.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) meaning: Option<&'a str>,
    pub(crate) cases: Vec<ErrorReason<'a>>,
}

/// A reason for an operation to return a code.
#[derive(Debug, Serialize)]
pub(crate) struct ErrorReason<'a> {
    pub(crate) operation: Name<'a>,
    #[serde(skip)]
    pub(crate) anchor: String,
    pub(crate) when: Prose<'a>,
    /// The code of its cause.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) cause: Option<&'a str>,
    /// The code that it is the cause of.
    #[serde(rename = "causeOf", skip_serializing_if = "Option::is_none")]
    pub(crate) of: Option<&'a str>,
}

/// All codes that operations are known to return, sorted.
pub(crate) fn codes<'a>(model: &'a Model) -> Vec<CodeView<'a>> {
    let mut cases: BTreeMap<&str, Vec<ErrorReason<'_>>> = BTreeMap::new();
    for operation in &model.operations {
        for error in errors(operation) {
            let case = |cause, of| ErrorReason {
                operation: Name(&operation.name),
                anchor: error.anchor.clone(),
                when: error.when.clone(),
                cause,
                of,
            };
            cases.entry(error.code).or_default().push(case(error.cause, None));
            if let Some(cause) = error.cause {
                cases.entry(cause).or_default().push(case(None, Some(error.code)));
            }
        }
    }
    let meanings = meanings(model);
    let mut anchors = Anchors::default();
    let view = |(code, mut cases): (_, Vec<ErrorReason<'a>>)| {
        // Equal reasons of several operations come together.
        cases.sort_by(|a, b| {
            (a.of, a.when.as_str(), a.operation.0).cmp(&(b.of, b.when.as_str(), b.operation.0))
        });
        CodeView { anchor: anchors.of("", code), code, meaning: meanings.get(code).copied(), cases }
    };
    cases.into_iter().map(view).collect()
}

/// The meanings of codes: the first description of each in an example.
fn meanings(model: &Model) -> BTreeMap<&str, &str> {
    let mut meanings = BTreeMap::new();
    for example in model.operations.iter().flat_map(|operation| &operation.examples) {
        let mut error = example.response.get("error");
        while let Some(object) = error {
            let text = |key: &str| object.get(key).and_then(Value::as_str);
            if let (Some(code), Some(description)) = (text("code"), text("description")) {
                meanings.entry(code).or_insert(description);
            }
            error = object.get("cause");
        }
    }
    meanings
}

impl<'a> CodeView<'a> {
    /// The cases, grouped by reason.
    pub(crate) fn reasons(&self) -> Vec<&[ErrorReason<'a>]> {
        self.cases.chunk_by(|a, b| a.of == b.of && a.when == b.when).collect()
    }
}

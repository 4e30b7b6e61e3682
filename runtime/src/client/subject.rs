//! What an error is about, and what it must not tell.

use std::sync::Arc;

use crate::operation::Operation;
use crate::record::{AnyRecord, View};

/// The operation called, and the secrets that the call carries.
#[derive(Clone, Default)]
pub(super) struct Subject {
    pub(super) operation: Option<&'static Operation>,
    session: Option<Arc<str>>,
    /// Further secrets; most calls have none.
    secrets: Vec<Arc<str>>,
}

impl Subject {
    pub(super) fn new(operation: &'static Operation, session: Option<&Arc<str>>) -> Self {
        Self { operation: Some(operation), session: session.cloned(), secrets: Vec::new() }
    }

    /// The same, with the secrets among the parameters of a request. They
    /// are known by their names: servers repeat what they did not like.
    pub(super) fn with_parameters(mut self, request: &dyn AnyRecord) -> Self {
        for (index, field) in request.shape().fields.iter().enumerate() {
            if names_a_secret(field.name)
                && let View::Text(text) = request.get(index)
            {
                self.secrets.push(text.into());
            }
        }
        self
    }

    /// The secrets alone.
    pub(super) fn without_operation(&self) -> Self {
        Self { operation: None, ..self.clone() }
    }

    /// The text without the secrets.
    pub(super) fn hide(&self, mut text: String) -> String {
        for secret in self.session.iter().chain(&self.secrets).filter(|it| !it.is_empty()) {
            if text.contains(&**secret) {
                text = text.replace(&**secret, "***");
            }
        }
        text
    }
}

fn names_a_secret(name: &str) -> bool {
    let has =
        |word: &str| name.as_bytes().windows(word.len()).any(|it| it.eq_ignore_ascii_case(word.as_bytes()));
    has("password") || has("session")
}

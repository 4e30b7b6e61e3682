//! The subject of an error: the operation, and the secrets that the error must not show.

use std::sync::Arc;

use super::access_key::AccessKey;
use crate::operation::Operation;
use crate::record::{AnyRecord, View};

/// The operation called, and the secrets in the call.
#[derive(Clone, Default)]
pub(super) struct Subject {
    pub(super) operation: Option<&'static Operation>,
    session: Option<Arc<str>>,
    key: Option<Arc<AccessKey>>,
    /// Further secrets; most calls have none.
    secrets: Vec<Arc<str>>,
}

impl Subject {
    pub(super) fn new(
        operation: &'static Operation,
        session: Option<Arc<str>>,
        key: Option<Arc<AccessKey>>,
    ) -> Self {
        Self { operation: Some(operation), session, key, secrets: Vec::new() }
    }

    /// Adds the secret parameters of a request, recognized by their names: servers repeat invalid
    /// values.
    pub(super) fn with_parameters(mut self, request: &dyn AnyRecord) -> Self {
        for (index, field) in request.shape().fields.iter().enumerate() {
            if let View::Text(text) = request.get(index)
                && is_secret_name(field.name)
            {
                self.secrets.push(text.into());
            }
        }
        self
    }

    /// Sets the session of the call. A session that was refused before is still a secret.
    pub(super) fn uses(&mut self, session: &Arc<str>) {
        let refused = self.session.replace(Arc::clone(session));
        self.secrets.extend(refused.filter(|refused| refused != session));
    }

    /// Returns the session of the call.
    pub(super) fn session(&self) -> Option<&str> {
        self.session.as_deref()
    }

    /// Returns a subject with the same secrets, without the operation.
    pub(super) fn without_operation(&self) -> Self {
        Self { operation: None, ..self.clone() }
    }

    /// Replaces the secrets in a text by `***`.
    pub(super) fn hide(&self, mut text: String) -> String {
        for secret in self.session.iter().chain(&self.secrets).filter(|secret| !secret.is_empty()) {
            if text.contains(&**secret) {
                text = text.replace(&**secret, "***");
            }
        }
        match &self.key {
            Some(key) => key.hide(text),
            None => text,
        }
    }
}

fn is_secret_name(name: &str) -> bool {
    let has = |word: &str| {
        name.as_bytes().windows(word.len()).any(|window| window.eq_ignore_ascii_case(word.as_bytes()))
    };
    has("password") || has("session") || has("secret")
}

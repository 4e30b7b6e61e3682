//! What an error is about, and what it must not tell.

use std::sync::Arc;

use super::credentials::{AccessKey, Credentials};
use crate::operation::Operation;
use crate::record::{AnyRecord, View};

/// The operation called, and the secrets that the call carries.
#[derive(Clone, Default)]
pub(super) struct Subject {
    pub(super) operation: Option<&'static Operation>,
    session: Option<Arc<str>>,
    key: Option<Arc<AccessKey>>,
    /// Further secrets; most calls have none.
    secrets: Vec<Arc<str>>,
}

impl Subject {
    pub(super) fn new(operation: &'static Operation, credentials: &Credentials) -> Self {
        let key = if let Credentials::AccessKey(key) = credentials { Some(Arc::clone(key)) } else { None };
        Self { operation: Some(operation), session: credentials.session(), key, secrets: Vec::new() }
    }

    /// The same, with the secrets among the parameters of a request. They
    /// are known by their names: servers repeat what they did not like.
    pub(super) fn with_parameters(mut self, request: &dyn AnyRecord) -> Self {
        for (index, field) in request.shape().fields.iter().enumerate() {
            if let View::Text(text) = request.get(index)
                && names_a_secret(field.name)
            {
                self.secrets.push(text.into());
            }
        }
        self
    }

    /// Takes note of the session that the call is made with. One that was
    /// refused before is a secret still.
    pub(super) fn uses(&mut self, session: &Arc<str>) {
        let refused = self.session.replace(Arc::clone(session));
        self.secrets.extend(refused.filter(|it| it != session));
    }

    /// The session that the call is made with.
    pub(super) fn session(&self) -> Option<&str> {
        self.session.as_deref()
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
        match &self.key {
            Some(key) => key.hide(text),
            None => text,
        }
    }
}

fn names_a_secret(name: &str) -> bool {
    let has =
        |word: &str| name.as_bytes().windows(word.len()).any(|it| it.eq_ignore_ascii_case(word.as_bytes()));
    has("password") || has("session") || has("secret")
}

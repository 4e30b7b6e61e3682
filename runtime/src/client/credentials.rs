//! The credentials of a client: none, a session, an account or an access key.

use std::sync::Arc;

use bytes::Bytes;

use super::access_key::{AccessKey, insert_secret};
use super::account::Account;
use super::subject::Subject;
use super::url::BaseUrl;
use crate::operation::Operation;

#[derive(Clone, Default)]
pub(super) enum Credentials {
    #[default]
    None,
    /// The UUID of a session of the caller.
    Session(Arc<str>),
    /// An account, which logs in automatically.
    Account(Arc<Account>),
    /// An access key, which signs every request; there is no session.
    AccessKey(Arc<AccessKey>),
}

impl Credentials {
    pub(super) fn are_present(&self) -> bool {
        !matches!(self, Self::None)
    }

    /// Returns the subject of errors of calls with these credentials.
    pub(super) fn subject(&self, operation: &'static Operation) -> Subject {
        let key = if let Self::AccessKey(key) = self { Some(Arc::clone(key)) } else { None };
        Subject::new(operation, self.session(), key)
    }

    /// Returns the current session.
    pub(super) fn session(&self) -> Option<Arc<str>> {
        match self {
            Self::None | Self::AccessKey(_) => None,
            Self::Session(uuid) => Some(Arc::clone(uuid)),
            Self::Account(account) => account.session(),
        }
    }

    /// Adds the session, or a signature with the current time, since signatures expire within
    /// minutes. The error is a message.
    pub(super) fn authorize(
        &self,
        base: &BaseUrl,
        session: Option<&str>,
        request: &mut http::Request<Bytes>,
    ) -> Result<(), String> {
        if let Self::AccessKey(key) = self {
            return key.sign(base, request);
        }
        match session {
            Some(session) => {
                insert_secret(request, format!("OAuth {session}"), "the session, which is not a UUID")
            }
            None => Ok(()),
        }
    }
}

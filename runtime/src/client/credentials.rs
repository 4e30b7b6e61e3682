//! What a client calls with: nothing, a session, an account or an access key.

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
    /// The uuid of a session of the caller.
    Session(Arc<str>),
    /// An account, which logs in by itself.
    Account(Arc<Account>),
    /// Every request is signed; there is no session.
    AccessKey(Arc<AccessKey>),
}

impl Credentials {
    pub(super) fn are_given(&self) -> bool {
        !matches!(self, Self::None)
    }

    /// The subject of the errors of a call with these credentials.
    pub(super) fn subject(&self, operation: &'static Operation) -> Subject {
        let key = if let Self::AccessKey(key) = self { Some(Arc::clone(key)) } else { None };
        Subject::new(operation, self.session(), key)
    }

    /// The current session.
    pub(super) fn session(&self) -> Option<Arc<str>> {
        match self {
            Self::None | Self::AccessKey(_) => None,
            Self::Session(uuid) => Some(Arc::clone(uuid)),
            Self::Account(account) => account.session(),
        }
    }

    /// Adds the session, or a signature as of now: it is valid for minutes. The
    /// error is a text.
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
                insert_secret(request, format!("OAuth {session}"), "the session, which is no uuid")
            }
            None => Ok(()),
        }
    }
}

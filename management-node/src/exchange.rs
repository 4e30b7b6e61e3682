//! The facts about one request that the stages of the node find out: its operation, its account, and the
//! effects of faults.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use axum::body::Bytes;
use serde::Serialize;
use zstack_runtime::server::RequestContext;
use zstack_server::{BoxFuture, Outcome};

/// The point at which the connection of a request is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Cut {
    /// Before the first byte of the response.
    BeforeAnswer,
    /// After half of its body.
    MidAnswer,
}

/// A request and its call, or a call of the node itself.
#[derive(Default)]
pub(crate) struct Exchange {
    operation: OnceLock<&'static str>,
    account: OnceLock<String>,
    body: Mutex<Option<Bytes>>,
    /// Boxed, since few requests have any.
    effects: OnceLock<Box<Effects>>,
}

/// The effects of faults on a call.
#[derive(Default)]
pub(crate) struct Effects {
    /// The IDs of the faults.
    pub(crate) faults: Vec<u64>,
    pub(crate) cut: Option<Cut>,
    pub(crate) loses_webhook: bool,
    /// The delays and the error before the operation; taken when it begins.
    pub(crate) before: Mutex<Option<BoxFuture<'static, Outcome<()>>>>,
}

impl Exchange {
    /// Returns the exchange of a request or of a call.
    pub(crate) fn of(context: Option<&RequestContext>) -> Option<&Self> {
        context?.get()
    }

    /// The context with which it is attached to a request.
    pub(crate) fn context(self: &Arc<Self>) -> RequestContext {
        RequestContext(Arc::clone(self) as _)
    }

    /// The name of the operation.
    pub(crate) fn operation(&self) -> Option<&'static str> {
        self.operation.get().copied()
    }

    pub(crate) fn set_operation(&self, name: &'static str) {
        // The first one is the operation of the request.
        let _ = self.operation.set(name);
    }

    /// The UUID of the account that made the request.
    pub(crate) fn account(&self) -> Option<&str> {
        self.account.get().map(String::as_str)
    }

    pub(crate) fn set_account(&self, uuid: &str) {
        self.account.get_or_init(|| uuid.to_owned());
    }

    /// Takes the body of the request.
    pub(crate) fn take_body(&self) -> Option<Bytes> {
        self.body.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    pub(crate) fn set_body(&self, body: &Bytes) {
        *self.body.lock().unwrap_or_else(PoisonError::into_inner) = Some(body.clone());
    }

    pub(crate) fn effects(&self) -> Option<&Effects> {
        self.effects.get().map(|effects| &**effects)
    }

    pub(crate) fn set_effects(&self, effects: Effects) {
        let _ = self.effects.set(Box::new(effects));
    }
}

impl Effects {
    /// Takes the delays and the error before the operation.
    pub(crate) fn take_before(&self) -> Option<BoxFuture<'static, Outcome<()>>> {
        self.before.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

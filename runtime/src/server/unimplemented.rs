//! What a server is asked for and does not do.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::call::Call;
use super::errors;
use super::routes::Outcome;
use crate::{ErrorCode, Request};

/// Answers `SYS.1014`, and counts: see [`Api::unimplemented`](super::Api::unimplemented).
///
/// What a generated trait's methods do unless they are implemented; the
/// parameters are taken because they have to go somewhere.
pub async fn unimplemented<R: Request>(call: Call, _: R) -> Outcome<R::Response> {
    Err(refuse(&call))
}

pub(crate) fn refuse(call: &Call) -> Box<ErrorCode> {
    if let Some(counters) = &call.unimplemented {
        counters.count(call.operation.name);
    }
    Box::new(errors::unimplemented(call.operation))
}

/// How often each operation was called that nobody implements. Those that are
/// not called take no memory.
#[derive(Debug, Default)]
pub(crate) struct Unimplemented(Mutex<BTreeMap<&'static str, u64>>);

impl Unimplemented {
    fn count(&self, name: &'static str) {
        *self.counts().entry(name).or_default() += 1;
    }

    pub(crate) fn read(&self) -> BTreeMap<&'static str, u64> {
        self.counts().clone()
    }

    fn counts(&self) -> MutexGuard<'_, BTreeMap<&'static str, u64>> {
        // Nothing panics half-way through a change.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

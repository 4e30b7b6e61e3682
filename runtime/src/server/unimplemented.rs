//! What a server is asked for and does not do.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};

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

/// How often each operation was called that nobody implements.
#[derive(Debug)]
pub(crate) struct Unimplemented(BTreeMap<&'static str, AtomicU64>);

impl Unimplemented {
    pub(crate) fn new(names: impl Iterator<Item = &'static str>) -> Self {
        Self(names.map(|name| (name, AtomicU64::new(0))).collect())
    }

    fn count(&self, name: &str) {
        if let Some(counter) = self.0.get(name) {
            counter.fetch_add(1, Ordering::Relaxed);
        }
    }

    pub(crate) fn read(&self) -> BTreeMap<&'static str, u64> {
        let counts = self.0.iter().map(|(name, count)| (*name, count.load(Ordering::Relaxed)));
        counts.filter(|(_, count)| *count > 0).collect()
    }
}

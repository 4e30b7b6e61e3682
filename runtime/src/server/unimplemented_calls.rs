use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Counts the calls of each operation that is not implemented. Operations that
/// are not called take no memory.
#[derive(Debug, Default)]
pub(crate) struct UnimplementedCalls(Mutex<BTreeMap<&'static str, u64>>);

impl UnimplementedCalls {
    pub(crate) fn count(&self, operation: &'static str) {
        *self.counts().entry(operation).or_default() += 1;
    }

    pub(crate) fn by_operation(&self) -> BTreeMap<&'static str, u64> {
        self.counts().clone()
    }

    fn counts(&self) -> MutexGuard<'_, BTreeMap<&'static str, u64>> {
        // No panic is possible in the middle of a change.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

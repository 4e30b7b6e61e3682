use super::call::Call;
use super::outcome::{BoxFuture, Outcome};

/// A hook for every call, before its operation begins: to count, to delay, to
/// refuse.
///
/// It is part of the operation: where the caller polls a job, the job waits for
/// the hook, and fails with its error.
pub trait Intercept: Send + Sync + 'static {
    /// Ends when the operation may begin. An error is the result of the
    /// operation, which does not begin then.
    fn before<'a>(&'a self, call: &'a Call) -> BoxFuture<'a, Outcome<()>>;
}

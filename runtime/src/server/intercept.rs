use super::call::Call;
use super::routes::{BoxFuture, Outcome};

/// Looks at every call before its operation begins: to count, to delay, to
/// refuse.
///
/// It is part of what the operation does: of a long one, whose caller polls a
/// job, the job waits and the job fails.
pub trait Intercept: Send + Sync + 'static {
    /// Ends when the operation may begin. An error is what the operation comes
    /// to instead.
    fn before<'a>(&'a self, call: &'a Call) -> BoxFuture<'a, Outcome<()>>;
}

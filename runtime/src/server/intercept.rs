use super::call::Call;
use super::outcome::{BoxFuture, Outcome};

/// A hook that runs before every call, to count, delay or refuse it.
///
/// The hook is part of the operation: a job waits for it, and fails with its error.
///
/// ```
/// use std::time::Duration;
/// use zstack_runtime::server::{BoxFuture, Call, Intercept, Outcome};
///
/// /// Delays every call.
/// struct Delay(Duration);
///
/// impl Intercept for Delay {
///     fn before<'a>(&'a self, _: &'a Call) -> BoxFuture<'a, Outcome<()>> {
///         Box::pin(async {
///             tokio::time::sleep(self.0).await;
///             Ok(())
///         })
///     }
/// }
/// ```
pub trait Intercept: Send + Sync + 'static {
    /// Resolves when the operation may begin. If it fails, the operation does not run, and this
    /// error is its result.
    fn before<'a>(&'a self, call: &'a Call) -> BoxFuture<'a, Outcome<()>>;
}

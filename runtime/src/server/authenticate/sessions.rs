use crate::server::outcome::{BoxFuture, Outcome};

/// Checks whether sessions are valid.
///
/// The platform answers a long operation with 202 before it checks the session,
/// and so does this server. With this hook it knows earlier which callers have
/// no valid one: their jobs are kept in memory for five minutes, at most 1,000
/// at a time, and not posted to a webhook. Without it every job is treated
/// alike.
///
/// The handler of the operation still reports an invalid session.
pub trait Sessions: Send + Sync + 'static {
    /// Whether the session of this UUID - any text, may be empty - is valid now.
    /// Asking does not prolong it.
    ///
    /// The future ends with an error when the check fails; the caller gets that
    /// error and no job.
    fn is_valid<'a>(&'a self, uuid: &'a str) -> BoxFuture<'a, Outcome<bool>>;
}

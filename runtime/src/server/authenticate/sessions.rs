use crate::server::outcome::{BoxFuture, Outcome};

/// Checks whether sessions are valid.
///
/// Like the platform, the server answers a long operation with 202 before the session is checked.
/// With this hook it knows earlier which callers have no valid session: their jobs are kept in
/// memory for five minutes, at most 1,000 at a time, and are not posted to a webhook. Without it,
/// all jobs are treated alike.
///
/// The handler of the operation still has to report an invalid session.
pub trait Sessions: Send + Sync + 'static {
    /// Returns whether the session with this UUID is valid now. The text may be anything, including
    /// empty. Checking must not prolong the session.
    ///
    /// If the check fails, the caller gets that error and no job.
    fn is_valid<'a>(&'a self, uuid: &'a str) -> BoxFuture<'a, Outcome<bool>>;
}

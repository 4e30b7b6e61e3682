//! The errors of the server itself.

use crate::{ErrorCode, Operation};

fn internal_error(details: impl Into<String>) -> ErrorCode {
    ErrorCode::new("SYS.1000", "An internal error happened", details)
}

fn not_ready(details: String) -> ErrorCode {
    ErrorCode::new("SYS.1010", "The service is not ready", details)
}

/// The error of an operation that panicked. Only the log has the text of the panic.
pub(crate) fn internal() -> ErrorCode {
    internal_error("the operation failed unexpectedly; see the server's log")
}

pub(crate) fn not_recorded() -> ErrorCode {
    internal_error("the job could not be stored, so nothing was done; see the server's log")
}

pub(crate) fn restart(operation: &str) -> ErrorCode {
    internal_error(format!(
        "the management node was restarted before {operation} was completed; call it again"
    ))
}

pub(crate) fn timeout(seconds: u64) -> ErrorCode {
    ErrorCode::new(
        "SYS.1001",
        "The operation timed out",
        format!("not completed within {seconds} seconds; changes made so far are not undone"),
    )
}

pub(crate) fn invalid_arguments(details: String) -> ErrorCode {
    ErrorCode::new("SYS.1007", "One or more arguments are invalid", details)
}

pub(crate) fn busy(limit: usize) -> ErrorCode {
    not_ready(format!("{limit} operations are running; try again later"))
}

pub(crate) fn too_many_jobs(limit: usize) -> ErrorCode {
    not_ready(format!(
        "the limit of {limit} stored jobs is reached, so nothing was done; try again when some have expired, or call \
         without X-Job-UUID and X-Web-Hook to wait for the result"
    ))
}

pub(crate) fn not_implemented(operation: &Operation) -> ErrorCode {
    ErrorCode::new(
        "SYS.1014",
        "The operation is not implemented",
        format!("this server does not implement {}", operation.name),
    )
}

//! The errors of the server itself.

use crate::{ErrorCode, Operation};

fn internal_error(details: impl Into<String>) -> ErrorCode {
    ErrorCode::new("SYS.1000", "An internal error happened", details)
}

fn not_ready(details: String) -> ErrorCode {
    ErrorCode::new("SYS.1010", "The service is not ready", details)
}

/// The operation panicked. The text of the panic is for the log only.
pub(crate) fn internal() -> ErrorCode {
    internal_error("the operation broke off; the server's log says where")
}

pub(crate) fn not_recorded() -> ErrorCode {
    internal_error("the job could not be recorded, so nothing was done; the server's log says why")
}

pub(crate) fn restarted(operation: &str) -> ErrorCode {
    internal_error(format!("the management node was restarted before {operation} was done; call it again"))
}

pub(crate) fn timeout(seconds: u64) -> ErrorCode {
    ErrorCode::new(
        "SYS.1001",
        "The operation timed out",
        format!("not done within {seconds} seconds; what has begun is not undone"),
    )
}

pub(crate) fn invalid_arguments(details: String) -> ErrorCode {
    ErrorCode::new("SYS.1007", "One or more arguments are invalid", details)
}

pub(crate) fn busy(limit: usize) -> ErrorCode {
    not_ready(format!("{limit} operations are under way; try again later"))
}

pub(crate) fn too_many_jobs(limit: usize) -> ErrorCode {
    not_ready(format!(
        "{limit} jobs are on record, and there can be no more until some expire, so nothing was done; try again \
         later, or call without X-Job-UUID and X-Web-Hook to wait for the result"
    ))
}

pub(crate) fn unimplemented(operation: &Operation) -> ErrorCode {
    ErrorCode::new(
        "SYS.1014",
        "The operation is not implemented",
        format!("this server does not implement {}", operation.name),
    )
}

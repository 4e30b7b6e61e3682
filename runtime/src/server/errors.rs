//! The errors that the runtime itself answers with.

use crate::{ErrorCode, Operation};

pub(crate) fn internal() -> ErrorCode {
    // The panic's text went to the log; it is no business of the caller.
    ErrorCode::new(
        "SYS.1000",
        "An internal error happened",
        "the operation broke off; the server's log says where",
    )
}

pub(crate) fn not_recorded() -> ErrorCode {
    ErrorCode::new(
        "SYS.1000",
        "An internal error happened",
        "the job could not be recorded, so nothing was done; the server's log says why",
    )
}

pub(crate) fn restarted(operation: &str) -> ErrorCode {
    ErrorCode::new(
        "SYS.1000",
        "An internal error happened",
        format!("the management node was restarted before {operation} was done; call it again"),
    )
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
    ErrorCode::new(
        "SYS.1010",
        "The service is not ready",
        format!("{limit} operations are under way; try again later"),
    )
}

pub(crate) fn too_many_jobs(limit: usize) -> ErrorCode {
    ErrorCode::new(
        "SYS.1010",
        "The service is not ready",
        format!(
            "{limit} jobs are on record, and there can be no more until some expire, so nothing was done; try again \
             later, or call without X-Job-UUID and X-Web-Hook to wait for the result"
        ),
    )
}

pub(crate) fn unimplemented(operation: &Operation) -> ErrorCode {
    ErrorCode::new(
        "SYS.1014",
        "The operation is not implemented",
        format!("this server does not implement {}", operation.name),
    )
}

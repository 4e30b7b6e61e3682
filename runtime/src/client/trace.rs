//! Logs calls: operation, job, outcome and duration, but no parameters or sessions.

use http::StatusCode;
use tokio::time::Instant;
use tracing::Span;
use tracing::field::Empty;

use super::error::Error;
use crate::operation::Operation;

/// The log of a running call.
pub(super) struct Trace {
    span: Span,
    began: Instant,
}

impl Trace {
    pub(super) fn new(operation: &'static Operation, job: Option<&str>) -> Self {
        let span = tracing::debug_span!("call", operation = operation.name, job, status = Empty);
        Self { span, began: Instant::now() }
    }

    pub(super) fn span(&self) -> Span {
        self.span.clone()
    }

    pub(super) fn job(&self, uuid: &str) {
        self.span.record("job", uuid);
    }

    /// Logs how the call ended.
    pub(super) fn log_end<T>(
        &self,
        answered: Result<T, Error>,
        status: impl FnOnce(&T) -> StatusCode,
    ) -> Result<T, Error> {
        let status = match &answered {
            Ok(answer) => Some(status(answer)),
            Err(error) => error.status(),
        };
        if let Some(status) = status {
            self.span.record("status", status.as_u16());
        }
        let duration = self.began.elapsed();
        match &answered {
            Ok(_) => tracing::debug!(parent: &self.span, ?duration, "done"),
            // The text is not logged, since it repeats that of the server.
            Err(error) => {
                let (kind, code) = (error.kind(), error.code());
                tracing::debug!(parent: &self.span, ?duration, ?kind, code, "failed");
            }
        }
        answered
    }
}

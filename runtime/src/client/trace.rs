//! What a call leaves in the log: which operation, which job, how it ended
//! and when. Parameters and sessions stay out of it.

use tokio::time::Instant;
use tracing::Span;
use tracing::field::Empty;

use super::answer::{Answer, Reply};
use super::error::Error;
use crate::operation::Operation;

/// A call under way.
pub(super) struct Trace {
    span: Span,
    began: Instant,
}

/// What has a status.
pub(super) trait Answered {
    fn status(&self) -> u16;
}

impl Answered for Reply {
    fn status(&self) -> u16 {
        self.status.as_u16()
    }
}

impl Answered for Answer {
    fn status(&self) -> u16 {
        match self {
            Self::Result(reply) => reply.status(),
            Self::Job(_) => 202,
        }
    }
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

    /// Tells how the call ended.
    pub(super) fn ended<T: Answered>(&self, answered: Result<T, Error>) -> Result<T, Error> {
        let status = match &answered {
            Ok(answer) => Some(answer.status()),
            Err(error) => error.status().map(|it| it.as_u16()),
        };
        if let Some(status) = status {
            self.span.record("status", status);
        }
        let duration = self.began.elapsed();
        match &answered {
            Ok(_) => tracing::debug!(parent: &self.span, ?duration, "done"),
            // Its text repeats what the server said; the kind and the code are ours.
            Err(error) => {
                let (kind, code) = (error.kind(), error.code());
                tracing::debug!(parent: &self.span, ?duration, ?kind, code, "failed");
            }
        }
        answered
    }
}

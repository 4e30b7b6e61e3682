//! Webhooks that faults lose.

use std::sync::Arc;

use axum::body::Bytes;
use hyper::{Request, StatusCode, Uri};
use zstack_server::{BoxFuture, WebhookError, WebhookTransport};

use super::Faults;

/// The header with the UUID of the job.
const JOB_UUID: &str = "X-Job-UUID";

/// A transport that posts webhooks, except those that faults lose.
pub(crate) struct FaultyWebhooks {
    pub(crate) transport: Arc<dyn WebhookTransport>,
    pub(crate) faults: Arc<Faults>,
}

impl WebhookTransport for FaultyWebhooks {
    fn post(&self, request: Request<Bytes>) -> BoxFuture<'static, Result<StatusCode, WebhookError>> {
        let job = request.headers().get(JOB_UUID).and_then(|value| value.to_str().ok());
        if job.is_some_and(|job| self.faults.loses_webhook(job)) {
            let why = "a fault set with POST /_node/faults lost it".to_owned();
            return Box::pin(std::future::ready(Err(WebhookError::Refused(why))));
        }
        self.transport.post(request)
    }

    fn check(&self, url: &Uri) -> Result<(), String> {
        self.transport.check(url)
    }
}

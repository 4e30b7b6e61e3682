use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{Request, Uri};
use tracing::Instrument as _;

use super::allow::WebhookAllow;
use super::handover::Handover;
use super::transport::{HttpWebhooks, WebhookError, WebhookTransport};
use crate::server::answer::Answer;
use crate::server::headers::{JOB_SUCCESS, JOB_UUID};
use crate::server::in_flight::InFlight;
use crate::server::jobs::{Job, Jobs};

/// The number of further attempts, and the pause before each.
const RETRIES: u32 = 15;
const PAUSE: Duration = Duration::from_secs(2);

/// Posts the answers of jobs.
pub(crate) struct Webhooks {
    jobs: Arc<Jobs>,
    allow: WebhookAllow,
    transport: Arc<dyn WebhookTransport>,
    deliveries: InFlight,
    /// The maximum number of concurrent webhooks.
    limit: usize,
}

impl Webhooks {
    /// Creates a poster that uses `transport`, by default plain HTTP.
    pub(crate) fn new(
        jobs: Arc<Jobs>,
        allow: WebhookAllow,
        transport: Option<Arc<dyn WebhookTransport>>,
        limit: usize,
    ) -> Self {
        let transport = transport.unwrap_or_else(|| Arc::new(HttpWebhooks::new(allow.clone())));
        Self { jobs, allow, transport, deliveries: InFlight::default(), limit }
    }

    /// Returns the counter of the webhooks that are being posted.
    pub(crate) fn deliveries(&self) -> &InFlight {
        &self.deliveries
    }

    /// Checks the URL of a webhook, before its job begins. Fails when nothing can be posted there;
    /// the text says why.
    pub(crate) fn check(&self, text: &str) -> Result<(), String> {
        let url: Uri = text.parse().map_err(|error| format!("`{text}` is not a URL: {error}"))?;
        if !matches!(url.scheme_str(), Some("http" | "https")) {
            return Err(format!("`{text}` must begin with http:// or https://"));
        }
        self.allow.check(&url)?;
        self.transport.check(&url)
    }

    /// Posts the answer of a job, in a separate task, after its caller has received the reply with
    /// the job.
    pub(crate) fn deliver(self: &Arc<Self>, job: &Arc<Job>, handover: Option<Handover>) {
        let Some(url) = job.webhook.clone() else { return };
        let Some(ticket) = self.deliveries.enter(self.limit) else {
            tracing::warn!(job = job.uuid, "too many webhooks are being posted; dropped this one");
            return;
        };
        let (this, job) = (Arc::clone(self), Arc::clone(job));
        let run = async move {
            let _ticket = ticket;
            if let Some(handover) = handover {
                handover.wait_until_read().await;
            }
            // The answer that a poll would get.
            match this.jobs.find(&job.uuid).await {
                Ok(found) => match found.and_then(|found| found.result) {
                    Some(result) => this.post(&url, &job, result.answer).await,
                    None => tracing::warn!(job = job.uuid, "a job expired before its webhook was posted"),
                },
                // The next process will post it.
                Err(error) => {
                    return tracing::error!(job = job.uuid, error, "failed to read the result for a webhook");
                }
            }
            this.jobs.finish_webhook(&job.uuid).await;
        };
        tokio::spawn(run.in_current_span());
    }

    /// Posts until an attempt succeeds, or no further one can succeed.
    async fn post(&self, url: &str, job: &Job, answer: Answer) {
        let job_uuid = &job.uuid;
        // The rules of an earlier process may have allowed more.
        if let Err(why) = self.check(url) {
            return tracing::warn!(job_uuid, why, "dropped a webhook");
        }
        let request = match request(url, job, answer) {
            Ok(request) => request,
            Err(error) => return tracing::warn!(job_uuid, %error, "dropped a webhook"),
        };
        for attempt in 0..=RETRIES {
            if attempt > 0 {
                tokio::time::sleep(PAUSE).await;
            }
            match self.transport.post(request.clone()).await {
                Ok(status) if status.is_success() => return,
                Ok(status) => tracing::debug!(job_uuid, attempt, %status, "the receiver refused a webhook"),
                Err(WebhookError::Refused(why)) => {
                    return tracing::warn!(job_uuid, why, "dropped a webhook");
                }
                Err(error @ WebhookError::Failed(_)) => {
                    tracing::debug!(job_uuid, attempt, %error, "an attempt to post a webhook failed");
                }
            }
        }
        tracing::warn!(job_uuid, "dropped a webhook after the last attempt");
    }
}

fn request(url: &str, job: &Job, answer: Answer) -> Result<Request<Bytes>, http::Error> {
    Request::post(url)
        .header(CONTENT_TYPE, "application/json;charset=UTF-8")
        .header(JOB_UUID, &job.uuid)
        .header(JOB_SUCCESS, if answer.is_success() { "true" } else { "false" })
        .body(answer.into_body(job.with_schema))
}

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{Request, Uri};
use tokio::sync::oneshot;
use tracing::Instrument as _;

use super::transport::WebhookError;
use crate::server::answer::Answer;
use crate::server::headers::{JOB_SUCCESS, JOB_UUID};
use crate::server::jobs::Job;
use crate::server::pipeline::Inner;

/// How often a webhook is tried again, and after how long each time.
const RETRIES: u32 = 15;
const PAUSE: Duration = Duration::from_secs(2);

/// How long after its 202 was sent the first attempt is made: a client may
/// only get ready for it when it has read that answer.
const GRACE: Duration = Duration::from_millis(200);

/// How long a caller may take to receive its 202.
const LONGEST_HANDOVER: Duration = Duration::from_secs(30);

/// The answer that tells a caller of its job, to be sent before its webhook.
///
/// The body of that answer holds one end of a channel for as long as the
/// connection needs its bytes: until the operating system has taken them, or
/// the connection is gone.
pub(crate) struct Handover(oneshot::Receiver<()>);

impl Handover {
    /// The answer, to be sent instead of `text`.
    pub(crate) fn of(text: String) -> (Bytes, Self) {
        let (held, released) = oneshot::channel();
        (Bytes::from_owner(Held { text, _held: held }), Self(released))
    }

    async fn done(self) {
        // That the other end is gone is what this waits for. A peer that does
        // not read its answer does not hold it up for ever.
        let _ = tokio::time::timeout(LONGEST_HANDOVER, self.0).await;
        tokio::time::sleep(GRACE).await;
    }
}

struct Held {
    text: String,
    _held: oneshot::Sender<()>,
}

impl AsRef<[u8]> for Held {
    fn as_ref(&self) -> &[u8] {
        self.text.as_bytes()
    }
}

/// Looks at the URL of a webhook before anything is done.
///
/// # Errors
///
/// When nothing can be posted there; the text says why.
pub(crate) fn check(inner: &Inner, text: &str) -> Result<(), String> {
    let url: Uri = text.parse().map_err(|error| format!("`{text}` is no URL: {error}"))?;
    if !matches!(url.scheme_str(), Some("http" | "https")) {
        return Err(format!("`{text}` is no http:// URL"));
    }
    inner.options.webhook_allow.check(&url)?;
    inner.webhooks.check(&url)
}

/// Posts what came of a job, in a task of its own, after the caller has been
/// told of the job.
pub(crate) fn deliver(inner: &Arc<Inner>, job: &Arc<Job>, handover: Option<Handover>) {
    let Some(url) = job.webhook.clone() else { return };
    let Some(ticket) = inner.deliveries.enter(inner.options.in_flight) else {
        tracing::warn!(job = job.uuid, "too many webhooks are being posted; this one is not");
        return;
    };
    let (inner, job) = (Arc::clone(inner), Arc::clone(job));
    let run = async move {
        let _ticket = ticket;
        if let Some(handover) = handover {
            handover.done().await;
        }
        // What a poll would find.
        match inner.jobs.find(&job.uuid).await {
            Ok(found) => match found.and_then(|it| it.result) {
                Some(result) => post(&inner, &url, &job, result.answer).await,
                None => tracing::warn!(job = job.uuid, "a job has expired before its webhook was posted"),
            },
            // It stays to be posted by the next process.
            Err(error) => return tracing::error!(job = job.uuid, error, "no webhook can be posted"),
        }
        inner.jobs.webhook_done(&job.uuid).await;
    };
    tokio::spawn(run.in_current_span());
}

/// Posts until it is taken, or there is no hope.
async fn post(inner: &Inner, url: &str, job: &Job, answer: Answer) {
    let job_uuid = &job.uuid;
    // An earlier process may have been allowed more.
    if let Err(why) = check(inner, url) {
        return tracing::warn!(job_uuid, why, "no webhook can be posted");
    }
    let request = match request(url, job, answer) {
        Ok(request) => request,
        Err(error) => return tracing::warn!(job_uuid, %error, "no webhook can be posted"),
    };
    for attempt in 0..=RETRIES {
        if attempt > 0 {
            tokio::time::sleep(PAUSE).await;
        }
        match inner.webhooks.post(request.clone()).await {
            Ok(status) if status.is_success() => return,
            Ok(status) => tracing::debug!(job_uuid, attempt, %status, "a webhook was refused"),
            Err(WebhookError::Refused(why)) => {
                return tracing::warn!(job_uuid, why, "no webhook can be posted");
            }
            Err(WebhookError::Failed(error)) => {
                tracing::debug!(job_uuid, attempt, error, "a webhook could not be posted");
            }
        }
    }
    tracing::warn!(job_uuid, "a webhook was given up");
}

fn request(url: &str, job: &Job, answer: Answer) -> Result<Request<Bytes>, http::Error> {
    Request::post(url)
        .header(CONTENT_TYPE, "application/json;charset=UTF-8")
        .header(JOB_UUID, &job.uuid)
        .header(JOB_SUCCESS, if answer.is_success() { "true" } else { "false" })
        .body(answer.into_body(job.with_schema))
}

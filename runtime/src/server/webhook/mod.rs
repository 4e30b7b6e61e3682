//! Webhooks: posting the answers of jobs to those who asked for it.

mod allow;
mod delivery;
mod transport;

pub use allow::{ParseWebhookRuleError, WebhookAllow, WebhookRule};
pub use transport::{HttpWebhooks, WebhookError, WebhookTransport};

pub(crate) use delivery::{Handover, check, deliver};

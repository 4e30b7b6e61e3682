//! Webhooks: posting the answers of jobs to those who asked for it.

mod allow;
mod delivery;
mod listen;
mod transport;

pub use allow::{ParseWebhookRuleError, WebhookAllow, WebhookRule};
pub use listen::{ListenAddresses, is_own_address};
pub use transport::{HttpWebhooks, WebhookError, WebhookTransport};

pub(crate) use delivery::{Handover, check, deliver};

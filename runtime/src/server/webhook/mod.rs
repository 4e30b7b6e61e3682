//! Webhooks: posts the answers of jobs to the URLs that callers named.

mod allow;
mod delivery;
mod handover;
mod listen;
mod transport;

pub use self::allow::{ParseWebhookRuleError, WebhookAllow, WebhookRule};
pub use self::listen::{ListenAddresses, is_own_address};
pub use self::transport::{HttpWebhooks, WebhookError, WebhookTransport};

pub(crate) use self::delivery::Webhooks;
pub(crate) use self::handover::Handover;

use std::time::Duration;

use bytes::Bytes;
use tokio::sync::oneshot;

/// How long after its reply was sent the first attempt is made: a client may
/// only listen for the webhook when it has read that reply.
const GRACE: Duration = Duration::from_millis(200);

/// How long a caller may take to receive the reply.
const LONGEST: Duration = Duration::from_secs(30);

/// Waits until a caller has received the reply with its job.
///
/// The body of that reply holds one end of a channel for as long as the
/// connection needs its bytes: until the operating system has taken them, or the
/// connection is closed.
pub(crate) struct Handover(oneshot::Receiver<()>);

impl Handover {
    /// Makes the body of the reply from its text.
    pub(crate) fn new(text: String) -> (Bytes, Self) {
        let (sender, receiver) = oneshot::channel();
        (Bytes::from_owner(Body { text, _sender: sender }), Self(receiver))
    }

    pub(super) async fn done(self) {
        // Ends when the sender is dropped. A peer that does not read its reply
        // cannot delay the webhook for ever.
        let _ = tokio::time::timeout(LONGEST, self.0).await;
        tokio::time::sleep(GRACE).await;
    }
}

struct Body {
    text: String,
    _sender: oneshot::Sender<()>,
}

impl AsRef<[u8]> for Body {
    fn as_ref(&self) -> &[u8] {
        self.text.as_bytes()
    }
}

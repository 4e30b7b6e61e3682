use std::time::Duration;

use bytes::Bytes;
use tokio::sync::oneshot;

/// The delay of the first attempt after the reply was sent: a client may start to listen for the
/// webhook only when it has read that reply.
const GRACE: Duration = Duration::from_millis(200);

/// The time limit for a caller to receive the reply.
const MAX_WAIT: Duration = Duration::from_secs(30);

/// Waits until a caller has received the reply with its job.
///
/// The body of that reply owns one end of a channel for as long as the connection needs its bytes:
/// until the operating system has taken them, or the connection is closed.
pub(crate) struct Handover(oneshot::Receiver<()>);

impl Handover {
    /// Creates the body of the reply.
    pub(crate) fn new(text: String) -> (Bytes, Self) {
        let (sender, receiver) = oneshot::channel();
        (Bytes::from_owner(ReplyBody { text, _sender: sender }), Self(receiver))
    }

    pub(super) async fn wait_until_read(self) {
        // Ends when the sender is dropped. A peer that does not read its reply cannot delay the
        // webhook forever.
        let _ = tokio::time::timeout(MAX_WAIT, self.0).await;
        tokio::time::sleep(GRACE).await;
    }
}

struct ReplyBody {
    text: String,
    _sender: oneshot::Sender<()>,
}

impl AsRef<[u8]> for ReplyBody {
    fn as_ref(&self) -> &[u8] {
        self.text.as_bytes()
    }
}

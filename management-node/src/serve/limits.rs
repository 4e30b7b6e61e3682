//! Limits on connections, and the log lines that report a reached limit.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// The limits on the number of connections and on the time that peers may take.
/// [`Options::body_timeout`](zstack_server::Options) limits the time for
/// receiving the body of a request.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ConnectionLimits {
    /// The maximum number of open connections, at least 1. At the limit, the
    /// connection that has been idle longest is closed; if none is idle, new ones
    /// wait. Default: 4,096.
    pub connections: usize,
    /// The maximum time for receiving the request line and the headers, from
    /// their first byte. Default: 30 s.
    pub headers: Duration,
    /// The maximum time without progress while a response is sent. Default: 30 s.
    pub write: Duration,
    /// The maximum time without a request, before the first one and between two.
    /// Default: 60 s.
    pub idle: Duration,
}

impl Default for ConnectionLimits {
    fn default() -> Self {
        Self {
            connections: 4096,
            headers: Duration::from_secs(30),
            write: Duration::from_secs(30),
            idle: Duration::from_secs(60),
        }
    }
}

/// A time limit that a connection has exceeded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Timeout {
    Headers,
    Write,
    Idle,
}

/// The log lines about limits, each at most once in ten seconds, since peers
/// could otherwise flood the log.
#[derive(Debug, Default)]
pub(super) struct Notices {
    /// The limit on connections, with an idle one to close.
    pub(super) full: Notice,
    /// The limit on connections, with no idle one.
    pub(super) busy: Notice,
    pub(super) headers: Notice,
    pub(super) body: Notice,
    pub(super) write: Notice,
    /// A failure to accept a connection.
    pub(super) accept: Notice,
}

/// The time at which a line was last written, and the number of times that it was
/// suppressed since.
#[derive(Debug, Default)]
pub(super) struct Notice(Mutex<Option<(Instant, u64)>>);

impl Notice {
    const INTERVAL: Duration = Duration::from_secs(10);

    /// Returns how often the line was suppressed since it was last written;
    /// `None` if it must be suppressed now.
    pub(super) fn due(&self) -> Option<u64> {
        let now = Instant::now();
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match &mut *last {
            Some((at, suppressed)) if now.duration_since(*at) < Self::INTERVAL => {
                *suppressed += 1;
                None
            }
            last => Some(last.replace((now, 0)).map_or(0, |(_, suppressed)| suppressed)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn writes_a_line_once_in_ten_seconds() {
        let notice = Notice::default();
        assert_eq!(notice.due(), Some(0));
        for _ in 0..3 {
            assert_eq!(notice.due(), None);
        }
        tokio::time::advance(Duration::from_millis(9_999)).await;
        assert_eq!(notice.due(), None);
        tokio::time::advance(Duration::from_millis(1)).await;
        assert_eq!(notice.due(), Some(4));
        assert_eq!(notice.due(), None);
    }
}

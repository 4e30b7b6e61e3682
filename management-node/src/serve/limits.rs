//! Limits of connections, and the log lines that say that one was reached.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// How many connections a node serves at a time, and how long their peers may
/// take. [`Options::body_timeout`](zstack_server::Options) limits the time for
/// the body of a request.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ConnectionLimits {
    /// How many connections are open at a time, at least 1. At the limit the
    /// connection that has been idle longest is closed to make room; where none
    /// is idle, new ones wait. Default: 4,096.
    pub connections: usize,
    /// How long the request line and the headers of a request may take, from
    /// their first byte. Default: 30 s.
    pub headers: Duration,
    /// How long a peer may take no byte of a response that is being sent.
    /// Default: 30 s.
    pub write: Duration,
    /// How long a connection stays open without a request, both before the
    /// first one and between two. Default: 60 s.
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

/// A limit of time that the peer of a connection has reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Overdue {
    Headers,
    Write,
    Idle,
}

/// The log lines about limits, each at most once in ten seconds: peers choose
/// how often they reach one.
#[derive(Debug, Default)]
pub(super) struct Notices {
    /// The number of connections, while one of them is idle.
    pub(super) full: Notice,
    /// The number of connections, while none is idle.
    pub(super) busy: Notice,
    pub(super) headers: Notice,
    pub(super) body: Notice,
    pub(super) write: Notice,
    /// A connection that the system does not accept.
    pub(super) accept: Notice,
}

/// When a line was last written, and how often it was left out since.
#[derive(Debug, Default)]
pub(super) struct Notice(Mutex<Option<(Instant, u64)>>);

impl Notice {
    const PAUSE: Duration = Duration::from_secs(10);

    /// Whether the line is due: then, how often it was left out since the last
    /// one.
    pub(super) fn due(&self) -> Option<u64> {
        let now = Instant::now();
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match &mut *last {
            Some((at, left_out)) if now.duration_since(*at) < Self::PAUSE => {
                *left_out += 1;
                None
            }
            last => Some(last.replace((now, 0)).map_or(0, |(_, left_out)| left_out)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_line_is_written_once_in_ten_seconds() {
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

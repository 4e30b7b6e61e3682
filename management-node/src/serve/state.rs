//! The state of a connection.

use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use hyper::body::Incoming;
use tokio::sync::Notify;
use tokio::time::Instant;

use super::limits::{ConnectionLimits, Timeout};

/// A phase in the cycle of requests and responses.
#[repr(u8)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// No byte of the next request has arrived.
    Idle,
    /// A part of the next request's headers has arrived.
    Headers,
    /// The node is receiving the body of a request, or working on the response.
    Serving,
    /// The response is complete, but not yet sent completely.
    Sending,
}

impl Phase {
    const ALL: [Self; 4] = [Self::Idle, Self::Headers, Self::Serving, Self::Sending];
}

/// The state of a connection. Only the task of the connection writes it; the pool
/// reads it.
#[derive(Debug)]
pub(super) struct State {
    opened: Instant,
    /// A [`Phase`].
    phase: AtomicU8,
    /// The beginning of the phase, in milliseconds from `opened`.
    since: AtomicU64,
    /// The time at which sending stalled, in milliseconds from `opened`;
    /// [`NOT_BLOCKED`] while the peer reads.
    blocked: AtomicU64,
    /// True if a part of a request was not read.
    unread: AtomicBool,
    /// The unread rest of the body of the last request.
    rest: Mutex<Option<Incoming>>,
    /// Makes the connection end: at once if it is idle, otherwise after its
    /// request.
    pub(super) close: Notify,
    is_closing: AtomicBool,
    idle: Arc<IdleSignal>,
}

const NOT_BLOCKED: u64 = u64::MAX;

/// Notifies the pool of a connection that became idle, if it waits for one.
#[derive(Debug, Default)]
pub(super) struct IdleSignal {
    pub(super) is_awaited: AtomicBool,
    pub(super) changed: Notify,
}

impl State {
    pub(super) fn new(idle: Arc<IdleSignal>) -> Self {
        Self {
            opened: Instant::now(),
            phase: AtomicU8::new(Phase::Idle as u8),
            since: AtomicU64::new(0),
            blocked: AtomicU64::new(NOT_BLOCKED),
            unread: AtomicBool::new(false),
            rest: Mutex::new(None),
            close: Notify::new(),
            is_closing: AtomicBool::new(false),
            idle,
        }
    }

    fn phase(&self) -> Phase {
        Phase::ALL[usize::from(self.phase.load(Ordering::Relaxed)) % Phase::ALL.len()]
    }

    fn begin(&self, phase: Phase) {
        self.since.store(self.now(), Ordering::Relaxed);
        self.phase.store(phase as u8, Ordering::Relaxed);
    }

    fn now(&self) -> u64 {
        // A connection is not open for 500 million years.
        self.opened.elapsed().as_millis() as u64
    }

    /// Records that bytes have arrived.
    pub(super) fn record_receipt(&self) {
        if self.phase() == Phase::Idle {
            self.begin(Phase::Headers);
        }
    }

    /// Records that the headers of a request have arrived.
    pub(super) fn begin_request(&self) {
        self.phase.store(Phase::Serving as u8, Ordering::Relaxed);
    }

    /// Records that the response is complete.
    pub(super) fn end_response(&self) {
        self.phase.store(Phase::Sending as u8, Ordering::Relaxed);
    }

    /// Records that all pending bytes have been sent.
    pub(super) fn record_flush(&self) {
        if self.phase() == Phase::Sending {
            self.begin(Phase::Idle);
            if self.idle.is_awaited.load(Ordering::SeqCst) {
                self.idle.changed.notify_one();
            }
        }
    }

    /// Records that sending stalled or resumed.
    pub(super) fn set_blocked(&self, is_blocked: bool) {
        self.blocked.store(if is_blocked { self.now() } else { NOT_BLOCKED }, Ordering::Relaxed);
    }

    /// Returns true while the node neither works on a request nor sends a
    /// response.
    pub(super) fn is_between_requests(&self) -> bool {
        matches!(self.phase(), Phase::Idle | Phase::Headers)
    }

    /// The time since which the connection has been idle.
    pub(super) fn idle_since(&self) -> Option<Instant> {
        (self.phase() == Phase::Idle).then(|| self.at(self.since.load(Ordering::Relaxed)))
    }

    fn at(&self, millis: u64) -> Instant {
        self.opened + Duration::from_millis(millis)
    }

    /// The next deadline, and the time limit from which it results.
    pub(super) fn deadline(&self, limits: &ConnectionLimits) -> Option<(Instant, Timeout)> {
        let blocked = self.blocked.load(Ordering::Relaxed);
        if blocked != NOT_BLOCKED {
            return Some((self.at(blocked) + limits.write, Timeout::Write));
        }
        let since = || self.at(self.since.load(Ordering::Relaxed));
        match self.phase() {
            Phase::Idle => Some((since() + limits.idle, Timeout::Idle)),
            Phase::Headers => Some((since() + limits.headers, Timeout::Headers)),
            // Bodies and operations have limits of their own.
            Phase::Serving | Phase::Sending => None,
        }
    }

    /// Makes the connection end after its present request.
    pub(super) fn request_close(&self) {
        self.is_closing.store(true, Ordering::Relaxed);
        self.close.notify_one();
    }

    pub(super) fn is_closing(&self) -> bool {
        self.is_closing.load(Ordering::Relaxed)
    }

    pub(super) fn set_unread(&self) {
        self.unread.store(true, Ordering::Relaxed);
    }

    /// Returns true if a part of a request was not read; the peer may still send it.
    pub(super) fn is_unread(&self) -> bool {
        self.unread.load(Ordering::Relaxed)
    }

    pub(super) fn put_rest(&self, rest: Incoming) {
        *self.rest.lock().unwrap_or_else(PoisonError::into_inner) = Some(rest);
    }

    pub(super) fn take_rest(&self) -> Option<Incoming> {
        self.rest.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

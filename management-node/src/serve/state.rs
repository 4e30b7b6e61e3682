//! What a connection is doing.

use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use hyper::body::Incoming;
use tokio::sync::Notify;
use tokio::time::Instant;

use super::limits::{ConnectionLimits, Overdue};

/// Where a connection is between two requests.
#[repr(u8)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// No byte of the next request has arrived.
    Idle,
    /// A part of the next request's headers has arrived.
    Headers,
    /// A request is being answered, or its body received.
    Serving,
    /// The response is complete, and not all of it has been sent.
    Answered,
}

impl Phase {
    const ALL: [Self; 4] = [Self::Idle, Self::Headers, Self::Serving, Self::Answered];
}

/// The state of a connection. All of its parts run in one task, which alone
/// writes the state; the list of connections reads it.
#[derive(Debug)]
pub(super) struct State {
    opened: Instant,
    /// A [`Phase`].
    phase: AtomicU8,
    /// When the phase began, in milliseconds from `opened`.
    since: AtomicU64,
    /// Since when the peer has taken no byte, in milliseconds from `opened`;
    /// [`NOT_BLOCKED`] while it takes some.
    blocked: AtomicU64,
    /// Whether a part of a request was left unread.
    unread: AtomicBool,
    /// What is left of the body of the request that has been answered.
    rest: Mutex<Option<Incoming>>,
    /// Asks the connection to end: at once if it is idle, otherwise after its
    /// request.
    pub(super) close: Notify,
    is_closing: AtomicBool,
    idle: Arc<IdleSignal>,
}

const NOT_BLOCKED: u64 = u64::MAX;

/// Reports that a connection became idle, if that is awaited.
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

    /// Bytes have arrived.
    pub(super) fn received(&self) {
        if self.phase() == Phase::Idle {
            self.begin(Phase::Headers);
        }
    }

    /// A request has arrived: its headers, that is.
    pub(super) fn serve(&self) {
        self.phase.store(Phase::Serving as u8, Ordering::Relaxed);
    }

    /// The response is complete.
    pub(super) fn answered(&self) {
        self.phase.store(Phase::Answered as u8, Ordering::Relaxed);
    }

    /// All that was to be sent has been.
    pub(super) fn flushed(&self) {
        if self.phase() == Phase::Answered {
            self.begin(Phase::Idle);
            if self.idle.is_awaited.load(Ordering::SeqCst) {
                self.idle.changed.notify_one();
            }
        }
    }

    /// The peer has taken bytes, or takes none for now.
    pub(super) fn set_blocked(&self, is_blocked: bool) {
        self.blocked.store(if is_blocked { self.now() } else { NOT_BLOCKED }, Ordering::Relaxed);
    }

    /// Whether no request is being answered, and no response sent.
    pub(super) fn is_between_requests(&self) -> bool {
        matches!(self.phase(), Phase::Idle | Phase::Headers)
    }

    /// Since when the connection has been idle.
    pub(super) fn idle_since(&self) -> Option<Instant> {
        (self.phase() == Phase::Idle).then(|| self.at(self.since.load(Ordering::Relaxed)))
    }

    fn at(&self, millis: u64) -> Instant {
        self.opened + Duration::from_millis(millis)
    }

    /// When the peer will have taken too long, and for what.
    pub(super) fn deadline(&self, limits: &ConnectionLimits) -> Option<(Instant, Overdue)> {
        let blocked = self.blocked.load(Ordering::Relaxed);
        if blocked != NOT_BLOCKED {
            return Some((self.at(blocked) + limits.write, Overdue::Write));
        }
        let since = || self.at(self.since.load(Ordering::Relaxed));
        match self.phase() {
            Phase::Idle => Some((since() + limits.idle, Overdue::Idle)),
            Phase::Headers => Some((since() + limits.headers, Overdue::Headers)),
            // Bodies and operations have limits of their own.
            Phase::Serving | Phase::Answered => None,
        }
    }

    /// Asks the connection to end.
    pub(super) fn ask_to_close(&self) {
        self.is_closing.store(true, Ordering::Relaxed);
        self.close.notify_one();
    }

    /// Whether it was asked to end.
    pub(super) fn is_closing(&self) -> bool {
        self.is_closing.load(Ordering::Relaxed)
    }

    pub(super) fn set_unread(&self) {
        self.unread.store(true, Ordering::Relaxed);
    }

    /// Whether a part of a request was left unread: the peer may still send it.
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

//! The source of the time.

use std::ops::RangeInclusive;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;

use crate::model::Moment;

/// A source of the present time. Tests use one that does not advance by itself.
pub trait Clock: Send + Sync + 'static {
    /// The present moment.
    fn now(&self) -> Moment;
}

/// The clock of the machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Moment {
        jiff::Timestamp::now().into()
    }
}

/// The times that the `Date` header of HTTP can express: up to the end of the year 9999. The library
/// that writes it panics outside of this range.
pub(crate) const DATES: RangeInclusive<Moment> =
    Moment::from_millis(0)..=Moment::from_millis(253_402_300_799_999);

/// A clock that tests can freeze, set and advance.
pub(crate) struct VirtualClock {
    base: Arc<dyn Clock>,
    state: Mutex<State>,
    /// Notified when its state changes.
    changed: Notify,
}

/// A saved state of a [`VirtualClock`].
#[derive(Clone, Copy)]
pub(crate) struct ClockState(State);

#[derive(Clone, Copy)]
enum State {
    /// It advances with the base, by which it is ahead in milliseconds.
    Running { ahead: i64 },
    /// It does not advance.
    Frozen(Moment),
}

impl VirtualClock {
    /// A clock that shows the time of another one.
    pub(crate) fn over(base: Arc<dyn Clock>) -> Self {
        Self { base, state: Mutex::new(State::Running { ahead: 0 }), changed: Notify::new() }
    }

    /// True if it does not advance.
    pub(crate) fn is_frozen(&self) -> bool {
        matches!(*self.state(), State::Frozen(_))
    }

    /// Stops it, or lets it run on from the time that it shows.
    pub(crate) fn freeze(&self, frozen: bool) {
        let now = self.now();
        let ahead = now.millis().saturating_sub(self.base.now().millis());
        *self.state() = if frozen { State::Frozen(now) } else { State::Running { ahead } };
        self.changed.notify_waiters();
    }

    /// Sets it. It runs on if it was running.
    pub(crate) fn set(&self, now: Moment) {
        let mut state = self.state();
        *state = match *state {
            State::Running { .. } => {
                State::Running { ahead: now.millis().saturating_sub(self.base.now().millis()) }
            }
            State::Frozen(_) => State::Frozen(now),
        };
        drop(state);
        self.changed.notify_waiters();
    }

    /// Lets it show the time of its base again.
    pub(crate) fn reset(&self) {
        *self.state() = State::Running { ahead: 0 };
        self.changed.notify_waiters();
    }

    /// Returns its state, to restore it.
    pub(crate) fn state_to_save(&self) -> ClockState {
        ClockState(*self.state())
    }

    /// Restores a saved state. A running clock does not show the time of the save, but is ahead of its base
    /// by as much as then.
    pub(crate) fn restore(&self, saved: ClockState) {
        *self.state() = saved.0;
        self.changed.notify_waiters();
    }

    /// Waits until this clock shows a time, or a later one.
    pub(crate) async fn wait_until(&self, end: Moment) {
        loop {
            let mut changed = pin!(self.changed.notified());
            // A change after this line ends the wait below.
            changed.as_mut().enable();
            let remaining = u64::try_from(end.millis().saturating_sub(self.now().millis())).unwrap_or(0);
            if remaining == 0 {
                return;
            }
            if self.is_frozen() {
                changed.await;
            } else {
                // Either the time has passed, or the clock has changed.
                let _ = tokio::time::timeout(Duration::from_millis(remaining), changed).await;
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // The state is complete at any time.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clock for VirtualClock {
    fn now(&self) -> Moment {
        match *self.state() {
            State::Running { ahead } => Moment::from_millis(self.base.now().millis().saturating_add(ahead)),
            State::Frozen(now) => now,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;
    use std::task::Poll;

    use super::*;

    /// A base that shows the time of tokio.
    struct TokioClock(tokio::time::Instant);

    impl Clock for TokioClock {
        fn now(&self) -> Moment {
            Moment::from_millis(i64::try_from(self.0.elapsed().as_millis()).unwrap())
        }
    }

    #[tokio::test(start_paused = true)]
    async fn waits_by_its_own_time() {
        let start = tokio::time::Instant::now();
        let clock = VirtualClock::over(Arc::new(TokioClock(start)));
        clock.wait_until(clock.now().plus_seconds(5)).await;
        assert_eq!(start.elapsed().as_secs(), 5);

        clock.freeze(true);
        let mut wait = pin!(clock.wait_until(clock.now().plus_seconds(10)));
        let mut is_over =
            async || poll_fn(|context| Poll::Ready(wait.as_mut().poll(context).is_ready())).await;
        assert!(!is_over().await);
        tokio::time::advance(Duration::from_secs(60)).await;
        assert!(!is_over().await);
        clock.set(clock.now().plus_seconds(9));
        assert!(!is_over().await);
        // The last second passes when the clock runs again.
        clock.freeze(false);
        assert!(!is_over().await);
        tokio::time::advance(Duration::from_secs(1)).await;
        assert!(is_over().await);
    }
}

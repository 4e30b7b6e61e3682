//! The source of the time.

use std::ops::RangeInclusive;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

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
}

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
        Self { base, state: Mutex::new(State::Running { ahead: 0 }) }
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
    }

    /// Lets it show the time of its base again.
    pub(crate) fn reset(&self) {
        *self.state() = State::Running { ahead: 0 };
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

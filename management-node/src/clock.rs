//! Where the time comes from.

use crate::model::Moment;

/// Tells the time. Tests have one that stands still.
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

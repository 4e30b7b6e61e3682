//! The extent of the node benchmark.

use std::time::Duration;

#[derive(Clone, Copy, Debug)]
pub(super) struct Plan {
    /// The number of turns of each side of a figure.
    pub(super) rounds: usize,
    /// The maximum length of a turn.
    pub(super) turn: Duration,
    /// The maximum number of calls of a caller in a turn.
    pub(super) calls: usize,
    /// The number of VM instances in a large cloud.
    pub(super) large: usize,
    /// The number of VM instances in a huge cloud.
    pub(super) huge: usize,
    /// The number of concurrent callers.
    pub(super) callers: usize,
}

/// The number of VM instances in a small cloud.
pub(super) const SMALL: usize = 8;

impl Plan {
    /// Takes about ten minutes.
    pub(super) const FULL: Self = Self {
        rounds: 7,
        turn: Duration::from_millis(500),
        calls: usize::MAX,
        large: 256,
        huge: 100_000,
        callers: 64,
    };

    /// The minimum that shows that the benchmark works.
    pub(super) const SMOKE: Self =
        Self { rounds: 1, turn: Duration::from_secs(2), calls: 4, large: 16, huge: 40, callers: 8 };
}

//! How much is measured.

use std::time::Duration;

/// How long the benchmark of the node takes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Plan {
    /// How often each side of a figure has its turn.
    pub(super) rounds: usize,
    /// How long a turn is at most.
    pub(super) turn: Duration,
    /// How many calls a caller makes in a turn at most.
    pub(super) calls: usize,
    /// How many VM instances a large cloud has.
    pub(super) large: usize,
    /// How many callers there are when there are many.
    pub(super) callers: usize,
}

/// How many VM instances a small cloud has.
pub(super) const SMALL: usize = 8;

impl Plan {
    /// About three minutes.
    pub(super) const FULL: Self =
        Self { rounds: 7, turn: Duration::from_millis(500), calls: usize::MAX, large: 256, callers: 64 };

    /// As little as shows that everything works.
    pub(super) const SMOKE: Self =
        Self { rounds: 1, turn: Duration::from_secs(2), calls: 4, large: 16, callers: 8 };
}

//! The extent of the call benchmark.

use std::time::Duration;

/// The number of operations of the whole platform.
pub(crate) const MANY: usize = 1_891;

#[derive(Clone, Copy, Debug)]
pub(crate) struct Plan {
    /// The number of turns of each side of a figure.
    pub(crate) rounds: usize,
    /// The number of server processes among which the rounds are divided, since they differ by chance.
    pub(crate) processes: usize,
    /// The number of server pairs for routes: the times of the slowest calls differ most by chance.
    pub(crate) pairs: usize,
    /// The number of turns of each server of such a pair.
    pub(crate) rounds_of_a_pair: usize,
    /// The maximum length of a turn. Many short turns are more precise than a few long ones, since
    /// the other load on the machine varies within tenths of a second.
    pub(crate) turn: Duration,
    /// The maximum number of calls in a turn.
    pub(crate) calls: usize,
    /// The number of operations of a large server.
    pub(crate) many_routes: usize,
    /// The maximum number of connections for figures of memory.
    pub(crate) max_connections: usize,
}

impl Plan {
    /// Takes about six minutes.
    pub(crate) const fn full() -> Self {
        Self {
            rounds: 60,
            processes: 5,
            pairs: 30,
            rounds_of_a_pair: 12,
            turn: Duration::from_millis(50),
            calls: usize::MAX,
            many_routes: MANY,
            max_connections: 512,
        }
    }

    /// The minimum that shows that the benchmark works.
    pub(crate) const fn smoke() -> Self {
        Self {
            rounds: 1,
            processes: 1,
            pairs: 1,
            rounds_of_a_pair: 1,
            turn: Duration::from_secs(2),
            calls: 5,
            many_routes: 100,
            max_connections: 8,
        }
    }
}

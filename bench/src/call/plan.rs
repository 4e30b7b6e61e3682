//! How much is measured.

use std::time::Duration;

/// How many the whole platform has.
pub(crate) const MANY: usize = 1_891;

/// How long the benchmark of the call path takes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plan {
    /// How often each side of a figure has its turn.
    pub(crate) rounds: usize,
    /// How many processes of servers share these rounds, since they differ by
    /// chance.
    pub(crate) processes: usize,
    /// How many pairs of servers routes are measured with: what the slowest
    /// calls take differs most by chance.
    pub(crate) pairs: usize,
    /// How often each server of such a pair has its turn.
    pub(crate) rounds_of_a_pair: usize,
    /// How long a turn is at most. Many short ones tell more than a few long
    /// ones: what else the machine does changes from one tenth of a second to
    /// the next.
    pub(crate) turn: Duration,
    /// How many calls a turn has at most.
    pub(crate) calls: usize,
    /// How many operations a server of many has.
    pub(crate) many_routes: usize,
    /// How many connections weigh on the memory of a server, at most.
    pub(crate) most_connections: usize,
}

impl Plan {
    /// About six minutes.
    pub(crate) const fn full() -> Self {
        Self {
            rounds: 60,
            processes: 5,
            pairs: 30,
            rounds_of_a_pair: 12,
            turn: Duration::from_millis(50),
            calls: usize::MAX,
            many_routes: MANY,
            most_connections: 512,
        }
    }

    /// As little as shows that everything works.
    pub(crate) const fn smoke() -> Self {
        Self {
            rounds: 1,
            processes: 1,
            pairs: 1,
            rounds_of_a_pair: 1,
            turn: Duration::from_secs(2),
            calls: 20,
            many_routes: 100,
            most_connections: 8,
        }
    }
}

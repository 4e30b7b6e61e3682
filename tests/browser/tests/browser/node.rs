//! A node with the built-in sample inventory, in this process, on a free port.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use zstack_node::clock::{Clock, SystemClock};
use zstack_node::model::Moment;
use zstack_node::testing::ThreadedNode;

/// The system clock, plus an offset that tests set.
#[derive(Default)]
struct LaterClock(AtomicI64);

impl Clock for LaterClock {
    fn now(&self) -> Moment {
        Moment::from_millis(SystemClock.now().millis() + self.0.load(Ordering::SeqCst))
    }
}

/// A running node.
pub(crate) struct Node {
    /// Without a final slash.
    pub(crate) url: String,
    clock: Arc<LaterClock>,
    node: ThreadedNode,
}

impl Node {
    pub(crate) fn start() -> Self {
        let clock = Arc::new(LaterClock::default());
        let node = ThreadedNode::builder().sample().clock(Arc::clone(&clock) as Arc<dyn Clock>).start();
        let node = node.unwrap();
        Self { url: node.url(), clock, node }
    }

    pub(crate) fn at(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }

    /// Lets all sessions end.
    pub(crate) fn end_sessions(&self) {
        self.clock.0.fetch_add(100 * 24 * 3600 * 1000, Ordering::SeqCst);
    }

    pub(crate) fn stop(self) {
        drop(self.node);
    }
}

/// UUIDs of the sample inventory.
pub(crate) mod sample {
    pub(crate) const WEB_1: &str = "d0000000000040008000000000000001";
    pub(crate) const WEB_1_DRIVE: &str = "cd000000000040008000000000000011";
    pub(crate) const RESCUE: &str = "15000000000040008000000000000001";
    pub(crate) const DEBIAN: &str = "15000000000040008000000000000003";
}

//! Counts running tasks, up to a limit, and waits for their end.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::Notify;

/// A counter of running tasks.
#[derive(Clone, Default)]
pub(crate) struct InFlight(Arc<Counter>);

#[derive(Default)]
struct Counter {
    count: AtomicUsize,
    idle: Notify,
}

/// A running task, until it is dropped.
pub(crate) struct Ticket(Arc<Counter>);

impl InFlight {
    /// Counts one more task; `None` at the limit.
    pub(crate) fn enter(&self, limit: usize) -> Option<Ticket> {
        let increment = |count: usize| (count < limit).then_some(count + 1);
        self.0
            .count
            .fetch_update(Ordering::AcqRel, Ordering::Acquire, increment)
            .ok()
            .map(|_| Ticket(Arc::clone(&self.0)))
    }

    pub(crate) fn count(&self) -> usize {
        self.0.count.load(Ordering::Acquire)
    }

    /// Waits until no task is running.
    pub(crate) async fn idle(&self) {
        loop {
            // Created before the count is read, so that the last drop is not missed.
            let idle = self.0.idle.notified();
            if self.count() == 0 {
                return;
            }
            idle.await;
        }
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        if self.0.count.fetch_sub(1, Ordering::AcqRel) == 1 {
            self.0.idle.notify_waiters();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;
    use tokio::time::timeout;

    #[tokio::test(start_paused = true)]
    async fn idle_waits_for_the_last_task() {
        let tasks = InFlight::default();
        let first = tasks.enter(2).unwrap();
        let second = tasks.enter(2).unwrap();
        assert!(tasks.enter(2).is_none());
        drop(first);
        assert!(timeout(Duration::from_secs(1), tasks.idle()).await.is_err());
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_secs(5)).await;
            drop(second);
        });
        tasks.idle().await;
        assert_eq!(tasks.count(), 0);
    }
}

//! The jobs that callers poll.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::envelope::Answer;

/// What is known of each job, in memory.
///
/// A running job is never dropped; how many run is limited where they begin.
/// Of finished ones, those that finished first make room.
pub(crate) struct Jobs {
    state: Mutex<State>,
    expiry: Duration,
    most_finished: usize,
}

#[derive(Default)]
struct State {
    jobs: HashMap<Arc<str>, Job>,
    /// The finished jobs, in the order in which they finished.
    finished: BTreeMap<u64, Arc<str>>,
    next: u64,
}

struct Job {
    created: Instant,
    phase: Phase,
}

enum Phase {
    /// It runs, and its caller waits for the answer: nobody else knows of it.
    Private,
    /// It runs, and can be polled.
    Running,
    /// It is done.
    Finished { number: u64, expires: Instant, answer: Answer },
}

/// How long a result is kept at least: an operation of hours would else be
/// forgotten the moment it is done.
const LEAST: Duration = Duration::from_secs(3600);

/// What a poll finds.
pub(crate) enum Poll {
    Unknown,
    Running,
    Finished(Answer),
}

impl Jobs {
    pub(crate) fn new(expiry: Duration, most_finished: usize) -> Self {
        Self { state: Mutex::default(), expiry, most_finished }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing in here panics half-way through a change.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins a job, to be polled at once or only once it is published.
    /// `false` while there is another of this UUID.
    #[must_use]
    pub(crate) fn begin(&self, uuid: &str, private: bool) -> bool {
        let mut state = self.state();
        if state.find(uuid).is_some() {
            return false;
        }
        let phase = if private { Phase::Private } else { Phase::Running };
        state.jobs.insert(uuid.into(), Job { created: Instant::now(), phase });
        true
    }

    pub(crate) fn contains(&self, uuid: &str) -> bool {
        self.state().find(uuid).is_some()
    }

    /// Lets a private job be polled from now on. `false` when it is done: then
    /// its answer is on its way to the caller.
    #[must_use]
    pub(crate) fn publish(&self, uuid: &str) -> bool {
        match self.state().jobs.get_mut(uuid) {
            Some(job) => {
                job.phase = Phase::Running;
                true
            }
            None => false,
        }
    }

    /// Forgets a job that is done and private still: nobody polls it. `false`
    /// when it has been published.
    #[must_use]
    pub(crate) fn forget(&self, uuid: &str) -> bool {
        let mut state = self.state();
        let private = state.jobs.get(uuid).is_some_and(|job| matches!(job.phase, Phase::Private));
        if private {
            state.jobs.remove(uuid);
        }
        private
    }

    /// Keeps the answer of a job, to be polled.
    pub(crate) fn finish(&self, uuid: &str, answer: Answer) {
        let mut state = self.state();
        let State { jobs, finished, next } = &mut *state;
        let Some((key, _)) = jobs.get_key_value(uuid) else {
            return;
        };
        let number = *next;
        *next += 1;
        finished.insert(number, Arc::clone(key));
        if let Some(job) = jobs.get_mut(uuid) {
            let now = Instant::now();
            let expires = (job.created + self.expiry).max(now + self.expiry.min(LEAST));
            job.phase = Phase::Finished { number, expires, answer };
        }
        state.drop_old(self.most_finished);
    }

    pub(crate) fn poll(&self, uuid: &str) -> Poll {
        match self.state().find(uuid).map(|job| &job.phase) {
            None | Some(Phase::Private) => Poll::Unknown,
            Some(Phase::Running) => Poll::Running,
            Some(Phase::Finished { answer, .. }) => Poll::Finished(answer.clone()),
        }
    }
}

impl State {
    /// The job of a UUID, unless it has expired; then it is gone.
    fn find(&mut self, uuid: &str) -> Option<&Job> {
        if let Some(number) = self.jobs.get(uuid)?.expired() {
            self.jobs.remove(uuid);
            self.finished.remove(&number);
        }
        self.jobs.get(uuid)
    }

    /// Drops what is too much, and what has expired as far as that costs no
    /// search; the rest goes when it is asked for or becomes too much.
    fn drop_old(&mut self, most_finished: usize) {
        while let Some((_, uuid)) = self.finished.first_key_value() {
            let expired = self.jobs.get(uuid).is_none_or(|job| job.expired().is_some());
            if !expired && self.finished.len() <= most_finished {
                return;
            }
            if let Some((_, uuid)) = self.finished.pop_first() {
                self.jobs.remove(&uuid);
            }
        }
    }
}

impl Job {
    /// The number of a finished job that has expired.
    fn expired(&self) -> Option<u64> {
        match self.phase {
            Phase::Finished { number, expires, .. } if expires <= Instant::now() => Some(number),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ErrorCode, Version};

    fn answer(text: &str) -> Answer {
        Answer::error(&ErrorCode::new(text, "", ""), Version::NEWEST)
    }

    fn is_finished(jobs: &Jobs, uuid: &str) -> bool {
        matches!(jobs.poll(uuid), Poll::Finished(_))
    }

    #[tokio::test(start_paused = true)]
    async fn results_expire_and_running_jobs_do_not() {
        let jobs = Jobs::new(Duration::from_secs(100), 10);
        assert!(jobs.begin("a", false) && jobs.begin("b", false));
        assert!(!jobs.begin("a", false), "while it runs");
        jobs.finish("a", answer("1"));
        assert!(is_finished(&jobs, "a") && !jobs.begin("a", false), "while it is kept");
        tokio::time::advance(Duration::from_secs(100)).await;
        assert!(matches!(jobs.poll("b"), Poll::Running));
        assert!(matches!(jobs.poll("a"), Poll::Unknown) && jobs.begin("a", false));
        jobs.finish("a", answer("2"));
        assert!(is_finished(&jobs, "a"));
        let state = jobs.state();
        assert_eq!((state.jobs.len(), state.finished.len()), (2, 1));
    }

    #[tokio::test(start_paused = true)]
    async fn a_late_result_can_still_be_polled() {
        let jobs = Jobs::new(Duration::from_secs(10_800), 10);
        assert!(jobs.begin("a", false));
        tokio::time::advance(Duration::from_secs(100_000)).await;
        jobs.finish("a", answer("1"));
        tokio::time::advance(LEAST - Duration::from_secs(1)).await;
        assert!(is_finished(&jobs, "a"));
        tokio::time::advance(Duration::from_secs(1)).await;
        assert!(!is_finished(&jobs, "a"));
    }

    #[tokio::test(start_paused = true)]
    async fn the_first_to_finish_make_room() {
        let jobs = Jobs::new(Duration::from_secs(100), 2);
        for uuid in ["a", "b", "c", "d"] {
            assert!(jobs.begin(uuid, false));
        }
        for uuid in ["c", "b", "a"] {
            jobs.finish(uuid, answer(uuid));
        }
        assert!(!is_finished(&jobs, "c") && is_finished(&jobs, "b") && is_finished(&jobs, "a"));
        assert!(matches!(jobs.poll("d"), Poll::Running));
    }

    #[tokio::test]
    async fn private_jobs_leave_nothing_behind() {
        let jobs = Jobs::new(Duration::from_secs(100), 2);
        assert!(jobs.begin("a", true) && jobs.begin("b", true));
        assert!(matches!(jobs.poll("a"), Poll::Unknown));
        assert!(jobs.forget("a"));
        assert!(!jobs.publish("a") && jobs.publish("b"));
        assert!(!jobs.forget("b"));
        jobs.finish("b", answer("2"));
        assert!(is_finished(&jobs, "b"));
        assert_eq!(jobs.state().jobs.len(), 1);
    }
}

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use super::registry::Jobs;
use super::store::{FinishedJob, Job};
use crate::server::answer::Answer;

/// Its caller waits for the answer, and it is not visible.
const PRIVATE: u8 = 0;
/// Its caller has a job to poll.
const VISIBLE: u8 = 1;
/// Its caller waits for the answer, and there will be no job.
const SEALED: u8 = 2;
/// Its caller, without a valid session, has a job to poll.
const GUEST: u8 = 3;

/// A long operation under way: a call that is answered, or a job.
///
/// That is decided once: it is published before its caller gets a job, and sealed
/// before its change is committed or its answer is sent. So an answer that is
/// committed with the change is that of a job if there is a job, and no job
/// appears afterwards.
pub(crate) struct RunningJob {
    jobs: Arc<Jobs>,
    job: Arc<Job>,
    phase: AtomicU8,
}

impl RunningJob {
    pub(crate) fn new(jobs: Arc<Jobs>, job: Job) -> Self {
        Self { jobs, job: Arc::new(job), phase: AtomicU8::new(PRIVATE) }
    }

    pub(crate) fn job(&self) -> &Arc<Job> {
        &self.job
    }

    /// Makes a job of it. `false` when it is too late: its answer is for the caller.
    #[must_use]
    pub(crate) fn publish(&self) -> bool {
        self.become_job(VISIBLE)
    }

    /// Makes a job of it whose caller has no valid session.
    #[must_use]
    pub(crate) fn publish_to_guest(&self) -> bool {
        self.become_job(GUEST)
    }

    fn become_job(&self, phase: u8) -> bool {
        self.phase.compare_exchange(PRIVATE, phase, Ordering::AcqRel, Ordering::Acquire).is_ok()
    }

    /// Whether it is a job whose caller has no valid session.
    pub(crate) fn is_of_guest(&self) -> bool {
        self.phase.load(Ordering::Acquire) == GUEST
    }

    /// From here on it will not become a job. `false` if it is one.
    #[must_use]
    pub(crate) fn seal(&self) -> bool {
        let sealed = self.phase.compare_exchange(PRIVATE, SEALED, Ordering::AcqRel, Ordering::Acquire);
        sealed.is_ok() || sealed == Err(SEALED)
    }

    pub(crate) fn finished(&self, answer: Answer) -> FinishedJob {
        self.jobs.finished(&self.job, answer)
    }
}

impl fmt::Debug for RunningJob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RunningJob").field("uuid", &self.job.uuid).field("phase", &self.phase).finish()
    }
}

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use super::registry::Jobs;
use super::store::{FinishedJob, Job};
use crate::server::answer::Answer;

/// The caller waits for the answer, and no job is visible.
const PRIVATE: u8 = 0;
/// The caller has a job to poll.
const VISIBLE: u8 = 1;
/// The caller waits for the answer, and there will be no job.
const SEALED: u8 = 2;
/// The caller, who has no valid session, has a job to poll.
const GUEST: u8 = 3;

/// A running long operation, which ends either as an answered call or as a job.
///
/// This is decided once: the operation is published before its caller gets a job, and sealed before
/// its change is committed or its answer is sent. So an answer that is committed with the change
/// belongs to a job exactly if there is a job, and no job appears afterwards.
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

    /// Makes it a job. Returns `false` if it is sealed: the caller gets the answer.
    #[must_use]
    pub(crate) fn publish(&self) -> bool {
        self.become_job(VISIBLE)
    }

    /// Makes it a job of a caller without a valid session.
    #[must_use]
    pub(crate) fn publish_to_guest(&self) -> bool {
        self.become_job(GUEST)
    }

    fn become_job(&self, phase: u8) -> bool {
        self.phase.compare_exchange(PRIVATE, phase, Ordering::AcqRel, Ordering::Acquire).is_ok()
    }

    /// Returns whether it is a job of a caller without a valid session.
    pub(crate) fn is_of_guest(&self) -> bool {
        self.phase.load(Ordering::Acquire) == GUEST
    }

    /// Prevents it from becoming a job. Returns `false` if it is one already.
    #[must_use]
    pub(crate) fn seal(&self) -> bool {
        let sealed = self.phase.compare_exchange(PRIVATE, SEALED, Ordering::AcqRel, Ordering::Acquire);
        sealed.is_ok() || sealed == Err(SEALED)
    }

    pub(crate) fn finished_job(&self, answer: Answer) -> FinishedJob {
        self.jobs.finished_job(&self.job, answer)
    }
}

impl fmt::Debug for RunningJob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RunningJob").field("uuid", &self.job.uuid).field("phase", &self.phase).finish()
    }
}

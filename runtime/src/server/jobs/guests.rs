//! Jobs of callers without a valid session.
//!
//! The platform answers 202 before it checks the session, and reports an invalid one when the job
//! is polled. So anyone can create such jobs: their number is limited, they are kept in memory for
//! a short time, and never posted.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use super::store::{Begun, FinishedJob, Job, StoredJob};
use crate::lock::lock;

/// The largest number of such jobs. Beyond it, a caller gets the result instead of a job.
const MAX_JOBS: usize = 1_000;

/// The time that a result can be polled after the end of its job.
const EXPIRY: Duration = Duration::from_secs(300);

/// The jobs of callers without a valid session.
#[derive(Default)]
pub(super) struct GuestJobs(Mutex<State>);

#[derive(Default)]
struct State {
    jobs: HashMap<String, StoredJob>,
    /// When the next result expires; before that, a scan would find nothing.
    next_expiry: Option<SystemTime>,
}

impl GuestJobs {
    /// Stores a job that begins.
    pub(super) fn begin(&self, job: Arc<Job>, now: SystemTime) -> Begun {
        let mut state = lock(&self.0);
        state.delete_expired(now);
        if state.jobs.contains_key(&job.uuid) {
            return Begun::Taken;
        }
        if state.jobs.len() >= MAX_JOBS {
            return Begun::Full;
        }
        state.jobs.insert(job.uuid.clone(), StoredJob { job, result: None });
        Begun::Stored
    }

    /// Stores the result of a job; does nothing if the job is not here.
    pub(super) fn finish(&self, FinishedJob { job, mut result }: FinishedJob) {
        let mut state = lock(&self.0);
        let Some(stored) = state.jobs.get_mut(&job.uuid) else { return };
        result.expires = result.expires.min(result.ended + EXPIRY);
        let expires = result.expires;
        stored.result = Some(result);
        state.next_expiry = Some(state.next_expiry.map_or(expires, |next| next.min(expires)));
    }

    /// Finds a job that has not expired.
    pub(super) fn find(&self, uuid: &str, now: SystemTime) -> Option<StoredJob> {
        lock(&self.0).jobs.get(uuid).filter(|job| !job.has_expired(now)).cloned()
    }
}

impl State {
    fn delete_expired(&mut self, now: SystemTime) {
        if self.next_expiry.is_none_or(|next| now < next) {
            return;
        }
        self.jobs.retain(|_, job| !job.has_expired(now));
        self.next_expiry = self.jobs.values().filter_map(|job| Some(job.result.as_ref()?.expires)).min();
    }
}

use std::collections::{BTreeMap, HashMap};
use std::future::ready;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use super::{FinishedJob, Job, JobStore, JobStoreError, StoredJob};
use crate::server::routes::BoxFuture;

/// Keeps jobs in memory: they are gone when the process ends.
///
/// A job that is not done is never dropped; how many there are is limited
/// where they begin. Of those that are, the first ones make room.
pub struct MemoryJobs {
    state: Mutex<State>,
    most_finished: usize,
}

#[derive(Default)]
struct State {
    jobs: HashMap<String, Entry>,
    /// Jobs that are done, in the order in which they were.
    finished: BTreeMap<u64, Arc<Job>>,
    next: u64,
}

struct Entry {
    stored: StoredJob,
    /// Its place among those that are done.
    number: Option<u64>,
    webhook_done: bool,
}

impl MemoryJobs {
    /// Keeps so many results.
    #[must_use]
    pub fn new(most_finished: usize) -> Self {
        Self { state: Mutex::default(), most_finished }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing in here panics half-way through a change.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl JobStore for MemoryJobs {
    fn begin(&self, job: Arc<Job>, now: SystemTime) -> BoxFuture<'_, Result<bool, JobStoreError>> {
        let begun = self.state().begin(job, now);
        Box::pin(ready(Ok(begun)))
    }

    fn finish(&self, job: FinishedJob) -> BoxFuture<'_, Result<(), JobStoreError>> {
        self.state().finish(job, self.most_finished);
        Box::pin(ready(Ok(())))
    }

    fn find<'a>(&'a self, uuid: &'a str) -> BoxFuture<'a, Result<Option<StoredJob>, JobStoreError>> {
        let found = self.state().jobs.get(uuid).map(|entry| entry.stored.clone());
        Box::pin(ready(Ok(found)))
    }

    fn webhook_done<'a>(&'a self, uuid: &'a str) -> BoxFuture<'a, Result<(), JobStoreError>> {
        if let Some(entry) = self.state().jobs.get_mut(uuid) {
            entry.webhook_done = true;
        }
        Box::pin(ready(Ok(())))
    }

    fn left_over(&self) -> BoxFuture<'_, Result<Vec<StoredJob>, JobStoreError>> {
        let is_left = |entry: &&Entry| {
            entry.stored.result.is_none() || (entry.stored.job.webhook.is_some() && !entry.webhook_done)
        };
        let left = self.state().jobs.values().filter(is_left).map(|entry| entry.stored.clone()).collect();
        Box::pin(ready(Ok(left)))
    }

    fn forget_expired(&self, now: SystemTime) -> BoxFuture<'_, Result<(), JobStoreError>> {
        let mut state = self.state();
        let State { jobs, finished, .. } = &mut *state;
        jobs.retain(|_, entry| !entry.stored.has_expired(now));
        finished.retain(|_, job| jobs.contains_key(&job.uuid));
        drop(state);
        Box::pin(ready(Ok(())))
    }
}

impl State {
    fn begin(&mut self, job: Arc<Job>, now: SystemTime) -> bool {
        if let Some(entry) = self.jobs.get(&job.uuid) {
            if !entry.stored.has_expired(now) {
                return false;
            }
            entry.number.map(|number| self.finished.remove(&number));
        }
        self.jobs.insert(job.uuid.clone(), Entry::new(job));
        true
    }

    fn finish(&mut self, FinishedJob { job, result }: FinishedJob, most_finished: usize) {
        let Self { jobs, finished, next } = self;
        let entry = jobs.entry(job.uuid.clone()).or_insert_with(|| Entry::new(Arc::clone(&job)));
        if entry.stored.result.is_some() {
            return;
        }
        entry.stored.result = Some(result);
        entry.number = Some(*next);
        finished.insert(*next, job);
        *next += 1;
        while finished.len() > most_finished
            && let Some((_, job)) = finished.pop_first()
        {
            jobs.remove(&job.uuid);
        }
    }
}

impl Entry {
    fn new(job: Arc<Job>) -> Self {
        Self { stored: StoredJob { job, result: None }, number: None, webhook_done: false }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::advance;

    use super::super::{Jobs, LEAST, SCAN};
    use super::*;
    use crate::server::call::Credentials;
    use crate::server::envelope::Answer;
    use crate::{ErrorCode, Version};

    struct Kept {
        store: Arc<MemoryJobs>,
        jobs: Jobs,
    }

    impl Kept {
        fn new(expiry: u64, most: usize) -> Self {
            let store = Arc::new(MemoryJobs::new(most));
            let jobs = Jobs::new(Arc::clone(&store) as Arc<dyn JobStore>, Duration::from_secs(expiry));
            Self { store, jobs }
        }

        fn job(&self, uuid: &str) -> Arc<Job> {
            Arc::new(Job {
                uuid: uuid.to_owned(),
                operation: "Test".into(),
                submitted: self.jobs.now(),
                timeout: Duration::ZERO,
                webhook: None,
                with_schema: false,
                credentials: Credentials::None,
            })
        }

        async fn begin(&self, uuid: &str) -> bool {
            self.jobs.begin(&self.job(uuid)).await.unwrap()
        }

        async fn finish(&self, uuid: &str, text: &str) {
            let job = self.jobs.find(uuid).await.unwrap().map_or_else(|| self.job(uuid), |it| it.job);
            self.jobs.finish(&job, Answer::error(&ErrorCode::new(text, "", ""), Version::NEWEST)).await;
        }

        /// `None`: unknown; an empty text: processing; else what came of it.
        async fn poll(&self, uuid: &str) -> Option<String> {
            let result = self.jobs.find(uuid).await.unwrap()?.result;
            Some(result.map_or_else(String::new, |it| {
                let body: serde_json::Value = serde_json::from_slice(&it.answer.body).unwrap();
                body["error"]["code"].as_str().unwrap().to_owned()
            }))
        }

        fn sizes(&self) -> (usize, usize) {
            let state = self.store.state();
            (state.jobs.len(), state.finished.len())
        }
    }

    #[tokio::test(start_paused = true)]
    async fn results_expire_and_jobs_under_way_do_not() {
        let kept = Kept::new(100, 10);
        assert!(kept.begin("a").await && kept.begin("b").await);
        assert!(!kept.begin("a").await, "while it runs");
        kept.finish("a", "1").await;
        assert_eq!(kept.poll("a").await.unwrap(), "1");
        assert!(!kept.begin("a").await, "while it is kept");
        advance(Duration::from_secs(100)).await;
        assert_eq!(kept.poll("b").await.unwrap(), "");
        assert!(kept.poll("a").await.is_none() && kept.begin("a").await);
        kept.finish("a", "2").await;
        assert_eq!(kept.poll("a").await.unwrap(), "2");
        assert_eq!(kept.sizes(), (2, 1));
    }

    #[tokio::test(start_paused = true)]
    async fn a_late_result_can_still_be_polled() {
        let kept = Kept::new(10_800, 10);
        assert!(kept.begin("a").await);
        advance(Duration::from_secs(100_000)).await;
        kept.finish("a", "1").await;
        advance(LEAST - Duration::from_secs(1)).await;
        assert!(kept.poll("a").await.is_some());
        advance(Duration::from_secs(1)).await;
        assert!(kept.poll("a").await.is_none());
    }

    #[tokio::test(start_paused = true)]
    async fn the_first_to_finish_make_room() {
        let kept = Kept::new(100, 2);
        for uuid in ["a", "b", "c", "d"] {
            assert!(kept.begin(uuid).await);
        }
        for uuid in ["c", "b", "a"] {
            kept.finish(uuid, uuid).await;
        }
        assert!(kept.poll("c").await.is_none() && kept.poll("b").await.is_some());
        assert_eq!(
            (kept.poll("a").await.unwrap().as_str(), kept.poll("d").await.unwrap().as_str()),
            ("a", "")
        );
    }

    #[tokio::test]
    async fn the_first_result_counts_also_of_a_job_that_was_not_recorded() {
        let kept = Kept::new(100, 10);
        for text in ["1", "2"] {
            kept.finish("a", text).await;
            assert_eq!(kept.poll("a").await.unwrap(), "1");
        }
        assert_eq!(kept.sizes(), (1, 1));
    }

    #[tokio::test(start_paused = true)]
    async fn what_has_expired_is_dropped_now_and_then() {
        let kept = Kept::new(100, 10);
        for uuid in ["a", "b"] {
            assert!(kept.begin(uuid).await);
        }
        kept.finish("a", "1").await;
        advance(SCAN).await;
        assert_eq!(kept.sizes(), (2, 1));
        // Any access will do; the scan is a task of its own.
        kept.poll("b").await;
        tokio::task::yield_now().await;
        assert_eq!(kept.sizes(), (1, 0));
    }
}

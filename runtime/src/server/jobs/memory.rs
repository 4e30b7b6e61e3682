use std::collections::HashMap;
use std::future::ready;
use std::sync::{Arc, Mutex};
use std::time::SystemTime;

use super::store::{FinishedJob, Job, JobStore, JobStoreError, StoredJob};
use crate::lock::lock;
use crate::server::outcome::BoxFuture;

/// A job store in memory, whose jobs are lost when the process ends.
///
/// Jobs are deleted only when they have expired;
/// [`Options::max_jobs`](field@crate::server::Options::max_jobs) limits their number.
#[derive(Default)]
pub struct MemoryJobs {
    jobs: Mutex<HashMap<String, JobEntry>>,
}

struct JobEntry {
    stored: StoredJob,
    webhook_done: bool,
}

impl MemoryJobs {
    /// Creates an empty store.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

impl JobStore for MemoryJobs {
    fn begin(&self, job: Arc<Job>, now: SystemTime) -> BoxFuture<'_, Result<bool, JobStoreError>> {
        let mut jobs = lock(&self.jobs);
        let is_free = jobs.get(&job.uuid).is_none_or(|entry| entry.stored.has_expired(now));
        if is_free {
            jobs.insert(job.uuid.clone(), JobEntry::new(job));
        }
        drop(jobs);
        Box::pin(ready(Ok(is_free)))
    }

    fn finish(&self, FinishedJob { job, result }: FinishedJob) -> BoxFuture<'_, Result<(), JobStoreError>> {
        let mut jobs = lock(&self.jobs);
        let entry = jobs.entry(job.uuid.clone()).or_insert_with(|| JobEntry::new(job));
        entry.stored.result.get_or_insert(result);
        drop(jobs);
        Box::pin(ready(Ok(())))
    }

    fn find<'a>(&'a self, uuid: &'a str) -> BoxFuture<'a, Result<Option<StoredJob>, JobStoreError>> {
        let found = lock(&self.jobs).get(uuid).map(|entry| entry.stored.clone());
        Box::pin(ready(Ok(found)))
    }

    fn finish_webhook<'a>(&'a self, uuid: &'a str) -> BoxFuture<'a, Result<(), JobStoreError>> {
        if let Some(entry) = lock(&self.jobs).get_mut(uuid) {
            entry.webhook_done = true;
        }
        Box::pin(ready(Ok(())))
    }

    fn unfinished_jobs(&self) -> BoxFuture<'_, Result<Vec<StoredJob>, JobStoreError>> {
        let is_left = |entry: &&JobEntry| {
            entry.stored.result.is_none() || (entry.stored.job.webhook.is_some() && !entry.webhook_done)
        };
        let left = lock(&self.jobs).values().filter(is_left).map(|entry| entry.stored.clone()).collect();
        Box::pin(ready(Ok(left)))
    }

    fn count(&self) -> BoxFuture<'_, Result<usize, JobStoreError>> {
        let count = lock(&self.jobs).len();
        Box::pin(ready(Ok(count)))
    }

    fn delete_expired(&self, now: SystemTime) -> BoxFuture<'_, Result<(), JobStoreError>> {
        lock(&self.jobs).retain(|_, entry| !entry.stored.has_expired(now));
        Box::pin(ready(Ok(())))
    }
}

impl JobEntry {
    fn new(job: Arc<Job>) -> Self {
        Self { stored: StoredJob { job, result: None }, webhook_done: false }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::advance;

    use super::*;
    use crate::server::answer::Answer;
    use crate::server::authenticate::Credentials;
    use crate::server::jobs::registry::{Jobs, MIN_EXPIRY, SCAN_INTERVAL};
    use crate::server::jobs::room::RECOUNT;
    use crate::server::jobs::store::Begun;
    use crate::{ErrorCode, Version};

    struct TestJobs {
        store: Arc<MemoryJobs>,
        jobs: Jobs,
    }

    impl TestJobs {
        fn new(expiry: u64, limit: usize) -> Self {
            let store = Arc::new(MemoryJobs::new());
            let expiry = Duration::from_secs(expiry);
            let jobs = Jobs::new(Arc::clone(&store) as Arc<dyn JobStore>, expiry, limit, None);
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
            self.try_begin(uuid).await == Begun::Stored
        }

        async fn try_begin(&self, uuid: &str) -> Begun {
            self.jobs.begin(&self.job(uuid)).await.unwrap()
        }

        async fn begin_as_guest(&self, uuid: &str) -> Begun {
            self.jobs.begin_as_guest(&self.job(uuid)).await.unwrap()
        }

        fn finish_as_guest(&self, uuid: &str, text: &str) {
            let answer = Answer::error(&ErrorCode::new(text, "", ""), Version::NEWEST);
            self.jobs.finish_as_guest(&self.job(uuid), answer);
        }

        async fn finish(&self, uuid: &str, text: &str) {
            let job = self.jobs.find(uuid).await.unwrap().map_or_else(|| self.job(uuid), |stored| stored.job);
            self.jobs.finish(&job, Answer::error(&ErrorCode::new(text, "", ""), Version::NEWEST)).await;
        }

        /// Returns `None` for an unknown job, an empty text for a running one, and otherwise the
        /// code of its result.
        async fn poll(&self, uuid: &str) -> Option<String> {
            let result = self.jobs.find(uuid).await.unwrap()?.result;
            Some(result.map_or_else(String::new, |result| {
                let body: serde_json::Value = serde_json::from_slice(&result.answer.body).unwrap();
                body["error"]["code"].as_str().unwrap().to_owned()
            }))
        }

        fn count(&self) -> usize {
            lock(&self.store.jobs).len()
        }
    }

    #[tokio::test(start_paused = true)]
    async fn results_expire_and_running_jobs_do_not() {
        let jobs = TestJobs::new(100, 10);
        assert!(jobs.begin("a").await && jobs.begin("b").await);
        assert!(!jobs.begin("a").await, "while it runs");
        jobs.finish("a", "1").await;
        assert_eq!(jobs.poll("a").await.unwrap(), "1");
        assert!(!jobs.begin("a").await, "while it is stored");
        advance(Duration::from_secs(100)).await;
        assert_eq!(jobs.poll("b").await.unwrap(), "");
        assert!(jobs.poll("a").await.is_none() && jobs.begin("a").await);
        jobs.finish("a", "2").await;
        assert_eq!(jobs.poll("a").await.unwrap(), "2");
        assert_eq!(jobs.count(), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn late_results_can_be_polled_for_an_hour() {
        let jobs = TestJobs::new(10_800, 10);
        assert!(jobs.begin("a").await);
        advance(Duration::from_secs(100_000)).await;
        jobs.finish("a", "1").await;
        advance(MIN_EXPIRY - Duration::from_secs(1)).await;
        assert!(jobs.poll("a").await.is_some());
        advance(Duration::from_secs(1)).await;
        assert!(jobs.poll("a").await.is_none());
    }

    #[tokio::test(start_paused = true)]
    async fn refuses_jobs_at_the_limit_and_drops_none() {
        let jobs = TestJobs::new(100, 2);
        assert!(jobs.begin("a").await && jobs.begin("b").await);
        assert_eq!(jobs.try_begin("c").await, Begun::Full);
        jobs.finish("a", "1").await;
        assert_eq!(jobs.try_begin("c").await, Begun::Full, "the result of a job was promised");
        assert_eq!(
            (jobs.poll("a").await.unwrap().as_str(), jobs.poll("b").await.unwrap().as_str()),
            ("1", "")
        );
        // Expired jobs make room.
        advance(Duration::from_secs(100)).await;
        assert_eq!((jobs.try_begin("c").await, jobs.try_begin("d").await), (Begun::Stored, Begun::Full));
        assert_eq!(jobs.poll("b").await.unwrap(), "");
    }

    #[tokio::test(start_paused = true)]
    async fn counts_jobs_of_other_processes_but_not_refused_ones() {
        let jobs = TestJobs::new(100, 3);
        for uuid in ["a", "b"] {
            assert!(jobs.store.begin(jobs.job(uuid), jobs.jobs.now()).await.unwrap());
        }
        // A UUID that is in use takes no room.
        for _ in 0..5 {
            assert_eq!(jobs.try_begin("a").await, Begun::Taken);
        }
        assert_eq!((jobs.try_begin("c").await, jobs.try_begin("d").await), (Begun::Stored, Begun::Full));
        // Another process may make room, which is noticed at the next count.
        lock(&jobs.store.jobs).remove("a");
        assert_eq!(jobs.try_begin("d").await, Begun::Full);
        advance(RECOUNT).await;
        assert_eq!((jobs.try_begin("d").await, jobs.try_begin("e").await), (Begun::Stored, Begun::Full));
    }

    #[tokio::test(start_paused = true)]
    async fn jobs_of_guests_are_limited_short_lived_and_not_in_the_store() {
        let jobs = TestJobs::new(10_800, 5_000);
        assert!(jobs.begin("a").await);
        assert_eq!(jobs.begin_as_guest("a").await, Begun::Taken);
        let mut count = 0;
        while jobs.begin_as_guest(&format!("guest {count}")).await == Begun::Stored {
            count += 1;
        }
        assert_eq!((count, jobs.count()), (1_000, 1));
        assert_eq!(jobs.try_begin("guest 0").await, Begun::Taken);
        assert!(jobs.begin("b").await, "there is room for others");
        assert_eq!(jobs.poll("guest 0").await.unwrap(), "");
        jobs.finish_as_guest("guest 0", "1");
        assert_eq!(jobs.poll("guest 0").await.unwrap(), "1");
        assert_eq!(jobs.begin_as_guest("x").await, Begun::Full, "the result was promised");
        advance(Duration::from_secs(300)).await;
        assert!(jobs.poll("guest 0").await.is_none());
        assert_eq!(
            (jobs.begin_as_guest("x").await, jobs.begin_as_guest("y").await),
            (Begun::Stored, Begun::Full)
        );
        assert_eq!(jobs.poll("guest 1").await.unwrap(), "", "it is not done");
    }

    #[tokio::test]
    async fn keeps_the_first_result_even_of_an_unknown_job() {
        let jobs = TestJobs::new(100, 10);
        for text in ["1", "2"] {
            jobs.finish("a", text).await;
            assert_eq!(jobs.poll("a").await.unwrap(), "1");
        }
        assert_eq!(jobs.count(), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn deletes_expired_jobs_periodically() {
        let jobs = TestJobs::new(100, 10);
        for uuid in ["a", "b"] {
            assert!(jobs.begin(uuid).await);
        }
        jobs.finish("a", "1").await;
        advance(SCAN_INTERVAL).await;
        assert_eq!(jobs.count(), 2);
        // Any access starts the scan, which is a separate task.
        jobs.poll("b").await;
        tokio::task::yield_now().await;
        assert_eq!(jobs.count(), 1);
    }
}

use std::collections::HashMap;
use std::future::ready;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use super::store::{FinishedJob, Job, JobStore, JobStoreError, StoredJob};
use crate::server::outcome::BoxFuture;

/// A store in memory: its jobs are lost when the process ends.
///
/// A job is deleted when it has expired, and not before; their number is limited
/// by [`Options::max_jobs`](field@crate::server::Options::max_jobs).
#[derive(Default)]
pub struct MemoryJobs {
    jobs: Mutex<HashMap<String, Entry>>,
}

struct Entry {
    stored: StoredJob,
    webhook_done: bool,
}

impl MemoryJobs {
    /// An empty store.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    fn jobs(&self) -> MutexGuard<'_, HashMap<String, Entry>> {
        // No panic is possible in the middle of a change.
        self.jobs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl JobStore for MemoryJobs {
    fn begin(&self, job: Arc<Job>, now: SystemTime) -> BoxFuture<'_, Result<bool, JobStoreError>> {
        let mut jobs = self.jobs();
        let is_free = jobs.get(&job.uuid).is_none_or(|entry| entry.stored.has_expired(now));
        if is_free {
            jobs.insert(job.uuid.clone(), Entry::new(job));
        }
        drop(jobs);
        Box::pin(ready(Ok(is_free)))
    }

    fn finish(&self, FinishedJob { job, result }: FinishedJob) -> BoxFuture<'_, Result<(), JobStoreError>> {
        let mut jobs = self.jobs();
        let entry = jobs.entry(job.uuid.clone()).or_insert_with(|| Entry::new(job));
        entry.stored.result.get_or_insert(result);
        drop(jobs);
        Box::pin(ready(Ok(())))
    }

    fn find<'a>(&'a self, uuid: &'a str) -> BoxFuture<'a, Result<Option<StoredJob>, JobStoreError>> {
        let found = self.jobs().get(uuid).map(|entry| entry.stored.clone());
        Box::pin(ready(Ok(found)))
    }

    fn webhook_done<'a>(&'a self, uuid: &'a str) -> BoxFuture<'a, Result<(), JobStoreError>> {
        if let Some(entry) = self.jobs().get_mut(uuid) {
            entry.webhook_done = true;
        }
        Box::pin(ready(Ok(())))
    }

    fn left_over(&self) -> BoxFuture<'_, Result<Vec<StoredJob>, JobStoreError>> {
        let is_left = |entry: &&Entry| {
            entry.stored.result.is_none() || (entry.stored.job.webhook.is_some() && !entry.webhook_done)
        };
        let left = self.jobs().values().filter(is_left).map(|entry| entry.stored.clone()).collect();
        Box::pin(ready(Ok(left)))
    }

    fn count(&self) -> BoxFuture<'_, Result<usize, JobStoreError>> {
        let count = self.jobs().len();
        Box::pin(ready(Ok(count)))
    }

    fn forget_expired(&self, now: SystemTime) -> BoxFuture<'_, Result<(), JobStoreError>> {
        self.jobs().retain(|_, entry| !entry.stored.has_expired(now));
        Box::pin(ready(Ok(())))
    }
}

impl Entry {
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
    use crate::server::jobs::registry::{Jobs, LEAST, SCAN};
    use crate::server::jobs::room::RECOUNT;
    use crate::server::jobs::store::Begun;
    use crate::{ErrorCode, Version};

    struct Kept {
        store: Arc<MemoryJobs>,
        jobs: Jobs,
    }

    impl Kept {
        fn new(expiry: u64, limit: usize) -> Self {
            let store = Arc::new(MemoryJobs::new());
            let expiry = Duration::from_secs(expiry);
            let jobs = Jobs::new(Arc::clone(&store) as Arc<dyn JobStore>, expiry, limit);
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
            self.try_begin(uuid).await == Begun::Recorded
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
            let job = self.jobs.find(uuid).await.unwrap().map_or_else(|| self.job(uuid), |it| it.job);
            self.jobs.finish(&job, Answer::error(&ErrorCode::new(text, "", ""), Version::NEWEST)).await;
        }

        /// `None`: unknown; an empty text: processing; else what came of it.
        async fn poll(&self, uuid: &str) -> Option<String> {
            let result = self.jobs.find(uuid).await.unwrap()?.result;
            Some(result.map_or_else(String::new, |result| {
                let body: serde_json::Value = serde_json::from_slice(&result.answer.body).unwrap();
                body["error"]["code"].as_str().unwrap().to_owned()
            }))
        }

        fn count(&self) -> usize {
            self.store.jobs().len()
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
        assert_eq!(kept.count(), 2);
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
    async fn there_is_room_for_so_many_jobs_and_nothing_is_dropped_for_another() {
        let kept = Kept::new(100, 2);
        assert!(kept.begin("a").await && kept.begin("b").await);
        assert_eq!(kept.try_begin("c").await, Begun::Full);
        kept.finish("a", "1").await;
        assert_eq!(kept.try_begin("c").await, Begun::Full, "the result of a job was promised");
        assert_eq!(
            (kept.poll("a").await.unwrap().as_str(), kept.poll("b").await.unwrap().as_str()),
            ("1", "")
        );
        // Room is made by what expires.
        advance(Duration::from_secs(100)).await;
        assert_eq!((kept.try_begin("c").await, kept.try_begin("d").await), (Begun::Recorded, Begun::Full));
        assert_eq!(kept.poll("b").await.unwrap(), "");
    }

    #[tokio::test(start_paused = true)]
    async fn jobs_of_an_earlier_process_and_those_refused_are_counted_right() {
        let kept = Kept::new(100, 3);
        for uuid in ["a", "b"] {
            assert!(kept.store.begin(kept.job(uuid), kept.jobs.now()).await.unwrap());
        }
        // A UUID that is in use takes no room.
        for _ in 0..5 {
            assert_eq!(kept.try_begin("a").await, Begun::Taken);
        }
        assert_eq!((kept.try_begin("c").await, kept.try_begin("d").await), (Begun::Recorded, Begun::Full));
        // Another process may make room, which is noticed in time.
        kept.store.jobs().remove("a");
        assert_eq!(kept.try_begin("d").await, Begun::Full);
        advance(RECOUNT).await;
        assert_eq!((kept.try_begin("d").await, kept.try_begin("e").await), (Begun::Recorded, Begun::Full));
    }

    #[tokio::test(start_paused = true)]
    async fn jobs_of_callers_without_a_session_are_few_and_short_lived_and_not_in_the_store() {
        let kept = Kept::new(10_800, 5_000);
        assert!(kept.begin("a").await);
        assert_eq!(kept.begin_as_guest("a").await, Begun::Taken);
        let mut count = 0;
        while kept.begin_as_guest(&format!("guest {count}")).await == Begun::Recorded {
            count += 1;
        }
        assert_eq!((count, kept.count()), (1_000, 1));
        assert_eq!(kept.try_begin("guest 0").await, Begun::Taken);
        assert!(kept.begin("b").await, "there is room for others");
        assert_eq!(kept.poll("guest 0").await.unwrap(), "");
        kept.finish_as_guest("guest 0", "1");
        assert_eq!(kept.poll("guest 0").await.unwrap(), "1");
        assert_eq!(kept.begin_as_guest("x").await, Begun::Full, "the result was promised");
        advance(Duration::from_secs(300)).await;
        assert!(kept.poll("guest 0").await.is_none());
        assert_eq!(
            (kept.begin_as_guest("x").await, kept.begin_as_guest("y").await),
            (Begun::Recorded, Begun::Full)
        );
        assert_eq!(kept.poll("guest 1").await.unwrap(), "", "it is not done");
    }

    #[tokio::test]
    async fn the_first_result_counts_also_of_a_job_that_was_not_recorded() {
        let kept = Kept::new(100, 10);
        for text in ["1", "2"] {
            kept.finish("a", text).await;
            assert_eq!(kept.poll("a").await.unwrap(), "1");
        }
        assert_eq!(kept.count(), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn what_has_expired_is_dropped_now_and_then() {
        let kept = Kept::new(100, 10);
        for uuid in ["a", "b"] {
            assert!(kept.begin(uuid).await);
        }
        kept.finish("a", "1").await;
        advance(SCAN).await;
        assert_eq!(kept.count(), 2);
        // Any access will do; the scan is a task of its own.
        kept.poll("b").await;
        tokio::task::yield_now().await;
        assert_eq!(kept.count(), 1);
    }
}

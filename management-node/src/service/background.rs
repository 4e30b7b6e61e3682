//! Work that no request waits for: long jobs, scheduler jobs at their times, and the removal of what was
//! deleted some time ago.
//!
//! The documents say what is to be done, so the work of a node that stopped is done by the next one. Each
//! piece is claimed by a change of its document before it begins; another node then has a conflict.

mod expunging;
mod long_jobs;
mod schedules;

use std::sync::Arc;
use std::time::Duration;

use zstack_server::BoxFuture;

use super::{Failure, Node, retry_on_conflict};
use crate::catalog::Effect;
use crate::cloud;
use crate::cloud::plan::{Plan, Plans};
use crate::model::{ADMIN_UUID, Changes, Document};
use crate::store::{Store, StoreError};

/// The time between two looks at the clock for triggers that are due.
const TICK: Duration = Duration::from_secs(1);

/// The resources of documents that can cause work.
const RESOURCES: [&str; 4] = ["LongJob", "SchedulerJob", "SchedulerTrigger", "SchedulerJobSchedulerTrigger"];

pub(super) use self::expunging::Expunging;

/// A claimed piece of work.
pub(super) type Work = BoxFuture<'static, ()>;

impl<S: Store> Node<S> {
    /// Does work in the background until the future is dropped.
    pub(crate) async fn run_background(self: Arc<Self>, plans: &'static Plans) {
        let mut is_changed = true;
        loop {
            match self.claim_work(plans, is_changed).await {
                Ok(work) => work.into_iter().for_each(|work| drop(tokio::spawn(work))),
                Err(error) => tracing::warn!(%error, "cannot look for work in the background"),
            }
            is_changed = tokio::time::timeout(TICK, self.work.notified()).await.is_ok();
        }
    }

    /// Does all work that is due now, and waits for its end, unless operations take time.
    ///
    /// # Errors
    ///
    /// When the store fails.
    pub(crate) async fn run_due_work(self: &Arc<Self>, plans: &'static Plans) -> Result<(), StoreError> {
        for work in self.claim_work(plans, true).await? {
            if self.is_paced() {
                drop(tokio::spawn(work));
            } else {
                work.await;
            }
        }
        Ok(())
    }

    /// Claims the work that is due now: triggers, and long jobs if documents have changed.
    async fn claim_work(
        self: &Arc<Self>,
        plans: &'static Plans,
        is_changed: bool,
    ) -> Result<Vec<Work>, StoreError> {
        let mut work = schedules::claim(self, plans).await?;
        match expunging::claim(self, plans).await {
            Ok(removals) => work.extend(removals),
            Err(Failure::Store(error)) => return Err(error),
            Err(Failure::Refused(error)) => tracing::warn!(%error, "cannot remove deleted resources"),
        }
        if is_changed {
            work.extend(long_jobs::claim(self, plans).await?);
        }
        Ok(work)
    }

    /// Ends the long jobs that an earlier process did not finish.
    ///
    /// # Errors
    ///
    /// When the store fails.
    pub(crate) async fn end_interrupted_jobs(&self, plans: &Plans) -> Result<(), StoreError> {
        long_jobs::end_interrupted(self, plans).await
    }

    /// Looks for work soon, if an operation may have caused some.
    pub(super) fn notify_of_work(&self, plan: &Plan) {
        let is_read = matches!(plan.action.effect, Effect::Query | Effect::Get { .. });
        if !is_read && RESOURCES.contains(&&*plan.resource.name) {
            self.work.notify_one();
        }
    }

    /// Commits a change of a document. Returns false if it has changed since it was loaded.
    async fn try_replace(&self, plans: &Plans, document: Document) -> Result<bool, StoreError> {
        match self.store.commit(replacement(plans, document)).await {
            Ok(()) => Ok(true),
            Err(StoreError::Conflict) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Changes a document, unless it was deleted. `change` may be called several times.
    async fn change_document(&self, plans: &Plans, uuid: &str, change: impl Fn(&mut Document)) {
        let changed = retry_on_conflict(|| async {
            let found = self.store.documents(&[uuid.to_owned()]).await?.pop();
            let Some(mut document) = found else { return Ok(()) };
            change(&mut document);
            document.touch(self.clock.now());
            Ok::<_, Failure>(self.store.commit(replacement(plans, document)).await?)
        });
        if let Err(error) = changed.await {
            tracing::warn!(%error, uuid, "the result of work in the background is lost");
        }
    }
}

/// The account for which work is done: the owner of its document.
fn owner_of(document: &Document) -> String {
    document.owner().unwrap_or(ADMIN_UUID).to_owned()
}

fn replacement(plans: &Plans, document: Document) -> Changes {
    [cloud::replace(plans, document)].into_iter().collect()
}

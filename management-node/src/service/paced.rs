//! Operations that take time, as on the platform.
//!
//! The changes of such an operation are stored at once, but its documents show the intermediate values of
//! its [`Timing`], such as the state `Starting`. After the time on the clock of the node, they are settled:
//! they get their final values, and the operation has its response. A document in the same transaction lists
//! them, so that a node that was stopped settles them at its next start. An operation without visible
//! intermediate values stores nothing before its time has passed.

use std::sync::Arc;
use std::time::Duration;

use zstack_dynamic::Dynamic;
use zstack_server::Outcome;

use super::keyed_locks::KeyedGuard;
use super::performed::Performance;
use super::written::{Answer, Done};
use super::{Failure, Node, retry_on_conflict};
use crate::catalog::Timing;
use crate::clock::VirtualClock;
use crate::cloud::plan::Plans;
use crate::cloud::{self, pending};
use crate::model::{Changes, DocumentEdit, Edit, Moment, Uuid};
use crate::pace::Pace;
use crate::store::{Store, StoreError};

/// The clock by which operations take time, and how much.
pub(super) struct Pacer {
    pub(super) pace: Pace,
    pub(super) clock: Arc<VirtualClock>,
}

/// An operation whose changes are stored.
enum Begun {
    /// It has ended.
    Ended(Dynamic),
    /// Its documents show intermediate values.
    Running {
        /// The UUID of the document that lists them.
        uuid: Uuid,
        answer: Answer,
        /// The locks on new documents.
        locks: Vec<KeyedGuard>,
    },
}

impl<S: Store> Node<S> {
    /// Lets operations take time on a clock.
    #[must_use]
    pub(crate) fn with_pace(mut self, pace: Pace, clock: Arc<VirtualClock>) -> Self {
        self.pacer = (!pace.is_none()).then_some(Pacer { pace, clock });
        self
    }

    /// True if operations take time.
    pub(super) const fn is_paced(&self) -> bool {
        self.pacer.is_some()
    }

    /// The time that an operation takes, unless it ends at once.
    pub(super) fn pace_of<'a>(&'a self, performance: &Performance<'a>) -> Option<(&'a Timing, Duration)> {
        let pacer = self.pacer.as_ref()?;
        let timing = performance.plans.catalog.timing(performance.plan.operation.name)?;
        Some((timing, pacer.pace.time(timing.seconds)?)).filter(|_| !performance.call.is_dry_run())
    }

    /// Performs an operation that takes time. `turn` is released when other operations may create
    /// documents.
    pub(super) async fn perform_in(
        &self,
        time: Duration,
        timing: &Timing,
        performance: &Performance<'_>,
        turn: Option<KeyedGuard>,
    ) -> Outcome<Dynamic> {
        // It is set first: a test may advance the clock as soon as it sees the changes.
        let end = self.end_of(time);
        if timing.through.is_empty() {
            // An invalid request fails at once.
            let decided = retry_on_conflict(|| self.decide(performance)).await?;
            if !decided.edits.is_empty() {
                drop(decided);
                self.wait_until(end).await;
            }
            return retry_on_conflict(|| self.attempt(performance)).await;
        }
        let begun = retry_on_conflict(|| self.begin(timing, performance)).await?;
        drop(turn);
        let (uuid, answer, _locks) = match begun {
            Begun::Ended(answer) => return Ok(answer),
            Begun::Running { uuid, answer, locks } => (uuid, answer, locks),
        };
        self.wait_until(end).await;
        retry_on_conflict(|| async {
            let edits = self.settlement(performance.plans, &uuid).await?;
            let mut answer = answer.clone();
            self.reload(&mut answer, &edits).await?;
            let answer = self.answer(performance.plans, performance.plan, answer, &edits).await?;
            self.commit(performance.call, edits.into_iter().collect(), answer).await
        })
        .await
    }

    /// The end of an operation that begins now.
    fn end_of(&self, time: Duration) -> Moment {
        let millis = i64::try_from(time.as_millis()).unwrap_or(i64::MAX);
        Moment::from_millis(self.clock.now().millis().saturating_add(millis))
    }

    async fn wait_until(&self, end: Moment) {
        if let Some(pacer) = &self.pacer {
            pacer.clock.wait_until(end).await;
        }
    }

    /// Stores the changes of an operation with intermediate values.
    async fn begin(&self, timing: &Timing, performance: &Performance<'_>) -> Result<Begun, Failure> {
        let mut done = self.decide(performance).await?;
        let named = performance.referenced_uuids();
        let documents = pending::begin(performance.plans.catalog, timing, &mut done.edits, &named);
        if documents.is_empty() {
            return Ok(Begun::Ended(self.finish(performance, done).await?));
        }
        let mut locks = Vec::new();
        for uuid in documents.iter().filter(|uuid| !named.contains(uuid)) {
            locks.push(self.locks.lock(uuid).await);
        }
        let Done { mut edits, records, guards, answer, locks: _until_stored } = done;
        let (uuid, running) = pending::new_running(&documents);
        edits.push(running);
        let edits = edits.into_iter().map(Edit::from).chain(records).collect();
        let stored = self.store.commit(Changes { guards, edits }).await;
        stored.map_err(|error| performance.explain(error.into()))?;
        Ok(Begun::Running { uuid, answer, locks })
    }

    /// The edits that settle the documents of a running operation. There are none after all data was
    /// deleted.
    async fn settlement(&self, plans: &Plans, running: &str) -> Result<Vec<DocumentEdit>, StoreError> {
        let Some(running) = self.store.documents(&[running.to_owned()]).await?.pop() else {
            return Ok(Vec::new());
        };
        let mut edits = Vec::new();
        for mut document in self.store.documents(&pending::documents_of(&running)).await? {
            if !pending::settle(document.fields.to_mut()) {
                continue;
            }
            document.touch(self.clock.now());
            edits.push(cloud::replace(plans, document));
        }
        edits.push(DocumentEdit::Delete { document: running });
        Ok(edits)
    }

    /// Replaces the documents of an answer by those after the edits.
    async fn reload(&self, answer: &mut Answer, edits: &[DocumentEdit]) -> Result<(), StoreError> {
        let documents = answer.documents_mut();
        let uuids: Vec<_> = documents.iter().map(|document| document.uuid.clone()).collect();
        let stored = self.store.documents(&uuids).await?;
        let settled = edits.iter().filter_map(|edit| match edit {
            DocumentEdit::Replace { document, .. } => Some(document),
            _ => None,
        });
        let present: Vec<_> = settled.chain(&stored).collect();
        for document in documents {
            // A document that another operation has deleted stays as it was.
            if let Some(found) = present.iter().find(|found| found.uuid == document.uuid) {
                document.clone_from(found);
            }
        }
        Ok(())
    }

    /// Settles the documents of operations that an earlier process did not finish.
    ///
    /// # Errors
    ///
    /// When the store fails.
    pub(crate) async fn settle_interrupted(&self, plans: &Plans) -> Result<(), StoreError> {
        for running in self.store.documents_of(pending::RUNNING).await? {
            let edits = self.settlement(plans, &running.uuid).await?;
            self.store.commit(edits.into_iter().collect()).await?;
        }
        Ok(())
    }
}

//! The one thread that writes.
//!
//! What takes long is making a commit durable, not making it. So commits that
//! wait share a transaction: each in a savepoint, so that one that fails takes
//! no other with it, and all answered only after the transaction is durable.

use std::sync::Arc;

use rusqlite::Connection;
use tempfile::TempDir;
use tokio::runtime::Handle;
use tokio::sync::{mpsc, oneshot};

use super::apply::apply;
use super::errors::failed;
use super::lock::{Lock, Watch};
use super::memory::Memory;
use super::open::mark_closed;
use crate::model::Changes;
use crate::store::StoreError;

/// How many commits share a transaction at most. More would make the first
/// one wait without making the last one faster.
const MAX_BATCH: usize = 256;

/// A commit that waits.
pub(super) struct Job {
    pub(super) changes: Changes,
    pub(super) answer: oneshot::Sender<Result<(), StoreError>>,
    /// Where somebody waits for the answer; a store has one runtime.
    pub(super) runtime: Handle,
}

/// What must outlive the last write, in the order in which it is let go.
pub(super) struct Files {
    pub(super) connection: Connection,
    pub(super) watch: Arc<Watch>,
    pub(super) lock: Lock,
    pub(super) temporary: Option<TempDir>,
}

/// Writes until nobody can ask any more, then closes the files.
pub(super) fn run(files: Files, mut jobs: mpsc::Receiver<Job>, memory: &Memory, closed: oneshot::Sender<()>) {
    let mut is_missing = false;
    while let Some(first) = jobs.blocking_recv() {
        let mut batch = vec![first];
        while batch.len() < MAX_BATCH {
            match jobs.try_recv() {
                Ok(job) => batch.push(job),
                Err(_) => break,
            }
        }
        let missing = files.watch.check().err();
        if let Some(error) = missing.as_ref().filter(|_| !is_missing) {
            tracing::error!(%error, "the store refuses changes");
        }
        is_missing = missing.is_some();
        write(&files.connection, batch, memory, missing);
    }
    let Files { connection, watch, lock, temporary } = files;
    if watch.missing().is_none()
        && let Err(error) = mark_closed(&connection)
    {
        tracing::warn!(%error, "the store could not be marked as closed");
    }
    if let Err((_, error)) = connection.close() {
        tracing::warn!(%error, "the store was not closed cleanly; the next start recovers it");
    }
    drop(lock);
    drop(temporary);
    // Whether somebody waits for it or not.
    let _ = closed.send(());
}

/// Makes the changes of a batch, unless all of them are refused.
fn write(connection: &Connection, batch: Vec<Job>, memory: &Memory, refused: Option<StoreError>) {
    let changes: Vec<_> = batch.iter().map(|batch| &batch.changes).collect();
    let made = refused.clone().map_or_else(|| transact(connection, &changes), Err);
    let results = match made {
        Ok(results) => results,
        Err(error) if refused.is_some() => vec![Err(error); changes.len()],
        // The transaction is gone, and with it what had succeeded: one of them
        // may have been too large for the disk, the others not.
        Err(_) if changes.len() > 1 => changes
            .iter()
            .map(|change| {
                transact(connection, &[change])
                    .map_or_else(Err, |mut transact| transact.pop().unwrap_or(Ok(())))
            })
            .collect(),
        Err(error) => vec![Err(error)],
    };
    for (changes, result) in changes.iter().zip(&results) {
        memory.follow(changes, result.is_ok());
    }
    let Some(runtime) = batch.first().map(|batch| batch.runtime.clone()) else { return };
    // On the runtime that waits: this thread then wakes it once, and not once
    // for each commit, which costs as much as making it.
    runtime.spawn(async move {
        for (job, result) in batch.into_iter().zip(results) {
            // Who asked may have gone; what was done stays done.
            let _ = job.answer.send(result);
        }
    });
}

/// Makes changes in one transaction. An error means that none of them was
/// made; else each has its own result.
fn transact(connection: &Connection, all: &[&Changes]) -> Result<Vec<Result<(), StoreError>>, StoreError> {
    let run = |sql: &str| {
        let done = connection.prepare_cached(sql).and_then(|mut it| it.execute(()));
        done.map(drop).map_err(|error| failed(&error))
    };
    run("BEGIN IMMEDIATE")?;
    let made = (|| {
        let mut results = Vec::with_capacity(all.len());
        for changes in all {
            run("SAVEPOINT one")?;
            let result = apply(connection, changes);
            if let Err(error) = &result {
                // SQLite gives up the whole transaction after some errors.
                if connection.is_autocommit() {
                    return Err(error.clone());
                }
                run("ROLLBACK TO one")?;
            }
            run("RELEASE one")?;
            results.push(result);
        }
        run("COMMIT")?;
        Ok(results)
    })();
    if made.is_err() && !connection.is_autocommit() {
        run("ROLLBACK")?;
    }
    made
}

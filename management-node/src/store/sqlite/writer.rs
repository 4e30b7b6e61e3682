//! The thread that writes.
//!
//! Most of the time of a commit is spent on making it durable. So pending commits
//! share a transaction. Each has a savepoint, so that a failure does not affect
//! the others, and callers get their results after the transaction is durable.

use std::path::PathBuf;
use std::sync::Arc;

use rusqlite::Connection;
use tempfile::TempDir;
use tokio::runtime::Handle;
use tokio::sync::{mpsc, oneshot};

use super::apply::apply;
use super::cache::Caches;
use super::errors::store_error;
use super::lock::{FileWatch, Lock};
use super::open::mark_closed;
use super::pages::load_copy;
use crate::model::{Changes, Uuid};
use crate::store::StoreError;

/// The maximum number of commits in a transaction. More would delay the first
/// one without a gain for the last.
const MAX_BATCH: usize = 256;

/// The documents to which others refer after changes, or the error of the changes.
type Applied = Result<Vec<Uuid>, StoreError>;

/// A commit that waits for the writer.
pub(super) struct PendingCommit {
    pub(super) changes: Changes,
    pub(super) answer: oneshot::Sender<Result<(), StoreError>>,
    /// The runtime of the caller. All callers of a store have the same runtime.
    pub(super) runtime: Handle,
}

/// Work for the writer.
pub(super) enum Task {
    Commit(PendingCommit),
    /// Replaces the whole database by a copy.
    Load(PathBuf, oneshot::Sender<Result<(), StoreError>>),
}

/// The files of a store, in the order in which they are closed after the last
/// write.
pub(super) struct Files {
    pub(super) connection: Connection,
    pub(super) watch: Arc<FileWatch>,
    pub(super) lock: Lock,
    pub(super) temporary: Option<TempDir>,
}

/// Writes until the channel is closed, then closes the files.
pub(super) fn run(
    mut files: Files,
    mut tasks: mpsc::Receiver<Task>,
    caches: &Caches,
    closed: oneshot::Sender<()>,
) {
    let mut is_missing = false;
    let mut next = None;
    while let Some(first) = next.take().or_else(|| tasks.blocking_recv()) {
        let mut batch = match first {
            Task::Commit(first) => vec![first],
            Task::Load(path, answer) => {
                let loaded = files.watch.check().and_then(|()| load_copy(&path, &mut files.connection));
                caches.clear();
                // The caller may have been canceled.
                let _ = answer.send(loaded);
                continue;
            }
        };
        while batch.len() < MAX_BATCH {
            match tasks.try_recv() {
                Ok(Task::Commit(commit)) => batch.push(commit),
                Ok(load) => {
                    next = Some(load);
                    break;
                }
                Err(_) => break,
            }
        }
        let missing = files.watch.check().err();
        if let Some(error) = missing.as_ref().filter(|_| !is_missing) {
            tracing::error!(%error, "refusing changes of the database");
        }
        is_missing = missing.is_some();
        write(&files.connection, batch, caches, missing);
    }
    let Files { connection, watch, lock, temporary } = files;
    if watch.missing().is_none()
        && let Err(error) = mark_closed(&connection)
    {
        tracing::warn!(%error, "cannot mark the database as closed");
    }
    if let Err((_, error)) = connection.close() {
        tracing::warn!(%error, "the database was not closed cleanly; the next start recovers it");
    }
    drop(lock);
    drop(temporary);
    // The receiver may have been dropped.
    let _ = closed.send(());
}

/// Commits a batch, or refuses all of it with an error.
fn write(connection: &Connection, batch: Vec<PendingCommit>, caches: &Caches, refusal: Option<StoreError>) {
    let changes: Vec<_> = batch.iter().map(|commit| &commit.changes).collect();
    let outcome = refusal.clone().map_or_else(|| transact(connection, caches, &changes), Err);
    let results = match outcome {
        Ok(results) => results,
        Err(error) if refusal.is_some() => vec![Err(error); changes.len()],
        // The whole transaction failed, for example because one commit was too
        // large for the disk. The others may still succeed.
        Err(_) if changes.len() > 1 => changes
            .iter()
            .map(|change| {
                transact(connection, caches, &[change])
                    .map_or_else(Err, |mut results| results.pop().unwrap_or(Ok(Vec::new())))
            })
            .collect(),
        Err(error) => vec![Err(error)],
    };
    for (changes, result) in changes.iter().zip(&results) {
        caches.update(changes, result.as_deref().map_err(drop));
    }
    let Some(runtime) = batch.first().map(|commit| commit.runtime.clone()) else { return };
    // Sends the results from a task of the runtime, so that this thread wakes the
    // runtime once. Waking it for each commit costs as much as the commit.
    runtime.spawn(async move {
        for (commit, result) in batch.into_iter().zip(results) {
            // The caller may have been canceled; its changes are committed.
            let _ = commit.answer.send(result.map(drop));
        }
    });
}

/// Makes changes in one transaction. Returns a result for each, or an error if
/// none was made.
fn transact(connection: &Connection, caches: &Caches, all: &[&Changes]) -> Result<Vec<Applied>, StoreError> {
    let run = |sql: &str| {
        let executed = connection.prepare_cached(sql).and_then(|mut statement| statement.execute(()));
        executed.map(drop).map_err(|error| store_error(&error))
    };
    run("BEGIN IMMEDIATE")?;
    let outcome = (|| {
        let mut results = Vec::with_capacity(all.len());
        for changes in all {
            run("SAVEPOINT one")?;
            let result = apply(connection, caches, changes);
            if let Err(error) = &result {
                // After some errors, SQLite rolls back the whole transaction.
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
    if outcome.is_err() && !connection.is_autocommit() {
        run("ROLLBACK")?;
    }
    outcome
}

//! An account that logs in on first use, and again after its session has ended.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Mutex as AsyncMutex;
use tokio::time::{Instant, timeout_at};

use super::error::{Error, ErrorKind};
use super::identity::{LogInByAccount, LogInByAccountResponse};
use super::password::hash_password;

pub(super) struct Account {
    name: String,
    /// The hash of the password; the password itself is not stored.
    hash: String,
    current: Mutex<Option<Session>>,
    /// Locked by the call that logs in. Has the number and the error of the last failed log-in.
    logging_in: AsyncMutex<Option<(u64, Error)>>,
    /// The number of log-ins that have ended.
    ended: AtomicU64,
}

/// A session of the account.
struct Session {
    uuid: Arc<str>,
    /// The time that it stays valid after its last use.
    lifetime: Option<Duration>,
    last_use: Instant,
}

impl Account {
    pub(super) fn new(name: String, password: &str) -> Self {
        Self {
            name,
            hash: hash_password(password),
            current: Mutex::default(),
            logging_in: AsyncMutex::default(),
            ended: AtomicU64::new(0),
        }
    }

    fn current(&self) -> MutexGuard<'_, Option<Session>> {
        // No panic is possible while it is locked.
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn session(&self) -> Option<Arc<str>> {
        self.current().as_ref().map(|current| Arc::clone(&current.uuid))
    }

    /// Returns the session and counts this as a use; `None` if it must have expired.
    fn take_current(&self) -> Option<Arc<str>> {
        let now = Instant::now();
        let mut current = self.current();
        let session = current.as_mut()?;
        if session.lifetime.is_some_and(|lifetime| now.duration_since(session.last_use) >= lifetime) {
            return None;
        }
        session.last_use = now;
        Some(Arc::clone(&session.uuid))
    }

    /// Stops using a session.
    pub(super) fn discard(&self, uuid: &str) {
        let mut current = self.current();
        if current.as_ref().is_some_and(|current| *current.uuid == *uuid) {
            *current = None;
        }
    }

    /// Returns a session, logging in if necessary. If several calls need one, one of them logs in
    /// and the others share its error: repeated log-ins with a wrong password could lock the
    /// account.
    pub(super) async fn get_session<F>(
        &self,
        until: Option<Instant>,
        log_in: impl FnOnce(LogInByAccount) -> F,
    ) -> Result<Arc<str>, Error>
    where
        F: Future<Output = Result<LogInByAccountResponse, Error>>,
    {
        if let Some(uuid) = self.take_current() {
            return Ok(uuid);
        }
        let seen = self.ended.load(Ordering::Acquire);
        let waiting = self.logging_in.lock();
        let mut failed = match until {
            Some(until) => timeout_at(until, waiting)
                .await
                .map_err(|_| Error::new(ErrorKind::Deadline, "not logged in within the deadline"))?,
            None => waiting.await,
        };
        if let Some(uuid) = self.take_current() {
            return Ok(uuid);
        }
        if let Some((number, error)) = &*failed
            && *number > seen
        {
            return Err(error.duplicate());
        }
        let last_use = Instant::now();
        // Boxed, since it is rare.
        let answered = Box::pin(log_in(self.request())).await;
        let number = self.ended.fetch_add(1, Ordering::AcqRel) + 1;
        match answered {
            Ok(LogInByAccountResponse { inventory }) => {
                let lifetime = inventory.lifetime();
                let uuid: Arc<str> = inventory.uuid.into();
                *self.current() = Some(Session { uuid: Arc::clone(&uuid), lifetime, last_use });
                *failed = None;
                Ok(uuid)
            }
            // The deadline of one call does not apply to the others.
            Err(error) if error.kind() == ErrorKind::Deadline => Err(error),
            Err(error) => {
                *failed = Some((number, error.duplicate()));
                Err(error)
            }
        }
    }

    fn request(&self) -> LogInByAccount {
        LogInByAccount { account_name: self.name.clone(), password: self.hash.clone() }
    }
}

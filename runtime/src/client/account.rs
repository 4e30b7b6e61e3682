//! An account that logs in on first use, and again when its session has ended.

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
    /// The hash of the password, which itself is not kept.
    hash: String,
    current: Mutex<Option<Session>>,
    /// Locked by the one call that logs in. The number and the error of the last
    /// log-in that failed.
    logging_in: AsyncMutex<Option<(u64, Error)>>,
    /// The number of log-ins that have ended.
    ended: AtomicU64,
}

/// A session of the account.
struct Session {
    uuid: Arc<str>,
    /// How long it is valid after its last use.
    lifetime: Option<Duration>,
    used: Instant,
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

    /// The session, which is used now; not one that must have expired.
    fn used(&self) -> Option<Arc<str>> {
        let now = Instant::now();
        let mut current = self.current();
        let session = current.as_mut()?;
        if session.lifetime.is_some_and(|lifetime| now.duration_since(session.used) >= lifetime) {
            return None;
        }
        session.used = now;
        Some(Arc::clone(&session.uuid))
    }

    /// Ends the use of a session.
    pub(super) fn forget(&self, uuid: &str) {
        let mut current = self.current();
        if current.as_ref().is_some_and(|current| *current.uuid == *uuid) {
            *current = None;
        }
    }

    /// A session to call with. If several calls need one, one of them logs in, and
    /// its failure is that of all others: an account must not be locked for one
    /// wrong password.
    pub(super) async fn ready<F>(
        &self,
        until: Option<Instant>,
        log_in: impl FnOnce(LogInByAccount) -> F,
    ) -> Result<Arc<str>, Error>
    where
        F: Future<Output = Result<LogInByAccountResponse, Error>>,
    {
        if let Some(uuid) = self.used() {
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
        if let Some(uuid) = self.used() {
            return Ok(uuid);
        }
        if let Some((number, error)) = &*failed
            && *number > seen
        {
            return Err(error.copied());
        }
        let used = Instant::now();
        // On the heap, since it is rare.
        let answered = Box::pin(log_in(self.request())).await;
        let number = self.ended.fetch_add(1, Ordering::AcqRel) + 1;
        match answered {
            Ok(LogInByAccountResponse { inventory }) => {
                let lifetime = inventory.lifetime();
                let uuid: Arc<str> = inventory.uuid.into();
                *self.current() = Some(Session { uuid: Arc::clone(&uuid), lifetime, used });
                *failed = None;
                Ok(uuid)
            }
            // The deadline of one call is not that of the others.
            Err(error) if error.kind() == ErrorKind::Deadline => Err(error),
            Err(error) => {
                *failed = Some((number, error.copied()));
                Err(error)
            }
        }
    }

    fn request(&self) -> LogInByAccount {
        LogInByAccount { account_name: self.name.clone(), password: self.hash.clone() }
    }
}

//! An account that logs in by itself: on first use, and again when its
//! session is over.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Mutex as AsyncMutex;
use tokio::time::{Instant, timeout_at};

use super::answer::{self, Answer};
use super::client::Client;
use super::credentials::Credentials;
use super::error::{Error, ErrorKind};
use super::exchange::after;
use super::identity::{LogInByAccount, LogInByAccountResponse, LogOut};
use super::password::hash_password;
use super::request;
use super::subject::Subject;
use crate::operation::Request;

pub(super) struct Account {
    name: String,
    /// Of the password nothing else is kept.
    hash: String,
    current: Mutex<Option<Session>>,
    /// Held by the one call that logs in. The last log-in that failed, by its
    /// number.
    logging_in: AsyncMutex<Option<(u64, Error)>>,
    /// How many log-ins have come to an end.
    ended: AtomicU64,
}

/// A session of the account.
struct Session {
    uuid: Arc<str>,
    /// How long it lives unused; every use starts that anew.
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
        // Nothing panics in between.
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn session(&self) -> Option<Arc<str>> {
        self.current().as_ref().map(|it| Arc::clone(&it.uuid))
    }

    /// The session, for a use of it; not one that must have expired.
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

    /// No call is to be made with this session any more.
    pub(super) fn forget(&self, uuid: &str) {
        let mut current = self.current();
        if current.as_ref().is_some_and(|it| *it.uuid == *uuid) {
            *current = None;
        }
    }

    /// A session to call with. However many calls need one, one of them logs
    /// in, and its failure is that of all who waited for it: an account must
    /// not be locked for one wrong password.
    pub(super) async fn ready(&self, client: &Client, until: Option<Instant>) -> Result<Arc<str>, Error> {
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
        let answered = self.log_in(client, until).await;
        let number = self.ended.fetch_add(1, Ordering::AcqRel) + 1;
        match answered {
            Ok(session) => {
                let uuid = Arc::clone(&session.uuid);
                *self.current() = Some(session);
                *failed = None;
                Ok(uuid)
            }
            // Somebody's deadline is nobody else's.
            Err(error) if error.kind() == ErrorKind::Deadline => Err(error),
            Err(error) => {
                *failed = Some((number, error.copied()));
                Err(error)
            }
        }
    }

    async fn log_in(&self, client: &Client, until: Option<Instant>) -> Result<Session, Error> {
        let request = LogInByAccount { account_name: self.name.clone(), password: self.hash.clone() };
        let used = Instant::now();
        let answer: LogInByAccountResponse = client.exchange(request, until).await?;
        let lifetime = answer.inventory.lifetime();
        Ok(Session { uuid: answer.inventory.uuid.into(), lifetime, used })
    }
}

impl Client {
    /// Ends the session on the server. A client that logs in by itself does
    /// so again on its next call; one without a session has nothing to do.
    ///
    /// # Errors
    ///
    /// See [`ErrorKind`]. A session that is over already is no error.
    pub async fn log_out(&self) -> Result<(), Error> {
        let Some(session) = self.credentials.session() else { return Ok(()) };
        let request = LogOut { session_uuid: session.to_string() };
        let until = self.deadline().and_then(after);
        self.exchange(request, until).await?;
        if let Credentials::Account(account) = &self.credentials {
            account.forget(&session);
        }
        Ok(())
    }

    /// Calls an operation that takes no session and is answered at once.
    pub(super) async fn exchange<R: Request>(
        &self,
        request: R,
        until: Option<Instant>,
    ) -> Result<R::Response, Error> {
        let operation = R::OPERATION;
        let subject = Subject::new(operation, &self.credentials).with_parameters(&request);
        let answered = async {
            let request = request::encode(&self.shared.base, operation, &request, self.api_version())?;
            let response = self.send(request, self.request_timeout(), until).await?;
            match answer::first(response, None)? {
                Answer::Result(reply) => reply.read::<R>(),
                Answer::Job(_) => {
                    Err(Error::new(ErrorKind::Unreadable, "the answer is a job, and not a result"))
                }
            }
        };
        answered.await.map_err(|error| error.about(&subject))
    }
}

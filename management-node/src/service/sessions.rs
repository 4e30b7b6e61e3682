//! Authentication of callers, and the expiration of sessions.
//!
//! Every call extends its session. Writing each extension to the store would turn
//! every read into a write, so the exact expiration is kept in memory, and written
//! when it has moved by more than a minute. As a consequence, a session may expire
//! up to a minute early after a crash; it never expires late.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use zstack_server::{BoxFuture, Call, Credentials, Outcome, Sessions};

use super::{Node, store_error};
use crate::exchange::Exchange;
use crate::model::{ADMIN_UUID, AccountKind, Caller, Changes, Edit, Moment, Session, Uuid, Word as _};
use crate::rules::Verdict;
use crate::rules::errors::session_expired;
use crate::rules::sessions::{SessionUse, TIMEOUT, is_unexpired};
use crate::store::{Store, StoreError, StoreResult};

/// The maximum difference between the exact and the stored expiration, in
/// seconds.
const LAG: i64 = 60;

/// The exact expirations of the sessions that were used.
#[derive(Default)]
pub(super) struct SessionExpirations(Mutex<HashMap<Uuid, Expiration>>);

#[derive(Clone, Copy)]
struct Expiration {
    exact: Moment,
    stored: Moment,
    /// The time of the last use of the session.
    last_use: Moment,
}

impl SessionExpirations {
    fn lock(&self) -> MutexGuard<'_, HashMap<Uuid, Expiration>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn get(&self, uuid: &str) -> Option<Expiration> {
        self.lock().get(uuid).copied()
    }

    /// Extends a session that is used now. Returns true if the new expiration must
    /// be stored.
    fn extend(&self, uuid: &str, stored: Moment, now: Moment) -> bool {
        let exact = now.plus_seconds(TIMEOUT);
        let mut expirations = self.lock();
        let expiration =
            expirations.entry(uuid.to_owned()).or_insert(Expiration { exact, stored, last_use: now });
        expiration.last_use = now.max(expiration.last_use);
        expiration.exact = exact.max(expiration.exact);
        // A renewal may have stored a later one.
        expiration.stored = stored.max(expiration.stored);
        let must_store = expiration.stored.plus_seconds(LAG) < exact;
        if must_store {
            // Only one of several concurrent calls stores it.
            expiration.stored = exact;
        }
        must_store
    }

    pub(super) fn remove(&self, uuid: &str) {
        self.lock().remove(uuid);
    }

    fn remove_expired(&self, now: Moment) {
        self.lock().retain(|_, expiration| is_unexpired(expiration.exact, now));
    }
}

impl<S: Store> Node<S> {
    /// Identifies the caller, and extends the session. The rules report an invalid
    /// session when its check is due.
    /// The session of a user needs a policy that allows the operation.
    pub(super) async fn caller(&self, call: &Call) -> StoreResult<Verdict<Caller>> {
        let (caller, user) = match self.identify(call.credentials()).await? {
            Ok(identified) => identified,
            Err(error) => return Ok(Err(error)),
        };
        if let Some(exchange) = Exchange::of(call.context()) {
            exchange.set_account(&caller.account_uuid);
        }
        match user {
            Some(user) => Ok(self.check_user(&user, call.operation()).await?.map(|()| caller)),
            None => Ok(Ok(caller)),
        }
    }

    /// Identifies the caller from credentials, as [`caller`](Self::caller) does.
    pub(super) async fn caller_with(&self, credentials: &Credentials) -> StoreResult<Verdict<Caller>> {
        Ok(self.identify(credentials).await?.map(|(caller, _)| caller))
    }

    /// Returns the UUID of the account of valid credentials.
    pub(crate) async fn account_of(&self, credentials: &Credentials) -> Option<Uuid> {
        Some(self.caller_with(credentials).await.ok()?.ok()?.account_uuid)
    }

    /// Identifies the account of credentials, and the user if they are of one.
    pub(super) async fn identify(
        &self,
        credentials: &Credentials,
    ) -> StoreResult<Verdict<(Caller, Option<Uuid>)>> {
        let uuid = match credentials {
            Credentials::Session(uuid) => uuid,
            // The signature is valid, but the key may have been deleted since.
            Credentials::AccessKey(id) => {
                let found = self.store.access_key_of(id).await?;
                return Ok(found.map(|found| (found.caller, None)).ok_or_else(session_expired));
            }
            // The node itself runs a job of the account, which may have been deleted.
            Credentials::Account(uuid) => {
                let account = self.store.documents(std::slice::from_ref(uuid)).await?.pop();
                let account = account.filter(|account| account.kind == "Account").map(|account| {
                    let is_admin = account.text("type") == Some(AccountKind::SystemAdmin.as_str());
                    let kind = if is_admin { AccountKind::SystemAdmin } else { AccountKind::Normal };
                    (Caller { account_uuid: account.uuid, kind }, None)
                });
                return Ok(account.ok_or_else(session_expired));
            }
            _ => return Ok(Err(session_expired())),
        };
        // StoreResult each time, as the session may have ended through another node.
        let Some(record) = self.store.session(uuid).await? else {
            self.session_expirations.remove(uuid);
            return Ok(Err(session_expired()));
        };
        let now = self.clock.now();
        if !is_unexpired(self.exact_expiration(&record.session), now) {
            return Ok(Err(session_expired()));
        }
        if self.session_expirations.extend(uuid, record.session.expired_date, now) {
            let exact = now.plus_seconds(TIMEOUT);
            let edit = Edit::ExtendSession { uuid: uuid.to_owned(), expired_date: exact };
            // The call may still succeed, so this does not refuse it.
            if let Err(error) = self.store.commit(Changes { guards: Vec::new(), edits: vec![edit] }).await {
                tracing::warn!(%error, "cannot store the expiration of a session");
            }
        }
        Ok(Ok((record.caller, record.session.user_uuid)))
    }

    /// Drops the cached expirations, after all data was deleted.
    pub(crate) fn clear_sessions(&self) {
        self.session_expirations.lock().clear();
    }

    /// Loads a session with its exact expiration, without extending it.
    pub(super) async fn session(&self, uuid: &str) -> StoreResult<Option<Session>> {
        let record = self.store.session(uuid).await?;
        let session = |session: Session| Session { expired_date: self.exact_expiration(&session), ..session };
        Ok(record.map(|record| session(record.session)))
    }

    /// Loads the unexpired sessions of an account, with their last uses. A use
    /// during an earlier run is derived from the stored expiration, which a renewal
    /// may have moved.
    pub(super) async fn session_uses(&self, account_uuid: &str, now: Moment) -> StoreResult<Vec<SessionUse>> {
        let sessions = self.store.sessions(account_uuid, now).await?;
        let use_of = |session: Session| {
            let stored = session.expired_date.plus_seconds(-TIMEOUT).min(now).max(session.create_date);
            let last_use =
                self.session_expirations.get(&session.uuid).map_or(stored, |expiration| expiration.last_use);
            SessionUse { uuid: session.uuid, last_use }
        };
        Ok(sessions.into_iter().map(use_of).collect())
    }

    fn exact_expiration(&self, session: &Session) -> Moment {
        let stored = session.expired_date;
        self.session_expirations.get(&session.uuid).map_or(stored, |expiration| expiration.exact.max(stored))
    }

    /// Stores a session of the administrator with this UUID, as if it logged in now.
    ///
    /// # Errors
    ///
    /// When the store fails.
    pub(crate) async fn put_session(&self, uuid: &str) -> Result<(), StoreError> {
        let now = self.clock.now();
        let session = Session {
            uuid: uuid.to_owned(),
            account_uuid: ADMIN_UUID.to_owned(),
            user_uuid: None,
            expired_date: now.plus_seconds(TIMEOUT),
            create_date: now,
        };
        let edits = vec![Edit::DeleteSession(uuid.to_owned()), Edit::create(session)];
        self.store.commit(Changes { guards: Vec::new(), edits }).await
    }

    /// Deletes all sessions.
    ///
    /// # Errors
    ///
    /// When the store fails.
    pub(crate) async fn delete_sessions(&self) -> Result<(), StoreError> {
        self.clear_sessions();
        let edits = vec![Edit::DeleteSessionsBefore(Moment::from_millis(i64::MAX))];
        self.store.commit(Changes { guards: Vec::new(), edits }).await
    }

    /// Deletes expired sessions. Call this about once an hour.
    ///
    /// # Errors
    ///
    /// When the store fails.
    pub async fn clean_up_sessions(&self) -> Result<(), StoreError> {
        let now = self.clock.now();
        self.session_expirations.remove_expired(now);
        // The stored expiration may be earlier than the exact one.
        let edits = vec![Edit::DeleteSessionsBefore(now.plus_seconds(-LAG - 1))];
        self.store.commit(Changes { guards: Vec::new(), edits }).await
    }
}

impl<S: Store> Sessions for Node<S> {
    fn is_valid<'a>(&'a self, uuid: &'a str) -> BoxFuture<'a, Outcome<bool>> {
        Box::pin(async move {
            let session = self.session(uuid).await.map_err(|error| store_error(&error))?;
            Ok(session.is_some_and(|session| is_unexpired(session.expired_date, self.clock.now())))
        })
    }
}

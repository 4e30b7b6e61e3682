//! Who calls, and for how long the session still holds.
//!
//! Every call moves the end of its session. Writing each move to disk would
//! turn every read into a write, so the exact end is kept in memory and
//! written when it has moved by more than a minute. What that costs: a session
//! that was used within the last minute before a crash may end up to a minute
//! early; it never lasts longer than it should.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use zstack_server::{BoxFuture, Call, Credentials, Outcome, Sessions};

use super::{Node, store_failed};
use crate::model::{Caller, Changes, Edit, Moment, Session, Uuid};
use crate::rules::Verdict;
use crate::rules::errors::session_expired;
use crate::rules::sessions::{SessionUse, TIMEOUT, holds};
use crate::store::{Loaded, Store, StoreError};

/// By how many seconds the end on record may lag behind.
const LAG: i64 = 60;

/// The exact ends of the sessions that were used.
#[derive(Default)]
pub(super) struct Ends(Mutex<HashMap<Uuid, End>>);

#[derive(Clone, Copy)]
struct End {
    exact: Moment,
    on_record: Moment,
    /// When the session was used last.
    last_use: Moment,
}

impl Ends {
    fn get(&self, uuid: &str) -> Option<Moment> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(uuid).map(|it| it.exact)
    }

    fn last_use(&self, uuid: &str) -> Option<Moment> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(uuid).map(|it| it.last_use)
    }

    /// Moves the end of a session that is used now; whether it must be written.
    fn extend(&self, uuid: &str, recorded: Moment, now: Moment) -> bool {
        let exact = now.plus_seconds(TIMEOUT);
        let mut ends = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let end = ends.entry(uuid.to_owned()).or_insert(End { exact, on_record: recorded, last_use: now });
        end.last_use = now.max(end.last_use);
        end.exact = exact.max(end.exact);
        // A renewal may have written a later one.
        end.on_record = recorded.max(end.on_record);
        let write = end.on_record.plus_seconds(LAG) < exact;
        if write {
            // Only one of those that call at the same time.
            end.on_record = exact;
        }
        write
    }

    pub(super) fn forget(&self, uuid: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(uuid);
    }

    pub(super) fn forget_all(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    fn forget_before(&self, now: Moment) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).retain(|_, end| holds(end.exact, now));
    }
}

impl<S: Store> Node<S> {
    /// Who calls; an error in place of the caller is for the rules to report
    /// in its turn. A session that holds is extended.
    pub(super) async fn caller(&self, call: &Call) -> Loaded<Verdict<Caller>> {
        self.caller_with(call.credentials()).await
    }

    /// The same, of what is no call of an operation.
    pub(super) async fn caller_with(&self, credentials: &Credentials) -> Loaded<Verdict<Caller>> {
        let uuid = match credentials {
            Credentials::Session(uuid) => uuid,
            // The signature was right; the key may be gone since then.
            Credentials::AccessKey(id) => {
                let found = self.store.access_key_of(id).await?;
                return Ok(found.map(|it| it.caller).ok_or_else(session_expired));
            }
            _ => return Ok(Err(session_expired())),
        };
        // The record is looked at each time: the session may have been ended
        // through another node.
        let Some(record) = self.store.session(uuid).await? else {
            self.ends.forget(uuid);
            return Ok(Err(session_expired()));
        };
        let now = self.clock.now();
        let recorded = record.session.expired_date;
        if !holds(self.exact_end(&record.session), now) {
            return Ok(Err(session_expired()));
        }
        if self.ends.extend(uuid, recorded, now) {
            let exact = now.plus_seconds(TIMEOUT);
            let edit = Edit::ExtendSession { uuid: uuid.to_owned(), expired_date: exact };
            // The call itself may well succeed: it is not refused for this.
            if let Err(error) = self.store.commit(Changes { guards: Vec::new(), edits: vec![edit] }).await {
                tracing::warn!(%error, "the end of a session could not be recorded");
            }
        }
        Ok(Ok(record.caller))
    }

    /// What is known of the ends of sessions is of no use any more.
    pub(crate) fn forget_sessions(&self) {
        self.ends.forget_all();
    }

    /// A session with its exact end, if it is on record. It is not extended.
    pub(super) async fn session(&self, uuid: &str) -> Loaded<Option<Session>> {
        let record = self.store.session(uuid).await?;
        Ok(record.map(|record| Session { expired_date: self.exact_end(&record.session), ..record.session }))
    }

    /// The sessions of an account that have not expired, with their last uses.
    /// Uses that an earlier process saw are known by the end that they gave to
    /// the session, which a renewal may have moved further.
    pub(super) async fn session_uses(&self, account_uuid: &str, now: Moment) -> Loaded<Vec<SessionUse>> {
        let sessions = self.store.sessions(account_uuid, now).await?;
        let use_of = |session: Session| {
            let recorded = session.expired_date.plus_seconds(-TIMEOUT).min(now).max(session.create_date);
            let last_use = self.ends.last_use(&session.uuid).unwrap_or(recorded);
            SessionUse { uuid: session.uuid, last_use }
        };
        Ok(sessions.into_iter().map(use_of).collect())
    }

    fn exact_end(&self, session: &Session) -> Moment {
        let recorded = session.expired_date;
        self.ends.get(&session.uuid).map_or(recorded, |it| it.max(recorded))
    }

    /// Forgets the sessions that have ended. To be called every hour or so.
    ///
    /// # Errors
    ///
    /// When the store fails.
    pub async fn clean_up_sessions(&self) -> Result<(), StoreError> {
        let now = self.clock.now();
        self.ends.forget_before(now);
        // What is on record may lag behind.
        let edits = vec![Edit::DeleteSessionsBefore(now.plus_seconds(-LAG - 1))];
        self.store.commit(Changes { guards: Vec::new(), edits }).await
    }
}

impl<S: Store> Sessions for Node<S> {
    fn is_valid<'a>(&'a self, uuid: &'a str) -> BoxFuture<'a, Outcome<bool>> {
        Box::pin(async move {
            let session = self.session(uuid).await.map_err(|error| store_failed(&error))?;
            Ok(session.is_some_and(|session| holds(session.expired_date, self.clock.now())))
        })
    }
}

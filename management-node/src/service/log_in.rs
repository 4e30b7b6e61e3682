//! Logins of accounts and of their users.

use zstack_server::{Call, Outcome};

use super::{Failure, Node, retry_on_conflict};
use crate::model::{Document, Edit, LoginAccount, Session, Uuid};
use crate::rules::errors;
use crate::rules::sessions::{MAX_SESSIONS, authenticate, is_password, log_in};
use crate::store::Store;
use crate::uuids;

/// The account of a user that logs in.
pub(super) enum AccountOfUser<'a> {
    /// Its UUID.
    Uuid(&'a str),
    /// Its name.
    Name(&'a str),
}

impl<S: Store> Node<S> {
    /// Opens a session of an account.
    pub(super) async fn log_in_account(&self, call: &Call, name: &str, password: &str) -> Outcome<Session> {
        let address = call.remote_address();
        // Refused before it queues for the lock.
        self.attempts.admit(name, address, self.clock.now())?;
        let _guard = self.locks.lock(&format!("account/{name}")).await;
        retry_on_conflict(|| async {
            let now = self.clock.now();
            self.attempts.admit(name, address, now)?;
            let account = self.store.account(name, now).await?;
            let Some(login) = authenticate(account, password) else {
                self.attempts.record_failure(name, address, now);
                return Err(errors::authentication_failed().into());
            };
            self.attempts.record_success(name, address);
            self.open_session(call, &login, None).await
        })
        .await
    }

    /// Opens a session of a user of an account.
    pub(super) async fn log_in_user(
        &self,
        call: &Call,
        account: AccountOfUser<'_>,
        name: &str,
        password: &str,
    ) -> Outcome<Session> {
        let address = call.remote_address();
        let account_key = match account {
            AccountOfUser::Uuid(key) | AccountOfUser::Name(key) => key,
        };
        let key = format!("user/{account_key}/{name}");
        self.attempts.admit(&key, address, self.clock.now())?;
        let _guard = self.locks.lock(&format!("account/{account_key}")).await;
        retry_on_conflict(|| async {
            let now = self.clock.now();
            self.attempts.admit(&key, address, now)?;
            let login = self.account_of_user(&account).await?;
            let user = match &login {
                Some(login) => self.user(&login.account.uuid, name).await?,
                None => None,
            };
            let expected = user.as_ref().and_then(|user| user.text("_password"));
            let is_correct = is_password(expected, password);
            let (Some(login), Some(user)) = (login, user.filter(|_| is_correct)) else {
                self.attempts.record_failure(&key, address, now);
                return Err(errors::authentication_failed().into());
            };
            self.attempts.record_success(&key, address);
            self.open_session(call, &login, Some(user.uuid)).await
        })
        .await
    }

    async fn account_of_user(&self, account: &AccountOfUser<'_>) -> Result<Option<LoginAccount>, Failure> {
        let now = self.clock.now();
        let document = match account {
            AccountOfUser::Name(name) => return Ok(self.store.account(name, now).await?),
            AccountOfUser::Uuid(uuid) => self.store.documents(&[(*uuid).to_owned()]).await?.pop(),
        };
        let document = document.filter(|document| document.kind == "Account");
        match document.as_ref().and_then(|account| account.text("name")) {
            Some(name) => Ok(self.store.account(name, now).await?),
            None => Ok(None),
        }
    }

    async fn user(&self, account_uuid: &str, name: &str) -> Result<Option<Document>, Failure> {
        let values = [("accountUuid", account_uuid), ("name", name)];
        let values = values.map(|(field, value)| (field.to_owned(), value.into())).to_vec();
        Ok(self.store.document_with("User", values, "").await?)
    }

    async fn open_session(
        &self,
        call: &Call,
        login: &LoginAccount,
        user_uuid: Option<Uuid>,
    ) -> Result<Session, Failure> {
        let now = self.clock.now();
        let sessions = if login.live_sessions < MAX_SESSIONS {
            Vec::new()
        } else {
            self.session_uses(&login.account.uuid, now).await?
        };
        let (session, changes) = log_in(login, user_uuid, sessions, now, uuids::random());
        if !call.is_dry_run() {
            let ended: Vec<_> = changes.edits.iter().filter_map(Edit::deleted_session).cloned().collect();
            self.store.commit(changes).await?;
            ended.iter().for_each(|uuid| self.session_expirations.remove(uuid));
        }
        Ok(session)
    }
}

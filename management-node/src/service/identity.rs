//! Sessions: opened, prolonged and ended.

use zstack_server::{Call, IdentityApi, Outcome};
use zstack_types::identity::{
    LogInByAccount, LogInByAccountResponse, LogOut, LogOutResponse, RenewSession, RenewSessionResponse,
    ValidateSession, ValidateSessionResponse,
};

use super::{Node, settle};
use crate::model::{Changes, Edit};
use crate::rules::errors;
use crate::rules::sessions::{MAX_SESSIONS, Renewal, authenticate, check_account_type, holds, log_in, renew};
use crate::store::Store;
use crate::uuids;

impl<S: Store> IdentityApi for Node<S> {
    async fn log_in_by_account(
        &self,
        call: Call,
        request: LogInByAccount,
    ) -> Outcome<LogInByAccountResponse> {
        check_account_type(request.account_type.as_deref())?;
        let (name, address) = (&request.account_name, call.remote_address());
        // What has to wait does not queue first.
        self.attempts.admit(name, address, self.clock.now())?;
        let _turn = self.turns.turn(&format!("account/{name}")).await;
        settle(|| async {
            let now = self.clock.now();
            self.attempts.admit(name, address, now)?;
            let account = self.store.account(name, now).await?;
            let Some(login) = authenticate(account, &request.password) else {
                self.attempts.failed(name, address, now);
                return Err(errors::authentication_failed().into());
            };
            self.attempts.succeeded(name, address);
            let sessions = if login.live_sessions < MAX_SESSIONS {
                Vec::new()
            } else {
                self.session_uses(&login.account.uuid, now).await?
            };
            let (session, changes) = log_in(&login, sessions, now, uuids::random());
            if !call.is_dry_run() {
                let ended: Vec<_> = changes.edits.iter().filter_map(Edit::deleted_session).cloned().collect();
                self.store.commit(changes).await?;
                ended.iter().for_each(|uuid| self.ends.forget(uuid));
            }
            Ok(LogInByAccountResponse::new(self.inventories.session(&session)))
        })
        .await
    }

    async fn log_out(&self, call: Call, request: LogOut) -> Outcome<LogOutResponse> {
        if !call.is_dry_run() {
            settle(|| async {
                // Anyone can call this: nothing is written for a session that does
                // not exist.
                if self.store.session(&request.session_uuid).await?.is_none() {
                    return Ok(());
                }
                let edits = vec![Edit::DeleteSession(request.session_uuid.clone())];
                Ok(self.store.commit(Changes { guards: Vec::new(), edits }).await?)
            })
            .await?;
            self.ends.forget(&request.session_uuid);
        }
        Ok(LogOutResponse::default())
    }

    async fn validate_session(&self, _: Call, request: ValidateSession) -> Outcome<ValidateSessionResponse> {
        settle(|| async {
            let session = self.session(&request.session_uuid).await?;
            let now = self.clock.now();
            Ok(ValidateSessionResponse::new(session.is_some_and(|session| holds(session.expired_date, now))))
        })
        .await
    }

    async fn renew_session(&self, call: Call, request: RenewSession) -> Outcome<RenewSessionResponse> {
        settle(|| async {
            let caller = self.caller(&call).await?;
            let facts = Renewal {
                uuid: request.session_uuid.clone(),
                duration: request.duration,
                caller,
                session: self.session(&request.session_uuid).await?,
            };
            let (session, changes) = renew(&facts, self.clock.now())?;
            if !call.is_dry_run() {
                self.store.commit(changes).await?;
            }
            Ok(RenewSessionResponse::new(self.inventories.session(&session)))
        })
        .await
    }
}

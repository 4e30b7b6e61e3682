//! The operations on sessions.

use zstack_server::{Call, IdentityApi, Outcome};
use zstack_types::identity::{
    LogInByAccount, LogInByAccountResponse, LogOut, LogOutResponse, RenewSession, RenewSessionResponse,
    ValidateSession, ValidateSessionResponse,
};

use super::{Node, retry_on_conflict};
use crate::model::{Changes, Edit};
use crate::rules::sessions::{RenewSessionFacts, check_login_type, is_unexpired, renew};
use crate::store::Store;

impl<S: Store> IdentityApi for Node<S> {
    async fn log_in_by_account(
        &self,
        call: Call,
        request: LogInByAccount,
    ) -> Outcome<LogInByAccountResponse> {
        check_login_type("accountType", request.account_type.as_deref().unwrap_or("account"))?;
        let session = self.log_in_account(&call, &request.account_name, &request.password).await?;
        Ok(LogInByAccountResponse::new(self.inventories.session(&session)))
    }

    async fn log_out(&self, call: Call, request: LogOut) -> Outcome<LogOutResponse> {
        if !call.is_dry_run() {
            retry_on_conflict(|| async {
                // This needs no authentication, so unknown sessions cause no write.
                if self.store.session(&request.session_uuid).await?.is_none() {
                    return Ok(());
                }
                let edits = vec![Edit::DeleteSession(request.session_uuid.clone())];
                Ok(self.store.commit(Changes { guards: Vec::new(), edits }).await?)
            })
            .await?;
            self.session_expirations.remove(&request.session_uuid);
        }
        Ok(LogOutResponse::default())
    }

    async fn validate_session(&self, _: Call, request: ValidateSession) -> Outcome<ValidateSessionResponse> {
        retry_on_conflict(|| async {
            let session = self.session(&request.session_uuid).await?;
            let now = self.clock.now();
            let is_valid = session.is_some_and(|session| is_unexpired(session.expired_date, now));
            Ok(ValidateSessionResponse::new(is_valid))
        })
        .await
    }

    async fn renew_session(&self, call: Call, request: RenewSession) -> Outcome<RenewSessionResponse> {
        retry_on_conflict(|| async {
            let caller = self.caller(&call).await?;
            let facts = RenewSessionFacts {
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

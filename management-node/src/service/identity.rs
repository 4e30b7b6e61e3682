//! The operations on sessions.

use zstack_server::{Call, IdentityApi, Outcome};
use zstack_types::identity::{
    LogInByAccount, LogInByAccountResponse, LogOut, LogOutResponse, RenewSession, RenewSessionResponse,
    ValidateSession, ValidateSessionResponse,
};

use zstack_runtime::Timestamp;
use zstack_types::types::SessionInventory;

use super::{Node, retry_on_conflict};
use crate::model::{Changes, Edit, Moment, Session};
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
        Ok(LogInByAccountResponse::new(self.inventory_of(&session)))
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
            Ok(RenewSessionResponse::new(self.inventory_of(&session)))
        })
        .await
    }
}

impl<S: Store> Node<S> {
    pub(super) fn inventory_of(&self, session: &Session) -> SessionInventory {
        let time = |moment: Moment| Timestamp::from_instant(moment.instant(), &self.zone);
        let (begin, end) = (time(session.create_date), time(session.expired_date));
        // An account that logs in is its own user.
        let account = session.account_uuid.clone();
        let user = session.user_uuid.clone().unwrap_or_else(|| account.clone());
        let mut inventory = SessionInventory::new(session.uuid.clone(), account, user, end, begin);
        inventory.no_session_evaluation = Some(false);
        inventory
    }
}

//! Sessions: opened, prolonged and ended.

use zstack_server::{Call, IdentityApi, Outcome};
use zstack_types::identity::{
    LogInByAccount, LogInByAccountResponse, LogOut, LogOutResponse, RenewSession, RenewSessionResponse,
    ValidateSession, ValidateSessionResponse,
};

use super::{Node, settle};
use crate::model::{Changes, Edit};
use crate::rules::sessions::{Login, Renewal, holds, log_in, renew};
use crate::store::Store;
use crate::uuids;

impl<S: Store> IdentityApi for Node<S> {
    async fn log_in_by_account(
        &self,
        call: Call,
        request: LogInByAccount,
    ) -> Outcome<LogInByAccountResponse> {
        let _turn = self.turns.turn(&format!("account/{}", request.account_name)).await;
        settle(|| async {
            let now = self.clock.now();
            let account = self.store.account(&request.account_name, now).await?;
            let login = Login {
                account: account.as_ref(),
                password: &request.password,
                account_type: request.account_type.as_deref(),
            };
            let (session, changes) = log_in(login, now, uuids::random())?;
            if !call.is_dry_run() {
                self.store.commit(changes).await?;
            }
            Ok(LogInByAccountResponse::new(self.inventories.session(&session)))
        })
        .await
    }

    async fn log_out(&self, call: Call, request: LogOut) -> Outcome<LogOutResponse> {
        if !call.is_dry_run() {
            settle(|| async {
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
            Ok(ValidateSessionResponse::new(session.is_some_and(|it| holds(it.expired_date, now))))
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

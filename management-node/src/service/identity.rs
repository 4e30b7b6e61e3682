//! Logging in and out.

use zstack_server::{Call, IdentityApi, Outcome};
use zstack_types::identity::{LogInByAccount, LogInByAccountResponse, LogOut, LogOutResponse};

use super::{Node, settle};
use crate::model::{Changes, Edit};
use crate::rules::sessions::{Login, log_in};
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
}

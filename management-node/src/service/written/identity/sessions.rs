//! Logins other than that of an account by name.

use zstack_runtime::encode;

use crate::rules::errors;
use crate::rules::sessions::check_login_type;
use crate::service::Failure;
use crate::service::log_in::AccountOfUser;
use crate::service::written::{Context, Done};
use crate::store::Store;

fn answer<S: Store>(context: &Context<'_, S>, session: &crate::model::Session) -> Result<Done, Failure> {
    let inventory = context.node.inventories.session(session);
    let inventory = serde_json::from_slice(&encode::to_vec(&inventory))
        .map_err(|error| errors::internal(format!("The session cannot be written: {error}.")))?;
    Ok(Done::with_fields([("inventory", inventory)]))
}

/// Logs in with a login of any type, of which the node has one.
pub(super) async fn log_in<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let text = |parameter| context.text(parameter).unwrap_or_default();
    check_login_type("loginType", text("loginType"))?;
    let session = context.node.log_in_account(context.call, text("username"), text("password")).await?;
    answer(context, &session)
}

/// Logs in as a user of an account.
pub(super) async fn log_in_by_user<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let text = |parameter| context.text(parameter).unwrap_or_default();
    let account = match (context.text("accountUuid"), context.text("accountName")) {
        (Some(uuid), _) => AccountOfUser::Uuid(uuid),
        (None, Some(name)) => AccountOfUser::Name(name),
        (None, None) => {
            return Err(errors::invalid_argument(
                "[accountUuid] and [accountName] are missing; name the account of the user with one of them.",
            )
            .into());
        }
    };
    let session = context.node.log_in_user(context.call, account, text("userName"), text("password")).await?;
    answer(context, &session)
}

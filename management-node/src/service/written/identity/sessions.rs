//! Logins other than that of an account by name.

use zstack_runtime::encode;

use crate::inventory::password_hash;
use crate::model::Document;
use crate::rules::errors;
use crate::rules::sessions::check_login_type;
use crate::service::Failure;
use crate::service::log_in::AccountOfUser;
use crate::service::written::{Answer, Context, Done};
use crate::store::Store;

fn answer<S: Store>(context: &Context<'_, S>, session: &crate::model::Session) -> Result<Done, Failure> {
    let inventory = context.node.inventory_of(session);
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

/// Logs in with an entry of a directory that is bound to an account. No LDAP server is asked: the directory
/// has an entry for each binding, with the password of the account.
pub(super) async fn log_in_by_ldap<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let text = |parameter| context.text(parameter).unwrap_or_default();
    let uid = text("uid");
    let bindings = context.node.store.documents_of("LdapAccountRef").await?;
    let binding = bindings.iter().find(|binding| binding.text("ldapUid").is_some_and(|dn| is_entry(dn, uid)));
    let account = match binding.and_then(|binding| binding.text("accountUuid")) {
        Some(account) => context.load(account).await?,
        None => None,
    };
    let name_of = |account: &Document| account.text("name").map(str::to_owned);
    // An unknown entry takes the same way as a wrong password, which limits the attempts.
    let name = account.as_ref().and_then(name_of).unwrap_or_else(|| format!("ldap/{uid}"));
    let session = context.node.log_in_account(context.call, &name, &password_hash(text("password"))).await?;
    let mut done = answer(context, &session)?;
    if let (Answer::Fields(fields), Some(account)) = (&mut done.answer, account) {
        let inventory = context.node.inventories_of(context.plans, vec![account], &[]).await?.pop();
        fields.extend(inventory.map(|inventory| ("accountInventory".to_owned(), inventory)));
    }
    Ok(done)
}

/// Returns whether a login name is that of an entry: its name, or the first value of it, such as `ann` of
/// `uid=ann,ou=people`.
fn is_entry(dn: &str, uid: &str) -> bool {
    let first = dn.split(',').next().and_then(|part| part.split_once('='));
    dn == uid || first.is_some_and(|(_, value)| value.trim() == uid)
}

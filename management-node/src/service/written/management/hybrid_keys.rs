//! Access keys of public clouds.

use crate::service::Failure;
use crate::service::written::{Context, Done};
use crate::store::Store;

/// Makes a key the current one of its account, in place of the other keys for the same cloud.
pub(super) async fn attach<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let mut key = context.target("uuid")?;
    key.set("current", "true");
    let mut edits = Vec::new();
    for mut other in context.node.store.documents_of(&key.base).await? {
        let is_replaced = other.uuid != key.uuid
            && other.text("current") == Some("true")
            && ["accountUuid", "type"].iter().all(|field| other.fields.get(*field) == key.fields.get(*field));
        if is_replaced {
            other.set("current", "false");
            edits.push(context.replace(other));
        }
    }
    edits.push(context.replace(key));
    Ok(Done { edits, ..Done::default() })
}

//! Licenses. The node does not read their content: every license allows everything.

use serde_json::{Map, json};

use crate::cloud::built_in;
use crate::model::Document;
use crate::service::Failure;
use crate::service::written::storages::object;
use crate::service::written::{Context, Done};
use crate::store::Store;

/// The license that a request may install: of a management node, valid for ten years.
fn new_license<S: Store>(context: &Context<'_, S>, node: &str) -> Result<(Document, Done), Failure> {
    const TEN_YEARS: i64 = 10 * 365 * 24 * 3600;
    let (now, end) = (context.time(context.now), context.time(context.now.plus_seconds(TEN_YEARS)));
    let fields: Map<_, _> = object(json!({
        "managementNodeUuid": node, "issuedDate": now, "uploadDate": now, "expiredDate": end,
    }));
    let (license, edit) = context.new_document("License", fields)?;
    Ok((license.clone(), Done::with_document(license, vec![edit])))
}

/// Returns the installed license, or the one that a node without license has.
pub(super) async fn get<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let installed = context.node.store.documents_of("License").await?.pop();
    let license = match installed {
        Some(license) => license,
        None => new_license(context, &built_in::management_node())?.0,
    };
    Ok(Done::with_document(license, Vec::new()))
}

/// Installs a license, in place of the present one of the management node.
pub(super) async fn install<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let node = context.target_of("managementNodeUuid", "management node")?;
    let (_, mut done) = new_license(context, &node.uuid)?;
    for present in context.holders(&node.uuid, "managementNodeUuid").await? {
        if present.base == "License" {
            done.edits.insert(0, crate::model::DocumentEdit::Delete { document: present });
        }
    }
    Ok(done)
}

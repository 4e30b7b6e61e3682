//! Documents about the node itself, which every node has.

use serde_json::json;

use super::new_document;
use super::plan::Plans;
use crate::model::{DocumentEdit, Moment, Uuid};
use crate::uuids;

/// The resources.
pub(crate) const RESOURCES: [&str; 2] = ["ManagementNode", "ConsoleProxyAgent"];

/// The UUID of the management node.
pub(crate) fn management_node() -> Uuid {
    uuids::from_name("ManagementNode")
}

/// The edits that create the documents.
pub(crate) fn new_documents(plans: &Plans, now: Moment) -> Vec<DocumentEdit> {
    let fields = [
        json!({"uuid": management_node(), "joinDate": now.millis(), "heartBeat": now.millis()}),
        json!({"uuid": uuids::from_name("ConsoleProxyAgent")}),
    ];
    let create = |(resource, fields): (&str, serde_json::Value)| {
        let resource = plans.catalog.resource(resource)?;
        let fields = fields.as_object().cloned().unwrap_or_default();
        Some(new_document(plans, resource, fields, None, now).1)
    };
    RESOURCES.into_iter().zip(fields).filter_map(create).collect()
}

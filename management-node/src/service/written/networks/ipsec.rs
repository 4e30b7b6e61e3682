//! IPsec connections.

use ipnet::IpNet;
use serde_json::{Map, Value, json};

use super::{Context, Done};
use crate::model::Document;
use crate::rules::errors;
use crate::service::Failure;
use crate::store::Store;

fn fields(connection: &Document, name: &str, value: &str) -> Map<String, Value> {
    let fields = json!({"connectionUuid": connection.uuid, name: value});
    fields.as_object().cloned().unwrap_or_default()
}

/// Creates a connection with its remote networks and its local one.
pub(super) fn create<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let mut connection = context.draft()?;
    connection.set("peerCidrs", Value::Null);
    let mut parts = Vec::new();
    let cidrs = context.parameters.get("peerCidrs").and_then(Value::as_array);
    for cidr in cidrs.into_iter().flatten().map(|cidr| cidr.as_str().unwrap_or_default()) {
        if cidr.parse::<IpNet>().is_err() {
            let text = format!("[peerCidrs] has `{cidr}`, which is not a CIDR such as 192.168.10.0/24.");
            return Err(errors::invalid_argument(text).into());
        }
        parts.push(context.new_document("IPsecPeerCidr", fields(&connection, "cidr", cidr))?.1);
    }
    if let Some(network) = context.text("l3NetworkUuid") {
        let fields = fields(&connection, "l3NetworkUuid", network);
        parts.push(context.new_document("IPsecL3NetworkRef", fields)?.1);
    }
    let mut done = context.create(connection);
    done.edits.extend(parts);
    Ok(done)
}

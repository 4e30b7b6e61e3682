//! The LLDP settings of network interfaces of hosts. The node does not know the interfaces, so it
//! accepts any UUID of one.

use serde_json::{Value, json};

use super::{Answer, Context, Done};
use crate::cloud::texts;
use crate::model::Document;
use crate::rules::errors;
use crate::service::Failure;
use crate::service::written::storages::object;
use crate::store::Store;
use crate::uuids;

const RESOURCE: &str = "HostNetworkInterfaceLldp";

/// Loads the settings of an interface.
async fn settings<S: Store>(context: &Context<'_, S>, interface: &str) -> Result<Option<Document>, Failure> {
    Ok(context.node.store.documents_with(RESOURCE, "interfaceUuid", interface).await?.pop())
}

/// Sets the mode of interfaces.
pub(super) async fn change_mode<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let mode = context.text("mode").unwrap_or("rx_only");
    let mut edits = Vec::new();
    let mut changed: Vec<Document> = Vec::new();
    for interface in texts(context.parameters.get("interfaceUuids")) {
        if !uuids::is_valid(interface)
            || changed.iter().any(|other| other.text("interfaceUuid") == Some(interface))
        {
            return Err(errors::invalid_argument(format!(
                "[interfaceUuids] has `{interface}`, which is not a UUID, or is listed twice."
            ))
            .into());
        }
        let (document, edit) = match settings(context, interface).await? {
            Some(mut document) => {
                document.set("mode", mode);
                (document.clone(), context.replace(document))
            }
            None => {
                context.new_document(RESOURCE, object(json!({"interfaceUuid": interface, "mode": mode})))?
            }
        };
        changed.push(document);
        edits.push(edit);
    }
    Ok(Done { edits, answer: Answer::Documents(changed), ..Done::default() })
}

/// Returns what an interface knows about its neighbor: nothing but whose settings they are, since
/// networks are emulated.
pub(super) async fn neighbor<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let interface = context.text("interfaceUuid").unwrap_or_default();
    let Some(settings) = settings(context, interface).await? else {
        return Err(errors::not_found("interfaceUuid", "network interface", interface).into());
    };
    let times = ["createDate", "lastOpDate"].map(|field| settings.number(field));
    let [created, changed] = times.map(|time| {
        time.map_or(Value::Null, |millis| context.time(crate::model::Moment::from_millis(millis)).into())
    });
    let neighbor = json!({"lldpUuid": settings.uuid, "createDate": created, "lastOpDate": changed});
    Ok(Done::with_fields([("lldp", neighbor)]))
}

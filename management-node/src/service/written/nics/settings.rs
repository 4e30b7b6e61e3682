//! The state, the bandwidth and the services of NICs.

use serde_json::{Value, json};

use super::loading::{services_of, vm_of};
use super::{Context, Done};
use crate::model::Document;
use crate::rules::errors;
use crate::rules::vms::check_state;
use crate::service::Failure;
use crate::store::Store;

/// The limits of the bandwidth of a NIC. They are system tags of the same names, since no inventory has
/// them.
const BANDWIDTHS: [(&str, &str); 2] = [("in", "inboundBandwidth"), ("out", "outboundBandwidth")];

/// Enables or disables a NIC.
pub(super) async fn change_state<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let mut nic = context.target_of("vmNicUuid", "NIC")?;
    let state = context.text("state").unwrap_or_default();
    let vm = vm_of(context, &nic).await?;
    check_state(&vm, "change the state of a NIC of", &["Running", "Stopped", "Paused"])?;
    if nic.text("type").is_some_and(|ty| ty != "VNIC") {
        return Err(errors::operation_failed(format!(
            "The NIC [uuid:{}] has the type {}; only the state of a VNIC can be changed.",
            nic.uuid,
            nic.text("type").unwrap_or_default()
        ))
        .into());
    }
    if state == "enable" {
        let mac = nic.text("mac").unwrap_or_default();
        let same = context.node.store.documents_with("VmNic", "mac", mac).await?;
        let is_other = |other: &&Document| other.uuid != nic.uuid && other.text("state") != Some("disable");
        if let Some(other) = same.iter().find(is_other) {
            return Err(errors::invalid_argument(format!(
                "[vmNicUuid] names a NIC with the MAC address {mac}, which the NIC [uuid:{}] has, too; disable that \
                 one first.",
                other.uuid
            ))
            .into());
        }
    }
    nic.set("state", state);
    Ok(Done::with_document(vm, vec![context.replace(nic)]))
}

/// Limits the bandwidth.
pub(super) async fn set_bandwidth<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let nic = context.target_of("uuid", "NIC")?;
    let mut edits = Vec::new();
    for (_, name) in BANDWIDTHS {
        if let Some(limit) = context.parameters.get(name).and_then(Value::as_i64) {
            edits.extend(context.set_tag(&nic, name, Some(&limit.to_string())).await?);
        }
    }
    if edits.is_empty() {
        let text = "Neither [inboundBandwidth] nor [outboundBandwidth] is given; give one of them.";
        return Err(errors::invalid_argument(text).into());
    }
    Ok(Done { edits, ..Done::default() })
}

/// Removes the limit in a direction.
pub(super) async fn delete_bandwidth<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let nic = context.target_of("uuid", "NIC")?;
    let mut edits = Vec::new();
    for (direction, name) in BANDWIDTHS {
        if context.text("direction") == Some(direction) {
            edits.extend(context.set_tag(&nic, name, None).await?);
        }
    }
    Ok(Done { edits, ..Done::default() })
}

pub(super) async fn services<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let nic = context.target_of("vmNicUuid", "NIC")?;
    let services = services_of(context, &nic).await?;
    Ok(Done::with_fields([("networkServices", json!(services))]))
}

//! NICs: the checks and the fields of their attachment to VM instances.

use serde_json::Value;

use super::free_addresses::Address;
use crate::model::{Document, Uuid};
use crate::rules::errors::{self, Verdict};
use crate::uuids;

/// The states of a VM instance whose NICs can be attached, detached and moved.
pub(crate) const STATES: [&str; 2] = ["Running", "Stopped"];

/// The resources that use a NIC, with their names as services.
pub(crate) const SERVICES: [(&str, &str); 5] = [
    ("Eip", "Eip"),
    ("PortForwardingRule", "PortForwarding"),
    ("LoadBalancerListener", "LoadBalancer"),
    ("LoadBalancerServerGroup", "LoadBalancer"),
    ("VmNicSecurityGroupRef", "SecurityGroup"),
];

fn refuse<T>(details: String) -> Verdict<T> {
    Err(errors::operation_failed(details))
}

/// Checks that a network can have new NICs.
pub(crate) fn check_enabled(network: &Document) -> Verdict<()> {
    if network.text("state") == Some("Disabled") {
        return Err(errors::resource_disabled("L3 network", &network.uuid));
    }
    Ok(())
}

/// Checks that a VM instance has no NIC on a network, unless that is private.
pub(crate) fn check_not_attached<'a>(
    vm: &Document,
    mut nics: impl Iterator<Item = &'a Document>,
    network: &Document,
) -> Verdict<()> {
    let is_attached = nics.any(|nic| nic.text("l3NetworkUuid") == Some(&network.uuid));
    if is_attached && network.text("category") != Some("Private") {
        return refuse(format!(
            "The VM instance [uuid:{}] already has a NIC on the L3 network [uuid:{}], which is not private.",
            vm.uuid, network.uuid
        ));
    }
    Ok(())
}

/// Checks that a VM instance with these NICs can get one on a network, whose L2 network is attached to
/// these clusters.
pub(crate) fn check_network(
    vm: &Document,
    nics: &[&Document],
    network: &Document,
    l2_network: Option<&Document>,
) -> Verdict<()> {
    let cluster = vm.text("clusterUuid").unwrap_or_default();
    if let Some(l2_network) = l2_network
        && !l2_network.texts("attachedClusterUuids").any(|attached| attached == cluster)
    {
        return refuse(format!(
            "The L2 network [uuid:{}] of the L3 network [uuid:{}] is not attached to the cluster [uuid:{cluster}] of \
             the VM instance [uuid:{}]; attach it first.",
            l2_network.uuid, network.uuid, vm.uuid
        ));
    }
    check_not_attached(vm, nics.iter().copied(), network)?;
    check_enabled(network)?;
    let is_system = network.fields.get("system").and_then(Value::as_bool).unwrap_or(false);
    if is_system && vm.text("type") != Some("ApplianceVm") {
        return refuse(format!(
            "The L3 network [uuid:{}] is for VM instances of the platform; choose another one.",
            network.uuid
        ));
    }
    Ok(())
}

/// Attaches a NIC to a VM instance with other NICs, in the lowest free position.
pub(crate) fn attach(nic: &mut Document, vm: &mut Document, others: &[&Document]) {
    let is_free = |id: &i64| others.iter().all(|other| other.number("deviceId") != Some(*id));
    let device_id = (0..).find(is_free).unwrap_or_default();
    let internal_id = vm.number("internalId").unwrap_or_default();
    nic.set("vmInstanceUuid", vm.uuid.clone());
    nic.set("deviceId", device_id);
    nic.set("internalName", format!("vnic{internal_id}.{device_id}"));
    if vm.text("defaultL3NetworkUuid").is_none() {
        vm.set("defaultL3NetworkUuid", nic.text("l3NetworkUuid").map(str::to_owned));
    }
}

/// The fields of an address in use by a NIC, or by nothing yet.
pub(crate) fn used_ip(
    address: &Address,
    network: &str,
    nic: Option<&Uuid>,
) -> serde_json::Map<String, Value> {
    let fields = serde_json::json!({
        "uuid": uuids::random(), "ip": address.ip.to_string(), "netmask": address.netmask,
        "ipRangeUuid": address.range_uuid, "l3NetworkUuid": network,
    });
    let mut fields = fields.as_object().cloned().unwrap_or_default();
    fields.extend(nic.map(|nic| ("vmNicUuid".to_owned(), nic.clone().into())));
    fields.extend(address.gateway.clone().map(|gateway| ("gateway".to_owned(), gateway.into())));
    fields
}

/// The beginning of the system tags with the static addresses of a VM instance on a network.
pub(crate) fn static_ip_tag(network: &str) -> String {
    format!("staticIp::{network}::")
}

/// An address in a system tag, in which `::` separates parts.
pub(crate) fn in_tag(ip: &str) -> String {
    ip.replace("::", "--")
}

//! NICs to which VIPs lead: what elastic IP addresses and port forwarding have in common.

use std::net::IpAddr;

use ipnet::IpNet;
use serde_json::{Value, json};

use crate::model::{Document, Moment};
use crate::rules::errors::{self, Verdict};

/// The states of VM instances to whose NICs a VIP can lead.
pub(crate) const VM_STATES: [&str; 6] =
    ["Running", "Paused", "Pausing", "Resuming", "Stopped", "VolumeMigrating"];

/// The resources that lead to an address of a NIC.
pub(crate) const LEADING: [&str; 2] = ["Eip", "PortForwardingRule"];

/// A VIP with the documents that use it.
#[derive(Clone, Debug)]
pub(crate) struct UsedVip {
    pub(crate) vip: Document,
    /// EIPs, port forwarding rules, load balancers and IPsec connections.
    pub(crate) users: Vec<Document>,
}

/// A NIC with the facts for the checks.
#[derive(Clone, Debug)]
pub(crate) struct Guest {
    pub(crate) nic: Document,
    /// Its addresses.
    pub(crate) ips: Vec<Document>,
    /// The VM instance that has it.
    pub(crate) vm: Option<Document>,
    /// All NICs of that VM instance.
    pub(crate) nics: Vec<Document>,
    /// The EIPs of the NIC.
    pub(crate) eips: Vec<Document>,
    /// The port forwarding rules of the NICs of that VM instance.
    pub(crate) rules: Vec<Document>,
    /// The services of its L3 network.
    pub(crate) services: Vec<String>,
}

/// The address in a field.
fn address(document: &Document) -> Option<IpAddr> {
    document.text("ip").and_then(|ip| ip.parse().ok())
}

impl Guest {
    /// The port forwarding rules of the NIC itself.
    pub(crate) fn own_rules(&self) -> impl Iterator<Item = &Document> {
        self.rules.iter().filter(|rule| rule.text("vmNicUuid") == Some(&self.nic.uuid))
    }

    /// Checks that a VIP can lead to the NIC, and returns the address of the NIC to which it leads: the
    /// one with this UUID, or the first one of the same IP version.
    pub(crate) fn check(&self, vip: &Document, service: &str, used_ip: Option<&str>) -> Verdict<String> {
        let nic = &self.nic;
        let network = vip.text("l3NetworkUuid");
        if nic.text("l3NetworkUuid") == network {
            return Err(errors::invalid_argument(format!(
                "The NIC [uuid:{}] is on the L3 network of the VIP [uuid:{}]; choose a NIC of another network.",
                nic.uuid, vip.uuid
            )));
        }
        let named = used_ip.map(|uuid| self.ips.iter().find(|ip| ip.uuid == uuid));
        if let (Some(uuid), Some(None)) = (used_ip, named) {
            return Err(errors::invalid_argument(format!(
                "[usedIpUuid] is {uuid}, which is not an address of the NIC [uuid:{}].",
                nic.uuid
            )));
        }
        if self.nics.iter().any(|other| other.text("l3NetworkUuid") == network) {
            return Err(errors::invalid_argument(format!(
                "The VM instance of the NIC [uuid:{}] also has a NIC on the L3 network of the VIP [uuid:{}].",
                nic.uuid, vip.uuid
            )));
        }
        if !self.services.iter().any(|attached| attached == service) {
            return Err(errors::operation_failed(format!(
                "The L3 network of the NIC [uuid:{}] does not have the service {service}; attach it with \
                 AttachNetworkServiceToL3Network.",
                nic.uuid
            )));
        }
        let state = self.vm.as_ref().and_then(|vm| vm.text("state"));
        if let Some(state) = state.filter(|state| !VM_STATES.contains(state)) {
            return Err(errors::operation_failed(format!(
                "The VM instance of the NIC [uuid:{}] is {state}; it must be {}.",
                nic.uuid,
                VM_STATES.join(" or ")
            )));
        }
        let vip_ip = address(vip);
        let is_same_version =
            |ip: &&Document| address(ip).map(|ip| ip.is_ipv4()) == vip_ip.map(|ip| ip.is_ipv4());
        let guest = named.flatten().or_else(|| self.ips.iter().find(is_same_version));
        let Some(guest) = guest.filter(is_same_version) else {
            return Err(errors::operation_failed(format!(
                "The NIC [uuid:{}] has no address of the IP version of the VIP [uuid:{}].",
                nic.uuid, vip.uuid
            )));
        };
        let mask = guest.text("netmask").and_then(|mask| mask.parse().ok());
        let net = address(guest).zip(mask).and_then(|(ip, mask)| IpNet::with_netmask(ip, mask).ok());
        if let (Some(net), Some(ip)) = (net, vip_ip)
            && net.contains(&ip)
        {
            return Err(errors::operation_failed(format!(
                "The VIP [uuid:{}] has the address {ip}, which is in the network {} of the NIC [uuid:{}].",
                vip.uuid,
                net.trunc(),
                nic.uuid
            )));
        }
        Ok(guest.text("ip").unwrap_or_default().to_owned())
    }
}

/// Notes in a VIP that a document uses it.
pub(crate) fn use_vip(vip: &mut Document, user: &str, service: &str, now: Moment) {
    let mut refs = service_refs(vip);
    refs.push(json!({
        "uuid": user, "serviceType": service, "vipUuid": vip.uuid, "createDate": now.millis(),
        "lastOpDate": now.millis(),
    }));
    set_service_refs(vip, refs);
}

/// Notes in a VIP that a document does not use it any longer.
pub(crate) fn release_vip(vip: &mut Document, user: &str) {
    let mut refs = service_refs(vip);
    refs.retain(|reference| reference["uuid"] != user);
    set_service_refs(vip, refs);
}

fn service_refs(vip: &Document) -> Vec<Value> {
    vip.fields.get("servicesRefs").and_then(Value::as_array).cloned().unwrap_or_default()
}

fn set_service_refs(vip: &mut Document, refs: Vec<Value>) {
    let mut services: Vec<&str> = Vec::new();
    for service in refs.iter().filter_map(|reference| reference["serviceType"].as_str()) {
        if !services.contains(&service) {
            services.push(service);
        }
    }
    let use_for = if services.is_empty() { Value::Null } else { services.join(",").into() };
    vip.set("useFor", use_for);
    vip.set("servicesRefs", refs);
}

/// Checks that a document is Enabled.
pub(crate) fn check_enabled(label: &str, document: &Document) -> Verdict<()> {
    match document.text("state") {
        Some("Enabled") => Ok(()),
        state => Err(errors::operation_failed(format!(
            "The {label} [uuid:{}] is {}; enable it first.",
            document.uuid,
            state.unwrap_or("in no state")
        ))),
    }
}

/// Checks that a document leads to no NIC.
pub(crate) fn check_detached(label: &str, document: &Document) -> Verdict<()> {
    match document.text("vmNicUuid") {
        None => Ok(()),
        Some(nic) => Err(errors::operation_failed(format!(
            "The {label} [uuid:{}] is attached to the NIC [uuid:{nic}]; detach it first.",
            document.uuid
        ))),
    }
}

/// Checks that a document leads to a NIC.
pub(crate) fn check_attached(label: &str, document: &Document) -> Verdict<()> {
    if document.text("vmNicUuid").is_some() {
        return Ok(());
    }
    Err(errors::operation_failed(format!("The {label} [uuid:{}] is not attached to a NIC.", document.uuid)))
}

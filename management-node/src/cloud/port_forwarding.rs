//! Port forwarding rules: ports of a VIP that lead to ports of a NIC.

use std::ops::RangeInclusive;

use ipnet::Ipv4Net;
use serde_json::{Map, Value, json};

use super::Parameters;
use super::guests::{Guest, UsedVip};
use super::ip_ranges::parse_parameter;
use crate::model::Document;
use crate::rules::errors::{self, Verdict};

/// The ports of a new rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Ports {
    pub(crate) vip: RangeInclusive<i64>,
    pub(crate) private: RangeInclusive<i64>,
}

fn port_range(start: i64, end: i64) -> RangeInclusive<i64> {
    start.min(end)..=start.max(end)
}

fn overlap(a: &RangeInclusive<i64>, b: &RangeInclusive<i64>) -> bool {
    a.start() <= b.end() && b.start() <= a.end()
}

/// The ports of a document.
pub(crate) fn ports(rule: &Document, start: &str, end: &str) -> RangeInclusive<i64> {
    let start = rule.number(start).unwrap_or_default();
    port_range(start, rule.number(end).unwrap_or(start))
}

/// Reads the ports of a request: an end is its start by default, and private ports are those of the VIP.
pub(crate) fn requested_ports(parameters: &Parameters) -> Verdict<Ports> {
    let number = |name: &str| parameters.get(name).and_then(Value::as_i64);
    let start = number("vipPortStart").unwrap_or_default();
    let vip = port_range(start, number("vipPortEnd").unwrap_or(start));
    let private = match number("privatePortStart") {
        Some(start) => port_range(start, number("privatePortEnd").unwrap_or(start)),
        None => vip.clone(),
    };
    if vip.end() - vip.start() != private.end() - private.start() {
        return Err(errors::invalid_argument(format!(
            "The ports {}-{} of the VIP and {}-{} of the NIC are not equally many.",
            vip.start(),
            vip.end(),
            private.start(),
            private.end()
        )));
    }
    Ok(Ports { vip, private })
}

/// Checks a new rule on its VIP.
pub(crate) fn check_vip(used: &UsedVip, ports_of_new: &Ports, parameters: &Parameters) -> Verdict<()> {
    if let Some(cidr) = parameters.get("allowedCidr").and_then(Value::as_str) {
        parse_parameter::<Ipv4Net>("allowedCidr", cidr, "an IPv4 CIDR such as 192.168.1.0/24")?;
    }
    let UsedVip { vip, users } = used;
    if let Some(eip) = users.iter().find(|user| user.base == "Eip") {
        return Err(errors::invalid_argument(format!(
            "The VIP [uuid:{}] belongs to the EIP [uuid:{}]; choose another VIP.",
            vip.uuid, eip.uuid
        )));
    }
    let protocol = parameters.get("protocolType").and_then(Value::as_str);
    let clashes = |rule: &&Document| {
        rule.base == "PortForwardingRule"
            && rule.text("protocolType") == protocol
            && overlap(&ports(rule, "vipPortStart", "vipPortEnd"), &ports_of_new.vip)
    };
    if let Some(rule) = users.iter().find(clashes) {
        return Err(errors::invalid_argument(format!(
            "The port forwarding rule [uuid:{}] already uses some of these ports of the VIP [uuid:{}].",
            rule.uuid, vip.uuid
        )));
    }
    Ok(())
}

/// Checks that a rule can lead to a NIC, and returns the address of the NIC.
pub(crate) fn check_guest(vip: &Document, guest: &Guest, rule: &Map<String, Value>) -> Verdict<String> {
    let ip = guest.check(vip, "PortForwarding", None)?;
    let text = |name: &str| rule.get(name).and_then(Value::as_str);
    let number = |name: &str| rule.get(name).and_then(Value::as_i64).unwrap_or_default();
    if let Some(other) = guest.rules.iter().find(|other| other.text("vipUuid") != Some(&vip.uuid)) {
        return Err(errors::operation_failed(format!(
            "The VM instance of the NIC [uuid:{}] has the port forwarding rule [uuid:{}] of another VIP.",
            guest.nic.uuid, other.uuid
        )));
    }
    let private = port_range(number("privatePortStart"), number("privatePortEnd"));
    let clashes = |other: &&Document| {
        (other.text("allowedCidr").is_some() || text("allowedCidr").is_some())
            && other.text("protocolType") == text("protocolType")
            && overlap(&ports(other, "privatePortStart", "privatePortEnd"), &private)
    };
    if let Some(other) = guest.own_rules().find(clashes) {
        return Err(errors::operation_failed(format!(
            "The port forwarding rule [uuid:{}] already leads to some of these ports of the NIC [uuid:{}].",
            other.uuid, guest.nic.uuid
        )));
    }
    if let (Some(_), Some(eip)) = (text("allowedCidr"), guest.eips.first()) {
        return Err(errors::operation_failed(format!(
            "The NIC [uuid:{}] has the EIP [uuid:{}], which excludes rules with an allowed CIDR.",
            guest.nic.uuid, eip.uuid
        )));
    }
    Ok(ip)
}

/// The fields of a new rule.
pub(crate) fn fields(vip: &Document, ports: &Ports, parameters: &Parameters) -> Map<String, Value> {
    let fields = json!({
        "vipUuid": vip.uuid, "vipIp": vip.text("ip"),
        "vipPortStart": ports.vip.start(), "vipPortEnd": ports.vip.end(),
        "privatePortStart": ports.private.start(), "privatePortEnd": ports.private.end(),
        "protocolType": parameters.get("protocolType"), "allowedCidr": parameters.get("allowedCidr"),
    });
    fields.as_object().cloned().unwrap_or_default()
}

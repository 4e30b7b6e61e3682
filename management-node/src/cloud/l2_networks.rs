//! L2 networks: which can be attached to a cluster together, and the numbers of VXLAN networks.

use std::ops::RangeInclusive;

use serde_json::Value;

use crate::model::Document;
use crate::rules::errors::{self, Verdict};

/// The maximum length of the name of an interface of Linux.
const MAX_INTERFACE: usize = 15;

fn invalid<T>(details: impl Into<String>) -> Verdict<T> {
    Err(errors::invalid_argument(details))
}

/// Checks that a network can be attached to a cluster with other networks.
pub(crate) fn check_attachment(network: &Document, cluster: &Document, attached: &[Document]) -> Verdict<()> {
    if attached.iter().any(|other| other.uuid == network.uuid) {
        return Err(errors::operation_failed(format!(
            "The L2 network [uuid:{}] is already attached to the cluster [uuid:{}].",
            network.uuid, cluster.uuid
        )));
    }
    let interface = network.text("physicalInterface").unwrap_or_default();
    let on_interface = attached
        .iter()
        .filter(|other| !interface.is_empty() && other.text("physicalInterface") == Some(interface));
    for other in on_interface {
        let differs = other.text("vSwitchType") != network.text("vSwitchType");
        let is_same = other.text("type") == network.text("type")
            && other.number("virtualNetworkId") == network.number("virtualNetworkId");
        if differs || is_same {
            let what = if differs { "another type of virtual switch" } else { "the same VLAN" };
            return invalid(format!(
                "The L2 network [uuid:{}] uses the interface {interface} with {what} in the cluster [uuid:{}].",
                other.uuid, cluster.uuid
            ));
        }
    }
    if let (Some(vlan), Some("KVM")) = (network.number("vlan"), cluster.text("hypervisorType")) {
        let name = format!("{interface}.{vlan}");
        if name.len() > MAX_INTERFACE {
            return invalid(format!(
                "The name {name} of the interface would have more than {MAX_INTERFACE} characters."
            ));
        }
    }
    Ok(())
}

/// The numbers in a range of VNIs.
fn numbers(range: &Document) -> RangeInclusive<i64> {
    range.number("startVni").unwrap_or_default()..=range.number("endVni").unwrap_or_default()
}

/// Checks a new range of VNIs of a pool with other ranges.
pub(crate) fn check_vni_range(pool: &Document, start: i64, end: i64, ranges: &[Document]) -> Verdict<()> {
    if pool.text("type").is_none_or(|ty| !ty.ends_with("Pool")) {
        return invalid(format!("The L2 network [uuid:{}] is not a VXLAN pool.", pool.uuid));
    }
    if start > end {
        return invalid(format!("[startVni] is {start}, which is higher than [endVni], {end}."));
    }
    match ranges.iter().find(|range| start <= *numbers(range).end() && *numbers(range).start() <= end) {
        Some(range) => {
            invalid(format!("{start} to {end} overlaps with the VNI range [uuid:{}].", range.uuid))
        }
        None => Ok(()),
    }
}

/// Chooses the VNI of a new network: the required one, or the lowest free one.
pub(crate) fn choose_vni(
    pool: &Document,
    required: Option<i64>,
    ranges: &[Document],
    networks: &[Document],
) -> Verdict<i64> {
    let is_used = |vni: i64| networks.iter().any(|network| network.number("vni") == Some(vni));
    let lowest = || {
        let mut ranges: Vec<_> = ranges.iter().map(numbers).collect();
        ranges.sort_by_key(|range| *range.start());
        ranges.into_iter().flatten().find(|vni| !is_used(*vni))
    };
    let chosen = match required {
        Some(vni) => {
            Some(vni).filter(|vni| !is_used(*vni) && ranges.iter().any(|range| numbers(range).contains(vni)))
        }
        None => lowest(),
    };
    chosen.ok_or_else(|| errors::no_vni(&pool.uuid, required))
}

/// Checks that the category of an L3 network agrees with `system`. Returns the category as it is stored.
pub(crate) fn category(category: Option<&str>, system: bool) -> Verdict<&'static str> {
    let default = if system { "System" } else { "Private" };
    let given = category.unwrap_or(default);
    let known = ["Public", "Private", "System"].into_iter().find(|known| known.eq_ignore_ascii_case(given));
    match known {
        Some(known) if (known == "System") == system => Ok(known),
        _ => invalid(format!(
            "[category] is `{given}` and [system] is {system}; a system network has the category System, others Public or \
             Private."
        )),
    }
}

/// Checks a domain name.
pub(crate) fn check_domain(name: Option<&str>) -> Verdict<()> {
    let is_label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    match name {
        Some(name) if !name.split('.').all(is_label) => {
            invalid(format!("[dnsDomain] is `{name}`, which is not a domain name such as example.org."))
        }
        _ => Ok(()),
    }
}

/// The clusters to which a network is attached.
pub(crate) fn clusters(network: &Document) -> Vec<Value> {
    network.fields.get("attachedClusterUuids").and_then(Value::as_array).cloned().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn document(fields: Value) -> Document {
        let fields = fields.as_object().cloned().unwrap_or_default();
        let uuid = fields.get("uuid").and_then(Value::as_str).unwrap_or_default().to_owned();
        Document { uuid, kind: String::new(), base: String::new(), revision: 0, fields: fields.into() }
    }

    #[test]
    fn networks_of_a_cluster_do_not_share_a_vlan() {
        let vlan = |uuid: &str, interface: &str, vlan: i64| {
            document(json!({
                "uuid": uuid, "physicalInterface": interface, "type": "L2VlanNetwork", "vlan": vlan,
                "virtualNetworkId": vlan, "vSwitchType": "LinuxBridge",
            }))
        };
        let cluster = document(json!({"uuid": "c", "hypervisorType": "KVM"}));
        let attached = [vlan("a", "eth0", 10)];
        for (network, expected) in [
            (vlan("b", "eth0", 11), true),
            (vlan("b", "eth1", 10), true),
            (vlan("b", "eth0", 10), false),
            (vlan("a", "eth0", 10), false),
            (vlan("b", "a-long-interface", 10), false),
        ] {
            assert_eq!(check_attachment(&network, &cluster, &attached).is_ok(), expected, "{network:?}");
        }
    }

    #[test]
    fn a_vni_is_free_and_in_a_range() {
        let pool = document(json!({"uuid": "p", "type": "VxlanNetworkPool"}));
        let ranges = [document(json!({"startVni": 5, "endVni": 7}))];
        let networks = [document(json!({"vni": 5}))];
        let choose = |required| choose_vni(&pool, required, &ranges, &networks).ok();
        assert_eq!([None, Some(7), Some(5), Some(8)].map(choose), [Some(6), Some(7), None, None]);
        assert!(check_vni_range(&pool, 8, 9, &ranges).is_ok());
        assert!(check_vni_range(&pool, 7, 9, &ranges).is_err());
    }

    #[test]
    fn only_system_networks_have_the_category_system() {
        assert_eq!(category(None, false).ok(), Some("Private"));
        assert_eq!(category(Some("PUBLIC"), false).ok(), Some("Public"));
        assert_eq!(category(Some("System"), true).ok(), Some("System"));
        assert!(category(Some("System"), false).is_err() && category(Some("Public"), true).is_err());
        assert!(check_domain(Some("example.org")).is_ok() && check_domain(Some("a..b")).is_err());
    }
}

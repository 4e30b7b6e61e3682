//! L2 networks: which can be attached to a cluster together, and the numbers of VXLAN networks.

use std::net::Ipv4Addr;
use std::ops::RangeInclusive;

use ipnet::Ipv4Net;
use serde_json::Value;

use crate::model::Document;
use crate::rules::errors::{self, Verdict};

/// The maximum length of the name of an interface of Linux.
const MAX_INTERFACE: usize = 15;

/// The types of networks without and with a VLAN.
const VLAN_TYPES: [&str; 2] = ["L2NoVlanNetwork", "L2VlanNetwork"];

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

/// The type of pools whose networks connect hosts.
const POOL: &str = "VxlanNetworkPool";

/// Reads the network of the endpoints of a pool in a cluster from the system tags of a request; `None` for
/// other networks.
pub(crate) fn endpoint_net(
    network: &Document,
    cluster: &Document,
    tags: &[String],
) -> Verdict<Option<Ipv4Net>> {
    if network.text("type") != Some(POOL) {
        return Ok(None);
    }
    let beginning = format!("l2NetworkUuid::{}::clusterUuid::{}::cidr::", network.uuid, cluster.uuid);
    let read = |tag: &String| {
        let cidr = tag.strip_prefix(&beginning)?.trim_start_matches('{').trim_end_matches('}');
        cidr.parse::<Ipv4Net>().ok()
    };
    let nets: Option<Vec<_>> = tags.iter().map(read).collect();
    match nets.and_then(|nets| nets.first().copied()) {
        Some(net) => Ok(Some(net)),
        None => invalid(format!(
            "[systemTags] must have `{beginning}{{192.168.1.0/24}}` with the network of the hosts, and no other tag."
        )),
    }
}

/// The address of the endpoint of a host: its own in the network, or the lowest one without a user.
pub(crate) fn endpoint_ip(net: &Ipv4Net, host: &Document, used: &[Ipv4Addr]) -> Option<Ipv4Addr> {
    let own = host.text("managementIp").and_then(|ip| ip.parse().ok()).filter(|ip| net.contains(ip));
    own.or_else(|| net.hosts().find(|ip| !used.contains(ip)))
}

/// Checks that no VNI of a pool is one of other pools.
pub(crate) fn check_pools(pool: &Document, own: &[Document], others: &[Document]) -> Verdict<()> {
    let overlaps = |range: &&Document| {
        own.iter().any(|own| {
            numbers(own).start() <= numbers(range).end() && numbers(range).start() <= numbers(own).end()
        })
    };
    match others.iter().find(overlaps) {
        Some(range) => invalid(format!(
            "A VNI range of the VXLAN pool [uuid:{}] overlaps with the VNI range [uuid:{}] of another pool of the \
             cluster.",
            pool.uuid, range.uuid
        )),
        None => Ok(()),
    }
}

/// Changes the VLAN of a network, or between networks with and without a VLAN.
pub(crate) fn change_vlan(network: &mut Document, ty: Option<&str>, vlan: Option<i64>) -> Verdict<()> {
    let present = network.text("type").unwrap_or_default();
    let ty = ty.unwrap_or(present).to_owned();
    for (name, ty) in [("uuid", present), ("type", &ty)] {
        if !VLAN_TYPES.contains(&ty) {
            return invalid(format!(
                "[{name}] means the type `{ty}`; it must be {}.",
                VLAN_TYPES.join(" or ")
            ));
        }
    }
    if network.fields.get("isolated").and_then(Value::as_bool) == Some(true) {
        return invalid(format!(
            "The L2 network [uuid:{}] is isolated, so that its VLAN cannot be changed.",
            network.uuid
        ));
    }
    let has_vlan = ty == VLAN_TYPES[1];
    match vlan {
        Some(vlan) if has_vlan && (1..=4094).contains(&vlan) => {}
        None if !has_vlan => {}
        _ => {
            return invalid(
                "[vlan] must be 1 to 4094 for the type L2VlanNetwork, and must be omitted for L2NoVlanNetwork.",
            );
        }
    }
    // Only networks with a VLAN have the inventory of their own type.
    let kind = if has_vlan { VLAN_TYPES[1].to_owned() } else { network.base.clone() };
    network.kind = kind;
    network.set("type", ty);
    network.set("vlan", vlan);
    network.set("virtualNetworkId", vlan.unwrap_or(0));
    Ok(())
}

/// Checks that the hosts of the clusters of a network can change it.
pub(crate) fn check_clusters(network: &Document, clusters: &[Document], hosts: &[Document]) -> Verdict<()> {
    let is_other = |cluster: &&Document| cluster.text("hypervisorType") != Some("KVM");
    let is_away = |host: &&Document| host.text("status") != Some("Connected");
    let cause = match (clusters.iter().find(is_other), hosts.iter().find(is_away)) {
        (Some(cluster), _) => format!("the hypervisor of the cluster [uuid:{}] is not KVM", cluster.uuid),
        (_, Some(host)) => format!("the host [uuid:{}] is not Connected", host.uuid),
        _ => return Ok(()),
    };
    Err(errors::operation_failed(format!(
        "The VLAN of the L2 network [uuid:{}] cannot be changed: {cause}.",
        network.uuid
    )))
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

    #[test]
    fn networks_of_a_cluster_do_not_share_a_vlan() {
        let vlan = |uuid: &str, interface: &str, vlan: i64| {
            Document::of_fields(json!({
                "uuid": uuid, "physicalInterface": interface, "type": "L2VlanNetwork", "vlan": vlan,
                "virtualNetworkId": vlan, "vSwitchType": "LinuxBridge",
            }))
        };
        let cluster = Document::of_fields(json!({"uuid": "c", "hypervisorType": "KVM"}));
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
        let pool = Document::of_fields(json!({"uuid": "p", "type": "VxlanNetworkPool"}));
        let ranges = [Document::of_fields(json!({"startVni": 5, "endVni": 7}))];
        let networks = [Document::of_fields(json!({"vni": 5}))];
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

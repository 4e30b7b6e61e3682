//! The addresses of the DHCP servers of L3 networks. Each is a used address without a NIC, and a system
//! tag of its network.

use std::net::IpAddr;

use serde_json::{Map, Value, json};

use super::free_addresses::Address;
use super::{nics, providers};
use crate::model::Document;

/// The service.
pub(crate) const SERVICE: &str = "DHCP";

/// The beginning of the tags.
const TAG: &str = "flatNetwork::DhcpServer::";

/// Between the address and the UUID in a tag.
const TAG_UUID: &str = "::ipUuid::";

/// The address of a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Server {
    pub(crate) ip: IpAddr,
    /// The UUID of the used address.
    pub(crate) ip_uuid: String,
    pub(crate) tag: Document,
}

/// Reads the servers of a network from its tags.
pub(crate) fn servers(tags: Vec<Document>) -> Vec<Server> {
    let read = |tag: Document| {
        let (ip, ip_uuid) = tag.text("tag")?.strip_prefix(TAG)?.split_once(TAG_UUID)?;
        let (ip, ip_uuid) = (ip.replace("--", "::").parse().ok()?, ip_uuid.to_owned());
        Some(Server { ip, ip_uuid, tag })
    };
    tags.into_iter().filter_map(read).collect()
}

/// The fields of the address of a new server and of its tag. The tag is deleted with the range.
pub(crate) fn new_server(address: &Address, network: &str) -> (Map<String, Value>, Map<String, Value>) {
    let mut used = nics::used_ip(address, network, None);
    used.insert("usedFor".to_owned(), SERVICE.into());
    let uuid = used.get("uuid").and_then(Value::as_str).unwrap_or_default();
    let ip = nics::in_tag(&address.ip.to_string());
    let tag = json!({
        "resourceUuid": network, "resourceType": "L3NetworkVO", "tag": format!("{TAG}{ip}{TAG_UUID}{uuid}"),
        "_ipRangeUuid": address.range_uuid,
    });
    (used, tag.as_object().cloned().unwrap_or_default())
}

/// True if the hosts of VM instances provide a service of a network, rather than a virtual router.
pub(crate) fn is_on_hosts(services: &[&Map<String, Value>]) -> bool {
    let flat = providers::uuid("Flat");
    services.iter().any(|service| {
        let has = |field: &str, value: &str| service.get(field).and_then(Value::as_str) == Some(value);
        has("networkServiceType", SERVICE) && has("networkServiceProviderUuid", &flat)
    })
}

/// The first address of a new range, for the server of its IP version. A pool has none.
pub(crate) fn first_address(range: &Document) -> Option<Address> {
    if range.text("ipRangeType") == Some("AddressPool") {
        return None;
    }
    Some(Address {
        ip: range.text("startIp")?.parse().ok()?,
        range_uuid: range.uuid.clone(),
        netmask: range.text("netmask").unwrap_or_default().to_owned(),
        prefix: range.number("prefixLen").and_then(|length| u8::try_from(length).ok()).unwrap_or_default(),
        gateway: range.text("gateway").map(str::to_owned),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_has_the_address_of_a_server() {
        for ip in ["10.0.0.2", "fd00::2"] {
            let address = Address {
                ip: ip.parse().unwrap(),
                range_uuid: "range".to_owned(),
                netmask: String::new(),
                prefix: 0,
                gateway: None,
            };
            let (used, tag) = new_server(&address, "l3");
            let document = Document {
                uuid: String::new(),
                kind: String::new(),
                base: String::new(),
                revision: 0,
                fields: tag,
            };
            let servers = servers(vec![document]);
            let [server] = &*servers else { panic!("{servers:?}") };
            assert_eq!((server.ip, &*server.ip_uuid), (address.ip, used["uuid"].as_str().unwrap()));
        }
    }
}

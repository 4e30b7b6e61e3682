//! Load balancers: settings of listeners, and backends.

use std::net::IpAddr;

use serde_json::{Map, Value, json};

use super::Parameters;
use super::guests::UsedVip;
use super::ip_ranges::parse_parameter;
use crate::model::{Document, Moment};
use crate::rules::errors::{self, Verdict};

/// The settings of listeners that are kept as tags: the parameter, the tag, and the default value.
const SETTINGS: [(&str, &str, Option<&str>); 17] = [
    ("connectionIdleTimeout", "connectionIdleTimeout", Some("60")),
    ("healthyThreshold", "healthyThreshold", Some("2")),
    ("healthCheckInterval", "healthCheckInterval", Some("5")),
    ("healthCheckTarget", "healthCheckTarget", Some("tcp:default")),
    ("healthCheckTimeout", "healthCheckTimeout", Some("2")),
    ("unhealthyThreshold", "unhealthyThreshold", Some("6")),
    ("maxConnection", "maxConnection", Some("200000")),
    ("balancerAlgorithm", "balancerAlgorithm", Some("roundrobin")),
    ("aclStatus", "accessControlStatus", Some("disable")),
    ("nbprocess", "Nbprocess", Some("1")),
    ("httpMode", "httpMode", Some("http-server-close")),
    ("sessionPersistence", "sessionPersistence", None),
    ("sessionIdleTimeout", "sessionIdleTimeout", None),
    ("cookieName", "cookieName", None),
    ("httpRedirectHttps", "httpRedirectHttps", None),
    ("redirectPort", "redirectPort", None),
    ("statusCode", "statusCode", None),
];

/// The maximum number of access control lists of a listener.
const MAX_ACLS: usize = 50;

fn text<'a>(parameters: &'a Parameters, name: &str) -> Option<&'a str> {
    parameters.get(name).and_then(Value::as_str)
}

fn invalid<T>(details: impl Into<String>) -> Verdict<T> {
    Err(errors::invalid_argument(details))
}

fn refuse<T>(details: impl Into<String>) -> Verdict<T> {
    Err(errors::operation_failed(details))
}

/// Checks the VIPs of a new load balancer: that of IPv4 and that of IPv6.
pub(crate) fn check_vips(ipv4: Option<&UsedVip>, ipv6: Option<&UsedVip>) -> Verdict<()> {
    if ipv4.is_none() && ipv6.is_none() {
        return invalid("Neither [vipUuid] nor [ipv6VipUuid] is given; give one of them, or both.");
    }
    for (name, used, is_ipv6) in [("vipUuid", ipv4, false), ("ipv6VipUuid", ipv6, true)] {
        let Some(UsedVip { vip, users }) = used else { continue };
        if vip.text("ip").is_some_and(|ip| ip.contains(':')) != is_ipv6 {
            return invalid(format!("[{name}] is {}, a VIP of the other IP version.", vip.uuid));
        }
        if let Some(eip) = users.iter().find(|user| user.base == "Eip") {
            return invalid(format!(
                "The VIP [uuid:{}] belongs to the EIP [uuid:{}]; choose another one.",
                vip.uuid, eip.uuid
            ));
        }
    }
    let network = |used: &UsedVip| used.vip.text("l3NetworkUuid").map(str::to_owned);
    match (ipv4, ipv6) {
        (Some(ipv4), Some(ipv6)) if network(ipv4) != network(ipv6) => {
            invalid("[vipUuid] and [ipv6VipUuid] are on different L3 networks; choose VIPs of one network.")
        }
        _ => Ok(()),
    }
}

/// Checks the settings of a new listener on a load balancer with other listeners.
pub(crate) fn check_listener(parameters: &Parameters, listeners: &[Document]) -> Verdict<()> {
    let protocol = text(parameters, "protocol").unwrap_or("tcp");
    check_settings(protocol, parameters)?;
    let lists = parameters.get("aclUuids").and_then(Value::as_array).map_or(0, Vec::len);
    if lists > MAX_ACLS {
        return invalid(format!("[aclUuids] has {lists} lists; at most {MAX_ACLS} are possible."));
    }
    let port = parameters.get("loadBalancerPort").and_then(Value::as_i64);
    let is_udp = |protocol: Option<&str>| protocol == Some("udp");
    let clashes = |other: &&Document| {
        other.number("loadBalancerPort") == port && is_udp(other.text("protocol")) == (protocol == "udp")
    };
    match listeners.iter().find(clashes) {
        Some(other) => invalid(format!(
            "The listener [uuid:{}] of the load balancer already uses the port {}.",
            other.uuid,
            port.unwrap_or_default()
        )),
        None => Ok(()),
    }
}

/// Checks the settings of a listener of a protocol.
pub(crate) fn check_settings(protocol: &str, parameters: &Parameters) -> Verdict<()> {
    match text(parameters, "healthCheckProtocol") {
        Some(check) if (check == "udp") != (protocol == "udp") => {
            return refuse(format!(
                "[healthCheckProtocol] is {check}, but the listener has the protocol {protocol}; both must be udp, or \
                 neither."
            ));
        }
        Some("http") if text(parameters, "healthCheckURI").is_none() => {
            return refuse("[healthCheckURI] is missing; health checks by HTTP need it.");
        }
        _ => {}
    }
    for (name, only) in [
        ("certificateUuid", "https"),
        ("securityPolicyType", "https"),
        ("httpVersions", "https"),
        ("tcpProxyProtocol", "tcp"),
    ] {
        if parameters.contains_key(name) && protocol != only {
            return invalid(format!("[{name}] is only possible for {only}; the listener has {protocol}."));
        }
    }
    Ok(())
}

/// The tags of the settings in a request; with the defaults of others for a new listener.
pub(crate) fn setting_tags(parameters: &Parameters, with_defaults: bool) -> Vec<(String, String)> {
    let value = |name: &str| match parameters.get(name)? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    let mut tags: Vec<_> = SETTINGS
        .iter()
        .filter_map(|(parameter, tag, default)| {
            let default = default.filter(|_| with_defaults).map(str::to_owned);
            Some(((*tag).to_owned(), value(parameter).or(default)?))
        })
        .collect();
    if let Some(check) = value("healthCheckProtocol") {
        if let Some((_, target)) = tags.iter_mut().find(|(tag, _)| tag == "healthCheckTarget") {
            *target = format!("{check}:default");
        } else {
            tags.push(("healthCheckTarget".to_owned(), format!("{check}:default")));
        }
    }
    tags
}

/// The records of a list in a document.
pub(crate) fn records(document: &Document, field: &str) -> Vec<Value> {
    document.fields.get(field).and_then(Value::as_array).cloned().unwrap_or_default()
}

/// Appends a record to a list, with a number and times.
pub(crate) fn push(document: &mut Document, field: &str, record: Value, now: Moment) {
    let mut list = records(document, field);
    let last = list.iter().filter_map(|record| record["id"].as_i64()).max().unwrap_or(0);
    let mut record = record;
    for (name, value) in [("id", last + 1), ("createDate", now.millis()), ("lastOpDate", now.millis())] {
        record[name] = value.into();
    }
    list.push(record);
    document.set(field, list);
}

/// Removes the records of a list that have one of these values in a field. Returns their number.
pub(crate) fn remove(document: &mut Document, field: &str, key: &str, values: &[&str]) -> usize {
    let mut list = records(document, field);
    let count = list.len();
    list.retain(|record| !record[key].as_str().is_some_and(|value| values.contains(&value)));
    let removed = count - list.len();
    document.set(field, list);
    removed
}

/// A backend in a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Backend {
    /// The UUID of a NIC, or an IP address.
    pub(crate) key: String,
    pub(crate) weight: i64,
}

/// Reads the backends of a request: maps with a key such as `uuid`, and a weight.
pub(crate) fn backends(parameters: &Parameters, name: &str, key: &str) -> Verdict<Vec<Backend>> {
    let list = parameters.get(name).and_then(Value::as_array).into_iter().flatten();
    let mut found: Vec<Backend> = Vec::new();
    for item in list {
        let weight = match &item["weight"] {
            Value::Null => Some(100),
            Value::String(text) => text.parse().ok(),
            other => other.as_i64(),
        };
        let Some(weight) = weight.filter(|weight| (0..=100).contains(weight)) else {
            return invalid(format!("[{name}.weight] is {}; it must be 0 to 100.", item["weight"]));
        };
        let Some(value) = item[key].as_str() else {
            return invalid(format!("[{name}] has an item without `{key}`; add it."));
        };
        let value = if key == "ipAddress" {
            parse_parameter::<IpAddr>("servers.ipAddress", value, "an IP address such as 192.168.1.10")?
                .to_string()
        } else {
            value.to_owned()
        };
        if found.iter().any(|other| other.key == value) {
            return refuse(format!("[{name}] has {value} twice; remove one of them."));
        }
        found.push(Backend { key: value, weight });
    }
    Ok(found)
}

/// Adds backends to a server group.
pub(crate) fn add_backends(
    group: &mut Document,
    nics: &[Backend],
    servers: &[Backend],
    now: Moment,
) -> Verdict<()> {
    let version = group.number("ipVersion").unwrap_or(4);
    for (field, key, backends) in [("vmNicRefs", "vmNicUuid", nics), ("serverIps", "ipAddress", servers)] {
        for Backend { key: value, weight } in backends {
            if records(group, field).iter().any(|record| record[key] == value.as_str()) {
                return refuse(format!("The server group [uuid:{}] already has {value}.", group.uuid));
            }
            let mut record = json!({"serverGroupUuid": group.uuid, "weight": weight, "status": "Active"});
            record[key] = value.as_str().into();
            if field == "vmNicRefs" {
                record["ipVersion"] = version.into();
            }
            push(group, field, record, now);
        }
    }
    Ok(())
}

/// Changes the weights of backends of a server group.
pub(crate) fn change_backends(
    group: &mut Document,
    nics: &[Backend],
    servers: &[Backend],
    now: Moment,
) -> Verdict<()> {
    for (field, key, backends) in [("vmNicRefs", "vmNicUuid", nics), ("serverIps", "ipAddress", servers)] {
        let mut list = records(group, field);
        for Backend { key: value, weight } in backends {
            let Some(record) = list.iter_mut().find(|record| record[key] == value.as_str()) else {
                return invalid(format!("The server group [uuid:{}] does not have {value}.", group.uuid));
            };
            record["weight"] = (*weight).into();
            record["lastOpDate"] = now.millis().into();
        }
        group.set(field, list);
    }
    Ok(())
}

/// Checks that no NIC and no address is in two server groups of a listener.
pub(crate) fn check_groups(groups: &[&Document]) -> Verdict<()> {
    let mut seen: Map<String, Value> = Map::new();
    for group in groups {
        for (field, key) in [("vmNicRefs", "vmNicUuid"), ("serverIps", "ipAddress")] {
            for record in records(group, field) {
                let value = record[key].as_str().unwrap_or_default().to_owned();
                if seen.insert(value.clone(), Value::Null).is_some() {
                    return refuse(format!("{value} would be in two server groups of the listener."));
                }
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(value: Value) -> Parameters {
        value.as_object().cloned().unwrap_or_default()
    }

    #[test]
    fn settings_fit_the_protocol() {
        for (protocol, settings, expected) in [
            ("tcp", json!({}), true),
            ("tcp", json!({"healthCheckProtocol": "udp"}), false),
            ("udp", json!({"healthCheckProtocol": "udp"}), true),
            ("udp", json!({"healthCheckProtocol": "tcp"}), false),
            ("http", json!({"healthCheckProtocol": "http"}), false),
            ("http", json!({"healthCheckProtocol": "http", "healthCheckURI": "/"}), true),
            ("http", json!({"httpVersions": ["h2"]}), false),
            ("https", json!({"httpVersions": ["h2"]}), true),
            ("http", json!({"tcpProxyProtocol": "v1"}), false),
        ] {
            let is_ok = check_settings(protocol, &object(settings.clone())).is_ok();
            assert_eq!(is_ok, expected, "{protocol} {settings}");
        }
    }

    #[test]
    fn tags_have_given_values_and_defaults() {
        let given = object(json!({"maxConnection": 5, "healthCheckProtocol": "udp"}));
        let tags = setting_tags(&given, true);
        let value = |name: &str| tags.iter().find(|(tag, _)| tag == name).map(|(_, value)| value.as_str());
        assert_eq!((value("maxConnection"), value("balancerAlgorithm")), (Some("5"), Some("roundrobin")));
        assert_eq!((value("healthCheckTarget"), value("statusCode")), (Some("udp:default"), None));
        assert_eq!(setting_tags(&given, false).len(), 2);
    }
}

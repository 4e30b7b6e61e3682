//! Security groups: the checks of rules, and their order.

use std::net::IpAddr;

use ipnet::IpNet;
use serde_json::{Map, Value, json};

use super::texts;
use crate::model::Document;
use crate::rules::errors::{self, Verdict};

/// The maximum number of items in a list of addresses or ports.
const MAX_ITEMS: usize = 10;

/// The maximum number of rules of a direction.
const MAX_RULES: usize = 100;

/// The maximum number of rules in a request.
const MAX_NEW: usize = 2000;

/// The fields that make two rules the same.
const IDENTITY: [&str; 8] = [
    "type",
    "ipVersion",
    "protocol",
    "srcIpRange",
    "dstIpRange",
    "dstPortRange",
    "remoteSecurityGroupUuid",
    "action",
];

type Fields = Map<String, Value>;

fn invalid<T>(details: impl Into<String>) -> Verdict<T> {
    Err(errors::invalid_argument(details))
}

fn text<'a>(fields: &'a Fields, name: &str) -> Option<&'a str> {
    fields.get(name).and_then(Value::as_str).filter(|text| !text.is_empty())
}

fn object(value: Value) -> Fields {
    match value {
        Value::Object(fields) => fields,
        _ => Fields::new(),
    }
}

/// The fields of the rules that a new group has: its members may reach each other.
pub(crate) fn default_rules(group: &str) -> Vec<Fields> {
    let rule = |ty: &str, version: i64| {
        object(json!({
            "securityGroupUuid": group, "remoteSecurityGroupUuid": group, "type": ty, "ipVersion": version,
            "priority": 0, "protocol": "ALL", "action": "ACCEPT", "description": "default rule",
            "allowedCidr": any_address(version),
        }))
    };
    vec![rule("Ingress", 4), rule("Egress", 4), rule("Ingress", 6), rule("Egress", 6)]
}

fn any_address(version: i64) -> &'static str {
    if version == 6 { "::/0" } else { "0.0.0.0/0" }
}

/// Checks a rule of a request, and converts it to the fields of a document.
pub(crate) fn normalize(rule: &Fields) -> Verdict<Fields> {
    let version = rule.get("ipVersion").and_then(Value::as_i64).unwrap_or(4);
    let one_of = |name: &str, value: &str, allowed: &[&str]| {
        if allowed.contains(&value) {
            return Ok(value.to_owned());
        }
        invalid(format!("[rules.{name}] is `{value}`; it must be one of: {}.", allowed.join(", ")))
    };
    let ty = one_of("type", text(rule, "type").unwrap_or_default(), &["Ingress", "Egress"])?;
    let protocol = text(rule, "protocol").unwrap_or_default().to_uppercase();
    let protocol = one_of("protocol", &protocol, &["ALL", "TCP", "UDP", "ICMP"])?;
    let action = one_of("action", text(rule, "action").unwrap_or("ACCEPT"), &["ACCEPT", "DROP"])?;
    let state = one_of("state", text(rule, "state").unwrap_or("Enabled"), &["Enabled", "Disabled"])?;
    if !matches!(version, 4 | 6) {
        return invalid(format!("[rules.ipVersion] is {version}; it must be 4 or 6."));
    }
    let mut fields = object(json!({
        "type": ty, "protocol": protocol, "action": action, "state": state, "ipVersion": version,
        "allowedCidr": any_address(version), "description": rule.get("description"),
        "remoteSecurityGroupUuid": text(rule, "remoteSecurityGroupUuid"),
        "srcIpRange": text(rule, "srcIpRange"), "dstIpRange": text(rule, "dstIpRange"),
        "dstPortRange": text(rule, "dstPortRange"),
    }));
    let cidr = text(rule, "allowedCidr").filter(|cidr| *cidr != any_address(version));
    let is_narrowed = text(rule, "srcIpRange").is_some() || text(rule, "dstIpRange").is_some();
    if let Some(cidr) = cidr {
        if is_narrowed {
            return invalid(
                "[rules.allowedCidr] and a range of addresses exclude each other; use one of them.",
            );
        }
        let range = if ty == "Ingress" { "srcIpRange" } else { "dstIpRange" };
        fields.insert(range.to_owned(), cidr.into());
    }
    let port = |name: &str| rule.get(name).and_then(Value::as_i64).filter(|port| *port != -1);
    if let Some(start) = port("startPort").or(port("endPort")) {
        if text(rule, "dstPortRange").is_some() {
            return invalid(
                "[rules.startPort] and [rules.dstPortRange] exclude each other; use one of them.",
            );
        }
        let end = port("endPort").unwrap_or(start);
        let range = if start == end { start.to_string() } else { format!("{start}-{end}") };
        fields.insert("dstPortRange".to_owned(), range.into());
    }
    fields.retain(|_, value| !value.is_null());
    check_fields(&fields)?;
    Ok(fields)
}

/// Checks the fields of a rule.
pub(crate) fn check_fields(rule: &Fields) -> Verdict<()> {
    let version = rule.get("ipVersion").and_then(Value::as_i64).unwrap_or(4);
    let ty = text(rule, "type").unwrap_or_default();
    let foreign = if ty == "Ingress" { "dstIpRange" } else { "srcIpRange" };
    if text(rule, foreign).is_some() {
        return invalid(format!("[rules.{foreign}] is not possible in a rule of the type {ty}."));
    }
    for name in ["srcIpRange", "dstIpRange"] {
        let Some(range) = text(rule, name) else { continue };
        if text(rule, "remoteSecurityGroupUuid").is_some() {
            return invalid(format!(
                "[rules.{name}] and [rules.remoteSecurityGroupUuid] exclude each other; use one of them."
            ));
        }
        check_items(name, range, |item| is_address(item, version))?;
    }
    let protocol = text(rule, "protocol").unwrap_or_default();
    match (protocol, text(rule, "dstPortRange")) {
        ("TCP" | "UDP", Some(ports)) => check_items("dstPortRange", ports, is_ports),
        ("TCP" | "UDP", None) => invalid(format!(
            "A rule for {protocol} needs [rules.dstPortRange], or [rules.startPort] and [rules.endPort]."
        )),
        (_, Some(_)) => invalid(format!("A rule for {protocol} has no ports; use TCP or UDP, or omit them.")),
        (_, None) => Ok(()),
    }
}

fn check_items(name: &str, list: &str, is_valid: impl Fn(&str) -> bool) -> Verdict<()> {
    let items: Vec<_> = list.split(',').collect();
    if items.len() > MAX_ITEMS {
        return invalid(format!(
            "[rules.{name}] has {} items; at most {MAX_ITEMS} are possible.",
            items.len()
        ));
    }
    match items.iter().find(|item| !is_valid(item.trim())) {
        Some(item) => invalid(format!("[rules.{name}] has `{item}`, which is not valid; correct it.")),
        None => Ok(()),
    }
}

/// True for an address, a CIDR, or the two ends of a range.
fn is_address(item: &str, version: i64) -> bool {
    let is_of_version = |ip: IpAddr| ip.is_ipv4() == (version == 4);
    if let Ok(net) = item.parse::<IpNet>() {
        return is_of_version(net.addr());
    }
    let (first, last) = item.split_once('-').unwrap_or((item, item));
    match (first.parse::<IpAddr>(), last.parse::<IpAddr>()) {
        (Ok(first), Ok(last)) => is_of_version(first) && is_of_version(last) && first <= last,
        _ => false,
    }
}

/// True for a port, or the two ends of a range of ports.
fn is_ports(item: &str) -> bool {
    let (first, last) = item.split_once('-').unwrap_or((item, item));
    match (first.parse::<u16>(), last.parse::<u16>()) {
        (Ok(first), Ok(last)) => first <= last,
        _ => false,
    }
}

/// The fields of the rules that a request adds to a group: one for each remote group.
pub(crate) fn new_rules(group: &str, rules: &[Value], remote_groups: Option<&Value>) -> Verdict<Vec<Fields>> {
    if rules.is_empty() || rules.len() > MAX_NEW {
        return invalid(format!("[rules] has {} rules; it must have 1 to {MAX_NEW}.", rules.len()));
    }
    let remote: Vec<_> = texts(remote_groups).collect();
    if (1..remote.len()).any(|index| remote[..index].contains(&remote[index])) {
        return invalid("[remoteSecurityGroupUuids] has the same UUID twice; remove one of them.");
    }
    let mut new = Vec::new();
    for rule in rules {
        let mut fields = normalize(rule.as_object().unwrap_or(&Fields::new()))?;
        fields.insert("securityGroupUuid".to_owned(), group.into());
        if remote.is_empty() {
            new.push(fields);
            continue;
        }
        if fields.contains_key("remoteSecurityGroupUuid") {
            return invalid(
                "[remoteSecurityGroupUuids] and [rules.remoteSecurityGroupUuid] exclude each other; use one of them.",
            );
        }
        for uuid in &remote {
            let mut fields = fields.clone();
            fields.insert("remoteSecurityGroupUuid".to_owned(), (*uuid).into());
            check_fields(&fields)?;
            new.push(fields);
        }
    }
    Ok(new)
}

/// True if two rules have the same effect.
fn is_same(a: &Fields, b: &Fields) -> bool {
    IDENTITY.iter().all(|field| a.get(*field) == b.get(*field))
}

/// The rules of one direction that are not default ones, in their order.
pub(crate) fn of_direction(rules: &[Document], ty: &str) -> Vec<Document> {
    let mut rules: Vec<_> = rules.iter().filter(|rule| rule.text("type") == Some(ty)).cloned().collect();
    rules.retain(|rule| rule.number("priority") != Some(0));
    rules.sort_by_key(|rule| rule.number("priority"));
    rules
}

/// Gives new rules their priorities, and returns the existing rules that move.
pub(crate) fn insert(
    existing: &[Document],
    new: &mut [Fields],
    priority: Option<i64>,
) -> Verdict<Vec<Document>> {
    for index in 0..new.len() {
        let rule = &new[index];
        let earlier = existing.iter().map(|rule| &*rule.fields).chain(&new[..index]);
        if earlier.into_iter().any(|other| is_same(other, rule)) {
            return invalid("[rules] has a rule that the security group already has; remove it.");
        }
    }
    let mut moved = Vec::new();
    for ty in ["Ingress", "Egress"] {
        let present = of_direction(existing, ty);
        let count = new.iter().filter(|rule| text(rule, "type") == Some(ty)).count();
        if present.len() + count > MAX_RULES {
            return invalid(format!("A security group can have at most {MAX_RULES} rules of the type {ty}."));
        }
        let end = i64::try_from(present.len()).unwrap_or(i64::MAX) + 1;
        let at = match priority {
            None | Some(-1) => end,
            Some(at) if (1..=end).contains(&at) || count == 0 => at,
            Some(at) => {
                return invalid(format!("[priority] is {at}; it must be -1, or 1 to {end} for {ty} rules."));
            }
        };
        let mut next = at;
        for rule in new.iter_mut().filter(|rule| text(rule, "type") == Some(ty)) {
            rule.insert("priority".to_owned(), next.into());
            next += 1;
        }
        let shift = next - at;
        for mut rule in present {
            let old = rule.number("priority").unwrap_or_default();
            if shift > 0 && old >= at {
                rule.set("priority", old + shift);
                moved.push(rule);
            }
        }
    }
    Ok(moved)
}

/// Closes the gaps in the priorities of rules in order. Returns those that move.
pub(crate) fn renumber(rules: Vec<Document>) -> Vec<Document> {
    let numbered = (1_i64..).zip(rules).filter(|(number, rule)| rule.number("priority") != Some(*number));
    numbered
        .map(|(number, mut rule)| {
            rule.set("priority", number);
            rule
        })
        .collect()
}

/// Changes the fields of a rule that a request gives.
pub(crate) fn change(rule: &mut Document, others: &[Document], changes: &Fields) -> Verdict<()> {
    let is_default = rule.number("priority") == Some(0);
    for (name, value) in changes {
        if is_default && !matches!(name.as_str(), "description" | "state") {
            return invalid(format!("[{name}] of a default rule cannot be changed."));
        }
        let is_empty = value.as_str() == Some("");
        rule.set(name, if is_empty { Value::Null } else { value.clone() });
    }
    if is_default {
        return Ok(());
    }
    check_fields(&rule.fields)?;
    if others.iter().any(|other| other.uuid != rule.uuid && is_same(&other.fields, &rule.fields)) {
        return invalid("The security group already has a rule with these fields.");
    }
    Ok(())
}

/// The result of a check of a rule: a code, and the reason of a rule that cannot be added.
pub(crate) fn validate(rule: &Fields, existing: &[Document]) -> (&'static str, Option<String>) {
    match normalize(rule) {
        Err(error) => ("SG.1004", error.details),
        Ok(fields) if existing.iter().any(|other| is_same(&other.fields, &fields)) => {
            ("SG.1002", Some("The security group already has this rule.".to_owned()))
        }
        Ok(_) => ("SG.2000", None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_valid(rule: Value) -> bool {
        normalize(&object(rule)).is_ok()
    }

    #[test]
    fn ports_and_addresses_are_converted_to_ranges() {
        let rule = json!({
            "type": "Ingress", "protocol": "tcp", "startPort": 80, "endPort": 90, "allowedCidr": "10.0.0.0/8",
        });
        let fields = normalize(&object(rule)).ok().unwrap();
        assert_eq!((&fields["dstPortRange"], &fields["srcIpRange"]), (&json!("80-90"), &json!("10.0.0.0/8")));
        assert_eq!((&fields["action"], &fields["protocol"]), (&json!("ACCEPT"), &json!("TCP")));
    }

    #[test]
    fn fields_fit_the_direction_and_the_protocol() {
        for (rule, expected) in [
            (json!({"type": "Ingress", "protocol": "ALL"}), true),
            (json!({"type": "Sideways", "protocol": "ALL"}), false),
            (json!({"type": "Ingress", "protocol": "GRE"}), false),
            (json!({"type": "Ingress", "protocol": "TCP"}), false),
            (json!({"type": "Ingress", "protocol": "TCP", "dstPortRange": "80,443,8000-8100"}), true),
            (json!({"type": "Ingress", "protocol": "TCP", "dstPortRange": "90-80"}), false),
            (json!({"type": "Ingress", "protocol": "TCP", "dstPortRange": "1,2,3,4,5,6,7,8,9,10,11"}), false),
            (json!({"type": "Ingress", "protocol": "ICMP", "dstPortRange": "80"}), false),
            (json!({"type": "Ingress", "protocol": "ALL", "dstIpRange": "10.0.0.1"}), false),
            (json!({"type": "Egress", "protocol": "ALL", "dstIpRange": "10.0.0.1-10.0.0.9"}), true),
            (json!({"type": "Egress", "protocol": "ALL", "dstIpRange": "fd00::1"}), false),
            (json!({"type": "Egress", "protocol": "ALL", "dstIpRange": "fd00::1", "ipVersion": 6}), true),
            (
                json!({"type": "Egress", "protocol": "ALL", "dstIpRange": "10.0.0.1", "remoteSecurityGroupUuid": "g"}),
                false,
            ),
        ] {
            assert_eq!(is_valid(rule.clone()), expected, "{rule}");
        }
    }
}

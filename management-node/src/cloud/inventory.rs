//! Documents as inventories.

use std::net::IpAddr;

use jiff::tz::TimeZone;
use serde_json::{Map, Value};
use zstack_runtime::Timestamp;
use zstack_runtime::record::{Kind, Shape};

use crate::catalog::{Relation, Resource};
use crate::model::{Document, Moment, UsedIp};

/// The relations of a resource whose documents are part of its inventory, such as the rules of a
/// security group.
pub(crate) fn embedded_relations(resource: &Resource) -> impl Iterator<Item = &Relation> {
    resource.relations.iter().filter(|relation| relation.is_embedded)
}

/// Converts a document to the JSON of its inventory: without private fields, with times as texts.
pub(crate) fn to_inventory(mut document: Document, shape: &'static Shape, zone: &TimeZone) -> Value {
    document.fields.retain(|name, _| !name.starts_with('_'));
    compute(&mut document);
    let mut fields = document.fields;
    write_times(shape, &mut fields, zone);
    Value::Object(fields)
}

/// Adds fields that follow from others.
fn compute(document: &mut Document) {
    match document.base.as_str() {
        "UsedIp" => {
            let ip = document.text("ip").unwrap_or_default().to_owned();
            document.set("ipInLong", UsedIp::in_long(&ip));
            document.set("ipVersion", if ip.contains(':') { 6 } else { 4 });
            document.set("ipInBinary", ip.parse().ok().map(binary));
        }
        // An account is its own user.
        "AccessKey" => document.set("userUuid", document.text("accountUuid").map(str::to_owned)),
        "VmNic" => {
            // The fields of a NIC describe its first address.
            let first = document.fields.get("usedIps").and_then(|ips| ips.get(0)).cloned();
            let Some(first) = first else { return };
            for (field, of_address) in [
                ("usedIpUuid", "uuid"),
                ("ip", "ip"),
                ("netmask", "netmask"),
                ("gateway", "gateway"),
                ("ipVersion", "ipVersion"),
            ] {
                if let Some(value) = first.get(of_address) {
                    document.set(field, value.clone());
                }
            }
        }
        _ => {}
    }
}

/// Returns the bytes of an address as signed numbers, as Java does.
pub(crate) fn binary(ip: IpAddr) -> Vec<i32> {
    let signed = |byte: u8| i32::from(byte.cast_signed());
    match ip {
        IpAddr::V4(ip) => ip.octets().into_iter().map(signed).collect(),
        IpAddr::V6(ip) => ip.octets().into_iter().map(signed).collect(),
    }
}

/// Converts times from milliseconds to texts, at any depth.
fn write_times(shape: &'static Shape, fields: &mut Map<String, Value>, zone: &TimeZone) {
    for field in shape.fields {
        if let Some(value) = fields.get_mut(field.name) {
            write_time(field.kind, value, zone);
        }
    }
    // An extension has further times.
    for name in ["createDate", "lastOpDate"] {
        if let Some(value) = fields.get_mut(name) {
            write_time(Kind::Timestamp, value, zone);
        }
    }
}

fn write_time(kind: Kind, value: &mut Value, zone: &TimeZone) {
    match (kind, value) {
        (Kind::Timestamp, value) => {
            if let Some(millis) = value.as_i64() {
                let instant = Moment::from_millis(millis).instant();
                *value = Timestamp::from_instant(instant, zone).to_string().into();
            }
        }
        (Kind::List(kind), Value::Array(items)) => {
            items.iter_mut().for_each(|item| write_time(*kind, item, zone));
        }
        (Kind::Map(kind), Value::Object(entries)) => {
            entries.values_mut().for_each(|item| write_time(*kind, item, zone));
        }
        (Kind::Record(shape), Value::Object(fields)) => write_times(shape(), fields, zone),
        _ => {}
    }
}

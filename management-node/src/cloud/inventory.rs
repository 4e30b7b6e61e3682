//! Documents as inventories.

use std::net::IpAddr;
use std::sync::Arc;

use jiff::tz::TimeZone;
use zstack_dynamic::Dynamic;
use zstack_runtime::Timestamp;
use zstack_runtime::record::Shape;

use crate::addresses::in_long;
use crate::catalog::{Relation, Resource};
use crate::model::{Document, Moment};
use crate::rules::errors::{self, Verdict};

/// The fields of a NIC, and those of its first address, which they describe.
const OF_ADDRESS: [(&str, &str); 5] = [
    ("usedIpUuid", "uuid"),
    ("ip", "ip"),
    ("netmask", "netmask"),
    ("gateway", "gateway"),
    ("ipVersion", "ipVersion"),
];

/// The relations of a resource whose documents are part of its inventory, such as the rules of a
/// security group.
pub(crate) fn embedded_relations(resource: &Resource) -> impl Iterator<Item = &Relation> {
    resource.relations.iter().filter(|relation| relation.is_embedded)
}

/// Converts a document to its inventory, with the inventories of its parts by field.
pub(crate) fn to_inventory(
    document: &Document,
    shape: &'static Shape,
    zone: &TimeZone,
    parts: Vec<(&str, Vec<Arc<Dynamic>>)>,
) -> Verdict<Arc<Dynamic>> {
    let failed = |error: String| {
        let uuid = &document.uuid;
        tracing::error!(kind = document.kind, uuid, error, "the document does not fit its data type");
        errors::internal("The response could not be built; the log of the node has the cause.")
    };
    let build = || {
        let time = |millis| Timestamp::from_instant(Moment::from_millis(millis).instant(), zone);
        let mut inventory = Dynamic::from_stored(shape, &document.fields, &time)?;
        compute(document, &mut inventory)?;
        Ok(inventory)
    };
    let mut inventory = document.fields.inventory(shape, zone, build).map_err(failed)?;
    if !parts.is_empty() {
        let whole = Arc::make_mut(&mut inventory);
        for (field, records) in parts {
            whole.set_records(field, records);
        }
        if document.base == "VmNic" {
            whole.copy_from_first("usedIps", &OF_ADDRESS);
        }
    }
    Ok(inventory)
}

/// Sets fields that follow from others of the same document.
fn compute(document: &Document, inventory: &mut Dynamic) -> Result<(), String> {
    match document.base.as_str() {
        "UsedIp" => {
            let text = document.text("ip").unwrap_or_default();
            let ip: Option<IpAddr> = text.parse().ok();
            inventory.set("ipInLong", in_long(text).into())?;
            inventory.set("ipVersion", ip.map(|ip| if ip.is_ipv4() { 4 } else { 6 }).into())?;
            inventory.set("ipInBinary", ip.map(binary).into())
        }
        // An account is its own user.
        "AccessKey" => inventory.set("userUuid", document.text("accountUuid").into()),
        _ => Ok(()),
    }
}

/// Returns the bytes of an address as signed numbers, as Java does.
fn binary(ip: IpAddr) -> Vec<i32> {
    let signed = |byte: u8| i32::from(byte.cast_signed());
    match ip {
        IpAddr::V4(ip) => ip.octets().into_iter().map(signed).collect(),
        IpAddr::V6(ip) => ip.octets().into_iter().map(signed).collect(),
    }
}

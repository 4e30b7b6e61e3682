//! The references of a document that must not dangle.

use super::plan::Plans;
use super::texts;
use crate::catalog::{OnDelete, Resource};
use crate::model::{Document, DocumentEdit, Link, OWNER};

/// Fields that are lists of records, of which each refers to a document with this field. A record is
/// removed with its document.
pub(super) const RECORD_LISTS: [(&str, &str); 12] = [
    ("backupStorageRefs", "backupStorageUuid"),
    ("serverGroupRefs", "serverGroupUuid"),
    ("listenerServerGroupRefs", "listenerUuid"),
    ("vmNicRefs", "vmNicUuid"),
    ("aclRefs", "aclUuid"),
    ("aclRefs", "serverGroupUuid"),
    ("attachedRouterRefs", "virtualRouterVmUuid"),
    ("certificateRefs", "certificateUuid"),
    ("listeners", "listenerUuid"),
    ("policies", "policyUuid"),
    ("refs", "vRouterUuid"),
    ("vpcVrs", "vpcRouterUuid"),
];

/// Private fields that refer to documents without which the document is deleted: the VIP that has an
/// address, and the range from which the address of a VIP comes.
pub(super) const PRIVATE_LINKS: [&str; 2] = ["_vipUuid", "_ipRangeUuid"];

/// Replaces a document, with its references.
pub(crate) fn replace(plans: &Plans, document: Document) -> DocumentEdit {
    let links = links_of(plans, &document);
    DocumentEdit::Replace { document, links }
}

/// Returns the references of a document that must not dangle, by its resource.
pub(crate) fn links_of(plans: &Plans, document: &Document) -> Vec<Link> {
    plans.catalog.resource(&document.kind).map(|resource| links(resource, document)).unwrap_or_default()
}

/// Returns the references of a document that must not dangle: those that its resource declares, and
/// its account.
pub(crate) fn links(resource: &Resource, document: &Document) -> Vec<Link> {
    let mut links: Vec<_> = resource
        .references
        .iter()
        .filter(|reference| reference.on_delete != OnDelete::Keep)
        .flat_map(|reference| {
            texts(document.fields.get(&reference.field))
                .map(|target| Link { field: reference.field.clone(), target: target.to_owned() })
        })
        .chain(document.owner().map(|owner| Link { field: OWNER.to_owned(), target: owner.to_owned() }))
        .collect();
    links.extend(PRIVATE_LINKS.iter().filter_map(|field| {
        let target = document.text(field)?;
        Some(Link { field: (*field).to_owned(), target: target.to_owned() })
    }));
    for (field, key) in RECORD_LISTS {
        let records = document.fields.get(field).and_then(serde_json::Value::as_array);
        let targets = records.into_iter().flatten().filter_map(|record| record.get(key)?.as_str());
        links.extend(targets.map(|target| Link { field: field.to_owned(), target: target.to_owned() }));
    }
    links.sort();
    links.dedup();
    links
}

//! The fields of documents that a database keeps in columns, with indexes.

/// The fields that are columns of their own, whatever the resource.
pub const INDEXED: &[&str] = &[
    "name",
    "createDate",
    "state",
    "_account",
    "_shared",
    "accountUuid",
    "zoneUuid",
    "clusterUuid",
    "hostUuid",
    "imageUuid",
    "rootVolumeUuid",
    "rootImageUuid",
    "isoUuid",
    "vmInstanceUuid",
    "deviceId",
    "l3NetworkUuid",
    "primaryStorageUuid",
    "volumeUuid",
    "parentUuid",
    "vmNicUuid",
    "resourceUuid",
    "mac",
    "ip",
    "managementIp",
    "internalId",
    "AccessKeyID",
];

/// The SQL expression of a field of a document. Its name is an identifier.
#[must_use]
pub fn expression(field: &str) -> String {
    let is_column = field == "uuid" || INDEXED.contains(&field);
    if is_column { field.to_owned() } else { format!("(body ->> '{field}')") }
}

//! Comparison of data types in the official documents with the spec.
//!
//! The document of AttachIsoToVmInstance shows the types as of a release before 3.1.0, and the other
//! documents of operations on VM instances as of a later one. The rows have the columns of the
//! documents: name, type, starting version.

use std::collections::BTreeSet;

use camino::Utf8Path;
use zstack_model::load::load;
use zstack_model::{Documented, Field, Model, Source, TypeShape};

/// A table: the data type and its rows.
type Table = (&'static str, &'static [&'static str]);

const ERROR: Table = (
    "ErrorCode",
    &[
        "code String 0.6",
        "description String 0.6",
        "details String 0.6",
        "elaboration String 0.6",
        "opaque LinkedHashMap 0.6",
        "cause ErrorCode 0.6",
    ],
);

const VM_INSTANCE: Table = (
    "VmInstanceInventory",
    &[
        "uuid String 0.6",
        "name String 0.6",
        "description String 0.6",
        "zoneUuid String 0.6",
        "clusterUuid String 0.6",
        "imageUuid String 0.6",
        "hostUuid String 0.6",
        "lastHostUuid String 0.6",
        "instanceOfferingUuid String 0.6",
        "rootVolumeUuid String 0.6",
        "platform String 0.6",
        "defaultL3NetworkUuid String 0.6",
        "type String 0.6",
        "hypervisorType String 0.6",
        "memorySize Long 0.6",
        "cpuNum Integer 0.6",
        "cpuSpeed Long 0.6",
        "allocatorStrategy String 0.6",
        "createDate Timestamp 0.6",
        "lastOpDate Timestamp 0.6",
        "state String 0.6",
        "vmNics List 0.6",
        "allVolumes List 0.6",
    ],
);

const VOLUME: Table = (
    "VolumeInventory",
    &[
        "uuid String 0.6",
        "name String 0.6",
        "description String 0.6",
        "primaryStorageUuid String 0.6",
        "vmInstanceUuid String 0.6",
        "diskOfferingUuid String 0.6",
        "rootImageUuid String 0.6",
        "installPath String 0.6",
        "type String 0.6",
        "format String 0.6",
        "size Long 0.6",
        "actualSize Long 0.6",
        "deviceId Integer 0.6",
        "state String 0.6",
        "status String 0.6",
        "createDate Timestamp 0.6",
        "lastOpDate Timestamp 0.6",
        "isShareable Boolean 0.6",
    ],
);

/// The fields of a NIC in the document of AttachIsoToVmInstance.
const OLDER_NIC: Table = (
    "VmNicInventory",
    &[
        "uuid String 0.6",
        "vmInstanceUuid String 0.6",
        "l3NetworkUuid String 0.6",
        "ip String 0.6",
        "mac String 0.6",
        "netmask String 0.6",
        "gateway String 0.6",
        "metaData String 0.6",
        "deviceId Integer 0.6",
        "createDate Timestamp 0.6",
        "lastOpDate Timestamp 0.6",
    ],
);

const NIC: Table = (
    "VmNicInventory",
    &[
        "uuid String 0.6",
        "vmInstanceUuid String 0.6",
        "l3NetworkUuid String 0.6",
        "ip String 0.6",
        "mac String 0.6",
        "netmask String 0.6",
        "gateway String 0.6",
        "metaData String 0.6",
        "ipVersion Integer 3.1.0",
        "deviceId Integer 0.6",
        "createDate Timestamp 0.6",
        "lastOpDate Timestamp 0.6",
        // The spec says 3.1.0: the older document has no such row.
        "usedIps List 0.6",
    ],
);

const USED_IP: Table = (
    "UsedIpInventory",
    &[
        "uuid String 0.6",
        "ipRangeUuid String 0.6",
        "l3NetworkUuid String 0.6",
        "ipVersion Integer 3.1.0",
        "ip String 0.6",
        "netmask String 0.6",
        "gateway String 0.6",
        "usedFor String 0.6",
        "ipInLong long 0.6",
        "vmNicUuid String 3.1.0",
        "createDate Timestamp 0.6",
        "lastOpDate Timestamp 0.6",
    ],
);

/// Fields that the documents show only in samples.
const ONLY_IN_SAMPLES: [(&str, &str); 2] =
    [("VmNicInventory", "usedIpUuid"), ("VmNicInventory", "hypervisorType")];

fn platform() -> Model {
    let dir = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("../spec");
    load(&dir).unwrap_or_else(|problems| panic!("{problems}"))
}

/// Formats a field like a row of a document.
fn row(field: &Field) -> String {
    let documented = field.documented.clone().unwrap_or_default();
    let Documented { ty, since, .. } = documented;
    let ty = ty.unwrap_or_else(|| field.ty.to_string());
    format!("{} {ty} {}", field.name, since.unwrap_or_else(|| field.since.to_string()))
}

/// Returns the rows of all records that a response refers to through documented fields.
fn tables(model: &Model, operation: &str) -> Vec<(String, Vec<String>)> {
    let operation = model.operations.iter().find(|candidate| candidate.name == operation).unwrap();
    let mut open: Vec<&Field> = model.service.envelope.iter().chain(&operation.response).collect();
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    while let Some(field) = open.pop() {
        let Some(ty) = field.ty.data_type_name().and_then(|name| model.data_type(name)) else { continue };
        if matches!(ty.shape, TypeShape::Enum { .. }) || !seen.insert(&ty.name) {
            continue;
        }
        let mut fields = model.fields(ty);
        fields.retain(|field| field.source == Source::Document);
        fields.retain(|field| !ONLY_IN_SAMPLES.contains(&(&ty.name, &field.name)));
        found.push((ty.name.clone(), fields.iter().map(|field| row(field)).collect()));
        open.extend(fields);
    }
    found.sort();
    found
}

fn expected_rows(tables: &[Table]) -> Vec<(String, Vec<String>)> {
    let owned = |rows: &[&str]| rows.iter().map(|&row| row.to_owned()).collect();
    let mut tables: Vec<_> = tables.iter().map(|(name, rows)| ((*name).to_owned(), owned(rows))).collect();
    tables.sort();
    tables
}

#[test]
fn slices_before_3_1_0_match_the_older_document() {
    let platform = platform();
    for version in ["0.6", "2.3.1", "3.0.0", "3.0.65535"] {
        let slice = platform.at(&version.parse().unwrap());
        let found = tables(&slice, "AttachIsoToVmInstance");
        assert_eq!(found, expected_rows(&[ERROR, VM_INSTANCE, OLDER_NIC, VOLUME]), "at {version}");
    }
}

#[test]
fn slices_from_3_1_0_match_the_other_documents() {
    let platform = platform();
    let newest = &platform.service.releases.last().unwrap().version;
    for version in [&"3.1.0".parse().unwrap(), newest] {
        let slice = platform.at(version);
        for operation in ["DetachIsoFromVmInstance", "GetCandidateVmForAttachingIso", "ReimageVmInstance"] {
            let found = tables(&slice, operation);
            let all = [ERROR, VM_INSTANCE, NIC, USED_IP, VOLUME];
            assert_eq!(found, expected_rows(&all), "{operation} at {version}");
        }
    }
}

#[test]
fn fields_of_samples_are_marked_as_documented() {
    let platform = platform();
    for (ty, field) in ONLY_IN_SAMPLES {
        let fields = platform.data_type(ty).unwrap().own_fields();
        assert!(
            fields.iter().any(|candidate| candidate.name == field && candidate.source == Source::Document),
            "{ty}.{field}"
        );
    }
}

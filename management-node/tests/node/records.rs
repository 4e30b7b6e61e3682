//! The documents of a store as records, whose fields have types.

mod image;
mod infrastructure;
mod storage;
mod vm;
mod volume;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use zstack_node::model::{
    Document, Edit, Enabled, Existing, IpRange, Link, LoadedDocument, Moment, Uuid, Word,
};
use zstack_node::store::Store;
use zstack_node::uuids;

pub(crate) use image::{BackupStorageRef, Image, ImageCache, ImageFormat, ImageInfo, ImageStatus, MediaType};
pub(crate) use infrastructure::{
    Architecture, Cluster, Connection, Host, Hypervisor, L3Network, Platform, Zone,
};
pub(crate) use storage::{
    AttachedBackupStorage, BackupStorage, BackupStorageKind, PrimaryStorage, PrimaryStorageCluster,
    PrimaryStorageKind,
};
pub(crate) use vm::{CdRom, UsedIp, Vm, VmInstance, VmNic, VmState};
pub(crate) use volume::{Volume, VolumeFormat, VolumeKind, VolumeSnapshot, VolumeStatus};

/// A record that can be stored as a document.
pub(crate) trait Record: Serialize {
    /// The resource.
    const KIND: &'static str;

    /// The fields with references.
    const LINKS: &'static [&'static str];

    /// The values of fields that the record lacks.
    fn constants() -> Value {
        json!({})
    }

    /// The UUID, if it is not a field.
    fn uuid(&self) -> Option<Uuid> {
        None
    }
}

macro_rules! records {
    ($($name:ident = $kind:literal [$($link:literal),*] $constants:tt;)+) => {$(
        impl Record for $name {
            const KIND: &'static str = $kind;
            const LINKS: &'static [&'static str] = &[$($link),*];

            fn constants() -> Value {
                json!($constants)
            }
        }
    )+};
}

records! {
    Zone = "Zone" [] {"state": "Enabled", "type": "zstack"};
    Cluster = "Cluster" ["zoneUuid"] {"state": "Enabled", "type": "zstack"};
    Host = "Host" ["clusterUuid"] {"state": "Enabled"};
    PrimaryStorage = "PrimaryStorage" ["zoneUuid"] {"state": "Enabled"};
    BackupStorage = "BackupStorage" [] {"state": "Enabled"};
    L3Network = "L3Network" ["zoneUuid"]
        {"state": "Enabled", "type": "L3BasicNetwork", "category": "Private", "system": false, "ipVersion": 4};
    IpRange = "IpRange" ["l3NetworkUuid"] {};
    ImageInfo = "Image" ["_account"] {"type": "zstack"};
    VmInstance = "VmInstance" [
        "_account", "zoneUuid", "clusterUuid", "hostUuid", "lastHostUuid", "instanceOfferingUuid",
        "defaultL3NetworkUuid"
    ] {"type": "UserVm", "cpuSpeed": 0};
    Volume = "Volume" ["_account", "primaryStorageUuid", "vmInstanceUuid"] {};
    VmNic = "VmNic" ["vmInstanceUuid", "l3NetworkUuid"] {"type": "VNIC", "state": "enable"};
    UsedIp = "UsedIp" ["vmNicUuid", "ipRangeUuid", "l3NetworkUuid"] {};
    CdRom = "VmCdRom" ["vmInstanceUuid"] {};
}

impl Record for ImageCache {
    const KIND: &'static str = "ImageCache";
    const LINKS: &'static [&'static str] = &["primaryStorageUuid"];

    fn uuid(&self) -> Option<Uuid> {
        Some(uuids::from_name(&format!("{}/{}", self.image_uuid, self.primary_storage_uuid)))
    }
}

/// An edit that stores a record.
pub(crate) fn put<R: Record>(record: R) -> Edit {
    put_with(&record, "", &[], "")
}

/// An edit that stores a record with a list: of UUIDs, or of records with a UUID in a field.
pub(crate) fn put_with<R: Record>(record: &R, list: &str, items: &[Value], field: &str) -> Edit {
    let mut fields = R::constants();
    let Value::Object(own) = serde_json::to_value(record).unwrap() else { panic!("not an object") };
    for (field, value) in own.into_iter().filter(|(_, value)| !value.is_null()) {
        fields[field.as_str()] = value;
    }
    let link = |field: &str, target: &Value| {
        Some(Link { field: field.to_owned(), target: target.as_str()?.to_owned() })
    };
    let mut links: Vec<_> = R::LINKS.iter().filter_map(|field| link(field, &fields[*field])).collect();
    if !list.is_empty() {
        links.extend(items.iter().filter_map(|item| link(list, item.get(field).unwrap_or(item))));
        fields[list] = items.into();
    }
    Edit::Load(vec![LoadedDocument {
        uuid: record.uuid().unwrap_or_else(|| fields["uuid"].as_str().unwrap().to_owned()),
        kind: R::KIND,
        base: R::KIND,
        label: R::KIND,
        body: fields.to_string(),
        links,
        existing: Existing::Replace,
    }])
}

/// Reads a document as a record.
pub(crate) fn read<T: DeserializeOwned>(document: &Document) -> T {
    serde_json::from_value(Value::Object((*document.fields).clone())).unwrap()
}

/// Loads a record.
pub(crate) async fn find<T: DeserializeOwned>(store: &impl Store, uuid: &str) -> Option<T> {
    store.documents(&[uuid.to_owned()]).await.unwrap().first().map(read)
}

/// Loads the record of a VM instance.
pub(crate) async fn instance(store: &impl Store, uuid: &str) -> VmInstance {
    find(store, uuid).await.unwrap()
}

/// Loads the revision of a document.
pub(crate) async fn revision(store: &impl Store, uuid: &str) -> i64 {
    store.documents(&[uuid.to_owned()]).await.unwrap()[0].revision
}

/// Loads the documents of a kind that refer to one.
async fn holders(store: &impl Store, uuid: &str, kind: &str) -> Vec<Document> {
    let holders = store.holders(&[uuid.to_owned()]).await.unwrap();
    let mut found: Vec<_> = holders.into_iter().map(|holder| holder.document).collect();
    found.retain(|document| document.kind == kind);
    found.sort_by_key(|document| (document.number("deviceId"), document.text("ip").map(str::to_owned)));
    found
}

/// Loads a VM instance with its parts.
pub(crate) async fn vm(store: &impl Store, uuid: &str) -> Option<Vm> {
    let instance: VmInstance = find(store, uuid).await?;
    let parts = async |kind| holders(store, uuid, kind).await;
    let nics: Vec<VmNic> = parts("VmNic").await.iter().map(read).collect();
    let mut ips: Vec<UsedIp> = Vec::new();
    for nic in &nics {
        ips.extend(holders(store, &nic.uuid, "UsedIp").await.iter().map(read::<UsedIp>));
    }
    let volumes: Vec<Volume> = parts("Volume").await.iter().map(read).collect();
    let cd_roms: Vec<CdRom> = parts("VmCdRom").await.iter().map(read).collect();
    Some(Vm { revision: revision(store, uuid).await, instance, nics, ips, volumes, cd_roms })
}

/// Checks that cached documents agree with those in the file. Documents of a kind are always read from
/// the file.
pub(crate) async fn check_caches(store: &impl Store) {
    for base in ["VmInstance", "VmNic", "UsedIp", "Volume", "VmCdRom", "Image", "PrimaryStorage"] {
        for document in store.documents_of(base).await.unwrap() {
            let uuids = [document.uuid.clone()];
            assert_eq!(store.documents(&uuids).await.unwrap(), [document]);
            for field in ["vmInstanceUuid", "vmNicUuid", "isoUuid", "primaryStorageUuid"] {
                let holders = store.holders(&uuids).await.unwrap();
                let cached = holders.iter().filter(|holder| holder.link.field == field).count();
                let counted = store.count_holders(&uuids, field).await.unwrap()[0];
                assert_eq!(i64::try_from(cached).unwrap(), counted, "{field} {uuids:?}");
            }
        }
    }
}

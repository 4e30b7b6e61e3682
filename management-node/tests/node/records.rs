//! The documents of a store as records, whose fields have types.

use serde::de::DeserializeOwned;
use serde_json::Value;
use zstack_node::model::{CdRom, Document, UsedIp, Vm, VmInstance, VmNic, Volume};
use zstack_node::store::Store;

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

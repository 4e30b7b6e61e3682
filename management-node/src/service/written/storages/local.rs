//! Volumes on the disks of hosts: on a local storage, or mounted by a host.

use serde_json::{Value, json};

use super::primary::object;
use super::trash;
use super::volumes::host_of;
use crate::cloud::volumes::{MOUNTED, check_data, check_field, check_unmounted};
use crate::model::Document;
use crate::rules::errors;
use crate::service::Failure;
use crate::service::written::{Answer, Context, Done};
use crate::store::Store;

/// The kind of the documents with the hosts of volumes.
const PLACE: &str = "LocalStorageResourceRef";

fn refuse_argument(details: String) -> Failure {
    errors::invalid_argument(details).into()
}

/// A volume on a local storage.
struct LocalVolume {
    volume: Document,
    storage: Document,
    vm: Option<Document>,
    /// The host whose disks it is on.
    host: String,
}

impl LocalVolume {
    async fn load<S: Store>(context: &Context<'_, S>) -> Result<Self, Failure> {
        let volume = context.target_of("volumeUuid", "volume")?;
        let storage = context.load(volume.text("primaryStorageUuid").unwrap_or_default()).await?;
        let storage = storage.filter(|storage| storage.text("type") == Some("LocalStorage"));
        let vm = context.load(volume.text("vmInstanceUuid").unwrap_or_default()).await?;
        let host = match host_of(context, &volume.uuid).await? {
            Some(host) => Some(host),
            // The host of a volume without a record is that of its last VM instance.
            None => {
                let last = volume.text("vmInstanceUuid").or_else(|| volume.text("lastVmInstanceUuid"));
                let last = context.load(last.unwrap_or_default()).await?;
                let host =
                    last.as_ref().and_then(|vm| vm.text("hostUuid").or_else(|| vm.text("lastHostUuid")));
                host.map(str::to_owned)
            }
        };
        match (storage, host) {
            (Some(storage), Some(host)) => Ok(Self { volume, storage, vm, host }),
            _ => Err(refuse_argument(format!(
                "[volumeUuid] names the volume [uuid:{}], which is not on a local storage; choose one that is.",
                volume.uuid
            ))),
        }
    }

    /// The hosts to which it can be moved.
    async fn targets<S: Store>(&self, context: &Context<'_, S>) -> Result<Vec<Document>, Failure> {
        let mut hosts = context.node.store.documents_of("Host").await?;
        hosts.retain(|host| {
            let cluster = host.text("clusterUuid");
            host.uuid != self.host
                && self.storage.texts("attachedClusterUuids").any(|attached| Some(attached) == cluster)
                && host.text("status") == Some("Connected")
                && host.text("state").is_none_or(|state| state == "Enabled")
        });
        Ok(hosts)
    }

    /// Checks that it can be moved: a data volume is detached, and the VM instance of a root volume is
    /// stopped and has no other disks.
    async fn check<S: Store>(&self, context: &Context<'_, S>) -> Result<(), Failure> {
        check_field("volume", &self.volume, "status", &["Ready"]).map_err(as_argument)?;
        check_field("primary storage", &self.storage, "state", &["Enabled"]).map_err(as_argument)?;
        let Some(vm) = &self.vm else { return Ok(()) };
        if self.volume.text("type") == Some("Data") {
            return Err(refuse_argument(format!(
                "[volumeUuid] names the volume [uuid:{}], which is attached to the VM instance [uuid:{}]; detach it \
                 first.",
                self.volume.uuid, vm.uuid
            )));
        }
        check_field("VM instance", vm, "state", &["Stopped"])?;
        let parts = context.holders(&vm.uuid, "vmInstanceUuid").await?;
        let is_obstacle = |part: &&Document| match &*part.base {
            "Volume" => part.uuid != self.volume.uuid,
            "VmCdRom" => part.text("isoUuid").is_some(),
            _ => false,
        };
        match parts.iter().find(is_obstacle) {
            Some(part) => Err(errors::operation_failed(format!(
                "The VM instance [uuid:{}] has a data volume or an ISO in its drive [uuid:{}]; detach it first.",
                vm.uuid, part.uuid
            ))
            .into()),
            None => Ok(()),
        }
    }
}

fn as_argument(error: Box<zstack_runtime::ErrorCode>) -> Failure {
    refuse_argument(error.details.unwrap_or_default())
}

/// LocalStorageMigrateVolume.
pub(super) async fn migrate<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let mut found = LocalVolume::load(context).await?;
    let host = context.target_of("destHostUuid", "host")?;
    if host.uuid == found.host {
        return Err(refuse_argument(format!(
            "[destHostUuid] names the host [uuid:{}], on which the volume is already; choose another one.",
            host.uuid
        )));
    }
    if !found.targets(context).await?.iter().any(|target| target.uuid == host.uuid) {
        return Err(refuse_argument(format!(
            "[destHostUuid] names the host [uuid:{}], which is not Enabled and Connected, or does not have the primary \
             storage [uuid:{}]; choose another one.",
            host.uuid, found.storage.uuid
        )));
    }
    found.check(context).await?;
    trash::add(context, &mut found.storage, &found.volume, "MigrateVolume", Some(&found.host));
    let mut edits = vec![context.replace(found.storage.clone())];
    edits.extend(found.vm.as_ref().map(|vm| context.guard(vm)));
    let places = context.holders(&found.volume.uuid, "resourceUuid").await?;
    let place = match places.into_iter().find(|place| place.kind == PLACE) {
        Some(mut place) => {
            place.set("hostUuid", host.uuid);
            edits.push(context.replace(place.clone()));
            place
        }
        None => {
            let fields = json!({
                "resourceUuid": found.volume.uuid, "primaryStorageUuid": found.storage.uuid,
                "hostUuid": host.uuid, "size": found.volume.number("size"), "resourceType": "VolumeVO",
            });
            let (place, edit) = context.new_document(PLACE, object(fields))?;
            edits.push(edit);
            place
        }
    };
    Ok(Done::with_document(place, edits))
}

/// LocalStorageGetVolumeMigratableHosts.
pub(super) async fn migration_hosts<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let hosts = LocalVolume::load(context).await?.targets(context).await?;
    Ok(Done { answer: Answer::Documents(hosts), ..Done::default() })
}

/// AttachDataVolumeToHost.
pub(super) fn mount<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let mut volume = context.target_of("volumeUuid", "volume")?;
    let host = context.target_of("hostUuid", "host")?;
    let path = context.text("mountPath").unwrap_or_default();
    if !path.starts_with('/') {
        return Err(refuse_argument(format!(
            "[mountPath] is `{path}`, which is not an absolute path; write one such as `/mnt/volume`."
        )));
    }
    check_data(&volume)?;
    check_field("volume", &volume, "state", &["Enabled"])?;
    check_field("volume", &volume, "status", &["Ready"])?;
    check_field("host", &host, "status", &["Connected"])?;
    check_unmounted(&volume)?;
    if let Some(vm) = volume.text("vmInstanceUuid") {
        return Err(errors::operation_failed(format!(
            "The volume [uuid:{}] is attached to the VM instance [uuid:{vm}]; detach it first.",
            volume.uuid
        ))
        .into());
    }
    volume.set(MOUNTED, host.uuid);
    Ok(context.finish_change(volume))
}

/// DetachDataVolumeFromHost.
pub(super) fn unmount<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let mut volume = context.target_of("volumeUuid", "volume")?;
    let host = volume.text(MOUNTED);
    if host.is_none() || context.text("hostUuid").is_some_and(|named| Some(named) != host) {
        return Err(errors::operation_failed(format!(
            "The volume [uuid:{}] is not mounted on the host; attach it with AttachDataVolumeToHost first.",
            volume.uuid
        ))
        .into());
    }
    volume.set(MOUNTED, Value::Null);
    Ok(context.finish_change(volume))
}

//! Volumes and their attachment to VM instances.

use serde_json::Value;

use crate::model::{Document, Moment, OWNER};
use crate::rules::errors::{self, Verdict};

/// The maximum number of data volumes of a VM instance.
const MAX_DATA_VOLUMES: usize = 24;

/// The states of a VM instance to which a volume can be attached.
pub(crate) const ATTACHABLE: [&str; 3] = ["Running", "Stopped", "Paused"];

/// The private field with the host on which a volume is mounted.
pub(crate) const MOUNTED: &str = "_mountedOn";

fn refuse<T>(details: String) -> Verdict<T> {
    Err(errors::operation_failed(details))
}

/// Puts a volume on a storage.
pub(crate) fn instantiate(volume: &mut Document, storage: &Document) {
    let uuid = &volume.uuid;
    let is_ceph = storage.text("type") == Some("Ceph");
    let format = if is_ceph { "raw" } else { "qcow2" };
    let path = match storage.text("type") {
        Some("Ceph") => format!("ceph://{}/{uuid}", storage.text("dataVolumePoolName").unwrap_or_default()),
        Some("SharedBlock") => format!("sharedblock://{}/{uuid}", storage.uuid),
        kind => {
            let mounted = storage.text("mountPath").filter(|_| kind == Some("NFS"));
            let base = mounted.or_else(|| storage.text("url")).unwrap_or_default().trim_end_matches('/');
            let account = volume.text(OWNER).unwrap_or_default();
            format!("{base}/dataVolumes/acct-{account}/vol-{uuid}/{uuid}.qcow2")
        }
    };
    volume.set("primaryStorageUuid", storage.uuid.clone());
    volume.set("installPath", path);
    volume.set("format", format);
    volume.set("status", "Ready");
    let size = volume.number("size").unwrap_or(0);
    volume.set("actualSize", volume.number("actualSize").filter(|size| *size > 0).unwrap_or(size));
}

/// Requires a data volume.
pub(crate) fn check_data(volume: &Document) -> Verdict<()> {
    match volume.text("type") {
        Some("Data") => Ok(()),
        other => refuse(format!(
            "The volume [uuid:{}] has the type {}; the operation is only for data volumes.",
            volume.uuid,
            other.unwrap_or_default()
        )),
    }
}

/// Refuses an operation on a volume that a host has mounted.
pub(crate) fn check_unmounted(volume: &Document) -> Verdict<()> {
    match volume.text(MOUNTED) {
        Some(host) => Err(errors::invalid_argument(format!(
            "The volume [uuid:{}] is mounted on the host [uuid:{host}]; detach it first.",
            volume.uuid
        ))),
        None => Ok(()),
    }
}

/// Requires that a field has one of these values.
pub(crate) fn check_field(label: &str, document: &Document, field: &str, allowed: &[&str]) -> Verdict<()> {
    let present = document.text(field).unwrap_or_default();
    if allowed.contains(&present) {
        return Ok(());
    }
    refuse(format!("The {label} [uuid:{}] is {present}; it must be {}.", document.uuid, allowed.join(" or ")))
}

/// A volume and the VM instance to which it is to be attached.
pub(crate) struct Attachment<'a> {
    pub(crate) volume: &'a Document,
    pub(crate) vm: &'a Document,
    /// The volumes of the VM instance.
    pub(crate) present: &'a [&'a Document],
    /// The storage of the volume, if it is on one.
    pub(crate) storage: Option<&'a Document>,
    /// The host that has the volume, if it is on local disks.
    pub(crate) volume_host: Option<&'a str>,
    /// The host that has the root volume of the VM instance, or that runs it.
    pub(crate) vm_host: Option<&'a str>,
}

impl Attachment<'_> {
    /// Checks that the volume can be attached.
    pub(crate) fn check(&self) -> Verdict<()> {
        let Self { volume, vm, present, storage, volume_host, vm_host } = self;
        if vm.text("platform") == Some("Other") && vm.text("state") != Some("Stopped") {
            return refuse(format!(
                "The VM instance [uuid:{}] has the platform Other, which does not notice new disks; stop it first.",
                vm.uuid
            ));
        }
        check_data(volume)?;
        check_field("volume", volume, "state", &["Enabled"])?;
        check_field("volume", volume, "status", &["Ready", "NotInstantiated"])?;
        if let Some(other) = volume.text("vmInstanceUuid") {
            return refuse(format!(
                "The volume [uuid:{}] is already attached to the VM instance [uuid:{other}]; detach it first.",
                volume.uuid
            ));
        }
        if let Some(storage) = storage {
            let cluster = vm.text("clusterUuid");
            if !storage.texts("attachedClusterUuids").any(|attached| Some(attached) == cluster) {
                return refuse(format!(
                    "The volume [uuid:{}] is on the primary storage [uuid:{}], which is not attached to the cluster of \
                     the VM instance [uuid:{}].",
                    volume.uuid, storage.uuid, vm.uuid
                ));
            }
            check_field("primary storage", storage, "state", &["Enabled", "Disabled"])?;
            check_field("primary storage", storage, "status", &["Connected"])?;
        }
        if let (Some(volume_host), Some(vm_host)) = (volume_host, vm_host)
            && volume_host != vm_host
        {
            return refuse(format!(
                "The volume [uuid:{}] is on the disks of the host [uuid:{volume_host}], but the VM instance [uuid:{}] \
                 is on [uuid:{vm_host}]; migrate one of them.",
                volume.uuid, vm.uuid
            ));
        }
        if !ATTACHABLE.contains(&vm.text("state").unwrap_or_default()) {
            return Err(errors::attach_volume_failed(
                &volume.uuid,
                &vm.uuid,
                vm.text("state").unwrap_or_default(),
                &ATTACHABLE,
            ));
        }
        let data = present.iter().filter(|volume| volume.text("type") == Some("Data"));
        if data.count() >= MAX_DATA_VOLUMES {
            return refuse(format!(
                "The VM instance [uuid:{}] has {MAX_DATA_VOLUMES} data volumes, the maximum; detach one first.",
                vm.uuid
            ));
        }
        Ok(())
    }

    /// The lowest free device ID. The root volume has 0.
    pub(crate) fn device_id(&self) -> i64 {
        let used: Vec<_> = self.present.iter().filter_map(|volume| volume.number("deviceId")).collect();
        (1..).find(|id| !used.contains(id)).unwrap_or_default()
    }
}

/// Attaches a volume.
pub(crate) fn attach(volume: &mut Document, vm_uuid: &str, device_id: i64, now: Moment) {
    volume.set("vmInstanceUuid", vm_uuid);
    volume.set("deviceId", device_id);
    volume.set("lastAttachDate", now.millis());
}

/// Detaches a volume, if it is attached.
pub(crate) fn detach(volume: &mut Document, now: Moment) {
    let Some(vm) = volume.text("vmInstanceUuid").map(str::to_owned) else { return };
    volume.set("vmInstanceUuid", Value::Null);
    volume.set("deviceId", Value::Null);
    volume.set("lastVmInstanceUuid", vm);
    volume.set("lastDetachDate", now.millis());
}

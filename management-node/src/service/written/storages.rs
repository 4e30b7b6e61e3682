//! Storages, images, volumes and snapshots.

mod attachment;
mod backup;
mod capacity;
mod ceph;
mod groups;
mod image_files;
mod images;
mod local;
mod primary;
mod qos;
mod schedules;
mod snapshots;
mod templates;
mod trash;
mod volumes;

pub(super) use self::capacity::answer;
pub(super) use self::primary::object;
pub(super) use self::snapshots::take_from as take_snapshot;
use super::{Context, Done, missing};
use crate::cloud::plan::Written;
use crate::service::Failure;
use crate::store::Store;

/// The operations.
pub(super) const OPERATIONS: &[Written] = &[
    Written::admin("AddLocalPrimaryStorage", "PrimaryStorage"),
    Written::admin("AddNfsPrimaryStorage", "PrimaryStorage"),
    Written::admin("AddSharedMountPointPrimaryStorage", "PrimaryStorage"),
    Written::admin("AddSharedBlockGroupPrimaryStorage", "SharedBlockGroupPrimaryStorage"),
    Written::admin("AddCephPrimaryStorage", "CephPrimaryStorage"),
    Written::admin("DiscoverExternalPrimaryStorage", "ExternalPrimaryStorage"),
    Written::admin("AttachPrimaryStorageToCluster", "PrimaryStorage"),
    Written::admin("DetachPrimaryStorageFromCluster", "PrimaryStorage"),
    Written::admin("ChangePrimaryStorageState", "PrimaryStorage"),
    Written::admin("DeletePrimaryStorage", "PrimaryStorage").missing_is_success(),
    Written::admin("GetPrimaryStorageCapacity", "PrimaryStorage"),
    Written::admin("AddSftpBackupStorage", "SftpBackupStorage"),
    Written::admin("AddImageStoreBackupStorage", "ImageStoreBackupStorage"),
    Written::admin("AddCephBackupStorage", "CephBackupStorage"),
    Written::admin("AttachBackupStorageToZone", "BackupStorage"),
    Written::admin("DetachBackupStorageFromZone", "BackupStorage"),
    Written::admin("DeleteBackupStorage", "BackupStorage").missing_is_success(),
    Written::admin("GetBackupStorageCapacity", "BackupStorage"),
    Written::normal("AddImage", "Image"),
    Written::normal("DeleteImage", "Image").missing_is_success(),
    Written::normal("RecoverImage", "Image"),
    Written::normal("ExpungeImage", "Image"),
    Written::normal("SetImageBootMode", "Image"),
    Written::normal("CreateDataVolume", "Volume"),
    Written::normal("CreateDataVolumeFromVolumeTemplate", "Volume"),
    Written::normal("CreateDataVolumeFromVolumeSnapshot", "Volume"),
    Written::normal("AttachDataVolumeToVm", "Volume"),
    Written::normal("DetachDataVolumeFromVm", "Volume"),
    Written::normal("DeleteDataVolume", "Volume").missing_is_success(),
    Written::normal("RecoverDataVolume", "Volume"),
    Written::normal("ExpungeDataVolume", "Volume"),
    Written::normal("ResizeDataVolume", "Volume"),
    Written::normal("ResizeRootVolume", "Volume"),
    Written::normal("ChangeVolumeState", "Volume"),
    Written::normal("GetDataVolumeAttachableVm", "VmInstance"),
    Written::normal("GetVmAttachableDataVolume", "Volume"),
    Written::normal("CreateVolumeSnapshot", "VolumeSnapshot"),
    Written::normal("DeleteVolumeSnapshot", "VolumeSnapshot").missing_is_success(),
    Written::normal("BatchDeleteVolumeSnapshot", "VolumeSnapshot"),
    Written::normal("RevertVolumeFromSnapshot", "VolumeSnapshot"),
    Written::normal("GetVolumeSnapshotSize", "VolumeSnapshot"),
    Written::normal("CreateVolumeSnapshotGroup", "VolumeSnapshotGroup"),
    Written::normal("DeleteVolumeSnapshotGroup", "VolumeSnapshotGroup").missing_is_success(),
    Written::normal("UngroupVolumeSnapshotGroup", "VolumeSnapshotGroup").missing_is_success(),
    Written::normal("RevertVmFromSnapshotGroup", "VolumeSnapshotGroup"),
    Written::normal("CheckVolumeSnapshotGroupAvailability", "VolumeSnapshotGroup"),
    Written::normal("GetMemorySnapshotGroupReference", "VolumeSnapshotGroup"),
    Written::normal("UndoSnapshotCreation", "Volume"),
    Written::normal("CreateVolumeSnapshotScheduler", "SchedulerJob"),
    Written::normal("ShrinkVolumeSnapshot", "VolumeSnapshot"),
    Written::normal("CreateRootVolumeTemplateFromRootVolume", "Image"),
    Written::normal("CreateRootVolumeTemplateFromVolumeSnapshot", "Image"),
    Written::normal("CreateDataVolumeTemplateFromVolume", "Image"),
    Written::normal("CreateDataVolumeTemplateFromVolumeSnapshot", "Image"),
    Written::normal("GetBackupStorageForCreatingImageFromVolume", "BackupStorage"),
    Written::normal("GetBackupStorageForCreatingImageFromVolumeSnapshot", "BackupStorage"),
    Written::normal("GetCandidateBackupStorageForCreatingImage", "BackupStorage"),
    Written::normal("SetVolumeQos", "Volume"),
    Written::normal("GetVolumeQos", "Volume"),
    Written::normal("DeleteVolumeQos", "Volume"),
    Written::admin("BatchSyncVolumeSize", "Volume"),
    Written::admin("AttachDataVolumeToHost", "Volume"),
    Written::admin("DetachDataVolumeFromHost", "Volume"),
    Written::admin("LocalStorageMigrateVolume", "LocalStorageResourceRef"),
    Written::admin("LocalStorageGetVolumeMigratableHosts", "Host"),
    Written::normal("ExportImageFromBackupStorage", "Image"),
    Written::normal("DeleteExportedImageFromBackupStorage", "Image"),
    Written::normal("CalculateImageHash", "Image"),
    Written::normal("SyncImageFromImageStoreBackupStorage", "Image"),
    Written::normal("RecoveryImageFromImageStoreBackupStorage", "Image"),
    Written::admin("CleanUpImageCacheOnPrimaryStorage", "PrimaryStorage"),
    Written::admin("CleanUpTrashOnPrimaryStorage", "PrimaryStorage"),
    Written::admin("GetTrashOnPrimaryStorage", "PrimaryStorage"),
    Written::admin("GetPrimaryStorageUsageReport", "PrimaryStorage"),
    Written::admin("AddMonToCephPrimaryStorage", "CephPrimaryStorage"),
    Written::admin("RemoveMonFromCephPrimaryStorage", "CephPrimaryStorage"),
    Written::admin("AddMonToCephBackupStorage", "CephBackupStorage"),
    Written::admin("RemoveMonFromCephBackupStorage", "CephBackupStorage"),
];

/// Performs an operation.
pub(super) async fn perform<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    match context.plan.operation.name {
        "AddLocalPrimaryStorage" => primary::add_folder(context, "LocalStorage").await,
        "AddSharedMountPointPrimaryStorage" => primary::add_folder(context, "SharedMountPoint").await,
        "AddNfsPrimaryStorage" => primary::add_nfs(context).await,
        "AddSharedBlockGroupPrimaryStorage" => primary::add_shared_blocks(context).await,
        "AddCephPrimaryStorage" => ceph::add_primary(context).await,
        "DiscoverExternalPrimaryStorage" => primary::discover(context),
        "AttachPrimaryStorageToCluster" => primary::attach(context).await,
        "DetachPrimaryStorageFromCluster" => primary::detach(context).await,
        "ChangePrimaryStorageState" => primary::change_state(context).await,
        "DeletePrimaryStorage" => primary::delete(context).await,
        "GetPrimaryStorageCapacity" => capacity::of_primary(context).await,
        "AddSftpBackupStorage" | "AddImageStoreBackupStorage" => backup::add(context).await,
        "AddCephBackupStorage" => ceph::add_backup(context).await,
        "AttachBackupStorageToZone" => backup::attach(context),
        "DetachBackupStorageFromZone" => backup::detach(context),
        "DeleteBackupStorage" => backup::delete(context).await,
        "GetBackupStorageCapacity" => capacity::of_backup(context).await,
        "AddImage" => images::add(context).await,
        "DeleteImage" => images::delete(context).await,
        "RecoverImage" => images::recover(context),
        "ExpungeImage" => images::expunge(context).await,
        "SetImageBootMode" => images::set_boot_mode(context).await,
        "CreateDataVolume" => volumes::create(context).await,
        "CreateDataVolumeFromVolumeTemplate" => volumes::from_template(context).await,
        "CreateDataVolumeFromVolumeSnapshot" => volumes::from_snapshot(context).await,
        "AttachDataVolumeToVm" => attachment::attach(context).await,
        "DetachDataVolumeFromVm" => attachment::detach(context).await,
        "DeleteDataVolume" => volumes::delete(context).await,
        "RecoverDataVolume" => volumes::recover(context),
        "ExpungeDataVolume" => volumes::expunge(context).await,
        "ResizeDataVolume" => volumes::resize(context, "Data").await,
        "ResizeRootVolume" => volumes::resize(context, "Root").await,
        "ChangeVolumeState" => volumes::change_state(context),
        "GetDataVolumeAttachableVm" => attachment::vm_candidates(context).await,
        "GetVmAttachableDataVolume" => attachment::volume_candidates(context).await,
        "CreateVolumeSnapshot" => snapshots::create(context).await,
        "DeleteVolumeSnapshot" => snapshots::delete(context).await,
        "BatchDeleteVolumeSnapshot" => snapshots::delete_several(context).await,
        "RevertVolumeFromSnapshot" => snapshots::revert(context).await,
        "GetVolumeSnapshotSize" => snapshots::size(context),
        "CreateVolumeSnapshotGroup" => groups::create(context).await,
        "DeleteVolumeSnapshotGroup" => groups::delete(context).await,
        "UngroupVolumeSnapshotGroup" => groups::ungroup(context).await,
        "RevertVmFromSnapshotGroup" => groups::revert(context).await,
        "CheckVolumeSnapshotGroupAvailability" => groups::availability(context).await,
        "GetMemorySnapshotGroupReference" => groups::with_memory(context).await,
        "UndoSnapshotCreation" => snapshots::undo(context).await,
        "CreateVolumeSnapshotScheduler" => schedules::create(context),
        "ShrinkVolumeSnapshot" => snapshots::shrink(context).await,
        "CreateRootVolumeTemplateFromRootVolume" => templates::from_root_volume(context).await,
        "CreateDataVolumeTemplateFromVolume" => templates::from_volume(context).await,
        "CreateRootVolumeTemplateFromVolumeSnapshot" => {
            templates::from_snapshot(context, "RootVolumeTemplate").await
        }
        "CreateDataVolumeTemplateFromVolumeSnapshot" => {
            templates::from_snapshot(context, "DataVolumeTemplate").await
        }
        "GetBackupStorageForCreatingImageFromVolume"
        | "GetBackupStorageForCreatingImageFromVolumeSnapshot"
        | "GetCandidateBackupStorageForCreatingImage" => templates::backup_storages(context).await,
        "SetVolumeQos" => qos::set(context),
        "GetVolumeQos" => qos::get(context),
        "DeleteVolumeQos" => qos::delete(context),
        "BatchSyncVolumeSize" => capacity::sync_volumes(context).await,
        "AttachDataVolumeToHost" => local::mount(context),
        "DetachDataVolumeFromHost" => local::unmount(context),
        "LocalStorageMigrateVolume" => local::migrate(context).await,
        "LocalStorageGetVolumeMigratableHosts" => local::migration_hosts(context).await,
        "ExportImageFromBackupStorage" => image_files::export(context),
        "DeleteExportedImageFromBackupStorage" => image_files::delete_export(context),
        "CalculateImageHash" => image_files::calculate_hash(context),
        "SyncImageFromImageStoreBackupStorage" | "RecoveryImageFromImageStoreBackupStorage" => {
            image_files::copy(context).await
        }
        "CleanUpImageCacheOnPrimaryStorage" => image_files::clean_up_caches(context).await,
        "CleanUpTrashOnPrimaryStorage" => trash::clean_up(context),
        "GetTrashOnPrimaryStorage" => trash::list(context),
        "GetPrimaryStorageUsageReport" => capacity::usage(context).await,
        "AddMonToCephPrimaryStorage" | "AddMonToCephBackupStorage" => ceph::add_monitors(context).await,
        "RemoveMonFromCephPrimaryStorage" | "RemoveMonFromCephBackupStorage" => {
            ceph::remove_monitors(context).await
        }
        _ => Err(missing(context)),
    }
}

//! ReimageVmInstance: resets the root volume to a copy of its image.

use jiff::tz::TimeZone;

use super::access;
use super::errors::{self, Verdict};
use crate::model::{
    Caller, Changes, Edit, Guard, Image, ImageCache, ImageStatus, MediaType, Moment, Uuid, Vm, VmState,
    Volume, VolumeKind, VolumeSnapshot, VolumeStatus,
};

/// The facts for the decision.
#[derive(Clone, Debug)]
pub struct ReimageFacts {
    /// The UUID of the requested VM instance.
    pub vm_uuid: String,
    /// The caller, or the error of its session.
    pub caller: Verdict<Caller>,
    /// The VM instance, if it exists.
    pub vm: Option<Vm>,
    /// The image of the root volume, if it still exists.
    pub image: Option<Image>,
    /// The cached copies of that image.
    pub caches: Vec<ImageCache>,
    /// The newest snapshot of the root volume.
    pub latest_snapshot: Option<VolumeSnapshot>,
}

/// The UUIDs of new records.
#[derive(Clone, Debug)]
pub struct NewUuids {
    /// The UUID of the snapshot of the old root volume.
    pub snapshot: Uuid,
    /// The UUID of its tree, if it is the first snapshot.
    pub tree: Uuid,
    /// The UUID in the name of the new file.
    pub file: Uuid,
}

/// A request that passed [`admit`].
#[derive(Debug)]
pub struct Admitted<'a> {
    facts: &'a ReimageFacts,
    vm: &'a Vm,
}

/// Checks row 1 and the permission, as a dry run does.
///
/// # Errors
///
/// The error of the first violated row.
pub fn admit(facts: &ReimageFacts) -> Verdict<Admitted<'_>> {
    let vm = access::existing_vm(facts.vm.as_ref(), &facts.vm_uuid)?;
    let caller = facts.caller.as_ref().map_err(Clone::clone)?;
    access::check_vm_access(caller, vm)?;
    Ok(Admitted { facts, vm })
}

impl Admitted<'_> {
    /// Checks rows 2 to 5, creates a snapshot of the old root volume, and resets
    /// the volume.
    ///
    /// # Errors
    ///
    /// The error of the first violated row.
    pub fn decide(&self, now: Moment, zone: &TimeZone, new: NewUuids) -> Verdict<Changes> {
        let (vm, facts) = (self.vm, self.facts);
        // 2: the VM instance is stopped.
        if vm.instance.state != VmState::Stopped {
            return Err(errors::reimage_not_stopped(vm));
        }
        // 3: the image of the root volume is known and cached.
        let root = vm.root_volume().ok_or_else(|| errors::reimage_without_cache(vm))?;
        let image_uuid = root.root_image_uuid.as_ref().ok_or_else(|| errors::reimage_without_cache(vm))?;
        let any_cache = facts.caches.first().ok_or_else(|| errors::reimage_without_cache(vm))?;
        // 4: the image is not an ISO. The cache has the media type of a deleted image.
        let media_type = facts.image.as_ref().map_or(any_cache.media_type, |image| image.info.media_type);
        if media_type == MediaType::Iso {
            return Err(errors::reimage_from_iso(vm, image_uuid));
        }
        // 5: the storage has a copy, or can get one.
        let (size, actual_size) = self.source_sizes(root, image_uuid)?;

        let snapshot = self.snapshot(root, now, zone, &new);
        let mut edits = Vec::with_capacity(3);
        if let Some(former) = &facts.latest_snapshot {
            edits.push(Edit::update(VolumeSnapshot { latest: false, last_op_date: now, ..former.clone() }));
        }
        edits.push(Edit::create(snapshot));
        edits.push(Edit::update(Volume {
            install_path: sibling_path(&root.install_path, &new.file, &root.format.to_string()),
            size,
            actual_size,
            last_op_date: now,
            ..root.clone()
        }));
        Ok(Changes { guards: vec![Guard::changing(vm)], edits })
    }

    /// Checks row 5: returns the virtual and the actual size of the cached copy on
    /// the storage, or of the image, which can be downloaded again.
    fn source_sizes(&self, root: &Volume, image_uuid: &str) -> Verdict<(i64, i64)> {
        let cached =
            self.facts.caches.iter().find(|cache| cache.primary_storage_uuid == root.primary_storage_uuid);
        if let Some(cache) = cached {
            return Ok((cache.size, cache.actual_size));
        }
        let image = self.facts.image.as_ref().filter(|image| image.info.status != ImageStatus::Deleted);
        if let Some(image) = image {
            return Ok((image.info.size, image.info.actual_size));
        }
        Err(errors::operation_failed(format!(
            "The image [uuid:{image_uuid}] no longer exists, and the primary storage [uuid:{}] has no cached copy of \
             it; the VM instance [uuid:{}] cannot be reimaged.",
            root.primary_storage_uuid, self.vm.instance.uuid
        )))
    }

    /// Creates the record of the snapshot of the old root volume.
    fn snapshot(&self, root: &Volume, now: Moment, zone: &TimeZone, new: &NewUuids) -> VolumeSnapshot {
        let parent = self.facts.latest_snapshot.as_ref();
        let vm_uuid = &self.vm.instance.uuid;
        let at = zone.to_datetime(now.instant()).strftime("%Y%m%d%H%M%S");
        VolumeSnapshot {
            uuid: new.snapshot.clone(),
            name: format!("reimage-vm-point-{vm_uuid}-{at}"),
            description: Some(format!(
                "The root volume of the VM instance [uuid:{vm_uuid}] before it was reimaged."
            )),
            account_uuid: Some(root.account_uuid.clone()),
            volume_uuid: root.uuid.clone(),
            tree_uuid: parent.map_or_else(|| new.tree.clone(), |parent| parent.tree_uuid.clone()),
            parent_uuid: parent.map(|parent| parent.uuid.clone()),
            primary_storage_uuid: root.primary_storage_uuid.clone(),
            install_path: root.install_path.clone(),
            volume_type: VolumeKind::Root,
            format: root.format,
            latest: true,
            size: root.actual_size,
            distance: parent.map_or(1, |parent| parent.distance.saturating_add(1)),
            status: VolumeStatus::Ready,
            create_date: now,
            last_op_date: now,
        }
    }
}

/// Returns the path of another file in the same folder.
fn sibling_path(path: &str, name: &str, extension: &str) -> String {
    let folder = path.rfind('/').map_or("", |at| &path[..=at]);
    format!("{folder}{name}.{extension}")
}

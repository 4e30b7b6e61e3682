//! Trees of snapshots. A volume writes to a new file after each snapshot, which keeps the former one.

use serde_json::{Value, json};

use super::volumes::check_field;
use crate::model::{Document, OWNER};
use crate::rules::errors::{self, Verdict};

/// The resource of trees.
pub(crate) const TREE: &str = "VolumeSnapshotTree";

/// The private field with the size of the volume when a snapshot was taken.
pub(crate) const VOLUME_SIZE: &str = "_volumeSize";

/// The private field of a group that is true if the memory of the VM instance is part of it.
pub(crate) const HAS_MEMORY: &str = "_hasMemory";

/// The private field of such a group with the L3 networks of the VM instance.
pub(crate) const NETWORKS: &str = "_l3NetworkUuids";

/// The maximum number of snapshots on the way from the root of a tree to the newest one.
const MAX_DISTANCE: i64 = 64;

/// Requires that a snapshot of a volume can be taken.
pub(crate) fn check_volume(volume: &Document) -> Verdict<()> {
    check_field("volume", volume, "status", &["Ready"])?;
    check_field("volume", volume, "state", &["Enabled"])?;
    check_field("volume", volume, "type", &["Root", "Data"])
}

/// Finds the newest snapshot.
pub(crate) fn latest(snapshots: &[Document]) -> Option<&Document> {
    snapshots.iter().find(|snapshot| snapshot.fields.get("latest") == Some(&Value::Bool(true)))
}

/// The snapshot on which the next one is based; `None` if that begins a new tree.
pub(crate) fn base(snapshots: &[Document]) -> Option<&Document> {
    latest(snapshots).filter(|latest| latest.number("distance").unwrap_or(0) < MAX_DISTANCE)
}

/// Fills a new snapshot from its volume, which then writes to a new file.
pub(crate) fn take(
    snapshot: &mut Document,
    volume: &mut Document,
    base: Option<&Document>,
    tree: &str,
    file: &str,
) {
    for (field, of_volume) in [
        ("volumeUuid", "uuid"),
        ("primaryStorageUuid", "primaryStorageUuid"),
        ("primaryStorageInstallPath", "installPath"),
        ("volumeType", "type"),
        ("format", "format"),
        ("size", "actualSize"),
        (VOLUME_SIZE, "size"),
        (OWNER, OWNER),
    ] {
        snapshot.set(field, volume.fields.get(of_volume).cloned().unwrap_or_default());
    }
    snapshot.set("treeUuid", tree);
    snapshot.set("parentUuid", base.map(|base| base.uuid.clone()));
    snapshot.set("latest", true);
    snapshot.set("distance", base.and_then(|base| base.number("distance")).unwrap_or(0).saturating_add(1));
    snapshot.set("state", "Enabled");
    snapshot.set("status", "Ready");
    write_to(volume, file);
}

/// Lets a volume write to another file in the same folder.
fn write_to(volume: &mut Document, file: &str) {
    let path = volume.text("installPath").unwrap_or_default();
    let folder = path.rfind('/').and_then(|at| path.get(..=at)).unwrap_or_default();
    let extension = path.rsplit_once('.').map(|(_, extension)| extension).filter(|text| !text.contains('/'));
    let extension = extension.map(|extension| format!(".{extension}")).unwrap_or_default();
    let path = format!("{folder}{file}{extension}");
    volume.set("installPath", path);
}

/// Finds snapshots and all that are based on them; each comes after those on which it is based.
pub(crate) fn with_descendants(all: &[Document], roots: &[Document]) -> Vec<Document> {
    let mut found: Vec<Document> = Vec::new();
    let mut next: Vec<_> = all
        .iter()
        .filter(|snapshot| roots.iter().any(|root| root.uuid == snapshot.uuid))
        .filter(|snapshot| !has_ancestor(all, snapshot, roots))
        .collect();
    while let Some(snapshot) = next.pop() {
        next.extend(all.iter().filter(|child| child.text("parentUuid") == Some(&snapshot.uuid)));
        found.push(snapshot.clone());
    }
    found
}

/// Returns whether one of these is above a snapshot.
fn has_ancestor(all: &[Document], snapshot: &Document, among: &[Document]) -> bool {
    ancestors(all, snapshot).any(|ancestor| among.iter().any(|other| other.uuid == ancestor.uuid))
}

/// The snapshots on which one is based, the nearest first.
fn ancestors<'a>(all: &'a [Document], snapshot: &'a Document) -> impl Iterator<Item = &'a Document> {
    let parent = |snapshot: &&'a Document| {
        let uuid = snapshot.text("parentUuid")?;
        all.iter().find(|other| other.uuid == uuid)
    };
    std::iter::successors(Some(snapshot), parent).skip(1)
}

/// Finds the snapshot that becomes the newest one when these are removed; `None` if the newest one
/// remains, or none does.
pub(crate) fn next_latest<'a>(all: &'a [Document], removed: &[Document]) -> Option<&'a Document> {
    let is_removed = |snapshot: &Document| removed.iter().any(|other| other.uuid == snapshot.uuid);
    let latest = latest(all).filter(|latest| is_removed(latest))?;
    ancestors(all, latest).find(|ancestor| !is_removed(ancestor))
}

/// Resets a volume to a snapshot.
pub(crate) fn revert(volume: &mut Document, snapshot: &Document, file: &str) {
    write_to(volume, file);
    if let Some(size) = snapshot.number(VOLUME_SIZE) {
        volume.set("size", size);
    }
    volume.set("actualSize", snapshot.number("size").unwrap_or(0));
}

/// Requires that a volume can be reset to a snapshot. `vm` is that to which it is attached.
pub(crate) fn check_revert(snapshot: &Document, vm: Option<&Document>) -> Verdict<()> {
    // Snapshots of older databases have no state.
    if snapshot.text("state").is_some_and(|state| state != "Enabled") {
        return Err(errors::operation_failed(format!(
            "The volume snapshot [uuid:{}] is disabled; enable it first.",
            snapshot.uuid
        )));
    }
    vm.map_or(Ok(()), |vm| check_field("VM instance", vm, "state", &["Stopped"]))
}

/// Nests the inventories of the snapshots of a tree.
pub(crate) fn nest(inventories: &[Value], parent: Option<&str>) -> Vec<Value> {
    let parent_of =
        |inventory: &Value| inventory.get("parentUuid").and_then(Value::as_str).map(str::to_owned);
    let is_known = |uuid: &str| inventories.iter().any(|other| other["uuid"] == uuid);
    inventories
        .iter()
        .filter(|inventory| match parent_of(inventory) {
            // The snapshot on which the first one was based may have been in another tree.
            Some(uuid) => parent == Some(&*uuid) || (parent.is_none() && !is_known(&uuid)),
            None => parent.is_none(),
        })
        .map(|inventory| {
            let mut leaf = json!({
                "inventory": inventory,
                "children": nest(inventories, inventory["uuid"].as_str()),
            });
            if let Some(parent) = parent {
                leaf["parentUuid"] = parent.into();
            }
            leaf
        })
        .collect()
}

/// Marks snapshots as deleted in the list of their group. Returns whether the group is left without
/// use: without the root volume, or without any snapshot.
pub(crate) fn mark_deleted(group: &mut Document, removed: &[Document]) -> bool {
    let mut refs =
        group.fields.get("volumeSnapshotRefs").and_then(Value::as_array).cloned().unwrap_or_default();
    for part in &mut refs {
        let is_removed = removed.iter().any(|snapshot| part["volumeSnapshotUuid"] == *snapshot.uuid);
        if is_removed && let Some(fields) = part.as_object_mut() {
            fields.insert("snapshotDeleted".to_owned(), true.into());
        }
    }
    let has_no_use = refs.iter().any(|part| part["volumeType"] == "Root" && part["snapshotDeleted"] == true)
        || refs.iter().all(|part| part["snapshotDeleted"] == true);
    group.set("volumeSnapshotRefs", refs);
    has_no_use
}

/// Finds why a VM instance cannot be reset to a group; `None` if it can. `volumes` are those of the VM
/// instance.
pub(crate) fn obstacle(group: &Document, volumes: &[Document]) -> Option<String> {
    let refs = group.fields.get("volumeSnapshotRefs").and_then(Value::as_array).cloned().unwrap_or_default();
    if let Some(part) = refs.iter().find(|part| part["snapshotDeleted"] == true) {
        return Some(format!("the snapshot of the volume {} was deleted", part["volumeUuid"]));
    }
    let of_group = |volume: &Document| refs.iter().any(|part| part["volumeUuid"] == *volume.uuid);
    if let Some(volume) = volumes.iter().find(|volume| !of_group(volume)) {
        return Some(format!("the volume [uuid:{}] was attached later", volume.uuid));
    }
    let is_attached = |part: &&Value| volumes.iter().any(|volume| part["volumeUuid"] == *volume.uuid);
    let detached = refs.iter().find(|part| !is_attached(part))?;
    Some(format!("the volume {} was detached", detached["volumeUuid"]))
}

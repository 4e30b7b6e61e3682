//! Snapshots of volumes.

use serde_json::{Value, json};

use super::capacity::answer;
use super::primary::object;
use super::trash;
use crate::cloud::snapshots::{self, TREE};
use crate::cloud::volumes::check_field;
use crate::model::{Document, DocumentEdit};
use crate::rules::errors;
use crate::service::Failure;
use crate::service::written::{Context, Done};
use crate::store::Store;
use crate::uuids;

/// Takes a snapshot of a volume.
pub(super) async fn create<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let volume = context.target("volumeUuid")?;
    let mut snapshot = context.draft()?;
    let vm = match volume.text("vmInstanceUuid") {
        Some(vm) => context.load(vm).await?,
        None => None,
    };
    let mut edits = take(context, &mut snapshot, volume).await?;
    // The operations on a VM instance notice the change.
    edits.extend(vm.map(|vm| context.guard(&vm)));
    let done = context.create(snapshot);
    // The tree precedes the snapshot.
    edits.extend(done.edits);
    Ok(Done { edits, ..done })
}

/// The snapshots of a volume.
async fn of_volume<S: Store>(context: &Context<'_, S>, volume: &str) -> Result<Vec<Document>, Failure> {
    let mut holders = context.holders(volume, "volumeUuid").await?;
    holders.retain(|holder| holder.base == "VolumeSnapshot");
    Ok(holders)
}

/// Fills a new snapshot of a volume, which changes. Returns the edits that precede its own.
pub(super) async fn take<S: Store>(
    context: &Context<'_, S>,
    snapshot: &mut Document,
    mut volume: Document,
) -> Result<Vec<DocumentEdit>, Failure> {
    let mut edits = take_from(context, snapshot, &mut volume).await?;
    edits.push(context.replace(volume));
    Ok(edits)
}

/// Fills a new snapshot, and lets the volume write to another file.
pub(in crate::service::written) async fn take_from<S: Store>(
    context: &Context<'_, S>,
    snapshot: &mut Document,
    volume: &mut Document,
) -> Result<Vec<DocumentEdit>, Failure> {
    snapshots::check_volume(volume)?;
    let all = of_volume(context, &volume.uuid).await?;
    let base = snapshots::base(&all);
    let tree = match base.and_then(|base| base.text("treeUuid")) {
        Some(tree) => tree.to_owned(),
        None => uuids::random(),
    };
    let mut edits = set_current(context, &volume.uuid, &tree).await?;
    if let Some(latest) = snapshots::latest(&all) {
        // Its tree may be another one than that of the new snapshot.
        let mut latest = latest.clone();
        latest.set("latest", false);
        edits.push(context.replace(latest));
    }
    snapshots::take(snapshot, volume, base, &tree, &uuids::random());
    Ok(edits)
}

/// Makes a tree the current one of a volume.
async fn set_current<S: Store>(
    context: &Context<'_, S>,
    volume: &str,
    tree: &str,
) -> Result<Vec<DocumentEdit>, Failure> {
    let mut edits = Vec::new();
    let trees = context.holders(volume, "volumeUuid").await?;
    let trees: Vec<_> = trees.into_iter().filter(|holder| holder.kind == TREE).collect();
    if trees.iter().all(|other| other.uuid != tree) {
        let fields = json!({"uuid": tree, "volumeUuid": volume, "current": true, "status": "Completed"});
        edits.push(context.new_document(TREE, object(fields))?.1);
    }
    for mut other in trees {
        let is_current = other.uuid == tree;
        if other.fields.get("current") != Some(&is_current.into()) {
            other.set("current", is_current);
            edits.push(context.replace(other));
        }
    }
    Ok(edits)
}

/// Deletes a snapshot, and all that are based on it.
pub(super) async fn delete<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let Ok(snapshot) = context.target("uuid") else { return Ok(Done::default()) };
    Ok(Done { edits: remove(context, vec![snapshot], Vec::new()).await?, ..Done::default() })
}

/// Deletes snapshots of a volume.
pub(super) async fn delete_several<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let chosen = context.targets("uuids");
    let volume = chosen.first().and_then(|snapshot| snapshot.text("volumeUuid"));
    if chosen.iter().any(|snapshot| snapshot.text("volumeUuid") != volume) {
        return Err(errors::operation_failed(
            "[uuids] names snapshots of several volumes; delete those of one volume at a time.",
        )
        .into());
    }
    let results: Vec<_> =
        chosen.iter().map(|snapshot| json!({"snapshotUuid": snapshot.uuid, "success": true})).collect();
    let edits = remove(context, chosen, Vec::new()).await?;
    Ok(Done { edits, ..answer(json!({"results": results})) })
}

/// Removes snapshots with all that are based on them, empty trees, and groups that are left without use,
/// as well as `others`, to which they refer.
pub(super) async fn remove<S: Store>(
    context: &Context<'_, S>,
    chosen: Vec<Document>,
    others: Vec<Document>,
) -> Result<Vec<DocumentEdit>, Failure> {
    let mut volumes: Vec<_> =
        chosen.iter().filter_map(|snapshot| snapshot.text("volumeUuid")).map(str::to_owned).collect();
    volumes.sort();
    volumes.dedup();
    let mut doomed = Vec::new();
    let mut trees = Vec::new();
    let mut edits = Vec::new();
    let mut promoted = Vec::new();
    for volume in &volumes {
        let all = of_volume(context, volume).await?;
        let removed = snapshots::with_descendants(&all, &chosen);
        let is_removed = |snapshot: &Document| removed.iter().any(|other| other.uuid == snapshot.uuid);
        for tree in context.holders(volume, "volumeUuid").await?.into_iter().filter(|tree| tree.kind == TREE)
        {
            let of_tree = |snapshot: &&Document| snapshot.text("treeUuid") == Some(&tree.uuid);
            if all.iter().filter(of_tree).all(is_removed) {
                trees.push(tree);
            }
        }
        if let Some(next) = snapshots::next_latest(&all, &removed) {
            edits.extend(set_current(context, volume, next.text("treeUuid").unwrap_or_default()).await?);
            promoted.push(next.clone());
        }
        doomed.extend(removed);
    }
    let mut groups: Vec<_> =
        doomed.iter().filter_map(|snapshot| snapshot.text("groupUuid")).map(str::to_owned).collect();
    groups.sort();
    groups.dedup();
    groups.retain(|group| others.iter().all(|other| other.uuid != *group));
    let mut targets = others;
    for mut group in context.node.store.documents(&groups).await? {
        if snapshots::mark_deleted(&mut group, &doomed) {
            targets.push(group);
        } else {
            edits.push(context.replace(group));
        }
    }
    targets.extend(trees);
    targets.extend(doomed);
    let deletion = context.node.deletion_of(context.plans, context.plan, targets).await?;
    // A tree that is deleted need not become current before.
    let is_deleted = |uuid: &str| {
        deletion.iter().any(|edit| matches!(edit, DocumentEdit::Delete { document } if document.uuid == uuid))
    };
    edits
        .retain(|edit| !matches!(edit, DocumentEdit::Replace { document, .. } if is_deleted(&document.uuid)));
    edits.extend(deletion);
    for mut snapshot in promoted {
        let changed = edits.iter_mut().find_map(|edit| match edit {
            DocumentEdit::Replace { document, .. } if document.uuid == snapshot.uuid => Some(document),
            _ => None,
        });
        match changed {
            Some(document) => document.set("latest", true),
            None => {
                snapshot.set("latest", true);
                edits.push(context.replace(snapshot));
            }
        }
    }
    Ok(edits)
}

/// Resets a volume to a snapshot.
pub(super) async fn revert<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let snapshot = context.target("uuid")?;
    let volume = context.load(snapshot.text("volumeUuid").unwrap_or_default()).await?;
    let (mut edits, vm) = reset(context, snapshot).await?;
    edits.extend(vm.map(|vm| context.guard(&vm)));
    if let Some(volume) = volume
        && let Some(mut storage) = context.load(volume.text("primaryStorageUuid").unwrap_or_default()).await?
    {
        trash::add(context, &mut storage, &volume, "RevertVolume", None);
        edits.push(context.replace(storage));
    }
    Ok(Done { edits, ..Done::default() })
}

/// Resets the volume of a snapshot. Returns the VM instance that has it.
pub(super) async fn reset<S: Store>(
    context: &Context<'_, S>,
    mut snapshot: Document,
) -> Result<(Vec<DocumentEdit>, Option<Document>), Failure> {
    let volume = snapshot.text("volumeUuid").unwrap_or_default();
    let Some(mut volume) = context.load(volume).await? else {
        return Err(errors::operation_failed(format!(
            "The volume of the snapshot [uuid:{}] no longer exists; create a volume from the snapshot instead.",
            snapshot.uuid
        ))
        .into());
    };
    let vm = match volume.text("vmInstanceUuid") {
        Some(vm) => context.load(vm).await?,
        None => None,
    };
    snapshots::check_revert(&snapshot, vm.as_ref())?;
    let all = of_volume(context, &volume.uuid).await?;
    let tree = snapshot.text("treeUuid").unwrap_or_default().to_owned();
    let mut edits = set_current(context, &volume.uuid, &tree).await?;
    if let Some(latest) = snapshots::latest(&all).filter(|latest| latest.uuid != snapshot.uuid) {
        let mut latest = latest.clone();
        latest.set("latest", false);
        edits.push(context.replace(latest));
    }
    snapshots::revert(&mut volume, &snapshot, &uuids::random());
    snapshot.set("latest", true);
    edits.push(context.replace(snapshot));
    edits.push(context.replace(volume));
    Ok((edits, vm))
}

/// The size of a snapshot.
pub(super) fn size<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let snapshot = context.target("uuid")?;
    let size = snapshot.number("size").map_or(Value::Null, Value::from);
    Ok(answer(json!({"size": size, "actualSize": size})))
}

/// Shrinks a snapshot, whose file has no unused parts.
pub(super) async fn shrink<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let snapshot = context.target("uuid")?;
    let volume = context.load(snapshot.text("volumeUuid").unwrap_or_default()).await?;
    let vm = volume.as_ref().and_then(|volume| volume.text("vmInstanceUuid")).unwrap_or_default();
    if let Some(vm) = context.load(vm).await? {
        check_field("VM instance", &vm, "state", &["Stopped"])?;
    }
    let size = snapshot.number("size").unwrap_or(0);
    Ok(answer(json!({"shrinkResult": {"oldSize": size, "size": size, "deltaSize": 0}})))
}

/// Undoes the newest snapshot of a volume, which then writes to the file of the snapshot again.
pub(super) async fn undo<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let mut volume = context.target_of("uuid", "volume")?;
    let snapshot = context.target_of("snapShotUuid", "volume snapshot")?;
    let is_latest = snapshot.fields.get("latest") == Some(&Value::Bool(true));
    if snapshot.text("volumeUuid") != Some(&volume.uuid) || !is_latest {
        return Err(errors::operation_failed(format!(
            "The volume snapshot [uuid:{}] is not the newest one of the volume [uuid:{}]; only that can be undone.",
            snapshot.uuid, volume.uuid
        ))
        .into());
    }
    let path = snapshot.fields.get("primaryStorageInstallPath").cloned().unwrap_or_default();
    let mut edits = remove(context, vec![snapshot], Vec::new()).await?;
    volume.set("installPath", path);
    let done = context.finish_change(volume);
    edits.extend(done.edits);
    Ok(Done { edits, ..done })
}

//! Attachment of data volumes to VM instances.

use std::collections::HashMap;

use serde_json::json;

use super::primary::object;
use super::volumes::{SHARE, host_of, place};
use crate::cloud::storages;
use crate::cloud::volumes::{self, Attachment};
use crate::model::{Document, DocumentEdit};
use crate::rules::errors;
use crate::service::Failure;
use crate::service::written::{Answer, Context, Done};
use crate::store::Store;

/// Attaches a volume to a VM instance. One that is on no storage yet is put on that of the VM instance.
pub(super) async fn attach<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let mut volume = context.target("volumeUuid")?;
    let vm = context.target("vmInstanceUuid")?;
    let holders = context.holders(&vm.uuid, "vmInstanceUuid").await?;
    let shares: Vec<_> = holders.iter().filter(|holder| holder.kind == SHARE).collect();
    if shares.iter().any(|share| share.text("volumeUuid") == Some(&volume.uuid)) {
        return Err(errors::operation_failed(format!(
            "The volume [uuid:{}] is already attached to the VM instance [uuid:{}].",
            volume.uuid, vm.uuid
        ))
        .into());
    }
    let mut present: Vec<_> = holders.iter().filter(|holder| holder.base == "Volume").collect();
    let root = present.iter().find(|volume| volume.text("type") == Some("Root")).copied().cloned();
    present.extend(shares);
    let storage = context.load(volume.text("primaryStorageUuid").unwrap_or_default()).await?;
    let volume_host = host_of(context, &volume.uuid).await?;
    let vm_host = host_of_vm(context, &vm, root.as_ref()).await?;
    let attachment = Attachment {
        volume: &volume,
        vm: &vm,
        present: &present,
        storage: storage.as_ref(),
        volume_host: volume_host.as_deref(),
        vm_host: vm_host.as_deref(),
    };
    attachment.check()?;
    let device_id = attachment.device_id();
    let mut edits = Vec::new();
    if volume.text("status") == Some("NotInstantiated") {
        let size = storages::bytes(&volume, "size");
        let storage = choose_storage(context, &vm, root.as_ref(), size).await?;
        edits.extend(place(context, &mut volume, storage, vm_host.as_deref()).await?);
    }
    if volume.fields.get("isShareable") == Some(&true.into()) {
        let fields = json!({"volumeUuid": volume.uuid, "vmInstanceUuid": vm.uuid, "deviceId": device_id});
        edits.push(context.new_document(SHARE, object(fields))?.1);
        volume.set("lastAttachDate", context.now.millis());
    } else {
        volumes::attach(&mut volume, &vm.uuid, device_id, context.now);
    }
    // The operations on a VM instance notice the change.
    edits.push(context.guard(&vm));
    let mut done = context.finish_change(volume);
    done.edits.extend(edits);
    Ok(done)
}

/// The host whose disks a VM instance uses: that of its root volume, else that which runs it.
async fn host_of_vm<S: Store>(
    context: &Context<'_, S>,
    vm: &Document,
    root: Option<&Document>,
) -> Result<Option<String>, Failure> {
    let of_root = match root {
        Some(root) => host_of(context, &root.uuid).await?,
        None => None,
    };
    let of_vm = vm.text("hostUuid").or_else(|| vm.text("lastHostUuid")).map(str::to_owned);
    if of_root.is_some() || of_vm.is_some() {
        return Ok(of_root.or(of_vm));
    }
    let hosts = context.holders(vm.text("clusterUuid").unwrap_or_default(), "clusterUuid").await?;
    Ok(hosts.into_iter().find(|host| host.base == "Host").map(|host| host.uuid))
}

/// Chooses a storage for a new volume of a VM instance: that of the root volume if it has room, else the
/// one with most room.
async fn choose_storage<S: Store>(
    context: &Context<'_, S>,
    vm: &Document,
    root: Option<&Document>,
    size: i64,
) -> Result<Document, Failure> {
    let cluster = vm.text("clusterUuid").unwrap_or_default();
    let attached = context.holders(cluster, "attachedClusterUuids").await?;
    let mut candidates: Vec<_> =
        attached.into_iter().filter(|storage| storage.base == "PrimaryStorage").collect();
    context.node.set_capacities(&mut candidates).await?;
    candidates.retain(|storage| {
        storages::check_usable("", storage).is_ok() && storages::check_room("", storage, size).is_ok()
    });
    let preferred = root.and_then(|root| root.text("primaryStorageUuid"));
    candidates.sort_by_key(|storage| {
        (Some(&*storage.uuid) != preferred, -storages::bytes(storage, "availableCapacity"))
    });
    candidates.into_iter().next().ok_or_else(|| {
        errors::operation_failed(format!(
            "No primary storage that is attached to the cluster [uuid:{cluster}] is Enabled and Connected and has \
             {size} bytes available; add one, or delete something."
        ))
        .into()
    })
}

/// Detaches a volume from its VM instance, or a shareable one from the named VM instance.
pub(super) async fn detach<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let mut volume = context.target("uuid")?;
    volumes::check_data(&volume)?;
    let is_shareable = volume.fields.get("isShareable") == Some(&true.into());
    let vm = if is_shareable { context.text("vmUuid") } else { volume.text("vmInstanceUuid") };
    let Some(vm) = vm.map(str::to_owned) else {
        let what = if is_shareable { "is shareable; give [vmUuid]" } else { "is attached to no VM instance" };
        return Err(errors::operation_failed(format!("The volume [uuid:{}] {what}.", volume.uuid)).into());
    };
    let mut edits = Vec::new();
    if is_shareable {
        let shares = context.holders(&volume.uuid, "volumeUuid").await?;
        let is_of_vm = |share: &Document| share.kind == SHARE && share.text("vmInstanceUuid") == Some(&vm);
        let Some(document) = shares.into_iter().find(is_of_vm) else {
            return Err(errors::operation_failed(format!(
                "The volume [uuid:{}] is not attached to the VM instance [uuid:{vm}].",
                volume.uuid
            ))
            .into());
        };
        edits.push(DocumentEdit::Delete { document });
    }
    if let Some(vm) = context.load(&vm).await? {
        volumes::check_field("VM instance", &vm, "state", &volumes::ATTACHABLE)?;
        edits.push(context.guard(&vm));
    }
    volumes::detach(&mut volume, context.now);
    let mut done = context.finish_change(volume);
    done.edits.extend(edits);
    Ok(done)
}

/// All that decides which volumes can be attached to which VM instances.
struct Everything {
    /// The volumes of VM instances.
    volumes: HashMap<String, Vec<Document>>,
    storages: HashMap<String, Document>,
    /// The hosts of what is on local disks.
    hosts: HashMap<String, String>,
}

impl Everything {
    async fn load<S: Store>(context: &Context<'_, S>) -> Result<(Self, Vec<Document>), Failure> {
        let store = &context.node.store;
        let (all, storages, places) = tokio::try_join!(
            store.documents_of("Volume"),
            store.documents_of("PrimaryStorage"),
            store.documents_of("LocalStorageResourceRef")
        )?;
        let mut volumes: HashMap<_, Vec<_>> = HashMap::new();
        for volume in &all {
            if let Some(vm) = volume.text("vmInstanceUuid") {
                volumes.entry(vm.to_owned()).or_default().push(volume.clone());
            }
        }
        let storages = storages.into_iter().map(|storage| (storage.uuid.clone(), storage)).collect();
        let place = |place: &Document| {
            Some((place.text("resourceUuid")?.to_owned(), place.text("hostUuid")?.to_owned()))
        };
        let hosts = places.iter().filter_map(place).collect();
        Ok((Self { volumes, storages, hosts }, all))
    }

    fn can_attach(&self, volume: &Document, vm: &Document) -> bool {
        let present: Vec<_> = self.volumes.get(&vm.uuid).into_iter().flatten().collect();
        let root = vm.text("rootVolumeUuid").and_then(|root| self.hosts.get(root));
        let attachment = Attachment {
            volume,
            vm,
            present: &present,
            storage: volume.text("primaryStorageUuid").and_then(|uuid| self.storages.get(uuid)),
            volume_host: self.hosts.get(&volume.uuid).map(String::as_str),
            vm_host: root
                .map(String::as_str)
                .or_else(|| vm.text("hostUuid"))
                .or_else(|| vm.text("lastHostUuid")),
        };
        attachment.check().is_ok()
    }
}

fn is_visible<S: Store>(context: &Context<'_, S>, document: &Document) -> bool {
    document.may_be_used_by(&context.caller)
}

/// Lists the VM instances to which a volume can be attached.
pub(super) async fn vm_candidates<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let volume = context.target("volumeUuid")?;
    let is_possible = volumes::check_data(&volume)
        .and_then(|()| volumes::check_field("volume", &volume, "state", &["Enabled"]))
        .and_then(|()| volumes::check_field("volume", &volume, "status", &["Ready", "NotInstantiated"]));
    is_possible.map_err(|error| errors::invalid_argument(error.details.clone().unwrap_or_default()))?;
    let (everything, _) = Everything::load(context).await?;
    let mut vms = context.node.store.documents_of("VmInstance").await?;
    vms.retain(|vm| {
        matches!(vm.text("state"), Some("Running" | "Stopped"))
            && is_visible(context, vm)
            && everything.can_attach(&volume, vm)
    });
    Ok(Done { answer: Answer::Documents(vms), ..Done::default() })
}

/// Lists the volumes that can be attached to a VM instance.
pub(super) async fn volume_candidates<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let vm = context.target("vmInstanceUuid")?;
    volumes::check_field("VM instance", &vm, "state", &["Running", "Stopped"])?;
    let (everything, mut volumes) = Everything::load(context).await?;
    volumes.retain(|volume| is_visible(context, volume) && everything.can_attach(volume, &vm));
    Ok(Done { answer: Answer::Documents(volumes), ..Done::default() })
}

//! CreateVmInstance: creates a VM instance with its NICs, volumes and CD-ROM drives, and starts it.

mod checks;
mod disks;
mod drives;
mod nics;
mod place;

use std::collections::HashMap;

use serde_json::{Value, json};

use super::super::management::ssh_keys;
use super::super::{Context, Done, missing};
use super::isos::{backups_of, caches_of};
use super::placement::infrastructure;
use super::start::{ADDRESSES, new_addresses, new_cache, no_room, root_volume, volume};
use super::{change_vm, new_part};
use crate::cloud::{self, Parameters, texts};
use crate::model::{Caller, Document, DocumentEdit, OWNER, Uuid};
use crate::rules::NetworkAddresses;
use crate::rules::errors;
use crate::rules::placement::Infrastructure;
use crate::rules::storages::set_install_paths;
use crate::rules::vms::Vm;
use crate::service::Failure;
use crate::store::Store;
use crate::uuids;

/// The facts for the decision.
struct Facts<'a> {
    parameters: &'a Parameters,
    caller: &'a Caller,
    /// The system tags of the request.
    tags: &'a [String],
    settings: Settings,
    /// Another VM instance with the name, if names have to be unique.
    namesake: Option<Uuid>,
    /// The addresses of the networks for which tags name some.
    addresses: Vec<NetworkAddresses>,
    /// The MAC addresses in tags that other NICs have.
    used_macs: Vec<String>,
    /// The documents to which the request refers, and the L2 networks of its L3 networks.
    documents: HashMap<Uuid, Document>,
    image: Option<Document>,
    /// The cached copies of the image.
    caches: Vec<Document>,
    /// The ISO images that tags name, and that exist.
    isos: Vec<Document>,
    /// The backup storages that have one of these images.
    backups: Vec<Document>,
    infrastructure: Infrastructure,
}

/// The global settings for new VM instances.
struct Settings {
    /// The number of CD-ROM drives, unless tags say otherwise.
    drives: usize,
    max_drives: usize,
}

impl Facts<'_> {
    fn text(&self, parameter: &str) -> Option<&str> {
        self.parameters.get(parameter).and_then(Value::as_str)
    }

    fn number(&self, parameter: &str) -> Option<i64> {
        self.parameters.get(parameter).and_then(Value::as_i64)
    }

    /// The texts of a list.
    fn texts(&self, parameter: &str) -> Vec<Uuid> {
        texts(self.parameters.get(parameter)).map(str::to_owned).collect()
    }

    /// The text of a field of a document to which the request refers.
    fn field(&self, uuid: &str, name: &str) -> Option<&str> {
        self.documents.get(uuid).and_then(|document| document.text(name))
    }

    fn disk_size(&self, offering: &str) -> Option<i64> {
        self.documents.get(offering).and_then(|offering| offering.number("diskSize"))
    }

    /// A field that describes the guest: of the request, or of the image.
    fn guest(&self, field: &str) -> Option<&str> {
        self.text(field).or_else(|| self.image.as_ref().and_then(|image| image.text(field)))
    }

    /// The size of the root volume that the request gives, in bytes.
    fn root_size(&self) -> Option<i64> {
        let of_offering = self.text("rootDiskOfferingUuid").and_then(|uuid| self.disk_size(uuid));
        of_offering.or(self.number("rootDiskSize"))
    }
}

fn is_iso(image: &Document) -> bool {
    image.text("mediaType") == Some("ISO")
}

/// CreateVmInstance.
pub(super) async fn create<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    new_vm(context, context.parameters).await
}

/// Creates a VM instance with the parameters of CreateVmInstance.
pub(super) async fn new_vm<S: Store>(
    context: &Context<'_, S>,
    parameters: &Parameters,
) -> Result<Done, Failure> {
    // Addresses are locked until they are committed.
    let lock = context.node.locks.lock(ADDRESSES).await;
    let parameters = disks::with_boot_disk(parameters)?;
    let facts = load(context, &parameters).await?;
    let request = checks::check(&facts)?;
    if context.call.is_dry_run() {
        return Ok(Done::default());
    }
    let mut done = decide(context, &facts, request).await.map_err(|failure| match failure {
        Failure::Refused(cause) => {
            errors::vm_not_created(facts.text("name").unwrap_or_default(), *cause).into()
        }
        failure => failure,
    })?;
    done.locks.push(lock);
    Ok(done)
}

/// Loads the facts, and checks that what the parameters refer to exists and may be used.
async fn load<'a, S: Store>(
    context: &'a Context<'_, S>,
    parameters: &'a Parameters,
) -> Result<Facts<'a>, Failure> {
    let store = &context.node.store;
    let by_uuid = |documents: Vec<Document>| {
        documents.into_iter().map(|document| (document.uuid.clone(), document)).collect::<HashMap<_, _>>()
    };
    let plan = context.plans.get("CreateVmInstance").ok_or_else(|| missing(context))?;
    let referenced = plan.references.iter().flat_map(|reference| texts(parameters.get(&reference.parameter)));
    let referenced: Vec<_> = referenced.map(str::to_owned).collect();
    let mut documents = by_uuid(store.documents(&referenced).await?);
    let referenced = cloud::find_references(plan, parameters, &documents);
    cloud::check_existence(&referenced)?;
    cloud::check_access(plan, &context.caller, &referenced)?;
    let networks = texts(parameters.get("l3NetworkUuids"));
    let l2 = networks.filter_map(|uuid| documents.get(uuid)?.text("l2NetworkUuid")).map(str::to_owned);
    let tags = &context.call.tags().system;
    let others: Vec<_> = l2.chain(disks::document_uuids(parameters, tags)).collect();
    documents.extend(by_uuid(store.documents(&others).await?));
    let image = parameters.get("imageUuid").and_then(Value::as_str);
    let image = image.and_then(|uuid| documents.get(uuid)).cloned();
    let mut isos = store.documents(&drives::named_isos(tags)).await?;
    isos.retain(|iso| iso.base == "Image" && is_iso(iso));
    let caches = match &image {
        Some(image) => caches_of(context, &image.uuid).await?,
        None => Vec::new(),
    };
    let images: Vec<_> = image.iter().chain(&isos).cloned().collect();
    let (networks, macs) = nics::networks_and_macs(tags);
    let mut used_macs = Vec::new();
    for mac in macs {
        if !store.documents_with("VmNic", "mac", &mac).await?.is_empty() {
            used_macs.push(mac);
        }
    }
    let names = [("vm", "vmDefaultCdRomNum"), ("vm", "maximumCdRomNum"), ("vm", "uniqueVmName")];
    let [drives, max_drives, is_unique] = context.node.settings(names).await?;
    let namesake = match parameters.get("name").filter(|_| is_unique == "true") {
        Some(name) => store.document_with("VmInstance", vec![("name".to_owned(), name.clone())], "").await?,
        None => None,
    };
    let number = |text: String| text.parse().unwrap_or_default();
    Ok(Facts {
        parameters,
        caller: &context.caller,
        tags,
        settings: Settings { drives: number(drives), max_drives: number(max_drives) },
        namesake: namesake.map(|vm| vm.uuid),
        addresses: if networks.is_empty() { Vec::new() } else { store.networks(&networks).await? },
        used_macs,
        documents,
        backups: backups_of(context, &images).await?,
        image,
        caches,
        isos,
        infrastructure: infrastructure(context).await?,
    })
}

/// Chooses host and storages, and creates all parts.
async fn decide<S: Store>(
    context: &Context<'_, S>,
    facts: &Facts<'_>,
    request: checks::Request,
) -> Result<Done, Failure> {
    let strategy = facts.text("strategy").unwrap_or("InstantStart");
    let is_placed = strategy != "JustCreate";
    let places = place::find(facts, &request)?;
    let last_internal_id = context.node.store.last_internal_id().await?;
    let mut instance = instance(context, facts, &request, last_internal_id + 1)?;
    let hosts: Vec<_> = places.iter().map(|place| place.host).collect();
    let index = if is_placed { context.node.first_with_room(&hosts, &instance).await? } else { Some(0) };
    let place = index.and_then(|index| places.get(index)).ok_or_else(|| no_room(&instance))?;
    set_place(&mut instance, facts, place.cluster);
    let mut vm = Vm::new(instance, Vec::new());
    vm.nics = nics::create(context, &vm, facts, &request.nics)?;
    vm.cd_roms = drives::create(context, facts, vm.uuid())?;
    let mut edits = Vec::new();
    let mut tags = context.new_tags(&vm.instance);
    tags.retain(|tag| !is_consumed(tag));
    if is_placed {
        vm.volumes = volumes(context, &vm, facts, &request.disks, place)?;
        let disks = std::iter::once(&request.disks.root).chain(&request.disks.data);
        tags.extend(disks::tags(vm.volumes.iter().zip(disks), context.now));
        vm.instance.set("rootVolumeUuid", vm.root_volume().map(|root| root.uuid.clone()));
        if let Some(image) = &facts.image {
            edits.extend(new_cache(context, image, place.storage).await?.map(|cache| context.insert(&cache)));
        }
        let addresses: Vec<_> = request.nics.into_iter().map(|nic| (nic.network, nic.addresses)).collect();
        vm.ips = new_addresses(context, &vm, &addresses).await?;
        vm.instance.set("lastHostUuid", place.host.uuid.clone());
        vm.instance.set("hostUuid", place.host.uuid.clone());
        vm.set_state("Running");
        if strategy == "CreateStopped" {
            vm.set_state("Stopped");
        } else {
            let boot = facts.image.iter().filter(|image| is_iso(image));
            let isos: Vec<_> = boot.chain(&facts.isos).cloned().collect();
            set_install_paths(&mut vm, place.storage, &isos, &facts.backups)?;
        }
    }
    for uuid in facts.texts("sshKeyPairUuids") {
        if let Some(mut pair) = facts.documents.get(&uuid).cloned() {
            ssh_keys::link(&mut pair, vm.uuid());
            edits.push(context.replace(pair));
        }
    }
    let before = Vm::new(vm.instance.clone(), Vec::new());
    edits.push(insert_before_volumes(context, &vm.instance));
    let mut done = change_vm(context, &before, vm);
    done.guards.clear();
    edits.append(&mut done.edits);
    edits.extend(tags);
    Ok(Done { edits, ..done })
}

/// True for a tag that has an effect on the creation alone.
fn is_consumed(tag: &DocumentEdit) -> bool {
    let text = match tag {
        DocumentEdit::Create { document, .. } => document.text("tag"),
        _ => None,
    };
    text.is_some_and(|text| text.starts_with("customMac::"))
}

/// Inserts a VM instance before its root volume, to which it refers.
fn insert_before_volumes<S: Store>(context: &Context<'_, S>, instance: &Document) -> DocumentEdit {
    let mut edit = context.insert(instance);
    if let DocumentEdit::Create { links, .. } = &mut edit {
        links.retain(|link| link.field != "rootVolumeUuid");
    }
    edit
}

fn instance<S: Store>(
    context: &Context<'_, S>,
    facts: &Facts<'_>,
    request: &checks::Request,
    internal_id: i64,
) -> Result<Document, Failure> {
    let image = facts.image.as_ref();
    let size = &request.size;
    let offering = size.offering.as_ref().and_then(|uuid| facts.documents.get(uuid));
    let reserved = offering.and_then(|offering| offering.number("reservedMemorySize"));
    let fields = json!({
        "uuid": facts.text("resourceUuid").map_or_else(uuids::random, str::to_owned),
        "name": facts.text("name"), "description": facts.text("description"),
        OWNER: context.caller.account_uuid, "_shared": false, "internalId": internal_id,
        "imageUuid": image.map(|image| &image.uuid), "instanceOfferingUuid": size.offering,
        "defaultL3NetworkUuid": request.default_network, "platform": facts.guest("platform").unwrap_or("Other"),
        "guestOsType": facts.guest("guestOsType"),
        "type": facts.text("type").unwrap_or("UserVm"), "memorySize": size.memory,
        "reservedMemorySize": facts.number("reservedMemorySize").or(reserved).filter(|reserved| *reserved > 0),
        "cpuNum": size.cpus, "cpuSpeed": 0,
        "allocatorStrategy": size.strategy, "state": "Created",
    });
    new_part(context, "VmInstance", fields)
}

/// Sets the cluster of a new VM instance, and what follows from it.
fn set_place(instance: &mut Document, facts: &Facts<'_>, cluster: &Document) {
    instance.set("zoneUuid", cluster.text("zoneUuid"));
    instance.set("clusterUuid", cluster.uuid.clone());
    instance.set("hypervisorType", cluster.text("hypervisorType"));
    let architecture = facts.guest("architecture").unwrap_or_else(|| super::isos::architecture_of(cluster));
    instance.set("architecture", architecture);
}

/// Creates the root volume and the data volumes.
fn volumes<S: Store>(
    context: &Context<'_, S>,
    vm: &Vm,
    facts: &Facts<'_>,
    disks: &disks::Disks,
    place: &place::Place<'_>,
) -> Result<Vec<Document>, Failure> {
    let instance = &vm.instance;
    let mut root = root_volume(instance, place.storage, facts.image.as_ref(), disks.root.size);
    disks::complete(&mut root, &disks.root);
    let mut volumes = vec![new_part(context, "Volume", root)?];
    let name = format!("DATA-for-{}", instance.text("name").unwrap_or_default());
    for ((device_id, disk), storage) in (1..).zip(&disks.data).zip(&place.data) {
        let mut fields = volume(instance, storage, &name, device_id, disk.size);
        disks::complete(&mut fields, disk);
        let mut data = new_part(context, "Volume", fields)?;
        data.set("lastAttachDate", context.now.millis());
        volumes.push(data);
    }
    Ok(volumes)
}

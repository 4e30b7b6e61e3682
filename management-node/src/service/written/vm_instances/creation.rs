//! CreateVmInstance: creates a VM instance with its NICs, volumes and CD-ROM drives, and starts it.

mod checks;
mod drives;
mod place;

use std::collections::HashMap;

use serde_json::{Value, json};

use super::super::{Context, Done, missing};
use super::isos::{backups_of, caches_of};
use super::placement::infrastructure;
use super::start::{ADDRESSES, new_addresses, new_cache, root_volume, volume};
use super::{change_vm, new_part};
use crate::cloud::{self, Parameters, texts};
use crate::model::{Document, DocumentEdit, OWNER, Uuid};
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

    /// The sizes of the data volumes, in the order of their device IDs.
    fn data_sizes(&self) -> Vec<i64> {
        let offerings = self.texts("dataDiskOfferingUuids");
        let offerings = offerings.iter().filter_map(|uuid| self.disk_size(uuid));
        let sizes = self.parameters.get("dataDiskSizes").and_then(Value::as_array).into_iter().flatten();
        offerings.chain(sizes.filter_map(Value::as_i64)).collect()
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
    let facts = load(context, parameters).await?;
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
    context: &Context<'_, S>,
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
    let l2: Vec<_> = l2.collect();
    documents.extend(by_uuid(store.documents(&l2).await?));
    let image = parameters.get("imageUuid").and_then(Value::as_str);
    let image = image.and_then(|uuid| documents.get(uuid)).cloned();
    let mut isos = store.documents(&drives::named_isos(&context.call.tags().system)).await?;
    isos.retain(|iso| iso.base == "Image" && is_iso(iso));
    let caches = match &image {
        Some(image) => caches_of(context, &image.uuid).await?,
        None => Vec::new(),
    };
    let images: Vec<_> = image.iter().chain(&isos).cloned().collect();
    Ok(Facts {
        parameters,
        documents,
        backups: backups_of(context, &images).await?,
        image,
        caches,
        isos,
        infrastructure: infrastructure(context).await?,
    })
}

/// Chooses host and storage, and creates all parts.
async fn decide<S: Store>(
    context: &Context<'_, S>,
    facts: &Facts<'_>,
    request: checks::Request,
) -> Result<Done, Failure> {
    let strategy = facts.text("strategy").unwrap_or("InstantStart");
    let place = place::choose(facts, &request.networks)?;
    let last_internal_id = context.node.store.last_internal_id().await?;
    let instance = instance(context, facts, &request, place.cluster, last_internal_id + 1)?;
    let mut vm = Vm::new(instance, Vec::new());
    vm.nics = nics(context, &vm, facts, &request.networks)?;
    vm.cd_roms = drives::create(context, facts, vm.uuid())?;
    let mut edits = Vec::new();
    if strategy != "JustCreate" {
        vm.volumes = volumes(context, &vm, facts, place.storage)?;
        vm.instance.set("rootVolumeUuid", vm.root_volume().map(|root| root.uuid.clone()));
        if let Some(image) = &facts.image {
            edits.extend(new_cache(context, image, place.storage).await?.map(|cache| context.insert(&cache)));
        }
        vm.ips = new_addresses(context, &vm).await?;
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
    let before = Vm::new(vm.instance.clone(), Vec::new());
    edits.push(insert_before_volumes(context, &vm.instance));
    let tags = context.new_tags(&vm.instance);
    let mut done = change_vm(context, &before, vm);
    done.guards.clear();
    edits.append(&mut done.edits);
    edits.extend(tags);
    Ok(Done { edits, ..done })
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
    cluster: &Document,
    internal_id: i64,
) -> Result<Document, Failure> {
    let image = facts.image.as_ref();
    let of_image = |field| image.and_then(|image| image.text(field));
    let chosen = |field| facts.text(field).or_else(|| of_image(field));
    let size = &request.size;
    let offering = size.offering.as_ref().and_then(|uuid| facts.documents.get(uuid));
    let reserved = offering.and_then(|offering| offering.number("reservedMemorySize"));
    let fields = json!({
        "uuid": facts.text("resourceUuid").map_or_else(uuids::random, str::to_owned),
        "name": facts.text("name"), "description": facts.text("description"),
        OWNER: context.caller.account_uuid, "_shared": false, "internalId": internal_id,
        "zoneUuid": cluster.text("zoneUuid"), "clusterUuid": cluster.uuid,
        "imageUuid": image.map(|image| &image.uuid), "instanceOfferingUuid": size.offering,
        "defaultL3NetworkUuid": request.default_network, "platform": chosen("platform").unwrap_or("Other"),
        "architecture": chosen("architecture").unwrap_or_else(|| super::isos::architecture_of(cluster)),
        "guestOsType": chosen("guestOsType"), "hypervisorType": cluster.text("hypervisorType"),
        "memorySize": size.memory, "cpuNum": size.cpus, "cpuSpeed": 0,
        "reservedMemorySize": facts.number("reservedMemorySize").or(reserved),
        "allocatorStrategy": size.strategy, "type": facts.text("type").unwrap_or("UserVm"), "state": "Created",
    });
    new_part(context, "VmInstance", fields)
}

/// Creates a NIC for each network.
fn nics<S: Store>(
    context: &Context<'_, S>,
    vm: &Vm,
    facts: &Facts<'_>,
    networks: &[Uuid],
) -> Result<Vec<Document>, Failure> {
    let is_virtio = facts.image.as_ref().is_none_or(|image| {
        image.fields.get("virtio") == Some(&true.into())
            || matches!(image.text("platform"), Some("WindowsVirtio" | "Paravirtualization"))
    });
    let driver = if is_virtio { "virtio" } else { "e1000" };
    let nics = (0..).zip(networks);
    nics.map(|(device_id, network)| super::nics::new_nic(context, vm, device_id, network, driver, None))
        .collect()
}

/// Creates the root volume and the data volumes.
fn volumes<S: Store>(
    context: &Context<'_, S>,
    vm: &Vm,
    facts: &Facts<'_>,
    storage: &Document,
) -> Result<Vec<Document>, Failure> {
    let image = facts.image.as_ref();
    let of_image =
        image.filter(|image| !is_iso(image)).and_then(|image| image.number("size")).unwrap_or_default();
    let size = facts.root_size().unwrap_or(0).max(of_image);
    let instance = &vm.instance;
    let mut volumes = vec![new_part(context, "Volume", root_volume(instance, storage, image, size))?];
    let name = format!("DATA-for-{}", instance.text("name").unwrap_or_default());
    for (device_id, size) in (1..).zip(facts.data_sizes()) {
        let mut data = new_part(context, "Volume", volume(instance, storage, &name, device_id, size))?;
        data.set("lastAttachDate", context.now.millis());
        volumes.push(data);
    }
    Ok(volumes)
}

//! The volumes of a new VM instance.

use serde_json::{Map, Value, json};

use super::{Facts, is_iso};
use crate::cloud::{Parameters, new_tag, texts};
use crate::model::{Document, DocumentEdit, Moment, Uuid};
use crate::rules::errors::{self, Verdict};

/// The disks that replace the other parameters for volumes.
const DISKS: &str = "diskAOs";

/// The fields of the boot disk, with the parameters that they replace.
const BOOT_DISK: [(&str, &str); 8] = [
    ("templateUuid", "imageUuid"),
    ("size", "rootDiskSize"),
    ("diskOfferingUuid", "rootDiskOfferingUuid"),
    ("primaryStorageUuid", "primaryStorageUuidForRootVolume"),
    ("systemTags", "rootVolumeSystemTags"),
    ("platform", "platform"),
    ("guestOsType", "guestOsType"),
    ("architecture", "architecture"),
];

/// The fields with the source of another disk, of which it has one.
const SOURCES: [&str; 4] = ["size", "templateUuid", "diskOfferingUuid", "sourceUuid"];

/// The tag with the primary storage of the data volumes.
const DATA_STORAGE: &str = "primaryStorageUuidForDataVolume::";

/// A new volume.
#[derive(Clone, Debug, Default)]
pub(super) struct Disk {
    /// The name; `None` for the usual one.
    pub(super) name: Option<String>,
    /// In bytes.
    pub(super) size: i64,
    /// The UUID of the disk offering.
    pub(super) offering: Option<Uuid>,
    /// The UUID of the template of which it is a copy.
    pub(super) template: Option<Uuid>,
    /// The UUID of the requested primary storage.
    pub(super) storage: Option<Uuid>,
    pub(super) tags: Vec<String>,
}

/// The new volumes.
pub(super) struct Disks {
    pub(super) root: Disk,
    /// In the order of their device IDs.
    pub(super) data: Vec<Disk>,
}

/// The disks in the parameter that replaces the others.
fn disks_of(parameters: &Parameters) -> impl Iterator<Item = &Map<String, Value>> {
    let disks = parameters.get(DISKS).and_then(Value::as_array);
    disks.into_iter().flatten().filter_map(Value::as_object)
}

fn is_boot(disk: &Map<String, Value>) -> bool {
    disk.get("boot") == Some(&Value::Bool(true))
}

fn text(disk: &Map<String, Value>, field: &str) -> Option<Uuid> {
    disk.get(field).and_then(Value::as_str).map(str::to_owned)
}

/// Replaces the parameters for the root volume by the fields of the boot disk.
pub(super) fn with_boot_disk(parameters: &Parameters) -> Verdict<Parameters> {
    let mut parameters = parameters.clone();
    if disks_of(&parameters).next().is_none() {
        return Ok(parameters);
    }
    let boot: Vec<_> = disks_of(&parameters).filter(|disk| is_boot(disk)).cloned().collect();
    let [boot] = &boot[..] else {
        return Err(errors::invalid_argument(format!(
            "[{DISKS}] has {} boot disks; set `boot` to true for exactly one.",
            boot.len()
        )));
    };
    for (field, parameter) in BOOT_DISK {
        // A disk without a size has 0.
        if let Some(value) = boot.get(field).filter(|value| !value.is_null() && **value != 0) {
            parameters.insert(parameter.to_owned(), value.clone());
        }
    }
    Ok(parameters)
}

/// The UUIDs of documents to which disks refer.
pub(super) fn document_uuids(parameters: &Parameters, tags: &[String]) -> Vec<Uuid> {
    let fields = ["templateUuid", "diskOfferingUuid", "primaryStorageUuid"];
    let of_disks =
        disks_of(parameters).flat_map(|disk| fields.into_iter().filter_map(|field| text(disk, field)));
    of_disks.chain(data_storage(tags)).collect()
}

fn data_storage(tags: &[String]) -> Option<Uuid> {
    tags.iter().find_map(|tag| tag.strip_prefix(DATA_STORAGE)).map(str::to_owned)
}

/// Checks the parameters for volumes, and returns these.
pub(super) fn of(facts: &Facts<'_>) -> Verdict<Disks> {
    let offering = facts.text("rootDiskOfferingUuid").map(str::to_owned);
    check_offering(facts, offering.as_deref())?;
    let template = facts.image.as_ref().filter(|image| !is_iso(image));
    let of_image = template.and_then(|image| image.number("size")).unwrap_or_default();
    let root = Disk {
        size: facts.root_size().unwrap_or(0).max(of_image),
        offering,
        storage: facts.text("primaryStorageUuidForRootVolume").map(str::to_owned),
        tags: facts.texts("rootVolumeSystemTags"),
        ..Disk::default()
    };
    let others: Vec<_> = disks_of(facts.parameters).filter(|disk| !is_boot(disk)).collect();
    let is_listed = disks_of(facts.parameters).next().is_some();
    let mut data = if is_listed {
        let disks = (1..).zip(others);
        disks.map(|(number, disk)| of_list(facts, number, disk)).collect::<Verdict<Vec<_>>>()?
    } else {
        of_parameters(facts)?
    };
    let (common, by_index) =
        (facts.texts("dataVolumeSystemTags"), facts.parameters.get("dataVolumeSystemTagsOnIndex"));
    let storage = data_storage(facts.tags);
    if let Some(uuid) = &storage {
        check_kind(facts, "systemTags", "PrimaryStorage", uuid)?;
    }
    for (index, disk) in data.iter_mut().enumerate() {
        let own = by_index.and_then(|tags| tags.get(index.to_string()));
        disk.tags.extend(common.iter().cloned().chain(texts(own).map(str::to_owned)));
        if disk.storage.is_none() {
            disk.storage.clone_from(&storage);
        }
    }
    Ok(Disks { root, data })
}

/// The data volumes of the single parameters.
fn of_parameters(facts: &Facts<'_>) -> Verdict<Vec<Disk>> {
    let mut disks = Vec::new();
    for uuid in facts.texts("dataDiskOfferingUuids") {
        check_offering(facts, Some(&uuid))?;
        let size = facts.disk_size(&uuid).unwrap_or_default();
        disks.push(Disk { size, offering: Some(uuid), ..Disk::default() });
    }
    let sizes = facts.parameters.get("dataDiskSizes").and_then(Value::as_array).into_iter().flatten();
    for size in sizes.filter_map(Value::as_i64) {
        if size <= 0 {
            return Err(errors::operation_failed("Each of [dataDiskSizes] must be above 0."));
        }
        disks.push(Disk { size, ..Disk::default() });
    }
    for uuid in facts.texts("dataVolumeTemplateUuids") {
        disks.push(of_template(facts, "dataVolumeTemplateUuids", uuid)?);
    }
    Ok(disks)
}

/// A data volume of the list of disks; `number` is its position.
fn of_list(facts: &Facts<'_>, number: usize, disk: &Map<String, Value>) -> Verdict<Disk> {
    let is_given = |field: &&&str| disk.get(**field).is_some_and(|value| !value.is_null() && *value != 0);
    let given: Vec<_> = SOURCES.iter().filter(is_given).copied().collect();
    let mut found = match given[..] {
        ["size"] => {
            let size = disk.get("size").and_then(Value::as_i64).unwrap_or_default();
            if size <= 0 {
                return Err(errors::operation_failed(format!(
                    "The [size] of a disk in [{DISKS}] is {size}; it must be above 0."
                )));
            }
            Disk { size, ..Disk::default() }
        }
        ["templateUuid"] => of_template(facts, DISKS, text(disk, "templateUuid").unwrap_or_default())?,
        ["diskOfferingUuid"] => {
            let uuid = text(disk, "diskOfferingUuid").unwrap_or_default();
            check_kind(facts, DISKS, "DiskOffering", &uuid)?;
            check_offering(facts, Some(&uuid))?;
            Disk { size: facts.disk_size(&uuid).unwrap_or_default(), offering: Some(uuid), ..Disk::default() }
        }
        ["sourceUuid"] => {
            return Err(errors::operation_failed(format!(
                "A disk in [{DISKS}] has `sourceUuid`, which this node does not emulate; attach the volume after the \
                 creation."
            )));
        }
        _ => {
            return Err(errors::operation_failed(format!(
                "Disk {number} after the boot disk in [{DISKS}] has {} of {}; give exactly one.",
                given.len(),
                SOURCES.join(", ")
            )));
        }
    };
    found.storage = text(disk, "primaryStorageUuid");
    if let Some(storage) = &found.storage {
        check_kind(facts, DISKS, "PrimaryStorage", storage)?;
    }
    found.tags = texts(disk.get("systemTags")).map(str::to_owned).collect();
    let usual = || format!("DATA-for-{}-{number}", facts.text("name").unwrap_or_default());
    found.name = Some(text(disk, "name").unwrap_or_else(usual));
    Ok(found)
}

/// A data volume with the content of a template.
fn of_template(facts: &Facts<'_>, parameter: &str, uuid: Uuid) -> Verdict<Disk> {
    check_kind(facts, parameter, "Image", &uuid)?;
    if facts.field(&uuid, "mediaType") != Some("DataVolumeTemplate") {
        return Err(errors::invalid_argument(format!(
            "[{parameter}] names the image [uuid:{uuid}], which is not a DataVolumeTemplate; choose one that is."
        )));
    }
    let size = facts.documents.get(&uuid).and_then(|image| image.number("size")).unwrap_or_default();
    Ok(Disk { size, template: Some(uuid), ..Disk::default() })
}

/// Checks that a document of a base exists, and that the caller may use it.
fn check_kind(facts: &Facts<'_>, parameter: &str, base: &str, uuid: &str) -> Verdict<()> {
    match facts.documents.get(uuid).filter(|document| document.base == base) {
        None => Err(errors::not_found(parameter, base, uuid)),
        Some(document) if !document.may_be_used_by(facts.caller) => {
            Err(errors::permission_denied(base, uuid))
        }
        Some(_) => Ok(()),
    }
}

fn check_offering(facts: &Facts<'_>, uuid: Option<&str>) -> Verdict<()> {
    match uuid.filter(|uuid| facts.field(uuid, "state") == Some("Disabled")) {
        Some(uuid) => Err(errors::resource_disabled("disk offering", uuid)),
        None => Ok(()),
    }
}

/// Completes the fields of a new volume.
pub(super) fn complete(fields: &mut Value, disk: &Disk) {
    if let Some(name) = &disk.name {
        fields["name"] = json!(name);
    }
    if let Some(offering) = &disk.offering {
        fields["diskOfferingUuid"] = json!(offering);
    }
    if let Some(template) = &disk.template {
        fields["rootImageUuid"] = json!(template);
    }
}

/// The tags of new volumes.
pub(super) fn tags<'a>(
    volumes: impl Iterator<Item = (&'a Document, &'a Disk)>,
    now: Moment,
) -> Vec<DocumentEdit> {
    let tags = volumes.flat_map(|(volume, disk)| disk.tags.iter().map(move |tag| (volume, tag)));
    let stored = tags.filter(|(_, tag)| !tag.starts_with("ephemeral::"));
    stored.map(|(volume, tag)| new_tag("SystemTag", "System", tag, &volume.uuid, "VolumeVO", now)).collect()
}

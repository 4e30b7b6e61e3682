//! Images and their copies on backup storages.

use serde_json::{Value, json};

use super::snapshots::VOLUME_SIZE;
use crate::model::{Document, Moment, OWNER};
use crate::rules::errors::{self, Verdict};

/// The list of the copies.
const COPIES: &str = "backupStorageRefs";

/// The formats of files.
const FORMATS: [&str; 5] = ["iso", "qcow2", "raw", "vmtx", "vmdk"];

/// The beginnings of URLs from which an image can come.
const SCHEMES: [&str; 8] =
    ["http://", "https://", "ftp://", "sftp://", "file:///", "upload://", "zstore://", "/"];

/// The size of an image file, since nothing is downloaded.
const FILE_SIZE: i64 = 1 << 30;

/// The virtual size of a template: that of a volume created from it.
const TEMPLATE_SIZE: i64 = 10 << 30;

/// Fills a new image, whose fields are those of the request.
pub(crate) fn complete(image: &mut Document, has_media_type: bool) -> Verdict<()> {
    if let Some(url) = image.text("url")
        && !SCHEMES.iter().any(|scheme| url.starts_with(scheme))
    {
        return Err(errors::invalid_argument(format!(
            "[url] is `{url}`; it must begin with one of: {}.",
            SCHEMES.join(", ")
        )));
    }
    let format = image.text("format").map(str::to_ascii_lowercase);
    if format.as_deref() == Some("iso") && !has_media_type {
        image.set("mediaType", "ISO");
    }
    let is_iso = image.text("mediaType") == Some("ISO");
    if is_iso && image.fields.get("system") == Some(&Value::Bool(true)) {
        return Err(errors::invalid_argument(
            "[system] is true, but an ISO cannot be an image of the platform's own VM instances; omit it.",
        ));
    }
    let format = if is_iso { "iso".to_owned() } else { format.unwrap_or_else(|| "qcow2".to_owned()) };
    if !FORMATS.contains(&&*format) || (format == "iso") != is_iso {
        return Err(errors::invalid_argument(format!(
            "[format] is `{format}`, which is not a format of this media type; use iso for an ISO, and qcow2, raw, vmtx \
             or vmdk for a template."
        )));
    }
    image.set("format", format);
    complete_guest(image);
    if image.number("size").is_none() {
        image.set("size", if is_iso { FILE_SIZE } else { TEMPLATE_SIZE });
        image.set("actualSize", FILE_SIZE);
    }
    image.set("md5Sum", "not calculated");
    image.set("status", "Ready");
    Ok(())
}

/// Completes the description of the guest.
fn complete_guest(image: &mut Document) {
    let (platform, has_drivers) = match image.text("platform").unwrap_or("Linux") {
        "WindowsVirtio" => ("Windows", true),
        "Paravirtualization" => ("Other", true),
        other => (other, false),
    };
    let platform = platform.to_owned();
    if has_drivers {
        image.set("virtio", true);
    }
    if image.text("guestOsType").is_none() {
        image.set("guestOsType", platform.clone());
    }
    image.set("platform", platform);
    // The older rules require these fields.
    image.set("_shared", false);
    image.set(COPIES, json!([]));
}

/// Fills a new template from a volume, or from a snapshot of it.
pub(crate) fn complete_template(image: &mut Document, volume: &Document, snapshot: Option<&Document>) {
    complete_guest(image);
    let source = snapshot.unwrap_or(volume);
    let scheme = if snapshot.is_some() { "volumeSnapshot" } else { "volume" };
    image.set("url", format!("{scheme}://{}", source.uuid));
    for (field, value) in [
        ("format", source.fields.get("format").or_else(|| volume.fields.get("format"))),
        ("size", snapshot.and_then(|snapshot| snapshot.fields.get(VOLUME_SIZE))),
        ("actualSize", source.fields.get(if snapshot.is_some() { "size" } else { "actualSize" })),
    ] {
        image.set(field, value.cloned().unwrap_or_default());
    }
    if image.number("size").is_none() {
        image.set("size", volume.fields.get("size").cloned().unwrap_or_default());
    }
    image.set("md5Sum", "not calculated");
    image.set("status", "Ready");
}

/// Returns whether an image has a copy on a backup storage that can be used.
pub(crate) fn has_copy(image: &Document, storage: &str) -> bool {
    copies(image).iter().any(|copy| storage_of(copy) == Some(storage) && !is_deleted(copy))
}

/// Sets fields of the copy of an image on a backup storage; null removes a field.
pub(crate) fn change_copy<const N: usize>(
    image: &mut Document,
    storage: &str,
    fields: [(&str, Value); N],
    now: Moment,
) {
    let mut copies = copies(image);
    let copy = copies.iter_mut().find(|copy| storage_of(copy) == Some(storage));
    if let Some(copy) = copy.and_then(Value::as_object_mut) {
        for (field, value) in fields.into_iter().chain([("lastOpDate", now.millis().into())]) {
            if value.is_null() {
                copy.remove(field);
            } else {
                copy.insert(field.to_owned(), value);
            }
        }
    }
    image.set(COPIES, copies);
}

/// Returns whether images on a backup storage can be copied from and to a primary storage.
pub(crate) fn is_compatible(backup: &Document, primary: &Document) -> bool {
    let kind = primary.text("type").unwrap_or_default();
    match backup.text("type").unwrap_or_default() {
        "SftpBackupStorage" => matches!(kind, "NFS" | "SharedMountPoint" | "LocalStorage"),
        "ImageStoreBackupStorage" => {
            matches!(kind, "NFS" | "SharedMountPoint" | "LocalStorage" | "Ceph" | "SharedBlock")
        }
        // Ceph copies images internally, so both must be in the same Ceph cluster.
        "Ceph" => {
            kind == "Ceph" && backup.text("fsid").is_some() && backup.text("fsid") == primary.text("fsid")
        }
        "SimulatorBackupStorage" => kind == "SimulatorPrimaryStorage",
        other => other == kind,
    }
}

/// Adds a copy of an image on a backup storage.
pub(crate) fn add_copy(image: &mut Document, storage: &Document, now: Moment) {
    let copy = json!({
        "imageUuid": image.uuid, "backupStorageUuid": storage.uuid, "status": "Ready",
        "installPath": install_path(image, storage),
        "createDate": now.millis(), "lastOpDate": now.millis(),
    });
    let mut copies = copies(image);
    copies.push(copy);
    image.set(COPIES, copies);
}

/// The path of the file of an image on a backup storage.
fn install_path(image: &Document, storage: &Document) -> String {
    if let (Some("Ceph"), Some(pool)) = (storage.text("type"), storage.text("poolName")) {
        return format!("ceph://{pool}/{}", image.uuid);
    }
    let (folder, extension) = match image.text("mediaType") {
        Some("ISO") => ("dataVolumeTemplates", "iso"),
        Some("DataVolumeTemplate") => ("dataVolumeTemplates", "volume"),
        _ => ("rootVolumeTemplates", "template"),
    };
    let base = storage.text("url").unwrap_or_default().trim_end_matches('/');
    let account = image.text(OWNER).unwrap_or_default();
    let name = image.text("url").and_then(file_name).unwrap_or(&image.uuid);
    format!("{base}/{folder}/acct-{account}/{}/{name}.{extension}", image.uuid)
}

/// The name of the file in a URL, without its last extension.
fn file_name(url: &str) -> Option<&str> {
    let path = url.split(['?', '#']).next()?;
    let name = path.rsplit('/').next()?;
    let name = name.rsplit_once('.').map_or(name, |(name, _)| name);
    (!name.is_empty()).then_some(name)
}

fn copies(image: &Document) -> Vec<Value> {
    image.fields.get(COPIES).and_then(Value::as_array).cloned().unwrap_or_default()
}

fn storage_of(copy: &Value) -> Option<&str> {
    copy.get("backupStorageUuid").and_then(Value::as_str)
}

/// Returns whether the copies on `storages` are meant; an empty list means all.
fn is_meant(copy: &Value, storages: &[&str]) -> bool {
    storages.is_empty() || storage_of(copy).is_some_and(|uuid| storages.contains(&uuid))
}

/// Sets the status of copies.
fn set_status(image: &mut Document, storages: &[&str], status: &str, now: Moment) {
    let mut copies = copies(image);
    for copy in copies.iter_mut().filter(|copy| is_meant(copy, storages)) {
        if let Some(fields) = copy.as_object_mut() {
            fields.insert("status".to_owned(), status.into());
            fields.insert("lastOpDate".to_owned(), now.millis().into());
        }
    }
    image.set(COPIES, copies);
}

/// Deletes copies, which can be recovered. The image is deleted with the last one.
pub(crate) fn delete(image: &mut Document, storages: &[&str], now: Moment) {
    set_status(image, storages, "Deleted", now);
    if copies(image).iter().all(is_deleted) {
        image.set("status", "Deleted");
    }
}

fn is_deleted(copy: &Value) -> bool {
    copy.get("status").and_then(Value::as_str) == Some("Deleted")
}

/// Recovers deleted copies.
pub(crate) fn recover(image: &mut Document, storages: &[&str], now: Moment) -> Verdict<()> {
    require_deleted(image, storages)?;
    set_status(image, storages, "Ready", now);
    image.set("status", "Ready");
    Ok(())
}

/// Removes deleted copies. Returns whether none is left, so that the image is to be removed as well.
pub(crate) fn expunge(image: &mut Document, storages: &[&str]) -> Verdict<bool> {
    require_deleted(image, storages)?;
    let mut copies = copies(image);
    copies.retain(|copy| !(is_deleted(copy) && is_meant(copy, storages)));
    let is_last = copies.is_empty();
    image.set(COPIES, copies);
    Ok(is_last)
}

fn require_deleted(image: &Document, storages: &[&str]) -> Verdict<()> {
    let copies = copies(image);
    let is_one = copies.iter().any(|copy| is_deleted(copy) && is_meant(copy, storages));
    // An image whose backup storages were deleted has no copies.
    if is_one || (copies.is_empty() && image.text("status") == Some("Deleted")) {
        return Ok(());
    }
    Err(errors::operation_failed(format!(
        "The image [uuid:{}] is not deleted on any of the backup storages; delete it first.",
        image.uuid
    )))
}

/// Requires that an image can be used as a source.
pub(crate) fn check_usable(image: &Document) -> Verdict<()> {
    for (field, required) in [("state", "Enabled"), ("status", "Ready")] {
        let present = image.text(field).unwrap_or_default();
        if present != required {
            return Err(errors::operation_failed(format!(
                "The image [uuid:{}] is {present}; it must be {required}.",
                image.uuid
            )));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_names_have_no_extension() {
        for (url, expected) in [
            ("http://a.example/x/linux.qcow2?y=1", Some("linux")),
            ("/images/rescue.tar.gz", Some("rescue.tar")),
            ("http://a.example/", None),
        ] {
            assert_eq!(file_name(url), expected, "{url}");
        }
    }
}

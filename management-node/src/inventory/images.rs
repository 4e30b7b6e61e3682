//! Images, and their copies on storages.

use super::fields::Fields;
use super::planner::Planner;
use crate::model::{
    Architecture, BackupStorageRef, Enabled, ImageCache, ImageFormat, ImageInfo, ImageStatus, MediaType,
    Platform,
};

pub(super) fn read<'a>(root: &mut Fields<'a>, planner: &mut Planner<'a>) {
    planner.section(root, "images", "an image", image);
}

fn image(planner: &mut Planner<'_>, fields: &mut Fields<'_>) {
    let header = planner.header(fields, "image");
    let media_type = fields.word("mediaType").unwrap_or(MediaType::RootVolumeTemplate);
    let is_iso = media_type == MediaType::Iso;
    let default_format = if is_iso { ImageFormat::Iso } else { ImageFormat::Qcow2 };
    let format_at = fields.position("format").unwrap_or(fields.at);
    let format = fields.word("format").unwrap_or(default_format);
    if (format == ImageFormat::Iso) != is_iso {
        planner.problem(
            format_at,
            format!("an image of media type {media_type} cannot have the format {format}"),
        );
    }
    let platform = fields.word("platform").unwrap_or(Platform::Linux);
    let guest_os_type = fields.text("guestOsType").map_or_else(|| platform.to_string(), |text| text.value);
    if fields.position("size").is_none() {
        planner.problem(fields.at, "`size` is missing; an image requires it, such as `size: 700MiB`");
    }
    let size = fields.size("size").unwrap_or(1);
    let info = ImageInfo {
        uuid: header.uuid,
        name: header.name.value.clone(),
        description: fields.text("description").map(|text| text.value),
        account_uuid: planner.owner(fields),
        shared: fields.flag("shared").unwrap_or(false),
        media_type,
        format,
        platform,
        architecture: fields.word("architecture").unwrap_or(Architecture::X86_64),
        guest_os_type: Some(guest_os_type),
        size,
        actual_size: fields.size("actualSize").unwrap_or(size),
        md5_sum: None,
        state: fields.word("state").unwrap_or(Enabled::Enabled),
        status: fields.word("status").unwrap_or(ImageStatus::Ready),
        url: fields.text("url").map(|text| text.value),
        system: fields.flag("system").unwrap_or(false),
        virtio: fields.flag("virtio").unwrap_or(platform.has_virtio()),
        create_date: header.created,
        last_op_date: header.created,
    };
    planner.create(info.clone());
    for name in fields.texts("backupStorages").unwrap_or_default() {
        let Some(storage) = planner.backup_storages.find(&name, planner.problems) else { continue };
        let (folder, extension) = match info.media_type {
            MediaType::RootVolumeTemplate => ("rootVolumeTemplates", "template"),
            MediaType::DataVolumeTemplate => ("dataVolumeTemplates", "volume"),
            MediaType::Iso => ("dataVolumeTemplates", "iso"),
        };
        let (base, account, uuid) = (storage.url.trim_end_matches('/'), &info.account_uuid, &info.uuid);
        planner.create(BackupStorageRef {
            image_uuid: info.uuid.clone(),
            backup_storage_uuid: storage.uuid.clone(),
            install_path: format!("{base}/{folder}/acct-{account}/{uuid}/{uuid}.{extension}"),
            status: info.status,
            create_date: header.created,
            last_op_date: header.created,
        });
    }
    for name in fields.texts("cachedOn").unwrap_or_default() {
        let attached = planner.primary_storages.find(&name, planner.problems);
        if let Some(storage) = attached.map(|attached| attached.storage.clone()) {
            cache(planner, &info, &storage);
        }
    }
    planner.images.add(&header.name, &info.uuid.clone(), info, planner.problems);
}

/// Creates the record of a copy of an image on a primary storage, once.
pub(super) fn cache(planner: &mut Planner<'_>, info: &ImageInfo, storage: &crate::model::PrimaryStorage) {
    if planner.caches.insert((info.uuid.clone(), storage.uuid.clone())) {
        planner.create(ImageCache::new(info, storage, info.create_date));
    }
}

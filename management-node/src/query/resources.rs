//! The descriptions of the resources. A field that the API has and this node does
//! not is `NULL`.
//!
//! A resource with an inventory has all fields of that inventory with a single
//! value; one without an inventory has the fields that are useful in conditions.

use std::sync::OnceLock;

use super::resource::{Field, Join, Relation, Resource, Visibility};

/// Access keys.
pub static ACCESS_KEY: Resource = Resource {
    name: "access key",
    table: "access_key",
    fields: &[
        UUID,
        DESCRIPTION,
        Field::uuid("accountUuid", "account_uuid"),
        // An account is its own user.
        Field::uuid("userUuid", "account_uuid"),
        Field::text("AccessKeyID", "id"),
        Field::text("AccessKeySecret", "secret"),
        Field::text("state", "state"),
        CREATED,
        CHANGED,
    ],
    relations: &[],
    late: OnceLock::new(),
    visibility: &[Visibility::Owner],
};

// Fields that most tables have.
const UUID: Field = Field::uuid("uuid", "uuid");
const NAME: Field = Field::text("name", "name");
const DESCRIPTION: Field = Field::text("description", "description");
const CREATED: Field = Field::time("createDate", "create_date");
const CHANGED: Field = Field::time("lastOpDate", "last_op_date");

/// The version of an IP address: 4 or 6.
const IP_VERSION: Field = Field::number("ipVersion", "CASE WHEN instr(ip, ':') THEN 6 ELSE 4 END");

/// VM instances.
pub static VM_INSTANCE: Resource = Resource {
    name: "VM instance",
    table: "vm_instance",
    fields: &[
        UUID,
        NAME,
        DESCRIPTION,
        Field::uuid("zoneUuid", "zone_uuid"),
        Field::uuid("clusterUuid", "cluster_uuid"),
        Field::uuid("imageUuid", "image_uuid"),
        Field::uuid("hostUuid", "host_uuid"),
        Field::uuid("lastHostUuid", "last_host_uuid"),
        Field::uuid("instanceOfferingUuid", "instance_offering_uuid"),
        Field::uuid("rootVolumeUuid", "root_volume_uuid"),
        Field::text("platform", "platform"),
        Field::text("architecture", "architecture"),
        Field::text("guestOsType", "guest_os_type"),
        Field::uuid("defaultL3NetworkUuid", "default_l3_network_uuid"),
        Field::text("type", "'UserVm'"),
        Field::text("hypervisorType", "hypervisor_type"),
        Field::number("memorySize", "memory_size"),
        Field::number("reservedMemorySize", "NULL"),
        Field::number("cpuNum", "cpu_num"),
        Field::number("cpuSpeed", "0"),
        Field::text("allocatorStrategy", "allocator_strategy"),
        Field::text("state", "state"),
        Field::number("internalId", "internal_id"),
        CREATED,
        CHANGED,
    ],
    relations: &[
        Relation::new("vmNics", &[Join::new("uuid", "vm_nic", "vm_instance_uuid")], &VM_NIC),
        Relation::new("allVolumes", &[Join::new("uuid", "volume", "vm_instance_uuid")], &VOLUME),
        Relation::new("vmCdRoms", &[Join::new("uuid", "cd_rom", "vm_instance_uuid")], &VM_CD_ROM),
        Relation::new("zone", &[Join::new("zone_uuid", "zone", "uuid")], &ZONE),
        Relation::new("cluster", &[Join::new("cluster_uuid", "cluster", "uuid")], &CLUSTER),
        Relation::new("host", &[Join::new("host_uuid", "host", "uuid")], &HOST),
        Relation::new("image", &[Join::new("image_uuid", "image", "uuid")], &IMAGE),
        Relation::new(
            "instanceOffering",
            &[Join::new("instance_offering_uuid", "instance_offering", "uuid")],
            &INSTANCE_OFFERING,
        ),
        Relation::new("rootVolume", &[Join::new("root_volume_uuid", "volume", "uuid")], &VOLUME),
    ],
    late: OnceLock::new(),
    visibility: &[Visibility::Owner, Visibility::Shared, Visibility::SharedWith],
};

/// The first address of a NIC, which the fields of the NIC describe.
const ADDRESS: Join = Join::new("uuid", "vm_nic_address", "vm_nic_uuid");

/// NICs.
pub static VM_NIC: Resource = Resource {
    name: "NIC",
    table: "vm_nic",
    fields: &[
        UUID,
        Field::uuid("vmInstanceUuid", "vm_instance_uuid"),
        Field::uuid("usedIpUuid", "uuid").with_join(ADDRESS),
        Field::uuid("l3NetworkUuid", "l3_network_uuid"),
        Field::text("ip", "ip").with_join(ADDRESS),
        Field::text("netmask", "netmask").with_join(ADDRESS),
        Field::text("gateway", "gateway").with_join(ADDRESS),
        IP_VERSION.with_join(ADDRESS),
        Field::text("mac", "mac"),
        Field::text(
            "hypervisorType",
            "(SELECT hypervisor_type FROM vm_instance WHERE vm_instance.uuid = vm_instance_uuid)",
        ),
        Field::text("metaData", "NULL"),
        Field::text("driverType", "driver_type"),
        Field::text("internalName", "internal_name"),
        Field::number("deviceId", "device_id"),
        Field::text("type", "'VNIC'"),
        Field::text("state", "'enable'"),
        CREATED,
        CHANGED,
    ],
    relations: &[
        Relation::new("usedIps", &[Join::new("uuid", "used_ip", "vm_nic_uuid")], &USED_IP),
        of_vm_instance(),
        on_l3_network(),
    ],
    late: OnceLock::new(),
    visibility: &[with_vm_instance()],
};

/// The relation of a part to its VM instance.
const fn of_vm_instance() -> Relation {
    const JOINS: &[Join] = &[Join::new("vm_instance_uuid", "vm_instance", "uuid")];
    Relation::new("vmInstance", JOINS, &VM_INSTANCE)
}

const fn with_vm_instance() -> Visibility {
    Visibility::With { column: "vm_instance_uuid", resource: &VM_INSTANCE }
}

/// The relation of a NIC or address to its network.
const fn on_l3_network() -> Relation {
    const JOINS: &[Join] = &[Join::new("l3_network_uuid", "l3_network", "uuid")];
    Relation::new("l3Network", JOINS, &L3_NETWORK)
}

/// Addresses.
pub static USED_IP: Resource = Resource {
    name: "used IP",
    table: "used_ip",
    fields: &[
        UUID,
        Field::uuid("ipRangeUuid", "ip_range_uuid"),
        Field::uuid("l3NetworkUuid", "l3_network_uuid"),
        IP_VERSION,
        Field::text("ip", "ip"),
        Field::text("netmask", "netmask"),
        Field::text("gateway", "gateway"),
        Field::text("usedFor", "(body ->> 'usedFor')"),
        Field::text("metaData", "NULL"),
        Field::number("ipInLong", "ip_in_long(ip)"),
        Field::uuid("vmNicUuid", "vm_nic_uuid"),
        CREATED,
        CHANGED,
    ],
    relations: &[
        Relation::new("vmNic", &[Join::new("vm_nic_uuid", "vm_nic", "uuid")], &VM_NIC),
        on_l3_network(),
    ],
    late: OnceLock::new(),
    visibility: &[Visibility::With { column: "vm_nic_uuid", resource: &VM_NIC }],
};

/// CD-ROM drives.
pub static VM_CD_ROM: Resource = Resource {
    name: "CD-ROM drive",
    table: "cd_rom",
    fields: &[
        UUID,
        Field::uuid("vmInstanceUuid", "vm_instance_uuid"),
        Field::number("deviceId", "device_id"),
        Field::uuid("isoUuid", "iso_uuid"),
        Field::text("isoInstallPath", "iso_install_path"),
        NAME,
        DESCRIPTION,
        Field::text("protocol", "protocol"),
        CREATED,
        CHANGED,
    ],
    relations: &[of_vm_instance()],
    late: OnceLock::new(),
    visibility: &[with_vm_instance()],
};

/// Volumes.
pub static VOLUME: Resource = Resource {
    name: "volume",
    table: "volume",
    fields: &[
        UUID,
        NAME,
        DESCRIPTION,
        Field::uuid("primaryStorageUuid", "primary_storage_uuid"),
        Field::uuid("vmInstanceUuid", "vm_instance_uuid"),
        Field::uuid("diskOfferingUuid", "NULL"),
        Field::uuid("rootImageUuid", "root_image_uuid"),
        Field::text("installPath", "install_path"),
        Field::text("type", "kind"),
        Field::text("format", "format"),
        Field::number("size", "size"),
        Field::number("actualSize", "actual_size"),
        Field::number("deviceId", "device_id"),
        Field::text("state", "state"),
        Field::text("status", "status"),
        Field::flag("isShareable", "is_shareable"),
        Field::text("volumeQos", "NULL"),
        Field::time("lastDetachDate", "last_detach_date"),
        Field::time("lastAttachDate", "last_attach_date"),
        Field::uuid("lastVmInstanceUuid", "last_vm_instance_uuid"),
        Field::text("protocol", "NULL"),
        CREATED,
        CHANGED,
    ],
    relations: &[
        of_vm_instance(),
        Relation::new("image", &[Join::new("root_image_uuid", "image", "uuid")], &IMAGE),
        Relation::new(
            "primaryStorage",
            &[Join::new("primary_storage_uuid", "primary_storage", "uuid")],
            &PRIMARY_STORAGE,
        ),
    ],
    late: OnceLock::new(),
    visibility: &[Visibility::Owner, Visibility::SharedWith, with_vm_instance()],
};

/// Images.
pub static IMAGE: Resource = Resource {
    name: "image",
    table: "image",
    fields: &[
        UUID,
        NAME,
        DESCRIPTION,
        Field::text("state", "state"),
        Field::text("status", "status"),
        Field::number("size", "size"),
        Field::number("actualSize", "actual_size"),
        Field::text("md5Sum", "NULL"),
        Field::text("url", "url"),
        Field::text("mediaType", "media_type"),
        Field::text("guestOsType", "guest_os_type"),
        Field::text("type", "'zstack'"),
        Field::text("platform", "platform"),
        Field::text("architecture", "architecture"),
        Field::text("format", "format"),
        Field::flag("system", "system"),
        Field::flag("virtio", "virtio"),
        CREATED,
        CHANGED,
    ],
    relations: &[
        Relation::new(
            "backupStorageRefs",
            &[Join::new("uuid", "backup_storage_ref", "image_uuid")],
            &BACKUP_STORAGE_REF,
        ),
        Relation::new(
            "backupStorage",
            &[
                Join::new("uuid", "backup_storage_ref", "image_uuid"),
                Join::new("backup_storage_uuid", "backup_storage", "uuid"),
            ],
            &BACKUP_STORAGE,
        ),
        Relation::new("volume", &[Join::new("uuid", "volume", "root_image_uuid")], &VOLUME),
    ],
    late: OnceLock::new(),
    visibility: &[Visibility::Owner, Visibility::Shared, Visibility::SharedWith],
};

/// Copies of images on backup storages.
pub static BACKUP_STORAGE_REF: Resource = Resource {
    name: "copy of an image",
    table: "backup_storage_ref",
    fields: &[
        Field::uuid("imageUuid", "image_uuid"),
        Field::uuid("backupStorageUuid", "backup_storage_uuid"),
        Field::text("installPath", "install_path"),
        Field::text("status", "status"),
        Field::text("exportMd5Sum", "NULL"),
        Field::text("exportUrl", "NULL"),
        CREATED,
        CHANGED,
    ],
    relations: &[
        Relation::new("image", &[Join::new("image_uuid", "image", "uuid")], &IMAGE),
        Relation::new(
            "backupStorage",
            &[Join::new("backup_storage_uuid", "backup_storage", "uuid")],
            &BACKUP_STORAGE,
        ),
    ],
    late: OnceLock::new(),
    visibility: &[Visibility::With { column: "image_uuid", resource: &IMAGE }],
};

/// Zones.
pub static ZONE: Resource = Resource {
    name: "zone",
    table: "zone",
    fields: &[UUID, NAME, CREATED, CHANGED],
    relations: &[],
    late: OnceLock::new(),
    visibility: &[],
};

/// The relation of a resource to its zone.
const fn in_zone() -> Relation {
    const JOINS: &[Join] = &[Join::new("zone_uuid", "zone", "uuid")];
    Relation::new("zone", JOINS, &ZONE)
}

/// Clusters.
pub static CLUSTER: Resource = Resource {
    name: "cluster",
    table: "cluster",
    fields: &[
        UUID,
        NAME,
        Field::uuid("zoneUuid", "zone_uuid"),
        Field::text("hypervisorType", "hypervisor_type"),
        Field::text("architecture", "architecture"),
        CREATED,
        CHANGED,
    ],
    relations: &[in_zone()],
    late: OnceLock::new(),
    visibility: &[],
};

/// Hosts.
pub static HOST: Resource = Resource {
    name: "host",
    table: "host",
    fields: &[
        UUID,
        NAME,
        Field::uuid("clusterUuid", "cluster_uuid"),
        Field::text("managementIp", "management_ip"),
        Field::text("status", "status"),
        CREATED,
        CHANGED,
    ],
    relations: &[Relation::new("cluster", &[Join::new("cluster_uuid", "cluster", "uuid")], &CLUSTER)],
    late: OnceLock::new(),
    visibility: &[],
};

/// Primary storages.
pub static PRIMARY_STORAGE: Resource = Resource {
    name: "primary storage",
    table: "primary_storage",
    fields: &[
        UUID,
        NAME,
        Field::uuid("zoneUuid", "zone_uuid"),
        Field::text("type", "kind"),
        Field::text("url", "url"),
        Field::text("status", "status"),
        CREATED,
        CHANGED,
    ],
    relations: &[in_zone()],
    late: OnceLock::new(),
    visibility: &[],
};

/// Backup storages.
pub static BACKUP_STORAGE: Resource = Resource {
    name: "backup storage",
    table: "backup_storage",
    fields: &[
        UUID,
        NAME,
        Field::text("type", "kind"),
        Field::text("url", "url"),
        Field::text("status", "status"),
        CREATED,
        CHANGED,
    ],
    relations: &[],
    late: OnceLock::new(),
    visibility: &[],
};

/// Networks.
pub static L3_NETWORK: Resource = Resource {
    name: "L3 network",
    table: "l3_network",
    fields: &[UUID, NAME, Field::uuid("zoneUuid", "zone_uuid"), CREATED, CHANGED],
    relations: &[in_zone()],
    late: OnceLock::new(),
    visibility: &[],
};

/// Instance offerings.
pub static INSTANCE_OFFERING: Resource = Resource {
    name: "instance offering",
    table: "instance_offering",
    fields: &[
        UUID,
        NAME,
        Field::number("cpuNum", "cpu_num"),
        Field::number("memorySize", "memory_size"),
        Field::text("allocatorStrategy", "allocator_strategy"),
        CREATED,
        CHANGED,
    ],
    relations: &[],
    late: OnceLock::new(),
    visibility: &[],
};

#[cfg(test)]
mod tests {
    use zstack_runtime::record::{Kind as Wire, Shape, shape};
    use zstack_types::types::{
        AccessKeyInventory, ImageBackupStorageRefInventory, ImageInventory, UsedIpInventory,
        VmCdRomInventory, VmInstanceInventory, VmNicInventory, VolumeInventory,
    };

    use super::super::resource::FieldKind;
    use super::*;

    #[test]
    fn describes_all_fields_of_inventories() {
        let all: [(&Resource, &Shape); 8] = [
            (&ACCESS_KEY, shape::<AccessKeyInventory>()),
            (&VM_INSTANCE, shape::<VmInstanceInventory>()),
            (&VM_NIC, shape::<VmNicInventory>()),
            (&USED_IP, shape::<UsedIpInventory>()),
            (&VM_CD_ROM, shape::<VmCdRomInventory>()),
            (&VOLUME, shape::<VolumeInventory>()),
            (&IMAGE, shape::<ImageInventory>()),
            (&BACKUP_STORAGE_REF, shape::<ImageBackupStorageRefInventory>()),
        ];
        for (resource, shape) in all {
            for field in shape.fields {
                let kind = resource.field(field.name).map(|field| field.kind);
                let expected = match field.kind {
                    Wire::List(Wire::Record(_)) => {
                        assert!(resource.relation(field.name).is_some(), "{}.{}", shape.name, field.name);
                        None
                    }
                    Wire::List(_) => None,
                    Wire::String if field.name == "uuid" || field.name.ends_with("Uuid") => {
                        Some(FieldKind::Uuid)
                    }
                    Wire::String | Wire::Enum(_) => Some(FieldKind::Text),
                    Wire::Integer | Wire::Long => Some(FieldKind::Number),
                    Wire::Boolean => Some(FieldKind::Flag),
                    Wire::Timestamp => Some(FieldKind::Time),
                    _ => panic!("{}.{}: {:?}", shape.name, field.name, field.kind),
                };
                assert_eq!(kind, expected, "{}.{}", shape.name, field.name);
            }
            for field in resource.fields {
                assert!(shape.index_of(field.name).is_some(), "{}.{}", resource.name, field.name);
            }
        }
    }
}

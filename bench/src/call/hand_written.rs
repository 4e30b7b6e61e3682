//! Data types as one would write them by hand with serde: the same fields, derives, and closed
//! enums.
//!
//! Only dates are read and written with `zstack-runtime`, so that they do not contribute to the
//! difference.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use zstack_client::Timestamp;

#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Inventories {
    pub(crate) inventories: Vec<VmInstance>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Inventory {
    pub(crate) inventory: VmInstance,
}

/// Declares records, whose optional fields are omitted from JSON if they have no value.
macro_rules! records {
    ($($record:ident { $($field:ident: $ty:ty,)* })*) => {$(
        #[derive(Clone, Debug, Deserialize, Serialize)]
        #[serde(rename_all = "camelCase")]
        pub(crate) struct $record {
            $(#[serde(skip_serializing_if = "Omit::omit")] $field: $ty,)*
        }
    )*};
}

/// Reports whether a field is omitted.
trait Omit {
    fn omit(&self) -> bool {
        false
    }
}

impl Omit for String {}
impl Omit for i64 {}
impl Omit for Date {}

impl<T> Omit for Option<T> {
    fn omit(&self) -> bool {
        self.is_none()
    }
}

records! {
    VmInstance {
        uuid: String,
        name: Option<String>,
        description: Option<String>,
        zone_uuid: Option<String>,
        cluster_uuid: Option<String>,
        image_uuid: Option<String>,
        host_uuid: Option<String>,
        last_host_uuid: Option<String>,
        instance_offering_uuid: Option<String>,
        root_volume_uuid: Option<String>,
        platform: Option<Platform>,
        default_l3_network_uuid: Option<String>,
        r#type: Option<String>,
        hypervisor_type: Option<String>,
        memory_size: Option<i64>,
        cpu_num: Option<i32>,
        cpu_speed: Option<i64>,
        allocator_strategy: Option<String>,
        create_date: Date,
        last_op_date: Date,
        state: Option<State>,
        vm_nics: Option<Vec<Nic>>,
        all_volumes: Option<Vec<Volume>>,
        architecture: Option<Architecture>,
        reserved_memory_size: Option<i64>,
        internal_id: Option<i64>,
        vm_cd_roms: Option<Vec<Drive>>,
        guest_os_type: Option<String>,
    }

    Nic {
        uuid: String,
        vm_instance_uuid: Option<String>,
        l3_network_uuid: Option<String>,
        ip: Option<String>,
        mac: Option<String>,
        netmask: Option<String>,
        gateway: Option<String>,
        meta_data: Option<String>,
        ip_version: Option<i32>,
        device_id: Option<i32>,
        create_date: Date,
        last_op_date: Date,
        used_ips: Option<Vec<UsedIp>>,
        used_ip_uuid: Option<String>,
        hypervisor_type: Option<String>,
        driver_type: Option<String>,
        internal_name: Option<String>,
        r#type: Option<String>,
        state: Option<NicState>,
    }

    UsedIp {
        uuid: String,
        ip_range_uuid: Option<String>,
        l3_network_uuid: Option<String>,
        ip_version: Option<i32>,
        ip: Option<String>,
        netmask: Option<String>,
        gateway: Option<String>,
        used_for: Option<String>,
        ip_in_long: i64,
        vm_nic_uuid: Option<String>,
        create_date: Date,
        last_op_date: Date,
        meta_data: Option<String>,
        ip_in_binary: Option<Vec<i32>>,
    }

    Volume {
        uuid: String,
        name: Option<String>,
        description: Option<String>,
        primary_storage_uuid: Option<String>,
        vm_instance_uuid: Option<String>,
        disk_offering_uuid: Option<String>,
        root_image_uuid: Option<String>,
        install_path: Option<String>,
        r#type: Option<VolumeType>,
        format: Option<VolumeFormat>,
        size: Option<i64>,
        actual_size: Option<i64>,
        device_id: Option<i32>,
        state: Option<VolumeState>,
        status: Option<VolumeStatus>,
        create_date: Date,
        last_op_date: Date,
        is_shareable: Option<bool>,
        volume_qos: Option<String>,
        last_detach_date: Option<Date>,
        last_vm_instance_uuid: Option<String>,
        last_attach_date: Option<Date>,
        protocol: Option<String>,
    }

    Drive {
        uuid: String,
        vm_instance_uuid: Option<String>,
        device_id: Option<i32>,
        iso_uuid: Option<String>,
        iso_install_path: Option<String>,
        name: Option<String>,
        description: Option<String>,
        create_date: Date,
        last_op_date: Date,
        protocol: Option<String>,
    }
}

#[expect(clippy::enum_variant_names, reason = "names of the platform")]
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
enum State {
    Created,
    Starting,
    Running,
    Stopping,
    Stopped,
    Rebooting,
    Destroying,
    Destroyed,
    Migrating,
    Expunging,
    Pausing,
    Paused,
    Resuming,
    VolumeMigrating,
    VolumeRecovering,
    NoState,
    Unknown,
    Crashed,
    Error,
}

#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
enum Platform {
    Linux,
    Windows,
    WindowsVirtio,
    Other,
    Paravirtualization,
}

#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
enum Architecture {
    X86_64,
    Aarch64,
    Mips64el,
    Loongarch64,
}

#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
enum NicState {
    Enable,
    Disable,
}

#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
enum VolumeType {
    Root,
    Data,
    Memory,
    Cache,
}

#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
enum VolumeFormat {
    Qcow2,
    Raw,
    Vmtx,
    Vmdk,
}

#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
enum VolumeState {
    Enabled,
    Disabled,
}

#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
enum VolumeStatus {
    Creating,
    Ready,
    NotInstantiated,
    Deleted,
    Migrating,
}

/// A date and time in the API's format.
#[derive(Clone, Copy, Debug)]
struct Date(Timestamp);

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct DateVisitor;

        impl de::Visitor<'_> for DateVisitor {
            type Value = Date;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a date and time")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Date, E> {
                text.parse().map(Date).map_err(E::custom)
            }
        }

        from.deserialize_str(DateVisitor)
    }
}

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

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct VmInstance {
    uuid: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    zone_uuid: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cluster_uuid: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    image_uuid: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    host_uuid: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_host_uuid: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    instance_offering_uuid: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    root_volume_uuid: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    platform: Option<Platform>,
    #[serde(skip_serializing_if = "Option::is_none")]
    default_l3_network_uuid: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    r#type: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hypervisor_type: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    memory_size: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cpu_num: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cpu_speed: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    allocator_strategy: Option<String>,
    create_date: Date,
    last_op_date: Date,
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<State>,
    #[serde(skip_serializing_if = "Option::is_none")]
    vm_nics: Option<Vec<Nic>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    all_volumes: Option<Vec<Volume>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    architecture: Option<Architecture>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reserved_memory_size: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    internal_id: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    vm_cd_roms: Option<Vec<Drive>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    guest_os_type: Option<String>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Nic {
    uuid: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    vm_instance_uuid: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    l3_network_uuid: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ip: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mac: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    netmask: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    gateway: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    meta_data: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ip_version: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    device_id: Option<i32>,
    create_date: Date,
    last_op_date: Date,
    #[serde(skip_serializing_if = "Option::is_none")]
    used_ips: Option<Vec<UsedIp>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    used_ip_uuid: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hypervisor_type: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    driver_type: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    internal_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    r#type: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<NicState>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct UsedIp {
    uuid: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    ip_range_uuid: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    l3_network_uuid: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ip_version: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ip: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    netmask: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    gateway: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    used_for: Option<String>,
    ip_in_long: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    vm_nic_uuid: Option<String>,
    create_date: Date,
    last_op_date: Date,
    #[serde(skip_serializing_if = "Option::is_none")]
    meta_data: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ip_in_binary: Option<Vec<i32>>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Volume {
    uuid: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    primary_storage_uuid: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    vm_instance_uuid: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    disk_offering_uuid: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    root_image_uuid: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    install_path: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    r#type: Option<VolumeType>,
    #[serde(skip_serializing_if = "Option::is_none")]
    format: Option<VolumeFormat>,
    #[serde(skip_serializing_if = "Option::is_none")]
    size: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    actual_size: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    device_id: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<VolumeState>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<VolumeStatus>,
    create_date: Date,
    last_op_date: Date,
    #[serde(skip_serializing_if = "Option::is_none")]
    is_shareable: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    volume_qos: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_detach_date: Option<Date>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_vm_instance_uuid: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_attach_date: Option<Date>,
    #[serde(skip_serializing_if = "Option::is_none")]
    protocol: Option<String>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Drive {
    uuid: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    vm_instance_uuid: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    device_id: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    iso_uuid: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    iso_install_path: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    create_date: Date,
    last_op_date: Date,
    #[serde(skip_serializing_if = "Option::is_none")]
    protocol: Option<String>,
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
enum Architecture {
    #[serde(rename = "x86_64")]
    X86_64,
    #[serde(rename = "aarch64")]
    Aarch64,
    #[serde(rename = "mips64el")]
    Mips64el,
    #[serde(rename = "loongarch64")]
    Loongarch64,
}

#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
enum NicState {
    #[serde(rename = "enable")]
    Enable,
    #[serde(rename = "disable")]
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
enum VolumeFormat {
    #[serde(rename = "qcow2")]
    Qcow2,
    #[serde(rename = "raw")]
    Raw,
    #[serde(rename = "vmtx")]
    Vmtx,
    #[serde(rename = "vmdk")]
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

//! Hosts: what they have, and what VM instances leave of it.

use serde_json::{Value, json};

use super::storages::bytes;
use super::texts;
use crate::model::Document;
use crate::rules::errors::{self, Verdict};

/// The setting with the number of virtual CPUs for each CPU of a host.
pub(crate) const OVERPROVISIONING: (&str, &str) = ("host", "cpu.overProvisioning.ratio");

/// The hardware of a host whose document does not describe it, since hosts are emulated.
const SOCKETS: i64 = 2;
const CPUS: i64 = 32;
const MEMORY: i64 = 128 << 30;

/// The architecture of the first host of a cluster without one.
pub(crate) const ARCHITECTURE: &str = "x86_64";

/// The usual port of IPMI.
const IPMI_PORT: i64 = 623;

/// The number of virtual CPUs for each CPU of a host: its own, or that of its cluster or zone, or the
/// global one.
pub(crate) fn overprovisioning(host: &Document, configs: &[Document], global: Option<&Document>) -> i64 {
    let of_resource = |resource: &str| {
        configs.iter().find(|config| {
            config.text("resourceUuid") == Some(resource)
                && (config.text("category"), config.text("name"))
                    == (Some(OVERPROVISIONING.0), Some(OVERPROVISIONING.1))
        })
    };
    let places = [Some(&*host.uuid), host.text("clusterUuid"), host.text("zoneUuid")];
    let own = places.into_iter().flatten().find_map(of_resource);
    let value = own.or(global).and_then(|config| config.text("value"));
    value.and_then(|value| value.parse().ok()).unwrap_or(1)
}

/// Sets the capacity of a host, of which VM instances take some CPUs and bytes of memory.
pub(crate) fn set_capacity(host: &mut Document, ratio: i64, (cpus, memory): (i64, i64)) {
    let cpu_num = host.number("cpuNum").unwrap_or(CPUS);
    let total_cpus = host.number("totalCpuCapacity").or(host.number("cpuCapacity"));
    let total_cpus = total_cpus.unwrap_or_else(|| cpu_num.saturating_mul(ratio));
    let total_memory = host.number("totalMemoryCapacity").or(host.number("memoryCapacity"));
    let total_memory = total_memory.unwrap_or(MEMORY);
    host.set("cpuNum", cpu_num);
    host.set("cpuSockets", host.number("cpuSockets").unwrap_or(SOCKETS));
    host.set("totalCpuCapacity", total_cpus);
    host.set("availableCpuCapacity", total_cpus.saturating_sub(cpus).max(0));
    host.set("totalMemoryCapacity", total_memory);
    host.set("availableMemoryCapacity", total_memory.saturating_sub(memory).max(0));
    if host.text("ipmiAddress").is_some() && host.number("ipmiPort").is_none() {
        host.set("ipmiPort", IPMI_PORT);
    }
    if host.text("ipmiPowerStatus").is_none() {
        let status = if host.text("ipmiAddress").is_some() { "POWER_ON" } else { "UN_CONFIGURED" };
        host.set("ipmiPowerStatus", status);
    }
}

/// Adds up the capacities of hosts.
pub(crate) fn sum<'a>(hosts: impl Iterator<Item = &'a Document> + Clone) -> Value {
    let sum = |field: &str| hosts.clone().map(|host| bytes(host, field)).fold(0, i64::saturating_add);
    json!({
        "totalCpu": sum("totalCpuCapacity"), "availableCpu": sum("availableCpuCapacity"),
        "totalMemory": sum("totalMemoryCapacity"), "availableMemory": sum("availableMemoryCapacity"),
        "managedCpuNum": sum("cpuNum"),
    })
}

/// The capacity of a local storage on each host of its clusters. `used` are the bytes of volumes, with
/// the hosts on which they are.
pub(crate) fn disk_capacities(storage: &Document, hosts: &[&Document], used: &[(&str, i64)]) -> Vec<Value> {
    let count = i64::try_from(hosts.len()).unwrap_or(i64::MAX).max(1);
    let total = bytes(storage, "totalCapacity") / count;
    let capacity = |host: &&Document| {
        let used = used.iter().filter(|(on, _)| *on == host.uuid).map(|(_, size)| *size);
        let available = total.saturating_sub(used.fold(0, i64::saturating_add)).max(0);
        json!({
            "hostUuid": host.uuid, "totalCapacity": total, "availableCapacity": available,
            "totalPhysicalCapacity": total, "availablePhysicalCapacity": available,
        })
    };
    hosts.iter().map(capacity).collect()
}

/// Checks that the operating systems of the hosts of a cluster can be updated.
pub(crate) fn check_update(cluster: &Document, hosts: &[&Document]) -> Verdict<()> {
    if cluster.text("hypervisorType") != Some("KVM") {
        return Err(errors::invalid_argument(format!(
            "[uuid] names the cluster [uuid:{}], whose hypervisor is not KVM; choose another one.",
            cluster.uuid
        )));
    }
    for host in hosts {
        let (state, status) = (host.text("state"), host.text("status"));
        if state == Some("PreMaintenance") || status != Some("Connected") {
            return Err(errors::invalid_argument(format!(
                "The host [uuid:{}] is {} and {}; it must be Connected, and must not be entering maintenance.",
                host.uuid,
                state.unwrap_or("Enabled"),
                status.unwrap_or("in no status")
            )));
        }
    }
    Ok(())
}

/// Stops a VM instance, which leaves its host.
pub(crate) fn stop(vm: &mut Document) {
    vm.set("state", "Stopped");
    if let Some(host) = vm.text("hostUuid").map(str::to_owned) {
        vm.set("lastHostUuid", host);
    }
    vm.set("hostUuid", Value::Null);
}

/// True if VM instances of a host can move to another one.
pub(crate) fn can_replace(other: &Document, host: &Document) -> bool {
    other.uuid != host.uuid
        && other.text("clusterUuid") == host.text("clusterUuid")
        && other.text("state").is_none_or(|state| state == "Enabled")
        && other.text("status") == Some("Connected")
}

/// The needs of a VM instance, with the fields of hosts that must have as much.
const NEEDS: [(&str, &str); 2] =
    [("cpuNum", "availableCpuCapacity"), ("memorySize", "availableMemoryCapacity")];

/// True if a host has the capacity for a VM instance, without the memory that is reserved for the host
/// itself.
pub(crate) fn has_room(host: &Document, vm: &Document, reserved: i64) -> bool {
    let need = |(need, _): (&str, &str)| bytes(vm, need) + if need == "memorySize" { reserved } else { 0 };
    NEEDS.into_iter().all(|needs| bytes(host, needs.1) >= need(needs))
}

/// Moves a VM instance to a host, whose capacity decreases.
pub(crate) fn migrate(vm: &mut Document, host: &mut Document) {
    if let Some(former) = vm.text("hostUuid").map(str::to_owned) {
        vm.set("lastHostUuid", former);
    }
    vm.set("hostUuid", host.uuid.clone());
    for (need, capacity) in NEEDS {
        host.set(capacity, bytes(host, capacity).saturating_sub(bytes(vm, need)));
    }
}

/// True if a host belongs to one of the places that a parameter names, in a field of hosts.
pub(crate) fn is_in(host: &Document, field: &str, places: Option<&Value>) -> bool {
    texts(places).any(|place| host.text(field) == Some(place))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ratio_comes_from_the_nearest_place() {
        let host = Document::of_fields(json!({"uuid": "h", "clusterUuid": "c", "zoneUuid": "z"}));
        let config = |resource: &str, value: &str| {
            let (category, name) = OVERPROVISIONING;
            Document::of_fields(
                json!({"resourceUuid": resource, "category": category, "name": name, "value": value}),
            )
        };
        let global = config("", "10");
        let ratio = |configs: &[Document]| overprovisioning(&host, configs, Some(&global));
        assert_eq!(ratio(&[]), 10);
        assert_eq!(ratio(&[config("z", "3"), config("other", "9")]), 3);
        assert_eq!(ratio(&[config("z", "3"), config("c", "4")]), 4);
        assert_eq!(overprovisioning(&host, &[], None), 1);
    }

    #[test]
    fn vm_instances_take_from_the_capacity() {
        let mut host = Document::of_fields(json!({"cpuNum": 4, "totalMemoryCapacity": 100}));
        set_capacity(&mut host, 10, (3, 120));
        let numbers = ["totalCpuCapacity", "availableCpuCapacity", "availableMemoryCapacity"];
        assert_eq!(numbers.map(|field| host.number(field)), [Some(40), Some(37), Some(0)]);
        assert_eq!(host.text("ipmiPowerStatus"), Some("UN_CONFIGURED"));
    }
}

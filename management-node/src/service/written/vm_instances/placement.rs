//! Hosts for VM instances, and their size.

use super::super::{Answer, Context, Done};
use super::{load_vm, vm_in};
use crate::model::Document;
use crate::rules::errors;
use crate::rules::placement::{Infrastructure, is_connected, is_enabled};
use crate::rules::vms::{check_state, state};
use crate::service::Failure;
use crate::store::Store;

/// Loads all zones, clusters, hosts and primary storages, which are few.
pub(super) async fn infrastructure<S: Store>(context: &Context<'_, S>) -> Result<Infrastructure, Failure> {
    let store = &context.node.store;
    let (zones, clusters, hosts, storages) = tokio::try_join!(
        store.documents_of("Zone"),
        store.documents_of("Cluster"),
        store.documents_of("Host"),
        store.documents_of("PrimaryStorage"),
    )?;
    let uuids: Vec<_> = hosts.iter().map(|host| host.uuid.clone()).collect();
    let vms = store.count_holders(&uuids, "hostUuid").await?;
    Ok(Infrastructure { zones, clusters, hosts: hosts.into_iter().zip(vms).collect(), storages })
}

/// ChangeInstanceOffering.
pub(super) fn change_offering<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let mut vm = vm_in(context, "vmInstanceUuid")?;
    let offering = context.target_of("instanceOfferingUuid", "instance offering")?;
    if state(&vm) != "Stopped" {
        return Err(errors::invalid_argument(format!(
            "[vmInstanceUuid] names the VM instance [uuid:{}], which is {}; its size can only be changed while it is \
             Stopped.",
            vm.uuid,
            state(&vm)
        ))
        .into());
    }
    for field in ["cpuNum", "memorySize"] {
        vm.set(field, offering.number(field).unwrap_or_default());
    }
    vm.set("allocatorStrategy", offering.text("allocatorStrategy"));
    vm.set("instanceOfferingUuid", offering.uuid);
    Ok(context.finish_change(vm))
}

/// The hosts to which a VM instance can be moved: others of its cluster.
async fn other_hosts<S: Store>(context: &Context<'_, S>, vm: &Document) -> Result<Vec<Document>, Failure> {
    let mut hosts = context.node.store.documents_of("Host").await?;
    hosts.retain(|host| {
        host.text("clusterUuid") == vm.text("clusterUuid")
            && is_connected(host)
            && is_enabled(host)
            && vm.text("hostUuid") != Some(&host.uuid)
    });
    Ok(hosts)
}

/// MigrateVm.
pub(super) async fn migrate<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let mut vm = vm_in(context, "vmInstanceUuid")?;
    check_state(&vm, "migrate", &["Running", "Paused", "Unknown"])?;
    let requested = context.text("hostUuid");
    if requested.is_some() && requested == vm.text("hostUuid") {
        return Err(errors::invalid_argument(format!(
            "[hostUuid] names the host on which the VM instance [uuid:{}] is already; choose another one.",
            vm.uuid
        ))
        .into());
    }
    let mut hosts = other_hosts(context, &vm).await?.into_iter();
    let host = hosts.find(|host| requested.is_none_or(|uuid| host.uuid == uuid)).ok_or_else(|| {
        errors::no_host(format!(
            "No other host of the cluster [uuid:{}] is Enabled and Connected, or the requested one is not; add or \
             enable one.",
            vm.text("clusterUuid").unwrap_or_default()
        ))
    })?;
    vm.set("lastHostUuid", vm.text("hostUuid").map(str::to_owned));
    vm.set("hostUuid", host.uuid);
    Ok(context.finish_change(vm))
}

/// GetVmMigrationCandidateHosts.
pub(super) async fn migration_hosts<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let hosts = other_hosts(context, &vm_in(context, "vmInstanceUuid")?).await?;
    Ok(Done { answer: Answer::Documents(hosts), ..Done::default() })
}

/// GetVmStartingCandidateClustersHosts.
pub(super) async fn starting_places<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let vm = load_vm(context, "uuid").await?;
    let infrastructure = infrastructure(context).await?;
    let hosts: Vec<_> = infrastructure.suitable_hosts(&vm).into_iter().cloned().collect();
    let is_of_host =
        |cluster: &&Document| hosts.iter().any(|host| host.text("clusterUuid") == Some(&cluster.uuid));
    let clusters: Vec<_> = infrastructure.clusters.iter().filter(is_of_host).cloned().collect();
    let hosts = context.node.inventories_of(context.plans, hosts, &[]).await?;
    let clusters = context.node.inventories_of(context.plans, clusters, &[]).await?;
    Ok(Done::with_fields([("hosts", hosts.into()), ("clusters", clusters.into())]))
}

//! Hosts for VM instances, and their size.

use super::super::{Answer, Context, Done};
use super::{answer_vm, load_vm};
use crate::model::{Changes, Document, Edit, Guard, Vm, VmInstance, VmState};
use crate::rules::{PlacementRequest, errors};
use crate::service::Failure;
use crate::store::Store;

/// ChangeInstanceOffering.
pub(super) async fn change_offering<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let vm_uuid = context.text("vmInstanceUuid").unwrap_or_default().to_owned();
    let _vm = context.node.locks.lock(&vm_uuid).await;
    let vm = load_vm(context, &vm_uuid).await?;
    let offering = context.target_of("instanceOfferingUuid", "instance offering")?;
    if vm.instance.state != VmState::Stopped {
        return Err(errors::invalid_argument(format!(
            "[vmInstanceUuid] names the VM instance [uuid:{vm_uuid}], which is {}; its size can only be changed while \
             it is Stopped.",
            vm.instance.state
        ))
        .into());
    }
    let number = |field| offering.number(field).unwrap_or_default();
    let instance = VmInstance {
        instance_offering_uuid: Some(offering.uuid.clone()),
        cpu_num: i32::try_from(number("cpuNum")).unwrap_or(i32::MAX),
        memory_size: number("memorySize"),
        allocator_strategy: offering.text("allocatorStrategy").map(str::to_owned),
        last_op_date: context.now,
        ..vm.instance.clone()
    };
    let changes = Changes { guards: vec![Guard::changing(&vm)], edits: vec![Edit::update(instance)] };
    answer_vm(context, vm, changes)
}

/// The hosts to which a VM instance can be moved: others of its cluster.
async fn other_hosts<S: Store>(context: &Context<'_, S>, vm: &Vm) -> Result<Vec<Document>, Failure> {
    let mut hosts = context.node.store.documents_of("Host").await?;
    hosts.retain(|host| {
        host.text("clusterUuid") == Some(&*vm.instance.cluster_uuid)
            && host.text("status") == Some("Connected")
            && host.text("state").is_none_or(|state| state == "Enabled")
            && vm.instance.host_uuid.as_ref() != Some(&host.uuid)
    });
    Ok(hosts)
}

/// MigrateVm.
pub(super) async fn migrate<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let vm_uuid = context.text("vmInstanceUuid").unwrap_or_default().to_owned();
    let _vm = context.node.locks.lock(&vm_uuid).await;
    let vm = load_vm(context, &vm_uuid).await?;
    let allowed = [VmState::Running, VmState::Paused, VmState::Unknown];
    if !allowed.contains(&vm.instance.state) {
        return Err(errors::wrong_state(&vm, "migrate", &allowed).into());
    }
    let requested = context.text("hostUuid");
    if requested.is_some() && requested == vm.instance.host_uuid.as_deref() {
        return Err(errors::invalid_argument(format!(
            "[hostUuid] names the host on which the VM instance [uuid:{vm_uuid}] is already; choose another one."
        ))
        .into());
    }
    let hosts = other_hosts(context, &vm).await?;
    let host = match requested {
        Some(uuid) => hosts.into_iter().find(|host| host.uuid == uuid),
        None => hosts.into_iter().next(),
    };
    let host = host.ok_or_else(|| {
        errors::no_host(format!(
            "No other host of the cluster [uuid:{}] is Enabled and Connected, or the requested one is not; add or \
             enable one.",
            vm.instance.cluster_uuid
        ))
    })?;
    let instance = VmInstance {
        last_host_uuid: vm.instance.host_uuid.clone(),
        host_uuid: Some(host.uuid),
        last_op_date: context.now,
        ..vm.instance.clone()
    };
    let changes = Changes { guards: vec![Guard::changing(&vm)], edits: vec![Edit::update(instance)] };
    answer_vm(context, vm, changes)
}

/// GetVmMigrationCandidateHosts.
pub(super) async fn migration_hosts<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let vm = load_vm(context, context.text("vmInstanceUuid").unwrap_or_default()).await?;
    let hosts = other_hosts(context, &vm).await?;
    Ok(Done { answer: Answer::Documents(hosts), ..Done::default() })
}

/// GetVmStartingCandidateClustersHosts.
pub(super) async fn starting_places<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let vm = load_vm(context, context.text("uuid").unwrap_or_default()).await?;
    let infrastructure = context.node.store.infrastructure().await?;
    let places = infrastructure.suitable_hosts(&vm, &PlacementRequest::default());
    let hosts: Vec<_> = places.iter().map(|host| host.uuid.clone()).collect();
    let mut clusters: Vec<_> = places.iter().map(|host| host.cluster_uuid.clone()).collect();
    clusters.dedup();
    let hosts = context.node.store.documents(&hosts).await?;
    let clusters = context.node.store.documents(&clusters).await?;
    let hosts = context.node.inventories_of(context.plans, hosts, &[]).await?;
    let clusters = context.node.inventories_of(context.plans, clusters, &[]).await?;
    Ok(Done::with_fields([("hosts", hosts.into()), ("clusters", clusters.into())]))
}

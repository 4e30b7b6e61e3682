//! Creates a VM instance, and connects an ISO image, a data volume, an elastic IP address and a
//! security group to it.

use zstack_client::eip::CreateEip;
use zstack_client::security_group::{AddSecurityGroupRule, AddVmNicToSecurityGroup, CreateSecurityGroup};
use zstack_client::types::{SecurityGroupRuleAO, VmInstanceInventory, VmInstanceState};
use zstack_client::vip::CreateVip;
use zstack_client::vm_instance::{AttachIsoToVmInstance, CreateVmInstance, QueryVmInstance};
use zstack_client::volume::{AttachDataVolumeToVm, CreateDataVolume};
use zstack_client::{Column, QueryRequest as _};

use super::{Guest, Infrastructure};
use crate::Failure;
use crate::caller::{Caller, DRIVES, check, drive_with};

const STATE: &[&str] = &["name", "state", "hostUuid", "vmNics", "ip", "mac"];

pub(super) async fn run(caller: &mut Caller, infrastructure: &Infrastructure) -> Result<Guest, Failure> {
    let vm = create_vm(caller, infrastructure).await?;
    let nic = vm.vm_nics.iter().flatten().next().ok_or("the VM instance has no NIC")?.uuid.clone();
    let what = "Inserts the ISO image into its drive.";
    let request = AttachIsoToVmInstance::new(&vm.uuid, &infrastructure.iso);
    let changed = caller.call(what, request, DRIVES).await?.inventory;
    check(drive_with(&changed, &infrastructure.iso).is_some(), "a drive contains the ISO image")?;
    let data_volume = attach_volume(caller, infrastructure, &vm.uuid).await?;
    let (vip, eip) = create_eip(caller, infrastructure, &nic).await?;
    let security_group = protect(caller, &nic).await?;
    let what = "Finds the VM instance by the address of its NIC.";
    let request = QueryVmInstance::default().filter(Column::<String>::new("vmNics.uuid").eq(&nic));
    let found = caller.call(what, request, &["name", "state", "allVolumes", "type"]).await?;
    let found = found.inventories.unwrap_or_default();
    check(found.iter().any(|found| found.uuid == vm.uuid), "it is found")?;
    Ok(Guest { vm: vm.uuid, data_volume, vip, eip, security_group })
}

async fn create_vm(
    caller: &mut Caller,
    infrastructure: &Infrastructure,
) -> Result<VmInstanceInventory, Failure> {
    let what = "Creates a VM instance from the template, and starts it.";
    let request = CreateVmInstance::new("web-1")
        .instance_offering_uuid(&infrastructure.instance_offering)
        .image_uuid(&infrastructure.template)
        .l3_network_uuids([&infrastructure.private_network]);
    let vm = caller.call(what, request, STATE).await?.inventory;
    check(vm.state == Some(VmInstanceState::Running), "it is running")?;
    check(vm.host_uuid.as_ref() == Some(&infrastructure.host), "it runs on the host")?;
    Ok(vm)
}

async fn attach_volume(
    caller: &mut Caller,
    infrastructure: &Infrastructure,
    vm: &str,
) -> Result<String, Failure> {
    let what = "Creates a data volume, which no storage contains yet.";
    let request = CreateDataVolume::new("data").disk_offering_uuid(&infrastructure.disk_offering);
    let volume = caller.call(what, request, &["name", "type", "size", "status"]).await?.inventory.uuid;
    let request = AttachDataVolumeToVm::new(vm, &volume);
    let keys = ["name", "status", "vmInstanceUuid", "deviceId", "installPath"];
    let attached = caller.call("Attaches it to the VM instance.", request, &keys).await?.inventory;
    let owner = attached.and_then(|volume| volume.vm_instance_uuid);
    check(owner.as_deref() == Some(vm), "the VM instance has it")?;
    Ok(volume)
}

async fn create_eip(
    caller: &mut Caller,
    infrastructure: &Infrastructure,
    nic: &str,
) -> Result<(String, String), Failure> {
    let what = "Reserves an address of the public network.";
    let request = CreateVip::new("web", &infrastructure.public_network);
    let vip = caller.call(what, request, &["name", "ip", "state"]).await?.inventory;
    let what = "Makes it the elastic IP address of the NIC.";
    let request = CreateEip::new("web", &vip.uuid).vm_nic_uuid(nic);
    let eip = caller.call(what, request, &["name", "vipIp", "guestIp", "vmNicUuid"]).await?.inventory;
    check(eip.vip_ip == vip.ip && eip.guest_ip.is_some(), "it leads to the NIC")?;
    Ok((vip.uuid, eip.uuid))
}

async fn protect(caller: &mut Caller, nic: &str) -> Result<String, Failure> {
    let request = CreateSecurityGroup::new("web");
    let group = caller.call("Creates a security group.", request, &["name", "state"]).await?.inventory.uuid;
    let mut rule = SecurityGroupRuleAO::default();
    rule.r#type = Some("Ingress".to_owned());
    rule.protocol = Some("TCP".to_owned());
    rule.dst_port_range = Some("443".to_owned());
    let request = AddSecurityGroupRule::new(&group, vec![rule]);
    let keys = ["name", "rules", "type", "protocol", "dstPortRange"];
    caller.call("Allows HTTPS.", request, &keys).await?;
    let request = AddVmNicToSecurityGroup::new(&group, [nic]);
    caller.call("Applies it to the NIC.", request, &[]).await?;
    Ok(group)
}

//! Deletes everything that was created, in the opposite order.

use zstack_client::backup_storage::DeleteBackupStorage;
use zstack_client::cluster::DeleteCluster;
use zstack_client::eip::DeleteEip;
use zstack_client::host::DeleteHost;
use zstack_client::image::{DeleteImage, ExpungeImage};
use zstack_client::l2_network::DeleteL2Network;
use zstack_client::l3_network::DeleteL3Network;
use zstack_client::offering::{DeleteDiskOffering, DeleteInstanceOffering};
use zstack_client::primary_storage::{DeletePrimaryStorage, DetachPrimaryStorageFromCluster};
use zstack_client::security_group::DeleteSecurityGroup;
use zstack_client::vip::DeleteVip;
use zstack_client::vm_instance::{DestroyVmInstance, ExpungeVmInstance, QueryVmInstance};
use zstack_client::volume::{DeleteDataVolume, ExpungeDataVolume};
use zstack_client::zone::{DeleteZone, QueryZone};

use super::{Guest, Infrastructure};
use crate::Failure;
use crate::caller::{Caller, check};

pub(super) async fn remove(
    caller: &mut Caller,
    infrastructure: &Infrastructure,
    guest: &Guest,
) -> Result<(), Failure> {
    caller.call("Removes the elastic IP address.", DeleteEip::new(&guest.eip), &[]).await?;
    caller.call("Releases the address.", DeleteVip::new(&guest.vip), &[]).await?;
    let request = DeleteSecurityGroup::new(&guest.security_group);
    caller.call("Deletes the security group.", request, &[]).await?;
    remove_vm(caller, guest).await?;
    for image in [&infrastructure.template, &infrastructure.iso] {
        caller
            .call("Deletes an image, which could still be recovered.", DeleteImage::new(image), &[])
            .await?;
        caller.call("Removes it permanently.", ExpungeImage::new(image), &[]).await?;
    }
    let request = DeleteInstanceOffering::new(&infrastructure.instance_offering);
    caller.call("Deletes the instance offering.", request, &[]).await?;
    let request = DeleteDiskOffering::new(&infrastructure.disk_offering);
    caller.call("Deletes the disk offering.", request, &[]).await?;
    for network in [&infrastructure.private_network, &infrastructure.public_network] {
        let what = "Deletes an L3 network with its addresses.";
        caller.call(what, DeleteL3Network::new(network), &[]).await?;
    }
    let request = DeleteL2Network::new(&infrastructure.l2_network);
    caller.call("Deletes the L2 network.", request, &[]).await?;
    caller.call("Deletes the host.", DeleteHost::new(&infrastructure.host), &[]).await?;
    let request =
        DetachPrimaryStorageFromCluster::new(&infrastructure.primary_storage, &infrastructure.cluster);
    caller.call("Takes the primary storage from the cluster.", request, &[]).await?;
    let request = DeletePrimaryStorage::new(&infrastructure.primary_storage);
    caller.call("Deletes the primary storage.", request, &[]).await?;
    caller.call("Deletes the cluster.", DeleteCluster::new(&infrastructure.cluster), &[]).await?;
    let request = DeleteBackupStorage::new(&infrastructure.backup_storage);
    caller.call("Deletes the backup storage.", request, &[]).await?;
    caller.call("Deletes the zone.", DeleteZone::new(&infrastructure.zone), &[]).await?;
    let zones = caller.call("Lists all zones.", QueryZone::default(), &[]).await?.inventories;
    check(zones.is_none_or(|zones| zones.is_empty()), "nothing is left")
}

async fn remove_vm(caller: &mut Caller, guest: &Guest) -> Result<(), Failure> {
    let what = "Destroys the VM instance, which could still be recovered.";
    caller.call(what, DestroyVmInstance::new(&guest.vm), &[]).await?;
    caller.call("Removes it permanently.", ExpungeVmInstance::new(&guest.vm), &[]).await?;
    let vms = caller.call("Lists all VM instances.", QueryVmInstance::default(), &[]).await?.inventories;
    check(vms.is_none_or(|vms| vms.is_empty()), "the VM instance no longer exists")?;
    let what = "Deletes the data volume, which was detached and could still be recovered.";
    caller.call(what, DeleteDataVolume::new(&guest.data_volume), &[]).await?;
    let request = ExpungeDataVolume::new(&guest.data_volume);
    caller.call("Removes it permanently.", request, &[]).await?;
    Ok(())
}

//! Allocation and release of the addresses of NICs.

use std::net::IpAddr;

use super::errors::{self, Verdict};
use crate::addresses::Range;
use crate::model::{Edit, IpRange, Moment, UsedIp, Uuid, Vm, VmNic};

/// The addresses of a network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NetworkAddresses {
    /// The UUID of the network.
    pub uuid: Uuid,
    /// The ranges of the network.
    pub ranges: Vec<IpRange>,
    /// The addresses in use.
    pub used: Vec<IpAddr>,
    /// The addresses that are never used: the first and the last one of each range of them.
    pub reserved: Vec<(IpAddr, IpAddr)>,
}

impl NetworkAddresses {
    /// True for an address that is neither in use nor reserved.
    #[must_use]
    pub fn is_free(&self, ip: IpAddr) -> bool {
        !self.used.contains(&ip) && self.reserved.iter().all(|(first, last)| !(*first..=*last).contains(&ip))
    }
}

/// Returns the networks of the NICs that have no address.
pub fn networks_without_address(vm: &Vm) -> impl Iterator<Item = &Uuid> {
    nics_without_address(vm).map(|nic| &nic.l3_network_uuid)
}

fn nics_without_address(vm: &Vm) -> impl Iterator<Item = &VmNic> {
    vm.nics.iter().filter(|nic| vm.ips.iter().all(|ip| ip.vm_nic_uuid != nic.uuid))
}

/// Allocates the lowest free address of its network to each NIC without one. If
/// the network has ranges of both IP versions, the NIC gets an address of each.
pub(crate) fn allocate(vm: &Vm, mut networks: Vec<NetworkAddresses>, now: Moment) -> Verdict<Vec<Edit>> {
    let mut edits = Vec::new();
    for nic in nics_without_address(vm) {
        let network = networks.iter_mut().find(|network| network.uuid == nic.l3_network_uuid);
        let Some(network) = network else { continue };
        let parse =
            |record: &IpRange| Ok((record.uuid.clone(), Range::of_record(record).map_err(errors::internal)?));
        let for_nics = network.ranges.iter().filter(|range| !range.is_pool());
        let ranges = for_nics.map(parse).collect::<Verdict<Vec<_>>>()?;
        for is_ipv4 in [true, false] {
            let mut of_version = ranges.iter().filter(|range| range.1.is_ipv4() == is_ipv4).peekable();
            if of_version.peek().is_none() {
                continue;
            }
            let free = of_version.filter_map(|(range_uuid, range)| {
                let ip = range.lowest_free(|ip| !network.is_free(ip))?;
                Some((ip, range_uuid, range))
            });
            let lowest = free.min_by_key(|free| free.0);
            let (ip, range_uuid, range) = lowest.ok_or_else(|| errors::no_address(&network.uuid))?;
            network.used.push(ip);
            edits.push(Edit::create(UsedIp::new(nic, range_uuid, range, ip, now)));
        }
        edits.push(Edit::update(VmNic { last_op_date: now, ..nic.clone() }));
    }
    Ok(edits)
}

/// Releases all addresses of a VM instance; it keeps its NICs.
pub(super) fn release(vm: &Vm, now: Moment) -> Vec<Edit> {
    let has_address = |nic: &&VmNic| vm.ips.iter().any(|ip| ip.vm_nic_uuid == nic.uuid);
    let nics = vm
        .nics
        .iter()
        .filter(has_address)
        .map(|nic| Edit::update(VmNic { last_op_date: now, ..nic.clone() }));
    vm.ips.iter().cloned().map(Edit::delete).chain(nics).collect()
}

//! Addresses for network cards that have none, and back.

use std::net::IpAddr;

use super::errors::{self, Verdict};
use crate::addresses::Range;
use crate::model::{Edit, IpRange, Moment, UsedIp, Uuid, Vm, VmNic};

/// A network, as far as it is about addresses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Network {
    /// Its identity.
    pub uuid: Uuid,
    /// Its ranges.
    pub ranges: Vec<IpRange>,
    /// The addresses that somebody has.
    pub taken: Vec<IpAddr>,
}

/// The networks of the network cards that have no address.
pub fn without_address(vm: &Vm) -> impl Iterator<Item = &Uuid> {
    without(vm).map(|without| &without.l3_network_uuid)
}

fn without(vm: &Vm) -> impl Iterator<Item = &VmNic> {
    vm.nics.iter().filter(|nic| vm.ips.iter().all(|ip| ip.vm_nic_uuid != nic.uuid))
}

/// Each network card that has no address gets the lowest free one of its
/// network; of each version, where the network has ranges of both.
pub(super) fn give(vm: &Vm, mut networks: Vec<Network>, now: Moment) -> Verdict<Vec<Edit>> {
    let mut edits = Vec::new();
    for nic in without(vm) {
        let network = networks.iter_mut().find(|network| network.uuid == nic.l3_network_uuid);
        let Some(Network { uuid, ranges, taken }) = network else { continue };
        let read = |it: &IpRange| {
            let range = Range::read(&it.network_cidr, it.gateway.as_deref()).map_err(errors::internal)?;
            Ok((it.uuid.clone(), range))
        };
        let ranges = ranges.iter().map(read).collect::<Verdict<Vec<_>>>()?;
        for is_ipv4 in [true, false] {
            let mut of_version = ranges.iter().filter(|range| range.1.is_ipv4() == is_ipv4).peekable();
            if of_version.peek().is_none() {
                continue;
            }
            let free = of_version.filter_map(|(range_uuid, range)| {
                let ip = range.lowest_free(|range| taken.contains(&range))?;
                Some((ip, range_uuid, range))
            });
            let lowest = free.min_by_key(|free| free.0);
            let (ip, range_uuid, range) = lowest.ok_or_else(|| errors::no_address(uuid))?;
            taken.push(ip);
            edits.push(Edit::create(UsedIp::new(nic, range_uuid, range, ip, now)));
        }
        edits.push(Edit::update(VmNic { last_op_date: now, ..nic.clone() }));
    }
    Ok(edits)
}

/// All addresses go back; the network cards stay.
pub(super) fn take_back(vm: &Vm, now: Moment) -> Vec<Edit> {
    let had = |nic: &&VmNic| vm.ips.iter().any(|ip| ip.vm_nic_uuid == nic.uuid);
    let nics = vm.nics.iter().filter(had).map(|nic| Edit::update(VmNic { last_op_date: now, ..nic.clone() }));
    vm.ips.iter().cloned().map(Edit::delete).chain(nics).collect()
}

//! Allocation of the addresses of NICs.

use std::net::IpAddr;

use serde_json::{Value, json};

use super::errors::{self, Verdict};
use super::vms::Vm;
use crate::addresses::Range;
use crate::model::{Document, IpRange, Uuid};
use crate::uuids;

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

/// Returns the NICs that have no address.
pub(crate) fn nics_without_address(vm: &Vm) -> impl Iterator<Item = &Document> {
    vm.nics.iter().filter(|nic| vm.ips.iter().all(|ip| ip.text("vmNicUuid") != Some(&nic.uuid)))
}

/// Allocates an address of its network to each NIC without one, and returns the fields of the
/// addresses: a static one of the network, or the lowest free one. If the network has ranges of both IP
/// versions, the NIC gets an address of each.
pub(crate) fn allocate(
    vm: &Vm,
    mut networks: Vec<NetworkAddresses>,
    statics: &[(Uuid, Vec<IpAddr>)],
) -> Verdict<Vec<Value>> {
    let mut addresses = Vec::new();
    let mut statics: Vec<_> =
        statics.iter().flat_map(|(network, ips)| ips.iter().map(move |ip| (network, *ip))).collect();
    for nic in nics_without_address(vm) {
        let network =
            networks.iter_mut().find(|network| Some(network.uuid.as_str()) == nic.text("l3NetworkUuid"));
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
            let is_of_nic = |(of, ip): &(&Uuid, IpAddr)| **of == network.uuid && ip.is_ipv4() == is_ipv4;
            let of_nic = statics.iter().position(is_of_nic).map(|index| statics.swap_remove(index).1);
            let chosen = match of_nic {
                Some(ip) => {
                    let range = of_version.find(|(_, range)| range.has(ip)).filter(|_| network.is_free(ip));
                    range.map(|(range_uuid, range)| (ip, range_uuid, range))
                }
                None => {
                    let free = of_version.filter_map(|(range_uuid, range)| {
                        let ip = range.lowest_free(|ip| !network.is_free(ip))?;
                        Some((ip, range_uuid, range))
                    });
                    free.min_by_key(|free| free.0)
                }
            };
            let (ip, range_uuid, range) = chosen.ok_or_else(|| errors::no_address(&network.uuid))?;
            network.used.push(ip);
            addresses.push(json!({
                // An address cannot be used twice.
                "uuid": uuids::from_name(&format!("{}/{ip}", network.uuid)),
                "vmNicUuid": nic.uuid, "ipRangeUuid": range_uuid, "l3NetworkUuid": network.uuid,
                "ip": ip.to_string(), "netmask": range.netmask(), "gateway": range.gateway,
            }));
        }
    }
    Ok(addresses)
}

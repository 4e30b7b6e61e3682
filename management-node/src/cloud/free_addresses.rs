//! Free addresses of L3 networks.

use std::net::IpAddr;

use serde_json::{Value, json};

use crate::addresses::Range;
use crate::model::{IpRange, Uuid};
use crate::rules::NetworkAddresses;
use crate::rules::errors::{self, Verdict};

/// The known strategies. Each of them gets the lowest free address, so that tests can rely on it.
const STRATEGIES: [&str; 5] = [
    "AscDelayRecycleIpAllocatorStrategy",
    "FirstAvailableIpAllocatorStrategy",
    "FirstAvailableIpv6AllocatorStrategy",
    "RandomIpAllocatorStrategy",
    "RandomIpv6AllocatorStrategy",
];

/// The addresses that a caller accepts.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wanted<'a> {
    /// The UUID of the range.
    pub(crate) range_uuid: Option<&'a str>,
    /// The IP version, 4 or 6.
    pub(crate) version: Option<i64>,
    /// The type of the range.
    pub(crate) range_type: Option<&'a str>,
}

/// An address of a range.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Address {
    pub(crate) ip: IpAddr,
    pub(crate) range_uuid: Uuid,
    pub(crate) netmask: String,
    pub(crate) prefix: u8,
    pub(crate) gateway: Option<String>,
}

impl Address {
    fn new(record: &IpRange, range: &Range, ip: IpAddr) -> Self {
        Self {
            ip,
            range_uuid: record.uuid.clone(),
            netmask: range.netmask(),
            prefix: range.prefix(),
            gateway: range.gateway.clone(),
        }
    }

    /// The inventory of a free address.
    pub(crate) fn to_inventory(&self) -> Value {
        json!({
            "ipRangeUuid": self.range_uuid, "ip": self.ip.to_string(), "netmask": self.netmask,
            "gateway": self.gateway,
        })
    }

    /// The IP version.
    pub(crate) fn version(&self) -> i64 {
        version(self.ip)
    }
}

/// The version of an address.
pub(crate) fn version(ip: IpAddr) -> i64 {
    if ip.is_ipv4() { 4 } else { 6 }
}

/// The ranges that a caller accepts: those of IPv4 first, and pools last.
fn ranges<'a>(network: &'a NetworkAddresses, wanted: &'a Wanted<'_>) -> Vec<(&'a IpRange, Range)> {
    let is_wanted = |(record, range): &(&IpRange, Range)| {
        let range_type = if record.is_pool() { "AddressPool" } else { "Normal" };
        wanted.range_uuid.is_none_or(|uuid| record.uuid == uuid)
            && wanted.version.is_none_or(|version| range.is_ipv4() == (version == 4))
            && wanted.range_type.is_none_or(|wanted| wanted == range_type)
    };
    let read = network.ranges.iter().filter_map(|record| Some((record, Range::of_record(record).ok()?)));
    let mut found: Vec<_> = read.filter(is_wanted).collect();
    found.sort_by_key(|(record, range)| (!range.is_ipv4(), record.is_pool(), range.ends()));
    found
}

/// Lists free addresses from a lowest one on, up to a number.
pub(crate) fn free(
    network: &NetworkAddresses,
    wanted: &Wanted<'_>,
    start: Option<IpAddr>,
    limit: usize,
) -> Vec<Address> {
    let mut found = Vec::new();
    for (record, range) in ranges(network, wanted) {
        let start = start.filter(|start| start.is_ipv4() == range.is_ipv4());
        let free = range.addresses(start).filter(|ip| network.is_free(*ip));
        found.extend(free.take(limit - found.len()).map(|ip| Address::new(record, &range, ip)));
    }
    found
}

/// Checks the name of a strategy for the choice of an address.
pub(crate) fn check_strategy(strategy: Option<&str>) -> Verdict<()> {
    match strategy {
        Some(strategy) if !STRATEGIES.contains(&strategy) => Err(errors::invalid_argument(format!(
            "[allocatorStrategy] is `{strategy}`, which is unknown; use one of: {}.",
            STRATEGIES.join(", ")
        ))),
        _ => Ok(()),
    }
}

/// Chooses an address: the required one, or the lowest free one.
pub(crate) fn choose(
    network: &NetworkAddresses,
    wanted: &Wanted<'_>,
    required: Option<IpAddr>,
) -> Verdict<Address> {
    let Some(ip) = required else {
        let lowest = free(network, wanted, None, 1).pop();
        return lowest.ok_or_else(|| errors::no_address(&network.uuid));
    };
    let ranges = ranges(network, wanted);
    if !network.ranges.is_empty() && ranges.iter().all(|(_, range)| range.is_ipv4() != ip.is_ipv4()) {
        return Err(errors::invalid_argument(format!(
            "{ip} is an IPv{} address, of which the L3 network [uuid:{}] has no range.",
            version(ip),
            network.uuid
        )));
    }
    if network.used.contains(&ip) {
        return Err(errors::operation_failed(format!(
            "{ip} is in use on the L3 network [uuid:{}]; choose another address.",
            network.uuid
        )));
    }
    let in_range = ranges.iter().find(|(_, range)| range.has(ip));
    let usable = in_range.filter(|(_, range)| range.gateway != Some(ip.to_string()) && network.is_free(ip));
    match usable {
        Some((record, range)) => Ok(Address::new(record, range, ip)),
        None => Err(errors::address_unusable(&network.uuid, &ip.to_string())),
    }
}

/// Chooses the lowest free address of each IP version of which the network has ranges, apart from pools.
pub(crate) fn lowest_of_each_version(network: &NetworkAddresses) -> Verdict<Vec<Address>> {
    let mut found = Vec::new();
    for version in [4, 6] {
        let wanted = Wanted { version: Some(version), range_type: Some("Normal"), range_uuid: None };
        if !ranges(network, &wanted).is_empty() {
            found.push(choose(network, &wanted, None)?);
        }
    }
    Ok(found)
}

/// The address of the network of a range, in the range or outside of it; `None` if no range has the
/// network.
pub(crate) fn in_network(network: &NetworkAddresses, ip: IpAddr) -> Option<Address> {
    let wanted = Wanted::default();
    let ranges = ranges(network, &wanted);
    let (record, range) = ranges.iter().find(|(_, range)| range.contains(ip))?;
    Some(Address::new(record, range, ip))
}

/// True if an address is between the ends of a range.
pub(crate) fn is_in_range(network: &NetworkAddresses, ip: IpAddr) -> bool {
    ranges(network, &Wanted::default()).iter().any(|(_, range)| range.has(ip))
}

/// Says why an address cannot be used; `None` if it can.
pub(crate) fn unavailable(
    network: &NetworkAddresses,
    ip: IpAddr,
    must_be_in_range: bool,
) -> Option<&'static str> {
    let wanted = Wanted::default();
    let of_ip: Vec<_> = ranges(network, &wanted).into_iter().filter(|(_, range)| range.has(ip)).collect();
    if network.used.contains(&ip) {
        Some("The address is in use.")
    } else if !network.is_free(ip) {
        Some("The address is reserved.")
    } else if of_ip.iter().any(|(_, range)| range.gateway == Some(ip.to_string())) {
        Some("The address is that of the gateway.")
    } else if must_be_in_range && of_ip.is_empty() {
        Some("The address is not in a range of the L3 network.")
    } else {
        None
    }
}

/// The capacity of ranges: totals and used addresses, by IP version.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Capacity {
    total: [u128; 2],
    used: [u128; 2],
}

impl Capacity {
    /// Adds the ranges of a network that a predicate accepts.
    pub(crate) fn add(&mut self, network: &NetworkAddresses, is_counted: impl Fn(&IpRange) -> bool) {
        let wanted = Wanted::default();
        let ranges = ranges(network, &wanted);
        let counted: Vec<_> = ranges.iter().filter(|(record, _)| is_counted(record)).collect();
        for (_, range) in &counted {
            let index = usize::from(!range.is_ipv4());
            self.total[index] = self.total[index].saturating_add(range.size());
        }
        for ip in network.used.iter().filter(|ip| counted.iter().any(|(_, range)| range.has(**ip))) {
            self.used[usize::from(!ip.is_ipv4())] += 1;
        }
    }

    /// The fields of a response. Numbers that are too large become the largest one.
    pub(crate) fn to_fields(self) -> serde_json::Map<String, Value> {
        let number = |value: u128| i64::try_from(value).unwrap_or(i64::MAX);
        let [total4, total6] = self.total;
        let [used4, used6] = self.used;
        let fields = json!({
            "totalCapacity": number(total4.saturating_add(total6)),
            "availableCapacity": number(total4.saturating_add(total6).saturating_sub(used4 + used6)),
            "usedIpAddressNumber": number(used4 + used6),
            "ipv4TotalCapacity": number(total4),
            "ipv4AvailableCapacity": number(total4.saturating_sub(used4)),
            "ipv4UsedIpAddressNumber": number(used4),
            "ipv6TotalCapacity": number(total6),
            "ipv6AvailableCapacity": number(total6.saturating_sub(used6)),
            "ipv6UsedIpAddressNumber": number(used6),
        });
        fields.as_object().cloned().unwrap_or_default()
    }
}

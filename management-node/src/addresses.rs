//! Ranges of IP addresses.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::model::IpRange;

/// Converts an IPv4 address to a number; others to 0.
pub(crate) fn in_long(ip: &str) -> i64 {
    ip.parse::<Ipv4Addr>().map_or(0, |ip| i64::from(u32::from(ip)))
}

/// A range of addresses.
pub(crate) struct Range {
    network: IpAddr,
    prefix: u8,
    /// The first and the last address for machines, unless these are all of the network.
    bounds: Option<(IpAddr, IpAddr)>,
    pub(crate) gateway: Option<String>,
}

impl Range {
    /// Parses a CIDR such as `192.168.1.0/24`, and the gateway inside of it.
    pub(crate) fn parse(cidr: &str, gateway: Option<&str>) -> Result<Self, String> {
        let parts =
            cidr.split_once('/').and_then(|(ip, prefix)| Some((ip.parse().ok()?, prefix.parse().ok()?)));
        let (network, prefix): (IpAddr, u8) =
            parts.ok_or_else(|| format!("`{cidr}` is not a CIDR such as 192.168.1.0/24"))?;
        if prefix > width(network) {
            return Err(format!("`{cidr}`: the prefix length must be at most {}", width(network)));
        }
        let mut range = Self { network, prefix, bounds: None, gateway: None };
        if let Some(gateway) = gateway {
            let inside = gateway.parse().is_ok_and(|gateway| range.contains(gateway));
            if !inside {
                return Err(format!("the gateway `{gateway}` is not an address in `{cidr}`"));
            }
            range.gateway = Some(gateway.to_owned());
        }
        Ok(range)
    }

    /// Reads the range in a record. Without a first and a last address, it has all those of its network.
    pub(crate) fn of_record(record: &IpRange) -> Result<Self, String> {
        let mut range = Self::parse(&record.network_cidr, record.gateway.as_deref())?;
        if let (Some(first), Some(last)) = (&record.start_ip, &record.end_ip) {
            let read = |ip: &str| {
                let ip = ip.parse().ok().filter(|ip| range.contains(*ip));
                ip.ok_or_else(|| format!("`{}` has no address `{first}` to `{last}`", record.network_cidr))
            };
            range.bounds = Some((read(first)?, read(last)?));
        }
        Ok(range)
    }

    /// Finds the lowest address for a machine: not the gateway, the network
    /// address or the broadcast address, and not in use.
    pub(crate) fn lowest_free(&self, is_used: impl Fn(IpAddr) -> bool) -> Option<IpAddr> {
        self.addresses(None).find(|address| !is_used(*address))
    }

    /// Iterates over the addresses for machines from the lowest one on: all but the gateway, the network
    /// address and the broadcast address. `start` is a lower bound.
    pub(crate) fn addresses(&self, start: Option<IpAddr>) -> impl Iterator<Item = IpAddr> {
        let (first, last) = self.bounds();
        let first = start.map_or(first, |start| first.max(bits(start)));
        let gateway = self.gateway.as_ref().and_then(|gateway| gateway.parse().ok());
        (first..=last).map(|bits| self.address(bits)).filter(move |address| Some(*address) != gateway)
    }

    /// The number of addresses for machines.
    pub(crate) fn size(&self) -> u128 {
        let (first, last) = self.bounds();
        let gateway = self.gateway.as_ref().and_then(|gateway| gateway.parse().ok());
        let excluded = u128::from(gateway.is_some_and(|gateway| self.has(gateway)));
        last.saturating_sub(first).saturating_add(1).saturating_sub(excluded)
    }

    /// True for an address between the first and the last one.
    pub(crate) fn has(&self, ip: IpAddr) -> bool {
        let (first, last) = self.bounds();
        self.contains(ip) && (first..=last).contains(&bits(ip))
    }

    /// The first and the last address for machines.
    pub(crate) fn ends(&self) -> (IpAddr, IpAddr) {
        let (first, last) = self.bounds();
        (self.address(first), self.address(last))
    }

    pub(crate) fn prefix(&self) -> u8 {
        self.prefix
    }

    fn bounds(&self) -> (u128, u128) {
        if let Some((first, last)) = self.bounds {
            return (bits(first), bits(last));
        }
        let all = u128::MAX >> (128 - u32::from(width(self.network)));
        let (first, last) = (bits(self.network) & self.mask(), bits(self.network) | (all & !self.mask()));
        // Ranges of one or two addresses have no network and broadcast address.
        if last - first < 2 { (first, last) } else { (first + 1, last - 1) }
    }

    pub(crate) fn is_ipv4(&self) -> bool {
        self.network.is_ipv4()
    }

    pub(crate) fn contains(&self, ip: IpAddr) -> bool {
        self.network.is_ipv4() == ip.is_ipv4() && (bits(self.network) ^ bits(ip)) & self.mask() == 0
    }

    fn mask(&self) -> u128 {
        let width = width(self.network);
        let all = u128::MAX >> (128 - u32::from(width));
        all & !all.checked_shr(u32::from(self.prefix)).unwrap_or(0)
    }

    fn address(&self, bits: u128) -> IpAddr {
        match self.network {
            // An IPv4 range has only 32-bit addresses.
            IpAddr::V4(_) => Ipv4Addr::from(u32::try_from(bits).unwrap_or(u32::MAX)).into(),
            IpAddr::V6(_) => Ipv6Addr::from(bits).into(),
        }
    }

    /// Returns the network mask, such as `255.255.255.0`.
    pub(crate) fn netmask(&self) -> String {
        self.address(self.mask()).to_string()
    }
}

fn width(ip: IpAddr) -> u8 {
    if ip.is_ipv4() { 32 } else { 128 }
}

fn bits(ip: IpAddr) -> u128 {
    match ip {
        IpAddr::V4(ip) => u128::from(u32::from(ip)),
        IpAddr::V6(ip) => u128::from(ip),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contains_its_addresses_and_has_a_netmask() {
        let range = Range::parse("192.168.1.0/24", Some("192.168.1.1")).ok().unwrap();
        assert!(range.contains("192.168.1.255".parse().unwrap()));
        assert!(!range.contains("192.168.2.1".parse().unwrap()));
        assert!(!range.contains("::1".parse().unwrap()));
        assert_eq!(range.netmask(), "255.255.255.0");
        for (cidr, netmask) in [
            ("0.0.0.0/0", "0.0.0.0"),
            ("10.0.0.0/9", "255.128.0.0"),
            ("10.0.0.1/32", "255.255.255.255"),
            ("fd00::/64", "ffff:ffff:ffff:ffff::"),
            ("::/0", "::"),
            ("::1/128", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
        ] {
            assert_eq!(Range::parse(cidr, None).ok().unwrap().netmask(), netmask, "{cidr}");
        }
    }

    #[test]
    fn finds_the_lowest_free_address() {
        for (cidr, gateway, used, expected) in [
            ("10.0.0.0/24", Some("10.0.0.1"), &[][..], Some("10.0.0.2")),
            ("10.0.0.0/24", Some("10.0.0.2"), &["10.0.0.1"], Some("10.0.0.3")),
            ("10.0.0.77/24", None, &["10.0.0.1", "10.0.0.3"], Some("10.0.0.2")),
            ("10.0.0.0/30", Some("10.0.0.1"), &["10.0.0.2"], None),
            ("10.0.0.0/31", Some("10.0.0.0"), &[], Some("10.0.0.1")),
            ("10.0.0.7/32", None, &[], Some("10.0.0.7")),
            ("10.0.0.7/32", None, &["10.0.0.7"], None),
            ("0.0.0.0/0", None, &[], Some("0.0.0.1")),
            ("fd00::/64", Some("fd00::1"), &["fd00::2"], Some("fd00::3")),
            ("::/0", None, &[], Some("::1")),
        ] {
            let used: Vec<IpAddr> = used.iter().map(|address| address.parse().unwrap()).collect();
            let free = Range::parse(cidr, gateway).ok().unwrap().lowest_free(|ip| used.contains(&ip));
            assert_eq!(free, expected.map(|address| address.parse().unwrap()), "{cidr} {used:?}");
        }
    }

    #[test]
    fn a_record_can_have_fewer_addresses_than_its_network() {
        let record = |start: &str, end: &str| IpRange {
            uuid: String::new(),
            l3_network_uuid: String::new(),
            network_cidr: "10.0.0.0/24".to_owned(),
            gateway: Some("10.0.0.11".to_owned()),
            start_ip: Some(start.to_owned()),
            end_ip: Some(end.to_owned()),
            ip_range_type: None,
            create_date: crate::model::Moment::from_millis(0),
            last_op_date: crate::model::Moment::from_millis(0),
        };
        let range = Range::of_record(&record("10.0.0.10", "10.0.0.12")).ok().unwrap();
        let ip = |text: &str| text.parse::<IpAddr>().unwrap();
        assert_eq!(range.addresses(None).collect::<Vec<_>>(), [ip("10.0.0.10"), ip("10.0.0.12")]);
        assert_eq!(range.addresses(Some(ip("10.0.0.12"))).count(), 1);
        assert_eq!(range.lowest_free(|used| used == ip("10.0.0.10")), Some(ip("10.0.0.12")));
        assert!(range.has(ip("10.0.0.12")) && !range.has(ip("10.0.0.13")) && range.contains(ip("10.0.0.13")));
        assert_eq!((range.size(), range.ends()), (2, (ip("10.0.0.10"), ip("10.0.0.12"))));
        assert!(Range::of_record(&record("10.0.0.10", "10.0.1.12")).is_err());
    }

    #[test]
    fn rejects_invalid_ranges_and_gateways() {
        for (cidr, gateway) in [
            ("192.168.1.0", None),
            ("192.168.1.0/33", None),
            ("fd00::/129", None),
            ("net/24", None),
            ("192.168.1.0/24", Some("192.168.2.1")),
            ("192.168.1.0/24", Some("router")),
        ] {
            assert!(Range::parse(cidr, gateway).is_err(), "{cidr} {gateway:?}");
        }
    }
}

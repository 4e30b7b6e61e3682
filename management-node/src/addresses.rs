//! Ranges of IP addresses.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// A range of addresses.
pub(crate) struct Range {
    network: IpAddr,
    prefix: u8,
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
        let mut range = Self { network, prefix, gateway: None };
        if let Some(gateway) = gateway {
            let inside = gateway.parse().is_ok_and(|gateway| range.contains(gateway));
            if !inside {
                return Err(format!("the gateway `{gateway}` is not an address in `{cidr}`"));
            }
            range.gateway = Some(gateway.to_owned());
        }
        Ok(range)
    }

    /// Finds the lowest address for a machine: not the gateway, the network
    /// address or the broadcast address, and not in use.
    pub(crate) fn lowest_free(&self, is_used: impl Fn(IpAddr) -> bool) -> Option<IpAddr> {
        let all = u128::MAX >> (128 - u32::from(width(self.network)));
        let (first, last) = (bits(self.network) & self.mask(), bits(self.network) | (all & !self.mask()));
        // Ranges of one or two addresses have no network and broadcast address.
        let (first, last) = if last - first < 2 { (first, last) } else { (first + 1, last - 1) };
        let gateway = self.gateway.as_ref().and_then(|gateway| gateway.parse().ok());
        (first..=last)
            .map(|bits| self.address(bits))
            .find(|address| Some(*address) != gateway && !is_used(*address))
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

//! Addresses and the ranges they are from.

use std::net::IpAddr;

/// A range of addresses.
pub(super) struct Range {
    network: IpAddr,
    prefix: u8,
    pub(super) gateway: Option<String>,
}

impl Range {
    /// `192.168.1.0/24`, and the way out of it.
    pub(super) fn read(cidr: &str, gateway: Option<&str>) -> Result<Self, String> {
        let parts =
            cidr.split_once('/').and_then(|(ip, prefix)| Some((ip.parse().ok()?, prefix.parse().ok()?)));
        let (network, prefix): (IpAddr, u8) =
            parts.ok_or_else(|| format!("`{cidr}` is no range such as 192.168.1.0/24"))?;
        if prefix > width(network) {
            return Err(format!("`{cidr}`: the number after the slash is at most {}", width(network)));
        }
        let mut range = Self { network, prefix, gateway: None };
        if let Some(gateway) = gateway {
            let inside = gateway.parse().is_ok_and(|it| range.contains(it));
            if !inside {
                return Err(format!("the gateway `{gateway}` is no address of `{cidr}`"));
            }
            range.gateway = Some(gateway.to_owned());
        }
        Ok(range)
    }

    pub(super) fn contains(&self, ip: IpAddr) -> bool {
        self.network.is_ipv4() == ip.is_ipv4() && (bits(self.network) ^ bits(ip)) & self.mask() == 0
    }

    fn mask(&self) -> u128 {
        let width = width(self.network);
        let all = u128::MAX >> (128 - u32::from(width));
        all & !all.checked_shr(u32::from(self.prefix)).unwrap_or(0)
    }

    /// `255.255.255.0`.
    pub(super) fn netmask(&self) -> String {
        match self.network {
            // The mask has no more bits than the address.
            IpAddr::V4(_) => {
                std::net::Ipv4Addr::from(u32::try_from(self.mask()).unwrap_or(u32::MAX)).to_string()
            }
            IpAddr::V6(_) => std::net::Ipv6Addr::from(self.mask()).to_string(),
        }
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
    fn a_range_knows_its_addresses_and_its_netmask() {
        let range = Range::read("192.168.1.0/24", Some("192.168.1.1")).ok().unwrap();
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
            assert_eq!(Range::read(cidr, None).ok().unwrap().netmask(), netmask, "{cidr}");
        }
    }

    #[test]
    fn what_is_no_range_is_refused() {
        for (cidr, gateway) in [
            ("192.168.1.0", None),
            ("192.168.1.0/33", None),
            ("fd00::/129", None),
            ("net/24", None),
            ("192.168.1.0/24", Some("192.168.2.1")),
            ("192.168.1.0/24", Some("router")),
        ] {
            assert!(Range::read(cidr, gateway).is_err(), "{cidr} {gateway:?}");
        }
    }
}

//! New IP ranges: the checks of their addresses, and the fields that follow from them.

use std::fmt::Display;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use serde_json::{Map, Value, json};

use super::Parameters;
use crate::addresses::Range;
use crate::model::{Document, IpRange};
use crate::rules::errors::{self, Verdict};

/// A range that is to be created.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NewRange {
    first: IpAddr,
    last: IpAddr,
    net: IpNet,
    gateway: IpAddr,
}

/// The place of a new range.
pub(crate) struct Site<'a> {
    /// The L3 network.
    pub(crate) network: &'a Document,
    /// The ranges of all L3 networks on the same L2 network.
    pub(crate) ranges: &'a [Document],
}

fn text<'a>(parameters: &'a Parameters, name: &str) -> Option<&'a str> {
    parameters.get(name).and_then(Value::as_str)
}

fn invalid<T>(details: impl Into<String>) -> Verdict<T> {
    Err(errors::invalid_argument(details))
}

/// Reads a parameter as an address, a CIDR …; `what` describes it with an example.
pub(crate) fn parse_parameter<T: FromStr>(name: &str, value: &str, what: &str) -> Verdict<T> {
    value
        .trim()
        .parse()
        .or_else(|_| invalid(format!("[{name}] is `{value}`, which is not {what}; correct it.")))
}

fn read_required<T: FromStr>(parameters: &Parameters, name: &str, what: &str) -> Verdict<T> {
    parse_parameter(name, text(parameters, name).unwrap_or_default(), what)
}

const IPV4: &str = "an IPv4 address such as 192.168.1.10";
const IPV6: &str = "an IPv6 address such as 2001:db8::10";

/// True if the request asks for a pool of addresses for VIPs.
pub(crate) fn is_pool(parameters: &Parameters) -> bool {
    text(parameters, "ipRangeType") == Some("AddressPool")
}

/// The parameters of `AddIpRange`.
pub(crate) fn ipv4_of_addresses(parameters: &Parameters) -> Verdict<Vec<NewRange>> {
    let first: Ipv4Addr = read_required(parameters, "startIp", IPV4)?;
    let last: Ipv4Addr = read_required(parameters, "endIp", IPV4)?;
    let gateway = match text(parameters, "gateway") {
        // A pool needs no gateway.
        _ if is_pool(parameters) => first,
        Some(gateway) => parse_parameter("gateway", gateway, IPV4)?,
        None => return invalid("[gateway] is missing; a range of the type Normal needs it."),
    };
    let mask: Ipv4Addr = read_required(parameters, "netmask", "a netmask such as 255.255.255.0")?;
    let net = match Ipv4Net::with_netmask(first, mask) {
        Ok(net) if net.prefix_len() > 0 => net.trunc(),
        _ => return invalid(format!("[netmask] is `{mask}`, which is not a netmask such as 255.255.255.0.")),
    };
    let is_last_outside = !net.contains(&last);
    if is_last_outside || !net.contains(&gateway) {
        let (name, ip) = if is_last_outside { ("endIp", last) } else { ("gateway", gateway) };
        return invalid(format!("[{name}] is {ip}, which is not in the network {net} of [startIp]."));
    }
    Ok(vec![NewRange { first: first.into(), last: last.into(), net: net.into(), gateway: gateway.into() }])
}

/// The parameters of `AddIpRangeByNetworkCidr`: a gateway in the middle divides the addresses.
pub(crate) fn ipv4_of_cidr(parameters: &Parameters) -> Verdict<Vec<NewRange>> {
    let net: Ipv4Net = read_required(parameters, "networkCidr", "a CIDR such as 192.168.1.0/24")?;
    let net = net.trunc();
    if !(1..=30).contains(&net.prefix_len()) {
        return invalid(format!(
            "[networkCidr] is {net}, which has no hosts; its prefix length must be 1 to 30."
        ));
    }
    let low = u32::from(net.network()) + 1;
    let high = u32::from(net.broadcast()) - 1;
    let new = |first: u32, last: u32, gateway: u32| NewRange {
        first: Ipv4Addr::from(first).into(),
        last: Ipv4Addr::from(last).into(),
        net: net.into(),
        gateway: Ipv4Addr::from(gateway).into(),
    };
    if is_pool(parameters) {
        return Ok(vec![new(low, high, low)]);
    }
    let gateway = match text(parameters, "gateway") {
        Some(gateway) => u32::from(parse_parameter::<Ipv4Addr>("gateway", gateway, IPV4)?),
        None => low,
    };
    if !(low..=high).contains(&gateway) {
        let gateway = Ipv4Addr::from(gateway);
        return invalid(format!("[gateway] is {gateway}, which is not an address of a host in {net}."));
    }
    Ok(if gateway == low {
        vec![new(low + 1, high, gateway)]
    } else if gateway == high {
        vec![new(low, high - 1, gateway)]
    } else {
        vec![new(low, gateway - 1, gateway), new(gateway + 1, high, gateway)]
    })
}

/// The parameters of `AddIpv6Range`.
pub(crate) fn ipv6_of_addresses(parameters: &Parameters) -> Verdict<Vec<NewRange>> {
    let first: Ipv6Addr = read_required(parameters, "startIp", IPV6)?;
    let last: Ipv6Addr = read_required(parameters, "endIp", IPV6)?;
    let gateway: Ipv6Addr = read_required(parameters, "gateway", IPV6)?;
    let prefix = parameters.get("prefixLen").and_then(Value::as_u64).unwrap_or_default();
    let net = u8::try_from(prefix).ok().and_then(|prefix| Ipv6Net::new(first, prefix).ok());
    let Some(net) = net.map(|net| net.trunc()) else {
        return invalid(format!("[prefixLen] is {prefix}; it must be 8 to 126."));
    };
    for (name, ip) in [("endIp", last), ("gateway", gateway)] {
        if !net.contains(&ip) {
            return invalid(format!("[{name}] is {ip}, which is not in the network {net} of [startIp]."));
        }
    }
    Ok(vec![NewRange { first: first.into(), last: last.into(), net: net.into(), gateway: gateway.into() }])
}

/// The parameters of `AddIpv6RangeByNetworkCidr`: the first host is the gateway.
pub(crate) fn ipv6_of_cidr(parameters: &Parameters) -> Verdict<Vec<NewRange>> {
    let net: Ipv6Net = read_required(parameters, "networkCidr", "a CIDR such as 2001:db8::/64")?;
    let net = net.trunc();
    if !(8..=126).contains(&net.prefix_len()) {
        return invalid(format!("[networkCidr] is {net}; its prefix length must be 8 to 126."));
    }
    let host = |number| IpAddr::from(Ipv6Addr::from(u128::from(net.network()) + number));
    let (first, last) = (host(2), IpAddr::from(net.broadcast()));
    Ok(vec![NewRange { first, last, net: net.into(), gateway: host(1) }])
}

impl NewRange {
    /// Checks the range at its place.
    pub(crate) fn check(&self, parameters: &Parameters, site: &Site<'_>) -> Verdict<()> {
        let Self { first, last, net, gateway } = self;
        let is_pool = is_pool(parameters);
        if is_pool && (first.is_ipv6() || site.network.text("category") != Some("Public")) {
            return invalid("[ipRangeType] is AddressPool, which only a public IPv4 network can have.");
        }
        for ip in [first, last] {
            if is_special(*ip) {
                return invalid(format!("{ip} is a multicast, reserved or link-local address; use others."));
            }
        }
        if net.addr().is_ipv4()
            && net.prefix_len() < 31
            && (*first == net.network() || *last == net.broadcast())
        {
            return invalid(format!("{first} to {last} has the network or broadcast address of {net}."));
        }
        if first > last {
            return invalid(format!("[startIp] is {first}, which is higher than [endIp], {last}."));
        }
        if !is_pool && (first..=last).contains(&gateway) {
            return invalid(format!(
                "[gateway] is {gateway}, which is between [startIp] and [endIp]; choose a smaller range."
            ));
        }
        self.check_mode(parameters, site)?;
        for document in site.ranges {
            self.check_neighbor(document, is_pool, parameters, site)?;
        }
        Ok(())
    }

    fn check_mode(&self, parameters: &Parameters, site: &Site<'_>) -> Verdict<()> {
        if self.first.is_ipv4() {
            return Ok(());
        }
        let mode = text(parameters, "addressMode").unwrap_or_default();
        if mode != "Stateful-DHCP" && self.net.prefix_len() != 64 {
            return invalid(format!(
                "[addressMode] is {mode}, which needs a prefix length of 64; got {}.",
                self.net.prefix_len()
            ));
        }
        if site.network.text("category") == Some("System") {
            return invalid("A system network cannot have an IPv6 range.");
        }
        Ok(())
    }

    /// Compares the range with an existing one.
    fn check_neighbor(
        &self,
        document: &Document,
        is_pool: bool,
        parameters: &Parameters,
        site: &Site<'_>,
    ) -> Verdict<()> {
        let Some(record) = record_of(document) else { return Ok(()) };
        let Ok(range) = Range::of_record(&record) else { return Ok(()) };
        if range.is_ipv4() != self.first.is_ipv4() {
            return Ok(());
        }
        let (first, last) = range.ends();
        if self.first <= last && first <= self.last {
            return invalid(format!(
                "{} to {} overlaps with the IP range [uuid:{}], {first} to {last}, of the same L2 network.",
                self.first, self.last, document.uuid
            ));
        }
        let is_beside = record.l3_network_uuid == site.network.uuid && !is_pool && !record.is_pool();
        let same = |field: &str, old: &dyn Display, new: &dyn Display| {
            if old.to_string() == new.to_string() {
                return Ok(());
            }
            invalid(format!(
                "The {field} is {new}, but that of the IP range [uuid:{}] of the same L3 network is {old}; they must be \
                 the same.",
                document.uuid
            ))
        };
        if is_beside {
            let cidr = record.network_cidr.parse::<IpNet>().map(|net| net.trunc()).unwrap_or(self.net);
            same("CIDR", &cidr, &self.net)?;
            if let Some(gateway) = &record.gateway {
                same("gateway", gateway, &self.gateway)?;
            }
            if let Some(old) = document.text("addressMode") {
                same("address mode", &old, &text(parameters, "addressMode").unwrap_or_default())?;
            }
        }
        Ok(())
    }

    /// The fields of the new document.
    pub(crate) fn fields(&self, parameters: &Parameters, network: &Document) -> Map<String, Value> {
        let fields = json!({
            "l3NetworkUuid": network.uuid,
            "startIp": self.first.to_string(),
            "endIp": self.last.to_string(),
            "netmask": self.net.netmask().to_string(),
            "gateway": self.gateway.to_string(),
            "networkCidr": self.net.to_string(),
            "prefixLen": self.net.prefix_len(),
            "ipVersion": if self.first.is_ipv4() { 4 } else { 6 },
            "ipRangeType": if is_pool(parameters) { "AddressPool" } else { "Normal" },
            "addressMode": if self.first.is_ipv4() { None } else { text(parameters, "addressMode") },
        });
        fields.as_object().cloned().unwrap_or_default()
    }
}

/// Reads the document of a range.
pub(crate) fn record_of(document: &Document) -> Option<IpRange> {
    serde_json::from_value(Value::Object((*document.fields).clone())).ok()
}

/// The `ipVersion` of an L3 network that gets a range of a version: 46 means both.
pub(crate) fn ip_version(network: &Document, ranges: &[Document], new: i64) -> i64 {
    let version = |document: &Document| {
        let is_ipv4 = document.text("networkCidr").is_none_or(|cidr| !cidr.contains(':'));
        if is_ipv4 { 4 } else { 6 }
    };
    let has_other = ranges
        .iter()
        .any(|range| range.text("l3NetworkUuid") == Some(&network.uuid) && version(range) != new);
    if has_other { 46 } else { new }
}

/// True for an address that no machine can have.
fn is_special(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => {
            let is_link_local = ip.is_link_local() && !matches!(ip.octets(), [_, _, 0 | 255, _]);
            // From 224.0.0.0 on: multicast, and the reserved class E.
            is_link_local || u32::from(ip) >= 0xe000_0000
        }
        IpAddr::V6(ip) => {
            ip.is_multicast() || ip.is_loopback() || ip.is_unspecified() || ip.is_unicast_link_local()
        }
    }
}

#[cfg(test)]
#[path = "ip_ranges/tests.rs"]
mod tests;

use super::*;

fn network(category: &str) -> Document {
    let fields = json!({"uuid": "l3", "category": category}).as_object().cloned().unwrap_or_default();
    Document {
        uuid: "l3".to_owned(),
        kind: "L3Network".to_owned(),
        base: String::new(),
        revision: 0,
        fields: fields.into(),
    }
}

fn range(network: &str, first: &str, last: &str) -> Document {
    let fields = json!({
        "uuid": "range", "l3NetworkUuid": network, "startIp": first, "endIp": last, "networkCidr": "10.0.0.0/24",
        "gateway": "10.0.0.1", "createDate": 0, "lastOpDate": 0,
    });
    let fields = fields.as_object().cloned().unwrap_or_default();
    Document {
        uuid: "range".to_owned(),
        kind: "IpRange".to_owned(),
        base: String::new(),
        revision: 0,
        fields: fields.into(),
    }
}

fn parameters(first: &str, last: &str, netmask: &str, gateway: &str) -> Parameters {
    let all = json!({"startIp": first, "endIp": last, "netmask": netmask, "gateway": gateway});
    let mut all = all.as_object().cloned().unwrap_or_default();
    all.retain(|_, value| value != "");
    all
}

fn is_accepted(parameters: &Parameters, ranges: &[Document]) -> bool {
    let network = network("Private");
    let site = Site { network: &network, ranges };
    ipv4_of_addresses(parameters)
        .is_ok_and(|new| new.iter().all(|range| range.check(parameters, &site).is_ok()))
}

#[test]
fn a_range_is_inside_of_its_network_without_the_gateway() {
    for (first, last, netmask, gateway, expected) in [
        ("10.0.0.2", "10.0.0.254", "255.255.255.0", "10.0.0.1", true),
        ("10.0.0.2", "10.0.0.254", "255.255.255.0", "", false),
        ("10.0.0.2", "10.0.0.254", "255.255.0.255", "10.0.0.1", false),
        ("10.0.0.2", "10.0.0.254", "0.0.0.0", "10.0.0.1", false),
        ("10.0.0.2", "10.0.1.254", "255.255.255.0", "10.0.0.1", false),
        ("10.0.0.2", "10.0.0.255", "255.255.255.0", "10.0.0.1", false),
        ("10.0.0.0", "10.0.0.254", "255.255.255.0", "10.0.0.1", false),
        ("10.0.0.9", "10.0.0.8", "255.255.255.0", "10.0.0.1", false),
        ("10.0.0.2", "10.0.0.9", "255.255.255.0", "10.0.0.3", false),
        ("10.0.0.2", "10.0.0.9", "255.255.255.0", "10.0.1.1", false),
        ("224.0.0.2", "224.0.0.9", "255.255.255.0", "224.0.0.1", false),
        ("169.254.1.2", "169.254.1.9", "255.255.255.0", "169.254.1.1", false),
        ("fd00::2", "fd00::9", "255.255.255.0", "10.0.1.1", false),
    ] {
        let accepted = is_accepted(&parameters(first, last, netmask, gateway), &[]);
        assert_eq!(accepted, expected, "{first} {last} {netmask} {gateway}");
    }
}

#[test]
fn ranges_of_an_l2_network_do_not_overlap_and_those_of_an_l3_network_are_alike() {
    let new = |gateway| parameters("10.0.0.10", "10.0.0.20", "255.255.255.0", gateway);
    for (network, first, last, gateway, expected) in [
        ("l3", "10.0.0.21", "10.0.0.30", "10.0.0.1", true),
        ("l3", "10.0.0.20", "10.0.0.30", "10.0.0.1", false),
        ("other", "10.0.0.2", "10.0.0.10", "10.0.0.1", false),
        ("l3", "10.0.0.21", "10.0.0.30", "10.0.0.2", false),
        ("other", "10.0.0.21", "10.0.0.30", "10.0.0.2", true),
    ] {
        let accepted = is_accepted(&new(gateway), &[range(network, first, last)]);
        assert_eq!(accepted, expected, "{network} {first} {last} {gateway}");
    }
}

#[test]
fn the_gateway_divides_a_cidr() {
    let ends = |gateway: &str| {
        let mut all = parameters("", "", "", gateway);
        all.insert("networkCidr".to_owned(), "10.0.0.7/24".into());
        let ranges = ipv4_of_cidr(&all).ok()?;
        Some(ranges.iter().map(|range| format!("{}-{}", range.first, range.last)).collect::<Vec<_>>())
    };
    let of = |ranges: &[&str]| Some(ranges.iter().map(|range| (*range).to_owned()).collect::<Vec<_>>());
    assert_eq!(ends(""), of(&["10.0.0.2-10.0.0.254"]));
    assert_eq!(ends("10.0.0.254"), of(&["10.0.0.1-10.0.0.253"]));
    assert_eq!(ends("10.0.0.9"), of(&["10.0.0.1-10.0.0.8", "10.0.0.10-10.0.0.254"]));
    assert_eq!(ends("10.0.0.255"), None);
}

#[test]
fn an_ipv6_network_of_another_mode_needs_64_bits() {
    let network = network("Private");
    let site = Site { network: &network, ranges: &[] };
    for (cidr, mode, expected) in [
        ("fd00::/64", "SLAAC", true),
        ("fd00::/96", "SLAAC", false),
        ("fd00::/96", "Stateful-DHCP", true),
        ("ff00::/64", "SLAAC", false),
    ] {
        let all = json!({"networkCidr": cidr, "addressMode": mode});
        let all = all.as_object().cloned().unwrap_or_default();
        let ranges = ipv6_of_cidr(&all).ok().unwrap();
        assert_eq!(ranges[0].check(&all, &site).is_ok(), expected, "{cidr} {mode}");
    }
}

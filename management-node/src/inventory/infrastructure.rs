//! Accounts, zones, clusters, hosts, networks and offerings.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha512};

use super::fields::Fields;
use super::planner::{Network, Planner};
use super::problem::Spanned;
use crate::addresses::Range;
use crate::model::{
    ADMIN_UUID, Account, AccountKind, Architecture, Cluster, Connection, Edit, Host, Hypervisor,
    InstanceOffering, IpRange, L3Network, Zone,
};

/// The maximum number of ranges of a network.
const MAX_RANGES: usize = 64;

pub(super) fn read<'a>(root: &mut Fields<'a>, planner: &mut Planner<'a>) {
    accounts(root, planner);
    planner.section(root, "zones", "a zone", zone);
    planner.section(root, "clusters", "a cluster", cluster);
    planner.section(root, "hosts", "a host", host);
    planner.section(root, "networks", "a network", network);
    planner.section(root, "offerings", "an offering", offering);
}

fn accounts<'a>(root: &mut Fields<'a>, planner: &mut Planner<'a>) {
    // The account admin always exists; a declaration changes its password.
    let mut admin_declared = false;
    planner.section(root, "accounts", "an account", |planner, fields| {
        let header = planner.header(fields, "account");
        let kind = fields.word("kind").unwrap_or(AccountKind::Normal);
        let password = password(fields);
        let is_admin = header.name.value == "admin";
        admin_declared |= is_admin;
        let account = Account {
            uuid: if is_admin { ADMIN_UUID.to_owned() } else { header.uuid },
            name: header.name.value.clone(),
            kind: if is_admin { AccountKind::SystemAdmin } else { kind },
            password,
            create_date: header.created,
            last_op_date: header.created,
        };
        planner.accounts.add(&header.name, &account.uuid, account.clone(), planner.problems);
        planner.edit(if is_admin { Edit::update(account) } else { Edit::create(account) });
    });
    if !admin_declared {
        let admin = Account {
            uuid: ADMIN_UUID.to_owned(),
            name: "admin".to_owned(),
            kind: AccountKind::SystemAdmin,
            password: String::new(),
            create_date: planner.now,
            last_op_date: planner.now,
        };
        let name = Spanned { value: "admin".to_owned(), at: root.at };
        planner.accounts.add(&name, ADMIN_UUID, admin, planner.problems);
    }
}

/// Reads a password, and returns its SHA-512, which clients send.
fn password(fields: &mut Fields<'_>) -> String {
    let hash = fields.text("passwordSha512");
    let plain = if hash.is_some() { fields.text("password") } else { fields.required_text("password") };
    match (hash, plain) {
        (Some(hash), None) => {
            let is_digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
            if hash.value.len() != 128 || !hash.value.bytes().all(is_digit) {
                fields.problems.add(hash.at, "`passwordSha512` must have 128 lower-case hexadecimal digits");
            }
            hash.value
        }
        (Some(hash), Some(_)) => {
            fields
                .problems
                .add(hash.at, "`password` and `passwordSha512` exclude each other; write one of them");
            hash.value
        }
        (None, plain) => password_hash(&plain.map(|plain| plain.value).unwrap_or_default()),
    }
}

/// Computes the form of a password that clients send: its SHA-512, in lower-case
/// hexadecimal.
#[must_use]
pub fn password_hash(text: &str) -> String {
    Sha512::digest(text.as_bytes()).iter().fold(String::with_capacity(128), |mut hex, byte| {
        // Writing to a String cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

fn zone(planner: &mut Planner<'_>, fields: &mut Fields<'_>) {
    let header = planner.header(fields, "zone");
    let zone = Zone {
        uuid: header.uuid,
        name: header.name.value.clone(),
        create_date: header.created,
        last_op_date: header.created,
    };
    planner.zones.add(&header.name, &zone.uuid, zone.clone(), planner.problems);
    planner.create(zone);
}

fn cluster(planner: &mut Planner<'_>, fields: &mut Fields<'_>) {
    let header = planner.header(fields, "cluster");
    let zone = fields.text("zone");
    let hypervisor_type = fields.word("hypervisor").unwrap_or(Hypervisor::Kvm);
    let architecture = fields.word("architecture").unwrap_or(Architecture::X86_64);
    let Some(zone) = planner.zones.find_or_only(zone.as_ref(), "zone", fields.at, planner.problems) else {
        return;
    };
    let cluster = Cluster {
        uuid: header.uuid,
        name: header.name.value.clone(),
        zone_uuid: zone.uuid.clone(),
        hypervisor_type,
        architecture,
        create_date: header.created,
        last_op_date: header.created,
    };
    planner.clusters.add(&header.name, &cluster.uuid, cluster.clone(), planner.problems);
    planner.create(cluster);
}

fn host(planner: &mut Planner<'_>, fields: &mut Fields<'_>) {
    let header = planner.header(fields, "host");
    let cluster = fields.text("cluster");
    let management_ip = fields.required_text("managementIp").map(|ip| ip.value).unwrap_or_default();
    let status = fields.word("status").unwrap_or(Connection::Connected);
    let Some(cluster) =
        planner.clusters.find_or_only(cluster.as_ref(), "cluster", fields.at, planner.problems)
    else {
        return;
    };
    let host = Host {
        uuid: header.uuid,
        name: header.name.value.clone(),
        cluster_uuid: cluster.uuid.clone(),
        management_ip,
        status,
        create_date: header.created,
        last_op_date: header.created,
    };
    if !planner.management_ips.insert(host.management_ip.clone()) {
        planner.problem(
            header.name.at,
            format!("another host already has the managementIp {}", host.management_ip),
        );
    }
    planner.hosts.add(&header.name, &host.uuid, host.clone(), planner.problems);
    planner.create(host);
}

fn network<'a>(planner: &mut Planner<'a>, fields: &mut Fields<'a>) {
    let header = planner.header(fields, "network");
    let zone = fields.text("zone");
    let ranges = fields.items("ranges").unwrap_or_default();
    let zone = planner.zones.find_or_only(zone.as_ref(), "zone", fields.at, planner.problems);
    let Some(zone_uuid) = zone.map(|zone| zone.uuid.clone()) else {
        return;
    };
    planner.create(L3Network {
        uuid: header.uuid.clone(),
        name: header.name.value.clone(),
        zone_uuid: zone_uuid.clone(),
        create_date: header.created,
        last_op_date: header.created,
    });
    let mut network = Network { uuid: header.uuid, zone_uuid, ranges: Vec::new() };
    // Bounded, since each address of the network is searched for in all ranges.
    if ranges.len() > MAX_RANGES {
        let count = ranges.len();
        planner
            .problem(header.name.at, format!("a network must have at most {MAX_RANGES} ranges; got {count}"));
        return;
    }
    for (index, node) in ranges.into_iter().enumerate() {
        let mut fields = Fields::new(node, "a range", planner.problems);
        let uuid = planner.part_uuid(&mut fields, &network.uuid, &format!("range/{index}"));
        let (cidr, gateway) = (fields.required_text("cidr"), fields.text("gateway"));
        fields.finish();
        let Some(cidr) = cidr else { continue };
        match Range::parse(&cidr.value, gateway.as_ref().map(|gateway| gateway.value.as_str())) {
            Err(problem) => planner.problem(cidr.at, problem),
            Ok(range) => {
                planner.create(IpRange {
                    uuid: uuid.clone(),
                    l3_network_uuid: network.uuid.clone(),
                    network_cidr: cidr.value,
                    gateway: gateway.map(|gateway| gateway.value),
                    start_ip: None,
                    end_ip: None,
                    ip_range_type: None,
                    create_date: header.created,
                    last_op_date: header.created,
                });
                network.ranges.push((uuid, range));
            }
        }
    }
    let uuid = network.uuid.clone();
    planner.networks.add(&header.name, &uuid, network, planner.problems);
}

fn offering(planner: &mut Planner<'_>, fields: &mut Fields<'_>) {
    let header = planner.header(fields, "offering");
    let strategy = fields.text("allocatorStrategy").map(|text| text.value);
    let offering = InstanceOffering {
        uuid: header.uuid,
        name: header.name.value.clone(),
        cpu_num: fields.integer("cpus", 1..=1024).unwrap_or(1),
        memory_size: fields.size("memory").unwrap_or(1 << 30),
        allocator_strategy: strategy.unwrap_or_else(|| "LeastVmPreferredHostAllocatorStrategy".to_owned()),
        create_date: header.created,
        last_op_date: header.created,
    };
    planner.offerings.add(&header.name, &offering.uuid, offering.clone(), planner.problems);
    planner.create(offering);
}

//! The NICs of a new VM instance, and their addresses.

use std::net::IpAddr;

use serde_json::Value;

use super::super::super::Context;
use super::Facts;
use crate::cloud::free_addresses;
use crate::model::{Document, Uuid};
use crate::rules::errors::{self, Verdict};
use crate::rules::vms::Vm;
use crate::service::Failure;
use crate::store::Store;

/// The drivers of NICs.
const DRIVERS: [&str; 5] = ["virtio", "e1000", "rtl8139", "ne2k_pci", "pcnet"];

/// The settings of a NIC.
#[derive(Clone, Debug, Default)]
pub(super) struct NicSettings {
    pub(super) network: Uuid,
    /// The driver; `None` for the usual one of the image.
    pub(super) driver: Option<String>,
    /// `None` for the usual one.
    pub(super) state: Option<String>,
    pub(super) mac: Option<String>,
    pub(super) addresses: Vec<IpAddr>,
}

/// The settings of the NICs, in the order of the networks.
pub(super) fn settings(facts: &Facts<'_>, networks: &[Uuid]) -> Verdict<Vec<NicSettings>> {
    let new = |network: &Uuid| NicSettings { network: network.clone(), ..NicSettings::default() };
    let mut all: Vec<_> = networks.iter().map(new).collect();
    let mut macs: Vec<String> = Vec::new();
    for (network, mac) in values_by_network(facts.tags, "customMac::") {
        let mac = mac.to_ascii_lowercase();
        let is_byte = |byte: &str| byte.len() == 2 && byte.bytes().all(|digit| digit.is_ascii_hexdigit());
        if mac.split(':').count() != 6 || !mac.split(':').all(is_byte) {
            return Err(errors::invalid_argument(format!(
                "[systemTags customMac] has the MAC address `{mac}`; write one such as fa:16:3e:00:00:01."
            )));
        }
        if macs.contains(&mac) || facts.used_macs.contains(&mac) {
            return Err(errors::operation_failed(format!(
                "[systemTags customMac] has the MAC address {mac}, which is in use; choose another one."
            )));
        }
        of_network(&mut all, "systemTags customMac", network)?.mac = Some(mac.clone());
        macs.push(mac);
    }
    for (network, ip) in values_by_network(facts.tags, "staticIp::") {
        let ip = ip.replace("--", "::").parse::<IpAddr>().map_err(|_| {
            errors::invalid_argument(format!(
                "[systemTags staticIp] has `{ip}`, which is not an IP address; write one such as 192.168.1.10."
            ))
        })?;
        of_network(&mut all, "systemTags staticIp", network)?.addresses.push(ip);
    }
    for parameters in of_parameters(facts)? {
        let text = |key: &str| parameters[key].as_str();
        let nic = of_network(&mut all, "vmNicParams", text("l3NetworkUuid").unwrap_or_default())?;
        if let Some(driver) = text("driverType").filter(|driver| !DRIVERS.contains(driver)) {
            return Err(errors::operation_failed(format!(
                "[vmNicParams] has the driver `{driver}`; use one of: {}.",
                DRIVERS.join(", ")
            )));
        }
        nic.driver = text("driverType").map(str::to_owned);
        nic.state = text("state").map(str::to_owned);
    }
    Ok(all)
}

/// The networks and the values of tags such as `staticIp::{network}::{address}`.
fn values_by_network<'a>(tags: &'a [String], name: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
    tags.iter().filter_map(move |tag| tag.strip_prefix(name)?.split_once("::"))
}

/// The networks for which tags name addresses, and the MAC addresses that they name.
pub(super) fn networks_and_macs(tags: &[String]) -> (Vec<Uuid>, Vec<String>) {
    let networks = values_by_network(tags, "staticIp::").map(|(network, _)| network.to_owned());
    (
        networks.collect(),
        values_by_network(tags, "customMac::").map(|(_, mac)| mac.to_ascii_lowercase()).collect(),
    )
}

fn of_network<'a>(
    all: &'a mut [NicSettings],
    parameter: &str,
    network: &str,
) -> Verdict<&'a mut NicSettings> {
    all.iter_mut().find(|nic| nic.network == network).ok_or_else(|| {
        errors::invalid_argument(format!(
            "[{parameter}] names the L3 network [uuid:{network}], which is not one of [l3NetworkUuids]."
        ))
    })
}

/// The objects in the parameter with the settings of single NICs.
fn of_parameters(facts: &Facts<'_>) -> Verdict<Vec<Value>> {
    let Some(text) = facts.text("vmNicParams") else { return Ok(Vec::new()) };
    let parsed: Option<Vec<Value>> = serde_json::from_str(text).ok();
    let is_valid = |list: &Vec<Value>| list.iter().all(Value::is_object);
    parsed.filter(is_valid).ok_or_else(|| {
        errors::operation_failed(format!(
            "[vmNicParams] is `{text}`; write a JSON array with one object per NIC, each with `l3NetworkUuid`."
        ))
    })
}

/// Checks that the static addresses can be used.
pub(super) fn check_addresses(facts: &Facts<'_>, nics: &[NicSettings]) -> Verdict<()> {
    for nic in nics {
        let network = facts.addresses.iter().find(|network| network.uuid == nic.network);
        for ip in &nic.addresses {
            let reason = match network {
                Some(network) => free_addresses::unavailable(network, *ip, true),
                None => Some("The L3 network has no IP range."),
            };
            if let Some(reason) = reason {
                return Err(errors::invalid_argument(format!(
                    "[systemTags staticIp] names {ip} for the L3 network [uuid:{}], which cannot be used. {reason} Choose \
                     another address.",
                    nic.network
                )));
            }
        }
    }
    Ok(())
}

/// Creates the NICs.
pub(super) fn create<S: Store>(
    context: &Context<'_, S>,
    vm: &Vm,
    facts: &Facts<'_>,
    settings: &[NicSettings],
) -> Result<Vec<Document>, Failure> {
    let of_image = || {
        facts.image.as_ref().is_none_or(|image| {
            image.fields.get("virtio") == Some(&true.into())
                || matches!(image.text("platform"), Some("WindowsVirtio" | "Paravirtualization"))
        })
    };
    let is_virtio = facts.parameters.get("virtio").and_then(Value::as_bool).unwrap_or_else(of_image);
    let usual = if is_virtio { "virtio" } else { "e1000" };
    let create = |(device_id, nic): (i32, &NicSettings)| {
        let driver = nic.driver.as_deref().unwrap_or(usual);
        let mac = nic.mac.as_deref();
        let mut document = super::super::nics::new_nic(context, vm, device_id, &nic.network, driver, mac)?;
        if let Some(state) = &nic.state {
            document.set("state", state.clone());
        }
        Ok(document)
    };
    (0..).zip(settings).map(create).collect()
}

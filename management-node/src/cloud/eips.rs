//! Elastic IP addresses: a VIP that leads to a NIC.

use super::guests::{Guest, UsedVip, check_enabled};
use crate::model::Document;
use crate::rules::errors::{self, Verdict};

/// Checks that a VIP can become an EIP.
pub(crate) fn check_vip(UsedVip { vip, users }: &UsedVip) -> Verdict<()> {
    if let Some(user) = users.first() {
        return Err(errors::operation_failed(format!(
            "The VIP [uuid:{}] is in use by the {} [uuid:{}]; choose another one.",
            vip.uuid, user.base, user.uuid
        )));
    }
    if vip.fields.get("system").and_then(serde_json::Value::as_bool) == Some(true) {
        return Err(errors::operation_failed(format!("The VIP [uuid:{}] belongs to the system.", vip.uuid)));
    }
    check_enabled("VIP", vip)
}

/// Checks that the VIP of an EIP can lead to a NIC, and returns the address of the NIC.
pub(crate) fn check_guest(vip: &Document, guest: &Guest, used_ip: Option<&str>) -> Verdict<String> {
    let ip = guest.check(vip, "Eip", used_ip)?;
    if let Some(eip) = guest.eips.iter().find(|eip| eip.text("guestIp") == Some(&ip)) {
        return Err(errors::operation_failed(format!(
            "The NIC [uuid:{}] already has the EIP [uuid:{}]; detach it first.",
            guest.nic.uuid, eip.uuid
        )));
    }
    if let Some(rule) = guest.own_rules().find(|rule| rule.text("allowedCidr").is_some()) {
        return Err(errors::operation_failed(format!(
            "The NIC [uuid:{}] has the port forwarding rule [uuid:{}] with an allowed CIDR, which excludes an EIP.",
            guest.nic.uuid, rule.uuid
        )));
    }
    Ok(ip)
}

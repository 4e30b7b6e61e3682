//! Quotas: how much of each kind an account may have.

use super::storages::bytes;
use crate::model::Document;
use crate::rules::errors::{self, Verdict};

/// The names, with the defaults of new accounts.
pub(crate) const DEFAULTS: [(&str, i64); 17] = [
    ("vm.totalNum", 20),
    ("vm.num", 20),
    ("vm.cpuNum", 80),
    ("vm.memorySize", 80 << 30),
    ("volume.data.num", 40),
    ("volume.capacity", 10 << 40),
    ("image.num", 20),
    ("image.size", 10 << 40),
    ("snapshot.volume.num", 200),
    ("l3.num", 20),
    ("vip.num", 20),
    ("eip.num", 20),
    ("portForwarding.num", 20),
    ("securityGroup.num", 20),
    ("loadBalancer.num", 20),
    ("listener.num", 20),
    ("vxlan.num", 8),
];

/// Adds up what these documents use of a quota.
pub(crate) fn usage<'a>(name: &str, documents: impl IntoIterator<Item = &'a Document>) -> i64 {
    documents.into_iter().map(|document| usage_of(name, document)).fold(0, i64::saturating_add)
}

fn usage_of(name: &str, document: &Document) -> i64 {
    let count = |is_counted: bool| i64::from(is_counted);
    let state = document.text("state").unwrap_or_default();
    let is_running = matches!(state, "Running" | "Paused" | "Starting" | "Unknown");
    let is_data = document.text("type") == Some("Data");
    match (document.base.as_str(), name) {
        ("VmInstance", "vm.totalNum") => count(state != "Destroyed"),
        ("VmInstance", "vm.num") => count(is_running),
        ("VmInstance", "vm.cpuNum") if is_running => bytes(document, "cpuNum"),
        ("VmInstance", "vm.memorySize") if is_running => bytes(document, "memorySize"),
        ("Volume", "volume.data.num") => count(is_data),
        ("Volume", "volume.capacity") => bytes(document, "size"),
        ("Image", "image.size") => bytes(document, "actualSize"),
        ("Image", "image.num")
        | ("VolumeSnapshot", "snapshot.volume.num")
        | ("L3Network", "l3.num")
        | ("Vip", "vip.num")
        | ("Eip", "eip.num")
        | ("PortForwardingRule", "portForwarding.num")
        | ("SecurityGroup", "securityGroup.num")
        | ("LoadBalancer", "loadBalancer.num")
        | ("LoadBalancerListener", "listener.num") => 1,
        ("L2Network", "vxlan.num") => count(document.kind == "L2VxlanNetwork"),
        _ => 0,
    }
}

/// The limit of an account: that of its quota, or the default.
pub(crate) fn limit(quotas: &[Document], name: &str, default: i64) -> i64 {
    let quota = quotas.iter().find(|quota| quota.text("name") == Some(name));
    quota.and_then(|quota| quota.number("value")).unwrap_or(default)
}

/// Requires that an account may have `new` documents in addition to `present` ones.
pub(crate) fn check(quotas: &[Document], present: &[Document], new: &[&Document]) -> Verdict<()> {
    for (name, default) in DEFAULTS {
        let added = usage(name, new.iter().copied());
        if added == 0 {
            continue;
        }
        let (used, limit) = (usage(name, present), limit(quotas, name, default));
        if used.saturating_add(added) > limit {
            return Err(errors::quota_exceeded(name, limit, used, added));
        }
    }
    Ok(())
}

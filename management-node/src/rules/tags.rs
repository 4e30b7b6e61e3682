//! Which system tags an operation that creates something takes.

use super::errors::{self, Verdict};
use crate::model::{AccountKind, Caller};

/// The patterns there are. A part in braces stands for any text.
const PATTERNS: &[&str] = &[
    "bootMode::{}",
    "bootOrderOnce::{}",
    "cdromBootOnce::{}",
    "cdromUuid::{}",
    "cdroms::{}::{}::{}",
    "cleanTraffic::{}",
    "consolePassword::{}",
    "createWithoutCdRom::{}",
    "customMac::{}::{}",
    "driver::virtio",
    "hostname::{}",
    "iso::{}::{}",
    "primaryStorageUuidForDataVolume::{}",
    "qemuga",
    "resourceConfig::{}::{}::{}",
    "staticIp::{}::{}",
    "usbRedirect::{}",
    "userdata::{}",
    "vmMachineType::{}",
    "vmPriority::{}",
];

/// Patterns that only an administrator may use.
const ADMIN_PATTERNS: &[&str] = &["bootOrder::{}"];

/// Every tag is known, and the caller may use it. Tags that are only about the
/// request itself, `ephemeral::…`, are free.
pub(super) fn check(tags: &[String], caller: &Caller) -> Verdict<()> {
    for tag in tags.iter().filter(|tag| !tag.starts_with("ephemeral::")) {
        if ADMIN_PATTERNS.iter().any(|admin_pattern| matches(tag, admin_pattern)) {
            if caller.kind != AccountKind::SystemAdmin {
                return Err(errors::operation_failed(format!(
                    "[systemTags] has `{tag}`, which only admin may set; leave it out."
                )));
            }
        } else if !PATTERNS.iter().any(|pattern| matches(tag, pattern)) {
            return Err(errors::invalid_argument(format!(
                "[systemTags] has `{tag}`, which matches no known pattern of tags; leave it out."
            )));
        }
    }
    Ok(())
}

/// Part by part; empty parts at the end of the tag do not count. Most tags
/// differ in the first part, so that a list of a million of them takes little.
fn matches(tag: &str, pattern: &str) -> bool {
    let mut parts = tag.split("::");
    let mut last = "";
    for expected in pattern.split("::") {
        match parts.next() {
            Some(part) if expected == "{}" || part == expected => last = part,
            _ => return false,
        }
    }
    !last.is_empty() && parts.all(str::is_empty)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_match_part_by_part() {
        for (tag, pattern, expected) in [
            ("hostname::web", "hostname::{}", true),
            ("hostname::web::", "hostname::{}", true),
            ("hostname::", "hostname::{}", false),
            ("hostname::web::1", "hostname::{}", false),
            ("Hostname::web", "hostname::{}", false),
            ("qemuga", "qemuga", true),
            ("driver::virtio", "driver::virtio", true),
            ("driver::ide", "driver::virtio", false),
            ("", "qemuga", false),
            ("::", "qemuga", false),
            ("hostname::::web", "hostname::{}", false),
            ("staticIp::::web", "staticIp::{}::{}", true),
            ("staticIp::web::::", "staticIp::{}::{}", false),
        ] {
            assert_eq!(matches(tag, pattern), expected, "{tag} {pattern}");
        }
    }
}

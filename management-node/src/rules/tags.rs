//! The system tags that operations which create resources accept.

use super::errors::{self, Verdict};
use crate::model::{AccountKind, Caller};

/// The known patterns. `{}` matches any text.
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

/// Checks that every tag is known and the caller may use it. Tags that concern only
/// the request, `ephemeral::…`, are not checked.
pub(crate) fn check(tags: &[String], caller: &Caller) -> Verdict<()> {
    for tag in tags.iter().filter(|tag| !tag.starts_with("ephemeral::")) {
        if ADMIN_PATTERNS.iter().any(|pattern| matches(tag, pattern)) {
            if caller.kind != AccountKind::SystemAdmin {
                return Err(errors::operation_failed(format!(
                    "[systemTags] contains `{tag}`, which only admin may set; remove it."
                )));
            }
        } else if !PATTERNS.iter().any(|pattern| matches(tag, pattern)) {
            return Err(errors::invalid_argument(format!(
                "[systemTags] contains `{tag}`, which does not match a known tag pattern; remove it."
            )));
        }
    }
    Ok(())
}

/// Compares a tag with a pattern part by part, ignoring empty parts at the end of
/// the tag. Most tags differ in the first part, so that even a million are fast.
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
    fn compares_part_by_part() {
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

//! The system tags that operations which create resources accept.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

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

/// A rule for the values of a tag: its name, the values in words, and the check.
type ValueRule = (&'static str, &'static str, fn(&str) -> bool);

/// The rules.
const VALUES: [ValueRule; 5] = [
    ("hostname", "a host name such as `web-1` or `web-1.example`", is_host_name),
    ("userdata", "a text in Base64", is_base64),
    ("bootMode", "Legacy, UEFI or UEFI_WITH_CSM", |value| BOOT_MODES.contains(&value)),
    ("bootOrder", "a list of HardDisk, CdRom and Network, separated by commas", is_boot_order),
    ("consolePassword", "a password that does not begin with `password`", |value| {
        !value.starts_with("password")
    }),
];

const BOOT_MODES: [&str; 3] = ["Legacy", "UEFI", "UEFI_WITH_CSM"];
const BOOT_DEVICES: [&str; 3] = ["HardDisk", "CdRom", "Network"];

fn is_host_name(value: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    value.len() <= 253 && value.split('.').all(is_label)
}

fn is_base64(value: &str) -> bool {
    BASE64_STANDARD.decode(value).is_ok()
}

fn is_boot_order(value: &str) -> bool {
    value.split(',').all(|device| BOOT_DEVICES.contains(&device))
}

/// Checks the value of a tag whose values have a rule.
pub(crate) fn check_value(name: &str, value: &str) -> Verdict<()> {
    match VALUES.iter().find(|(known, ..)| *known == name) {
        Some((_, expected, is_valid)) if !is_valid(value) => {
            Err(errors::invalid_argument(format!("[{name}] must be {expected}.")))
        }
        _ => Ok(()),
    }
}

/// Checks the values of the tags of a new resource, which may have each of those with a rule once.
pub(crate) fn check_values(tags: &[String]) -> Verdict<()> {
    let mut seen = Vec::new();
    for (name, value) in tags.iter().filter_map(|tag| tag.split_once("::")) {
        check_value(name, value)?;
        if seen.contains(&name) {
            return Err(errors::invalid_argument(format!(
                "[systemTags] contains `{name}::` twice; a resource has one."
            )));
        }
        if VALUES.iter().any(|(known, ..)| *known == name) {
            seen.push(name);
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
    fn checks_values() {
        for (tag, is_valid) in [
            ("hostname::web-1.example", true),
            ("hostname::a b", false),
            ("hostname::-a", false),
            ("userdata::I2Nsb3VkLWNvbmZpZwo=", true),
            ("userdata::#cloud-config", false),
            ("bootMode::UEFI", true),
            ("bootMode::uefi", false),
            ("bootOrder::CdRom,HardDisk", true),
            ("bootOrder::Floppy", false),
            ("consolePassword::password1", false),
            ("other::a b", true),
            ("qemuga", true),
        ] {
            assert_eq!(check_values(&[tag.to_owned()]).is_ok(), is_valid, "{tag}");
        }
        let twice = ["hostname::a", "hostname::b"].map(str::to_owned);
        assert!(check_values(&twice).unwrap_err().details.unwrap().contains("twice"));
    }

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

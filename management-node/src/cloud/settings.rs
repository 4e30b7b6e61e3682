//! Global settings, which every node has with their defaults.

use serde_json::{Value, json};

use super::new_document;
use super::plan::Plans;
use super::quotas::DEFAULTS as QUOTAS;
use crate::model::{DocumentEdit, Moment, Uuid};
use crate::rules::errors::{self, Verdict};
use crate::uuids;

/// The resource.
pub(crate) const RESOURCE: &str = "GlobalConfig";

/// The values that a setting may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Allowed {
    Flag,
    Number(i64, i64),
    Words(&'static [&'static str]),
    Text,
}

/// A setting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Setting {
    pub(crate) category: &'static str,
    pub(crate) name: &'static str,
    pub(crate) default: String,
    pub(crate) allowed: Allowed,
    /// The resources that may have a value of their own.
    pub(crate) resources: &'static [&'static str],
}

const POLICIES: Allowed = Allowed::Words(&["Direct", "Delay", "Never"]);
const MAX: i64 = i64::MAX;
const VM: &[&str] = &["VmInstance", "Cluster"];
const HOST: &[&str] = &["Host", "Cluster", "Zone"];

/// The settings apart from quotas.
const SETTINGS: [(&str, &str, &str, Allowed, &[&str]); 26] = [
    ("vm", "deletionPolicy", "Delay", POLICIES, &[]),
    ("vm", "expungePeriod", "604800", Allowed::Number(0, MAX), &[]),
    ("vm", "expungeInterval", "3600", Allowed::Number(1, MAX), &[]),
    ("vm", "uniqueVmName", "false", Allowed::Flag, &[]),
    ("vm", "dataVolume.deleteOnVmDestroy", "false", Allowed::Flag, &[]),
    ("vm", "maximumCdRomNum", "3", Allowed::Number(1, 3), &[]),
    ("vm", "vmDefaultCdRomNum", "1", Allowed::Number(0, 3), &[]),
    ("vm", "numa", "false", Allowed::Flag, VM),
    ("vm", "emulateHyperV", "false", Allowed::Flag, VM),
    ("vm", "videoType", "virtio", Allowed::Words(&["cirrus", "vga", "qxl", "virtio"]), VM),
    ("vm", "nicMultiQueueNum", "1", Allowed::Number(1, 256), &["VmNic", "VmInstance", "Cluster"]),
    ("volume", "deletionPolicy", "Delay", POLICIES, &[]),
    ("volume", "expungePeriod", "259200", Allowed::Number(0, MAX), &[]),
    ("volume", "expungeInterval", "3600", Allowed::Number(1, MAX), &[]),
    ("image", "deletionPolicy", "Delay", POLICIES, &[]),
    ("image", "expungePeriod", "259200", Allowed::Number(0, MAX), &[]),
    ("image", "expungeInterval", "3600", Allowed::Number(1, MAX), &[]),
    ("volumeSnapshot", "incrementalSnapshot.maxNum", "64", Allowed::Number(0, 120), &[]),
    ("volumeSnapshot", "snapshot.before.revertvolume", "false", Allowed::Flag, &[]),
    ("primaryStorage", "reservedCapacity", "1G", Allowed::Text, &[]),
    ("kvm", "dataVolume.maxNum", "24", Allowed::Number(0, 24), &[]),
    ("kvm", "reservedMemory", "1G", Allowed::Text, HOST),
    (
        "kvm",
        "vm.cacheMode",
        "none",
        Allowed::Words(&["none", "writethrough", "writeback"]),
        &["Volume", "VmInstance"],
    ),
    ("host", "cpu.overProvisioning.ratio", "10", Allowed::Number(1, 1000), HOST),
    ("host", "ping.interval", "60", Allowed::Number(1, MAX), &[]),
    ("host", "reconnectAllOnBoot", "true", Allowed::Flag, &[]),
];

/// All settings.
pub(crate) fn all() -> impl Iterator<Item = Setting> {
    let quotas = QUOTAS.iter().map(|(name, value)| Setting {
        category: "quota",
        name,
        default: value.to_string(),
        allowed: Allowed::Number(0, MAX),
        resources: &[],
    });
    let others = SETTINGS.iter().map(|(category, name, default, allowed, resources)| Setting {
        category,
        name,
        default: (*default).to_owned(),
        allowed: *allowed,
        resources,
    });
    others.chain(quotas)
}

impl Setting {
    /// The UUID of its document, which inventories lack.
    pub(crate) fn uuid(&self) -> Uuid {
        uuids::from_name(&format!("{RESOURCE}/{}/{}", self.category, self.name))
    }

    /// Describes it.
    pub(crate) fn description(&self) -> String {
        format!("The setting {} of the category {}.", self.name, self.category)
    }

    /// Checks a value.
    pub(crate) fn check(&self, value: &str) -> Verdict<()> {
        let (is_allowed, expected) = match self.allowed {
            Allowed::Flag => (matches!(value, "true" | "false"), "true or false".to_owned()),
            Allowed::Number(minimum, maximum) => (
                value.parse::<i64>().is_ok_and(|value| (minimum..=maximum).contains(&value)),
                format!("a number from {minimum} to {maximum}"),
            ),
            Allowed::Words(words) => (words.contains(&value), words.join(" or ")),
            Allowed::Text => (true, String::new()),
        };
        if is_allowed {
            return Ok(());
        }
        Err(errors::invalid_argument(format!(
            "[value] is `{value}`, but {}/{} must be {expected}.",
            self.category, self.name
        )))
    }

    /// The allowed values, as the API describes them.
    pub(crate) fn options(&self) -> Value {
        match self.allowed {
            Allowed::Flag => json!({"validValue": ["true", "false"]}),
            Allowed::Words(words) => json!({"validValue": words}),
            Allowed::Number(minimum, maximum) => {
                json!({"numberGreaterThanOrEqual": minimum, "numberLessThanOrEqual": maximum})
            }
            Allowed::Text => json!({}),
        }
    }
}

/// Reads a number of bytes with a unit, such as `1G`; 0 for another text.
pub(crate) fn parse_size(text: &str) -> i64 {
    let (number, shift) = match text.trim().to_ascii_uppercase() {
        text if text.ends_with('K') => (text, 10),
        text if text.ends_with('M') => (text, 20),
        text if text.ends_with('G') => (text, 30),
        text if text.ends_with('T') => (text, 40),
        text => (text, 0),
    };
    let number = number.trim_end_matches(|unit: char| unit.is_ascii_alphabetic()).parse::<i64>();
    number.map_or(0, |number| number.saturating_mul(1 << shift))
}

/// Finds a setting.
pub(crate) fn find(category: &str, name: &str) -> Verdict<Setting> {
    all().find(|setting| setting.category == category && setting.name == name).ok_or_else(|| {
        errors::invalid_argument(format!(
            "[name] is `{name}`, which is not a setting of the category `{category}`; QueryGlobalConfig lists all."
        ))
    })
}

/// Creates the documents of all settings.
pub(crate) fn new_settings(plans: &Plans, now: Moment) -> Vec<DocumentEdit> {
    let Some(resource) = plans.catalog.resource(RESOURCE) else { return Vec::new() };
    let create = |(index, setting): (i64, Setting)| {
        let fields = json!({
            "uuid": setting.uuid(), "id": index, "category": setting.category, "name": setting.name,
            "defaultValue": setting.default, "value": setting.default,
            "description": setting.description(),
        });
        new_document(plans, resource, fields.as_object().cloned().unwrap_or_default(), None, now).1
    };
    (1..).zip(all()).map(create).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_sizes() {
        for (text, expected) in
            [("1G", 1 << 30), ("512m", 512 << 20), ("1024", 1024), ("2T", 2 << 40), ("x", 0)]
        {
            assert_eq!(parse_size(text), expected, "{text}");
        }
    }

    #[test]
    fn defaults_are_allowed() {
        for setting in all() {
            assert!(setting.check(&setting.default).is_ok(), "{setting:?}");
        }
        assert!(find("vm", "numa").unwrap().check("yes").is_err());
        assert!(find("vm", "unknown").is_err());
    }
}

//! Plausible texts, by the names of fields.

use heck::ToSnakeCase as _;
use sha2::{Digest as _, Sha256};

use crate::model::{Constraints, Type};

/// Texts by the ends of names in snake case; the first match counts. `{noun}` is the noun of the resource, and `{stem}`
/// the rest of the name.
const TEXTS: &[(&str, &str)] = &[
    ("email", "admin@example.com"),
    ("email_address", "admin@example.com"),
    ("mac", "fa:16:3e:5c:10:01"),
    ("mac_address", "fa:16:3e:5c:10:01"),
    ("ip6", "2001:db8::10"),
    ("ipv6", "2001:db8::10"),
    ("cidr", "192.0.2.0/24"),
    ("cidr_block", "192.0.2.0/24"),
    ("netmask", "255.255.255.0"),
    ("gateway", "192.0.2.1"),
    ("start_ip", "192.0.2.10"),
    ("end_ip", "192.0.2.99"),
    ("dns", "192.0.2.53"),
    ("ip", "192.0.2.10"),
    ("host_name", "192.0.2.10"),
    ("hostname", "192.0.2.10"),
    ("address", "192.0.2.10"),
    ("endpoint", "https://example.com"),
    ("uri", "https://example.com/{noun}"),
    ("url", "https://example.com/{noun}"),
    ("path", "/tmp/{noun}"),
    ("port", "8080"),
    ("password", "password"),
    ("account_name", "admin"),
    ("user_name", "admin"),
    ("username", "admin"),
    ("phone", "+1 555 0100"),
    ("phone_number", "+1 555 0100"),
    ("public_key", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExample admin@example.com"),
    ("base64", "ZXhhbXBsZQ=="),
    ("cron", "0 0 2 * * ?"),
    ("description", "For tests."),
    ("architecture", "x86_64"),
    ("format", "qcow2"),
    ("hypervisor_type", "KVM"),
    ("os_type", "Linux"),
    ("platform", "Linux"),
    ("device", "/dev/vdb"),
    ("interface", "eth0"),
    ("protocol", "TCP"),
    ("state", "Enabled"),
    ("status", "Ready"),
    ("language", "en_US"),
    ("time_zone", "UTC"),
    ("timezone", "UTC"),
    ("resource_type", "VmInstanceVO"),
    ("user_tag", "env::test"),
    ("user_tags", "env::test"),
    ("tag", "env::test"),
    ("version", "1.0.0"),
    ("name", "{stem}-1"),
    ("id", "{stem}-1"),
];

/// Texts that satisfy constraints which the others violate.
const OTHERS: [&str; 4] = ["example", "Example1", "1", "/example"];

/// Finds the first entry whose text is the end of a name, at the beginning of a word.
pub(super) fn find_by_suffix<'t, T>(table: &'t [(&str, T)], name: &str) -> Option<&'t T> {
    let name = name.to_snake_case();
    let ends_with =
        |suffix: &str| name.strip_suffix(suffix).is_some_and(|rest| rest.is_empty() || rest.ends_with('_'));
    // `hostIps` is a list of `hostIp`.
    let singular = name.strip_suffix('s').unwrap_or(&name);
    let ends_with_singular = |suffix: &str| {
        singular.strip_suffix(suffix).is_some_and(|rest| rest.is_empty() || rest.ends_with('_'))
    };
    let found = table.iter().find(|(suffix, _)| ends_with(suffix) || ends_with_singular(suffix));
    found.map(|(_, value)| value)
}

/// Returns texts for a field of an operation about a resource, in the order of preference.
pub(super) fn candidates(operation: &str, noun: &str, name: &str, ty: &Type) -> Vec<String> {
    // `isoUuid`, or `isoUuids` for a list.
    let lower = name.to_ascii_lowercase();
    if *ty == Type::Uuid || lower.ends_with("uuid") || lower.ends_with("uuids") {
        return vec![uuid(operation, name)];
    }
    let by_name = find_by_suffix(TEXTS, name).map(|text| {
        let name = name.to_snake_case().replace('_', "-");
        let stem = name.rsplit_once('-').map_or(noun, |(stem, _)| stem);
        text.replace("{noun}", noun).replace("{stem}", stem)
    });
    by_name.into_iter().chain(OTHERS.map(str::to_owned)).collect()
}

/// The longest text that an example shows.
pub(super) const LONGEST: usize = 10_000;

/// Cuts a text to the maximum length, or repeats it until it has the minimum length.
pub(super) fn fit_length(text: String, constraints: &Constraints) -> String {
    let limit = |limit: Option<u32>| limit.and_then(|limit| usize::try_from(limit).ok());
    let least = limit(constraints.min_length).unwrap_or(0).min(LONGEST);
    let most = limit(constraints.max_length).unwrap_or(usize::MAX);
    let length = text.chars().count();
    if length < least && length > 0 {
        format!("{text}-").chars().cycle().take(least).collect()
    } else if length > most {
        text.chars().take(most).collect()
    } else {
        text
    }
}

/// A UUID that depends only on the operation and the name.
fn uuid(operation: &str, name: &str) -> String {
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&Sha256::digest(format!("{operation}.{name}"))[..16]);
    // Version 4, variant 1.
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

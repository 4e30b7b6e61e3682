//! Plausible numbers, by the names of fields.

use super::texts::find_by_suffix;

const GIB: i64 = 1 << 30;

/// Numbers by the ends of names in snake case; the first match counts.
const NUMBERS: &[(&str, i64)] = &[
    ("bandwidth", 100 << 20),
    ("byte", GIB),
    ("bytes", GIB),
    ("capacity", 100 * GIB),
    ("cpu", 2),
    ("cpu_num", 2),
    ("cpu_speed", 2400),
    // Nov 14, 2017 10:20:57 PM, in milliseconds.
    ("date", 1_510_698_057_000),
    ("disk_size", 10 * GIB),
    ("interval", 60),
    ("iops", 1000),
    ("ip_version", 4),
    ("limit", 20),
    ("memory", 2 * GIB),
    ("memory_size", 2 * GIB),
    ("percent", 50),
    ("period", 60),
    ("ssh_port", 22),
    ("port", 8080),
    ("prefix_len", 24),
    ("second", 60),
    ("seconds", 60),
    ("size", 10 * GIB),
    ("storage", 10 * GIB),
    ("time", 1_510_698_057_000),
    ("timeout", 60),
    ("vlan", 100),
    ("vni", 1000),
];

/// Returns numbers for a field, in the order of preference.
pub(super) fn candidates(name: &str, unit: Option<&str>) -> Vec<i64> {
    let mut numbers = Vec::from_iter(find_by_suffix(NUMBERS, name).copied());
    if unit.is_some_and(|unit| unit.to_ascii_lowercase().contains("byte")) {
        numbers.push(GIB);
    }
    // Smaller units, for integers of 32 bits.
    let scaled: Vec<_> = numbers.iter().map(|number| number / 1000).filter(|number| *number > 0).collect();
    numbers.extend(scaled);
    numbers.push(1);
    numbers
}

//! Names with their owners, as the search index encodes them.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

/// Names, one per line, and the owners of each name: numbers in base 36, each the
/// difference from the owner before.
#[derive(Serialize)]
pub(crate) struct NamesWithOwners {
    names: String,
    owners: Vec<String>,
}

impl NamesWithOwners {
    pub(crate) fn new(names: &BTreeMap<impl AsRef<str>, BTreeSet<usize>>) -> Self {
        let owners = |all: &BTreeSet<usize>| {
            let mut last = 0;
            let snapshots = all.iter().map(|owner| base_36(owner - std::mem::replace(&mut last, *owner)));
            snapshots.collect::<Vec<_>>().join(" ")
        };
        Self { names: lines(names.keys()), owners: names.values().map(owners).collect() }
    }
}

/// Joins names, one per line.
pub(crate) fn lines(all: impl Iterator<Item = impl AsRef<str>>) -> String {
    // A name must not contain a line feed.
    all.map(|name| name.as_ref().replace('\n', " ")).collect::<Vec<_>>().join("\n")
}

fn base_36(mut number: usize) -> String {
    const DIGITS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
    let mut digits = Vec::new();
    loop {
        digits.push(char::from(DIGITS[number % 36]));
        number /= 36;
        if number == 0 {
            return digits.into_iter().rev().collect();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn owners_are_encoded_as_differences() {
        let names =
            BTreeMap::from([("uuid", BTreeSet::from([0, 3, 39, 1335])), ("name", BTreeSet::from([35]))]);
        let owned = NamesWithOwners::new(&names);
        assert_eq!(owned.names, "name\nuuid");
        assert_eq!(owned.owners, ["z", "0 3 10 100"]);
    }
}

//! Names with their owners, in the form of the search index.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

/// Names, a line each, and the owners of each line as numbers in base 36: each is the distance from the owner before.
#[derive(Serialize)]
pub(crate) struct Owned {
    names: String,
    owners: Vec<String>,
}

impl Owned {
    pub(crate) fn new(names: &BTreeMap<impl AsRef<str>, BTreeSet<usize>>) -> Self {
        let owners = |all: &BTreeSet<usize>| {
            let mut last = 0;
            let steps = all.iter().map(|it| base_36(it - std::mem::replace(&mut last, *it)));
            steps.collect::<Vec<_>>().join(" ")
        };
        Self { names: lines(names.keys()), owners: names.values().map(owners).collect() }
    }
}

/// Names, a line each.
pub(crate) fn lines(all: impl Iterator<Item = impl AsRef<str>>) -> String {
    // A line of its own is all that a name may not have.
    all.map(|it| it.as_ref().replace('\n', " ")).collect::<Vec<_>>().join("\n")
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
    fn owners_are_steps() {
        let names =
            BTreeMap::from([("uuid", BTreeSet::from([0, 3, 39, 1335])), ("name", BTreeSet::from([35]))]);
        let owned = Owned::new(&names);
        assert_eq!(owned.names, "name\nuuid");
        assert_eq!(owned.owners, ["z", "0 3 10 100"]);
    }
}

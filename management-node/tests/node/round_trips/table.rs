//! The table of values and exceptions.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;

/// Sections whose entries are in an operation or a resource; the entries of others are at the top.
const DEEP: [&str; 6] = ["values", "omitted", "different", "unchanged", "also", "without"];

/// The table, which notes the entries that were needed.
pub(super) struct Table {
    root: Value,
    needed: RefCell<BTreeSet<String>>,
    called: RefCell<BTreeSet<String>>,
}

impl Table {
    pub(super) fn load() -> Self {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/node/round_trips/table.yaml");
        let root = serde_yaml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        Self { root, needed: RefCell::default(), called: RefCell::default() }
    }

    /// Finds an entry of a section by an operation or a resource, and a parameter or a step.
    pub(super) fn get(&self, section: &str, name: &str, part: Option<&str>) -> Option<&Value> {
        let entry = self.root.get(section).unwrap_or_else(|| panic!("no section {section}")).get(name)?;
        let entry = part.map_or(Some(entry), |part| entry.get(part))?;
        self.needed.borrow_mut().insert(key(section, name, part));
        Some(entry)
    }

    /// The texts of an entry that is a list.
    pub(super) fn list(&self, section: &str, name: &str) -> Vec<&str> {
        let items = self.get(section, name, None).and_then(Value::as_array).into_iter().flatten();
        items.map(|item| item.as_str().unwrap()).collect()
    }

    /// Returns whether an entry that is a list has an item.
    pub(super) fn has_item(&self, section: &str, name: &str, item: &str) -> bool {
        self.list(section, name).contains(&item)
    }

    /// Notes that an operation was called.
    pub(super) fn note_call(&self, operation: &str) {
        self.called.borrow_mut().insert(operation.to_owned());
    }

    /// Returns whether an operation is either called, or listed with a reason why not.
    pub(super) fn is_called_or_listed(&self, operation: &str) -> bool {
        let reasons: Vec<_> = self.root["uncalled"].as_object().unwrap().keys().collect();
        let has_it = |reason: &&&String| self.list("uncalled", reason).contains(&operation);
        self.called.borrow().contains(operation) != reasons.iter().any(|reason| has_it(&reason))
    }

    /// The entries that nothing needed.
    pub(super) fn unused_entries(&self) -> Vec<String> {
        let mut unused = Vec::new();
        for (section, entries) in self.root.as_object().unwrap() {
            for (name, entry) in entries.as_object().unwrap() {
                let parts = entry.as_object().filter(|_| DEEP.contains(&section.as_str()));
                let keys = match parts {
                    Some(parts) => parts.keys().map(|part| key(section, name, Some(part))).collect(),
                    None => vec![key(section, name, None)],
                };
                unused.extend(keys);
            }
        }
        let needed = self.needed.borrow();
        unused.retain(|key| !needed.contains(key));
        unused
    }
}

fn key(section: &str, name: &str, part: Option<&str>) -> String {
    part.map_or_else(|| format!("{section}: {name}"), |part| format!("{section}: {name}: {part}"))
}

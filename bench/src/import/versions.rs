//! Versions that hold: nothing older than what it is part of, nothing older
//! than its type.
//!
//! The corpus was gathered from several sources and contradicts itself. What
//! is said of the whole wins over what is said of a part; what is used was
//! there when it was used.

use std::collections::{BTreeMap, HashMap};

use super::corpus::{DataType, Operation};
use super::report::{Compromise, Report};
use super::types::named;
use zstack_model::numbers;

/// The release of what nobody knows the release of.
pub(super) const UNKNOWN: &str = "0";

/// The text of every version, by its numbers.
pub(super) type Releases = BTreeMap<[u16; 4], String>;

/// Makes every version hold; afterwards none is missing. The types of fields
/// are in the spec's words already.
pub(super) fn settle(
    operations: &mut [(usize, Operation)],
    types: &mut [(usize, DataType)],
    report: &mut Report,
) -> Releases {
    let mut settle = Settle { report, releases: Releases::new(), of_types: HashMap::new() };
    settle.release(UNKNOWN);
    for (_, it) in types.iter_mut() {
        let since = settle.own(&mut it.since, None, &it.name);
        settle.of_types.insert(it.name.clone(), since);
    }
    for (_, it) in types.iter_mut() {
        settle.data_type(it);
    }
    for (_, it) in operations.iter_mut() {
        settle.operation(it);
    }
    settle.uses(operations, types);
    settle.bases(types);
    settle.releases
}

struct Settle<'a> {
    report: &'a mut Report,
    releases: Releases,
    of_types: HashMap<String, [u16; 4]>,
}

impl Settle<'_> {
    /// Declares a version; nothing for what is none. Of two texts for the same
    /// release (`3.3`, `3.3.0`) the first is declared.
    fn release(&mut self, text: &str) -> Option<[u16; 4]> {
        let numbers = numbers(text)?;
        self.releases.entry(numbers).or_insert_with(|| text.to_owned());
        Some(numbers)
    }

    /// A version of its own, or that of what it is part of.
    fn own(&mut self, since: &mut Option<String>, owner: Option<[u16; 4]>, place: &str) -> [u16; 4] {
        let said = since.as_deref().and_then(|text| {
            let numbers = self.release(text);
            if numbers.is_none() {
                self.report.note(Compromise::VersionMalformed, format!("{place}: {text}"));
            }
            numbers
        });
        if since.is_none() {
            self.report.note(Compromise::VersionUnknown, place);
        }
        let settled = match (said, owner) {
            (Some(said), Some(owner)) if said < owner => {
                let text = format!("{place}: {} < {}", self.text(said), self.text(owner));
                self.report.note(Compromise::OlderThanOwner, text);
                owner
            }
            (Some(said), _) => said,
            (None, owner) => owner.unwrap_or_default(),
        };
        *since = Some(self.text(settled));
        settled
    }

    fn text(&self, numbers: [u16; 4]) -> String {
        self.releases.get(&numbers).map_or(UNKNOWN, String::as_str).to_owned()
    }

    /// A field's version: its own, or the later of its owner's and its type's.
    fn field(&mut self, since: &mut Option<String>, ty: &str, owner: [u16; 4], place: &str) {
        let of_type = self.of_types.get(named(ty)).copied().unwrap_or_default();
        let floor = if since.is_none() { owner.max(of_type) } else { owner };
        self.own(since, Some(floor), place);
    }

    fn data_type(&mut self, it: &mut DataType) {
        let owner = self.of_types.get(&it.name).copied().unwrap_or_default();
        for field in it.fields.iter_mut().flatten() {
            let place = format!("{}.{}", it.name, field.name);
            self.field(&mut field.since, &field.r#type, owner, &place);
        }
        for value in it.values.iter_mut().flatten() {
            self.own(&mut value.since, Some(owner), &format!("{}.{}", it.name, value.name));
        }
    }

    fn operation(&mut self, it: &mut Operation) {
        let owner = self.own(&mut it.since, None, &it.name);
        for parameter in &mut it.params {
            let place = format!("{}.{}", it.name, parameter.name);
            self.field(&mut parameter.since, &parameter.r#type, owner, &place);
            if parameter.required && parameter.since != it.since {
                let text = format!("{place}: {}", parameter.since.as_deref().unwrap_or_default());
                self.report.note(Compromise::RequiredNewer, text);
                parameter.since.clone_from(&it.since);
            }
        }
        for field in &mut it.response {
            let place = format!("{}.{}", it.name, field.name);
            self.field(&mut field.since, &field.r#type, owner, &place);
        }
    }

    /// Types are there when they are used.
    fn uses(&mut self, operations: &[(usize, Operation)], types: &mut [(usize, DataType)]) {
        let mut first: HashMap<String, [u16; 4]> = HashMap::new();
        let mut used = |ty: &str, since: &Option<String>| {
            let since = since.as_deref().and_then(numbers).unwrap_or_default();
            first.entry(named(ty).to_owned()).and_modify(|entry| *entry = since.min(*entry)).or_insert(since);
        };
        for (_, it) in operations {
            it.params.iter().for_each(|parameter| used(&parameter.r#type, &parameter.since));
            // The envelope is there from the beginning.
            it.response
                .iter()
                .filter(|response| !response.envelope)
                .for_each(|response| used(&response.r#type, &response.since));
        }
        for (_, it) in types.iter() {
            it.fields.iter().flatten().for_each(|field| used(&field.r#type, &field.since));
        }
        for (_, it) in types {
            if let Some(first) = first.get(&it.name) {
                self.lower(it, *first, Compromise::TypeNewerThanUse);
            }
        }
    }

    /// What is extended is there when the extension is.
    fn bases(&mut self, types: &mut [(usize, DataType)]) {
        let index: HashMap<String, usize> =
            types.iter().enumerate().map(|(at, (_, it))| (it.name.clone(), at)).collect();
        for at in 0..types.len() {
            let mut extension = at;
            while let Some(base) = types[extension].1.extends.as_ref().and_then(|it| index.get(it)).copied() {
                let since = types[extension].1.since.as_deref().and_then(numbers).unwrap_or_default();
                self.lower(&mut types[base].1, since, Compromise::BaseNewer);
                extension = base;
            }
        }
    }

    fn lower(&mut self, it: &mut DataType, to: [u16; 4], why: Compromise) {
        let since = it.since.as_deref().and_then(numbers).unwrap_or_default();
        if to < since {
            let text = format!("{}: {} > {}", it.name, self.text(since), self.text(to));
            self.report.note(why, text);
            it.since = Some(self.text(to));
        }
    }
}

//! The fields that the tables of all pages of a run give to each data type. A type is the same on all
//! pages, so that a page on which a field was put into another value is outvoted.

use std::collections::HashMap;

use crate::json::Sample;
use crate::known_types::{
    FieldsByType, KnownFields, Owners, TOP_FIELDS, TYPES_OF_LIST, is_list_key, key_of, list_keys,
};
use crate::page::{Field, Page};
use crate::resolve::naming::type_stem;
use crate::words::{COMMON_FIELDS, ERROR_TYPE, is_result, spec_type};

/// The weight of a table whose end is certain, and of a field whose place is.
const CERTAIN: u32 = 3;

/// The weight of those that are not.
const DOUBTFUL: u32 = 1;

/// The share of fields that tables of one list have in common.
const ALIKE: f64 = 0.6;

/// The share of fields that a list has in common with a type of another name.
const MOST_ALIKE: f64 = 0.8;

/// The weight of all tables of another type with the same fields.
const OF_OTHERS: u32 = 4 * CERTAIN;

/// The tables of one type.
#[derive(Clone, Debug, Default)]
struct Tally {
    tables: u32,
    /// The weight of all tables.
    weight: u32,
    /// The number of samples of the type.
    samples: u32,
    fields: HashMap<String, Vote>,
}

/// The tables of a type that have a field.
#[derive(Clone, Copy, Debug, Default)]
struct Vote {
    /// The weight of the field in these tables.
    weight: u32,
    /// The weight that these tables have in [`Tally::weight`].
    of_tables: u32,
    /// A sample shows it.
    is_confirmed: bool,
}

impl Tally {
    /// Adds a table.
    fn add(&mut self, table: &Table<'_>) {
        let weight = |is_doubtful: bool| if is_doubtful { DOUBTFUL } else { CERTAIN };
        // The table ends where the next field begins.
        let of_table = weight(table.next.is_some_and(|next| next.is_doubtful));
        self.tables = self.tables.saturating_add(1);
        self.weight = self.weight.saturating_add(of_table);
        let sample = table.sample.filter(|sample| matches!(sample, Sample::Object(_)));
        self.samples = self.samples.saturating_add(u32::from(sample.is_some()));
        for row in table.rows {
            let vote = self.fields.entry(row.name.clone()).or_default();
            vote.weight = vote.weight.saturating_add(weight(row.is_doubtful));
            vote.of_tables = vote.of_tables.saturating_add(of_table);
            vote.is_confirmed |= sample.is_some_and(|sample| sample.field(&row.name).is_some());
        }
    }

    /// The fields that samples show.
    fn sampled_fields(&self) -> KnownFields {
        let is_confirmed = |(name, vote): (&String, &Vote)| vote.is_confirmed.then(|| name.clone());
        let names = self.fields.iter().filter_map(is_confirmed).collect();
        KnownFields { names, samples: self.samples, tables: 0 }
    }

    /// The votes for and against a field, scaled down to at most some weight.
    fn votes(&self, name: &str, most: u32) -> (f64, f64) {
        let vote = self.fields.get(name).copied().unwrap_or_default();
        let (yes, no) = (f64::from(vote.weight), f64::from(self.weight - vote.of_tables));
        let scale = (f64::from(most) / (yes + no).max(1.0)).min(1.0);
        (yes * scale, no * scale)
    }

    /// The names of the fields that most tables have.
    fn names(&self) -> KnownFields {
        let is_of_most = |name: &&String| {
            let (yes, no) = self.votes(name, u32::MAX);
            yes > no
        };
        KnownFields {
            names: self.fields.keys().filter(is_of_most).cloned().collect(),
            samples: 0,
            tables: self.tables,
        }
    }
}

/// The tables of a run.
#[derive(Debug, Default)]
pub(crate) struct Consensus {
    /// By the keys of named types, and of lists in the types that have them.
    tallies: HashMap<String, Tally>,
    /// By the names of lists. Lists of one name may have elements of several types.
    lists: HashMap<String, Vec<Tally>>,
    pages: u32,
    /// The numbers of pages that have [`TOP_FIELDS`].
    tops: [u32; TOP_FIELDS.len()],
}

impl Consensus {
    /// Adds the tables in the response of a page.
    pub(crate) fn add(&mut self, page: &Page) {
        let sample = page.response_sample.as_ref().map(|sample| &sample.value);
        self.pages += 1;
        for field in &page.response {
            if let Some(count) = TOP_FIELDS.iter().position(|name| *name == field.name) {
                self.tops[count] += 1;
            }
        }
        self.add_tables(page.operation(), &page.response, sample, Outside::default());
    }

    /// Adds the tables of some fields, which are in a value of a type.
    fn add_tables(
        &mut self,
        operation: &str,
        fields: &[Field],
        sample: Option<&Sample>,
        outside: Outside<'_>,
    ) {
        for (nth, field) in fields.iter().enumerate() {
            let Some(rows) = field.fields.as_ref().filter(|_| field.ty != ERROR_TYPE.0) else { continue };
            let next = fields.get(nth + 1).or(outside.next);
            let value = sample.and_then(|sample| sample.field(&field.name)).and_then(Sample::element);
            let table = Table { rows, sample: value, next };
            if spec_type(&field.ty).is_some() && !is_result(&field.name) {
                self.add_to_list(&field.name, &table);
            }
            let key = key_of(operation, outside.owner, field);
            if let Some(key) = &key {
                self.tallies.entry(key.clone()).or_default().add(&table);
            }
            self.add_tables(operation, rows, value, Outside { owner: key.as_deref(), next });
        }
    }

    fn add_to_list(&mut self, list: &str, table: &Table<'_>) {
        let lists = self.lists.entry(list.to_owned()).or_default();
        let names = table.rows.iter().map(|row| row.name.clone()).collect();
        let names = KnownFields { names, ..KnownFields::default() };
        match lists.iter().position(|tally| similarity(&names, &tally.names()) >= ALIKE) {
            Some(at) => lists[at].add(table),
            None if lists.len() < TYPES_OF_LIST => {
                let mut tally = Tally::default();
                tally.add(table);
                lists.push(tally);
            }
            None => {}
        }
    }

    /// Adds the fields of the elements of lists, by the names of the lists, as samples show them.
    pub(crate) fn add_lists(&self, types: &mut FieldsByType) {
        for (list, tallies) in &self.lists {
            for tally in by_tables(tallies) {
                add_list(types, list, tally.sampled_fields());
            }
        }
    }

    /// Completes the fields of types with those that most tables have. What samples show stays, and the
    /// types of the spec stay as they are.
    pub(crate) fn complete(&self, types: &mut FieldsByType) {
        let named: FieldsByType = self
            .tallies
            .iter()
            .filter(|(key, _)| !is_list_key(key))
            .map(|(key, tally)| (key.clone(), tally.names()))
            .collect();
        let owners = Owners::new(&named);
        let named = Named { tallies: &self.tallies, fields: &named, owners: &owners };
        for (key, tally) in &self.tallies {
            let others = match list_of(key) {
                Some(list) => {
                    let own = tally.names();
                    let mut alike = self.lists.get(list).into_iter().flatten();
                    let alike = alike.find(|other| similarity(&own, &other.names()) >= ALIKE);
                    alike.into_iter().chain(named.type_of(list, &own)).collect()
                }
                None => Vec::new(),
            };
            complete(types.entry(key.clone()).or_default(), tally, &others);
        }
        for (list, tallies) in &self.lists {
            for tally in by_tables(tallies) {
                let others: Vec<_> = named.type_of(list, &tally.names()).into_iter().collect();
                let mut known = tally.sampled_fields();
                complete(&mut known, tally, &others);
                add_list(types, list, known);
            }
        }
    }

    /// The fields at the top of responses that hardly any page of the run has there.
    pub(crate) fn rare_at_top(&self) -> Vec<&'static str> {
        const FEWEST_PAGES: u32 = 10;
        let is_rare = |count: u32| self.pages >= FEWEST_PAGES && count * 10 < self.pages;
        TOP_FIELDS.iter().zip(self.tops).filter(|(_, count)| is_rare(*count)).map(|(name, _)| *name).collect()
    }
}

/// The tallies of a list, that with the most tables first.
fn by_tables(tallies: &[Tally]) -> Vec<&Tally> {
    let mut sorted: Vec<&Tally> = tallies.iter().collect();
    sorted.sort_by_key(|tally| std::cmp::Reverse(tally.tables));
    sorted
}

/// Adds a type of the elements of a list, unless the spec has it.
fn add_list(types: &mut FieldsByType, list: &str, fields: KnownFields) {
    for key in list_keys(list) {
        match types.get(&key) {
            None => {
                types.insert(key, fields);
                return;
            }
            Some(known) if known.is_complete() && known.is_similar(&fields) => return,
            Some(_) => {}
        }
    }
}

/// The surroundings of a table.
#[derive(Clone, Copy, Default)]
struct Outside<'p> {
    /// The key of the type that has the field.
    owner: Option<&'p str>,
    /// The field that follows in another value.
    next: Option<&'p Field>,
}

/// A table of a page.
struct Table<'p> {
    rows: &'p [Field],
    /// A value of the type.
    sample: Option<&'p Sample>,
    /// The field that follows in another value.
    next: Option<&'p Field>,
}

/// Completes the fields of a type by its tables, and by those of what seems to be the same type.
fn complete(known: &mut KnownFields, tally: &Tally, others: &[&Tally]) {
    let tables = others.iter().map(|other| other.tables).chain([tally.tables]).max().unwrap_or(0);
    if known.is_complete() || tables < 2 {
        return;
    }
    let of_others = others.iter().flat_map(|other| other.fields.keys());
    for name in tally.fields.keys().chain(of_others) {
        let votes = others.iter().map(|other| other.votes(name, OF_OTHERS));
        let own = tally.votes(name, u32::MAX);
        let (yes, no) = votes.fold(own, |sum, votes| (sum.0 + votes.0, sum.1 + votes.1));
        if yes > no {
            known.names.insert(name.clone());
        }
    }
    known.tables = tables;
}

/// The named types of a run.
struct Named<'c> {
    tallies: &'c HashMap<String, Tally>,
    fields: &'c FieldsByType,
    owners: &'c Owners,
}

impl<'c> Named<'c> {
    /// The type of the elements of a list: that of its name whose fields they have, or one that hardly
    /// has others.
    fn type_of(&self, list: &str, own: &KnownFields) -> Option<&'c Tally> {
        let by_name = format!("{}Inventory", type_stem(list));
        let has_all = |fields: &KnownFields| {
            let shared = fields.names.iter().filter(|name| own.contains(name)).count();
            shared * 10 >= fields.names.len() * 8
        };
        if self.fields.get(&by_name).is_some_and(has_all) {
            return self.tallies.get(&by_name);
        }
        let alike = self.owners.most_alike(own)?;
        let is_alike = self.fields.get(alike).is_some_and(|fields| similarity(own, fields) >= MOST_ALIKE);
        self.tallies.get(alike).filter(|_| is_alike)
    }
}

/// The name of the list with a key.
fn list_of(key: &str) -> Option<&str> {
    is_list_key(key).then(|| key.trim_end_matches("[]").rsplit('.').next()).flatten()
}

/// The share of distinctive fields that two types have in common.
fn similarity(one: &KnownFields, other: &KnownFields) -> f64 {
    let is_distinctive = |name: &&String| !COMMON_FIELDS.contains(&name.as_str());
    let count = |fields: &KnownFields| fields.names.iter().filter(is_distinctive).count();
    let shared = one.names.iter().filter(is_distinctive).filter(|name| other.contains(name)).count();
    shared as f64 / (count(one) + count(other) - shared).max(1) as f64
}

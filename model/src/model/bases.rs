//! Bases of records, release by release.

use std::collections::{BTreeMap, BTreeSet};

use super::{DataType, Field, Model, Operation, Retirement, Type, Version, Was};

/// The bases of a model at each of some releases.
pub struct Bases<'m> {
    model: &'m Model,
    releases: &'m [&'m Version],
    /// Of each record that another one extends, or extended: whether a value of it is on the wire.
    held: BTreeMap<&'m str, Vec<bool>>,
}

impl<'m> Bases<'m> {
    /// `has_operation` says whether a release has an operation, by their places.
    pub fn new(
        model: &'m Model,
        releases: &'m [&'m Version],
        has_operation: impl Fn(usize, usize) -> bool,
    ) -> Self {
        let bases = model.types.iter().flat_map(ever_extended);
        let held = bases.map(|it| (it, vec![false; releases.len()])).collect();
        let mut it = Self { model, releases, held };
        // Most specs have none.
        if !it.held.is_empty() {
            it.find_values(has_operation);
            it.find_stand_ins();
        }
        it
    }

    /// The bases whose values are on the wire in a release.
    pub fn held(&self, release: usize) -> BTreeSet<&'m str> {
        self.held.iter().filter(|(_, held)| held[release]).map(|(name, _)| *name).collect()
    }

    /// Whether a record extends or extended another one.
    pub fn has_any(&self, it: &DataType) -> bool {
        ever_extended(it).next().is_some()
    }

    /// Whether a record is only extended in a release, and not on the wire itself.
    pub fn is_only_extended(&self, name: &str, release: usize) -> bool {
        let Some(held) = self.held.get(name) else { return false };
        let version = self.releases[release];
        let extends = |it: &DataType| exists(it, version) && extended(it, version) == Some(name);
        !held[release] && self.model.types.iter().any(extends)
    }

    /// The bases of a record in a release, the nearest first, with whether values of them are on the wire.
    pub fn of(&self, it: &'m DataType, release: usize) -> impl Iterator<Item = (&'m DataType, bool)> {
        let version = self.releases[release];
        let base = move |it: &DataType| {
            self.model.data_type(extended(it, version)?).filter(|data_type| exists(data_type, version))
        };
        let is_held = move |it: &DataType| self.held.get(&*it.name).is_some_and(|held| held[release]);
        std::iter::successors(base(it), move |it| base(it))
            .map(move |successor| (successor, is_held(successor)))
    }

    /// The releases that a record, or a base that it has or had, names.
    pub fn turns(&self, it: &'m DataType) -> Vec<&'m Version> {
        self.with_bases(it).into_iter().flat_map(DataType::releases).collect()
    }

    /// Whether a default of a record, or of a base that it has or had, may have come with its value.
    pub fn depends_on_values(&self, it: &'m DataType) -> bool {
        self.with_bases(it).into_iter().any(DataType::depends_on_values)
    }

    /// A record with all bases that it has or had.
    fn with_bases(&self, it: &'m DataType) -> Vec<&'m DataType> {
        let (mut all, mut seen) = (vec![it], BTreeSet::from([&*it.name]));
        let mut next = 0;
        while let Some(it) = all.get(next).copied() {
            let bases = ever_extended(it).filter(|it| seen.insert(*it));
            all.extend(bases.filter_map(|it| self.model.data_type(it)));
            next += 1;
        }
        all
    }

    /// Finds the parameters and the fields that hold values.
    fn find_values(&mut self, has_operation: impl Fn(usize, usize) -> bool) {
        let releases = self.releases;
        let mut add = |fields: &mut dyn Iterator<Item = &'m Field>, has_owner: &dyn Fn(usize) -> bool| {
            for field in fields {
                if !field.types().any(|it| self.held.contains_key(it)) {
                    continue;
                }
                for (release, version) in
                    releases.iter().enumerate().filter(|(release, _)| has_owner(*release))
                {
                    let name = type_at(field, version).and_then(Type::named);
                    if let Some(held) = name.and_then(|name| self.held.get_mut(name)) {
                        held[release] = true;
                    }
                }
            }
        };
        for (nth, Operation { parameters, response, .. }) in self.model.operations.iter().enumerate() {
            let mut fields = parameters.iter().map(|parameter| &parameter.field).chain(response);
            add(&mut fields, &|release| has_operation(nth, release));
        }
        for it in &self.model.types {
            add(&mut it.own_fields().iter(), &|release| exists(it, releases[release]));
        }
        add(&mut self.model.service.envelope.iter(), &|_| true);
    }

    /// Finds the records that may stand in place of those, since they extend them.
    fn find_stand_ins(&mut self) {
        for name in self.held.keys().copied().collect::<Vec<_>>() {
            let Some(it) = self.model.data_type(name) else { continue };
            let stands =
                |release| exists(it, self.releases[release]) && self.of(it, release).any(|(_, held)| held);
            let stands: Vec<_> = (0..self.releases.len()).map(stands).collect();
            for (held, stands) in self.held.get_mut(name).into_iter().flatten().zip(stands) {
                *held |= stands;
            }
        }
    }
}

/// The records that a record extends or extended.
fn ever_extended(it: &DataType) -> impl Iterator<Item = &str> {
    let was = it.history.iter().filter_map(|history| match &history.was {
        Was::Extends(base) => base.as_deref(),
        _ => None,
    });
    it.extends.as_deref().into_iter().chain(was)
}

/// The record that a record extends in a release: what the first later change says that it was.
fn extended<'a>(it: &'a DataType, version: &Version) -> Option<&'a str> {
    let later = it.history.iter().filter(|history| history.release > *version);
    let mut was = later.filter_map(|it| match &it.was {
        Was::Extends(base) => Some(base),
        _ => None,
    });
    was.next().unwrap_or(&it.extends).as_deref()
}

/// The type of a field in a release; nothing where the release does not have it.
fn type_at<'a>(it: &'a Field, version: &Version) -> Option<&'a Type> {
    let later = it.history.iter().filter(|history| history.release > *version);
    let mut was = later.filter_map(|it| match &it.was {
        Was::Type(ty) => Some(ty),
        _ => None,
    });
    has(&it.since, &it.retirement, version).then(|| was.next().unwrap_or(&it.ty))
}

fn exists(it: &DataType, version: &Version) -> bool {
    has(&it.since, &it.retirement, version)
}

fn has(since: &Version, retirement: &Retirement, version: &Version) -> bool {
    since <= version && !retirement.is_removed_in(version)
}

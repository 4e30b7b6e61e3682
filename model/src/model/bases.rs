//! Bases of records in each release.

use std::collections::{BTreeMap, BTreeSet};

use super::{AttributeValue, DataType, Field, Model, Operation, Retirement, Type, Version};

/// The bases of a model at each of some releases.
pub struct Bases<'m> {
    model: &'m Model,
    releases: &'m [&'m Version],
    /// For each record that another one extends or extended: whether it has values on the wire, by release.
    on_wire: BTreeMap<&'m str, Vec<bool>>,
}

impl<'m> Bases<'m> {
    /// Finds the bases. `has_operation` returns whether a release has an operation, by their indices.
    pub fn new(
        model: &'m Model,
        releases: &'m [&'m Version],
        has_operation: impl Fn(usize, usize) -> bool,
    ) -> Self {
        let bases = model.types.iter().flat_map(all_bases);
        let on_wire = bases.map(|base| (base, vec![false; releases.len()])).collect();
        let mut it = Self { model, releases, on_wire };
        // Most specs have no bases.
        if !it.on_wire.is_empty() {
            it.find_values(has_operation);
            it.find_extensions();
        }
        it
    }

    /// The bases with values on the wire in a release.
    pub fn on_wire(&self, release: usize) -> BTreeSet<&'m str> {
        self.on_wire.iter().filter(|(_, on_wire)| on_wire[release]).map(|(name, _)| *name).collect()
    }

    /// Returns whether a record extends or extended another one.
    pub fn has_any(&self, ty: &DataType) -> bool {
        all_bases(ty).next().is_some()
    }

    /// Returns whether a record is extended in a release but has no values on the wire.
    pub fn is_only_extended(&self, name: &str, release: usize) -> bool {
        let Some(on_wire) = self.on_wire.get(name) else { return false };
        let version = self.releases[release];
        let extends = |ty: &DataType| exists(ty, version) && base_at(ty, version) == Some(name);
        !on_wire[release] && self.model.types.iter().any(extends)
    }

    /// The bases of a record in a release, the nearest first, and whether they have values on the wire.
    pub fn of(&self, ty: &'m DataType, release: usize) -> impl Iterator<Item = (&'m DataType, bool)> {
        let version = self.releases[release];
        let base = move |ty: &DataType| {
            self.model.data_type(base_at(ty, version)?).filter(|data_type| exists(data_type, version))
        };
        let is_on_wire =
            move |ty: &DataType| self.on_wire.get(&*ty.name).is_some_and(|on_wire| on_wire[release]);
        std::iter::successors(base(ty), move |ty| base(ty))
            .map(move |successor| (successor, is_on_wire(successor)))
    }

    /// The releases that a record and its current and former bases name.
    pub fn releases(&self, ty: &'m DataType) -> Vec<&'m Version> {
        self.with_bases(ty).into_iter().flat_map(DataType::releases).collect()
    }

    /// Returns whether a default of a record, or of a current or former base, may have been added
    /// together with its enum value.
    pub fn depends_on_values(&self, ty: &'m DataType) -> bool {
        self.with_bases(ty).into_iter().any(DataType::depends_on_values)
    }

    /// A record with all its current and former bases.
    fn with_bases(&self, it: &'m DataType) -> Vec<&'m DataType> {
        let (mut all, mut seen) = (vec![it], BTreeSet::from([&*it.name]));
        let mut next = 0;
        while let Some(it) = all.get(next).copied() {
            let bases = all_bases(it).filter(|base| seen.insert(*base));
            all.extend(bases.filter_map(|base| self.model.data_type(base)));
            next += 1;
        }
        all
    }

    /// Finds the bases that are types of parameters and fields.
    fn find_values(&mut self, has_operation: impl Fn(usize, usize) -> bool) {
        let releases = self.releases;
        let mut add = |fields: &mut dyn Iterator<Item = &'m Field>, has_owner: &dyn Fn(usize) -> bool| {
            for field in fields {
                if !field.types().any(|name| self.on_wire.contains_key(name)) {
                    continue;
                }
                for (release, version) in
                    releases.iter().enumerate().filter(|(release, _)| has_owner(*release))
                {
                    let name = type_at(field, version).and_then(Type::data_type_name);
                    if let Some(on_wire) = name.and_then(|name| self.on_wire.get_mut(name)) {
                        on_wire[release] = true;
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

    /// Finds the extensions of these bases, whose values may occur instead.
    fn find_extensions(&mut self) {
        for name in self.on_wire.keys().copied().collect::<Vec<_>>() {
            let Some(it) = self.model.data_type(name) else { continue };
            let may_replace_base = |release| {
                exists(it, self.releases[release]) && self.of(it, release).any(|(_, on_wire)| on_wire)
            };
            let may_replace_base: Vec<_> = (0..self.releases.len()).map(may_replace_base).collect();
            for (on_wire, may_replace_base) in
                self.on_wire.get_mut(name).into_iter().flatten().zip(may_replace_base)
            {
                *on_wire |= may_replace_base;
            }
        }
    }
}

/// Returns the records that a record extends or extended.
fn all_bases(ty: &DataType) -> impl Iterator<Item = &str> {
    let former = ty.history.iter().filter_map(|entry| match &entry.was {
        AttributeValue::Extends(base) => base.as_deref(),
        _ => None,
    });
    ty.extends.as_deref().into_iter().chain(former)
}

/// Returns the base of a record in a release: the previous value of the first later change.
fn base_at<'a>(ty: &'a DataType, version: &Version) -> Option<&'a str> {
    let later = ty.history.iter().filter(|entry| entry.release > *version);
    let mut previous = later.filter_map(|entry| match &entry.was {
        AttributeValue::Extends(base) => Some(base),
        _ => None,
    });
    previous.next().unwrap_or(&ty.extends).as_deref()
}

/// Returns the type of a field in a release, if the release has the field.
fn type_at<'a>(field: &'a Field, version: &Version) -> Option<&'a Type> {
    let later = field.history.iter().filter(|entry| entry.release > *version);
    let mut previous = later.filter_map(|entry| match &entry.was {
        AttributeValue::Type(ty) => Some(ty),
        _ => None,
    });
    has(&field.since, &field.retirement, version).then(|| previous.next().unwrap_or(&field.ty))
}

fn exists(ty: &DataType, version: &Version) -> bool {
    has(&ty.since, &ty.retirement, version)
}

fn has(since: &Version, retirement: &Retirement, version: &Version) -> bool {
    since <= version && !retirement.is_removed_in(version)
}

//! The bases of records, and how they differ.

use std::collections::BTreeSet;

use super::change::Changes;
use super::element::SpecElement;
use super::models::Models;
use zstack_model::changes::ChangeKind;
use zstack_model::{DataType, Model};

/// A record and its bases, the nearest first.
pub(super) fn with_bases<'a>(model: &'a Model, record: &'a DataType) -> Vec<&'a DataType> {
    std::iter::once(record).chain(model.bases(record)).collect()
}

/// The bases that a direct base brings, the nearest first, and whether their values are on the wire.
fn bases_from<'a>(model: &'a Model, held: &BTreeSet<&str>, base: Option<&str>) -> Vec<(&'a str, bool)> {
    let Some(base) = base.and_then(|name| model.data_type(name)) else { return Vec::new() };
    let bases = with_bases(model, base).into_iter();
    bases.map(|base| (&*base.name, held.contains(&*base.name))).collect()
}

/// Compares the bases of a record. Where a value of a base is on the wire, it may be a value of the record; the
/// generated crates have conversions to the other bases, too.
pub(super) fn compare(
    models: Models<'_>,
    record: &SpecElement,
    (old, new): (Option<&str>, Option<&str>),
    changes: &mut Changes,
) {
    if old.map(|name| models.renames.data_type(name)) == new {
        return;
    }
    let old_bases = bases_from(models.old, models.held[0], old);
    let new_bases = bases_from(models.new, models.held[1], new);
    let is_kept = |name: &str| new_bases.iter().any(|(base, _)| *base == models.renames.data_type(name));
    let existed = |name: &str| old_bases.iter().any(|(base, _)| models.renames.data_type(base) == name);
    for (is_held, removed, added) in [
        (true, ChangeKind::SubtypeRemoved, ChangeKind::SubtypeAdded),
        (false, ChangeKind::BaseRemoved, ChangeKind::BaseAdded),
    ] {
        // Only the nearest base is reported; the others come with it.
        let is_of_kind = |base: &&(&str, bool)| base.1 == is_held;
        if let Some((name, _)) = old_bases.iter().filter(is_of_kind).find(|(name, _)| !is_kept(name)) {
            changes.push(removed, record, "extends", Some((*name).to_owned()), None);
        }
        if let Some((name, _)) = new_bases.iter().filter(is_of_kind).find(|(name, _)| !existed(name)) {
            changes.push(added, record, "extends", None, Some((*name).to_owned()));
        }
    }
}

/// Returns whether two direct bases bring the same bases whose values are on the wire.
pub(super) fn are_same_on_wire(models: Models<'_>, old: Option<&str>, new: Option<&str>) -> bool {
    let old = bases_from(models.old, models.held[0], old).into_iter().filter(|(_, is_held)| *is_held);
    let new = bases_from(models.new, models.held[1], new).into_iter().filter(|(_, is_held)| *is_held);
    old.map(|(name, _)| models.renames.data_type(name)).eq(new.map(|(name, _)| name))
}

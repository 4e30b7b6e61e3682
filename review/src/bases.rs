//! The bases of records: which of them are on the wire, and how they differ.

use std::collections::BTreeSet;

use super::change::Changes;
use super::element::Element;
use super::models::Models;
use zstack_model::changes::ChangeKind;
use zstack_model::{DataType, Model};

/// A record and its bases, the nearest first.
pub(super) fn line<'a>(model: &'a Model, it: &'a DataType) -> Vec<&'a DataType> {
    std::iter::once(it).chain(model.bases(it)).collect()
}

/// The bases from one on, the nearest first, with whether values of them are on the wire.
fn bases_from<'a>(model: &'a Model, held: &Held<'_>, base: Option<&str>) -> Vec<(&'a str, bool)> {
    let line =
        base.and_then(|it| model.data_type(it)).map(|data_type| line(model, data_type)).unwrap_or_default();
    line.into_iter().map(|line| (&*line.name, held.contains(&*line.name))).collect()
}

type Held<'a> = BTreeSet<&'a str>;

/// Compares all bases of a record by the direct ones. On the wire are those alone in whose place the
/// record may stand; the generated crates have conversions to all of them.
pub(super) fn compare(
    models: Models<'_>,
    it: &Element,
    (old, new): (Option<&str>, Option<&str>),
    changes: &mut Changes,
) {
    if old.map(|it| models.renames.data_type(it)) == new {
        return;
    }
    let were = bases_from(models.old, models.held[0], old);
    let are = bases_from(models.new, models.held[1], new);
    let is = |name: &str| are.iter().any(|(it, _)| *it == models.renames.data_type(name));
    let was = |name: &str| were.iter().any(|(it, _)| models.renames.data_type(it) == name);
    for (is_held, removed, added) in [
        (true, ChangeKind::SubtypeRemoved, ChangeKind::SubtypeAdded),
        (false, ChangeKind::BaseRemoved, ChangeKind::BaseAdded),
    ] {
        // The nearest stands for those that come with it.
        let of = |it: &&(&str, bool)| it.1 == is_held;
        if let Some((name, _)) = were.iter().filter(of).find(|(name, _)| !is(name)) {
            changes.push(removed, it, "extends", Some((*name).to_owned()), None);
        }
        if let Some((name, _)) = are.iter().filter(of).find(|(name, _)| !was(name)) {
            changes.push(added, it, "extends", None, Some((*name).to_owned()));
        }
    }
}

/// Whether a record may stand in place of the same values, whichever of two bases it extends.
pub(super) fn are_same_on_wire(models: Models<'_>, old: Option<&str>, new: Option<&str>) -> bool {
    let were = bases_from(models.old, models.held[0], old).into_iter().filter(|(_, is_held)| *is_held);
    let are = bases_from(models.new, models.held[1], new).into_iter().filter(|(_, is_held)| *is_held);
    were.map(|(name, _)| models.renames.data_type(name)).eq(are.map(|(name, _)| name))
}

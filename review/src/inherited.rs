//! Records that extend others: which bases count, and the fields that they bring.

use std::collections::HashMap;

use super::change::Changes;
use super::element::Element;
use super::fields::{self, List};
use super::history::Life;
use super::types::Models;
use zstack_model::changes::ChangeKind;
use zstack_model::{DataType, Field, Model};

/// A record and its bases, the nearest first.
fn line<'a>(model: &'a Model, it: &'a DataType) -> Vec<&'a DataType> {
    std::iter::once(it).chain(model.bases(it)).collect()
}

/// The bases from one on, the nearest first, with whether values of them are on the wire.
fn bases_from<'a>(model: &'a Model, held: &Held<'_>, base: Option<&str>) -> Vec<(&'a str, bool)> {
    let line = base.and_then(|it| model.data_type(it)).map(|it| line(model, it)).unwrap_or_default();
    line.into_iter().map(|it| (&*it.name, held.contains(&*it.name))).collect()
}

type Held<'a> = std::collections::BTreeSet<&'a str>;

/// Compares all bases of a record by the direct ones. On the wire are those alone in whose place the
/// record may stand; the generated crates have conversions to all of them.
pub(super) fn bases(
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

/// Compares the fields that records have, inherited ones included. What a base has in common on both
/// sides is compared there, once for all that extend it.
pub(super) fn compare(
    models: Models<'_>,
    (old, new): (&DataType, &DataType),
    (it, life): (&Element, Life<'_>),
    changes: &mut Changes,
) {
    let lines = [line(models.old, old), line(models.new, new)];
    let in_common = Common::new(models, &lines);
    let [were, are] = lines.each_ref().map(|line| fields_of(line));
    let is_covered = |old: Option<&Field>, new: Option<&Field>| in_common.has(old, new);
    fields::list(
        models,
        (&were, &are),
        (it, Some(life), List::Fields),
        (&[], [&[]; 2]),
        &is_covered,
        changes,
    );
}

/// The fields of a record, those of the farthest base first. A name that is declared twice, which `check`
/// refuses, is that of the nearest.
fn fields_of(line: &[&DataType]) -> Vec<Field> {
    let is_nearest = |nth: usize, field: &Field| {
        !line[..nth].iter().any(|it| it.own_fields().iter().any(|it| it.name == field.name))
    };
    let fields = line.iter().enumerate().rev();
    let fields = fields.flat_map(|(nth, it)| it.own_fields().iter().filter(move |it| is_nearest(nth, it)));
    fields.cloned().collect()
}

/// The bases that a record has on both sides.
struct Common {
    /// How far up each field is declared, of either side.
    declared: [HashMap<String, usize>; 2],
    /// How far up each common base is, of both sides.
    bases: Vec<[usize; 2]>,
}

impl Common {
    fn new(models: Models<'_>, [old, new]: &[Vec<&DataType>; 2]) -> Self {
        let declared = [old, new].map(|line| {
            let mut declared = HashMap::new();
            // The nearest counts.
            for (nth, it) in line.iter().enumerate().rev() {
                declared.extend(it.own_fields().iter().map(|it| (it.name.clone(), nth)));
            }
            declared
        });
        let mut bases = Vec::new();
        for (was, old) in old.iter().enumerate().skip(1) {
            let is = new.iter().skip(1).position(|it| models.renames.data_type(&old.name) == it.name);
            bases.extend(is.map(|is| [was, is + 1]));
        }
        Self { declared, bases }
    }

    /// Whether a common base has a field on both sides as the record does: there, or not.
    fn has(&self, old: Option<&Field>, new: Option<&Field>) -> bool {
        let [old, new] =
            [(old, 0), (new, 1)].map(|(it, side)| it.and_then(|it| self.declared[side].get(&it.name)));
        self.bases.iter().any(|[was, is]| old.is_none_or(|it| it >= was) && new.is_none_or(|it| it >= is))
    }
}

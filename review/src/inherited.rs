//! The fields of records that extend others, inherited ones included.

use std::collections::HashMap;

use super::bases::line;
use super::change::Changes;
use super::element::Element;
use super::fields::{self, List};
use super::history::Life;
use super::models::Models;
use zstack_model::{DataType, Field};

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
    let fields =
        fields.flat_map(|(nth, it)| it.own_fields().iter().filter(move |field| is_nearest(nth, field)));
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
                declared.extend(it.own_fields().iter().map(|field| (field.name.clone(), nth)));
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

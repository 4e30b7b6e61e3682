//! Changes of the fields of records with bases.

use std::collections::HashMap;

use super::bases::with_bases;
use super::change::Changes;
use super::element::SpecElement;
use super::fields::{self, FieldList};
use super::history_check::Lifetime;
use super::models::Models;
use zstack_model::{DataType, Field};

/// Compares the fields of a record, including inherited ones. Fields of a base that both sides have are compared only
/// once, in the base.
pub(super) fn compare(
    models: Models<'_>,
    (old, new): (&DataType, &DataType),
    (element, lifetime): (&SpecElement, Lifetime<'_>),
    changes: &mut Changes,
) {
    let records = [with_bases(models.old, old), with_bases(models.new, new)];
    let common = CommonBases::new(models, &records);
    let [old_fields, new_fields] = records.each_ref().map(|records| fields_of(records));
    let is_covered = |old: Option<&Field>, new: Option<&Field>| common.cover(old, new);
    fields::compare_lists(
        models,
        (&old_fields, &new_fields),
        (element, Some(lifetime), FieldList::Fields),
        (&[], [&[]; 2]),
        &is_covered,
        changes,
    );
}

/// The fields of a record and its bases, those of the farthest base first. A name that is declared twice, which `check`
/// rejects, counts in the nearest record.
fn fields_of(records: &[&DataType]) -> Vec<Field> {
    let has = |record: &DataType, name: &str| record.own_fields().iter().any(|field| field.name == name);
    let mut fields = Vec::new();
    for (distance, record) in records.iter().enumerate().rev() {
        let is_nearest = |field: &&Field| !records[..distance].iter().any(|record| has(record, &field.name));
        fields.extend(record.own_fields().iter().filter(is_nearest).cloned());
    }
    fields
}

/// The bases that a record has on both sides. A distance is the number of steps from the record to a base.
struct CommonBases {
    /// The distance of the record that declares each field, on the old and the new side.
    declared: [HashMap<String, usize>; 2],
    /// The distances of each common base on the old and the new side.
    bases: Vec<[usize; 2]>,
}

impl CommonBases {
    fn new(models: Models<'_>, [old, new]: &[Vec<&DataType>; 2]) -> Self {
        let declared = [old, new].map(|records| {
            let mut declared = HashMap::new();
            // Nearer records come later and overwrite farther ones.
            for (distance, record) in records.iter().enumerate().rev() {
                declared.extend(record.own_fields().iter().map(|field| (field.name.clone(), distance)));
            }
            declared
        });
        let mut bases = Vec::new();
        for (old_distance, old) in old.iter().enumerate().skip(1) {
            let new = new.iter().skip(1).position(|new| models.renames.data_type(&old.name) == new.name);
            bases.extend(new.map(|position| [old_distance, position + 1]));
        }
        Self { declared, bases }
    }

    /// Returns whether the fields come from a common base, if they exist.
    fn cover(&self, old: Option<&Field>, new: Option<&Field>) -> bool {
        let distance = |side: usize, field: Option<&Field>| self.declared[side].get(&field?.name).copied();
        let (old, new) = (distance(0, old), distance(1, new));
        self.bases.iter().any(|[old_base, new_base]| {
            old.is_none_or(|distance| distance >= *old_base)
                && new.is_none_or(|distance| distance >= *new_base)
        })
    }
}

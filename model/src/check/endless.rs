//! Checks for records that contain themselves through required fields.

use std::collections::BTreeMap;

use super::spec::Spec;
use crate::diagnostics::TypeProblem;
use crate::findings::{At, FileId, Findings};
use crate::model::{DataType, Type};
use crate::positions::Path;

/// The records that each record requires, with the index of the field; no index for its base, whose required
/// records are required as well.
type Requirements<'a> = BTreeMap<&'a str, (FileId, Vec<(Option<usize>, &'a str)>)>;

pub(super) fn check(spec: &Spec<'_>, findings: &mut Findings) {
    let mut requirements: Requirements<'_> =
        spec.types().map(|(file, ty)| (&*ty.name, (file, required_records(ty)))).collect();
    prune(&mut requirements);
    while let Some(cycle) = cycle(&requirements) {
        // `extends-cycle` reports a cycle of bases.
        if let Some((file, Some(index), _)) = cycle.iter().find(|(_, index, _)| index.is_some()) {
            let mut names: Vec<_> = cycle.iter().map(|(_, _, name)| (*name).to_owned()).collect();
            names.push(names[0].clone());
            let at = Path::root().key("fields").index(*index).key("type");
            findings.report(*file, At::value(at), TypeProblem::Infinite { cycle: names });
        }
        for (_, _, name) in &cycle {
            requirements.remove(name);
        }
        prune(&mut requirements);
    }
}

fn required_records(data_type: &DataType) -> Vec<(Option<usize>, &str)> {
    let numbered = data_type.own_fields().iter().enumerate().filter(|(_, field)| field.required);
    let fields = numbered.filter_map(|(nth, field)| match &field.ty {
        Type::Named(name) => Some((Some(nth), name.as_str())),
        _ => None,
    });
    let base = data_type.extends.as_deref().map(|name| (None, name));
    fields.chain(base).collect()
}

/// Repeatedly removes records that require none of the remaining records. The rest lead into a cycle.
fn prune(requirements: &mut Requirements<'_>) {
    loop {
        let before = requirements.len();
        let left: Vec<_> = requirements.keys().copied().collect();
        for (_, needed) in requirements.values_mut() {
            needed.retain(|(_, name)| left.binary_search(name).is_ok());
        }
        requirements.retain(|_, (_, needed)| !needed.is_empty());
        if requirements.len() == before {
            return;
        }
    }
}

/// Follows required records from the first one until one repeats.
fn cycle<'a>(requirements: &Requirements<'a>) -> Option<Vec<(FileId, Option<usize>, &'a str)>> {
    let mut name = *requirements.keys().next()?;
    let mut way: Vec<(FileId, Option<usize>, &str)> = Vec::new();
    loop {
        if let Some(start) = way.iter().position(|(_, _, previous)| *previous == name) {
            return Some(way.split_off(start));
        }
        let (file, needed) = requirements.get(name)?;
        let (index, next) = needed.first()?;
        way.push((*file, *index, name));
        name = next;
    }
}

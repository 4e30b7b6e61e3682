//! Records that contain themselves by required fields alone.

use std::collections::BTreeMap;

use super::spec::Spec;
use crate::diagnostics::TypeProblem;
use crate::findings::{At, FileId, Findings};
use crate::model::{DataType, Type};
use crate::positions::Path;

/// The records that a record cannot be without, and the numbers of the fields
/// that hold them; no number for a base, whose needs are needs too.
type Needs<'a> = BTreeMap<&'a str, (FileId, Vec<(Option<usize>, &'a str)>)>;

pub(super) fn check(spec: &Spec<'_>, findings: &mut Findings) {
    let mut needs: Needs<'_> = spec.types().map(|(file, it)| (&*it.name, (file, need(it)))).collect();
    prune(&mut needs);
    while let Some(cycle) = cycle(&needs) {
        // A circle of bases alone is told by the rule for those.
        if let Some((file, Some(index), _)) = cycle.iter().find(|(_, index, _)| index.is_some()) {
            let mut names: Vec<_> = cycle.iter().map(|(_, _, name)| (*name).to_owned()).collect();
            names.push(names[0].clone());
            let at = Path::root().key("fields").index(*index).key("type");
            findings.report(*file, At::value(at), TypeProblem::Endless { cycle: names });
        }
        for (_, _, name) in &cycle {
            needs.remove(name);
        }
        prune(&mut needs);
    }
}

fn need(it: &DataType) -> Vec<(Option<usize>, &str)> {
    let numbered = it.own_fields().iter().enumerate().filter(|(_, it)| it.required);
    let fields = numbered.filter_map(|(nth, it)| match &it.ty {
        Type::Named(name) => Some((Some(nth), name.as_str())),
        _ => None,
    });
    let base = it.extends.as_deref().map(|it| (None, it));
    fields.chain(base).collect()
}

/// Removes, again and again, the records that need no record that is left; what
/// then remains leads into a cycle.
fn prune(needs: &mut Needs<'_>) {
    loop {
        let before = needs.len();
        let left: Vec<_> = needs.keys().copied().collect();
        for (_, needed) in needs.values_mut() {
            needed.retain(|(_, name)| left.binary_search(name).is_ok());
        }
        needs.retain(|_, (_, needed)| !needed.is_empty());
        if needs.len() == before {
            return;
        }
    }
}

/// Follows the needs from the first record until one comes again.
fn cycle<'a>(needs: &Needs<'a>) -> Option<Vec<(FileId, Option<usize>, &'a str)>> {
    let mut name = *needs.keys().next()?;
    let mut way: Vec<(FileId, Option<usize>, &str)> = Vec::new();
    loop {
        if let Some(start) = way.iter().position(|(_, _, it)| *it == name) {
            return Some(way.split_off(start));
        }
        let (file, needed) = needs.get(name)?;
        let (index, next) = needed.first()?;
        way.push((*file, *index, name));
        name = next;
    }
}

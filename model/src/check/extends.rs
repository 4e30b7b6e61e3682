//! Checks of `extends`.

use super::spec::{Lookup, Spec};
use super::types::suggestion;
use crate::diagnostics::TypeProblem;
use crate::findings::{At, FileId, Findings};
use crate::model::{DataType, TypeShape};
use crate::positions::Path;

pub(super) fn check(spec: &Spec<'_>, findings: &mut Findings) {
    for (file, it) in spec.types() {
        let Some(base) = &it.extends else { continue };
        if let Some(problem) = fault(spec, it, base) {
            report(file, problem, findings);
        }
    }
}

fn fault(spec: &Spec<'_>, data_type: &DataType, base: &str) -> Option<TypeProblem> {
    let is_enum = |ty: &DataType| matches!(ty.shape, TypeShape::Enum { .. });
    if is_enum(data_type) {
        return Some(TypeProblem::ExtendsEnum { name: data_type.name.clone() });
    }
    match spec.lookup(base) {
        Lookup::Unread => None,
        Lookup::Unknown => {
            let suggestion = suggestion(spec, base);
            Some(TypeProblem::Unknown { name: base.to_owned(), suggestion })
        }
        Lookup::Found(_, base) if is_enum(base) => Some(TypeProblem::ExtendsEnum { name: base.name.clone() }),
        Lookup::Found(..) => {
            let line: Vec<_> = spec.bases(data_type).map(|(_, base)| base.name.clone()).collect();
            let own = line.iter().position(|name| *name == data_type.name)?;
            let back = line[..=own].iter().cloned();
            Some(TypeProblem::ExtendsCycle {
                cycle: std::iter::once(data_type.name.clone()).chain(back).collect(),
            })
        }
    }
}

fn report(file: FileId, problem: TypeProblem, findings: &mut Findings) {
    findings.report(file, At::value(Path::root().key("extends")), problem);
}

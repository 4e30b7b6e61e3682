//! Checks of former names.

use super::elements::SpecElement;
use super::spec::Spec;
use crate::diagnostics::NameProblem;
use crate::findings::Findings;

/// Reports former names that are the current name.
pub(super) fn check(spec: &Spec<'_>, findings: &mut Findings) {
    for it in spec.elements().filter(|element| element.former == Some(element.name)) {
        let problem = NameProblem::RenamedFromItself { kind: it.kind, name: it.name.to_owned() };
        findings.push(it.finding("renamedFrom", problem));
    }
}

/// Warns about former names that are still in use.
pub(super) fn lint(spec: &Spec<'_>, findings: &mut Findings) {
    for it in spec.elements() {
        let Some(former) = it.former.filter(|former| *former != it.name) else { continue };
        let has_name = |other: SpecElement<'_>| {
            other.name == former && other.scope() == it.scope() && other.retirement.removed.is_none()
        };
        if spec.elements().any(has_name) {
            let (name, former) = (it.name.to_owned(), former.to_owned());
            findings.push(
                it.finding("renamedFrom", NameProblem::FormerNameTaken { kind: it.kind, name, former }),
            );
        }
    }
}

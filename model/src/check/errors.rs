//! Checks of the errors of operations.

use super::spec::Spec;
use crate::diagnostics::NameProblem;
use crate::findings::{At, Finding, Findings};
use crate::positions::Path;

/// Reports duplicate errors: those with the same code, cause and reason.
pub(super) fn check(spec: &Spec<'_>, findings: &mut Findings) {
    let list = Path::root().key("errors");
    let at = |nth| At::value(list.index(nth));
    for (file, operation) in spec.operations() {
        for (nth, it) in operation.errors.iter().enumerate() {
            if let Some(first) = operation.errors[..nth].iter().position(|other| other == it) {
                let problem = NameProblem::DuplicateError { error: it.identity() };
                findings.push(Finding::new(file, at(nth), problem).with(file, at(first), "the first one"));
            }
        }
    }
}

//! The errors that operations are known to answer with.

use super::spec::Spec;
use crate::diagnostics::NameProblem;
use crate::findings::{At, Finding, Findings};
use crate::positions::Path;

/// Code, cause and reason together are the name of an error.
pub(super) fn check(spec: &Spec<'_>, findings: &mut Findings) {
    let list = Path::root().key("errors");
    let at = |nth| At::value(list.index(nth));
    for (file, operation) in spec.operations() {
        for (nth, it) in operation.errors.iter().enumerate() {
            if let Some(first) = operation.errors[..nth].iter().position(|other| other == it) {
                let problem = NameProblem::ErrorRepeated { error: it.identity() };
                findings.push(Finding::new(file, at(nth), problem).with(file, at(first), "the first one"));
            }
        }
    }
}

//! Checks of queries.

use super::spec::Spec;
use crate::diagnostics::RouteProblem;
use crate::findings::{At, Findings};
use crate::model::{Method, query_parameters};
use crate::positions::Path;

pub(super) fn check(spec: &Spec<'_>, findings: &mut Findings) {
    let standard = query_parameters();
    for (file, operation) in spec.operations().filter(|(_, operation)| operation.query) {
        if operation.method != Method::Get {
            let problem = RouteProblem::QueryNotGet { method: operation.method.as_str() };
            findings.report(file, At::value(Path::root().key("query")), problem);
        }
        let list = Path::root().key("parameters");
        for (nth, parameter) in operation.parameters.iter().enumerate() {
            let name = &parameter.field.name;
            if standard.iter().any(|parameter| parameter.name == *name) {
                let problem = RouteProblem::StandardParameter { name: name.clone() };
                findings.report(file, At::value(list.index(nth).key("name")), problem);
            }
        }
    }
}

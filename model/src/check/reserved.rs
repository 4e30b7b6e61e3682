//! Checks of reserved paths.

use std::collections::HashMap;

use super::paths::{form_fault, paths, report_form, shape};
use super::spec::Spec;
use crate::diagnostics::RouteProblem;
use crate::findings::{At, FileId, Finding, Findings};
use crate::model::ReservedPath;
use crate::names::is_upper_camel;
use crate::positions::Path;

pub(super) fn check(spec: &Spec<'_>, findings: &mut Findings) {
    let Some((file, service, _)) = &spec.draft.api else { return };
    let mut described = HashMap::new();
    let mut operations = HashMap::new();
    for (operation_file, operation) in spec.operations() {
        operations.entry(operation.name.as_str()).or_insert(operation_file);
        for (path, at) in paths(operation) {
            described.entry(shape(path)).or_insert((operation_file, at, operation));
        }
    }
    let mut reserved_before = HashMap::new();
    for (nth, reserved) in service.reserved.iter().enumerate() {
        let row = Path::root().key("reserved").index(nth);
        let at = row.key("path");
        report_form(*file, at.clone(), &reserved.path, form_fault(&reserved.path), findings);
        let path = || reserved.path.clone();
        if let Some((other_file, other_at, operation)) = described.get(&shape(&reserved.path)) {
            let problem = RouteProblem::ReservedDescribed { path: path(), operation: operation.name.clone() };
            let finding = Finding::new(*file, At::value(at.clone()), problem);
            findings.push(finding.with(*other_file, At::value(other_at.clone()), "described here"));
        }
        if let Some(first) = reserved_before.insert(shape(&reserved.path), at.clone()) {
            let finding = Finding::new(*file, At::value(at), RouteProblem::ReservedTwice { path: path() });
            findings.push(finding.with(*file, At::value(first), "first listed here"));
        }
        check_operations(*file, &row.key("operations"), reserved, &operations, findings);
    }
}

/// Reports operation names that are invalid or that the spec describes.
fn check_operations(
    file: FileId,
    list: &Path,
    reserved: &ReservedPath,
    described: &HashMap<&str, FileId>,
    findings: &mut Findings,
) {
    if reserved.operations.is_empty() {
        let problem = RouteProblem::ReservedOperation { path: reserved.path.clone(), name: None };
        findings.report(file, At::value(list.clone()), problem);
    }
    for (nth, name) in reserved.operations.iter().enumerate() {
        let at = At::value(list.index(nth));
        if !is_upper_camel(name) {
            let problem =
                RouteProblem::ReservedOperation { path: reserved.path.clone(), name: Some(name.clone()) };
            findings.report(file, at, problem);
        } else if let Some(operation_file) = described.get(name.as_str()) {
            let problem =
                RouteProblem::ReservedDescribed { path: reserved.path.clone(), operation: name.clone() };
            let name = At::value(Path::root().key("name"));
            findings.push(Finding::new(file, at, problem).with(*operation_file, name, "described here"));
        }
    }
}

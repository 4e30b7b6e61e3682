//! Checks of examples.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::spec::Spec;
use super::values::{Record, Types, Values};
use super::versions::since;
use crate::diagnostics::ExampleProblem;
use crate::findings::{At, FileId, Finding, Findings};
use crate::model::{Example, Operation, Version, query_parameters};
use crate::positions::Path;

pub(super) fn check(spec: &Spec<'_>, findings: &mut Findings) {
    for (file, it) in spec.operations() {
        names(file, &it.examples, findings);
        let list = Path::root().key("examples");
        for (nth, example) in it.examples.iter().enumerate() {
            let at = list.index(nth);
            let release = release(spec, file, it, (example, &at), findings);
            for (place, problem) in problems(spec, it, example, release, &at) {
                let is_too_new = matches!(problem, ExampleProblem::FromTheFuture { .. });
                let finding = Finding::new(file, place, problem);
                findings.push(if is_too_new {
                    finding.with(file, At::value(at.key("since")), "the release of the example")
                } else {
                    finding
                });
            }
        }
    }
}

fn names(file: FileId, examples: &[Example], findings: &mut Findings) {
    let list = Path::root().key("examples");
    let at = |nth| At::value(list.index(nth).key("name"));
    let mut seen: HashMap<&str, usize> = HashMap::new();
    for (nth, example) in examples.iter().enumerate() {
        let first = *seen.entry(&example.name).or_insert(nth);
        if first != nth {
            let problem = ExampleProblem::NameTaken { name: example.name.clone() };
            findings.push(Finding::new(file, at(nth), problem).with(file, at(first), "the first one"));
        }
    }
}

/// Returns the release of an example, if it is declared and has the operation.
fn release<'a>(
    spec: &Spec<'a>,
    file: FileId,
    operation: &Operation,
    (example, at): (&'a Example, &Path),
    findings: &mut Findings,
) -> Option<&'a Version> {
    let Some(release) = &example.since else { return spec.newest() };
    if spec.is_older(release, &operation.since) {
        let problem = ExampleProblem::FromTheFuture {
            name: operation.name.clone(),
            since: operation.since.to_string(),
            release: release.to_string(),
        };
        let finding = Finding::new(file, At::value(at.key("since")), problem);
        findings.push(finding.with(file, since(), "declared here"));
        // All parts of the operation are newer, too.
        return None;
    }
    spec.is_declared(release).then_some(release)
}

/// Returns the mismatches between an example and the types of its operation, as of a release. The paths
/// of their positions begin with `at`.
pub(crate) fn problems<'a>(
    types: &impl Types<'a>,
    it: &Operation,
    example: &Example,
    release: Option<&Version>,
    at: &Path,
) -> Vec<(At, ExampleProblem)> {
    let mut values = Values { types, release, problems: Vec::new() };
    let standard = if it.query { query_parameters() } else { Vec::new() };
    let parameters = Record {
        fields: standard.iter().chain(it.parameters.iter().map(|parameter| &parameter.field)).collect(),
        owner: format!("`{}`", it.name),
        complete: true,
    };
    values.record(&example.request, &parameters, &at.key("request"));

    let envelope = types.envelope();
    let response = match example.status {
        // The response of a failed operation is the envelope alone.
        400..=599 => Record {
            fields: envelope.iter().collect(),
            owner: "the envelope of every response".to_owned(),
            complete: true,
        },
        // A successful response other than 200 may lack the result.
        status @ 200..=399 => Record {
            fields: it.response.iter().chain(envelope).collect(),
            owner: format!("the response of `{}`", it.name),
            complete: status == 200,
        },
        status => {
            let problem = ExampleProblem::Status { status };
            values.problems.push((At::value(at.key("status")), problem));
            return values.problems;
        }
    };
    let nothing = Map::new();
    let body = if let Value::Object(body) = &example.response { body } else { &nothing };
    values.record(body, &response, &at.key("response"));
    values.problems
}

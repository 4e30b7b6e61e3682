//! Writes `operations/<category>/<Operation>.yaml`.

use std::collections::HashSet;

use super::HEADER;
use super::corpus::{Execution, Method, Operation, is_undocumented};
use super::field;
use super::report::{Approximation, Report};
use super::summary::summary;
use super::versions::UNKNOWN;
use super::yaml::{list, scalar};
use zstack_codegen::emit::GeneratedFile;

pub(super) fn file(
    operation: &Operation,
    category: &str,
    enums: &HashSet<String>,
    report: &mut Report,
) -> GeneratedFile {
    note_unsupported(operation, report);
    report.note(Approximation::NoSummary, &operation.name);
    let mut text = HEADER.to_owned();
    let mut line = |key: &str, value: &str| text.push_str(&format!("{key}: {value}\n"));
    line("name", &operation.name);
    line("category", &scalar(category));
    line("summary", &scalar(&summary(&operation.name)));
    line("since", &format!("{:?}", operation.since.as_deref().unwrap_or(UNKNOWN)));
    line("method", operation.method.as_str());
    line("path", &scalar(&operation.path));
    if !operation.alt_paths.is_empty() {
        let paths: Vec<String> = operation.alt_paths.iter().map(|alt_path| scalar(alt_path)).collect();
        line("paths", &format!("[{}]", paths.join(", ")));
    }
    if operation.is_query {
        line("query", "true");
    }
    line(
        "execution",
        match operation.execution {
            Execution::Sync => "sync",
            Execution::Async => "async",
        },
    );
    line("auth", if operation.need_session { "session" } else { "none" });
    line("body", &body(operation, report));
    if is_undocumented(&operation.sources) {
        line("source", "platform");
    }
    if operation.deprecated {
        report.note(Approximation::DeprecatedUnknown, &operation.name);
        line("deprecated", &format!("{UNKNOWN:?}"));
    }
    let parameters =
        operation.params.iter().filter_map(|parameter| field::parameter(operation, parameter, enums, report));
    text.push_str(&list("parameters", parameters.collect()));
    let mut response = Vec::new();
    for field in &operation.response {
        if field.envelope {
            report.note(Approximation::Envelope, format!("{}.{}", operation.name, field.name));
        } else {
            response.push(field::row(&operation.name, field, report));
        }
    }
    text.push_str(&list("response", response));
    GeneratedFile { path: format!("operations/{category}/{}.yaml", operation.name).into(), text }
}

/// Reports facts that a spec does not record.
fn note_unsupported(operation: &Operation, report: &mut Report) {
    if let Some(class) = &operation.result_type {
        report.note(Approximation::FactResultType, format!("{}: {class}", operation.name));
    }
    if let Some(other) = &operation.alias_of {
        report.note(Approximation::FactAlias, format!("{}: {other}", operation.name));
    }
    if !operation.url_var_mapping.is_empty() {
        report.note(
            Approximation::FactVariables,
            format!("{}: {}", operation.name, operation.url_var_mapping.join(", ")),
        );
    }
}

fn body(operation: &Operation, report: &mut Report) -> String {
    match (operation.method, &operation.body_wrapper) {
        (Method::Get | Method::Delete, _) => "none".to_owned(),
        (Method::Put, Some(_)) if operation.is_action => "action".to_owned(),
        (_, Some(key)) => scalar(key),
        (_, None) => {
            if operation.body_wrapper_raw.is_none() {
                report.note(Approximation::BodyNull, &operation.name);
            }
            "\"null\"".to_owned()
        }
    }
}

//! Writes `operations/<category>/<Operation>.yaml`.

use std::collections::HashSet;

use super::HEADER;
use super::corpus::{Execution, Method, Operation, is_undocumented};
use super::field;
use super::report::{Approximation, Report};
use super::summary::summary;
use super::versions::UNKNOWN;
use zstack_codegen::emit::GeneratedFile;
use zstack_model::yaml::write::{Yaml, entry, list};

pub(super) fn file(
    operation: &Operation,
    category: &str,
    enums: &HashSet<String>,
    report: &mut Report,
) -> GeneratedFile {
    note_unsupported(operation, report);
    report.note(Approximation::NoSummary, &operation.name);
    let mut text = HEADER.to_owned();
    let mut add = |key: &str, value: Yaml| text.push_str(&entry(key, &value, 0));
    add("name", Yaml::text(&operation.name));
    add("category", Yaml::text(category));
    add("summary", Yaml::text(&summary(&operation.name)));
    add("since", Yaml::version(operation.since.as_deref().unwrap_or(UNKNOWN)));
    add("method", Yaml::word(operation.method.as_str()));
    add("path", Yaml::text(&operation.path));
    if !operation.alt_paths.is_empty() {
        add("paths", Yaml::texts(&operation.alt_paths));
    }
    if operation.is_query {
        add("query", Yaml::word(true));
    }
    let execution = match operation.execution {
        Execution::Sync => "sync",
        Execution::Async => "async",
    };
    add("execution", Yaml::word(execution));
    add("auth", Yaml::word(if operation.need_session { "session" } else { "none" }));
    add("body", Yaml::text(body(operation, report)));
    if is_undocumented(&operation.sources) {
        add("source", Yaml::word("platform"));
    }
    if operation.deprecated {
        report.note(Approximation::DeprecatedUnknown, &operation.name);
        add("deprecated", Yaml::version(UNKNOWN));
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

fn body<'o>(operation: &'o Operation, report: &mut Report) -> &'o str {
    match (operation.method, &operation.body_wrapper) {
        (Method::Get | Method::Delete, _) => "none",
        (Method::Put, Some(_)) if operation.is_action => "action",
        (_, Some(key)) => key,
        (_, None) => {
            if operation.body_wrapper_raw.is_none() {
                report.note(Approximation::BodyNull, &operation.name);
            }
            "null"
        }
    }
}

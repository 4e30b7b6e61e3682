//! `operations/<category>/<Operation>.yaml`.

use std::collections::HashSet;

use super::HEADER;
use super::corpus::{Execution, Method, Operation, is_of_platform};
use super::field;
use super::report::{Compromise, Report};
use super::summary::summary;
use super::versions::UNKNOWN;
use super::yaml::{list, scalar};
use zstack_codegen::emit::GeneratedFile;

pub(super) fn file(
    it: &Operation,
    category: &str,
    enums: &HashSet<String>,
    report: &mut Report,
) -> GeneratedFile {
    facts(it, report);
    report.note(Compromise::NoSummary, &it.name);
    let mut text = HEADER.to_owned();
    let mut line = |key: &str, value: &str| text.push_str(&format!("{key}: {value}\n"));
    line("name", &it.name);
    line("category", &scalar(category));
    line("summary", &scalar(&summary(&it.name)));
    line("since", &format!("{:?}", it.since.as_deref().unwrap_or(UNKNOWN)));
    line("method", it.method.as_str());
    line("path", &scalar(&it.path));
    if !it.alt_paths.is_empty() {
        let paths: Vec<String> = it.alt_paths.iter().map(|alt_path| scalar(alt_path)).collect();
        line("paths", &format!("[{}]", paths.join(", ")));
    }
    if it.is_query {
        line("query", "true");
    }
    line(
        "execution",
        match it.execution {
            Execution::Sync => "sync",
            Execution::Async => "async",
        },
    );
    line("auth", if it.need_session { "session" } else { "none" });
    line("body", &body(it, report));
    if is_of_platform(&it.sources) {
        line("source", "platform");
    }
    if it.deprecated {
        report.note(Compromise::DeprecatedUnknown, &it.name);
        line("deprecated", &format!("{UNKNOWN:?}"));
    }
    let parameters = it.params.iter().filter_map(|parameter| field::parameter(it, parameter, enums, report));
    text.push_str(&list("parameters", parameters.collect()));
    let mut response = Vec::new();
    for field in &it.response {
        if field.envelope {
            report.note(Compromise::Envelope, format!("{}.{}", it.name, field.name));
        } else {
            response.push(field::row(&it.name, field, report));
        }
    }
    text.push_str(&list("response", response));
    GeneratedFile { path: format!("operations/{category}/{}.yaml", it.name).into(), text }
}

/// What the corpus says that no spec says.
fn facts(it: &Operation, report: &mut Report) {
    if let Some(class) = &it.result_type {
        report.note(Compromise::FactResultType, format!("{}: {class}", it.name));
    }
    if let Some(other) = &it.alias_of {
        report.note(Compromise::FactAlias, format!("{}: {other}", it.name));
    }
    if !it.url_var_mapping.is_empty() {
        report.note(Compromise::FactVariables, format!("{}: {}", it.name, it.url_var_mapping.join(", ")));
    }
}

fn body(it: &Operation, report: &mut Report) -> String {
    match (it.method, &it.body_wrapper) {
        (Method::Get | Method::Delete, _) => "none".to_owned(),
        (Method::Put, Some(_)) if it.is_action => "action".to_owned(),
        (_, Some(key)) => scalar(key),
        (_, None) => {
            if it.body_wrapper_raw.is_none() {
                report.note(Compromise::BodyNull, &it.name);
            }
            "\"null\"".to_owned()
        }
    }
}

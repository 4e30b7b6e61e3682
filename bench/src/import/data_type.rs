//! `types/<Type>.yaml`.

use super::HEADER;
use super::corpus::{DataType, is_of_platform};
use super::field;
use super::report::{Compromise, Report};
use super::summary::summary;
use super::versions::UNKNOWN;
use super::yaml::{Row, list, scalar};
use zstack_codegen::emit::GeneratedFile;

/// The data type that every answer may hold, and the Rust type that it is.
const ERROR: (&str, &str) = ("ErrorCode", "zstack_runtime::ErrorCode");

pub(super) fn file(it: &DataType, report: &mut Report) -> GeneratedFile {
    report.note(Compromise::NoSummary, &it.name);
    if let Some(package) = &it.sdk_package {
        report.note(Compromise::FactPackage, format!("{}: {package}", it.name));
    }
    let mut text = HEADER.to_owned();
    let mut line = |key: &str, value: &str| text.push_str(&format!("{key}: {value}\n"));
    line("name", &it.name);
    line("summary", &scalar(&summary(&it.name)));
    line("since", &format!("{:?}", it.since.as_deref().unwrap_or(UNKNOWN)));
    if let Some(base) = &it.extends {
        line("extends", base);
    }
    if let Some(class) = &it.java_class {
        line("javaClass", &scalar(class));
    }
    if it.name == ERROR.0 {
        line("native", &scalar(ERROR.1));
    }
    if is_of_platform(&it.sources) {
        line("source", "platform");
    }
    if let Some(fields) = &it.fields {
        let rows = fields.iter().map(|field| field::row(&it.name, field, report)).collect();
        text.push_str(&list("fields", rows));
    }
    if let Some(values) = &it.values {
        let rows = values.iter().map(|value| {
            let mut row = Row::default();
            row.text("name", &value.name);
            row.version("since", value.since.as_deref().unwrap_or(UNKNOWN));
            row
        });
        text.push_str(&list("values", rows.collect()));
    }
    GeneratedFile { path: format!("types/{}.yaml", it.name).into(), text }
}

//! Writes `types/<Type>.yaml`.

use super::HEADER;
use super::corpus::{DataType, is_undocumented};
use super::field;
use super::report::{Approximation, Report};
use super::summary::summary;
use super::versions::UNKNOWN;
use super::yaml::{Row, list, scalar};
use zstack_codegen::emit::GeneratedFile;

/// The data type of errors, and its Rust type.
const ERROR: (&str, &str) = ("ErrorCode", "zstack_runtime::ErrorCode");

pub(super) fn file(ty: &DataType, report: &mut Report) -> GeneratedFile {
    report.note(Approximation::NoSummary, &ty.name);
    if let Some(package) = &ty.sdk_package {
        report.note(Approximation::FactPackage, format!("{}: {package}", ty.name));
    }
    let mut text = HEADER.to_owned();
    let mut line = |key: &str, value: &str| text.push_str(&format!("{key}: {value}\n"));
    line("name", &ty.name);
    line("summary", &scalar(&summary(&ty.name)));
    line("since", &format!("{:?}", ty.since.as_deref().unwrap_or(UNKNOWN)));
    if let Some(base) = &ty.extends {
        line("extends", base);
    }
    if let Some(class) = &ty.java_class {
        line("javaClass", &scalar(class));
    }
    if ty.name == ERROR.0 {
        line("native", &scalar(ERROR.1));
    }
    if is_undocumented(&ty.sources) {
        line("source", "platform");
    }
    if let Some(fields) = &ty.fields {
        let rows = fields.iter().map(|field| field::row(&ty.name, field, report)).collect();
        text.push_str(&list("fields", rows));
    }
    if let Some(values) = &ty.values {
        let rows = values.iter().map(|value| {
            let mut row = Row::default();
            row.text("name", &value.name);
            row.version("since", value.since.as_deref().unwrap_or(UNKNOWN));
            row
        });
        text.push_str(&list("values", rows.collect()));
    }
    GeneratedFile { path: format!("types/{}.yaml", ty.name).into(), text }
}

//! Writes `types/<Type>.yaml`.

use super::HEADER;
use super::corpus::{DataType, is_undocumented};
use super::field;
use super::report::{Approximation, Report};
use super::summary::summary;
use super::versions::UNKNOWN;
use zstack_codegen::emit::GeneratedFile;
use zstack_model::yaml::write::{Yaml, entry, list};

/// The data type of errors, and its Rust type.
const ERROR: (&str, &str) = ("ErrorCode", "zstack_runtime::ErrorCode");

pub(super) fn file(ty: &DataType, report: &mut Report) -> GeneratedFile {
    report.note(Approximation::NoSummary, &ty.name);
    if let Some(package) = &ty.sdk_package {
        report.note(Approximation::FactPackage, format!("{}: {package}", ty.name));
    }
    let mut text = HEADER.to_owned();
    let mut add = |key: &str, value: Yaml| text.push_str(&entry(key, &value, 0));
    add("name", Yaml::text(&ty.name));
    add("summary", Yaml::text(&summary(&ty.name)));
    add("since", Yaml::version(ty.since.as_deref().unwrap_or(UNKNOWN)));
    if let Some(base) = &ty.extends {
        add("extends", Yaml::text(base));
    }
    if let Some(class) = &ty.java_class {
        add("javaClass", Yaml::text(class));
    }
    if ty.name == ERROR.0 {
        add("native", Yaml::text(ERROR.1));
    }
    if is_undocumented(&ty.sources) {
        add("source", Yaml::word("platform"));
    }
    if let Some(fields) = &ty.fields {
        let rows = fields.iter().map(|field| field::row(&ty.name, field, report)).collect();
        text.push_str(&list("fields", rows));
    }
    if let Some(values) = &ty.values {
        let rows = values.iter().map(|value| {
            let since = value.since.as_deref().unwrap_or(UNKNOWN);
            Yaml::mapping([("name", Yaml::text(&value.name)), ("since", Yaml::version(since))])
        });
        text.push_str(&list("values", rows.collect()));
    }
    GeneratedFile { path: format!("types/{}.yaml", ty.name).into(), text }
}

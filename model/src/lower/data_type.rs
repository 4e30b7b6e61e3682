//! Converts data types.

use camino::Utf8Path;

use super::field::fields;
use super::history;
use super::terms::{retirement, version};
use crate::diagnostics::TypeProblem;
use crate::findings::{At, FileId, Findings};
use crate::model::{DataType, EnumValue, TypeShape};
use crate::positions::Path;
use crate::source::{self, Field, Line};

pub(super) fn lower(
    file: FileId,
    path: &Utf8Path,
    written: source::DataType,
    findings: &mut Findings,
) -> DataType {
    let root = Path::root();
    DataType {
        name: written.name.into(),
        summary: written.summary.into(),
        description: written.description.map(String::from),
        since: version(file, root.key("since"), written.since, findings),
        retirement: retirement(
            file,
            &root,
            written.deprecated,
            written.removed,
            written.replacement,
            findings,
        ),
        extends: written.extends.map(String::from),
        resource: written.resource.map(String::from),
        java_class: written.java_class.map(String::from),
        shape: shape(file, written.fields, written.values, written.native, findings),
        renamed_from: written.renamed_from.map(String::from),
        source: written.source,
        history: history::of_data_type(file, written.history, findings),
        file: path.to_owned(),
    }
}

fn shape(
    file: FileId,
    written_fields: Option<Vec<Field>>,
    written_values: Option<Vec<source::EnumValue>>,
    native: Option<Line>,
    findings: &mut Findings,
) -> TypeShape {
    let root = Path::root();
    match (written_fields, written_values) {
        (None, Some(written)) => {
            if native.is_some() {
                findings.report(file, At::key(root.key("native")), TypeProblem::NativeEnum);
            }
            let at = root.key("values");
            TypeShape::Enum { values: values(file, &at, written, findings) }
        }
        (written, both) => {
            if both.is_some() || written.is_none() {
                let problem = TypeProblem::FieldsOrValues { both: both.is_some() };
                let key = if both.is_some() { "values" } else { "name" };
                findings.report(file, At::key(root.key(key)), problem);
            }
            let at = root.key("fields");
            TypeShape::Record {
                fields: fields(file, &at, written.unwrap_or_default(), findings),
                native: native.map(String::from),
            }
        }
    }
}

fn values(
    file: FileId,
    at: &Path,
    written: Vec<source::EnumValue>,
    findings: &mut Findings,
) -> Vec<EnumValue> {
    let mut values = Vec::with_capacity(written.len());
    for (nth, it) in written.into_iter().enumerate() {
        let at = at.index(nth);
        values.push(EnumValue {
            name: it.name.into(),
            rust_name: it.rust_name.map(String::from),
            since: version(file, at.key("since"), it.since, findings),
            retirement: retirement(file, &at, it.deprecated, it.removed, it.replacement, findings),
            description: it.description.map(String::from),
            renamed_from: it.renamed_from.map(String::from),
        });
    }
    values
}

//! Converts fields and parameters.

use super::attributes::{place, ty, values};
use super::history;
use super::terms::{documented_values, retirement, version};
use crate::diagnostics::RouteProblem;
use crate::findings::{At, FileId, Findings};
use crate::model::{Constraints, Field, Parameter};
use crate::positions::Path;
use crate::source;

/// Converts a list of fields; `at` is the path of the list.
pub(super) fn fields(
    file: FileId,
    at: &Path,
    written: Vec<source::Field>,
    findings: &mut Findings,
) -> Vec<Field> {
    let numbered = written.into_iter().enumerate();
    numbered.map(|(nth, entry)| field(file, &at.index(nth), entry, findings)).collect()
}

/// Converts the parameters of an operation; `at` is the path of the list.
pub(super) fn parameters(
    file: FileId,
    at: &Path,
    written: Vec<source::Parameter>,
    findings: &mut Findings,
) -> Vec<Parameter> {
    let numbered = written.into_iter().enumerate();
    numbered.map(|(nth, entry)| parameter(file, &at.index(nth), entry, findings)).collect()
}

fn parameter(file: FileId, at: &Path, mut written: source::Parameter, findings: &mut Findings) -> Parameter {
    if written.r#in != source::Place::Body && written.enclosed.is_some() {
        findings.report(file, At::key(at.key("enclosed")), RouteProblem::EnclosedOutsideBody);
    }
    let now = (written.r#in, written.enclosed);
    let past = std::mem::take(&mut written.history);
    let mut field = field(file, at, written.into_field(), findings);
    field.history = history::of_parameter(file, at, past, now, findings);
    Parameter { field, place: place(now) }
}

fn field(file: FileId, at: &Path, written: source::Field, findings: &mut Findings) -> Field {
    let ty = ty(file, at.key("type"), &written.r#type, findings);
    let constraints = constraints(file, at, &written, findings);
    Field {
        name: written.name.into(),
        ty,
        refers: written.refers.map(String::from),
        since: version(file, at.key("since"), written.since, findings),
        retirement: retirement(file, at, written.deprecated, written.removed, written.replacement, findings),
        required: written.required,
        description: written.description.map(String::from),
        constraints,
        sensitive: written.sensitive,
        default: written.default.map(|default| default.0),
        documented: written.documented.map(documented_values),
        renamed_from: written.renamed_from.map(String::from),
        source: written.source,
        history: history::of_field(file, at, written.history, findings),
    }
}

fn constraints(file: FileId, at: &Path, written: &source::Field, findings: &mut Findings) -> Constraints {
    Constraints {
        max_length: written.max_length,
        min_length: written.min_length,
        range: written.range.map(|[lowest, highest]| (lowest, highest)),
        pattern: written.pattern.as_ref().map(|pattern| pattern.to_string()),
        java_pattern: written.java_pattern.as_ref().map(|java_pattern| java_pattern.to_string()),
        values: values(file, at.key("values"), written.values.as_deref(), findings),
        non_empty: written.non_empty,
        no_trim: written.no_trim,
        unit: written.unit.as_ref().map(|unit| unit.to_string()),
    }
}

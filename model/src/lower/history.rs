//! Converts histories.

use super::attributes::{MessageKeys, auth, body, message, method, place, ty, values};
use super::terms::{execution, version};
use crate::findings::{FileId, Findings};
use crate::model::{AttributeValue, HistoryEntry};
use crate::positions::Path;
use crate::source::{
    self, DataTypeAttributes, FieldAttributes, Line, OperationAttributes, ParameterAttributes, PastValue,
};

/// Converts the history of a field; `at` is the path of the field.
pub(super) fn of_field(
    file: FileId,
    at: &Path,
    written: Vec<PastValue<FieldAttributes>>,
    findings: &mut Findings,
) -> Vec<HistoryEntry> {
    entries(file, at, written, findings, |was, at, findings| independent(file, at, was, findings))
}

/// Converts the history of a parameter; `now` is its current `in` and `enclosed`.
pub(super) fn of_parameter(
    file: FileId,
    at: &Path,
    written: Vec<PastValue<ParameterAttributes>>,
    now: (source::Place, Option<bool>),
    findings: &mut Findings,
) -> Vec<HistoryEntry> {
    let (mut r#in, mut enclosed) = now;
    entries(file, at, written, findings, |was, at, findings| {
        Some(match was {
            source::AttributeValue::In(was) => {
                r#in = was;
                AttributeValue::In(place((r#in, enclosed)))
            }
            source::AttributeValue::Enclosed(was) => {
                enclosed = was;
                AttributeValue::Enclosed(place((r#in, enclosed)))
            }
            was => return independent(file, at, was, findings),
        })
    })
}

/// Converts the history of an operation; `keys` are its current message keys.
pub(super) fn of_operation(
    file: FileId,
    name: &str,
    written: Vec<PastValue<OperationAttributes>>,
    mut keys: MessageKeys,
    findings: &mut Findings,
) -> Vec<HistoryEntry> {
    entries(file, &Path::root(), written, findings, |was, at, findings| {
        Some(match was {
            source::AttributeValue::Body(was) => AttributeValue::Body(body(name, &was)),
            source::AttributeValue::Execution(was) => {
                keys.execution = execution(was);
                AttributeValue::Execution(keys.execution, message(file, &keys, findings))
            }
            source::AttributeValue::Message(was) => {
                keys.message = (was, at.clone());
                AttributeValue::Message(message(file, &keys, findings))
            }
            source::AttributeValue::Reply(was) => {
                keys.reply = (was, at.clone());
                AttributeValue::Reply(message(file, &keys, findings))
            }
            was => return independent(file, at, was, findings),
        })
    })
}

/// Converts the history of a data type.
pub(super) fn of_data_type(
    file: FileId,
    written: Vec<PastValue<DataTypeAttributes>>,
    findings: &mut Findings,
) -> Vec<HistoryEntry> {
    entries(file, &Path::root(), written, findings, |was, at, findings| independent(file, at, was, findings))
}

/// Converts entries, the latest first, since a value may depend on other attributes as of the same release.
fn entries<K>(
    file: FileId,
    at: &Path,
    written: Vec<PastValue<K>>,
    findings: &mut Findings,
    mut was: impl FnMut(source::AttributeValue, &Path, &mut Findings) -> Option<AttributeValue>,
) -> Vec<HistoryEntry> {
    let list = at.key("history");
    let mut entries = Vec::with_capacity(written.len());
    for (nth, it) in written.into_iter().enumerate().rev() {
        let at = list.index(nth);
        let release = version(file, at.key("in"), it.r#in, findings);
        let was = was(it.was, &at.key("from"), findings);
        entries.extend(was.map(|was| HistoryEntry { release, was }));
    }
    entries.reverse();
    entries
}

/// Converts an attribute that does not depend on others; `None` for those that do.
fn independent(
    file: FileId,
    at: &Path,
    was: source::AttributeValue,
    findings: &mut Findings,
) -> Option<AttributeValue> {
    let text = |line: Option<Line>| line.map(String::from);
    Some(match was {
        source::AttributeValue::Type(it) => AttributeValue::Type(ty(file, at.clone(), &it, findings)),
        source::AttributeValue::Required(it) => AttributeValue::Required(it.unwrap_or_default()),
        source::AttributeValue::Default(it) => AttributeValue::Default(it.map(|default| default.0)),
        source::AttributeValue::MaxLength(it) => AttributeValue::MaxLength(it),
        source::AttributeValue::MinLength(it) => AttributeValue::MinLength(it),
        source::AttributeValue::Range(it) => {
            AttributeValue::Range(it.map(|[lowest, highest]| (lowest, highest)))
        }
        source::AttributeValue::Pattern(it) => AttributeValue::Pattern(text(it)),
        source::AttributeValue::JavaPattern(it) => AttributeValue::JavaPattern(text(it)),
        source::AttributeValue::Values(it) => {
            AttributeValue::Values(values(file, at.clone(), it.as_deref(), findings))
        }
        source::AttributeValue::NonEmpty(it) => AttributeValue::NonEmpty(it.unwrap_or_default()),
        source::AttributeValue::NoTrim(it) => AttributeValue::NoTrim(it.unwrap_or_default()),
        source::AttributeValue::Unit(it) => AttributeValue::Unit(text(it)),
        source::AttributeValue::Method(it) => AttributeValue::Method(method(it)),
        source::AttributeValue::Path(it) => AttributeValue::Path(it.into()),
        source::AttributeValue::Paths(it) => {
            AttributeValue::Paths(it.into_iter().flatten().map(String::from).collect())
        }
        source::AttributeValue::Query(it) => AttributeValue::Query(it.unwrap_or_default()),
        source::AttributeValue::Auth(it) => AttributeValue::Auth(auth(it)),
        source::AttributeValue::Extends(it) => AttributeValue::Extends(text(it)),
        source::AttributeValue::JavaClass(it) => AttributeValue::JavaClass(text(it)),
        source::AttributeValue::In(_)
        | source::AttributeValue::Enclosed(_)
        | source::AttributeValue::Execution(_)
        | source::AttributeValue::Body(_)
        | source::AttributeValue::Message(_)
        | source::AttributeValue::Reply(_) => return None,
    })
}

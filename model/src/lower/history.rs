//! Histories, read by the code that reads what they are about.

use super::attributes::{Channel, auth, body, message, method, place, ty, values};
use super::terms::{execution, version};
use crate::findings::{FileId, Findings};
use crate::model::{HistoryEntry, Was};
use crate::positions::Path;
use crate::source::{self, Line, OfDataType, OfField, OfOperation, OfParameter, Past};

/// The history of a field; `at` is the path of the field.
pub(super) fn of_field(
    file: FileId,
    at: &Path,
    written: Vec<Past<OfField>>,
    findings: &mut Findings,
) -> Vec<HistoryEntry> {
    entries(file, at, written, findings, |was, at, findings| alone(file, at, was, findings))
}

/// The history of a parameter that travels where `now` says.
pub(super) fn of_parameter(
    file: FileId,
    at: &Path,
    written: Vec<Past<OfParameter>>,
    now: (source::Place, Option<bool>),
    findings: &mut Findings,
) -> Vec<HistoryEntry> {
    let (mut r#in, mut enclosed) = now;
    entries(file, at, written, findings, |was, at, findings| {
        Some(match was {
            source::Was::In(was) => {
                r#in = was;
                Was::In(place((r#in, enclosed)))
            }
            source::Was::Enclosed(was) => {
                enclosed = was;
                Was::Enclosed(place((r#in, enclosed)))
            }
            was => return alone(file, at, was, findings),
        })
    })
}

/// The history of an operation that the older channel knows as `channel` says.
pub(super) fn of_operation(
    file: FileId,
    name: &str,
    written: Vec<Past<OfOperation>>,
    mut channel: Channel,
    findings: &mut Findings,
) -> Vec<HistoryEntry> {
    entries(file, &Path::root(), written, findings, |was, at, findings| {
        Some(match was {
            source::Was::Body(was) => Was::Body(body(name, &was)),
            source::Was::Execution(was) => {
                channel.execution = execution(was);
                Was::Execution(channel.execution, message(file, &channel, findings))
            }
            source::Was::Message(was) => {
                channel.message = (was, at.clone());
                Was::Message(message(file, &channel, findings))
            }
            source::Was::Reply(was) => {
                channel.reply = (was, at.clone());
                Was::Reply(message(file, &channel, findings))
            }
            was => return alone(file, at, was, findings),
        })
    })
}

/// The history of a data type.
pub(super) fn of_data_type(
    file: FileId,
    written: Vec<Past<OfDataType>>,
    findings: &mut Findings,
) -> Vec<HistoryEntry> {
    entries(file, &Path::root(), written, findings, |was, at, findings| alone(file, at, was, findings))
}

/// Entries, the latest first: what an attribute was may depend on others as
/// they were then.
fn entries<K>(
    file: FileId,
    at: &Path,
    written: Vec<Past<K>>,
    findings: &mut Findings,
    mut was: impl FnMut(source::Was, &Path, &mut Findings) -> Option<Was>,
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

/// An attribute that says all there is to know. Of the others there is nothing
/// to say here.
fn alone(file: FileId, at: &Path, was: source::Was, findings: &mut Findings) -> Option<Was> {
    let text = |it: Option<Line>| it.map(String::from);
    Some(match was {
        source::Was::Type(it) => Was::Type(ty(file, at.clone(), &it, findings)),
        source::Was::Required(it) => Was::Required(it.unwrap_or_default()),
        source::Was::Default(it) => Was::Default(it.map(|it| it.0)),
        source::Was::MaxLength(it) => Was::MaxLength(it),
        source::Was::MinLength(it) => Was::MinLength(it),
        source::Was::Range(it) => Was::Range(it.map(|[lowest, highest]| (lowest, highest))),
        source::Was::Pattern(it) => Was::Pattern(text(it)),
        source::Was::JavaPattern(it) => Was::JavaPattern(text(it)),
        source::Was::Values(it) => Was::Values(values(file, at.clone(), it.as_deref(), findings)),
        source::Was::NonEmpty(it) => Was::NonEmpty(it.unwrap_or_default()),
        source::Was::NoTrim(it) => Was::NoTrim(it.unwrap_or_default()),
        source::Was::Unit(it) => Was::Unit(text(it)),
        source::Was::Method(it) => Was::Method(method(it)),
        source::Was::Path(it) => Was::Path(it.into()),
        source::Was::Paths(it) => Was::Paths(it.into_iter().flatten().map(String::from).collect()),
        source::Was::Query(it) => Was::Query(it.unwrap_or_default()),
        source::Was::Auth(it) => Was::Auth(auth(it)),
        source::Was::Extends(it) => Was::Extends(text(it)),
        source::Was::JavaClass(it) => Was::JavaClass(text(it)),
        source::Was::In(_)
        | source::Was::Enclosed(_)
        | source::Was::Execution(_)
        | source::Was::Body(_)
        | source::Was::Message(_)
        | source::Was::Reply(_) => return None,
    })
}

//! Words of the source in terms of the model.

use crate::diagnostics::VersionProblem;
use crate::findings::{At, FileId, Findings};
use crate::model::{Documented, Execution, Source, Version};
use crate::positions::Path;
use crate::source;

/// Translates a version; reports one that is none.
pub(super) fn version(file: FileId, at: Path, written: source::Version, findings: &mut Findings) -> Version {
    numbers(&written).map_or_else(
        || {
            let text = String::from(written.clone());
            findings.report(file, At::value(at), VersionProblem::Malformed { text });
            unknown_version()
        },
        |numbers| Version { numbers, text: written.clone().into() },
    )
}

/// Reports a version that is none, where the model has no use for it yet.
pub(super) fn check_version(
    file: FileId,
    at: Path,
    written: Option<source::Version>,
    findings: &mut Findings,
) {
    if let Some(written) = written {
        version(file, at, written, findings);
    }
}

/// Stands for a version that could not be read.
fn unknown_version() -> Version {
    Version { numbers: [0; 4], text: String::new() }
}

/// Whether a version could be read.
pub(crate) fn is_known(version: &Version) -> bool {
    !version.text.is_empty()
}

/// The numbers of a version.
pub(crate) fn numbers(text: &str) -> Option<[u16; 4]> {
    let mut numbers = [0; 4];
    for (nth, part) in text.split('.').enumerate() {
        // `parse` would take a sign as well.
        if !part.bytes().all(|it| it.is_ascii_digit()) {
            return None;
        }
        *numbers.get_mut(nth)? = part.parse().ok()?;
    }
    Some(numbers)
}

pub(super) fn origin(written: source::Origin) -> Source {
    match written {
        source::Origin::Document => Source::Document,
        source::Origin::Platform => Source::Platform,
    }
}

pub(super) fn execution(written: source::Execution) -> Execution {
    match written {
        source::Execution::Sync => Execution::Sync,
        source::Execution::Async => Execution::Async,
    }
}

pub(super) fn documented(written: source::Documented) -> Documented {
    Documented {
        place: written.r#in.map(String::from),
        ty: written.r#type.map(String::from),
        since: written.since.map(String::from),
        required: written.required,
        execution: written.execution.map(execution),
    }
}

#[cfg(test)]
mod tests {
    use super::numbers;

    #[test]
    fn versions() {
        for (text, expected) in [
            ("0.6", Some([0, 6, 0, 0])),
            ("3.10.0", Some([3, 10, 0, 0])),
            ("2.3.2.1", Some([2, 3, 2, 1])),
            ("65535", Some([65535, 0, 0, 0])),
            ("65536", None),
            ("1.2.3.4.5", None),
            ("", None),
            ("3.", None),
            (".3", None),
            ("+3", None),
            ("-3", None),
            ("zsv 4.1.6", None),
            ("3.3 ", None),
            ("٣", None),
        ] {
            assert_eq!(numbers(text), expected, "{text:?}");
        }
    }
}

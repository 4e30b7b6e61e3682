//! Words of the source in terms of the model.

use crate::diagnostics::VersionProblem;
use crate::findings::{At, FileId, Findings};
use crate::model::{Documented, Execution, Retirement, Source, Version, VersionError};
use crate::positions::Path;
use crate::source;

/// Translates a version; reports one that is none.
pub(super) fn version(file: FileId, at: Path, written: source::Version, findings: &mut Findings) -> Version {
    written.parse().unwrap_or_else(|_: VersionError| {
        findings.report(file, At::value(at), VersionProblem::Malformed { text: written.into() });
        unknown_version()
    })
}

/// Translates how the element at `at` leaves.
pub(super) fn retirement(
    file: FileId,
    at: &Path,
    deprecated: Option<source::Version>,
    removed: Option<source::Version>,
    replacement: Option<source::Text>,
    findings: &mut Findings,
) -> Retirement {
    Retirement {
        deprecated: deprecated.map(|it| version(file, at.key("deprecated"), it, findings)),
        removed: removed.map(|it| version(file, at.key("removed"), it, findings)),
        replacement: replacement.map(String::from),
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

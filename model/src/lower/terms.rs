//! Converts values that several elements have in common.

use crate::diagnostics::VersionProblem;
use crate::findings::{At, FileId, Findings};
use crate::model::{Documented, Execution, Retirement, Version};
use crate::positions::Path;
use crate::source;

/// Converts a version, and reports an invalid one.
pub(super) fn version(file: FileId, at: Path, written: source::Version, findings: &mut Findings) -> Version {
    // A number with leading zeros would be displayed without them.
    let parsed = written.parse::<Version>().ok().filter(|version| version.to_string() == *written);
    parsed.unwrap_or_else(|| {
        findings.report(file, At::value(at), VersionProblem::Malformed { text: written.into() });
        INVALID
    })
}

/// Converts the deprecation and the removal of the element at `at`.
pub(super) fn retirement(
    file: FileId,
    at: &Path,
    deprecated: Option<source::Version>,
    removed: Option<source::Version>,
    replacement: Option<source::Text>,
    findings: &mut Findings,
) -> Retirement {
    Retirement {
        deprecated: deprecated.map(|written| version(file, at.key("deprecated"), written, findings)),
        removed: removed.map(|written| version(file, at.key("removed"), written, findings)),
        replacement: replacement.map(String::from),
    }
}

/// The placeholder for an invalid version.
const INVALID: Version = Version::from_parts(0, 0);

/// Returns whether a version is valid.
pub(crate) fn is_known(version: &Version) -> bool {
    version.to_parts() != INVALID.to_parts()
}

pub(super) fn execution(written: source::Execution) -> Execution {
    match written {
        source::Execution::Sync => Execution::Sync,
        source::Execution::Async => Execution::Async,
    }
}

pub(super) fn documented_values(written: source::Documented) -> Documented {
    Documented {
        place: written.r#in.map(String::from),
        ty: written.r#type.map(String::from),
        since: written.since.map(String::from),
        required: written.required,
        execution: written.execution.map(execution),
    }
}

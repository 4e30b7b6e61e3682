//! Checks of the list of releases, and of the versions that name them.

use super::spec::Spec;
use crate::diagnostics::VersionProblem;
use crate::findings::{At, FileId, Findings};
use crate::lower::terms::is_known;
use crate::lower::waivers;
use crate::model::{Release, Version};
use crate::positions::Path;
use crate::waivers::Expiry;

/// Reports releases in the wrong order, and undeclared versions.
pub(super) fn check(spec: &Spec<'_>, findings: &mut Findings) {
    let Some((file, releases)) = spec.releases() else { return };
    order(file, releases, findings);
    each_version(spec, |version, place| {
        if is_known(version) && !spec.is_declared(version) {
            let known = || {
                releases
                    .iter()
                    .map(|release| &release.version)
                    .filter(|version| is_known(version) && !version.is_unknown())
            };
            let text = |version: Option<&Version>| version.map(|version| version.to_string());
            let problem = VersionProblem::Undeclared {
                version: version.to_string(),
                older: text(known().filter(|known| *known < version).max()),
                newer: text(known().filter(|known| *known > version).min()),
            };
            let (file, at) = place();
            findings.report(file, at, problem);
        }
    });
}

/// Warns about versions that are spelled differently from the list.
pub(super) fn lint(spec: &Spec<'_>, findings: &mut Findings) {
    let Some((_, releases)) = spec.releases() else { return };
    each_version(spec, |version, place| {
        let release = releases.iter().find(|release| is_known(version) && release.version == *version);
        if let Some(Release { version: declared, .. }) =
            release.filter(|release| release.version.to_parts() != version.to_parts())
        {
            let problem =
                VersionProblem::Noncanonical { version: version.to_string(), declared: declared.to_string() };
            let (file, at) = place();
            findings.report(file, at, problem);
        }
    });
}

/// Calls `visit` with each version that a file names, and with a function that returns its position.
fn each_version(spec: &Spec<'_>, mut visit: impl FnMut(&Version, &dyn Fn() -> (FileId, At))) {
    for it in spec.elements() {
        for (key, version) in it.versions() {
            visit(version, &|| (it.file, it.at(key)));
        }
    }
    for it in spec.histories() {
        for (nth, (entry, _)) in it.changes.iter().enumerate() {
            visit(&entry.release, &|| (it.file, At::value(it.path(nth, "in"))));
        }
    }
    for (file, it) in spec.operations() {
        for (nth, example) in it.examples.iter().enumerate() {
            if let Some(version) = &example.since {
                let at = || At::value(Path::root().key("examples").index(nth).key("since"));
                visit(version, &|| (file, at()));
            }
        }
    }
    if let Some((file, waivers)) = &spec.draft.waivers {
        for (nth, it) in waivers {
            if let Some(Expiry::Release(version)) = &it.expires {
                visit(version, &|| (*file, At::value(waivers::at(*nth).key("expires"))));
            }
        }
    }
}

/// Reports releases that are not sorted by version. The date does not matter: 4.7.11 precedes 5.0,
/// although it is newer.
fn order(file: FileId, releases: &[Release], findings: &mut Findings) {
    let list = Path::root().key("releases");
    if releases.is_empty() {
        findings.report(file, At::key(list), VersionProblem::NoReleases);
        return;
    }
    for (nth, pair) in releases.windows(2).enumerate() {
        let [previous, it] = pair else { continue };
        let (version, previous) = (&it.version, &previous.version);
        if is_known(version) && is_known(previous) && version <= previous {
            let problem = VersionProblem::OutOfOrder {
                version: version.to_string(),
                previous: previous.to_string(),
                same: version == previous,
            };
            findings.report(file, At::value(list.index(nth + 1).key("version")), problem);
        }
    }
}

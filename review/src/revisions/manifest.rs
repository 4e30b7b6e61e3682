//! The version of the generated crates, from the workspace manifest next to the folder of the spec.

use camino::Utf8Path;
use semver::Version;
use toml::Table;

use super::repository::{NamedCommit, Repository};

const FILE: &str = "Cargo.toml";

/// Reads the version next to a folder on disk.
pub(super) fn version_next_to_folder(spec: &Utf8Path) -> Option<Version> {
    // The manifest is next to the target of a link.
    let spec = spec.canonicalize_utf8().ok()?;
    version(&fs_err::read_to_string(spec.parent()?.join(FILE)).ok()?)
}

/// Reads the version next to a folder of a commit.
pub(super) fn version_in_commit(
    repository: &Repository,
    commit: &NamedCommit,
    spec: &Utf8Path,
) -> Option<Version> {
    version(&repository.text(commit, &spec.parent()?.join(FILE))?)
}

/// Reads `workspace.package.version`. Cargo reports a manifest that cannot be parsed; here it has no version.
fn version(manifest: &str) -> Option<Version> {
    let table: Table = manifest.parse().ok()?;
    table.get("workspace")?.get("package")?.get("version")?.as_str()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::version;

    #[test]
    fn reads_the_version_of_the_workspace() {
        for (manifest, expected) in [
            ("[workspace.package]\nversion = \"0.1.0\"\n", Some("0.1.0")),
            ("workspace = {package = {version = '1.2.3-rc.1'}}", Some("1.2.3-rc.1")),
            ("[package]\nversion = \"0.1.0\"\n", None),
            ("[workspace]\nmembers = []\n", None),
            ("[workspace.package]\nversion = \"1.0\"\n", None),
            ("[workspace.package]\nversion = 1\n", None),
            ("[workspace.package\nversion = \"0.1.0\"\n", None),
            ("", None),
        ] {
            assert_eq!(
                version(manifest).map(|version| version.to_string()).as_deref(),
                expected,
                "{manifest}"
            );
        }
    }
}

//! The version of the generated crates: that of the workspace which the spec's
//! folder stands in.

use camino::Utf8Path;
use semver::Version;
use toml::Table;

use super::repository::{Point, Repo};

/// The name of the file, beside the spec's folder.
const FILE: &str = "Cargo.toml";

/// What the working tree says, or a folder with its own.
pub(super) fn beside_folder(spec: &Utf8Path) -> Option<Version> {
    // What a link or `..` leads to is beside what it leads to.
    let spec = spec.canonicalize_utf8().ok()?;
    version(&fs_err::read_to_string(spec.parent()?.join(FILE)).ok()?)
}

/// What a commit says.
pub(super) fn beside(repo: &Repo, point: &Point, spec: &Utf8Path) -> Option<Version> {
    version(&repo.text(point, &spec.parent()?.join(FILE))?)
}

/// `workspace.package.version`. A manifest that cannot be read is Cargo's
/// matter, and says nothing of the spec.
fn version(manifest: &str) -> Option<Version> {
    let table: Table = manifest.parse().ok()?;
    table.get("workspace")?.get("package")?.get("version")?.as_str()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::version;

    #[test]
    fn the_version_is_that_of_the_workspace() {
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

//! Tests of the published packages: manifests, files, and the dependencies that the pages list.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;
use std::sync::LazyLock;

use serde_json::Value;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// The published packages and their dependencies in the workspace.
const PUBLISHED: [&str; 12] = [
    "zstack-client",
    "zstack-codegen",
    "zstack-derive",
    "zstack-dynamic",
    "zstack-model",
    "zstack-node",
    "zstack-reference",
    "zstack-review",
    "zstack-runtime",
    "zstack-server",
    "zstack-types",
    "zstack-vocabulary",
];

/// The packages of the workspace, by name, as Cargo reads their manifests.
static PACKAGES: LazyLock<BTreeMap<String, Value>> = LazyLock::new(|| {
    let text = cargo(&["metadata", "--no-deps", "--format-version", "1"]);
    let mut metadata: Value = serde_json::from_str(&text).unwrap();
    let Value::Array(packages) = metadata["packages"].take() else { panic!("no packages in {text}") };
    packages.into_iter().map(|package| (package["name"].as_str().unwrap().to_owned(), package)).collect()
});

/// Runs Cargo and returns its output.
fn cargo(arguments: &[&str]) -> String {
    let output =
        Command::new(env!("CARGO")).args(arguments).arg("--offline").current_dir(ROOT).output().unwrap();
    let (text, problems) =
        (String::from_utf8(output.stdout).unwrap(), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "cargo {}: {problems}", arguments.join(" "));
    text
}

/// The sets of features with which a build compiles each package.
fn features(arguments: &[&str]) -> BTreeMap<String, BTreeSet<String>> {
    let text = cargo(&[&["tree", "--prefix", "none", "--format", "{p}|{f}"], arguments].concat());
    let mut features: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for line in text.lines() {
        // An empty line separates the trees of packages.
        let Some((package, set)) = line.trim_end_matches(" (*)").split_once('|') else { continue };
        features.entry(package.to_owned()).or_default().insert(set.to_owned());
    }
    features
}

/// Packages that derives need with fewer features than programs. They compile in tenths of a second, and
/// no package that takes longer depends on them twice.
const SMALL: [&str; 2] = ["fastrand", "phf_shared"];

/// `cargo xtask`, what it builds for the demo, and `cargo test --workspace` compile each package
/// once for all of them. Another set of features anywhere, also in a dependency of a derive,
/// compiles that package and all that depend on it again.
#[test]
fn packages_have_the_same_features_in_every_build() {
    let without_tests = ["--edges", "normal,build"];
    let mut features = features(&["--workspace"]);
    for selection in [["--package", "xtask"].as_slice(), &["--workspace"]] {
        for (package, sets) in self::features(&[selection, &without_tests].concat()) {
            features.entry(package).or_default().extend(sets);
        }
    }
    let is_small = |package: &str| SMALL.iter().any(|name| package.starts_with(&format!("{name} v")));
    features.retain(|package, sets| sets.len() > 1 && !is_small(package));
    assert!(features.is_empty(), "compiled with several sets of features: {features:#?}");
}

fn is_published(package: &Value) -> bool {
    // `publish = false` is an empty list of registries.
    package["publish"].as_array().is_none_or(|registries| !registries.is_empty())
}

#[test]
fn only_these_packages_are_published() {
    let published: Vec<_> =
        PACKAGES.iter().filter(|(_, package)| is_published(package)).map(|(name, _)| name).collect();
    assert_eq!(published, PUBLISHED);
    for name in PUBLISHED {
        for dependency in PACKAGES[name]["dependencies"].as_array().unwrap() {
            let needed = dependency["name"].as_str().unwrap();
            if dependency["kind"] == "dev" || dependency["path"].is_null() {
                continue;
            }
            assert!(PUBLISHED.contains(&needed), "{name} needs {needed}, which is not published");
            assert_ne!(dependency["req"], "*", "{name} needs a version of {needed}");
        }
    }
}

#[test]
fn packages_have_the_metadata_of_a_registry() {
    for name in PUBLISHED {
        let package = &PACKAGES[name];
        for key in ["description", "license", "repository", "readme", "rust_version"] {
            let value = package[key].as_str().unwrap_or_default();
            assert!(!value.is_empty(), "{name} has no {key}");
        }
        for (key, most) in [("keywords", 5), ("categories", 5)] {
            let count = package[key].as_array().unwrap().len();
            assert!((1..=most).contains(&count), "{name} has {count} {key}");
        }
    }
}

#[test]
fn packages_are_complete() {
    for name in PUBLISHED {
        let listed = cargo(&["package", "--list", "--allow-dirty", "--package", name]);
        let files: BTreeSet<&str> = listed.lines().map(|line| line.trim()).collect();
        for file in ["Cargo.toml", "LICENSE-APACHE", "LICENSE-MIT", "README.md"] {
            assert!(files.contains(file), "{file} is not in {name}");
        }
        let folder = Path::new(PACKAGES[name]["manifest_path"].as_str().unwrap()).parent().unwrap();
        for license in ["LICENSE-APACHE", "LICENSE-MIT"] {
            // A checkout without symbolic links contains their targets as text.
            if folder.join(license).is_symlink() {
                let (own, root) = (folder.join(license), Path::new(ROOT).join(license));
                assert_eq!(std::fs::read(own).unwrap(), std::fs::read(root).unwrap(), "{license} of {name}");
            }
        }
    }
}

/// The build script of the node reads the spec, which lies outside of its
/// folder.
#[cfg(unix)]
#[test]
fn the_package_of_the_node_has_the_spec() {
    let listed = cargo(&["package", "--list", "--allow-dirty", "--package", "zstack-node"]);
    let packaged: BTreeSet<_> = listed
        .lines()
        .filter_map(|line| line.trim().replace('\\', "/").strip_prefix("spec/").map(str::to_owned))
        .collect();
    let mut here = BTreeSet::new();
    collect(&Path::new(ROOT).join("spec"), "", &mut here);
    assert!(here.contains("api.yaml") && here.len() > 30, "{here:?}");
    assert_eq!(packaged, here);
}

fn collect(folder: &Path, prefix: &str, files: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = format!("{prefix}{}", entry.file_name().to_str().unwrap());
        if entry.file_type().unwrap().is_dir() {
            collect(&entry.path(), &format!("{name}/"), files);
        } else {
            files.insert(name);
        }
    }
}

/// A page for users of the crates.
struct Page {
    name: String,
    text: String,
}

impl Page {
    /// The blocks of code in a language, up to the first comma of its tag.
    fn blocks(&self, language: &str) -> Vec<String> {
        let mut blocks = Vec::new();
        let mut lines = self.text.lines();
        while let Some(line) = lines.next() {
            let Some(tag) = line.trim_start().strip_prefix("```") else { continue };
            let block: Vec<_> =
                lines.by_ref().take_while(|line| !line.trim_start().starts_with("```")).collect();
            if tag.split(',').next() == Some(language) && !tag.contains("ignore") {
                blocks.push(block.join("\n"));
            }
        }
        blocks
    }

    /// The dependencies that the page lists.
    fn dependencies(&self) -> Vec<(String, toml::Value)> {
        let mut dependencies = Vec::new();
        for block in self.blocks("toml") {
            let manifest: toml::Table =
                block.parse().unwrap_or_else(|error| panic!("{}: {error}\n{block}", self.name));
            for table in ["dependencies", "dev-dependencies"] {
                let table = manifest.get(table).and_then(toml::Value::as_table);
                dependencies.extend(
                    table
                        .into_iter()
                        .flatten()
                        .map(|(name, requirement)| (name.clone(), requirement.clone())),
                );
            }
        }
        dependencies
    }
}

fn pages() -> Vec<Page> {
    let mut pages = Vec::new();
    for entry in std::fs::read_dir(Path::new(ROOT).join("docs")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "md") {
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            pages.push(Page { name, text: std::fs::read_to_string(&path).unwrap() });
        }
    }
    pages
}

#[test]
fn pages_list_the_dependencies_of_their_examples() {
    // The standard library.
    let own = ["std", "core", "alloc", "self", "super", "crate"];
    let mut checked = BTreeSet::new();
    for page in pages() {
        let listed: BTreeSet<_> =
            page.dependencies().into_iter().map(|(name, _)| name.replace('-', "_")).collect();
        for block in page.blocks("rust") {
            for line in block.lines().map(|line| line.trim_start_matches("# ").trim()) {
                let Some(path) = line.strip_prefix("use ").filter(|path| path.contains("::")) else {
                    continue;
                };
                let root = path.split("::").next().unwrap();
                let is_type = root.starts_with(char::is_uppercase);
                assert!(
                    own.contains(&root) || is_type || listed.contains(root),
                    "{}: {root} of `{line}` is not listed",
                    page.name
                );
                checked.insert((page.name.clone(), root.to_owned()));
            }
            for name in
                ["axum::", "reqwest::", "tokio::", "zstack_client::", "zstack_server::", "zstack_types::"]
            {
                let root = name.trim_end_matches("::");
                // Re-exports belong to the exporting crate.
                let is_used = block.contains(name) && !block.contains(&format!("::{name}"));
                assert!(!is_used || listed.contains(root), "{}: {root} is not listed", page.name);
            }
        }
    }
    for (page, root) in
        [("client.md", "zstack_client"), ("server.md", "zstack_server"), ("testing.md", "zstack_client")]
    {
        assert!(checked.contains(&(page.to_owned(), root.to_owned())), "{page} has examples with {root}");
    }
}

#[test]
fn dependencies_of_pages_exist() {
    let mut count = 0;
    for page in pages() {
        for (name, dependency) in page.dependencies() {
            if !name.starts_with("zstack-") {
                continue;
            }
            count += 1;
            let at = format!("{name} in {}", page.name);
            let package = PACKAGES.get(&name).unwrap_or_else(|| panic!("{at} does not exist"));
            assert!(is_published(package), "{at} is not for others");
            assert_eq!(
                dependency.get("git").and_then(toml::Value::as_str),
                package["repository"].as_str(),
                "{at}"
            );
            let features = dependency.get("features").and_then(toml::Value::as_array);
            for feature in features.into_iter().flatten() {
                let feature = feature.as_str().unwrap();
                assert!(package["features"].get(feature).is_some(), "{at} has no feature {feature}");
            }
        }
    }
    assert!(count >= 4, "{count}");
}

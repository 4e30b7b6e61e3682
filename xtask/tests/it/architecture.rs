//! Tests of the layout of the workspace: dependencies between crates, and circular imports of modules.

mod modules;

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use modules::Modules;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// The crates on which each crate may depend directly, except for its tests.
const ARROWS: &[(&str, &[&str])] = &[
    ("zstack-vocabulary", &[]),
    ("zstack-model", &["zstack-vocabulary"]),
    ("zstack-codegen", &["zstack-model"]),
    ("zstack-review", &["zstack-model", "zstack-vocabulary"]),
    ("zstack-reference", &["zstack-codegen", "zstack-model", "zstack-review", "zstack-vocabulary"]),
    ("zstack-transcribe", &["zstack-model", "zstack-vocabulary"]),
    ("xtask", &["zstack-codegen", "zstack-model", "zstack-reference", "zstack-review", "zstack-transcribe"]),
    ("zstack-derive", &[]),
    ("zstack-runtime", &["zstack-derive", "zstack-vocabulary"]),
    ("zstack-dynamic", &["zstack-model", "zstack-runtime"]),
    ("zstack-types", &["zstack-runtime"]),
    ("zstack-client", &["zstack-runtime", "zstack-types"]),
    ("zstack-server", &["zstack-runtime", "zstack-types"]),
    (
        "zstack-node",
        &[
            "zstack-dynamic",
            "zstack-model",
            "zstack-reference",
            "zstack-runtime",
            "zstack-server",
            "zstack-types",
            "zstack-vocabulary",
        ],
    ),
    ("zstack-demo", &["zstack-client"]),
];

/// Packages of tests and benchmarks, which may depend on all others.
const FREE: &[&str] = &["zstack-bench", "zstack-browser-tests", "zstack-conformance"];

struct Package {
    name: String,
    folder: PathBuf,
    /// The packages of this workspace on which it depends, except for its tests.
    needs: BTreeSet<String>,
}

fn packages() -> Vec<Package> {
    let run = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--format-version", "1", "--offline"])
        .current_dir(ROOT)
        .output()
        .unwrap();
    let metadata: Value = serde_json::from_slice(&run.stdout).unwrap();
    let list = metadata["packages"].as_array().unwrap().iter().map(|package| {
        let dependencies = package["dependencies"].as_array().unwrap().iter();
        let own =
            dependencies.filter(|dependency| !dependency["path"].is_null() && dependency["kind"] != "dev");
        Package {
            name: package["name"].as_str().unwrap().to_owned(),
            folder: Path::new(package["manifest_path"].as_str().unwrap()).parent().unwrap().to_owned(),
            needs: own.map(|dependency| dependency["name"].as_str().unwrap().to_owned()).collect(),
        }
    });
    list.collect()
}

#[test]
fn crates_depend_in_one_direction() {
    for Package { name, needs, .. } in packages().iter().filter(|package| !FREE.contains(&&*package.name)) {
        let allowed = ARROWS.iter().find(|(package, _)| package == name);
        let (_, allowed) = allowed.unwrap_or_else(|| panic!("{name} is not in the list of crates; add it"));
        let excess: Vec<_> = needs.iter().filter(|needed| !allowed.contains(&needed.as_str())).collect();
        assert!(excess.is_empty(), "{name} must not depend on {excess:?}");
    }
}

#[test]
fn module_imports_are_not_circular() {
    let mut circles = Vec::new();
    for Package { folder, .. } in packages() {
        for root in
            ["src/lib.rs", "src/main.rs"].map(|root| folder.join(root)).iter().filter(|root| root.exists())
        {
            let modules = Modules::read(root);
            let arrows = modules.arrows();
            for (from, to) in &arrows {
                for used in to.iter().filter(|used| reaches(&arrows, used, from)) {
                    let short = |path: &Path| path.strip_prefix(&folder).unwrap().display().to_string();
                    circles.push(format!("{}: {} -> {}", folder.display(), short(from), short(used)));
                }
            }
        }
    }
    assert!(circles.is_empty(), "these imports are circular:\n{}", circles.join("\n"));
}

/// Returns whether imports lead from one file to another.
fn reaches(arrows: &BTreeMap<&Path, BTreeSet<&Path>>, from: &Path, to: &Path) -> bool {
    let mut seen = HashSet::new();
    let mut open = vec![from];
    while let Some(file) = open.pop() {
        if file == to {
            return true;
        }
        if seen.insert(file) {
            open.extend(arrows.get(file).into_iter().flatten());
        }
    }
    false
}

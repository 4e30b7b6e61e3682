//! Measures `cargo check` of the generated crates, without their dependencies. The reference is the
//! same structs with the derives of `serde`, which generated clients usually consist of.

use std::path::Path;

use super::measure::{Cost, cost};
use super::workspace::Workspace;
use crate::build::cargo;
use crate::figure::{Figure, Goal};
use crate::{Failure, say};

/// Measures each side once; several rounds would take longer than all other benchmarks together.
pub(super) fn run(workspace: &Workspace) -> Result<Vec<Figure>, Failure> {
    const CLIENT: &str = "zstack-client";
    const SERVER: &str = "zstack-server";
    say("checking the dependencies")?;
    for package in [CLIENT, SERVER] {
        check(workspace, package)?;
    }
    let derived = write_derived(workspace)?;
    say(&format!("checking the crates of {}", workspace.name))?;
    let client = check_from_scratch(workspace, CLIENT)?;
    remove_incremental(&derived)?;
    let reference = check_derived(&derived)?;
    let server = check_from_scratch(workspace, SERVER)?;
    let mut figures = Vec::new();
    for (crates, ours) in [("types and client", client), ("types and server", server)] {
        let mut figure = |name: &str, unit, value: fn(&Cost) -> f64, goal| {
            let name = format!("check {crates}: {name}, {}", workspace.name);
            figures.push(Figure::new(name, unit, goal, &[(ours, reference)], value));
        };
        figure("clock", "s", |cost| cost.wall, Goal::ValueAtMost(60.0));
        figure("memory", "MiB", |cost| cost.memory, Goal::ValueAtMost(2048.0));
    }
    Ok(figures)
}

/// Checks a package as if for the first time.
fn check_from_scratch(workspace: &Workspace, package: &str) -> Result<Cost, Failure> {
    remove_incremental(&workspace.dir)?;
    touch(&workspace.dir.join("generated-types/src/lib.rs"))?;
    check(workspace, package)
}

/// Removes the files of incremental compilation.
fn remove_incremental(folder: &Path) -> Result<(), Failure> {
    let incremental = folder.join("target/debug/incremental");
    if incremental.exists() { Ok(fs_err::remove_dir_all(incremental)?) } else { Ok(()) }
}

fn check(workspace: &Workspace, package: &str) -> Result<Cost, Failure> {
    workspace.cargo(&["check", "--quiet", "--package", package])
}

fn check_derived(folder: &Path) -> Result<Cost, Failure> {
    cost(folder, &cargo(), &["check", "--quiet", "--offline", "--target-dir", "target"])
}

fn touch(file: &Path) -> Result<(), Failure> {
    let text = fs_err::read(file)?;
    Ok(fs_err::write(file, text)?)
}

/// Writes a crate of the generated structs with the derives of `serde`, and returns its folder.
fn write_derived(workspace: &Workspace) -> Result<std::path::PathBuf, Failure> {
    let dir = workspace.dir.join("target/derived");
    let src = dir.join("src");
    if src.exists() {
        fs_err::remove_dir_all(&src)?;
    }
    fs_err::create_dir_all(&src)?;
    fs_err::write(
        dir.join("Cargo.toml"),
        "[package]\nname = \"derived\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n[dependencies]\n\
         serde = { version = \"1\", features = [\"derive\"] }\nserde_json = \"1\"\n",
    )?;
    fs_err::copy(workspace.root.join("Cargo.lock"), dir.join("Cargo.lock"))?;
    // An empty crate first, to compile the dependencies.
    fs_err::write(src.join("lib.rs"), "")?;
    check_derived(&dir)?;
    let mut text = String::from(
        "//! Generated structs, with derives.\n#![allow(missing_docs, dead_code)]\nuse std::collections::BTreeMap;\n\
         type Timestamp = String;\ntype Tags = Vec<String>;\ntype Query = Vec<String>;\n\
         type More = BTreeMap<String, serde_json::Value>;\ntype ErrorCode = More;\n",
    );
    let types = workspace.dir.join("generated-types/src");
    for file in workspace.sources()?.into_iter().filter(|file| file.starts_with(&types)) {
        copy_declarations(&fs_err::read_to_string(file)?, &mut text);
    }
    fs_err::write(src.join("lib.rs"), text)?;
    Ok(dir)
}

/// Copies the structs and enums of a generated file, with derives of `serde` instead of their own
/// attributes. Relies on the generator writing each member on a line.
fn copy_declarations(file: &str, text: &mut String) {
    let mut inside = false;
    let mut in_attribute = false;
    for line in file.lines() {
        let trimmed = line.trim_start();
        if in_attribute || trimmed.starts_with("#[") {
            in_attribute = !line.ends_with(']');
            continue;
        }
        let is_struct = line.starts_with("pub struct ");
        if is_struct || line.starts_with("pub enum ") {
            inside = line.ends_with('{');
            text.push_str("#[derive(serde::Serialize, serde::Deserialize)]\n");
            if is_struct {
                text.push_str("#[serde(rename_all = \"camelCase\")]\n");
            }
        } else if !inside || trimmed.starts_with("///") {
            continue;
        }
        if trimmed.starts_with("Unrecognized(") {
            text.push_str("    #[serde(other)] Unrecognized,\n");
        } else {
            text.push_str(line);
            text.push('\n');
        }
        inside &= line != "}";
    }
}

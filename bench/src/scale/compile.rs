//! `cargo check` of what is generated, its dependencies built before. The
//! reference is the same structs with `serde`'s derives in place of its own:
//! what generated clients usually are.

use std::path::Path;

use super::measure::{Cost, cost};
use super::workspace::Workspace;
use crate::build::cargo;
use crate::figure::{Figure, Goal};
use crate::{Failure, say};

/// Once each: turns would take longer than all other benchmarks together.
pub(super) fn run(workspace: &Workspace) -> Result<Vec<Figure>, Failure> {
    const CLIENT: &str = "zstack-client";
    const SERVER: &str = "zstack-server";
    say("checking once, for the dependencies")?;
    for package in [CLIENT, SERVER] {
        check(workspace, package)?;
    }
    let derived = derived(workspace)?;
    say(&format!("checking {}, as if for the first time", workspace.what))?;
    let client = check_anew(workspace, CLIENT)?;
    forget(&derived)?;
    let reference = check_derived(&derived)?;
    let server = check_anew(workspace, SERVER)?;
    let mut figures = Vec::new();
    for (crates, ours) in [("types and client", client), ("types and server", server)] {
        let mut figure = |name: &str, unit, of: fn(&Cost) -> f64, goal| {
            let name = format!("check {crates}: {name}, {}", workspace.what);
            figures.push(Figure::of(name, unit, goal, &[(ours, reference)], of));
        };
        figure("clock", "s", |it| it.wall, Goal::ValueAtMost(60.0));
        figure("memory", "MiB", |it| it.memory, Goal::ValueAtMost(2048.0));
    }
    Ok(figures)
}

/// As when it is checked for the first time.
fn check_anew(workspace: &Workspace, package: &str) -> Result<Cost, Failure> {
    forget(&workspace.dir)?;
    touch(&workspace.dir.join("generated-types/src/lib.rs"))?;
    check(workspace, package)
}

/// Removes what the compiler keeps of crates that may change.
fn forget(folder: &Path) -> Result<(), Failure> {
    let kept = folder.join("target/debug/incremental");
    if kept.exists() { Ok(fs_err::remove_dir_all(kept)?) } else { Ok(()) }
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

/// A crate of the generated structs with the derives of `serde`.
fn derived(workspace: &Workspace) -> Result<std::path::PathBuf, Failure> {
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
    // For the dependencies, before there is anything else.
    fs_err::write(src.join("lib.rs"), "")?;
    check_derived(&dir)?;
    let mut text = String::from(
        "//! Generated structs, with derives.\n#![allow(missing_docs, dead_code)]\nuse std::collections::BTreeMap;\n\
         type Timestamp = String;\ntype Tags = Vec<String>;\ntype Query = Vec<String>;\n\
         type More = BTreeMap<String, serde_json::Value>;\ntype ErrorCode = More;\n",
    );
    let types = workspace.dir.join("generated-types/src");
    for file in workspace.sources()?.into_iter().filter(|file| file.starts_with(&types)) {
        declarations(&fs_err::read_to_string(file)?, &mut text);
    }
    fs_err::write(src.join("lib.rs"), text)?;
    Ok(dir)
}

/// Copies the structs and enums of a generated file, with derives of `serde` in
/// place of their own attributes: the generator writes a member to a line.
fn declarations(file: &str, text: &mut String) {
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

//! Embeds the spec, from which the node generates its reference at run time, the
//! resource files, and the dashboard.

#![allow(clippy::print_stdout, reason = "it is how a build script talks to Cargo")]

use std::env;
use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

fn main() -> Result<(), Box<dyn Error>> {
    let here = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    let out = PathBuf::from(env::var("OUT_DIR")?);
    println!("cargo::rerun-if-changed=build.rs");
    embed(&spec(&here), &["yaml"], &out.join("spec.rs"))?;
    embed(&here.join("resources"), &["yaml"], &out.join("resources.rs"))?;
    embed(&here.join("pages"), &["css", "html", "mjs", "svg"], &out.join("dashboard.rs"))
}

/// Returns the folder of the spec: `../spec` in the repository, or in a published
/// package the copy that `cargo package` makes of the symbolic link `spec`. The
/// link itself is never read, because a checkout on Windows may not contain it.
fn spec(here: &Path) -> PathBuf {
    let copy = here.join("spec");
    let is_copied = copy.symlink_metadata().is_ok_and(|metadata| metadata.is_dir());
    if is_copied { copy } else { here.join("../spec") }
}

/// Writes a table with the relative path and contents of each file in a folder
/// that has one of the extensions.
fn embed(folder: &Path, extensions: &[&str], table: &Path) -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut files = Vec::new();
    collect(folder, "", &mut files)?;
    files.retain(|(name, _)| {
        name.rsplit_once('.').is_some_and(|(_, extension)| extensions.contains(&extension))
    });
    files.sort();
    let mut text = String::from("&[\n");
    for (name, path) in files {
        writeln!(text, "    ({name:?}, include_bytes!({path:?})),")?;
    }
    fs::write(table, text + "]\n")?;
    Ok(())
}

fn collect(folder: &Path, prefix: &str, files: &mut Vec<(String, PathBuf)>) -> Result<(), Box<dyn Error>> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().into_string().map_err(|name| format!("{name:?} is not UTF-8"))?;
        let name = format!("{prefix}{name}");
        if entry.file_type()?.is_dir() {
            collect(&entry.path(), &format!("{name}/"), files)?;
        } else {
            files.push((name, entry.path()));
        }
    }
    Ok(())
}

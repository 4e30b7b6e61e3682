//! Writes what the node tells about its API while it is compiled: the spec is
//! not there when it runs.

use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use sha2::{Digest as _, Sha256};
use zstack_codegen::load::load;
use zstack_codegen::model::{Model, Version};
use zstack_codegen::openapi::{Layout, export};

const SPEC: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../spec");

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={SPEC}");
    let model = match load(SPEC.as_ref()) {
        Ok(model) => model,
        Err(problems) => {
            for line in problems.to_string().lines() {
                println!("cargo::error={line}");
            }
            return Ok(());
        }
    };
    let folder = PathBuf::from(env::var("OUT_DIR")?);
    fs::write(folder.join("openapi.rs"), openapi(&model, &folder)?)?;
    Ok(())
}

/// A table of the OpenAPI documents: one for each release, the oldest first,
/// and at its end that of all there is.
fn openapi(model: &Model, folder: &Path) -> Result<String, Box<dyn Error>> {
    let mut table = "&[\n".to_owned();
    let releases = model.service.releases.iter().map(|it| Some(&it.version));
    for at in releases.chain([None]) {
        row(model, at, folder, &mut table)?;
    }
    table.push_str("]\n");
    Ok(table)
}

fn row(model: &Model, at: Option<&Version>, folder: &Path, table: &mut String) -> Result<(), Box<dyn Error>> {
    let text = export(model, at, Layout::Compact).text;
    let (name, version) = match at {
        Some(at) => (format!("openapi-{at}.json"), format!("Version::new({:?})", at.text)),
        None => ("openapi.json".to_owned(), "Version::NEWEST".to_owned()),
    };
    let tag: String = Sha256::digest(&text).iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    fs::write(folder.join(&name), text)?;
    writeln!(
        table,
        "    Document {{ at: {version}, tag: {:?}, text: include_str!(concat!(env!(\"OUT_DIR\"), {:?})) }},",
        format!("\"{tag}\""),
        format!("/{name}"),
    )?;
    Ok(())
}

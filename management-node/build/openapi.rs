//! The OpenAPI documents.

use std::error::Error;
use std::fmt::Write as _;
use std::fs;

use camino::Utf8Path;
use sha2::{Digest as _, Sha256};
use zstack_model::{Model, Version};
use zstack_reference::openapi::{Layout, export};

/// A table of the OpenAPI documents: one for each release, the oldest first,
/// and at its end that of all there is.
pub(super) fn write(model: &Model, folder: &Utf8Path) -> Result<(), Box<dyn Error>> {
    let mut table = "&[\n".to_owned();
    let releases = model.service.releases.iter().map(|it| Some(&it.version));
    for at in releases.chain([None]) {
        row(model, at, folder, &mut table)?;
    }
    table.push_str("]\n");
    fs::write(folder.join("openapi.rs"), table)?;
    Ok(())
}

fn row(
    model: &Model,
    at: Option<&Version>,
    folder: &Utf8Path,
    table: &mut String,
) -> Result<(), Box<dyn Error>> {
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

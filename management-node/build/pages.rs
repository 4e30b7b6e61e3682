//! The pages: the reference out of the spec, and the dashboard, which is in
//! `pages/`. Each is stored compressed.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Write as _;
use std::io::Write as _;

use camino::Utf8Path;
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest as _, Sha256};
use zstack_model::Model;

/// What to serve, by its path without the slash in front: a text, since the
/// node looks it up in the order of texts, which is not that of paths.
type Files = BTreeMap<String, Vec<u8>>;

pub(super) fn write(model: &Model, here: &Utf8Path, out: &Utf8Path) -> Result<(), Box<dyn Error>> {
    let mut files = Files::new();
    add_dashboard(&mut files, &here.join("pages"))?;
    add_reference(&mut files, model)?;
    compress(&files, out)
}

/// The page at `/`, and below `_dashboard/` what it is made of.
fn add_dashboard(files: &mut Files, folder: &Utf8Path) -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={folder}");
    for entry in folder.read_dir_utf8()? {
        let path = entry?.into_path();
        let name = path.file_name().unwrap_or_default();
        let is_page = path.extension() == Some("html");
        let served = if is_page { name.to_owned() } else { format!("_dashboard/{name}") };
        files.insert(served, std::fs::read(&path)?);
    }
    Ok(())
}

/// The reference, below `docs/`.
fn add_reference(files: &mut Files, model: &Model) -> Result<(), Box<dyn Error>> {
    let options = zstack_reference::site::Options { dashboard: Some("/"), ..Default::default() };
    let mut site = zstack_reference::site::build(model, options)?;
    // Its links lead on only from the root of the site; the node has its own.
    site.files.remove(Utf8Path::new("404.html"));
    files.extend(site.files.into_iter().map(|(path, bytes)| (format!("docs/{path}"), bytes)));
    Ok(())
}

/// The files, compressed, and the table of them that `src/pages/` includes.
fn compress(files: &Files, out: &Utf8Path) -> Result<(), Box<dyn Error>> {
    let mut table = String::from("&[\n");
    let mut all = Vec::new();
    for (path, bytes) in files {
        let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
        gzip.write_all(bytes)?;
        let begin = all.len();
        all.extend(gzip.finish()?);
        let hash = Sha256::digest(bytes);
        let etag = hash.iter().take(12).fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"));
        writeln!(
            table,
            "    Page {{ path: {:?}, content_type: {:?}, etag: {:?}, length: {}, gzip: {begin}..{} }},",
            path,
            content_type(path)?,
            format!("W/\"{etag}\""),
            bytes.len(),
            all.len()
        )?;
    }
    table.push_str("]\n");
    std::fs::write(out.join("pages.bin"), all)?;
    std::fs::write(out.join("pages.rs"), table)?;
    Ok(())
}

fn content_type(path: &str) -> Result<&'static str, String> {
    Ok(match Utf8Path::new(path).extension() {
        Some("html") => "text/html; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("json") => "application/json",
        Some("md") => "text/markdown; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("txt") => "text/plain; charset=utf-8",
        Some("xml") => "application/xml",
        _ => return Err(format!("no content type is known for {path}; add it to build/pages.rs")),
    })
}

//! The table of pages: the dashboard, which is built into the program, and the
//! reference, which its first request generates.

use std::collections::BTreeMap;
use std::io::{self, Write as _};
use std::sync::{LazyLock, OnceLock};

use axum::body::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest as _, Sha256};
use zstack_model::Model;

use crate::reference::{self, ReferenceError};

/// The files of the dashboard, by their names.
const FILES: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/dashboard.rs"));

/// The folder of the reference.
const REFERENCE: &str = "docs/";

/// A file to serve.
#[derive(Debug)]
pub(super) struct Page {
    pub(super) content_type: &'static str,
    /// A weak tag, as it also identifies the compressed form.
    pub(super) etag: String,
    pub(super) bytes: Bytes,
    compressed: OnceLock<Option<Bytes>>,
}

/// Pages by path, without the leading slash.
type Table = BTreeMap<String, Page>;

/// The pages of a node.
#[derive(Debug)]
pub(crate) struct Pages {
    model: &'static Model,
    /// The pages of the reference.
    reference: OnceLock<Result<Table, ReferenceError>>,
}

impl Pages {
    pub(crate) fn new(model: &'static Model) -> Self {
        Self { model, reference: OnceLock::new() }
    }

    /// Finds the page of a path.
    pub(super) fn find(&self, path: &str) -> Result<Option<&Page>, ReferenceError> {
        let table = if path.starts_with(REFERENCE) { self.reference()? } else { dashboard() };
        Ok(table.get(path))
    }

    fn reference(&self) -> Result<&Table, ReferenceError> {
        let page = |(path, bytes): (String, Vec<u8>)| {
            let page = Page::new(&path, bytes.into());
            (format!("{REFERENCE}{path}"), page)
        };
        let generate = || {
            // The links of its page for missing pages work only at the root of the
            // site; the dashboard has a page of its own.
            Ok(reference::pages(self.model)?.filter(|(path, _)| path != "404.html").map(page).collect())
        };
        self.reference.get_or_init(generate).as_ref().map_err(|error| *error)
    }
}

impl Page {
    fn new(path: &str, bytes: Bytes) -> Self {
        let hash = Sha256::digest(&bytes);
        let hash = hash.iter().take(12).fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"));
        let (content_type, etag) = (content_type(path), format!("W/\"{hash}\""));
        Self { content_type, etag, bytes, compressed: OnceLock::new() }
    }

    /// The page as gzip. Few pages are ever requested, so each is compressed by
    /// its first request. `None` if that fails.
    pub(super) fn gzip_bytes(&self) -> Option<Bytes> {
        let compress = || match gzip(&self.bytes) {
            Ok(bytes) => Some(bytes.into()),
            Err(error) => {
                tracing::error!(%error, "cannot compress a page; it is sent uncompressed");
                None
            }
        };
        self.compressed.get_or_init(compress).clone()
    }
}

/// The page at `/`, and its files below `_dashboard/`.
fn dashboard() -> &'static Table {
    static PAGES: LazyLock<Table> = LazyLock::new(|| {
        let page = |(name, bytes): &(&str, &'static [u8])| {
            let is_page = name.ends_with(".html");
            let path = if is_page { (*name).to_owned() } else { format!("_dashboard/{name}") };
            let page = Page::new(name, Bytes::from_static(bytes));
            (path, page)
        };
        FILES.iter().map(page).collect()
    });
    &PAGES
}

fn gzip(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    gzip.write_all(bytes)?;
    gzip.finish()
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "html" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "json" => "application/json",
        "md" => "text/markdown; charset=utf-8",
        "svg" => "image/svg+xml",
        "txt" => "text/plain; charset=utf-8",
        "xml" => "application/xml",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use flate2::read::GzDecoder;

    use super::*;

    #[test]
    fn finds_every_page_and_compresses_without_loss() {
        let pages = Pages::new(reference::model().unwrap());
        let all = || dashboard().iter().chain(pages.reference().unwrap());
        assert!(all().count() > 100);
        for (path, page) in all() {
            assert_eq!(pages.find(path).unwrap().unwrap().etag, page.etag, "{path}");
            assert_ne!(page.content_type, "application/octet-stream", "{path}");
        }
        // Compressing all of them takes long in a debug build.
        for (path, page) in all().step_by(20) {
            let mut inflated = Vec::new();
            GzDecoder::new(&*page.gzip_bytes().unwrap()).read_to_end(&mut inflated).unwrap();
            assert_eq!(inflated, page.bytes, "{path}");
        }
    }
}

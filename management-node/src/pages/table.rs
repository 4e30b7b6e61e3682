//! The pages that the build script made.

use std::io::{self, Read as _};
use std::ops::Range;

use flate2::read::GzDecoder;

/// All pages one after the other, each compressed.
static BYTES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/pages.bin"));

/// In the order of their paths.
static PAGES: &[Page] = include!(concat!(env!("OUT_DIR"), "/pages.rs"));

/// A file to serve.
#[derive(Debug)]
pub(super) struct Page {
    /// Without the slash in front.
    pub(super) path: &'static str,
    pub(super) content_type: &'static str,
    /// A weak one: it names what is compressed and what is not.
    pub(super) etag: &'static str,
    /// How many bytes it has.
    pub(super) length: usize,
    /// Where it is among all of them.
    gzip: Range<usize>,
}

impl Page {
    pub(super) fn compressed(&self) -> &'static [u8] {
        BYTES.get(self.gzip.clone()).unwrap_or_default()
    }

    pub(super) fn inflate(&self) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::with_capacity(self.length);
        GzDecoder::new(self.compressed()).read_to_end(&mut bytes)?;
        Ok(bytes)
    }
}

/// The page of a path.
pub(super) fn find(path: &str) -> Option<&'static Page> {
    let at = PAGES.binary_search_by(|it| it.path.cmp(path)).ok()?;
    PAGES.get(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_is_found_and_inflates_to_its_length() {
        assert!(PAGES.len() > 100);
        for page in PAGES {
            assert_eq!(find(page.path).unwrap().etag, page.etag, "{}", page.path);
            assert_eq!(page.inflate().unwrap().len(), page.length, "{}", page.path);
        }
    }
}

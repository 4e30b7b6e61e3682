//! The compressed sizes of pages and assets.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::PLATFORM;

const KB: usize = 1024;

fn compressed_size(bytes: &[u8]) -> usize {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap().len()
}

#[test]
fn pages_are_small() {
    let site = &PLATFORM.site;
    let size = |path: &str| compressed_size(&site.files[camino::Utf8Path::new(path)]);
    assert!(size("assets/site.css") <= 15 * KB);
    assert!(size("assets/site.js") + size("assets/theme.js") <= 45 * KB);
    assert!(size("assets/search.js") <= 250 * KB);
    let pages = site
        .files
        .iter()
        .filter(|(path, _)| path.starts_with("operations") && path.extension() == Some("html"));
    let mut sizes: Vec<_> = pages.map(|(path, bytes)| (compressed_size(bytes), path)).collect();
    sizes.sort_unstable();
    let (median, largest) = (sizes[sizes.len() / 2].0, sizes[sizes.len() - 1]);
    assert!(median <= 40 * KB, "the median page has {median} bytes");
    assert!(largest.0 <= 120 * KB, "the largest page is {largest:?}");
}

//! Where things are.

use camino::Utf8PathBuf;

/// The folder of this repository.
pub(crate) fn root() -> Utf8PathBuf {
    // Cargo says where this package is when it runs it; a copied binary knows
    // where it was built.
    let package =
        std::env::var("CARGO_MANIFEST_DIR").unwrap_or_else(|_| env!("CARGO_MANIFEST_DIR").to_owned());
    let package = Utf8PathBuf::from(package);
    package.parent().map_or_else(|| Utf8PathBuf::from("."), ToOwned::to_owned)
}

/// A path below the root, relative to the current folder where that is
/// shorter: what people read in messages.
pub(crate) fn shown(path: &str) -> Utf8PathBuf {
    let root = root();
    let current =
        std::env::current_dir().ok().and_then(|current_dir| Utf8PathBuf::from_path_buf(current_dir).ok());
    match current {
        Some(current) if current == root => Utf8PathBuf::from(if path.is_empty() { "." } else { path }),
        _ => root.join(path),
    }
}

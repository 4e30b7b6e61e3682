//! The folders that commands work in.

use std::io;

use camino::Utf8PathBuf;

/// The folder of this repository.
pub(crate) fn root() -> Utf8PathBuf {
    // Cargo sets the variable when it runs this program. A copied binary falls back to the folder
    // where it was built.
    let package =
        std::env::var("CARGO_MANIFEST_DIR").unwrap_or_else(|_| env!("CARGO_MANIFEST_DIR").to_owned());
    let package = Utf8PathBuf::from(package);
    package.parent().map_or_else(|| Utf8PathBuf::from("."), ToOwned::to_owned)
}

/// The current folder.
pub(crate) fn current() -> io::Result<Utf8PathBuf> {
    let current = std::env::current_dir()?;
    Utf8PathBuf::from_path_buf(current)
        .map_err(|_| io::Error::other("the path of the current folder is not UTF-8"))
}

/// A path below the root as messages show it: relative if the root is the current folder.
pub(crate) fn display_path(path: &str) -> Utf8PathBuf {
    let root = root();
    match current() {
        Ok(current) if current == root => Utf8PathBuf::from(if path.is_empty() { "." } else { path }),
        _ => root.join(path),
    }
}

//! The reference site: static pages about a specification.
//!
//! ```text
//! model ─ views (plain data) ─ templates ─▶ files, one by one ─ write ─▶ disk
//! ```
//!
//! A page is three files of one name: `.html` for people, `.md` and `.json` for
//! programs. The site works without scripts, a server or a network.

mod builder;
mod conventions;
mod descriptions;
mod feed;
mod fixed_pages;
mod frame;
mod owners;
mod page_versions;
mod pages;
mod script;
mod search;
mod snapshots;
mod text;
mod usage;
mod views;
pub mod write;

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::sync::{Mutex, PoisonError};

use camino::{Utf8Path, Utf8PathBuf};
use rayon::prelude::*;
use zstack_model::Model;

use builder::Builder;
use snapshots::Snapshot;

/// Options of a site.
#[derive(Clone, Copy, Debug)]
pub struct Options<'a> {
    /// The URL of the site, with a slash at its end, for the feed, the sitemap and
    /// canonical URLs. Without it, all links are relative.
    pub base_url: Option<&'a str>,
    /// True if operations have pages for the older releases that changed them.
    pub older_releases: bool,
    /// The path of the dashboard to link to, if a node serves the site.
    pub dashboard: Option<&'a str>,
}

impl Default for Options<'_> {
    fn default() -> Self {
        Self { base_url: None, older_releases: true, dashboard: None }
    }
}

/// The files of a site, by their paths.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Site {
    /// The content of each file, by its path in the folder of the site.
    pub files: BTreeMap<Utf8PathBuf, Vec<u8>>,
}

/// The error if a site cannot be built. It has no source, since the message contains the
/// cause.
#[derive(Debug, thiserror::Error)]
#[error("cannot render the page `{page}`: {cause}")]
pub struct BuildError {
    /// The page that cannot be rendered.
    pub page: String,
    cause: askama::Error,
}

impl From<BuildError> for io::Error {
    fn from(error: BuildError) -> Self {
        Self::other(error)
    }
}

/// Files that can be read one by one, so that they need not be in memory at the same time.
pub trait Files {
    /// The paths of all files, in the folder of the site.
    fn paths(&self) -> BTreeSet<Utf8PathBuf>;

    /// Calls a function with each file, in any order, from several threads.
    ///
    /// # Errors
    ///
    /// The first error of the function, or the reason why a file cannot be rendered.
    fn for_each(&self, visit: &(dyn Fn(&Utf8Path, &[u8]) -> io::Result<()> + Sync)) -> io::Result<()>;
}

impl Files for Site {
    fn paths(&self) -> BTreeSet<Utf8PathBuf> {
        self.files.keys().cloned().collect()
    }

    fn for_each(&self, visit: &(dyn Fn(&Utf8Path, &[u8]) -> io::Result<()> + Sync)) -> io::Result<()> {
        self.files.par_iter().try_for_each(|(path, bytes)| visit(path, bytes))
    }
}

/// A site whose files are rendered when they are needed. The same model gives the same bytes.
#[derive(Debug)]
pub struct LazySite<'a> {
    model: &'a Model,
    options: Options<'a>,
    snapshots: Vec<Snapshot<'a>>,
}

impl<'a> LazySite<'a> {
    /// Compares the releases of a model.
    #[must_use]
    pub fn new(model: &'a Model, options: Options<'a>) -> Self {
        Self { model, options, snapshots: snapshots::snapshots(model) }
    }

    fn builder(&self) -> Builder<'_> {
        Builder::new(self.model, self.options, &self.snapshots)
    }
}

impl Files for LazySite<'_> {
    fn paths(&self) -> BTreeSet<Utf8PathBuf> {
        self.builder().paths()
    }

    fn for_each(&self, visit: &(dyn Fn(&Utf8Path, &[u8]) -> io::Result<()> + Sync)) -> io::Result<()> {
        self.builder().render(|(path, bytes)| visit(&path, &bytes))
    }
}

/// Renders all pages of a model into memory.
///
/// # Errors
///
/// If a template cannot be rendered, which would be a bug in it.
pub fn build(model: &Model, options: Options<'_>) -> Result<Site, BuildError> {
    let files = Mutex::new(BTreeMap::new());
    let add = |(path, bytes)| {
        files.lock().unwrap_or_else(PoisonError::into_inner).insert(path, bytes);
        Ok(())
    };
    LazySite::new(model, options).builder().render(add)?;
    Ok(Site { files: files.into_inner().unwrap_or_else(PoisonError::into_inner) })
}

#[cfg(test)]
mod tests {
    use std::error::Error as _;

    use super::*;

    #[test]
    fn error_message_contains_the_cause_once() {
        let error = BuildError { page: "index.html".to_owned(), cause: askama::Error::Fmt };
        assert_eq!(error.to_string(), format!("cannot render the page `index.html`: {}", askama::Error::Fmt));
        assert!(error.source().is_none(), "the message has the cause");
    }
}

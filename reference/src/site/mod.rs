//! The reference site: static pages of a specification.
//!
//! ```text
//! model ─ views (plain data) ─ templates ─▶ files in memory ─ write ─▶ disk
//! ```
//!
//! A page is three files of one name: `.html` for people, `.md` and `.json` for
//! programs. All of it works without scripts, without a server and without a
//! network.

mod builder;
mod conventions;
mod descriptions;
mod feed;
mod fixed_pages;
mod frame;
mod history;
mod owners;
mod pages;
mod past;
mod script;
mod search;
mod text;
mod uses;
mod views;
pub mod write;

use std::collections::BTreeMap;
use std::fmt;

use camino::Utf8PathBuf;
use zstack_model::Model;

/// What to write besides what the spec says.
#[derive(Clone, Copy, Debug)]
pub struct Options<'a> {
    /// Where the site will be, with a slash at its end: for the feed, the map,
    /// and addresses that count. Without it, all links are relative.
    pub base_url: Option<&'a str>,
    /// Whether operations have pages for the releases that changed them.
    pub past: bool,
    /// The address of the dashboard, where a node serves the site; the pages link
    /// to it.
    pub dashboard: Option<&'a str>,
}

impl Default for Options<'_> {
    fn default() -> Self {
        Self { base_url: None, past: true, dashboard: None }
    }
}

/// The files of a site, by their paths.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Site {
    /// What to write where, below the folder of the site.
    pub files: BTreeMap<Utf8PathBuf, Vec<u8>>,
}

/// Why there is no site.
#[derive(Debug)]
pub struct BuildError {
    /// The page that could not be made.
    pub page: String,
    cause: askama::Error,
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the page `{}` cannot be made: {}", self.page, self.cause)
    }
}

/// Without a source: its text has it.
impl std::error::Error for BuildError {}

/// Makes all pages of a model. The same model gives the same bytes.
///
/// # Errors
///
/// When a template cannot be filled in, which would be a mistake in it.
pub fn build(model: &Model, options: Options<'_>) -> Result<Site, BuildError> {
    let steps = history::steps(model);
    let files = builder::Builder::new(model, options, &steps).files()?;
    Ok(Site { files })
}

#[cfg(test)]
mod tests {
    use std::error::Error as _;

    use super::*;

    #[test]
    fn an_error_is_printed_once() {
        let error = BuildError { page: "index.html".to_owned(), cause: askama::Error::Fmt };
        assert_eq!(
            error.to_string(),
            format!("the page `index.html` cannot be made: {}", askama::Error::Fmt)
        );
        assert!(error.source().is_none(), "its text has the cause");
    }
}

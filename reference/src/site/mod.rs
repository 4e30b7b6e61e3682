//! The reference site: static pages about a specification.
//!
//! ```text
//! model ─ views (plain data) ─ templates ─▶ files in memory ─ write ─▶ disk
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

use std::collections::BTreeMap;

use camino::Utf8PathBuf;
use zstack_model::Model;

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

/// Renders all pages of a model. The same model gives the same bytes.
///
/// # Errors
///
/// If a template cannot be rendered, which would be a bug in it.
pub fn build(model: &Model, options: Options<'_>) -> Result<Site, BuildError> {
    let snapshots = snapshots::snapshots(model);
    let files = builder::Builder::new(model, options, &snapshots).files()?;
    Ok(Site { files })
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

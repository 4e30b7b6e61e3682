//! What a change to the spec does, for people and for machines.
//!
//! ```text
//! findings ─ Report (grouped, ordered, placed, in words) ─▶ text · markdown · JSON · GitHub · GitLab · SARIF
//! ```
//!
//! Every format tells the same findings; only the text leaves out the words for
//! people unless it is asked for all, and comments and annotations end where
//! their host cuts them off, and say so. What is waived is told with the rest, and
//! marked.

mod clients;
mod entry;
mod format;
mod github;
mod gitlab;
mod json;
mod markdown;
mod path;
mod sarif;
mod sentence;
mod sentences;
mod site;
mod text;
mod verdict;
mod waived;

use std::collections::BTreeMap;
use std::io;

use camino::{Utf8Path, Utf8PathBuf};

pub use format::{Format, Options};
pub use json::schema;
pub(super) use sentence::of_release;
pub use verdict::Verdict;

use super::change::Change;
use super::element::Element;
use super::fingerprint::Fingerprints;
use super::judge::Finding;
use entry::{Entry, Group};
pub(super) use markdown::{code, text as escaped};
use site::Sites;
use zstack_model::Model;
use zstack_model::waivers::Waiver;

/// One side of a comparison, as it was loaded.
#[derive(Clone, Copy, Debug)]
pub struct Revision<'a> {
    /// What people call it: `main at 1a2b3c4`, `the working tree`.
    pub label: &'a str,
    /// Where its files are, or the name under which they are shown: `spec`.
    pub folder: &'a Utf8Path,
    /// What it says.
    pub model: &'a Model,
    /// What of its changes is waived.
    pub waivers: &'a [Waiver],
    /// The texts of its files, by their paths in the folder.
    pub texts: &'a BTreeMap<Utf8PathBuf, String>,
}

/// All findings between two revisions, in the order in which one wants to read
/// them: by operation and data type, the worst first.
#[derive(Clone, Debug)]
pub struct Report<'a> {
    old: Named,
    new: Named,
    groups: Vec<Group<'a>>,
    fingerprints: Fingerprints<'a>,
}

/// How a side is called.
#[derive(Clone, Debug)]
struct Named {
    label: String,
    folder: Utf8PathBuf,
}

impl<'a> Report<'a> {
    /// Puts findings in order and looks up where they stand.
    pub fn new(old: Revision<'a>, new: Revision<'a>, findings: Vec<Finding>) -> Self {
        let sites = Sites::new(old, new);
        let entries = findings.into_iter().map(|finding| Entry::new(finding, &sites)).collect();
        let fingerprints = Fingerprints::new(old.model, new.model);
        Self { old: Named::of(old), new: Named::of(new), groups: Group::all(entries), fingerprints }
    }

    /// The fingerprint of a finding between these revisions.
    pub fn fingerprint(&self, finding: &Finding) -> String {
        self.fingerprints.of(finding)
    }

    /// The findings in the order of the report.
    pub fn findings(&self) -> impl Iterator<Item = &Finding> {
        self.entries().map(|it| &it.finding)
    }

    /// What all findings come to.
    pub fn verdict(&self) -> Verdict {
        Verdict::of(self.findings())
    }

    /// Writes the report.
    ///
    /// # Errors
    ///
    /// What the writer answers.
    pub fn write(&self, out: &mut impl io::Write, format: Format, options: &Options) -> io::Result<()> {
        match format {
            Format::Text => write!(out, "{}", text::Text::new(self, options)),
            Format::Markdown => out.write_all(markdown::markdown(self).as_bytes()),
            Format::Json => out.write_all(json::json(self).as_bytes()),
            Format::Github => out.write_all(github::annotations(self).as_bytes()),
            Format::Gitlab => out.write_all(gitlab::code_quality(self).as_bytes()),
            Format::Sarif => out.write_all(sarif::sarif(self).as_bytes()),
        }
    }

    fn entries(&self) -> impl Iterator<Item = &Entry<'a>> {
        self.groups.iter().flat_map(|it| &it.entries)
    }
}

impl Named {
    fn of(it: Revision<'_>) -> Self {
        Self { label: it.label.to_owned(), folder: it.folder.to_owned() }
    }
}

/// A change in one sentence, as markdown.
pub(super) fn told(change: &Change) -> String {
    markdown::sentence(&sentence::sentence(change))
}

/// An element in words, as markdown.
pub(super) fn named(element: &Element) -> String {
    markdown::sentence(&sentence::named(element))
}

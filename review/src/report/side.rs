//! The two sides of a report.

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};

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

/// How a side is called.
#[derive(Clone, Debug)]
pub(super) struct Named {
    pub(super) label: String,
    pub(super) folder: Utf8PathBuf,
}

impl Named {
    pub(super) fn of(it: Revision<'_>) -> Self {
        Self { label: it.label.to_owned(), folder: it.folder.to_owned() }
    }
}

//! The data of pages. A view is also the content of the page's `.json`.

mod category;
pub(crate) mod changes;
mod data_type;
mod errors;
mod lifecycle;
mod lookup;
mod operation;
mod release;
pub(crate) mod row;

pub(crate) use self::release::ReleaseView;
pub(crate) use category::CategoryView;
pub(crate) use changes::ReleaseChanges;
pub(crate) use data_type::{TypeRow, TypeView};
pub(crate) use errors::{CodeView, codes};
pub(crate) use lifecycle::Lifecycle;
pub(crate) use lookup::Lookup;
pub(crate) use operation::OperationView;
pub(crate) use row::{Row, RowBuilder, Rows, RowsMd};

use zstack_model::{Model, Version};

/// The folder of operation pages.
pub(crate) const OPERATIONS: &str = "operations";

/// A section in the table of contents of a page.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PageSection {
    pub(crate) anchor: &'static str,
    pub(crate) title: &'static str,
}

impl PageSection {
    pub(crate) const fn new(anchor: &'static str, title: &'static str) -> Self {
        Self { anchor, title }
    }
}

/// A version as the list of releases spells it, which is the name of its page; `None`
/// if it is unknown or not declared.
pub(crate) fn release(model: &Model, version: &Version) -> Option<String> {
    let mut releases = model.service.releases.iter().map(|release| &release.version);
    releases.find(|release| *release == version && !release.is_unknown()).map(ToString::to_string)
}

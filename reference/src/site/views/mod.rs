//! What pages show, as plain data made of the model. A view is also what the
//! page's `.json` says.

mod category;
mod data_type;
mod errors;
mod found_by;
mod life;
pub(crate) mod log;
mod operation;
mod release;
pub(crate) mod row;

pub(crate) use self::release::ReleaseView;
pub(crate) use category::CategoryView;
pub(crate) use data_type::TypeView;
pub(crate) use errors::{CodeView, codes};
pub(crate) use found_by::FoundBy;
pub(crate) use life::Life;
pub(crate) use log::Log;
pub(crate) use operation::OperationView;
pub(crate) use row::{Row, RowMaker, Rows};

use zstack_model::{Model, Version};

/// The folder of the pages of operations.
pub(crate) const OPERATIONS: &str = "operations";

/// A section, in the list of what is on a page.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Contents {
    pub(crate) anchor: &'static str,
    pub(crate) title: &'static str,
}

impl Contents {
    pub(crate) const fn new(anchor: &'static str, title: &'static str) -> Self {
        Self { anchor, title }
    }
}

/// A version as the list of releases spells it, which is also what its page is
/// called; nothing of what nobody knows.
pub(crate) fn release<'a>(model: &'a Model, version: &Version) -> Option<&'a str> {
    let mut releases = model.service.releases.iter().map(|release| &release.version);
    releases.find(|release| *release == version && !release.is_unknown()).map(|release| release.text.as_str())
}

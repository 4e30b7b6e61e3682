//! Errors of explanations.

use thiserror::Error;

use zstack_model::diagnostics::{nearest, tame};
use zstack_model::{Model, Version};

/// The reason why a name cannot be explained.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum ExplainError {
    /// No release has an operation or a data type of this name.
    #[error("no operation or data type is named `{}`{}", tame(.name), suggestion(.similar))]
    Unknown {
        /// The name.
        name: String,
        /// Similar names, the most likely first.
        similar: Vec<String>,
    },
    /// A later release than the requested one added the element.
    #[error(
        "{at} does not have `{name}`: the {kind} was added in {since}; omit the version, or use {name}@{since}"
    )]
    Later {
        /// The kind of element: `operation` or `data type`.
        kind: &'static str,
        /// Its name.
        name: String,
        /// The first release that has it.
        since: Version,
        /// The requested version.
        at: Version,
    },
    /// The requested release no longer has the element.
    #[error("{at} does not have `{name}`: the {kind} was removed in {removed}; use an earlier version")]
    Removed {
        /// The kind of element: `operation` or `data type`.
        kind: &'static str,
        /// Its name.
        name: String,
        /// The first release without it.
        removed: Version,
        /// The requested version.
        at: Version,
    },
}

/// The most names that an error suggests.
const MAX_SUGGESTIONS: usize = 5;

impl ExplainError {
    pub(super) fn for_unknown_name(model: &Model, name: &str) -> Self {
        let operations = model.operations.iter().map(|operation| operation.name.as_str());
        let names: Vec<_> = operations.chain(model.types.iter().map(|ty| ty.name.as_str())).collect();
        let mut similar = Vec::from_iter(nearest(name, names.iter().copied()));
        // A part of a name is enough to find it.
        let part = name.to_lowercase();
        let has_part = |name: &&str| !part.is_empty() && name.to_lowercase().contains(&part);
        let others = names.into_iter().filter(has_part).map(str::to_owned);
        similar.extend(others.filter(|name| !similar.contains(name)).collect::<Vec<_>>());
        similar.truncate(MAX_SUGGESTIONS);
        Self::Unknown { name: name.to_owned(), similar }
    }
}

fn suggestion(similar: &[String]) -> String {
    let names: Vec<_> = similar.iter().map(|name| format!("`{name}`")).collect();
    match &names[..] {
        [] => String::new(),
        [name] => format!("; did you mean {name}?"),
        [before @ .., last] => format!("; did you mean {} or {last}?", before.join(", ")),
    }
}

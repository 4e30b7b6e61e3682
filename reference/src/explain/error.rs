//! Why there is nothing to explain.

use thiserror::Error;

use zstack_model::diagnostics::{nearest, tame};
use zstack_model::{Model, Version};

/// Why there is nothing to explain.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum ExplainError {
    /// Nothing has this name.
    #[error("no operation and no data type is called `{}`{}", tame(.name), meant(.similar))]
    Unknown {
        /// The name.
        name: String,
        /// Names that are like it, the likeliest first.
        similar: Vec<String>,
    },
    /// The version has nothing of this name; a later one has.
    #[error(
        "{at} has no `{name}`: the {what} came with {since}; leave out the version, or ask for {name}@{since}"
    )]
    Later {
        /// What it is.
        what: &'static str,
        /// Its name.
        name: String,
        /// The first release that has it.
        since: Version,
        /// The version that was asked for.
        at: Version,
    },
    /// The version has nothing of this name any more.
    #[error("{at} has no `{name}` any more: the {what} was removed in {removed}")]
    Gone {
        /// What it is.
        what: &'static str,
        /// Its name.
        name: String,
        /// The first release without it.
        removed: Version,
        /// The version that was asked for.
        at: Version,
    },
}

/// The most names that are told.
const MOST: usize = 5;

impl ExplainError {
    pub(super) fn unknown(model: &Model, name: &str) -> Self {
        let operations = model.operations.iter().map(|operation| operation.name.as_str());
        let names: Vec<_> = operations.chain(model.types.iter().map(|it| it.name.as_str())).collect();
        let mut similar = Vec::from_iter(nearest(name, names.iter().copied()));
        // Who knows a part of the name finds the rest.
        let part = name.to_lowercase();
        let has_part = |it: &&str| !part.is_empty() && it.to_lowercase().contains(&part);
        let others = names.into_iter().filter(has_part).map(str::to_owned);
        similar.extend(others.filter(|it| !similar.contains(it)).collect::<Vec<_>>());
        similar.truncate(MOST);
        Self::Unknown { name: name.to_owned(), similar }
    }
}

fn meant(similar: &[String]) -> String {
    let names: Vec<_> = similar.iter().map(|similar| format!("`{similar}`")).collect();
    match &names[..] {
        [] => String::new(),
        [one] => format!("; did you mean {one}?"),
        [before @ .., last] => format!("; did you mean {} or {last}?", before.join(", ")),
    }
}

//! System and user tags, which most operations accept.
//!
//! A system tag that has a meaning consists of parts separated by `::`, such as `cdromUuid::70e8…`.
//! The platform compares part by part and drops empty parts at the end, so `cdromUuid::` does not
//! match the pattern `cdromUuid::{cdromUuid}` and is ignored.

use std::fmt;

#[cfg(any(feature = "client", feature = "server"))]
use crate::record::{AnyRecord, View};

/// The tags of a request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Tags {
    /// System tags, which may have a meaning for the operation.
    pub system: Vec<String>,
    /// User tags, which the platform only stores.
    pub user: Vec<String>,
}

impl Tags {
    /// Returns whether there are no tags.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.system.is_empty() && self.user.is_empty()
    }

    /// Adds the system tag of a pattern such as `cdromUuid::{cdromUuid}`, with `value` in place of
    /// the variable.
    #[doc(hidden)]
    pub fn add_system(&mut self, pattern: &str, value: &dyn fmt::Display) {
        let prefix = pattern.split('{').next().unwrap_or_default();
        self.system.push(format!("{prefix}{value}"));
    }
}

/// The name of the parameter with system tags.
#[cfg(any(feature = "client", feature = "server"))]
pub(crate) const SYSTEM_TAGS: &str = "systemTags";

/// The name of the parameter with user tags.
#[cfg(feature = "server")]
pub(crate) const USER_TAGS: &str = "userTags";

/// Iterates over a list of strings in a request, such as its system tags; empty if the request has
/// no such list.
#[cfg(any(feature = "client", feature = "server"))]
pub(crate) fn texts_of<'r>(request: &'r dyn AnyRecord, name: &str) -> impl Iterator<Item = &'r str> {
    let list = match request.shape().index_of(name).map(|index| request.get(index)) {
        Some(View::List(list)) => Some(list),
        _ => None,
    };
    let items = list.into_iter().flat_map(|list| (0..list.count()).map(|index| list.item(index)));
    items.filter_map(|item| if let View::Text(text) = item { Some(text) } else { None })
}

/// The system tag that requests a dry run: all rules are checked, nothing is done, and the response
/// is `{}`.
pub const VALIDATION_ONLY: &str = "ephemeral::validationOnly";

/// Returns the value of the first tag of the form `<name>::<value>`.
///
/// ```
/// let tags = ["cdromUuid::".to_owned(), "cdromUuid::70e8".to_owned()];
/// assert_eq!(zstack_runtime::tags::value(&tags, "cdromUuid"), Some("70e8"));
/// ```
#[must_use]
pub fn value<'a>(tags: &'a [String], name: &str) -> Option<&'a str> {
    tags.iter().find_map(|tag| value_of(tag, name))
}

/// Returns the value of a tag of the form `<name>::<value>`.
pub(crate) fn value_of<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let mut value = tag.strip_prefix(name)?.strip_prefix("::")?;
    // Another part would be another pattern; empty parts at the end do not count.
    while let Some(rest) = value.strip_suffix("::") {
        value = rest;
    }
    (!value.is_empty() && !value.contains("::")).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_have_exactly_two_parts() {
        let value_of = |tag: &str| value(&[tag.to_owned()], "cdromUuid").map(str::to_owned);
        assert_eq!(value_of("cdromUuid::a").as_deref(), Some("a"));
        assert_eq!(value_of("cdromUuid::a::").as_deref(), Some("a"));
        for other in
            ["cdromUuid", "cdromUuid::", "cdromUuid::::", "cdromUuid::a::b", "CdromUuid::a", "xcdromUuid::a"]
        {
            assert_eq!(value_of(other), None, "{other}");
        }
    }
}

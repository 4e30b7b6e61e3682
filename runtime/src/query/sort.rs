//! The sort order of a query, and the fields that it lists.

use std::fmt;

use serde::Deserializer;

use crate::decode::Decode;
use crate::record::{Value, View};

/// A sort order, such as `+name` (ascending) or `-createDate` (descending).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Sort(String);

impl Sort {
    /// Sorts by a field, smallest first.
    #[must_use]
    pub fn ascending(field: &str) -> Self {
        Self(format!("+{}", field.trim()))
    }

    /// Sorts by a field, largest first.
    #[must_use]
    pub fn descending(field: &str) -> Self {
        Self(format!("-{}", field.trim()))
    }

    /// Returns the field.
    #[must_use]
    pub fn field(&self) -> &str {
        sort_field(&self.0)
    }

    /// Returns whether the largest comes first.
    #[must_use]
    pub fn is_descending(&self) -> bool {
        self.0.trim_start().starts_with('-')
    }
}

/// Returns the field in the text of a sort order.
pub(super) fn sort_field(order: &str) -> &str {
    order.trim_start_matches(['+', '-', ' ']).trim_end()
}

impl fmt::Display for Sort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Value for Sort {
    fn view(&self) -> View<'_> {
        View::Text(&self.0)
    }
}

/// An order without a sign, or with the space that `+` becomes in a query string, is ascending.
impl Decode for Sort {
    fn decode<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Self>, D::Error> {
        Ok(String::decode(from)?.map(Self))
    }
}

/// A list of field names, written `uuid,name`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FieldNames(String);

impl FieldNames {
    /// Creates a list of these names.
    #[must_use]
    pub fn new(names: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let names: Vec<String> = names.into_iter().map(Into::into).collect();
        Self(names.join(","))
    }

    /// Iterates over the names.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.split(',').map(str::trim).filter(|name| !name.is_empty())
    }
}

impl Value for FieldNames {
    fn view(&self) -> View<'_> {
        View::Text(&self.0)
    }
}

impl Decode for FieldNames {
    fn decode<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Self>, D::Error> {
        Ok(String::decode(from)?.map(Self))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sort_orders_may_lack_a_sign() {
        for (text, field, descending) in [
            ("+name", "name", false),
            ("-name", "name", true),
            ("name", "name", false),
            (" name", "name", false),
        ] {
            let sort = Sort(text.to_owned());
            assert_eq!((sort.field(), sort.is_descending()), (field, descending), "{text}");
        }
    }

    #[test]
    fn splits_field_names() {
        let names = FieldNames(" uuid,,name ".to_owned());
        assert_eq!(names.iter().collect::<Vec<_>>(), ["uuid", "name"]);
    }
}

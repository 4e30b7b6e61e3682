//! The order of a query, and the fields it asks for.

use std::fmt;

use serde::Deserializer;

use crate::decode::Decode;
use crate::record::{Value, View};

/// An order: `+name`, `-createDate`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Sort(String);

impl Sort {
    /// The smallest first.
    #[must_use]
    pub fn ascending(field: &str) -> Self {
        Self(format!("+{}", field.trim()))
    }

    /// The largest first.
    #[must_use]
    pub fn descending(field: &str) -> Self {
        Self(format!("-{}", field.trim()))
    }

    /// The field.
    #[must_use]
    pub fn field(&self) -> &str {
        sorted_by(&self.0)
    }

    /// Whether the largest comes first.
    #[must_use]
    pub fn is_descending(&self) -> bool {
        self.0.trim_start().starts_with('-')
    }
}

/// The field that the text of an order names.
pub(super) fn sorted_by(order: &str) -> &str {
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

/// Without a sign, or with the blank that a plus becomes on the way, the order
/// is ascending.
impl Decode for Sort {
    fn decode<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Self>, D::Error> {
        Ok(String::decode(from)?.map(Self))
    }
}

/// Names of fields, which travel as one text: `uuid,name`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Names(String);

impl Names {
    /// These names.
    #[must_use]
    pub fn new(names: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let names: Vec<String> = names.into_iter().map(Into::into).collect();
        Self(names.join(","))
    }

    /// The names.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.split(',').map(str::trim).filter(|name| !name.is_empty())
    }
}

impl Value for Names {
    fn view(&self) -> View<'_> {
        View::Text(&self.0)
    }
}

impl Decode for Names {
    fn decode<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Self>, D::Error> {
        Ok(String::decode(from)?.map(Self))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders_are_read_with_and_without_a_sign() {
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
    fn names_are_a_list() {
        let names = Names(" uuid,,name ".to_owned());
        assert_eq!(names.iter().collect::<Vec<_>>(), ["uuid", "name"]);
    }
}

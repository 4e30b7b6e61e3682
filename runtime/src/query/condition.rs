//! Conditions of queries, such as `name~=web%`.

use std::fmt;
use std::str::FromStr;

use serde::Deserializer;
use serde::de::Error as _;

use crate::decode::Decode;
use crate::record::{Value, View};

/// A comparison operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Operator {
    /// `=`
    Equal,
    /// `!=`: has a value, which differs.
    NotEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `?=`: is one of a comma-separated list.
    In,
    /// `!?=`: has a value, which is not in a comma-separated list.
    NotIn,
    /// `~=`: matches a pattern with `%` and `_`.
    Like,
    /// `!~=`: does not match it.
    NotLike,
    /// ` is null`: has no value.
    IsNull,
    /// ` not null`: has a value.
    NotNull,
}

impl Operator {
    /// All operators, each before those that it contains.
    pub const ALL: [Self; 12] = [
        Self::IsNull,
        Self::NotNull,
        Self::NotIn,
        Self::NotLike,
        Self::NotEqual,
        Self::GreaterOrEqual,
        Self::LessOrEqual,
        Self::Like,
        Self::In,
        Self::Equal,
        Self::Greater,
        Self::Less,
    ];

    /// Returns its text in a condition.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::NotEqual => "!=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::In => "?=",
            Self::NotIn => "!?=",
            Self::Like => "~=",
            Self::NotLike => "!~=",
            Self::IsNull => " is null",
            Self::NotNull => " not null",
        }
    }

    /// Returns whether it takes a value; `is null` and `not null` do not.
    #[must_use]
    pub const fn takes_value(self) -> bool {
        !matches!(self, Self::IsNull | Self::NotNull)
    }
}

/// A condition of a query: a field, an operator, and the value for operators that take one.
///
/// It is stored as its text on the wire.
///
/// ```
/// use zstack_runtime::query::{Condition, Operator};
///
/// let condition: Condition = "cpuNum>=4".parse()?;
/// assert_eq!(condition, Condition::new("cpuNum", Operator::GreaterOrEqual, 4));
/// assert_eq!((condition.field(), condition.value()), ("cpuNum", "4"));
/// # Ok::<(), zstack_runtime::query::ParseConditionError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Condition {
    text: String,
    /// The position of the operator.
    at: usize,
    operator: Operator,
}

impl Condition {
    /// Creates the condition `field operator value`. The value is ignored if the operator takes
    /// none.
    #[must_use]
    pub fn new(field: &str, operator: Operator, value: impl fmt::Display) -> Self {
        let field = field.trim();
        let mut text = format!("{field}{}", operator.as_str());
        if operator.takes_value() {
            text.push_str(&value.to_string());
        }
        Self { at: field.len(), text, operator }
    }

    /// Returns the field, such as `name`, `vmNics.ip` or `__systemTag__`.
    #[must_use]
    pub fn field(&self) -> &str {
        self.text[..self.at].trim()
    }

    /// Returns the operator.
    #[must_use]
    pub fn operator(&self) -> Operator {
        self.operator
    }

    /// Returns the value as written; empty if the operator takes none.
    #[must_use]
    pub fn value(&self) -> &str {
        if self.operator.takes_value() { &self.text[self.at + self.operator.as_str().len()..] } else { "" }
    }

    /// Iterates over the values of a comma-separated list.
    pub fn values(&self) -> impl Iterator<Item = &str> {
        self.value().split(',')
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Splits a condition at its first operator, the longest at that position. (The platform searches
/// for one operator after the other, and reads `name=a>=b` as a comparison of `name=a`.)
impl FromStr for Condition {
    type Err = ParseConditionError;

    fn from_str(text: &str) -> Result<Self, ParseConditionError> {
        let operator_at = |(at, _)| {
            let rest: &str = &text[at..];
            let found = Operator::ALL.into_iter().find(|operator| rest.starts_with(operator.as_str()))?;
            // ` is null` in the middle is part of a value.
            (found.takes_value() || rest.trim_end() == found.as_str()).then_some((at, found))
        };
        match text.char_indices().find_map(operator_at) {
            Some((at, _)) if text[..at].trim().is_empty() => Err(ParseConditionError("has no field")),
            Some((at, operator)) => Ok(Self { text: text.to_owned(), at, operator }),
            None => Err(ParseConditionError("has no operator, such as `=` or `~=`")),
        }
    }
}

/// The error for a text that is not a condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ParseConditionError(&'static str);

impl fmt::Display for ParseConditionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for ParseConditionError {}

impl Value for Condition {
    fn view(&self) -> View<'_> {
        View::Text(&self.text)
    }
}

impl Decode for Condition {
    fn decode<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Self>, D::Error> {
        let Some(text) = String::decode(from)? else { return Ok(None) };
        let read = text.parse().map(Some);
        read.map_err(|error: ParseConditionError| D::Error::custom(format_args!("the condition {error}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_at_the_first_operator() {
        for (text, field, operator, value) in [
            ("name=web", "name", Operator::Equal, "web"),
            ("name=a>=b", "name", Operator::Equal, "a>=b"),
            ("cpuNum>=4", "cpuNum", Operator::GreaterOrEqual, "4"),
            ("cpuNum>4", "cpuNum", Operator::Greater, "4"),
            ("uuid?=a,b", "uuid", Operator::In, "a,b"),
            ("uuid!?=a", "uuid", Operator::NotIn, "a"),
            ("name!~=x%", "name", Operator::NotLike, "x%"),
            ("name!=", "name", Operator::NotEqual, ""),
            ("isoUuid is null", "isoUuid", Operator::IsNull, ""),
            ("isoUuid not null ", "isoUuid", Operator::NotNull, ""),
            (" name = is null", "name", Operator::Equal, " is null"),
        ] {
            let condition: Condition = text.parse().unwrap();
            assert_eq!(
                (condition.field(), condition.operator(), condition.value()),
                (field, operator, value),
                "{text}"
            );
            assert_eq!(condition.to_string(), text);
        }
        for text in ["", "name", "=x", " =x", "name is nullable"] {
            assert!(text.parse::<Condition>().is_err(), "{text}");
        }
    }

    #[test]
    fn created_conditions_can_be_parsed() {
        for operator in Operator::ALL {
            let made = Condition::new("vmNics.ip", operator, "10.0.0.1");
            assert_eq!(made.to_string().parse(), Ok(made));
        }
    }
}

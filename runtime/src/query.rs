//! What every query operation takes: conditions, order, and how much.
//!
//! ```
//! use zstack_runtime::query::{Operator, Query, Sort};
//!
//! let query = Query::new()
//!     .equal("state", "Running")
//!     .like("name", "web%")
//!     .condition("cpuNum", Operator::GreaterOrEqual, "4")
//!     .sort(Sort::descending("createDate"))
//!     .limit(20)
//!     .reply_with_count();
//! assert_eq!(query.conditions[1].to_string(), "name~=web%");
//! ```

mod column;
mod condition;
#[cfg(any(feature = "client", feature = "server"))]
mod later;
mod request;
mod sort;

use serde::Deserializer;

use crate::V0_6;
use crate::record::{Field, Kind, Value as _, View};
use crate::{Version, decode};

pub use column::{Column, Comparable};
pub use condition::{Condition, Operator, ParseConditionError};
#[cfg(any(feature = "client", feature = "server"))]
pub(crate) use later::later;
pub use request::QueryRequest;
pub use sort::{Names, Sort};

/// The standard parameters of a query operation.
///
/// Nothing set asks for everything, in no particular order; the platform
/// stops at 1000.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Query {
    /// All of these must hold: `q=state=Running&q=name~=web%`.
    pub conditions: Vec<Condition>,
    /// At most so many.
    pub limit: Option<i32>,
    /// Without the first so many.
    pub start: Option<i32>,
    /// Only `total`, and no `inventories`.
    pub count: Option<bool>,
    /// A field to group by. The platform takes it, and does nothing with it.
    pub group_by: Option<String>,
    /// `total` as well as `inventories`.
    pub reply_with_count: Option<bool>,
    /// The order.
    pub sort: Option<Sort>,
    /// Only these fields.
    pub fields: Option<Names>,
    /// A filter that the platform has, by `type:condition`.
    pub filter_name: Option<String>,
}

/// The standard parameters as rows of a table; a query operation's own come
/// after them.
impl Query {
    /// `q`.
    pub const Q: Field = Field::new("q", Kind::List(&Kind::String), V0_6).in_query();
    /// `limit`.
    pub const LIMIT: Field = Field::new("limit", Kind::Integer, V0_6).in_query();
    /// `start`.
    pub const START: Field = Field::new("start", Kind::Integer, V0_6).in_query();
    /// `count`.
    pub const COUNT: Field = Field::new("count", Kind::Boolean, V0_6).in_query();
    /// `groupBy`.
    pub const GROUP_BY: Field = Field::new("groupBy", Kind::String, Version::new("1.9")).in_query();
    /// `replyWithCount`.
    pub const REPLY_WITH_COUNT: Field = Field::new("replyWithCount", Kind::Boolean, V0_6).in_query();
    /// `sort`.
    pub const SORT: Field = Field::new("sort", Kind::String, V0_6).in_query();
    /// `fields`.
    pub const FIELDS: Field = Field::new("fields", Kind::String, V0_6).in_query();
    /// `filterName`.
    pub const FILTER_NAME: Field = Field::new("filterName", Kind::String, V0_6).in_query();

    /// The value of the row at `index`.
    #[must_use]
    pub fn get(&self, index: usize) -> View<'_> {
        match index {
            // A list is always there; an empty one asks for nothing.
            0 => self.conditions.view(),
            1 => self.limit.view(),
            2 => self.start.view(),
            3 => self.count.view(),
            4 => self.group_by.view(),
            5 => self.reply_with_count.view(),
            6 => self.sort.view(),
            7 => self.fields.view(),
            8 => self.filter_name.view(),
            _ => View::Absent,
        }
    }

    /// Reads the row at `index`. `false` for null.
    ///
    /// # Errors
    ///
    /// When the value does not fit: a condition without an operator, a limit
    /// that is no number.
    pub fn set<'de, D: Deserializer<'de>>(&mut self, index: usize, value: D) -> Result<bool, D::Error> {
        match index {
            0 => decode::put(&mut self.conditions, value),
            1 => decode::put(&mut self.limit, value),
            2 => decode::put(&mut self.start, value),
            3 => decode::put(&mut self.count, value),
            4 => decode::put(&mut self.group_by, value),
            5 => decode::put(&mut self.reply_with_count, value),
            6 => decode::put(&mut self.sort, value),
            7 => decode::put(&mut self.fields, value),
            8 => decode::put(&mut self.filter_name, value),
            _ => decode::skip(value),
        }
    }
}

/// Building a query, piece by piece.
impl Query {
    /// Everything.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a condition, as a [`Column`] makes it.
    #[must_use]
    pub fn filter(mut self, condition: Condition) -> Self {
        self.conditions.push(condition);
        self
    }

    /// Adds a condition.
    #[must_use]
    pub fn condition(mut self, field: &str, operator: Operator, value: impl std::fmt::Display) -> Self {
        self.conditions.push(Condition::new(field, operator, value));
        self
    }

    /// Adds a condition: the field has this value. Texts are compared without
    /// regard to case.
    #[must_use]
    pub fn equal(self, field: &str, value: impl std::fmt::Display) -> Self {
        self.condition(field, Operator::Equal, value)
    }

    /// Adds a condition: the text matches, where `%` stands for any text and
    /// `_` for one character.
    #[must_use]
    pub fn like(self, field: &str, pattern: impl std::fmt::Display) -> Self {
        self.condition(field, Operator::Like, pattern)
    }

    /// Adds a condition: the field has one of these values. None of them may
    /// hold a comma.
    #[must_use]
    pub fn one_of(self, field: &str, values: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let values: Vec<String> = values.into_iter().map(Into::into).collect();
        self.condition(field, Operator::In, values.join(","))
    }

    /// Adds a condition: the field has no value.
    #[must_use]
    pub fn is_null(self, field: &str) -> Self {
        self.condition(field, Operator::IsNull, "")
    }

    /// Asks for at most so many.
    #[must_use]
    pub fn limit(mut self, limit: i32) -> Self {
        self.limit = Some(limit);
        self
    }

    /// Leaves out the first so many.
    #[must_use]
    pub fn start(mut self, start: i32) -> Self {
        self.start = Some(start);
        self
    }

    /// Asks for `total` alone.
    #[must_use]
    pub fn count(mut self) -> Self {
        self.count = Some(true);
        self
    }

    /// Asks for `total`, too.
    #[must_use]
    pub fn reply_with_count(mut self) -> Self {
        self.reply_with_count = Some(true);
        self
    }

    /// Asks for an order.
    #[must_use]
    pub fn sort(mut self, sort: Sort) -> Self {
        self.sort = Some(sort);
        self
    }

    /// Asks for these fields alone. A client adds those that a record cannot
    /// do without.
    #[must_use]
    pub fn fields(mut self, names: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.fields = Some(Names::new(names));
        self
    }
}

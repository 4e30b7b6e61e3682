//! The standard parameters of query operations: conditions, sort order, and limits.
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

#[cfg(any(feature = "client", feature = "server"))]
mod absent;
mod column;
mod condition;
mod request;
mod sort;

use serde::Deserializer;

use crate::V0_6;
use crate::record::{Field, Kind, Value as _, View};
use crate::{Version, decode};

#[cfg(any(feature = "client", feature = "server"))]
pub(crate) use absent::{AbsentColumn, absent_columns};
pub use column::{Column, Comparable};
pub use condition::{Condition, Operator, ParseConditionError};
pub use request::QueryRequest;
pub use sort::{FieldNames, Sort};

/// The standard parameters of a query operation.
///
/// The default lists all records in no particular order; the platform returns at most 1000.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Query {
    /// The conditions, all of which must be met: `q=state=Running&q=name~=web%`.
    pub conditions: Vec<Condition>,
    /// The largest number of records to list.
    pub limit: Option<i32>,
    /// The number of records to skip.
    pub start: Option<i32>,
    /// Requests `total` only, without `inventories`.
    pub count: Option<bool>,
    /// The field to group by. The platform accepts and ignores it.
    pub group_by: Option<String>,
    /// Requests `total` in addition to `inventories`.
    pub reply_with_count: Option<bool>,
    /// The sort order.
    pub sort: Option<Sort>,
    /// The fields to list; all of them where this is `None`.
    pub fields: Option<FieldNames>,
    /// A filter of the platform, written `type:condition`.
    pub filter_name: Option<String>,
}

/// The standard parameters as rows of a table; the other parameters of a query operation follow.
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

    /// Returns the value of the row at `index`.
    #[must_use]
    pub fn get(&self, index: usize) -> View<'_> {
        match index {
            // A list is always present; an empty one has no conditions.
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

    /// Decodes the value of the row at `index`. Returns `false` for null.
    ///
    /// # Errors
    ///
    /// When the value does not fit, such as a condition without an operator, or a limit that is not
    /// a number.
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

/// Builder methods.
impl Query {
    /// Creates a query that lists all records.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a condition that a [`Column`] created.
    #[must_use]
    pub fn filter(mut self, condition: Condition) -> Self {
        self.conditions.push(condition);
        self
    }

    /// Adds a condition on a field, by its name on the wire.
    #[must_use]
    pub fn condition(mut self, field: &str, operator: Operator, value: impl std::fmt::Display) -> Self {
        self.conditions.push(Condition::new(field, operator, value));
        self
    }

    /// Adds the condition that a field equals a value. Texts are compared case-insensitively.
    #[must_use]
    pub fn equal(self, field: &str, value: impl std::fmt::Display) -> Self {
        self.condition(field, Operator::Equal, value)
    }

    /// Adds the condition that a text fits a pattern: `%` matches any text and `_` one character.
    #[must_use]
    pub fn like(self, field: &str, pattern: impl std::fmt::Display) -> Self {
        self.condition(field, Operator::Like, pattern)
    }

    /// Adds the condition that a field has one of these values, which must not contain commas.
    #[must_use]
    pub fn one_of(self, field: &str, values: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let values: Vec<String> = values.into_iter().map(Into::into).collect();
        self.condition(field, Operator::In, values.join(","))
    }

    /// Adds the condition that a field has no value.
    #[must_use]
    pub fn is_null(self, field: &str) -> Self {
        self.condition(field, Operator::IsNull, "")
    }

    /// Sets the largest number of records to list.
    #[must_use]
    pub fn limit(mut self, limit: i32) -> Self {
        self.limit = Some(limit);
        self
    }

    /// Sets the number of records to skip.
    #[must_use]
    pub fn start(mut self, start: i32) -> Self {
        self.start = Some(start);
        self
    }

    /// Requests `total` only.
    #[must_use]
    pub fn count(mut self) -> Self {
        self.count = Some(true);
        self
    }

    /// Requests `total` in addition to the records.
    #[must_use]
    pub fn reply_with_count(mut self) -> Self {
        self.reply_with_count = Some(true);
        self
    }

    /// Sets the sort order.
    #[must_use]
    pub fn sort(mut self, sort: Sort) -> Self {
        self.sort = Some(sort);
        self
    }

    /// Requests these fields only. A client adds the required fields of the record.
    #[must_use]
    pub fn fields(mut self, names: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.fields = Some(FieldNames::new(names));
        self
    }
}

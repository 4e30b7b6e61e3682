//! Queries: the conversion of the texts of callers to a [`Selection`].
//!
//! | module | content |
//! |---|---|
//! | [`resource`] | the types that describe a resource |
//! | [`registry`] | the descriptions of all resources |
//! | `resolve` | the conversion of a query to a [`Selection`], or to an error |
//! | `tags` | conditions on the tags of resources |
//!
//! A store converts a [`Selection`] to rows. It contains no names from callers,
//! only values: all names come from the descriptions.

pub mod registry;
mod resolve;
pub mod resource;
mod tags;

use zstack_runtime::query::Operator;

use self::resource::{Field, Relation, Resource};
use crate::model::{AccountKind, Caller, Uuid};

pub use resolve::resolve;

/// A selection of rows: conditions, order and range.
#[derive(Clone, Debug)]
pub struct Selection {
    /// The resource.
    pub resource: &'static Resource,
    /// The conditions, all of which must be satisfied.
    pub conditions: Vec<Condition>,
    /// The order. Without one, and for equal keys, rows are ordered by creation time
    /// and UUID.
    pub order: Option<Order>,
    /// The number of rows to skip.
    pub start: i64,
    /// The maximum number of rows; `None` to return no rows.
    pub limit: Option<i64>,
    /// True to count all rows.
    pub count: bool,
    /// The account whose visible rows are selected; `None` for an administrator.
    pub visible_to: Option<Uuid>,
}

/// An order of rows.
#[derive(Clone, Copy, Debug)]
pub struct Order {
    /// The field by which rows are ordered.
    pub field: &'static Field,
    /// True to begin with the largest value.
    pub descending: bool,
}

/// A condition on a row, or on any of the rows to which a path leads.
#[derive(Clone, Debug)]
pub struct Condition {
    /// The path from the row; empty for the row itself.
    pub path: Vec<&'static Relation>,
    /// The comparison.
    pub comparison: Comparison,
}

/// A comparison of a field with values.
#[derive(Clone, Debug)]
pub enum Comparison {
    /// A fixed result, for a field that no row has.
    Constant(bool),
    /// The comparison of a field.
    Field {
        /// The field.
        field: &'static Field,
        /// The operator.
        operator: Operator,
        /// The values; their number depends on the operator.
        values: Vec<Value>,
    },
    /// The negation of a comparison.
    Not(Box<Self>),
}

/// A value in a comparison.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A text, or a pattern.
    Text(String),
    /// A number; 0 or 1 for a flag; seconds since the Unix epoch for a time.
    Number(i64),
    /// A number with decimals.
    Decimal(f64),
}

/// The result of a selection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// The rows, if requested.
    pub rows: Option<Vec<T>>,
    /// The total number of rows, if requested.
    pub total: Option<i64>,
}

impl Selection {
    /// Selects all rows that a caller may see.
    #[must_use]
    pub fn all(resource: &'static Resource, caller: &Caller) -> Self {
        let visible_to = match caller.kind {
            AccountKind::SystemAdmin => None,
            AccountKind::Normal => Some(caller.account_uuid.clone()),
        };
        Self {
            resource,
            conditions: Vec::new(),
            order: None,
            start: 0,
            limit: Some(i64::MAX),
            count: false,
            visible_to,
        }
    }

    /// Selects the row with this UUID, if the caller may see it.
    #[must_use]
    pub fn by_uuid(resource: &'static Resource, caller: &Caller, uuid: &str) -> Self {
        Self { limit: Some(1), ..Self::all(resource, caller).equal("uuid", &uuid.to_ascii_lowercase()) }
    }

    /// Adds the condition that a field has this text. With an unknown field, no row
    /// is selected.
    #[must_use]
    pub fn equal(mut self, name: &str, text: &str) -> Self {
        let values = vec![Value::Text(text.to_owned())];
        let comparison = match self.resource.field(name) {
            Some(field) => Comparison::Field { field, operator: Operator::Equal, values },
            None => Comparison::Constant(false),
        };
        self.conditions.push(Condition { path: Vec::new(), comparison });
        self
    }

    /// Returns true if the only condition is a UUID, so that at most one row is read.
    #[must_use]
    pub fn is_one(&self) -> bool {
        let [Condition { path, comparison: Comparison::Field { field, operator: Operator::Equal, .. } }] =
            self.conditions.as_slice()
        else {
            return false;
        };
        path.is_empty() && field.name == "uuid"
    }
}

//! Queries: the conversion of the texts of callers to a [`Selection`].
//!
//! | module | content |
//! |---|---|
//! | [`resource`] | the types that describe a resource |
//! | `indexed` | the fields that are columns of their own |
//! | [`registry`] | the descriptions of all resources |
//! | `conditions` | the conversion of conditions: names to fields, texts to values |
//! | `resolve` | the conversion of a query to a [`Selection`], or to an error |
//! | `tags` | conditions on the tags of resources |
//! | `restrict` | the shortest path from one resource to another one |
//! | `zql` | the query language of the platform: its statements become selections, too |
//!
//! A store converts a [`Selection`] to rows. It contains no names from callers,
//! only values: all names come from the descriptions.

mod conditions;
mod indexed;
pub mod registry;
mod resolve;
pub mod resource;
mod restrict;
mod tags;
pub(crate) mod zql;

use zstack_runtime::query::Operator;

use self::resource::{Field, Relation, Resource};
use crate::model::{AccountKind, Caller, Uuid};

pub use indexed::{INDEXED, expression};
pub use resolve::resolve;

/// The maximum number of conditions. This and the next two limits stay below those
/// of SQLite.
const MAX_CONDITIONS: usize = 256;

/// The maximum number of values in all conditions.
const MAX_VALUES: usize = 10_000;

/// The maximum number of relations in the path of a condition.
const MAX_PATH_LENGTH: usize = 8;

/// A selection of rows: conditions, order and range.
#[derive(Clone, Debug)]
pub struct Selection {
    /// The resource.
    pub resource: &'static Resource,
    /// The conditions, all of which must be satisfied.
    pub conditions: Vec<Filter>,
    /// The keys of the order. Without one, and for equal keys, rows are ordered by creation time
    /// and UUID.
    pub order: Vec<Order>,
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

/// Conditions, combined.
#[derive(Clone, Debug)]
pub enum Filter {
    /// One condition.
    Condition(Condition),
    /// All of the filters must be satisfied.
    All(Vec<Self>),
    /// One of the filters must be satisfied.
    Any(Vec<Self>),
    /// The filter must not be satisfied.
    Not(Box<Self>),
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
    /// The comparison of a field with the values of a field of other rows.
    Selected {
        /// The field.
        field: &'static Field,
        /// False if none of the other rows may have its value.
        is_in: bool,
        /// The other rows.
        values: Box<SubQuery>,
    },
    /// The negation of a comparison.
    Not(Box<Self>),
}

/// The values of a field of rows that the caller may see.
#[derive(Clone, Debug)]
pub struct SubQuery {
    /// The resource.
    pub resource: &'static Resource,
    /// The field.
    pub field: &'static Field,
    /// The conditions, all of which must be satisfied.
    pub conditions: Vec<Filter>,
}

/// Groups of the rows of a selection that have equal values in some fields.
#[derive(Clone, Debug)]
pub struct Grouping {
    /// The rows. Its start and its limit count groups, and its order is ignored.
    pub selection: Selection,
    /// The fields whose values are equal in a group; without any, all rows are one group.
    pub keys: Vec<&'static Field>,
    /// The columns of the result.
    pub columns: Vec<Column>,
    /// The keys of the order of groups, and whether each begins with the largest value.
    pub order: Vec<(Column, bool)>,
}

/// A value of a group.
#[derive(Clone, Copy, Debug)]
pub enum Column {
    /// The value of a field of the oldest row.
    Value(&'static Field),
    /// The number of rows.
    Count,
    /// The number of different values of a field.
    CountDistinct(&'static Field),
    /// The sum of a field.
    Sum(&'static Field),
    /// The smallest value of a field.
    Minimum(&'static Field),
    /// The largest value of a field.
    Maximum(&'static Field),
    /// The average of a field.
    Average(&'static Field),
}

/// A value of a group in the result.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// No value.
    Null,
    /// A text.
    Text(String),
    /// A number; 0 or 1 for a flag; milliseconds since the Unix epoch for a time.
    Number(i64),
    /// A number with a fraction.
    Real(f64),
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
            order: Vec::new(),
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
        self.conditions.push(Filter::Condition(Condition { path: Vec::new(), comparison }));
        self
    }

    /// Returns true if the only condition is a UUID, so that at most one row is read.
    #[must_use]
    pub fn is_one(&self) -> bool {
        let [Filter::Condition(Condition { path, comparison })] = self.conditions.as_slice() else {
            return false;
        };
        let is_uuid = matches!(
            comparison,
            Comparison::Field { field, operator: Operator::Equal, .. } if field.name == "uuid"
        );
        path.is_empty() && is_uuid
    }
}

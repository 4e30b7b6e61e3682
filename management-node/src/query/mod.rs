//! Queries: what a caller asks for, checked against what there is to ask.
//!
//! | module | holds |
//! |---|---|
//! | [`resource`] | how a resource is described |
//! | [`resources`] | the descriptions: a new resource is one more |
//! | `resolve` | from the text of a query to a [`Selection`], or to what is wrong with it |
//!
//! A store turns a [`Selection`] into rows. Nothing that a caller wrote is a
//! name any more then, only a value: names are those of the descriptions.

mod resolve;
pub mod resource;
pub mod resources;

use zstack_runtime::query::Operator;

use self::resource::{Field, Relation, Resource};
use crate::model::{AccountKind, Caller, Uuid};

pub use resolve::resolve;

/// Which rows, in which order, and how many.
#[derive(Clone, Debug)]
pub struct Selection {
    /// Of which resource.
    pub resource: &'static Resource,
    /// All of these hold.
    pub conditions: Vec<Condition>,
    /// The order. Rows that it does not tell apart, and all without one, come
    /// by age and UUID.
    pub order: Option<Order>,
    /// Without the first so many.
    pub start: i64,
    /// At most so many; `None` for no rows at all.
    pub limit: Option<i64>,
    /// Whether to count them all.
    pub count: bool,
    /// Only what this account sees; `None` for an administrator.
    pub visible_to: Option<Uuid>,
}

/// An order.
#[derive(Clone, Copy, Debug)]
pub struct Order {
    /// By this field.
    pub field: &'static Field,
    /// The largest first.
    pub descending: bool,
}

/// What a row must satisfy, or one of the rows that a path leads to.
#[derive(Clone, Debug)]
pub struct Condition {
    /// The path from the row; empty for the row itself.
    pub path: Vec<&'static Relation>,
    /// What holds there.
    pub test: Test,
}

/// A comparison.
#[derive(Clone, Debug)]
pub enum Test {
    /// Whatever the row: of what no row has.
    Always(bool),
    /// Of a field.
    Field {
        /// The field.
        field: &'static Field,
        /// How it is compared.
        operator: Operator,
        /// What with: as many values as the operator takes.
        values: Vec<Value>,
    },
}

/// What a field is compared with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A text, or a pattern.
    Text(String),
    /// A number; 0 or 1; seconds since the Unix epoch.
    Number(i64),
}

/// What a selection comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// The rows, if they were asked for.
    pub rows: Option<Vec<T>>,
    /// How many there are in all, if that was asked for.
    pub total: Option<i64>,
}

impl Selection {
    /// All rows that a caller sees.
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

    /// The one row with this UUID, if the caller sees it.
    #[must_use]
    pub fn one(resource: &'static Resource, caller: &Caller, uuid: &str) -> Self {
        let mut this = Self::all(resource, caller).equal("uuid", &uuid.to_ascii_lowercase());
        this.limit = Some(1);
        this
    }

    /// Those of them whose field has this text. If there is no such field,
    /// none has it.
    #[must_use]
    pub fn equal(mut self, name: &str, text: &str) -> Self {
        let test = match self.resource.field(name) {
            Some(field) => {
                Test::Field { field, operator: Operator::Equal, values: vec![Value::Text(text.to_owned())] }
            }
            None => Test::Always(false),
        };
        self.conditions.push(Condition { path: Vec::new(), test });
        self
    }

    /// Whether nothing but one UUID is asked for: little has to be read then.
    #[must_use]
    pub fn is_one(&self) -> bool {
        let [Condition { path, test: Test::Field { field, operator: Operator::Equal, .. } }] =
            self.conditions.as_slice()
        else {
            return false;
        };
        path.is_empty() && field.name == "uuid"
    }
}

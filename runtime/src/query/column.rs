//! Columns: fields of records, with their types, for conditions and orders.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use super::{Condition, Operator, Sort};
use crate::record::{Record, Value};
use crate::{Enumeration, Timestamp, encode};

/// A field that queries compare and sort by, and the type of its values.
///
/// The records that a query answers have one for each of their fields. What a
/// field refers to is reached with [`at`](Self::at), and what no record names
/// - an expanded field, a tag - by its [name](Self::named).
///
/// ```
/// use zstack_runtime::Record;
/// use zstack_runtime::query::{Column, Query};
///
/// #[derive(Clone, Default, Record)]
/// #[record(since = "0.6", columns)]
/// struct Vm {
///     name: Option<String>,
///     cpu_num: Option<i32>,
///     vm_nics: Option<Vec<Nic>>,
/// }
///
/// #[derive(Clone, Default, Record)]
/// #[record(since = "0.6", columns)]
/// struct Nic {
///     ip: Option<String>,
/// }
///
/// let zone = Column::<String>::named("zone.name");
/// let query = Query::new()
///     .filter(Vm::NAME.like("web%"))
///     .filter(Vm::CPU_NUM.ge(4))
///     .filter(Vm::VM_NICS.at(Nic::IP).eq("10.0.0.7"))
///     .filter(zone.is_in(["east", "west"]))
///     .sort(Vm::CPU_NUM.descending());
/// let conditions: Vec<String> = query.conditions.iter().map(|it| it.to_string()).collect();
/// assert_eq!(conditions, ["name~=web%", "cpuNum>=4", "vmNics.ip=10.0.0.7", "zone.name?=east,west"]);
/// assert_eq!(query.sort.unwrap().to_string(), "-cpuNum");
/// ```
pub struct Column<T> {
    name: Cow<'static, str>,
    of: PhantomData<fn() -> T>,
}

impl<T> Column<T> {
    /// The column of this name: `zone.name`, `__systemTag__`.
    #[must_use]
    pub const fn named(name: &'static str) -> Self {
        Self { name: Cow::Borrowed(name), of: PhantomData }
    }

    /// Its name on the wire.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// It has no value.
    #[must_use]
    pub fn is_null(self) -> Condition {
        Condition::new(&self.name, Operator::IsNull, "")
    }

    /// It has a value.
    #[must_use]
    pub fn is_not_null(self) -> Condition {
        Condition::new(&self.name, Operator::NotNull, "")
    }
}

/// The columns of the records that a field holds.
impl<R: Record> Column<R> {
    /// A column of what it holds: `vmNics.ip`. Of a list, one record that
    /// satisfies the condition is enough.
    #[must_use]
    pub fn at<T>(self, column: Column<T>) -> Column<T> {
        Column { name: Cow::Owned(format!("{}.{}", self.name, column.name)), of: PhantomData }
    }
}

/// A value that a column can be compared with.
pub trait Comparable: Value {}

impl Comparable for String {}
impl Comparable for bool {}
impl Comparable for i32 {}
impl Comparable for i64 {}
impl Comparable for f64 {}
impl Comparable for Timestamp {}
impl<E: Enumeration + Value> Comparable for E {}

fn text<T: Comparable>(value: impl Into<T>) -> String {
    encode::text(value.into().view()).map(Cow::into_owned).unwrap_or_default()
}

impl<T: Comparable> Column<T> {
    fn compared(&self, operator: Operator, value: impl Into<T>) -> Condition {
        Condition::new(&self.name, operator, text(value))
    }

    fn listed(&self, operator: Operator, values: impl IntoIterator<Item = impl Into<T>>) -> Condition {
        let values: Vec<String> = values.into_iter().map(text).collect();
        Condition::new(&self.name, operator, values.join(","))
    }

    /// It has this value. Texts are compared without regard to case.
    #[must_use]
    pub fn eq(self, value: impl Into<T>) -> Condition {
        self.compared(Operator::Equal, value)
    }

    /// It has a value, and another one.
    #[must_use]
    pub fn ne(self, value: impl Into<T>) -> Condition {
        self.compared(Operator::NotEqual, value)
    }

    /// It is greater, or later.
    #[must_use]
    pub fn gt(self, value: impl Into<T>) -> Condition {
        self.compared(Operator::Greater, value)
    }

    /// It is as great, or greater.
    #[must_use]
    pub fn ge(self, value: impl Into<T>) -> Condition {
        self.compared(Operator::GreaterOrEqual, value)
    }

    /// It is less, or earlier.
    #[must_use]
    pub fn lt(self, value: impl Into<T>) -> Condition {
        self.compared(Operator::Less, value)
    }

    /// It is as little, or less.
    #[must_use]
    pub fn le(self, value: impl Into<T>) -> Condition {
        self.compared(Operator::LessOrEqual, value)
    }

    /// It has one of these values. None of them may hold a comma.
    #[must_use]
    pub fn is_in(self, values: impl IntoIterator<Item = impl Into<T>>) -> Condition {
        self.listed(Operator::In, values)
    }

    /// It has a value, and none of these, which may hold no comma.
    #[must_use]
    pub fn not_in(self, values: impl IntoIterator<Item = impl Into<T>>) -> Condition {
        self.listed(Operator::NotIn, values)
    }

    /// The smallest first.
    #[must_use]
    pub fn ascending(self) -> Sort {
        Sort::ascending(&self.name)
    }

    /// The largest first.
    #[must_use]
    pub fn descending(self) -> Sort {
        Sort::descending(&self.name)
    }
}

impl Column<String> {
    /// It matches: `%` stands for any text, `_` for one character.
    #[must_use]
    pub fn like(self, pattern: impl fmt::Display) -> Condition {
        Condition::new(&self.name, Operator::Like, pattern)
    }

    /// It has a value, which does not match.
    #[must_use]
    pub fn not_like(self, pattern: impl fmt::Display) -> Condition {
        Condition::new(&self.name, Operator::NotLike, pattern)
    }
}

impl<T> Clone for Column<T> {
    fn clone(&self) -> Self {
        Self { name: self.name.clone(), of: PhantomData }
    }
}

impl<T> fmt::Debug for Column<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Column").field(&self.name).finish()
    }
}

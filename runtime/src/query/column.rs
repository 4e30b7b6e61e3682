//! Columns: the fields of records, typed, for conditions and sort orders.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use super::{Condition, Operator, Sort};
use crate::record::{Record, Value};
use crate::{Enumeration, Timestamp, encode};

/// A field that queries compare or sort by; `T` is the type of its values.
///
/// The records that a query lists have a constant for each field. [`at`](Self::at) reaches the
/// fields of what a field refers to; [`new`](Self::new) makes a column of what no record has,
/// such as an expanded field or a tag.
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
/// let zone = Column::<String>::new("zone.name");
/// let query = Query::new()
///     .filter(Vm::NAME.like("web%"))
///     .filter(Vm::CPU_NUM.ge(4))
///     .filter(Vm::VM_NICS.at(Nic::IP).eq("10.0.0.7"))
///     .filter(zone.is_in(["east", "west"]))
///     .sort(Vm::CPU_NUM.descending());
/// let conditions: Vec<String> = query.conditions.iter().map(|condition| condition.to_string()).collect();
/// assert_eq!(conditions, ["name~=web%", "cpuNum>=4", "vmNics.ip=10.0.0.7", "zone.name?=east,west"]);
/// assert_eq!(query.sort.unwrap().to_string(), "-cpuNum");
/// ```
pub struct Column<T> {
    name: Cow<'static, str>,
    of: PhantomData<fn() -> T>,
}

impl<T> Column<T> {
    /// Creates the column of this name, such as `zone.name` or `__systemTag__`.
    #[must_use]
    pub const fn new(name: &'static str) -> Self {
        Self { name: Cow::Borrowed(name), of: PhantomData }
    }

    /// Returns its name on the wire.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Matches records without a value.
    #[must_use]
    pub fn is_null(self) -> Condition {
        Condition::new(&self.name, Operator::IsNull, "")
    }

    /// Matches records with a value.
    #[must_use]
    pub fn is_not_null(self) -> Condition {
        Condition::new(&self.name, Operator::NotNull, "")
    }
}

/// Columns that refer to records.
impl<R: Record> Column<R> {
    /// Returns a column of the records that it refers to, such as `vmNics.ip`. For a list, one
    /// record that meets the condition is enough.
    #[must_use]
    pub fn at<T>(self, column: Column<T>) -> Column<T> {
        Column { name: Cow::Owned(format!("{}.{}", self.name, column.name)), of: PhantomData }
    }
}

/// A type of values that columns are compare with.
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
    fn compare(&self, operator: Operator, value: impl Into<T>) -> Condition {
        Condition::new(&self.name, operator, text(value))
    }

    fn compare_list(&self, operator: Operator, values: impl IntoIterator<Item = impl Into<T>>) -> Condition {
        let values: Vec<String> = values.into_iter().map(text).collect();
        Condition::new(&self.name, operator, values.join(","))
    }

    /// Matches values equal to this one; texts are compared case-insensitively.
    #[must_use]
    pub fn eq(self, value: impl Into<T>) -> Condition {
        self.compare(Operator::Equal, value)
    }

    /// Matches values other than this one; records without a value do not match.
    #[must_use]
    pub fn ne(self, value: impl Into<T>) -> Condition {
        self.compare(Operator::NotEqual, value)
    }

    /// Matches values greater than this one, or later.
    #[must_use]
    pub fn gt(self, value: impl Into<T>) -> Condition {
        self.compare(Operator::Greater, value)
    }

    /// Matches values greater than or equal to this one.
    #[must_use]
    pub fn ge(self, value: impl Into<T>) -> Condition {
        self.compare(Operator::GreaterOrEqual, value)
    }

    /// Matches values less than this one, or earlier.
    #[must_use]
    pub fn lt(self, value: impl Into<T>) -> Condition {
        self.compare(Operator::Less, value)
    }

    /// Matches values less than or equal to this one.
    #[must_use]
    pub fn le(self, value: impl Into<T>) -> Condition {
        self.compare(Operator::LessOrEqual, value)
    }

    /// Matches values in this list; the values must not contain commas.
    #[must_use]
    pub fn is_in(self, values: impl IntoIterator<Item = impl Into<T>>) -> Condition {
        self.compare_list(Operator::In, values)
    }

    /// Matches values outside of this list; the values must not contain commas. Records without a
    /// value do not match.
    #[must_use]
    pub fn not_in(self, values: impl IntoIterator<Item = impl Into<T>>) -> Condition {
        self.compare_list(Operator::NotIn, values)
    }

    /// Sorts by it, smallest first.
    #[must_use]
    pub fn ascending(self) -> Sort {
        Sort::ascending(&self.name)
    }

    /// Sorts by it, largest first.
    #[must_use]
    pub fn descending(self) -> Sort {
        Sort::descending(&self.name)
    }
}

impl Column<String> {
    /// Matches texts that fit a pattern: `%` matches any text and `_` one character.
    #[must_use]
    pub fn like(self, pattern: impl fmt::Display) -> Condition {
        Condition::new(&self.name, Operator::Like, pattern)
    }

    /// Matches texts that do not fit a pattern; records without a value do not match.
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

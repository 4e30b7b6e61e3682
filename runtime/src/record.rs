//! The one interface that every generated struct implements.
//!
//! A record is a struct with a table: its [`Shape`] names the fields in order,
//! [`Record::get`] shows the field of an index, [`Record::set`] reads it. All
//! that the crates do with records - JSON in both directions, query strings,
//! constraints, the `schema` of a reply - walks that table, so that a struct
//! of the API costs a compiler a few lines and nothing is written twice.

use std::collections::BTreeMap;

use serde::Deserializer;

use crate::decode::{self, Decode};
use crate::{More, Timestamp, Version};

/// A struct of the API.
///
/// Implemented by generated code. `Default` is the record a reader starts
/// from: absent fields are `None`, required ones empty.
pub trait Record: Clone + Default + Send + Sync + 'static {
    /// The table of fields.
    const SHAPE: &'static Shape;

    /// The value of the field at `index` of the table.
    fn get(&self, index: usize) -> View<'_>;

    /// Reads the field at `index` of the table. `false` when the value was
    /// null, which is the same as absent.
    ///
    /// # Errors
    ///
    /// When the value does not fit the field.
    fn set<'de, D: Deserializer<'de>>(&mut self, index: usize, value: D) -> Result<bool, D::Error>;

    /// The fields that are not in the table, of a record that others extend.
    fn more(&self) -> Option<&More> {
        None
    }

    /// The same, for changing.
    fn more_mut(&mut self) -> Option<&mut More> {
        None
    }
}

/// A [`Record`] behind a pointer.
pub trait AnyRecord {
    /// The table of fields.
    fn shape(&self) -> &'static Shape;

    /// The value of the field at `index` of the table.
    fn get(&self, index: usize) -> View<'_>;

    /// The fields that are not in the table, of a record that others extend.
    fn more(&self) -> Option<&More>;

    /// The class that a reply's `schema` names: that of the extension, where
    /// it is one.
    fn class(&self) -> &'static str {
        self.more().and_then(|more| more.class).unwrap_or(self.shape().class)
    }
}

impl<R: Record> AnyRecord for R {
    fn shape(&self) -> &'static Shape {
        R::SHAPE
    }

    fn get(&self, index: usize) -> View<'_> {
        Record::get(self, index)
    }

    fn more(&self) -> Option<&More> {
        Record::more(self)
    }
}

/// What is known of a struct of the API.
#[derive(Debug)]
pub struct Shape {
    /// Its name in the spec.
    pub name: &'static str,
    /// The class that the platform names in a reply's `schema`; empty where
    /// it names none.
    pub class: &'static str,
    /// The first release that has it.
    pub since: Version,
    /// Its fields, in the order of the spec.
    pub fields: &'static [Field],
}

impl Shape {
    /// The index of the field of this name.
    #[must_use]
    pub fn index_of(&self, name: &str) -> Option<usize> {
        self.fields.iter().position(|field| field.name == name)
    }
}

/// Whether a table has all of these fields, by their names: for structs that
/// are written by hand, at compile time.
#[must_use]
pub const fn has_fields(shape: &Shape, fields: &[Field]) -> bool {
    let mut index = 0;
    while index < fields.len() {
        let mut candidate = 0;
        while candidate < shape.fields.len()
            && !same_text(shape.fields[candidate].name.as_bytes(), fields[index].name.as_bytes())
        {
            candidate += 1;
        }
        if candidate == shape.fields.len() {
            return false;
        }
        index += 1;
    }
    true
}

const fn same_text(a: &[u8], b: &[u8]) -> bool {
    let mut index = 0;
    while index < a.len() && index < b.len() {
        if a[index] != b[index] {
            return false;
        }
        index += 1;
    }
    a.len() == b.len()
}

/// What is known of a field or a parameter.
///
/// Built by generated code in constants:
///
/// ```
/// use zstack_runtime::record::{Field, Kind};
///
/// const NAME: Field = Field::new("name", Kind::String, "3.3.0").required().max_length(255);
/// assert_eq!(NAME.limits.max_length, Some(255));
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub struct Field {
    /// Its name on the wire.
    pub name: &'static str,
    /// Its type.
    pub kind: Kind,
    /// The first release that has it.
    pub since: Version,
    /// A parameter that must be given; a field that is always there.
    pub required: bool,
    /// Where it travels; a field of a data type or a response: in the body.
    pub place: Place,
    /// What a value must satisfy.
    pub limits: Limits,
}

impl Field {
    /// An optional field that travels in the body.
    ///
    /// # Panics
    ///
    /// When `since` is no version; see [`Version::new`].
    #[must_use]
    pub const fn new(name: &'static str, kind: Kind, since: &str) -> Self {
        Self {
            name,
            kind,
            since: Version::new(since),
            required: false,
            place: Place::Body,
            limits: Limits::NONE,
        }
    }

    /// It must be given; it is always there.
    #[must_use]
    pub const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// It travels in the path.
    #[must_use]
    pub const fn in_path(mut self) -> Self {
        self.place = Place::Path;
        self
    }

    /// It travels in the query string.
    #[must_use]
    pub const fn in_query(mut self) -> Self {
        self.place = Place::Query;
        self
    }

    /// It travels in the body, beside the operation's key.
    #[must_use]
    pub const fn beside(mut self) -> Self {
        self.place = Place::BesideBody;
        self
    }

    /// At most so many UTF-16 units of text.
    #[must_use]
    pub const fn max_length(mut self, units: u32) -> Self {
        self.limits.max_length = Some(units);
        self
    }

    /// At least so many UTF-16 units of text.
    #[must_use]
    pub const fn min_length(mut self, units: u32) -> Self {
        self.limits.min_length = Some(units);
        self
    }

    /// From `low` to `high`, both allowed.
    #[must_use]
    pub const fn range(mut self, low: i64, high: i64) -> Self {
        self.limits.range = Some((low, high));
        self
    }

    /// A regular expression for the whole text.
    #[must_use]
    pub const fn pattern(mut self, pattern: &'static str) -> Self {
        self.limits.pattern = Some(pattern);
        self
    }

    /// The only texts allowed.
    #[must_use]
    pub const fn values(mut self, values: &'static [&'static str]) -> Self {
        self.limits.values = values;
        self
    }

    /// Blanks at both ends of a text belong to it.
    #[must_use]
    pub const fn no_trim(mut self) -> Self {
        self.limits.no_trim = true;
        self
    }

    /// A list needs an element, a text a character.
    #[must_use]
    pub const fn non_empty(mut self) -> Self {
        self.limits.non_empty = true;
        self
    }
}

/// Where a parameter travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In the path.
    Path,
    /// In the query string.
    Query,
    /// In the body, below the operation's key.
    Body,
    /// In the body, beside the operation's key.
    BesideBody,
}

/// What a value must satisfy. A server checks it; see
/// [`constraints`](crate::constraints).
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Limits {
    /// The longest text, in UTF-16 units, which is what the platform counts.
    pub max_length: Option<u32>,
    /// The shortest text, in UTF-16 units.
    pub min_length: Option<u32>,
    /// Lowest and highest number, both allowed.
    pub range: Option<(i64, i64)>,
    /// A regular expression for the whole text.
    pub pattern: Option<&'static str>,
    /// The only values allowed, as texts; empty: any.
    pub values: &'static [&'static str],
    /// A list needs an element, a text a character.
    pub non_empty: bool,
    /// Blanks at both ends of a text stay; elsewhere a server takes them away.
    pub no_trim: bool,
}

impl Limits {
    /// Anything goes.
    pub const NONE: Self = Self {
        max_length: None,
        min_length: None,
        range: None,
        pattern: None,
        values: &[],
        non_empty: false,
        no_trim: false,
    };
}

/// A type of the spec.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Kind {
    /// Text.
    String,
    /// Text in the form of a UUID without dashes.
    Uuid,
    /// True or false.
    Boolean,
    /// A number of 32 bits.
    Integer,
    /// A number of 64 bits.
    Long,
    /// A floating-point number.
    Double,
    /// A date and time.
    Timestamp,
    /// Any JSON value.
    Any,
    /// A list.
    List(&'static Kind),
    /// A map from text.
    Map(&'static Kind),
    /// A struct. A function, since types refer to each other.
    Record(fn() -> &'static Shape),
    /// One of several texts.
    Enum(fn() -> &'static EnumShape),
}

/// The shape of a record, as a function for [`Kind::Record`].
#[must_use]
pub fn shape<R: Record>() -> &'static Shape {
    R::SHAPE
}

/// What is known of an enum of the API.
#[derive(Debug)]
pub struct EnumShape {
    /// Its name in the spec.
    pub name: &'static str,
    /// Its values and the release each came with, in the order of the spec.
    pub values: &'static [(&'static str, Version)],
}

/// The value of a field, for reading.
#[derive(Clone, Copy)]
pub enum View<'a> {
    /// Not there: it is left out of JSON, and of a query string.
    Absent,
    /// True or false.
    Boolean(bool),
    /// A number without a fraction.
    Integer(i64),
    /// A number with one.
    Double(f64),
    /// Text.
    Text(&'a str),
    /// A date and time.
    Time(Timestamp),
    /// Any JSON value.
    Any(&'a serde_json::Value),
    /// A list.
    List(&'a dyn Items),
    /// A map from text.
    Map(&'a dyn Entries),
    /// A struct.
    Record(&'a dyn AnyRecord),
}

/// The elements of a list.
pub trait Items {
    /// How many there are.
    fn count(&self) -> usize;
    /// The element at `index`, which is below [`count`](Self::count).
    fn item(&self, index: usize) -> View<'_>;
}

/// The entries of a map.
pub trait Entries {
    /// How many there are.
    fn count(&self) -> usize;
    /// Calls `visit` for each entry, in the order of keys.
    fn visit<'a>(&'a self, visit: &mut dyn FnMut(&'a str, View<'a>));
}

/// What can stand in a field.
pub trait Value {
    /// The value, for reading.
    fn view(&self) -> View<'_>;
}

impl Value for String {
    fn view(&self) -> View<'_> {
        View::Text(self)
    }
}

impl Value for bool {
    fn view(&self) -> View<'_> {
        View::Boolean(*self)
    }
}

impl Value for i32 {
    fn view(&self) -> View<'_> {
        View::Integer(i64::from(*self))
    }
}

impl Value for i64 {
    fn view(&self) -> View<'_> {
        View::Integer(*self)
    }
}

impl Value for f64 {
    fn view(&self) -> View<'_> {
        View::Double(*self)
    }
}

impl Value for Timestamp {
    fn view(&self) -> View<'_> {
        View::Time(*self)
    }
}

impl Value for serde_json::Value {
    fn view(&self) -> View<'_> {
        View::Any(self)
    }
}

impl<T: Value> Value for Option<T> {
    fn view(&self) -> View<'_> {
        self.as_ref().map_or(View::Absent, Value::view)
    }
}

impl<T: Value> Value for Box<T> {
    fn view(&self) -> View<'_> {
        T::view(self)
    }
}

impl<T: Value> Value for Vec<T> {
    fn view(&self) -> View<'_> {
        View::List(self)
    }
}

impl<T: Value> Items for Vec<T> {
    fn count(&self) -> usize {
        self.len()
    }

    fn item(&self, index: usize) -> View<'_> {
        self[index].view()
    }
}

impl<T: Value> Value for BTreeMap<String, T> {
    fn view(&self) -> View<'_> {
        View::Map(self)
    }
}

impl<T: Value> Entries for BTreeMap<String, T> {
    fn count(&self) -> usize {
        self.len()
    }

    fn visit<'a>(&'a self, visit: &mut dyn FnMut(&'a str, View<'a>)) {
        for (key, value) in self {
            visit(key, value.view());
        }
    }
}

/// The value of a field, for reading: [`Value::view`] as a function.
#[inline]
pub fn view<T: Value>(value: &T) -> View<'_> {
    value.view()
}

/// Reads a value into a field. `false`, and the field as it was, for null.
///
/// # Errors
///
/// When the value does not fit.
pub fn put<'de, T: Decode, D: Deserializer<'de>>(field: &mut T, value: D) -> Result<bool, D::Error> {
    match T::decode(value)? {
        Some(value) => {
            *field = value;
            Ok(true)
        }
        None => Ok(false),
    }
}

/// Reads and forgets a value: what [`Record::set`] does with an index beyond
/// its table.
///
/// # Errors
///
/// When it is no value.
pub fn skip<'de, D: Deserializer<'de>>(value: D) -> Result<bool, D::Error> {
    decode::ignore(value).map(|()| false)
}

//! Generates values of any type from its table.

use proptest::prelude::*;
use serde_json::{Map, Value, json};
use zstack_runtime::query::{Condition, Operator, Query};
use zstack_runtime::record::{Field, Kind, Limits, Place, Record as _, Shape};
use zstack_runtime::{Request, Timestamp};

/// The maximum nesting of lists, maps and records; types may refer to themselves.
const DEPTH: u32 = 4;

/// Generates valid records of a table, as JSON: required fields always, optional ones sometimes.
pub fn record(shape: &'static Shape) -> BoxedStrategy<Value> {
    record_within(shape, Extent { depth: DEPTH, full: false })
}

/// Generates records with every field and with items in every list and map, up to the maximum
/// nesting.
pub fn full_record(shape: &'static Shape) -> BoxedStrategy<Value> {
    record_within(shape, Extent { depth: DEPTH, full: true })
}

/// Generates answers of an operation, as JSON: records of its response, changed by [`successful`].
pub fn answer<R: Request>() -> BoxedStrategy<Value> {
    record(R::Response::SHAPE).prop_map(successful::<R>).boxed()
}

/// Changes an answer so that a client accepts it as a success: `success` is not false, and the
/// answer to a query lists or counts something.
#[must_use]
pub fn successful<R: Request>(mut answer: Value) -> Value {
    let Value::Object(fields) = &mut answer else { return answer };
    if let Some(success @ Value::Bool(false)) = fields.get_mut("success") {
        *success = Value::Bool(true);
    }
    let list = R::Response::SHAPE.fields.iter().find(|field| matches!(field.kind, Kind::List(_)));
    if let Some(list) = list.filter(|_| R::OPERATION.is_query() && fields.is_empty()) {
        fields.insert(list.name.to_owned(), json!([]));
    }
    answer
}

/// The extent of optional elements.
#[derive(Clone, Copy)]
struct Extent {
    /// The remaining nesting.
    depth: u32,
    /// True if all optional elements are present.
    full: bool,
}

impl Extent {
    fn below(self) -> Self {
        Self { depth: self.depth.saturating_sub(1), ..self }
    }
}

fn record_within(shape: &'static Shape, extent: Extent) -> BoxedStrategy<Value> {
    let mut record = Just(Map::new()).boxed();
    for field in shape.fields {
        if extent.depth == 0 && !field.required {
            continue;
        }
        let value = self::field(field, extent.below());
        let value = if field.required || extent.full {
            value.prop_map(Some).boxed()
        } else {
            proptest::option::of(value).boxed()
        };
        record = (record, value)
            .prop_map(|(mut record, value)| {
                if let Some(value) = value {
                    record.insert(field.name.to_owned(), value);
                }
                record
            })
            .boxed();
    }
    record.prop_map(Value::Object).boxed()
}

/// Generates values of a field.
fn field(field: &'static Field, extent: Extent) -> BoxedStrategy<Value> {
    match field.kind {
        Kind::List(_) if (field.name, field.place) == (Query::Q.name, Query::Q.place) => {
            proptest::collection::vec(condition(), 1..4).prop_map(Value::from).boxed()
        }
        // A query string cannot represent empty lists, and empty lists of tags are dropped.
        Kind::List(item) => {
            let least = usize::from(field.place != Place::Body || field.limits.non_empty || extent.full);
            proptest::collection::vec(value(*item, field.limits, field.place, extent), least..4)
                .prop_map(Value::from)
                .boxed()
        }
        Kind::Map(item) => {
            let key = if field.place == Place::Query { "[a-zA-Z0-9_]{1,8}" } else { "\\PC{0,8}" };
            let least = usize::from(field.place == Place::Query || field.limits.non_empty || extent.full);
            proptest::collection::btree_map(key, value(*item, field.limits, field.place, extent), least..4)
                .prop_map(|map| Value::Object(map.into_iter().collect()))
                .boxed()
        }
        kind => value(kind, field.limits, field.place, extent),
    }
}

fn value(kind: Kind, limits: &Limits, place: Place, extent: Extent) -> BoxedStrategy<Value> {
    match kind {
        Kind::Integer | Kind::Long if !limits.values.is_empty() => {
            let numbers: Vec<i64> = limits.values.iter().filter_map(|value| value.parse().ok()).collect();
            proptest::sample::select(numbers).prop_map(Value::from).boxed()
        }
        Kind::String => text(limits, place),
        Kind::Uuid => "[0-9a-f]{12}[1-5][0-9a-f]{3}[89ab][0-9a-f]{15}".prop_map(Value::from).boxed(),
        Kind::Boolean => any::<bool>().prop_map(Value::from).boxed(),
        Kind::Integer => {
            // A range may exceed the type.
            let (low, high) = limits.range.unwrap_or((i64::MIN, i64::MAX));
            (low.max(i32::MIN.into())..=high.min(i32::MAX.into())).prop_map(Value::from).boxed()
        }
        Kind::Long => {
            let (low, high) = limits.range.unwrap_or((i64::MIN, i64::MAX));
            (low..=high).prop_map(Value::from).boxed()
        }
        Kind::Double if limits.range.is_some() => {
            let (low, high) = limits.range.unwrap_or_default();
            (low as f64..=high as f64).prop_map(Value::from).boxed()
        }
        Kind::Double => any::<f64>()
            .prop_filter("JSON has no other numbers", |number| number.is_finite())
            .prop_map(Value::from)
            .boxed(),
        Kind::Timestamp => timestamp(),
        // A query string has texts only.
        Kind::Any if matches!(place, Place::Path | Place::Query) => "\\PC{0,8}".prop_map(Value::from).boxed(),
        Kind::Any => {
            prop_oneof![any::<i32>().prop_map(Value::from), "\\PC{0,8}".prop_map(Value::from)].boxed()
        }
        Kind::List(item) => {
            let least = usize::from(place == Place::Query || extent.full);
            proptest::collection::vec(value(*item, limits, place, extent), least..3)
                .prop_map(Value::from)
                .boxed()
        }
        Kind::Map(item) => {
            let least = usize::from(extent.full);
            proptest::collection::btree_map("\\PC{0,8}", value(*item, limits, place, extent), least..3)
                .prop_map(|map| Value::Object(map.into_iter().collect()))
                .boxed()
        }
        Kind::Record(shape) => record_within(shape(), extent),
        Kind::Enum(shape) => {
            let names: Vec<&str> = shape().values.iter().map(|(name, _)| *name).collect();
            proptest::sample::select(names).prop_map(Value::from).boxed()
        }
        _ => Just(json!(null)).boxed(),
    }
}

/// Generates texts that are not changed in transit: the platform trims whitespace, and path
/// segments are neither empty nor dots.
fn text(limits: &Limits, place: Place) -> BoxedStrategy<Value> {
    if !limits.values.is_empty() {
        return proptest::sample::select(limits.values).prop_map(Value::from).boxed();
    }
    let (least, most) = (limits.min_length.unwrap_or(0), limits.max_length.unwrap_or(40).min(40));
    let least = if place == Place::Path || limits.non_empty { least.max(1) } else { least };
    // Lengths count UTF-16 units, of which a character may have two.
    let character = if most - least < 8 { "[!-~]" } else { "\\PC" };
    proptest::string::string_regex(&format!("{character}{{{least},{most}}}"))
        .map_or_else(|_| Just(String::new()).boxed(), Strategy::boxed)
        .prop_filter("unchanged in transit", move |text| {
            let dots = place == Place::Path && matches!(text.as_str(), "." | "..");
            let units = text.encode_utf16().count();
            !dots && text.trim() == text && units <= most as usize && units >= least as usize
        })
        .prop_map(Value::from)
        .boxed()
}

/// Generates conditions of a query.
fn condition() -> BoxedStrategy<Value> {
    let field = "[a-zA-Z_][a-zA-Z0-9_.]{0,8}";
    let operator = proptest::sample::select(Operator::ALL.as_slice());
    // Surrounding whitespace would be trimmed.
    (field, operator, "[!-~]{0,8}")
        .prop_map(|(field, operator, value)| Condition::new(&field, operator, value).to_string().into())
        .boxed()
}

fn timestamp() -> BoxedStrategy<Value> {
    (1..=9999_i16, 1..=12_i8, 1..=28_i8, 0..24_i8, 0..60_i8, 0..60_i8)
        .prop_map(|(year, month, day, hour, minute, second)| {
            format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")
        })
        .prop_map(|text| text.parse::<Timestamp>().unwrap_or_default().to_string().into())
        .boxed()
}

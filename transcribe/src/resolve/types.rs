//! From the type that a page prints to the type in the spec.

use zstack_model::Type;
use zstack_vocabulary::Timestamp;

use crate::json::{Sample, number};
use crate::page::Field;
use crate::words::{TAGS, spec_type};

/// The meaning of a printed type.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum PrintedType {
    /// A type of the spec, as a whole.
    Whole(Type),
    /// A list, with its element if the page prints one: `List<String>`.
    List(Option<Box<Self>>),
    /// A data type, by its name.
    Named(String),
}

/// Reads a printed type.
pub(crate) fn read(text: &str) -> PrintedType {
    let text = text.trim().trim_end_matches(['?', ';']);
    if let Some((outer, inner)) =
        text.split_once('<').and_then(|(outer, rest)| Some((outer, rest.strip_suffix('>')?)))
    {
        let outer = outer.rsplit('.').next().unwrap_or(outer);
        return match spec_type(outer) {
            Some("List") if inner != "?" => PrintedType::List(Some(Box::new(read(inner)))),
            Some("List") => PrintedType::List(None),
            _ => PrintedType::Whole(map(inner.split_once(',').map_or("", |(_, value)| value.trim()))),
        };
    }
    if let Some(element) = text.strip_suffix("[]") {
        return PrintedType::List(Some(Box::new(read(element))));
    }
    let word = text.rsplit(['.', '$']).next().unwrap_or(text);
    match spec_type(word) {
        Some("List") => PrintedType::List(None),
        Some("Map<String,Any>") => PrintedType::Whole(map("")),
        Some("Boolean") => PrintedType::Whole(Type::Boolean),
        Some("Integer") => PrintedType::Whole(Type::Integer),
        Some("Long") => PrintedType::Whole(Type::Long),
        Some("Double") => PrintedType::Whole(Type::Double),
        Some("Timestamp") => PrintedType::Whole(Type::Timestamp),
        Some("Any") => PrintedType::Whole(Type::Any),
        Some(_) => PrintedType::Whole(Type::String),
        None => PrintedType::Named(word.to_owned()),
    }
}

fn map(value: &str) -> Type {
    let value = match spec_type(value) {
        Some("String") => Type::String,
        Some("Integer") => Type::Integer,
        Some("Long") => Type::Long,
        Some("Boolean") => Type::Boolean,
        _ => Type::Any,
    };
    Type::Map(Box::new(value))
}

/// The element of a list whose elements have no fields, and whether it had to be guessed.
pub(crate) fn element(name: &str, sample: Option<&Sample>) -> (Type, bool) {
    let is_text = TAGS.contains(&name)
        || ["Uuids", "UuidList", "Tags", "Names", "Ips"].iter().any(|end| name.ends_with(end))
        || name == "uuids";
    if is_text {
        return (Type::String, false);
    }
    match sample {
        Some(Sample::List(items)) => match items.first() {
            Some(item) => (of_sample(item), false),
            None => (Type::Any, true),
        },
        _ => (Type::Any, true),
    }
}

/// The type of a value that no table describes.
pub(crate) fn of_sample(sample: &Sample) -> Type {
    match sample {
        Sample::Null => Type::Any,
        Sample::Boolean(_) => Type::Boolean,
        Sample::Number(text) => match number(text).as_i64() {
            Some(value) if i32::try_from(value).is_ok() => Type::Integer,
            Some(_) => Type::Long,
            None => Type::Double,
        },
        Sample::Text(text) if Timestamp::is_canonical(text) => Type::Timestamp,
        Sample::Text(_) => Type::String,
        Sample::List(items) => Type::List(Box::new(items.first().map_or(Type::Any, of_sample))),
        Sample::Object(_) => Type::Any,
    }
}

/// The row of a value that no table describes: without a type, which the value gives.
pub(crate) fn row_of_sample(name: &str, sample: &Sample, line: usize, depth: usize) -> Field {
    let fields = match sample.element() {
        Some(Sample::Object(fields)) if !fields.is_empty() && depth > 0 => {
            let row = |(name, value): &(String, Sample)| row_of_sample(name, value, line, depth - 1);
            let is_name = |(name, _): &&(String, Sample)| zstack_model::names::is_wire_name(name);
            Some(fields.iter().filter(is_name).map(row).collect())
        }
        _ => None,
    };
    Field { name: name.to_owned(), fields, line, ..Field::default() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::read_text;

    #[test]
    fn printed_types() {
        for (text, ty) in [
            ("long", PrintedType::Whole(Type::Long)),
            ("LinkedHashMap", PrintedType::Whole(Type::Map(Box::new(Type::Any)))),
            ("Map<String, String>", PrintedType::Whole(Type::Map(Box::new(Type::String)))),
            ("List", PrintedType::List(None)),
            ("List<String>", PrintedType::List(Some(Box::new(PrintedType::Whole(Type::String))))),
            ("ZoneInventory", PrintedType::Named("ZoneInventory".to_owned())),
        ] {
            assert_eq!(read(text), ty, "{text}");
        }
    }

    #[test]
    fn elements_of_lists() {
        let sample = read_text("[1.0]");
        assert_eq!(element("hostUuids", None), (Type::String, false));
        assert_eq!(element("sizes", sample.as_ref()), (Type::Integer, false));
        assert_eq!(element("sizes", None), (Type::Any, true));
    }

    #[test]
    fn dates_in_samples_are_timestamps() {
        let of_text = |text: &str| of_sample(&Sample::Text(text.to_owned()));
        assert_eq!(of_text("Nov 14, 2017 10:20:57 PM"), Type::Timestamp);
        assert_eq!(of_text("Nov 14, 2017"), Type::String);
    }
}

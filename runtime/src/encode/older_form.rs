//! Scalars in the form of an earlier type of their field.

use crate::record::{Field, Kind, View};

/// Returns the JSON of a value as an earlier row of its field writes it; `None` if it is the same
/// as now, or the earlier type cannot represent it.
pub(super) fn older_form(field: &Field, row: &Field, value: View<'_>) -> Option<String> {
    if std::ptr::eq(field, row) {
        return None;
    }
    match (row.kind, value) {
        (Kind::String | Kind::Uuid | Kind::Enum(_), View::Boolean(value)) => Some(format!("\"{value}\"")),
        (Kind::String | Kind::Uuid | Kind::Enum(_), View::Integer(value)) => Some(format!("\"{value}\"")),
        (Kind::String | Kind::Uuid | Kind::Enum(_), View::Double(value)) => Some(format!("\"{value}\"")),
        (Kind::Boolean, View::Text(text)) => text.parse::<bool>().ok().map(|value| value.to_string()),
        (Kind::Integer, View::Text(text)) => text.parse::<i32>().ok().map(|value| value.to_string()),
        (Kind::Long, View::Text(text)) => text.parse::<i64>().ok().map(|value| value.to_string()),
        (Kind::Double, View::Text(text)) => {
            let number = text.parse::<f64>().ok().filter(|number| number.is_finite());
            number.map(|number| number.to_string())
        }
        (Kind::Integer | Kind::Long, View::Double(value)) if value.fract() == 0.0 => {
            let integer = value as i64;
            (integer as f64 == value).then(|| integer.to_string())
        }
        _ => None,
    }
}

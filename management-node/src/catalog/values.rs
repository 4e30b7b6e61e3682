//! Values in resource files, and their types.

use serde_json::{Map, Number, Value};
use zstack_model::yaml::{Content, Node, Style};
use zstack_model::{Field, Type};

use super::index::{Record, Spec};
use super::problem::{Reporter, Spanned, list};
use super::reader::{ConditionForm, ValueForm};

/// Converts a node to JSON. Of duplicate keys, the last one counts.
fn to_json(node: &Node) -> Value {
    match &node.content {
        Content::Scalar { text, style: Style::Plain } => plain(text, node.is_null()),
        Content::Scalar { text, .. } => Value::String(text.clone()),
        Content::List(items) => Value::Array(items.iter().map(to_json).collect()),
        Content::Mapping(entries) => {
            Value::Object(entries.iter().map(|entry| (entry.key.clone(), to_json(&entry.value))).collect())
        }
    }
}

fn plain(text: &str, is_null: bool) -> Value {
    if is_null {
        return Value::Null;
    }
    match text {
        "true" => Value::Bool(true),
        "false" => Value::Bool(false),
        _ => {
            let number = text.parse::<i64>().map(Number::from).ok();
            let number = number.or_else(|| text.parse().ok().and_then(Number::from_f64));
            // `inf` and `nan` are not numbers of JSON.
            number.map_or_else(|| Value::String(text.to_owned()), Value::Number)
        }
    }
}

/// Resolves the values of fields. `allow_null` allows null, which removes a field.
pub(super) fn resolve(
    forms: &[ValueForm],
    allow_null: bool,
    record: &Record<'_>,
    spec: &Spec<'_>,
    reporter: Reporter<'_>,
) -> Map<String, Value> {
    let mut values = Map::new();
    for form in forms {
        let Some(field) = find_field(&form.field, record, reporter) else { continue };
        let value = to_json(&form.value);
        if !(allow_null && value.is_null()) && check(&form.value, &value, field, spec, reporter).is_none() {
            continue;
        }
        values.insert(form.field.value.clone(), value);
    }
    values
}

/// Resolves the values that fields may have.
pub(super) fn conditions(
    forms: &[ConditionForm],
    record: &Record<'_>,
    spec: &Spec<'_>,
    reporter: Reporter<'_>,
) -> Vec<(String, Vec<String>)> {
    let condition = |(field, allowed): &ConditionForm| {
        let field = find_field(field, record, reporter)?;
        if let Some(known) = spec.allowed_texts(field) {
            for value in allowed {
                check_text(value, &field.name, &known, reporter);
            }
        }
        Some((field.name.clone(), allowed.iter().map(|value| value.value.clone()).collect()))
    };
    forms.iter().filter_map(condition).collect()
}

/// Finds a field of a record, or reports that there is none.
pub(super) fn find_field<'m>(
    name: &Spanned<String>,
    record: &Record<'m>,
    reporter: Reporter<'_>,
) -> Option<&'m Field> {
    let field = record.field(&name.value);
    if field.is_none() {
        let message = format!("{} has no field `{}`", record.name, name.value);
        reporter.unknown("unknown-field", name, message, record.field_names());
    }
    field
}

/// Finds a resource by name, or reports that there is none.
pub(super) fn find_resource<'m>(
    name: &Spanned<String>,
    spec: &Spec<'m>,
    reporter: Reporter<'_>,
) -> Option<&'m str> {
    let found = spec.records.get_key_value(&*name.value).map(|(name, _)| *name);
    if found.is_none() {
        let message = format!("no data type of the spec describes the resource `{}`", name.value);
        reporter.unknown("unknown-resource", name, message, spec.records.keys().copied());
    }
    found
}

/// Checks that a value has the type of a field.
fn check(node: &Node, value: &Value, field: &Field, spec: &Spec<'_>, reporter: Reporter<'_>) -> Option<()> {
    if let (Some(allowed), Value::String(text)) = (spec.allowed_texts(field), value) {
        let name = Spanned { value: text.clone(), span: node.span };
        return check_text(&name, &field.name, &allowed, reporter);
    }
    if fits(value, &field.ty, spec) {
        return Some(());
    }
    let shown =
        if value.is_array() || value.is_object() { String::new() } else { format!("; got `{value}`") };
    let message = format!("`{}` must be {}{shown}", field.name, describe(&field.ty, spec));
    reporter.add("wrong-type", node.head(), message, None);
    None
}

/// Checks that a text is one of the allowed values of a field.
pub(super) fn check_text(
    text: &Spanned<String>,
    field: &str,
    allowed: &[&str],
    reporter: Reporter<'_>,
) -> Option<()> {
    if allowed.contains(&&*text.value) {
        return Some(());
    }
    let message = format!("`{}` is not a value of `{field}`", text.value);
    let help = format!("allowed: {}", list(allowed.iter().copied()));
    reporter.add("unknown-value", text.span, message, help);
    None
}

/// Returns whether a value has a type. The fields of records are not checked.
fn fits(value: &Value, ty: &Type, spec: &Spec<'_>) -> bool {
    match ty {
        Type::String | Type::Uuid | Type::Timestamp => value.is_string(),
        Type::Boolean => value.is_boolean(),
        Type::Integer => value.as_i64().is_some_and(|number| i32::try_from(number).is_ok()),
        Type::Long => value.is_i64(),
        Type::Double => value.is_number(),
        Type::Any => true,
        Type::List(item) => {
            value.as_array().is_some_and(|items| items.iter().all(|value| fits(value, item, spec)))
        }
        Type::Map(item) => {
            value.as_object().is_some_and(|values| values.values().all(|value| fits(value, item, spec)))
        }
        Type::Named(_) if spec.model.is_scalar(ty) => value.is_string(),
        Type::Named(_) => value.is_object(),
    }
}

fn describe(ty: &Type, spec: &Spec<'_>) -> String {
    match ty {
        Type::String => "a text".to_owned(),
        Type::Uuid => "a UUID".to_owned(),
        Type::Timestamp => "a time".to_owned(),
        Type::Boolean => "`true` or `false`".to_owned(),
        Type::Integer => "an integer of 32 bits".to_owned(),
        Type::Long => "an integer".to_owned(),
        Type::Double => "a number".to_owned(),
        Type::Any => "a value".to_owned(),
        Type::List(_) | Type::Map(_) => format!("of the type `{ty}`"),
        Type::Named(name) if spec.model.is_scalar(ty) => format!("a value of `{name}`"),
        Type::Named(name) => format!("an object of the type `{name}`"),
    }
}

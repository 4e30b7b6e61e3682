//! Values of parameters.

use std::net::IpAddr;

use serde_json::{Value, json};
use zstack_model::{Field, Type, TypeShape};

use crate::performed::model;

/// Chooses a value like the example, which differs from the present one and from those with other serial numbers.
pub(super) fn choose(field: &Field, example: &Value, present: Option<&Value>, serial: u64) -> Value {
    let limits = &field.constraints;
    let is_new = |value: &&Value| Some(*value) != present && Some(*value) != field.default.as_ref();
    if let (Type::Named(name), Value::String(_)) = (&field.ty, example)
        && let TypeShape::Enum { values } = &model().data_type(name).unwrap().shape
    {
        let values: Vec<_> = values.iter().map(|value| Value::from(&*value.name)).collect();
        return values.iter().find(is_new).unwrap_or(example).clone();
    }
    if !limits.values.is_empty() {
        let is_number = !matches!(field.ty, Type::String | Type::List(_));
        let value = |text: &String| {
            if is_number { serde_json::from_str(text).unwrap() } else { Value::from(text.as_str()) }
        };
        let values: Vec<_> = limits.values.iter().filter(|text| !text.is_empty()).map(value).collect();
        return match example {
            Value::Array(_) => json!([values[0]]),
            _ => values.iter().find(is_new).unwrap_or(example).clone(),
        };
    }
    match (&field.ty, example) {
        (Type::Boolean, _) => [json!(true), json!(false)].iter().find(is_new).unwrap().clone(),
        (Type::Integer | Type::Long | Type::Double, Value::Number(number)) => {
            let (low, high) = limits.range.unwrap_or((0, i64::MAX));
            let number = number.as_i64().unwrap_or(1).saturating_add(i64::try_from(serial).unwrap());
            let number = if number > high { low + (number - low) % (high - low + 1) } else { number };
            if field.ty == Type::Double { json!(number as f64) } else { json!(number) }
        }
        (_, Value::String(text)) => {
            let is_free = limits.pattern.is_none() && limits.java_pattern.is_none();
            let varied = if is_free { vary(text, serial) } else { format!("{text}{serial}") };
            let is_short = limits.max_length.is_none_or(|most| varied.len() <= most as usize);
            if is_short { varied.into() } else { example.clone() }
        }
        _ => example.clone(),
    }
}

/// Returns a similar text.
fn vary(text: &str, serial: u64) -> String {
    let address = |text: &str| match text.parse() {
        Ok(IpAddr::V4(ip)) => {
            let [a, b, _, d] = ip.octets();
            Some(format!("{a}.{b}.{serial}.{d}"))
        }
        _ => None,
    };
    if let Some((network, length)) = text.split_once('/')
        && let Some(network) = address(network)
    {
        return format!("{network}/{length}");
    }
    address(text).unwrap_or_else(|| format!("{text}-{serial}"))
}

//! Values of parameters that become fields.

use serde_json::{Map, Value};

use super::{Parameters, texts};
use crate::catalog::{Action, Assignment, Conversion};
use crate::rules::errors::{self, Verdict};

/// The fields that parameters give, with their values.
pub(crate) fn field_values<'a>(
    action: &'a Action,
    parameters: &Parameters,
) -> impl Iterator<Item = Verdict<(&'a str, Value)>> {
    action.assignments.iter().filter_map(|assignment| {
        let value = parameters.get(&assignment.parameter)?;
        Some(convert(assignment, value).map(|value| (assignment.field.as_str(), value)))
    })
}

fn convert(assignment: &Assignment, value: &Value) -> Verdict<Value> {
    let parameter = &assignment.parameter;
    Ok(match (&assignment.conversion, value) {
        (Conversion::FromJson, Value::String(text)) => serde_json::from_str::<Map<_, _>>(text)
            .map_err(|error| {
                errors::invalid_argument(format!("[{parameter}] is not a JSON object: {error}; correct it."))
            })?
            .into(),
        (Conversion::ToJson, value) => value.to_string().into(),
        (Conversion::State(states), Value::String(event)) => match states.get(event) {
            Some(state) => state.as_str().into(),
            None => {
                let known: Vec<_> = states.keys().map(String::as_str).collect();
                return Err(errors::unknown_event(parameter, event, &known));
            }
        },
        (Conversion::Records(field), value) => {
            let record = |text: &str| Value::Object(Map::from_iter([(field.clone(), text.into())]));
            texts(Some(value)).map(record).collect()
        }
        (_, value) => value.clone(),
    })
}

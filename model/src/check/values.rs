//! Checks of example values against types and constraints.

use serde_json::{Map, Number, Value};
use zstack_vocabulary::{Timestamp, is_uuid, whole_pattern};

use crate::diagnostics::{ExampleProblem, nearest};
use crate::findings::At;
use crate::model::{Constraints, DataType, Field, Model, Type, TypeShape, Version};
use crate::positions::Path;

/// The parts of a spec that determine which values are valid.
pub(crate) trait Types<'a> {
    /// Finds a data type by name.
    fn data_type(&self, name: &str) -> Option<&'a DataType>;

    /// The fields of a record, including inherited ones.
    fn fields(&self, ty: &'a DataType) -> Vec<&'a Field>;

    /// The fields of every response.
    fn envelope(&self) -> &'a [Field];

    /// Returns whether one version is older than another.
    fn is_older(&self, one: &Version, other: &Version) -> bool;
}

impl<'a> Types<'a> for &'a Model {
    fn data_type(&self, name: &str) -> Option<&'a DataType> {
        Model::data_type(self, name)
    }

    fn fields(&self, ty: &'a DataType) -> Vec<&'a Field> {
        Model::fields(self, ty)
    }

    fn envelope(&self) -> &'a [Field] {
        &self.service.envelope
    }

    fn is_older(&self, one: &Version, other: &Version) -> bool {
        one < other
    }
}

/// Checks the values of one example.
pub(super) struct Values<'s, T> {
    pub(super) types: &'s T,
    /// The release of the example, if it is known.
    pub(super) release: Option<&'s Version>,
    pub(super) problems: Vec<(At, ExampleProblem)>,
}

/// The allowed fields of an object.
pub(super) struct Record<'r> {
    pub(super) fields: Vec<&'r Field>,
    /// The owner of the fields, for messages.
    pub(super) owner: String,
    /// True if all required fields must be present.
    pub(super) complete: bool,
}

impl<'a, T: Types<'a>> Values<'_, T> {
    /// Checks an object with the given fields.
    pub(super) fn record(&mut self, map: &Map<String, Value>, record: &Record<'_>, at: &Path) {
        for (name, value) in map {
            let path = at.key(name.clone());
            match record.fields.iter().find(|field| field.name == *name) {
                Some(field) => {
                    self.check_since(&field.name, &field.since, At::key(path.clone()));
                    self.field(value, field, &path);
                }
                None => {
                    let known = record.fields.iter().map(|field| field.name.as_str());
                    let problem = ExampleProblem::UnknownField {
                        name: name.clone(),
                        owner: record.owner.clone(),
                        suggestion: nearest(name, known),
                    };
                    self.problems.push((At::key(path), problem));
                }
            }
        }
        for field in record.fields.iter().filter(|field| field.required && record.complete) {
            // The platform treats null as absent.
            if !self.has(field) || map.get(&field.name).is_some_and(|value| !value.is_null()) {
                continue;
            }
            let (name, owner) = (field.name.clone(), record.owner.clone());
            self.report(at, ExampleProblem::MissingRequired { name, owner });
        }
    }

    /// Returns whether the release of the example has a field.
    fn has(&self, field: &Field) -> bool {
        let has = |release: &Version| field.since <= *release && !field.retirement.is_removed_in(release);
        self.release.is_none_or(has)
    }

    /// Reports an element that is newer than the release of the example.
    fn check_since(&mut self, name: &str, since: &Version, at: At) {
        let Some(release) = self.release.filter(|release| self.types.is_older(release, since)) else {
            return;
        };
        let problem = ExampleProblem::FromTheFuture {
            name: name.to_owned(),
            since: since.to_string(),
            release: release.to_string(),
        };
        self.problems.push((at, problem));
    }

    fn field(&mut self, value: &Value, field: &Field, at: &Path) {
        if value.is_null() {
            return;
        }
        self.value(value, &field.ty, at);
        for why in violations(value, &field.ty, &field.constraints) {
            self.report(at, ExampleProblem::Constraint { why });
        }
    }

    fn value(&mut self, value: &Value, ty: &Type, at: &Path) {
        match (ty, value) {
            (Type::Any, _)
            | (Type::String, Value::String(_))
            | (Type::Boolean, Value::Bool(_))
            | (Type::Double, Value::Number(_)) => {}
            (Type::Uuid, Value::String(text)) if !is_uuid(text) => {
                self.report(at, ExampleProblem::BadUuid { found: text.clone() });
            }
            (Type::Timestamp, Value::String(text)) if !Timestamp::is_canonical(text) => {
                self.report(at, ExampleProblem::TimestampForm { found: text.clone() });
            }
            (Type::Uuid | Type::Timestamp, Value::String(_)) => {}
            (Type::Integer | Type::Long, Value::Number(number)) => self.integer(number, ty, at),
            (Type::List(inner), Value::Array(items)) => {
                for (nth, item) in items.iter().enumerate() {
                    self.value(item, inner, &at.index(nth));
                }
            }
            (Type::Map(inner), Value::Object(map)) => {
                for (key, item) in map.iter().filter(|(_, item)| !item.is_null()) {
                    self.value(item, inner, &at.key(key.clone()));
                }
            }
            (Type::Named(name), value) => {
                // An unknown name has been reported at the field.
                if let Some(data_type) = self.types.data_type(name) {
                    self.named_value(value, data_type, at);
                }
            }
            _ => self.mismatch(value, ty, at),
        }
    }

    fn integer(&mut self, number: &Number, ty: &Type, at: &Path) {
        /// Larger than any `Long`.
        const LARGE: f64 = 9.3e18;
        let found = number.to_string();
        let fits = |integer: i64| *ty == Type::Long || i32::try_from(integer).is_ok();
        let float = number.as_f64().filter(|f64| number.is_f64() && f64.abs() < LARGE);
        if let Some(float) = float {
            let whole = (float.fract() == 0.0).then(|| format!("{float:.0}"));
            self.report(at, ExampleProblem::NumberForm { found, whole });
        } else if !number.as_i64().is_some_and(fits) {
            let ty = ty.to_string();
            self.report(at, ExampleProblem::TypeMismatch { ty, found, is_too_large: true });
        }
    }

    fn named_value(&mut self, value: &Value, data_type: &'a DataType, at: &Path) {
        match (&data_type.shape, value) {
            (TypeShape::Record { .. }, Value::Object(map)) => {
                let record = Record {
                    fields: self.types.fields(data_type),
                    owner: format!("`{}`", data_type.name),
                    complete: true,
                };
                self.record(map, &record, at);
            }
            (TypeShape::Enum { values }, Value::String(text)) => {
                if let Some(value) = values.iter().find(|value| value.name == *text) {
                    self.check_since(text, &value.since, At::value(at.clone()));
                } else {
                    let known = values.iter().map(|value| value.name.as_str());
                    let problem = ExampleProblem::UnknownValue {
                        found: text.clone(),
                        ty: data_type.name.clone(),
                        suggestion: nearest(text, known),
                    };
                    self.report(at, problem);
                }
            }
            _ => self.mismatch(value, &Type::Named(data_type.name.clone()), at),
        }
    }

    fn mismatch(&mut self, value: &Value, ty: &Type, at: &Path) {
        let ty = ty.to_string();
        self.report(at, ExampleProblem::TypeMismatch { ty, found: describe(value), is_too_large: false });
    }

    fn report(&mut self, at: &Path, problem: ExampleProblem) {
        self.problems.push((At::value(at.clone()), problem));
    }
}

fn describe(value: &Value) -> String {
    match value {
        Value::Null => "`null`".to_owned(),
        Value::Bool(it) => format!("`{it}`"),
        Value::Number(it) => format!("the number `{it}`"),
        Value::String(it) => format!("the text `{it}`"),
        Value::Array(_) => "a list".to_owned(),
        Value::Object(_) => "a mapping".to_owned(),
    }
}

/// Describes the constraints that a value violates.
pub fn violations(value: &Value, ty: &Type, constraints: &Constraints) -> Vec<String> {
    let mut broken = Vec::new();
    match (ty, value) {
        (Type::String | Type::Uuid, Value::String(text)) => {
            of_text(text, constraints, &mut broken);
        }
        (Type::Integer | Type::Long | Type::Double, Value::Number(number)) => {
            of_number(number, constraints, &mut broken);
        }
        (Type::List(_), Value::Array(items)) if constraints.non_empty && items.is_empty() => {
            broken.push("the list must not be empty".to_owned());
        }
        (Type::List(inner), Value::Array(items)) => {
            // `nonEmpty` applies to the list, other constraints to its elements.
            let of_element = Constraints { non_empty: false, ..constraints.clone() };
            broken.extend(items.iter().flat_map(|item| violations(item, inner, &of_element)));
        }
        (Type::Map(_), Value::Object(map)) if constraints.non_empty && map.is_empty() => {
            broken.push("the map must not be empty".to_owned());
        }
        _ => {}
    }
    broken
}

fn of_text(text: &str, constraints: &Constraints, broken: &mut Vec<String>) {
    let length = text.encode_utf16().count();
    let fits = |limit: u32| usize::try_from(limit).is_ok_and(|limit| length <= limit);
    if let Some(most) = constraints.max_length.filter(|most| !fits(*most)) {
        broken.push(format!("the text has {length} characters; the maximum is {most}"));
    }
    if let Some(least) = constraints.min_length.filter(|least| *least > 0 && fits(*least - 1)) {
        broken.push(format!("the text has {length} characters; the minimum is {least}"));
    }
    if constraints.non_empty && text.is_empty() {
        broken.push("the text must not be empty".to_owned());
    }
    of_values(text, constraints, broken);
    if let Some(pattern) = &constraints.pattern
        // An invalid pattern has been reported at the field.
        && whole_pattern(pattern).is_ok_and(|whole_pattern| !whole_pattern.is_match(text))
    {
        broken.push(format!("`{text}` does not match {pattern}"));
    }
}

fn of_values(text: &str, constraints: &Constraints, broken: &mut Vec<String>) {
    if !constraints.values.is_empty() && !constraints.values.iter().any(|value| value == text) {
        broken.push(format!("`{text}` is not one of {}", constraints.values.join(", ")));
    }
}

fn of_number(number: &Number, constraints: &Constraints, broken: &mut Vec<String>) {
    // 1.0 is the same number as 1.
    let is_same = |text: &str| text.parse().is_ok_and(|value: f64| number.as_f64() == Some(value));
    if !number.is_f64() || !constraints.values.iter().any(|value| is_same(value)) {
        of_values(&number.to_string(), constraints, broken);
    }
    let Some((lowest, highest)) = constraints.range else { return };
    let inside = match number.as_i64() {
        Some(it) => (lowest..=highest).contains(&it),
        None => number.as_f64().is_some_and(|number| number >= lowest as f64 && number <= highest as f64),
    };
    if !inside {
        broken.push(format!("{number} is not between {lowest} and {highest}"));
    }
}

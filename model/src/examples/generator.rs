//! Generates the values of an example.

use serde_json::{Map, Number, Value};

use super::choice::{self, is_scalar};
use super::no_example::{ExamplePart, NoExample};
use super::{GeneratedExample, NAME, nouns, numbers, pattern, texts};
use crate::check::example_problems;
use crate::check::values::violations;
use crate::diagnostics::ProblemKind;
use crate::model::{
    Constraints, DataType, Example, Field, Model, Operation, Retirement, Type, TypeShape, Version,
    query_parameters,
};
use crate::positions::Path;

/// The most values of an example; readers would not read more.
const VALUES: usize = 2000;

/// The most levels of nested values.
const DEPTH: usize = 32;

/// Generates the example of an operation.
pub(super) struct Generator<'a> {
    model: &'a Model,
    operation: &'a Operation,
    /// The newest release that has the operation, if releases are declared.
    release: Option<&'a Version>,
    noun: String,
    /// The number of values so far.
    values: usize,
    /// The newest release that added something in the example.
    since: Version,
    /// The oldest release that removes something in the example.
    removed: Option<Version>,
}

/// The place of a value.
struct Context<'c> {
    /// The noun of the resource that the value belongs to.
    noun: &'c str,
    /// The records that contain the value, outermost first.
    records: Vec<&'c str>,
    /// True if records show all scalar fields.
    in_detail: bool,
}

impl<'c> Context<'c> {
    fn top(noun: &'c str, in_detail: bool) -> Self {
        Self { noun, records: Vec::new(), in_detail }
    }
}

impl<'a> Generator<'a> {
    pub(super) fn new(model: &'a Model, operation: &'a Operation) -> Self {
        let releases = model.service.releases.iter().map(|release| &release.version);
        let has_operation =
            |version: &&Version| operation.since <= **version && !operation.retirement.is_removed_in(version);
        Self {
            model,
            operation,
            release: releases.filter(has_operation).max(),
            noun: nouns::of_operation(operation),
            values: 0,
            since: operation.since,
            removed: None,
        }
    }

    pub(super) fn example(mut self) -> Result<GeneratedExample, NoExample> {
        let request = self.request()?;
        let response = Value::Object(self.response()?);
        let newest = self.model.service.releases.iter().map(|release| &release.version).max();
        let since = self.release.filter(|release| Some(*release) != newest).cloned();
        let example = Example { name: NAME.to_owned(), since, request, status: 200, response };
        let problems = example_problems(&self.model, self.operation, &example, self.release, &Path::root());
        match problems.into_iter().next() {
            Some((_, problem)) => {
                Err(NoExample::new(&self.operation.name, ProblemKind::from(problem).text().message))
            }
            None => Ok(GeneratedExample { example, since: self.since, removed: self.removed }),
        }
    }

    fn request(&mut self) -> Result<Map<String, Value>, NoExample> {
        let operation = self.operation;
        let mut request = Map::new();
        for (index, parameter) in operation.parameters.iter().enumerate() {
            let field = &parameter.field;
            if field.required && self.has(&field.since, &field.retirement) {
                let value = self.top_value(field, false);
                let value = value.map_err(|error| error.at(ExamplePart::Parameter, index))?;
                request.insert(field.name.clone(), value);
            }
        }
        if operation.query {
            request.extend(self.conditions());
            return Ok(request);
        }
        let optional: Vec<_> = choice::parameters(self.model, operation);
        let values = optional.into_iter().map(|index| {
            let field = &operation.parameters[index].field;
            self.optional_value(field, |generator| generator.top_value(field, false))
        });
        request.extend(choice::first_successes(values));
        Ok(request)
    }

    /// The standard parameters of a query: a condition, and a limit.
    fn conditions(&mut self) -> Vec<(String, Value)> {
        let (model, operation) = (self.model, self.operation);
        let listed = nouns::listed_type(operation).and_then(|name| model.data_type(name));
        let fields = listed.map(|ty| model.fields(ty)).unwrap_or_default();
        let is_text = |field: &&&Field| matches!(field.ty, Type::String | Type::Uuid);
        let named = |name: &str| fields.iter().filter(is_text).find(|field| field.name == name).copied();
        let column = named("name").or_else(|| named("uuid")).and_then(|field| {
            let (name, value) = self.optional_value(field, |generator| generator.top_value(field, false))?;
            Some(("q", Value::from(vec![format!("{name}={}", value.as_str()?)])))
        });
        let parameters = query_parameters();
        let has = |name: &str| {
            let parameter = parameters.iter().find(|parameter| parameter.name == name);
            parameter.is_some_and(|parameter| self.has(&parameter.since, &parameter.retirement))
        };
        let limit = Some(("limit", Value::from(20)));
        let all = column.into_iter().chain(limit).filter(|(name, _)| has(name));
        all.map(|(name, value)| (name.to_owned(), value)).collect()
    }

    /// The fields of a successful response, without fields that every response may have.
    fn response(&mut self) -> Result<Map<String, Value>, NoExample> {
        let (model, operation) = (self.model, self.operation);
        let mut response = Map::new();
        for (index, field) in operation.response.iter().enumerate() {
            let is_shown = self.has(&field.since, &field.retirement);
            if field.required && is_shown {
                let value = self.top_value(field, true);
                let value = value.map_err(|error| error.at(ExamplePart::Response, index))?;
                response.insert(field.name.clone(), value);
            } else if is_shown && field.ty != Type::Any {
                response.extend(self.optional_value(field, |generator| generator.top_value(field, true)));
            }
        }
        for field in model.service.envelope.iter().filter(|field| field.required) {
            if self.has(&field.since, &field.retirement) {
                response.insert(field.name.clone(), self.top_value(field, false)?);
            }
        }
        Ok(response)
    }

    /// The value of a parameter or of a response field.
    fn top_value(&mut self, field: &'a Field, in_detail: bool) -> Result<Value, NoExample> {
        let noun = self.noun.clone();
        self.field(field, &Context::top(&noun, in_detail))
    }

    /// The name and the value of an optional field; `None` if it should not be shown, or if there is no value.
    /// Without one, the example is as if the field had not been tried.
    fn optional_value(
        &mut self,
        field: &'a Field,
        value: impl FnOnce(&mut Self) -> Result<Value, NoExample>,
    ) -> Option<(String, Value)> {
        if field.retirement.deprecated.is_some()
            || field.sensitive
            || !self.has(&field.since, &field.retirement)
        {
            return None;
        }
        let before = (self.values, self.since, self.removed);
        match value(self) {
            Ok(value) => Some((field.name.clone(), value)),
            Err(_) => {
                (self.values, self.since, self.removed) = before;
                None
            }
        }
    }

    /// Returns whether the release of the example has an element.
    fn has(&self, since: &Version, retirement: &Retirement) -> bool {
        self.release.is_none_or(|release| since <= release && !retirement.is_removed_in(release))
    }

    /// Records that the example uses an element.
    fn use_element(&mut self, since: &Version, retirement: &Retirement) {
        if *since > self.since {
            self.since = *since;
        }
        if let Some(removed) = &retirement.removed
            && self.removed.as_ref().is_none_or(|earliest| removed < earliest)
        {
            self.removed = Some(*removed);
        }
    }

    fn field(&mut self, field: &'a Field, context: &Context<'_>) -> Result<Value, NoExample> {
        let value = self.value(field, &field.ty, context)?;
        match violations(&value, &field.ty, &field.constraints).into_iter().next() {
            Some(why) => Err(NoExample::new(&field.name, why)),
            None => {
                self.use_element(&field.since, &field.retirement);
                Ok(value)
            }
        }
    }

    /// A value of a type for a field: its own type, or that of its elements.
    fn value(&mut self, field: &'a Field, ty: &'a Type, context: &Context<'_>) -> Result<Value, NoExample> {
        self.values += 1;
        if self.values > VALUES || context.records.len() > DEPTH {
            return Err(NoExample::new(&field.name, format!("the example needs more than {VALUES} values")));
        }
        Ok(match ty {
            Type::String | Type::Uuid => self.text(field, ty, context),
            Type::Boolean => scalar(field, ty, [true.into()]),
            Type::Integer | Type::Long => integer(field, ty),
            Type::Double => scalar(field, ty, [float(1.0), float(50.0)]),
            // As the wire writes it.
            Type::Timestamp => "Nov 14, 2017 10:20:57 PM".into(),
            Type::Any => Map::new().into(),
            Type::List(item) if self.is_within(item, context) => Value::Array(Vec::new()),
            Type::List(item) => vec![self.value(field, item, context)?].into(),
            Type::Map(item) if self.is_within(item, context) => Map::new().into(),
            Type::Map(item) => {
                Value::Object(Map::from_iter([("key".to_owned(), self.value(field, item, context)?)]))
            }
            Type::Named(name) => match self.model.data_type(name) {
                Some(ty) => self.named_value(field, ty, context)?,
                None => Value::Null,
            },
        })
    }

    /// Returns whether a type contains one of the records that contain the value.
    fn is_within(&self, ty: &Type, context: &Context<'_>) -> bool {
        ty.data_type_name().is_some_and(|name| context.records.contains(&name))
    }

    fn text(&self, field: &Field, ty: &Type, context: &Context<'_>) -> Value {
        let by_name = texts::candidates(&self.operation.name, context.noun, &field.name, ty);
        let by_name = by_name.into_iter().map(|text| texts::fit_length(text, &field.constraints));
        let by_pattern = field.constraints.pattern.iter().flat_map(|text| pattern::candidates(text));
        scalar(field, ty, by_name.chain(by_pattern).map(Value::from))
    }

    fn named_value(
        &mut self,
        field: &Field,
        ty: &'a DataType,
        context: &Context<'_>,
    ) -> Result<Value, NoExample> {
        let TypeShape::Enum { values } = &ty.shape else { return self.record(ty, context) };
        let present = || values.iter().filter(|value| self.has(&value.since, &value.retirement));
        let value =
            present().find(|value| value.retirement.deprecated.is_none()).or_else(|| present().next());
        let Some(value) = value else {
            return Err(NoExample::new(&field.name, format!("`{}` has no value", ty.name)));
        };
        self.use_element(&value.since, &value.retirement);
        Ok(value.name.clone().into())
    }

    /// A record with its required fields. In detail, it also has its optional scalar fields; otherwise the typical
    /// ones if none is required.
    fn record(&mut self, ty: &'a DataType, context: &Context<'_>) -> Result<Value, NoExample> {
        let noun = nouns::of_type(&ty.name);
        let mut records = context.records.clone();
        records.push(&ty.name);
        let inner = Context { noun: &noun, records, in_detail: false };
        let mut fields = self.model.fields(ty);
        fields.retain(|field| self.has(&field.since, &field.retirement));

        let mut record = Map::new();
        for field in fields.iter().filter(|field| field.required) {
            let value = self.field(field, &inner).map_err(|error| error.within(&field.name))?;
            record.insert(field.name.clone(), value);
        }
        if context.in_detail {
            for field in fields.iter().filter(|field| !field.required && is_scalar(self.model, &field.ty)) {
                record.extend(self.optional_value(field, |generator| generator.field(field, &inner)));
            }
        } else {
            let typical = choice::fields(self.model, &fields);
            let values = typical.into_iter().map(|index| {
                let field = fields[index];
                self.optional_value(field, |generator| generator.field(field, &inner))
            });
            record.extend(choice::first_successes(values));
        }
        Ok(record.into())
    }
}

/// The first value that satisfies the constraints of a field: an allowed one, its default, or one of the candidates.
/// If there is none, the first candidate.
fn scalar(field: &Field, ty: &Type, candidates: impl IntoIterator<Item = Value>) -> Value {
    // `nonEmpty` applies to a list, other constraints to its elements.
    let constraints = Constraints {
        non_empty: field.ty == *ty && field.constraints.non_empty,
        ..field.constraints.clone()
    };
    let allowed = field.constraints.values.iter().filter(|text| !text.is_empty());
    let allowed = allowed.filter_map(|text| parse(text, ty));
    let default = field.default.clone().filter(|default| field.ty == *ty && is_of_type(default, ty));
    let mut candidates = candidates.into_iter().peekable();
    let fallback = candidates.peek().cloned().unwrap_or_default();
    let mut all = allowed.chain(default).chain(candidates);
    all.find(|value| violations(value, ty, &constraints).is_empty()).unwrap_or(fallback)
}

fn integer(field: &Field, ty: &Type) -> Value {
    let (low, high) = field.constraints.range.unwrap_or((i64::MIN, i64::MAX));
    let most = if *ty == Type::Integer { i64::from(i32::MAX) } else { i64::MAX };
    let numbers = numbers::candidates(&field.name, field.constraints.unit.as_deref());
    let numbers = numbers.into_iter().filter(|number| *number <= most);
    scalar(field, ty, numbers.chain([low, high]).map(Value::from))
}

fn float(number: f64) -> Value {
    Number::from_f64(number).map_or(Value::Null, Value::Number)
}

/// Parses an allowed value, which the spec writes as a text.
fn parse(text: &str, ty: &Type) -> Option<Value> {
    match ty {
        Type::Boolean => text.parse::<bool>().ok().map(Value::from),
        Type::Integer | Type::Long => text.parse::<i64>().ok().map(Value::from),
        Type::Double => text.parse::<f64>().ok().map(float),
        _ => Some(text.into()),
    }
}

/// Returns whether a default can be an example of a scalar type. Zero and an empty text often mean that there is no
/// value.
fn is_of_type(default: &Value, ty: &Type) -> bool {
    match ty {
        Type::Boolean => default.is_boolean(),
        Type::Integer | Type::Long => default.as_i64().is_some_and(|number| number != 0),
        Type::Double => default.is_number(),
        Type::String | Type::Uuid => default.as_str().is_some_and(|text| !text.is_empty()),
        _ => false,
    }
}

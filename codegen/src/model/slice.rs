//! The API as a release had it.

use serde_json::{Map, Value};

use super::{DataType, Example, Field, Model, Operation, Type, TypeShape, Version, query_parameters};

impl Model {
    /// The API exactly as the release `version` had it: without operations,
    /// parameters, fields, tags, data types and values of enums that came later.
    /// Examples are told without them, too.
    ///
    /// The version need not be a declared release; `at` of the newest one is
    /// the model itself.
    #[must_use]
    pub fn at(&self, version: &Version) -> Self {
        let slice = Slice { model: self, version };
        let operations: Vec<_> =
            self.operations.iter().filter(|it| it.since <= *version).map(|it| slice.operation(it)).collect();
        let mut service = self.service.clone();
        service.releases.retain(|it| it.version <= *version);
        service.envelope.retain(|it| it.since <= *version);
        Self {
            categories: self
                .categories
                .iter()
                .filter(|category| operations.iter().any(|it| it.category == category.name))
                .cloned()
                .collect(),
            types: self
                .types
                .iter()
                .filter(|it| it.since <= *version)
                .map(|it| slice.data_type(it))
                .collect(),
            service,
            operations,
        }
    }
}

/// What is cut, and where.
struct Slice<'a> {
    model: &'a Model,
    version: &'a Version,
}

impl Slice<'_> {
    fn has(&self, since: &Version) -> bool {
        since <= self.version
    }

    fn operation(&self, it: &Operation) -> Operation {
        let mut cut = it.clone();
        cut.parameters.retain(|it| self.has(&it.field.since));
        cut.response.retain(|it| self.has(&it.since));
        cut.tags.retain(|it| self.has(&it.since));
        cut.examples = it.examples.iter().map(|example| self.example(it, example)).collect();
        cut
    }

    fn data_type(&self, it: &DataType) -> DataType {
        let mut cut = it.clone();
        match &mut cut.shape {
            TypeShape::Record { fields, .. } => fields.retain(|it| self.has(&it.since)),
            TypeShape::Enum { values } => values.retain(|it| self.has(&it.since)),
        }
        cut
    }

    fn example(&self, operation: &Operation, it: &Example) -> Example {
        let standard = if operation.query { query_parameters() } else { Vec::new() };
        let parameters: Vec<_> =
            standard.iter().chain(operation.parameters.iter().map(|it| &it.field)).collect();
        let response: Vec<_> = operation.response.iter().chain(&self.model.service.envelope).collect();
        Example {
            request: self.object(&it.request, &parameters),
            response: match &it.response {
                Value::Object(body) => Value::Object(self.object(body, &response)),
                other => other.clone(),
            },
            ..it.clone()
        }
    }

    fn object(&self, object: &Map<String, Value>, fields: &[&Field]) -> Map<String, Value> {
        let mut cut = Map::new();
        for (name, value) in object {
            let field = fields.iter().find(|it| it.name == *name);
            let value = match field {
                Some(field) if self.has(&field.since) => self.value(value, &field.ty),
                Some(_) => None,
                // Examples have no other fields.
                None => Some(value.clone()),
            };
            cut.extend(value.map(|value| (name.clone(), value)));
        }
        cut
    }

    /// `None` for a value that came later.
    fn value(&self, value: &Value, ty: &Type) -> Option<Value> {
        Some(match (ty, value) {
            (Type::List(inner), Value::Array(items)) => {
                Value::Array(items.iter().filter_map(|it| self.value(it, inner)).collect())
            }
            (Type::Map(inner), Value::Object(entries)) => Value::Object(
                entries.iter().filter_map(|(key, it)| Some((key.clone(), self.value(it, inner)?))).collect(),
            ),
            (Type::Named(name), _) => {
                let Some(data_type) = self.model.data_type(name) else { return Some(value.clone()) };
                match (&data_type.shape, value) {
                    (TypeShape::Record { .. }, Value::Object(object)) => {
                        Value::Object(self.object(object, &self.model.fields(data_type)))
                    }
                    (TypeShape::Enum { values }, Value::String(text)) => {
                        let later = values.iter().any(|it| it.name == *text && !self.has(&it.since));
                        return (!later).then(|| value.clone());
                    }
                    _ => value.clone(),
                }
            }
            _ => value.clone(),
        })
    }
}

//! The API as a release had it.

use serde_json::{Map, Value};

use super::{
    DataType, EnumValue, Example, Field, Model, Operation, Retirement, Type, TypeShape, Version,
    query_parameters,
};

impl Model {
    /// The API exactly as the release `version` had it: without operations,
    /// parameters, fields, tags, data types and values of enums that came later,
    /// and without those that were removed in it or before. Examples are told
    /// without them, too; and nothing is deprecated before its time.
    ///
    /// The version need not be a declared release; `at` of the newest one is
    /// the model without what is gone by now.
    #[must_use]
    pub fn at(&self, version: &Version) -> Self {
        let slice = Slice { model: self, version };
        let operations: Vec<_> = self
            .operations
            .iter()
            .filter(|it| slice.has(&it.since, &it.retirement))
            .map(|it| slice.operation(it))
            .collect();
        let mut service = self.service.clone();
        service.releases.retain(|it| it.version <= *version);
        slice.fields(&mut service.envelope);
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
                .filter(|it| slice.has(&it.since, &it.retirement))
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
    fn has(&self, since: &Version, retirement: &Retirement) -> bool {
        since <= self.version && !retirement.is_removed_in(self.version)
    }

    fn operation(&self, it: &Operation) -> Operation {
        let mut cut = it.clone();
        cut.retirement = it.retirement.at(self.version);
        cut.parameters.retain(|it| self.has(&it.field.since, &it.field.retirement));
        for parameter in &mut cut.parameters {
            parameter.field.retirement = parameter.field.retirement.at(self.version);
        }
        self.fields(&mut cut.response);
        cut.tags.retain(|it| it.since <= *self.version);
        cut.examples = it.examples.iter().map(|example| self.example(it, example)).collect();
        cut
    }

    fn data_type(&self, it: &DataType) -> DataType {
        let mut cut = it.clone();
        cut.retirement = it.retirement.at(self.version);
        match &mut cut.shape {
            TypeShape::Record { fields, .. } => self.fields(fields),
            TypeShape::Enum { values } => {
                values.retain(|it| self.has(&it.since, &it.retirement));
                for EnumValue { retirement, .. } in values {
                    *retirement = retirement.at(self.version);
                }
            }
        }
        cut
    }

    fn fields(&self, fields: &mut Vec<Field>) {
        fields.retain(|it| self.has(&it.since, &it.retirement));
        for Field { retirement, .. } in fields {
            *retirement = retirement.at(self.version);
        }
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
                Some(field) if self.has(&field.since, &field.retirement) => self.value(value, &field.ty),
                Some(_) => None,
                // Examples have no other fields.
                None => Some(value.clone()),
            };
            cut.extend(value.map(|value| (name.clone(), value)));
        }
        cut
    }

    /// `None` for a value that came later, or is gone.
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
                        let known = values.iter().find(|it| it.name == *text);
                        let has = known.is_none_or(|it| self.has(&it.since, &it.retirement));
                        return has.then(|| value.clone());
                    }
                    _ => value.clone(),
                }
            }
            _ => value.clone(),
        })
    }
}

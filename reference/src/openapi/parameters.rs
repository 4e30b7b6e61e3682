//! Parameters in paths, query strings and headers.

use serde_json::{Map, Value};

use super::document::{Example, ExampleValue, OrRef, Parameter};
use super::headers;
use super::losses::LossKind;
use super::parts::Members;
use super::routes::{Endpoint, Route};
use super::schema::Schema;
use super::types::{Reader, description, field_lifecycle};
use super::writer::Writer;
use crate::http_example;
use zstack_model::{Field, Operation, Place, Type, variables};

impl<'a> Writer<'a> {
    pub(super) fn parameters(&mut self, route: &Route<'a>) -> Vec<OrRef<Parameter<'a>>> {
        let mut parameters = self.variables(route);
        parameters.extend(self.query_string(route));
        let mut names = vec![headers::SCHEMA, headers::TIMEOUT];
        if route.has_job() {
            names.extend([headers::JOB, headers::WEB_HOOK, headers::PREFER]);
        }
        parameters.extend(names.into_iter().map(|name| OrRef::to("parameters", name)));
        parameters
    }

    fn variables(&mut self, route: &Route<'a>) -> Vec<OrRef<Parameter<'a>>> {
        let mut parameters = Vec::new();
        for (index, name) in variables(route.template).enumerate() {
            // The parameters of the operations for this variable.
            let own = route.endpoints.iter().filter_map(|endpoint| {
                let own = variables(endpoint.path).nth(index)?;
                let parameter =
                    endpoint.operation.parameters.iter().find(|parameter| parameter.field.name == own)?;
                Some((*endpoint, &parameter.field))
            });
            let own: Vec<_> = own.collect();
            let Some((first, field)) = own.first() else { continue };
            let examples =
                own.iter().flat_map(|(endpoint, field)| self.examples_of(endpoint, field)).collect();
            let mut parameter = self.parameter(field, "path", &first.operation.name, examples);
            parameter.required = true;
            parameter.own_name = Some(parameter.name).filter(|own| *own != name);
            parameter.name = name;
            parameters.push(OrRef::new(parameter));
        }
        parameters
    }

    fn query_string(&mut self, route: &Route<'a>) -> Vec<OrRef<Parameter<'a>>> {
        let mut found: Members<'a, (Endpoint<'a>, &'a Field, Members<'a, Example<'a>>)> = Members::new();
        for endpoint in &route.endpoints {
            for field in self.in_query(endpoint) {
                let examples = self.examples_of(endpoint, field);
                if let Some((_, first, all)) = found.get_mut(field.name.as_str()) {
                    if first.ty != field.ty || first.constraints != field.constraints {
                        let place = format!("{}.{}", endpoint.operation.name, field.name);
                        self.losses.add(LossKind::SharedParameter, place);
                    }
                    all.extend(examples);
                } else {
                    found.insert(field.name.as_str().into(), (*endpoint, field, examples));
                }
            }
        }
        let is_lone = route.single().is_some();
        let parameters = found.into_values().map(|(endpoint, field, examples)| {
            let is_standard = self.standard.iter().any(|standard| std::ptr::eq(standard, field));
            if is_standard && examples.is_empty() {
                return self.standard_parameter(field);
            }
            let mut parameter = self.parameter(field, "query", &endpoint.operation.name, examples);
            // The other operations on the route do not have it.
            parameter.required &= is_lone;
            OrRef::new(parameter)
        });
        parameters.collect()
    }

    /// The parameters in the query string of an operation. Servers ignore the standard
    /// query parameters on paths with variables.
    fn in_query(&self, endpoint: &Endpoint<'a>) -> Vec<&'a Field> {
        let Operation { query, parameters, .. } = endpoint.operation;
        let in_path = |name: &str| variables(endpoint.path).any(|variable| variable == name);
        if *query && variables(endpoint.path).next().is_some() {
            return Vec::new();
        }
        let standard = if *query { self.standard } else { &[] };
        let own = parameters
            .iter()
            .filter(|parameter| parameter.place == Place::Query)
            .map(|parameter| &parameter.field);
        standard.iter().chain(own.filter(|field| !in_path(&field.name))).collect()
    }

    /// A reference to the component for a standard query parameter.
    fn standard_parameter(&mut self, field: &'a Field) -> OrRef<Parameter<'a>> {
        if !self.parameters.contains_key(field.name.as_str()) {
            let mut parameter = self.parameter(field, "query", "Query", Members::new());
            // Every query has them, so their source is of no interest.
            parameter.lifecycle.source = None;
            self.parameters.insert(field.name.as_str().into(), parameter);
        }
        OrRef::to("parameters", &field.name)
    }

    fn parameter(
        &mut self,
        field: &'a Field,
        place: &'static str,
        owner: &str,
        examples: Members<'a, Example<'a>>,
    ) -> Parameter<'a> {
        let is_map = place == "query" && matches!(field.ty, Type::Map(_));
        let value = self.value(field, Reader::Server, owner);
        let schema = if is_map { self.with_dotted_keys(field, value, owner) } else { value };
        Parameter {
            name: &field.name,
            place,
            description: description(field),
            required: field.is_always_present(),
            deprecated: field.retirement.deprecated.is_some(),
            style: is_map.then_some("form"),
            explode: is_map.then_some(true),
            schema,
            examples,
            refers_to: field.refers.as_deref(),
            lifecycle: field_lifecycle(field),
            ..Parameter::default()
        }
    }

    /// The schema of a map in a query string, `field.key=value`. In OpenAPI, the keys
    /// of an exploded object are parameter names, so they begin with the field.
    fn with_dotted_keys(&mut self, field: &'a Field, value: Schema<'a>, owner: &str) -> Schema<'a> {
        if matches!(&field.ty, Type::Map(inner) if matches!(**inner, Type::List(_))) {
            self.losses.add(LossKind::ListsInQuery, format!("{owner}.{}", field.name));
        }
        // Names contain only letters, digits and `_`.
        let pattern = Some(format!("^{}\\..", field.name).into());
        Schema { property_names: Some(Box::new(Schema { pattern, ..Schema::default() })), ..value }
    }

    /// The values of a parameter in the examples of an operation on a path.
    fn examples_of(&self, endpoint: &Endpoint<'a>, field: &'a Field) -> Members<'a, Example<'a>> {
        let mut examples = Members::new();
        for (key, example) in self.examples(endpoint) {
            let Some(value) = http_example::parameter(self.model, example, field) else { continue };
            let value = match (example.request.get(&field.name), &field.ty) {
                (Some(Value::Object(entries)), Type::Map(_)) => {
                    let entry =
                        |(key, value): (&String, &Value)| (format!("{}.{key}", field.name), value.clone());
                    ExampleValue::Json(Value::Object(Map::from_iter(entries.iter().map(entry))))
                }
                _ => ExampleValue::Part(value),
            };
            examples.insert(key.into(), Example { summary: None, value });
        }
        examples
    }

    /// The examples of an operation on a path, with the keys for OpenAPI.
    pub(super) fn examples(
        &self,
        endpoint: &Endpoint<'a>,
    ) -> impl Iterator<Item = (String, &'a zstack_model::Example)> + use<'a> {
        let (model, Endpoint { operation, path, .. }) = (self.model, *endpoint);
        let examples = self.examples.get(&*operation.name).map_or(&[][..], |examples| examples);
        let examples = examples.iter().enumerate();
        let examples =
            examples.filter(move |(_, example)| http_example::path(model, operation, example) == path);
        examples.map(|(index, example)| (format!("{}-{}", operation.name, index + 1), example))
    }
}

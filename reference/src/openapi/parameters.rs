//! Parameters in paths, query strings and headers.

use serde_json::{Map, Value};

use super::document::{Example, Given, OrRef, Parameter};
use super::headers;
use super::losses::LossKind;
use super::parts::Members;
use super::routes::{Route, Stop};
use super::schema::Schema;
use super::types::{Reader, description, history_of};
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
        for (nth, name) in variables(route.template).enumerate() {
            // Each operation with what it calls the variable.
            let own = route.stops.iter().filter_map(|stop| {
                let own = variables(stop.path).nth(nth)?;
                let parameter =
                    stop.operation.parameters.iter().find(|parameter| parameter.field.name == own)?;
                Some((*stop, &parameter.field))
            });
            let own: Vec<_> = own.collect();
            let Some((first, field)) = own.first() else { continue };
            let examples = own.iter().flat_map(|(stop, field)| self.examples_of(stop, field)).collect();
            let mut parameter = self.parameter(field, "path", &first.operation.name, examples);
            parameter.required = true;
            parameter.own_name = Some(parameter.name).filter(|it| *it != name);
            parameter.name = name;
            parameters.push(OrRef::new(parameter));
        }
        parameters
    }

    fn query_string(&mut self, route: &Route<'a>) -> Vec<OrRef<Parameter<'a>>> {
        let mut found: Members<'a, (Stop<'a>, &'a Field, Members<'a, Example<'a>>)> = Members::new();
        for stop in &route.stops {
            for field in self.in_query(stop) {
                let examples = self.examples_of(stop, field);
                if let Some((_, first, all)) = found.get_mut(field.name.as_str()) {
                    if first.ty != field.ty || first.constraints != field.constraints {
                        let place = format!("{}.{}", stop.operation.name, field.name);
                        self.losses.add(LossKind::SharedParameter, place);
                    }
                    all.extend(examples);
                } else {
                    found.insert(field.name.as_str().into(), (*stop, field, examples));
                }
            }
        }
        let is_lone = route.lone().is_some();
        let parameters = found.into_values().map(|(stop, field, examples)| {
            let is_standard = self.standard.iter().any(|it| std::ptr::eq(it, field));
            if is_standard && examples.is_empty() {
                return self.standard_parameter(field);
            }
            let mut parameter = self.parameter(field, "query", &stop.operation.name, examples);
            // Who calls one of the others does not give it.
            parameter.required &= is_lone;
            OrRef::new(parameter)
        });
        parameters.collect()
    }

    /// What may stand in the query string of an operation. What a path names
    /// needs no query to be found: one that is given is not looked at.
    fn in_query(&self, stop: &Stop<'a>) -> Vec<&'a Field> {
        let Operation { query, parameters, .. } = stop.operation;
        let in_path = |name: &str| variables(stop.path).any(|variable| variable == name);
        if *query && variables(stop.path).next().is_some() {
            return Vec::new();
        }
        let standard = if *query { self.standard } else { &[] };
        let own = parameters
            .iter()
            .filter(|parameter| parameter.place == Place::Query)
            .map(|parameter| &parameter.field);
        standard.iter().chain(own.filter(|it| !in_path(&it.name))).collect()
    }

    /// The component for a standard parameter of queries.
    fn standard_parameter(&mut self, field: &'a Field) -> OrRef<Parameter<'a>> {
        if !self.parameters.contains_key(field.name.as_str()) {
            let mut parameter = self.parameter(field, "query", "Query", Members::new());
            // No document has them, which says nothing of one of them.
            parameter.history.source = None;
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
        let schema = if is_map { self.dotted(field, value, owner) } else { value };
        Parameter {
            name: &field.name,
            place,
            description: description(field),
            required: field.required,
            deprecated: field.retirement.deprecated.is_some(),
            style: is_map.then_some("form"),
            explode: is_map.then_some(true),
            schema,
            examples,
            own_name: None,
            history: history_of(field),
        }
    }

    /// A map in a query string, `field.key=value`: in OpenAPI the keys of an
    /// exploded object are parameters of their own, so the name of the field is
    /// a part of them.
    fn dotted(&mut self, field: &'a Field, value: Schema<'a>, owner: &str) -> Schema<'a> {
        if matches!(&field.ty, Type::Map(inner) if matches!(**inner, Type::List(_))) {
            self.losses.add(LossKind::ListsInQuery, format!("{owner}.{}", field.name));
        }
        // A name has letters, digits and `_` alone.
        let pattern = Some(format!("^{}\\..", field.name).into());
        Schema { property_names: Some(Box::new(Schema { pattern, ..Schema::default() })), ..value }
    }

    /// What the examples of an operation on a path give for a parameter.
    fn examples_of(&self, stop: &Stop<'a>, field: &'a Field) -> Members<'a, Example<'a>> {
        let mut examples = Members::new();
        for (key, example) in self.examples(stop) {
            let Some(value) = http_example::parameter(self.model, example, field) else { continue };
            let value = match (example.request.get(&field.name), &field.ty) {
                (Some(Value::Object(entries)), Type::Map(_)) => {
                    let entry =
                        |(key, value): (&String, &Value)| (format!("{}.{key}", field.name), value.clone());
                    Given::Made(Value::Object(Map::from_iter(entries.iter().map(entry))))
                }
                _ => Given::Spec(value),
            };
            examples.insert(key.into(), Example { summary: None, value });
        }
        examples
    }

    /// The examples of an operation on a path, with their keys.
    pub(super) fn examples(
        &self,
        stop: &Stop<'a>,
    ) -> impl Iterator<Item = (String, &'a zstack_model::Example)> + use<'a> {
        let (model, Stop { operation, path, .. }) = (self.model, *stop);
        let here = operation.examples.iter().enumerate();
        let here = here.filter(move |(_, it)| http_example::path(model, operation, it) == path);
        here.map(|(nth, it)| (format!("{}-{}", operation.name, nth + 1), it))
    }
}

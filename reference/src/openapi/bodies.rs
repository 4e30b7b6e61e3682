//! Request bodies.

use super::document::{Example, ExampleValue, RequestBody, json};
use super::names::path_id;
use super::parts::{Members, Ref};
use super::routes::{Endpoint, Route};
use super::schema::Schema;
use super::types::Reader;
use super::writer::Writer;
use crate::http_example;
use zstack_model::{Body, Field, Place, variables};

impl<'a> Writer<'a> {
    /// The body of a route: one of the bodies of its operations, which differ in
    /// their keys.
    pub(super) fn body(&mut self, route: &Route<'a>) -> Option<RequestBody<'a>> {
        let mut schemas = Vec::new();
        let mut examples = Members::new();
        let mut required = true;
        for endpoint in &route.endpoints {
            let Some((reference, is_required)) = self.request(endpoint) else { continue };
            required &= is_required;
            schemas.push(Schema { reference: Some(reference), ..Schema::default() });
            for (key, example) in self.examples(endpoint) {
                if let Some(body) = http_example::body(self.model, endpoint.operation, example) {
                    let example = Example { summary: Some(&example.name), value: ExampleValue::Part(body) };
                    examples.insert(key.into(), example);
                }
            }
        }
        let schema = match schemas.len() {
            0 => return None,
            1 => schemas.pop()?,
            _ => Schema { one_of: schemas, ..Schema::default() },
        };
        Some(RequestBody { content: json(schema, examples), required })
    }

    /// A reference to the component for the body of an operation on a path, and
    /// whether the body is required.
    pub(super) fn request(&mut self, endpoint: &Endpoint<'a>) -> Option<(Ref, bool)> {
        let operation = endpoint.operation;
        let is_variable = |name: &str| variables(endpoint.path).any(|variable| variable == name);
        let in_body = |place| {
            let parameters = operation.parameters.iter().filter(move |parameter| parameter.place == place);
            let fields = parameters.map(|parameter| &parameter.field);
            fields.filter(|field| !is_variable(&field.name)).collect::<Vec<&'a Field>>()
        };
        let (in_key, top_level) = (in_body(Place::Body), in_body(Place::BesideBody));
        let key = match &operation.body {
            // Operations without body parameters have this key.
            Body::Key(key) if key == "null" && in_key.is_empty() => None,
            body => body.key(),
        };
        if key.is_none() && top_level.is_empty() {
            return None;
        }
        let is_action = matches!(operation.body, Body::Action(_));
        let needs_key = is_action || in_key.iter().any(|field| field.is_always_present());
        let mut body = Schema::of("object");
        if let Some(key) = key {
            body.properties.insert(key.into(), self.object(in_key, Reader::Server, &operation.name));
            body.required.extend(needs_key.then_some(key));
        }
        let top_level = self.object(top_level, Reader::Server, &operation.name);
        body.properties.extend(top_level.properties);
        body.required.extend(top_level.required);
        let is_required = !body.required.is_empty();
        // A path with some of the body parameters as variables has its own body.
        let has_own_body = operation.parameters.iter().any(|parameter| {
            matches!(parameter.place, Place::Body | Place::BesideBody) && is_variable(&parameter.field.name)
        });
        let name = path_id(&operation.name, if has_own_body { endpoint.path_index } else { 0 });
        let name = self.names.unique(&format!("{name}Request"));
        let reference = Ref::new("schemas", &name);
        self.schemas.entry(name.into()).or_insert(body);
        Some((reference, is_required))
    }
}

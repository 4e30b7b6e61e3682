//! The bodies of requests.

use super::document::{Example, Given, RequestBody, json};
use super::names::on_path;
use super::parts::{Members, Ref};
use super::routes::{Route, Stop};
use super::schema::Schema;
use super::types::Reader;
use super::writer::Writer;
use crate::http_example;
use zstack_model::{Body, Field, Place, variables};

impl<'a> Writer<'a> {
    /// The body of a route: that of its operation, or one of those of its
    /// operations, whose keys tell them apart.
    pub(super) fn body(&mut self, route: &Route<'a>) -> Option<RequestBody<'a>> {
        let mut schemas = Vec::new();
        let mut examples = Members::new();
        let mut required = true;
        for stop in &route.stops {
            let Some((reference, is_required)) = self.request(stop) else { continue };
            required &= is_required;
            schemas.push(Schema { reference: Some(reference), ..Schema::default() });
            for (key, example) in self.examples(stop) {
                if let Some(body) = http_example::body(self.model, stop.operation, example) {
                    let example = Example { summary: Some(&example.name), value: Given::Spec(body) };
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

    /// The component for the body of an operation on a path, and whether a
    /// request needs one.
    pub(super) fn request(&mut self, stop: &Stop<'a>) -> Option<(Ref, bool)> {
        let operation = stop.operation;
        let is_variable = |name: &str| variables(stop.path).any(|variable| variable == name);
        let in_body = |place| {
            let here = operation.parameters.iter().filter(move |parameter| parameter.place == place);
            here.map(|here| &here.field).filter(|field| !is_variable(&field.name)).collect::<Vec<&'a Field>>()
        };
        let (below, beside) = (in_body(Place::Body), in_body(Place::BesideBody));
        let key = match &operation.body {
            Body::None => None,
            // The key of operations that have no parameters in the body.
            Body::Key(key) if key == "null" && below.is_empty() => None,
            Body::Key(key) | Body::Action(key) => Some(key.as_str()),
        };
        if key.is_none() && beside.is_empty() {
            return None;
        }
        let is_action = matches!(operation.body, Body::Action(_));
        let needs_key = is_action || below.iter().any(|below| below.required);
        let mut body = Schema::of("object");
        if let Some(key) = key {
            body.properties.insert(key.into(), self.object(below, Reader::Server, &operation.name));
            body.required.extend(needs_key.then_some(key));
        }
        let beside = self.object(beside, Reader::Server, &operation.name);
        body.properties.extend(beside.properties);
        body.required.extend(beside.required);
        let is_required = !body.required.is_empty();
        // On a path that takes some of them, there are others.
        let takes_some = operation.parameters.iter().any(|parameter| {
            matches!(parameter.place, Place::Body | Place::BesideBody) && is_variable(&parameter.field.name)
        });
        let name = on_path(&operation.name, if takes_some { stop.nth } else { 0 });
        let name = self.names.made(&format!("{name}Request"));
        let reference = Ref::new("schemas", &name);
        self.schemas.entry(name.into()).or_insert(body);
        Some((reference, is_required))
    }
}

//! What a waiver accepts and the two values of a change do not contain.
//!
//! A fingerprint is made of it, so that a waiver covers what was looked at and nothing else: what an
//! element that comes or goes has on the wire, and the data types that come or go with it.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Value, json, to_value};

use super::change::Change;
use super::element::{Element, Part};
use super::reach::Reach;
use super::types::Models;
use zstack_model::lock::wire;
use zstack_model::rules::changes::rule;
use zstack_model::{Example, Field, Model};

/// What a finding accepts besides rule, element and values, where those do not say all. `reach` is that of
/// the new side.
pub(super) fn accepted(models: Models<'_>, reach: &Reach<'_>, change: &Change) -> String {
    let sides = [
        Side { model: models.old, is_new: false, models, element: change.old_element() },
        Side { model: models.new, is_new: true, models, element: &change.element },
    ];
    let is_dated = [rule!("since-backdated"), rule!("since-skips-next")].iter().any(|it| change.rule.is(it));
    if change.rule.is(rule!("type-cycle-introduced")) {
        return reach.cycle_of(change.element.name()).join(" ");
    }
    if change.rule.is(rule!("type-direction-widened")) {
        let senders = reach.reached(change.element.name()).requests;
        return senders.into_iter().collect::<Vec<_>>().join(" ");
    }
    match change.attribute {
        "" => text(&sides.map(|it| it.shape())),
        "since" if is_dated && change.old.is_none() => text(&sides.map(|it| it.shape())),
        // Their values are names.
        "type" | "extends" | "history" => {
            let types = sides.map(|it| it.own_types());
            if types.iter().all(BTreeMap::is_empty) { String::new() } else { text(&types) }
        }
        "message" => text(&sides.map(|it| it.reply())),
        _ => String::new(),
    }
}

fn text(it: &impl Serialize) -> String {
    // Texts, numbers, lists, and maps whose keys are texts: all of them can be written.
    serde_json::to_string(it).unwrap_or_default()
}

/// One side of a change.
struct Side<'a> {
    model: &'a Model,
    is_new: bool,
    models: Models<'a>,
    element: &'a Element,
}

impl<'a> Side<'a> {
    /// What the element has on the wire, with the data types that only this side has; nothing where the
    /// element is not there, or has nothing but its name.
    fn shape(&self) -> Option<Value> {
        let itself = self.itself()?;
        let types = self.own_types();
        Some(if types.is_empty() { itself } else { json!([itself, types]) })
    }

    fn itself(&self) -> Option<Value> {
        let model = self.model;
        let service = &model.service;
        let field = |it: &Field| value(&wire::OfField::of(it));
        Some(match self.element {
            Element::Operation(name) => value(&wire::Operation::of(model.operation(name)?)),
            Element::OfOperation(name, part, of) => {
                let operation = model.operation(name)?;
                match part {
                    Part::Parameter => {
                        let it = operation.parameters.iter().find(|it| it.field.name == *of)?;
                        value(&wire::OfParameter::of(it))
                    }
                    Part::Response => field(operation.response.iter().find(|it| it.name == *of)?),
                    Part::Example => example(operation.examples.iter().find(|it| it.name == *of)?),
                    Part::Tag | Part::Error => return None,
                }
            }
            Element::Type(name) => self.data_type(name)?,
            Element::Field(ty, of) => {
                let fields = model.fields(model.data_type(ty)?);
                field(fields.into_iter().rfind(|it| it.name == *of)?)
            }
            Element::Envelope(of) => field(service.envelope.iter().find(|it| it.name == *of)?),
            Element::AuthScheme(of) => {
                let it = service.auth.iter().find(|it| it.name == *of)?;
                json!([it.header, it.scheme])
            }
            Element::ReservedPath(path) => {
                json!(service.reserved.iter().find(|reserved| reserved.path == *path)?.operations)
            }
            Element::Category(of) => json!(model.categories.iter().find(|it| it.name == *of)?.title),
            Element::Service | Element::Release(_) | Element::Value(..) | Element::Waiver { .. } => {
                return None;
            }
        })
    }

    /// The data types that the element leads to and that only this side has: no other finding is about
    /// what they are like.
    fn own_types(&self) -> BTreeMap<&'a str, Option<Value>> {
        let mut types = BTreeMap::new();
        let mut open = self.names();
        while let Some(name) = open.pop() {
            if types.contains_key(name) || self.other_has(name) {
                continue;
            }
            types.insert(name, self.data_type(name));
            if let Some(it) = self.model.data_type(name) {
                open.extend(self.model.fields(it).into_iter().filter_map(|it| it.ty.named()));
            }
        }
        types
    }

    /// The data types that the element names.
    fn names(&self) -> Vec<&'a str> {
        let model = self.model;
        let names = |fields: Vec<&'a Field>| fields.into_iter().filter_map(|it| it.ty.named()).collect();
        let find = |fields: Vec<&'a Field>, of: &str| -> Vec<&'a str> {
            names(fields.into_iter().filter(|it| it.name == *of).collect())
        };
        match self.element {
            Element::Operation(name) => {
                let fields = model.operation(name).into_iter();
                let fields =
                    fields.flat_map(|it| it.parameters.iter().map(|it| &it.field).chain(&it.response));
                names(fields.collect())
            }
            Element::OfOperation(name, Part::Parameter, of) => {
                let operation = model.operation(name).into_iter();
                find(operation.flat_map(|it| &it.parameters).map(|it| &it.field).collect(), of)
            }
            Element::OfOperation(name, Part::Response, of) => {
                find(model.operation(name).into_iter().flat_map(|it| &it.response).collect(), of)
            }
            Element::Type(name) => {
                let Some(it) = model.data_type(name) else { return Vec::new() };
                names(model.fields(it)).into_iter().chain(it.extends.as_deref()).collect()
            }
            Element::Field(ty, of) => {
                find(model.data_type(ty).map(|it| model.fields(it)).unwrap_or_default(), of)
            }
            Element::Envelope(of) => find(model.service.envelope.iter().collect(), of),
            _ => Vec::new(),
        }
    }

    fn other_has(&self, name: &str) -> bool {
        let Models { old, new, renames, .. } = self.models;
        match self.is_new {
            true => old.data_type(renames.former_data_type(name)).is_some(),
            false => new.data_type(renames.data_type(name)).is_some(),
        }
    }

    fn data_type(&self, name: &str) -> Option<Value> {
        let it = self.model.data_type(name)?;
        Some(value(&wire::DataType::of(it, it.extends.as_deref(), self.model.fields(it))))
    }

    /// The class of the answer that the older channel gives.
    fn reply(&self) -> Option<&'a str> {
        let operation = self.model.operation(self.element.operation()?)?;
        operation.message.as_ref().map(|it| &*it.reply)
    }
}

fn value(it: &impl Serialize) -> Value {
    to_value(it).unwrap_or_default()
}

fn example(it: &Example) -> Value {
    let Example { name: _, since, request, status, response } = it;
    json!([since.as_ref().map(|it| &it.text), request, status, response])
}

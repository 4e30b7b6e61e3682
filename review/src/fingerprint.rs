//! Fingerprints of findings: what exactly a waiver accepts.
//!
//! A fingerprint covers the kind of change, the element, both values, and what the values do not contain: what an
//! element that comes or goes has on the wire, and the data types that come or go with it. So a waiver covers what
//! was reviewed and nothing else. Descriptions, positions in files and other changes do not count.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Value, json, to_value};
use sha2::{Digest as _, Sha256};

use super::change::Change;
use super::element::{Element, Part};
use super::judge::Finding;
use super::reach::Reach;
use super::renames::Renames;
use zstack_model::changes::ChangeKind;
use zstack_model::lock::wire;
use zstack_model::{Example, Field, Model};

/// Computes fingerprints of findings between two models. Nothing is computed before a fingerprint is asked for.
#[derive(Clone, Debug)]
pub struct Fingerprints<'a> {
    old: &'a Model,
    new: &'a Model,
    renames: OnceCell<Renames<'a>>,
    /// How data types of the new side lead to each other.
    reach: OnceCell<Reach<'a>>,
}

impl<'a> Fingerprints<'a> {
    /// Prepares fingerprints of findings between `old` and `new`.
    pub const fn new(old: &'a Model, new: &'a Model) -> Self {
        Self { old, new, renames: OnceCell::new(), reach: OnceCell::new() }
    }

    /// The model of the new side.
    pub(super) const fn new_model(&self) -> &'a Model {
        self.new
    }

    /// Computes the fingerprint of a finding: 16 hexadecimal digits.
    pub fn of(&self, finding: &Finding) -> String {
        let Change { kind, element, formerly: _, attribute, old, new } = &finding.change;
        let [old, new] =
            [old, new].map(|value| value.as_deref().map_or("-".to_owned(), |value| format!("={value}")));
        let mut text = [kind.id(), &element.to_string(), attribute, &old, &new].join("\0");
        let accepted = finding.accepted.clone().unwrap_or_else(|| self.accepted(&finding.change));
        if !accepted.is_empty() {
            text.extend(["\0", &accepted]);
        }
        Sha256::digest(text).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
    }

    /// What a change consists of in addition to its element and its values.
    fn accepted(&self, change: &Change) -> String {
        let renames = self.renames.get_or_init(|| Renames::new(self.old, self.new));
        let reach = || self.reach.get_or_init(|| Reach::new(self.new));
        let sides = [
            Side { model: self.old, other: self.new, is_new: false, renames, element: change.old_element() },
            Side { model: self.new, other: self.old, is_new: true, renames, element: &change.element },
        ];
        match (change.kind, change.attribute) {
            (ChangeKind::TypeCycleIntroduced, _) => reach().cycle_of(change.element.name()).join(" "),
            (ChangeKind::TypeDirectionWidened, _) => {
                let senders = reach().reached(change.element.name()).requests;
                senders.into_iter().collect::<Vec<_>>().join(" ")
            }
            (_, "") => text(&sides.map(|side| side.shape())),
            (ChangeKind::SinceBackdated | ChangeKind::SinceSkipsNext, "since") if change.old.is_none() => {
                text(&sides.map(|side| side.shape()))
            }
            // Their values are names.
            (_, "type" | "extends" | "history") => {
                let types = sides.map(|side| side.own_types());
                if types.iter().all(BTreeMap::is_empty) { String::new() } else { text(&types) }
            }
            (_, "message") => text(&sides.map(|side| side.reply())),
            _ => String::new(),
        }
    }
}

fn text(value: &impl Serialize) -> String {
    // Strings, numbers, lists, and maps whose keys are strings: all of them can be written.
    serde_json::to_string(value).unwrap_or_default()
}

/// One side of a change.
struct Side<'a, 'e> {
    model: &'a Model,
    other: &'a Model,
    is_new: bool,
    renames: &'e Renames<'a>,
    element: &'e Element,
}

impl<'a> Side<'a, '_> {
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
        let field = |it: &Field| value(&wire::Field::of(it));
        Some(match self.element {
            Element::Operation(name) => value(&wire::Operation::of(model.operation(name)?)),
            Element::OfOperation(name, part, of) => {
                let operation = model.operation(name)?;
                match part {
                    Part::Parameter => {
                        let it = operation.parameters.iter().find(|parameter| parameter.field.name == *of)?;
                        value(&wire::Parameter::of(it))
                    }
                    Part::Response => field(operation.response.iter().find(|response| response.name == *of)?),
                    Part::Example => example(operation.examples.iter().find(|example| example.name == *of)?),
                    Part::Tag | Part::Error => return None,
                }
            }
            Element::Type(name) => self.data_type(name)?,
            Element::Field(ty, of) => {
                let fields = model.fields(model.data_type(ty)?);
                field(fields.into_iter().rfind(|field| field.name == *of)?)
            }
            Element::Envelope(of) => field(service.envelope.iter().find(|envelope| envelope.name == *of)?),
            Element::AuthScheme(of) => {
                let it = service.auth.iter().find(|auth| auth.name == *of)?;
                json!([it.header, it.scheme])
            }
            Element::ReservedPath(path) => {
                json!(service.reserved.iter().find(|reserved| reserved.path == *path)?.operations)
            }
            Element::Category(of) => {
                json!(model.categories.iter().find(|category| category.name == *of)?.title)
            }
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
                open.extend(self.model.fields(it).into_iter().filter_map(|field| field.ty.named()));
            }
        }
        types
    }

    /// The data types that the element names.
    fn names(&self) -> Vec<&'a str> {
        let model = self.model;
        let names =
            |fields: Vec<&'a Field>| fields.into_iter().filter_map(|field| field.ty.named()).collect();
        let find = |fields: Vec<&'a Field>, of: &str| -> Vec<&'a str> {
            names(fields.into_iter().filter(|field| field.name == *of).collect())
        };
        match self.element {
            Element::Operation(name) => {
                let fields = model.operation(name).into_iter();
                let fields = fields.flat_map(|field| {
                    field.parameters.iter().map(|parameter| &parameter.field).chain(&field.response)
                });
                names(fields.collect())
            }
            Element::OfOperation(name, Part::Parameter, of) => {
                let operation = model.operation(name).into_iter();
                find(
                    operation
                        .flat_map(|operation| &operation.parameters)
                        .map(|parameter| &parameter.field)
                        .collect(),
                    of,
                )
            }
            Element::OfOperation(name, Part::Response, of) => find(
                model.operation(name).into_iter().flat_map(|operation| &operation.response).collect(),
                of,
            ),
            Element::Type(name) => {
                let Some(it) = model.data_type(name) else { return Vec::new() };
                names(model.fields(it)).into_iter().chain(it.extends.as_deref()).collect()
            }
            Element::Field(ty, of) => {
                find(model.data_type(ty).map(|data_type| model.fields(data_type)).unwrap_or_default(), of)
            }
            Element::Envelope(of) => find(model.service.envelope.iter().collect(), of),
            _ => Vec::new(),
        }
    }

    fn other_has(&self, name: &str) -> bool {
        let name = match self.is_new {
            true => self.renames.former_data_type(name),
            false => self.renames.data_type(name),
        };
        self.other.data_type(name).is_some()
    }

    fn data_type(&self, name: &str) -> Option<Value> {
        let it = self.model.data_type(name)?;
        Some(value(&wire::DataType::of(it, it.extends.as_deref(), self.model.fields(it))))
    }

    /// The class of the answer that the older channel gives.
    fn reply(&self) -> Option<&'a str> {
        let operation = self.model.operation(self.element.operation()?)?;
        operation.message.as_ref().map(|message| &*message.reply)
    }
}

fn value(it: &impl Serialize) -> Value {
    to_value(it).unwrap_or_default()
}

fn example(it: &Example) -> Value {
    let Example { name: _, since, request, status, response } = it;
    json!([since.as_ref().map(|since| &since.text), request, status, response])
}

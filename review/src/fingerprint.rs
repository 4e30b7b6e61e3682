//! Fingerprints of findings, which bind a waiver to exactly one change.
//!
//! A fingerprint covers the kind of change, the element and both values. For an element that is added or removed, it
//! also covers the form of the element on the wire, and the data types that are added or removed with it. So a waiver
//! accepts only the change that was reviewed. Descriptions, positions in files and other changes do not count.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Value, json, to_value};
use sha2::{Digest as _, Sha256};

use super::change::Change;
use super::element::{OperationPart, SpecElement};
use super::judge::Finding;
use super::renames::Renames;
use super::type_graph::TypeGraph;
use zstack_model::changes::ChangeKind;
use zstack_model::lock::wire;
use zstack_model::{Example, Field, Model};

/// Computes fingerprints of findings between two models, on demand.
#[derive(Clone, Debug)]
pub struct Fingerprints<'a> {
    old: &'a Model,
    new: &'a Model,
    renames: OnceCell<Renames<'a>>,
    /// The graph of the data types of the new side.
    graph: OnceCell<TypeGraph<'a>>,
}

impl<'a> Fingerprints<'a> {
    /// Prepares fingerprints of findings between `old` and `new`.
    pub const fn new(old: &'a Model, new: &'a Model) -> Self {
        Self { old, new, renames: OnceCell::new(), graph: OnceCell::new() }
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
        let accepted = finding.accepted.clone().unwrap_or_else(|| self.accepted_content(&finding.change));
        if !accepted.is_empty() {
            text.extend(["\0", &accepted]);
        }
        Sha256::digest(text).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
    }

    /// The content of a change in addition to its element and values.
    fn accepted_content(&self, change: &Change) -> String {
        let renames = self.renames.get_or_init(|| Renames::new(self.old, self.new));
        let graph = || self.graph.get_or_init(|| TypeGraph::new(self.new));
        let sides = [
            ElementSide {
                model: self.old,
                other: self.new,
                is_new: false,
                renames,
                element: change.old_element(),
            },
            ElementSide { model: self.new, other: self.old, is_new: true, renames, element: &change.element },
        ];
        match (change.kind, change.attribute) {
            (ChangeKind::TypeCycleIntroduced, _) => graph().cycle_of(change.element.name()).join(" "),
            (ChangeKind::TypeDirectionWidened, _) => {
                let senders = graph().users(change.element.name()).requests;
                senders.into_iter().collect::<Vec<_>>().join(" ")
            }
            (_, "") => text(&sides.map(|side| side.shape())),
            (ChangeKind::SinceBackdated | ChangeKind::SinceSkipsNext, "since") if change.old.is_none() => {
                text(&sides.map(|side| side.shape()))
            }
            // The values are names of data types.
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
    // Strings, numbers, lists, and maps with string keys can always be serialized.
    serde_json::to_string(value).unwrap_or_default()
}

/// An element on one side of a change.
struct ElementSide<'a, 'e> {
    model: &'a Model,
    other: &'a Model,
    is_new: bool,
    renames: &'e Renames<'a>,
    element: &'e SpecElement,
}

impl<'a> ElementSide<'a, '_> {
    /// The form of the element on the wire, with the data types that only this side has. `None` if the side does not
    /// have the element or the element is only a name.
    fn shape(&self) -> Option<Value> {
        let itself = self.itself()?;
        let types = self.own_types();
        Some(if types.is_empty() { itself } else { json!([itself, types]) })
    }

    fn itself(&self) -> Option<Value> {
        let model = self.model;
        let service = &model.service;
        Some(match self.element {
            SpecElement::Operation(name) => value(&wire::Operation::of(model.operation(name)?)),
            SpecElement::OfOperation(name, part, of) => {
                let operation = model.operation(name)?;
                match part {
                    OperationPart::Parameter => {
                        let parameters = &operation.parameters;
                        let parameter = parameters.iter().find(|parameter| parameter.field.name == *of)?;
                        value(&wire::Parameter::of(parameter))
                    }
                    OperationPart::Response => value(&wire::Field::of(self.field()?)),
                    OperationPart::Example => {
                        example(operation.examples.iter().find(|example| example.name == *of)?)
                    }
                    OperationPart::Tag | OperationPart::Error => return None,
                }
            }
            SpecElement::Type(name) => self.data_type(name)?,
            SpecElement::Field(..) | SpecElement::Envelope(_) => value(&wire::Field::of(self.field()?)),
            SpecElement::AuthScheme(of) => {
                let scheme = service.auth.iter().find(|auth| auth.name == *of)?;
                json!([scheme.header, scheme.scheme])
            }
            SpecElement::ReservedPath(path) => {
                json!(service.reserved.iter().find(|reserved| reserved.path == *path)?.operations)
            }
            SpecElement::Category(of) => {
                json!(model.categories.iter().find(|category| category.name == *of)?.title)
            }
            SpecElement::Service
            | SpecElement::Release(_)
            | SpecElement::Value(..)
            | SpecElement::Waiver { .. } => {
                return None;
            }
        })
    }

    /// The data types that the element uses and only this side has. No other finding covers their form.
    fn own_types(&self) -> BTreeMap<&'a str, Option<Value>> {
        let mut types = BTreeMap::new();
        let mut open = self.names();
        while let Some(name) = open.pop() {
            if types.contains_key(name) || self.other_has(name) {
                continue;
            }
            types.insert(name, self.data_type(name));
            if let Some(ty) = self.model.data_type(name) {
                open.extend(self.model.fields(ty).into_iter().filter_map(|field| field.ty.data_type_name()));
            }
        }
        types
    }

    /// The data types that the element names.
    fn names(&self) -> Vec<&'a str> {
        let model = self.model;
        let names = |fields: Vec<&'a Field>| -> Vec<&'a str> {
            fields.into_iter().filter_map(|field| field.ty.data_type_name()).collect()
        };
        match self.element {
            SpecElement::Operation(name) => {
                let Some(operation) = model.operation(name) else { return Vec::new() };
                let parameters = operation.parameters.iter().map(|parameter| &parameter.field);
                names(parameters.chain(&operation.response).collect())
            }
            SpecElement::Type(name) => {
                let Some(ty) = model.data_type(name) else { return Vec::new() };
                names(model.fields(ty)).into_iter().chain(ty.extends.as_deref()).collect()
            }
            _ => names(self.field().into_iter().collect()),
        }
    }

    fn field(&self) -> Option<&'a Field> {
        self.element.field(self.model, |name| self.model.operation(name))
    }

    fn other_has(&self, name: &str) -> bool {
        let name = match self.is_new {
            true => self.renames.former_data_type(name),
            false => self.renames.data_type(name),
        };
        self.other.data_type(name).is_some()
    }

    fn data_type(&self, name: &str) -> Option<Value> {
        let ty = self.model.data_type(name)?;
        Some(value(&wire::DataType::of(ty, ty.extends.as_deref(), self.model.fields(ty))))
    }

    /// The class of the reply on the legacy channel.
    fn reply(&self) -> Option<&'a str> {
        let operation = self.model.operation(self.element.operation()?)?;
        operation.message.as_ref().map(|message| &*message.reply)
    }
}

fn value(serializable: &impl Serialize) -> Value {
    to_value(serializable).unwrap_or_default()
}

fn example(example: &Example) -> Value {
    let Example { name: _, since, request, status, response } = example;
    json!([since.as_ref().map(ToString::to_string), request, status, response])
}

//! What a spec says of an element's coming and going.

use std::collections::HashMap;

use super::element::{Element, Part};
use crate::model::{EnumValue, Field, Model, Operation, ReleaseState, Retirement, TypeShape, Version};

/// A model in which elements are found by their names.
pub(super) struct Facts<'a> {
    model: &'a Model,
    operations: HashMap<&'a str, &'a Operation>,
}

impl<'a> Facts<'a> {
    pub(super) fn new(model: &'a Model) -> Self {
        Self { model, operations: model.operations.iter().map(|it| (it.name.as_str(), it)).collect() }
    }

    /// The release that an element came with; `None` where the model does not
    /// have it, or where it has no release of its own.
    pub(super) fn since(&self, element: &Element) -> Option<&'a Version> {
        Some(match element {
            Element::Operation(name) => &self.operation(name)?.since,
            Element::OfOperation(name, Part::Tag, of) => {
                &self.operation(name)?.tags.iter().find(|it| it.pattern == *of)?.since
            }
            // They come and go with their operation.
            Element::OfOperation(name, Part::Error | Part::Example, _) => &self.operation(name)?.since,
            Element::Type(name) => &self.model.data_type(name)?.since,
            Element::Value(ty, of) => &self.value(ty, of)?.since,
            _ => &self.field(element)?.since,
        })
    }

    /// How an element leaves.
    pub(super) fn retirement(&self, element: &Element) -> Option<&'a Retirement> {
        Some(match element {
            Element::Operation(name) => &self.operation(name)?.retirement,
            Element::Type(name) => &self.model.data_type(name)?.retirement,
            Element::Value(ty, of) => &self.value(ty, of)?.retirement,
            _ => &self.field(element)?.retirement,
        })
    }

    /// The release that changes an attribute of an element and is not out yet,
    /// as `self` is the spec in which that is said and `old` the one before.
    pub(super) fn announced(&self, element: &Element, attribute: &str, old: &Self) -> Option<&'a Version> {
        let history = match element {
            Element::Operation(name) => &self.operation(name)?.history,
            Element::Type(name) => &self.model.data_type(name)?.history,
            _ => &self.field(element)?.history,
        };
        let of_attribute = history.iter().filter(|it| it.was.attribute() == attribute);
        of_attribute.map(|it| &it.release).find(|it| !old.is_out(it))
    }

    /// Whether a release is out.
    pub(super) fn is_out(&self, version: &Version) -> bool {
        self.state(version) == Some(ReleaseState::Released)
    }

    /// Whether a release comes after the next one of its line: another one is
    /// being written right before it.
    pub(super) fn is_after_next(&self, version: &Version) -> bool {
        let before = self.model.service.releases.iter().rev().find(|it| it.version < *version);
        before.is_some_and(|it| it.state == ReleaseState::Next)
    }

    fn state(&self, version: &Version) -> Option<ReleaseState> {
        self.model.service.releases.iter().find(|it| it.version == *version).map(|it| it.state)
    }

    fn operation(&self, name: &str) -> Option<&'a Operation> {
        self.operations.get(name).copied()
    }

    fn value(&self, ty: &str, name: &str) -> Option<&'a EnumValue> {
        let TypeShape::Enum { values } = &self.model.data_type(ty)?.shape else { return None };
        values.iter().find(|it| it.name == name)
    }

    /// The parameter or the field that an element is.
    fn field(&self, element: &Element) -> Option<&'a Field> {
        match element {
            Element::OfOperation(name, Part::Parameter, of) => {
                self.operation(name)?.parameters.iter().map(|it| &it.field).find(|it| it.name == *of)
            }
            Element::OfOperation(name, Part::Response, of) => {
                self.operation(name)?.response.iter().find(|it| it.name == *of)
            }
            Element::Envelope(of) => self.model.service.envelope.iter().find(|it| it.name == *of),
            Element::Field(ty, of) => self.model.data_type(ty)?.own_fields().iter().find(|it| it.name == *of),
            _ => None,
        }
    }
}

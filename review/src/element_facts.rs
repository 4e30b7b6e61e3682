//! Releases that add, change and remove elements.

use std::collections::HashMap;

use super::element::{OperationPart, SpecElement};
use zstack_model::{
    AttributeValue, DataType, EnumValue, Field, HistoryEntry, Model, Operation, ReleaseState, Retirement,
    TypeShape, Version,
};

/// A model, with its operations indexed by name.
pub(super) struct ElementFacts<'a> {
    model: &'a Model,
    operations: HashMap<&'a str, &'a Operation>,
}

impl<'a> ElementFacts<'a> {
    pub(super) fn new(model: &'a Model) -> Self {
        Self {
            model,
            operations: model.operations.iter().map(|operation| (&*operation.name, operation)).collect(),
        }
    }

    /// The release that introduced an element; `None` if the model does not have the element or the element has no
    /// release.
    pub(super) fn since(&self, element: &SpecElement) -> Option<&'a Version> {
        Some(match element {
            SpecElement::Operation(name) => &self.operation(name)?.since,
            SpecElement::OfOperation(name, OperationPart::Tag, of) => {
                &self.operation(name)?.tags.iter().find(|tag| tag.pattern == *of)?.since
            }
            // Errors and examples are as old as their operation.
            SpecElement::OfOperation(name, OperationPart::Error | OperationPart::Example, _) => {
                &self.operation(name)?.since
            }
            SpecElement::Type(name) => &self.model.data_type(name)?.since,
            SpecElement::Value(ty, of) => &self.value(ty, of)?.since,
            SpecElement::Field(ty, of) => self.field_since(self.model.data_type(ty)?, of)?,
            _ => &self.field(element)?.since,
        })
    }

    /// The release since which a record has a field. For an inherited field, that is the release that added the field
    /// to the base or the base to the record, whichever is later.
    fn field_since(&self, ty: &'a DataType, of: &str) -> Option<&'a Version> {
        let has = |base: &str| {
            let fields =
                self.model.data_type(base).map(|data_type| self.model.fields(data_type)).unwrap_or_default();
            fields.iter().any(|field| field.name == of)
        };
        let mut since = None;
        for record in std::iter::once(ty).chain(self.model.bases(ty)) {
            if let Some(field) = record.own_fields().iter().find(|field| field.name == of) {
                return Some(since.map_or(&field.since, |since: &Version| since.max(&field.since)));
            }
            let rebased = record.history.iter().rev().find_map(|entry| match &entry.was {
                AttributeValue::Extends(was) => Some((&entry.release, was)),
                _ => None,
            });
            let rebased = rebased.filter(|(_, was)| !was.as_deref().is_some_and(has));
            since = since.max(rebased.map(|(release, _)| release));
        }
        None
    }

    /// Returns whether an element is a field that a record inherits.
    fn is_inherited(&self, element: &SpecElement) -> bool {
        let SpecElement::Field(ty, of) = element else { return false };
        let own = |record: &DataType| record.own_fields().iter().any(|field| field.name == *of);
        self.model.data_type(ty).is_some_and(|data_type| !own(data_type)) && self.field(element).is_some()
    }

    /// Returns whether published releases inherit a field from a base that a later release removes.
    pub(super) fn is_inherited_until_later(&self, element: &SpecElement) -> bool {
        let SpecElement::Field(ty, of) = element else { return false };
        let Some(record) = self.model.data_type(ty) else { return false };
        let is_later = |entry: &&HistoryEntry| !self.is_released(&entry.release);
        let mut rebased =
            record.history.iter().filter(|entry| matches!(entry.was, AttributeValue::Extends(_)));
        let Some(AttributeValue::Extends(Some(base))) = rebased.find(is_later).map(|entry| &entry.was) else {
            return false;
        };
        self.field(&SpecElement::Field(base.clone(), of.clone())).is_some()
    }

    /// The deprecation and removal of an element.
    pub(super) fn retirement(&self, element: &SpecElement) -> Option<&'a Retirement> {
        Some(match element {
            SpecElement::Operation(name) => &self.operation(name)?.retirement,
            SpecElement::Type(name) => &self.model.data_type(name)?.retirement,
            SpecElement::Value(ty, of) => &self.value(ty, of)?.retirement,
            _ => &self.field(element)?.retirement,
        })
    }

    /// The release that changes an attribute of an element and is not published in the `old` spec.
    pub(super) fn announcing_release(
        &self,
        element: &SpecElement,
        attribute: &str,
        old: &Self,
    ) -> Option<&'a Version> {
        let (history, attribute) = match element {
            SpecElement::Operation(name) => (&self.operation(name)?.history, attribute),
            SpecElement::Type(name) => (&self.model.data_type(name)?.history, attribute),
            // An inherited field is added and removed with the base.
            SpecElement::Field(ty, _)
                if attribute.is_empty() && (self.is_inherited(element) || old.is_inherited(element)) =>
            {
                (&self.model.data_type(ty)?.history, "extends")
            }
            _ => (&self.field(element)?.history, attribute),
        };
        let entries = history.iter().filter(|entry| entry.was.attribute() == attribute);
        entries.map(|entry| &entry.release).find(|release| !old.is_released(release))
    }

    /// Returns whether a release is published.
    pub(super) fn is_released(&self, version: &Version) -> bool {
        self.state(version) == Some(ReleaseState::Released)
    }

    /// Returns whether the release before this one is still in preparation.
    pub(super) fn is_after_next(&self, version: &Version) -> bool {
        let before = self.model.service.releases.iter().rev().find(|release| release.version < *version);
        before.is_some_and(|release| release.state == ReleaseState::Next)
    }

    fn state(&self, version: &Version) -> Option<ReleaseState> {
        let releases = &self.model.service.releases;
        releases.iter().find(|release| release.version == *version).map(|release| release.state)
    }

    fn operation(&self, name: &str) -> Option<&'a Operation> {
        self.operations.get(name).copied()
    }

    fn value(&self, ty: &str, name: &str) -> Option<&'a EnumValue> {
        let TypeShape::Enum { values } = &self.model.data_type(ty)?.shape else { return None };
        values.iter().find(|value| value.name == name)
    }

    fn field(&self, element: &SpecElement) -> Option<&'a Field> {
        element.field(self.model, |name| self.operation(name))
    }
}

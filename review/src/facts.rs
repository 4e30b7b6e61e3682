//! What a spec says of an element's coming and going.

use std::collections::HashMap;

use super::element::{Element, Part};
use zstack_model::{
    AttributeValue, DataType, EnumValue, Field, Model, Operation, ReleaseState, Retirement, TypeShape,
    Version,
};

/// A model in which elements are found by their names.
pub(super) struct ElementFacts<'a> {
    model: &'a Model,
    operations: HashMap<&'a str, &'a Operation>,
}

impl<'a> ElementFacts<'a> {
    pub(super) fn new(model: &'a Model) -> Self {
        Self {
            model,
            operations: model
                .operations
                .iter()
                .map(|operation| (operation.name.as_str(), operation))
                .collect(),
        }
    }

    /// The release that an element came with; `None` where the model does not
    /// have it, or where it has no release of its own.
    pub(super) fn since(&self, element: &Element) -> Option<&'a Version> {
        Some(match element {
            Element::Operation(name) => &self.operation(name)?.since,
            Element::OfOperation(name, Part::Tag, of) => {
                &self.operation(name)?.tags.iter().find(|tag| tag.pattern == *of)?.since
            }
            // They come and go with their operation.
            Element::OfOperation(name, Part::Error | Part::Example, _) => &self.operation(name)?.since,
            Element::Type(name) => &self.model.data_type(name)?.since,
            Element::Value(ty, of) => &self.value(ty, of)?.since,
            Element::Field(ty, of) => self.field_since(self.model.data_type(ty)?, of)?,
            _ => &self.field(element)?.since,
        })
    }

    /// The release that a record has a field since: an inherited one since its base has it, or since the
    /// record, or one between, took that base.
    fn field_since(&self, ty: &'a DataType, of: &str) -> Option<&'a Version> {
        let has = |base: &str| {
            let fields =
                self.model.data_type(base).map(|data_type| self.model.fields(data_type)).unwrap_or_default();
            fields.iter().any(|field| field.name == of)
        };
        let mut since = None;
        for it in std::iter::once(ty).chain(self.model.bases(ty)) {
            if let Some(field) = it.own_fields().iter().find(|field| field.name == of) {
                return Some(since.map_or(&field.since, |it: &Version| it.max(&field.since)));
            }
            let taken = it.history.iter().rev().find_map(|history| match &history.was {
                AttributeValue::Extends(was) => Some((&history.release, was)),
                _ => None,
            });
            since = since.max(taken.filter(|(_, was)| !was.as_deref().is_some_and(has)).map(|(it, _)| it));
        }
        None
    }

    /// Whether a record has a field from a base.
    fn is_inherited(&self, element: &Element) -> bool {
        let Element::Field(ty, of) = element else { return false };
        let own = |it: &DataType| it.own_fields().iter().any(|field| field.name == *of);
        self.model.data_type(ty).is_some_and(|data_type| !own(data_type)) && self.field(element).is_some()
    }

    /// Whether the releases that are out have a field from a base that a later one takes away.
    pub(super) fn inherited_until(&self, element: &Element) -> bool {
        let Element::Field(ty, of) = element else { return false };
        let Some(it) = self.model.data_type(ty) else { return false };
        let later = it.history.iter().find(|history| {
            matches!(history.was, AttributeValue::Extends(_)) && !self.is_out(&history.release)
        });
        let Some(AttributeValue::Extends(Some(base))) = later.map(|it| &it.was) else { return false };
        self.field(&Element::Field(base.clone(), of.clone())).is_some()
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
        let (history, attribute) = match element {
            Element::Operation(name) => (&self.operation(name)?.history, attribute),
            Element::Type(name) => (&self.model.data_type(name)?.history, attribute),
            // It comes and goes with the base.
            Element::Field(ty, _)
                if attribute.is_empty() && (self.is_inherited(element) || old.is_inherited(element)) =>
            {
                (&self.model.data_type(ty)?.history, "extends")
            }
            _ => (&self.field(element)?.history, attribute),
        };
        let of_attribute = history.iter().filter(|history| history.was.attribute() == attribute);
        of_attribute.map(|of_attribute| &of_attribute.release).find(|release| !old.is_out(release))
    }

    /// Whether a release is out.
    pub(super) fn is_out(&self, version: &Version) -> bool {
        self.state(version) == Some(ReleaseState::Released)
    }

    /// Whether a release comes after the next one of its line: another one is
    /// being written right before it.
    pub(super) fn is_after_next(&self, version: &Version) -> bool {
        let before = self.model.service.releases.iter().rev().find(|release| release.version < *version);
        before.is_some_and(|it| it.state == ReleaseState::Next)
    }

    fn state(&self, version: &Version) -> Option<ReleaseState> {
        self.model
            .service
            .releases
            .iter()
            .find(|release| release.version == *version)
            .map(|release| release.state)
    }

    fn operation(&self, name: &str) -> Option<&'a Operation> {
        self.operations.get(name).copied()
    }

    fn value(&self, ty: &str, name: &str) -> Option<&'a EnumValue> {
        let TypeShape::Enum { values } = &self.model.data_type(ty)?.shape else { return None };
        values.iter().find(|value| value.name == name)
    }

    /// The parameter or the field that an element is.
    fn field(&self, element: &Element) -> Option<&'a Field> {
        match element {
            Element::OfOperation(name, Part::Parameter, of) => self
                .operation(name)?
                .parameters
                .iter()
                .map(|parameter| &parameter.field)
                .find(|field| field.name == *of),
            Element::OfOperation(name, Part::Response, of) => {
                self.operation(name)?.response.iter().find(|response| response.name == *of)
            }
            Element::Envelope(of) => self.model.service.envelope.iter().find(|envelope| envelope.name == *of),
            Element::Field(ty, of) => {
                self.model.fields(self.model.data_type(ty)?).into_iter().rfind(|field| field.name == *of)
            }
            _ => None,
        }
    }
}

//! The releases that elements name. An element does not change in other releases.

use super::{AttributeValue, DataType, Field, HistoryEntry, Operation, Retirement, TypeShape, Version};

impl Operation {
    /// The releases that the operation and its parts name, except its examples.
    pub fn releases(&self) -> impl Iterator<Item = &Version> {
        let own = of_element(&self.since, &self.retirement, &self.history);
        own.chain(self.fields().flat_map(Field::releases)).chain(self.tags.iter().map(|tag| &tag.since))
    }

    /// Returns whether a default may have been added in the release that added its enum value, which
    /// the element does not name.
    pub fn depends_on_values(&self) -> bool {
        self.fields().any(Field::depends_on_values)
    }

    fn fields(&self) -> impl Iterator<Item = &Field> {
        self.parameters.iter().map(|parameter| &parameter.field).chain(&self.response)
    }
}

impl DataType {
    /// The releases that the data type and its parts name.
    pub fn releases(&self) -> impl Iterator<Item = &Version> {
        let values = if let TypeShape::Enum { values } = &self.shape { &values[..] } else { &[] };
        let values = values.iter().flat_map(|value| of_element(&value.since, &value.retirement, &[]));
        let own = of_element(&self.since, &self.retirement, &self.history);
        own.chain(self.own_fields().iter().flat_map(Field::releases)).chain(values)
    }

    /// Returns whether a default may have been added in the release that added its enum value, which
    /// the element does not name.
    pub fn depends_on_values(&self) -> bool {
        self.own_fields().iter().any(Field::depends_on_values)
    }
}

impl Field {
    /// The data types that the field names, now or in its history.
    pub fn types(&self) -> impl Iterator<Item = &str> {
        let former = self.history.iter().filter_map(|entry| match &entry.was {
            AttributeValue::Type(ty) => ty.data_type_name(),
            _ => None,
        });
        self.ty.data_type_name().into_iter().chain(former)
    }

    fn releases(&self) -> impl Iterator<Item = &Version> {
        of_element(&self.since, &self.retirement, &self.history)
    }

    fn depends_on_values(&self) -> bool {
        self.ever_had_default() && self.types().next().is_some()
    }

    /// Returns whether the field has a default, now or in its history.
    pub fn ever_had_default(&self) -> bool {
        self.default.is_some()
            || self.history.iter().any(|entry| matches!(entry.was, AttributeValue::Default(Some(_))))
    }
}

fn of_element<'a>(
    since: &'a Version,
    retirement: &'a Retirement,
    history: &'a [HistoryEntry],
) -> impl Iterator<Item = &'a Version> {
    let Retirement { deprecated, removed, replacement: _ } = retirement;
    let retirement = deprecated.iter().chain(removed);
    std::iter::once(since).chain(retirement).chain(history.iter().map(|entry| &entry.release))
}

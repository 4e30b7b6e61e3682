//! The releases that elements name: what nothing names did not change then.

use super::{DataType, Field, HistoryEntry, Operation, Retirement, TypeShape, Version, Was};

impl Operation {
    /// The releases that it and its parts name, its examples left out.
    pub fn releases(&self) -> impl Iterator<Item = &Version> {
        let own = of_element(&self.since, &self.retirement, &self.history);
        own.chain(self.fields().flat_map(Field::releases)).chain(self.tags.iter().map(|tag| &tag.since))
    }

    /// Whether a default may have come when a value of its type did: the release
    /// is named by that.
    pub fn depends_on_values(&self) -> bool {
        self.fields().any(Field::depends_on_values)
    }

    fn fields(&self) -> impl Iterator<Item = &Field> {
        self.parameters.iter().map(|parameter| &parameter.field).chain(&self.response)
    }
}

impl DataType {
    /// The releases that it and its parts name.
    pub fn releases(&self) -> impl Iterator<Item = &Version> {
        let values = if let TypeShape::Enum { values } = &self.shape { &values[..] } else { &[] };
        let values = values.iter().flat_map(|value| of_element(&value.since, &value.retirement, &[]));
        let own = of_element(&self.since, &self.retirement, &self.history);
        own.chain(self.own_fields().iter().flat_map(Field::releases)).chain(values)
    }

    /// Whether a default may have come when a value of its type did: the release
    /// is named by that.
    pub fn depends_on_values(&self) -> bool {
        self.own_fields().iter().any(Field::depends_on_values)
    }
}

impl Field {
    /// The data types that it names, or named.
    pub fn types(&self) -> impl Iterator<Item = &str> {
        let was = self.history.iter().filter_map(|history| match &history.was {
            Was::Type(ty) => ty.named(),
            _ => None,
        });
        self.ty.named().into_iter().chain(was)
    }

    fn releases(&self) -> impl Iterator<Item = &Version> {
        of_element(&self.since, &self.retirement, &self.history)
    }

    fn depends_on_values(&self) -> bool {
        self.ever_had_default() && self.types().next().is_some()
    }

    /// Whether it has a default, or had one.
    pub fn ever_had_default(&self) -> bool {
        self.default.is_some()
            || self.history.iter().any(|history| matches!(history.was, Was::Default(Some(_))))
    }
}

fn of_element<'a>(
    since: &'a Version,
    retirement: &'a Retirement,
    history: &'a [HistoryEntry],
) -> impl Iterator<Item = &'a Version> {
    let Retirement { deprecated, removed, replacement: _ } = retirement;
    let retirement = deprecated.iter().chain(removed);
    std::iter::once(since).chain(retirement).chain(history.iter().map(|history| &history.release))
}

//! Slices: the API as of a release.

use std::cell::OnceCell;
use std::collections::HashSet;

use serde_json::{Map, Value};

use super::query::columns;
use super::{
    AttributeValue, DataType, EnumValue, Example, Field, Historic, HistoryEntry, Model, Operation, Place,
    Retirement, Type, TypeShape, Version, query_parameters, variables,
};

impl Model {
    /// Returns the API as of a release: without elements and defaults that later releases added or that
    /// were removed by then, with the previous values of attributes that later releases changed, and
    /// without later deprecations.
    ///
    /// The responses of examples lose such fields as well. Examples that were impossible in that
    /// release are left out: those whose request uses a later element, and those whose response has a
    /// later value.
    ///
    /// The version need not be a declared release. For the newest one, the result is the model without
    /// removed elements.
    #[must_use]
    pub fn at(&self, version: &Version) -> Self {
        let slice = Slice::new(self, version);
        let operations: Vec<_> =
            self.operations.iter().filter_map(|operation| slice.operation(operation)).collect();
        let mut service = self.service.clone();
        service.releases.retain(|release| release.version <= *version);
        service.envelope = self.envelope_at(version);
        Self {
            categories: self
                .categories
                .iter()
                .filter(|category| operations.iter().any(|operation| operation.category == category.name))
                .cloned()
                .collect(),
            types: self.types.iter().filter_map(|ty| slice.data_type(ty)).collect(),
            service,
            operations,
        }
    }

    /// Returns an operation as of a release, without its examples; see [`at`](Self::at).
    pub fn operation_on_wire(&self, operation: &Operation, version: &Version) -> Option<Operation> {
        Slice::new(self, version).on_wire(operation)
    }

    /// Returns a data type as of a release; see [`at`](Self::at).
    pub fn data_type_at(&self, ty: &DataType, version: &Version) -> Option<DataType> {
        Slice::new(self, version).data_type(ty)
    }

    /// Returns the fields of every response as of a release; see [`at`](Self::at).
    pub fn envelope_at(&self, version: &Version) -> Vec<Field> {
        let mut envelope = self.service.envelope.clone();
        Slice::new(self, version).fields(&mut envelope);
        envelope
    }
}

impl Operation {
    /// Clones the operation without its examples, which use most of its memory.
    pub fn without_examples(&self) -> Self {
        Self { examples: Vec::new(), ..self.clone() }
    }

    /// Returns the operation on the wire as of some releases: without the changes and the parameters of
    /// others; `None` if it has no path then.
    pub fn in_releases(&self, has: impl Fn(&Version) -> bool) -> Option<Self> {
        let mut cut = self.clone();
        cut.undo(&has);
        cut.parameters.retain(|parameter| has(&parameter.field.since));
        cut.parameters.iter_mut().for_each(|parameter| parameter.undo(&has));
        cut.cut_paths()?;
        Some(cut)
    }

    /// Removes paths with variables that are not parameters, from the current paths and from the
    /// history; `None` if no current path is left. A variable of all remaining paths becomes a required
    /// parameter in the path.
    fn cut_paths(&mut self) -> Option<()> {
        let has = |path: &str, name: &str| variables(path).any(|variable| variable == name);
        let has_parameters = |path: &String| {
            variables(path)
                .all(|variable| self.parameters.iter().any(|parameter| parameter.field.name == variable))
        };
        let cut = |(path, paths): &Paths| {
            let mut left = std::iter::once(path).chain(paths).filter(|path| has_parameters(path)).cloned();
            Some((left.next()?, left.collect::<Vec<_>>()))
        };
        let all = (self.path.clone(), self.paths.clone());
        let now = cut(&all)?;
        if self
            .history
            .iter()
            .any(|entry| matches!(entry.was, AttributeValue::Path(_) | AttributeValue::Paths(_)))
        {
            self.history = history_of_paths(&self.history, all, cut);
        }
        (self.path, self.paths) = now;
        for it in &mut self.parameters {
            let name = &it.field.name;
            if has(&self.path, name) && self.paths.iter().all(|path| has(path, name)) {
                it.place = Place::Path;
                it.field.required = true;
            }
        }
        Some(())
    }
}

/// The first path, and the others.
type Paths = (String, Vec<String>);

/// Applies `cut` to the paths of each release in a history. A removed path may have been the first one,
/// in which case another becomes the first one.
fn history_of_paths(
    history: &[HistoryEntry],
    mut all: Paths,
    cut: impl Fn(&Paths) -> Option<Paths>,
) -> Vec<HistoryEntry> {
    let mut cut_back = Vec::new();
    // A release without any of the paths does not have the operation, so its paths do not matter.
    let cut = |all: &Paths| cut(all).unwrap_or_else(|| all.clone());
    let mut newer = cut(&all);
    for entries in history.chunk_by(|entry, next| entry.release == next.release).rev() {
        let release = &entries[0].release;
        for it in entries.iter().rev() {
            match &it.was {
                AttributeValue::Path(path) => all.0.clone_from(path),
                AttributeValue::Paths(paths) => all.1.clone_from(paths),
                _ => cut_back.push(it.clone()),
            }
        }
        let older = cut(&all);
        let mut add = |was| cut_back.push(HistoryEntry { release: *release, was });
        if older.1 != newer.1 {
            add(AttributeValue::Paths(older.1.clone()));
        }
        if older.0 != newer.0 {
            add(AttributeValue::Path(older.0.clone()));
        }
        newer = older;
    }
    cut_back.reverse();
    cut_back
}

/// A model and the release for which it is sliced.
struct Slice<'a> {
    model: &'a Model,
    version: &'a Version,
    /// The resources that the release has a record for.
    resources: OnceCell<HashSet<&'a str>>,
}

impl<'a> Slice<'a> {
    fn new(model: &'a Model, version: &'a Version) -> Self {
        Self { model, version, resources: OnceCell::new() }
    }

    fn has(&self, since: &Version, retirement: &Retirement) -> bool {
        since <= self.version && !retirement.is_removed_in(self.version)
    }

    fn operation(&self, operation: &Operation) -> Option<Operation> {
        let mut cut = self.on_wire(operation)?;
        cut.examples = operation
            .examples
            .iter()
            .filter(|example| self.was_possible(operation, example))
            .cloned()
            .collect();
        for example in &mut cut.examples {
            if let Value::Object(body) = &mut example.response {
                *body = self.object(body, &self.response_fields(operation));
            }
        }
        Some(cut)
    }

    /// Returns the operation without its examples.
    fn on_wire(&self, it: &Operation) -> Option<Operation> {
        if !self.has(&it.since, &it.retirement) {
            return None;
        }
        let mut cut = it.without_examples();
        self.undo_later(&mut cut);
        cut.retirement = it.retirement.at(self.version);
        cut.parameters.retain(|parameter| self.has(&parameter.field.since, &parameter.field.retirement));
        for it in &mut cut.parameters {
            self.undo_later(it);
            self.remove_later(&mut it.field);
        }
        cut.cut_paths()?;
        self.fields(&mut cut.response);
        cut.tags.retain(|tag| tag.since <= *self.version);
        Some(cut)
    }

    fn data_type(&self, ty: &DataType) -> Option<DataType> {
        if !self.has(&ty.since, &ty.retirement) {
            return None;
        }
        let mut cut = ty.clone();
        self.undo_later(&mut cut);
        cut.retirement = ty.retirement.at(self.version);
        match &mut cut.shape {
            TypeShape::Record { fields, .. } => self.fields(fields),
            TypeShape::Enum { values } => {
                values.retain(|value| self.has(&value.since, &value.retirement));
                for EnumValue { retirement, .. } in values {
                    *retirement = retirement.at(self.version);
                }
            }
        }
        Some(cut)
    }

    fn fields(&self, fields: &mut Vec<Field>) {
        fields.retain(|field| self.has(&field.since, &field.retirement));
        for it in fields {
            self.undo_later(it);
            self.remove_later(it);
        }
    }

    /// Undoes the changes of later releases.
    fn undo_later(&self, it: &mut impl Historic) {
        it.undo(|release| release <= self.version);
    }

    /// Removes a later deprecation, a later default, and a reference to a resource without a record.
    fn remove_later(&self, field: &mut Field) {
        field.retirement = field.retirement.at(self.version);
        field.refers =
            field.refers.take().filter(|resource| field.ty.holds_uuids() && self.has_resource(resource));
        field.default =
            field.default.take().filter(|value| self.had_value(value, &field.ty, self.version, true));
    }

    fn has_resource(&self, resource: &str) -> bool {
        let types = || self.model.types.iter().filter(|ty| self.has(&ty.since, &ty.retirement));
        let resources = || types().filter_map(|ty| ty.resource.as_deref()).collect();
        self.resources.get_or_init(resources).contains(resource)
    }

    /// The fields that a response may contain.
    fn response_fields<'b>(&'b self, operation: &'b Operation) -> Vec<&'b Field> {
        operation.response.iter().chain(&self.model.service.envelope).collect()
    }

    fn was_possible(&self, operation: &Operation, example: &Example) -> bool {
        let Example { request, response, .. } = example;
        let standard = if operation.query { query_parameters() } else { Vec::new() };
        let parameters: Vec<_> =
            standard.iter().chain(operation.parameters.iter().map(|parameter| &parameter.field)).collect();
        let tags = request.get("systemTags").and_then(Value::as_array).into_iter().flatten();
        let mut tags = tags.filter_map(Value::as_str);
        let later: Vec<_> = operation.tags.iter().filter(|tag| tag.since > *self.version).collect();
        self.had_object(request, &parameters, self.version, true)
            && !tags.any(|text| later.iter().any(|tag| text.starts_with(&tag.prefix)))
            && (!operation.query || columns(request).all(|column| self.had_column(operation, column)))
            && response.as_object().is_none_or(|response| {
                self.had_object(response, &self.response_fields(operation), self.version, false)
            })
    }

    /// Returns whether the release had the values of an object. A request also needs all its fields,
    /// while a response may lose fields, but not values that are newer than their field. `until` is the
    /// release that added the innermost field, so that a release has all examples of earlier releases.
    fn had_object(
        &self,
        object: &Map<String, Value>,
        fields: &[&Field],
        until: &Version,
        is_request: bool,
    ) -> bool {
        object.iter().all(|(name, value)| {
            let Some(field) = fields.iter().find(|field| field.name == *name) else { return true };
            (!is_request || self.has(&field.since, &field.retirement))
                && self.had_value(value, &field.ty, until.max(&field.since), is_request)
        })
    }

    fn had_value(&self, value: &Value, ty: &Type, until: &Version, is_request: bool) -> bool {
        match (ty, value) {
            (Type::List(inner), Value::Array(items)) => {
                items.iter().all(|item| self.had_value(item, inner, until, is_request))
            }
            (Type::Map(inner), Value::Object(entries)) => {
                entries.values().all(|value| self.had_value(value, inner, until, is_request))
            }
            (Type::Named(name), _) => match self.model.data_type(name) {
                Some(ty) => self.had_named_value(value, ty, until, is_request),
                None => true,
            },
            _ => true,
        }
    }

    fn had_named_value(&self, value: &Value, ty: &DataType, until: &Version, is_request: bool) -> bool {
        match (&ty.shape, value) {
            (TypeShape::Record { .. }, Value::Object(object)) => {
                self.had_object(object, &self.model.fields(ty), until, is_request)
            }
            (TypeShape::Enum { values }, Value::String(text)) => {
                let known = values.iter().find(|value| value.name == *text);
                known.is_none_or(|value| {
                    value.since <= *until && !value.retirement.is_removed_in(self.version)
                })
            }
            _ => true,
        }
    }

    /// Returns whether the release had a column that a query names, such as `vmNics.ip`. Columns that
    /// the spec does not describe count as present.
    fn had_column(&self, operation: &Operation, column: &str) -> bool {
        let mut fields: Vec<_> = operation.response.iter().collect();
        std::iter::once("inventories").chain(column.split('.')).all(|name| {
            let Some(field) = fields.iter().find(|field| field.name == name) else {
                fields = Vec::new();
                return true;
            };
            let is_present = self.has(&field.since, &field.retirement);
            let inner = field.ty.data_type_name().and_then(|name| self.model.data_type(name));
            fields = inner.map(|ty| self.model.fields(ty)).unwrap_or_default();
            is_present
        })
    }

    /// Removes fields that the release does not have.
    fn object(&self, object: &Map<String, Value>, fields: &[&Field]) -> Map<String, Value> {
        let mut cut = Map::new();
        for (name, value) in object {
            match fields.iter().find(|field| field.name == *name) {
                Some(field) if !self.has(&field.since, &field.retirement) => {}
                Some(field) => drop(cut.insert(name.clone(), self.value(value, &field.ty))),
                // Unreachable: examples have declared fields only.
                None => drop(cut.insert(name.clone(), value.clone())),
            }
        }
        cut
    }

    fn value(&self, value: &Value, ty: &Type) -> Value {
        match (ty, value) {
            (Type::List(inner), Value::Array(items)) => {
                Value::Array(items.iter().map(|item| self.value(item, inner)).collect())
            }
            (Type::Map(inner), Value::Object(entries)) => Value::Object(
                entries.iter().map(|(key, entry)| (key.clone(), self.value(entry, inner))).collect(),
            ),
            (Type::Named(name), Value::Object(object)) => match self.model.data_type(name) {
                Some(ty) => Value::Object(self.object(object, &self.model.fields(ty))),
                None => value.clone(),
            },
            _ => value.clone(),
        }
    }
}

#[cfg(test)]
mod tests;

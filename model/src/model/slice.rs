//! The API as a release had it.

use serde_json::{Map, Value};

use super::query::columns;
use super::{
    DataType, EnumValue, Example, Field, Historic, HistoryEntry, Model, Operation, Place, Retirement, Type,
    TypeShape, Version, Was, query_parameters, variables,
};

impl Model {
    /// The API exactly as the release `version` had it: without operations,
    /// paths, parameters, fields, tags, data types, values of enums and defaults
    /// that came later, and without those that were removed in it or before;
    /// what a later release changed is as it was before, as `history` says;
    /// nothing is deprecated before its time. The answers of examples are told
    /// without them, too; an example whose request asks for one of them, or
    /// whose answer has a value that there was not, could not have happened and
    /// is left out.
    ///
    /// The version need not be a declared release; `at` of the newest one is
    /// the model without what is gone by now.
    #[must_use]
    pub fn at(&self, version: &Version) -> Self {
        let slice = Slice { model: self, version };
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
            types: self.types.iter().filter_map(|it| self.data_type_at(it, version)).collect(),
            service,
            operations,
        }
    }

    /// An operation of it as [`at`](Self::at) has it, but for its examples.
    pub fn operation_on_wire(&self, it: &Operation, version: &Version) -> Option<Operation> {
        Slice { model: self, version }.on_wire(it)
    }

    /// A data type of it as [`at`](Self::at) has it.
    pub fn data_type_at(&self, it: &DataType, version: &Version) -> Option<DataType> {
        let slice = Slice { model: self, version };
        slice.has(&it.since, &it.retirement).then(|| slice.data_type(it))
    }

    /// The fields of every response as [`at`](Self::at) has them.
    pub fn envelope_at(&self, version: &Version) -> Vec<Field> {
        let mut envelope = self.service.envelope.clone();
        Slice { model: self, version }.fields(&mut envelope);
        envelope
    }
}

impl Operation {
    /// The same without its examples, which take most of the room.
    pub fn without_examples(&self) -> Self {
        Self { examples: Vec::new(), ..self.clone() }
    }

    /// The operation as some releases had it on the wire: without the changes
    /// of others, and without the parameters that others brought; `None` where
    /// it has no path then.
    pub fn of_releases(&self, has: impl Fn(&Version) -> bool) -> Option<Self> {
        let mut cut = self.clone();
        cut.undo(&has);
        cut.parameters.retain(|parameter| has(&parameter.field.since));
        cut.parameters.iter_mut().for_each(|parameter| parameter.undo(&has));
        cut.cut_paths()?;
        Some(cut)
    }

    /// Leaves the paths whose variables are parameters, now and in its history,
    /// which may be cut again; `None` where none is left now. What every one of
    /// them has must be given, in the path.
    fn cut_paths(&mut self) -> Option<()> {
        let has = |path: &str, name: &str| variables(path).any(|variable| variable == name);
        let is_there = |path: &String| {
            variables(path).all(|variable| self.parameters.iter().any(|has| has.field.name == variable))
        };
        let cut = |(path, paths): &Paths| {
            let mut left = std::iter::once(path).chain(paths).filter(|once| is_there(once)).cloned();
            Some((left.next()?, left.collect::<Vec<_>>()))
        };
        let all = (self.path.clone(), self.paths.clone());
        let now = cut(&all)?;
        if self.history.iter().any(|history| matches!(history.was, Was::Path(_) | Was::Paths(_))) {
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

/// A history whose paths are cut, release by release: a path that is left out
/// now may have been the first one, and another is then.
fn history_of_paths(
    history: &[HistoryEntry],
    mut all: Paths,
    cut: impl Fn(&Paths) -> Option<Paths>,
) -> Vec<HistoryEntry> {
    let mut cut_back = Vec::new();
    // A release in which none of its paths is left has no slice with it: no one
    // asks which paths these were.
    let cut = |all: &Paths| cut(all).unwrap_or_else(|| all.clone());
    let mut newer = cut(&all);
    for entries in history.chunk_by(|one, other| one.release == other.release).rev() {
        let release = &entries[0].release;
        for it in entries.iter().rev() {
            match &it.was {
                Was::Path(path) => all.0.clone_from(path),
                Was::Paths(paths) => all.1.clone_from(paths),
                _ => cut_back.push(it.clone()),
            }
        }
        let older = cut(&all);
        let mut add = |was| cut_back.push(HistoryEntry { release: release.clone(), was });
        if older.1 != newer.1 {
            add(Was::Paths(older.1.clone()));
        }
        if older.0 != newer.0 {
            add(Was::Path(older.0.clone()));
        }
        newer = older;
    }
    cut_back.reverse();
    cut_back
}

/// What is cut, and where.
struct Slice<'a> {
    model: &'a Model,
    version: &'a Version,
}

impl Slice<'_> {
    fn has(&self, since: &Version, retirement: &Retirement) -> bool {
        since <= self.version && !retirement.is_removed_in(self.version)
    }

    fn operation(&self, it: &Operation) -> Option<Operation> {
        let mut cut = self.on_wire(it)?;
        cut.examples = it.examples.iter().filter(|example| self.could_happen(it, example)).cloned().collect();
        for example in &mut cut.examples {
            if let Value::Object(body) = &mut example.response {
                *body = self.object(body, &self.answer(it));
            }
        }
        Some(cut)
    }

    /// Without examples.
    fn on_wire(&self, it: &Operation) -> Option<Operation> {
        if !self.has(&it.since, &it.retirement) {
            return None;
        }
        let mut cut = it.without_examples();
        self.before(&mut cut);
        cut.retirement = it.retirement.at(self.version);
        cut.parameters.retain(|parameter| self.has(&parameter.field.since, &parameter.field.retirement));
        for it in &mut cut.parameters {
            self.before(it);
            self.told(&mut it.field);
        }
        cut.cut_paths()?;
        self.fields(&mut cut.response);
        cut.tags.retain(|tag| tag.since <= *self.version);
        Some(cut)
    }

    fn data_type(&self, it: &DataType) -> DataType {
        let mut cut = it.clone();
        self.before(&mut cut);
        cut.retirement = it.retirement.at(self.version);
        match &mut cut.shape {
            TypeShape::Record { fields, .. } => self.fields(fields),
            TypeShape::Enum { values } => {
                values.retain(|value| self.has(&value.since, &value.retirement));
                for EnumValue { retirement, .. } in values {
                    *retirement = retirement.at(self.version);
                }
            }
        }
        cut
    }

    fn fields(&self, fields: &mut Vec<Field>) {
        fields.retain(|field| self.has(&field.since, &field.retirement));
        for it in fields {
            self.before(it);
            self.told(it);
        }
    }

    /// Takes back what later releases changed.
    fn before(&self, it: &mut impl Historic) {
        it.undo(|release| release <= self.version);
    }

    /// A field as it was told of then.
    fn told(&self, field: &mut Field) {
        field.retirement = field.retirement.at(self.version);
        field.default = field.default.take().filter(|it| self.was_there(it, &field.ty, self.version, true));
    }

    /// The fields that an answer may have.
    fn answer<'a>(&'a self, operation: &'a Operation) -> Vec<&'a Field> {
        operation.response.iter().chain(&self.model.service.envelope).collect()
    }

    fn could_happen(&self, operation: &Operation, example: &Example) -> bool {
        let Example { request, response, .. } = example;
        let standard = if operation.query { query_parameters() } else { Vec::new() };
        let parameters: Vec<_> =
            standard.iter().chain(operation.parameters.iter().map(|parameter| &parameter.field)).collect();
        let tags = request.get("systemTags").and_then(Value::as_array).into_iter().flatten();
        let mut tags = tags.filter_map(Value::as_str);
        let later: Vec<_> = operation.tags.iter().filter(|tag| tag.since > *self.version).collect();
        self.had(request, &parameters, self.version, true)
            && !tags.any(|text| later.iter().any(|it| text.starts_with(&it.prefix)))
            && (!operation.query || columns(request).all(|column| self.had_column(operation, column)))
            && response
                .as_object()
                .is_none_or(|response| self.had(response, &self.answer(operation), self.version, false))
    }

    /// Whether the values of an object were there. What was asked for is
    /// nothing without its fields. What was answered may lose a field, but no
    /// value: one that came after its field. `until` is when the innermost
    /// field came, so that a release has every example of those before it.
    fn had(&self, object: &Map<String, Value>, fields: &[&Field], until: &Version, asked: bool) -> bool {
        object.iter().all(|(name, value)| {
            let Some(field) = fields.iter().find(|field| field.name == *name) else { return true };
            (!asked || self.has(&field.since, &field.retirement))
                && self.was_there(value, &field.ty, until.max(&field.since), asked)
        })
    }

    fn was_there(&self, value: &Value, ty: &Type, until: &Version, asked: bool) -> bool {
        match (ty, value) {
            (Type::List(inner), Value::Array(items)) => {
                items.iter().all(|item| self.was_there(item, inner, until, asked))
            }
            (Type::Map(inner), Value::Object(entries)) => {
                entries.values().all(|value| self.was_there(value, inner, until, asked))
            }
            (Type::Named(name), _) => match self.model.data_type(name) {
                Some(ty) => self.is_of(value, ty, until, asked),
                None => true,
            },
            _ => true,
        }
    }

    fn is_of(&self, value: &Value, ty: &DataType, until: &Version, asked: bool) -> bool {
        match (&ty.shape, value) {
            (TypeShape::Record { .. }, Value::Object(object)) => {
                self.had(object, &self.model.fields(ty), until, asked)
            }
            (TypeShape::Enum { values }, Value::String(text)) => {
                let known = values.iter().find(|value| value.name == *text);
                known.is_none_or(|it| it.since <= *until && !it.retirement.is_removed_in(self.version))
            }
            _ => true,
        }
    }

    /// Whether a column that a query names, `vmNics.ip`, was there. What the
    /// records do not tell is for the platform to know.
    fn had_column(&self, operation: &Operation, column: &str) -> bool {
        let mut fields: Vec<_> = operation.response.iter().collect();
        std::iter::once("inventories").chain(column.split('.')).all(|name| {
            let Some(field) = fields.iter().find(|field| field.name == name) else {
                fields = Vec::new();
                return true;
            };
            let was_there = self.has(&field.since, &field.retirement);
            let inner = field.ty.named().and_then(|it| self.model.data_type(it));
            fields = inner.map(|it| self.model.fields(it)).unwrap_or_default();
            was_there
        })
    }

    /// What is left of an answer.
    fn object(&self, object: &Map<String, Value>, fields: &[&Field]) -> Map<String, Value> {
        let mut cut = Map::new();
        for (name, value) in object {
            match fields.iter().find(|field| field.name == *name) {
                Some(field) if !self.has(&field.since, &field.retirement) => {}
                Some(field) => drop(cut.insert(name.clone(), self.value(value, &field.ty))),
                // Examples have no other fields.
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
            (Type::Map(inner), Value::Object(entries)) => {
                Value::Object(entries.iter().map(|(key, it)| (key.clone(), self.value(it, inner))).collect())
            }
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

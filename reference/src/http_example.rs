//! An example as it travels: what a client sends, and the members of JSON in
//! the order of the spec.

use serde::Serialize;
use serde::ser::{SerializeMap as _, Serializer};
use serde_json::{Map, Value};

use zstack_model::{
    Body, Example, Field, Method, Model, Operation, Parameter, Place, Type, query_parameters, variables,
};

/// The request of an example.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The HTTP method.
    pub method: Method,
    /// Path and query string, percent-encoded.
    pub target: String,
    /// The body, indented; none where there is nothing to say.
    pub body: Option<String>,
}

/// What a client sends for an example.
#[must_use]
pub fn request(model: &Model, operation: &Operation, example: &Example) -> Request {
    let given = Given { model, operation, values: &example.request };
    let path = given.path();
    let mut target = format!("{}{}", model.service.base_path, given.filled(path));
    for (nth, (key, value)) in given.query(path).iter().enumerate() {
        target.push(if nth == 0 { '?' } else { '&' });
        target.push_str(&format!("{}={}", encoded(key), encoded(value)));
    }
    Request { method: operation.method, target, body: given.body().map(|body| pretty(&body)) }
}

/// The answer of an example, indented.
#[must_use]
pub fn answer(model: &Model, operation: &Operation, example: &Example) -> String {
    pretty(&answered(model, operation, example))
}

/// A part of an example: its body, its answer, or the value of a parameter.
#[derive(Serialize)]
#[serde(untagged)]
pub(crate) enum Part<'a> {
    Body(Enclosed<'a>),
    Answer(Object<'a>),
    Value(Typed<'a>),
}

/// The answer of an example.
pub(crate) fn answered<'a>(model: &'a Model, operation: &'a Operation, example: &'a Example) -> Part<'a> {
    let fields = operation.response.iter().chain(&model.service.envelope).collect();
    match &example.response {
        Value::Object(members) => Part::Answer(Object { model, members, fields }),
        value => Part::Value(Typed { model, value, ty: &Type::Any }),
    }
}

/// The body of an example, if a client sends one.
pub(crate) fn body<'a>(model: &'a Model, operation: &'a Operation, example: &'a Example) -> Option<Part<'a>> {
    Given { model, operation, values: &example.request }.body().map(Part::Body)
}

/// The path that a client takes for an example.
pub(crate) fn path<'a>(model: &'a Model, operation: &'a Operation, example: &'a Example) -> &'a str {
    Given { model, operation, values: &example.request }.path()
}

/// What an example gives for a parameter.
pub(crate) fn parameter<'a>(model: &'a Model, example: &'a Example, field: &'a Field) -> Option<Part<'a>> {
    let value = example.request.get(&field.name).filter(|request| !request.is_null())?;
    Some(Part::Value(Typed { model, value, ty: &field.ty }))
}

fn encoded(text: &str) -> String {
    zstack_vocabulary::encode(text).to_string()
}

/// Values are texts, numbers, lists and maps of texts: nothing that could not
/// be written.
fn pretty(value: &impl Serialize) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default()
}

/// The parameters that an example gives.
struct Given<'a> {
    model: &'a Model,
    operation: &'a Operation,
    values: &'a Map<String, Value>,
}

impl<'a> Given<'a> {
    fn value(&self, name: &str) -> Option<&'a Value> {
        self.values.get(name).filter(|value| !value.is_null())
    }

    /// Of the operation's paths the one that says the most of what is given; of
    /// equals the first.
    fn path(&self) -> &'a str {
        let it = self.operation;
        let fits = it.all_paths().filter(|path| variables(path).all(|name| self.value(name).is_some()));
        let fits: Vec<_> = fits.collect();
        fits.into_iter().rev().max_by_key(|path| variables(path).count()).unwrap_or(&it.path)
    }

    /// The path with its variables filled in.
    fn filled(&self, path: &str) -> String {
        let segments = path.split('/').map(|segment| {
            let name = segment.strip_prefix('{').and_then(|it| it.strip_suffix('}'));
            let text = name.and_then(|name| self.value(name)).and_then(text);
            text.map_or_else(|| segment.to_owned(), |text| encoded(&text))
        });
        segments.collect::<Vec<_>>().join("/")
    }

    /// The query string, in pairs.
    fn query(&self, path: &str) -> Vec<(String, String)> {
        let standard = if self.operation.query { query_parameters() } else { Vec::new() };
        let own = self.operation.parameters.iter().filter(|parameter| match parameter.place {
            Place::Path => false,
            Place::Query => true,
            // Servers read no body of these methods.
            Place::Body | Place::BesideBody => !has_body(self.operation),
        });
        let own = own.map(|it| it.field.name.as_str());
        let names = standard.iter().map(|it| it.name.as_str()).chain(own);
        let mut pairs = Vec::new();
        for name in names.filter(|name| variables(path).all(|variable| variable != *name)) {
            if let Some(value) = self.value(name) {
                add(name, value, &mut pairs);
            }
        }
        pairs
    }

    fn body(&self) -> Option<Enclosed<'a>> {
        if !has_body(self.operation) {
            return None;
        }
        // An empty list of tags says nothing.
        let says = |it: &&Parameter| {
            self.value(&it.field.name).is_some_and(|value| {
                it.place == Place::Body || value.as_array().is_none_or(|value| !value.is_empty())
            })
        };
        let members = |place| {
            let parameters =
                self.operation.parameters.iter().filter(move |parameter| parameter.place == place);
            parameters.filter(says).map(|parameter| &parameter.field).collect::<Vec<_>>()
        };
        let (below, beside) = (members(Place::Body), members(Place::BesideBody));
        let key = match &self.operation.body {
            Body::None => None,
            // The key of operations that have no parameters in the body.
            Body::Key(key) if key == "null" && below.is_empty() => None,
            Body::Key(key) | Body::Action(key) => Some(key.as_str()),
        };
        let object = |fields| Object { model: self.model, members: self.values, fields };
        (key.is_some() || !beside.is_empty()).then(|| {
            let below = key.map(|key| (key, object(below)));
            Enclosed { below, beside: object(beside) }
        })
    }
}

fn has_body(operation: &Operation) -> bool {
    matches!(operation.method, Method::Post | Method::Put)
}

/// Adds a value to a query string; lists as repeated keys, maps as
/// `field.key=value`.
fn add(key: &str, value: &Value, pairs: &mut Vec<(String, String)>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| add(key, item, pairs)),
        Value::Object(entries) => {
            entries.iter().for_each(|(name, it)| add(&format!("{key}.{name}"), it, pairs));
        }
        value => pairs.extend(text(value).map(|text| (key.to_owned(), text))),
    }
}

/// A value that is one text.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(_) | Value::Number(_) => Some(value.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// A body: members below a key, and others beside it.
pub(crate) struct Enclosed<'a> {
    below: Option<(&'a str, Object<'a>)>,
    beside: Object<'a>,
}

impl Serialize for Enclosed<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        if let Some((key, below)) = &self.below {
            map.serialize_entry(key, below)?;
        }
        for (name, value) in self.beside.entries() {
            map.serialize_entry(name, &value)?;
        }
        map.end()
    }
}

/// Members of an object in the order of its fields.
pub(crate) struct Object<'a> {
    model: &'a Model,
    members: &'a Map<String, Value>,
    fields: Vec<&'a Field>,
}

impl<'a> Object<'a> {
    /// Null and absent are the same.
    fn entries(&self) -> impl Iterator<Item = (&'a str, Typed<'a>)> {
        let (model, members) = (self.model, self.members);
        self.fields.iter().filter_map(move |field| {
            let value = members.get(&field.name).filter(|member| !member.is_null())?;
            Some((field.name.as_str(), Typed { model, value, ty: &field.ty }))
        })
    }
}

impl Serialize for Object<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.entries())
    }
}

/// A value of a type.
pub(crate) struct Typed<'a> {
    model: &'a Model,
    value: &'a Value,
    ty: &'a Type,
}

impl Serialize for Typed<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let &Self { model, value, ty } = self;
        match (ty, value) {
            (Type::List(ty), Value::Array(items)) => {
                serializer.collect_seq(items.iter().map(|value| Self { model, value, ty }))
            }
            (Type::Map(ty), Value::Object(entries)) => {
                serializer.collect_map(entries.iter().map(|(key, value)| (key, Self { model, value, ty })))
            }
            (Type::Named(name), Value::Object(members)) => match model.data_type(name) {
                Some(ty) => Object { model, members, fields: model.fields(ty) }.serialize(serializer),
                None => value.serialize(serializer),
            },
            _ => value.serialize(serializer),
        }
    }
}

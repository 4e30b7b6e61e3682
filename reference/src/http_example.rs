//! The HTTP request and the response of an example, with JSON members in the order
//! of the spec.

use serde::Serialize;
use serde::ser::{SerializeMap as _, Serializer};
use serde_json::{Map, Value};

use zstack_model::{
    Body, Example, Field, Method, Model, Operation, Parameter, Place, Type, query_parameters, variables,
};

/// The HTTP request of an example.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The HTTP method.
    pub method: Method,
    /// Path and query string, percent-encoded.
    pub target: String,
    /// The body as indented JSON, if there is one.
    pub body: Option<String>,
}

/// Returns the request that a client sends for an example.
#[must_use]
pub fn request(model: &Model, operation: &Operation, example: &Example) -> Request {
    let values = RequestValues { model, operation, values: &example.request };
    let path = values.path();
    let mut target = format!("{}{}", model.service.base_path, values.fill_path(path));
    for (index, (key, value)) in values.query(path).iter().enumerate() {
        target.push(if index == 0 { '?' } else { '&' });
        target.push_str(&format!("{}={}", encode(key), encode(value)));
    }
    Request { method: operation.method, target, body: values.body().map(|body| pretty(&body)) }
}

/// Returns the response of an example as indented JSON.
#[must_use]
pub fn response(model: &Model, operation: &Operation, example: &Example) -> String {
    pretty(&response_part(model, operation, example))
}

/// A part of an example that can be serialized.
#[derive(Serialize)]
#[serde(untagged)]
pub(crate) enum ExamplePart<'a> {
    Body(RequestBody<'a>),
    Response(TypedObject<'a>),
    Value(TypedValue<'a>),
}

/// The response of an example.
pub(crate) fn response_part<'a>(
    model: &'a Model,
    operation: &'a Operation,
    example: &'a Example,
) -> ExamplePart<'a> {
    let fields = operation.response.iter().chain(&model.service.envelope).collect();
    match &example.response {
        Value::Object(members) => ExamplePart::Response(TypedObject { model, members, fields }),
        value => ExamplePart::Value(TypedValue { model, value, ty: &Type::Any }),
    }
}

/// The request body of an example, if there is one.
pub(crate) fn body<'a>(
    model: &'a Model,
    operation: &'a Operation,
    example: &'a Example,
) -> Option<ExamplePart<'a>> {
    RequestValues { model, operation, values: &example.request }.body().map(ExamplePart::Body)
}

/// The path of the operation that an example uses.
pub(crate) fn path<'a>(model: &'a Model, operation: &'a Operation, example: &'a Example) -> &'a str {
    RequestValues { model, operation, values: &example.request }.path()
}

/// The value of a parameter in an example, if it has one.
pub(crate) fn parameter<'a>(
    model: &'a Model,
    example: &'a Example,
    field: &'a Field,
) -> Option<ExamplePart<'a>> {
    let value = example.request.get(&field.name).filter(|value| !value.is_null())?;
    Some(ExamplePart::Value(TypedValue { model, value, ty: &field.ty }))
}

fn encode(text: &str) -> String {
    zstack_vocabulary::encode(text).to_string()
}

/// Keys are strings, so serialization cannot fail.
fn pretty(value: &impl Serialize) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default()
}

/// The values of an example's parameters, by name.
struct RequestValues<'a> {
    model: &'a Model,
    operation: &'a Operation,
    values: &'a Map<String, Value>,
}

impl<'a> RequestValues<'a> {
    fn value(&self, name: &str) -> Option<&'a Value> {
        self.values.get(name).filter(|value| !value.is_null())
    }

    /// The path with the most variables that all have values; of equals the first.
    fn path(&self) -> &'a str {
        let has_values = |path: &&str| variables(path).all(|name| self.value(name).is_some());
        let paths: Vec<_> = self.operation.all_paths().filter(has_values).collect();
        let most = paths.into_iter().rev().max_by_key(|path| variables(path).count());
        most.unwrap_or(&self.operation.path)
    }

    /// Fills in the variables of a path.
    fn fill_path(&self, path: &str) -> String {
        let segments = path.split('/').map(|segment| {
            let name = segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
            let text = name.and_then(|name| self.value(name)).and_then(scalar_text);
            text.map_or_else(|| segment.to_owned(), |text| encode(&text))
        });
        segments.collect::<Vec<_>>().join("/")
    }

    /// The pairs of the query string, not encoded.
    fn query(&self, path: &str) -> Vec<(String, String)> {
        let standard = if self.operation.query { query_parameters() } else { Vec::new() };
        let own = self.operation.parameters.iter().filter(|parameter| match parameter.place {
            Place::Path => false,
            Place::Query => true,
            // Servers ignore bodies of GET and DELETE.
            Place::Body | Place::BesideBody => !has_body(self.operation),
        });
        let own = own.map(|parameter| parameter.field.name.as_str());
        let names = standard.iter().map(|field| field.name.as_str()).chain(own);
        let mut pairs = Vec::new();
        for name in names.filter(|name| variables(path).all(|variable| variable != *name)) {
            if let Some(value) = self.value(name) {
                add_pairs(name, value, &mut pairs);
            }
        }
        pairs
    }

    fn body(&self) -> Option<RequestBody<'a>> {
        if !has_body(self.operation) {
            return None;
        }
        // Empty lists of tags are left out.
        let is_sent = |parameter: &&Parameter| {
            self.value(&parameter.field.name).is_some_and(|value| {
                parameter.place == Place::Body || value.as_array().is_none_or(|tags| !tags.is_empty())
            })
        };
        let members = |place| {
            let parameters = self.operation.parameters.iter().filter(|parameter| parameter.place == place);
            let fields = parameters.filter(is_sent).map(|parameter| &parameter.field).collect();
            TypedObject { model: self.model, members: self.values, fields }
        };
        let (in_key, top_level) = (members(Place::Body), members(Place::BesideBody));
        let key = match &self.operation.body {
            // Operations without body parameters have this key.
            Body::Key(key) if key == "null" && in_key.fields.is_empty() => None,
            body => body.key(),
        };
        (key.is_some() || !top_level.fields.is_empty())
            .then(|| RequestBody { keyed: key.map(|key| (key, in_key)), top_level })
    }
}

fn has_body(operation: &Operation) -> bool {
    matches!(operation.method, Method::Post | Method::Put)
}

/// Adds a value to a query string; lists as repeated keys, maps as
/// `field.key=value`.
fn add_pairs(key: &str, value: &Value, pairs: &mut Vec<(String, String)>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| add_pairs(key, item, pairs)),
        Value::Object(entries) => {
            entries.iter().for_each(|(name, entry)| add_pairs(&format!("{key}.{name}"), entry, pairs));
        }
        value => pairs.extend(scalar_text(value).map(|text| (key.to_owned(), text))),
    }
}

fn scalar_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(_) | Value::Number(_) => Some(value.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// A request body: an object under a key, and members next to the key.
pub(crate) struct RequestBody<'a> {
    keyed: Option<(&'a str, TypedObject<'a>)>,
    top_level: TypedObject<'a>,
}

impl Serialize for RequestBody<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        if let Some((key, object)) = &self.keyed {
            map.serialize_entry(key, object)?;
        }
        for (name, value) in self.top_level.entries() {
            map.serialize_entry(name, &value)?;
        }
        map.end()
    }
}

/// An object whose members are serialized in the order of its fields.
pub(crate) struct TypedObject<'a> {
    model: &'a Model,
    members: &'a Map<String, Value>,
    fields: Vec<&'a Field>,
}

impl<'a> TypedObject<'a> {
    /// The members that are not null.
    fn entries(&self) -> impl Iterator<Item = (&'a str, TypedValue<'a>)> {
        let (model, members) = (self.model, self.members);
        self.fields.iter().filter_map(move |field| {
            let value = members.get(&field.name).filter(|member| !member.is_null())?;
            Some((field.name.as_str(), TypedValue { model, value, ty: &field.ty }))
        })
    }
}

impl Serialize for TypedObject<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.entries())
    }
}

/// A value whose objects are serialized in the order of their fields.
pub(crate) struct TypedValue<'a> {
    model: &'a Model,
    value: &'a Value,
    ty: &'a Type,
}

impl Serialize for TypedValue<'_> {
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
                Some(ty) => TypedObject { model, members, fields: model.fields(ty) }.serialize(serializer),
                None => value.serialize(serializer),
            },
            _ => value.serialize(serializer),
        }
    }
}

//! `history`: the values of attributes before a release changed them.

use std::borrow::Cow;
use std::marker::PhantomData;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde::de::{Deserializer, Error};
use serde_json::{Value, json};

use super::{Auth, Body, Execution, Json, Line, Method, Place, Text, Version};

/// A history entry: the value of an attribute before a release changed it. `K` is the kind of the element.
#[derive(Clone, Debug)]
pub struct PastValue<K> {
    /// The release that changed the attribute.
    pub r#in: Version,
    /// The attribute with its previous value.
    pub was: AttributeValue,
    kind: PhantomData<K>,
}

/// An attribute with a value; `None` where it was not set.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(tag = "attribute", content = "from", rename_all = "camelCase")]
#[expect(missing_docs, reason = "each is a key of the element, and documented there")]
pub enum AttributeValue {
    Type(Line),
    Required(Option<bool>),
    Default(Option<Json>),
    MaxLength(Option<u32>),
    MinLength(Option<u32>),
    Range(Option<[i64; 2]>),
    Pattern(Option<Line>),
    JavaPattern(Option<Line>),
    Values(Option<Vec<Text>>),
    NonEmpty(Option<bool>),
    NoTrim(Option<bool>),
    Unit(Option<Line>),
    In(Place),
    Enclosed(Option<bool>),
    Method(Method),
    Path(Line),
    Paths(Option<Vec<Line>>),
    Query(Option<bool>),
    Execution(Execution),
    Auth(Auth),
    Body(Body),
    Message(Option<Line>),
    Reply(Option<Line>),
    Extends(Option<Line>),
    JavaClass(Option<Line>),
}

/// The attributes of a kind of element that may have a history.
pub trait Attributes {
    /// The name of the definition in the schemas.
    const SCHEMA_NAME: &'static str;

    /// The keys of the attributes.
    const KEYS: &'static [&'static str];

    /// Returns whether elements of this kind have an attribute.
    fn contain(attribute: &str) -> bool {
        Self::KEYS.contains(&attribute)
    }
}

/// The attributes of fields.
#[derive(Clone, Copy, Debug)]
pub struct FieldAttributes;

/// The attributes of parameters.
#[derive(Clone, Copy, Debug)]
pub struct ParameterAttributes;

/// The attributes of operations.
#[derive(Clone, Copy, Debug)]
pub struct OperationAttributes;

/// The attributes of data types.
#[derive(Clone, Copy, Debug)]
pub struct DataTypeAttributes;

impl Attributes for FieldAttributes {
    const SCHEMA_NAME: &'static str = "FieldHistory";
    const KEYS: &'static [&'static str] = &[
        "type",
        "required",
        "default",
        "maxLength",
        "minLength",
        "range",
        "pattern",
        "javaPattern",
        "values",
        "nonEmpty",
        "noTrim",
        "unit",
    ];
}

impl Attributes for ParameterAttributes {
    const SCHEMA_NAME: &'static str = "ParameterHistory";
    const KEYS: &'static [&'static str] = &["in", "enclosed"];

    fn contain(attribute: &str) -> bool {
        Self::KEYS.contains(&attribute) || FieldAttributes::contain(attribute)
    }
}

impl Attributes for OperationAttributes {
    const SCHEMA_NAME: &'static str = "OperationHistory";
    const KEYS: &'static [&'static str] =
        &["method", "path", "paths", "query", "execution", "auth", "body", "message", "reply"];
}

impl Attributes for DataTypeAttributes {
    const SCHEMA_NAME: &'static str = "DataTypeHistory";
    const KEYS: &'static [&'static str] = &["extends", "javaClass"];
}

/// An entry as written, before its value is read according to its attribute.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenEntry {
    r#in: Version,
    attribute: Text,
    from: Option<Json>,
}

impl<'de, K: Attributes> Deserialize<'de> for PastValue<K> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let WrittenEntry { r#in, attribute, from } = WrittenEntry::deserialize(deserializer)?;
        if !K::contain(&attribute) {
            return Err(D::Error::custom(format!("no attribute `{}`", &*attribute)));
        }
        let mut value = json!({ "attribute": &*attribute });
        if let Some(Json(from)) = from {
            value["from"] = from;
        }
        let was = AttributeValue::deserialize(value).map_err(D::Error::custom)?;
        Ok(Self { r#in, was, kind: PhantomData })
    }
}

/// One object schema for each attribute, in which `from` has the type of the attribute.
impl<K: Attributes> JsonSchema for PastValue<K> {
    fn schema_name() -> Cow<'static, str> {
        K::SCHEMA_NAME.into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let release = generator.subschema_for::<Version>().to_value();
        let mut of_attributes = AttributeValue::json_schema(generator).to_value();
        let mut branches = of_attributes["oneOf"].as_array_mut().map(std::mem::take).unwrap_or_default();
        branches.retain(|branch| {
            let attribute = branch["properties"]["attribute"]["const"].as_str();
            attribute.is_some_and(|attribute| K::contain(attribute))
        });
        for branch in &mut branches {
            let from: &[&str] = if is_optional(&branch["properties"]["from"]) { &[] } else { &["from"] };
            branch["required"] = [&["in", "attribute"], from].concat().into();
            branch["properties"]["in"] = release.clone();
            branch["additionalProperties"] = false.into();
        }
        json_schema!({
            "description": "A change on the wire: the release, the attribute and its previous value.",
            "oneOf": branches,
        })
    }
}

fn is_optional(schema: &Value) -> bool {
    let is_null = |schema: &Value| {
        schema["type"] == "null"
            || schema["type"].as_array().is_some_and(|types| types.contains(&"null".into()))
    };
    let branches = schema["anyOf"].as_array();
    schema == &Value::Bool(true)
        || is_null(schema)
        || branches.is_some_and(|branches| branches.iter().any(is_null))
}

impl From<PastValue<ParameterAttributes>> for PastValue<FieldAttributes> {
    fn from(PastValue { r#in, was, kind: _ }: PastValue<ParameterAttributes>) -> Self {
        Self { r#in, was, kind: PhantomData }
    }
}

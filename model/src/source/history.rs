//! `history`: what an element was before a release changed it.

use std::borrow::Cow;
use std::marker::PhantomData;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde::de::{Deserializer, Error};
use serde_json::{Value, json};

use super::{Auth, Body, Execution, Json, Line, Method, Place, Text, Version};

/// An entry of the history of an element of a kind.
#[derive(Clone, Debug)]
pub struct Past<K> {
    /// The release that changed it.
    pub r#in: Version,
    /// What it was until then.
    pub was: Was,
    kind: PhantomData<K>,
}

/// An attribute, and what it was; nothing where it was not set.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(tag = "attribute", content = "from", rename_all = "camelCase")]
#[expect(missing_docs, reason = "each is a key of the element, and documented there")]
pub enum Was {
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

/// A kind of element that has a history.
pub trait Historic {
    /// The name of the definition in the schemas.
    const SCHEMA_NAME: &'static str;
    /// The attributes that are on the wire, by their keys.
    const ATTRIBUTES: &'static [&'static str];
}

/// Of fields.
#[derive(Clone, Copy, Debug)]
pub struct OfField;

/// Of parameters.
#[derive(Clone, Copy, Debug)]
pub struct OfParameter;

/// Of operations.
#[derive(Clone, Copy, Debug)]
pub struct OfOperation;

/// Of data types.
#[derive(Clone, Copy, Debug)]
pub struct OfDataType;

impl Historic for OfField {
    const SCHEMA_NAME: &'static str = "FieldHistory";
    const ATTRIBUTES: &'static [&'static str] = &[
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

impl Historic for OfParameter {
    const SCHEMA_NAME: &'static str = "ParameterHistory";
    const ATTRIBUTES: &'static [&'static str] = &[
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
        "in",
        "enclosed",
    ];
}

impl Historic for OfOperation {
    const SCHEMA_NAME: &'static str = "OperationHistory";
    const ATTRIBUTES: &'static [&'static str] =
        &["method", "path", "paths", "query", "execution", "auth", "body", "message", "reply"];
}

impl Historic for OfDataType {
    const SCHEMA_NAME: &'static str = "DataTypeHistory";
    const ATTRIBUTES: &'static [&'static str] = &["extends", "javaClass"];
}

/// An entry as it is written, before it is known what its attribute holds.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    r#in: Version,
    attribute: Text,
    from: Option<Json>,
}

impl<'de, K: Historic> Deserialize<'de> for Past<K> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Written { r#in, attribute, from } = Written::deserialize(deserializer)?;
        if !K::ATTRIBUTES.contains(&&*attribute) {
            return Err(D::Error::custom(format!("no attribute `{}`", &*attribute)));
        }
        let mut was = json!({ "attribute": &*attribute });
        if let Some(Json(from)) = from {
            was["from"] = from;
        }
        let was = Was::deserialize(was).map_err(D::Error::custom)?;
        Ok(Self { r#in, was, kind: PhantomData })
    }
}

/// One object for each attribute, in which `from` is what the attribute is.
impl<K: Historic> JsonSchema for Past<K> {
    fn schema_name() -> Cow<'static, str> {
        K::SCHEMA_NAME.into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let release = generator.subschema_for::<Version>().to_value();
        let mut of_attributes = Was::json_schema(generator).to_value();
        let mut branches = of_attributes["oneOf"].as_array_mut().map(std::mem::take).unwrap_or_default();
        branches.retain(|branch| {
            let attribute = branch["properties"]["attribute"]["const"].as_str();
            attribute.is_some_and(|attribute| K::ATTRIBUTES.contains(&attribute))
        });
        for it in &mut branches {
            let needed: &[&str] = if may_be_absent(&it["properties"]["from"]) { &[] } else { &["from"] };
            it["required"] = [&["in", "attribute"], needed].concat().into();
            it["properties"]["in"] = release.clone();
            it["additionalProperties"] = false.into();
        }
        json_schema!({
            "description": "A change on the wire: the release that made it, the attribute, and what it was.",
            "oneOf": branches,
        })
    }
}

fn may_be_absent(schema: &Value) -> bool {
    let is_null = |it: &Value| {
        it["type"] == "null" || it["type"].as_array().is_some_and(|it| it.contains(&"null".into()))
    };
    let any = schema["anyOf"].as_array();
    schema == &Value::Bool(true) || is_null(schema) || any.is_some_and(|it| it.iter().any(is_null))
}

impl From<Past<OfParameter>> for Past<OfField> {
    fn from(it: Past<OfParameter>) -> Self {
        Self { r#in: it.r#in, was: it.was, kind: PhantomData }
    }
}

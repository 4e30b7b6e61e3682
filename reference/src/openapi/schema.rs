//! A schema, with the keywords of JSON Schema 2020-12 that documents use.

use std::borrow::Cow;

use indexmap::IndexMap;
use serde::Serialize;
use serde_json::Value;

use super::parts::{Lifecycle, Members, Ref, is_false};

#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Schema<'a> {
    #[serde(flatten)]
    pub(super) reference: Option<Ref>,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub(super) kind: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) format: Option<&'static str>,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) description: String,
    #[serde(rename = "enum", skip_serializing_if = "Vec::is_empty")]
    pub(super) values: Vec<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) pattern: Option<Cow<'static, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) min_length: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) max_length: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) minimum: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) maximum: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) min_items: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) min_properties: Option<u32>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) all_of: Vec<Schema<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) any_of: Vec<Schema<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) one_of: Vec<Schema<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) items: Option<Box<Schema<'a>>>,
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub(super) properties: Members<'a, Schema<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) required: Vec<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) property_names: Option<Box<Schema<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) additional_properties: Option<Box<Schema<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) default: Option<&'a Value>,
    /// A default that the other keywords do not allow.
    #[serde(rename = "x-default", skip_serializing_if = "Option::is_none")]
    pub(super) other_default: Option<&'a Value>,
    #[serde(skip_serializing_if = "is_false")]
    pub(super) deprecated: bool,
    /// The known values of an open enum.
    #[serde(rename = "x-extensible-enum", skip_serializing_if = "Vec::is_empty")]
    pub(super) known_values: Vec<&'a str>,
    /// The descriptions and releases of the values.
    #[serde(rename = "x-enum-values", skip_serializing_if = "Vec::is_empty")]
    pub(super) value_details: Vec<EnumValue<'a>>,
    /// The resource that a record describes.
    #[serde(rename = "x-resource", skip_serializing_if = "Option::is_none")]
    pub(super) resource: Option<&'a str>,
    /// The resource whose UUIDs a property contains.
    #[serde(rename = "x-refers-to", skip_serializing_if = "Option::is_none")]
    pub(super) refers_to: Option<&'a str>,
    #[serde(rename = "x-extended-by", skip_serializing_if = "Vec::is_empty")]
    pub(super) extended_by: Vec<&'a str>,
    #[serde(rename = "x-java-pattern", skip_serializing_if = "Option::is_none")]
    pub(super) java_pattern: Option<&'a str>,
    #[serde(rename = "x-pattern", skip_serializing_if = "Option::is_none")]
    pub(super) other_pattern: Option<&'a str>,
    #[serde(rename = "x-keeps-whitespace", skip_serializing_if = "is_false")]
    pub(super) keeps_whitespace: bool,
    #[serde(rename = "x-unit", skip_serializing_if = "Option::is_none")]
    pub(super) unit: Option<&'a str>,
    #[serde(rename = "x-sensitive", skip_serializing_if = "is_false")]
    pub(super) sensitive: bool,
    #[serde(flatten)]
    pub(super) lifecycle: Lifecycle<'a>,
}

/// A value of an enum.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct EnumValue<'a> {
    pub(super) name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) description: Option<&'a str>,
    #[serde(skip_serializing_if = "is_false")]
    pub(super) deprecated: bool,
    #[serde(flatten)]
    pub(super) lifecycle: Lifecycle<'a>,
}

impl<'a> Schema<'a> {
    /// A reference to a component.
    pub(super) fn to(name: &str) -> Self {
        Self { reference: Some(Ref::new("schemas", name)), ..Self::default() }
    }

    /// Values of a JSON type.
    pub(super) fn of(kind: &'static str) -> Self {
        Self { kind: Some(kind), ..Self::default() }
    }

    /// An object with these members.
    pub(super) fn object(properties: Members<'a, Schema<'a>>, required: Vec<&'a str>) -> Self {
        Self { properties, required, ..Self::of("object") }
    }

    /// A list.
    pub(super) fn list(items: Self) -> Self {
        Self { items: Some(Box::new(items)), ..Self::of("array") }
    }

    /// An object with any keys and values of one schema.
    pub(super) fn map(values: Self) -> Self {
        Self { additional_properties: Some(Box::new(values)), ..Self::of("object") }
    }

    /// Adds a description.
    pub(super) fn with_description(self, description: impl Into<String>) -> Self {
        Self { description: description.into(), ..self }
    }

    /// Any of several components, without duplicates; the component itself if there
    /// is only one.
    pub(super) fn any(mut references: Vec<Ref>) -> Self {
        let mut seen = std::collections::HashSet::new();
        references.retain(|reference| seen.insert(reference.to.clone()));
        let of = |reference| Self { reference: Some(reference), ..Self::default() };
        match references.len() {
            1 => references.pop().map(of).unwrap_or_default(),
            _ => Self { any_of: references.into_iter().map(of).collect(), ..Self::default() },
        }
    }
}

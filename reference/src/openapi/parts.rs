//! Parts that documents and schemas share.

use std::borrow::Cow;

use indexmap::IndexMap;
use serde::Serialize;

/// The members of an object, in the order of insertion.
pub(super) type Members<'a, T> = IndexMap<Cow<'a, str>, T>;

/// The releases and the source of an element.
#[derive(Default, Serialize)]
pub(super) struct Lifecycle<'a> {
    #[serde(rename = "x-since", skip_serializing_if = "Option::is_none")]
    pub(super) since: Option<String>,
    #[serde(rename = "x-deprecated-since", skip_serializing_if = "Option::is_none")]
    pub(super) deprecated: Option<String>,
    #[serde(rename = "x-removed-in", skip_serializing_if = "Option::is_none")]
    pub(super) removed: Option<String>,
    #[serde(rename = "x-replacement", skip_serializing_if = "Option::is_none")]
    pub(super) replacement: Option<&'a str>,
    #[serde(rename = "x-source", skip_serializing_if = "Option::is_none")]
    pub(super) source: Option<&'static str>,
    /// The official docs, where they differ.
    #[serde(rename = "x-documented", skip_serializing_if = "Option::is_none")]
    pub(super) documented: Option<String>,
}

/// A reference to a component.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Ref {
    #[serde(rename = "$ref")]
    pub(super) to: String,
}

impl Ref {
    /// References a component of a section: `schemas`, `responses`.
    pub(super) fn new(section: &str, name: &str) -> Self {
        Self { to: format!("#/components/{section}/{name}") }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes it so")]
pub(super) fn is_false(value: &bool) -> bool {
    !value
}

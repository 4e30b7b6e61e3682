//! The page of a data type.

use askama::Template;
use serde::Serialize;
use zstack_model::{DataType, EnumValue, Model, Source, TypeShape};

use super::{Lifecycle, PageSection, ReleaseChanges, Row, RowBuilder, RowsMd, release};
use crate::site::text::{Anchors, Name, Prose};
use crate::site::usage::{TypeUsers, UsageIndex};

/// The content of a data type's page; as a template, the page in Markdown.
#[derive(Debug, Serialize, Template)]
#[template(path = "data_type.md")]
#[serde(rename_all = "camelCase")]
pub(crate) struct TypeView<'a> {
    pub(crate) name: Name<'a>,
    pub(crate) summary: Prose<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) description: Vec<Prose<'a>>,
    pub(crate) is_enum: bool,
    #[serde(flatten)]
    pub(crate) lifecycle: Lifecycle<'a>,
    /// The release that added it, for a link to its page.
    #[serde(skip)]
    pub(crate) release: Option<String>,
    pub(crate) undocumented: bool,
    /// The resource that the record describes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) resource: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) java_class: Option<&'a str>,
    /// The records that it extends, the nearest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) extends: Vec<Name<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) extended_by: Vec<Name<'a>>,
    /// Includes the fields of the records that it extends.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) fields: Vec<Row<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) values: Vec<ValueView<'a>>,
    pub(crate) used_by: UsedBy<'a>,
    pub(crate) history: Vec<ReleaseChanges<'a>>,
}

/// A value of an enum.
#[derive(Debug, Serialize)]
pub(crate) struct ValueView<'a> {
    #[serde(skip)]
    pub(crate) anchor: String,
    pub(crate) value: Name<'a>,
    #[serde(flatten)]
    pub(crate) lifecycle: Lifecycle<'a>,
    #[serde(skip_serializing_if = "Prose::is_empty")]
    pub(crate) description: Prose<'a>,
}

/// A data type in the list of all data types.
#[derive(Debug)]
pub(crate) struct TypeRow<'a> {
    pub(crate) name: Name<'a>,
    pub(crate) is_enum: bool,
    pub(crate) lifecycle: Lifecycle<'a>,
    pub(crate) summary: Prose<'a>,
}

impl<'a> TypeRow<'a> {
    pub(crate) fn new(ty: &'a DataType) -> Self {
        Self {
            name: Name(&ty.name),
            is_enum: matches!(ty.shape, TypeShape::Enum { .. }),
            lifecycle: Lifecycle::of(&ty.since, &ty.retirement),
            summary: Prose::new(ty.summary.trim()),
        }
    }
}

/// The uses of a data type.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct UsedBy<'a> {
    pub(crate) operations: Vec<Name<'a>>,
    pub(crate) fields: Vec<FieldOf<'a>>,
    /// Fields of every response.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) responses: Vec<Name<'a>>,
    /// Operations that use it through other data types.
    pub(crate) indirect_operations: Vec<Name<'a>>,
}

/// A field of a data type.
#[derive(Debug, Serialize)]
pub(crate) struct FieldOf<'a> {
    #[serde(rename = "type")]
    pub(crate) owner: Name<'a>,
    pub(crate) field: Name<'a>,
}

impl<'a> TypeView<'a> {
    pub(crate) fn new(
        model: &'a Model,
        ty: &'a DataType,
        usage: &UsageIndex<'a>,
        history: Vec<ReleaseChanges<'a>>,
    ) -> Self {
        let mut anchors = Anchors::default();
        let values = match &ty.shape {
            TypeShape::Record { .. } => &[][..],
            TypeShape::Enum { values } => values,
        };
        let value = |value: &'a EnumValue| ValueView {
            anchor: anchors.of("value-", &value.name),
            value: Name(&value.name),
            lifecycle: Lifecycle::of(&value.since, &value.retirement),
            description: value.description.as_deref().map(Prose::description).unwrap_or_default(),
        };
        Self {
            name: Name(&ty.name),
            summary: Prose::new(ty.summary.trim()),
            description: ty.description.as_deref().map(Prose::paragraphs).unwrap_or_default(),
            is_enum: matches!(ty.shape, TypeShape::Enum { .. }),
            lifecycle: Lifecycle::of(&ty.since, &ty.retirement),
            release: release(model, &ty.since),
            undocumented: ty.source == Source::Platform,
            resource: ty.resource.as_deref(),
            java_class: ty.java_class.as_deref(),
            extends: model.bases(ty).map(|base| Name(&base.name)).collect(),
            extended_by: usage.of(&ty.name).extensions.iter().copied().map(Name).collect(),
            values: values.iter().map(value).collect(),
            fields: RowBuilder::new(model, &mut anchors, ty.source).flat("field-", model.fields(ty)),
            used_by: UsedBy::new(usage.of(&ty.name), usage.indirect_operations(&ty.name)),
            history,
        }
    }

    /// The sections of the page.
    pub(crate) fn contents(&self) -> Vec<PageSection> {
        let shape = if self.is_enum { ("values", "Values") } else { ("fields", "Fields") };
        [shape, ("used-by", "Used by"), ("history", "History")]
            .map(|(id, title)| PageSection::new(id, title))
            .into()
    }
}

impl<'a> UsedBy<'a> {
    fn new(users: &TypeUsers<'a>, indirect_operations: impl IntoIterator<Item = &'a str>) -> Self {
        let field = |(owner, field): &(&'a str, &'a str)| FieldOf { owner: Name(owner), field: Name(field) };
        Self {
            operations: users.operations.iter().copied().map(Name).collect(),
            fields: users.fields.iter().map(field).collect(),
            responses: users.envelope.iter().copied().map(Name).collect(),
            indirect_operations: indirect_operations.into_iter().map(Name).collect(),
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        let Self { operations, fields, responses, indirect_operations } = self;
        operations.is_empty() && fields.is_empty() && responses.is_empty() && indirect_operations.is_empty()
    }
}

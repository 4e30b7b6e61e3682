//! The page of a data type.

use serde::Serialize;
use zstack_model::{DataType, EnumValue, Model, Source, TypeShape};

use super::{Contents, Life, Log, Row, RowMaker, release};
use crate::site::text::{Anchors, Name, Prose};
use crate::site::uses::{Users, Uses};

/// All that the page of a data type shows.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TypeView<'a> {
    pub(crate) name: Name<'a>,
    pub(crate) summary: Prose<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) description: Vec<Prose<'a>>,
    pub(crate) is_enum: bool,
    #[serde(flatten)]
    pub(crate) life: Life<'a>,
    /// The release that it came with, as releases are spelt.
    #[serde(skip)]
    pub(crate) release: Option<&'a str>,
    pub(crate) on_platform_only: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) java_class: Option<&'a str>,
    /// The records whose fields it has besides its own, the nearest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) extends: Vec<Name<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) extended_by: Vec<Name<'a>>,
    /// Those of the records that it extends among them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) fields: Vec<Row<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) values: Vec<ValueView<'a>>,
    pub(crate) used_by: UsedBy<'a>,
    pub(crate) history: Vec<Log<'a>>,
}

/// A value of an enum.
#[derive(Debug, Serialize)]
pub(crate) struct ValueView<'a> {
    #[serde(skip)]
    pub(crate) anchor: String,
    pub(crate) value: Name<'a>,
    #[serde(flatten)]
    pub(crate) life: Life<'a>,
    #[serde(skip_serializing_if = "Prose::is_empty")]
    pub(crate) description: Prose<'a>,
}

/// Who uses a data type.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct UsedBy<'a> {
    pub(crate) operations: Vec<Name<'a>>,
    pub(crate) fields: Vec<FieldOf<'a>>,
    /// Fields of every answer.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) answers: Vec<Name<'a>>,
    /// Operations that lead there by way of other data types.
    pub(crate) by_way_of_others: Vec<Name<'a>>,
}

/// A field of a data type.
#[derive(Debug, Serialize)]
pub(crate) struct FieldOf<'a> {
    #[serde(rename = "type")]
    pub(crate) owner: Name<'a>,
    pub(crate) field: Name<'a>,
}

impl<'a> TypeView<'a> {
    pub(crate) fn new(model: &'a Model, it: &'a DataType, uses: &Uses<'a>, history: Vec<Log<'a>>) -> Self {
        let mut anchors = Anchors::default();
        let values = match &it.shape {
            TypeShape::Record { .. } => &[][..],
            TypeShape::Enum { values } => values,
        };
        let value = |it: &'a EnumValue| ValueView {
            anchor: anchors.of("value-", &it.name),
            value: Name(&it.name),
            life: Life::of(&it.since, &it.retirement),
            description: it.description.as_deref().map(Prose::description).unwrap_or_default(),
        };
        Self {
            name: Name(&it.name),
            summary: Prose::new(it.summary.trim()),
            description: it.description.as_deref().map(Prose::paragraphs).unwrap_or_default(),
            is_enum: matches!(it.shape, TypeShape::Enum { .. }),
            life: Life::of(&it.since, &it.retirement),
            release: release(model, &it.since),
            on_platform_only: it.source == Source::Platform,
            java_class: it.java_class.as_deref(),
            extends: model.bases(it).map(|it| Name(&it.name)).collect(),
            extended_by: uses.of(&it.name).extensions.iter().copied().map(Name).collect(),
            values: values.iter().map(value).collect(),
            fields: RowMaker::new(model, &mut anchors, it.source).flat("field-", model.fields(it)),
            used_by: UsedBy::new(uses.of(&it.name), uses.by_way_of_others(&it.name)),
            history,
        }
    }

    /// The sections of the page.
    pub(crate) fn contents(&self) -> Vec<Contents> {
        let shape = if self.is_enum { ("values", "Values") } else { ("fields", "Fields") };
        [shape, ("used-by", "Used by"), ("history", "History")]
            .map(|(id, title)| Contents::new(id, title))
            .into()
    }
}

impl<'a> UsedBy<'a> {
    fn new(users: &Users<'a>, by_way_of_others: impl IntoIterator<Item = &'a str>) -> Self {
        let field = |(owner, field): &(&'a str, &'a str)| FieldOf { owner: Name(owner), field: Name(field) };
        Self {
            operations: users.operations.iter().copied().map(Name).collect(),
            fields: users.fields.iter().map(field).collect(),
            answers: users.envelope.iter().copied().map(Name).collect(),
            by_way_of_others: by_way_of_others.into_iter().map(Name).collect(),
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        let Self { operations, fields, answers, by_way_of_others } = self;
        operations.is_empty() && fields.is_empty() && answers.is_empty() && by_way_of_others.is_empty()
    }
}

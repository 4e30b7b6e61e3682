//! Parameters and fields as rows, with their nested fields.

use askama::Template;
use serde::Serialize;
use zstack_model::words;
use zstack_model::{Constraints, DataType, Field, Model, Parameter, Source, TypeShape};

use super::{Lifecycle, Lookup};
use crate::site::text::{Anchors, Name, Prose, TypeText};

/// The most rows of a table, including nested ones. Deeper fields are only on the
/// pages of data types.
const MAX_ROWS: usize = 220;
/// The most levels of nested tables.
const MAX_DEPTH: usize = 6;

/// A parameter, a field of a response, or a field of a data type.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Row<'a> {
    #[serde(skip)]
    pub(crate) anchor: String,
    pub(crate) name: Name<'a>,
    #[serde(rename = "in", skip_serializing_if = "Option::is_none")]
    pub(crate) place: Option<&'static str>,
    #[serde(rename = "type")]
    pub(crate) ty: TypeText<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) refers: Option<Reference<'a>>,
    pub(crate) required: bool,
    #[serde(flatten)]
    pub(crate) lifecycle: Lifecycle<'a>,
    #[serde(skip_serializing_if = "Prose::is_empty")]
    pub(crate) description: Prose<'a>,
    /// The constraints, a sentence each.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) constraints: Vec<Prose<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) default: Option<String>,
    /// The allowed or known values, if they are limited.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) values: Vec<ValueChoice<'a>>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(crate) sensitive: bool,
    /// True if it is undocumented, unlike the element that it is part of.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(crate) undocumented: bool,
    /// The official docs, where they differ.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) documented: Option<Prose<'a>>,
    /// The query for resources that fit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) lookup: Option<Lookup<'a>>,
    /// Not in JSON, since the page of the data type has it.
    #[serde(skip)]
    pub(crate) nested: Nested<'a>,
}

/// The resource that the UUIDs in a field identify, and its record.
#[derive(Debug, Serialize)]
pub(crate) struct Reference<'a> {
    pub(crate) resource: &'a str,
    #[serde(rename = "type")]
    pub(crate) record: Name<'a>,
}

/// A value of an enum, or of a closed list.
#[derive(Debug, Serialize)]
pub(crate) struct ValueChoice<'a> {
    #[serde(skip)]
    pub(crate) anchor: String,
    pub(crate) value: Name<'a>,
    #[serde(flatten)]
    pub(crate) lifecycle: Lifecycle<'a>,
}

/// The fields nested in a field.
#[derive(Debug, Default)]
pub(crate) enum Nested<'a> {
    /// No fields.
    #[default]
    None,
    /// The fields of a record.
    Fields(&'a str, Vec<Row<'a>>),
    /// A record that contains this field, at this anchor.
    Recursive(&'a str, String),
    /// A record that is only on its own page.
    Elsewhere(&'a str),
}

/// A table of rows.
#[derive(Template)]
#[template(path = "rows.html")]
pub(crate) struct Rows<'a> {
    rows: &'a [Row<'a>],
    /// True if the rows are parameters, which have a place.
    has_places: bool,
}

impl<'a> Rows<'a> {
    pub(crate) fn of_parameters(rows: &'a [Row<'a>]) -> Self {
        Self { rows, has_places: rows.iter().any(|row| row.place.is_some()) }
    }

    pub(crate) fn of_fields(rows: &'a [Row<'a>]) -> Self {
        Self { rows, has_places: false }
    }
}

/// A list of rows in Markdown.
#[derive(Template)]
#[template(path = "rows.md")]
pub(crate) struct RowsMd<'a> {
    rows: &'a [Row<'a>],
}

impl<'a> RowsMd<'a> {
    pub(crate) fn of(rows: &'a [Row<'a>]) -> Self {
        Self { rows }
    }
}

/// Builds rows.
pub(crate) struct RowBuilder<'a, 'b> {
    model: &'a Model,
    anchors: &'b mut Anchors,
    /// The source of the element that has the fields.
    owner: Source,
    /// The levels of nested records to show.
    depth: usize,
    /// The records that contain the next row, and their anchors.
    within: Vec<(&'a str, String)>,
}

impl<'a, 'b> RowBuilder<'a, 'b> {
    pub(crate) fn new(model: &'a Model, anchors: &'b mut Anchors, owner: Source) -> Self {
        Self { model, anchors, owner, depth: 0, within: Vec::new() }
    }

    /// Builds the rows of parameters.
    pub(crate) fn parameters(mut self, parameters: &'a [Parameter]) -> Vec<Row<'a>> {
        self.depth = fitting_depth(self.model, parameters.iter().map(|parameter| &parameter.field));
        let row = |parameter: &'a Parameter| {
            let mut row = self.row("param-", &parameter.field);
            row.place = Some(words::place(parameter.place));
            row
        };
        parameters.iter().map(row).collect()
    }

    /// Builds the rows of fields, with nested fields. `prefix` begins their anchors.
    pub(crate) fn fields<I>(mut self, prefix: &str, fields: I) -> Vec<Row<'a>>
    where
        I: IntoIterator<Item = &'a Field>,
        I::IntoIter: Clone,
    {
        let fields = fields.into_iter();
        self.depth = fitting_depth(self.model, fields.clone());
        fields.map(|field| self.row(prefix, field)).collect()
    }

    /// Builds the rows of fields without nested fields.
    pub(crate) fn flat(mut self, prefix: &str, fields: impl IntoIterator<Item = &'a Field>) -> Vec<Row<'a>> {
        fields.into_iter().map(|field| self.row(prefix, field)).collect()
    }

    fn row(&mut self, prefix: &str, field: &'a Field) -> Row<'a> {
        let anchor = self.anchors.of(prefix, &field.name);
        let ty = field.ty.data_type_name().and_then(|name| self.model.data_type(name));
        let rest = Constraints { values: Vec::new(), ..field.constraints.clone() };
        let mut row = Row {
            name: Name(&field.name),
            place: None,
            ty: TypeText(&field.ty),
            refers: self.reference(field),
            required: field.required,
            lifecycle: Lifecycle::of(&field.since, &field.retirement),
            description: field.description.as_deref().map(Prose::description).unwrap_or_default(),
            constraints: words::constraints(&rest).into_iter().map(Prose::new).collect(),
            default: field.default.as_ref().map(ToString::to_string),
            values: self.values(&anchor, field, ty),
            sensitive: field.sensitive,
            // Parts of undocumented elements are undocumented, too.
            undocumented: field.source == Source::Platform && self.owner == Source::Document,
            documented: field.documented.as_ref().and_then(words::describe_documented).map(Prose::new),
            lookup: None,
            nested: Nested::None,
            anchor,
        };
        if let Some(ty) = ty.filter(|ty| is_record(ty)) {
            row.nested = self.nested_fields(&row.anchor, ty);
        }
        row
    }

    fn reference(&self, field: &'a Field) -> Option<Reference<'a>> {
        let resource = field.refers.as_deref()?;
        let record = self.model.record_of(resource)?;
        Some(Reference { resource, record: Name(&record.name) })
    }

    fn values(&mut self, anchor: &str, field: &'a Field, ty: Option<&'a DataType>) -> Vec<ValueChoice<'a>> {
        let prefix = format!("{anchor}-");
        if let Some(DataType { shape: TypeShape::Enum { values }, .. }) = ty {
            let choice = |value: &'a zstack_model::EnumValue| ValueChoice {
                anchor: self.anchors.of(&prefix, &value.name),
                value: Name(&value.name),
                lifecycle: Lifecycle::of(&value.since, &value.retirement),
            };
            return values.iter().map(choice).collect();
        }
        let choice = |value: &'a String| ValueChoice {
            anchor: self.anchors.of(&prefix, value),
            value: Name(value),
            lifecycle: Lifecycle::default(),
        };
        field.constraints.values.iter().map(choice).collect()
    }

    fn nested_fields(&mut self, anchor: &str, ty: &'a DataType) -> Nested<'a> {
        if let Some((_, above)) = self.within.iter().find(|(name, _)| *name == ty.name) {
            return Nested::Recursive(&ty.name, above.clone());
        }
        if self.within.len() >= self.depth {
            return Nested::Elsewhere(&ty.name);
        }
        self.within.push((&ty.name, anchor.to_owned()));
        let prefix = format!("{anchor}.");
        let rows = self.model.fields(ty).into_iter().map(|field| self.row(&prefix, field)).collect();
        self.within.pop();
        Nested::Fields(&ty.name, rows)
    }
}

fn is_record(ty: &DataType) -> bool {
    matches!(ty.shape, TypeShape::Record { .. })
}

/// The levels of nested records that fit into a table.
fn fitting_depth<'a>(model: &'a Model, fields: impl Iterator<Item = &'a Field> + Clone) -> usize {
    let mut rows = 0;
    for depth in 1..=MAX_DEPTH {
        let mut room = MAX_ROWS;
        let fits = take_rows(model, fields.clone(), depth, &mut Vec::new(), &mut room);
        if !fits {
            return depth - 1;
        }
        let found = MAX_ROWS - room;
        if found == rows {
            return depth - 1;
        }
        rows = found;
    }
    MAX_DEPTH
}

/// Subtracts the rows of fields from the room; false if there is not enough.
fn take_rows<'a>(
    model: &'a Model,
    fields: impl Iterator<Item = &'a Field>,
    depth: usize,
    within: &mut Vec<&'a str>,
    room: &mut usize,
) -> bool {
    for field in fields {
        let Some(rest) = room.checked_sub(1) else { return false };
        *room = rest;
        let Some(ty) = field.ty.data_type_name().and_then(|name| model.data_type(name)) else { continue };
        if depth == 0 || !is_record(ty) || within.contains(&ty.name.as_str()) {
            continue;
        }
        within.push(&ty.name);
        let fits = take_rows(model, model.fields(ty).into_iter(), depth - 1, within, room);
        within.pop();
        if !fits {
            return false;
        }
    }
    true
}

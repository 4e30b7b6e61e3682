//! Parameters and fields, a row each, with what is nested in them.

use askama::Template;
use serde::Serialize;
use zstack_model::words;
use zstack_model::{Constraints, DataType, Field, Model, Parameter, Source, TypeShape};

use super::{FoundBy, Life};
use crate::site::text::{Anchors, Name, Prose, TypeText};

/// The most rows that a table shows with what is nested in it; what is deeper
/// is on the pages of the data types.
const MOST_ROWS: usize = 220;
/// Nobody opens more tables in each other.
const DEEPEST: usize = 6;

/// A parameter, a field of an answer, or a field of a data type.
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
    pub(crate) required: bool,
    #[serde(flatten)]
    pub(crate) life: Life<'a>,
    #[serde(skip_serializing_if = "Prose::is_empty")]
    pub(crate) description: Prose<'a>,
    /// Facts, a sentence each.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) constraints: Vec<Prose<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) default: Option<String>,
    /// The values that there are, where only some are.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) values: Vec<Choice<'a>>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(crate) sensitive: bool,
    /// Seen on the platform and in no document, unlike what it is part of.
    #[serde(rename = "onPlatformOnly", skip_serializing_if = "std::ops::Not::not")]
    pub(crate) is_platforms: bool,
    /// What the document prints, where the wire differs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) documented: Option<Prose<'a>>,
    /// The query that finds what may be given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) found_by: Option<FoundBy<'a>>,
    /// The page of the data type has it.
    #[serde(skip)]
    pub(crate) nested: Nested<'a>,
}

/// A value of an enum, or of a closed list.
#[derive(Debug, Serialize)]
pub(crate) struct Choice<'a> {
    #[serde(skip)]
    pub(crate) anchor: String,
    pub(crate) value: Name<'a>,
    #[serde(flatten)]
    pub(crate) life: Life<'a>,
}

/// What is nested in a field.
#[derive(Debug, Default)]
pub(crate) enum Nested<'a> {
    /// Nothing, or nothing more than the values.
    #[default]
    None,
    /// The fields of its record.
    Fields(&'a str, Vec<Row<'a>>),
    /// A record that it is part of, which is at this anchor.
    Recursive(&'a str, String),
    /// A record that there is no room for.
    Elsewhere(&'a str),
}

/// A table of rows.
#[derive(Template)]
#[template(path = "rows.html")]
pub(crate) struct Rows<'a> {
    rows: &'a [Row<'a>],
    /// Whether they say where they travel.
    has_places: bool,
    /// What a required one is called.
    required: &'static str,
}

impl<'a> Rows<'a> {
    pub(crate) fn of_parameters(rows: &'a [Row<'a>]) -> Self {
        Self { rows, has_places: rows.iter().any(|row| row.place.is_some()), required: "required" }
    }

    pub(crate) fn of_fields(rows: &'a [Row<'a>]) -> Self {
        Self { rows, has_places: false, required: "always" }
    }

    fn nested(&self, rows: &'a [Row<'a>]) -> Self {
        Self { rows, has_places: false, required: self.required }
    }
}

/// Makes rows of fields.
pub(crate) struct RowMaker<'a, 'b> {
    model: &'a Model,
    anchors: &'b mut Anchors,
    /// Who says that what they are part of exists.
    owner: Source,
    /// How deep records are shown in place.
    depth: usize,
    /// The records that the next row is part of, and where they are.
    within: Vec<(&'a str, String)>,
}

impl<'a, 'b> RowMaker<'a, 'b> {
    pub(crate) fn new(model: &'a Model, anchors: &'b mut Anchors, owner: Source) -> Self {
        Self { model, anchors, owner, depth: 0, within: Vec::new() }
    }

    /// The parameters of an operation.
    pub(crate) fn parameters(mut self, parameters: &'a [Parameter]) -> Vec<Row<'a>> {
        self.depth = fitting_depth(self.model, parameters.iter().map(|parameter| &parameter.field));
        let row = |it: &'a Parameter| {
            let mut row = self.row("param-", &it.field);
            row.place = Some(words::place(it.place));
            row
        };
        parameters.iter().map(row).collect()
    }

    /// Fields, with anchors that begin so.
    pub(crate) fn fields<I>(mut self, prefix: &str, fields: I) -> Vec<Row<'a>>
    where
        I: IntoIterator<Item = &'a Field>,
        I::IntoIter: Clone,
    {
        let fields = fields.into_iter();
        self.depth = fitting_depth(self.model, fields.clone());
        fields.map(|field| self.row(prefix, field)).collect()
    }

    /// The fields of a data type, with nothing nested in them.
    pub(crate) fn flat(mut self, prefix: &str, fields: impl IntoIterator<Item = &'a Field>) -> Vec<Row<'a>> {
        fields.into_iter().map(|field| self.row(prefix, field)).collect()
    }

    fn row(&mut self, prefix: &str, field: &'a Field) -> Row<'a> {
        let anchor = self.anchors.of(prefix, &field.name);
        let ty = field.ty.named().and_then(|it| self.model.data_type(it));
        let rest = Constraints { values: Vec::new(), ..field.constraints.clone() };
        let mut row = Row {
            name: Name(&field.name),
            place: None,
            ty: TypeText(&field.ty),
            required: field.required,
            life: Life::of(&field.since, &field.retirement),
            description: field.description.as_deref().map(Prose::description).unwrap_or_default(),
            constraints: words::constraints(&rest).into_iter().map(Prose::new).collect(),
            default: field.default.as_ref().map(ToString::to_string),
            values: self.values(&anchor, field, ty),
            sensitive: field.sensitive,
            // Of what is in no document, no part is.
            is_platforms: field.source == Source::Platform && self.owner == Source::Document,
            documented: field.documented.as_ref().and_then(words::documented).map(Prose::new),
            found_by: None,
            nested: Nested::None,
            anchor,
        };
        if let Some(ty) = ty.filter(|it| is_record(it)) {
            row.nested = self.nested(&row.anchor, ty);
        }
        row
    }

    fn values(&mut self, anchor: &str, field: &'a Field, ty: Option<&'a DataType>) -> Vec<Choice<'a>> {
        let prefix = format!("{anchor}-");
        if let Some(DataType { shape: TypeShape::Enum { values }, .. }) = ty {
            let choice = |it: &'a zstack_model::EnumValue| Choice {
                anchor: self.anchors.of(&prefix, &it.name),
                value: Name(&it.name),
                life: Life::of(&it.since, &it.retirement),
            };
            return values.iter().map(choice).collect();
        }
        let choice = |it: &'a String| Choice {
            anchor: self.anchors.of(&prefix, it),
            value: Name(it),
            life: Life::default(),
        };
        field.constraints.values.iter().map(choice).collect()
    }

    fn nested(&mut self, anchor: &str, ty: &'a DataType) -> Nested<'a> {
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

/// How deep records can be shown in place with no more rows than fit.
fn fitting_depth<'a>(model: &'a Model, fields: impl Iterator<Item = &'a Field> + Clone) -> usize {
    let mut rows = 0;
    for depth in 1..=DEEPEST {
        let mut room = MOST_ROWS;
        let deeper = count(model, fields.clone(), depth, &mut Vec::new(), &mut room);
        if !deeper {
            return depth - 1;
        }
        let found = MOST_ROWS - room;
        if found == rows {
            return depth - 1;
        }
        rows = found;
    }
    DEEPEST
}

/// Takes as many rows as there are from the room; false when there is none.
fn count<'a>(
    model: &'a Model,
    fields: impl Iterator<Item = &'a Field>,
    depth: usize,
    within: &mut Vec<&'a str>,
    room: &mut usize,
) -> bool {
    for field in fields {
        let Some(rest) = room.checked_sub(1) else { return false };
        *room = rest;
        let Some(ty) = field.ty.named().and_then(|it| model.data_type(it)) else { continue };
        if depth == 0 || !is_record(ty) || within.contains(&ty.name.as_str()) {
            continue;
        }
        within.push(&ty.name);
        let fits = count(model, model.fields(ty).into_iter(), depth - 1, within, room);
        within.pop();
        if !fits {
            return false;
        }
    }
    true
}

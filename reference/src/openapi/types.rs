//! Types, fields and data types as schemas.

use std::collections::HashSet;

use serde_json::Value;

use super::defaults::fits;
use super::document::known;
use super::losses::LossKind;
use super::names::{TIMESTAMP, UUID};
use super::parts::History;
use super::pattern::ecma;
use super::schema::{EnumValue, Schema};
use super::writer::Writer;
use zstack_model::prose::prose;
use zstack_model::words;
use zstack_model::{Constraints, DataType, Field, Model, Retirement, Source, Type, TypeShape, Version};

/// Who reads a value, which decides whether there may be others than those
/// that are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reader {
    /// The server, which refuses values that it does not know.
    Server,
    /// A client, which meets servers of later releases.
    Client,
}

/// The data types that clients read, by whatever steps.
pub(super) fn told(model: &Model) -> HashSet<&str> {
    let mut seen = HashSet::new();
    let answers =
        model.operations.iter().flat_map(|operation| &operation.response).chain(&model.service.envelope);
    let mut open: Vec<&str> = answers.filter_map(|answer| answer.ty.named()).collect();
    while let Some(ty) = open.pop().and_then(|open| model.data_type(open)) {
        if seen.insert(ty.name.as_str()) {
            open.extend(ty.extends.as_deref());
            open.extend(ty.own_fields().iter().filter_map(|field| field.ty.named()));
            let extended = model.types.iter().filter(|it| it.extends.as_ref() == Some(&ty.name));
            open.extend(extended.map(|it| it.name.as_str()));
        }
    }
    seen
}

/// Since when there is something, until when, and who says so.
pub(super) fn history<'a>(since: &'a Version, retirement: &'a Retirement, source: Source) -> History<'a> {
    History {
        since: known(since),
        deprecated: retirement.deprecated.as_ref().and_then(known),
        removed: retirement.removed.as_ref().and_then(known),
        replacement: retirement.replacement.as_deref(),
        source: (source == Source::Platform).then_some("platform"),
        documented: None,
    }
}

/// The same, of a field or a parameter.
pub(super) fn history_of(field: &Field) -> History<'_> {
    let documented = field.documented.as_ref().and_then(words::documented);
    History { documented, ..history(&field.since, &field.retirement, field.source) }
}

/// A field in words: what it is, and when it goes.
pub(super) fn description(field: &Field) -> String {
    let text = field.description.iter().map(|description| prose(description));
    let facts = text.chain(words::retirement(&field.retirement, prose));
    facts.collect::<Vec<_>>().join(" ")
}

impl<'a> Writer<'a> {
    /// All data types, by name.
    pub(super) fn data_types(&mut self) -> Vec<(&'a str, Schema<'a>)> {
        let model = self.model;
        model.types.iter().map(|it| (it.name.as_str(), self.data_type(it))).collect()
    }

    fn data_type(&mut self, it: &'a DataType) -> Schema<'a> {
        let reader = if self.told.contains(it.name.as_str()) { Reader::Client } else { Reader::Server };
        let schema = match &it.shape {
            TypeShape::Record { fields, .. } => self.record(it, fields, reader),
            TypeShape::Enum { values } => {
                let names = values.iter().map(|value| value.name.as_str());
                let told = values.iter().map(|value| EnumValue {
                    name: &value.name,
                    description: value.description.as_deref(),
                    deprecated: value.retirement.deprecated.is_some(),
                    history: history(&value.since, &value.retirement, Source::Document),
                });
                let schema = Schema { told_values: told.collect(), ..Schema::of("string") };
                self.one_of(schema, names.collect(), &Type::String, reader, &it.name)
            }
        };
        let paragraphs = [Some(prose(&it.summary)), it.description.as_deref().map(prose)];
        let retirement = words::retirement(&it.retirement, prose);
        let paragraphs: Vec<_> = paragraphs.into_iter().flatten().chain(retirement).collect();
        Schema {
            description: paragraphs.join("\n\n"),
            deprecated: it.retirement.deprecated.is_some(),
            history: history(&it.since, &it.retirement, it.source),
            ..schema
        }
    }

    fn record(&mut self, it: &'a DataType, fields: &'a [Field], reader: Reader) -> Schema<'a> {
        let own = self.object(fields, reader, &it.name);
        let extensions = self.model.types.iter().filter(|other| other.extends.as_ref() == Some(&it.name));
        let extended_by = extensions.map(|extension| extension.name.as_str()).collect();
        match &it.extends {
            None => Schema { extended_by, ..own },
            Some(base) => {
                self.losses.add(LossKind::Extension, format!("{} of {base}", it.name));
                Schema { all_of: vec![Schema::to(base), own], extended_by, ..Schema::default() }
            }
        }
    }

    /// An object with these fields; `owner` is what they belong to.
    pub(super) fn object(
        &mut self,
        fields: impl IntoIterator<Item = &'a Field>,
        reader: Reader,
        owner: &str,
    ) -> Schema<'a> {
        let mut object = Schema::of("object");
        for field in fields {
            object.properties.insert(field.name.as_str().into(), self.property(field, reader, owner));
            if field.required {
                object.required.push(&field.name);
            }
        }
        object
    }

    fn property(&mut self, field: &'a Field, reader: Reader, owner: &str) -> Schema<'a> {
        Schema {
            description: description(field),
            deprecated: field.retirement.deprecated.is_some(),
            history: history_of(field),
            ..self.value(field, reader, owner)
        }
    }

    /// What a field may hold, without words.
    pub(super) fn value(&mut self, field: &'a Field, reader: Reader, owner: &str) -> Schema<'a> {
        let place = format!("{owner}.{}", field.name);
        let it = &field.constraints;
        let mut schema = self.of_type(&field.ty, it, reader, &place);
        if it.non_empty {
            match &field.ty {
                Type::List(_) => schema.min_items = Some(1),
                Type::Map(_) => schema.min_properties = Some(1),
                _ => schema.min_length = schema.min_length.max(Some(1)),
            }
        }
        if it.no_trim {
            self.losses.add(LossKind::Blanks, &place);
        }
        let default = field.default.as_ref().filter(|it| !it.is_null());
        let (default, other_default) = match default {
            Some(it) if !fits(self.model, field, it) => {
                self.losses.add(LossKind::Default, &place);
                (None, default)
            }
            _ => (default, None),
        };
        let is_secret = field.sensitive && field.ty == Type::String;
        Schema {
            format: if is_secret { Some("password") } else { schema.format },
            default,
            other_default,
            keeps_blanks: it.no_trim,
            unit: it.unit.as_deref(),
            sensitive: field.sensitive,
            ..schema
        }
    }

    fn of_type(&mut self, ty: &'a Type, limits: &'a Constraints, reader: Reader, place: &str) -> Schema<'a> {
        match ty {
            Type::String => self.text(Schema::of("string"), limits, reader, place),
            Type::Uuid => {
                self.uses_uuid = true;
                self.text(Schema::to(UUID), limits, reader, place)
            }
            Type::Boolean => self.one_of(Schema::of("boolean"), values(limits), ty, reader, place),
            Type::Integer => self.number("integer", Some("int32"), ty, limits, reader, place),
            Type::Long => self.number("integer", Some("int64"), ty, limits, reader, place),
            Type::Double => self.number("number", Some("double"), ty, limits, reader, place),
            Type::Timestamp => {
                self.uses_timestamp = true;
                self.losses.add(LossKind::Timestamp, place);
                Schema::to(TIMESTAMP)
            }
            Type::Any => Schema::default(),
            Type::List(inner) => Schema::list(self.of_type(inner, limits, reader, place)),
            Type::Map(inner) => Schema::map(self.of_type(inner, limits, reader, place)),
            Type::Named(name) => self.named(name, reader),
        }
    }

    /// A server knows all values of its enums, also where clients read others.
    fn named(&self, name: &'a str, reader: Reader) -> Schema<'a> {
        let mut schema = Schema::to(name);
        let ty = self.model.data_type(name);
        if let (Reader::Server, Some(TypeShape::Enum { values })) = (reader, ty.map(|it| &it.shape))
            && self.told.contains(name)
        {
            schema.values = values.iter().map(|value| value.name.as_str().into()).collect();
        }
        schema
    }

    fn text(
        &mut self,
        schema: Schema<'a>,
        limits: &'a Constraints,
        reader: Reader,
        place: &str,
    ) -> Schema<'a> {
        let Constraints { max_length, min_length, pattern, java_pattern, .. } = limits;
        if max_length.or(*min_length).is_some() {
            self.losses.add(LossKind::Length, place);
        }
        if java_pattern.is_some() {
            self.losses.add(LossKind::JavaPattern, place);
        }
        let whole = pattern.as_deref().and_then(ecma);
        let other_pattern = pattern.as_deref().filter(|_| whole.is_none());
        if other_pattern.is_some() {
            self.losses.add(LossKind::Pattern, place);
        }
        let schema = Schema {
            max_length: *max_length,
            min_length: *min_length,
            pattern: whole.map(Into::into),
            java_pattern: java_pattern.as_deref(),
            other_pattern,
            ..schema
        };
        self.one_of(schema, values(limits), &Type::String, reader, place)
    }

    fn number(
        &mut self,
        kind: &'static str,
        format: Option<&'static str>,
        ty: &Type,
        limits: &'a Constraints,
        reader: Reader,
        place: &str,
    ) -> Schema<'a> {
        let (minimum, maximum) = limits.range.unzip();
        let schema = Schema { format, minimum, maximum, ..Schema::of(kind) };
        self.one_of(schema, values(limits), ty, reader, place)
    }

    /// The values that there are: all of them to a server, and to a client
    /// those that are known.
    fn one_of(
        &mut self,
        schema: Schema<'a>,
        values: Vec<&'a str>,
        ty: &Type,
        reader: Reader,
        place: &str,
    ) -> Schema<'a> {
        match reader {
            _ if values.is_empty() => schema,
            Reader::Server => {
                let values = values.iter().map(|value| typed(value, ty)).collect();
                Schema { values, ..schema }
            }
            Reader::Client => {
                self.losses.add(LossKind::OpenEnum, place);
                Schema { known_values: values, ..schema }
            }
        }
    }
}

fn values(limits: &Constraints) -> Vec<&str> {
    limits.values.iter().map(String::as_str).collect()
}

/// A value of a list of values, which are texts in the spec.
fn typed(text: &str, ty: &Type) -> Value {
    match ty {
        Type::Boolean | Type::Integer | Type::Long | Type::Double => {
            serde_json::from_str(text).unwrap_or_else(|_| text.into())
        }
        _ => text.into(),
    }
}

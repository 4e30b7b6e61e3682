//! Schemas of types, fields and data types.

use std::collections::HashSet;

use serde_json::Value;

use super::defaults::is_allowed;
use super::document::known_version;
use super::losses::LossKind;
use super::names::{TIMESTAMP, UUID};
use super::parts::Lifecycle;
use super::pattern::to_ecma;
use super::schema::{EnumValue, Schema};
use super::writer::Writer;
use zstack_model::prose::prose;
use zstack_model::words;
use zstack_model::{Constraints, DataType, Field, Model, Retirement, Source, Type, TypeShape, Version};

/// The reader of a value: enums are closed for servers and open for clients.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reader {
    /// The server, which refuses unknown values.
    Server,
    /// A client, which may talk to a server of a later release.
    Client,
}

/// The data types in responses, directly or through others.
pub(super) fn types_read_by_clients(model: &Model) -> HashSet<&str> {
    let mut seen = HashSet::new();
    let fields =
        model.operations.iter().flat_map(|operation| &operation.response).chain(&model.service.envelope);
    let mut open: Vec<&str> = fields.filter_map(|field| field.ty.data_type_name()).collect();
    while let Some(ty) = open.pop().and_then(|open| model.data_type(open)) {
        if seen.insert(ty.name.as_str()) {
            open.extend(ty.extends.as_deref());
            open.extend(ty.own_fields().iter().filter_map(|field| field.ty.data_type_name()));
            let extensions = model.types.iter().filter(|other| other.extends.as_ref() == Some(&ty.name));
            open.extend(extensions.map(|extension| extension.name.as_str()));
        }
    }
    seen
}

/// The releases and the source of an element.
pub(super) fn lifecycle<'a>(since: &'a Version, retirement: &'a Retirement, source: Source) -> Lifecycle<'a> {
    Lifecycle {
        since: known_version(since),
        deprecated: retirement.deprecated.as_ref().and_then(known_version),
        removed: retirement.removed.as_ref().and_then(known_version),
        replacement: retirement.replacement.as_deref(),
        source: (source == Source::Platform).then_some("platform"),
        documented: None,
    }
}

/// The releases and the source of a field or a parameter.
pub(super) fn field_lifecycle(field: &Field) -> Lifecycle<'_> {
    let documented = field.documented.as_ref().and_then(words::describe_documented);
    Lifecycle { documented, ..lifecycle(&field.since, &field.retirement, field.source) }
}

/// The description and the deprecation of a field.
pub(super) fn description(field: &Field) -> String {
    let text = field.description.iter().map(|description| prose(description));
    let sentences = text.chain(words::retirement(&field.retirement, prose));
    sentences.collect::<Vec<_>>().join(" ")
}

impl<'a> Writer<'a> {
    /// The schemas of all data types, by name.
    pub(super) fn data_types(&mut self) -> Vec<(&'a str, Schema<'a>)> {
        let model = self.model;
        model.types.iter().map(|ty| (ty.name.as_str(), self.data_type(ty))).collect()
    }

    fn data_type(&mut self, ty: &'a DataType) -> Schema<'a> {
        let is_read = self.client_types.contains(ty.name.as_str());
        let reader = if is_read { Reader::Client } else { Reader::Server };
        let schema = match &ty.shape {
            TypeShape::Record { fields, .. } => self.record(ty, fields, reader),
            TypeShape::Enum { values } => {
                let names = values.iter().map(|value| value.name.as_str());
                let details = values.iter().map(|value| EnumValue {
                    name: &value.name,
                    description: value.description.as_deref(),
                    deprecated: value.retirement.deprecated.is_some(),
                    lifecycle: lifecycle(&value.since, &value.retirement, Source::Document),
                });
                let schema = Schema { value_details: details.collect(), ..Schema::of("string") };
                self.with_values(schema, names.collect(), &Type::String, reader, &ty.name)
            }
        };
        let paragraphs = [Some(prose(&ty.summary)), ty.description.as_deref().map(prose)];
        let retirement = words::retirement(&ty.retirement, prose);
        let paragraphs: Vec<_> = paragraphs.into_iter().flatten().chain(retirement).collect();
        Schema {
            description: paragraphs.join("\n\n"),
            deprecated: ty.retirement.deprecated.is_some(),
            resource: ty.resource.as_deref(),
            lifecycle: lifecycle(&ty.since, &ty.retirement, ty.source),
            ..schema
        }
    }

    fn record(&mut self, ty: &'a DataType, fields: &'a [Field], reader: Reader) -> Schema<'a> {
        let own = self.object(fields, reader, &ty.name);
        let extensions = self.model.types.iter().filter(|other| other.extends.as_ref() == Some(&ty.name));
        let extended_by = extensions.map(|extension| extension.name.as_str()).collect();
        match &ty.extends {
            None => Schema { extended_by, ..own },
            Some(base) => {
                self.losses.add(LossKind::Extension, format!("{} of {base}", ty.name));
                Schema { all_of: vec![Schema::to(base), own], extended_by, ..Schema::default() }
            }
        }
    }

    /// An object with these fields; `owner` is the element that has them.
    pub(super) fn object(
        &mut self,
        fields: impl IntoIterator<Item = &'a Field>,
        reader: Reader,
        owner: &str,
    ) -> Schema<'a> {
        let mut object = Schema::of("object");
        for field in fields {
            object.properties.insert(field.name.as_str().into(), self.property(field, reader, owner));
            if field.is_always_present() {
                object.required.push(&field.name);
            }
        }
        object
    }

    fn property(&mut self, field: &'a Field, reader: Reader, owner: &str) -> Schema<'a> {
        Schema {
            description: description(field),
            deprecated: field.retirement.deprecated.is_some(),
            refers_to: field.refers.as_deref(),
            lifecycle: field_lifecycle(field),
            ..self.value(field, reader, owner)
        }
    }

    /// The schema of a field's values, without a description.
    pub(super) fn value(&mut self, field: &'a Field, reader: Reader, owner: &str) -> Schema<'a> {
        let place = format!("{owner}.{}", field.name);
        let constraints = &field.constraints;
        let mut schema = self.of_type(&field.ty, constraints, reader, &place);
        if constraints.non_empty {
            match &field.ty {
                Type::List(_) => schema.min_items = Some(1),
                Type::Map(_) => schema.min_properties = Some(1),
                _ => schema.min_length = schema.min_length.max(Some(1)),
            }
        }
        if constraints.no_trim {
            self.losses.add(LossKind::Whitespace, &place);
        }
        let default = field.default.as_ref().filter(|value| !value.is_null());
        let (default, other_default) = match default {
            Some(value) if !is_allowed(self.model, field, value) => {
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
            keeps_whitespace: constraints.no_trim,
            unit: constraints.unit.as_deref(),
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
            Type::Boolean => self.with_values(Schema::of("boolean"), values(limits), ty, reader, place),
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
            Type::Named(name) => self.reference_to(name, reader),
        }
    }

    /// A data type; for servers, enums that clients read too are closed.
    fn reference_to(&self, name: &'a str, reader: Reader) -> Schema<'a> {
        let mut schema = Schema::to(name);
        let ty = self.model.data_type(name);
        if let (Reader::Server, Some(TypeShape::Enum { values })) = (reader, ty.map(|ty| &ty.shape))
            && self.client_types.contains(name)
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
        let ecma_pattern = pattern.as_deref().and_then(to_ecma);
        let other_pattern = pattern.as_deref().filter(|_| ecma_pattern.is_none());
        if other_pattern.is_some() {
            self.losses.add(LossKind::Pattern, place);
        }
        let schema = Schema {
            max_length: *max_length,
            min_length: *min_length,
            pattern: ecma_pattern.map(Into::into),
            java_pattern: java_pattern.as_deref(),
            other_pattern,
            ..schema
        };
        self.with_values(schema, values(limits), &Type::String, reader, place)
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
        self.with_values(schema, values(limits), ty, reader, place)
    }

    /// Adds a list of values: all values for servers, the known ones for clients.
    fn with_values(
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
                let values = values.iter().map(|value| parse_value(value, ty)).collect();
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

/// A value of a list of values, which are strings in the spec.
fn parse_value(text: &str, ty: &Type) -> Value {
    match ty {
        Type::Boolean | Type::Integer | Type::Long | Type::Double => {
            serde_json::from_str(text).unwrap_or_else(|_| text.into())
        }
        _ => text.into(),
    }
}

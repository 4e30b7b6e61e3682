//! Builds the tables of the runtime from a model, as `codegen` does, but in memory. Like constants,
//! they are never freed.

use std::collections::{HashMap, HashSet};

use zstack_model::{Constraints, DataType, Model, Type, TypeShape};
use zstack_runtime::record::{EnumShape, Field, Kind, Limits, Place, Shape};
use zstack_runtime::{BodyKey, LegacyMessage, Operation, Query, SystemTag, Version};

use super::slots::{Slot, SlotContent};

/// The operations of a model, in its order.
#[must_use]
pub fn operations(model: &Model) -> &'static [&'static Operation] {
    let types = Types::of(model);
    let operations: Vec<_> =
        model.operations.iter().map(|described| operation(model, &types, described)).collect();
    operations.leak()
}

fn text(text: &str) -> &'static str {
    Box::leak(Box::from(text))
}

fn version(version: &zstack_model::Version) -> Version {
    Version::new(&version.text)
}

/// The data types of a model, by name.
struct Types<'m>(HashMap<&'m str, (&'m DataType, Slot)>);

impl<'m> Types<'m> {
    fn of(model: &'m Model) -> Self {
        let types = Self(model.types.iter().map(|ty| (ty.name.as_str(), (ty, Slot::take()))).collect());
        let bases: HashSet<_> = model.types.iter().filter_map(|ty| ty.extends.as_deref()).collect();
        for (ty, slot) in types.0.values() {
            slot.fill(match &ty.shape {
                TypeShape::Record { .. } => SlotContent::Record {
                    shape: types.shape(
                        &ty.name,
                        ty.java_class.as_deref().unwrap_or_default(),
                        &ty.since,
                        model.fields(ty).into_iter().map(|field| types.field(field, Place::Body)).collect(),
                    ),
                    keeps_more: bases.contains(ty.name.as_str()),
                },
                TypeShape::Enum { values } => {
                    let values: Vec<_> =
                        values.iter().map(|value| (text(&value.name), version(&value.since))).collect();
                    SlotContent::Enum(Box::leak(Box::new(EnumShape::new(text(&ty.name), values.leak()))))
                }
            });
        }
        types
    }

    fn shape(
        &self,
        name: &str,
        class: &str,
        since: &zstack_model::Version,
        fields: Vec<Field>,
    ) -> &'static Shape {
        Box::leak(Box::new(Shape::new(text(name), text(class), version(since), fields.leak())))
    }

    fn kind(&self, ty: &Type) -> Kind {
        match ty {
            Type::String => Kind::String,
            Type::Uuid => Kind::Uuid,
            Type::Boolean => Kind::Boolean,
            Type::Integer => Kind::Integer,
            Type::Long => Kind::Long,
            Type::Double => Kind::Double,
            Type::Timestamp => Kind::Timestamp,
            Type::Any => Kind::Any,
            Type::List(item) => Kind::List(Box::leak(Box::new(self.kind(item)))),
            Type::Map(item) => Kind::Map(Box::leak(Box::new(self.kind(item)))),
            Type::Named(name) => {
                let (ty, slot) = &self.0[name.as_str()];
                match ty.shape {
                    TypeShape::Record { .. } => slot.record(),
                    TypeShape::Enum { .. } => slot.enumeration(),
                }
            }
        }
    }

    fn field(&self, spec: &zstack_model::Field, place: Place) -> Field {
        // All fields are listed, so that a new constraint of the spec does not compile unless spec is
        // handled.
        let Constraints {
            max_length,
            min_length,
            range,
            pattern,
            java_pattern: _,
            values,
            non_empty,
            no_trim,
            unit: _,
        } = &spec.constraints;
        let mut limits = Limits::NONE;
        limits.max_length = *max_length;
        limits.min_length = *min_length;
        limits.range = *range;
        limits.pattern = pattern.as_deref().map(text);
        limits.values = values.iter().map(|value| text(value)).collect::<Vec<_>>().leak();
        limits.non_empty = *non_empty;
        limits.no_trim = *no_trim;
        let mut field = Field::new(text(&spec.name), self.kind(&spec.ty), version(&spec.since));
        field.required = spec.required;
        field.sensitive = spec.sensitive;
        field.place = place;
        field.limits = Box::leak(Box::new(limits));
        field
    }
}

/// The standard parameters of queries.
fn query() -> Vec<Field> {
    vec![
        Query::Q,
        Query::LIMIT,
        Query::START,
        Query::COUNT,
        Query::GROUP_BY,
        Query::REPLY_WITH_COUNT,
        Query::SORT,
        Query::FIELDS,
        Query::FILTER_NAME,
    ]
}

fn operation(model: &Model, types: &Types<'_>, spec: &zstack_model::Operation) -> &'static Operation {
    let path = |path: &str| text(&format!("{}{path}", model.service.base_path));
    let mut parameters = if spec.query { query() } else { Vec::new() };
    parameters.extend(spec.parameters.iter().map(|parameter| types.field(&parameter.field, parameter.place)));
    let response = spec.response.iter().map(|response| types.field(response, Place::Body)).collect();
    let tag = |tag: &zstack_model::Tag| SystemTag { pattern: text(&tag.pattern), since: version(&tag.since) };
    Box::leak(Box::new(Operation {
        name: text(&spec.name),
        category: text(&spec.category),
        method: spec.method,
        path: path(&spec.path),
        paths: spec.paths.iter().map(|alias| path(alias)).collect::<Vec<_>>().leak(),
        since: version(&spec.since),
        execution: spec.execution,
        auth: spec.auth,
        body: match &spec.body {
            zstack_model::Body::None => BodyKey::None,
            zstack_model::Body::Key(key) => BodyKey::Key(text(key)),
            zstack_model::Body::Action(key) => BodyKey::Action(text(key)),
        },
        message: spec
            .message
            .as_ref()
            .map(|message| LegacyMessage { class: text(&message.class), reply: text(&message.reply) }),
        tags: spec.tags.iter().map(tag).collect::<Vec<_>>().leak(),
        request: types.shape(&spec.name, "", &spec.since, parameters),
        response: types.shape(&format!("{}Response", spec.name), "", &spec.since, response),
    }))
}

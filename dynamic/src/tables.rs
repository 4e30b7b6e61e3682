//! Builds the tables of the runtime from a model, as `codegen` does, but in memory. Like constants,
//! they are never freed.

use std::collections::{HashMap, HashSet};

use zstack_model::{
    Constraints, DataType, Historic as _, Model, Parameter, QueryReleases, Retirement, Type, TypeShape,
};
use zstack_runtime::record::{EarlierField, EnumShape, Field, FieldChanges, Kind, Limits, Place, Shape};
use zstack_runtime::{
    BodyKey, EarlierOperation, LegacyMessage, Operation, OperationChanges, Query, Removal, SystemTag,
};

use super::slots::{Slot, SlotContent};

/// The tables of a model.
#[derive(Debug)]
pub struct Tables {
    /// The operations, in the order of the model.
    pub operations: &'static [&'static Operation],
    /// The records, also those that only extend others.
    pub records: Vec<&'static Shape>,
}

impl Tables {
    /// Builds the tables of a model. They are never freed.
    #[must_use]
    pub fn of(model: &Model) -> Self {
        let types = Types::of(model);
        let operations: Vec<_> =
            model.operations.iter().map(|described| operation(model, &types, described)).collect();
        let records = types.slots.values().filter_map(|(_, slot)| match slot.record() {
            Kind::Record(shape) if slot.is_record() => Some(shape()),
            _ => None,
        });
        Self { operations: operations.leak(), records: records.collect() }
    }
}

/// The operations of a model, in its order.
#[must_use]
pub fn operations(model: &Model) -> &'static [&'static Operation] {
    Tables::of(model).operations
}

fn text(text: &str) -> &'static str {
    Box::leak(Box::from(text))
}

/// The data types of a model, by name.
struct Types<'m> {
    model: &'m Model,
    slots: HashMap<&'m str, (&'m DataType, Slot)>,
}

impl<'m> Types<'m> {
    fn of(model: &'m Model) -> Self {
        let slots = model.types.iter().map(|ty| (ty.name.as_str(), (ty, Slot::take()))).collect();
        let types = Self { model, slots };
        let bases: HashSet<_> = model.types.iter().filter_map(|ty| ty.extends.as_deref()).collect();
        for (ty, slot) in types.slots.values() {
            slot.fill(match &ty.shape {
                TypeShape::Record { .. } => SlotContent::Record {
                    shape: types.data_type(ty),
                    keeps_more: bases.contains(ty.name.as_str()),
                },
                TypeShape::Enum { values } => {
                    let removed = values
                        .iter()
                        .filter_map(|value| Some((text(&value.name), removal(&value.retirement)?)))
                        .collect::<Vec<_>>()
                        .leak();
                    let values: Vec<_> =
                        values.iter().map(|value| (text(&value.name), value.since)).collect();
                    let shape = EnumShape::new(text(&ty.name), values.leak()).removed(removed);
                    SlotContent::Enum(Box::leak(Box::new(shape)))
                }
            });
        }
        types
    }

    /// Builds the table of a record.
    fn data_type(&self, ty: &DataType) -> &'static Shape {
        let class = |ty: &DataType| text(ty.java_class.as_deref().unwrap_or_default());
        let earlier: Vec<_> =
            ty.earlier_states().iter().map(|(until, state)| (*until, class(state))).collect();
        let fields = self.model.fields(ty).into_iter().map(|field| self.field(field, Place::Body));
        let fields = fields.collect::<Vec<_>>().leak();
        let shape = Shape::new(text(&ty.name), class(ty), ty.since, fields);
        let earlier: &'static [_] = earlier.leak();
        Box::leak(Box::new(shape.earlier_classes(Box::leak(Box::new(earlier)))))
    }

    /// Builds the table of a request or a response.
    fn shape(&self, name: &str, since: &zstack_model::Version, fields: Vec<Field>) -> &'static Shape {
        Box::leak(Box::new(Shape::new(text(name), "", *since, fields.leak())))
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
                let (ty, slot) = &self.slots[name.as_str()];
                match ty.shape {
                    TypeShape::Record { .. } => slot.record(),
                    TypeShape::Enum { .. } => slot.enumeration(),
                }
            }
        }
    }

    fn field(&self, spec: &zstack_model::Field, place: Place) -> Field {
        let newest = Parameter { field: spec.clone(), place };
        let row = self.row(&newest, spec);
        let earlier: Vec<_> = newest
            .earlier_states()
            .iter()
            .map(|(until, state)| EarlierField { until: *until, field: self.row(state, spec) })
            .collect();
        let removal = removal(&spec.retirement);
        if removal.is_none() && earlier.is_empty() {
            return row;
        }
        row.changes(Box::leak(Box::new(FieldChanges { removal, earlier: earlier.leak() })))
    }

    /// Builds the row of a state of a field.
    fn row(&self, state: &Parameter, newest: &zstack_model::Field) -> Field {
        let Parameter { field: spec, place } = state;
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
        let are_scalars = self.model.is_scalar(&spec.ty) && self.model.is_scalar(&newest.ty);
        let ty = if are_scalars { &spec.ty } else { &newest.ty };
        let mut field = Field::new(text(&spec.name), self.kind(ty), spec.since);
        field.required = spec.required;
        field.sensitive = spec.sensitive;
        field.place = *place;
        field.limits = Box::leak(Box::new(limits));
        field
    }
}

fn removal(retirement: &Retirement) -> Option<Removal> {
    let removed = retirement.removed.as_ref()?;
    Some(Removal::new(*removed, retirement.replacement.as_deref().map(text)))
}

/// The standard parameters of queries, in the releases that have them.
fn query(releases: &QueryReleases) -> Vec<Field> {
    let changes = releases.removed.as_ref().map(|removed| {
        let removal = Some(Removal::new(*removed, None));
        &*Box::leak(Box::new(FieldChanges { removal, earlier: &[] }))
    });
    let standard = [
        Query::Q,
        Query::LIMIT,
        Query::START,
        Query::COUNT,
        Query::GROUP_BY,
        Query::REPLY_WITH_COUNT,
        Query::SORT,
        Query::FIELDS,
        Query::FILTER_NAME,
    ];
    let row = |mut row: Field| {
        row.changes = changes;
        match &releases.since {
            Some(since) => row.not_before(*since),
            None => row,
        }
    };
    standard.into_iter().map(row).collect()
}

fn operation(model: &Model, types: &Types<'_>, spec: &zstack_model::Operation) -> &'static Operation {
    let mut parameters = spec.query_releases().map(|releases| query(&releases)).unwrap_or_default();
    parameters.extend(spec.parameters.iter().map(|parameter| types.field(&parameter.field, parameter.place)));
    let response = spec.response.iter().map(|response| types.field(response, Place::Body)).collect();
    let request = types.shape(&spec.name, &spec.since, parameters);
    let response = types.shape(&format!("{}Response", spec.name), &spec.since, response);
    let newest = describe(model, spec, request, response);
    let earlier: Vec<_> = spec
        .earlier_states()
        .iter()
        .map(|(until, state)| EarlierOperation {
            until: *until,
            operation: describe(model, state, request, response),
        })
        .collect();
    let removal = removal(&spec.retirement);
    let has_changes = removal.is_some() || !earlier.is_empty();
    let changes = OperationChanges { removal, earlier: earlier.leak() };
    let changes = has_changes.then(|| &*Box::leak(Box::new(changes)));
    Box::leak(Box::new(Operation { changes, ..newest }))
}

/// Builds the description of a state of an operation.
fn describe(
    model: &Model,
    spec: &zstack_model::Operation,
    request: &'static Shape,
    response: &'static Shape,
) -> Operation {
    let path = |path: &str| text(&format!("{}{path}", model.service.base_path));
    let tag = |tag: &zstack_model::Tag| SystemTag { pattern: text(&tag.pattern), since: tag.since };
    Operation {
        name: text(&spec.name),
        category: text(&spec.category),
        method: spec.method,
        path: path(&spec.path),
        paths: spec.paths.iter().map(|alias| path(alias)).collect::<Vec<_>>().leak(),
        since: spec.since,
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
        request,
        response,
        changes: None,
    }
}

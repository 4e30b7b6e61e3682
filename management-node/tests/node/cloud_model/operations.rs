//! The plain operations: their parameters, with valid values.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use rand::RngExt as _;
use rand::rngs::StdRng;
use serde_json::{Map, Value};
use zstack_model::{Example, Field, Operation, Parameter, Type, TypeShape, examples};
use zstack_node::catalog::{ANY_RESOURCE, Action, Catalog, Effect, Layer, OnDelete, built_in};
use zstack_node::coverage;
use zstack_reference::http_example::{self, Request};

use crate::performed::model;

/// Parameters that create tags, not fields.
pub(crate) const TAGS: [&str; 3] = ["systemTags", "userTags", "tagUuids"];

/// An operation with a value for each parameter.
pub(super) struct Plain {
    pub(super) operation: &'static Operation,
    /// The declared effect; `None` for an operation that is written in Rust.
    pub(super) action: Option<&'static Action>,
    pub(super) parameters: Vec<Given>,
}

/// A parameter with a valid value.
pub(super) struct Given {
    pub(super) field: &'static Field,
    pub(super) value: Value,
    pub(super) target: Option<Target>,
}

/// The documents to which a parameter refers.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Target {
    Any,
    Of(&'static str),
}

pub(crate) fn catalog() -> &'static Catalog {
    built_in().unwrap()
}

/// The derived and declared operations that create, read and change documents.
pub(super) fn plain_operations() -> &'static [Plain] {
    static PLAIN: LazyLock<Vec<Plain>> = LazyLock::new(|| {
        let is_plain = |effect: &Effect| {
            !matches!(effect, Effect::Tag { .. } | Effect::GetTag { .. } | Effect::Answer { .. })
        };
        let rows = coverage::rows().unwrap();
        let rows = rows.iter().filter(|row| matches!(row.layer, Layer::Derived | Layer::Declared));
        let actions = rows.map(|row| (row.operation, catalog().action(row.operation).unwrap()));
        let plain = actions.filter(|(_, action)| is_plain(&action.effect));
        plain.filter_map(|(name, action)| Plain::new(name, Some(action))).collect()
    });
    &PLAIN
}

/// The operations that are written in Rust and create something. The model learns their documents from
/// the store.
pub(super) fn written_operations() -> &'static [Plain] {
    static WRITTEN: LazyLock<Vec<Plain>> = LazyLock::new(|| {
        let rows = coverage::rows().unwrap();
        let is_creation =
            |name: &str| ["Create", "Add", "Attach", "Set"].iter().any(|verb| name.starts_with(verb));
        let rows = rows.iter().filter(|row| row.layer == Layer::Written && is_creation(row.operation));
        let written = rows.filter_map(|row| Plain::new(row.operation, None));
        // Those with examples have rules and references of their own.
        written.filter(|plain| plain.operation.examples.is_empty()).collect()
    });
    &WRITTEN
}

impl Plain {
    fn new(name: &str, action: Option<&'static Action>) -> Option<Self> {
        let operation = model().operation(name)?;
        let mut values = values(operation)?;
        let parameters = operation.parameters.iter().filter(|parameter| {
            !TAGS.contains(&&*parameter.field.name) && parameter.field.retirement.removed.is_none()
        });
        let given = parameters.filter_map(|parameter| {
            let field = &parameter.field;
            let value = values.remove(&field.name)?;
            Some(Given { field, value, target: target(parameter, action) })
        });
        Some(Self { operation, action, parameters: given.collect() })
    }

    pub(super) fn name(&self) -> &'static str {
        &self.operation.name
    }

    pub(super) fn effect(&self) -> Option<&'static Effect> {
        self.action.map(|action| &action.effect)
    }

    /// The references of the operation, in no order.
    pub(super) fn references<'a>(
        &'a self,
        values: &'a Map<String, Value>,
    ) -> impl Iterator<Item = (&'a str, Target, &'a str)> {
        self.parameters.iter().flat_map(move |given| {
            let name = given.field.name.as_str();
            given
                .target
                .into_iter()
                .flat_map(move |target| texts(values.get(name)).map(move |uuid| (name, target, uuid)))
        })
    }

    pub(super) fn request(&self, values: &Map<String, Value>) -> Request {
        let example = Example {
            name: String::new(),
            since: None,
            request: values.clone(),
            status: 200,
            response: Value::Null,
        };
        http_example::request(model(), self.operation, &example)
    }
}

impl Given {
    pub(super) fn is_list(&self) -> bool {
        matches!(self.field.ty, Type::List(_))
    }

    /// Returns the value, or a similar one.
    pub(super) fn vary(&self, random: &mut StdRng) -> Value {
        let limits = &self.field.constraints;
        let one_of = |random: &mut StdRng, texts: &[&str]| texts[random.random_range(0..texts.len())].into();
        match (&self.field.ty, &self.value) {
            (Type::Named(name), Value::String(_)) => {
                let TypeShape::Enum { values } = &model().data_type(name).unwrap().shape else {
                    return self.value.clone();
                };
                let present = values.iter().filter(|value| value.retirement.removed.is_none());
                one_of(random, &present.map(|value| value.name.as_str()).collect::<Vec<_>>())
            }
            (Type::String, _) if limits.values.iter().any(|text| !text.is_empty()) => {
                let present = limits.values.iter().filter(|text| !text.is_empty());
                one_of(random, &present.map(String::as_str).collect::<Vec<_>>())
            }
            (Type::String, Value::String(text))
                if limits.pattern.is_none() && limits.java_pattern.is_none() =>
            {
                let text = format!("{text}{}", random.random_range(0..10));
                let is_short = limits.max_length.is_none_or(|most| text.len() <= most as usize);
                if is_short { text.into() } else { self.value.clone() }
            }
            (Type::Boolean, _) => random.random_bool(0.5).into(),
            (Type::Integer | Type::Long, Value::Number(_)) if limits.values.is_empty() => {
                match limits.range {
                    Some((low, high)) => random.random_range(low..=high.min(low.saturating_add(1000))).into(),
                    None => self.value.clone(),
                }
            }
            _ => self.value.clone(),
        }
    }
}

/// Generates a value for each parameter for which there is one.
pub(crate) fn values(operation: &Operation) -> Option<Map<String, Value>> {
    let generate = |is_shown: &dyn Fn(&Parameter) -> bool| {
        let mut operation = operation.clone();
        operation.response.clear();
        for parameter in &mut operation.parameters {
            parameter.field.required |= is_shown(parameter);
        }
        examples::generate(model(), &operation).ok().map(|generated| generated.example.request)
    };
    if let Some(all) = generate(&|_| true) {
        return Some(all);
    }
    let mut values = generate(&|_| false)?;
    for parameter in operation.parameters.iter().filter(|parameter| !parameter.field.required) {
        let name = &parameter.field.name;
        values.extend(generate(&|other| other.field.name == *name).unwrap_or_default());
    }
    Some(values)
}

/// Finds the target of a parameter: the one in the spec, its document if it is the key, or that of its field.
pub(crate) fn target(parameter: &Parameter, action: Option<&'static Action>) -> Option<Target> {
    let name = &parameter.field.name;
    let of = |resource: &str| {
        if resource == ANY_RESOURCE {
            return Some(Target::Any);
        }
        catalog().resource(resource).map(|resource| Target::Of(&resource.name))
    };
    let key = action.filter(|action| action.effect.key() == Some(name));
    if let Some(refers) = &parameter.field.refers {
        let of_key = key.filter(|action| catalog().is_a(&action.resource, refers));
        return of(of_key.map_or(refers, |action| &action.resource));
    }
    if let Some(action) = key {
        return of(&action.resource);
    }
    let action = action?;
    let fields: BTreeMap<_, _> = action.assignments.iter().map(|one| (&one.parameter, &one.field)).collect();
    let reference = catalog().resource(&action.resource)?.reference(fields.get(name)?)?;
    (reference.on_delete != OnDelete::Keep).then(|| of(&reference.resource))?
}

/// Iterates over a text, or over those of a list.
pub(super) fn texts(value: Option<&Value>) -> impl Iterator<Item = &str> {
    let list = value.and_then(Value::as_array).into_iter().flatten();
    value.into_iter().chain(list).filter_map(Value::as_str)
}

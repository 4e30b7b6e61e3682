//! Plans: what an operation reads and does. They follow from the spec and the catalog.

use std::collections::{BTreeSet, HashMap};

use zstack_model::Model;
use zstack_runtime::record::{Kind, Shape};
use zstack_runtime::{Operation, Version};

use crate::catalog::{Action, Catalog, Effect, Resource};
use crate::query::registry::Registry;

/// The parameters that every operation that creates something has, which are no fields.
const NOT_FIELDS: &[&str] = &["uuid", "resourceUuid", "tagUuids", "systemTags", "userTags"];

/// The performed operations of a spec, and the descriptions of resources that they need.
#[derive(Debug)]
pub struct Plans {
    /// The resources and actions.
    pub catalog: &'static Catalog,
    /// The descriptions of resources for queries.
    pub registry: Registry,
    plans: HashMap<&'static str, Plan>,
    /// The names of the fields of each resource.
    fields: HashMap<String, BTreeSet<String>>,
    /// The tables of the inventories, by data type.
    shapes: HashMap<&'static str, &'static Shape>,
}

/// What an operation reads and does.
#[derive(Debug)]
pub struct Plan {
    /// The tables.
    pub operation: &'static Operation,
    /// The effect, and who may cause it.
    pub action: &'static Action,
    /// The resource on which it works.
    pub resource: &'static Resource,
    /// The parameters that refer to documents, in the order of the spec.
    pub references: Vec<ParameterReference>,
    /// Parameters with the fields that receive their values.
    pub copy: Vec<(String, String)>,
}

/// A parameter that refers to documents.
#[derive(Debug)]
pub struct ParameterReference {
    /// The parameter.
    pub parameter: String,
    /// The resource of the documents.
    pub resource: &'static Resource,
    /// True if a missing document is not an error.
    pub may_be_missing: bool,
}

impl Plans {
    /// Makes the plans of a spec. `operations` are its tables.
    #[must_use]
    pub fn new(model: &Model, catalog: &'static Catalog, operations: &'static [&'static Operation]) -> Self {
        let fields = catalog.resources().map(|resource| (resource.name.clone(), fields(model, resource)));
        let mut plans = Self {
            catalog,
            registry: Registry::new(model, catalog),
            plans: HashMap::new(),
            fields: fields.collect(),
            shapes: HashMap::new(),
        };
        for operation in operations {
            let records = operation.response.fields.iter().filter_map(|field| record(field.kind));
            records.for_each(|shape| plans.add_shape(shape));
        }
        for operation in operations {
            if let Some(plan) = plans.plan(model, operation) {
                plans.plans.insert(operation.name, plan);
            }
        }
        plans
    }

    /// The plan of an operation; `None` if the node does not perform it.
    #[must_use]
    pub fn get(&self, operation: &str) -> Option<&Plan> {
        self.plans.get(operation)
    }

    /// True if the inventory of a resource has a field.
    #[must_use]
    pub fn has_field(&self, resource: &str, field: &str) -> bool {
        self.fields.get(resource).is_some_and(|fields| fields.contains(field))
    }

    /// The table of a data type; an empty one if no response contains it.
    #[must_use]
    pub fn shape(&self, data_type: &str) -> &'static Shape {
        static EMPTY: Shape = Shape::new("", "", Version::new("0"), &[]);
        self.shapes.get(data_type).copied().unwrap_or(&EMPTY)
    }

    fn add_shape(&mut self, shape: &'static Shape) {
        if self.shapes.insert(shape.name, shape).is_none() {
            let records = shape.fields.iter().filter_map(|field| record(field.kind));
            records.for_each(|shape| self.add_shape(shape));
        }
    }

    fn plan(&self, model: &Model, operation: &'static Operation) -> Option<Plan> {
        let action = self.catalog.action(operation.name)?;
        let resource = self.catalog.resource(&action.resource)?;
        let described = model.operation(operation.name)?;
        let may_be_missing = |parameter: &str| match &action.effect {
            Effect::Delete { key, missing_is_success } => *missing_is_success && key == parameter,
            _ => false,
        };
        let references = described.parameters.iter().filter_map(|parameter| {
            let name = &parameter.field.name;
            Some(ParameterReference {
                parameter: name.clone(),
                resource: self.catalog.resource(parameter.field.refers.as_ref()?)?,
                may_be_missing: may_be_missing(name),
            })
        });
        // A key is a reference even if the spec does not say so.
        let key = action.effect.key().map(str::to_owned);
        let mut references: Vec<_> = references.collect();
        if let Some(key) = key.filter(|key| references.iter().all(|reference| reference.parameter != *key)) {
            let may_be_missing = may_be_missing(&key);
            references.insert(0, ParameterReference { parameter: key, resource, may_be_missing });
        }
        let names = described.parameters.iter().map(|parameter| &parameter.field.name);
        let is_field = |name: &&String| {
            !NOT_FIELDS.contains(&name.as_str())
                && action.effect.key() != Some(name.as_str())
                && self.has_field(&resource.name, name)
        };
        let mut copy: Vec<_> = names.filter(is_field).map(|name| (name.clone(), name.clone())).collect();
        if let Effect::Create { copy: declared, .. } | Effect::Update { copy: declared, .. } = &action.effect
        {
            copy.extend(declared.iter().cloned());
        }
        Some(Plan { operation, action, resource, references, copy })
    }
}

/// The table of the records of a type, at any depth of lists and maps.
fn record(kind: Kind) -> Option<&'static Shape> {
    match kind {
        Kind::Record(shape) => Some(shape()),
        Kind::List(kind) | Kind::Map(kind) => record(*kind),
        _ => None,
    }
}

fn fields(model: &Model, resource: &Resource) -> BTreeSet<String> {
    let ty = model.data_type(&resource.inventory);
    ty.into_iter().flat_map(|ty| model.fields(ty)).map(|field| field.name.clone()).collect()
}

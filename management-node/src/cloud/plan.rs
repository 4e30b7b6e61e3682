//! Plans: what an operation reads and does. They follow from the spec and the catalog.

use std::collections::HashMap;

use zstack_dynamic::Tables;
use zstack_model::Model;
use zstack_runtime::record::Shape;
use zstack_runtime::{ErrorCode, Operation, Version};

use crate::catalog::{ANY_RESOURCE, Action, Assignment, Catalog, Effect, Layer, OnDelete, Resource};
use crate::query::registry::Registry;
use crate::rules::errors;
use crate::suggest::closest_name;

/// The performed operations of a spec, and the descriptions of resources that they need.
#[derive(Debug)]
pub(crate) struct Plans {
    /// The resources and actions.
    pub(crate) catalog: &'static Catalog,
    /// The descriptions of resources for queries.
    pub(crate) registry: Registry,
    /// All operations, in the order of the spec.
    pub(crate) operations: &'static [&'static Operation],
    /// The operations whose rules work on generated types, which have no plan.
    typed: Vec<&'static str>,
    plans: HashMap<&'static str, Plan>,
    /// The tables of the inventories, by data type.
    shapes: HashMap<&'static str, &'static Shape>,
}

/// The references and the effect of an operation.
#[derive(Debug)]
pub(crate) struct Plan {
    /// The tables.
    pub(crate) operation: &'static Operation,
    /// The effect, and who may cause it.
    pub(crate) action: Action,
    /// The resource on which it works.
    pub(crate) resource: &'static Resource,
    /// The parameters that refer to documents, in the order of the spec.
    pub(crate) references: Vec<ParameterReference>,
    /// The parameter with the UUID for which the operation is performed one after the other.
    pub(crate) lock: Option<String>,
}

impl Plan {
    /// True if the effect depends on documents other than those to which parameters refer: what is created
    /// may have to be unique, counts towards a quota, or shares capacity with others.
    pub(crate) fn depends_on_others(&self) -> bool {
        let Resource { unique, is_owned, .. } = self.resource;
        *is_owned || !unique.is_empty() || !matches!(self.action.effect, Effect::Create { .. })
    }
}

/// A parameter that refers to documents.
#[derive(Debug)]
pub(crate) struct ParameterReference {
    /// The parameter.
    pub(crate) parameter: String,
    /// The resource of the documents; `None` for any resource.
    pub(crate) resource: Option<&'static Resource>,
    /// True if a missing document is not an error.
    pub(crate) may_be_missing: bool,
}

impl ParameterReference {
    /// The name of the resource in messages.
    pub(crate) fn label(&self) -> &str {
        self.resource.map_or("resource", |resource| &resource.label)
    }
}

/// An operation that a function in Rust performs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Written {
    /// The operation.
    pub(crate) operation: &'static str,
    /// The resource on which it works.
    pub(crate) resource: &'static str,
    /// True if normal accounts may call it, rather than only administrators.
    pub(crate) is_normal: bool,
    /// True if it succeeds when the document in `uuid` does not exist, or those in `ruleUuids`.
    pub(crate) missing_is_success: bool,
    /// The parameter with the UUID that is locked; by default, operations on a resource are performed
    /// one after the other.
    pub(crate) lock: Option<&'static str>,
    /// A parameter whose document need not exist.
    pub(crate) ignored: Option<&'static str>,
}

impl Written {
    /// An operation that all accounts may call.
    pub(crate) const fn normal(operation: &'static str, resource: &'static str) -> Self {
        let (lock, ignored) = (None, None);
        Self { operation, resource, is_normal: true, missing_is_success: false, lock, ignored }
    }

    /// An operation that only administrators may call.
    pub(crate) const fn admin(operation: &'static str, resource: &'static str) -> Self {
        Self { is_normal: false, ..Self::normal(operation, resource) }
    }

    /// The operation succeeds when the document in `uuid` does not exist.
    pub(crate) const fn missing_is_success(mut self) -> Self {
        self.missing_is_success = true;
        self
    }

    /// The operation is performed one after the other for each UUID in a parameter.
    pub(crate) const fn locks(mut self, parameter: &'static str) -> Self {
        self.lock = Some(parameter);
        self
    }

    /// The document in a parameter need not exist.
    pub(crate) const fn ignores(mut self, parameter: &'static str) -> Self {
        self.ignored = Some(parameter);
        self
    }

    /// The action; the parameters with the names of fields are those of the convention.
    fn action(&self, catalog: &Catalog) -> Action {
        let derived = catalog.action(self.operation);
        Action {
            resource: self.resource.to_owned(),
            effect: Effect::Written,
            when: Vec::new(),
            assignments: derived.map(|action| action.assignments.clone()).unwrap_or_default(),
            is_normal: self.is_normal,
            layer: Layer::Written,
        }
    }
}

impl Plans {
    /// Makes the plans of a spec. Functions perform those in `written`.
    #[must_use]
    pub(crate) fn new(
        model: &Model,
        catalog: &'static Catalog,
        tables: &Tables,
        written: &[Written],
    ) -> Self {
        let mut plans = Self {
            catalog,
            registry: Registry::new(model, catalog),
            operations: tables.operations,
            typed: Vec::new(),
            plans: HashMap::new(),
            shapes: tables.records.iter().map(|shape| (shape.name, *shape)).collect(),
        };
        for operation in tables.operations {
            let is_for = |written: &&Written| {
                written.operation == operation.name && catalog.resource(written.resource).is_some()
            };
            let written = written.iter().find(is_for);
            let action = match written {
                Some(written) => Some(written.action(catalog)),
                // A resource file cannot name functions that do not exist.
                None => {
                    catalog.action(operation.name).filter(|action| action.effect != Effect::Written).cloned()
                }
            };
            let plan = action.and_then(|action| plan(model, catalog, operation, action, written));
            if let Some(plan) = plan {
                plans.plans.insert(operation.name, plan);
            }
        }
        plans
    }

    /// The plan of an operation; `None` if the node does not perform it.
    #[must_use]
    pub(crate) fn get(&self, operation: &str) -> Option<&Plan> {
        self.plans.get(operation)
    }

    /// Sets the operations whose rules work on generated types.
    #[must_use]
    pub(crate) fn with_typed(mut self, typed: Vec<&'static str>) -> Self {
        self.typed = typed;
        self
    }

    /// Returns whether the rules of an operation work on generated types.
    #[must_use]
    pub(crate) fn is_typed(&self, operation: &str) -> bool {
        self.typed.contains(&operation)
    }

    /// Returns whether the node performs an operation.
    #[must_use]
    pub(crate) fn is_performed(&self, operation: &str) -> bool {
        self.is_typed(operation) || self.plans.contains_key(operation)
    }

    /// Finds an operation, performed or not.
    #[must_use]
    pub(crate) fn operation(&self, name: &str) -> Option<&'static Operation> {
        self.operations.iter().find(|operation| operation.name == name).copied()
    }

    /// Finds a resource by its name in a query language, and the operation that lists it. Case does not
    /// matter; the name is that of the resource, of its data type, or of the operation.
    #[must_use]
    pub(crate) fn find_queried(&self, name: &str) -> Option<(&Plan, &'static Resource)> {
        let is_name = |other: &str| other.eq_ignore_ascii_case(name);
        let mut queries = self.plans.values().filter(|plan| plan.action.effect == Effect::Query);
        let by_operation =
            queries.find(|plan| plan.operation.name.strip_prefix("Query").is_some_and(is_name));
        if let Some(plan) = by_operation {
            return Some((plan, plan.resource));
        }
        let resource = self.catalog.resources().find(|resource| {
            is_name(&resource.name) || resource.inventory.strip_suffix("Inventory").is_some_and(is_name)
        })?;
        let query_of = |of: &Resource| {
            let mut queries = self.plans.values().filter(|plan| plan.action.effect == Effect::Query);
            queries.find(|plan| plan.resource.name == of.name)
        };
        Some((self.catalog.with_bases(&resource.name).find_map(query_of)?, resource))
    }

    /// The error for a name that [`find_queried`](Self::find_queried) does not find.
    #[must_use]
    pub(crate) fn unknown_queried(&self, name: &str) -> Box<ErrorCode> {
        let names = self.catalog.resources().map(|resource| resource.name.as_str());
        let hint = closest_name(name, names).unwrap_or("VmInstance");
        let name: String = name.chars().take(64).collect();
        errors::invalid_argument(format!("[zql] `{name}` is not a resource; write a name such as `{hint}`."))
    }

    /// The table of a data type; an empty one if the spec has none.
    #[must_use]
    pub(crate) fn shape(&self, data_type: &str) -> &'static Shape {
        static EMPTY: Shape = Shape::new("", "", Version::new("0"), &[]);
        self.shapes.get(data_type).copied().unwrap_or(&EMPTY)
    }

    /// The name of the resource at the top of the chain of those that a resource extends.
    #[must_use]
    pub(crate) fn base_of<'a>(&'a self, resource: &'a str) -> &'a str {
        self.catalog.root(resource).map_or(resource, |root| &root.name)
    }
}

fn plan(
    model: &Model,
    catalog: &'static Catalog,
    operation: &'static Operation,
    action: Action,
    written: Option<&Written>,
) -> Option<Plan> {
    let missing_is_success = written.is_some_and(|written| written.missing_is_success);
    let ignored = written.and_then(|written| written.ignored);
    let resource = catalog.resource(&action.resource)?;
    let may_be_missing = |parameter: &str| match &action.effect {
        Effect::Delete { key, missing_is_success } => *missing_is_success && key == parameter,
        _ => missing_is_success && matches!(parameter, "uuid" | "ruleUuids"),
    };
    let described = model.operation(operation.name)?;
    let references = described.parameters.iter().filter_map(|parameter| {
        let name = &parameter.field.name;
        let refers = parameter.field.refers.as_ref().filter(|_| ignored != Some(name))?;
        // The spec may name a base: UpdateSftpBackupStorage changes no other backup storage.
        let is_narrower = action.effect.key() == Some(name) && catalog.is_a(&action.resource, refers);
        let refers = if is_narrower { &action.resource } else { refers };
        let resource = if refers == ANY_RESOURCE { None } else { Some(catalog.resource(refers)?) };
        Some(ParameterReference { parameter: name.clone(), resource, may_be_missing: may_be_missing(name) })
    });
    let mut references: Vec<_> = references.collect();
    // A key is a reference even if the spec does not say so.
    let has_uuid = || described.parameters.iter().any(|parameter| parameter.field.name == "uuid");
    let key = match action.effect {
        Effect::Written => has_uuid().then(|| "uuid".to_owned()),
        _ => action.effect.key().map(str::to_owned),
    };
    if let Some(key) = key.filter(|key| references.iter().all(|reference| reference.parameter != *key)) {
        let may_be_missing = may_be_missing(&key);
        let reference = ParameterReference { parameter: key, resource: Some(resource), may_be_missing };
        references.insert(0, reference);
    }
    // So is a parameter whose field is one: a reference that dangles could not be stored.
    for Assignment { parameter, field, .. } in &action.assignments {
        let Some(reference) = resource.reference(field) else { continue };
        if reference.on_delete == OnDelete::Keep
            || references.iter().any(|other| other.parameter == *parameter)
        {
            continue;
        }
        references.push(ParameterReference {
            parameter: parameter.clone(),
            resource: catalog.resource(&reference.resource).filter(|resource| resource.name != ANY_RESOURCE),
            may_be_missing: false,
        });
    }
    let lock = written.and_then(|written| written.lock);
    let lock = lock.or(action.effect.key()).map(str::to_owned);
    Some(Plan { operation, action, resource, references, lock })
}

//! The operations that create resources, and those that work on a resource, by their names.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use zstack_model::{Field, Method, Operation, Place, Type};
use zstack_node::catalog::{Assignment, Conversion, Effect, Layer, Resource};
use zstack_node::coverage;

use super::table::Table;
use crate::cloud_model::operations::catalog;
use crate::performed::model;

/// An operation that creates a resource.
pub(super) struct Creation {
    pub(super) operation: &'static Operation,
    pub(super) kind: &'static Resource,
}

/// Finds an operation that the node performs.
pub(super) fn find_performed(name: &str) -> Option<&'static Operation> {
    static LAYERS: LazyLock<BTreeMap<&str, Layer>> =
        LazyLock::new(|| coverage::rows().unwrap().iter().map(|row| (row.operation, row.layer)).collect());
    LAYERS.get(name).filter(|layer| **layer != Layer::None)?;
    model().operation(name)
}

/// All operations that create a resource, but not those that change an existing one.
pub(super) fn creations() -> Vec<Creation> {
    model().operations.iter().filter_map(|operation| creation(&operation.name)).collect()
}

pub(super) fn creation(name: &str) -> Option<Creation> {
    let operation = find_performed(name).filter(|operation| operation.method == Method::Post)?;
    let verbs = ["Create", "Add", "Submit"];
    verbs.iter().find(|verb| name.starts_with(*verb))?;
    let inventory = ["inventory", "inventories"];
    let inventory = operation.response.iter().find(|field| inventory.contains(&&*field.name))?;
    let ty = model().data_type(inventory.ty.data_type_name()?)?;
    let of_response = catalog().resource(ty.resource.as_deref()?)?;
    let action = catalog().action(name).filter(|action| matches!(action.effect, Effect::Create { .. }));
    let kind = match action {
        // The response has the type of the base.
        _ if name == "CreateVpcVRouter" => catalog().resource("VpcRouterVm").unwrap(),
        Some(action) => catalog().resource(&action.resource).unwrap(),
        None => of_response,
    };
    let is_existing = operation.parameters.iter().any(|parameter| {
        let target = parameter.field.refers.as_deref();
        let is_related = |target: &str| catalog().root(target) == catalog().root(&kind.name);
        parameter.place == Place::Path && target.is_some_and(is_related)
    });
    // A volume from another one is new.
    (!is_existing || name.contains("From")).then_some(Creation { operation, kind })
}

/// The operations of the life of resources: they create, change or delete one.
pub(super) fn operations() -> impl Iterator<Item = &'static str> {
    let verbs = ["Create", "Add", "Submit", "Update", "Delete", "Destroy", "Change"];
    let is_one = move |name: &str| {
        let works_on_fields = !name.starts_with("Change") || name.ends_with("State");
        works_on_fields && verbs.iter().any(|verb| name.starts_with(verb)) && find_performed(name).is_some()
    };
    model().operations.iter().map(|operation| &*operation.name).filter(move |name| is_one(name))
}

/// The path of a query.
pub(super) fn path_of(operation: &'static Operation) -> &'static str {
    operation.all_paths().find(|path| !path.contains('{')).unwrap()
}

/// All queries.
pub(super) fn queries() -> Vec<&'static Operation> {
    let queries = model().operations.iter().filter(|operation| operation.query);
    queries.filter_map(|operation| find_performed(&operation.name)).collect()
}

/// Finds the operation with a verb and the name of a resource or of a base.
fn find_named(kind: &Resource, verbs: &[&str], suffix: &str) -> Vec<&'static Operation> {
    let bases = catalog().with_bases(&kind.name);
    let names = bases.flat_map(|base| verbs.iter().map(move |verb| format!("{verb}{}{suffix}", base.name)));
    names.filter_map(|name| find_performed(&name)).collect()
}

/// The query of a resource, or of a base.
pub(super) fn query_of(kind: &Resource) -> Option<&'static Operation> {
    let queries = |resource: &'static Resource| {
        let is_query = |(name, action): &(&str, &zstack_node::catalog::Action)| {
            action.effect == Effect::Query
                && action.resource == resource.name
                && find_performed(name).is_some()
        };
        let by_name = find_performed(&format!("Query{}", resource.name));
        by_name.or_else(|| find_performed(catalog().actions().find(is_query)?.0))
    };
    catalog().with_bases(&kind.name).find_map(queries)
}

/// The operations that change the fields of a resource.
pub(super) fn updates_of(kind: &Resource, table: &Table) -> Vec<&'static Operation> {
    let others = table.list("updates", &kind.name);
    find_named(kind, &["Update"], "")
        .into_iter()
        .chain(others.into_iter().filter_map(find_performed))
        .collect()
}

/// The operation that enables and disables a resource.
pub(super) fn state_change_of(kind: &Resource) -> Option<&'static Operation> {
    let has_event = |operation: &&Operation| {
        operation.parameters.iter().any(|parameter| parameter.field.name == "stateEvent")
    };
    find_named(kind, &["Change"], "State").into_iter().find(has_event)
}

pub(super) fn deletion_of(kind: &Resource, table: &Table) -> Option<&'static Operation> {
    let other = table.get("deletions", &kind.name, None).and_then(|name| find_performed(name.as_str()?));
    other.or_else(|| find_named(kind, &["Delete", "Remove", "Destroy"], "").into_iter().next())
}

/// The field of an inventory that receives a parameter, and how.
pub(super) fn field_of(
    operation: &Operation,
    kind: &Resource,
    parameter: &Field,
) -> Option<(&'static str, &'static Conversion)> {
    let assignments = catalog().action(&operation.name).map(|action| &action.assignments);
    let assigned = assignments.into_iter().flatten().find(|one| one.parameter == parameter.name);
    if let Some(Assignment { field, conversion, .. }) = assigned {
        return Some((field, conversion));
    }
    let inventory = model().data_type(&kind.inventory).unwrap();
    let field = model().fields(inventory).into_iter().find(|field| field.name == parameter.name)?;
    Some((&field.name, &Conversion::Same))
}

pub(super) fn is_list(ty: &Type) -> bool {
    matches!(ty, Type::List(_))
}

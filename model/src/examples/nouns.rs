//! The nouns of resources, such as `vm-instance`, for names like `vm-instance-1`.

use heck::ToKebabCase as _;

use crate::model::{Field, Operation, Type};

/// The noun of the resource that an operation is about: that of the records it returns, or the end of its name.
pub(super) fn of_operation(operation: &Operation) -> String {
    let inventory = |field: &Field| matches!(&*field.name, "inventory" | "inventories");
    let record = operation.response.iter().find(|field| inventory(field));
    match record.and_then(|field| field.ty.data_type_name()) {
        Some(ty) => of_type(ty),
        None => {
            let name = operation.name.to_kebab_case();
            // Without the verb.
            name.split_once('-').map_or(name.as_str(), |(_, noun)| noun).to_owned()
        }
    }
}

/// The noun of a data type: `VmNicInventory` describes a `vm-nic`.
pub(super) fn of_type(name: &str) -> String {
    name.strip_suffix("Inventory").filter(|rest| !rest.is_empty()).unwrap_or(name).to_kebab_case()
}

/// The record that a query lists, by name.
pub(super) fn listed_type(operation: &Operation) -> Option<&str> {
    let list = operation.response.iter().find(|field| field.name == "inventories")?;
    match &list.ty {
        Type::List(item) => item.data_type_name(),
        _ => None,
    }
}
